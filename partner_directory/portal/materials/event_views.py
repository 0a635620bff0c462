"""The pages of events: the vendor's list, what the partner takes part in and holds itself (R21, R63, R74)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partner_directory.actions import events as actions
from partner_directory.entitlements import Entitlement, entitlement_of
from partner_directory.models.facts import EventParticipation, FactState
from partner_directory.models.private_file import PrivateFile
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.materials.forms import EvidenceForm, HostForm, HostListedForm, PortalForm, TakePartForm
from partner_directory.portal.records.facts import FORM, claimed, posted, withdrawn
from partner_directory.portal.records.rows import tone_of
from program_pages.models.edition import programme_day
from program_pages.models.event import Event
from program_pages.rules.terms import Bonus, BonusMeasure, Terms

PART = "events"
SHOWN = 100
GET_OR_POST = ("GET", "HEAD", "POST")
Kind = EventParticipation.Kind


@require_safe
@member
def events_view(request: SeatRequest) -> HttpResponse:
    """What is coming, and what the partner has said of it."""
    held, today = _held(request), programme_day()
    own = EventParticipation.objects.filter(partner=request.seat.partner)
    rows = list(own.select_related("event", "evidence")[:SHOWN])
    said = {(row.event_id, row.kind) for row in rows if row.state != FactState.REFUSED}
    bonuses = _bonuses(held.terms)
    upcoming = [
        {
            "event": event,
            "bonus": bonuses.get(event.measure),
            "is_hosted": event.category == Event.Category.HOST,
            "is_said": (event.pk, _kind_of(event)) in said,
        }
        for event in Event.objects.upcoming(today)[:SHOWN]
    ]
    records = [{"row": row, "tone": tone_of(row.state), "waits": row.state == FactState.CLAIMED} for row in rows]
    context = {"upcoming": upcoming, "records": records, "hosted_bonus": bonuses.get(BonusMeasure.EVENT_HOSTED)}
    return _page(request, "events", held, **context)


@require_http_methods(GET_OR_POST)
@member
def take_part_view(request: SeatRequest, pk: int) -> HttpResponse:
    """Says that the partner takes part in an event of the list, or holds one of the list itself."""
    event = get_object_or_404(Event.objects.upcoming(programme_day()), pk=pk)
    hosts = event.category == Event.Category.HOST
    form: PortalForm = (HostListedForm if hosts else TakePartForm)(*posted(request))
    if _took(request, form, actions.host_own if hosts else actions.take_part, event=event):
        return redirect("portal:events")
    return _page(request, "event_form", _held(request), form=form, event=event, hosts=hosts)


@require_http_methods(GET_OR_POST)
@member
def host_view(request: SeatRequest) -> HttpResponse:
    """Says that the partner holds an event of its own that is not on the list."""
    form = HostForm(*posted(request))
    if _took(request, form, actions.host_own):
        return redirect("portal:events")
    return _page(request, "event_form", _held(request), form=form, event=None, hosts=True)


@require_http_methods(GET_OR_POST)
@member
def attach_view(request: SeatRequest, pk: int) -> HttpResponse:
    """Puts a file beside what nobody has decided yet, in the place of the one before."""
    row, form = _own(request, pk), EvidenceForm(*posted(request))
    if claimed(request, form, lambda file: actions.attach(participation=row, evidence=file, actor=request.seat.user)):
        messages.success(request, _("Файл приложен: менеджер его увидит."))
        return redirect("portal:events")
    context = {
        "part": PART,
        "title": row,
        "form": form,
        "submit_text": _("Приложить"),
        "back_url": reverse("portal:events"),
    }
    return TemplateResponse(request, FORM, context)


@require_POST
@member
def withdraw_view(request: SeatRequest, pk: int) -> HttpResponse:
    """Takes back what nobody has decided yet."""
    row = _own(request, pk)
    return withdrawn(request, "events", lambda: actions.withdraw(participation=row, actor=request.seat.user))


def _own(request: SeatRequest, pk: int) -> EventParticipation:
    return get_object_or_404(EventParticipation, pk=pk, partner=request.seat.partner)


def _took(request: SeatRequest, form: PortalForm, action: Callable[..., object], **more: Any) -> bool:
    def claim(file: PrivateFile | None) -> None:
        said = form.cleaned_data | more | {"evidence": file}
        action(partner=request.seat.partner, actor=request.seat.user, **said)

    if not claimed(request, form, claim):
        return False
    messages.success(request, _("Записали. После мероприятия менеджер подтвердит его, и оно войдёт в расчёт бонуса."))
    return True


def _kind_of(event: Event) -> str:
    return Kind.HOSTED if event.category == Event.Category.HOST else Kind.ATTENDED


def _bonuses(terms: Terms | None) -> dict[BonusMeasure, Bonus]:
    """The bonuses of the edition by what they reward."""
    return {bonus.measure: bonus for bonus in reversed(terms.bonuses)} if terms else {}


def _held(request: SeatRequest) -> Entitlement:
    return entitlement_of(request.seat.partner, programme_day())


def _page(request: SeatRequest, name: str, held: Entitlement, **context: Any) -> HttpResponse:
    template = f"partner_directory/portal/materials/{name}.html"
    context = {"entitlement": held, "levels": held.levels, "terms": held.terms, "part": PART, **context}
    return TemplateResponse(request, template, context)
