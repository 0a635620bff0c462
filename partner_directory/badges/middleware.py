"""Answers for a live badge ahead of what pages need: sessions, accounts and policies of pages say nothing of it.

Its headers are its view's own. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from partner_directory.badges.live_view import live_badge

LIVE = re.compile(r"/badges/(?P<code>[^/.]+)\.(?P<suffix>svg|png)")


class LiveBadgeMiddleware:
    """Stands right after what holds for every answer (TLS, host, static files)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """The badge, or what comes after."""
        found = LIVE.fullmatch(request.path_info)
        if found is None:
            return self.get_response(request)
        request.answered_by = "live_badge"  # type: ignore[attr-defined] # for the log, which knows no route here
        return live_badge(request, **found.groupdict())
