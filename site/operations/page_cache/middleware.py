"""Answers strangers from the page cache. Stands before sessions and languages, after what compresses answers.

One request makes a page that has become old. The others are given the old one while that is being made, if it has been
old for less than ``OLD_SECONDS``; otherwise, and where there is none, they wait for the new one. Whoever makes it and
does not come back is forgotten after ``LOCK_SECONDS``. A page that cannot be made because something is down (5xx) is
answered with the one kept, as long as nothing has been recorded since. May not import models.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from operations.metrics import count_page_cache
from operations.page_cache import cdn
from operations.page_cache.addresses import Address, address_of
from operations.page_cache.answers import REVALIDATED, Answer, kept_of, sent
from operations.page_cache.store import LOCK_SECONDS, Store
from operations.page_cache.version import Known, Versions
from operations.page_cache.version import versions as of_this_process

OLD_SECONDS = 5.0
POLL_SECONDS = 0.02
BROKEN = 500
COUNTED = {"hit": "hit", "old": "stale", "miss": "miss"}  # how metrics name it
# What the visitor's browser has is compared with what is kept, not with what is being made.
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")


class PageCacheMiddleware:
    """See the module's docstring. ``versions`` and ``store`` are those of the process, but in tests of several."""

    def __init__(
        self,
        get_response: Callable[[HttpRequest], HttpResponseBase],
        versions: Versions | None = None,
        store: Store | None = None,
    ) -> None:
        if settings.PAGE_CACHE_SECONDS <= 0:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.versions = versions or of_this_process
        self.store = store or Store()
        self.versions.when_new += [self.store.something_is_new, cdn.purge_soon]
        self.nginx_seconds = str(max(1, settings.GROUND_SECONDS))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The page as it is kept, or as it is made."""
        address = address_of(request)
        if address is None:
            count_page_cache("bypass")
            return self.get_response(request)
        known = self.versions.current()
        answer = self.store.get(address)
        if answer is not None and self._is_fresh(answer, known):
            return self._sent(request, answer, "hit")
        if request.method == "HEAD" or self.store.is_refused(address):
            return self.get_response(request)
        return self._otherwise(request, address, known)

    def _otherwise(self, request: HttpRequest, address: Address, known: Known) -> HttpResponseBase:
        """From the shared cache, by making it, or by waiting for whoever makes it."""
        waits_until = time.monotonic() + LOCK_SECONDS
        while True:
            answer = self._found(address, known)
            if answer is not None and self._is_fresh(answer, known):
                return self._sent(request, answer, "hit")
            if self.store.claim(address, known):
                return self._claimed(request, address, known, answer)
            if answer is not None and self._is_old_enough_to_be_shown(answer, known):
                return self._sent(request, answer, "old")
            if time.monotonic() > waits_until or self.store.is_refused(address):
                return self.get_response(request)
            time.sleep(POLL_SECONDS)
            known = self.versions.current()

    def _found(self, address: Address, known: Known) -> Answer | None:
        own = self.store.get(address)
        if own is not None and self._is_fresh(own, known):
            return own
        return self.store.get_shared(address, known) or own

    @staticmethod
    def _is_fresh(answer: Answer, known: Known) -> bool:
        return answer.stamp == known.stamp and answer.expires > time.time()

    def _is_old_enough_to_be_shown(self, answer: Answer, known: Known) -> bool:
        """Whether what has become old is still right, or was so a moment ago."""
        if answer.stamp == known.stamp:
            return True
        ended = self.versions.ended(answer.stamp)
        return ended is not None and ended < OLD_SECONDS

    def _claimed(self, request: HttpRequest, address: Address, known: Known, old: Answer | None) -> HttpResponseBase:
        """Made, or found after all: whoever had claimed it before may have just finished."""
        try:
            found = self._found(address, known)
            if found is not None and found is not old and self._is_fresh(found, known):
                return self._sent(request, found, "hit")
            return self._made(request, address, known, old)
        finally:
            self.store.release(address, known)

    def _made(self, request: HttpRequest, address: Address, known: Known, old: Answer | None) -> HttpResponseBase:
        conditions = {name: value for name in CONDITIONS if (value := request.META.pop(name, None)) is not None}
        request.META["QUERY_STRING"] = address.query  # nobody else's page may name what this visitor came by
        request.__dict__.pop("GET", None)
        response = self.get_response(request)
        request.META.update(conditions)
        if response.status_code >= BROKEN:
            is_right = old is not None and old.stamp == self.versions.current().stamp
            return self._sent(request, old, "old") if old is not None and is_right else response
        return self._kept(request, address, known, response)

    def _kept(
        self, request: HttpRequest, address: Address, known: Known, response: HttpResponseBase
    ) -> HttpResponseBase:
        seconds = self._seconds(known)
        answer = kept_of(request, response, known.stamp, time.time() + seconds)
        if answer is None:
            self.store.refuse(address)
            return response
        if seconds <= 0:
            return response
        self.store.put(address, answer, known)
        if self.versions.current().stamp == known.stamp:
            cdn.note(address, seconds)
            return self._sent(request, answer, "miss")
        return self._sent(request, answer, "old")

    def _seconds(self, known: Known) -> float:
        """How long a page that is made now may be kept."""
        if not known.is_shared:
            return float(settings.GROUND_SECONDS)
        return known.settles_in() or float(settings.PAGE_CACHE_SECONDS)

    def _sent(self, request: HttpRequest, answer: Answer, state: str) -> HttpResponse:
        """The answer, and how long others may keep it: browsers not at all, nginx for a moment, a CDN until told."""
        control = answer.cache_control or REVALIDATED
        if settings.CDN_SECONDS:
            control += f", s-maxage={0 if state == 'old' else cdn.seconds(answer.expires, request)}"
        nginx = "0" if state == "old" else self.nginx_seconds
        count_page_cache(COUNTED[state])
        if state != "miss":
            request.answered_by = "page_cache"  # type: ignore[attr-defined]
        return sent(request, answer, state, {"Cache-Control": control, "X-Accel-Expires": nginx})
