"""A backup is one moment of rows and files, whatever is written meanwhile; it comes back whole, or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import signal
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import boto3
import pyrage
import pytest
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.core.management import CommandError, call_command
from django.db import connection, connections
from moto import mock_aws

from library.models import SiteImage
from operations.backup import making, restoring
from operations.backup.checking import check
from operations.backup.making import Made, back_up
from operations.backup.restoring import Restored, restore
from operations.backup.sealing import Locked, Opening, Sealing
from operations.models import JobRun
from operations.moving import archive, arrival
from operations.moving.archive import Damaged, Foreign
from operations.moving.tables import Refused
from partner_directory.models import Partner, PrivateFile
from partner_directory.uploads import keep_generated
from tests.factories.files import picture
from tests.factories.partners import make_partner

from .places import ALIASES, Buckets, Place, quick_build

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="a place of its own is a file of SQLite"),
]
BUILD = arrival.build
Kept = tuple[bytes, dict[str, bytes]]
_prepared: list[Kept] = []
_made: list[tuple[Made, bytes]] = []  # once a run, too


@pytest.fixture
def site(tmp_path: Path, db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A site with partners, private files and a picture, entered; what is restored takes its schema over."""
    place = Place(tmp_path / "site")
    if not _prepared:
        _prepare(Place(tmp_path / "first"))
    content, files = _prepared[0]
    place.file.write_bytes(content)
    with closing(sqlite3.connect(place.file)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    for name, each in files.items():
        (place.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (place.folder / name).write_bytes(each)
    schema = tmp_path / "schema.sqlite3"
    schema.write_bytes(content)
    monkeypatch.setattr(arrival, "build", quick_build(schema))
    with place.entered():
        yield place


def _prepare(place: Place) -> None:
    """Once a run: takes over what the tests' database has, and adds what a site has besides."""
    place.file.write_bytes(connection.connection.serialize())
    with place.entered():
        for number in range(3):
            partner = make_partner(specialists=2)
            for each in range(4):
                keep(partner, f"№ {number} {each}.pdf")
        file = ImageFile(io.BytesIO(picture(size=(40, 30))), "снимок.png")
        image = SiteImage.objects.create(title="Снимок", description="Снимок", file=file)
        image.get_rendition("width-20")
        Partner.objects.create(name_ru="Никто", slug="nobody").delete()  # its number is never given again
        connections["default"].close()
        with closing(sqlite3.connect(place.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        named = set(PrivateFile.objects.values_list("file", flat=True))
        connections["default"].close()
    files = {name: each for name, each in place.files().items() if name[:7] != "private" or name[8:] in named}
    _prepared.append((place.file.read_bytes(), files))


def keep(partner: Partner, name: str) -> PrivateFile:
    """A private file whose row says what its bytes are."""
    content = os.urandom(3000)
    return keep_generated(partner=partner, name=name, content=content, content_type="application/pdf", actor=None)


def restored_into(place: Place, path: Path, opening: Opening | None = None) -> Restored:
    """Puts a backup into a place."""
    with place.entered():
        return restore(path, opening or Opening(), say=lambda _: None)


@pytest.fixture
def made(site: Place, tmp_path: Path) -> Made:
    """A backup of the site, not encrypted."""
    path = tmp_path / "backup.tar.gz"
    if not _made:
        _made.append((back_up(path, Sealing()), path.read_bytes()))
    made, content = _made[0]
    path.write_bytes(content)
    making.sum_of(path).write_text(f"{made.sha256}  {path.name}\n")
    return replace(made, path=path)


def test_what_is_restored_is_one_moment_of_a_site_that_was_written_to(site: Place, tmp_path: Path) -> None:
    """Each file that a row names has the bytes that the row says; what nobody touched is equal row by row."""
    before = site.rows()
    stop = threading.Event()
    writer = threading.Thread(target=_write_until, args=(stop, Partner.objects.all()[0].pk))
    writer.start()
    try:
        made = back_up(tmp_path / "backup.tar.gz", Sealing())
    finally:
        stop.set()
        writer.join()
    assert not made.missing

    there = Place(tmp_path / "there")
    restored_into(there, made.path)

    rows = there.rows()
    for table in before:
        if table not in {"partner_directory_privatefile", "django_migrations"}:
            assert rows[table] == before[table], table
    with there.entered():
        named = list(PrivateFile.objects.values_list("file", "sha256"))
        bytes_of = {f"private/{name}": sha256 for name, sha256 in named}
        highest = Partner.objects.latest("pk").pk
        assert make_partner().pk > highest + 1, "the number of a partner that was deleted is given again"
    found = {name: hashlib.sha256(each).hexdigest() for name, each in there.files().items()}
    assert {name: found.get(name) for name in bytes_of} == bytes_of
    public = {name: each for name, each in site.files().items() if name.startswith("default")}
    assert {name: each for name, each in there.files().items() if name.startswith("default")} == public
    assert len(public) == 2  # the picture, and its small one


def _write_until(stop: threading.Event, partner: int) -> None:
    """Uploads and takes away, as fast as it goes; the newest few stay."""
    try:
        kept: list[PrivateFile] = []
        while not stop.is_set():
            kept.append(keep(Partner.objects.get(pk=partner), "new.pdf"))
            if len(kept) > 3:
                gone = kept.pop(0)
                gone.delete()
                gone.file.storage.delete(gone.file.name)
            stop.wait(0.02)
    finally:
        connections["default"].close()


def test_a_file_that_goes_while_it_is_copied_makes_the_backup_take_another_moment(
    site: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one whose name another upload has taken is not believed."""
    first, last = PrivateFile.objects.order_by("pk")[:2]
    copied = archive.Writer.add_stream
    done: list[str] = []

    def add_stream(writer: archive.Writer, name: str, size: int, stream: Any) -> None:
        copied(writer, name, size, stream)
        if name.endswith(first.file.name) and not done:
            done.append(name)
            PrivateFile.objects.filter(pk__in=[first.pk, last.pk]).delete()
            last.file.storage.delete(last.file.name)
            first.file.storage.delete(first.file.name)
            first.file.storage.save(first.file.name, ContentFile(b"another upload, whose row is still to come"))

    monkeypatch.setattr(archive.Writer, "add_stream", add_stream)
    made = back_up(tmp_path / "backup.tar.gz", Sealing())
    monkeypatch.undo()

    assert made.tries == 2
    assert not made.missing
    names = [name for name, *_ in _members(made.path)]
    assert not [name for name in names if name.endswith((first.file.name, last.file.name))]


def test_a_file_that_the_storage_has_lost_is_named_and_the_command_fails(site: Place, tmp_path: Path) -> None:
    """The rest is in the backup all the same."""
    lost = PrivateFile.objects.order_by("pk")[0]
    lost.file.storage.delete(lost.file.name)
    errors = StringIO()
    with pytest.raises(CommandError, match="whole but for 1 file"):
        call_command("backup", str(tmp_path), stdout=StringIO(), stderr=errors)
    assert lost.file.name in errors.getvalue()
    (path,) = tmp_path.glob("partners-*.tar.gz")
    assert [lost.file.name in said for said in check(path, Opening()).manifest["missing"]] == [True]
    assert JobRun.objects.get(job="backup").failed


def test_the_command_keeps_the_newest_and_each_has_its_checksum(site: Place, tmp_path: Path) -> None:
    """As ``sha256sum -c`` reads it; other files in the folder are nobody's business."""
    for day in (1, 2, 3):
        old = tmp_path / f"partners-2026010{day}-000000.tar.gz"
        old.write_bytes(b"old")
        making.sum_of(old).write_text("old")
    (tmp_path / "partners.txt").write_text("not ours")
    call_command("backup", str(tmp_path), keep=2, stdout=StringIO(), stderr=StringIO())
    kept = sorted(path.name for path in tmp_path.glob("partners*") if path.suffix != ".sha256")
    assert kept[:2] == ["partners-20260103-000000.tar.gz", "partners.txt"] or len(kept) == 3
    (path,) = (path for path in tmp_path.glob("partners-*.gz") if path.stat().st_size > 3)
    sha256, name = making.sum_of(path).read_text().split()
    assert (sha256, name) == (hashlib.sha256(path.read_bytes()).hexdigest(), path.name)
    assert len(list(tmp_path.glob("partners-*.sha256"))) == 2
    assert JobRun.objects.get(job="backup").said.startswith(str(path))
    assert path.stat().st_mode & 0o077 == 0


def _members(path: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(path) as tar:
        return [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]


def _repacked(path: Path, members: list[tuple[str, bytes]]) -> None:
    making.sum_of(path).unlink()
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


def _changed(path: Path) -> None:
    members = _members(path)
    place = next(place for place, (name, _) in enumerate(members) if name.startswith("files/private"))
    members[place] = (members[place][0], b"x" + members[place][1][1:])
    _repacked(path, members)


def _without_a_member(path: Path) -> None:
    members = _members(path)
    _repacked(path, [each for each in members if not each[0].startswith("rows/partner_directory_partner/")])


def _with_one_more(path: Path) -> None:
    members = _members(path)
    _repacked(path, [*members[:-2], ("files/default/evil.html", b"<script>"), *members[-2:]])


def _flipped(path: Path) -> None:
    making.sum_of(path).unlink()
    _flip(path, path.stat().st_size // 2)


def _cut(path: Path) -> None:
    making.sum_of(path).unlink()
    path.write_bytes(path.read_bytes()[:-40_000])


def _without_its_end(path: Path) -> None:
    """Whole to gzip and tar, and nothing says that it is whole."""
    _repacked(path, _members(path)[:-1])


def _newer(path: Path) -> None:
    """Made by a release that knows one migration more; whole in itself."""
    head = json.loads(_members(path)[0][1])
    _of_another_release(path, {**head, "migrations": [*head["migrations"], ["partner_directory", "9999_the_future"]]})


def _of_another_release(path: Path, head: dict[str, Any]) -> None:
    members = _members(path)
    kept = {table["name"] for table in head["tables"]}
    stream = io.BytesIO()
    manifest = json.loads(members[-1][1])
    with gzip.GzipFile(fileobj=stream, mode="wb") as packed, archive.Writer(packed, head) as writer:  # type: ignore[arg-type]
        for name, content in members[1:-2]:
            if not name.startswith("rows/") or name.split("/")[1] in kept:
                writer.add(name, content)
        tallies = {name: said for name, said in manifest["tallies"].items() if name in kept}
        writer.finish({"tallies": tallies, "files": manifest["files"], "missing": []})
    making.sum_of(path).unlink()
    path.write_bytes(stream.getvalue())


@pytest.mark.parametrize(
    ("damage", "kind", "sentence"),
    [
        (lambda path: _flip(path, 5000), Damaged, "is not what .*sha256 says"),
        (_flipped, Damaged, "damaged|checksum"),
        (_cut, Damaged, "cut off"),
        (_without_its_end, Damaged, "cut off"),
        (_changed, Damaged, "files/private/.* is damaged"),
        (_without_a_member, Damaged, "rows/partner_directory_partner/.* is missing"),
        (_with_one_more, Damaged, "evil.html is in the backup, but was never written"),
        (lambda path: path.write_bytes(b"PK\3\4 something else"), Damaged, "is not what .*sha256 says"),
        (_newer, Refused, "newer release: .*9999_the_future"),
    ],
    ids=["flipped", "flipped, no sum", "cut", "no end", "changed", "a member less", "one more", "replaced", "newer"],
)
def test_a_damaged_backup_is_refused_by_a_sentence_of_its_own_and_nothing_is_written(
    damage: Callable[[Path], None], kind: type[Exception], sentence: str, made: Made, tmp_path: Path
) -> None:
    """The whole of it is read before anything is written."""
    damage(made.path)
    there = Place(tmp_path / "there")
    with pytest.raises(kind, match=sentence):
        restored_into(there, made.path)
    assert there.is_empty()


@pytest.mark.parametrize("content", [b"", b"no backup", gzip.compress(b"no tar", mtime=0), b"\x1f\x8b but no gzip"])
def test_a_file_that_was_never_a_backup_is_refused(content: bytes, tmp_path: Path, site: Place) -> None:
    """Whatever it begins with."""
    path = tmp_path / "backup.tar.gz"
    path.write_bytes(content)
    with pytest.raises((Foreign, Damaged), match="no backup of this site|damaged"):
        check(path, Opening())


def test_an_encrypted_backup_opens_for_its_key_alone_and_by_a_tool_that_is_not_ours(
    site: Place, tmp_path: Path
) -> None:
    """pyrage's own functions stand for the tool ``age``."""
    key, other = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    made = back_up(tmp_path / "backup.tar.gz.age", Sealing((str(key.to_public()),)))
    assert check(made.path, Opening(keys=f"# a note\n{key}\n")).rows == made.rows
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(made.path.read_bytes(), [key])), mode="r:gz") as tar:
        assert tar.getnames()[0] == archive.HEAD
    there = Place(tmp_path / "there")
    for opening, sentence in (
        (Opening(), "--identity"),
        (Opening(str(other)), "does not open"),
        (Opening("x"), "no file"),
    ):
        with pytest.raises(Locked, match=sentence):
            restored_into(there, made.path, opening)
    making.sum_of(made.path).unlink()
    _flip(made.path, made.size // 2)
    with pytest.raises(Damaged, match="damaged"):
        restored_into(there, made.path, Opening(str(key)))
    assert there.is_empty()


def test_a_backup_under_a_passphrase_opens_by_it_alone(site: Place, tmp_path: Path) -> None:
    """It holds a key that the passphrase opens, and what the key opens: ``age`` reads both."""
    made = back_up(tmp_path / "backup.locked.tar", Sealing(passphrase="верно"))
    assert check(made.path, Opening(passphrase="верно")).rows == made.rows
    with pytest.raises(Locked, match="passphrase is wrong"):
        check(made.path, Opening(passphrase="неверно"))
    with pytest.raises(Locked, match="BACKUP_PASSPHRASE"):
        check(made.path, Opening())
    key, content = (found for _name, found in _members(made.path))
    identity = pyrage.x25519.Identity.from_str(pyrage.passphrase.decrypt(key, "верно").decode().strip())
    with tarfile.open(fileobj=io.BytesIO(pyrage.decrypt(content, [identity])), mode="r:gz") as tar:
        assert tar.getnames()[0] == archive.HEAD


def test_nothing_is_restored_over_anything(site: Place, made: Made, tmp_path: Path) -> None:
    """Neither over rows, nor over files."""
    with pytest.raises(Refused, match="database is not empty"):
        restore(made.path, Opening(), say=lambda _: None)
    there = Place(tmp_path / "there")
    there.storage("default").mkdir()
    (there.storage("default") / "somebody's.png").write_bytes(b"picture")
    with pytest.raises(Refused, match="somebody's.png"):
        restored_into(there, made.path)
    assert list(there.files()) == ["default/somebody's.png"]
    with pytest.raises(Refused, match="never replaces"):
        making.place_for(made.path, Sealing())


def test_files_come_from_buckets_and_go_into_them(
    site: Place, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the names that folders have, with the same bytes; a full bucket is refused as a full folder is."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    with mock_aws():
        there = Buckets(tmp_path / "there")
        for alias in ALIASES:
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket=f"there-{alias}")
        restored_into(there, made.path)
        assert there.files() == site.files()
        with there.entered():
            again = back_up(tmp_path / "again.tar.gz", Sealing())
        assert (again.files, again.missing) == (made.files, [])
        there.file.unlink()
        with pytest.raises(Refused, match="is not empty"):
            restored_into(there, again.path)


def test_a_backup_of_an_older_release_is_migrated_on(
    site: Place, made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of one from before the site recorded its jobs: compared as it was, then with that table, and still whole."""
    head = json.loads(_members(made.path)[0][1])
    newer = [f"{app}.{name}" for app, name in head["migrations"] if app == "operations"]
    head["migrations"] = [each for each in head["migrations"] if each[0] != "operations"]
    head["tables"] = [table for table in head["tables"] if not table["name"].startswith("operations_")]
    _of_another_release(made.path, head)
    quick = arrival.build

    def build(connection: Any, applied: Any) -> None:
        if connection.introspection.table_names():
            BUILD(connection, applied)
            return
        quick(connection, applied)
        with connection.cursor() as cursor:
            for name in connection.introspection.table_names(cursor):
                if name.startswith("operations_"):
                    cursor.execute(f"DROP TABLE {name}")
            cursor.execute("DELETE FROM django_migrations WHERE app = 'operations'")

    monkeypatch.setattr(arrival, "build", build)
    there = Place(tmp_path / "there")
    assert restored_into(there, made.path).arrived.migrated_on == newer
    assert there.rows()["operations_jobrun"] == []
    assert there.files() == site.files()


def killed(action: Callable[[], object], module: Any, name: str, call: int = 1) -> None:
    """Runs an action in a child that kills itself, as ``kill -9`` does, at the n-th call of a function."""
    child = os.fork()
    if child == 0:
        calls, original = [0], getattr(module, name)

        def dying(*args: Any, **kwargs: Any) -> Any:
            calls[0] += 1
            if calls[0] == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return original(*args, **kwargs)

        try:
            setattr(module, name, dying)
            action()
        finally:
            os._exit(1)
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "the child was not killed: it never came to this step"


@pytest.mark.parametrize(
    ("module", "name", "call"),
    [(archive.Writer, "add", 1), (archive.Writer, "add", 40), (archive.Writer, "finish", 1), (making, "sum_of", 1)],
)
def test_a_killed_backup_leaves_nothing_under_its_name(
    module: Any, name: str, call: int, site: Place, tmp_path: Path
) -> None:
    """And the next one takes away what it left."""
    path = tmp_path / "backups" / "backup.tar.gz"
    path.parent.mkdir()
    connections["default"].close()
    killed(lambda: back_up(path, Sealing()), module, name, call)
    assert not path.exists()
    assert {part.suffix for part in path.parent.iterdir()} == {".part"}
    back_up(path, Sealing())
    assert sorted(each.name for each in path.parent.iterdir()) == ["backup.tar.gz", "backup.tar.gz.sha256"]


def test_a_killed_restore_leaves_an_empty_database_and_goes_well_when_run_again(
    site: Place, made: Made, tmp_path: Path
) -> None:
    """Whenever it was killed: before the first file, among the rows, before the commit."""
    there = Place(tmp_path / "there")
    for module, name, call in (
        (restoring, "_lay_mark", 2),
        (arrival, "write", 20),
        (arrival, "go_on_from", 1),
        (restoring, "_take_marks", 1),
    ):
        killed(lambda: restored_into(there, made.path), module, name, call)
        with closing(sqlite3.connect(there.file)) as database:
            assert not database.execute("SELECT name FROM sqlite_master").fetchall(), name
    restored_into(there, made.path)
    rows = there.rows()
    assert {table: rows[table] for table in rows if table != "django_migrations"} == {
        table: found for table, found in site.rows().items() if table != "django_migrations"
    }
    assert there.files() == site.files()
