"""Who says what stands at each place of an edition (``rules.changes``).

``SAYERS`` say the rows, ``changes.texts`` the ``TEXTS``, and what is ``SILENT`` needs no words of its own;
a place that is in none of them is a mistake, and a test says so. May not import pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.changes.both import Both
from program_pages.changes.said import NONE, Chapter, SaidChange
from program_pages.difference_words import NUMBERS, said_value
from program_pages.models import edition_rows as rows
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level as LevelRow
from program_pages.readings import stated_readings
from program_pages.rules.changes import NOTHING, Place
from program_pages.rules.differences import EDITION_NUMBERS, LEVEL_NUMBERS, Bound, Unit
from program_pages.rules.terms import BonusMeasure, CellKind, Clause, Readings, RequirementKind
from program_pages.rules.wording import compared

Sayer = Callable[[Both, Place], Iterator[SaidChange]]
Label = str | Promise


def _plain(chapter: Chapter, label: Label, say: Callable[[Any], str]) -> Sayer:
    """A number, a switch or a choice."""

    def sayer(both: Both, place: Place) -> Iterator[SaidChange]:
        before, after = (str(NONE) if value is NOTHING else say(value) for value in both.pair(*place))
        yield SaidChange(chapter, _named(both, place, label), before, after, _level_of(place))

    return sayer


def _worded(chapter: Chapter, label: Label, *, titled: bool = True) -> Sayer:
    """A text, word by word; a title is not ``titled`` once more by itself."""

    def sayer(both: Both, place: Place) -> Iterator[SaidChange]:
        texts = both.pair(*place)
        for version in both.versions(*texts):
            before, after = (str(NONE) if text is NOTHING else text.in_language(version.language) for text in texts)
            named = _named(both, place, label) if titled else capfirst(str(label))
            yield SaidChange(chapter, named, before, after, _level_of(place), version.pieces, version.language)

    return sayer


def _table(chapter: Chapter, order: Label) -> Sayer:
    """Rows that are new, that are gone, or that stand in another order."""

    def sayer(both: Both, place: Place) -> Iterator[SaidChange]:
        def change(of: tuple[str, ...], before: str, after: str) -> SaidChange:
            if place.what == "levels":
                return SaidChange(chapter, _("Уровень"), before, after, of[0])
            return SaidChange(chapter, both.title(place.what, of), before, after, _level_of(place))

        was, will_be = (() if keys is NOTHING else keys for keys in both.pair(*place))
        for key in dict.fromkeys([*will_be, *was]):
            of = (*place.rows, key)
            if key not in was and not _is_said_by_levels(both.will_be, place.what, of):
                yield change(of, str(NONE), _worth(both.will_be, place.what, of))
            elif key not in will_be and not _is_said_by_levels(both.was, place.what, of):
                yield change(of, _worth(both.was, place.what, of), str(NONE))
        orders = [[key for key in keys if key in was and key in will_be] for keys in (was, will_be)]
        if orders[0] != orders[1]:
            before, after = (
                ", ".join(_row_title(both, place.what, (*place.rows, key)) for key in keys) for keys in orders
            )
            yield SaidChange(chapter, str(order), before, after, _level_of(place))

    return sayer


def _bound(chapter: Chapter) -> Sayer:
    """A threshold with its strictness, as one."""

    def sayer(both: Both, place: Place) -> Iterator[SaidChange]:
        table = place.what.rpartition(".")[0]
        before, after = (_enough(standing, table, place.rows) for standing in (both.was, both.will_be))
        yield SaidChange(chapter, both.title(table, place.rows), before, after, _level_of(place))

    return sayer


def _cell(both: Both, place: Place) -> Iterator[SaidChange]:
    """What a benefit says of a level: yes, no, a percent or a text."""
    benefit, level = place.rows
    kinds = both.pair("benefits.cells.kind", place.rows)
    title = both.title("benefits", (benefit,))
    if kinds == (CellKind.VALUE, CellKind.VALUE):
        texts = both.pair("benefits.cells.value", place.rows)
        for version in both.versions(*texts):
            before, after = (text.in_language(version.language) for text in texts)
            yield SaidChange(Chapter.BENEFITS, title, before, after, level, version.pieces, version.language)
        return
    before, after = (_said_cell(standing, place.rows) for standing in (both.was, both.will_be))
    yield SaidChange(Chapter.BENEFITS, title, before, after, level)


def _points(both: Both, place: Place) -> Iterator[SaidChange]:
    """What a bonus brings at a level; none where the level, or the bonus, is not there."""
    bonus, level = place.rows
    values = (None if value is NOTHING else value for value in both.pair(*place))
    before, after = (said_value("", Unit.POINTS, value) for value in values)
    yield SaidChange(Chapter.BONUSES, both.title("bonuses", (bonus,)), before, after, level)


def _reading(both: Both, place: Place) -> Iterator[SaidChange]:
    """How the edition is read (A1-A12): the sentences that are no longer the same."""
    for was, will_be in zip(stated_readings(both.before), stated_readings(both.after), strict=True):
        before, after = str(was.sentence), str(will_be.sentence)
        if before != after:
            label = f"{will_be.code}. {will_be.title}"
            pieces = compared(before, after)
            yield SaidChange(Chapter.READINGS, label, before, after, None, pieces, formats.language_of(get_language()))


def _level_of(place: Place) -> str | None:
    return place.rows[0] if place.what.startswith("levels.") else None


def _row_title(both: Both, table: str, of: tuple[str, ...]) -> str:
    if table != "levels":
        return both.title(table, of)
    was, will_be = both.pair("levels.name", of)
    return said(was if will_be is NOTHING else will_be)


def _named(both: Both, place: Place, label: Label) -> str:
    """What changes: of a row that has a title, its title and what of the row."""
    table = place.what.rpartition(".")[0]
    return f"{both.title(table, place.rows)}: {label}" if table in TITLED else capfirst(str(label))


def _worth(standing: dict[Place, Any], table: str, of: tuple[str, ...]) -> str:
    """How much a row asks, or that it is there; a level says its name."""
    if table == "levels":
        return said(standing[Place("levels.name", of)])
    asks = table == "levels.requirements" or standing.get(Place(f"{table}.threshold", of)) is not None
    return _enough(standing, table, of) if asks else _("есть")


def _is_said_by_levels(standing: dict[Place, Any], table: str, of: tuple[str, ...]) -> bool:
    """Whether a benefit or a bonus that is new or gone says all by what it gives to some level."""
    if table not in GIVES or standing.get(Place(f"{table}.threshold", of)) is not None:
        return False
    what, nothing = GIVES[table]
    return any(
        place.what == what and place.rows[:1] == of and value is not nothing for place, value in standing.items()
    )


def _enough(standing: dict[Place, Any], table: str, of: tuple[str, ...]) -> str:
    """How much is enough."""
    measured = standing[Place(f"{table}.{MEASURES[table]}", of)]
    unit = Unit.BOUND_PERCENT if measured in SHARES else Unit.BOUND
    bound = Bound(standing[Place(f"{table}.threshold", of)], standing[Place(f"{table}.strict", of)])
    return said_value("", unit, bound)


def _said_cell(standing: dict[Place, Any], of: tuple[str, ...]) -> str:
    kind = standing.get(Place("benefits.cells.kind", of), CellKind.NO)
    if kind is CellKind.VALUE:
        return said(standing[Place("benefits.cells.value", of)])
    if kind is CellKind.PERCENT:
        return said_value("", Unit.PERCENT, standing[Place("benefits.cells.percent", of)])
    return _("да") if kind is CellKind.YES else _("нет")


MEASURES = {"levels.requirements": "kind", "bonuses": "measure"}
GIVES = {"benefits": ("benefits.cells.kind", CellKind.NO), "bonuses": ("bonuses.points.each", None)}
TITLED = frozenset({"levels.requirements", "benefits", "bonuses"})
SHARES = frozenset({RequirementKind.REVIEWS_SHARE, BonusMeasure.REVIEWS_SHARE})


# --- Values ---


def _in_unit(key: str, unit: Unit) -> Callable[[Any], str]:
    return lambda value: said_value(key, unit, value)


def _said_day(value: date | None) -> str:
    return _("срок не назначен") if value is None else formats.day(value, get_language() or "ru")


def _said_as_it_is(value: Any) -> str:
    return str(value) or _("нет")


def said_choice(model: type[models.Model], name: str) -> Callable[[Any], str]:
    """A choice as its field words it; "no" for none."""
    choices = model._meta.get_field(name).flatchoices  # type: ignore[union-attr]
    return lambda value: str(dict(choices).get(value, value)) if value else _("нет")


def field_label(model: type[models.Model], name: str) -> Label:
    """A field's own name."""
    return model._meta.get_field(name).verbose_name  # type: ignore[union-attr]


