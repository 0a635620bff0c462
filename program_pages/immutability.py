"""Database triggers that refuse any change of an edition in force, and of a decision on a reading, whoever asks (R83).

An edition is sealed once it is approved and its day in Moscow has come. The triggers are made anew
after every ``migrate`` (a table rebuilt on SQLite loses its triggers) and lifted while it runs.
May not import models: it asks the app registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps as registry
from django.db import connections, models

PREFIX = "sealed_"
MESSAGE = "edition in force is immutable (R83)"
HISTORY = "readingdecision"  # the model whose rows are history from the moment they are written
HISTORY_MESSAGE = "decision on a reading is immutable"

# The hour hand of the year's turn (A11) as each database computes it; Moscow keeps no summer time.
_TODAY = {"sqlite": "date('now', '+3 hours')", "postgresql": "(now() AT TIME ZONE 'Europe/Moscow')::date"}


def enforce(using: str = "default", **_: Any) -> None:
    """Makes the triggers, replacing any there are; does nothing before the tables exist."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    lift(using=using)
    with connection.cursor() as cursor:
        for model, path in _sealed_models():
            if model._meta.db_table in tables:
                for statement in _statements(connection.vendor, model, path):
                    cursor.execute(statement)
        history = registry.get_model("program_pages", HISTORY)._meta.db_table
        if history in tables:
            for operation in ("UPDATE", "DELETE"):
                for statement in _trigger(connection.vendor, history, operation, "1 = 1", HISTORY_MESSAGE):
                    cursor.execute(statement)


def lift(using: str = "default", **_: Any) -> None:
    """Drops the triggers, so that a migration may rebuild tables."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table in _existing(connection.vendor, cursor):
            on = f' ON "{table}"' if connection.vendor == "postgresql" else ""
            cursor.execute(f'DROP TRIGGER IF EXISTS "{name}"{on}')


def _existing(vendor: str, cursor: Any) -> list[tuple[str, str]]:
    query = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
        "postgresql": "SELECT DISTINCT tgname, tgrelid::regclass::text FROM pg_trigger"
        " WHERE NOT tgisinternal AND tgname LIKE %s",
    }[vendor]
    cursor.execute(query, [f"{PREFIX}%"])
    return [(name, table.strip('"')) for name, table in cursor.fetchall()]


def _sealed_models() -> Iterator[tuple[type[models.Model], tuple[Any, ...]]]:
    """Every model whose rows belong to an edition, with the chain of foreign keys that leads there."""
    edition = registry.get_model("program_pages", "TermsEdition")
    yield edition, ()
    for row in registry.get_app_config("program_pages").get_models():
        for field in row._meta.concrete_fields:
            if field.related_model is edition and row is not edition:
                yield row, (field.column,)
                yield from _sealed_children(row, field.column)


def _sealed_children(parent: Any, column: str | None) -> Iterator[tuple[type[models.Model], tuple[Any, ...]]]:
    table = parent._meta.db_table
    for row in registry.get_app_config("program_pages").get_models():
        for field in row._meta.concrete_fields:
            if field.related_model is parent and row is not parent:
                yield row, (field.column, table, column)


def _statements(vendor: str, model: type[models.Model], path: tuple[str, ...]) -> Iterator[str]:
    table = model._meta.db_table
    if not path:
        changed = " OR ".join(
            f'OLD."{field.column}" IS DISTINCT FROM NEW."{field.column}"'
            for field in model._meta.concrete_fields
            if field.name not in model.MUTABLE_FIELDS  # type: ignore[attr-defined]
        )
        sealed = f'OLD."approved_at" IS NOT NULL AND OLD."effective_from" <= {_TODAY[vendor]}'
        yield from _trigger(vendor, table, "UPDATE", f"({sealed}) AND ({changed})")
        yield from _trigger(vendor, table, "DELETE", sealed)
        return
    for operation, sides in (("INSERT", ("NEW",)), ("UPDATE", ("OLD", "NEW")), ("DELETE", ("OLD",))):
        condition = " OR ".join(_parent_is_sealed(vendor, side, path) for side in sides)
        yield from _trigger(vendor, table, operation, condition)


def _parent_is_sealed(vendor: str, side: str, path: tuple[str, ...]) -> str:
    edition = f'{side}."{path[0]}"'
    if len(path) == 3:
        edition = f'(SELECT "{path[2]}" FROM "{path[1]}" WHERE id = {edition})'  # noqa: S608 - names of our own models
    return (
        f"EXISTS (SELECT 1 FROM program_pages_termsedition WHERE id = {edition}"  # noqa: S608 - the same
        f" AND approved_at IS NOT NULL AND effective_from <= {_TODAY[vendor]})"
    )


def _trigger(vendor: str, table: str, operation: str, condition: str, message: str = MESSAGE) -> Iterator[str]:
    name = f"{PREFIX}{table.removeprefix('program_pages_')}_{operation.lower()}"
    if vendor == "sqlite":
        condition = condition.replace("IS DISTINCT FROM", "IS NOT")
        yield (
            f'CREATE TRIGGER "{name}" BEFORE {operation} ON "{table}" WHEN {condition}'
            f" BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    kept = "OLD" if operation == "DELETE" else "NEW"
    yield (
        f'CREATE OR REPLACE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN'
        f" IF {condition} THEN RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation';"
        f" END IF; RETURN {kept}; END $$"
    )
    yield f'CREATE TRIGGER "{name}" BEFORE {operation} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "{name}"()'
