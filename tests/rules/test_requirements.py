"""R29-R31, R34, R37-R41 and A6: whether a partner meets what its level asks for, and how much is missing."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.requirements import Judgement, RequirementFacts, RequirementStatus, judge
from program_pages.rules.terms import NoImplementations, Readings, Requirement, RequirementKind, Text
from program_pages.rules.thresholds import least, least_of, least_share, reaches

MET, MISSING, NOT_APPLICABLE = RequirementStatus.MET, RequirementStatus.MISSING, RequirementStatus.NOT_APPLICABLE


def asked(kind: RequirementKind, threshold: str | None = None, strict: bool = False) -> Requirement:
    limit = None if threshold is None else Decimal(threshold)
    return Requirement("asked", kind, Text("asked"), Text(""), "R1", limit, strict)


REVIEWS = asked(RequirementKind.REVIEWS_SHARE, "50")


def reviewed(reviews: int, implementations: int) -> RequirementFacts:
    return RequirementFacts(reviews=reviews, implementations=implementations)


@pytest.mark.parametrize(
    ("facts", "judgement"),
    [
        (reviewed(5, 10), Judgement(MET, 5, 5)),
        (reviewed(4, 10), Judgement(MISSING, 4, 5)),
        (reviewed(4, 7), Judgement(MET, 4, 4)),
        (reviewed(3, 7), Judgement(MISSING, 3, 4)),
        (reviewed(1, 1), Judgement(MET, 1, 1)),
        (reviewed(9, 3), Judgement(MET, 9, 2)),
    ],
)
def test_r31_half_of_the_implementations_is_enough(facts: RequirementFacts, judgement: Judgement) -> None:
    assert judge(REVIEWS, facts) == judgement


def test_r31_an_edition_may_ask_for_more_than_half() -> None:
    strict = replace(REVIEWS, strict=True)
    assert judge(strict, reviewed(5, 10)) == Judgement(MISSING, 5, 6)
    assert judge(strict, reviewed(4, 7)) == Judgement(MET, 4, 4)


def test_a6_without_implementations_the_share_of_reviews_is_as_the_edition_reads() -> None:
    missed = Readings(no_implementations=NoImplementations.NOT_MET)
    for reviews in (0, 3):
        assert judge(REVIEWS, reviewed(reviews, 0)) == Judgement(NOT_APPLICABLE, 0, 0)
        assert judge(REVIEWS, reviewed(reviews, 0), missed) == Judgement(MISSING, 0, 1)
    assert judge(REVIEWS, reviewed(5, 10), missed) == Judgement(MET, 5, 5)


COUNTED = [
    (RequirementKind.CERTIFIED_SPECIALISTS, "certified_specialists"),
    (RequirementKind.MARKETING_ACTIVITIES, "marketing_activities"),
]


@pytest.mark.parametrize(("kind", "fact"), COUNTED)
@pytest.mark.parametrize(
    ("threshold", "strict", "needed"),
    [("2", False, 2), ("2", True, 3), ("2.5", False, 3), ("2.5", True, 3), (None, True, 1)],
)
def test_r29_r30_counts_are_held_to_their_threshold(
    kind: RequirementKind, fact: str, threshold: str | None, strict: bool, needed: int
) -> None:
    requirement = asked(kind, threshold, strict)
    for count, status in ((needed - 1, MISSING), (needed, MET), (needed + 1, MET)):
        judgement = judge(requirement, RequirementFacts(**{fact: count}))  # type: ignore[arg-type]
        assert judgement == Judgement(status, count, needed)
        assert judgement.missing == max(0, needed - count)


@pytest.mark.parametrize(
    ("kind", "facts"),
    [
        (RequirementKind.ANNOUNCEMENT, RequirementFacts(announced=True)),
        (RequirementKind.MODULE_PURCHASED, RequirementFacts(module_purchased=True)),
        (RequirementKind.EXTENDED_SUPPORT, RequirementFacts(extended_support=True)),
        (RequirementKind.OTHER, RequirementFacts(confirmed=frozenset({"asked"}))),
    ],
)
def test_r34_r38_r40_what_is_done_or_not_is_one_thing_missing(kind: RequirementKind, facts: RequirementFacts) -> None:
    assert judge(asked(kind), facts) == Judgement(MET, 1, 1)
    others = RequirementFacts(
        announced=not facts.announced,
        module_purchased=not facts.module_purchased,
        extended_support=not facts.extended_support,
        confirmed=frozenset({"asked", "other"}) if not facts.confirmed else frozenset({"other"}),
    )
    missed = judge(asked(kind), others)
    assert (missed, missed.missing) == (Judgement(MISSING, 0, 1), 1)


@pytest.mark.parametrize(
    ("bought", "agreed", "missing"), [(0, None, 1), (1, None, 0), (9, 10, 1), (10, 10, 0), (0, 0, 0)]
)
def test_r39_the_licences_to_rent_out_are_as_many_as_were_agreed(bought: int, agreed: int | None, missing: int) -> None:
    facts = RequirementFacts(rented_licences=bought, rented_licences_agreed=agreed)
    judgement = judge(asked(RequirementKind.RENTED_LICENCES), facts)
    assert judgement.missing == missing
    assert judgement.status is (MISSING if missing else MET)


def test_what_was_agreed_on_licences_is_asked_of_licences_alone() -> None:
    facts = RequirementFacts(certified_specialists=2, rented_licences_agreed=10)
    assert judge(asked(RequirementKind.CERTIFIED_SPECIALISTS, "2"), facts).status is MET


def test_every_kind_of_requirement_is_judged() -> None:
    nothing = [judge(asked(kind), RequirementFacts(implementations=1)).status for kind in RequirementKind]
    assert nothing == [MISSING] * len(RequirementKind)


limits = st.builds(
    asked,
    st.just(RequirementKind.OTHER),
    st.none() | st.integers(0, 10_000).map(lambda count: str(Decimal(count) / 100)),
    st.booleans(),
)


@given(limits)
def test_the_least_that_is_enough_is_enough_and_one_less_is_not(limit: Requirement) -> None:
    assert reaches(least(limit), limit)
    assert least(limit) == 0 or not reaches(least(limit) - 1, limit)


@given(limits)
def test_the_least_share_that_is_enough_passes_no_other_threshold(limit: Requirement) -> None:
    share = least_share(limit)
    assert reaches(share, limit)
    assert share < (limit.threshold or 0) + Decimal("0.01")
    assert limit.strict or limit.threshold in {None, share}


@given(limits, st.integers(1, 1_000))
def test_the_least_part_that_is_enough_is_enough_and_one_less_is_not(limit: Requirement, total: int) -> None:
    enough = least_of(limit, total)
    assert reaches(Decimal(enough) * 100 / total, limit)
    assert enough == 0 or not reaches(Decimal(enough - 1) * 100 / total, limit)
