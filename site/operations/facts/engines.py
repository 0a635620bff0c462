"""Whether what the site leans on answers: replicas, caches, places for files, room on the disks. May not import models.

Each of these may wait for another machine: ``state`` asks them in threads.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.core.files.storage import FileSystemStorage, storages
from django.db import DEFAULT_DB_ALIAS, connections
from django.template.defaultfilters import filesizeformat
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from operations.state import Alarm, Fact, Gauge, judged

PROBE = "operations.state"
PLACES = ("default", "private")
LITTLE_SHARE, LITTLE_BYTES = 0.1, 1024**3  # left on a disk: under either, it fills
NO_SHARE, NO_BYTES = 0.02, 200 * 1024**2  # left: next to nothing


def _up(engine: str) -> tuple[Gauge]:
    return (Gauge("site_up", "Whether an engine answers", 1.0, {"engine": engine}),)


def _down(label: str, error: Exception, alarm: Alarm, engine: str) -> Fact:
    gauge = Gauge("site_up", "Whether an engine answers", 0.0, {"engine": engine})
    value = _("не отвечает: %(why)s") % {"why": type(error).__name__}
    return judged(label, value, alarm, is_well=False, worse=True, gauges=[gauge])


def replicas() -> Iterator[Fact]:
    """Each database beside the first."""
    others = [alias for alias in connections if alias != DEFAULT_DB_ALIAS]
    if not others:
        yield Fact(_("Реплика"), _("нет"))
    for alias in others:
        began = perf_counter()
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except Exception as error:
            yield _down(alias, error, Alarm.REPLICA_FAILS, f"database:{alias}")
        else:
            yield judged(alias, _took(began), Alarm.REPLICA_FAILS, is_well=True, gauges=_up(f"database:{alias}"))


def cache_servers() -> Iterator[Fact]:
    """Each cache: written and read."""
    for alias in settings.CACHES:
        began = perf_counter()
        try:
            _refuse_forgetful(caches[alias])
        except Exception as error:
            yield _down(alias, error, Alarm.CACHE_FAILS, f"cache:{alias}")
        else:
            kind = settings.CACHES[alias]["BACKEND"].rpartition(".")[2]
            yield judged(
                alias, f"{kind}, {_took(began)}", Alarm.CACHE_FAILS, is_well=True, gauges=_up(f"cache:{alias}")
            )


def _refuse_forgetful(cache: BaseCache) -> None:
    """Raises LookupError where what was just written cannot be read: some caches swallow their errors."""
    cache.set(PROBE, PROBE, timeout=5)
    if cache.get(PROBE) != PROBE:
        raise LookupError(PROBE)


def places() -> Iterator[Fact]:
    """The places of public and of private files: whether they can be written, or answer."""
    for alias in PLACES:
        label = _("Открытые файлы") if alias == "default" else _("Закрытые файлы")
        try:
            storage = storages[alias]
            if isinstance(storage, FileSystemStorage):
                _refuse_unwritable(Path(storage.location))
            else:
                storage.exists(PROBE)
        except Exception as error:
            yield _down(label, error, Alarm.STORAGE_FAILS, f"storage:{alias}")
        else:
            yield judged(
                label, type(storage).__name__, Alarm.STORAGE_FAILS, is_well=True, gauges=_up(f"storage:{alias}")
            )


def _refuse_unwritable(folder: Path) -> None:
    """Raises PermissionError where nothing can be written; a folder that is to be made needs its parent."""
    there = next(place for place in (folder, *folder.parents) if place.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError


def disks() -> Iterator[Fact]:
    """Room left on each disk that the site writes to; one disk is one fact, however many of its places are there."""
    by_device: dict[int, tuple[Path, list[str]]] = {}
    for label, folder in _folders():
        there = next(place for place in (folder, *folder.parents) if place.exists())
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
