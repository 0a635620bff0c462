"""How many queries this thread has asked of any database, and which of them were slow. May not import models.

Counted by a wrapper that every connection gets as it is opened; no query's parameters are looked at.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper
from django.dispatch import Signal

from operations.statements import Execute, wrap
from tracing.events import tell

logger = logging.getLogger("slow_queries")
LONGEST_SHOWN = 600  # characters of a slow statement

slow_query = Signal()  # ``database``: its alias


@dataclass(slots=True)
class Asked:
    """What a thread has asked so far: how many queries, and the seconds they took."""

    queries: int = 0
    seconds: float = 0.0


class _Here(threading.local):
    def __init__(self) -> None:
        self.asked = Asked()


_here = _Here()


def begin() -> Asked:
    """Counts this thread's queries anew from here on."""
    _here.asked = Asked()
    return _here.asked


def counted(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Counts a query; a slow one (``SLOW_QUERY_MS``) is logged as a statement with placeholders."""
    began = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        took = perf_counter() - began
        asked = _here.asked
        asked.queries += 1
        asked.seconds += took
        if took * 1000 >= settings.SLOW_QUERY_MS > 0:
            _tell_of(sql, took, context["connection"].alias)


def _tell_of(sql: str, took: float, database: str) -> None:
    statement = " ".join(sql.split())[:LONGEST_SHOWN]
    tell(logger, logging.WARNING, "query.slow", database=database, ms=round(took * 1000), sql=statement)
    slow_query.send(sender=None, database=database)


def watch(sender: object, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Counts what a new connection is asked (``connection_created``)."""
    wrap(connection, counted)
