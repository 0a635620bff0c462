"""Licences and seats: asked for within the terms, granted or refused, never beyond the limit (R18, R48, R49, R56)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from partner_directory.actions import requests as actions
from partner_directory.entitlements import entitlement_of
from partner_directory.models import LicenceRequest, Membership, Partner, TrainingSeat
from partner_directory.models.material import RequestState
from partner_directory.models.people import Role
from program_pages import formats
from program_pages.models import Price, Product
from program_pages.models.edition import programme_day
from program_pages.terms import terms_on
from tests.factories.editions import publish_edition
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

DEMO, OWN_USE, SEATS = "/portal/licences/demo/", "/portal/licences/own-use/", "/portal/trainings/"
CRM = "asoft-crm"
Kind = LicenceRequest.Kind
Change = Callable[[dict[str, Any]], object]


def product(slug: str = CRM) -> Product:
    return Product.objects.get(slug=slug)


def other_product() -> Product:
    found = Product.objects.filter(on_sale=True, is_module=False).exclude(slug=CRM).first()
    assert found is not None
    return found


def person_of(partner: Partner, role: Role = Role.OWNER) -> Client:
    return client_of(make_member(partner, role=role))


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def terms_with(change: Change) -> None:
    publish_edition(change=change)


def demo_licences(count: int) -> Change:
    def change(data: dict[str, Any]) -> None:
        for row in data["level_terms"]:
            row["demo_licences"] = count

    return change


def seats_of(data: dict[str, Any], level: str, cell: object) -> None:
    next(row for row in data["benefits"] if row["key"] == "training")["cells"][level] = cell


def thresholds(data: dict[str, Any], count: str) -> None:
    for row in data["requirements"]:
        if row["kind"] == "certified_specialists":
            row["threshold"] = count


class TestDemonstration:
    def test_r49_one_licence_for_a_partner_whatever_the_product(self) -> None:
        partner = make_partner()
        actions.ask_demo(partner=partner, product=product(), actor=None)

        with pytest.raises(actions.OverLimit, match="запрошено и выдано — 1"):
            actions.ask_demo(partner=partner, product=other_product(), actor=None)

    def test_a5_an_edition_may_count_them_by_the_product(self) -> None:
        publish_edition(demo_licences_per="product")
        partner = make_partner()
        actions.ask_demo(partner=partner, product=product(), actor=None)
        actions.ask_demo(partner=partner, product=other_product(), actor=None)

        with pytest.raises(actions.OverLimit):
            actions.ask_demo(partner=partner, product=product(), actor=None)

    def test_the_number_is_the_terms(self) -> None:
        terms_with(demo_licences(3))
        partner = make_partner()
        actions.ask_demo(partner=partner, product=product(), quantity=3, actor=None)

        with pytest.raises(actions.OverLimit):
            actions.ask_demo(partner=partner, product=product(), actor=None)

    def test_an_edition_without_them_gives_none(self) -> None:
        terms_with(demo_licences(0))
        partner = make_partner()
        with pytest.raises(actions.OverLimit, match="не даёт"):
            actions.ask_demo(partner=partner, product=product(), actor=None)
        assert "Запросить для показа" not in words(person_of(partner).get("/portal/licences/"))

    def test_what_was_granted_last_year_counts(self) -> None:
        partner = make_partner()
        asked = actions.ask_demo(partner=partner, product=product(), actor=None)
        actions.grant(asked=asked, actor=None)
        LicenceRequest.objects.update(asked_at="2020-01-01T00:00:00Z")

        with pytest.raises(actions.OverLimit):
            actions.ask_demo(partner=partner, product=product(), actor=None)

    @pytest.mark.parametrize("decide", [actions.cancel, lambda **facts: actions.refuse(reason="Нет", **facts)])
    def test_what_was_refused_or_taken_back_frees_the_limit(self, decide: Any) -> None:
        partner = make_partner()
        decide(asked=actions.ask_demo(partner=partner, product=product(), actor=None), actor=None)

        assert actions.ask_demo(partner=partner, product=product(), actor=None).state == RequestState.ASKED

    @pytest.mark.parametrize("state", ["suspended", "lapsed", "ended", "upcoming"])
    def test_only_a_level_in_force_gives_them(self, state: str) -> None:
        partner = make_partner(state=state)
        with pytest.raises(ValidationError):
            actions.ask_demo(partner=partner, product=product(), actor=None)
        response = person_of(partner).post(DEMO, {"product": product().pk, "quantity": 1})
        assert response.status_code == 200
        assert not LicenceRequest.objects.exists()


class TestOwnUse:
    def test_r48_the_price_is_the_rules_own(self) -> None:
        Price.objects.filter(product=product()).update(list_price=Decimal(100_000), minimum_price=Decimal(80_000))
        partner = make_partner(level="competency")
        discount = terms_on(programme_day()).level("competency").discount

        page = words(person_of(partner).post(OWN_USE, {"product": product().pk, "quantity": 3, "show": "1"}))

        price = Decimal(240_000) * (100 - discount) / 100
        assert formats.money(price, "ru").replace("\u00a0", " ") in page
        assert not LicenceRequest.objects.exists()

    def test_a3_without_a_minimum_price_it_is_a_range(self) -> None:
        Price.objects.filter(product=product()).update(list_price=Decimal(100_000), minimum_price=None)
        response = person_of(make_partner()).post(OWN_USE, {"product": product().pk, "quantity": 1, "show": "1"})
        soup = BeautifulSoup(response.content, "html.parser")
        number = soup.select_one(".portal-answer__number")
        assert number is not None
        assert number.text.startswith("от ")

    def test_a12_says_that_a_sample_price_is_one(self) -> None:
        Price.objects.update(is_sample=True)
        page = words(person_of(make_partner()).post(OWN_USE, {"product": product().pk, "quantity": 1, "show": "1"}))
        assert "это не цены ASoft" in page

    def test_without_a_price_a_manager_names_it(self) -> None:
        Price.objects.filter(product=product()).delete()
        client = person_of(make_partner())
        data = {"product": product().pk, "quantity": 1}
        assert "её назовёт менеджер" in words(client.post(OWN_USE, data | {"show": "1"}))
        assert client.post(OWN_USE, data).status_code == 302

    def test_the_log_keeps_the_price_that_was_shown(self) -> None:
        client = person_of(make_partner())
        client.post(OWN_USE, {"product": product().pk, "quantity": 2, "note": "Для бухгалтерии"})
        asked = LicenceRequest.objects.get()
        assert (asked.kind, asked.quantity, asked.note) == (Kind.OWN_USE, 2, "Для бухгалтерии")
        entry = ModelLogEntry.objects.get(action=actions.ASKED, object_id=str(asked.pk))
        assert "₽" in entry.data["price"]

    def test_r48_the_request_keeps_the_price_and_its_edition(self) -> None:
        Price.objects.filter(product=product()).update(list_price=Decimal(100_000), minimum_price=Decimal(80_000))
        partner, terms = make_partner(level="competency"), terms_on(programme_day())
        client = person_of(partner)
        client.post(OWN_USE, {"product": product().pk, "quantity": 3})
        price = Decimal(240_000) * (100 - terms.level("competency").discount) / 100
        Price.objects.all().delete()

        asked = LicenceRequest.objects.get()

        assert (asked.price, asked.price_most, asked.edition_id) == (price, None, terms.edition)
        page = words(client.get("/portal/licences/"))
        assert f"{formats.money(price, 'ru')} · {asked.edition}".replace("\u00a0", " ") in page

    def test_a3_of_a_range_both_ends_are_kept(self) -> None:
        Price.objects.filter(product=product()).update(list_price=Decimal(100_000), minimum_price=None)
        client = person_of(make_partner(level="competency"))
        client.post(OWN_USE, {"product": product().pk, "quantity": 1})
        terms, asked = terms_on(programme_day()), LicenceRequest.objects.get()
        ends = [100_000 * (100 - percent) / 100 for percent in (terms.own_use_cap, terms.level("competency").discount)]
        assert [asked.price, asked.price_most] == ends
        low, high = (formats.money(end, "ru").replace("\u00a0", " ") for end in ends)
        assert f"от {low} до {high} · {asked.edition}" in words(client.get("/portal/licences/"))

    def test_without_a_price_the_request_keeps_none(self) -> None:
        Price.objects.filter(product=product()).delete()
        person_of(make_partner()).post(OWN_USE, {"product": product().pk, "quantity": 1})
        asked = LicenceRequest.objects.get()
        assert (asked.price, asked.price_most, asked.edition) == (None, None, None)

    def test_the_database_keeps_no_price_of_a_licence_to_demonstrate_with(self) -> None:
        asked = actions.ask_demo(partner=make_partner(), product=product(), actor=None)
        with pytest.raises(IntegrityError), transaction.atomic():
            LicenceRequest.objects.filter(pk=asked.pk).update(price=1, edition=terms_on(programme_day()).edition)

    def test_r58_an_edition_that_gives_a_level_none_gives_none(self) -> None:
        def withheld(data: dict[str, Any]) -> None:
            next(row for row in data["benefits"] if row["key"] == "own-use-licences")["cells"]["retail"] = "no"

        terms_with(withheld)
        partner = make_partner(level="retail")
        with pytest.raises(ValidationError, match="не даёт"):
            actions.ask_own_use(partner=partner, product=product(), quantity=1, actor=None)

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({}, "Требуется заполнить это поле"),
            ({"product": "x", "quantity": "1"}, "Выберите корректный вариант"),
            ({"product": "9" * 40, "quantity": "1"}, "Выберите корректный вариант"),
            ({"product": "\x00", "quantity": "1"}, "запрещённый символ"),
            ({"product": "crm", "quantity": "0"}, "больше либо равно 1"),
            ({"product": "crm", "quantity": "-3"}, "больше либо равно 1"),
            ({"product": "crm", "quantity": "9" * 30}, "меньше либо равно"),
            ({"product": "crm", "quantity": "9" * 5000}, "целое число"),
            ({"product": "crm", "quantity": "1", "note": "a\x00b"}, "не видны и не печатаются"),
        ],
    )
    def test_bad_input_is_said_beside_its_field(self, data: dict[str, str], said: str) -> None:
        if data.get("product") == "crm":
            data = data | {"product": str(product().pk)}
        client = person_of(make_partner())
        for url in (OWN_USE, DEMO):
            response = client.post(url, data)
            assert response.status_code == 200
            assert said in words(response)
        assert not LicenceRequest.objects.exists()

    def test_a_product_that_is_off_sale_or_a_module_is_not_offered(self) -> None:
        module = Product.objects.filter(is_module=True).first()
        assert module is not None
        client = person_of(make_partner())
        assert "корректный вариант" in words(client.post(DEMO, {"product": module.pk, "quantity": 1}))


class TestSeats:
    def test_r56_as_many_a_year_as_the_level_requires_certified(self) -> None:
        partner = make_partner(level="competency")
        for person in ("Анна Первая", "Борис Второй"):
            actions.ask_seat(partner=partner, person=person, actor=None)

        with pytest.raises(actions.OverLimit, match="все они заняты"):
            actions.ask_seat(partner=partner, person="Вера Третья", actor=None)

    def test_the_number_is_the_editions(self) -> None:
        terms_with(lambda data: thresholds(data, "4"))
        assert entitlement_of(make_partner(level="saas"), programme_day()).training_seats == 4

    def test_a_number_in_the_benefits_table_comes_first(self) -> None:
        terms_with(lambda data: seats_of(data, "retail", {"ru": "7", "en": "7"}))
        assert entitlement_of(make_partner(level="retail"), programme_day()).training_seats == 7

    def test_a_promise_without_a_number_is_a_managers_to_measure(self) -> None:
        terms_with(lambda data: seats_of(data, "retail", "yes"))
        partner = make_partner(level="retail")
        assert entitlement_of(partner, programme_day()).training_seats is None
        page = words(person_of(partner).get(SEATS))
        assert "решает менеджер" in page
        assert actions.ask_seat(partner=partner, person="Анна", actor=None).year == programme_day().year

    def test_retail_gets_none(self) -> None:
        partner = make_partner(level="retail")
        with pytest.raises(actions.OverLimit):
            actions.ask_seat(partner=partner, person="Анна", actor=None)
        assert "Ваш уровень обучения не даёт" in words(person_of(partner).get(SEATS))

    def test_a_person_is_asked_for_once_a_year(self) -> None:
        client = person_of(make_partner(level="saas"))
        client.post(SEATS, {"person": "Анна  Первая"})
        assert "уже запрошено" in words(client.post(SEATS, {"person": "Анна Первая"}))
        assert TrainingSeat.objects.count() == 1

    def test_each_year_has_seats_of_its_own(self) -> None:
        with time_machine.travel("2026-12-31T23:59:59+03:00", tick=False):
            partner = make_partner(level="saas")
            for person in ("Анна", "Борис"):
                actions.ask_seat(partner=partner, person=person, actor=None)
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            held = Membership.objects.get(partner=partner)
            Membership.objects.filter(pk=held.pk).update(year=2027, starts=date(2027, 1, 1), until=date(2027, 12, 31))
            assert actions.ask_seat(partner=partner, person="Анна", actor=None).year == 2027


class TestDeciding:
    def asked(self, **facts: Any) -> LicenceRequest:
        return actions.ask_demo(partner=make_partner(**facts), product=product(), actor=make_user())

    def test_is_recorded_with_who_when_and_why(self) -> None:
        asked, manager = self.asked(), make_user()
        actions.refuse(asked=asked, actor=manager, reason="Уже есть")
        asked.refresh_from_db()
        assert (asked.state, asked.decided_by, asked.reason) == (RequestState.REFUSED, manager, "Уже есть")
        entry = ModelLogEntry.objects.get(action=actions.REFUSED, object_id=str(asked.pk))
        assert (entry.user, entry.data["reason"]) == (manager, "Уже есть")

    @pytest.mark.parametrize("reason", ["", "   "])
    def test_a_refusal_says_why(self, reason: str) -> None:
        asked = self.asked()
        with pytest.raises(ValidationError):
            actions.refuse(asked=asked, actor=None, reason=reason)
        asked.refresh_from_db()
        assert asked.state == RequestState.ASKED

    def test_happens_once(self) -> None:
        asked = self.asked()
        actions.grant(asked=asked, actor=None)
        stale = LicenceRequest.objects.get(pk=asked.pk)
        for act in (
            lambda: actions.grant(asked=stale, actor=None),
            lambda: actions.refuse(asked=stale, actor=None, reason="Нет"),
            lambda: actions.cancel(asked=stale, actor=None),
        ):
            with pytest.raises((actions.Overtaken, actions.OverLimit)):
                act()
        assert ModelLogEntry.objects.filter(object_id=str(asked.pk), action=actions.GRANTED).count() == 1

    def test_a_partner_out_of_force_is_granted_nothing(self) -> None:
        asked = self.asked()
        Membership.objects.update(state="suspended", suspended_since=programme_day())
        with pytest.raises(ValidationError, match="приостановлено"):
            actions.grant(asked=asked, actor=None)

    def test_a_manager_gives_no_more_than_the_terms_by_then(self) -> None:
        asked = self.asked()
        terms_with(demo_licences(0))
        with pytest.raises(actions.OverLimit):
            actions.grant(asked=asked, actor=None)

    @pytest.mark.parametrize(
        ("facts", "rule"),
        [
            ({"state": "granted"}, "licencerequest_that_was_decided_says_when"),
            ({"state": "refused", "decided_at": "2026-01-01T00:00:00Z"}, "licencerequest_that_was_refused_says_why"),
        ],
    )
    def test_half_a_fact_is_refused_by_the_database(self, facts: dict[str, str], rule: str) -> None:
        asked = self.asked()
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            LicenceRequest.objects.filter(pk=asked.pk).update(**facts)


class TestPages:
    def test_staff_ask_and_take_back_as_owners_do(self) -> None:
        partner = make_partner()
        client = person_of(partner, Role.STAFF)
        assert client.post(DEMO, {"product": product().pk, "quantity": 1}).status_code == 302
        asked = LicenceRequest.objects.get()
        assert asked.asked_by == partner.team.get().user
        page = client.get("/portal/licences/")
        assert "на рассмотрении" in words(page)
        client.post(f"/portal/licences/{asked.pk}/cancel/")
        asked.refresh_from_db()
        assert asked.state == RequestState.CANCELLED

    def test_what_is_over_the_limit_is_said_in_the_form(self) -> None:
        client = person_of(make_partner())
        page = words(client.post(DEMO, {"product": product().pk, "quantity": 2}))
        assert "Бесплатных лицензий — 1, запрошено и выдано — 0." in page

    def test_taking_back_what_was_decided_changes_nothing(self) -> None:
        partner = make_partner()
        asked = actions.ask_demo(partner=partner, product=product(), actor=None)
        actions.grant(asked=asked, actor=None)
        page = person_of(partner).post(f"/portal/licences/{asked.pk}/cancel/", follow=True)
        assert "изменил кто-то другой" in words(page)
        asked.refresh_from_db()
        assert asked.state == RequestState.GRANTED

    def test_another_companys_requests_are_not_there(self) -> None:
        stranger = make_partner(level="saas")
        licence = actions.ask_demo(partner=stranger, product=product(), actor=None)
        seat = actions.ask_seat(partner=stranger, person="Чужой Человек", actor=None)
        client = person_of(make_partner(level="saas"))
        assert client.post(f"/portal/licences/{licence.pk}/cancel/").status_code == 404
        assert client.post(f"/portal/trainings/{seat.pk}/cancel/").status_code == 404
        assert "Чужой Человек" not in words(client.get(SEATS))
        assert "на рассмотрении" not in words(client.get("/portal/licences/"))

    @pytest.mark.parametrize("url", ["/portal/licences/", DEMO, OWN_USE, SEATS])
    def test_a_stranger_is_sent_to_sign_in_and_english_is_spoken(self, url: str, client: Client) -> None:
        response = client.get(url)
        assert response.status_code == 302
        assert "login" in response["Location"]
        assert person_of(make_partner(level="saas")).get(f"/en{url}").status_code == 200

    def test_a_link_takes_nothing_back(self) -> None:
        partner = make_partner()
        asked = actions.ask_demo(partner=partner, product=product(), actor=None)
        assert person_of(partner).get(f"/portal/licences/{asked.pk}/cancel/").status_code == 405

    @pytest.mark.parametrize("url", ["/portal/licences/", SEATS])
    def test_rows_cost_no_queries(self, url: str) -> None:
        partner = make_partner(level="saas")
        client = person_of(partner)

        def more(count: int) -> None:
            LicenceRequest.objects.bulk_create(
                LicenceRequest(partner=partner, kind=Kind.OWN_USE, product=product(), quantity=number + 1)
                for number in range(count)
            )
            TrainingSeat.objects.bulk_create(
                TrainingSeat(partner=partner, person=f"{number}", year=2026) for number in range(count)
            )

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get(url).status_code == 200
            return len(found)

        more(1)
        queries()
        few = queries()
        more(30)
        assert queries() == few


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_who_ask_at_once_get_one_licence() -> None:
    partner = make_partner()
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def ask() -> None:
        ready.wait()
        try:
            actions.ask_demo(partner=partner, product=product(), actor=None)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert LicenceRequest.objects.filter(partner=partner).count() == 1
    assert len(refused) == 1
