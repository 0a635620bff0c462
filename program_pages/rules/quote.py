"""A deal's whole quote under an edition: its lines, section by section, and their totals.

Each section is computed in a module of its own (``sale``, ``bonus``, ``services``, ``rental``); this one
puts them together. Money is a ``Decimal`` in roubles, a percent is a ``Decimal`` in points.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from program_pages.rules.bonus import Bonuses, bonus_lines, bonuses_of
from program_pages.rules.deal import QuoteRequest, QuoteSection, problems
from program_pages.rules.lines import Line
from program_pages.rules.money import WHOLE
from program_pages.rules.rental import RentalPlan, rental_lines, rental_plan
from program_pages.rules.sale import Deal, deal_of, licences, under_ceiling
from program_pages.rules.services import extended_support, implementation, own_use, support, updates
from program_pages.rules.terms import Terms

_ORDER = tuple(QuoteSection)
INCOME = frozenset({"updates_share", "own_implementation", "asoft_implementation"})  # lines a partner earns by


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of the rounded lines in roubles (A10), so that pays + margin = client total to the kopeck.

    ``discount_points``, ``bonus_points`` and their sum ``combined_points`` are what the ceiling leaves (R75);
    ``cut_points`` is what it took of both. ``next_sale_bonus_value`` belongs to the next sale (R77), so it is
    no part of ``partner_income``: the margin, and what is certain of updates and implementations in the sections
    asked for. Renting has a result of its own.
    """

    list_total: Decimal
    client_total: Decimal
    partner_pays: Decimal
    partner_margin: Decimal
    discount_points: Decimal
    bonus_points: Decimal
    combined_points: Decimal
    cut_points: Decimal
    next_sale_bonus_value: Decimal
    partner_income: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """A deal's numbers under one edition; whether prices include VAT is printed with each quote (A10)."""

    edition: int
    level: str
    currency: str
    prices_include_vat: bool
    lines: tuple[Line, ...]
    totals: Totals
    bonuses: Bonuses
    rental: RentalPlan | None = None

    def line(self, key: str) -> Line | None:
        """The line with a key, None where the quote has none."""
        return next((line for line in self.lines if line.key == key), None)


@dataclass(frozen=True, slots=True)
class RoubleSplit:
    """How the client's price divides, in points that make 100."""

    partner: Decimal
    vendor: Decimal


def quote(terms: Terms, request: QuoteRequest) -> Quote:
    """Compute a deal under an edition (R15, R25, R33, R35, R46-R54, R64-R66, R71-R77).

    Raises UnknownLevel, and BadValue that names the first field that cannot be computed with
    (``program_pages.rules.deal.problems``).
    """
    level = terms.level(request.level)
    for problem in problems(request, level):
        raise problem
    deal = deal_of(terms, level, request)
    bonuses = bonuses_of(deal)
    rents = request.rental is not None and level.may_rent_out and QuoteSection.RENTAL in request.sections
    plan = rental_plan(deal, request.rental) if request.rental and rents else None
    lines: list[Line] = []
    for section in _ORDER:
        if section in request.sections:
            lines += _lines_of(section, deal, bonuses, plan)
    return Quote(
        edition=terms.edition,
        level=level.slug,
        currency=terms.currency,
        prices_include_vat=terms.readings.prices_include_vat,
        lines=tuple(lines),
        totals=_totals(deal, bonuses, lines),
        bonuses=bonuses,
        rental=plan,
    )


def _lines_of(section: QuoteSection, deal: Deal, bonuses: Bonuses, plan: RentalPlan | None) -> Iterable[Line]:
    if section is QuoteSection.BONUS:
        return bonus_lines(deal, bonuses)
    if section is QuoteSection.RENTAL:
        return rental_lines(deal, plan)
    return _SECTIONS[section](deal)


_SECTIONS = {
    QuoteSection.LICENCES: licences,
    QuoteSection.UPDATES: updates,
    QuoteSection.SUPPORT: support,
    QuoteSection.EXTENDED_SUPPORT: extended_support,
    QuoteSection.OWN_USE: own_use,
    QuoteSection.IMPLEMENTATION: implementation,
}


def _totals(deal: Deal, bonuses: Bonuses, lines: Iterable[Line]) -> Totals:
    margin = deal.client_total - deal.paid_total
    income = margin
    for line in lines:
        if line.key in INCOME and line.amount is not None:
            income += line.amount
    return Totals(
        list_total=deal.list_total,
        client_total=deal.client_total,
        partner_pays=deal.paid_total,
        partner_margin=margin,
        discount_points=deal.discount,
        bonus_points=bonuses.granted,
        combined_points=deal.discount + bonuses.granted,
        cut_points=deal.asked_discount - deal.discount + bonuses.cut,
        next_sale_bonus_value=bonuses.value,
        partner_income=income,
    )


def split_of_a_rouble(terms: Terms, level: str) -> RoubleSplit:
    """What part of the client's price stays with a partner of this level (slug), and what the vendor gets (R46, R50).

    As in a quote, the discount goes no further than the ceiling (R75). Raises UnknownLevel.
    """
    discount, _room = under_ceiling(terms, terms.level(level).discount)
    return RoubleSplit(partner=discount, vendor=WHOLE - discount)
