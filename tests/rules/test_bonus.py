"""R71-R77 and A1: which bonuses apply, what is said of each, and what they are worth at the next sale."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from program_pages.rules.advice import next_step
from program_pages.rules.bonus import Bonuses, Outcome, outcomes
from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteSection
from program_pages.rules.lines import BonusStatus, Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.quote import Quote, quote
from program_pages.rules.terms import Bonus, BonusMeasure, Terms, Text

from .builders import EVERYTHING, SOURCE, make_request, source

APPLIES, MISSED, NOT_APPLICABLE = BonusStatus.APPLIES, BonusStatus.DOES_NOT_APPLY, BonusStatus.NOT_APPLICABLE
NOTHING = Decimal(0)

Values = Mapping[str, Decimal | int | str]


def said_of(key: str, facts: BonusFacts, level: str = "competency", terms: Terms = SOURCE) -> Outcome:
    return next(outcome for outcome in outcomes(terms, level, facts) if outcome.key == key)


def values(**values: Decimal | int | str) -> Values:
    return values


REVIEWS = values(bonus="reviews_share", points=Decimal(5), threshold=Decimal(75))
PLAN = values(bonus="sales_plan", points=Decimal(10))
SPECIALISTS = values(bonus="extra_specialists", points=Decimal("2.5"))
ATTENDED = values(bonus="event_attended", points=Decimal(1))
HOSTED = values(bonus="event_hosted", points=Decimal("2.5"))


@pytest.mark.parametrize(
    ("key", "facts", "status", "points", "sentence", "named"),
    [
        (
            "reviews_share",
            BonusFacts(reviews_share=Decimal(80)),
            APPLIES,
            "5",
            ExplanationKey.REVIEWS_APPLY,
            {**REVIEWS, "share": Decimal(80)},
        ),
        (
            "reviews_share",
            BonusFacts(reviews_share=Decimal(75)),
            MISSED,
            "0",
            ExplanationKey.REVIEWS_TOO_FEW,
            {**REVIEWS, "share": Decimal(75)},
        ),
        (
            "reviews_share",
            BonusFacts(),
            NOT_APPLICABLE,
            "0",
            ExplanationKey.REVIEWS_NO_IMPLEMENTATIONS,
            values(bonus="reviews_share", points=Decimal(5)),
        ),
        ("sales_plan", BonusFacts(plan=Plan.MET), APPLIES, "10", ExplanationKey.PLAN_MET, PLAN),
        ("sales_plan", BonusFacts(plan=Plan.AGREED), MISSED, "0", ExplanationKey.PLAN_NOT_MET, PLAN),
        ("sales_plan", BonusFacts(), NOT_APPLICABLE, "0", ExplanationKey.PLAN_NOT_AGREED, PLAN),
        (
            "extra_specialists",
            BonusFacts(extra_specialists=1),
            APPLIES,
            "2.5",
            ExplanationKey.SPECIALISTS_APPLY,
            {**SPECIALISTS, "specialists": 1},
        ),
        (
            "extra_specialists",
            BonusFacts(),
            MISSED,
            "0",
            ExplanationKey.SPECIALISTS_TOO_FEW,
            {**SPECIALISTS, "specialists": 0},
        ),
        ("events", BonusFacts(events=Events.ATTENDED), APPLIES, "1", ExplanationKey.EVENT_ATTENDED, ATTENDED),
        ("events", BonusFacts(events=Events.HOSTED), APPLIES, "2.5", ExplanationKey.EVENT_HOSTED, HOSTED),
        (
            "events",
            BonusFacts(events=Events.BOTH),
            APPLIES,
            "2.5",
            ExplanationKey.HIGHEST_OF_GROUP,
            {**HOSTED, "count": 2},
        ),
        ("events", BonusFacts(), MISSED, "0", ExplanationKey.NONE_OF_GROUP, ATTENDED),
    ],
)
def test_r71_to_r74_each_kind_says_whether_it_applies_and_why(
    key: str, facts: BonusFacts, status: BonusStatus, points: str, sentence: ExplanationKey, named: Values
) -> None:
    outcome = said_of(key, facts)
    assert (outcome.status, outcome.points, outcome.offered) == (status, Decimal(points), True)
    assert (outcome.explanation.key, outcome.explanation.values) == (sentence, named)
    assert (
        outcome.clause
        == {"reviews_share": "R71", "sales_plan": "R72", "extra_specialists": "R73", "events": "R74"}[key]
    )


@pytest.mark.parametrize("key", ["reviews_share", "extra_specialists"])
def test_r71_r73_what_a_level_has_none_of_is_not_offered_whatever_is_done(key: str) -> None:
    outcome = said_of(key, EVERYTHING, "retail")
    assert (outcome.status, outcome.points, outcome.offered) == (NOT_APPLICABLE, NOTHING, False)
    assert outcome.explanation == Explanation(ExplanationKey.BONUS_NOT_AT_LEVEL, {"bonus": key})
    assert outcome.clause == {"reviews_share": "R71", "extra_specialists": "R73"}[key]


def test_r72_an_edition_may_miss_a_plan_that_nobody_agreed() -> None:
    terms = source(bonuses=tuple(replace(bonus, only_if_agreed=False) for bonus in SOURCE.bonuses))
    outcome = said_of("sales_plan", BonusFacts(), terms=terms)
    assert (outcome.status, outcome.explanation.key) == (MISSED, ExplanationKey.PLAN_NOT_MET)


def test_the_kinds_of_bonus_stand_in_the_editions_order() -> None:
    kinds = [outcome.key for outcome in outcomes(SOURCE, "saas", EVERYTHING)]
    assert kinds == ["reviews_share", "sales_plan", "extra_specialists", "events"]


# --- Groups (A1) and an editor's own bonuses ---


def own(key: str, points: str | None = "3", measure: BonusMeasure = BonusMeasure.OTHER, **more: object) -> Bonus:
    """An editor's own bonus at Competency, in a group unless it says otherwise."""
    given = {"group": "own", **more}
    by_level = {"competency": None if points is None else Decimal(points)}
    return Bonus(key, measure, Text(key), f"R{key}", by_level, **given)  # type: ignore[arg-type]


