"""A disk that is full: under private files, and under SQLite's own folder. A small one is mounted for each."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import running_site
from tests.faults import looking
from tests.faults.ground import LOADED, Ground, Happened
from tests.faults.people import ENQUIRY, OWNER, Person, ask, claim
from tests.running_site import PRIVATE
from tests.servers import Absent

ASKED = "a clear sentence, nothing half-written, all well once there is room again"
BIG = 1 << 20
FILL = "filling"


@contextmanager
def _small_disk(folder: Path, size: int) -> Iterator[None]:
    """A disk of some bytes at a folder. Raises Absent where none may be mounted."""
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        raise Absent("only root may mount a small disk")
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True
    )
    if done.returncode:
        raise Absent(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def fill(folder: Path) -> None:
    """Leaves no byte free."""
    with (folder / FILL).open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 12, 1 << 8, 1):
            try:
                while file.write(b"\0" * size) == size:
                    pass
            except OSError:
                continue


def of_files(ground: Ground) -> Happened:
    """Private files have no room."""
    with ground.site("disk") as site, _small_disk(site.folder / PRIVATE, 2 * BIG), site.served(1) as address:
        owner = Person(address).sign_in(OWNER)
        before = claim(owner, "claim-before")
        fill(site.folder / PRIVATE)
        page, refused = Person(address).get("/"), claim(owner, "claim-away")
        (site.folder / PRIVATE / FILL).unlink()
        after = claim(owner, "claim-after")
        wrong = [f"{before.status}, {after.status} around it"] if (before.status, after.status) != (302, 302) else []
        wrong += [f"a page answered {page.status}"] if page.status != 200 else []
        wrong += [f"an upload answered {refused.status}"] if "Файл не сохранён" not in refused.body else []
        wrong += looking.everything(site, ["claim-before", "claim-after"])
        wrong += ["the refused claim is there"] if not looking.lost(site, ["claim-away"]) else []
        wrong += [f"{looking.orphans(site)} halves of files"] if looking.orphans(site) else []
    return Happened("; ".join(wrong) or "the form said that the file is not kept; nothing of it stayed", not wrong)


def of_sqlite(ground: Ground) -> Happened:
    """The disk of SQLite's file has no room."""
    folder = ground.folder / "sqlite"
    with _small_disk(folder, 64 * BIG):
        _load_into(folder, ground.folder / LOADED)
        limits = dict.fromkeys(("ENQUIRY_LIMIT_PER_HOUR", "ENQUIRY_LIMIT_PER_DAY"), "1000")
        with running_site.served(folder, workers=2, **limits) as address:
            visitor = Person(address)
            before = ask(visitor, "ask-before")
            fill(folder)
            page, refused = visitor.get("/"), ask(visitor, "ask-away", more="x" * 3000)
            (folder / FILL).unlink()
            after = ask(visitor, "ask-after")
            well = visitor.get(ENQUIRY)
        texts = _column(folder / running_site.DATABASE, "SELECT text FROM partner_directory_enquiry")
        state = _column(folder / running_site.DATABASE, "PRAGMA integrity_check")
    wrong = [f"{before.status}, {after.status} around it"] if (before.status, after.status) != (302, 302) else []
    wrong += [f"a page answered {page.status}"] if page.status not in (200, 503) else []
    wrong += [f"a write answered {refused.status}"] if refused.status != 503 else []
    wrong += [f"then a page answered {well.status}"] if well.status != 200 else []
    wrong += [f"there is {texts}"] if sorted(texts) != ["ask-after", "ask-before"] else []
    wrong += [f"integrity: {state}"] if state != ["ok"] else []
    said = f"a page answered {page.status}, a write 503 «back soon»; nothing of it stayed; integrity_check: ok"
    return Happened("; ".join(wrong) or said, not wrong)


def _load_into(folder: Path, loaded: Path) -> None:
    """A site on SQLite: loaded anew, for the others stand on PostgreSQL."""
    running_site.load(folder)
    shutil.rmtree(folder / running_site.STATIC, ignore_errors=True)
    (folder / running_site.STATIC).symlink_to(loaded / running_site.STATIC)


def _column(database: Path, query: str) -> list[str]:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(database)) as connection:
        return [row[0] for row in connection.execute(query).fetchall()]
