"""What a CDN before the site may keep, and how it is told that it must not any more.

A CDN may keep what has an address without a query, for as long as the site itself keeps it and at most
``CDN_SECONDS``. Each address that it may have is noted in the shared cache. When the version moves on, all that were
noted since the last time are purged: whatever has been recorded, the CDN has nothing left that shows it otherwise.

Purging is done in a thread beside the requests, by whichever process notices first, after every process has had time to
notice. A CDN that does not answer is asked again until what it may have has run out. The backends are Wagtail's
(``WAGTAILFRONTENDCACHE``). May not import models.
"""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Iterable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPSConnection
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest
from wagtail.contrib.frontend_cache.backends.base import BaseBackend
from wagtail.contrib.frontend_cache.utils import get_backends

from operations.page_cache.addresses import Address
from operations.page_cache.version import ALIAS

logger = logging.getLogger(__name__)

NOTED, PURGED, LOCK = "cdn:noted", "cdn:purged", "cdn:purging"  # two counters, and who is at it
AT_ONCE = 500  # addresses
LOCK_SECONDS = 60
AGAIN_SECONDS = 30.0  # after a CDN has not answered
TIMEOUT = 5.0

_guard = threading.Lock()
_waiting: threading.Timer | None = None


def is_configured() -> bool:
    """Whether there is a CDN that may keep something and can be told to forget it."""
    return bool(settings.CDN_SECONDS and settings.WAGTAILFRONTENDCACHE)


def seconds(expires: float, request: HttpRequest) -> int:
    """How many seconds a CDN may keep an answer that the site keeps until a time (since 1970)."""
    if request.META.get("QUERY_STRING"):
        return 0
    return max(0, min(int(settings.CDN_SECONDS), int(expires - time.time())))


def note(address: Address, kept: float) -> None:
    """Notes that the CDN may have an address for so many seconds."""
    if not is_configured() or address.query:
        return
    cache = caches[ALIAS]
    try:
        cache.add(NOTED, 0, timeout=None)
        cache.set(f"cdn:{cache.incr(NOTED)}", address.url, timeout=round(min(kept, settings.CDN_SECONDS)) + 1)
    except Exception:  # each cache has exceptions of its own
        logger.warning("What the CDN may have could not be noted: %s", address.url, exc_info=True)


def purge_soon(after: float | None = None) -> None:
    """Sees to a purge once every process has noticed what is new; several calls in the meantime are one."""
    global _waiting
    if not is_configured():
        return
    with _guard:
        if _waiting is not None:
            return
        wait = 1.5 * settings.GROUND_SECONDS + 0.5 + random.random() / 2 if after is None else after  # noqa: S311
        _waiting = threading.Timer(wait, _purge_now)
        _waiting.daemon = after is not None  # a command that has recorded something waits for the first attempt alone
        _waiting.start()


def _purge_now() -> None:
    global _waiting
    with _guard:
        _waiting = None
    try:
        purge()
    except Exception:  # each backend, and each cache, has exceptions of its own
        logger.exception("The CDN could not be purged; it is asked again in %d s.", AGAIN_SECONDS)
        purge_soon(AGAIN_SECONDS)


def purge() -> int:
    """Purges all that the CDN may have; how many addresses those were. Raises what its backend raises."""
    cache = caches[ALIAS]
    while not cache.add(LOCK, 1, timeout=LOCK_SECONDS):
        time.sleep(0.2)
    try:
        first, last = cache.get(PURGED, 0), cache.get(NOTED, 0)
        if first > last:  # the cache has forgotten how many it had noted
            first = 0
        urls = {url for number in range(first, last, AT_ONCE) for url in _noted(number, min(number + AT_ONCE, last))}
        for backend in get_backends().values() if urls else ():
            hosts = {url: urlsplit(url).hostname or "" for url in urls}
            backend.purge_batch([url for url in sorted(urls) if backend.invalidates_hostname(hosts[url])])
        cache.set(PURGED, last, timeout=None)
    finally:
        cache.delete(LOCK)
    if urls:
        logger.info("The CDN was told to forget %d addresses.", len(urls))
    return len(urls)


def _noted(after: int, until: int) -> Iterable[str]:
    found: dict[str, str] = caches[ALIAS].get_many([f"cdn:{number}" for number in range(after + 1, until + 1)])
    return found.values()


class PurgeBackend(BaseBackend):  # type: ignore[misc]
    """Sends ``PURGE`` by HTTP, as Wagtail's own backend does, but waits for ``TIMEOUT`` only and says what failed."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.location = urlsplit(params["LOCATION"])

    def purge(self, url: str) -> None:
        """One address; see ``purge_batch``."""
        self.purge_batch([url])

    def purge_batch(self, urls: list[str]) -> None:
        """All over one connection. Raises OSError or HTTPException where the CDN does not answer, or refuses."""
        kind = HTTPSConnection if self.location.scheme == "https" else HTTPConnection
        connection = kind(self.location.netloc, timeout=TIMEOUT)
        try:
            for url in urls:
                asked = urlsplit(url)
                connection.request("PURGE", asked.path, headers={"Host": asked.netloc})
                answer = connection.getresponse()
                answer.read()
                # Caches answer 404 or 412 for what they do not have.
                if answer.status >= HTTPStatus.BAD_REQUEST and answer.status not in (404, 412):
                    raise ConnectionError(f"The CDN answered PURGE {url} with {answer.status}.")
        finally:
            connection.close()
