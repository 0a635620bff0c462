"""What a draft does to a partner is what quotes and judgements under both editions say (R47, R75, R82, R83)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules import whatif
from program_pages.rules.deal import Events, QuoteRequest, RequestLine
from program_pages.rules.impact import (
    MONEY,
    Agreed,
    Comparison,
    Effect,
    Planned,
    Points,
    Recorded,
    Rewarded,
    Sold,
    Taken,
    Tally,
    summed,
)
from program_pages.rules.money import BadValue, Reason
from program_pages.rules.overlay import Change, apply
from program_pages.rules.quote import Quote, quote
from program_pages.rules.requirements import RequirementFacts, RequirementStatus, judge
from program_pages.rules.terms import Requirement, RequirementKind, Terms, Text

from .builders import SOURCE, make_terms
from .strategies import LEVELS, editions, points, prices

DAY = date(2026, 1, 2)
facts = st.builds(
    RequirementFacts,
    certified_specialists=st.integers(0, 4),
    marketing_activities=st.integers(0, 3),
    reviews=st.integers(0, 5),
    implementations=st.integers(0, 5),
    announced=st.booleans(),
    module_purchased=st.booleans(),
    rented_licences=st.integers(0, 3),
    rented_licences_agreed=st.none() | st.integers(0, 3),
    extended_support=st.booleans(),
    confirmed=st.frozensets(st.sampled_from(["own", "other"])),
)
days = st.dates(DAY - timedelta(days=400), DAY + timedelta(days=30))
sold = st.builds(Sold, day=days, list_total=prices, client_discount=points)
rewarded = st.builds(
    Rewarded,
    reviews=st.integers(0, 5),
    implementations=st.integers(0, 5),
    specialists=st.integers(0, 4),
    events=st.sampled_from(Events),
    confirmed=st.frozensets(st.sampled_from([f"bonus-{number}" for number in range(6)])),
    plans=st.lists(st.builds(Planned, target=prices, sales=st.lists(sold, max_size=2).map(tuple)), max_size=2).map(
        tuple
    ),
)
changes = st.one_of(
    st.builds(Change, st.sampled_from(["ceiling", "own_use_cap", "updates_percent"]), points),
    st.builds(Change, st.sampled_from(["discount", "support_percent"]), points, st.sampled_from(LEVELS)),
)
agreed = st.builds(Agreed, starts=days, until=st.none() | days, change=changes)
lines = st.builds(RequestLine, st.just("asoft-crm"), st.integers(1, 3), prices, st.none(), st.none() | prices)
recorded = st.builds(
    Recorded,
    level=st.sampled_from(LEVELS),
    requirements=facts,
    rewarded=rewarded,
    sales=st.lists(sold, max_size=3).map(tuple),
    own_use=st.lists(st.builds(Taken, days, lines), max_size=2).map(tuple),
    agreed=st.lists(agreed, max_size=3).map(tuple),
)
requirements = st.lists(
    st.builds(
        Requirement,
        key=st.sampled_from(["one", "two", "own"]),
        kind=st.sampled_from(RequirementKind),
        title=st.just(Text("Требование")),
        description=st.just(Text("")),
        clause=st.just("R29"),
        threshold=st.none() | st.integers(0, 3).map(Decimal) | points,
        strict=st.booleans(),
    ),
    max_size=3,
    unique_by=lambda item: item.key,
).map(tuple)


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    made = draw(editions())
    return replace(made, levels=tuple(replace(level, requirements=draw(requirements)) for level in made.levels))


def held_on(edition: Terms, found: Recorded, day: date) -> Terms:
    """The edition as it holds for the partner on a day, by the ordinary way."""
    held = [each.change for each in found.agreed if each.starts <= day and (each.until is None or day <= each.until)]
    return apply(edition, held)


def quoted(edition: Terms, found: Recorded, sale: Sold, comparison: Comparison) -> Quote:
    side = comparison.before if edition is comparison.before.terms else comparison.after
    return quote(
        held_on(edition, found, sale.day),
        QuoteRequest(
            found.level,
            (RequestLine("sale", 1, sale.list_total),),
            client_discount=sale.client_discount,
            bonus=side.bonus_facts(found.level, found.rewarded),
            day=comparison.day,
        ),
    )


def amount(answer: Quote, key: str) -> Decimal | None:
    line = answer.line(key)
    assert line is not None
    return line.amount


@given(terms(), terms(), recorded)
def test_an_effect_is_the_difference_of_the_quotes_under_both_editions(
    before: Terms, after: Terms, found: Recorded
) -> None:
    comparison = Comparison(before, after, DAY)
    effect = comparison.effect(found)
    expected: Counter[str] = Counter()
    for sale in found.sales:
        was, now = (quoted(edition, found, sale, comparison) for edition in (before, after))
        expected["licences"] += now.totals.partner_margin - was.totals.partner_margin  # type: ignore[assignment]
        expected["bonus_value"] += now.totals.next_sale_bonus_value - was.totals.next_sale_bonus_value  # type: ignore[assignment]
        old, new = amount(was, "support"), amount(now, "support")
        if old is not None and new is not None:
            expected["support_cost"] += old - new  # type: ignore[assignment]
        for key in ("updates", "extended_support"):
            expected["clients"] += (amount(was, key) or 0) - (amount(now, key) or 0)  # type: ignore[assignment]
    for taken in found.own_use:
        prices_of = []
        for edition in (before, after):
            answer = quote(held_on(edition, found, taken.day), QuoteRequest(found.level, (taken.line,)))
            line = answer.line("own_use:asoft-crm")
            assert line is not None
            prices_of.append(line.amount if line.amount is not None else line.high)
        expected["own_use"] += prices_of[0] - prices_of[1]  # type: ignore[operator,assignment]
    assert {name: getattr(effect, name) for name in MONEY} == {name: expected[name] for name in MONEY}


@given(terms(), terms(), recorded)
def test_requirements_and_points_are_those_of_the_day_of_effect(before: Terms, after: Terms, found: Recorded) -> None:
    comparison = Comparison(before, after, DAY)
    effect = comparison.effect(found)
    was, now = (
        [
            item.key
            for item in edition.level(found.level).requirements
            if judge(item, found.requirements, edition.readings).status is RequirementStatus.MISSING
        ]
        for edition in (before, after)
    )
    assert set(effect.missed) == set(now) - set(was)
    assert set(effect.met) == set(was) - set(now)
    sale = Sold(DAY, Decimal(1))
    old, new = (quoted(edition, found, sale, comparison).totals for edition in (before, after))
    assert effect.discount == (old.discount_points, new.discount_points)
    assert effect.bonus == (old.bonus_points, new.bonus_points)


@given(terms(), recorded)
def test_the_same_edition_changes_nothing(edition: Terms, found: Recorded) -> None:
    assert not Comparison(edition, edition, DAY).effect(found).changes


@given(terms(), terms(), st.lists(recorded, max_size=6))
def test_groups_say_what_the_partners_say_one_by_one(before: Terms, after: Terms, partners: list[Recorded]) -> None:
    comparison, groups = Comparison(before, after, DAY), whatif.Groups()
    tallies: dict[str, Tally] = {}
    for each in partners:
        groups.add(each, comparison)
        tallies.setdefault(each.level, Tally()).add(comparison.effect(each))
    kept = whatif.from_json(whatif.as_json(groups))
    assert kept == groups
    found = whatif.reckoned(kept, comparison)
    assert found.keys() == tallies.keys()
    margin = Decimal("0.05") * (1 + sum(len(each.sales) for each in partners))
    for level, tally in tallies.items():
        for name in ("partners", "failing", "missed", "met", "discounts", "bonuses", "supports", "own_use"):
            if name != "bonuses" or before.readings.rounding == after.readings.rounding:  # a plan by other kopecks
                assert getattr(found[level], name) == getattr(tally, name), name
        if before.readings.rounding == after.readings.rounding:
            for name in MONEY:
                assert abs(getattr(found[level], name) - getattr(tally, name)) <= margin, name


# --- By the vendor's own edition ---


def with_level(slug: str, **numbers: object) -> Terms:
    levels = tuple(replace(level, **numbers) if level.slug == slug else level for level in SOURCE.levels)  # type: ignore[arg-type]
    return replace(SOURCE, edition=2, levels=levels)


SALE = Sold(date(2026, 6, 1), Decimal(100_000), Decimal(15))


def test_a_lower_discount_costs_a_partner_its_points_of_the_final_price() -> None:
    effect = Comparison(SOURCE, with_level("competency", discount=Decimal(18)), DAY).effect(
        Recorded("competency", sales=(SALE,))
    )
    assert effect.discount == Points(Decimal(20), Decimal(18))
    assert effect.licences == Decimal("-1700.00")  # two points of 85 000 (R50)
    assert effect.total == effect.licences
    assert effect.sold == Decimal("85000.00")


def test_an_agreed_discount_holds_for_the_sales_of_its_days_alone() -> None:
    """An override that ends mid-year: before its last day the draft changes nothing, after it the level's own does."""
    override = Agreed(date(2026, 1, 1), date(2026, 6, 30), Change("discount", Decimal("22.5"), "competency"))
    july = SALE._replace(day=date(2026, 7, 1))
    found = Recorded("competency", sales=(SALE._replace(day=date(2026, 6, 30)), july), agreed=(override,))
    draft = with_level("competency", discount=Decimal(18))
    effect = Comparison(SOURCE, draft, date(2027, 1, 1)).effect(found)
    assert effect.discount == Points(Decimal(20), Decimal(18))
    assert effect.licences == Decimal("-1700.00")
    held = Comparison(SOURCE, draft, date(2026, 6, 30)).effect(found)
    assert not held.discount.differ
    assert held.licences == Decimal("-1700.00")


