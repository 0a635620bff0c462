"""Whether what the site leans on answers: replicas, caches, places for files, room on the disks. May not import models.

Each of these may wait for another machine: ``state`` asks them in threads.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.cache import caches
from django.core.files.storage import FileSystemStorage, storages
from django.db import DEFAULT_DB_ALIAS, connections
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from operations.caches import refuse_forgetful
from operations.state import Alarm, Fact, Gauge, judged, site_up

PROBE = "operations.state"
PLACES = ("default", "private")
LITTLE_SHARE, LITTLE_BYTES = 0.1, 1024**3  # left on a disk: under either, it fills
NO_SHARE, NO_BYTES = 0.02, 200 * 1024**2  # left: next to nothing


def replicas() -> Iterator[Fact]:
    """Each database beside the first."""
    others = [alias for alias in connections if alias != DEFAULT_DB_ALIAS]
    if not others:
        yield Fact(_("Реплика"), _("нет"))
    for alias in others:
        yield _answers(alias, Alarm.REPLICA_FAILS, f"database:{alias}", partial(_ask_database, alias))


def cache_servers() -> Iterator[Fact]:
    """Each cache: written and read."""
    for alias in settings.CACHES:
        yield _answers(alias, Alarm.CACHE_FAILS, f"cache:{alias}", partial(_ask_cache, alias))


def places() -> Iterator[Fact]:
    """The places of public and of private files: whether they can be written, or answer."""
    for alias in PLACES:
        label = _("Открытые файлы") if alias == "default" else _("Закрытые файлы")
        yield _answers(label, Alarm.STORAGE_FAILS, f"storage:{alias}", partial(_ask_storage, alias))


def _answers(label: str, alarm: Alarm, engine: str, ask: Callable[[], str]) -> Fact:
    """What an engine answers when it is asked; or that it does not, and by which exception."""
    try:
        value = ask()
    except Exception as error:  # each driver has exceptions of its own
        value = _("не отвечает: %(why)s") % {"why": type(error).__name__}
        return judged(label, value, alarm, is_well=False, worse=True, gauges=[site_up(engine, is_up=False)])
    return judged(label, value, alarm, is_well=True, gauges=[site_up(engine, is_up=True)])


def _ask_database(alias: str) -> str:
    began = perf_counter()
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
    return _took(began)


def _ask_cache(alias: str) -> str:
    began = perf_counter()
    refuse_forgetful(caches[alias])
    kind = settings.CACHES[alias]["BACKEND"].rpartition(".")[2]
    return f"{kind}, {_took(began)}"


def _ask_storage(alias: str) -> str:
    storage = storages[alias]
    if isinstance(storage, FileSystemStorage):
        _refuse_unwritable(Path(storage.location))
    else:
        storage.exists(PROBE)
    return type(storage).__name__


def _refuse_unwritable(folder: Path) -> None:
    """Raises PermissionError where nothing can be written; a folder that is to be made needs its parent."""
    if not os.access(_nearest(folder), os.W_OK | os.X_OK):
        raise PermissionError


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def disks() -> Iterator[Fact]:
    """Room left on each disk that the site writes to; one disk is one fact, however many of its places are there."""
    by_device: dict[int, tuple[Path, list[str]]] = {}
    for label, folder in _folders():
        there = _nearest(folder)
        _path, labels = by_device.setdefault(there.stat().st_dev, (there, []))
        labels.append(label)
    for path, labels in by_device.values():
        yield _disk(path, labels)


def _folders() -> Iterator[tuple[str, Path]]:
    for alias, label in (("default", _("открытые файлы")), ("private", _("закрытые файлы"))):
        storage = storages[alias]
        if isinstance(storage, FileSystemStorage):
            yield label, Path(storage.location)
    database = settings.DATABASES[DEFAULT_DB_ALIAS]
    name = str(database.get("NAME", ""))
    if database["ENGINE"].endswith("sqlite3") and name and ":memory:" not in name and "mode=memory" not in name:
        yield _("база данных"), Path(name).parent


def _disk(path: Path, labels: list[str]) -> Fact:
    usage = shutil.disk_usage(path)
    share = usage.free / usage.total if usage.total else 0.0
    is_well = share >= LITTLE_SHARE and usage.free >= LITTLE_BYTES
    is_full = share < NO_SHARE or usage.free < NO_BYTES
    value = _("свободно %(free)s из %(total)s (%(percent)d %%)") % {
        "free": filesizeformat(usage.free),
        "total": filesizeformat(usage.total),
        "percent": share * 100,
    }
    label = ", ".join(labels)
    gauge = Gauge(
        "site_disk_free_bytes", "Room left on a disk that the site writes to", usage.free, {"disk": str(path)}
    )
    return judged(capfirst(label), value, Alarm.DISK_FILLS, is_well=is_well, worse=is_full, gauges=[gauge])


def _took(began: float) -> str:
    return _("ответ за %(ms)d мс") % {"ms": (perf_counter() - began) * 1000}
