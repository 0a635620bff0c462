"""A new edition changes every page, the PDF and the API by itself; the old one still shows with ?on= (R13, R83)."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from accounts.models import User
from program_pages import formats
from program_pages.demo.programme import edition_from, programme_data
from program_pages.models import Level, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.paper import pdf_available
from tests.factories.editions import publish_edition
from tests.factories.history import published_since

from .reading import fetch, main_of, text_of

pytestmark = pytest.mark.django_db

OLD_DAY = "2026-02-03"
NEW = {"retail": "11", "competency": "22", "saas": "27"}
EVERY_PAGE_WITH_DISCOUNTS = ["/", "/levels/", "/benefits/", "/terms/", "/products/"]


def publish(data: dict[str, Any], actor: User) -> TermsEdition:
    """An edition of this data, approved by the actor."""
    edition = edition_from(data)
    edition.live = False
    edition.save()
    edition.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
    edition.refresh_from_db()
    return edition


def with_a_fourth_level(data: dict[str, Any]) -> None:
    """Adds «Bank Competency» to an edition's data, as an editor would (R13)."""
    data["level_terms"].append(
        {"level": "bank", "discount": "33.5", "summary": {"ru": "Для банков.", "en": "For banks."}, "demo_licences": 1}
    )
    data["requirements"].append(
        {
            "level": "bank",
            "key": "certified_specialists",
            "kind": "certified_specialists",
            "clause": "R29",
            "threshold": "7",
            "title": {"ru": "Банковские специалисты", "en": "Bank specialists"},
        }
    )
    for benefit in data["benefits"]:
        if "cells" in benefit:
            benefit["cells"]["bank"] = "yes"
    for bonus in data["bonuses"]:
        bonus["points"]["bank"] = "3.25"
    data["clauses"].append(
        {
            "code": "R901",
            "section": 4,
            "kind": "advantage",
            "level": "bank",
            "text": {"ru": "Скидка {bank.discount} на продукты для банков.", "en": "{bank.discount} off for banks."},
        }
    )


@pytest.fixture
def new_edition(django_user_model: type[User]) -> TermsEdition:
    """In force from today: 11/22/27, ceiling 43, and a fourth level; the pages are as old as the first edition."""
    published_since("2026-01-01")
    crm = Level.objects.get(slug="competency").product_line
    Level.objects.create(
        slug="bank",
        contract_code=4,
        product_line=crm,
        name_ru="ASoft Bank Competency Partner",
        name_en="ASoft Bank Competency Partner",
        short_name_ru="Bank",
        short_name_en="Bank",
        mark_name="ASoft Bank Competency",
        colour="#9333ea",
        shape="diamond",
        order=9,
    )
    data = programme_data()["edition"] | {
        "cases": [],  # they hold for the shipped numbers
        "name": {"ru": "Новые условия", "en": "New terms"},
        "effective_from": programme_day().isoformat(),
        "ceiling": "43",
    }
    for row in data["level_terms"]:
        row["discount"] = NEW[row["level"]]
    with_a_fourth_level(data)
    return publish(data, django_user_model.objects.create_user("approver@example.org"))


@pytest.mark.parametrize("path", EVERY_PAGE_WITH_DISCOUNTS)
def test_every_page_shows_the_new_numbers_and_the_new_level(
    client: Client, new_edition: TermsEdition, path: str
) -> None:
    russian, english = main_of(client, path), main_of(client, f"/en{path}")

    for number in ("11", "22", "27", "33,5"):
        assert f"{number} %" in russian
    for number in ("11", "22", "27", "33.5"):
        assert f"{number}%" in english
    assert "Bank" in russian
    assert "Bank" in english


@pytest.mark.parametrize("path", ["/programme/", "/terms/"])
def test_the_new_ceiling_and_bonuses_show(client: Client, new_edition: TermsEdition, path: str) -> None:
    words = main_of(client, path)

    assert "43 %" in words
    assert "40 %" not in words
    assert "+3,25 %" in words


def test_the_new_level_has_a_page_of_its_own_in_both_languages(client: Client, new_edition: TermsEdition) -> None:
    russian = main_of(client, "/levels/bank/")

    assert "ASoft Bank Competency Partner" in russian
    assert "Скидка 33,5 % на продукты для банков." in russian
    assert "Банковские специалисты" in russian
    assert "33.5% off for banks." in main_of(client, "/en/levels/bank/")


def test_the_new_level_has_its_colour_and_its_place_in_the_sitemap(client: Client, new_edition: TermsEdition) -> None:
    assert '[data-level="bank"]{--level:#9333ea}' in client.get("/levels.css").content.decode()
    assert "/levels/bank/" in client.get("/sitemap.xml").content.decode()


