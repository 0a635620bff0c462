"""The version of all that pages show: a word that every process shares, new whenever something is recorded.

A page carries the stamp (version and day) that was current when its making began; where another one is current, the
page is old. A process asks for the shared word once in ``GROUND_SECONDS``; what it records itself it knows at once.

What is recorded and what is read may pass each other: a transaction is announced before it ends, a process keeps what
it has found for a moment (``program_pages.kept``), a replica lags behind. So a page made within
``settling_seconds()`` of a new version is kept until they are over and then made again, whatever it was made from.

Without a cache that all processes share (memory of the process, or a cache that is down) nobody tells one process what
another has recorded: ``is_shared`` is then False, and a page is kept for ``GROUND_SECONDS`` alone. When the cache is
there again, all is taken to be new.

For a replica that reads follow: the shared word begins with the time of the last record (``recorded_at``).
May not import models.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache

from program_pages import kept
from program_pages.models.edition import programme_day

logger = logging.getLogger(__name__)

ALIAS = "pages"
WORD = "version"  # the key of the shared word; it begins with the time of the last record in seconds since 1970
SETTLING_SECONDS = 5.0
REMEMBERED = 64  # stamps that are over: how old a page is, is asked for seconds after it became so


@dataclass(frozen=True, slots=True)
class Known:
    """What a process knows: the current stamp, since when (``time.monotonic``), and whether others would tell it."""

    stamp: str
    since: float
    is_shared: bool

    def settles_in(self) -> float:
        """Seconds until pages made under this stamp may be kept for long; 0 once they may."""
        return max(0.0, self.since + settling_seconds() - time.monotonic())


def settling_seconds() -> float:
    """How long after a new version pages are not trusted for long."""
    return SETTLING_SECONDS + 2 * float(settings.GROUND_SECONDS)


class Versions:
    """The version as one process knows it. Threads share it."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self.forget()

    def forget(self) -> None:
        """Knows nothing any more, as a new process."""
        self._word = _new_word()
        self._is_shared = False
        self._owed = False
        self._ask_at = 0.0
        self._confirmed_at = 0.0
        self._known = Known("", 0.0, False)
        self._ended: OrderedDict[str, float] = OrderedDict()
        self.when_new: list[Callable[[], None]] = []

    def current(self) -> Known:
        """What is current; asks the shared cache where it has not done so for ``GROUND_SECONDS``."""
        has_asked = time.monotonic() >= self._ask_at
        if has_asked:
            self._ask()
        known = self._known
        stamp = f"{self._word}/{programme_day()}/{'shared' if self._is_shared else 'alone'}"
        if stamp != known.stamp:
            known = self._learn(stamp)
        elif has_asked:
            self._confirmed_at = time.monotonic()
        return known

    def ended(self, stamp: str) -> float | None:
        """The most seconds for which a stamp may have been over; None where this process has forgotten it."""
        at = self._ended.get(stamp)
        return None if at is None else time.monotonic() - at

    def move_on(self) -> None:
        """Something that pages may show has been, or is about to be, recorded. Never fails, whatever the cache does."""
        word = _new_word()
        try:
            caches[ALIAS].set(WORD, word, timeout=None)
        except Exception:  # each cache has exceptions of its own
            self._owed = True  # told as soon as the cache is there again
            logger.warning("The page cache could not be told of a change; it will be told later.", exc_info=True)
        self._word = word
        self.current()

    def recorded_at(self) -> float:
        """When something was recorded last, in seconds since 1970 by the clock of whoever did; as far as is known."""
        return float(self._word.partition("-")[0])

    def _ask(self) -> None:
        self._ask_at = time.monotonic() + settings.GROUND_SECONDS
        cache = caches[ALIAS]
        if not is_shared(cache):
            self._is_shared = False
            return
        try:
            self._word, self._is_shared = self._shared_word(cache), True
        except Exception:  # each cache has exceptions of its own
            if self._is_shared:
                logger.warning("The page cache is not there: pages are kept for a moment only.", exc_info=True)
            self._is_shared = False
            self._owed = True  # who recorded something meanwhile could tell nobody, and may be gone

    def _shared_word(self, cache: BaseCache) -> str:
        if self._owed:
            cache.set(WORD, _new_word(), timeout=None)
            self._owed = False
        word = cache.get(WORD)
        if word is None:  # nobody has recorded anything, or the cache has forgotten
            cache.add(WORD, _new_word(), timeout=None)
            word = cache.get(WORD)
        if word is None:
            raise ConnectionError("The page cache does not keep what it is given.")
        return str(word)

    def _learn(self, stamp: str) -> Known:
        with self._guard:
            now, before = time.monotonic(), self._known
            if stamp == before.stamp:
                return before
            self._ended[before.stamp] = self._confirmed_at  # at the earliest
            self._confirmed_at = now
            if len(self._ended) > REMEMBERED:
                self._ended.popitem(last=False)
            self._known = known = Known(stamp, now, self._is_shared)
        kept.forget()
        for act in self.when_new:
            act()
        return known


def is_shared(cache: BaseCache) -> bool:
    """Whether other processes see what one puts there."""
    return not isinstance(cache, LocMemCache | DummyCache)


def _new_word() -> str:
    return f"{time.time():.3f}-{uuid4().hex}"


versions = Versions()
