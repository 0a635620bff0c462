"""What another edition changes for one level: numbers, requirements, benefits and bonuses, each as it was and will be.

Only what is computed or judged is compared; a text that says the same otherwise is no difference.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from program_pages.rules.terms import (
    Benefit,
    BenefitCell,
    Bonus,
    BonusMeasure,
    CellKind,
    Level,
    Requirement,
    RequirementKind,
    Terms,
    Text,
    UnknownLevel,
)


class Part(StrEnum):
    """What part of the terms a difference is in."""

    NUMBERS = "numbers"
    REQUIREMENTS = "requirements"
    BENEFITS = "benefits"
    BONUSES = "bonuses"


class Unit(StrEnum):
    """How a value is read."""

    PERCENT = "percent"
    POINTS = "points"
    COUNT = "count"
    YES_NO = "yes_no"
    TEXT = "text"
    BOUND = "bound"
    BOUND_PERCENT = "bound_percent"


@dataclass(frozen=True, slots=True)
class Bound:
    """How much is enough: at least the threshold, or more than it; any at all where there is none."""

    threshold: Decimal | None = None
    strict: bool = False


Value = Decimal | int | bool | Text | Bound | None
UNTITLED = Text("")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changes. ``before`` is None for what is new, ``after`` for what is gone.

    ``key`` names it within its part; ``title`` is the edition's own name of it, empty for the numbers. A share or a
    percent that is None is one that the level has none of (support: by agreement, R52).
    """

    part: Part
    key: str
    unit: Unit
    before: Value
    after: Value
    title: Text = UNTITLED


LEVEL_NUMBERS: Mapping[str, Unit] = {
    "discount": Unit.PERCENT,
    "updates_share": Unit.PERCENT,
    "own_implementation_share": Unit.PERCENT,
    "asoft_implementation_share": Unit.PERCENT,
    "support_percent": Unit.PERCENT,
    "demo_licences": Unit.COUNT,
    "may_implement": Unit.YES_NO,
    "may_maintain": Unit.YES_NO,
    "may_rent_out": Unit.YES_NO,
}
EDITION_NUMBERS = ("ceiling", "own_use_cap", "updates_percent", "extended_support_percent")


def differences(before: Terms, after: Terms, level: str) -> tuple[Difference, ...]:
    """What changes for a level (slug) from one edition to another; raises UnknownLevel where either lacks it."""
    was, will_be = before.level(level), after.level(level)
    return (
        *_numbers(before, after, was, will_be),
        *_requirements(was, will_be),
        *_benefits(before, after, level),
        *_bonuses(before, after, level),
    )


def _numbers(before: Terms, after: Terms, was: Level, will_be: Level) -> Iterator[Difference]:
    for key, unit in LEVEL_NUMBERS.items():
        yield from _changed(Part.NUMBERS, key, unit, getattr(was, key), getattr(will_be, key))
    for key in EDITION_NUMBERS:
        yield from _changed(Part.NUMBERS, key, Unit.PERCENT, getattr(before, key), getattr(after, key))


def _requirements(was: Level, will_be: Level) -> Iterator[Difference]:
    """By key and kind: one that measures something else is another requirement."""
    for one, other, named in _paired(was.requirements, will_be.requirements, lambda item: f"{item.kind}:{item.key}"):
        unit = Unit.BOUND_PERCENT if named.kind is RequirementKind.REVIEWS_SHARE else Unit.BOUND
        yield from _changed(Part.REQUIREMENTS, named.key, unit, _bound(one), _bound(other), named.title)


def _benefits(before: Terms, after: Terms, level: str) -> Iterator[Difference]:
    """A percent in the table is the level's own number, and said there."""
    for one, other, named in _paired(before.benefits, after.benefits, lambda item: item.key):
        cells = (_cell(one, level), _cell(other, level))
        if CellKind.PERCENT in {cell.kind for cell in cells}:
            continue
        unit = Unit.TEXT if CellKind.VALUE in {cell.kind for cell in cells} else Unit.YES_NO
        yield from _changed(Part.BENEFITS, named.key, unit, _said(cells[0]), _said(cells[1]), named.title)


def _bonuses(before: Terms, after: Terms, level: str) -> Iterator[Difference]:
    for one, other, named in _paired(before.bonuses, after.bonuses, lambda item: item.key):
        was, will_be = (row.points.get(level) if row else None for row in (one, other))
        yield from _changed(Part.BONUSES, named.key, Unit.POINTS, was, will_be, named.title)
        if was is not None and will_be is not None:
            share = named.measure is BonusMeasure.REVIEWS_SHARE
            unit = Unit.BOUND_PERCENT if share else Unit.BOUND
            yield from _changed(Part.BONUSES, named.key, unit, _bound(one), _bound(other), named.title)


Row = TypeVar("Row", Requirement, Benefit, Bonus)


def _paired(
    before: Iterable[Row], after: Iterable[Row], key_of: Callable[[Row], str]
) -> Iterator[tuple[Row | None, Row | None, Row]]:
    """The rows of two editions side by side, each with the one that names them; those that are gone last."""
    was, will_be = {key_of(row): row for row in before}, {key_of(row): row for row in after}
    for key, row in will_be.items():
        yield was.get(key), row, row
    for key, gone in was.items():
        if key not in will_be:
            yield gone, None, gone


def _changed(
    part: Part, key: str, unit: Unit, before: Value, after: Value, title: Text = UNTITLED
) -> Iterator[Difference]:
    if before != after:
        yield Difference(part, key, unit, before, after, title)


def _bound(row: Requirement | Bonus | None) -> Bound | None:
    return Bound(row.threshold, row.strict) if row else None


def _cell(benefit: Benefit | None, level: str) -> BenefitCell:
    nothing = BenefitCell(level, CellKind.NO)
    if benefit is None:
        return nothing
    try:
        return benefit.cell(level)
    except UnknownLevel:
        return nothing


def _said(cell: BenefitCell) -> bool | Text:
    return cell.value if cell.kind is CellKind.VALUE else cell.kind is CellKind.YES