def test_a_stricter_requirement_is_missed_and_a_dropped_one_is_not_missing_any_more() -> None:
    level = SOURCE.level("competency")
    people = next(item for item in level.requirements if item.kind is RequirementKind.CERTIFIED_SPECIALISTS)
    others = tuple(item for item in level.requirements if item.kind is RequirementKind.MARKETING_ACTIVITIES)
    draft = with_level("competency", requirements=(replace(people, threshold=Decimal(3)), *others))
    found = Recorded("competency", RequirementFacts(certified_specialists=2, marketing_activities=1))
    effect = Comparison(SOURCE, draft, DAY).effect(found)
    assert effect.missed == (people.key,)
    announcement = next(item.key for item in level.requirements if item.kind is RequirementKind.ANNOUNCEMENT)
    assert effect.met == (announcement,)


def test_support_that_becomes_a_percentage_has_no_price_before_and_so_no_gain() -> None:
    effect = Comparison(SOURCE, with_level("retail", support_percent=Decimal(10)), DAY).effect(
        Recorded("retail", sales=(SALE,))
    )
    assert effect.support == Points(None, Decimal(10))
    assert effect.changes
    assert effect.total == 0


def test_bonuses_that_the_draft_prolongs_are_a_gain_from_nothing() -> None:
    """R79: on the day of effect the old promotion is over."""
    found = Recorded("saas", rewarded=Rewarded(events=Events.HOSTED), sales=(SALE,))
    over = replace(SOURCE, bonuses_until=DAY - timedelta(days=1))
    effect = Comparison(over, replace(SOURCE, bonuses_until=DAY), DAY).effect(found)
    assert effect.bonus == Points(Decimal(0), Decimal("2.5"))
    assert effect.bonus_value == Decimal("2125.00")


