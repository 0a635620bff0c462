"""Where kept answers are: in the process, and behind it where every process finds them.

The process keeps what was asked for last, up to ``PROCESS_BYTES``. The shared cache holds addresses without a query
alone: there are as many of those as pages, whereas queries come from whoever asks, and are kept by each process for
itself. Keys name the release, so that a new one meets no page of the old. Nothing here fails when the cache does.
May not import models.
"""

from __future__ import annotations

import logging
import threading
import time
import zlib
from collections import OrderedDict
from hashlib import blake2b
from typing import Any

from django.conf import settings
from django.core.cache import caches

from operations.page_cache.addresses import Address
from operations.page_cache.answers import Answer
from operations.page_cache.version import ALIAS, Known
from operations.release import release

logger = logging.getLogger(__name__)

PROCESS_BYTES = 16 * 1024 * 1024
LOCK_SECONDS = 5  # after which somebody else makes what a process has begun and not finished
MOST_REFUSED = 4096


class Store:
    """The answers that one process can reach. Threads share it."""

    def __init__(self, most_bytes: int = PROCESS_BYTES) -> None:
        self.most_bytes = most_bytes
        self._guard = threading.Lock()
        self._answers: OrderedDict[Address, Answer] = OrderedDict()
        self._bytes = 0
        self._claims: dict[Address, float] = {}
        self._refused: set[Address] = set()

    def get(self, address: Address) -> Answer | None:
        """What this process itself has, old or not."""
        answer = self._answers.get(address)
        if answer is not None:
            try:
                self._answers.move_to_end(address)
            except KeyError:  # another thread has just let it go
                return answer
        return answer

    def get_shared(self, address: Address, known: Known) -> Answer | None:
        """What any process has; kept by this one from now on."""
        if address.query or not known.is_shared:
            return None
        found = self._ask("get", _key(address))
        if not isinstance(found, tuple):
            return None
        stamp, expires, headers, cache_control, etag, packed = found
        answer = Answer(stamp, expires, headers, cache_control, etag, zlib.decompress(packed))
        self._keep(address, answer)
        return answer

    def put(self, address: Address, answer: Answer, known: Known) -> None:
        """Keeps an answer here, and for others where its address has no query; for longer than it is fresh."""
        self._keep(address, answer)
        if not address.query and known.is_shared:
            packed = zlib.compress(answer.body, 1)
            kept = (answer.stamp, answer.expires, answer.headers, answer.cache_control, answer.etag, packed)
            self._ask("set", _key(address), kept, timeout=2 * settings.PAGE_CACHE_SECONDS)

    def claim(self, address: Address, known: Known) -> bool:
        """Whether it falls to this thread to make an answer; it does so for a few seconds, or until ``release``."""
        now = time.monotonic()
        with self._guard:
            if self._claims.get(address, 0.0) > now:
                return False
            self._claims[address] = now + LOCK_SECONDS
        if address.query or not known.is_shared:
            return True
        if self._ask("add", f"making:{_key(address)}", 1, timeout=LOCK_SECONDS) is False:
            self._claims.pop(address, None)
            return False
        return True

    def release(self, address: Address, known: Known) -> None:
        """Lets others make the answer."""
        self._claims.pop(address, None)
        if not address.query and known.is_shared:
            self._ask("delete", f"making:{_key(address)}")

    def refuse(self, address: Address) -> None:
        """Remembers that what stands at an address is somebody's own, or nothing, until something is recorded."""
        if len(self._refused) >= MOST_REFUSED:
            self._refused.clear()
        self._refused.add(address)

    def is_refused(self, address: Address) -> bool:
        """Whether what stands there has turned out to be nothing that is kept."""
        return address in self._refused

    def something_is_new(self) -> None:
        """What stands at an address may be another page now."""
        self._refused.clear()

    @property
    def bytes(self) -> int:
        """How much this process keeps."""
        return self._bytes

    def forget(self) -> None:
        """Forgets what this process has."""
        with self._guard:
            self._answers.clear()
            self._claims.clear()
            self._refused.clear()
            self._bytes = 0

    def _keep(self, address: Address, answer: Answer) -> None:
        with self._guard:
            before = self._answers.pop(address, None)
            self._bytes += answer.size - (before.size if before else 0)
            self._answers[address] = answer
            while self._bytes > self.most_bytes and len(self._answers) > 1:
                _address, oldest = self._answers.popitem(last=False)
                self._bytes -= oldest.size

    def _ask(self, act: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(caches[ALIAS], act)(*args, **kwargs)
        except Exception:  # each cache has exceptions of its own
            logger.warning("The page cache did not answer.", exc_info=True)
            return None


def _key(address: Address) -> str:
    named = "\n".join(address).encode("utf-8", "surrogatepass")
    return f"page:{release()}:{blake2b(named, digest_size=16).hexdigest()}"
