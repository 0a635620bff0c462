"""The registers of what partners ask for: seen and exported by those who may, decided by POST alone; and materials."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.actions import events, requests
from partner_directory.models import EventParticipation, Material
from partner_directory.models.facts import FactState
from partner_directory.models.material import RequestState
from program_pages.models import Product, TermsEdition
from program_pages.models.edition import programme_day
from tests.admin.forms import opened, said
from tests.admin.test_rights import EVERYONE, status
from tests.admin.test_russian import english_in
from tests.factories.materials import make_document, make_material
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db

MODELS = ("licencerequest", "trainingseat", "eventparticipation")


def url(model: str, view: str, *args: Any) -> str:
    return reverse(f"partner_directory_{model}_modeladmin_{view}", args=args)


def asked(model: str) -> Any:
    """A row that waits for a manager."""
    partner = make_partner(level="saas", name_ru="Ромашка")
    if model == "licencerequest":
        product = Product.objects.get(slug="asoft-crm")
        return requests.ask_demo(partner=partner, product=product, actor=None, note="Покажем банку")
    if model == "trainingseat":
        return requests.ask_seat(partner=partner, person="Анна Первая", actor=None)
    return events.host_own(partner=partner, title="CRM для банков", held_on=programme_day(), actor=None)


def links(response: Any) -> set[str]:
    return {link["href"] for link in BeautifulSoup(response.content, "html.parser").select("a[href]")}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("view", ["index", "inspect", "history", "refuse"])
def test_a_view_opens_for_partner_managers(
    model: str, view: str, request: pytest.FixtureRequest, client: Client
) -> None:
    row = asked(model)
    address = url(model, view, *([] if view == "index" else [row.pk]))
    found = {name: status(request.getfixturevalue(name), address) for name in EVERYONE}
    assert found == {name: 200 if name in {"admin", "partner_manager"} else 403 for name in EVERYONE}
    assert "/login/" in client.get(address)["Location"]


@pytest.mark.parametrize("model", MODELS)
def test_nobody_writes_edits_or_deletes_one_here(model: str, admin: Client) -> None:
    row = asked(model)
    assert status(admin, url(model, "create")) == 403
    assert status(admin, url(model, "edit", row.pk)) == 403
    assert status(admin, url(model, "delete", row.pk)) == 403


@pytest.mark.parametrize("model", ["licencerequest", "trainingseat"])
def test_a_request_is_found_read_and_granted_by_post(model: str, partner_manager: Client) -> None:
    row = asked(model)
    assert "Ромашка" in said(partner_manager.get(f"{url(model, 'index')}?q=РОМАШ&state__exact=asked"))
    inspect = partner_manager.get(url(model, "inspect", row.pk))
    assert url(model, "grant", row.pk) in links(inspect)
    partner_manager.get(url(model, "grant", row.pk))
    row.refresh_from_db()
    assert row.state == RequestState.ASKED

    page = partner_manager.post(url(model, "grant", row.pk), follow=True)

    row.refresh_from_db()
    assert row.state == RequestState.GRANTED
    assert "Запрос одобрен" in said(page)
    assert url(model, "grant", row.pk) not in links(page)
    assert "Одобрить запрос" in said(partner_manager.get(url(model, "history", row.pk)))


def test_r48_the_price_that_was_shown_stands_in_the_queue(partner_manager: Client) -> None:
    edition = TermsEdition.objects.published().earliest("effective_from")
    price = requests.Price(said="48 000 ₽", least=Decimal(48_000), most=None, edition=edition.pk)
    product = Product.objects.get(slug="asoft-crm")
    row = requests.ask_own_use(
        partner=make_partner(level="competency"), product=product, quantity=1, actor=None, price=price
    )
    for address in (url("licencerequest", "index"), url("licencerequest", "inspect", row.pk)):
        assert f"48 000 ₽ · {edition}" in said(partner_manager.get(address)).replace("\u00a0", " ")
    text = b"".join(partner_manager.get(f"{url('licencerequest', 'index')}?export=csv").streaming_content).decode()
    assert str(edition) in text


@pytest.mark.parametrize("model", MODELS)
def test_a_refusal_asks_for_its_reason(model: str, partner_manager: Client) -> None:
    row = asked(model)
    assert "Требуется заполнить это поле" in said(partner_manager.post(url(model, "refuse", row.pk), {"reason": " "}))
    partner_manager.post(url(model, "refuse", row.pk), {"reason": "Уже есть"})
    row.refresh_from_db()
    assert row.state == "refused"


@pytest.mark.parametrize("model", ["licencerequest", "trainingseat"])
def test_what_was_decided_meanwhile_is_said(model: str, partner_manager: Client) -> None:
    row = asked(model)
    requests.cancel(asked=row, actor=None)
    page = partner_manager.post(url(model, "grant", row.pk), follow=True)
    assert "изменил кто-то другой" in said(page)
    row.refresh_from_db()
    assert row.state == RequestState.CANCELLED


def test_r74_an_event_is_confirmed_once_its_day_has_come(partner_manager: Client) -> None:
    row = asked("eventparticipation")
    partner_manager.post(url("eventparticipation", "confirm", row.pk))
    row.refresh_from_db()
    assert row.state == FactState.CONFIRMED

    EventParticipation.objects.all().delete()
    later = asked("eventparticipation")
    EventParticipation.objects.update(held_on="2100-01-01")
    assert url("eventparticipation", "confirm", later.pk) not in links(
        partner_manager.get(url("eventparticipation", "inspect", later.pk))
    )
    page = partner_manager.post(url("eventparticipation", "confirm", later.pk), follow=True)
    assert "не раньше дня" in said(page)


@pytest.mark.parametrize("model", ["licencerequest", "trainingseat"])
def test_an_export_is_a_right_of_its_own_and_safe_to_open(model: str, partner_manager: Client, editor: Client) -> None:
    row = asked(model)
    type(row).objects.update(note="=1+1")
    address = f"{url(model, 'index')}?export=csv"
    text = b"".join(partner_manager.get(address).streaming_content).decode()
    assert "'=1+1" in text
    assert "на рассмотрении" in text
    assert status(editor, address) == 403


@pytest.mark.parametrize("model", MODELS)
def test_rows_cost_no_queries(model: str, partner_manager: Client) -> None:
    row = asked(model)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert partner_manager.get(url(model, "index")).status_code == 200
        return len(found)

    queries()
    few = queries()
    for number in range(15):
        row.pk = None
        row.title = f"{number}"
        row.save(force_insert=True)
    assert queries() == few


@pytest.mark.parametrize("model", MODELS)
def test_no_page_says_an_english_word(model: str, admin: Client) -> None:
    row = asked(model)
    for view, args in (("index", []), ("inspect", [row.pk]), ("refuse", [row.pk]), ("history", [row.pk])):
        assert english_in(admin.get(url(model, view, *args)).content.decode()) == []


class TestMaterials:
    def address(self, view: str, *args: Any) -> str:
        return reverse(f"wagtailsnippets_partner_directory_material:{view}", args=args)

    def test_are_kept_by_partner_managers(self, request: pytest.FixtureRequest) -> None:
        row = make_material()
        for view, args in (("list", []), ("add", []), ("edit", [row.pk])):
            found = {name: status(request.getfixturevalue(name), self.address(view, *args)) for name in EVERYONE}
            assert found == {name: 200 if name in {"admin", "partner_manager"} else 403 for name in EVERYONE}

    def test_are_added_with_their_document_and_levels(self, partner_manager: Client) -> None:
        document = make_document()
        data = opened(partner_manager, self.address("add"))
        partner_manager.post(
            self.address("add"),
            data | {"kind": "methodical", "title_ru": "Методика", "document": document.pk, "published": "on"},
        )
        row = Material.objects.get()
        assert (row.title_ru, row.document_id, row.published) == ("Методика", document.pk, True)
        assert "Методика" in said(partner_manager.get(self.address("list")))

    def test_a_manager_adds_documents(self, partner_manager: Client) -> None:
        assert partner_manager.get(reverse("wagtaildocs:add")).status_code == 200

    def test_a_document_in_use_is_not_deleted(self, admin: Client) -> None:
        row = make_material()
        admin.post(reverse("wagtaildocs:delete", args=[row.document_id]))
        assert Material.objects.filter(pk=row.pk).exists()

    def test_rows_cost_no_queries(self, partner_manager: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert partner_manager.get(self.address("list")).status_code == 200
            return len(found)

        make_material(levels=["saas"])
        queries()
        few = queries()
        for _number in range(10):
            make_material(levels=["retail", "saas"])
        assert queries() == few

    def test_no_page_says_an_english_word(self, admin: Client) -> None:
        row = make_material()
        for address in (self.address("list"), self.address("add"), self.address("edit", row.pk)):
            assert english_in(admin.get(address).content.decode()) == []
