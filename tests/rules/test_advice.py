"""R12 and R71-R75: the same deal at every level, and the smallest changes that raise the bonus."""

from dataclasses import replace
from decimal import Decimal

import pytest

from program_pages.rules.advice import LevelQuote, PartnerFacts, Step, StepKind, compare, next_step
from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteRequest
from program_pages.rules.money import BadValue
from program_pages.rules.quote import quote
from program_pages.rules.terms import Bonus, BonusMeasure, Terms, Text, UnknownLevel

from .builders import EVERYTHING, SOURCE, make_request, source


def deal(level: str = "competency", **facts: object) -> QuoteRequest:
    """A licence at 100 000 of a partner that has every bonus but for these facts."""
    return replace(make_request(level=level), bonus=replace(EVERYTHING, **facts))  # type: ignore[arg-type]


# --- Comparing ---


def test_r12_a_deal_is_quoted_at_every_level_in_the_editions_order() -> None:
    request = replace(make_request(level="saas"), bonus=EVERYTHING, credit=Decimal(5))
    assert compare(SOURCE, request) == tuple(
        LevelQuote(level, quote(SOURCE, replace(request, level=level.slug)), level.slug == "saas")
        for level in SOURCE.levels
    )


def test_r47_an_agreed_discount_stays_at_the_level_it_was_agreed_for() -> None:
    request = replace(make_request(), agreed_discount=Decimal(35))
    points = {each.level.slug: each.quote.totals.discount_points for each in compare(SOURCE, request)}
    assert points == {"retail": 10, "competency": 35, "saas": 25}


def test_r33_an_agreed_share_of_updates_goes_as_far_as_each_level_allows() -> None:
    retail, competency, saas = SOURCE.levels
    terms = source(levels=(replace(retail, updates_share=Decimal(30)), competency, saas))
    for agreed, at_retail in ((50, "6000.00"), (20, "4000.00")):
        request = replace(make_request(), updates_share=Decimal(agreed))
        lines = {each.level.slug: each.quote.line("updates_share") for each in compare(terms, request)}
        found = lines["retail"]
        assert found is not None
        assert found.amount == Decimal(at_retail)  # of 20 000 of updates
    unset = {each.level.slug: each.quote.line("updates_share") for each in compare(terms, make_request())}
    assert unset["retail"] is not None
    assert unset["retail"].high == Decimal("6000.00")


def test_nothing_is_compared_with_a_level_that_is_not_there_nor_with_a_bad_deal() -> None:
    with pytest.raises(UnknownLevel, match="platinum"):
        compare(SOURCE, make_request(level="platinum"))
    with pytest.raises(BadValue, match="^updates_share: "):
        compare(SOURCE, replace(make_request(), updates_share=Decimal(51)))
    with pytest.raises(UnknownLevel, match="platinum"):
        next_step(SOURCE, make_request(level="platinum"))


# --- Next steps ---


def step(kind: StepKind, bonus: str, clause: str, points: str, count: int = 1, **more: Decimal) -> Step:
    value = Decimal(points) * 1000  # of a sale of 100 000
    return Step(kind, bonus, clause, count, Decimal(points), value, **more)


def test_r71_one_more_review_takes_you_from_75_to_76_percent() -> None:
    steps = next_step(SOURCE, deal(reviews_share=Decimal(75)), PartnerFacts(75, 100))
    review = step(StepKind.MORE_REVIEWS, "reviews_share", "R71", "5", share_from=Decimal(75), share_to=Decimal(76))
    assert steps == (review,)


def test_r71_where_nobody_counted_the_reviews_the_share_to_pass_is_named() -> None:
    for counted in (None, PartnerFacts(0, 0)):
        steps = next_step(SOURCE, deal(reviews_share=Decimal(40)), counted)
        assert steps == (
            step(
                StepKind.RAISE_REVIEWS_SHARE,
                "reviews_share",
                "R71",
                "5",
                share_from=Decimal(40),
                share_to=Decimal(75),
            ),
        )


def test_r71_a_share_to_pass_brings_what_that_share_brings_and_no_more() -> None:
    reviews, *others = SOURCE.bonuses
    more = replace(reviews, key="more", threshold=Decimal("75.01"), strict=False)
    any_at_all = replace(reviews, key="any", threshold=None)
    terms = source(bonuses=(any_at_all, reviews, more, *others), ceiling=Decimal(90))
    steps = next_step(terms, deal(reviews_share=Decimal(0)))
    assert [(each.bonus, each.points, each.share_to) for each in steps] == [
        ("more", Decimal(15), Decimal("75.01")),
        ("reviews_share", Decimal(10), Decimal(75)),
        ("any", Decimal(5), Decimal(0)),
    ]


def test_a6_without_implementations_no_review_is_asked_for() -> None:
    assert next_step(SOURCE, deal(reviews_share=None)) == ()


def test_r71_counted_implementations_are_enough_to_advise_on() -> None:
    (review,) = next_step(SOURCE, deal(reviews_share=None), PartnerFacts(1, 4))
    assert (review.count, review.share_from, review.share_to) == (3, Decimal(25), Decimal(100))


