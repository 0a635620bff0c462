"""Bonuses, the ledger, sales, plans and special terms in the admin: seen by those who may, decided by actions alone."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.actions import bonuses
from partner_directory.ledger import Way, balance_of
from partner_directory.models import LedgerTransaction, Overlay, Partner, Sale, SalesPlan
from partner_directory.partner_terms import terms_for
from partner_directory.rights import load
from program_pages.models.edition import programme_day
from program_pages.rules.overlay import Change
from tests.admin.conftest import member_of, signed_in
from tests.admin.forms import form_data, said
from tests.factories.bonuses import (
    make_implementation,
    make_overlay,
    make_plan,
    make_request,
    make_sale,
    with_balance,
)
from tests.factories.editions import publish_edition
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db

MODELS = ("sale", "salesplan", "bonusrequest", "ledgertransaction", "overlay")


def url(model: str, view: str, *args: Any) -> str:
    return reverse(f"partner_directory_{model}_modeladmin_{view}", args=args)


@pytest.fixture
def partner_manager(db: None) -> Client:
    load(lambda _line: None)
    return signed_in(member_of("Менеджеры партнёров"))


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency", specialists=3)


def buttons(response: Any) -> set[str]:
    """The decisions that a row's page offers."""
    links = BeautifulSoup(response.content, "html.parser").select("a.button[href]")
    found = (re.search(r"/(\w+)/\d+/$", str(link["href"])) for link in links)
    return {match[1] for match in found if match}


def a_row_of_each(partner: Partner) -> dict[str, int]:
    with_balance(partner)
    sale = make_sale(partner, confirmed=False)
    entered = bonuses.spend(sale=sale, way=Way.DISCOUNT, points=Decimal(1), actor=None)
    return {
        "sale": sale.pk,
        "salesplan": make_plan(partner).pk,
        "bonusrequest": partner.memberships.get().bonus_requests.get().pk,
        "ledgertransaction": entered.pk,
        "overlay": make_overlay(partner).pk,
    }


class TestWhoMaySee:
    def test_partner_managers_read_every_register_and_row(self, partner_manager: Client, partner: Partner) -> None:
        for model, pk in a_row_of_each(partner).items():
            listing = partner_manager.get(url(model, "index"))
            assert listing.status_code == 200
            assert str(partner) in said(listing)
            assert partner_manager.get(url(model, "inspect", pk)).status_code == 200
            assert partner_manager.get(url(model, "history", pk)).status_code == 200

    def test_editors_read_none(self, editor: Client, partner: Partner) -> None:
        for model, pk in a_row_of_each(partner).items():
            assert editor.get(url(model, "index")).status_code == 302
            assert editor.get(url(model, "inspect", pk)).status_code == 302
        for decision in ("confirm", "correct", "refuse"):
            pk = make_request(make_partner(level="competency").memberships.get()).pk
            assert editor.post(url("bonusrequest", decision, pk), {"reason": "x"}).status_code in {302, 403}
        assert LedgerTransaction.objects.filter(kind="credit").count() == 1

    def test_nobody_edits_or_deletes(self, admin: Client, partner: Partner) -> None:
        for model, pk in a_row_of_each(partner).items():
            assert admin.get(url(model, "edit", pk)).status_code == 302
            assert admin.post(url(model, "delete", pk)).status_code == 302
        assert Sale.objects.exists()
        assert Overlay.objects.exists()

    @pytest.mark.parametrize("model", ["bonusrequest", "ledgertransaction", "overlay"])
    def test_exports(self, partner_manager: Client, partner: Partner, model: str) -> None:
        a_row_of_each(partner)
        response = partner_manager.get(f"{url(model, 'index')}?export=csv")
        body = b"".join(response.streaming_content).decode("utf-8-sig")
        assert str(partner) in body

    @pytest.mark.parametrize("model", MODELS)
    def test_as_many_queries_for_many_rows_as_for_few(self, admin: Client, model: str) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert admin.get(url(model, "index")).status_code == 200
            return len(found)

        a_row_of_each(make_partner(level="competency"))
        queries()
        few = queries()
        for _ in range(5):
            a_row_of_each(make_partner(level="competency"))

        assert queries() <= few


