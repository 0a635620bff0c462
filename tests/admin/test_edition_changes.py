"""R83: editors read what an edition changes, a draft by its latest revision; nobody else does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.admin.conftest import Url
from tests.factories.editions import draft_edition, publish_edition


def in_years(years: int) -> date:
    return date(programme_day().year + years, 1, 1)


def words(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    main = BeautifulSoup(response.content, "html.parser").find(class_="admin-changes")
    assert main is not None
    return " ".join(main.get_text(" ").replace("\u00a0", " ").split())


@pytest.fixture
def draft(db: None) -> TermsEdition:
    """A draft for the next year: another ceiling, the English of one clause, both texts of another."""

    def change(data: dict[str, Any]) -> None:
        clauses = {row["code"]: row["text"] for row in data["clauses"]}
        clauses["R2"]["en"] += " Always."
        clauses["R3"] |= {"ru": "Иначе.", "en": "Otherwise."}

    return draft_edition(effective_from=in_years(1), ceiling="43", change=change)


def test_a_draft_is_compared_in_both_languages_with_the_edition_it_takes_over_from(
    manager: Client, draft: TermsEdition, url: Url
) -> None:
    found = words(manager, url("termsedition", "changes", draft.pk))
    assert "Потолок скидки с бонусами Было: 40 % Будет: 43 %" in found
    assert "Английский текст: The programme is aimed" in found
    assert "[добавлено: Always." in found
    assert "[добавлено: Иначе" in found
    assert "[добавлено: Otherwise" in found


def test_the_latest_revision_is_shown_not_the_stored_row(manager: Client, draft: TermsEdition, url: Url) -> None:
    draft.ceiling = 44
    draft.save_revision()
    assert "Будет: 44 %" in words(manager, url("termsedition", "changes", draft.pk))


def test_any_other_published_edition_may_be_chosen(manager: Client, draft: TermsEdition, url: Url) -> None:
    other = publish_edition(effective_from=in_years(2), ceiling="60")
    address = url("termsedition", "changes", draft.pk)
    assert "Было: 40 %" in words(manager, address)
    assert "Было: 60 %" in words(manager, f"{address}?old={other.pk}")
    refused = words(manager, f"{address}?old=nonsense")
    assert "Было: 40 %" in refused
    assert "nonsense" in refused  # the field says so


def test_of_an_approved_edition_a_later_draft_is_compared_with_it_too(
    manager: Client, in_force: TermsEdition, url: Url
) -> None:
    edition = publish_edition(effective_from=in_years(1), ceiling="43")
    edition.ceiling = 44
    edition.save_revision()
    address = url("termsedition", "changes", edition.pk)
    assert "Было: 40 % Будет: 44 %" in words(manager, address)
    assert "Было: 43 % Будет: 44 %" in words(manager, f"{address}?old={edition.pk}")


def test_the_first_edition_has_nothing_to_be_compared_with(manager: Client, in_force: TermsEdition, url: Url) -> None:
    assert "Сравнивать не с чем" in words(manager, url("termsedition", "changes", in_force.pk))


def test_an_incomplete_draft_is_compared_as_far_as_it_goes(manager: Client, url: Url) -> None:
    def without_much(data: dict[str, Any]) -> None:
        data["level_terms"][0]["discount"] = None
        data["clauses"] = data["clauses"][:1]
        data["bonuses"], data["requirements"] = [], []

    draft = draft_edition(effective_from=in_years(1), change=without_much)
    assert "Скидка на лицензии Было: 10 % Будет: нет" in words(manager, url("termsedition", "changes", draft.pk))


def test_the_listing_and_the_form_lead_there(manager: Client, draft: TermsEdition, url: Url) -> None:
    address = url("termsedition", "changes", draft.pk)
    for page in (url("termsedition", "list"), url("termsedition", "edit", draft.pk)):
        assert f'href="{address}"' in manager.get(page).content.decode()


def test_whoever_has_no_right_to_editions_is_turned_away(
    editor: Client, partner_manager: Client, draft: TermsEdition, url: Url
) -> None:
    for client in (editor, partner_manager):
        assert client.get(url("termsedition", "changes", draft.pk)).status_code == 302
    assert Client().get(url("termsedition", "changes", draft.pk)).headers["Location"].startswith("/admin/login/")


def test_it_asks_the_database_as_often_for_many_editions(manager: Client, draft: TermsEdition, url: Url) -> None:
    address = url("termsedition", "changes", draft.pk)
    asked = []
    for years in (2, 3):
        manager.get(address)
        with CaptureQueriesContext(connection) as queries:
            manager.get(address)
        asked.append(len(queries))
        publish_edition(effective_from=in_years(years))
    assert asked[0] == asked[1]
