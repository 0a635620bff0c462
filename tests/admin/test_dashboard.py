"""The admin's first page: the state of the programme for those who keep it, and nothing from elsewhere."""

from __future__ import annotations

import re
from datetime import date

from bs4 import BeautifulSoup
from django.test import Client

from partner_directory.actions import requests
from program_pages.models import Event, Price, TermsEdition
from program_pages.models.edition import programme_day
from tests.admin.conftest import Url
from tests.admin.forms import opened, said
from tests.factories.applications import make_application
from tests.factories.editions import publish_edition
from tests.factories.partners import make_partner
from tests.factories.records import make_activity


def panel(client: Client) -> str:
    page = BeautifulSoup(client.get("/admin/").content, "html.parser")
    found = page.select_one(".programme-panel")
    return " ".join(found.get_text(" ").split()) if found else ""


def test_the_edition_in_force_is_named_with_its_day_and_levels(manager: Client, in_force: TermsEdition) -> None:
    text = panel(manager)
    assert in_force.name_ru in text
    assert f"{in_force.effective_from.year} г." in text
    assert re.search(rf"\b{in_force.level_terms.count()} уров", text)


def test_the_next_edition_and_what_waits_are_named(manager: Client, draft: TermsEdition, url: Url) -> None:
    assert "Не утверждена" in panel(manager)
    assert "Ничего" in panel(manager)
    publish_edition(effective_from=date(programme_day().year + 1, 1, 1), name_ru="Следующая по порядку")
    address = url("termsedition", "edit", draft.pk)
    data = opened(manager, address) | {"name_ru": "Та, что ждёт", "action-submit": "1"}
    manager.post(address, data)
    text = panel(manager)
    assert "Следующая по порядку" in text
    assert "Та, что ждёт" in text


def test_samples_are_counted_until_they_are_replaced(manager: Client) -> None:
    assert f"{Price.objects.filter(is_sample=True).count()} условн" in panel(manager)
    Price.objects.update(is_sample=False)
    Event.objects.update(is_sample=False)
    assert "Ещё образцы" not in panel(manager)


def test_without_an_edition_the_dashboard_says_so(manager: Client) -> None:
    from program_pages import immutability

    immutability.lift()
    TermsEdition.objects.all().delete()
    assert "утвердите первую редакцию" in panel(manager)


def test_those_who_do_not_keep_the_programme_do_not_see_it(editor: Client, partner_manager: Client) -> None:
    assert panel(editor) == panel(partner_manager) == ""


def test_the_summary_has_no_noise_and_the_help_leads_nowhere_else(admin: Client) -> None:
    page = admin.get("/admin/")
    assert "Изображений" not in said(page)
    html = page.content.decode()
    assert "releases" not in html
    assert "/levels.css" in html


def test_nothing_is_loaded_from_another_host(admin: Client, in_force: TermsEdition, url: Url) -> None:
    for address in ("/admin/", url("termsedition", "edit", in_force.pk), url("price", "index")):
        page = BeautifulSoup(admin.get(address).content, "html.parser")
        loaded = [tag.get("src") or tag.get("href") for tag in page.select("[src], link[href]")]
        assert [source for source in loaded if source and re.match(r"(https?:)?//", source)] == []


def queues(client: Client) -> dict[str, tuple[str, str]]:
    """What waits by its name: how much, and where the dashboard leads."""
    items = BeautifulSoup(client.get("/admin/").content, "html.parser").select(".waiting-queues li")
    return {item.a.text: (item.span.text, item.a["href"]) for item in items}  # type: ignore[union-attr,misc]


def test_what_waits_is_counted_before_those_who_decide(partner_manager: Client, editor: Client) -> None:
    assert queues(partner_manager) == {}
    make_application("submitted")
    make_application("draft")
    partner = make_partner(level="competency")
    requests.ask_seat(partner=partner, person="Анна", actor=None)
    make_activity(partner, state="claimed")
    make_activity(partner)

    found = queues(partner_manager)

    assert {name: count for name, (count, _url) in found.items()} == {
        "Заявки": "1",
        "Факты на проверке": "1",
        "Места на обучении": "1",
    }
    for _count, url in found.values():
        rows = BeautifulSoup(partner_manager.get(url).content, "html.parser").select("table.listing tbody tr")
        assert len(rows) == 1, url
    assert queues(editor) == {}
