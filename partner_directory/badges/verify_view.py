"""The pages on which anybody checks a badge: a code, a page that shows one, a file; and what a code says on a day.

Nothing that a visitor sends is kept. What takes long or reads other sites is limited for each visitor (``limits``), and
asked for by POST alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partner_directory import limits, site_checks
from partner_directory.announcements import TROUBLES
from partner_directory.badges.codes import NotACode, read_code, written
from partner_directory.badges.facts import find
from partner_directory.badges.forms import CodeForm, DayForm, FileForm, PageForm, sentence_of
from partner_directory.badges.pages_of_others import Busy, badges_on, host_of
from partner_directory.badges.recognition import Kind, recognise
from partner_directory.badges.verdict import shown_on
from program_pages.kept import keep_for_strangers
from program_pages.models.edition import programme_day
from tracing.events import security

FORMS, CODE = "partner_directory/verify_page.html", "partner_directory/verification_page.html"
UNKNOWN, REFUSED, LIMITED, BUSY = 404, 422, 429, 503
SECONDS_TO_WAIT = 10  # while other pages are being read
SECONDS_KEPT = 60  # of an answer, by browsers
MASK = 3  # of QR codes: each is read; trying all eight for the handsomest would take as long as half the page
LONGEST_DAY = 40  # signs that are read of a day

Context = dict[str, Any]
Answer = TypeVar("Answer", bound=HttpResponse)


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The forms; a code leads on to its own address, a page or a file is told of here."""
    if request.method != "POST":
        return _asked_code(request) if "code" in request.GET else _forms(request)
    return _asked_page(request) if "page" in request.POST else _asked_file(request)


@require_safe
def code_page(request: HttpRequest, code: str) -> HttpResponse:
    """What a code says today, or on the day of ``?on=``; 404 only for a code that nobody was ever given (A11)."""
    try:
        read = read_code(code)
    except NotACode as error:
        return _no_code(request, code, sentence_of(error), REFUSED)
    own = reverse("verify_code", args=[read])
    if request.path != own:
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{own}?{query}" if query else own)
    asked = request.GET.get("on", "").replace("\x00", "?")[:LONGEST_DAY]
    key = ("verification", request.get_host(), get_language(), read, asked, programme_day())
    page = keep_for_strangers(request, key, lambda: _rendered(request, read, asked))
    if page is None:
        sentence = _("Такого кода мы никому не выдавали. Сверьте его со значком: похожие буквы мы уже учли.")
        return _no_code(request, written(read), sentence, UNKNOWN)
    response = HttpResponse(page.content, status=page.status)
    patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
    return _unlisted(response)


@dataclass(frozen=True, slots=True)
class _Page:
    """A page as it is sent to whoever asks: nothing in it is anybody's own."""

    content: bytes
    status: int


def _rendered(request: HttpRequest, code: str, asked: str) -> _Page | None:
    """The page of a code; None where nobody has it."""
    form = DayForm({"on": asked} if asked else None)
    is_bad = form.is_bound and not form.is_valid()
    found = find(code, form.cleaned_data["on"] if form.is_bound and not is_bad else None)
    if found is None:
        return None
    context = {
        "found": found,
        "day_form": form,
        "qr": qr_of(found.url),
        "written": written(code),
        "site_host": host_of(found.badge.partner.site_url),
        "noindex": True,
    }
    status = REFUSED if is_bad else 200
    return _Page(TemplateResponse(request, CODE, context).render().content, status)


@lru_cache(maxsize=1024)  # of two kilobytes each
def qr_of(url: str) -> SafeString:
    """A QR code as an inline drawing, dark on light whatever the theme."""
    drawing = segno.make(url, error="m", micro=False, mask=MASK)
    inline = drawing.svg_inline(border=2, dark="#141824", light="#ffffff", omitsize=True)
    return mark_safe(inline)  # noqa: S308 - lines and numbers of the library's own


def _asked_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET, hosts=frozenset({request.get_host().partition(":")[0]}))
    if form.is_valid():
        return HttpResponseRedirect(reverse("verify_code", args=[form.cleaned_data["code"]]))
    pasted = request.GET["code"]
    page_form = PageForm(initial={"page": pasted} if "//" in pasted else None)
    return _forms(request, code_form=form, page_form=page_form, status=REFUSED)


def _asked_page(request: HttpRequest) -> HttpResponse:
    """Finds the badges on somebody's page; an address of our own leads on to its code."""
    own = CodeForm({"code": request.POST["page"]}, hosts=frozenset({request.get_host().partition(":")[0]}))
    if "//" in request.POST["page"] and own.is_valid():
        return HttpResponseRedirect(reverse("verify_code", args=[own.cleaned_data["code"]]))
    form = PageForm(request.POST)
    if not form.is_valid():
        return _forms(request, page_form=form, status=REFUSED)
    url = form.cleaned_data["page"]
    try:
        limits.count(request, "pages", settings.VERIFY_LIMITS["pages"], is_closed=True)
        standings = badges_on(url)
    except limits.TooOften as error:
        return _later(request, error.retry_after, LIMITED, page_form=form)
    except Busy:
        return _later(request, SECONDS_TO_WAIT, BUSY, page_form=form)
    except site_checks.Trouble as trouble:
        why = TROUBLES.get(str(trouble), "")
        form.add_error("page", _("Страницу не удалось прочитать: %(why)s.") % {"why": why})
        return _forms(request, page_form=form, status=REFUSED)
    return _forms(request, page_form=form, page_url=url, standings=standings)


def _asked_file(request: HttpRequest) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _forms(request, file_form=form, status=REFUSED)
    try:
        limits.count(request, "files", settings.VERIFY_LIMITS["files"], is_closed=True)
    except limits.TooOften as error:
        return _later(request, error.retry_after, LIMITED, file_form=form)
    file = form.cleaned_data["file"]
    recognised = recognise(file.read())
    if recognised.kind is Kind.ALTERED:
        security("badge.altered", user=request.user.pk)
    shown = shown_on(recognised.badge) if recognised.badge else None
    return _forms(request, file_form=form, file_name=file.name, recognised=recognised, recognised_shown=shown)


def _later(request: HttpRequest, seconds: int, status: int, **context: Any) -> HttpResponse:
    response = _forms(request, status=status, later=status, **context)
    response["Retry-After"] = str(seconds)
    return response


def _no_code(request: HttpRequest, typed: str, sentence: str, status: int) -> TemplateResponse:
    """The form again, with what was typed and what is wrong with it."""
    form = CodeForm({"code": typed})
    form.full_clean()
    form.errors["code"] = form.error_class([sentence], renderer=form.renderer)
    return _forms(request, code_form=form, status=status)


def _forms(request: HttpRequest, *, status: int = 200, **context: Any) -> TemplateResponse:
    shown: Context = {"code_form": CodeForm(), "page_form": PageForm(), "file_form": FileForm(), **context}
    shown["noindex"] = bool(context)
    response = TemplateResponse(request, FORMS, shown, status=status)
    return _unlisted(response) if context else response


def _unlisted(response: Answer) -> Answer:
    response["X-Robots-Tag"] = "noindex"
    return response
