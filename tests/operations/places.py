"""A site in a folder of its own, beside that of the tests: a database file, and folders for its files.

What a backup promises is about files and committed rows, of which the tests' own site has none. The schema is taken
over from the tests' database: making it by all migrations takes the better part of a minute.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connections, models
from storages.backends.s3 import S3Storage

from partner_directory.guards import WORDS

ALIASES = ("default", "private")
# Tables that an engine makes of others.
MADE_ANEW = ("sqlite_", "wagtailsearch_", WORDS)


class Place:
    """A folder with a database, and one with files for each storage."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.file = folder, folder / "db.sqlite3"
        folder.mkdir(parents=True)

    def storage(self, alias: str) -> Path:
        """Where the files of a storage lie."""
        return self.folder / alias

    @contextmanager
    def entered(self) -> Iterator[Place]:
        """While this holds, the site's default database and its storages are those of this place, in every thread."""
        with pytest.MonkeyPatch.context() as patch:
            before = connections["default"]
            patch.setitem(connections.settings, "default", _on_disk(before.settings_dict, self.file))
            connections["default"] = connections.create_connection("default")
            kept = {alias: self.kept(alias) for alias in ALIASES}
            for field, alias in _file_fields():
                patch.setattr(field, "storage", kept[alias])
            patch.setattr(storages, "_storages", {**storages._storages, **kept})
            try:
                yield self
            finally:
                connections["default"].close()
                connections["default"] = before

    def rows(self) -> dict[str, list[Any]]:
        """Every row, by table, as SQLite itself reads them."""
        with closing(sqlite3.connect(self.file)) as database:
            named = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [name for (name,) in named if not name.startswith(MADE_ANEW)]
            return {name: sorted(map(repr, database.execute(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608

    def kept(self, alias: str) -> Storage:
        """The storage itself."""
        return FileSystemStorage(location=self.storage(alias))

    def files(self) -> dict[str, bytes]:
        """Every file, by storage and name."""
        found = [path for alias in ALIASES for path in self.storage(alias).rglob("*") if path.is_file()]
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def is_empty(self) -> bool:
        """Whether there is neither a table nor a file."""
        with closing(sqlite3.connect(self.file)) as database:
            return not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] and not self.files()


class Buckets(Place):
    """A place whose files lie in buckets of a server that speaks S3."""

    def kept(self, alias: str) -> Storage:
        """A bucket, that gives each name once."""
        return S3Storage(
            bucket_name=f"{self.folder.name}-{alias}", file_overwrite=False, access_key="nobody", secret_key="nothing"
        )

    def files(self) -> dict[str, bytes]:
        """Every object, by storage and name."""
        objects = [(alias, each) for alias in ALIASES for each in self.kept(alias).bucket.objects.all()]  # type: ignore[attr-defined]
        return {f"{alias}/{each.key}": each.get()["Body"].read() for alias, each in objects}


def _on_disk(settings: dict[str, Any], file: Path) -> dict[str, Any]:
    return {**settings, "NAME": str(file), "TEST": {**settings["TEST"], "NAME": str(file)}}


def _file_fields() -> list[tuple[models.FileField, str]]:
    fields = [
        field
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    ]
    return [(field, "private" if field.storage is storages["private"] else "default") for field in fields]


def quick_build(schema: Path) -> Any:
    """In place of ``arrival.build``: the tables as another database file has them, without triggers."""

    def build(connection: Any, _applied: Sequence[tuple[str, str]]) -> None:
        if connection.introspection.table_names():
            return
        with closing(sqlite3.connect(schema)) as database, connection.cursor() as cursor:
            made = database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL AND type <> 'trigger'")
            for name, sql in made:
                if not name.startswith((WORDS, "sqlite_")) and "_fts_" not in name:
                    cursor.execute(sql)
            for row in database.execute("SELECT app, name, applied FROM django_migrations"):
                cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", list(row))
            for (sql,) in database.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'wagtailsearch%'"
            ):
                cursor.execute(sql)

    return build