def test_r71_a_share_that_no_reviews_can_pass_is_not_asked_for() -> None:
    reviews, *others = SOURCE.bonuses
    terms = source(bonuses=(replace(reviews, threshold=Decimal(100)), *others))
    request = deal(reviews_share=Decimal(50))
    assert next_step(terms, request, PartnerFacts(5, 10)) == ()
    assert next_step(terms, request) == ()


def test_r71_an_inclusive_threshold_asks_for_no_more_than_it_takes() -> None:
    reviews, *others = SOURCE.bonuses
    terms = source(bonuses=(replace(reviews, strict=False), *others))
    (whole,) = next_step(terms, deal(reviews_share=Decimal(50)), PartnerFacts(2, 4))
    assert (whole.count, whole.share_to) == (1, Decimal(75))
    (part,) = next_step(terms, deal(reviews_share=Decimal(50)), PartnerFacts(3, 6))
    assert part.count == 2  # 75 % of 6 is 4.5


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"plan": Plan.NONE}, step(StepKind.AGREE_A_PLAN, "sales_plan", "R72", "10")),
        ({"plan": Plan.AGREED}, step(StepKind.MEET_THE_PLAN, "sales_plan", "R72", "10")),
        ({"extra_specialists": 0}, step(StepKind.MORE_SPECIALISTS, "extra_specialists", "R73", "2.5")),
        ({"events": Events.ATTENDED}, step(StepKind.HOST_AN_EVENT, "event_hosted", "R74", "1.5")),
    ],
)
def test_r72_to_r74_each_bonus_not_yet_earned_is_a_step(facts: dict[str, object], expected: Step) -> None:
    assert next_step(SOURCE, deal("competency", **facts)) == (expected,)


def test_r73_as_many_specialists_as_the_threshold_lacks_are_asked_for() -> None:
    reviews, plan, specialists, *events = SOURCE.bonuses
    terms = source(bonuses=(reviews, plan, replace(specialists, threshold=Decimal("2.5")), *events))
    (found,) = next_step(terms, deal(extra_specialists=1))
    assert (found.kind, found.count) == (StepKind.MORE_SPECIALISTS, 2)


def test_r75_what_the_ceiling_would_take_is_no_step() -> None:
    assert next_step(SOURCE, deal()) == ()
    assert next_step(SOURCE, replace(deal(plan=Plan.NONE), agreed_discount=Decimal(40))) == ()
    (plan,) = next_step(SOURCE, replace(deal(plan=Plan.NONE), agreed_discount=Decimal(25)))
    assert (plan.points, plan.value) == (Decimal(5), Decimal("5000.00"))  # 25 + 10 leave 5


def test_a_level_that_has_no_such_bonus_is_not_told_to_earn_it() -> None:
    steps = next_step(SOURCE, replace(make_request(level="retail"), bonus=BonusFacts(reviews_share=Decimal(0))))
    assert [each.kind for each in steps] == [StepKind.AGREE_A_PLAN, StepKind.HOST_AN_EVENT, StepKind.ATTEND_AN_EVENT]


def test_steps_stand_fewest_first_then_by_what_they_bring() -> None:
    request = replace(make_request(), bonus=BonusFacts(reviews_share=Decimal(0)))
    assert [(each.count, each.kind, each.points) for each in next_step(SOURCE, request, PartnerFacts(0, 10))] == [
        (1, StepKind.AGREE_A_PLAN, Decimal(10)),
        (1, StepKind.MORE_SPECIALISTS, Decimal("2.5")),
        (1, StepKind.HOST_AN_EVENT, Decimal("2.5")),
        (1, StepKind.ATTEND_AN_EVENT, Decimal(1)),
        (8, StepKind.MORE_REVIEWS, Decimal(5)),
    ]


SUMMED = source(bonuses=tuple(replace(bonus, highest_of_group=False) for bonus in SOURCE.bonuses), ceiling=Decimal(90))


@pytest.mark.parametrize(
    ("events", "kinds"),
    [
        (Events.NONE, [StepKind.HOST_AN_EVENT, StepKind.ATTEND_AN_EVENT]),
        (Events.ATTENDED, [StepKind.HOST_AN_EVENT]),
        (Events.HOSTED, [StepKind.ATTEND_AN_EVENT]),
        (Events.BOTH, []),
    ],
)
def test_a1_where_events_add_up_the_other_one_is_a_step_too(events: Events, kinds: list[StepKind]) -> None:
    steps = next_step(SUMMED, deal(events=events))
    assert [each.kind for each in steps] == kinds
    assert all(each.points == {"h": Decimal("2.5"), "a": Decimal(1)}[each.kind[0]] for each in steps)


def test_an_editors_own_bonus_is_a_managers_to_confirm_and_no_step() -> None:
    own = Bonus("own", BonusMeasure.OTHER, Text("own"), "R70", {"competency": Decimal(3)})
    terms: Terms = source(bonuses=(*SOURCE.bonuses, own), ceiling=Decimal(90))
    assert next_step(terms, deal()) == ()


@pytest.mark.parametrize(
    ("reviews", "implementations", "share"), [(0, 0, None), (3, 0, None), (3, 4, 75), (0, 4, 0), (9, 4, 100)]
)
def test_a6_the_share_of_reviews_is_that_of_the_implementations(
    reviews: int, implementations: int, share: int | None
) -> None:
    assert PartnerFacts(reviews, implementations).reviews_share == share