class TestTheQueueOfRequests:
    def test_shows_the_reckoning_with_records_that_lead_on(self, partner_manager: Client, partner: Partner) -> None:
        made = make_implementation(partner, reviewed=True)
        asked = bonuses.ask(membership=partner.memberships.get(), actor=None)

        page = partner_manager.get(url("bonusrequest", "inspect", asked.pk))

        assert made.client in said(page)
        assert "R71" in said(page)
        assert {"confirm", "correct", "refuse"} <= buttons(page)

    def test_is_confirmed(self, partner_manager: Client, partner: Partner) -> None:
        asked = make_request(partner.memberships.get(), "7.5")
        address = url("bonusrequest", "confirm", asked.pk)
        assert partner_manager.get(address).status_code == 200
        assert balance_of(partner) == 0

        response = partner_manager.post(address, follow=True)

        assert "Бонус начислен" in said(response)
        assert balance_of(partner) == Decimal("7.5")
        assert not {"confirm", "correct", "refuse"} & buttons(response)

    def test_is_corrected_with_a_reason(self, partner_manager: Client, partner: Partner) -> None:
        asked = make_request(partner.memberships.get(), "7.5")
        address = url("bonusrequest", "correct", asked.pk)
        assert opened_decision(partner_manager, address)["points"] in {"7.5", "7.50", "7,5", "7,50"}
        for wrong in ({"points": "5"}, {"points": "99", "reason": "Да"}, {"points": "", "reason": "Да"}):
            assert partner_manager.post(address, wrong).status_code == 200
        assert balance_of(partner) == 0

        partner_manager.post(address, {"points": "5", "reason": "Один отзыв не подтверждён"})

        assert balance_of(partner) == 5
        asked.refresh_from_db()
        assert asked.reason == "Один отзыв не подтверждён"

    def test_is_refused_with_a_reason(self, partner_manager: Client, partner: Partner) -> None:
        asked = make_request(partner.memberships.get())
        assert partner_manager.post(url("bonusrequest", "refuse", asked.pk), {"reason": ""}).status_code == 200
        partner_manager.post(url("bonusrequest", "refuse", asked.pk), {"reason": "Нет"})
        asked.refresh_from_db()
        assert (asked.state, balance_of(partner)) == ("refused", 0)

    def test_is_decided_once(self, partner_manager: Client, partner: Partner) -> None:
        asked = make_request(partner.memberships.get())
        for _ in range(2):
            response = partner_manager.post(url("bonusrequest", "confirm", asked.pk), follow=True)
        assert "изменил кто-то другой" in said(response)
        assert balance_of(partner) == 10

    def test_is_filtered_and_searched(self, partner_manager: Client, partner: Partner) -> None:
        make_request(partner.memberships.get())
        for query, count in (("state__exact=asked", 1), ("state__exact=credited", 0), (f"q={partner.name_ru}", 1)):
            page = BeautifulSoup(partner_manager.get(f"{url('bonusrequest', 'index')}?{query}").content, "html.parser")
            assert len(page.select("tr[data-object-pk]")) == count


class TestSalesAndPlans:
    def test_a_sale_is_confirmed_or_refused(self, partner_manager: Client, partner: Partner) -> None:
        good, bad = make_sale(partner, confirmed=False), make_sale(partner, confirmed=False)

        partner_manager.post(url("sale", "confirm", good.pk))
        assert partner_manager.post(url("sale", "refuse", bad.pk), {"reason": ""}).status_code == 200
        partner_manager.post(url("sale", "refuse", bad.pk), {"reason": "Нет документа"})

        assert list(Sale.objects.order_by("pk").values_list("state", flat=True)) == ["confirmed", "refused"]

    def test_a10_a_sales_price_is_rounded_as_the_edition_says(self, partner_manager: Client, partner: Partner) -> None:
        publish_edition(rounding="half_even")
        sale = make_sale(partner, list_total=Decimal("100000.01"), client_discount=Decimal(50))
        for address in (url("sale", "index"), url("sale", "inspect", sale.pk)):
            assert "50 000 ₽" in said(partner_manager.get(address)).replace("\u00a0", " ")

    def test_a_plan_is_agreed_and_cancelled(self, partner_manager: Client, partner: Partner) -> None:
        plan = make_plan(partner, agreed=False)
        partner_manager.post(url("salesplan", "agree", plan.pk))
        plan.refresh_from_db()
        assert plan.is_agreed
        page = partner_manager.get(url("salesplan", "inspect", plan.pk))
        assert "agree" not in buttons(page)

        partner_manager.post(url("salesplan", "cancel", plan.pk), {"reason": "Иначе"})

        plan.refresh_from_db()
        assert plan.cancelled_at

    def test_a_manager_proposes(self, partner_manager: Client, partner: Partner) -> None:
        data = opened_decision(partner_manager, f"{url('salesplan', 'create')}?partner={partner.pk}")
        assert partner_manager.post(url("salesplan", "create"), data | {"target": "0"}).status_code == 200
        partner_manager.post(url("salesplan", "create"), data | {"target": "1000000"})

        plan = SalesPlan.objects.get()
        assert (plan.partner, bool(plan.vendor_agreed_at), plan.partner_agreed_at) == (partner, True, None)

    @pytest.mark.parametrize(("state", "count"), [("vendor", 1), ("agreed", 0), ("partner", 0), ("nonsense", 1)])
    def test_plans_are_filtered_by_whose_word_they_wait_for(
        self, partner_manager: Client, partner: Partner, state: str, count: int
    ) -> None:
        make_plan(partner, agreed=False)
        page = partner_manager.get(f"{url('salesplan', 'index')}?agreed={state}")
        assert len(BeautifulSoup(page.content, "html.parser").select("tr[data-object-pk]")) == count


