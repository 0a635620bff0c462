"""An edition as it holds for one partner alone: single numbers replaced, all else untouched (R47, R82).

Percents are ``Decimal`` points, counts are whole numbers. Texts stay the edition's own: an overlay changes what is
computed, not what the programme says.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from program_pages.rules.money import BadValue, Fault, Reason, count_fault, percent_fault
from program_pages.rules.terms import Terms

MOST_LICENCES = 1000


class Measure(Enum):
    """What a number of the terms is counted in."""

    PERCENT = "percent"
    COUNT = "count"


TERMS_NUMBERS: Mapping[str, Measure] = {
    "ceiling": Measure.PERCENT,
    "own_use_cap": Measure.PERCENT,
    "updates_percent": Measure.PERCENT,
    "extended_support_percent": Measure.PERCENT,
}
LEVEL_NUMBERS: Mapping[str, Measure] = {
    "discount": Measure.PERCENT,
    "updates_share": Measure.PERCENT,
    "support_percent": Measure.PERCENT,
    "own_implementation_share": Measure.PERCENT,
    "asoft_implementation_share": Measure.PERCENT,
    "demo_licences": Measure.COUNT,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One number that is another one: a field of ``Level`` where a level (slug) is named, else of ``Terms``."""

    name: str
    value: Decimal | int
    level: str | None = None


def apply(terms: Terms, changes: Iterable[Change]) -> Terms:
    """The terms with these numbers in place of their own; of several changes of one number the last one holds.

    Raises BadValue (its field is the change's name) for a number that no overlay may change or that cannot be;
    UnknownLevel for a level that the terms lack.
    """
    for change in changes:
        check(change)
        terms = _changed(terms, change)
    return terms


def check(change: Change) -> None:
    """Pass a change that an overlay may make. Raises BadValue."""
    measure = measure_of(change.name, at_level=change.level is not None)
    fault = _fault(measure, change.value)
    if fault:
        raise BadValue(change.name, *fault)


def measure_of(name: str, *, at_level: bool) -> Measure:
    """What a number is counted in. Raises BadValue for one that no overlay may change."""
    measure = (LEVEL_NUMBERS if at_level else TERMS_NUMBERS).get(name)
    if measure is None:
        raise BadValue(name, Reason.NOT_A_SLUG)
    return measure


def read_change(name: str, text: str, level: str | None = None) -> Change:
    """A change whose number is kept as text. Raises BadValue as ``check`` does."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise BadValue(name, Reason.NOT_A_NUMBER) from None
    whole = number.is_finite() and number == number.to_integral_value()
    counted = measure_of(name, at_level=level is not None) is Measure.COUNT
    change = Change(name, int(number) if counted and whole else number, level)
    check(change)
    return change


def _fault(measure: Measure, value: Any) -> Fault | None:
    if measure is Measure.COUNT:
        return count_fault(value, 0, MOST_LICENCES)
    return percent_fault(value)


def _changed(terms: Terms, change: Change) -> Terms:
    numbers: Any = {change.name: change.value}
    if change.level is None:
        return replace(terms, **numbers)
    terms.level(change.level)  # a level that is not there is not passed over
    levels = (replace(level, **numbers) if level.slug == change.level else level for level in terms.levels)
    return replace(terms, levels=tuple(levels))
