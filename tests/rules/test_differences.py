"""R83: what another edition changes for one level, old and new side by side."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from program_pages.rules.differences import UNTITLED, Bound, Part, Unit, differences
from program_pages.rules.terms import (
    Benefit,
    BenefitCell,
    Bonus,
    BonusMeasure,
    CellKind,
    Requirement,
    RequirementKind,
    Terms,
    Text,
    UnknownLevel,
)
from tests.rules.builders import SOURCE, make_level

COMPETENCY = "competency"


def with_level(slug: str = COMPETENCY, terms: Terms = SOURCE, **changes: object) -> Terms:
    """The vendor's edition with another level's terms."""
    levels = tuple(
        replace(level, **changes) if level.slug == slug else level  # type: ignore[arg-type]
        for level in terms.levels
    )
    return replace(terms, levels=levels)


def asked(key: str, kind: RequirementKind, threshold: int | None = None, strict: bool = False) -> Requirement:
    limit = None if threshold is None else Decimal(threshold)
    return Requirement(key, kind, Text(f"title of {key}"), Text(""), "R1", limit, strict)


def given(key: str, kind: CellKind, value: str = "", level: str = COMPETENCY) -> Benefit:
    return Benefit(key, Text(f"title of {key}"), "R55", (BenefitCell(level, kind, Text(value)),))


def rewarded(key: str, points: str | None, threshold: str | None = None, strict: bool = False) -> Bonus:
    measure = BonusMeasure.REVIEWS_SHARE if key == "reviews" else BonusMeasure.EVENT_HOSTED
    worth = None if points is None else Decimal(points)
    limit = None if threshold is None else Decimal(threshold)
    return Bonus(key, measure, Text(f"title of {key}"), "R70", {COMPETENCY: worth}, threshold=limit, strict=strict)


def changed(before: Terms, after: Terms, level: str = COMPETENCY) -> list[tuple[object, ...]]:
    return [
        (found.part, found.key, found.unit, found.before, found.after) for found in differences(before, after, level)
    ]


def asking(*requirements: Requirement) -> Terms:
    return with_level(requirements=requirements)


def test_the_same_numbers_on_another_day_under_another_name_are_no_difference() -> None:
    later = replace(SOURCE, edition=2, name=Text("Other"), effective_from=date(2027, 1, 1))
    reworded = with_level(
        terms=later,
        name=Text("Other"),
        requirements=tuple(
            replace(item, title=Text("Other"), description=Text("Other"), clause="R99")
            for item in SOURCE.level(COMPETENCY).requirements
        ),
    )
    assert differences(SOURCE, reworded, COMPETENCY) == ()


@pytest.mark.parametrize(
    ("key", "unit", "before", "after"),
    [
        ("discount", Unit.PERCENT, Decimal(20), Decimal(22)),
        ("updates_share", Unit.PERCENT, Decimal(50), None),
        ("own_implementation_share", Unit.PERCENT, Decimal(100), Decimal(90)),
        ("asoft_implementation_share", Unit.PERCENT, Decimal(10), Decimal(15)),
        ("support_percent", Unit.PERCENT, Decimal(10), None),
        ("demo_licences", Unit.COUNT, 1, 2),
        ("may_implement", Unit.YES_NO, True, False),
        ("may_maintain", Unit.YES_NO, True, False),
        ("may_rent_out", Unit.YES_NO, False, True),
    ],
)
def test_each_number_of_the_level_is_said_as_it_was_and_will_be(
    key: str, unit: Unit, before: object, after: object
) -> None:
    assert changed(SOURCE, with_level(**{key: after})) == [(Part.NUMBERS, key, unit, before, after)]


@pytest.mark.parametrize("key", ["ceiling", "own_use_cap", "updates_percent", "extended_support_percent"])
def test_each_number_of_the_whole_edition_is_said(key: str) -> None:
    after = replace(SOURCE, **{key: Decimal(33)})  # type: ignore[arg-type]
    assert changed(SOURCE, after) == [(Part.NUMBERS, key, Unit.PERCENT, getattr(SOURCE, key), Decimal(33))]


def test_another_levels_numbers_are_none_of_this_one() -> None:
    assert differences(SOURCE, with_level("saas", discount=Decimal(30)), COMPETENCY) == ()


SPECIALISTS = asked("people", RequirementKind.CERTIFIED_SPECIALISTS, 2)
REVIEWS = asked("reviews", RequirementKind.REVIEWS_SHARE, 50)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ((SPECIALISTS,), (asked("people", RequirementKind.CERTIFIED_SPECIALISTS, 3),),
         [("people", Unit.BOUND, Bound(Decimal(2)), Bound(Decimal(3)))]),
        ((REVIEWS,), (asked("reviews", RequirementKind.REVIEWS_SHARE, 50, strict=True),),
         [("reviews", Unit.BOUND_PERCENT, Bound(Decimal(50)), Bound(Decimal(50), strict=True))]),
        ((), (asked("site", RequirementKind.ANNOUNCEMENT),), [("site", Unit.BOUND, None, Bound())]),
        ((SPECIALISTS,), (), [("people", Unit.BOUND, Bound(Decimal(2)), None)]),
        ((REVIEWS,), (), [("reviews", Unit.BOUND_PERCENT, Bound(Decimal(50)), None)]),
        ((SPECIALISTS,), (asked("people", RequirementKind.OTHER, 2),),
         [("people", Unit.BOUND, None, Bound(Decimal(2))), ("people", Unit.BOUND, Bound(Decimal(2)), None)]),
        ((SPECIALISTS, REVIEWS), (REVIEWS, SPECIALISTS), []),
    ],
    ids=["more", "strictly", "new", "gone", "a share gone", "measures another thing", "in another order"],
)  # fmt: skip
def test_requirements_that_are_new_gone_or_other(
    before: tuple[Requirement, ...], after: tuple[Requirement, ...], found: list[tuple[object, ...]]
) -> None:
    assert changed(asking(*before), asking(*after)) == [(Part.REQUIREMENTS, *row) for row in found]


def test_what_is_new_comes_in_the_new_order_and_what_is_gone_last() -> None:
    gone, kept = asked("gone", RequirementKind.OTHER), asked("kept", RequirementKind.OTHER, 1)
    new = asked("new", RequirementKind.OTHER)
    after = asking(new, replace(kept, threshold=Decimal(2)))
    assert [found.key for found in differences(asking(gone, kept), after, COMPETENCY)] == ["new", "kept", "gone"]


def test_each_but_a_number_is_named_as_the_newer_edition_names_it() -> None:
    renamed = replace(SPECIALISTS, title=Text("new name"), threshold=Decimal(3))
    [found] = differences(asking(SPECIALISTS), asking(renamed), COMPETENCY)
    assert found.title == Text("new name")
    [gone] = differences(asking(SPECIALISTS), asking(), COMPETENCY)
    assert gone.title == Text("title of people")
    [number] = differences(SOURCE, with_level(discount=Decimal(1)), COMPETENCY)
    assert number.title == UNTITLED == Text("")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([given("a", CellKind.NO)], [given("a", CellKind.YES)], [("a", Unit.YES_NO, False, True)]),
        ([], [given("a", CellKind.YES)], [("a", Unit.YES_NO, False, True)]),
        ([], [given("a", CellKind.NO)], []),
        ([given("a", CellKind.YES)], [], [("a", Unit.YES_NO, True, False)]),
        ([given("a", CellKind.YES)], [given("a", CellKind.VALUE, "x")], [("a", Unit.TEXT, True, Text("x"))]),
        ([given("a", CellKind.VALUE, "x")], [given("a", CellKind.VALUE, "y")],
         [("a", Unit.TEXT, Text("x"), Text("y"))]),
        ([given("a", CellKind.VALUE, "x")], [], [("a", Unit.TEXT, Text("x"), False)]),
        ([given("a", CellKind.YES, level="saas")], [given("a", CellKind.YES)], [("a", Unit.YES_NO, False, True)]),
        ([given("a", CellKind.PERCENT)], [given("a", CellKind.NO)], []),
        ([given("a", CellKind.NO)], [given("a", CellKind.PERCENT)], []),
    ],
    ids=["given", "new", "new to others", "gone", "now on a condition", "other words", "words gone",
         "not for this level before", "a number no more", "a number now"],
)  # fmt: skip
def test_benefits_that_are_new_gone_or_other(
    before: list[Benefit], after: list[Benefit], found: list[tuple[object, ...]]
) -> None:
    one, other = replace(SOURCE, benefits=tuple(before)), replace(SOURCE, benefits=tuple(after))
    assert changed(one, other) == [(Part.BENEFITS, *row) for row in found]
    assert all(each.title == Text("title of a") for each in differences(one, other, COMPETENCY))


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([rewarded("own", "2.5")], [rewarded("own", "3")], [("own", Unit.POINTS, Decimal("2.5"), Decimal(3))]),
        ([], [rewarded("own", "3")], [("own", Unit.POINTS, None, Decimal(3))]),
        ([], [rewarded("own", None)], []),
        ([rewarded("own", "3", "1")], [], [("own", Unit.POINTS, Decimal(3), None)]),
        ([rewarded("own", "3", "1")], [rewarded("own", None, "2")], [("own", Unit.POINTS, Decimal(3), None)]),
        ([rewarded("own", None, "1")], [rewarded("own", "3", "2")], [("own", Unit.POINTS, None, Decimal(3))]),
        ([rewarded("own", "3", "1")], [rewarded("own", "3", "2")],
         [("own", Unit.BOUND, Bound(Decimal(1)), Bound(Decimal(2)))]),
        ([rewarded("reviews", "5", "75", strict=True)], [rewarded("reviews", "5", "75")],
         [("reviews", Unit.BOUND_PERCENT, Bound(Decimal(75), strict=True), Bound(Decimal(75)))]),
        ([rewarded("own", "0")], [rewarded("own", "1", "2")],
         [("own", Unit.POINTS, Decimal(0), Decimal(1)), ("own", Unit.BOUND, Bound(), Bound(Decimal(2)))]),
    ],
    ids=["worth more", "new", "new to others", "gone", "not for this level now", "for this level now", "asks for more",
         "asks for less", "worth nothing before"],
)  # fmt: skip
def test_bonuses_that_are_new_gone_or_other(
    before: list[Bonus], after: list[Bonus], found: list[tuple[object, ...]]
) -> None:
    one, other = replace(SOURCE, bonuses=tuple(before)), replace(SOURCE, bonuses=tuple(after))
    assert changed(one, other) == [(Part.BONUSES, *row) for row in found]
    assert all(each.title.ru.startswith("title of") for each in differences(one, other, COMPETENCY))


def test_the_parts_come_in_the_order_of_the_terms() -> None:
    after = replace(
        with_level(discount=Decimal(1), requirements=()), ceiling=Decimal(1), benefits=(given("a", CellKind.YES),),
        bonuses=(),
    )  # fmt: skip
    parts = [found.part for found in differences(SOURCE, after, COMPETENCY)]
    assert parts == sorted(parts, key=list(Part).index)
    assert set(parts) == set(Part)


def test_a_level_that_either_edition_lacks_is_unknown() -> None:
    more = replace(SOURCE, levels=(*SOURCE.levels, make_level("new")))
    for before, after in ((SOURCE, more), (more, SOURCE)):
        with pytest.raises(UnknownLevel):
            differences(before, after, "new")
