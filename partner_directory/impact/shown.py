"""A rehearsal as a page shows it: totals by level, where each bar stands, and what the numbers of a draft are called.

May not import actions or views.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from program_pages.bilingual import said
from program_pages.rules.impact import Comparison, Tally, summed
from program_pages.rules.terms import Level, Terms
from program_pages.rules.whatif import Number

WIDTH = 200  # of a drawing of bars, in its own units
HALF = WIDTH // 2
THINNEST = 1

MONEY_LABELS: Mapping[str, str | Promise] = {
    "licences": _("Скидка на лицензии"),
    "bonus_value": _("Бонусы"),
    "own_use": _("Лицензии для себя"),
    "support_cost": _("Поддержка клиентов"),
}
NUMBER_LABELS: Mapping[str, str | Promise] = {
    "ceiling": _("Потолок скидки с бонусами, %"),
    "own_use_cap": _("Лицензии для себя: скидка до, %"),
    "updates_percent": _("Обновления, % от лицензий"),
    "extended_support_percent": _("Расширенная поддержка, % от лицензий"),
    "discount": _("Скидка, %"),
    "support_percent": _("Поддержка клиентов, % от лицензий"),
}


@dataclass(frozen=True, slots=True)
class LevelTotals:
    """A row of the table: a level, or all of them where ``level`` is None."""

    level: Level | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Bar:
    """A sum as a bar to the right of the middle, or a loss to the left; ``x`` and ``width`` of WIDTH."""

    label: str
    amount: Decimal
    x: int
    width: int
    level: Level | None = None

    @property
    def is_loss(self) -> bool:
        """Whether the partners lose."""
        return self.amount < 0


@dataclass(frozen=True, slots=True)
class RequirementBar:
    """How many partners newly miss a requirement of a level, and how many do no longer; ``width`` of WIDTH."""

    level: Level
    title: str
    missed: int
    met: int
    width: int


@dataclass(frozen=True, slots=True)
class Totals:
    """Everything above the list of partners; ``is_exact`` is False for what was reckoned by groups."""

    everybody: Tally
    rows: tuple[LevelTotals, ...]
    by_level: tuple[Bar, ...]
    by_kind: tuple[Bar, ...]
    requirements: tuple[RequirementBar, ...]
    is_exact: bool = True
    width: int = WIDTH
    half: int = HALF


def totals_of(tallies: Mapping[str, Tally], comparison: Comparison, *, is_exact: bool = True) -> Totals:
    """The totals of tallies by level (slug), in the order of the draft; a level that is gone stands at the end."""
    levels = levels_of(comparison)
    rows = [LevelTotals(levels[slug], tallies[slug]) for slug in levels if slug in tallies]
    everybody = summed(tallies.values())
    amounts = [(said(row.level.short_name), row.tally.total, row.level) for row in rows if row.level]
    kinds = [(str(label), getattr(everybody, name), None) for name, label in MONEY_LABELS.items()]
    return Totals(
        everybody=everybody,
        rows=(*rows, LevelTotals(None, everybody)),
        by_level=tuple(_bars(amounts)),
        by_kind=tuple(_bars(kinds)),
        requirements=tuple(_requirement_bars(rows, comparison)),
        is_exact=is_exact,
    )


def levels_of(comparison: Comparison) -> dict[str, Level]:
    """The levels of both editions by their slug, the draft's first."""
    after, before = comparison.after.levels, comparison.before.levels
    return after | {slug: level for slug, level in before.items() if slug not in after}


def _bars(amounts: Iterable[tuple[str, Decimal, Level | None]]) -> Iterator[Bar]:
    found = list(amounts)
    largest = max((abs(amount) for _label, amount, _level in found), default=Decimal(0))
    for label, amount, level in found:
        width = max(int(HALF * abs(amount) / largest), THINNEST) if amount else 0
        yield Bar(label, amount, HALF - width if amount < 0 else HALF, width, level)


def _requirement_bars(rows: Iterable[LevelTotals], comparison: Comparison) -> Iterator[RequirementBar]:
    found = [
        (row.level, title, row.tally.missed[key], row.tally.met[key])
        for row in rows
        if row.level
        for key, title in titles_of(row.level.slug, comparison).items()
        if row.tally.missed[key] or row.tally.met[key]
    ]
    most = max((missed for _level, _title, missed, _met in found), default=0)
    for level, title, missed, met in found:
        yield RequirementBar(level, title, missed, met, max(WIDTH * missed // most, THINNEST) if missed else 0)


def titles_of(level: str, comparison: Comparison) -> dict[str, str]:
    """What the requirements of a level are called, by their keys, of both editions."""
    sides = (comparison.after, comparison.before)
    found: dict[str, str] = {}
    for side in sides:
        for item in side.levels[level].requirements if level in side.levels else ():
            found.setdefault(item.key, said(item.title))
    return found


def every_title(comparison: Comparison) -> dict[str, str]:
    """The requirements of all levels, by their keys."""
    found: dict[str, str] = {}
    for slug in levels_of(comparison):
        found |= {key: title for key, title in titles_of(slug, comparison).items() if key not in found}
    return found


# --- The draft's numbers ---


@dataclass(frozen=True, slots=True)
class NumberGroup:
    """Numbers that stand together: those of the whole edition, of a level, of a bonus."""

    title: str | Promise
    level: Level | None
    numbers: tuple[tuple[Number, str], ...]


def number_groups(terms: Terms, numbers: Iterable[Number]) -> list[NumberGroup]:
    """The numbers with what they are called, in the order of the edition."""
    found: dict[tuple[str, str], list[tuple[Number, str]]] = {}
    for number in numbers:
        found.setdefault(_group_of(number), []).append((number, _label(number, terms)))
    return [_group(key, members, terms) for key, members in found.items()]


def _group_of(number: Number) -> tuple[str, str]:
    if number.kind == "bonus":
        return "bonus", number.about[0]
    return ("level", number.about[0]) if number.about else ("edition", "")


def _group(key: tuple[str, str], members: list[tuple[Number, str]], terms: Terms) -> NumberGroup:
    kind, about = key
    if kind == "level":
        level = terms.level(about)
        return NumberGroup(said(level.name), level, tuple(members))
    if kind == "bonus":
        title = next(said(bonus.title) for bonus in terms.bonuses if bonus.key == about)
        return NumberGroup(title, None, tuple(members))
    return NumberGroup(_("Числа для всех уровней"), None, tuple(members))


def _label(number: Number, terms: Terms) -> str:
    if number.kind == "bonus":
        return said(terms.level(number.about[1]).short_name)
    if number.kind in NUMBER_LABELS:
        return str(NUMBER_LABELS[number.kind])
    level, key = number.about
    return next(said(item.title) for item in terms.level(level).requirements if item.key == key)
