"""What a quote is asked for: a deal at a level, and what may not be asked.

Money is a ``Decimal`` in roubles, a percent is a ``Decimal`` in points, a share of reviews is points of
the implementations. Limits keep every product of two numbers exact (``program_pages.rules.money``).

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from program_pages.rules.money import (
    NOTHING,
    WHOLE,
    BadValue,
    Fault,
    Reason,
    amount_fault,
    count_fault,
    number_fault,
    percent_fault,
)
from program_pages.rules.terms import Level

MAX_LINES = 100
MAX_QUANTITY = 1_000_000
MAX_SPECIALISTS = 10_000
MAX_MONTHS = 120
MAX_UNIT_PRICE = Decimal(1_000_000_000)
MAX_SUM = Decimal(1_000_000_000_000)
DEFAULT_MONTHS = 12

_SLUG = re.compile(r"[-\w]+", re.ASCII)


class QuoteSection(StrEnum):
    """The parts of a quote, in the order in which they are said."""

    LICENCES = "licences"
    BONUS = "bonus"
    UPDATES = "updates"
    SUPPORT = "support"
    EXTENDED_SUPPORT = "extended_support"
    OWN_USE = "own_use"
    IMPLEMENTATION = "implementation"
    RENTAL = "rental"


EVERY_SECTION = frozenset(QuoteSection)


class Plan(StrEnum):
    """The sales plan of the term (R72)."""

    NONE = "none"  # none was agreed
    AGREED = "agreed"  # agreed, and not fulfilled (yet)
    MET = "met"


class Events(StrEnum):
    """The events of the term (R74)."""

    NONE = "none"
    ATTENDED = "attended"
    HOSTED = "hosted"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class RequestLine:
    """So many licences of a product (slug) at a price in roubles for each.

    ``list_price`` is the price list's own, where another price was agreed; ``minimum_price`` is its lowest,
    None where it has none (R48, A3).
    """

    product: str
    quantity: int
    unit_price: Decimal
    list_price: Decimal | None = None
    minimum_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BonusFacts:
    """What is rewarded in the term (R71-R74).

    ``reviews_share`` is in points of the term's implementations, None where there were none (A6);
    ``extra_specialists`` are people beyond the level's requirement; ``confirmed`` holds the keys of
    an editor's own bonuses that a manager has confirmed.
    """

    reviews_share: Decimal | None = None
    plan: Plan = Plan.NONE
    extra_specialists: int = 0
    events: Events = Events.NONE
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RentalRequest:
    """Licences of a product (slug) to be rented out (R35): so many seats for a monthly fee in roubles each.

    ``unit_price`` is what a licence costs on the list, ``module_price`` what the module does that renting
    asks for (R38), None where the list has no such price; ``months`` is how far the partner looks.
    """

    product: str
    seats: int
    monthly_fee: Decimal
    unit_price: Decimal
    module_price: Decimal | None = None
    months: int = DEFAULT_MONTHS


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A deal at a level (slug); ``day`` is its day, None where the end of the bonuses does not matter (R79).

    ``client_discount`` is in points of the price (R50). ``agreed_discount`` replaces the level's own where
    plans were agreed (R47), in points. ``credit`` are points of a bonus earned before and spent on this
    sale (R77). ``updates_share`` is the agreed share of the price of updates, in points (R33, A4). The
    two implementations are their prices in roubles, None where there is none (R65, R66).
    """

    level: str
    lines: tuple[RequestLine, ...]
    client_discount: Decimal = NOTHING
    agreed_discount: Decimal | None = None
    bonus: BonusFacts = BonusFacts()
    credit: Decimal = NOTHING
    updates_share: Decimal | None = None
    own_implementation: Decimal | None = None
    asoft_implementation: Decimal | None = None
    rental: RentalRequest | None = None
    day: date | None = None
    sections: frozenset[QuoteSection] = EVERY_SECTION


def problems(request: QuoteRequest, level: Level) -> Iterator[BadValue]:
    """Everything that keeps a deal from being computed at a level, each problem naming its field.

    Fields are named as the API does: "client_discount", "lines", "lines.<index>.quantity", "bonus.reviews_share",
    "bonus.credit", "rental.seats". Of too many lines none is looked at.
    """
    for field, fault in _faults(request, level):
        if fault:
            yield BadValue(field, *fault)


Faults = Iterator[tuple[str, Fault | None]]  # of each field


def _faults(request: QuoteRequest, level: Level) -> Faults:
    yield "client_discount", percent_fault(request.client_discount)
    yield from _faults_of_lines(request.lines)
    if request.agreed_discount is not None:
        yield "agreed_discount", percent_fault(request.agreed_discount)
    yield "bonus.credit", percent_fault(request.credit)
    if request.updates_share is not None:
        most = WHOLE if level.updates_share is None else level.updates_share
        yield "updates_share", percent_fault(request.updates_share, most)
    yield from _faults_of_bonus(request.bonus)
    yield "own_implementation", _optional(request.own_implementation, MAX_SUM)
    yield "asoft_implementation", _optional(request.asoft_implementation, MAX_SUM)
    if request.rental is not None:
        yield from _faults_of_rental(request.rental)


def _faults_of_lines(lines: tuple[RequestLine, ...]) -> Faults:
    if not lines:
        yield "lines", Fault(Reason.TOO_FEW, 1)
    if len(lines) > MAX_LINES:
        yield "lines", Fault(Reason.TOO_MANY, MAX_LINES)
        return
    for index, line in enumerate(lines):
        for name, fault in (
            ("product", _slug_fault(line.product)),
            ("quantity", count_fault(line.quantity, 1, MAX_QUANTITY)),
            ("unit_price", amount_fault(line.unit_price, MAX_UNIT_PRICE)),
            ("list_price", _optional(line.list_price, MAX_UNIT_PRICE)),
            ("minimum_price", _optional(line.minimum_price, MAX_UNIT_PRICE)),
        ):
            if fault:
                yield f"lines.{index}.{name}", fault


def _faults_of_bonus(facts: BonusFacts) -> Faults:
    if facts.reviews_share is not None:
        yield "bonus.reviews_share", number_fault(facts.reviews_share, WHOLE)  # two of three are no whole hundredths
    yield "bonus.extra_specialists", count_fault(facts.extra_specialists, 0, MAX_SPECIALISTS)


def _faults_of_rental(rental: RentalRequest) -> Faults:
    yield "rental.product", _slug_fault(rental.product)
    yield "rental.seats", count_fault(rental.seats, 1, MAX_QUANTITY)
    yield "rental.months", count_fault(rental.months, 1, MAX_MONTHS)
    yield "rental.monthly_fee", amount_fault(rental.monthly_fee, MAX_UNIT_PRICE)
    yield "rental.unit_price", amount_fault(rental.unit_price, MAX_UNIT_PRICE)
    yield "rental.module_price", _optional(rental.module_price, MAX_UNIT_PRICE)


def _optional(amount: Decimal | None, limit: Decimal) -> Fault | None:
    return None if amount is None else amount_fault(amount, limit)


def _slug_fault(product: str) -> Fault | None:
    return None if _SLUG.fullmatch(product) else Fault(Reason.NOT_A_SLUG)
