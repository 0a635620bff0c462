"""The whole difference of two editions (R83), which applied to the one gives the other.

An edition is read as places with what stands there: ``levels.requirements.threshold`` of ``("competency", "reviews")``.
Where rows stand in a table (levels, clauses), the place of the table itself holds the keys of its rows in their order,
so that what is new, gone or moved is a difference like any other. The places follow from the dataclasses of
``rules.terms``: a field that is added there is compared from the first day.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from functools import cache
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from program_pages.rules.terms import Benefit, BenefitCell, Bonus, Clause, Level, Requirement, Section, Terms, Text

# What tells a row of a table from the others, in both editions.
KEYS: Final[Mapping[type, str]] = {
    Level: "slug",
    Requirement: "key",
    Benefit: "key",
    BenefitCell: "level",
    Bonus: "key",
    Section: "number",
    Clause: "code",
}
EACH: Final = "each"  # the last word of the place of a value in a mapping: ``bonuses.points.each``


class Place(NamedTuple):
    """Where something stands: the names of the fields that lead there, and the keys of the rows on the way."""

    what: str
    rows: tuple[str, ...] = ()


class Nothing(Enum):
    """What stands at a place that an edition does not have at all; None is a value like any other."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING


@dataclass(frozen=True, slots=True)
class Change:
    """What stands otherwise at a place; NOTHING before where the place is new, NOTHING after where it is gone."""

    place: Place
    before: Any
    after: Any


def changes(before: Terms, after: Terms) -> tuple[Change, ...]:
    """All that is otherwise in the other edition, in its order; what is gone comes last."""
    return between(leaves(before), leaves(after))


def between(was: Mapping[Place, Any], will_be: Mapping[Place, Any]) -> tuple[Change, ...]:
    """The same of two editions that are already read by place."""
    places = dict.fromkeys([*will_be, *was])
    found = (Change(place, was.get(place, NOTHING), will_be.get(place, NOTHING)) for place in places)
    return tuple(change for change in found if change.before != change.after)


def applied(before: Terms, found: Iterable[Change]) -> Terms:
    """The edition with these changes made: ``applied(one, changes(one, other)) == other``."""
    standing = leaves(before) | {change.place: change.after for change in found}
    return _built(Terms, standing, "", ())  # type: ignore[no-any-return]


def leaves(terms: Terms) -> dict[Place, Any]:
    """Everything an edition says, by its place."""
    return dict(_leaves(Terms, terms, "", ()))


def every_place(kind: type = Terms, under: str = "") -> Iterator[str]:
    """Every ``Place.what`` that an edition may have."""
    for name, hint in _compared(kind):
        what = f"{under}{name}"
        row = _row_type(hint)
        if not _is_record(hint):
            yield what
        if row or _is_record(hint):
            yield from every_place(row or hint, f"{what}.")
        elif _is_mapping(hint):
            yield f"{what}.{EACH}"


def _leaves(kind: type, record: Any, under: str, rows: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    for name, hint in _compared(kind):
        value, what = getattr(record, name), f"{under}{name}"
        row = _row_type(hint)
        if row:
            keyed = _keyed(value, KEYS[row])
            yield Place(what, rows), tuple(keyed)
            for key, each in keyed.items():
                yield from _leaves(row, each, f"{what}.", (*rows, key))
        elif _is_mapping(hint):
            yield Place(what, rows), tuple(sorted(value))
            for key, each in value.items():
                yield Place(f"{what}.{EACH}", (*rows, key)), each
        elif _is_record(hint):
            yield from _leaves(hint, value, f"{what}.", rows)
        else:
            yield Place(what, rows), value


def _built(kind: type, standing: Mapping[Place, Any], under: str, rows: tuple[str, ...]) -> Any:
    def value(name: str, hint: Any) -> Any:
        what = f"{under}{name}"
        row = _row_type(hint)
        if row:
            return tuple(_built(row, standing, f"{what}.", (*rows, key)) for key in standing[Place(what, rows)])
        if _is_mapping(hint):
            return {key: standing[Place(f"{what}.{EACH}", (*rows, key))] for key in standing[Place(what, rows)]}
        if _is_record(hint):
            return _built(hint, standing, f"{what}.", rows)
        return standing[Place(what, rows)]

    return kind(**{name: value(name, hint) for name, hint in _compared(kind)})


def _keyed(table: Iterable[Any], key: str) -> dict[str, Any]:
    """The rows of a table by key; a draft may hold a key twice, and the second is told by its turn."""
    turns: Counter[str] = Counter()
    found = {}
    for row in table:
        name = str(getattr(row, key))
        turns[name] += 1
        found[name if turns[name] == 1 else f"{name}#{turns[name]}"] = row
    return found


@cache
def _compared(kind: type) -> tuple[tuple[str, Any], ...]:
    """The fields that make a record what it is, each with its type."""
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind) if field.init)


@cache
def _row_type(hint: Any) -> type | None:
    """The class of a table's rows, or None for anything but a table."""
    return get_args(hint)[0] if get_origin(hint) is tuple else None


@cache
def _is_mapping(hint: Any) -> bool:
    return get_origin(hint) is Mapping


@cache
def _is_record(hint: Any) -> bool:
    """Whether a field holds another record; a text in two languages is one value."""
    return is_dataclass(hint) and hint is not Text
