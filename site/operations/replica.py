"""Which database a question is asked of: the primary, or, for strangers' public pages, a replica that has caught up.

A replica is read inside a GET or HEAD of a public page by somebody without a session, outside transactions, and only
once it holds the last write of any process: each commit leaves its place in the primary's log (PostgreSQL's LSN) and
its moment in the shared cache (``caches["limits"]``), and the replica is asked how far it has come. Where that cannot
be known, and for ``REPLICA_LAG_SECONDS`` after a write, the primary answers. A replica that fails is left alone for a
moment, and the page in the making is made anew from the primary. May not import models.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import MiddlewareNotUsed
from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import HttpRequest, HttpResponseBase

from operations.caches import DOWN, LIMITS
from operations.statements import Execute, tell_of_write, wrap

logger = logging.getLogger(__name__)

REPLICA = "replica"
SAFE = ("GET", "HEAD")
# Pages about somebody, and those that ask how the site is: first parts of addresses, after the language's.
NOT_PUBLIC = frozenset({"account", "admin", "client", "documents", "enquiry", "healthz", "metrics", "portal", "readyz"})
WRITES = re.compile(r"\s*(insert|update|delete|merge|truncate|alter|create|drop|copy)\b", re.IGNORECASE)
LAST_WRITE = "replica:last-write"
SECONDS_LEFT_ALONE = 5.0  # after the replica has failed
FAILS = (OperationalError, InterfaceError)  # what a database that cannot be asked, or breaks off, raises
NO_WRITE = (0.0, "")
# Compared by the replica itself: has it replayed the primary's log up to there?
CAUGHT_UP = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= %s::pg_lsn"

_reads_replica: ContextVar[bool] = ContextVar("reads_replica", default=False)
_left_alone_until = 0.0  # by the monotonic clock


def reads_may_lag() -> bool:
    """Whether what is read here and now comes from a replica, which may know less than the primary."""
    return _reads_replica.get() and not connections[DEFAULT_DB_ALIAS].in_atomic_block


@contextmanager
def from_the_primary() -> Iterator[None]:
    """Inside, everything is read from the primary: for what is kept for others under a version just counted."""
    token = _reads_replica.set(False)
    try:
        yield
    finally:
        _reads_replica.reset(token)


class Router:
    """Sends reads to the replica where ``reads_may_lag``, everything else to the primary.

    Rows of any other database (``using``) are left to Django.
    """

    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        """The replica or the primary; never where the row that leads there came from."""
        if _is_elsewhere(hints.get("instance")):
            return None
        return REPLICA if reads_may_lag() else DEFAULT_DB_ALIAS

    def db_for_write(self, model: Any, **hints: Any) -> str | None:
        """The primary, always."""
        return None if _is_elsewhere(hints.get("instance")) else DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool | None:
        """Of primary and replica they are the same rows."""
        return None if _is_elsewhere(one) or _is_elsewhere(other) else True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """What the primary has, the replica receives."""
        return False if db == REPLICA else None


def _is_elsewhere(row: Any) -> bool:
    state = getattr(row, "_state", None)
    return getattr(state, "db", None) not in (None, DEFAULT_DB_ALIAS, REPLICA)


class ReplicaMiddleware:
    """Lets strangers' public pages be read from the replica, if it knows all that it should; there may be none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        if REPLICA not in settings.DATABASES:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer, read from where it may be."""
        if not (is_for_strangers(request) and replica_is_fit()):
            return self.get_response(request)
        token = _reads_replica.set(True)
        try:
            return self.get_response(request)
        finally:
            _reads_replica.reset(token)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Where the replica has failed under a page, the page made from the primary instead."""
        if not _reads_replica.get() or not isinstance(exception, FAILS):
            return None
        _leave_alone(exception)
        _reads_replica.set(False)
        found = request.resolver_match
        if found is None:
            return None
        response: Any = found.func(request, *found.args, **found.kwargs)
        again: HttpResponseBase = response.render() if hasattr(response, "render") else response
        return again


def is_for_strangers(request: HttpRequest) -> bool:
    """Whether this asks to see a public page, and says nothing of who is asking."""
    parts = request.path_info.lstrip("/").split("/")
    if parts[0] in {code for code, _name in settings.LANGUAGES}:
        parts = parts[1:]
    return (
        request.method in SAFE
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and (not parts or parts[0] not in NOT_PUBLIC)
    )


def replica_is_fit() -> bool:
    """Whether the replica answers and holds every write that is known of."""
    if time.monotonic() < _left_alone_until:
        return False
    try:
        moment, place = caches[LIMITS].get(LAST_WRITE, NO_WRITE)
    except Exception:  # whatever the backend says: what was written last cannot be known
        return False
    if moment + settings.REPLICA_LAG_SECONDS > time.time():
        return False
    try:
        return _holds(place)
    except FAILS as error:
        _leave_alone(error)
        return False


def _holds(place: str) -> bool:
    connection = connections[REPLICA]
    if connection.vendor != "postgresql":
        connection.ensure_connection()
        return True
    if not place:  # no write is remembered: the cache is new, or has forgotten
        place = _place_in_the_log()
        caches[LIMITS].add(LAST_WRITE, (0.0, place), timeout=None)
    with connection.cursor() as cursor:
        cursor.execute(CAUGHT_UP, [place])
        return bool(cursor.fetchone()[0])


def _leave_alone(error: Exception) -> None:
    global _left_alone_until
    is_new = time.monotonic() >= _left_alone_until
    _left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE
    if is_new:
        logger.error("The replica fails, the primary answers instead: %s", error)
    connections[REPLICA].close()


def note_write() -> None:
    """Remembers for every process how far the primary's log has come, and when."""
    try:
        caches[LIMITS].set(LAST_WRITE, (time.time(), _place_in_the_log()), timeout=None)
    except DOWN:  # then nobody can read what was noted before either, and everybody reads the primary
        logger.exception("What was written last could not be remembered")


def _place_in_the_log() -> str:
    """Empty for a database that keeps no such log."""
    connection = connections[DEFAULT_DB_ALIAS]
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn()::text")
        return str(cursor.fetchone()[0])


def watched(execute: Execute, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Django's wrapper of every statement: notes writes, once they are in the primary's log and once committed."""
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and WRITES.match(sql):
        _reads_replica.set(False)  # whoever has written sees it
        tell_of_write(context["connection"], note_write)
    return result


def watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Watches a new connection to the primary (``connection_created``), where there is a replica."""
    if connection.alias == DEFAULT_DB_ALIAS and REPLICA in settings.DATABASES:
        wrap(connection, watched)
