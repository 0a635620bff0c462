"""A calculation under an undecided reading shows how far it moves the numbers, who decides, and where to read of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.factories.catalogue import make_price, make_product
from tests.factories.editions import publish_edition
from tests.factories.readings import make_reading, opened_again

from .deals import URL, deal, post

pytestmark = pytest.mark.django_db

Get = Callable[..., BeautifulSoup]
DEAL: dict[str, Any] = deal(("asoft-crm", 1, "100000"), client_discount="15", sections=["licences", "support"])
QUERY = "v=1&level=competency&line=asoft-crm:1:100000&discount=15&show=licences,support"


def test_a9_undecided_is_a_range_with_who_decides_and_a_link(client: Client) -> None:
    """Support is 10 % of 85 000 or of 100 000."""
    plain = post(client, DEAL)
    opened_again("A9")
    answer = post(client, DEAL)

    assert plain["undecided"] is None
    assert answer["undecided"] == {
        "readings": [
            {
                "code": "A9",
                "title": "От чего считаются поддержка и обновления",
                "decided_by": "Менеджер программы ASoft",
                "url": "http://testserver/terms/#a9",
            }
        ],
        "totals": {},
        "lines": {"support": {"low": "8500.00", "high": "10000.00"}},
        "complete": True,
    }
    assert {**answer, "undecided": None} == plain, "the edition's own numbers stay where they were"


def test_the_reading_speaks_the_readers_language(client: Client) -> None:
    opened_again("A9")
    (reading,) = post(client, DEAL, "en")["undecided"]["readings"]

    assert (reading["title"], reading["decided_by"]) == (
        "What support and updates are a part of",
        "ASoft programme manager",
    )
    assert reading["url"] == "http://testserver/en/terms/#a9"


@pytest.mark.parametrize("code", ["A1", "A2", "A3", "A4", "A5", "A7", "A12"])
def test_a_reading_that_does_not_touch_this_deal_changes_nothing(client: Client, code: str) -> None:
    plain = post(client, DEAL)
    opened_again(code)
    make_reading()

    assert post(client, DEAL) == plain


def test_several_readings_are_combined(client: Client) -> None:
    """The income: 20 000 of 100 000 less 15 %, that is 17 000; of updates nothing, or half of 20 % of 100 000."""
    opened_again("A4", "A9")
    answer = post(client, DEAL | {"sections": ["updates"]})

    assert [each["code"] for each in answer["undecided"]["readings"]] == ["A4", "A9"]
    assert answer["undecided"]["lines"]["updates_share"] == {"low": "0.00", "high": "10000.00"}
    assert answer["undecided"]["totals"]["partner_income"] == {"low": "17000.00", "high": "27000.00"}


def test_what_was_decided_on_the_day_of_a_calculation_stays_decided_for_it(client: Client) -> None:
    opened_again("A9")
    yesterday = (programme_day() - timedelta(days=1)).isoformat()

    assert post(client, DEAL | {"on": yesterday})["undecided"] is None
    assert post(client, DEAL)["undecided"] is not None


def test_an_edition_that_reads_otherwise_has_the_same_range(client: Client) -> None:
    opened_again("A9")
    publish_edition(effective_from=programme_day(), services_base="list_price")
    assert TermsEdition.objects.published().count() == 2
    answer = post(client, DEAL)

    (support,) = [line for line in answer["lines"] if line["key"] == "support"]
    assert Decimal(support["amount"]) == 10000
    assert answer["undecided"]["lines"]["support"] == {"low": "8500.00", "high": "10000.00"}


# --- Pages and papers ---


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "ru",
            (
                "Эти числа зависят от того, о чём ещё не решено",
                "решает: Менеджер программы ASoft",
                "от 8 500 ₽ до 10 000 ₽",
            ),
        ),
        ("en", ("These numbers depend on what is not yet decided", "decided by: ASoft programme manager", "₽8,500")),
    ],
)
def test_the_page_shows_the_range_and_who_decides(get: Get, language: str, sentences: tuple[str, ...]) -> None:
    address = f"/calculator/?{QUERY}"
    assert get(address, language).find(class_="quote-undecided") is None
    opened_again("A9")
    shown = get(address, language).find(class_="quote-undecided")
    said = " ".join(shown.get_text(" ").replace("\xa0", " ").split())

    assert [sentence for sentence in sentences if sentence not in said] == []
    assert shown.find("a")["href"].endswith("/terms/#a9")


def test_a_first_quote_on_a_levels_page_shows_it_as_well(get: Get) -> None:
    """100.25 less 10 % is 90.225: half a kopeck."""
    opened_again("A10")
    make_price(make_product(slug="half"), list_price=Decimal("100.25"))
    asked = "?product=half&quantity=1&client_discount=10"
    shown = get(f"/levels/competency/{asked}").find(class_="quote-undecided")

    assert "A10. Деньги" in shown.get_text()
    assert "от 90,22 ₽ до 90,23 ₽" in shown.get_text().replace("\xa0", " ")


def test_the_papers_say_it_too(client: Client) -> None:
    opened_again("A9")
    for kind in ("csv", "text"):
        said = client.get(f"/calculator/{kind}/?{QUERY}").content.decode().replace("\xa0", " ")
        assert "Не решено: A9" in said
        assert "Решает: Менеджер программы ASoft" in said
        assert "от 8 500 ₽ до 10 000 ₽" in said


def test_a_calculation_asks_a_constant_number_of_questions_more(client: Client) -> None:
    def queries() -> int:
        client.get(f"{URL}?{QUERY}")
        with CaptureQueriesContext(connection) as found:
            client.get(f"{URL}?{QUERY}")
        return len(found)

    decided = queries()
    opened_again("A9")
    one = queries()
    opened_again("A1", "A2", "A3", "A4", "A10")
    make_reading()

    assert decided < one == queries() <= decided + 3
