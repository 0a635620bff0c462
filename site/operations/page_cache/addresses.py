"""Which requests may be answered from the page cache, and what names their answer.

Of a stranger alone: no session, no credentials, nothing to be told. What a view does with a request decides further
(``answers.kept_of``); here stand only the parts of the site where asking is never worth it, or must be counted.
May not import models.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation

API = "/api/"
MESSAGES = "messages"  # the cookie in which django.contrib.messages may keep what somebody is to be told
LONGEST_QUERY, MOST_PARAMETERS = 512, 32
# What others append to a link to count who follows it; no page of ours reads it.
TRACKING = re.compile(r"(?:utm_\w+|gclid|fbclid|yclid|ymclid|_openstat|mc_cid|mc_eid)(?:=|\Z)", re.IGNORECASE)
NEVER = (
    "admin", "portal", "account",  # for people with an account
    "enquiry", "client",  # links that only one person has
    "api/v1/verify",  # each question counts (partner_directory.limits)
    "badges", ".well-known", "logos/preview", "documents", "media", "static",  # files, with headers of their own
    "healthz", "readyz", "metrics",  # how things are now
)  # fmt: skip


class Address(NamedTuple):
    """What an answer is found by. ``language`` is that of the API's answers; a page has its own in its path."""

    scheme: str
    host: str
    path: str
    query: str
    language: str

    @property
    def url(self) -> str:
        """The whole address, as a CDN is told of it."""
        return f"{self.scheme}://{self.host}{self.path}{'?' if self.query else ''}{self.query}"


@cache
def _never() -> re.Pattern[str]:
    languages = "|".join(re.escape(code) for code, _name in settings.LANGUAGES)
    return re.compile(rf"/(?:(?:{languages})/)?(?:{'|'.join(map(re.escape, NEVER))})(?:/|\Z)")


def address_of(request: HttpRequest) -> Address | None:
    """What a request's answer is kept under; None where it is not for the cache."""
    meta = request.META
    if meta["REQUEST_METHOD"] not in ("GET", "HEAD") or _never().match(request.path_info):
        return None
    if "HTTP_AUTHORIZATION" in meta or "HTTP_HX_REQUEST" in meta or _is_known(request):
        return None
    query = meta.get("QUERY_STRING", "")
    if query:
        query = normalised(query)
        if len(query) > LONGEST_QUERY or query.count("&") >= MOST_PARAMETERS:
            return None
    language = translation.get_language_from_request(request) if request.path_info.startswith(API) else ""
    # A host that is none of ours gets no answer that could be kept, so its name need not be checked here.
    return Address(request.scheme or "", _host(request), request.path, query, language)


def _host(request: HttpRequest) -> str:
    if settings.USE_X_FORWARDED_HOST:
        return request.get_host()
    named: str = request.META.get("HTTP_HOST") or request.META["SERVER_NAME"]
    return named


def _is_known(request: HttpRequest) -> bool:
    if "HTTP_COOKIE" not in request.META:
        return False
    return settings.SESSION_COOKIE_NAME in request.COOKIES or MESSAGES in request.COOKIES


def normalised(query: str) -> str:
    """A query without what only counts visitors, its names in order; of one name the values stay in theirs."""
    parts = [part for part in query.split("&") if part and not TRACKING.match(part)]
    return "&".join(sorted(parts, key=_name))


def _name(part: str) -> str:
    return part.partition("=")[0]
