"""What editions change for the company: read by its people, disputed by its owners (R82, R83).

Opening a notice records that it was read, once; nothing is confirmed, and nothing waits for it.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods, require_safe

from partner_directory.actions import edition_notices, talks
from partner_directory.models.edition_notice import EditionNotice
from partner_directory.models.talk import Talk
from partner_directory.portal.access import SeatRequest, member, owner
from partner_directory.portal.terms.forms import DisagreeForm, TalkForm
from partner_directory.portal.terms.shown import page_of, shown, shown_talk
from partner_directory.refusals import say_refusal
from program_pages.bilingual import said
from program_pages.shell import Shell
from program_pages.terms import NoEdition, terms_of_edition

PART = "terms"
PAGE_SIZE = 20
TEMPLATES = "partner_directory/portal/terms"
LONGEST_CHOICE = 160  # of a clause's words beside its box


@require_safe
@member
def notices(request: SeatRequest) -> HttpResponse:
    """Every edition that the company was told of, the latest first."""
    rows = EditionNotice.objects.shown().filter(partner=request.seat.partner)
    page = Paginator(rows.select_related("release__edition", "level"), PAGE_SIZE).get_page(request.GET.get("page"))
    return _page(request, "notices.html", page_obj=page, shown=[shown(each) for each in page])


@require_safe
@member
def notice(request: SeatRequest, key: int) -> HttpResponse:
    """What one edition changes for the company."""
    found = _own(request, key)
    told, terms_page = page_of(found), Shell(request).addresses.get("termspage")
    response = _page(
        request,
        "notice.html",
        told=told,
        notice=found,
        content=found.news,
        terms_url=f"{terms_page}?on={found.release.effective_from:%Y-%m-%d}" if terms_page else "",
        changes_url=f"{terms_page}changes/" if terms_page else "",  # where everybody reads the whole difference
    )
    if request.method == "GET":
        edition_notices.mark_read(notice=found, actor=request.seat.user)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def disagree(request: SeatRequest, key: int) -> HttpResponse:
    """The company says with which clauses it does not agree; that begins a talk."""
    found = _own(request, key)
    if request.method != "POST" and not page_of(found).may_disagree:
        return redirect("portal:terms_notice", key=found.pk)
    form = DisagreeForm(_sent(request), changed=_choices(found), known=talks.clauses_of(found))
    if form.is_valid():
        try:
            made = talks.begin(notice=found, actor=request.seat.user, **form.cleaned_data)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            return redirect("portal:terms_talk", key=made.pk)
    return _page(request, "disagree.html", form=form, notice=found)


@require_http_methods(["GET", "HEAD", "POST"])
@member
def talk(request: SeatRequest, key: int) -> HttpResponse:
    """What both sides have said; its owners say more while it goes on."""
    rows = Talk.objects.select_related("notice__release__edition", "overlay", "partner")
    found = get_object_or_404(rows.prefetch_related("entries"), pk=key, partner=request.seat.partner)
    form = TalkForm(_sent(request)) if found.goes_on and request.seat.is_owner else None
    if form is not None and form.is_valid():
        try:
            talks.write(talk=found, actor=request.seat.user, **form.cleaned_data)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            return redirect("portal:terms_talk", key=found.pk)
    return _page(request, "talk.html", shown=shown_talk(found), talk=found, form=form)


def _own(request: SeatRequest, key: int) -> EditionNotice:
    rows = EditionNotice.objects.select_related("release__edition", "level", "partner", "read_by")
    return get_object_or_404(rows, pk=key, partner=request.seat.partner)


def _choices(found: EditionNotice) -> list[tuple[str, str]]:
    """The clauses that change for the partner, each with its new words."""
    try:
        texts = {clause.code: said(clause.text) for clause in terms_of_edition(found.release.edition_id).clauses}
    except NoEdition:
        texts = {}
    return [(each.code, _short(each.number, texts.get(each.code, ""))) for each in found.news.clauses]


def _short(number: str, text: str) -> str:
    words = " ".join(text.split())
    shortened = words if len(words) <= LONGEST_CHOICE else f"{words[:LONGEST_CHOICE].rsplit(' ', 1)[0]}…"
    return f"{number}. {shortened}" if shortened else number


def _sent(request: SeatRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _page(request: SeatRequest, template: str, **context: Any) -> HttpResponse:
    return TemplateResponse(request, f"{TEMPLATES}/{template}", {"part": PART, **context})