def test_a_level_that_is_gone_is_said_and_nothing_is_made_up() -> None:
    draft = replace(SOURCE, levels=tuple(level for level in SOURCE.levels if level.slug != "saas"))
    effect = Comparison(SOURCE, draft, DAY).effect(Recorded("saas", sales=(SALE,)))
    assert effect == Effect(is_gone=True)
    tally = Tally()
    tally.add(effect)
    assert (tally.partners, tally.touched, tally.gone, tally.total) == (1, 1, 1, 0)


def test_levels_make_one_sum() -> None:
    one, two = Tally(), Tally()
    comparison = Comparison(SOURCE, with_level("competency", discount=Decimal(22)), DAY)
    one.add(comparison.effect(Recorded("competency", sales=(SALE,))))
    two.add(comparison.effect(Recorded("retail", sales=(SALE,))))
    total = summed([one, two])
    assert (total.partners, total.touched, total.gaining, total.losing) == (2, 1, 1, 0)
    assert (total.licences, total.sold) == (Decimal("1700.00"), Decimal("170000.00"))


# --- What if ---


def test_every_number_can_be_tried_and_its_own_value_changes_nothing() -> None:
    numbers = list(whatif.numbers_of(SOURCE))
    assert len({number.name for number in numbers}) == len(numbers)
    assert whatif.tuned(SOURCE, {number.name: number.value for number in numbers}) == SOURCE
    for number in numbers:
        assert whatif.tuned(SOURCE, {number.name: number.most}) != SOURCE or number.value == number.most


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("discount:competency", "100.01", Reason.TOO_LARGE),
        ("discount:competency", "-1", Reason.TOO_SMALL),
        ("discount:competency", "1.005", Reason.TOO_PRECISE),
        ("discount:competency", "NaN", Reason.NOT_A_NUMBER),
        ("discount:nobody", "1", Reason.NOT_A_SLUG),
        ("prices", "1", Reason.NOT_A_SLUG),
    ],
)
def test_a_number_that_cannot_be_is_named(name: str, value: str, reason: Reason) -> None:
    with pytest.raises(BadValue) as caught:
        whatif.tuned(SOURCE, {name: Decimal(value)})
    assert (caught.value.field, caught.value.reason) == (name, reason)


def test_people_are_whole() -> None:
    people = next(number for number in whatif.numbers_of(SOURCE) if number.kind == "requirement_count")
    assert whatif.fault_of(people, Decimal("2.5")) == (Reason.NOT_WHOLE, None)


def test_a_level_without_support_percentage_has_none_to_try() -> None:
    assert not any(number.name == "support_percent:first" for number in whatif.numbers_of(make_terms({"first": "10"})))
