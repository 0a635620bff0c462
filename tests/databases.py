"""Copies of the test database: as it was loaded, to go back to after a test that emptied its tables; and as a file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from django.db import connection


class Copy(Protocol):
    """The default database as it was when the copy was made."""

    def restore(self) -> None:
        """Puts the database back into this state."""

    def discard(self) -> None:
        """Frees what the copy holds."""


def copy_of_default() -> Copy:
    """A copy of the default database, made as the database itself does it."""
    return SqliteCopy() if connection.vendor == "sqlite" else PostgresCopy()


def write_default(file: Path) -> None:
    """The default database, a SQLite one, as a file: whatever is still uncommitted is in it, too."""
    file.write_bytes(_raw().serialize())
    with closing(sqlite3.connect(file)) as database:
        database.execute("PRAGMA journal_mode = WAL")  # as the site itself works


class SqliteCopy:
    """A second database in memory, filled by SQLite's own backup."""

    def __init__(self) -> None:
        self.stored = sqlite3.connect(":memory:", check_same_thread=False)
        connection.ensure_connection()
        _raw().backup(self.stored)

    def restore(self) -> None:
        connection.ensure_connection()
        self.stored.backup(_raw())

    def discard(self) -> None:
        self.stored.close()


def _raw() -> Any:
    return connection.connection


class PostgresCopy:
    """A second database on the same server, made from the first as a template."""

    def __init__(self) -> None:
        self.name = connection.settings_dict["NAME"]
        self.stored = f"{self.name}_loaded"
        self._replace(self.stored, self.name)

    def restore(self) -> None:
        self._replace(self.name, self.stored)

    def discard(self) -> None:
        self._execute(f"DROP DATABASE IF EXISTS {_quoted(self.stored)} WITH (FORCE)")

    def _replace(self, name: str, template: str) -> None:
        self._execute(
            f"DROP DATABASE IF EXISTS {_quoted(name)} WITH (FORCE)",
            f"CREATE DATABASE {_quoted(name)} TEMPLATE {_quoted(template)}",
        )

    def _execute(self, *statements: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
