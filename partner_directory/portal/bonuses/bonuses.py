"""A partner's bonuses: what is left, how it came and went, a request for a term, and spending (R70–R77)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partner_directory.actions import bonuses as actions
from partner_directory.ledger import Spending, Way, balance_of, spendable_sales
from partner_directory.models.bonus import BonusRequest
from partner_directory.models.membership import Membership
from partner_directory.portal.access import SeatRequest, member, owner
from partner_directory.portal.bonuses.forms import SpendForm
from partner_directory.portal.bonuses.shown import ShownLine, shown_lines, statement_of
from partner_directory.reckoning import Reckoning
from partner_directory.refusals import say_refusal
from program_pages.as_of import asked_of_page
from program_pages.models.edition import programme_day
from program_pages.rules.money import NOTHING, discounted
from program_pages.terms import NoEdition, terms_of_edition, terms_on

PART = "bonuses"
TONES = {"asked": "warn", "credited": "good", "refused": "bad"}


@require_safe
@member
def bonuses(request: SeatRequest) -> HttpResponse:
    """What is left to spend, and every term with its request."""
    partner = request.seat.partner
    memberships = (
        Membership.objects.filter(partner=partner)
        .begun(programme_day())
        .select_related("level")
        .prefetch_related(Prefetch("bonus_requests", BonusRequest.objects.order_by("-asked_at", "-pk")))
    )
    terms = [(held, next(iter(held.bonus_requests.all()), None)) for held in memberships]
    return _page(
        request,
        "bonuses.html",
        balance=balance_of(partner),
        terms_of_partner=[(held, asked, TONES[asked.state] if asked else "", _may_ask(asked)) for held, asked in terms],
        last=_last_day(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def ask(request: SeatRequest, pk: int) -> HttpResponse:
    """What a term comes to, shown before an owner asks for it."""
    held = get_object_or_404(Membership.objects.select_related("partner", "level"), pk=pk, partner=request.seat.partner)
    if request.method == "POST":
        try:
            asked = actions.ask(membership=held, actor=request.seat.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("portal:bonuses")
        messages.success(request, _("Запрос отправлен: менеджер проверит записи и начислит бонус."))
        return redirect("portal:bonus", asked.pk)
    found: Reckoning | None = None
    trouble = ""
    try:
        found = actions.reckoned(held)
    except ValidationError as error:
        trouble = " ".join(error.messages)
    lines: list[ShownLine] = shown_lines(found.lines) if found else []
    return _page(
        request, "ask.html", held=held, reckoning=found, lines=lines, trouble=trouble,
        terms=found.terms if found else None,
    )  # fmt: skip


@require_safe
@member
def bonus(request: SeatRequest, pk: int) -> HttpResponse:
    """One request: what was computed, and what a manager made of it."""
    asked = get_object_or_404(
        BonusRequest.objects.select_related("membership__level", "decided_by"),
        pk=pk,
        membership__partner=request.seat.partner,
    )
    return _page(
        request, "bonus.html", asked=asked, lines=shown_lines(asked.lines), tone=TONES[asked.state],
        terms=_edition(asked.edition_id),
    )  # fmt: skip


@require_safe
@member
def statement(request: SeatRequest) -> HttpResponse:
    """Every happening of the ledger and the balance after it, the latest first; up to a past day where asked."""
    asked = asked_of_page(request)
    rows = statement_of(request.seat.partner, asked.as_of.recorded_by)
    balance = rows[0].balance if rows else NOTHING
    return _page(request, "statement.html", status=asked.status, rows=rows, balance=balance, asked=asked)


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def spend(request: SeatRequest) -> HttpResponse:
    """On which sale, how and how much; then what it brings; then, by POST, it is spent."""
    partner = request.seat.partner
    balance, sales = balance_of(partner), spendable_sales(partner)
    data: Any = request.POST if request.method == "POST" else (request.GET if "points" in request.GET else None)
    form = SpendForm(data, sales=sales)
    found: Spending | None = None
    if data is not None and form.is_valid():
        asked = form.cleaned_data
        try:
            if request.method == "POST":
                actions.spend(
                    sale=asked["sale"], way=Way(asked["way"]), points=asked["points"], actor=request.seat.user
                )
                messages.success(request, _("Бонус потрачен: менеджер ASoft учтёт его в счёте."))
                return redirect("portal:statement")
            found = actions.spending_of(asked["sale"], Way(asked["way"]), asked["points"])
        except ValidationError as error:
            say_refusal(form, error)
    return _page(
        request, "spend.html", form=form, balance=balance, sales=sales, spending=found,
        left=balance - found.points if found else balance,
        now_pays=_pays(found, NOTHING), then_pays=_pays(found, found.points if found else NOTHING),
        status=422 if form.is_bound and form.errors else 200,
    )  # fmt: skip


def _pays(found: Spending | None, points: Decimal) -> Decimal:
    """What the partner pays for a sale with so many points of the bonus off its final price."""
    if found is None:
        return NOTHING
    room = found.room
    return discounted(room.price, room.discount + points, room.terms.readings.rounding)


def _may_ask(asked: BonusRequest | None) -> bool:
    return asked is None or asked.state == BonusRequest.State.REFUSED


def _last_day() -> Any:
    try:
        return terms_on(programme_day()).bonuses_until
    except NoEdition:
        return None


def _edition(pk: int) -> Any:
    try:
        return terms_of_edition(pk)
    except NoEdition:
        return None


def _page(request: SeatRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    return TemplateResponse(
        request, f"partner_directory/portal/bonuses/{template}", {"part": PART, **context}, status=status
    )
