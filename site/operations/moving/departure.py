"""Writes every row of a snapshot into an archive. May not import models of the site."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from operations.moving.archive import AT_ONCE, Writer
from operations.moving.numbers import last_numbers
from operations.moving.tables import Refused, Table, Tally, all_tables, rows_of

ROWS = "rows"  # the folder in the archive
# Tables beside those of models: of Django's own, and of the engine's indexes, which are made anew.
BESIDE = ("django_migrations", "sqlite_", "wagtailsearch_indexentry", "partner_directory_words")


def head(using: str) -> dict[str, Any]:
    """What the rows need to be read: the migrations that made their tables, and the tables.

    Raises Refused where the code and the database are of different releases.
    """
    executor = MigrationExecutor(connections[using])
    loader = executor.loader
    waiting = executor.migration_plan(loader.graph.leaf_nodes())
    if waiting:
        raise Refused(f"The database is older than the code: run migrate first ({len(waiting)} migrations wait).")
    unknown = sorted(set(loader.applied_migrations) - set(loader.disk_migrations))
    apps = {app for app, _name in loader.disk_migrations}
    if newer := [f"{app}.{name}" for app, name in unknown if app in apps]:
        raise Refused(f"The database is newer than the code: it knows {', '.join(newer)}.")
    return {
        "migrations": sorted(map(list, set(loader.applied_migrations) & set(loader.disk_migrations))),
        "tables": [table.as_json() for table in all_tables()],
        "engine": connections[using].vendor,
        "release": settings.RELEASE,
        "host": socket.gethostname(),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def unknown_tables(using: str) -> list[str]:
    """Tables that no model of the site has: whoever made them takes care of them."""
    known = {table.name for table in all_tables()}
    found = connections[using].introspection.table_names()
    return sorted(name for name in found if name not in known and not name.startswith(BESIDE))


def write_rows(writer: Writer, using: str) -> dict[str, dict[str, Any]]:
    """Every row of every table; answers how many each had, their digest, and the last number it gave."""
    tables = all_tables()
    numbers = last_numbers(connections[using], tables)
    said = {}
    for table in tables:
        tally = Tally()
        for place, chunk in enumerate(_chunks(_lines(table, using, tally)), 1):
            writer.add(f"{ROWS}/{table.name}/{place:06}.jsonl", chunk)
        said[table.name] = {"rows": tally.rows, "digest": tally.digest, "last": numbers.get(table.name, 0)}
    return said


def _lines(table: Table, using: str, tally: Tally) -> Iterator[bytes]:
    for row in rows_of(table, using):
        tally.add(table, row)
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _chunks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Of about a megabyte, so that nobody ever holds a table."""
    chunk, size = [], 0
    for line in lines:
        chunk.append(line)
        size += len(line)
        if size >= AT_ONCE:
            yield b"".join(chunk)
            chunk, size = [], 0
    if chunk:
        yield b"".join(chunk)