def test_a_changed_colour_reaches_browsers_at_once(client: Client) -> None:
    def address() -> str:
        return str(fetch(client, "/").find("link", href=lambda href: href and "levels.css" in href)["href"])

    before = address()
    Level.objects.filter(slug="saas").update(colour="#123456")

    assert address() != before
    assert "#123456" in client.get(address()).content.decode()


def test_a_quote_at_the_new_level_uses_its_discount(client: Client, new_edition: TermsEdition) -> None:
    page = fetch(client, "/levels/bank/?product=asoft-crm-lite&quantity=1&client_discount=")

    assert "33,5 %" in text_of(page.find(id="quote"))


@pytest.mark.skipif(not pdf_available(), reason="PDF needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0")
def test_the_pdf_is_drawn_anew(client: Client, new_edition: TermsEdition) -> None:
    def words(path: str) -> str:
        response = client.get(path)
        assert response["Content-Type"] == "application/pdf"
        pages = PdfReader(io.BytesIO(response.content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).replace("\u00a0", " ").split())

    assert "ASoft Retail Partner — 11 %" in words("/terms/pdf/")
    assert "до 43 %" in words("/terms/pdf/")
    assert "ASoft Bank Competency Partner: 33.5%" in words("/en/terms/pdf/")
    assert "ASoft Retail Partner — 10 %" in words(f"/terms/pdf/?on={OLD_DAY}")


def test_the_api_gives_the_new_edition(client: Client, new_edition: TermsEdition) -> None:
    programme = client.get("/api/v1/programme/").json()

    assert programme["ceiling"] == "43.00"
    assert {row["slug"]: row["discount"] for row in programme["levels"]} == {
        "retail": "11.00",
        "competency": "22.00",
        "saas": "27.00",
        "bank": "33.50",
    }
    assert programme["edition"]["effective_from"] == programme_day().isoformat()


@pytest.mark.parametrize("path", EVERY_PAGE_WITH_DISCOUNTS)
def test_the_old_edition_still_shows_on_its_day_marked_and_not_indexed(
    client: Client, new_edition: TermsEdition, path: str
) -> None:
    response = client.get(path, {"on": OLD_DAY})
    page = fetch(client, f"{path}?on={OLD_DAY}")
    words = text_of(page.main)

    assert "10 %" in words
    assert "11 %" not in words
    assert "Bank Competency" not in words
    assert "3 февраля 2026" in text_of(page.body)
    assert response["X-Robots-Tag"] == "noindex"
    assert page.find("meta", attrs={"name": "robots", "content": "noindex"})
    assert fetch(client, path).find("meta", attrs={"name": "robots"}) is None


def test_the_old_edition_has_no_page_of_the_new_level(client: Client, new_edition: TermsEdition) -> None:
    fetch(client, f"/levels/bank/?on={OLD_DAY}", status=404)


def test_the_api_gives_the_old_edition_on_its_day(client: Client, new_edition: TermsEdition) -> None:
    old = client.get("/api/v1/programme/", {"on": OLD_DAY}).json()

    assert old["ceiling"] == "40.00"
    assert [row["slug"] for row in old["levels"]] == ["retail", "competency", "saas"]
    assert old["edition"]["effective_until"] == (programme_day() - timedelta(days=1)).isoformat()


def test_an_edition_to_come_shows_on_its_day_and_not_before(client: Client, django_user_model: type[User]) -> None:
    day = date(programme_day().year + 2, 3, 1)
    data = programme_data()["edition"] | {"effective_from": day.isoformat(), "ceiling": "44", "cases": []}
    publish(data, django_user_model.objects.create_user("approver@example.org"))

    assert "44 %" not in main_of(client, "/programme/")
    assert "44 %" in main_of(client, f"/programme/?on={day.isoformat()}")
    assert client.get("/api/v1/programme/", {"on": (day - timedelta(days=1)).isoformat()}).json()["ceiling"] == "40.00"


# --- R79: the last day of the bonuses ---


@pytest.mark.parametrize("path", ["/programme/", "/terms/", "/levels/competency/"])
def test_r79_wherever_bonuses_are_shown_their_last_day_is(client: Client, path: str) -> None:
    assert fetch(client, path).find(class_="bonus-promotion") is None
    first = programme_day() + timedelta(days=1)
    publish_edition(effective_from=first, bonuses_until=first)

    def said(prefix: str, day: date) -> str:
        return text_of(fetch(client, f"{prefix}{path}?on={day.isoformat()}").find(class_="bonus-promotion"))

    assert said("", first).startswith("Акция действует до ")
    assert said("", first + timedelta(days=1)).startswith("Акция с бонусами закончилась ")
    assert formats.day(first, "en").replace("\u00a0", " ") in said("/en", first)
