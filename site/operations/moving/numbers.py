"""The numbers that a database gives its next rows: never one that a row had before, deleted or not.

Where rows arrive, counting goes on from where it stood. May not import models.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from operations.moving.tables import Table


def last_numbers(connection: BaseDatabaseWrapper, tables: Sequence[Table]) -> dict[str, int]:
    """The highest number given so far, by the name of the table; 0 where there was none."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            known = dict(cursor.fetchall())
            return {table.name: known.get(table.name, 0) for table in tables if table.numbered}
        return {table.name: _last_given(cursor, table) for table in tables if table.numbered}


def _last_given(cursor: Any, table: Table) -> int:
    cursor.execute(f"SELECT last_value, is_called FROM {_sequence(cursor, table)}")  # noqa: S608 - named by the database
    value, is_called = cursor.fetchone()
    return int(value) if is_called else int(value) - 1


def _sequence(cursor: Any, table: Table) -> str:
    cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [f'"{table.name}"', table.key])
    return str(cursor.fetchone()[0])


def go_on_from(connection: BaseDatabaseWrapper, tables: Sequence[Table], numbers: Mapping[str, int]) -> None:
    """The next row of each table gets a higher number than any it has, and than the one named."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables:
            if not table.numbered:
                continue
            cursor.execute(f"SELECT max({quote(table.key)}) FROM {quote(table.name)}")  # noqa: S608 - our own names
            last = max(cursor.fetchone()[0] or 0, numbers.get(table.name, 0))
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])
            else:
                sequence = _sequence(cursor, table)
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [sequence, max(last, 1), last > 0])
