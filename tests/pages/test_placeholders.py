"""Numbers in texts come from the edition: no clause can disagree with the terms."""

from dataclasses import replace
from decimal import Decimal

import pytest

from program_pages.placeholders import placeholders_of
from program_pages.rules.terms import Bonus, BonusMeasure, Requirement, RequirementKind, Terms, Text

from ..rules.builders import make_terms

REVIEWS = Bonus(
    key="reviews",
    measure=BonusMeasure.REVIEWS_SHARE,
    title=Text("Отзывы", "Reviews"),
    clause="R71",
    points={"retail": None, "competency": Decimal("2.5"), "saas": Decimal(5)},
    threshold=Decimal(75),
    strict=True,
)
SPECIALISTS = Requirement(
    key="certified_specialists",
    kind=RequirementKind.CERTIFIED_SPECIALISTS,
    title=Text("Персонал", "Staff"),
    description=Text(""),
    clause="R29",
    threshold=Decimal("2.00"),
)


@pytest.fixture
def terms() -> Terms:
    """Three levels, one requirement of the second, one bonus of the second and third."""
    terms = make_terms({"retail": "11", "competency": "22.5", "saas": "27"})
    retail, competency, saas = terms.levels
    levels = (retail, replace(competency, requirements=(SPECIALISTS,)), saas)
    return replace(terms, ceiling=Decimal(40), levels=levels, bonuses=(REVIEWS,))


@pytest.mark.parametrize(
    ("text", "russian", "english"),
    [
        ("{retail.discount}", "11\u00a0%", "11%"),
        ("{competency.discount}", "22,5\u00a0%", "22.5%"),
        ("{edition.ceiling}", "40\u00a0%", "40%"),
        ("{competency.requirement.certified_specialists}", "2", "2"),
        ("{competency.bonus.reviews}", "2,5\u00a0%", "2.5%"),
        ("{bonus.reviews.threshold}", "75\u00a0%", "75%"),
        ("{saas.contract_code}", "3", "3"),
        ("{edition.effective_from}", "1\u00a0января 2026\u00a0г.", "1\u00a0January\u00a02026"),
        ("без подстановок, {но со скобкой", "без подстановок, {но со скобкой", "без подстановок, {но со скобкой"),
    ],
)
def test_a_placeholder_becomes_the_number_in_the_readers_typography(
    terms: Terms, text: str, russian: str, english: str
) -> None:
    filled = placeholders_of(terms).fill(Text(ru=text, en=text))

    assert filled == Text(ru=russian, en=english)


def test_a_line_for_each_level_takes_up_every_level_and_only_the_last_ends_the_sentence(terms: Terms) -> None:
    text = Text(ru="Скидки:\n{each.short_name} — {each.discount}.\nВот и всё.")

    filled = placeholders_of(terms).fill(text).ru

    assert filled.splitlines() == [
        "Скидки:",
        "retail — 11\u00a0%;",
        "competency — 22,5\u00a0%;",
        "saas — 27\u00a0%.",
        "Вот и всё.",
    ]


def test_a_level_without_the_value_is_left_out_of_the_list(terms: Terms) -> None:
    text = Text(ru="{each.short_name}: {each.bonus.reviews};")

    assert placeholders_of(terms).fill(text).ru.splitlines() == ["competency: 2,5\u00a0%;", "saas: 5\u00a0%;"]


@pytest.mark.parametrize(
    "name",
    ["gold.discount", "retail.support_percent", "retail.bonus.reviews", "each.nothing", "edition.nothing"],
)
def test_a_placeholder_the_edition_cannot_fill_is_named(terms: Terms, name: str) -> None:
    placeholders = placeholders_of(terms)

    assert placeholders.unknown(f"Скидка {{{name}}} и {{retail.discount}}") == [name]


def test_known_placeholders_are_not_complained_of(terms: Terms) -> None:
    assert placeholders_of(terms).unknown("{each.discount} {saas.bonus.reviews} {edition.own_use_cap}") == []
