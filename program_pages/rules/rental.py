"""Licences rented out (R35-R40): what the first year costs, what seats bring a month, and when that pays back.

The partner buys the module that renting asks for (R38) and the licences (R39) at its level's discount, and extended
support for each year that begins (R40). Which scheme fits is settled with the vendor (R42): this
is the plain one, a fee for each seat and month. Money is roubles.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from program_pages.rules.deal import DEFAULT_MONTHS, MAX_MONTHS, QuoteSection, RentalRequest
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.money import NOTHING
from program_pages.rules.sale import Deal
from program_pages.rules.terms import RequirementKind, ServicesBase, Topic

MONTHS_A_YEAR = DEFAULT_MONTHS


@dataclass(frozen=True, slots=True)
class RentalMonth:
    """The end of a month: everything paid and taken in so far, and what is left of it (below zero: still owed)."""

    month: int
    cost: Decimal
    income: Decimal
    balance: Decimal


@dataclass(frozen=True, slots=True)
class RentalPlan:
    """What renting out costs and brings.

    ``module`` is None where the list has no price of it: it is then left out of the cost. ``income`` and ``result``
    are those of all ``months``, the ones asked for. ``break_even_month`` is the first month whose balance is not
    below zero, None where there is none within MAX_MONTHS; a new year's support may take it below zero again.
    """

    module: Decimal | None
    licences: Decimal
    support: Decimal
    support_base: Decimal
    first_year_cost: Decimal
    income: Decimal
    result: Decimal
    break_even_month: int | None
    months: tuple[RentalMonth, ...]


def rental_plan(deal: Deal, rental: RentalRequest) -> RentalPlan:
    """The plan of renting so many seats out at the deal's level (R35-R40)."""
    full = deal.kopecks(rental.unit_price * rental.seats)
    licences = deal.left(full, deal.discount)
    module = None if rental.module_price is None else deal.left(rental.module_price, deal.discount)
    final = deal.terms.readings.services_base is ServicesBase.FINAL_PRICE
    support_base = licences if final else full  # the partner is the one who buys here (A9)
    support = deal.share(support_base, deal.terms.extended_support_percent)
    bought = licences + (module or NOTHING)
    fees = deal.kopecks(rental.monthly_fee * rental.seats)
    months = tuple(islice(_months(bought, support, fees), rental.months))
    return RentalPlan(
        module=module,
        licences=licences,
        support=support,
        support_base=support_base,
        first_year_cost=bought + support,
        income=months[-1].income,
        result=months[-1].balance,
        break_even_month=next((each.month for each in _months(bought, support, fees) if each.balance >= 0), None),
        months=months,
    )


def _months(bought: Decimal, support: Decimal, fees: Decimal) -> Iterator[RentalMonth]:
    cost, income = bought, NOTHING
    for month in range(1, MAX_MONTHS + 1):
        if month % MONTHS_A_YEAR == 1:  # a year begins: its support is paid
            cost += support
        income += fees
        yield RentalMonth(month, cost, income, income - cost)


def rental_lines(deal: Deal, plan: RentalPlan | None) -> Iterable[Line]:
    """The plan line by line; where the level may not rent out, one line that says so (R35)."""
    rental = deal.request.rental
    if rental is None:
        return
    if plan is None:
        said = Explanation(ExplanationKey.NO_RENTAL, {})
        clause = deal.clause_about(Topic.RENTING)
        yield Line("rental", QuoteSection.RENTAL, LineKind.NOT_AVAILABLE, said, clause=clause)
        return
    yield _module(deal, rental, plan)
    yield _licences(deal, rental, plan)
    yield _support(deal, plan)
    yield _sum(deal, "rental_cost", plan.first_year_cost, ExplanationKey.RENTAL_COST, {"cost": plan.first_year_cost})
    fees: dict[str, Decimal | int | str] = {
        "seats": rental.seats,
        "monthly_fee": rental.monthly_fee,
        "months": rental.months,
        "income": plan.income,
    }
    yield _sum(deal, "rental_income", plan.income, ExplanationKey.RENTAL_INCOME, fees)
    yield _result(deal, rental, plan)


def _module(deal: Deal, rental: RentalRequest, plan: RentalPlan) -> Line:
    clause = _required(deal, RequirementKind.MODULE_PURCHASED) or deal.clause(Topic.RENTING)
    if plan.module is None or rental.module_price is None:
        said = Explanation(ExplanationKey.RENTAL_MODULE_UNPRICED, {})
        return Line("rental_module", QuoteSection.RENTAL, LineKind.BY_AGREEMENT, said, clause=clause)
    price = deal.kopecks(rental.module_price)
    said = Explanation(ExplanationKey.RENTAL_MODULE, {"full": price, "discount": deal.discount, "amount": plan.module})
    return Line(
        "rental_module",
        QuoteSection.RENTAL,
        LineKind.EXACT,
        said,
        amount=plan.module,
        base=price,
        percent=deal.discount,
        clause=clause,
    )


def _licences(deal: Deal, rental: RentalRequest, plan: RentalPlan) -> Line:
    full = deal.kopecks(rental.unit_price * rental.seats)
    values: dict[str, Decimal | int | str] = {
        "product": rental.product,
        "seats": rental.seats,
        "unit_price": rental.unit_price,
        "full": full,
        "discount": deal.discount,
        "amount": plan.licences,
    }
    return Line(
        "rental_licences",
        QuoteSection.RENTAL,
        LineKind.EXACT,
        Explanation(ExplanationKey.RENTAL_LICENCES, values),
        amount=plan.licences,
        base=full,
        percent=deal.discount,
        clause=_required(deal, RequirementKind.RENTED_LICENCES) or deal.clause(Topic.DISCOUNT),
    )


def _support(deal: Deal, plan: RentalPlan) -> Line:
    percent = deal.terms.extended_support_percent
    values = {"base": plan.support_base, "percent": percent, "amount": plan.support}
    return Line(
        "rental_support",
        QuoteSection.RENTAL,
        LineKind.EXACT,
        Explanation(ExplanationKey.RENTAL_SUPPORT, values),
        amount=plan.support,
        base=plan.support_base,
        percent=percent,
        clause=deal.clause(Topic.EXTENDED_SUPPORT),
    )


def _result(deal: Deal, rental: RentalRequest, plan: RentalPlan) -> Line:
    values: dict[str, Decimal | int | str] = {
        "months": rental.months,
        "cost": plan.months[-1].cost,
        "income": plan.income,
        "result": plan.result,
    }
    if plan.break_even_month is None:
        values["limit"] = MAX_MONTHS
        return _sum(deal, "rental_result", plan.result, ExplanationKey.RENTAL_DOES_NOT_PAY_BACK, values)
    values["break_even_month"] = plan.break_even_month
    return _sum(deal, "rental_result", plan.result, ExplanationKey.RENTAL_PAYS_BACK, values)


def _sum(
    deal: Deal, key: str, amount: Decimal, sentence: ExplanationKey, values: dict[str, Decimal | int | str]
) -> Line:
    said = Explanation(sentence, values)
    clause = deal.clause(Topic.RENTING)
    return Line(key, QuoteSection.RENTAL, LineKind.EXACT, said, amount=amount, clause=clause)


def _required(deal: Deal, kind: RequirementKind) -> str | None:
    """The clause of the level's requirement of a kind, None where it asks for none."""
    return next((item.clause for item in deal.level.requirements if item.kind is kind), None)
