"""Quotes by JSON: the right numbers, defaults that are said, and a problem that names the field for everything else."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from program_pages import kept
from program_pages.api.quotes import QuoteOut
from program_pages.models import CalculatorPage, Price
from program_pages.models.edition import programme_day
from program_pages.rules.deal import MAX_LINES
from tests.factories.catalogue import make_price, make_product
from tests.factories.editions import publish_edition

from .deals import FULL, URL, deal, link_of, post

pytestmark = pytest.mark.django_db

every_example = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def line(answer: dict[str, Any], key: str) -> dict[str, Any]:
    """The line of an answer with a key."""
    (found,) = [item for item in answer["lines"] if item["key"] == key]
    return dict(found)


# --- Numbers ---


def test_r50_the_partners_discount_is_taken_from_the_clients_price(client: Client) -> None:
    answer = post(client, deal(("asoft-crm", 1, "100000"), client_discount="15"))

    assert answer["totals"]["client_total"] == "85000.00"
    assert answer["totals"]["partner_pays"] == "68000.00"
    assert line(answer, "licences:asoft-crm") == {
        "key": "licences:asoft-crm",
        "section": "licences",
        "label": "ASoft CRM",
        "kind": "exact",
        "status": None,
        "amount": "68000.00",
        "low": None,
        "high": None,
        "base": "85000.00",
        "percent": "20.00",
        "clause": "R50",
        "explanation": line(answer, "licences:asoft-crm")["explanation"],
    }


def test_every_total_of_a_deal_with_everything(client: Client) -> None:
    """10 × 12 000 − 15 % = 102 000; − 20 % = 81 600; bonuses 5 + 10 + 2.5 + 2.5 reach the ceiling (R75);
    20 % of 102 000 next time; income 20 400 + half of 20 400 for updates + 500 000 + a tenth of 200 000."""
    assert post(client, FULL)["totals"] == {
        "list_total": "120000.00",
        "client_total": "102000.00",
        "partner_pays": "81600.00",
        "partner_margin": "20400.00",
        "discount_points": "20.00",
        "bonus_points": "20.00",
        "combined_points": "40.00",
        "cut_points": "0.00",
        "next_sale_bonus_value": "20400.00",
        "partner_income": "550600.00",
    }


def test_what_is_left_out_is_todays_and_the_lists(client: Client) -> None:
    answer = post(client, deal(("asoft-crm", 2)))
    price = Price.objects.get(product__slug="asoft-crm").list_price

    assert answer["totals"]["list_total"] == str(price * 2)
    assert answer["on"] == programme_day().isoformat()
    assert answer["totals"]["bonus_points"] == "0.00"
    assert {item["section"] for item in answer["lines"]} == {
        "licences",
        "bonus",
        "updates",
        "support",
        "extended_support",
        "own_use",
    }


@pytest.mark.parametrize(
    ("level", "kinds"),
    [
        (
            "retail",
            {"updates_share": "not_available", "support": "by_agreement", "own_implementation": "not_available"},
        ),
        ("competency", {"updates_share": "range", "support": "exact", "own_implementation": "exact"}),
        ("saas", {"updates_share": "not_available", "support": "by_agreement", "own_implementation": "exact"}),
    ],
)
def test_each_level_has_its_own_kinds_of_numbers(client: Client, level: str, kinds: dict[str, str]) -> None:
    """R22, R33, R51, R52, R65, A4."""
    answer = post(client, deal(level=level, own_implementation="1000"))

    assert {key: line(answer, key)["kind"] for key in kinds} == kinds


def test_only_the_sections_asked_for_are_computed(client: Client) -> None:
    answer = post(client, deal(sections=["licences", "support"]))

    assert [item["key"] for item in answer["lines"]] == ["licences:asoft-crm", "support"]


def test_r35_r40_renting_out_is_planned_month_by_month(client: Client) -> None:
    """Module 59 000 and 30 × 10 000, each less 25 %; support 30 % of 225 000; 30 × 2 000 a month."""
    rental = {"seats": 30, "monthly_fee": "2000", "months": 24}
    answer = post(client, deal(("asoft-crm", 1, "10000"), level="saas", rental=rental))
    plan = answer["rental"]

    assert line(answer, "rental_module")["amount"] == "44250.00"
    assert line(answer, "rental_licences")["amount"] == "225000.00"
    assert line(answer, "rental_support")["amount"] == "67500.00"
    assert plan["first_year_cost"] == "336750.00"
    assert plan["break_even_month"] == 6  # 5 × 60 000 is less, 6 × 60 000 more
    assert [plan["months"][month - 1]["balance"] for month in (5, 6, 12, 13)] == [
        "-36750.00",
        "23250.00",
        "383250.00",
        "375750.00",  # a year's support again, and a month's fees
    ]
    assert plan["result"] == plan["months"][-1]["balance"]


def test_numbers_are_read_in_both_writings_and_as_json_numbers(client: Client) -> None:
    writings = ["12000.50", "12 000,50", "12,000.50", 12000.50]
    totals = [post(client, deal(("asoft-crm", 1, price)))["totals"] for price in writings]

    assert totals[0]["list_total"] == "12000.50"
    assert all(each == totals[0] for each in totals)


def test_texts_are_in_the_readers_language_and_numbers_the_same(client: Client) -> None:
    russian, english = post(client, FULL), post(client, FULL, "en")

    assert re.search("[а-я]", russian["lines"][0]["explanation"])
    assert not any(re.search("[а-яА-Я]", item["explanation"] + item["label"]) for item in english["lines"])
    assert russian["totals"] == english["totals"]
    assert "/en/calculator/?" in english["permalink"]


def test_the_answer_is_what_the_documentation_says(client: Client) -> None:
    answer = post(client, FULL | {"level": "saas", "updates_share": None})

    assert QuoteOut.model_validate(answer).model_dump() == answer
    documented = client.get("/api/v1/openapi.json").json()
    assert set(documented["paths"][URL]) == {"get", "post"}
    keys = documented["components"]["schemas"]["LineOut"]["properties"]["key"]["description"]
    assert all(item["key"].split(":")[0] in keys for item in answer["lines"])


def test_a_sample_price_is_said_to_be_one_until_it_is_replaced(client: Client) -> None:
    """A12; a price that was agreed is nobody's sample."""
    assert post(client, deal(("asoft-crm", 1)))["sample_prices"] is True
    assert post(client, deal(("asoft-crm", 1, "5000")))["sample_prices"] is False

    Price.objects.update(is_sample=False)

    assert post(client, deal(("asoft-crm", 1)))["sample_prices"] is False


