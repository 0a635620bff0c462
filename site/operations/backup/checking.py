"""Reads a backup from its first byte to its last, and says whether it is whole. Changes nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from operations.backup.files import FILES
from operations.backup.making import sha256_of, sum_of
from operations.backup.sealing import Opening, reading
from operations.moving.archive import Damaged, Reader
from operations.moving.departure import ROWS
from operations.moving.tables import Table, Tally


@dataclass(frozen=True, slots=True)
class Whole:
    """A backup that is whole: what it says of itself."""

    manifest: dict[str, Any]

    @property
    def rows(self) -> int:
        """In all tables."""
        return sum(said["rows"] for said in self.manifest["tallies"].values())


def check(path: Path, opening: Opening) -> Whole:
    """Raises Foreign, Locked, Damaged, each with its sentence; OSError where the file cannot be read."""
    _check_sum(path)
    with reading(path, opening) as stream:
        reader = Reader(stream)
        tables: dict[str, Table] = {}
        tallies: dict[str, Tally] = {}
        files = 0
        for name, _size, content in reader.members():
            tables = tables or {said["name"]: Table.from_json(said) for said in reader.head["tables"]}
            folder, rest = name.split("/", 1)
            files += folder == FILES
            if folder == ROWS:
                table = tables[rest.rsplit("/", 1)[0]]
                _count(table, content, tallies.setdefault(table.name, Tally()))
    for name, said in reader.manifest["tallies"].items():
        tally = tallies.get(name, Tally())
        if (tally.rows, tally.digest) != (said["rows"], said["digest"]):
            raise Damaged(f"The rows of {name} are not those that were written.")
    if files != reader.manifest["files"]:
        raise Damaged(f"There are {files} files instead of {reader.manifest['files']}.")
    return Whole(reader.manifest)


def _count(table: Table, content: IO[bytes], tally: Tally) -> None:
    raw = content.read()
    try:
        for line in raw.splitlines():
            tally.add(table, json.loads(line))
    except ValueError as error:
        raise Damaged(f"The rows of {table.name} are damaged: {error}.") from error


def _check_sum(path: Path) -> None:
    """Where a checksum stands beside the file."""
    beside = sum_of(path)
    if beside.exists() and beside.read_text().split()[:1] != [sha256_of(path)]:
        raise Damaged(f"{path.name} is not what {beside.name} says: damaged on the way, or cut off.")
