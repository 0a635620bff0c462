"""Thresholds: how much of something is enough for a bonus (R71, R73) or a requirement (R29-R31).

A threshold is a count, or points of the term's implementations where it is a share of them. ``strict`` means more
than the threshold, not at least; without a threshold, anything above zero is enough.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Protocol

from program_pages.rules.money import PERCENT_STEP, WHOLE


class Limited(Protocol):
    """Whatever asks for enough of something."""

    @property
    def threshold(self) -> Decimal | None: ...

    @property
    def strict(self) -> bool: ...


def reaches(value: Decimal | int, limited: Limited) -> bool:
    """Whether a value, in the unit of the threshold, is enough."""
    if limited.threshold is None:
        return value > 0
    return value > limited.threshold if limited.strict else value >= limited.threshold


def least(limited: Limited) -> int:
    """The least whole number that is enough."""
    return 1 if limited.threshold is None else _least(limited.threshold, limited.strict)


def least_of(limited: Limited, total: int) -> int:
    """The least part of a total that is enough, where the threshold is in points of the total."""
    return 1 if limited.threshold is None else _least(limited.threshold * total / WHOLE, limited.strict)


def least_share(limited: Limited) -> Decimal:
    """A share in points that is enough: the threshold, or half a step beyond it, where no other threshold lies."""
    if limited.threshold is None:
        return PERCENT_STEP / 2
    return limited.threshold + PERCENT_STEP / 2 if limited.strict else limited.threshold


def _least(bound: Decimal, strict: bool) -> int:
    if strict:
        return int(bound.to_integral_value(ROUND_FLOOR)) + 1
    return int(bound.to_integral_value(ROUND_CEILING))
