"""Every table of the site's models, its columns by kind, and its rows in a form that no engine colours.

A row is a list of what JSON can say: numbers with places as text, moments in UTC, bytes in base64, JSON as the text
that it is. Its digest is the same on every engine: the JSON within it is read first, because PostgreSQL keeps neither
the order of keys nor how a number was written. May not import models: it asks the registry.
"""

from __future__ import annotations

import base64
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from django.apps import apps as registry
from django.apps.registry import Apps
from django.db import DatabaseError, models

READ_AT_ONCE, WRITTEN_AT_ONCE = 2000, 500  # rows
MODULUS = 1 << 256
# What an engine makes of other rows, in a form of its own; made anew where they arrive.
INDEXES = frozenset({"wagtailsearch.indexentry", "wagtailsearch.sqliteftsindexentry"})


class Refused(Exception):
    """What was asked cannot be done as things stand, in a sentence; nothing has been changed."""


class _AsIs(json.JSONEncoder):
    def encode(self, o: Any) -> str:
        """Text that is JSON already."""
        return str(o)


class JsonText(models.JSONField):
    """JSON as the text that it is: what is read is not understood, so that it is written as it stood."""

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        """The text."""
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """As each engine takes JSON."""
        return None if value is None else connection.ops.adapt_json_value(value, _AsIs)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """The same."""
        return self.get_db_prep_value(value, connection)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a sort of column is read, and what makes of its values what JSON can say, and back; nothing where it can."""

    field: type[models.Field[Any, Any]]
    to_json: Callable[[Any], Any] | None = None
    from_json: Callable[[Any], Any] | None = None


def _plain(number: Decimal) -> str:
    return format(number if number else abs(number), "f")  # one engine has a zero below zero, the other has not


KINDS = {
    "integer": Kind(models.BigIntegerField),
    "boolean": Kind(models.BooleanField),
    "text": Kind(models.TextField),
    "float": Kind(models.FloatField),
    "json": Kind(JsonText),
    "decimal": Kind(models.DecimalField, _plain, Decimal),
    "datetime": Kind(
        models.DateTimeField,
        lambda moment: moment.astimezone(UTC).isoformat(),
        lambda said: datetime.fromisoformat(said),
    ),
    "date": Kind(models.DateField, date.isoformat, date.fromisoformat),
    "time": Kind(models.TimeField, time.isoformat, time.fromisoformat),
    "duration": Kind(
        models.DurationField,
        lambda span: span // timedelta(microseconds=1),
        lambda said: timedelta(microseconds=said),
    ),
    "uuid": Kind(models.UUIDField, lambda key: key.hex, uuid.UUID),
    "bytes": Kind(models.BinaryField, lambda value: base64.b64encode(bytes(value)).decode(), base64.b64decode),
    "address": Kind(models.GenericIPAddressField),
}
# By what Django calls the sorts of its fields; subclasses answer as what they are made of.
SORTS = {
    **dict.fromkeys(
        (
            "AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField",
            "PositiveIntegerField", "PositiveBigIntegerField", "PositiveSmallIntegerField",
        ),
        "integer",
    ),
    **dict.fromkeys(("CharField", "TextField", "SlugField", "FileField", "FilePathField"), "text"),
    "BooleanField": "boolean",
    "FloatField": "float",
    "JSONField": "json",
    "DecimalField": "decimal",
    "DateTimeField": "datetime",
    "DateField": "date",
    "TimeField": "time",
    "DurationField": "duration",
    "UUIDField": "uuid",
    "BinaryField": "bytes",
    "GenericIPAddressField": "address",
}  # fmt: skip
NUMBERED = frozenset({"AutoField", "BigAutoField", "SmallAutoField"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, its kind, and of a number with places how many digits it has."""

    name: str
    kind: str
    digits: int | None = None
    places: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns in their order, which of them is the key, and whether the database numbers its rows."""

    name: str
    key: str
    numbered: bool
    columns: tuple[Column, ...]

    def as_json(self) -> dict[str, Any]:
        """What ``from_json`` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Table:
        """Raises TypeError, KeyError for what was never written by ``as_json``."""
        columns = tuple(Column(**column) for column in said["columns"])
        if not {column.kind for column in columns} <= set(KINDS):
            raise KeyError(said["name"])
        return cls(said["name"], said["key"], said["numbered"], columns)


