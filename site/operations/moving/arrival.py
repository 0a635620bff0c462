"""Reads rows into an empty database: all of them, compared with those that left, or none.

One transaction holds everything: the tables as the rows knew them, the rows, the comparison, then the migrations of the
code that reads, with the triggers that seal an edition and the ledger (``post_migrate`` makes them), and the search
indexes. Whatever fails, and whoever is killed, the database stays as empty as it was. May not import models.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, Any

from django.core.management import call_command
from django.db import IntegrityError, connections, reset_queries, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from operations.moving.archive import Damaged, Reader
from operations.moving.departure import ROWS
from operations.moving.numbers import go_on_from
from operations.moving.tables import Refused, Table, Tally, rows_of, write

USING = "default"
MOST_NAMED = 5  # rows that differ

Say = Callable[[str], None]
KeepFile = Callable[[str, IO[bytes]], None]


class Differs(Exception):
    """What has arrived is not what left; nothing was kept."""


@dataclass(slots=True)
class Arrived:
    """What is there now: rows by table, and whether the code went on to newer migrations."""

    rows: dict[str, int] = field(default_factory=dict)
    migrated_on: list[str] = field(default_factory=list)


def refuse_unless_empty() -> None:
    """Raises Refused where the database has a table."""
    names = connections[USING].introspection.table_names()
    if names:
        raise Refused(f"The database is not empty: it has {len(names)} tables. Name an empty one.")


def refuse_newer(head: dict[str, Any]) -> None:
    """Raises Refused for rows from a release that this code does not know yet."""
    known = MigrationLoader(None).disk_migrations
    if newer := [f"{app}.{name}" for app, name in head["migrations"] if (app, name) not in known]:
        raise Refused(f"This is from a newer release: the code here does not know {', '.join(newer)}.")


def arrive(
    reader: Reader, *, say: Say, keep_file: KeepFile | None = None, before_commit: Callable[[], None] | None = None
) -> Arrived:
    """Reads everything; ``keep_file`` is given each file. Raises Refused, Damaged, Differs; then nothing changed."""
    connection = connections[USING]
    refuse_unless_empty()
    # Some migrations, as they are imported, ask for a table that is not there yet: that would spoil the transaction.
    MigrationLoader(None)
    with _without_foreign_keys(connection), transaction.atomic(using=USING):
        tables = _read(reader, connection, say, keep_file)
        _check_foreign_keys(connection)
        say("Comparing every row …")
        compare(tables, reader.manifest)
        go_on_from(connection, tables, {name: said["last"] for name, said in reader.manifest["tallies"].items()})
        arrived = Arrived({name: said["rows"] for name, said in reader.manifest["tallies"].items()})
        arrived.migrated_on = _migrate_on(connection)
        say("Making the search indexes anew …")
        call_command("update_index", verbosity=0)
        _check_foreign_keys(connection)
        if before_commit:
            before_commit()
    return arrived


@contextmanager
def _without_foreign_keys(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """SQLite rebuilds tables only so, and says so only outside a transaction; PostgreSQL asks at the end anyway."""
    connection.ensure_connection()
    off = connection.disable_constraint_checking()
    try:
        yield
    finally:
        if off:
            connection.enable_constraint_checking()


def _read(reader: Reader, connection: BaseDatabaseWrapper, say: Say, keep_file: KeepFile | None) -> list[Table]:
    tables: dict[str, Table] = {}
    for name, _size, content in reader.members():
        if not tables:
            refuse_newer(reader.head)
            tables = {said["name"]: Table.from_json(said) for said in reader.head["tables"]}
            say("Making the tables …")
            build(connection, [(app, migration) for app, migration in reader.head["migrations"]])
            _empty(connection, list(tables.values()))
            say("Reading …")
        folder, rest = name.split("/", 1)
        if folder == ROWS:
            lines = content.read().splitlines()
            write(tables[rest.rsplit("/", 1)[0]], [json.loads(line) for line in lines], USING)
            reset_queries()  # which DEBUG keeps
        elif keep_file is not None:
            keep_file(rest, content)
        else:
            raise Damaged(f"{name} does not belong here.")
    return list(tables.values())


def build(connection: BaseDatabaseWrapper, applied: Sequence[tuple[str, str]]) -> None:
    """The tables as these migrations make them; no signal is sent, so that no trigger refuses rows yet."""

    def settle(action: str, *_: Any) -> None:
        if action == "apply_success":
            connection.check_constraints()  # PostgreSQL alters no table with constraints still to be checked

    executor = MigrationExecutor(connection, settle)
    graph, wanted = executor.loader.graph, set(applied)
    last = [node for node in wanted if node in graph.nodes and not _followed(graph, node, wanted)]
    executor.migrate(sorted(last))


def _followed(graph: Any, node: tuple[str, str], wanted: set[tuple[str, str]]) -> bool:
    return any(child.key in wanted and child.key[0] == node[0] for child in graph.node_map[node].children)


def _empty(connection: BaseDatabaseWrapper, tables: Sequence[Table]) -> None:
    """Takes away what migrations put in; the same rows arrive."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table.name)}")  # noqa: S608 - our own names
    connection.check_constraints()


def _check_foreign_keys(connection: BaseDatabaseWrapper) -> None:
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise Differs(f"A row names another that is not there: {error}") from error


def compare(tables: Sequence[Table], manifest: dict[str, Any]) -> None:
    """Reads every row again and compares number and digest of each table; raises Differs with all that differ."""
    wrong = []
    for table in tables:
        tally, said = Tally(), manifest["tallies"][table.name]
        for row in rows_of(table, USING):
            tally.add(table, row)
        if tally.rows != said["rows"]:
            wrong.append(f"{table.name} has {tally.rows} rows instead of {said['rows']}")
        elif tally.digest != said["digest"]:
            wrong.append(f"{table.name} has other values in its rows")
    if wrong:
        raise Differs("; ".join(wrong))


def _migrate_on(connection: BaseDatabaseWrapper) -> list[str]:
    """From the release that the rows are of to this one; makes the triggers. Answers which migrations were applied."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    # One at a time, for the reason that ``build`` gives.
    build(connection, executor.loader.graph.leaf_nodes())
    call_command("migrate", verbosity=0, interactive=False)
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]
