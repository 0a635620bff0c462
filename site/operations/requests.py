"""The outermost of all middleware: gives a request its id, and tells the log and the metrics how it was answered.

Paths are never written, for a sealed link stands in one: the route is, which is its pattern's name. May not import
models.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from time import perf_counter
from typing import Any

from django.conf import settings
from django.contrib.messages import ERROR
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import empty

from operations import metrics, queries
from tracing import events, ids

HEADER = "X-Request-ID"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What was only handed out: its line would cost a tenth of it, and the web server before the site writes one, too.
KEPT = frozenset({"page_cache", "static", "live_badge"})
PAGE = "page"  # the one route whose paths say which page it was
REFUSED: dict[int, str] = {HTTPStatus.FORBIDDEN: "permission.refused", HTTPStatus.TOO_MANY_REQUESTS: "limit.reached"}

logger = logging.getLogger("access")


class RequestMiddleware:
    """Stands first: what answers early (a kept page, a badge, a static file) has its id, too.

    Whoever answers before addresses are resolved names itself in ``request.answered_by`` (``page_cache``).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The answer with its id in ``X-Request-ID``."""
        began = perf_counter()
        # Only a proxy of our own names requests; without one, the header is anybody's.
        request_id = ids.begin(request.META.get("HTTP_X_REQUEST_ID", "") if settings.TRUSTED_PROXIES else "")
        asked = queries.begin()
        response = self.get_response(request)
        response.headers[HEADER] = request_id
        took = perf_counter() - began
        route = route_of(request)
        metrics.observe(route, response.status_code, took)
        if settings.ACCESS_LOG == "all" or (settings.ACCESS_LOG == "worked" and _is_worked(route, response)):
            _write(request, response, route, took, asked)
        if event := _refusal(request, response):
            events.security(event, route=route, user=user_of(request))
        return response


def _is_worked(route: str, response: HttpResponseBase) -> bool:
    """Whether an answer took work, or refuses something: who guesses badges or files is seen."""
    return route not in KEPT or response.status_code >= HTTPStatus.BAD_REQUEST


def route_of(request: HttpRequest) -> str:
    """The name of what answered: a route's, or that of whoever answered before routes were looked at."""
    match = request.resolver_match
    if match is not None:
        return match.view_name or match.route
    if request.path_info.startswith(settings.STATIC_URL):
        return "static"
    return getattr(request, "answered_by", "unrouted")


def user_of(request: HttpRequest) -> int | None:
    """The key of who is signed in, where something has asked for it already: no query is made for the log."""
    user: Any = request.__dict__.get("user")
    if user is None or user.__dict__.get("_wrapped") is empty:
        return None
    key: int | None = user.pk
    return key


def _write(request: HttpRequest, response: HttpResponseBase, route: str, took: float, asked: queries.Asked) -> None:
    status = response.status_code
    events.tell(
        logger,
        logging.INFO,
        "request",
        method=request.method if request.method in METHODS else "other",
        route=route,
        page=request.path if route == PAGE and status < HTTPStatus.BAD_REQUEST else None,
        status=status,
        ms=round(took * 1000, 1),
        queries=asked.queries,
        db_ms=round(asked.seconds * 1000, 1),
        bytes=None if response.streaming else len(response.content),  # type: ignore[attr-defined]
        user=user_of(request),
    )


def _refusal(request: HttpRequest, response: HttpResponseBase) -> str | None:
    """The event of an answer that refuses; Wagtail's admin leads to its first page instead, with an error."""
    if response.status_code != HTTPStatus.FOUND:
        return REFUSED.get(response.status_code)
    queued = getattr(getattr(request, "_messages", ()), "_queued_messages", ())
    is_error_told = any(message.level == ERROR for message in queued)
    is_led_away = is_error_told and response.headers.get("Location") == reverse("wagtailadmin_home")
    return REFUSED[HTTPStatus.FORBIDDEN] if is_led_away else None
