"""The shared cache on Redis, and what the site does while it is down: pages go on, limits do not.

Three aliases speak to one server (``config.settings.engines``). ``caches["default"]`` forgives: while the server is
down or silent it knows nothing and keeps nothing, and says so once in the log. ``caches["limits"]`` is strict: it
raises, so that whoever counts attempts can refuse instead of counting none; so is ``caches["pages"]``, because the page
cache must know whether other processes hear of a change. May not import models.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.utils.functional import cached_property
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger(__name__)

SECONDS_TO_ANSWER = 0.5  # that a web process waits for the server, to connect and to answer
SECONDS_LEFT_ALONE = 2.0  # after a failure, so that a silent server is waited for once and not by every question
LIMITS = "limits"
DOWN = (RedisError, OSError)  # what a server that cannot be asked makes the client say
PROBE = "operations:alive"

T = TypeVar("T")


class KeptClients(RedisCacheClient):
    """Django's own, that keeps the client of a server: to make one for each question takes as long as asking it."""

    _get_connection_pool: Callable[[bool], Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._clients: dict[Any, Any] = {}

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:
        """The client of the server for a key."""
        pool = self._get_connection_pool(write)
        if pool not in self._clients:
            self._clients[pool] = super().get_client(key, write=write)
        return self._clients[pool]


class StrictRedisCache(RedisCache):
    """Django's own backend, that waits for half a second at most and asks once more over a new connection.

    Raises redis.exceptions.RedisError where the server cannot be asked. ``OPTIONS`` go before these.
    """

    _servers: list[str]
    _options: dict[str, Any]

    @cached_property
    def _cache(self) -> Any:
        waits = {"socket_timeout": SECONDS_TO_ANSWER, "socket_connect_timeout": SECONDS_TO_ANSWER}
        # A kept connection may be of a server that has been restarted since; redis-py's own way would sleep in between.
        options = {**waits, "retry": Retry(NoBackoff(), 1), **self._options}
        return KeptClients(self._servers, **options)


class ForgivingRedisCache(StrictRedisCache):
    """The same, that knows nothing and keeps nothing while the server is down, and raises nothing.

    ``incr`` and ``decr`` raise ValueError then, as for any key that the cache has lost. ``is_down`` says whether the
    server is being left alone after a failure.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._outage = outage_of(tuple(self._servers))

    @property
    def is_down(self) -> bool:
        """Whether this process has failed to ask the server, a moment ago."""
        return self._outage.lasts

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Whether the key was new; False where nobody can say, so that nothing is done twice."""
        return self._outage.asked(super().add, False, key, value, timeout, version)

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """What is kept, or the default."""
        return self._outage.asked(super().get, default, key, default, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keeps it, if it can."""
        self._outage.asked(super().set, None, key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Whether there was something to keep for longer."""
        return self._outage.asked(super().touch, False, key, timeout, version)

    def delete(self, key: str, version: int | None = None) -> bool:
        """Whether there was something to forget."""
        return self._outage.asked(super().delete, False, key, version)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """What is kept of these."""
        return self._outage.asked(super().get_many, {}, keys, version)

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Whether it is kept."""
        return self._outage.asked(super().has_key, False, key, version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """The count after it; raises ValueError where there is none to count on."""
        found = self._outage.asked(super().incr, None, key, delta, version)
        if found is None:
            raise ValueError(f"Key '{key}' not found.")
        return found

    def set_many(
        self, data: Mapping[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        """The keys that were not kept."""
        failed = list(data)
        return self._outage.asked(super().set_many, failed, data, timeout, version)

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Forgets these, if it can."""
        self._outage.asked(super().delete_many, None, keys, version)

    def clear(self) -> None:
        """Forgets everything, if it can."""
        self._outage.asked(super().clear, None)


class Outage:
    """What this process knows of a server that is down: every thread has a cache of its own, the server is one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until: float | None = None  # by the monotonic clock; None while the server answers

    @property
    def lasts(self) -> bool:
        """Whether the server is left alone at this moment."""
        until = self._until
        return until is not None and monotonic() < until

    def asked(self, ask: Callable[..., T], otherwise: T, *question: Any) -> T:
        """What the server answers, or what stands in for it while it is down."""
        if self.lasts:
            return otherwise
        try:
            answer = ask(*question)
        except DOWN as error:
            self._begins(error)
            return otherwise
        if self._until is not None:
            self._ends()
        return answer

    def _begins(self, error: Exception) -> None:
        with self._lock:
            is_new, self._until = self._until is None, monotonic() + SECONDS_LEFT_ALONE
        if is_new:
            logger.error("The cache is down, pages go on without it: %s", error)

    def _ends(self) -> None:
        with self._lock:
            was_down, self._until = self._until is not None, None
        if was_down:
            logger.warning("The cache is back.")


_outages: dict[tuple[str, ...], Outage] = {}


def outage_of(servers: tuple[str, ...]) -> Outage:
    """The one of these servers in this process."""
    return _outages.setdefault(servers, Outage())


def cache_is_alive() -> bool:
    """Whether the cache that limits are counted in can be written and read now; waits for a second at most."""
    try:
        refuse_forgetful(caches[LIMITS])
    except Exception:  # whatever the backend says when it cannot
        logger.exception("The cache cannot be asked")
        return False
    return True


def refuse_forgetful(cache: BaseCache) -> None:
    """Raises LookupError where what was just written cannot be read (some caches swallow their errors), or theirs."""
    cache.set(PROBE, PROBE, timeout=5)
    if cache.get(PROBE) != PROBE:
        raise LookupError(PROBE)