class TestSpecialTerms:
    def data(self, client: Client, partner: Partner) -> dict[str, Any]:
        found = opened_decision(client, f"{url('overlay', 'create')}?partner={partner.pk}")
        return found | {"kind": "agreement", "number": "7", "signed_on": programme_day().isoformat(), "reason": "Так"}

    def test_are_edited_as_a_diff_over_the_programme(self, partner_manager: Client, partner: Partner) -> None:
        address = url("overlay", "create")
        page = said(partner_manager.get(address)).replace("\u00a0", " ")
        assert "В программе — 20 %. Пусто — без изменений." in page

        partner_manager.post(
            address,
            self.data(partner_manager, partner) | {"number:competency:discount": "22,5", "number::ceiling": "45"},
        )

        overlay = Overlay.objects.get()
        assert {
            (change.level and change.level.slug, change.name, change.value) for change in overlay.changes.all()
        } == {
            ("competency", "discount", "22.5"),
            (None, "ceiling", "45"),
        }
        assert terms_for(partner, programme_day()).ceiling == 45
        assert "45" in said(partner_manager.get(url("overlay", "inspect", overlay.pk)))

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("number:competency:discount", "101"),
            ("number:competency:discount", "-1"),
            ("number:competency:discount", "много"),
            ("number:competency:discount", "0,001"),
            ("number:competency:demo_licences", "1.5"),
            ("number", ""),
            ("signed_on", ""),
            ("reason", ""),
            ("until", "2001-01-01"),
            ("kind", "plan_discount"),
            ("partner", "999999"),
        ],
    )
    def test_what_cannot_be_is_said_and_nothing_written(
        self, partner_manager: Client, partner: Partner, field: str, value: str
    ) -> None:
        data = self.data(partner_manager, partner) | {"number::ceiling": "45", field: value}
        response = partner_manager.post(url("overlay", "create"), data)
        assert response.status_code == 200
        assert "Ничего не записано" in said(response)
        assert not Overlay.objects.exists()

    def test_without_any_change_are_refused(self, partner_manager: Client, partner: Partner) -> None:
        response = partner_manager.post(url("overlay", "create"), self.data(partner_manager, partner))
        assert "Не изменено ни одно число" in said(response)

    def test_are_ended_or_withdrawn(self, partner_manager: Client, partner: Partner) -> None:
        running = make_overlay(partner, Change("ceiling", Decimal(45)))
        coming = make_overlay(partner, starts=programme_day() + timedelta(days=1))
        assert "end" in buttons(partner_manager.get(url("overlay", "inspect", running.pk)))
        assert "withdraw" in buttons(partner_manager.get(url("overlay", "inspect", coming.pk)))

        on = programme_day().isoformat()
        partner_manager.post(url("overlay", "end", running.pk), {"on": on, "reason": "Хватит"})
        response = partner_manager.post(url("overlay", "withdraw", coming.pk), {"reason": "Ошибка"}, follow=True)

        assert response.redirect_chain[-1][0] == url("overlay", "index")
        assert [overlay.until for overlay in Overlay.objects.all()] == [programme_day()]

    def test_what_has_not_begun_is_not_ended(self, partner_manager: Client, partner: Partner) -> None:
        tomorrow = programme_day() + timedelta(days=1)
        coming = make_overlay(partner, starts=tomorrow)
        address = url("overlay", "end", coming.pk)
        for response in (
            partner_manager.get(address, follow=True),
            partner_manager.post(address, {"on": tomorrow.isoformat(), "reason": "Хватит"}, follow=True),
        ):
            assert "так поступить нельзя" in said(response)
        coming.refresh_from_db()
        assert coming.until != tomorrow


def opened_decision(client: Client, address: str) -> dict[str, Any]:
    """The fields of a decision's form with what they show."""
    response = client.get(address)
    assert response.status_code == 200
    return form_data(response.content, "decision-form")
