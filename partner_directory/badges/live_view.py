"""Answers with a live badge, which may stand on anybody's page; lean, for it is asked for more often than any page.

What is recorded is read anew once a moment (``program_pages.kept``), and browsers keep an answer for less than five
minutes: so a badge that is no longer earned turns grey within five (A11).
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from partner_directory.badges.codes import NotACode, read_code
from partner_directory.badges.live import LANGUAGES, SIZES, TYPES, Face, Ground, Look, drawn, face_of
from partner_directory.badges.verdict import shown_on, with_history
from partner_directory.models.badge import Badge
from program_pages.kept import keep
from program_pages.models.edition import programme_day

SECONDS_KEPT = 240  # by browsers and whoever stands between; with the moment above, less than five minutes
BAD, NOT_THERE = 400, 404
READ = ("revoked_at", "product_line", "product_line__id", "partner__name_ru", "partner__name_en")  # of a badge
ALLOWED = {"size": tuple(SIZES), "ground": tuple(map(str, Ground)), "lang": LANGUAGES}
HEADERS = {
    "Cache-Control": f"public, max-age={SECONDS_KEPT}",
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
    # A picture does nothing of its own where somebody opens it.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


@require_safe
def live_badge(request: HttpRequest, code: str, suffix: str) -> HttpResponse:
    """The badge of a code as it is now; 404 for a code that nobody has, 400 for a look that there is not."""
    asked = {name: value for name in ALLOWED if (value := request.GET.get(name, ""))}
    language = asked.pop("lang", settings.LANGUAGE_CODE)
    with override(language if language in LANGUAGES else settings.LANGUAGE_CODE):
        bad = next((name for name, value in {**asked, "lang": language}.items() if value not in ALLOWED[name]), None)
        if bad:
            words = {"name": bad, "allowed": ", ".join(ALLOWED[bad])}
            return _refused(BAD, _("Параметр «%(name)s»: подойдёт %(allowed)s.") % words)
        look = Look(suffix=suffix, language=language, **asked)
        face = _face(code, language)
        if face is None:
            return _refused(NOT_THERE, _("Значка с таким кодом нет."))
        return _picture(request, drawn(face, look, read_code(code)), look)


def _face(code: str, language: str) -> Face | None:
    try:
        read = read_code(code)
    except NotACode:
        return None
    day = programme_day()

    def find() -> Face | None:
        badge = with_history(Badge.objects.filter(code=read).only(*READ)).first()
        return face_of(badge, shown_on(badge, day), language) if badge else None

    return keep(("live badge", read, language, day), find)


def _picture(request: HttpRequest, content: bytes, look: Look) -> HttpResponse:
    etag = f'"{hashlib.sha256(content).hexdigest()[:24]}"'
    response = HttpResponse(content, content_type=TYPES[look.suffix], headers=HEADERS)
    response["ETag"] = etag
    response["Content-Language"] = look.language
    return get_conditional_response(request, etag=etag, response=response) or response


def _refused(status: int, sentence: str) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8", headers=HEADERS)
