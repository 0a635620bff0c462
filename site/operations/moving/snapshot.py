"""The site's database as it is at one moment, while others write on; or locked, so that nobody does.

A connection of its own: the site's begins its transactions on SQLite by taking the lock of the only writer. May not
import models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction
from django.db.utils import load_backend

from operations.moving.tables import Table

ALIAS = "snapshot"


@contextmanager
def snapshot(*, lock: Iterable[Table] = ()) -> Iterator[str]:
    """The alias of a connection that reads one moment; ``lock``: tables that nobody may write until it ends.

    SQLite locks all of them, if any. Raises OperationalError where the lock cannot be had.
    """
    tables = [table.name for table in lock]
    settings = _settings(connections["default"].settings_dict, locked=bool(tables))
    connection = connections[ALIAS] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, ALIAS)
    try:
        with transaction.atomic(using=ALIAS), connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                # The lock comes before the first reading, which is the moment.
                names = ", ".join(map(connection.ops.quote_name, tables))
                cursor.execute(f"LOCK TABLE {names} IN SHARE MODE" if tables else "SET TRANSACTION READ ONLY")
                cursor.execute("SELECT 1")
            else:
                cursor.execute("SELECT count(*) FROM sqlite_master")
            yield ALIAS
    finally:
        connection.close()
        del connections[ALIAS]


def _settings(site: dict[str, Any], *, locked: bool) -> dict[str, Any]:
    options = {key: value for key, value in site["OPTIONS"].items() if key not in {"pool", "transaction_mode"}}
    if site["ENGINE"].endswith("sqlite3"):
        if locked:
            options["transaction_mode"] = "IMMEDIATE"
    else:
        from psycopg import IsolationLevel

        options["isolation_level"] = IsolationLevel.REPEATABLE_READ
    # Rows are fetched as they are asked for, whatever stands between the site and its server.
    return {**site, "OPTIONS": options, "CONN_MAX_AGE": 0, "DISABLE_SERVER_SIDE_CURSORS": False}
