"""Which files the rows of a moment name, in which storage, and whether their bytes are still those of that moment.

A file never changes while a row names it: storages give each name once, whoever replaces a file writes another. What
can happen is that a row goes, and its file with it, while files are copied, and even that another upload gets the name
that has become free. So what is copied is believed only where its row still stands, or the name leads to nothing any
more; otherwise the moment is chosen anew. May not import models: it asks the registry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.apps import apps as registry
from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models

FILES = "files"  # the folder in the archive
AT_ONCE = 500  # rows


@dataclass(frozen=True, slots=True)
class Shelf:
    """A column that names files, and the storage they lie in, by its name in STORAGES."""

    model: type[models.Model]
    column: str
    storage: str


@dataclass(frozen=True, slots=True)
class Named:
    """A file that a row names."""

    shelf: Shelf
    key: Any
    name: str


def kept_in() -> list[str]:
    """The names in STORAGES under which people's files lie."""
    return [alias for alias in settings.STORAGES if alias != "staticfiles"]


def storage_of(alias: str) -> Storage:
    """The storage of a name in STORAGES."""
    return storages[alias]


def shelves() -> list[Shelf]:
    """Every column of every model; raises NotImplementedError for one whose storage has no name."""
    return [
        Shelf(model, field.attname, _alias(field))
        for model in registry.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
        for field in model._meta.local_concrete_fields
        if isinstance(field, models.FileField)
    ]


def _alias(field: models.FileField) -> str:
    for alias in kept_in():
        if field.storage == storages[alias]:
            return alias
    raise NotImplementedError(f"{field} keeps its files in a storage that STORAGES does not name")


def named_by_rows(using: str) -> Iterator[Named]:
    """Every file, once for each row that names it; a few rows at a time in memory."""
    for shelf in shelves():
        found = shelf.model._base_manager.using(using).order_by("pk").values_list("pk", shelf.column)
        for key, name in found.iterator(chunk_size=AT_ONCE):
            if name:
                yield Named(shelf, key, name)


def is_still_named(named: Named, using: str = "default") -> bool:
    """Whether the row names the file now."""
    return shelf_rows([named], using) == {(named.key, named.name)}


def shelf_rows(named: list[Named], using: str) -> set[tuple[Any, str]]:
    """What these rows of one shelf say now."""
    shelf = named[0].shelf
    rows = shelf.model._base_manager.using(using).filter(pk__in=[each.key for each in named])
    return set(rows.values_list("pk", shelf.column))


def may_be_another(using: str) -> str | None:
    """The name of a file that may have been replaced since a snapshot, or None where all that was copied is right."""
    for some in _of_one_shelf(named_by_rows(using)):
        now = shelf_rows(some, "default")
        for named in some:
            if (named.key, named.name) not in now and storage_of(named.shelf.storage).exists(named.name):
                return named.name
    return None


def _of_one_shelf(found: Iterator[Named]) -> Iterator[list[Named]]:
    some: list[Named] = []
    for named in found:
        if some and (named.shelf != some[0].shelf or len(some) == AT_ONCE):
            yield some
            some = []
        some.append(named)
    if some:
        yield some


def standing_in(storage: Storage, folder: str = "") -> Iterator[str]:
    """The files of a storage, but for hidden ones and the key that a development machine makes for itself."""
    try:
        folders, names = storage.listdir(folder)
    except FileNotFoundError:
        return
    own = settings.BADGE_KEY_FILE.name
    for name in names:
        if name and not name.startswith(".") and (folder or name != own):
            yield f"{folder}/{name}" if folder else name
    for name in folders:
        yield from standing_in(storage, f"{folder}/{name}" if folder else name)


def some_of(found: Iterator[str], most: int) -> list[str]:
    """The first few."""
    return list(islice(found, most))
