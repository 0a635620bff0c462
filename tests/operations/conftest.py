"""The log as production writes it, read by a test; the page cache turned on, with a cache that processes share."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import connection

from operations.logs import JsonLine, Safe
from operations.page_cache import version
from operations.page_cache.version import versions

Lines = Callable[..., list[dict[str, Any]]]
Committed = Callable[[], AbstractContextManager[object]]
MEMORY = "django.core.cache.backends.locmem.LocMemCache"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that the log gets, as JSON lines, from the level on that production logs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Safe())
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    """The lines so far, of one logger where it is named: ``lines("access")``."""

    def of(logger: str = "") -> list[dict[str, Any]]:
        found = [json.loads(line) for line in written.getvalue().splitlines()]
        return [line for line in found if logger in ("", line["logger"])]

    return of


class SharedMemory(LocMemCache):
    """Plays the cache that processes share: as Redis does, it has one answer to whoever asks in the same moment."""


@pytest.fixture
def page_cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages are kept, and whatever is recorded is asked for at once."""
    settings.PAGE_CACHE_SECONDS = 600
    settings.CACHES = {
        "default": {"BACKEND": MEMORY},
        "limits": {"BACKEND": MEMORY, "LOCATION": "limits"},
        "pages": {
            "BACKEND": f"{__name__}.SharedMemory",
            "LOCATION": "page cache",
            "OPTIONS": {"MAX_ENTRIES": 10_000},
        },
    }
    monkeypatch.setattr(version, "is_shared", lambda cache: True)
    versions.forget()
    yield
    caches["pages"].clear()
    versions.forget()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Committed:
    """As a context: what is done in it is a transaction of its own, which is committed at its end."""

    @contextmanager
    def transaction() -> Iterator[None]:
        connection.run_on_commit.clear()  # what the test has prepared is a transaction before
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return transaction
