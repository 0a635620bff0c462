"""The API gives the edition of a day as strings, in the reader's language, and names what is wrong."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from program_pages.models.edition import programme_day
from tests.factories.editions import publish_edition

pytestmark = pytest.mark.django_db

URL = "/api/v1/programme/"
DECIMAL = re.compile(r"\d+\.\d\d")


def test_the_programme_of_today(client: Client) -> None:
    programme = client.get(URL).json()

    assert [(row["slug"], row["code"], row["discount"]) for row in programme["levels"]] == [
        ("retail", 1, "10.00"),
        ("competency", 2, "20.00"),
        ("saas", 3, "25.00"),
    ]
    assert programme["ceiling"] == "40.00"
    assert programme["edition"]["effective_until"] is None
    assert len(programme["clauses"]) == 84
    assert len(programme["benefits"]) == 13


def test_requirements_name_their_level_and_clause(client: Client) -> None:
    """R29-R31, R34 and R37-R41; Retail has none (R23)."""
    requirements = client.get(URL).json()["requirements"]

    assert [(row["level"], row["clause"]) for row in requirements] == [
        *(("competency", code) for code in ("R29", "R30", "R31", "R34")),
        *(("saas", code) for code in ("R37", "R38", "R39", "R40", "R41")),
    ]
    assert {row["clause"]: row["threshold"] for row in requirements if row["threshold"]} == {
        "R29": "2.00",
        "R30": "1.00",
        "R31": "50.00",
        "R37": "2.00",
    }


def test_both_greatest_sums_of_the_source_are_the_ceiling(client: Client) -> None:
    """R75: 20+5+10+2.5+2.5 and 25+5+5+2.5+2.5 are both exactly 40; Retail reaches 22.5."""
    programme = client.get(URL).json()

    def best(level: dict[str, str]) -> float:
        points = {row["key"]: float(row["points"][level["slug"]] or 0) for row in programme["bonuses"]}
        events = max(points.pop("event_attended"), points.pop("event_hosted"))
        return float(level["discount"]) + sum(points.values()) + events

    assert [best(level) for level in programme["levels"]] == [22.5, 40.0, 40.0]


def test_every_number_with_a_point_is_a_string_of_two_digits(client: Client) -> None:
    programme = client.get(URL).json()
    values = [programme["ceiling"], programme["own_use_cap"], *(level["discount"] for level in programme["levels"])]
    values += [value for row in programme["bonuses"] for value in row["points"].values() if value is not None]

    assert all(DECIMAL.fullmatch(value) for value in values)


def test_texts_are_in_the_readers_language(client: Client) -> None:
    russian = client.get(URL).json()
    english = client.get(URL, headers={"accept-language": "en-GB,en;q=0.8"}).json()

    assert russian["benefits"][0]["title"].startswith("Размещение информации")
    assert english["benefits"][0]["title"].startswith("Information about")


@pytest.mark.parametrize(
    ("on", "status"),
    [("tomorrow", 422), ("2026-02-30", 422), ("1999-01-01", 404), ("9" * 300, 422), ("0000-00-00", 422)],
)
def test_a_wrong_day_is_a_problem_that_names_the_field(client: Client, on: str, status: int) -> None:
    response = client.get(URL, {"on": on})

    assert response.status_code == status
    assert response["Content-Type"].startswith("application/problem+json")
    problem = response.json()
    assert problem["field"] == "on"
    assert problem["status"] == status
    assert re.search("[а-я]", problem["detail"])


def test_a_problem_speaks_english_to_the_english(client: Client) -> None:
    detail = client.get(URL, {"on": "x"}, headers={"accept-language": "en"}).json()["detail"]

    assert not re.search("[а-яА-Я]", detail)


def test_the_documentation_is_served_by_the_site_itself(client: Client) -> None:
    page = client.get("/api/v1/docs").content.decode()

    assert "/static/ninja/" in page
    assert not re.search(r'(src|href)="https?://', page)
    assert client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/programme/"]


def test_unknown_addresses_and_methods_are_not_500(client: Client) -> None:
    assert client.get("/api/v1/nothing/").status_code == 404
    assert client.post(URL).status_code == 405


def test_r79_the_last_day_of_the_bonuses_is_said_where_one_is_set(client: Client) -> None:
    assert client.get(URL).json()["bonuses_until"] is None

    tomorrow = programme_day() + timedelta(days=1)
    publish_edition(effective_from=tomorrow, bonuses_until=tomorrow)

    assert client.get(URL, {"on": tomorrow.isoformat()}).json()["bonuses_until"] == tomorrow.isoformat()


@pytest.mark.parametrize(
    ("method", "path", "address", "body", "status"),
    [
        ("get", "programme/", "programme/?on=never", None, 422),
        ("get", "programme/", "programme/?on=1999-01-01", None, 404),
        ("get", "programme/cases/", "programme/cases/", None, 200),
        ("get", "programme/cases/schema/", "programme/cases/schema/", None, 200),
        ("get", "partners/", "partners/?service=AAA", None, 422),
        ("get", "partners.csv", "partners.csv", None, 200),
        ("get", "partners.geojson", "partners.geojson", None, 200),
        ("get", "partners/{slug}/", "partners/nobody/", None, 404),
        ("get", "verify/{code}/", "verify/0/", None, 422),
        ("post", "quotes/", "quotes/", "\x00", 400),
        ("post", "quotes/", "quotes/", "{}", 422),
    ],
)
def test_every_answer_is_of_a_documented_status_and_type(
    client: Client, method: str, path: str, address: str, body: str | None, status: int
) -> None:
    documented = client.get("/api/v1/openapi.json").json()["paths"][f"/api/v1/{path}"][method]["responses"]
    answer = client.generic(method.upper(), f"/api/v1/{address}", body or "", content_type="application/json")
    assert answer.status_code == status
    assert answer["Content-Type"].partition(";")[0] in documented[str(status)]["content"]
    assert "429" in documented


def test_the_documented_cases_are_called_what_they_are_called(client: Client) -> None:
    documented = client.get("/api/v1/openapi.json").json()["components"]["schemas"]["CasesOut"]["properties"]
    assert set(documented) == set(client.get("/api/v1/programme/cases/").json())