@dataclass(slots=True)
class Tally:
    """How many rows a table has, and a digest of them that does not depend on their order."""

    rows: int = 0
    total: int = field(default=0, repr=False)

    def add(self, table: Table, row: list[Any]) -> None:
        """Counts a row in."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(digest_of(table, row), "big")) % MODULUS

    @property
    def digest(self) -> str:
        """In hexadecimal."""
        return f"{self.total:064x}"


def all_tables() -> list[Table]:
    """Of every model, those that Django makes for many-to-many fields too; without the engines' own indexes."""
    found = {
        model._meta.db_table: _table(model)
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.label_lower not in INDEXES
    }
    return [found[name] for name in sorted(found)]


def _table(model: type[models.Model]) -> Table:
    meta = model._meta
    columns = tuple(_column(each) for each in meta.local_concrete_fields)
    return Table(meta.db_table, str(meta.pk.column), meta.pk.get_internal_type() in NUMBERED, columns)


def _column(column: Any) -> Column:
    named = column
    while column.is_relation:
        column = column.target_field
    sort = column.get_internal_type()
    if sort not in SORTS:
        raise NotImplementedError(f"No kind for {named.model._meta.label}.{named.name}, a {sort}")
    places = (column.max_digits, column.decimal_places) if sort == "DecimalField" else (None, None)
    return Column(named.column, SORTS[sort], *places)


@cache
def twin(table: Table) -> type[models.Model]:
    """A model over the same table with plain fields alone, which compute, check and translate nothing."""
    meta = type("Meta", (), {"app_label": "moving", "db_table": table.name, "managed": False, "apps": Apps()})
    columns = {f"c{place}": _plain_field(column, table) for place, column in enumerate(table.columns)}
    return type("Row", (models.Model,), {**columns, "Meta": meta, "__module__": __name__})


def _plain_field(column: Column, table: Table) -> models.Field[Any, Any]:
    is_key = column.name == table.key
    options: dict[str, Any] = {"db_column": column.name, "primary_key": is_key, "null": not is_key}
    if column.kind == "decimal":
        options |= {"max_digits": column.digits, "decimal_places": column.places}
    return KINDS[column.kind].field(**options)


def rows_of(table: Table, using: str) -> Iterator[list[Any]]:
    """Every row by its key, a few at a time in memory; inside a transaction."""
    encoders = [KINDS[column.kind].to_json for column in table.columns]
    found = twin(table)._base_manager.using(using).order_by("pk").values_list()
    for row in found.iterator(chunk_size=READ_AT_ONCE):
        yield _each(encoders, row)


def write(table: Table, rows: list[list[Any]], using: str) -> None:
    """Puts rows in as they are; raises Refused for what this engine does not take."""
    model, decoders = twin(table), [KINDS[column.kind].from_json for column in table.columns]
    for start in range(0, len(rows), WRITTEN_AT_ONCE):
        made = [model(*_each(decoders, row)) for row in rows[start : start + WRITTEN_AT_ONCE]]
        try:
            model._base_manager.using(using).bulk_create(made)
        except (DatabaseError, ValueError) as error:
            raise Refused(
                f"{table.name}: this database does not take one of the rows from {made[0].pk} to {made[-1].pk}: {error}"
            ) from error


def _each(converters: Iterable[Callable[[Any], Any] | None], row: Iterable[Any]) -> list[Any]:
    """Each value of a row as its converter makes it; as it is where it is None, or there is no converter."""
    pairs = zip(converters, row, strict=True)
    return [value if value is None or convert is None else convert(value) for convert, value in pairs]


def digest_of(table: Table, row: list[Any]) -> bytes:
    """SHA-256 of a row as every engine holds it."""
    plain = [
        _understood(value) if column.kind == "json" and value is not None else value
        for column, value in zip(table.columns, row, strict=True)
    ]
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).digest()


def _understood(text: str) -> Any:
    return json.loads(text, parse_float=_number, parse_int=_number)


def _number(text: str) -> list[Any]:
    """100, 100.0 and 1e2 are one number; in a list that no JSON written by people looks like."""
    return ["\0number", *map(str, Decimal(text).normalize().as_tuple())]
