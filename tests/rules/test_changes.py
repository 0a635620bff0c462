"""R83: the difference of two editions is whole: applied to the one it gives the other, whatever they say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from program_pages.rules.changes import (
    NOTHING,
    Change,
    Place,
    applied,
    changes,
    every_place,
    leaves,
)
from program_pages.rules.terms import Terms, Text

from .builders import LICENCE_PRICES, SOURCE, SOURCE_BONUSES, make_level
from .whole_editions import whole_editions

generous = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@generous
@given(whole_editions, whole_editions)
def test_applied_to_the_old_edition_the_difference_gives_the_new_one_and_back(one: Terms, other: Terms) -> None:
    assert applied(one, changes(one, other)) == other
    assert applied(other, changes(other, one)) == one


@generous
@given(whole_editions)
def test_an_edition_differs_from_itself_in_nothing(edition: Terms) -> None:
    assert changes(edition, edition) == ()


@generous
@given(whole_editions, whole_editions)
def test_editions_that_differ_in_nothing_are_the_same(one: Terms, other: Terms) -> None:
    assert (changes(one, other) == ()) == (one == other)


@generous
@given(whole_editions)
def test_whatever_an_edition_says_stands_at_a_known_place(edition: Terms) -> None:
    assert {place.what for place in leaves(edition)} <= set(every_place())


def with_first_clause(text: str) -> Terms:
    first, *rest = LICENCE_PRICES.clauses
    return replace(SOURCE, sections=(replace(LICENCE_PRICES, clauses=(replace(first, text=Text(text)), *rest)),))


REQUIREMENTS = "levels.requirements"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (lambda: replace(SOURCE, ceiling=Decimal(43)), [("ceiling", (), Decimal(40), Decimal(43))]),
        (
            lambda: replace(SOURCE, levels=SOURCE.levels[::-1]),
            [("levels", (), ("retail", "competency", "saas"), ("saas", "competency", "retail"))],
        ),
        (
            lambda: replace(
                SOURCE, bonuses=(replace(SOURCE_BONUSES[0], points={"saas": Decimal(7)}), *SOURCE_BONUSES[1:])
            ),
            [
                ("bonuses.points", ("reviews_share",), ("competency", "retail", "saas"), ("saas",)),
                ("bonuses.points.each", ("reviews_share", "saas"), Decimal(5), Decimal(7)),
                ("bonuses.points.each", ("reviews_share", "retail"), None, NOTHING),
                ("bonuses.points.each", ("reviews_share", "competency"), Decimal(5), NOTHING),
            ],
        ),
    ],
    ids=["a number", "another order", "a mapping"],
)
def test_each_change_names_its_place_and_both_values(
    change: Callable[[], Terms], found: list[tuple[str, tuple[str, ...], object, object]]
) -> None:
    assert changes(SOURCE, change()) == tuple(
        Change(Place(what, rows), before, after) for what, rows, before, after in found
    )


def test_a_level_that_is_new_brings_all_that_it_says() -> None:
    found = changes(SOURCE, replace(SOURCE, levels=(*SOURCE.levels, make_level("new", "33", 9))))
    assert (found[0].place, found[0].after[-1]) == (Place("levels"), "new")
    brought = {change.place.what: change.after for change in found[1:]}
    assert brought["levels.discount"] == Decimal(33)
    assert brought[REQUIREMENTS] == ()
    assert {change.before for change in found[1:]} == {NOTHING}
    assert {change.place.rows for change in found[1:]} == {("new",)}


def test_a_clause_that_is_reworded_is_one_change_of_its_text() -> None:
    [found] = changes(with_first_clause("Старый текст."), with_first_clause("Новый текст."))
    assert found.place == Place("sections.clauses.text", ("6", "R46"))
    assert (found.before, found.after) == (Text("Старый текст."), Text("Новый текст."))


def test_rows_with_one_key_are_told_apart_by_their_turn() -> None:
    twice = replace(SOURCE, levels=(make_level("a", "1"), make_level("a", "2")))
    once = replace(SOURCE, levels=(make_level("a", "1"),))
    assert leaves(twice)[Place("levels")] == ("a", "a#2")
    assert applied(once, changes(once, twice)) == twice
