"""Money and percents: whole kopecks in, whole kopecks out, rounded as the edition reads A10.

Money is a ``Decimal`` in roubles, a percent is a ``Decimal`` in points. The limits below keep
every product inside the 28 digits of Python's decimals, so a sum is rounded once and nowhere else.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from program_pages.rules.terms import Rounding

NOTHING = Decimal(0)
KOPECK = Decimal("0.01")
PERCENT_STEP = Decimal("0.01")
WHOLE = Decimal(100)
HUNDREDTH = Decimal("0.01")  # of the whole, a point
MAX_AMOUNT = Decimal(1_000_000_000_000_000_000)

_MODES = {
    Rounding.HALF_UP: decimal.ROUND_HALF_UP,
    Rounding.HALF_EVEN: decimal.ROUND_HALF_EVEN,
}


class Reason(StrEnum):
    """Why a value is refused: the key of the sentence that the page says."""

    NOT_A_NUMBER = "not_a_number"  # NaN, infinity, or no number at all
    NOT_WHOLE = "not_whole"  # a count with a fraction
    NOT_A_SLUG = "not_a_slug"
    TOO_SMALL = "too_small"  # a minus is, even before zero
    TOO_LARGE = "too_large"
    TOO_PRECISE = "too_precise"  # finer than a kopeck or than a hundredth of a percent
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"


class BadValue(ValueError):
    """A value that no rule can compute with.

    ``field`` names it as the request does ("client_discount", "lines.0.unit_price"), ``reason``
    says what is wrong, ``limit`` is the bound it broke, if it broke one.
    """

    def __init__(self, field: str, reason: Reason, limit: Decimal | int | None = None) -> None:
        super().__init__(field, reason, limit)
        self.field = field
        self.reason = reason
        self.limit = limit

    def __str__(self) -> str:
        bound = "" if self.limit is None else f" (limit {self.limit})"
        return f"{self.field}: {self.reason}{bound}"


class Fault(NamedTuple):
    """What is wrong with a value, and the bound it broke, if it broke one."""

    reason: Reason
    limit: Decimal | int | None = None


def kopecks(rounding: Rounding) -> Callable[[Decimal], Decimal]:
    """The rounding of an edition (A10) for sums within MAX_AMOUNT: roubles in, whole kopecks out, nothing checked."""
    mode = _MODES[rounding]
    return lambda amount: amount.quantize(KOPECK, mode)


def rounded(amount: Decimal, rounding: Rounding) -> Decimal:
    """A sum in roubles to the whole kopeck (A10), e.g. 0.005 -> 0.01 by half-up.

    Raises BadValue("amount") for what is negative, not finite or above MAX_AMOUNT.
    """
    _refuse("amount", number_fault(amount, MAX_AMOUNT))
    return amount.quantize(KOPECK, _MODES[rounding])


def percent_of(base: Decimal, percent: Decimal, rounding: Rounding) -> Decimal:
    """So many percent (points) of a base in whole kopecks, rounded (A10). Raises BadValue("base" or "percent")."""
    check_amount("base", base)
    check_percent("percent", percent)
    return rounded(base * percent * HUNDREDTH, rounding)


def discounted(price: Decimal, percent: Decimal, rounding: Rounding) -> Decimal:
    """What is left of a price in whole kopecks after a discount in points, rounded (A10).

    The discount itself is ``price - discounted(...)``, so that the two parts always make the
    whole; each rounded for itself, they could miss it by a kopeck. Raises BadValue("price" or "percent").
    """
    check_amount("price", price)
    check_percent("percent", percent)
    return rounded(price * (WHOLE - percent) * HUNDREDTH, rounding)


def check_amount(field: str, amount: Decimal, limit: Decimal = MAX_AMOUNT) -> None:
    """Pass a sum of 0 to ``limit`` roubles in whole kopecks. Raises BadValue(field)."""
    _refuse(field, amount_fault(amount, limit))


def check_percent(field: str, percent: Decimal, limit: Decimal = WHOLE) -> None:
    """Pass 0 to ``limit`` points in steps of PERCENT_STEP. Raises BadValue(field)."""
    _refuse(field, percent_fault(percent, limit))


def _refuse(field: str, fault: Fault | None) -> None:
    if fault:
        raise BadValue(field, *fault)


# --- Faults: what is wrong with a value, None where nothing is ---


def amount_fault(amount: Decimal, limit: Decimal = MAX_AMOUNT) -> Fault | None:
    """Why a value is no sum of 0 to ``limit`` roubles in whole kopecks."""
    return number_fault(amount, limit) or _step_fault(amount, KOPECK)


def percent_fault(percent: Decimal, limit: Decimal = WHOLE) -> Fault | None:
    """Why a value is no 0 to ``limit`` points in steps of PERCENT_STEP."""
    return number_fault(percent, limit) or _step_fault(percent, PERCENT_STEP)


def count_fault(count: int, fewest: int, most: int) -> Fault | None:
    """Why a value is no whole number from ``fewest`` to ``most``."""
    if not isinstance(count, int) or isinstance(count, bool):
        return Fault(Reason.NOT_WHOLE)
    if count < fewest:
        return Fault(Reason.TOO_SMALL, fewest)
    if count > most:
        return Fault(Reason.TOO_LARGE, most)
    return None


def number_fault(value: Decimal, limit: Decimal) -> Fault | None:
    """Why a value is no number from 0 to ``limit``, as fine as it may be."""
    if not isinstance(value, Decimal) or not value.is_finite():
        return Fault(Reason.NOT_A_NUMBER)
    if value.is_signed():
        return Fault(Reason.TOO_SMALL, 0)
    if value > limit:
        return Fault(Reason.TOO_LARGE, limit)
    return None


def _step_fault(value: Decimal, step: Decimal) -> Fault | None:
    return Fault(Reason.TOO_PRECISE, step) if value.quantize(step) != value else None
