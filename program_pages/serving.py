"""Serves Wagtail's pages; to strangers from the site and the page found a moment ago (``program_pages.kept``).

Which page an address leads to takes Wagtail seven queries, and a page such as the directory answers for thousands of
addresses. Its own door stays the only one: this fills in what Wagtail would find, then lets it serve.
"""

from __future__ import annotations

from copy import copy

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods
from wagtail.models import Page, Site
from wagtail.views import serve as wagtail_serve

from program_pages.kept import keep


@require_http_methods(["GET", "HEAD", "OPTIONS", "POST"])
def serve(request: HttpRequest, path: str) -> HttpResponse:
    """The page at a path below the language's prefix."""
    first, _slash, _rest = path.partition("/")
    if first and settings.SESSION_COOKIE_NAME not in request.COOKIES:
        _find_again(request, first, path)
    response: HttpResponse = wagtail_serve(request, path)
    return response


def _find_again(request: HttpRequest, first: str, path: str) -> None:
    """Notes on the request, where Wagtail looks for them, its site and the route from a page under the home page."""
    host = request.get_host()
    request._wagtail_site = keep(("site", host), lambda: Site.find_for_request(request))  # type: ignore[attr-defined]
    page = keep(("page", host, get_language(), first), lambda: _page_under_home(request, first))
    if page is None:
        return
    components = [component for component in path.split("/") if component]
    try:
        route = copy(page).route(request, components[1:])
    except Http404:
        route = None
    request._wagtail_route_for_request = route  # type: ignore[attr-defined]


def _page_under_home(request: HttpRequest, slug: str) -> Page | None:
    site = Site.find_for_request(request)
    if site is None:
        return None
    page = site.root_page.localized.get_children().live().filter(slug=slug).first()
    return page.specific if page else None