def one_kind(*bonuses: Bonus, confirmed: str = "", **facts: object) -> Outcome:
    terms = source(bonuses=bonuses)
    known = BonusFacts(confirmed=frozenset(confirmed.split()), **facts)  # type: ignore[arg-type]
    (outcome,) = outcomes(terms, "competency", known)
    return outcome


def test_a1_a_group_gives_its_highest_or_all_of_it_as_the_edition_says() -> None:
    low, high, missed = (own(key, points) for key, points in (("1", "1.5"), ("2", "4"), ("3", "9")))
    added = one_kind(low, high, missed, confirmed="1 2")
    assert (added.key, added.points, added.clause) == ("own", Decimal("5.5"), "R2")
    assert added.explanation == Explanation(
        ExplanationKey.SUM_OF_GROUP, {"bonus": "2", "points": Decimal("5.5"), "count": 2}
    )
    highest = one_kind(*(replace(bonus, highest_of_group=True) for bonus in (low, high, missed)), confirmed="1 2")
    assert (highest.key, highest.points, highest.clause) == ("own", Decimal(4), "R2")
    assert highest.explanation == Explanation(
        ExplanationKey.HIGHEST_OF_GROUP, {"bonus": "2", "points": Decimal(4), "count": 2}
    )
    assert (added.status, highest.status) == (APPLIES, APPLIES)


def test_a1_the_first_bonus_of_a_group_says_how_the_group_counts() -> None:
    highest, added = own("1", "2", highest_of_group=True), own("2", "3")
    assert one_kind(highest, added, confirmed="1 2").points == Decimal(3)
    assert one_kind(added, highest, confirmed="1 2").points == Decimal(5)


def test_a_group_with_one_that_applies_says_that_ones_sentence() -> None:
    outcome = one_kind(own("1"), own("2", "4"), confirmed="2")
    assert outcome == Outcome(
        "own", APPLIES, Decimal(4), Explanation(ExplanationKey.CONFIRMED, {"bonus": "2", "points": Decimal(4)}), "R2"
    )


