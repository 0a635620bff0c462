"""What the ledger says: balances, what of them may go where, and whether it all adds up (R77).

Points are percentage points, money is roubles. May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Sum

from partner_directory.models.bonus import Balance, BonusRequest, LedgerEntry, LedgerTransaction, Sale, Unit
from partner_directory.models.facts import FactState
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_for
from partner_directory.sales import final_price
from program_pages.models.edition import programme_day_of
from program_pages.rules.money import NOTHING, PERCENT_STEP, WHOLE, discounted, percent_of
from program_pages.rules.sale import under_ceiling
from program_pages.rules.terms import Terms, UnknownLevel
from program_pages.terms import NoEdition


class Way(StrEnum):
    """How a bonus comes back: never as cash (R77)."""

    DISCOUNT = "discount"
    LICENCES = "licences"


def balance_of(partner: Partner) -> Decimal:
    """The points a partner has to spend."""
    amount = Balance.objects.filter(partner=partner, unit=Unit.POINTS).values_list("amount", flat=True).first()
    return NOTHING if amount is None else amount


def balance_then(partner: Partner, moment: datetime) -> Decimal:
    """The points a partner had to spend before a moment: the sum of its entries by then, which nobody can change."""
    entries = LedgerEntry.objects.filter(
        transaction__partner=partner, transaction__at__lt=moment, account=LedgerEntry.Account.PARTNER, unit=Unit.POINTS
    )
    return entries.aggregate(total=Sum("amount"))["total"] or NOTHING


def later_credits(partner: Partner, day: date) -> Decimal:
    """The points credited by requests made on a day or after it: they cannot go on a sale of that day (R77)."""
    requests = BonusRequest.objects.filter(membership__partner=partner, state=BonusRequest.State.CREDITED)
    asked = requests.values_list("asked_at", "credited")
    return sum((credited or NOTHING for asked_at, credited in asked if programme_day_of(asked_at) >= day), NOTHING)


# --- What a sale may take ---


@dataclass(frozen=True, slots=True)
class Room:
    """What a sale can take of a partner's bonus: ``points`` at the most, of a ``price`` that its client pays.

    ``discount`` is the partner's own on that day; ``licence`` is what the partner pays for one licence of the sale;
    ``later`` are points of the balance that were earned too late for it.
    """

    sale: Sale
    terms: Terms
    price: Decimal
    discount: Decimal
    points: Decimal
    licence: Decimal
    later: Decimal


@dataclass(frozen=True, slots=True)
class Spending:
    """What so many points bring on a sale: roubles off its price, or licences without payment."""

    room: Room
    way: Way
    points: Decimal
    roubles: Decimal
    licences: int = 0


def spendable_sales(partner: Partner) -> list[Sale]:
    """The sales a bonus may still go on: not refused, and nothing spent on them yet."""
    spent = LedgerTransaction.objects.filter(partner=partner, sale__isnull=False).values("sale")
    sales = Sale.objects.filter(partner=partner).exclude(state=FactState.REFUSED).exclude(pk__in=spent)
    return list(sales.select_related("product__product_line"))


def room_of(sale: Sale, balance: Decimal) -> Room | None:
    """What a sale can take of a balance; None where the partner held no level on its day."""
    membership = _membership_on(sale)
    if membership is None:
        return None
    try:
        terms = terms_for(sale.partner, sale.sold_on)
        discount, room = under_ceiling(terms, terms.level(membership.level.slug).discount)
    except (NoEdition, UnknownLevel):
        return None
    rounding = terms.readings.rounding
    price = final_price(sale, rounding)
    later = later_credits(sale.partner, sale.sold_on)
    licence = (discounted(price, discount, rounding) / sale.licences).quantize(Decimal("0.01"))
    return Room(sale, terms, price, discount, max(min(room, balance - later), NOTHING), licence, later)


def spending(room: Room, way: Way, points: Decimal) -> Spending:
    """What points bring on a sale; as licences only as many points are taken as whole licences need."""
    roubles = percent_of(room.price, points, room.terms.readings.rounding)
    if way is Way.DISCOUNT:
        return Spending(room, way, points, roubles)
    licences = int(roubles // room.licence) if room.licence else 0
    worth = licences * room.licence
    needed = (worth * WHOLE / room.price).quantize(PERCENT_STEP, ROUND_CEILING) if room.price else NOTHING
    return Spending(room, way, min(needed, points), worth, licences)


def _membership_on(sale: Sale) -> Membership | None:
    """The membership in force on a sale's day: of the product's line, or any where the sale names no product."""
    held = Membership.objects.filter(partner=sale.partner_id).in_force(sale.sold_on).select_related("level")
    if sale.product is not None:
        held = held.filter(product_line=sale.product.product_line_id)
    return held.order_by("starts", "pk").first()


# --- Whether it adds up ---


def disagreements() -> Iterator[str]:
    """Everything in the ledger that does not add up; nothing where all is well."""
    for row in _sums("transaction_id", "unit"):
        if row["total"]:
            yield f"transaction {row['transaction_id']}: {row['total']} {row['unit']} out of nothing"
    for pk in LedgerTransaction.objects.filter(entries__isnull=True).values_list("pk", flat=True):
        yield f"transaction {pk}: without entries"
    entered = {
        (row["transaction__partner_id"], row["unit"]): row["total"]
        for row in _sums("transaction__partner_id", "unit", account=LedgerEntry.Account.PARTNER)
    }
    kept = {(row.partner_id, row.unit): row.amount for row in Balance.objects.all()}
    for partner, unit in sorted(entered.keys() | kept.keys()):
        wanted, found = entered.get((partner, unit), NOTHING), kept.get((partner, unit), NOTHING)
        if wanted != found:
            yield f"partner {partner}: the balance is {found} {unit}, its entries make {wanted}"


def _sums(*by: str, **only: str) -> Iterator[dict[str, Any]]:
    rows = LedgerEntry.objects.filter(**only).order_by().values(*by).annotate(total=Sum("amount"))
    yield from rows
