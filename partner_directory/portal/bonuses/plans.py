"""Sales plans: what is agreed and how far it has come, what waits for whose word, and a new proposal (R47, R72)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partner_directory.actions import plans as actions
from partner_directory.models.bonus import SalesPlan
from partner_directory.portal.access import SeatRequest, member, owner
from partner_directory.portal.bonuses.forms import PlanForm, ReasonForm, SectionForm
from partner_directory.refusals import say_refusal
from partner_directory.sales import Progress, progress
from program_pages.models.edition import programme_day

PART = "sales"


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """A plan with how far it has come, whose word it waits for, and what an owner may do with it."""

    progress: Progress
    status: str
    tone: str
    may_agree: bool
    may_withdraw: bool

    @property
    def plan(self) -> SalesPlan:
        """The plan."""
        return self.progress.plan


@require_safe
@member
def plans(request: SeatRequest) -> HttpResponse:
    """Every plan, the latest first."""
    partner = request.seat.partner
    found = progress(partner, SalesPlan.objects.filter(partner=partner))
    shown = [_shown(each, request.seat.is_owner) for each in found]
    return TemplateResponse(request, "partner_directory/portal/bonuses/plans.html", {"part": PART, "plans": shown})


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def new_plan(request: SeatRequest) -> HttpResponse:
    """An owner proposes a plan, and so agrees to it."""
    today = programme_day()
    form = PlanForm(
        request.POST if request.method == "POST" else None,
        initial={"starts": today, "until": date(today.year, 12, 31)},
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.propose(
                partner=request.seat.partner, side=actions.Side.PARTNER, actor=request.seat.user, **form.cleaned_data
            )
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("План предложен: он начнёт действовать, когда согласится ASoft."))
            return redirect("portal:plans")
    return _form(request, "new_plan.html", form)


@require_POST
@owner
def agree(request: SeatRequest, pk: int) -> HttpResponse:
    """An owner's word on what ASoft has proposed."""
    plan = get_object_or_404(SalesPlan, pk=pk, partner=request.seat.partner)
    _try(request, lambda: actions.agree_as_partner(plan=plan, actor=request.seat.user), _("План согласован."))
    return redirect("portal:plans")


@require_http_methods(["GET", "HEAD", "POST"])
@owner
def cancel(request: SeatRequest, pk: int) -> HttpResponse:
    """An owner takes back, or declines, what is not agreed yet."""
    plan = get_object_or_404(SalesPlan, pk=pk, partner=request.seat.partner)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(plan=plan, side=actions.Side.PARTNER, actor=request.seat.user, **form.cleaned_data)
        except ValidationError as error:
            say_refusal(form, error)
        else:
            messages.success(request, _("План отменён."))
            return redirect("portal:plans")
    return _form(request, "cancel_plan.html", form, plan=plan)


def _form(request: SeatRequest, template: str, form: SectionForm, **context: object) -> HttpResponse:
    return TemplateResponse(
        request,
        f"partner_directory/portal/bonuses/{template}",
        {"part": PART, "form": form, **context},
        status=422 if form.is_bound else 200,
    )


def _try(request: SeatRequest, act: Callable[[], object], done: str) -> None:
    try:
        act()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, done)


def _shown(found: Progress, is_owner: bool) -> ShownPlan:
    plan = found.plan
    waits = not plan.cancelled_at and not plan.is_agreed and not found.is_over
    status, tone = _status(found)
    return ShownPlan(found, status, tone, is_owner and waits and not plan.partner_agreed_at, is_owner and waits)


def _status(found: Progress) -> tuple[str, str]:
    plan = found.plan
    if plan.cancelled_at:
        return _("отменён"), "bad"
    if not plan.is_agreed:
        if found.is_over:
            return _("не согласован вовремя"), "plain"
        return (_("ждёт ASoft"), "warn") if plan.partner_agreed_at else (_("ждёт вашего согласия"), "warn")
    if found.is_met:
        return _("выполнен"), "good"
    return (_("не выполнен"), "bad") if found.is_over else (_("выполняется"), "plain")
