"""The membership of the year: read by the company's people, decided by its owners."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from partner_directory.actions import level_changes, renewals
from partner_directory.models.level_change import LevelChange
from partner_directory.models.membership import Membership
from partner_directory.portal.access import SeatRequest, member, owner
from partner_directory.portal.nav import ENTRIES
from partner_directory.portal.year.card import card_of, shelf_of
from partner_directory.portal.year.forms import LeaveForm, LevelChangeForm
from partner_directory.refusals import say_refusal
from program_pages.models.edition import programme_day

TEMPLATES = "partner_directory/portal/year"


@require_GET
@member
def year(request: SeatRequest) -> HttpResponse:
    """What the company holds, until when, and what comes next."""
    return _page(request)


@require_POST
@owner
def renew(request: SeatRequest, pk: int) -> HttpResponse:
    """One button: the next year (R45); what is in the way is said on the same page."""
    membership = _own(request, pk)
    try:
        renewals.renew_by_partner(membership=membership, actor=request.seat.user)
    except ValidationError as error:
        return _page(request, refusals=error.messages)
    return redirect("portal:year")


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def change_level(request: SeatRequest, pk: int) -> HttpResponse:
    """Asks a manager for another level (A7)."""
    membership, day = _own(request, pk), programme_day()
    card = card_of(membership, day)
    if card is None or not card.may_change_level:
        return redirect("portal:year")
    form = LevelChangeForm(_sent(request), levels=level_changes.levels_to_choose(membership, day))
    if form.is_valid() and _done(
        form, lambda: level_changes.ask(membership=membership, actor=request.seat.user, **form.cleaned_data)
    ):
        return redirect("portal:year")
    return _form_page(request, "level.html", {"form": form, "card": card})


@require_POST
@owner
def cancel_change(request: SeatRequest, pk: int) -> HttpResponse:
    """Thinks better of another level."""
    change = get_object_or_404(LevelChange, pk=pk, membership__partner=request.seat.partner)
    try:
        level_changes.cancel(change=change, actor=request.seat.user)
    except ValidationError as error:
        return _page(request, refusals=error.messages)
    return redirect("portal:year")


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def leave(request: SeatRequest, pk: int) -> HttpResponse:
    """Leaves the programme, once its consequences are read and meant."""
    membership = _own(request, pk)
    card = card_of(membership, programme_day())
    if card is None or not card.runs:
        return redirect("portal:year")
    form = LeaveForm(_sent(request))
    if form.is_valid() and _done(
        form,
        lambda: renewals.leave(membership=membership, actor=request.seat.user, reason=form.cleaned_data["reason"]),
    ):
        return redirect("portal:year")
    return _form_page(request, "leave.html", {"form": form, "card": card})


def _own(request: SeatRequest, pk: int) -> Membership:
    rows = Membership.objects.select_related("partner", "level")
    return get_object_or_404(rows, pk=pk, partner=request.seat.partner)


def _sent(request: SeatRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _done(form: forms.Form, act: Any) -> bool:
    """Whether the action was taken; its refusal stands beside the field that it names."""
    try:
        act()
    except ValidationError as error:
        say_refusal(form, error)
        return False
    return True


def _page(request: SeatRequest, refusals: list[str] | None = None) -> HttpResponse:
    context = {
        "shelf": shelf_of(request.seat.partner, programme_day()),
        "refusals": refusals or [],
        "records_url": url_of("standing"),
        "joining_url": url_of("joining"),
    }
    return _form_page(request, "year.html", context)


def _form_page(request: SeatRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return TemplateResponse(request, f"{TEMPLATES}/{template}", {"part": "year", "today": programme_day()} | context)


def url_of(part: str) -> str:
    """Where another part of the section begins; nowhere while the section has no such part."""
    return next((entry.url for entry in ENTRIES if entry.part == part), "")