_yes_no = _in_unit("", Unit.YES_NO)


def _of_rows(chapter: Chapter, model: type[models.Model], table: str, order: Label) -> dict[str, Sayer]:
    """What requirements, benefits and bonuses have in common: a table of titled rows that cite a clause."""
    return {
        table: _table(chapter, order),
        f"{table}.title": _worded(chapter, gettext_lazy("название"), titled=False),
        f"{table}.clause": _plain(chapter, field_label(model, "clause"), _said_as_it_is),
    }


SAYERS: dict[str, Sayer] = {
    "levels": _table(Chapter.NUMBERS, gettext_lazy("Порядок уровней")),
    **{key: _plain(Chapter.NUMBERS, NUMBERS[key], _in_unit(key, Unit.PERCENT)) for key in EDITION_NUMBERS},
    "currency": _plain(Chapter.NUMBERS, field_label(TermsEdition, "currency"), _said_as_it_is),
    "vat_note": _worded(Chapter.NUMBERS, field_label(TermsEdition, "vat_note_ru")),
    **{
        f"levels.{key}": _plain(Chapter.NUMBERS, NUMBERS[key], _in_unit(key, unit))
        for key, unit in LEVEL_NUMBERS.items()
    },
    "levels.summary": _worded(Chapter.NUMBERS, field_label(rows.LevelTerms, "summary_ru")),
    "levels.name": _worded(Chapter.NUMBERS, field_label(LevelRow, "name_ru")),
    "levels.short_name": _worded(Chapter.NUMBERS, field_label(LevelRow, "short_name_ru")),
    "levels.mark_name": _plain(Chapter.NUMBERS, field_label(LevelRow, "mark_name"), _said_as_it_is),
    "levels.colour": _plain(Chapter.NUMBERS, field_label(LevelRow, "colour"), _said_as_it_is),
    "levels.shape": _plain(Chapter.NUMBERS, field_label(LevelRow, "shape"), said_choice(LevelRow, "shape")),
    "levels.order": _plain(Chapter.NUMBERS, field_label(LevelRow, "order"), _in_unit("", Unit.COUNT)),
    "levels.contract_code": _plain(Chapter.NUMBERS, field_label(LevelRow, "contract_code"), _in_unit("", Unit.COUNT)),
    "levels.product_line": _plain(Chapter.NUMBERS, field_label(LevelRow, "product_line"), _said_as_it_is),
    **_of_rows(Chapter.REQUIREMENTS, rows.Requirement, "levels.requirements", gettext_lazy("Порядок требований")),
    "levels.requirements.threshold": _bound(Chapter.REQUIREMENTS),
    "levels.requirements.strict": _bound(Chapter.REQUIREMENTS),
    "levels.requirements.kind": _plain(
        Chapter.REQUIREMENTS, field_label(rows.Requirement, "kind"), said_choice(rows.Requirement, "kind")
    ),
    "levels.requirements.description": _worded(Chapter.REQUIREMENTS, field_label(rows.Requirement, "description_ru")),
    **_of_rows(Chapter.BENEFITS, rows.Benefit, "benefits", gettext_lazy("Порядок преимуществ")),
    "benefits.cells.kind": _cell,
    "benefits.cells.value": _cell,
    "benefits.cells.percent": _cell,
    **_of_rows(Chapter.BONUSES, rows.Bonus, "bonuses", gettext_lazy("Порядок бонусов")),
    "bonuses_until": _plain(Chapter.BONUSES, field_label(TermsEdition, "bonuses_until"), _said_day),
    "bonuses.points.each": _points,
    "bonuses.threshold": _bound(Chapter.BONUSES),
    "bonuses.strict": _bound(Chapter.BONUSES),
    "bonuses.measure": _plain(Chapter.BONUSES, field_label(rows.Bonus, "measure"), said_choice(rows.Bonus, "measure")),
    "bonuses.group": _plain(Chapter.BONUSES, field_label(rows.Bonus, "group"), _said_as_it_is),
    "bonuses.highest_of_group": _plain(Chapter.BONUSES, field_label(rows.Bonus, "highest_of_group"), _yes_no),
    "bonuses.only_if_agreed": _plain(Chapter.BONUSES, field_label(rows.Bonus, "only_if_agreed"), _yes_no),
    **{f"readings.{each.name}": _reading for each in fields(Readings)},
}

# What a level that is new or gone says of itself; of any other such row, its table says enough.
OF_A_NEW_LEVEL = frozenset(
    {f"levels.{key}" for key in LEVEL_NUMBERS}
    | {"levels.summary", "levels.requirements", "benefits.cells.kind", "bonuses.points.each"}
)

# What ``changes.texts`` says clause by clause.
TEXTS = frozenset(
    {"introduction", "closing", "sections", "sections.title", "sections.clauses"}
    | {f"sections.clauses.{each.name}" for each in fields(Clause) if each.name != "code"}
)

# What needs no words of its own: which edition it is; the keys of rows, said with them; what follows from the levels;
# and a level's clauses, which are those of the text.
SILENT = frozenset(
    {"edition", "name", "effective_from", "effective_until"}
    | {"levels.slug", "levels.requirements.key", "benefits.key", "bonuses.key", "sections.number"}
    | {"sections.clauses.code", "benefits.cells", "benefits.cells.level", "bonuses.points"}
    | {f"levels.{kind}" for kind in ("advantages", "restrictions", "rights")}
    | {f"levels.{kind}.{each.name}" for kind in ("advantages", "restrictions", "rights") for each in fields(Clause)}
)