def test_a_group_none_of_which_applies_was_missed_if_any_of_it_could_have_applied() -> None:
    plan = own("plan", measure=BonusMeasure.SALES_PLAN, only_if_agreed=True)
    outcome = one_kind(own("0", None), plan, own("2", "4"))
    assert outcome == Outcome(
        "own", MISSED, NOTHING, Explanation(ExplanationKey.NONE_OF_GROUP, {"bonus": "2", "points": Decimal(4)}), "R2"
    )
    neither = one_kind(own("0", None), plan)
    assert (neither.status, neither.offered, neither.clause) == (NOT_APPLICABLE, True, "Rplan")
    assert neither.explanation.key is ExplanationKey.NONE_OF_GROUP


def test_a_group_that_the_level_has_nothing_of_is_not_offered() -> None:
    outcome = one_kind(own("1", None), own("2", None))
    assert outcome == Outcome(
        "own", NOT_APPLICABLE, NOTHING, Explanation(ExplanationKey.BONUS_NOT_AT_LEVEL, {"bonus": "1"}), "R1", False
    )


def test_an_editors_own_bonus_applies_once_a_manager_has_confirmed_it() -> None:
    named = values(bonus="1", points=Decimal(3))
    missed, alone = one_kind(own("1"), confirmed="2"), one_kind(own("1", group=""), confirmed="1")
    assert missed == Outcome("own", MISSED, NOTHING, Explanation(ExplanationKey.NOT_CONFIRMED, named), "R1")
    assert alone == Outcome("1", APPLIES, Decimal(3), Explanation(ExplanationKey.CONFIRMED, named), "R1")


def test_a_bonus_named_like_a_group_belongs_to_it() -> None:
    assert one_kind(own("own", "1", group=""), own("2", "4"), confirmed="own 2").points == Decimal(5)


@pytest.mark.parametrize(("events", "missed"), [(Events.ATTENDED, "hosted"), (Events.HOSTED, "attended")])
def test_r74_events_that_are_no_group_are_kinds_of_their_own(events: Events, missed: str) -> None:
    terms = source(bonuses=tuple(replace(bonus, group="") for bonus in SOURCE.bonuses))
    kinds = {outcome.key: outcome for outcome in outcomes(terms, "saas", BonusFacts(events=events))}
    outcome = kinds[f"event_{missed}"]
    assert (outcome.status, outcome.points) == (MISSED, NOTHING)
    assert outcome.explanation.key == f"event_not_{missed}"
    assert kinds[f"event_{events}"].status is APPLIES
    both = outcomes(terms, "saas", BonusFacts(events=Events.BOTH))
    assert sum(outcome.points for outcome in both) == Decimal("3.5")


def test_r71_without_a_threshold_any_review_is_enough() -> None:
    bonus = own("1", measure=BonusMeasure.REVIEWS_SHARE)
    none, some = (one_kind(bonus, reviews_share=Decimal(share)) for share in ("0", "0.01"))
    assert (none.status, some.status) == (MISSED, APPLIES)
    assert none.explanation.values["threshold"] == 0


# --- Lines ---


def bonus_lines(answer: Quote) -> list[Line]:
    return [line for line in answer.lines if line.section is QuoteSection.BONUS]


