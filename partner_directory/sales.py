"""What sales come to, and how far they fulfil a plan (R47, R50, R72). May not import views or actions.

A sale counts by what its client finally pays: the list's total less the client's discount, to the kopeck, rounded as
the edition says (A10). Only confirmed sales count.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.models.facts import FactState
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day
from program_pages.rules.calendar import membership_ends
from program_pages.rules.money import NOTHING, WHOLE, discounted
from program_pages.rules.terms import Readings, Rounding
from program_pages.terms import NoEdition, terms_on


def rounding_on(day: date) -> Rounding:
    """How the edition in force on a day rounds (A10); as most do where there is none."""
    try:
        return terms_on(day).readings.rounding
    except NoEdition:
        return Readings().rounding


def final_price(sale: Sale, rounding: Rounding) -> Decimal:
    """What the client pays for all licences of a sale, in roubles."""
    return discounted(sale.list_total, sale.client_discount, rounding)


@dataclass(frozen=True, slots=True)
class Progress:
    """A plan, and what was sold of it by a day: roubles confirmed, and by which ``sales``; roubles that still wait."""

    plan: SalesPlan
    sales: tuple[Sale, ...]
    sold: Decimal
    waiting: Decimal
    day: date

    @property
    def is_met(self) -> bool:
        """Whether the plan is fulfilled."""
        return self.sold >= self.plan.target

    @property
    def missing(self) -> Decimal:
        """Roubles still to be sold."""
        return max(self.plan.target - self.sold, NOTHING)

    @property
    def points(self) -> int:
        """Hundredths of the target that are sold, a hundred at the most; never a hundred before it is met."""
        return min(int(WHOLE * self.sold / self.plan.target), 100)

    @property
    def is_over(self) -> bool:
        """Whether the plan's last day has passed."""
        return self.day > self.plan.until


def progress(
    partner: Partner,
    plans: Iterable[SalesPlan],
    until: date | None = None,
    rounding: Rounding | None = None,
    recorded_by: datetime | None = None,
) -> list[Progress]:
    """How far a partner's plans have come by a day (today), rounded as that day's edition says unless told.

    One query of sales for all of them. With ``recorded_by`` by the sales that had been confirmed before that moment,
    and none that waits.
    """
    day = until or programme_day()
    plans = list(plans)
    if not plans:
        return []
    first, last = min(plan.starts for plan in plans), min(max(plan.until for plan in plans), day)
    within = Sale.objects.filter(partner=partner, sold_on__range=(first, last)).order_by("sold_on", "pk")
    if recorded_by is not None:
        found = list(within.confirmed(recorded_by))
        counted = {sale.pk for sale in found}
    else:
        found = list(within.exclude(state=FactState.REFUSED))
        counted = {sale.pk for sale in found if sale.state == FactState.CONFIRMED}
    rounding = rounding or rounding_on(day)
    return [_progress(plan, found, counted, day, rounding) for plan in plans]


def _progress(plan: SalesPlan, sales: list[Sale], counted: set[int], day: date, rounding: Rounding) -> Progress:
    own = [sale for sale in sales if plan.starts <= sale.sold_on <= min(plan.until, day)]
    confirmed = tuple(sale for sale in own if sale.pk in counted)
    claimed = (sale for sale in own if sale.pk not in counted)
    return Progress(plan, confirmed, _total(confirmed, rounding), _total(claimed, rounding), day)


def _total(sales: Iterable[Sale], rounding: Rounding) -> Decimal:
    return sum((final_price(sale, rounding) for sale in sales), NOTHING)


def agreed_plans(partner: Partner, starts: date, until: date, recorded_by: datetime | None = None) -> list[SalesPlan]:
    """The plans both sides agreed on that a term (both days included) answers for: begun, and of its year by their end.

    A plan over two years is of the second, so that it is rewarded once. With ``recorded_by`` those that both had agreed
    on before that moment, and nobody had cancelled.
    """
    standing = Q(partner_agreed_at__isnull=False, vendor_agreed_at__isnull=False, cancelled_at__isnull=True)
    if recorded_by is not None:
        standing = Q(partner_agreed_at__lt=recorded_by, vendor_agreed_at__lt=recorded_by)
        standing &= Q(cancelled_at__isnull=True) | Q(cancelled_at__gte=recorded_by)
    plans = SalesPlan.objects.filter(
        standing, partner=partner, starts__lte=until, until__range=(starts, membership_ends(until))
    )
    return list(plans.order_by("starts", "pk"))
