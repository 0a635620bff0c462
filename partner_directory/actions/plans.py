"""Sales plans are proposed by either side, agreed by both, and cancelled with a reason (R47, R72).

Each action is one transaction with its audit row; a decision that another has overtaken is refused (``Overtaken``).
Two plans of a partner never share a day: proposals of one partner wait for each other.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.actions.overlays import end_with_plan
from partner_directory.addresses import address
from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models.bonus import MONEY, SalesPlan
from partner_directory.models.partner import Partner
from program_pages.formats import money
from program_pages.models.edition import programme_day

PROPOSED = "partner_directory.plan.proposed"
AGREED = "partner_directory.plan.agreed"
CANCELLED = "partner_directory.plan.cancelled"

LARGEST = Decimal(1).scaleb(MONEY["max_digits"] - MONEY["decimal_places"])
LONGEST_YEARS = 2


class Side(StrEnum):
    """Whose word it is."""

    PARTNER = "partner"
    VENDOR = "vendor"


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, план изменил кто-то другой. Откройте его заново."))


@transaction.atomic
def propose(
    *, partner: Partner, starts: date, until: date, target: Decimal, side: Side, actor: User | None
) -> SalesPlan:
    """A plan that one side agrees to by proposing it; ``target`` in roubles of final prices.

    Raises ValidationError, by field, for days that cannot be or belong to another plan of the partner.
    """
    _refuse_what_cannot_be(starts, until, target)
    Partner.objects.select_for_update().get(pk=partner.pk)
    open_plans = SalesPlan.objects.filter(partner=partner, cancelled_at__isnull=True)
    if open_plans.filter(starts__lte=until, until__gte=starts).exists():
        raise ValidationError({"starts": _("На эти дни план уже есть: отмените его или выберите другие.")})
    now = timezone.now()
    plan = SalesPlan.objects.create(
        partner=partner, starts=starts, until=until, target=target, proposed_by=actor, proposed_at=now,
        **{f"{side}_agreed_at": now},
    )  # fmt: skip
    _recorded(plan, PROPOSED, actor, side)
    return plan


@transaction.atomic
def agree_as_partner(*, plan: SalesPlan, actor: User | None) -> SalesPlan:
    """The company's word; raises Overtaken where it was given, or the plan is cancelled or over."""
    return _agree(plan, actor, Side.PARTNER)


@transaction.atomic
def agree_as_vendor(*, plan: SalesPlan, actor: User | None) -> SalesPlan:
    """ASoft's word; raises Overtaken where it was given, or the plan is cancelled or over."""
    return _agree(plan, actor, Side.VENDOR)


@transaction.atomic
def cancel(*, plan: SalesPlan, side: Side, actor: User | None, reason: str) -> SalesPlan:
    """Takes a plan back, and ends the discounts that went with it.

    A partner alone may take back only what is not agreed yet. Raises Overtaken where it is cancelled or agreed already.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Скажите, почему.")})
    open_plans = SalesPlan.objects.filter(pk=plan.pk, cancelled_at__isnull=True)
    if side is Side.PARTNER:
        open_plans = open_plans.filter(vendor_agreed_at__isnull=True) | open_plans.filter(
            partner_agreed_at__isnull=True
        )
    if not open_plans.update(cancelled_at=timezone.now(), reason=reason):
        raise Overtaken
    current = SalesPlan.objects.select_related("partner").get(pk=plan.pk)
    end_with_plan(current, actor, reason)
    _recorded(current, CANCELLED, actor, side)
    return current


def _refuse_what_cannot_be(starts: date, until: date, target: Decimal) -> None:
    today = programme_day()
    problems: dict[str, str] = {}
    if until < starts:
        problems["until"] = _("План не может кончиться раньше, чем начнётся.")
    elif until < today:
        problems["until"] = _("Этот срок уже прошёл.")
    elif until.year > today.year + LONGEST_YEARS:
        problems["until"] = _("Слишком далеко: планы согласуют не дальше чем на два года вперёд.")
    if starts.year < today.year:
        problems["starts"] = _("План начинается не раньше этого года.")
    if not 0 < target < LARGEST:
        problems["target"] = _("Сумма больше нуля, до %(limit)s.") % {"limit": money(LARGEST, "ru")}
    if problems:
        raise ValidationError(problems)


def _agree(plan: SalesPlan, actor: User | None, side: Side) -> SalesPlan:
    agreed_at = f"{side}_agreed_at"
    waiting = SalesPlan.objects.filter(
        pk=plan.pk, cancelled_at__isnull=True, until__gte=programme_day(), **{f"{agreed_at}__isnull": True}
    )
    if not waiting.update(**{agreed_at: timezone.now()}):
        raise Overtaken
    current = SalesPlan.objects.select_related("partner").get(pk=plan.pk)
    _recorded(current, AGREED, actor, side)
    return current


def _recorded(plan: SalesPlan, action: str, actor: User | None, side: Side) -> None:
    data: dict[str, Any] = {
        "partner": str(plan.partner),
        "starts": plan.starts.isoformat(),
        "until": plan.until.isoformat(),
        "target": str(plan.target),
        "side": str(side),
        "reason": plan.reason,
    }
    log(instance=plan, action=action, user=actor, data=data)
    facts = {
        "starts": f"{plan.starts:%d.%m.%Y}",
        "until": f"{plan.until:%d.%m.%Y}",
        "target": money(plan.target, "ru"),
        "reason": plan.reason,
    }
    kind, key = f"plan_{action.rsplit('.', 1)[-1]}", f"plan:{plan.pk}:{action.rsplit('.', 1)[-1]}:{side}"
    if side is Side.VENDOR:
        tell_partner(partner=plan.partner, kind=kind, key=key, facts=facts, url=address("portal:plans"))
    else:
        tell_managers(kind=f"{kind}_by_partner", key=key, facts=facts | {"partner": str(plan.partner)})