def test_r75_the_lines_of_the_bonus_are_its_kinds_then_the_cut_then_its_worth() -> None:
    request = replace(
        make_request(("asoft-crm", 2, "50000.00"), ("isolation", 1, "20000.00"), client_discount="10"),
        agreed_discount=Decimal(30),
        bonus=replace(EVERYTHING, extra_specialists=0, reviews_share=None),
    )
    base = Decimal("108000.00")  # nine tenths of 120 000
    granted: Values = {"points": Decimal("10"), "base": base, "value": Decimal("10800.00")}
    # One licence is 45 000 less 30 % = 31 500, the module 18 000 less 30 % = 12 600: neither fits into 10 800.
    licences: Values = {"licences:asoft-crm": 0, "licences:isolation": 0}

    def line(key: str, sentence: ExplanationKey, named: Values, clause: str, **more: object) -> Line:
        explanation = Explanation(sentence, named)
        kind = LineKind.EXACT if "amount" in more else LineKind.NOT_AVAILABLE
        return Line(key, QuoteSection.BONUS, kind, explanation, clause=clause, **more)  # type: ignore[arg-type]

    assert bonus_lines(quote(SOURCE, request)) == [
        line(
            "bonus:reviews_share",
            ExplanationKey.REVIEWS_NO_IMPLEMENTATIONS,
            values(bonus="reviews_share", points=Decimal(5)),
            "R71",
            status=NOT_APPLICABLE,
        ),
        line(
            "bonus:sales_plan",
            ExplanationKey.PLAN_MET,
            PLAN,
            "R72",
            amount=Decimal("10800.00"),
            base=base,
            percent=Decimal(10),
            status=APPLIES,
        ),
        line(
            "bonus:extra_specialists",
            ExplanationKey.SPECIALISTS_TOO_FEW,
            {**SPECIALISTS, "specialists": 0},
            "R73",
            amount=Decimal("0.00"),
            base=base,
            percent=NOTHING,
            status=MISSED,
        ),
        line(
            "bonus:events",
            ExplanationKey.EVENT_HOSTED,
            HOSTED,
            "R74",
            amount=Decimal("2700.00"),
            base=base,
            percent=Decimal("2.5"),
            status=APPLIES,
        ),
        line(
            "bonus_ceiling",
            ExplanationKey.BONUS_CEILING,
            values(
                asked=Decimal("12.5"),
                discount=Decimal(30),
                ceiling=Decimal(40),
                cut=Decimal("2.5"),
                granted=Decimal(10),
            ),
            "R75",
            amount=Decimal("2700.00"),
            base=base,
            percent=Decimal("2.5"),
        ),
        line(
            "bonus_value",
            ExplanationKey.BONUS_VALUE,
            {**granted, **licences},
            "R77",
            amount=Decimal("10800.00"),
            base=base,
            percent=Decimal(10),
        ),
    ]


def test_r77_without_a_bonus_its_worth_is_nothing_and_says_so() -> None:
    *_, worth = bonus_lines(quote(SOURCE, make_request()))
    assert (worth.amount, worth.percent, worth.base) == (Decimal("0.00"), NOTHING, Decimal("100000.00"))
    assert worth.explanation == Explanation(
        ExplanationKey.NO_BONUS, {"points": NOTHING, "base": Decimal("100000.00"), "value": Decimal("0.00")}
    )
    assert [line.key for line in bonus_lines(quote(SOURCE, make_request()))] == [
        "bonus:reviews_share",
        "bonus:sales_plan",
        "bonus:extra_specialists",
        "bonus:events",
        "bonus_value",
    ]


def test_a10_kinds_are_rounded_so_that_they_add_up() -> None:
    # Of 0.10 roubles 5, 10, 2.5 and 2.5 points are 0.005, 0.010, 0.0025 and 0.0025; together 0.02.
    request = replace(make_request(("asoft-crm", 1, "0.10")), bonus=EVERYTHING)
    *kinds, worth = [line.amount for line in bonus_lines(quote(SOURCE, request))]
    assert kinds == [Decimal("0.01"), Decimal("0.01"), Decimal("0.00"), Decimal("0.00")]  # sums 0.005, 0.015, 0.0175
    assert worth == Decimal("0.02")


def test_r77_a_bonus_is_worth_so_many_licences_of_each_product() -> None:
    request = replace(
        make_request(
            ("asoft-crm", 10, "10000.00"),
            ("asoft-crm-lite", 10, "2000.00"),
            ("asoft-crm-lite", 5, "4000.00"),
            ("gift", 1, "0.00"),
            client_discount="50",
        ),
        bonus=EVERYTHING,
    )
    bonuses = quote(SOURCE, request).bonuses
    # Of 70 000 roubles 20 points are 14 000. A licence is 10 000 less 50 % less 20 % = 4 000, a dear lite one 1 600.
    assert bonuses == Bonuses(
        outcomes(SOURCE, "competency", EVERYTHING),
        asked=Decimal(20),
        granted=Decimal(20),
        value=Decimal("14000.00"),
        licences=(("asoft-crm", 3), ("asoft-crm-lite", 8)),
    )
    assert bonuses.cut == 0


