"""The numbers of a quote as JSON: what the API answers and what golden cases expect, without a word in any language.

Money is roubles and percents are points, both as strings with two decimals. May not import models.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from program_pages.rules.lines import Line
from program_pages.rules.quote import Quote, Totals
from program_pages.rules.rental import RentalPlan

CENTS = Decimal("0.01")


def points(value: Decimal) -> str:
    """A decimal as a string with two digits after the point."""
    return str(value.quantize(CENTS))


def optional(value: Decimal | None) -> str | None:
    """A decimal as a string, or None."""
    return None if value is None else points(value)


def quote_numbers(quote: Quote) -> dict[str, Any]:
    """Every number of a quote: its lines, totals, licences for the bonus, and the rental plan."""
    return {
        "lines": [line_numbers(line) for line in quote.lines],
        "totals": totals_numbers(quote.totals),
        "bonus_licences": dict(quote.bonuses.licences),
        "rental": None if quote.rental is None else rental_numbers(quote.rental),
    }


def line_numbers(line: Line) -> dict[str, Any]:
    """One line: its key, what kind of number it is, the number, and the clause it rests on."""
    return {
        "key": line.key,
        "section": line.section.value,
        "kind": line.kind.value,
        "status": None if line.status is None else line.status.value,
        "amount": optional(line.amount),
        "low": optional(line.low),
        "high": optional(line.high),
        "base": optional(line.base),
        "percent": optional(line.percent),
        "clause": line.clause,
    }


def totals_numbers(totals: Totals) -> dict[str, str]:
    """The totals by their names."""
    return {name: points(getattr(totals, name)) for name in Totals.__slots__}


def rental_numbers(plan: RentalPlan) -> dict[str, Any]:
    """The rental plan month by month."""
    return {
        "first_year_cost": points(plan.first_year_cost),
        "income": points(plan.income),
        "result": points(plan.result),
        "break_even_month": plan.break_even_month,
        "months": [
            {
                "month": month.month,
                "cost": points(month.cost),
                "income": points(month.income),
                "balance": points(month.balance),
            }
            for month in plan.months
        ],
    }
