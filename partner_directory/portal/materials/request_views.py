"""The pages of licences and trainings: what the terms give, what was asked for, and the forms to ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from partner_directory.actions import requests as actions
from partner_directory.entitlements import OWN_USE, Entitlement, entitlement_of
from partner_directory.models.material import HelpRequest, LicenceRequest, PartnerRequest, RequestState, TrainingSeat
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.materials.forms import (
    DemoForm,
    HelpForm,
    OwnUseForm,
    PortalForm,
    SeatForm,
    posted,
    products_for,
)
from partner_directory.portal.materials.pricing import OwnPrice, kept_price, own_price, own_prices
from partner_directory.refusals import say_refusal
from program_pages.calculator.prices import price_list
from program_pages.models.catalogue import Product
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Topic
from program_pages.templatetags.programme import day, number

PART = "licences"
SHOWN = 100  # requests on a page: nobody has more in sight
TONES = {
    RequestState.ASKED: "warn",
    RequestState.GRANTED: "good",
    RequestState.REFUSED: "bad",
    RequestState.CANCELLED: "plain",
}
GET_OR_POST = ("GET", "HEAD", "POST")
Kind = LicenceRequest.Kind


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as a row of its page: what was asked for, a word below, a word beside, and where it is taken back."""

    row: PartnerRequest
    title: str
    cancel_url: str
    below: str = ""
    beside: str = ""

    @property
    def tone(self) -> str:
        """How its state looks."""
        return TONES[RequestState(self.row.state)]

    @property
    def waits(self) -> bool:
        """Whether it may still be taken back."""
        return self.row.state == RequestState.ASKED


@require_http_methods(["GET", "HEAD"])
@member
def licences_view(request: SeatRequest) -> HttpResponse:
    """What the terms give, what was asked for, and what a licence for oneself costs (R18, R48, R49)."""
    held = _held(request)
    rows = list(
        LicenceRequest.objects.filter(partner=request.seat.partner).select_related("product", "edition")[:SHOWN]
    )
    context = {
        "requests": [
            Asked(
                row,
                title=f"{row.product} × {number(row.quantity)}",
                below=" · ".join(filter(None, [row.get_kind_display(), kept_price(row)])),
                beside=day(localtime(row.asked_at)),
                cancel_url=reverse("portal:cancel_licence", args=[row.pk]),
            )
            for row in rows
        ],
        "demo_used": actions.demo_used(request.seat.partner),
        "own_use_given": bool(held.levels_with(OWN_USE)),
        "clauses": _clauses(held),
    }
    return _page(request, "licences", held, **context)


@require_http_methods(GET_OR_POST)
@member
def ask_demo_view(request: SeatRequest) -> HttpResponse:
    """Asks for a free licence to demonstrate with."""
    held = _held(request)
    form = DemoForm(posted(request), held=held)
    if request.method == "POST" and form.is_valid() and _asked(request, form, actions.ask_demo):
        messages.success(request, _("Запрос отправлен: мы ответим письмом и здесь."))
        return redirect("portal:licences")
    used = actions.demo_used(request.seat.partner)
    return _page(request, "ask_demo", held, form=form, demo_used=used, clauses=_clauses(held))


@require_http_methods(GET_OR_POST)
@member
def ask_own_use_view(request: SeatRequest) -> HttpResponse:
    """Shows what licences for oneself cost, and asks for them; ``show`` only computes (R48)."""
    held = _held(request)
    form = OwnUseForm(posted(request), held=held)
    price = None
    if request.method == "POST" and form.is_valid():
        price = _price(held, form.cleaned_data["product"], form.cleaned_data["quantity"])
        if "show" not in request.POST and _asked(request, form, actions.ask_own_use, price=_shown(held, price)):
            messages.success(request, _("Запрос отправлен: мы ответим письмом и здесь."))
            return redirect("portal:licences")
    context = {"form": form, "price": price, "prices": _prices(held), "clauses": _clauses(held)}
    return _page(request, "ask_own_use", held, **context)


@require_http_methods(GET_OR_POST)
@member
def trainings_view(request: SeatRequest) -> HttpResponse:
    """The seats of this year, and the form for another (R56)."""
    held, year = _held(request), programme_day().year
    form = SeatForm(posted(request))
    if request.method == "POST" and form.is_valid() and _asked(request, form, actions.ask_seat):
        messages.success(request, _("Запрос отправлен: мы ответим письмом и здесь."))
        return redirect("portal:trainings")
    rows = list(TrainingSeat.objects.filter(partner=request.seat.partner)[:SHOWN])
    taken = sum(row.year == year and row.state in actions.COUNTED for row in rows)
    limit = held.training_seats
    context = {
        "requests": [
            Asked(
                row,
                title=row.person,
                below=row.course,
                beside=str(row.year),
                cancel_url=reverse("portal:cancel_seat", args=[row.pk]),
            )
            for row in rows
        ],
        "form": form,
        "limit": limit,
        "taken": taken,
        "year": year,
        "may_ask": held.is_active and (limit is None or taken < limit),
    }
    return _page(request, "trainings", held, **context)


