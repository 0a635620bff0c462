"""Writes a backup while the site runs: one moment of the database, and every file that its rows name.

The moment is a snapshot that is held open; files are copied first, because they may go, then the rows, which may not.
Nothing stands under the final name until everything is written, synced to disk and checksummed. May not import models.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from operations.backup.files import FILES, Named, is_still_named, may_be_another, named_by_rows, storage_of
from operations.backup.sealing import BY_PASSPHRASE, FOR_KEYS, PLAIN, Sealing, writing
from operations.moving import departure
from operations.moving.archive import OWNER_ALONE, Short, Writer
from operations.moving.snapshot import snapshot
from operations.moving.tables import Refused

TRIES = 5
PART, SUM = ".part", ".sha256"
OURS = re.compile(rf"partners-\d{{8}}-\d{{6}}({'|'.join(map(re.escape, (PLAIN, FOR_KEYS, BY_PASSPHRASE)))})")
MOST_MISSING = 1000  # that a manifest names


class Moved(Exception):
    """Files went while they were copied: another moment is needed."""


@dataclass(slots=True)
class Made:
    """A backup that was made."""

    path: Path
    size: int
    sha256: str
    rows: int
    files: int
    bytes_of_files: int
    missing: list[str] = field(default_factory=list)
    tries: int = 1


def place_for(target: Path, sealing: Sealing, now: datetime | None = None) -> Path:
    """The file to write: ``target`` itself, or one named by the time where it is a folder. Raises Refused."""
    path = target
    if target.is_dir():
        path = target / f"partners-{now or datetime.now(UTC):%Y%m%d-%H%M%S}{sealing.suffix}"
    if not path.parent.is_dir():
        raise Refused(f"There is no folder {path.parent}.")
    if path.exists():
        raise Refused(f"{path} exists: a backup never replaces a file.")
    return path


def back_up(path: Path, sealing: Sealing, *, say: Callable[[str], None] = lambda _: None) -> Made:
    """Writes the backup to a path that does not exist; raises Refused, or OSError where the disk or a storage fails.

    A file that a row names and the storage does not have is no failure of the copying: ``missing`` names it.
    """
    _sweep(path.parent)
    for attempt in range(1, TRIES + 1):
        try:
            made = _written(path, sealing)
        except Moved as error:
            say(f"{error} went while files were copied; taking another moment ({attempt} of {TRIES}).")
        else:
            made.tries = attempt
            return made
    raise Refused(f"Files went during each of {TRIES} attempts; try again when less is deleted.")


def _written(path: Path, sealing: Sealing) -> Made:
    with _part_of(path) as (file, part):
        with (
            snapshot() as using,
            writing(file, sealing) as stream,
            Writer(stream, departure.head(using)) as writer,
        ):
            made = Made(path, 0, "", 0, 0, 0)
            _copy_files(writer, using, made)
            tallies = departure.write_rows(writer, using)
            made.rows = sum(said["rows"] for said in tallies.values())
            manifest = {"tallies": tallies, "files": made.files, "bytes_of_files": made.bytes_of_files}
            writer.finish({**manifest, "missing": made.missing[:MOST_MISSING], "missing_files": len(made.missing)})
        file.flush()
        os.fsync(file.fileno())
        made.size, made.sha256 = file.tell(), sha256_of(part)
        _publish(part, path, made.sha256)
    return made


def _copy_files(writer: Writer, using: str, made: Made) -> None:
    """Raises Moved where what was copied need not be what the rows of the moment mean."""
    lost: list[Named] = []
    for named in named_by_rows(using):
        storage = storage_of(named.shelf.storage)
        try:
            size = storage.size(named.name)
            with storage.open(named.name) as file:
                writer.add_stream(f"{FILES}/{named.shelf.storage}/{named.name}", size, file)  # type: ignore[arg-type]
        except FileNotFoundError:
            lost.append(named)
        except Short as error:
            raise Moved(named.name) from error
        else:
            made.files += 1
            made.bytes_of_files += size
    if another := may_be_another(using):
        raise Moved(another)
    for named in lost:  # asked last: a file may go a moment before its row
        if not is_still_named(named):
            raise Moved(named.name)
        made.missing.append(f"{named.shelf.storage}: {named.name} ({named.shelf.model._meta.label} {named.key})")


@contextmanager
def _part_of(path: Path) -> Iterator[tuple[IO[bytes], Path]]:
    """A new hidden file beside the final one, and its path; taken away unless it was renamed."""
    part = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    number = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, OWNER_ALONE)
    with open(number, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield file, part
        finally:
            part.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Takes away what killed backups left: parts that nobody holds a lock of."""
    for part in folder.glob(f".*{PART}"):
        with suppress(OSError), part.open("r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            part.unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """What ``sha256sum`` says of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sum_of(path: Path) -> Path:
    """Where the checksum of a backup stands, as ``sha256sum -c`` reads it."""
    return path.with_name(path.name + SUM)


def _publish(part: Path, path: Path, sha256: str) -> None:
    """The checksum first: a backup never stands without it."""
    draft = part.with_suffix(SUM + PART)
    try:
        with draft.open("wb") as file:
            file.write(f"{sha256}  {path.name}\n".encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(sum_of(path))
        os.link(part, path)  # which fails where somebody else has put a file there
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def rotate(folder: Path, keep: int) -> list[Path]:
    """Takes away all but the newest backups that were named here, and answers which."""
    ours = sorted((path for path in folder.iterdir() if OURS.fullmatch(path.name)), key=lambda path: path.name)
    old = ours[:-keep] if keep else []
    for path in old:
        path.unlink()
        sum_of(path).unlink(missing_ok=True)
    return old