def test_r77_a_licence_that_the_bonus_pays_for_to_the_kopeck_is_counted() -> None:
    request = replace(make_request(("asoft-crm", 4, "100.00")), bonus=EVERYTHING)
    assert quote(SOURCE, request).bonuses.licences == (("asoft-crm", 1),)  # 20 points of 400 are 80, a licence is 80


# --- R79: the promotion ends ---

LAST = date(2026, 6, 30)
AFTER = LAST + timedelta(days=1)


@pytest.mark.parametrize(
    ("last", "day", "is_over"),
    [(LAST, LAST, False), (LAST, AFTER, True), (LAST, None, False), (None, AFTER, False), (None, None, False)],
)
def test_r79_bonuses_are_over_after_their_last_day(last: date | None, day: date | None, is_over: bool) -> None:
    assert source(bonuses_until=last).bonuses_are_over(day) is is_over


def test_r79_after_its_last_day_no_kind_is_applicable_and_each_says_why() -> None:
    answer = quote(source(bonuses_until=LAST), replace(make_request(), bonus=EVERYTHING, day=AFTER))

    *kinds, worth = bonus_lines(answer)
    over = Explanation(ExplanationKey.BONUSES_OVER, {"last": "2026-06-30"})
    assert [(line.key, line.kind, line.status, line.explanation, line.amount, line.clause) for line in kinds] == [
        ("bonus:reviews_share", LineKind.NOT_AVAILABLE, NOT_APPLICABLE, over, None, "R71"),
        ("bonus:sales_plan", LineKind.NOT_AVAILABLE, NOT_APPLICABLE, over, None, "R72"),
        ("bonus:extra_specialists", LineKind.NOT_AVAILABLE, NOT_APPLICABLE, over, None, "R73"),
        ("bonus:events", LineKind.NOT_AVAILABLE, NOT_APPLICABLE, over, None, "R74"),
    ]
    assert (worth.amount, worth.explanation.key) == (Decimal("0.00"), ExplanationKey.NO_BONUS)
    assert (answer.totals.bonus_points, answer.totals.next_sale_bonus_value) == (NOTHING, Decimal("0.00"))
    assert not any(outcome.offered for outcome in answer.bonuses.outcomes)


@pytest.mark.parametrize("day", [LAST, None])
def test_r79_until_then_every_kind_applies_as_ever(day: date | None) -> None:
    deal = replace(make_request(), bonus=EVERYTHING, credit=Decimal(5))
    assert quote(source(bonuses_until=LAST), replace(deal, day=day)) == quote(SOURCE, deal)


def test_r79_a_bonus_earned_before_is_spent_no_more() -> None:
    deal = replace(make_request(), credit=Decimal(5), day=AFTER)
    answer = quote(source(bonuses_until=LAST), deal)

    line = answer.line("bonus_credit")
    assert line == Line(
        key="bonus_credit",
        section=QuoteSection.LICENCES,
        kind=LineKind.NOT_AVAILABLE,
        explanation=Explanation(ExplanationKey.BONUS_CREDIT_OVER, {"asked": Decimal(5), "last": "2026-06-30"}),
        clause="R77",
    )
    assert answer.totals.partner_pays == quote(SOURCE, make_request()).totals.partner_pays
    assert quote(source(bonuses_until=LAST), replace(deal, credit=NOTHING)).line("bonus_credit") is None


def test_r79_nothing_more_is_advised_once_bonuses_are_over() -> None:
    terms, deal = source(bonuses_until=LAST), make_request()
    assert next_step(terms, replace(deal, day=LAST))
    assert next_step(terms, replace(deal, day=AFTER)) == ()
