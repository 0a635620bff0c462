"""The register of readings: on the terms page and its PDF, by day, with history that nobody changes (A1-A12)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from program_pages.actions.readings import DECIDED, REOPENED, Overtaken, decide, reopen
from program_pages.demo import readings as shipped
from program_pages.models import Reading, ReadingAlternative, ReadingDecision
from program_pages.models.edition import programme_day
from program_pages.models.reading import values_of
from program_pages.paper import pdf_available
from program_pages.register import open_readings
from program_pages.rules.terms import Text
from tests.factories.readings import make_reading, opened_again
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

Get = Callable[..., BeautifulSoup]
ALL = [f"A{number}" for number in range(1, 13)]


def entry(page: BeautifulSoup, code: str) -> str:
    found = page.find(id=code.lower())
    assert found is not None
    return " ".join(found.get_text(" ").split())


# --- What ships ---


def test_a1_a12_ship_decided_in_both_languages() -> None:
    rows = Reading.objects.prefetch_related("alternatives", "decisions")

    assert [row.code for row in rows] == ALL
    assert open_readings(programme_day()) == ()
    for row in rows:
        assert row.decision_on(programme_day()) is not None
        assert row.source_ru, row.code
        assert row.source_en, row.code
        assert len(row.alternatives.all()) >= 2
        assert {each.value for each in row.alternatives.all()} <= {*values_of(row.setting), ""}


def test_what_ships_is_added_once_and_never_touched() -> None:
    opened_again("A9")
    Reading.objects.filter(code="A2").update(title_ru="Иначе")
    said: list[str] = []
    shipped.load(said.append, make_user())

    assert said == ["Readings: 0 added, 12 kept"]
    assert Reading.objects.get(code="A2").title_ru == "Иначе"
    assert [each.code for each in open_readings(programme_day())] == ["A9"]


# --- Decisions ---


def test_a_reading_is_decided_and_opened_again_with_its_history_and_audit() -> None:
    reading, actor = make_reading(), make_user()
    first, second = reading.alternatives.all()
    assert [each.code for each in open_readings(programme_day())] == ["A13"]

    decided = decide(reading=reading, alternative=second, reason=Text("Так"), actor=actor)
    assert (decided.text_ru, decided.authority_ru, decided.decided_by) == ("второе", "Совет программы", actor)
    assert open_readings(programme_day()) == ()
    reopen(reading=reading, reason=Text("Спросили"), actor=actor)
    assert [each.code for each in open_readings(programme_day())] == ["A13"]
    decide(reading=reading, alternative=first, actor=actor)

    assert [(row.number, row.kind, row.text_ru) for row in reading.decisions.all()] == [
        (1, "decided", "второе"),
        (2, "reopened", ""),
        (3, "decided", "первое"),
    ]
    logged = ModelLogEntry.objects.for_instance(reading).order_by("pk")
    assert [row.action for row in logged] == [DECIDED, REOPENED, DECIDED]


def test_what_somebody_else_has_decided_in_the_meantime_is_not_decided_again() -> None:
    reading, actor = make_reading(), make_user()
    first, second = reading.alternatives.all()
    decide(reading=reading, alternative=first, actor=actor)

    with pytest.raises(Overtaken):
        decide(reading=reading, alternative=second, actor=actor)
    with pytest.raises(Overtaken):
        reopen(reading=make_reading("A14"), reason=Text("Спросили"), actor=actor)
    assert reading.decisions.count() == 1


@pytest.mark.parametrize(
    "attempt",
    [
        lambda reading, actor: reopen(reading=reading, reason=Text("  "), actor=actor),
        lambda reading, actor: decide(
            reading=reading, alternative=ReadingAlternative.objects.filter(reading__code="A1")[0], actor=actor
        ),
        lambda reading, actor: decide(
            reading=reading,
            alternative=reading.alternatives.first(),
            actor=actor,
            day=programme_day() + timedelta(days=1),
        ),
        lambda reading, actor: decide(
            reading=reading,
            alternative=reading.alternatives.first(),
            actor=actor,
            day=reading.opened_on - timedelta(days=1),
        ),
    ],
    ids=["no reason", "another reading's", "a day to come", "before it was there"],
)
def test_a_decision_that_cannot_be_is_refused(attempt: Callable[[Reading, Any], object]) -> None:
    reading = make_reading()
    with pytest.raises(ValidationError):
        attempt(reading, make_user())
    assert not reading.decisions.exists()


def test_the_database_keeps_decisions_as_they_were_written() -> None:
    decision = ReadingDecision.objects.first()
    assert decision is not None
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        ReadingDecision.objects.filter(pk=decision.pk).update(text_ru="x")
    with pytest.raises(DatabaseError, match="immutable"), transaction.atomic():
        ReadingDecision.objects.filter(pk=decision.pk).delete()


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "decided", "text_ru": ""},
        {"kind": "reopened", "text_ru": "что-то", "reason_ru": "Спросили"},
        {"kind": "reopened", "reason_ru": ""},
        {"kind": "decided", "text_ru": "первое", "number": 1},
    ],
)
def test_the_database_refuses_half_a_decision(fields: dict[str, Any]) -> None:
    reading = Reading.objects.get(code="A1")
    given = {"number": 7, "authority_ru": "Совет", "authority_en": "Board", "decided_on": programme_day(), **fields}
    with pytest.raises(DatabaseError), transaction.atomic():
        ReadingDecision.objects.create(reading=reading, decided_by=make_user(), **given)


# --- What the public reads ---


def test_the_terms_say_the_sources_words_the_alternatives_and_the_decision(get: Get) -> None:
    russian, english = entry(get("/terms/"), "A9"), entry(get("/terms/", "en"), "A9")

    assert "10 % от стоимости проданных конечному клиенту Лицензий" in russian.replace("\xa0", " ")
    assert "От цены лицензий по прайс-листу." in russian
    assert "От того, что конечный клиент платит за лицензии после своей скидки. так решено" in russian
    assert "Решено 1 января 2026" in russian
    assert "Менеджер программы ASoft" in russian
    assert "Of what the end client pays for the licences after its discount. decided so" in english
    assert "ASoft programme manager" in english


def test_an_undecided_reading_is_marked_and_names_who_decides(get: Get) -> None:
    opened_again("A9")
    make_reading()
    page = get("/terms/")

    for code, authority in (("A9", "Менеджер программы ASoft"), ("A13", "Совет программы")):
        assert "не решено" in entry(page, code)
        assert f"Об этом ещё не решено. Решает: {authority}" in entry(page, code)
        assert "так решено" not in entry(page, code)
    assert "не решено" not in entry(page, "A2")
    assert "This is not yet decided. Decided by: The programme board" in entry(get("/terms/", "en"), "A13")


def test_what_was_decided_otherwise_than_the_edition_reads_is_said_to_come_with_the_next(get: Get) -> None:
    opened_again("A9", "A7")
    for code, value in (("A9", "list_price"), ("A7", "yes")):
        reading = Reading.objects.get(code=code)
        decide(reading=reading, alternative=reading.alternatives.get(value=value), actor=make_user())
    page = get("/terms/")

    assert "Эта редакция ещё читает иначе: решение войдёт в следующую." in entry(page, "A9")
    assert "читает иначе" not in entry(page, "A7")
    assert "читает иначе" not in entry(page, "A2")


def test_a_reading_of_words_alone_says_what_was_decided(get: Get) -> None:
    reading = make_reading()
    decide(reading=reading, alternative=reading.alternatives.all()[1], reason=Text("Почему-то"), actor=make_user())
    said = entry(get("/terms/"), "A13")

    assert "второе так решено" in said
    assert "Почему: Почему-то" in said


def test_the_terms_of_an_earlier_day_show_what_was_decided_then(get: Get) -> None:
    opened_again("A9")
    make_reading(opened_on=programme_day())
    yesterday = programme_day() - timedelta(days=1)
    page = get(f"/terms/?on={yesterday.isoformat()}")

    assert "не решено" not in entry(page, "A9")
    assert page.find(id="a13") is None
    assert "не решено" in entry(get("/terms/"), "A9")


def test_readings_that_the_register_lacks_are_stated_as_before(get: Get) -> None:
    with connection.cursor() as cursor:
        from program_pages import immutability

        immutability.lift()
        cursor.execute("DELETE FROM program_pages_readingdecision")
        cursor.execute("DELETE FROM program_pages_readingalternative")
        cursor.execute("DELETE FROM program_pages_reading")
    page = get("/terms/")

    assert "Скидка вместе с бонусами" in entry(page, "A2")
    assert page.find(id="readings").find("details") is None


@pytest.mark.skipif(not pdf_available(), reason="PDF cannot be made here")
def test_the_pdf_has_the_register_too(client: Client) -> None:
    opened_again("A9")
    pages = PdfReader(io.BytesIO(client.get("/terms/pdf/").content)).pages
    text = " ".join("".join(page.extract_text() for page in pages).split())

    assert "Об этом ещё не решено" in text
    assert "Слова источника" in text


def test_the_number_of_queries_does_not_grow_with_the_register(client: Client) -> None:
    def queries() -> int:
        client.get("/terms/")
        with CaptureQueriesContext(connection) as found:
            client.get("/terms/")
        return len(found)

    before = queries()
    for number in range(13, 20):
        make_reading(f"A{number}")
    opened_again("A1", "A2", "A3")

    assert queries() == before
