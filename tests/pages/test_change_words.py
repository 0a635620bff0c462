"""R83: everything that another edition changes is said, in both languages; nothing that it holds is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings

from program_pages.changes.said import Chapter, Fate, SaidChange
from program_pages.changes.sayers import OF_A_NEW_LEVEL, SAYERS, SILENT, TEXTS
from program_pages.changes.words import said_changes
from program_pages.rules.changes import Change, Place, applied, every_place, leaves
from program_pages.rules.terms import (
    Benefit,
    BenefitCell,
    CellKind,
    Clause,
    Section,
    Terms,
    Text,
    Topic,
)
from program_pages.rules.wording import Kind
from tests.rules.builders import SOURCE, SOURCE_LEVELS, make_level
from tests.rules.whole_editions import whole_editions

PRICES = Section(
    6,
    Text("Цены на лицензии", "Licence prices"),
    (
        Clause("R910", "6.1", Text("Скидки действуют на все версии.", "For every version."), topic=Topic.TERM),
        Clause("R911", "6.5", Text("Скидка от конечной цены.", "On the final price.")),
    ),
)


def benefit(key: str, **cells: BenefitCell) -> Benefit:
    return Benefit(key, Text(f"Преимущество {key}", f"Benefit {key}"), "R55", tuple(cells.values()))


def on_request(level: str, words: str = "по запросу") -> BenefitCell:
    return BenefitCell(level, CellKind.VALUE, Text(words, "on request"))


# The vendor's edition with something at every place.
FULL = replace(
    SOURCE,
    bonuses_until=date(2026, 6, 30),
    vat_note=Text("НДС не облагается.", "No VAT."),
    introduction=Text("Мы предлагаем.", "We offer."),
    closing=Text("С уверенностью.", "With confidence."),
    levels=tuple(replace(level, summary=Text("Коротко.", "In brief.")) for level in SOURCE_LEVELS),
    benefits=(
        benefit("a", retail=BenefitCell("retail", CellKind.NO), saas=on_request("saas")),
        benefit("b", retail=BenefitCell("retail", CellKind.PERCENT, percent=Decimal(3))),
    ),
    sections=(*SOURCE.sections, PRICES),
)


def other(value: Any) -> Any:
    """Another value of the same kind; a table without its last row."""
    match value:
        case bool():
            return not value
        case Enum():
            kinds = list(type(value))
            return kinds[(kinds.index(value) + 1) % len(kinds)]
        case Text():
            return Text(f"{value.ru} Иначе.", f"{value.en} Otherwise.")
        case tuple():
            return value[:-1]
        case date():
            return value + timedelta(days=1)
        case None:
            return Decimal(7)
        case str():
            return f"{value}x"
        case _:
            return value + 1


def changed(what: str) -> list[Terms]:
    """The full edition with another value at one place, for each place of this name."""
    standing = leaves(FULL)
    places = [place for place in standing if place.what == what]
    return [applied(FULL, [Change(place, standing[place], other(standing[place]))]) for place in places]


def test_each_place_of_an_edition_has_words_or_needs_none() -> None:
    """A field that is added to ``Terms`` fails here until somebody says how a reader is told that it changes."""
    assert set(every_place()) == set(SAYERS) | TEXTS | SILENT
    assert not set(SAYERS) & TEXTS
    assert not (set(SAYERS) | TEXTS) & SILENT
    assert set(SAYERS) >= OF_A_NEW_LEVEL


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("what", sorted(set(SAYERS) | TEXTS))
def test_whatever_changes_is_said(what: str, language: str) -> None:
    with override(language):
        found = [said_changes(FULL, terms) for terms in changed(what)]
    assert found
    assert any(found)
    for row in (row for each in found for row in each.rows):
        assert row.before != row.after
        assert row.label


def test_another_number_and_name_of_the_edition_are_no_change_of_the_terms() -> None:
    later = replace(FULL, edition=2, name=Text("Другая"), effective_from=date(2027, 1, 1))
    assert not said_changes(replace(FULL, effective_until=date(2026, 12, 31)), later)


# --- Rows ---


def with_level(slug: str, **changes: Any) -> Terms:
    return replace(
        FULL, levels=tuple(replace(level, **changes) if level.slug == slug else level for level in FULL.levels)
    )


def with_requirement(**changes: Any) -> Terms:
    first, *others = FULL.level("competency").requirements
    return with_level("competency", requirements=(replace(first, **changes), *others))


def without_the_first_requirement() -> Terms:
    return with_level("competency", requirements=FULL.level("competency").requirements[1:])


def with_bonus(**changes: Any) -> Terms:
    first, *others = FULL.bonuses
    return replace(FULL, bonuses=(replace(first, **changes), *others))


def with_a_chat() -> Terms:
    return replace(FULL, benefits=(*FULL.benefits, benefit("c", saas=on_request("saas", "по будням"))))


@pytest.mark.parametrize(
    ("after", "rows"),
    [
        (replace(FULL, ceiling=Decimal(43)),
         [("numbers", None, "Потолок скидки с бонусами", "40\u00a0%", "43\u00a0%")]),
        (with_level("competency", support_percent=None),
         [("numbers", "competency", "Техническая поддержка, от стоимости лицензий", "10\u00a0%", "по договорённости")]),
        (with_level("retail", may_implement=True), [("numbers", "retail", "Может внедрять сам", "нет", "да")]),
        (with_requirement(threshold=Decimal(3), strict=True),
         [("requirements", "competency", "certified_specialists", "не менее 2", "больше 3")]),
        (without_the_first_requirement(),
         [("requirements", "competency", "certified_specialists", "не менее 2", "нет")]),
        (with_a_chat(),
         [("benefits", "saas", "Преимущество c", "нет", "по будням")]),
        (replace(FULL, benefits=(*FULL.benefits, benefit("d", retail=BenefitCell("retail", CellKind.NO)))),
         [("benefits", None, "Преимущество d", "нет", "есть")]),
        (replace(FULL, bonuses=FULL.bonuses[1:]),
         [("bonuses", None, "reviews_share", "больше 75\u00a0%", "нет"),
          ("bonuses", "competency", "reviews_share", "+5\u00a0%", "нет"),
          ("bonuses", "saas", "reviews_share", "+5\u00a0%", "нет")]),
        (replace(FULL, benefits=FULL.benefits[::-1]),
         [("benefits", None, "Порядок преимуществ", "Преимущество a, Преимущество b",
           "Преимущество b, Преимущество a")]),
        (with_bonus(points={"retail": Decimal("2.5"), "competency": Decimal(5), "saas": None}),
         [("bonuses", "retail", "reviews_share", "нет", "+2,5\u00a0%"),
          ("bonuses", "saas", "reviews_share", "+5\u00a0%", "нет")]),
        (with_bonus(threshold=Decimal(60)),
         [("bonuses", None, "reviews_share", "больше 75\u00a0%", "больше 60\u00a0%")]),
        (replace(FULL, bonuses_until=None),
         [("bonuses", None, "Акция с бонусами действует по", "30\u00a0июня 2026\u00a0г.", "срок не назначен")]),
        (replace(FULL, levels=FULL.levels[:2]),
         [("numbers", "saas", "Уровень", "Уровень saas", "нет"),
          ("numbers", "saas", "Скидка на лицензии", "25\u00a0%", "нет")]),
    ],
    ids=["a number", "by agreement", "a right", "a threshold", "a requirement gone", "a benefit new",
         "a benefit of nobody", "a bonus gone", "another order", "points",
         "a bonus asks for less", "no last day", "a level gone"],
)  # fmt: skip
def test_a_change_is_said_with_its_level_old_and_new(after: Terms, rows: list[tuple[object, ...]]) -> None:
    found = said_changes(FULL, after)
    said = [(row.chapter.value, row.level, row.label, row.before, row.after) for row in found.rows]
    assert [row for row in said if row in rows] == rows
    assert len(said) == len(rows) or "Уровень" in {row[2] for row in rows}


def test_a_new_level_says_every_number_and_requirement_of_its_own() -> None:
    level = replace(make_level("bank", "33.5", 9), requirements=SOURCE_LEVELS[1].requirements[:1], may_implement=True)
    found = said_changes(FULL, replace(FULL, levels=(*FULL.levels, level))).touching("bank")
    said = {row.label: (row.before, row.after) for row in found.rows if row.level == "bank"}
    assert said["Уровень"] == ("нет", "Уровень bank")
    assert said["Скидка на лицензии"] == ("нет", "33,5\u00a0%")
    assert said["Может внедрять сам"] == ("нет", "да")
    assert said["certified_specialists"] == ("нет", "не менее 2")


def test_a_reading_is_said_by_its_sentence() -> None:
    after = replace(FULL, readings=replace(FULL.readings, grace_days=5))
    [row] = said_changes(FULL, after).rows
    assert (row.chapter, row.label) == (Chapter.READINGS, "A11. Год участия")
    assert "5 льготных дней" in row.after
    assert Kind.INSERTED in {piece.kind for piece in row.pieces}
    with override("en"):
        [row] = said_changes(FULL, after).rows
    assert row.language == "en"
    assert "5 days of grace" in row.after


# --- Texts ---


def with_clauses(change: Callable[[tuple[Clause, ...]], tuple[Clause, ...]]) -> Terms:
    own = replace(PRICES, clauses=change(PRICES.clauses))
    return replace(FULL, sections=(*SOURCE.sections, own))


def test_a_clause_is_said_word_by_word_in_the_readers_language() -> None:
    reworded = Text("Скидки действуют на новые версии.", "For new versions.")
    after = with_clauses(lambda rows: (replace(rows[0], text=reworded), rows[1]))
    [text] = said_changes(FULL, after).texts
    assert (text.fate, text.label, text.code) == (Fate.CHANGED, "Пункт 6.1", "R910")
    [version] = text.versions
    assert version.language == "ru"
    assert [(piece.kind.value, piece.text) for piece in version.pieces] == [
        ("kept", "Скидки действуют на "),
        ("deleted", "все"),
        ("inserted", "новые"),
        ("kept", " версии."),
    ]
    with override("en"):
        [text] = said_changes(FULL, after).texts
    assert [version.language for version in text.versions] == ["en"]
    [text] = said_changes(FULL, after, every_language=True).texts
    assert [version.language for version in text.versions] == ["ru", "en"]


def test_a_clause_that_changes_only_in_the_other_language_is_shown_in_that_one() -> None:
    after = with_clauses(lambda rows: (replace(rows[0], text=replace(rows[0].text, en="For each version.")), rows[1]))
    [text] = said_changes(FULL, after).texts
    assert [version.language for version in text.versions] == ["en"]


def test_a_clause_that_is_new_gone_or_only_renumbered() -> None:
    new = Clause("R900", "6.1", Text("Новый пункт.", "A new clause."), level="saas")
    after = with_clauses(lambda rows: (new, replace(rows[1], number="6.2")))
    found = said_changes(FULL, after)
    assert [(text.fate, text.code, text.level) for text in found.texts] == [
        (Fate.NEW, "R900", "saas"),
        (Fate.GONE, "R910", None),
    ]
    [renumbered] = found.renumbered
    assert (renumbered.code, renumbered.before, renumbered.after) == ("R911", "6.5", "6.2")
    assert found.text_count == 3
    assert [text.code for text in found.touching("retail").texts] == ["R910"]


def test_a_clause_that_plays_another_part_says_so() -> None:
    after = with_clauses(lambda rows: (replace(rows[0], topic=Topic.CEILING, level="saas", number="6.9"), rows[1]))
    [text] = said_changes(FULL, after).texts
    assert text.versions == ()
    assert text.notes == (
        "номер: 6.1 → 6.9",
        "уровень: нет → saas",
        "что регулирует: срок участия → потолок скидки и бонусов",
    )


def test_introduction_titles_and_closing_words_are_texts_too() -> None:
    titled = replace(PRICES, title=Text("Цены лицензий", "Prices of licences"))
    after = replace(
        FULL,
        introduction=Text("Мы предлагаем всем.", "We offer to all."),
        closing=Text(""),
        sections=(*SOURCE.sections, titled, Section(8, Text("Новый раздел", "New"), ())),
    )
    found = said_changes(FULL, after)
    assert [(text.fate, text.label) for text in found.texts] == [
        (Fate.CHANGED, "Вступление"),
        (Fate.CHANGED, "Раздел 6, заголовок"),
        (Fate.NEW, "Раздел 8, заголовок"),
        (Fate.GONE, "Заключение"),
    ]


# --- By chapter and level ---


def test_chapters_group_what_changes_by_level_everybodys_first() -> None:
    after = replace(with_level("saas", discount=Decimal(30)), ceiling=Decimal(43))
    [chapter] = said_changes(FULL, after).chapters
    assert (chapter.key, chapter.title, chapter.count) == ("numbers", "Числа и права", 2)
    assert [group.level.slug if group.level else None for group in chapter.groups] == [None, "saas"]


def test_what_touches_a_level_is_its_own_and_everybodys() -> None:
    after = replace(with_level("saas", discount=Decimal(30)), ceiling=Decimal(43))
    found = said_changes(FULL, after)
    assert [row.level for row in found.touching("saas").rows] == [None, "saas"]
    assert [row.level for row in found.touching("retail").rows] == [None]
    assert not said_changes(FULL, with_level("saas", discount=Decimal(30))).touching("retail")


def test_a_draft_that_lacks_a_number_is_compared_all_the_same() -> None:
    found = said_changes(FULL, with_level("saas", discount=None))
    assert SaidChange(Chapter.NUMBERS, "Скидка на лицензии", "25\u00a0%", "нет", "saas") in found.rows


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(whole_editions, whole_editions)
def test_whatever_two_editions_say_their_difference_can_be_said(one: Terms, other: Terms) -> None:
    found = said_changes(one, other, every_language=True)
    shown = [row for chapter in found.chapters for group in chapter.groups for row in group.rows]
    assert sorted(map(str, shown)) == sorted(map(str, found.rows))
    assert len(found.levelled_texts) == len(found.texts)


def test_rows_that_only_bring_a_place_along_are_said_once() -> None:
    place = Place("levels.requirements.threshold", ("competency", "certified_specialists"))
    strict = Place("levels.requirements.strict", place.rows)
    after = applied(FULL, [Change(place, Decimal(2), Decimal(4)), Change(strict, False, True)])
    assert len(said_changes(FULL, after).rows) == 1
