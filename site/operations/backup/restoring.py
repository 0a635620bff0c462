"""Puts a backup into an empty place: all of it, compared byte by byte and row by row, or nothing.

The backup is read wholly once before anything is written. Then a mark is laid into each storage, files are put back
and read again, rows arrive (``moving.arrival``: one transaction), the marks go, the transaction is committed. Who is
killed before leaves an empty database, and storages that say by their mark that they may be emptied. May not import
models.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage

from operations.backup.checking import Whole, check
from operations.backup.files import kept_in, some_of, standing_in, storage_of
from operations.backup.sealing import Opening, reading
from operations.moving.archive import AT_ONCE, Damaged, Reader
from operations.moving.arrival import Arrived, Differs, Say, arrive, refuse_newer, refuse_unless_empty
from operations.moving.tables import Refused

IN_MEMORY = 4 << 20  # bytes of a file that is put back; a larger one goes by way of the disk
MARK = ".unfinished-restore"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back."""

    whole: Whole
    arrived: Arrived
    files: int


def restore(path: Path, opening: Opening, *, say: Say) -> Restored:
    """Raises Refused, Foreign, Locked, Damaged, Differs; then the place is as empty as it was."""
    refuse_unless_empty()
    places = {alias: storage_of(alias) for alias in kept_in()}
    for alias, storage in places.items():
        _refuse_unless_empty(alias, storage)
    say("Reading the backup for the first time: is it whole?")
    whole = check(path, opening)
    refuse_newer(whole.manifest)
    say("It is. Putting it back …")
    for storage in places.values():
        _empty(storage)
        _lay_mark(storage)
    shelf = _Shelf(places)
    try:
        with reading(path, opening) as stream:
            arrived = arrive(Reader(stream), say=say, keep_file=shelf.keep, before_commit=lambda: _take_marks(places))
    except BaseException:  # Ctrl-C, too, must leave the storages empty
        for storage in places.values():
            _empty(storage)
            storage.delete(MARK)
        raise
    return Restored(whole, arrived, shelf.kept)


def _refuse_unless_empty(alias: str, storage: Storage) -> None:
    if storage.exists(MARK):
        return  # an earlier restore did not end: what lies there is its own
    if found := some_of(standing_in(storage), 1):
        raise Refused(f"The storage {alias!r} is not empty: it has {found[0]}. Empty it, or name another.")


def _empty(storage: Storage) -> None:
    for name in list(standing_in(storage)):
        storage.delete(name)


def _lay_mark(storage: Storage) -> None:
    if not storage.exists(MARK):
        storage.save(MARK, ContentFile(b"What lies here was put back by a restore that has not ended.\n"))


def _take_marks(places: dict[str, Storage]) -> None:
    """Before the rows are committed: a mark that outlives them would let a later restore empty a full storage."""
    for storage in places.values():
        storage.delete(MARK)


class _Shelf:
    """Where files are put back."""

    def __init__(self, places: dict[str, Storage]) -> None:
        self._places, self.kept = places, 0

    def keep(self, place: str, content: IO[bytes]) -> None:
        """Saves a file, reads it again, and compares. Two rows may name one file: the same bytes do no harm."""
        alias, name = place.split("/", 1)
        storage = self._places.get(alias)
        if storage is None:
            raise Refused(f"STORAGES names no {alias!r} here, where {name} belongs.")
        digest = hashlib.sha256()
        # By way of a file that can be searched: a bucket reads what it is given more than once.
        with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as spool:
            while found := content.read(AT_ONCE):
                digest.update(found)
                spool.write(found)
            spool.seek(0)
            if not storage.exists(name):
                self._save(storage, name, File(spool, name=name))
        if _digest(storage, name) != digest.hexdigest():
            raise Differs(f"{name} reads otherwise than it was written.")
        self.kept += 1

    def _save(self, storage: Storage, name: str, content: File[bytes]) -> None:
        try:
            saved = storage.save(name, content)
        except SuspiciousOperation as error:
            raise Damaged(f"{name} does not lie within its storage.") from error
        if saved != name:
            storage.delete(saved)
            raise Differs(f"A storage has called {name} {saved}.")


def _digest(storage: Storage, name: str) -> str:
    digest = hashlib.sha256()
    with storage.open(name) as file:
        while found := file.read(AT_ONCE):
            digest.update(found)
    return digest.hexdigest()
