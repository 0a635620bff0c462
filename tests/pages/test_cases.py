"""Golden cases: an edition that does not compute them is not published, and partners find them with their schema."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from program_pages.actions.editions import copy_edition
from program_pages.calculator.case_json import validate_expected, validate_request
from program_pages.cases import mismatches
from program_pages.demo.programme import programme_data
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from program_pages.rules import money
from program_pages.rules.terms import Rounding
from program_pages.terms import terms_on
from tests.factories.editions import Data, draft_edition, publish_edition
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

URL, SCHEMA = "/api/v1/programme/cases/", "/api/v1/programme/cases/schema/"
SHIPPED: list[Data] = programme_data()["edition"]["cases"]
BY_KEY = {row["key"]: row for row in SHIPPED}


def in_force() -> TermsEdition:
    edition = TermsEdition.objects.in_force(programme_day())
    assert edition is not None
    return edition


# --- The shipped programme ---


@pytest.mark.parametrize("key", list(BY_KEY))
def test_every_shipped_case_holds(key: str) -> None:
    """Worked by hand from the rules it cites; when code changes, this is what must not."""
    row = BY_KEY[key]
    validate_request(row["request"])
    validate_expected(row["expected"])

    assert mismatches(row["request"], row["expected"], terms_on(programme_day())) == []


def test_the_shipped_cases_work_out_the_rules_of_a_deal_and_the_readings_that_move_it() -> None:
    cited = {code for row in SHIPPED for code in row["clauses"].split(", ")}

    assert len(SHIPPED) >= 12
    assert cited >= {"A1", "A2", "A3", "A4", "A9", "A10"}
    assert cited >= {"R15", "R25", "R35", "R22", "R33", "R47", "R48", "R50", "R51", "R52", "R53", "R54", "R65", "R66"}
    assert cited >= {"R71", "R72", "R73", "R74", "R75", "R77", "R38", "R39", "R40"}


# --- What does not hold is not published ---


def broken(key: str, change: Any) -> list[Data]:
    """The shipped cases, one of them changed."""
    cases = deepcopy(SHIPPED)
    change(next(row for row in cases if row["key"] == key))
    return cases


def total(row: Data, name: str, value: str) -> None:
    row["expected"]["totals"][name] = value


def other_day(row: Data) -> None:
    row["request"]["on"] = "2020-01-01"


@pytest.mark.parametrize(
    ("key", "change", "sentence"),
    [
        (
            "retail-discount",
            lambda row: total(row, "partner_pays", "108000.01"),
            "пример «Retail: скидка уровня» не сходится."
            " totals.partner_pays: ожидается 108000.01, посчитано 108000.00.",
        ),
        (
            "support-by-agreement",
            lambda row: row["expected"]["lines"][0].update(amount="0.00"),
            "support.amount: ожидается 0.00, посчитано —.",
        ),
        (
            "bonus-cut",
            lambda row: row["expected"]["lines"].append({"key": "updates"}),
            "updates: ожидается такая строка, посчитано её нет",
        ),
        ("rental", lambda row: row["expected"]["rental"].update(break_even_month=5), "break_even_month: ожидается 5"),
        (
            "every-bonus",
            lambda row: row["expected"].update(bonus_licences={"asoft-crm": 1}),
            "bonus_licences: ожидается asoft-crm 1, посчитано asoft-crm 0.",
        ),
        ("retail-discount", lambda row: row.update(clauses="R15, R999"), "ссылается на пункт R999, которого нет."),
        ("retail-discount", lambda row: row.update(confirmed=False), "человек его ещё не проверил."),
        ("retail-discount", lambda row: row["request"].update(level="gold"), "Такого уровня в этой редакции нет."),
        ("retail-discount", lambda row: row["title"].update(en=""), "нет английского текста."),
        ("retail-discount", other_day, "раньше, чем начинает действовать редакция."),
    ],
)
def test_r83_an_edition_with_a_case_that_does_not_hold_is_not_published(key: str, change: Any, sentence: str) -> None:
    edition = draft_edition(effective_from=programme_day() + timedelta(days=400), cases=broken(key, change))
    with pytest.raises(ValidationError) as refused:
        edition.get_latest_revision().publish(user=make_user(), skip_permission_checks=True)

    assert sentence in " ".join(refused.value.messages)
    assert not TermsEdition.objects.get(pk=edition.pk).live


def test_r83_another_number_of_the_edition_is_refused_by_the_cases_it_breaks() -> None:
    with pytest.raises(ValidationError) as refused:
        publish_edition(effective_from=programme_day() + timedelta(days=400), ceiling="45", cases=SHIPPED)

    failed = [message for message in refused.value.messages if "не сходится" in message]
    assert {title for title in ("Потолок срезает бонус", "Потолок срезает и саму скидку") if title in str(failed)}
    assert len(failed) == 2


def test_a_copy_brings_the_cases_along_and_they_hold_on_its_own_days() -> None:
    copied = copy_edition(edition=in_force(), actor=make_user())

    rows = [(row.key, row.request, row.expected, row.confirmed) for row in in_force().cases.all()]
    assert [(row.key, row.request, row.expected, row.confirmed) for row in copied.cases.all()] == rows
    copied.get_latest_revision().publish(user=make_user(), skip_permission_checks=True)
    assert TermsEdition.objects.get(pk=copied.pk).cases.count() == len(SHIPPED)


def test_the_command_passes_editions_whose_cases_hold_and_names_what_code_has_changed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = StringIO()
    call_command("check_cases", stdout=said)
    assert f"{len(SHIPPED)} of {len(SHIPPED)} cases hold" in said.getvalue()

    monkeypatch.setitem(money._MODES, Rounding.HALF_UP, money._MODES[Rounding.HALF_EVEN])  # as a mistake would
    with pytest.raises(CommandError) as failed:
        call_command("check_cases", stdout=StringIO())
    assert "rounding-half-up: totals.client_total: ожидается 90.23, посчитано 90.22" in str(failed.value).replace(
        "rounding-half-up: licences:asoft-crm.base: ожидается 90.23, посчитано 90.22; ", "rounding-half-up: "
    )
    assert "retail-discount" not in str(failed.value)


# --- The API ---


def test_the_published_cases_keep_to_their_published_schema(client: Client) -> None:
    schema, document = client.get(SCHEMA).json(), client.get(URL).json()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)

    assert schema["$id"] == document["$schema"] == f"http://testserver{SCHEMA}"
    assert list(validator.iter_errors(document)) == []
    for spoil in (
        lambda case: case["request"].pop("on"),
        lambda case: case["request"]["lines"][0].pop("list_price"),
        lambda case: case["expected"]["totals"].update(partner_pays="108 000"),
        lambda case: case["expected"].update(vat="1.00"),
        lambda case: case.pop("key"),
    ):
        spoilt = deepcopy(document)
        spoil(spoilt["cases"][0])
        assert not validator.is_valid(spoilt)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_a_case_sent_to_the_quotes_as_it_is_comes_to_what_it_expects(client: Client, language: str) -> None:
    """What an ERP does, done by the site itself."""
    document = client.get(URL, headers={"accept-language": language}).json()
    assert len(document["cases"]) == len(SHIPPED)
    for case in document["cases"]:
        answer = client.post(
            "/api/v1/quotes/",
            json.dumps(case["request"]),
            content_type="application/json",
            headers={"accept-language": language},
        ).json()
        lines = {line["key"]: line for line in answer["lines"]}
        for line in case["expected"].get("lines", []):
            assert lines[line["key"]].items() >= line.items(), case["key"]
        assert answer["totals"].items() >= case["expected"].get("totals", {}).items(), case["key"]


def test_texts_are_in_the_readers_language(client: Client) -> None:
    russian, english = (client.get(URL, headers={"accept-language": code}).json() for code in ("ru", "en"))

    assert russian["cases"][0]["title"] == "Retail: скидка уровня"
    assert english["cases"][0]["title"] == "Retail: the level’s discount"
    assert [case["request"] for case in russian["cases"]] == [case["request"] for case in english["cases"]]


def test_an_edition_to_come_is_asked_for_by_its_day_or_its_number(client: Client) -> None:
    day = programme_day() + timedelta(days=40)
    own = [BY_KEY["rental"]]
    coming = publish_edition(effective_from=day, cases=own)

    for query in ({"on": day.isoformat()}, {"edition": str(coming.pk)}):
        document = client.get(URL, query).json()
        assert document["edition"]["id"] == coming.pk
        assert [case["key"] for case in document["cases"]] == ["rental"]
        assert document["cases"][0]["request"]["on"] == day.isoformat()
    assert client.get(URL).json()["edition"]["id"] == in_force().pk


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ({"on": "завтра"}, 422, "on"),
        ({"on": "1999-01-01"}, 404, "on"),
        ({"edition": "one"}, 422, "edition"),
        ({"edition": "9" * 40}, 404, "edition"),
        ({"edition": "987654"}, 404, "edition"),
    ],
)
def test_what_cannot_be_found_is_a_problem_that_names_the_field(
    client: Client, query: dict[str, str], status: int, field: str
) -> None:
    response = client.get(URL, query)

    assert (response.status_code, response.json()["field"]) == (status, field)
    assert response["Content-Type"].startswith("application/problem+json")


def test_what_has_not_changed_is_not_sent_again(client: Client) -> None:
    for address in (URL, SCHEMA):
        first = client.get(address)
        again = client.get(address, headers={"if-none-match": first["ETag"]})

        assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
        assert "public" in first["Cache-Control"]
        assert "Accept-Language" in first["Vary"]


def test_the_number_of_queries_does_not_grow_with_the_cases(client: Client) -> None:
    def queries(day: Any) -> int:
        client.get(URL, {"on": day.isoformat()})
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(URL, {"on": day.isoformat()})
        return len(found)

    day = programme_day() + timedelta(days=40)
    publish_edition(effective_from=day, cases=SHIPPED[:1])

    assert queries(day) == queries(programme_day()) <= 6


def test_the_documentation_describes_them(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]

    assert {parameter["name"] for parameter in paths[URL]["get"]["parameters"]} == {"on", "edition"}
    assert SCHEMA in paths