# --- Editions and links ---


def test_another_edition_changes_the_quote_from_its_day_on(client: Client) -> None:
    tomorrow = programme_day() + timedelta(days=1)
    publish_edition(effective_from=tomorrow, discounts={"competency": "22"})

    assert post(client, deal())["totals"]["discount_points"] == "20.00"
    assert post(client, deal(on=tomorrow.isoformat()))["totals"]["discount_points"] == "22.00"


def test_a_permalink_gives_the_same_answer_by_get_even_after_terms_and_prices_changed(client: Client) -> None:
    answer = post(client, FULL)
    query = link_of(answer).partition("?")[2]
    publish_edition(discounts={"competency": "22"}, ceiling="43")
    Price.objects.update(list_price=1, minimum_price=1)

    again = client.get(f"{URL}?{query}").json()

    assert again["totals"] == answer["totals"]
    assert again["lines"] == answer["lines"]
    assert again["permalink"] == answer["permalink"]
    assert post(client, FULL)["totals"]["discount_points"] == "22.00"


def test_without_a_calculator_page_there_is_no_permalink(client: Client) -> None:
    CalculatorPage.objects.all().update(live=False)

    assert post(client, deal())["permalink"] is None


# --- What is refused ---


@pytest.mark.parametrize(
    ("asked", "field", "said"),
    [
        ({}, "level", "обязательно"),
        ({"level": "retail"}, "lines", "обязательно"),
        (deal() | {"lines": []}, "lines", "хотя бы один"),
        (deal() | {"lines": deal()["lines"] * 10_000}, "lines", str(MAX_LINES)),
        (deal(level="platinum"), "level", "retail, competency, saas"),
        (deal(("no-such", 1)), "lines.0.product", "asoft-crm-lite"),
        (deal(("", 1)), "lines.0.product", "Выберите"),
        (deal(("asoft-crm", 0)), "lines.0.quantity", "Не меньше 1"),
        (deal(("asoft-crm", -5)), "lines.0.quantity", "Не меньше 1"),
        (deal(("asoft-crm", 2.5)), "lines.0.quantity", "целое"),
        (deal(("asoft-crm", True)), "lines.0.quantity", "не подходит"),
        (deal(("asoft-crm", 10**9)), "lines.0.quantity", "Не больше"),
        (deal(("asoft-crm", 1), ("asoft-crm", 1, "-1")), "lines.1.unit_price", "Не меньше 0"),
        (deal(("asoft-crm", 1, 10**15)), "lines.0.unit_price", "Не больше"),
        (deal(("asoft-crm", 1, "NaN")), "lines.0.unit_price", "Нужно число"),
        (deal(("asoft-crm", 1, "1.005")), "lines.0.unit_price", "двух знаков"),
        (deal(client_discount="101 %"), "client_discount", "Не больше 100"),
        (deal(client_discount="-1"), "client_discount", "Не меньше 0"),
        (deal(agreed_discount="101"), "agreed_discount", "Не больше 100"),
        (deal(updates_share="51"), "updates_share", "Не больше 50"),
        (deal(bonus={"reviews_share": "101"}), "bonus.reviews_share", "Не больше 100"),
        (deal(bonus={"reviews_share": "12/10"}), "bonus.reviews_share", "Отзывов больше"),
        (deal(bonus={"plan": "broken"}), "bonus.plan", "none, agreed, met"),
        (deal(bonus={"events": "often"}), "bonus.events", "hosted"),
        (deal(bonus={"extra_specialists": -1}), "bonus.extra_specialists", "Не меньше 0"),
        (deal(bonus={"confirmed": ["nothing"]}), "bonus.confirmed", "Такого бонуса"),
        (deal(bonus={"credit": "1e3"}), "bonus.credit", "Нужно число"),
        (deal(own_implementation="1" + "0" * 15), "own_implementation", "Не больше"),
        (deal(rental={"seats": 0, "monthly_fee": "1"}), "rental.seats", "Не меньше 1"),
        (deal(rental={"seats": 1, "monthly_fee": "x"}), "rental.monthly_fee", "Нужно число"),
        (deal(rental={"seats": 1, "monthly_fee": "1", "months": 121}), "rental.months", "Не больше 120"),
        (deal(rental={"seats": 1, "monthly_fee": "1", "product": "zzz"}), "rental.product", "нет цены"),
        (deal(sections=["licences", "jokes"]), "sections", "jokes"),
        (deal(on="tomorrow"), "on", "ГГГГ-ММ-ДД"),
        (deal(on="1999-01-01"), "on", "ни одной редакции"),
        (deal(client_discont="15"), "client_discont", "Такого поля нет"),
        ([], None, "не подходит"),
    ],
)
def test_bad_input_names_its_field_in_the_readers_language(client: Client, asked: Any, field: str, said: str) -> None:
    problem = post(client, asked, status=422)

    assert problem["field"] == field
    assert said in problem["detail"].replace("\u00a0", " ")
    english = post(client, asked, "en", status=422)
    assert english["field"] == field
    assert not re.search("[а-яА-Я]", english["detail"])


