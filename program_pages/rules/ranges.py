"""How far a quote's numbers may move while readings of the terms are undecided (A1-A4, A9, A10).

Where the source leaves room and nobody has decided yet, an honest number is a range: from the least to the greatest
that any of the alternatives would bring. Money is a ``Decimal`` in roubles, percents are points.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import product
from math import prod
from typing import Any

from program_pages.rules.deal import QuoteRequest
from program_pages.rules.lines import Line, LineKind
from program_pages.rules.money import NOTHING
from program_pages.rules.quote import Quote, Totals, quote
from program_pages.rules.terms import (
    CeilingScope,
    OwnUseWithoutMinimum,
    Rounding,
    ServicesBase,
    Terms,
    UpdatesShareRule,
)

MOST_VARIANTS = 64  # all six settings with two alternatives each; a quote takes a fraction of a millisecond


class HighestOfGroup(StrEnum):
    """A1: what counts of several bonuses of one group."""

    HIGHEST = "highest"
    SUM = "sum"


class Setting(StrEnum):
    """The settings of an edition that numbers of a quote depend on, by the name of what they set."""

    HIGHEST_OF_GROUP = "highest_of_group"
    CEILING_SCOPE = "ceiling_scope"
    OWN_USE_WITHOUT_MINIMUM = "own_use_without_minimum"
    UPDATES_SHARE_RULE = "updates_share_rule"
    SERVICES_BASE = "services_base"
    ROUNDING = "rounding"


KINDS: Mapping[Setting, type[StrEnum]] = {
    Setting.HIGHEST_OF_GROUP: HighestOfGroup,
    Setting.CEILING_SCOPE: CeilingScope,
    Setting.OWN_USE_WITHOUT_MINIMUM: OwnUseWithoutMinimum,
    Setting.UPDATES_SHARE_RULE: UpdatesShareRule,
    Setting.SERVICES_BASE: ServicesBase,
    Setting.ROUNDING: Rounding,
}


@dataclass(frozen=True, slots=True)
class Undecided:
    """A reading (its code, "A9") that nobody has decided: the setting it is about, and what that might be."""

    code: str
    setting: Setting
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """From the least to the greatest that a number may come to."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Ranges:
    """The numbers of a quote that undecided readings move.

    ``readings`` are the codes of those that move any; ``totals`` go by the names of ``Totals``, ``lines`` by their
    keys: a line that only some alternatives have counts as nothing where it is missing. ``complete`` is False where
    there were too many alternatives to combine: each reading was then tried alone, and together they may reach further.
    """

    readings: tuple[str, ...]
    totals: Mapping[str, Span]
    lines: Mapping[str, Span]
    complete: bool = True


def under(terms: Terms, setting: Setting, value: str) -> Terms:
    """The terms read in another way. Raises ValueError for a value that the setting does not know."""
    chosen = KINDS[setting](value)
    if setting is Setting.HIGHEST_OF_GROUP:
        highest = chosen is HighestOfGroup.HIGHEST
        bonuses = (replace(bonus, highest_of_group=highest and bool(bonus.group)) for bonus in terms.bonuses)
        return replace(terms, bonuses=tuple(bonuses))
    read: Any = {setting.value: chosen}
    return replace(terms, readings=replace(terms.readings, **read))


def reading_of(terms: Terms, setting: Setting) -> str:
    """How the terms themselves read a setting."""
    if setting is Setting.HIGHEST_OF_GROUP:
        highest = any(bonus.highest_of_group for bonus in terms.bonuses)
        return (HighestOfGroup.HIGHEST if highest else HighestOfGroup.SUM).value
    return str(getattr(terms.readings, setting.value))


def ranges(terms: Terms, request: QuoteRequest, undecided: Sequence[Undecided]) -> Ranges | None:
    """The range of every number that the undecided readings move; None where they move none.

    The terms' own reading is always among the alternatives, so that a range holds the number of the plain quote. Raises
    what ``quote`` raises, and ValueError for an alternative that its setting does not know.
    """
    if not undecided:
        return None
    choices = [_choices(terms, each) for each in undecided]
    complete = prod(map(len, choices)) <= MOST_VARIANTS
    found = {
        variant: _numbers(quote(_read(terms, undecided, variant), request))
        for variant in (product(*choices) if complete else _one_by_one(choices))
    }
    spans = _spans(list(found.values()))
    if not spans:
        return None
    return Ranges(
        readings=tuple(each.code for place, each in enumerate(undecided) if _moves(found, place)),
        totals={name: span for (kind, name), span in spans.items() if kind is Totals},
        lines={key: span for (kind, key), span in spans.items() if kind is Line},
        complete=complete,
    )


Variant = tuple[str, ...]  # a value for each undecided reading
Name = tuple[type, str]  # a total by its name, a line by its key
Numbers = Mapping[Name, Span]


def _choices(terms: Terms, undecided: Undecided) -> tuple[str, ...]:
    """The terms' own reading first, then the others."""
    own = reading_of(terms, undecided.setting)
    return (own, *(value for value in dict.fromkeys(undecided.alternatives) if value != own))


def _one_by_one(choices: Sequence[tuple[str, ...]]) -> Iterator[Variant]:
    """The terms' own reading of everything, then each alternative with all else as it is."""
    own = tuple(values[0] for values in choices)
    yield own
    for place, values in enumerate(choices):
        yield from ((*own[:place], value, *own[place + 1 :]) for value in values[1:])


def _read(terms: Terms, undecided: Sequence[Undecided], variant: Variant) -> Terms:
    for each, value in zip(undecided, variant, strict=True):
        if value != reading_of(terms, each.setting):  # its own reading is left as it is, group by group
            terms = under(terms, each.setting, value)
    return terms


def _numbers(found: Quote) -> dict[Name, Span]:
    numbers: dict[Name, Span] = {(Totals, name): _point(getattr(found.totals, name)) for name in Totals.__slots__}
    for line in found.lines:
        span = _span_of(line)
        if span is not None:
            numbers[Line, line.key] = span
    return numbers


def _span_of(line: Line) -> Span | None:
    if line.kind is LineKind.RANGE and line.low is not None and line.high is not None:
        return Span(line.low, line.high)
    return None if line.amount is None else _point(line.amount)


def _point(number: Decimal) -> Span:
    return Span(number, number)


def _spans(variants: Sequence[Numbers]) -> dict[Name, Span]:
    """The spans of all numbers that are not the same in every variant, in the order of the quote."""
    names = dict.fromkeys(name for numbers in variants for name in numbers)
    spans: dict[Name, Span] = {}
    for name in names:
        of_each = [numbers.get(name, _point(NOTHING)) for numbers in variants]
        if len(set(of_each)) > 1:
            spans[name] = Span(min(span.low for span in of_each), max(span.high for span in of_each))
    return spans


def _moves(found: Mapping[Variant, Numbers], place: int) -> bool:
    """Whether the reading at a place moves any number while all others stay as they are."""
    others: dict[Variant, Numbers] = {}
    return any(
        others.setdefault((*variant[:place], *variant[place + 1 :]), numbers) != numbers
        for variant, numbers in found.items()
    )
