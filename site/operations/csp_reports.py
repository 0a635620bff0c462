"""Reports of browsers on the content policies: read in both of their formats, and added up by day.

Anybody can send one, so nothing in it is believed: of an address the origin is kept, of a page the pattern of its
address, of a directive a name of the standard. A day has at most ``MOST_ROWS`` rows and one more for each directive.
May not import views.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from csp.utils import DEFAULT_DIRECTIVES
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import Resolver404, resolve
from django.utils.translation import get_language_from_path, override

from operations.models import CspReport

MOST_BYTES = 64 * 1024  # of what a browser sends at once
MOST_AT_ONCE = 20  # reports that are read of it
MOST_ROWS = 500  # of a day; what comes after is added up by directive alone
DAYS_KEPT = 90
VIOLATION = "csp-violation"
WORDS = frozenset({"blob", "data", "eval", "filesystem", "inline", "self", "wasm-eval"})  # instead of an address
WEB = frozenset({"http", "https", "ws", "wss"})
HOST = re.compile(r"[\w.-]{1,90}(?::\d{1,5})?", re.ASCII)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,30}")
OTHER = "?"  # something that is no address


@dataclass(frozen=True, slots=True)
class Violation:
    """What a policy has kept from a page."""

    directive: str
    blocked: str
    page: str


def read(content: bytes, host: str) -> list[Violation]:
    """The violations on pages of this host that a browser's report names; none of what is no such report."""
    if len(content) > MOST_BYTES:
        return []
    try:
        sent = json.loads(content)
    except (ValueError, RecursionError):
        return []
    return [found for body in _bodies(sent) if (found := _violation(body, host))]


@transaction.atomic
def record(policy: str, violations: Iterable[Violation], day: date) -> None:
    """Adds violations to those of a day; the first of a day removes those older than ``DAYS_KEPT``."""
    of_day = CspReport.objects.filter(day=day)
    if not of_day.exists():
        CspReport.objects.filter(day__lt=day - timedelta(days=DAYS_KEPT)).delete()
    for found, times in Counter(violations).items():
        named = {"directive": found.directive, "blocked": found.blocked, "page": found.page}
        if not of_day.filter(policy=policy, **named).exists() and of_day.count() >= MOST_ROWS:
            named |= {"blocked": "", "page": ""}
        row, _is_new = CspReport.objects.get_or_create({}, day=day, policy=policy, **named)
        CspReport.objects.filter(pk=row.pk).update(count=F("count") + times)


def _bodies(sent: Any) -> Iterator[dict[str, Any]]:
    """What each report says: one of ``report-uri``, or several of ``report-to`` in the names of the former."""
    if isinstance(sent, dict) and isinstance(sent.get("csp-report"), dict):
        yield sent["csp-report"]
    for report in sent[:MOST_AT_ONCE] if isinstance(sent, list) else ():
        if isinstance(report, dict) and report.get("type") == VIOLATION and isinstance(report.get("body"), dict):
            body = report["body"]
            yield {
                "document-uri": body.get("documentURL"),
                "effective-directive": body.get("effectiveDirective"),
                "blocked-uri": body.get("blockedURL"),
            }


def _violation(body: dict[str, Any], host: str) -> Violation | None:
    directive = _text(body, "effective-directive") or _text(body, "violated-directive").partition(" ")[0]
    try:
        page = urlsplit(_text(body, "document-uri"))
    except ValueError:
        return None
    if directive not in DEFAULT_DIRECTIVES or page.netloc != host:
        return None
    return Violation(directive, _origin(_text(body, "blocked-uri")), _pattern(page.path))


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


def _origin(blocked: str) -> str:
    """Where what was blocked would have come from, without what else its address says."""
    if blocked in WORDS:
        return blocked
    try:
        parts = urlsplit(blocked)
    except ValueError:
        return OTHER
    if parts.scheme in WEB and HOST.fullmatch(parts.netloc):
        return f"{parts.scheme}://{parts.netloc}"
    return f"{parts.scheme}:" if parts.scheme not in WEB and SCHEME.fullmatch(parts.scheme) else OTHER


def _pattern(path: str) -> str:
    """A page's address without what only its reader may know: secrets, codes and keys; "" for one that is not ours."""
    language = get_language_from_path(path)
    bare = path.removeprefix(f"/{language}") if language else path
    with override(settings.LANGUAGE_CODE):
        try:
            match = resolve(bare or "/")
        except Resolver404:
            return ""
    if "^" not in match.route:  # the rest are pages in the editors' tree
        return f"/{match.route}"[:160]
    first, *further = [*filter(None, bare.split("/")), ""]
    return (f"/{first}/…" if any(further) else f"/{first}/" if first else "/")[:160]