def test_everything_that_is_wrong_is_said_at_once(client: Client) -> None:
    problem = post(client, deal(("zzz", 0, "x"), client_discount="101", level="nobody"), status=422)

    assert set(problem["errors"]) == {
        "level",
        "lines.0.product",
        "lines.0.quantity",
        "lines.0.unit_price",
        "client_discount",
    }


@pytest.mark.parametrize("body", ["{", "", "\x00", '{"level": }', "[" * 5_000])
def test_a_body_that_is_no_json_is_a_problem_too(client: Client, body: str) -> None:
    response = client.post(URL, body, content_type="application/json")

    assert response.status_code in {400, 422}
    assert response["Content-Type"].startswith("application/problem+json")


@pytest.mark.parametrize("edition", ["0", "-1", "x", "9" * 30])
def test_an_edition_that_does_not_exist_is_a_problem_of_that_field(client: Client, edition: str) -> None:
    response = client.get(URL, {"level": "retail", "line": "asoft-crm:1", "edition": edition})

    assert response.status_code == 422
    assert response.json()["field"] == "edition"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*FULL, "x"]), inner, max_size=4),
    max_leaves=8,
)


@every_example
@given(changes=st.dictionaries(st.sampled_from([*FULL, "on", "sections", "agreed_discount"]), json_values, max_size=3))
def test_no_json_is_a_500(client: Client, changes: dict[str, Any]) -> None:
    body = json.dumps(FULL | changes)

    response = client.post(URL, body, content_type="application/json")

    assert response.status_code in {200, 400, 422}, body


@every_example
@given(st.text(max_size=80))
def test_no_query_is_a_500(client: Client, text: str) -> None:
    for name in ("line", "rent", "on", "reviews", "show", "edition", "level"):
        response = client.get(URL, {"level": "saas", "line": "asoft-crm:1", name: text})

        assert response.status_code in {200, 422}


# --- Work done ---


def test_the_number_of_queries_does_not_grow_with_the_products(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            post(client, FULL)
        return len(captured)

    queries()
    before = queries()
    for _number in range(60):
        make_price(make_product())

    assert queries() == before <= 9


def test_a_process_keeps_its_ground_for_a_moment_and_no_longer(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.GROUND_SECONDS = 60
    monkeypatch.setattr(kept, "_kept", {})
    first = post(client, deal())
    Price.objects.update(list_price=1, minimum_price=None)
    with CaptureQueriesContext(connection) as captured:
        assert post(client, deal())["totals"] == first["totals"]
    assert len(captured) == 0

    monkeypatch.setattr(kept, "monotonic", lambda: float("inf"))

    assert post(client, deal())["totals"]["list_total"] == "10.00"