@require_http_methods(GET_OR_POST)
@member
def help_view(request: SeatRequest) -> HttpResponse:
    """What ASoft and the company do together: what was asked for, and the form for more (R60, R61, R63)."""
    held = _held(request)
    form = HelpForm(posted(request), held=held)
    if request.method == "POST" and form.is_valid() and _asked(request, form, actions.ask_help):
        messages.success(request, _("Запрос отправлен: мы ответим письмом и здесь."))
        return redirect("portal:help")
    asked = [
        Asked(
            row,
            title=row.get_kind_display(),
            below=day(row.wished_on),
            cancel_url=reverse("portal:cancel_help", args=[row.pk]),
        )
        for row in HelpRequest.objects.filter(partner=request.seat.partner)[:SHOWN]
    ]
    may_ask = held.is_active and bool(form.fields["kind"].choices)  # type: ignore[attr-defined]
    return _page(request, "help", held, requests=asked, form=form, may_ask=may_ask)


@require_POST
@member
def cancel_help_view(request: SeatRequest, pk: int) -> HttpResponse:
    """Takes a request for help back."""
    return _cancel(request, get_object_or_404(HelpRequest, pk=pk, partner=request.seat.partner), "portal:help")


@require_POST
@member
def cancel_licence_view(request: SeatRequest, pk: int) -> HttpResponse:
    """Takes a request for licences back."""
    return _cancel(request, get_object_or_404(LicenceRequest, pk=pk, partner=request.seat.partner), "portal:licences")


@require_POST
@member
def cancel_seat_view(request: SeatRequest, pk: int) -> HttpResponse:
    """Takes a request for a seat back."""
    return _cancel(request, get_object_or_404(TrainingSeat, pk=pk, partner=request.seat.partner), "portal:trainings")


def _cancel(request: SeatRequest, asked: PartnerRequest, back: str) -> HttpResponse:
    try:
        actions.cancel(asked=asked, actor=request.user)  # type: ignore[arg-type]
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Запрос отозван."))
    return redirect(back)


def _asked(request: SeatRequest, form: PortalForm, action: Any, **more: object) -> bool:
    """Whether the action took what the form holds; what it refuses stands in the form."""
    try:
        action(partner=request.seat.partner, actor=request.user, **form.cleaned_data, **more)
    except ValidationError as error:
        say_refusal(form, error)
        return False
    return True


def _held(request: SeatRequest) -> Entitlement:
    return entitlement_of(request.seat.partner, programme_day())


def _price(held: Entitlement, product: Product, quantity: int) -> OwnPrice | None:
    level = held.level_of(product.product_line.slug)
    if level is None or held.terms is None:
        return None
    return own_price(held.terms, level, price_list(programme_day()), product.slug, quantity)


def _shown(held: Entitlement, price: OwnPrice | None) -> actions.Price | None:
    """What the partner has read, as its request keeps it; None where there is no number to keep."""
    if held.terms is None or price is None or price.line is None or not price.line.has_number:
        return None
    line = price.line.line
    least = line.low if line.amount is None else line.amount
    if least is None:
        return None
    return actions.Price(said=price.line.amount, least=least, most=line.high, edition=held.terms.edition)


def _prices(held: Entitlement) -> list[OwnPrice]:
    if held.terms is None:
        return []
    levels = ((product.slug, held.level_of(product.product_line.slug)) for product in products_for(held))
    wanted = [(slug, level) for slug, level in levels if level is not None]
    return own_prices(held.terms, price_list(programme_day()), wanted)


def _clauses(held: Entitlement) -> dict[str, Any]:
    """The clauses that licences rest on, by their topic."""
    topics = (Topic.DEMO_LICENCE, Topic.OWN_USE)
    return {topic.value: held.terms.clause_on(topic) for topic in topics} if held.terms else {}


def _page(request: SeatRequest, name: str, held: Entitlement, **context: Any) -> HttpResponse:
    template = f"partner_directory/portal/materials/{name}.html"
    return TemplateResponse(request, template, {"entitlement": held, "part": PART, "terms": held.terms, **context})
