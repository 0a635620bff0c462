"""Golden cases in the admin: entered, taken from a calculator's link, filled in from the draft, then confirmed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from program_pages.demo.programme import programme_data
from program_pages.models import GoldenCase, TermsEdition
from tests.admin.conftest import Url
from tests.admin.forms import Data, opened, prefix_of, said
from tests.admin.test_editions import add_row, latest, send
from tests.factories.editions import draft_edition

SHIPPED = programme_data()["edition"]["cases"]
KEYS = {row["key"] for row in SHIPPED}
WORDS = {"title_ru": "Пример", "title_en": "Example", "explanation_ru": "От руки", "explanation_en": "By hand"}
REQUEST = {
    "level": "retail",
    "lines": [{"product": "asoft-crm", "quantity": 10, "list_price": "12000.00"}],
    "sections": ["licences"],
}
EXPECTED = {"totals": {"partner_pays": "108000.00"}}


@pytest.fixture
def with_cases() -> TermsEdition:
    """A draft with the shipped cases."""
    return draft_edition(effective_from=None, cases=SHIPPED, name={"ru": "С примерами", "en": "With examples"})


def add_case(data: Data, **values: Any) -> str:
    """A case's row as an editor fills it in; JSON may be given as it is."""
    values = {name: json.dumps(value) if isinstance(value, dict) else value for name, value in values.items()}
    return add_row(data, "cases", **{"key": "own", **WORDS, **values})


def case(edition: TermsEdition, key: str = "own") -> GoldenCase:
    (found,) = [row for row in latest(edition).cases.all() if row.key == key]
    return found


def test_an_untouched_form_keeps_every_case(admin: Client, with_cases: TermsEdition, url: Url) -> None:
    before = [(row.key, row.request, row.expected, row.confirmed) for row in latest(with_cases).cases.all()]
    address = url("termsedition", "edit", with_cases.pk)
    send(admin, address, opened(admin, address))

    assert [(row.key, row.request, row.expected, row.confirmed) for row in latest(with_cases).cases.all()] == before
    assert {row[0] for row in before} == KEYS


def test_a_case_is_entered_as_json(admin: Client, draft: TermsEdition, url: Url) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    add_case(data, request=REQUEST, expected=EXPECTED, clauses="R15, A10", confirmed="on")
    send(admin, address, data)

    assert (case(draft).request, case(draft).expected, case(draft).codes) == (REQUEST, EXPECTED, ["R15", "A10"])


BAD_ROWS: list[tuple[Data, str]] = [
    ({"request": "{", "expected": EXPECTED}, "JSON"),
    ({"request": {"level": "retail"}, "expected": EXPECTED}, "lines: это поле обязательно."),
    ({"request": REQUEST | {"vat": 1}, "expected": EXPECTED}, "vat: такого поля нет."),
    (
        {"request": {"level": "retail", "lines": [{"product": "x", "quantity": 1}]}, "expected": EXPECTED},
        "lines.0.list_price: это поле обязательно.",
    ),
    ({"request": REQUEST | {"client_discount": "1,5"}, "expected": EXPECTED}, "client_discount: в примере число"),
    ({"request": REQUEST, "expected": {"totals": {"partner_pays": "108 000"}}}, "с двумя знаками после точки"),
    ({"request": REQUEST, "expected": {"lines": [{"amount": "1.00"}]}}, "lines.0.key: это поле обязательно."),
    ({"request": REQUEST}, "Назовите ожидаемое или посчитайте его по черновику."),
    ({"expected": EXPECTED}, "Нужен запрос или ссылка калькулятора."),
    ({"link": "https://example.org/", "fill": "on"}, "Это не ссылка на расчёт"),
    ({"request": REQUEST, "expected": EXPECTED, "clauses": "пункт 5"}, "Коды пунктов и прочтений"),
]
NOT_COMPUTED: list[tuple[Data, str]] = [
    ({"link": "?v=1&level=gold&line=asoft-crm:1"}, "Такого уровня в этой редакции нет."),
    ({"request": REQUEST | {"client_discount": "101"}, "fill": "on"}, "Не больше 100."),
]


@pytest.mark.parametrize("rows", [BAD_ROWS, NOT_COMPUTED], ids=["shape", "computing"])
def test_a_wrong_case_is_refused_beside_its_field(
    admin: Client, draft: TermsEdition, url: Url, rows: list[tuple[Data, str]]
) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    for number, (values, _sentence) in enumerate(rows):
        add_case(data, **{"key": f"own-{number}", **values})
    answer = said(send(admin, address, data))

    assert [sentence for _values, sentence in rows if sentence not in answer] == []
    assert not latest(draft).cases.all()


def test_a_calculators_link_becomes_a_case_that_a_human_must_confirm(
    admin: Client, draft: TermsEdition, url: Url
) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    link = "https://example.org/calculator/?v=1&level=competency&line=asoft-crm:10&discount=15&show=licences"
    add_case(data, link=link, confirmed="on")
    send(admin, address, data)
    found = case(draft)

    assert found.request["lines"] == [
        {"product": "asoft-crm", "quantity": 10, "list_price": "24900", "minimum_price": "17400"}
    ]
    assert "on" not in found.request
    assert found.expected["totals"]["client_total"] == "211650.00"  # 249 000 − 15 %
    assert found.expected["totals"]["partner_pays"] == "169320.00"  # and − 20 %
    assert not found.confirmed, "whoever takes the machine's numbers has yet to look at them"
    assert "человек его ещё не проверил" in said(send(admin, address, opened(admin, address), "submit"))

    confirmed = opened(admin, address)
    confirmed[f"{prefix_of(confirmed, 'cases', 'key', 'own')}-confirmed"] = "on"
    assert "не проверил" not in said(send(admin, address, confirmed, "submit", follow=True))
    assert latest(draft).current_workflow_state is not None


def test_what_is_expected_is_computed_from_the_draft_as_it_is_typed(
    admin: Client, draft: TermsEdition, url: Url
) -> None:
    address = url("termsedition", "edit", draft.pk)
    data = opened(admin, address)
    retail = next(row for row in latest(draft).level_terms.all() if row.level.slug == "retail")
    data[f"{prefix_of(data, 'level_terms', 'summary_ru', retail.summary_ru)}-discount"] = "11"
    add_case(data, request=REQUEST, fill="on")
    send(admin, address, data)

    assert case(draft).expected["totals"]["partner_pays"] == "106800.00"  # 120 000 − 11 %


def test_r83_a_number_that_breaks_a_case_is_refused_at_submission_with_both_numbers(
    admin: Client, with_cases: TermsEdition, url: Url
) -> None:
    address = url("termsedition", "edit", with_cases.pk)
    data = opened(admin, address)
    retail = next(row for row in latest(with_cases).level_terms.all() if row.level.slug == "retail")
    data[f"{prefix_of(data, 'level_terms', 'summary_ru', retail.summary_ru)}-discount"] = "11"
    answer = said(send(admin, address, data, "submit"))

    assert "пример «Retail: скидка уровня» не сходится." in answer
    assert "totals.partner_pays: ожидается 108000.00, посчитано 106800.00" in answer
    assert with_cases.current_workflow_state is None
