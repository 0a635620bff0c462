"""R47 and R82: what is agreed with one partner changes that partner's numbers, and nothing else."""

from __future__ import annotations

from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.money import BadValue, Reason
from program_pages.rules.overlay import (
    LEVEL_NUMBERS,
    MOST_LICENCES,
    TERMS_NUMBERS,
    Change,
    Measure,
    apply,
    check,
    measure_of,
    read_change,
)
from program_pages.rules.quote import quote
from program_pages.rules.terms import Level, Terms, UnknownLevel

from .builders import SOURCE, make_request, make_terms

LEVELS = [level.slug for level in SOURCE.levels]
PERCENTS = st.decimals(0, 100, places=2)
COUNTS = st.integers(0, MOST_LICENCES)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    level = draw(st.sampled_from([None, *LEVELS]))
    names = TERMS_NUMBERS if level is None else LEVEL_NUMBERS
    name = draw(st.sampled_from(sorted(names)))
    return Change(name, draw(COUNTS if names[name] is Measure.COUNT else PERCENTS), level)


def number(terms: Terms, change: Change) -> Any:
    return getattr(terms if change.level is None else terms.level(change.level), change.name)


def put_back(changed: Terms, original: Terms, change: Change) -> Terms:
    if change.level is None:
        return replace(changed, **{change.name: getattr(original, change.name)})
    own = getattr(original.level(change.level), change.name)
    levels = (replace(each, **{change.name: own}) if each.slug == change.level else each for each in changed.levels)
    return replace(changed, levels=tuple(levels))


def test_applying_nothing_changes_nothing() -> None:
    assert apply(SOURCE, []) is SOURCE


@given(changes())
def test_only_the_named_number_changes(change: Change) -> None:
    changed = apply(SOURCE, [change])

    assert number(changed, change) == change.value
    assert put_back(changed, SOURCE, change) == SOURCE


@given(changes(), st.data())
def test_the_last_word_on_a_number_holds(first: Change, data: st.DataObject) -> None:
    counted = (LEVEL_NUMBERS | dict(TERMS_NUMBERS))[first.name] is Measure.COUNT
    last = replace(first, value=data.draw(COUNTS if counted else PERCENTS))

    assert apply(SOURCE, [first, last]) == apply(SOURCE, [last])


@given(st.lists(changes(), max_size=5))
def test_changes_of_different_numbers_come_in_any_order(several: list[Change]) -> None:
    apart = list({(each.level, each.name): each for each in several}.values())

    assert apply(SOURCE, apart) == apply(SOURCE, reversed(apart))


def test_a_clause_is_found_in_changed_terms_as_before() -> None:
    changed = apply(SOURCE, [Change("ceiling", Decimal(50))])

    assert [clause.code for clause in changed.clauses] == [clause.code for clause in SOURCE.clauses]
    assert changed.bonus_kinds == SOURCE.bonus_kinds


def test_r47_an_agreed_discount_is_what_a_deal_is_computed_with() -> None:
    asked = make_request(("asoft-crm", 10, "12000"))
    own = apply(make_terms(), [Change("discount", Decimal("22.5"), "competency")])

    assert quote(own, asked).totals.discount_points == Decimal("22.5")
    assert quote(own, replace(asked, level="retail")) == quote(make_terms(), replace(asked, level="retail"))


@pytest.mark.parametrize(
    ("change", "reason", "limit"),
    [
        (Change("discount", Decimal("-1"), "retail"), Reason.TOO_SMALL, 0),
        (Change("discount", Decimal("100.01"), "retail"), Reason.TOO_LARGE, Decimal(100)),
        (Change("discount", Decimal("0.001"), "retail"), Reason.TOO_PRECISE, Decimal("0.01")),
        (Change("ceiling", Decimal("NaN")), Reason.NOT_A_NUMBER, None),
        (Change("demo_licences", -1, "retail"), Reason.TOO_SMALL, 0),
        (Change("demo_licences", MOST_LICENCES + 1, "retail"), Reason.TOO_LARGE, MOST_LICENCES),
        (Change("demo_licences", Decimal("1.5"), "retail"), Reason.NOT_WHOLE, None),
        (Change("slug", Decimal(1), "retail"), Reason.NOT_A_SLUG, None),
        (Change("edition", Decimal(1)), Reason.NOT_A_SLUG, None),
        (Change("discount", Decimal(1)), Reason.NOT_A_SLUG, None),
        (Change("ceiling", Decimal(1), "retail"), Reason.NOT_A_SLUG, None),
    ],
)
def test_what_cannot_be_is_refused_by_name(change: Change, reason: Reason, limit: Any) -> None:
    for refuse in (lambda: apply(SOURCE, [change]), lambda: check(change)):
        with pytest.raises(BadValue) as refused:
            refuse()
        assert (refused.value.field, refused.value.reason, refused.value.limit) == (change.name, reason, limit)


def test_the_bounds_themselves_may_be() -> None:
    for change in (
        Change("discount", Decimal(0), "retail"),
        Change("discount", Decimal(100), "retail"),
        Change("demo_licences", 0, "retail"),
        Change("demo_licences", MOST_LICENCES, "retail"),
    ):
        assert number(apply(SOURCE, [change]), change) == change.value


def test_a_level_that_is_not_there_is_refused() -> None:
    with pytest.raises(UnknownLevel, match="gold"):
        apply(SOURCE, [Change("discount", Decimal(1), "gold")])


@pytest.mark.parametrize(
    ("name", "text", "level", "value"),
    [
        ("discount", "22.50", "saas", Decimal("22.50")),
        ("ceiling", "45", None, Decimal(45)),
        ("demo_licences", "3", "saas", 3),
        ("demo_licences", "3.00", "saas", 3),
    ],
)
def test_a_number_kept_as_text_is_read(name: str, text: str, level: str | None, value: Any) -> None:
    change = read_change(name, text, level)

    assert change == Change(name, value, level)
    assert type(change.value) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "level", "reason"),
    [
        ("discount", "", "saas", Reason.NOT_A_NUMBER),
        ("discount", "ten", "saas", Reason.NOT_A_NUMBER),
        ("discount", "Infinity", "saas", Reason.NOT_A_NUMBER),
        ("discount", "101", "saas", Reason.TOO_LARGE),
        ("demo_licences", "1.5", "saas", Reason.NOT_WHOLE),
        ("demo_licences", "NaN", "saas", Reason.NOT_WHOLE),
        ("name", "1", "saas", Reason.NOT_A_SLUG),
    ],
)
def test_rubbish_in_a_kept_text_is_refused(name: str, text: str, level: str | None, reason: Reason) -> None:
    with pytest.raises(BadValue) as refused:
        read_change(name, text, level)
    assert (refused.value.field, refused.value.reason) == (name, reason)


def test_every_number_of_an_overlay_is_a_field_of_the_terms() -> None:
    assert set(TERMS_NUMBERS) <= {field.name for field in fields(Terms)}
    assert set(LEVEL_NUMBERS) <= {field.name for field in fields(Level)}
    assert measure_of("ceiling", at_level=False) is Measure.PERCENT
    assert measure_of("demo_licences", at_level=True) is Measure.COUNT
