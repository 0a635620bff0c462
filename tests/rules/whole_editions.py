"""Editions that differ in anything: drawn from the types of ``Terms``, so that a field added there is drawn too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from program_pages.rules.changes import KEYS
from program_pages.rules.terms import Terms, Text

from .strategies import perhaps_points, points

words = st.text("абв xyz12.,%\u00a0\n", max_size=8)
SIMPLE: dict[Any, st.SearchStrategy[Any]] = {
    str: st.sampled_from(["", "a", "b", "R50"]),
    int: st.integers(1, 3),
    bool: st.booleans(),
    Decimal: points,
    date: st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    Text: st.builds(Text, words, words),
    NoneType: st.none(),
}


def _values(hint: Any) -> st.SearchStrategy[Any]:
    """Any value of a field's type; the keys of a table's rows are few, so that two editions share some."""
    if hint in SIMPLE:
        return SIMPLE[hint]
    if get_origin(hint) is UnionType:
        return st.one_of([_values(each) for each in get_args(hint)])
    if get_origin(hint) is Mapping:
        return st.dictionaries(st.sampled_from(["a", "b"]), perhaps_points)
    if get_origin(hint) is tuple:
        return st.lists(_records(get_args(hint)[0]), max_size=3).map(tuple)
    return st.sampled_from(hint) if issubclass(hint, Enum) else _records(hint)


def _records(kind: type) -> st.SearchStrategy[Any]:
    assert is_dataclass(kind)
    hints = get_type_hints(kind)
    drawn = {each.name: _values(hints[each.name]) for each in fields(kind) if each.init}
    if KEYS.get(kind) in drawn and hints[KEYS[kind]] is str:
        drawn[KEYS[kind]] = st.sampled_from(["a", "b", "c"])
    return st.builds(kind, **drawn)


whole_editions: st.SearchStrategy[Terms] = _records(Terms)
