"""A company joins: registers, applies for any level, is answered, signs, and is a partner.

R4, R12, R42, R44, R80, R84, A7, A8.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pypdf import PdfReader
from wagtail.models import ModelLogEntry

from partner_directory import contracts, messages
from partner_directory.actions import applications as actions
from partner_directory.actions import memberships
from partner_directory.actions.companies import CompanyFacts, register_company
from partner_directory.directory import snapshot
from partner_directory.letters.joining import KINDS as LETTERS
from partner_directory.models import (
    Application,
    City,
    JoiningStep,
    Membership,
    Message,
    Partner,
    PrivateFile,
    Specialist,
)
from partner_directory.models.people import Role, TeamMember
from program_pages.models import Level, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.terms import terms_on
from tests.factories.applications import KINDS, REACHED, make_application, make_company, new_inn, new_ogrn, sign, step
from tests.factories.editions import publish_edition
from tests.factories.files import kept, pdf, upload
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import client_of, make_member, make_person
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

State, Ball, Kind = Application.State, Application.Ball, JoiningStep.Kind
PAGES = ("level", "company", "base", "specialists", "scheme", "review")


DRAW = contracts.draw_contract


@pytest.fixture(autouse=True)
def _papers_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A drawing takes a second: only the test of the papers draws."""
    monkeypatch.setattr(contracts, "draw_contract", lambda *_: pdf())


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, Any]]]:
    """Whom the actions have told what: ("partner" or "managers", kind, everything)."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    monkeypatch.setattr(messages, "tell_partner", lambda **facts: found.append(("partner", facts["kind"], facts)))
    monkeypatch.setattr(messages, "tell_managers", lambda **facts: found.append(("managers", facts["kind"], facts)))
    return found


def level(slug: str) -> Level:
    return Level.objects.get(slug=slug)


def url(name: str, *args: Any) -> str:
    return reverse(f"portal:{name}", args=args)


def text_of(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def company_facts(**facts: Any) -> dict[str, Any]:
    """The form of registration, filled."""
    return {
        "legal_name": "ООО «Ромашка»",
        "name": "Ромашка",
        "name_en": "Camomile",
        "inn": new_inn(),
        "ogrn": new_ogrn(),
        "city": "Казань",
        "phone": "8 495 123 45 67",
        "email": "office@romashka.example",
        "site_url": "https://romashka.example",
    } | facts


def error_beside(response: Any, field: str) -> str:
    assert response.status_code == 200
    found = BeautifulSoup(response.content, "html.parser").find(id=f"id_{field}_error")
    assert found is not None, f"no error beside {field}"
    return " ".join(found.get_text(" ").split())


class TestRegistering:
    @pytest.fixture
    def person(self) -> Client:
        client = Client()
        client.force_login(make_person())
        return client

    def test_an_anonymous_visitor_signs_in_first(self, client: Client) -> None:
        assert client.get(url("register")).status_code == 302
        assert client.post(url("register"), company_facts()).status_code == 302
        assert not Partner.objects.exists()

    def test_r4_a_company_registers_and_whoever_did_is_its_owner(self, person: Client) -> None:
        response = person.post(url("register"), company_facts())

        assert response["Location"] == url("joining")
        partner = Partner.objects.get()
        assert (partner.live, partner.phones, str(partner.offices.get().city)) == (False, "+7 495 123-45-67", "Казань")
        assert partner.get_latest_revision_as_object().legal_name_ru == "ООО «Ромашка»"
        seat = partner.team.get()
        assert (seat.role, seat.user_id) == (Role.OWNER, int(person.session["_auth_user_id"]))
        assert ModelLogEntry.objects.filter(action="partner_directory.partner.registered", user=seat.user).exists()

    def test_the_public_directory_does_not_know_it(self, person: Client, client: Client) -> None:
        person.post(url("register"), company_facts(name="Тайная компания"))
        snapshot.forget()
        partner = Partner.objects.get()
        assert "Тайная компания" not in client.get("/partners/").content.decode()
        assert client.get(f"/partners/{partner.slug}/").status_code == 404
        assert "Тайная" not in client.get("/api/v1/partners/").content.decode()

    def test_an_inn_that_is_taken_leads_to_its_owner(self, person: Client) -> None:
        known = make_company()
        response = person.post(url("register"), company_facts(inn=known.inn))

        assert "Попросите её владельца пригласить вас" in error_beside(response, "inn")
        assert Partner.objects.count() == 1

    def test_an_inn_taken_in_the_meantime_is_said_the_same_way(self) -> None:
        known = make_company()
        facts = company_facts(inn=known.inn)
        facts["city"] = City.objects.get(slug="kazan")
        with pytest.raises(ValidationError) as refused:
            register_company(facts=CompanyFacts(**facts), actor=make_user())
        assert list(refused.value.message_dict) == ["inn"]
        assert not TeamMember.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("inn", "7707083894"),
            ("inn", "12"),
            ("inn", "x" * 5000),
            ("inn", ""),
            ("ogrn", "1027700132194"),
            ("ogrn", ""),
            ("phone", "нет"),
            ("email", "нет"),
            ("site_url", "javascript:alert(1)"),
            ("city", "Атлантида"),
            ("city", "Казань, Луна"),
            ("legal_name", ""),
            ("legal_name", "я" * 300),
            ("name", "a\x00b"),
            ("name", "\u202eкомпания"),
            ("city", "\x00"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field(self, person: Client, field: str, value: str) -> None:
        assert error_beside(person.post(url("register"), company_facts(**{field: value})), field)
        assert not Partner.objects.exists()

    def test_an_empty_form_is_said_field_by_field_in_the_readers_language(self, person: Client) -> None:
        with override("en"):
            response = person.post(url("register"), {})
        assert error_beside(response, "legal_name")
        assert BeautifulSoup(response.content, "html.parser").html["lang"] == "en"  # type: ignore[index]

    def test_one_person_does_not_register_companies_without_end(self, person: Client, settings: Any) -> None:
        settings.COMPANIES_OF_ONE_PERSON = 1
        person.post(url("register"), company_facts())
        response = person.post(url("register"), company_facts())
        assert "уже зарегистрировали несколько компаний" in text_of(response)
        assert Partner.objects.count() == 1

    def test_a_city_that_could_be_several_asks_for_its_region(self, person: Client) -> None:
        kazan = City.objects.get(slug="kazan")
        other = City.objects.exclude(region=kazan.region).first()
        assert other is not None
        City.objects.create(
            region=other.region, name_ru="Казань", name_en="Kazan", slug="kazan-2", latitude=1, longitude=1
        )
        assert "допишите регион" in error_beside(person.post(url("register"), company_facts()), "city")
        person.post(url("register"), company_facts(city=f"казань, {kazan.region.name_ru}"))
        assert Partner.objects.get().offices.get().city == kazan


class TestStarting:
    @pytest.mark.parametrize("slug", ["retail", "competency", "saas"])
    def test_r12_any_level_may_be_chosen_at_once(self, slug: str) -> None:
        application = actions.start(partner=make_company(), level=level(slug), actor=make_user())
        assert (application.state, application.ball, application.level.slug) == (State.DRAFT, Ball.COMPANY, slug)

    def test_the_levels_are_those_of_the_terms_in_force_with_their_discounts(self) -> None:
        publish_edition(discounts={"retail": "11", "competency": "22", "saas": "33"}, effective_from=programme_day())
        page = text_of(client_of(make_member(make_company())).get(url("joining")))
        for discount in ("11", "22", "33"):
            assert f"скидка {discount}" in page

    @pytest.mark.parametrize("state", ["active", "suspended", "upcoming"])
    def test_a7_a_partner_of_the_product_line_changes_its_level_another_way(self, state: str) -> None:
        partner = make_company()
        make_membership(partner, level="retail", state=state)
        with pytest.raises(ValidationError, match="без новой заявки"):
            actions.start(partner=partner, level=level("saas"), actor=make_user())
        page = client_of(make_member(partner)).post(url("joining"), {"level": "saas"})
        assert "без новой заявки" in text_of(page)
        assert not Application.objects.exists()

    @pytest.mark.parametrize("state", ["lapsed", "ended"])
    def test_whoever_was_a_partner_once_may_apply_again(self, state: str) -> None:
        partner = make_company()
        make_membership(partner, level="retail", state=state)
        assert actions.start(partner=partner, level=level("saas"), actor=make_user()).pk

    def test_one_open_application_at_a_time(self) -> None:
        application = make_application("draft")
        with pytest.raises(ValidationError, match="незаконченная заявка"):
            actions.start(partner=application.partner, level=level("saas"), actor=make_user())
        actions.withdraw(application=application, actor=make_user())
        assert actions.start(partner=application.partner, level=level("saas"), actor=make_user()).pk

    @pytest.mark.parametrize("data", [{}, {"level": ""}, {"level": "gold"}, {"level": "\x00"}, {"level": "9" * 4000}])
    def test_no_such_level_is_said_beside_the_choice(self, data: dict[str, str]) -> None:
        response = client_of(make_member(make_company())).post(url("joining"), data)
        assert error_beside(response, "level")
        assert not Application.objects.exists()

    def test_staff_start_too_and_are_led_to_the_next_page(self) -> None:
        client = client_of(make_member(make_company(), role=Role.STAFF))
        response = client.post(url("joining"), {"level": "retail"})
        assert response["Location"] == url("application-company", Application.objects.get().pk)


class TestFilling:
    def test_every_page_is_saved_on_its_own(self) -> None:
        application = make_application("draft", level="saas")
        client = client_of(application.partner.team.get())
        client.post(url("application-base", application.pk), {"technical_base": "Сервер", "training": ""})
        client.post(url("application-scheme", application.pk), {"talk_wanted": "on", "saas_scheme": "По месяцам"})
        application.refresh_from_db()
        assert (application.technical_base, application.training) == ("Сервер", "")
        assert (application.talk_wanted, application.saas_scheme) == (True, "По месяцам")
        assert application.state == State.DRAFT

    def test_a_published_profile_is_changed_on_its_own_page_and_the_application_goes_on(self) -> None:
        application = make_application("draft")
        Partner.objects.filter(pk=application.partner_id).update(live=True)
        response = client_of(application.partner.team.get()).get(url("application-company", application.pk))
        main = BeautifulSoup(response.content, "html.parser").select_one(".joining__main")
        assert main is not None
        assert {link["href"] for link in main.select("a")} == {url("profile"), url("application-base", application.pk)}
        assert not main.select("form")
        assert application.partner.inn in main.text

    def test_the_list_of_pages_says_what_is_filled_and_what_is_missing(self) -> None:
        application = make_application("draft", level="saas", ogrn="")
        page = BeautifulSoup(
            client_of(application.partner.team.get()).get(url("application", application.pk)).content, "html.parser"
        )
        states = {item.a.get("href"): item["class"][-1] for item in page.select(".joining-pages__page") if item.a}
        pk = application.pk
        assert states[url("application-level", pk)].endswith("--done")
        assert states[url("application-company", pk)].endswith("--missing")
        assert states[url("application-base", pk)].endswith("--missing")
        assert states[url("application-specialists", pk)].endswith("--optional")
        assert states[url("application-scheme", pk)].endswith("--optional")
        assert "Укажите ОГРН" in page.get_text()

    @pytest.mark.parametrize("slug", ["retail", "competency"])
    def test_r42_only_a_level_that_rents_out_talks_of_a_scheme(self, slug: str) -> None:
        application = make_application("draft", level=slug)
        client = client_of(application.partner.team.get())
        assert client.get(url("application-scheme", application.pk)).status_code == 302
        assert (
            url("application-scheme", application.pk)
            not in client.get(url("application", application.pk)).content.decode()
        )
        with pytest.raises(ValidationError):
            actions.save(application=application, answers={"talk_wanted": True}, actor=make_user())

    def test_another_level_forgets_the_scheme_it_has_no_use_for(self) -> None:
        application = make_application("draft", level="saas")
        actions.save(application=application, answers={"talk_wanted": True, "saas_scheme": "…"}, actor=make_user())
        client_of(application.partner.team.get()).post(url("application-level", application.pk), {"level": "retail"})
        application.refresh_from_db()
        assert (application.level.slug, application.talk_wanted, application.saas_scheme) == ("retail", False, "")

    def test_company_facts_are_corrected_without_publishing(self) -> None:
        application = make_application("draft")
        client = client_of(application.partner.team.get())
        page = client.get(url("application-company", application.pk))
        assert application.partner.inn in page.content.decode()
        facts = company_facts(inn=application.partner.inn, name="Василёк")
        assert client.post(url("application-company", application.pk), facts).status_code == 302
        partner = Partner.objects.get()
        assert (partner.name_ru, partner.live) == ("Василёк", False)
        assert partner.get_latest_revision_as_object().name_ru == "Василёк"

    def test_the_inn_of_another_company_is_refused_here_too(self) -> None:
        other, application = make_company(), make_application("draft")
        response = client_of(application.partner.team.get()).post(
            url("application-company", application.pk), company_facts(inn=other.inn)
        )
        assert "уже зарегистрирована" in error_beside(response, "inn")

    def test_a_published_profile_is_changed_on_its_own_page(self) -> None:
        seat = make_member(make_partner(level=None, inn=new_inn()))
        application = make_application("draft", seat=seat)
        before = Partner.objects.get().name_ru
        response = client_of(seat).post(url("application-company", application.pk), company_facts())
        assert "Профиль компании опубликован" in text_of(response)
        assert Partner.objects.get().name_ru == before

    @pytest.mark.parametrize("reached", [name for name in REACHED if name not in {"draft", "filled", "returned"}])
    def test_what_is_submitted_is_not_changed_any_more(self, reached: str) -> None:
        application = make_application(reached)
        client = client_of(application.partner.team.get())
        for page in PAGES:
            address = url(f"application-{page}", application.pk)
            assert client.get(address)["Location"] == url("application", application.pk)
            assert client.post(address, {"technical_base": "Другое"}).status_code == 302
        with pytest.raises(actions.Overtaken):
            actions.save(application=application, answers={"technical_base": "Другое"}, actor=make_user())
        after = Application.objects.get()
        assert (after.technical_base, after.state) == (application.technical_base, application.state)

    @pytest.mark.parametrize("words", ["a\x00b", "я" * 5000])
    def test_bad_words_are_said_beside_their_field(self, words: str) -> None:
        application = make_application("draft")
        client = client_of(application.partner.team.get())
        response = client.post(url("application-base", application.pk), {"technical_base": words})
        assert error_beside(response, "technical_base")


class TestSpecialists:
    def data(self, **facts: Any) -> dict[str, Any]:
        return {
            "name_ru": "Анна Смирнова",
            "certificate": "AC-17",
            "certified_on": "2026-03-15",
            "scan": upload(),
        } | facts

    @pytest.fixture
    def application(self) -> Application:
        return make_application("draft")

    def test_r29_a_claim_with_its_scan_counts_once_a_manager_has_seen_it(self, application: Application) -> None:
        client = client_of(application.partner.team.get())
        assert client.post(url("application-specialists", application.pk), self.data()).status_code == 302
        specialist = Specialist.objects.get()
        assert (specialist.state, specialist.partner, specialist.certified_on) == (
            "claimed", application.partner, date(2026, 3, 15),
        )  # fmt: skip
        assert specialist.scan is not None
        page = client.get(url("application-specialists", application.pk))
        assert url("file", specialist.scan.pk) in page.content.decode()
        assert "подтверждено 0 из 2" in text_of(page)
        assert client.get(url("file", specialist.scan.pk)).status_code == 200

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name_ru", ""),
            ("certificate", "x" * 100),
            ("certificate", "a\x00"),
            ("certified_on", "2999-01-01"),
            ("certified_on", "0001-01-01"),
            ("certified_on", "31.02.2026"),
            ("certified_on", "9" * 400),
            ("scan", ""),
            ("scan", upload(b"<html></html>", "scan.pdf")),
        ],
    )
    def test_bad_input_leaves_neither_a_claim_nor_a_file(
        self, application: Application, field: str, value: Any
    ) -> None:
        client = client_of(application.partner.team.get())
        response = client.post(url("application-specialists", application.pk), self.data(**{field: value}))
        assert error_beside(response, field)
        assert not Specialist.objects.exists()
        assert not PrivateFile.objects.exists()

    def test_a_certificate_is_named_once_and_the_second_scan_is_not_kept(self, application: Application) -> None:
        client = client_of(application.partner.team.get())
        client.post(url("application-specialists", application.pk), self.data())
        again = client.post(url("application-specialists", application.pk), self.data(certificate="ac-17"))
        assert "уже указала" in error_beside(again, "certificate")
        assert (Specialist.objects.count(), PrivateFile.objects.count()) == (1, 1)


class TestSubmitting:
    def test_what_is_missing_leads_to_where_it_is_filled_in(self) -> None:
        application = make_application("draft", legal_name_ru="")
        client = client_of(application.partner.team.get())
        response = client.post(url("application-review", application.pk))
        assert response.status_code == 409
        summary = BeautifulSoup(response.content, "html.parser").select_one(".error-summary")
        assert summary is not None
        links = {link["href"] for link in summary.select("a")}
        assert links == {url("application-company", application.pk), url("application-base", application.pk)}
        application.refresh_from_db()
        assert application.state == State.DRAFT

    def test_r80_it_is_submitted_under_the_edition_in_force_by_a_person_at_a_time(self, told: Any) -> None:
        application = make_application("filled")
        seat = application.partner.team.get()
        with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
            response = client_of(seat).post(url("application-review", application.pk))
            now = timezone.now()
        assert response["Location"] == url("application", application.pk)
        application.refresh_from_db()
        assert (application.state, application.ball, application.ball_since) == (State.SUBMITTED, Ball.VENDOR, now)
        assert (application.submitted_by, application.submitted_at) == (seat.user, now)
        assert application.edition == TermsEdition.objects.in_force(date(2026, 11, 10))
        assert [(whom, kind) for whom, kind, _ in told] == [("managers", "application-submitted")]

    def test_a_company_without_any_requirement_met_may_submit(self) -> None:
        assert make_application("submitted", level="saas").state == State.SUBMITTED

    def test_twice_is_once(self, told: Any) -> None:
        application = make_application("filled")
        actions.submit(application=application, actor=make_user())
        with pytest.raises(actions.Overtaken):
            actions.submit(application=application, actor=make_user())
        assert len(told) == 1
        assert ModelLogEntry.objects.filter(action=actions.SUBMITTED).count() == 1

    def test_staff_fill_it_in_and_an_owner_submits(self) -> None:
        application = make_application("filled")
        staff = client_of(make_member(application.partner, role=Role.STAFF))
        assert "Подаёт заявку владелец" in text_of(staff.get(url("application-review", application.pk)))
        assert staff.post(url("application-review", application.pk)).status_code == 403
        application.refresh_from_db()
        assert application.state == State.DRAFT

    def test_a_level_that_the_terms_no_longer_have_is_asked_for_no_more(self) -> None:
        application = make_application("filled", level="saas")

        def without_saas(data: dict[str, Any]) -> None:
            for rows in ("level_terms", "requirements", "clauses"):
                data[rows] = [row for row in data[rows] if row.get("level") != "saas"]
            for rows, cells in (("benefits", "cells"), ("bonuses", "points")):
                for row in data[rows]:
                    if isinstance(row.get(cells), dict):
                        row[cells].pop("saas", None)
                    elif row.get(cells):
                        row[cells] = [cell for cell in row[cells] if cell["level"] != "saas"]

        tomorrow = programme_day() + timedelta(days=1)
        edition = publish_edition(effective_from=tomorrow, change=without_saas)
        assert all(each.slug != "saas" for each in terms_on(edition.effective_from).levels)
        with time_machine.travel(timezone.now() + timedelta(days=2)):
            client = client_of(application.partner.team.get())
            response = client.post(url("application-review", application.pk))
            assert "такого уровня нет" in text_of(response)
            assert client.get(url("application", application.pk)).status_code == 200
        application.refresh_from_db()
        assert application.state == State.DRAFT


class TestDeciding:
    def test_returned_with_questions_it_is_the_companys_again_and_may_be_resubmitted(self, told: Any) -> None:
        application = make_application("submitted")
        told.clear()
        manager = make_user()
        returned = actions.send_back(application=application, reason="Где сертификат?", actor=manager)
        assert (returned.state, returned.ball, returned.decided_by) == (State.RETURNED, Ball.COMPANY, manager)
        page = text_of(client_of(application.partner.team.get()).get(url("application", application.pk)))
        assert "Где сертификат?" in page
        assert str(manager) not in page
        again = actions.submit(application=application, actor=make_user())
        assert (again.state, again.ball, again.reason) == (State.SUBMITTED, Ball.VENDOR, "")
        assert [(whom, kind) for whom, kind, _ in told] == [
            ("partner", "application-returned"),
            ("managers", "application-submitted"),
        ]
        assert told[0][2]["facts"]["reason"] == "Где сертификат?"
        assert told[0][2]["url"] == f"/portal/joining/{application.pk}/"

    def test_rejected_it_says_why_and_another_may_be_started(self, told: Any) -> None:
        application = make_application("rejected")
        assert (application.state, application.ball) == (State.REJECTED, Ball.NOBODY)
        client = client_of(application.partner.team.get())
        assert "Нет технической базы." in text_of(client.get(url("application", application.pk)))
        assert client.post(url("joining"), {"level": "retail"}).status_code == 302
        assert told[-1][1] == "application-rejected"

    def test_r84_accepted_it_has_its_contracts_with_the_levels_code_and_the_edition(self, told: Any) -> None:
        application = make_application("submitted", level="saas")
        accepted = actions.accept(application=application, actor=make_user())
        assert (accepted.state, accepted.ball) == (State.ACCEPTED, Ball.COMPANY)
        registration, accession, licence = accepted.steps.all()
        assert (registration.kind, registration.done_at) == (Kind.REGISTRATION, application.submitted_at)
        assert registration.done_by == application.submitted_by
        for paper in (accession, licence):
            assert (paper.contract_code, paper.edition_id) == (str(level("saas").contract_code), application.edition_id)
            assert paper.document is not None
            assert paper.document.partner == application.partner
            assert paper.done_at is None
        assert told[-1][1] == "application-accepted"

    @pytest.mark.parametrize(
        "decide",
        [
            lambda row: actions.accept(application=row, actor=None),
            lambda row: actions.send_back(application=row, reason="…", actor=None),
            lambda row: actions.reject(application=row, reason="…", actor=None),
        ],
    )
    @pytest.mark.parametrize("first", ["accepted", "returned", "rejected", "withdrawn", "joined"])
    def test_two_managers_decide_once(self, decide: Callable[[Application], object], first: str, told: Any) -> None:
        application = make_application(first)
        told.clear()
        entries = ModelLogEntry.objects.count()
        stale = Application.objects.get()
        stale.state = State.SUBMITTED
        with pytest.raises(actions.Overtaken):
            decide(stale)
        after = Application.objects.get()
        assert (after.state, after.reason) == (application.state, application.reason)
        assert (ModelLogEntry.objects.count(), told) == (entries, [])

    def test_without_pdf_nothing_is_accepted_and_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        application = make_application("submitted")
        monkeypatch.setattr(actions, "pdf_available", lambda: False)
        with pytest.raises(ValidationError, match="нельзя сделать PDF"):
            actions.accept(application=application, actor=None)
        application.refresh_from_db()
        assert application.state == State.SUBMITTED
        assert not JoiningStep.objects.exists()

    def test_a7_whoever_got_a_level_in_the_meantime_is_not_accepted(self) -> None:
        application = make_application("submitted")
        make_membership(application.partner, level="retail")
        with pytest.raises(ValidationError, match="без новой заявки"):
            actions.accept(application=application, actor=None)

    @pytest.mark.parametrize("reached", ["draft", "submitted", "returned", "accepted", "signed"])
    def test_the_owner_withdraws_while_it_is_open(self, reached: str, told: Any) -> None:
        application = make_application(reached)
        told.clear()
        client = client_of(application.partner.team.get())
        address = url("application-withdraw", application.pk)
        assert client.get(address).status_code == 200
        assert Application.objects.get().state != State.WITHDRAWN
        client.post(address)
        assert Application.objects.get().state == State.WITHDRAWN
        assert len(told) == (0 if reached == "draft" else 1)
        assert client.post(address).status_code == 302
        assert ModelLogEntry.objects.filter(action=actions.WITHDRAWN).count() == 1


class TestSigning:
    def test_the_ball_passes_once_both_copies_are_there(self, told: Any) -> None:
        application = make_application("accepted")
        told.clear()
        assert sign(application, Kind.ACCESSION).ball == Ball.COMPANY
        assert told == []
        assert sign(application, Kind.LICENCE).ball == Ball.VENDOR
        assert [kind for _, kind, _ in told] == ["application-signed"]

    def test_an_owner_downloads_the_contracts_and_uploads_the_signed_ones(self) -> None:
        application = make_application("accepted")
        seat = application.partner.team.get()
        client, paper = client_of(seat), step(application, Kind.LICENCE)
        page = client.get(url("application", application.pk)).content.decode()
        assert paper.document is not None
        assert url("file", paper.document.pk) in page
        response = client.post(url("application-signed", application.pk, "licence"), {"licence-signed": upload()})
        assert response["Location"] == url("application", application.pk)
        paper.refresh_from_db()
        assert paper.signed is not None
        assert paper.signed.uploaded_by == seat.user

    @pytest.mark.parametrize("sent", [None, upload(b"PK\x03\x04", "signed.pdf")])
    def test_a_bad_copy_is_refused_beside_its_field(self, sent: Any) -> None:
        application = make_application("accepted")
        client = client_of(application.partner.team.get())
        data = {"licence-signed": sent} if sent else {}
        response = client.post(url("application-signed", application.pk, "licence"), data)
        assert error_beside(response, "licence-signed")
        assert step(application, Kind.LICENCE).signed is None

    @pytest.mark.parametrize("kind", ["registration", "gold"])
    def test_only_contracts_are_signed(self, kind: str) -> None:
        application = make_application("accepted")
        client = client_of(application.partner.team.get())
        response = client.post(url("application-signed", application.pk, kind), {f"{kind}-signed": upload()})
        assert response.status_code == 404

    def test_staff_do_not_sign(self) -> None:
        application = make_application("accepted")
        staff = client_of(make_member(application.partner, role=Role.STAFF))
        response = staff.post(url("application-signed", application.pk, "licence"), {"licence-signed": upload()})
        assert response.status_code == 403
        assert "загружает владелец" in text_of(staff.get(url("application", application.pk)))

    def test_a_marked_contract_takes_no_other_copy_and_no_file_is_left(self) -> None:
        application = make_application("signed")
        actions.mark_signed(step=step(application, Kind.LICENCE), actor=None)
        files = PrivateFile.objects.count()
        client = client_of(application.partner.team.get())
        response = client.post(url("application-signed", application.pk, "licence"), {"licence-signed": upload()})
        assert "изменил кто-то другой" in text_of(client.get(response["Location"]))
        assert PrivateFile.objects.count() == files

    def test_the_file_of_another_company_is_no_signed_copy(self) -> None:
        application = make_application("accepted")
        with pytest.raises(ValidationError):
            actions.upload_signed(step=step(application, Kind.LICENCE), signed=kept(make_company()), actor=make_user())

    def test_a_wrong_copy_goes_back_with_its_reason(self, told: Any) -> None:
        application = make_application("signed")
        told.clear()
        returned = actions.return_signed(
            step=step(application, Kind.ACCESSION), reason="Нет второй страницы", actor=make_user()
        )
        assert (returned.state, returned.ball) == (State.ACCEPTED, Ball.COMPANY)
        assert step(application, Kind.ACCESSION).signed is None
        assert [(whom, kind) for whom, kind, _ in told] == [("partner", "application-signature-returned")]
        page = text_of(client_of(application.partner.team.get()).get(url("application", application.pk)))
        assert "Нет второй страницы" in page

    def test_a_copy_that_was_replaced_since_it_was_looked_at_is_not_marked(self) -> None:
        application = make_application("signed")
        looked_at = step(application, Kind.LICENCE)
        sign(application, Kind.LICENCE)
        for decide in (
            lambda: actions.mark_signed(step=looked_at, actor=None),
            lambda: actions.return_signed(step=looked_at, reason="…", actor=None),
        ):
            with pytest.raises(actions.Overtaken):
                decide()
        assert step(application, Kind.LICENCE).done_at is None


class TestJoining:
    def test_a8_membership_begins_when_all_three_steps_are_marked_until_31_december(self, told: Any) -> None:
        manager = make_user()
        with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
            application = make_application("signed", level="saas")
            told.clear()
            first = actions.mark_signed(step=step(application, Kind.LICENCE), actor=manager)
            assert (first.state, Membership.objects.count()) == (State.ACCEPTED, 0)
            joined = actions.mark_signed(step=step(application, Kind.ACCESSION), actor=manager)
        assert (joined.state, joined.ball) == (State.JOINED, Ball.NOBODY)
        membership = joined.membership
        assert membership is not None
        assert (membership.starts, membership.until) == (date(2026, 11, 10), date(2026, 12, 31))
        assert (membership.level.slug, membership.granted_by) == ("saas", manager)
        marked = JoiningStep.objects.filter(application=application, kind__in=KINDS)
        assert all(row.done_by == manager and row.done_at is not None for row in marked)
        assert [(whom, kind) for whom, kind, _ in told] == [("partner", "application-joined")]
        assert told[0][2]["facts"]["until"] == "31.12.2026"

    def test_each_person_gets_one_letter_for_it(self) -> None:
        application = make_application("signed", level="retail")
        Message.objects.all().delete()
        for kind in (Kind.LICENCE, Kind.ACCESSION):
            actions.mark_signed(step=step(application, kind), actor=None)
        assert list(Message.objects.values_list("kind", flat=True)) == ["application-joined"]

    def test_the_profile_is_published_and_the_directory_lists_it(self, client: Client) -> None:
        application = make_application("joined", name_ru="Явная компания", slug="visible")
        snapshot.forget()
        assert Partner.objects.get().live
        assert "Явная компания" in client.get("/partners/").content.decode()
        assert client.get("/partners/visible/").status_code == 200
        page = text_of(client_of(application.partner.team.get()).get(url("application", application.pk)))
        assert "Делать больше ничего не нужно" in page

    def test_a_manager_with_the_right_to_decide_needs_none_to_publish(self) -> None:
        application = make_application("signed")
        for kind in KINDS:
            actions.mark_signed(step=step(application, kind), actor=make_user())
        assert Partner.objects.get().live

    def test_what_fails_at_the_end_leaves_everything_as_it_was(self, monkeypatch: pytest.MonkeyPatch) -> None:
        application = make_application("signed")
        actions.mark_signed(step=step(application, Kind.LICENCE), actor=None)
        before = ModelLogEntry.objects.count()

        def refuse(**_: Any) -> None:
            raise ValidationError("Нет")

        monkeypatch.setattr(actions.partners, "publish", refuse)
        with pytest.raises(ValidationError):
            actions.mark_signed(step=step(application, Kind.ACCESSION), actor=None)
        assert Application.objects.get().state == State.ACCEPTED
        assert step(application, Kind.ACCESSION).done_at is None
        assert (Membership.objects.count(), ModelLogEntry.objects.count()) == (0, before)

    def test_marking_twice_is_once(self) -> None:
        application = make_application("signed")
        seen = step(application, Kind.LICENCE)
        actions.mark_signed(step=seen, actor=None)
        with pytest.raises(actions.Overtaken):
            actions.mark_signed(step=seen, actor=None)

    def test_a7_a_level_granted_by_hand_in_the_meantime_is_said(self) -> None:
        application = make_application("signed")
        memberships.grant(partner=application.partner, level=level("retail"), actor=None)
        actions.mark_signed(step=step(application, Kind.LICENCE), actor=None)
        with pytest.raises(ValidationError, match="уже есть уровень"):
            actions.mark_signed(step=step(application, Kind.ACCESSION), actor=None)
        assert Application.objects.get().state == State.ACCEPTED

    def test_r12_nobody_is_promoted(self) -> None:
        application = make_application("joined", level="retail")
        Specialist.objects.bulk_create(
            Specialist(partner=application.partner, name_ru="…", certificate=f"C-{n}", certified_on=date(2026, 1, 1))
            for n in range(5)
        )
        assert [row.level.slug for row in Membership.objects.all()] == ["retail"]


class TestPapers:
    def test_both_contracts_are_filled_from_the_application(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(contracts, "draw_contract", DRAW)
        application = make_application("submitted", level="saas", legal_name_ru="ООО «Ромашка <b>и</b> Ко»")
        with time_machine.travel("2026-11-10T12:00:00+03:00"), override("en"):
            actions.accept(application=application, actor=None)
        terms = terms_on(programme_day())
        for kind in KINDS:
            document = step(application, kind).document
            assert document is not None
            reader = PdfReader(BytesIO(document.file.read()))
            words = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
            for fact in (
                "ООО «Ромашка <b>и</b> Ко»",
                application.partner.inn,
                application.partner.ogrn,
                terms.level("saas").name.ru,
                terms.name.ru,
                "10 ноября 2026",
                f"{application.pk}-{level('saas').contract_code}",
            ):
                assert fact in words.replace("\xa0", " "), (kind, fact)
            assert document.name == f"{kind.label} № {application.pk}-{level('saas').contract_code}.pdf"
            assert document.content_type == "application/pdf"

    def test_they_speak_russian_and_fetch_nothing_but_own_styles(self) -> None:
        application = make_application("submitted")
        with override("en"):
            html = contracts.contract_html(application, Kind.ACCESSION, terms_on(programme_day()), programme_day())
        page = BeautifulSoup(html, "html.parser")
        assert page.html["lang"] == "ru"  # type: ignore[index]
        assert not page.select("script, img")
        assert "31 декабря" in page.get_text().replace("\xa0", " ")


class TestLetters:
    def test_every_kind_that_actions_name_has_its_wording(self, told: Any) -> None:
        make_application("withdrawn")
        for reached in ("joined", "returned", "rejected"):
            make_application(reached)
        application = make_application("signed")
        actions.return_signed(step=step(application, Kind.LICENCE), reason="…", actor=None)
        actions.withdraw(application=application, actor=make_user())
        wording = {letter.key: letter for letter in LETTERS}
        assert {kind for _, kind, _ in told} == set(wording)
        for _whom, kind, facts in told:
            letter = wording[kind]
            for text in (str(letter.subject), str(letter.text)):
                assert text.format(**{"company": "…", "link": "…"} | facts["facts"])
                assert text.format(**{"company": "…", "link": "…"} | dict(letter.sample))

    def test_every_happening_has_a_key_of_its_own(self, told: Any) -> None:
        application = make_application("returned")
        actions.submit(application=application, actor=make_user())
        actions.send_back(application=application, reason="Ещё раз", actor=None)
        keys = [facts["key"] for _, _, facts in told]
        assert len(keys) == len(set(keys)) == 4


class TestWhoMaySee:
    @pytest.mark.parametrize("name", ["application", *(f"application-{page}" for page in (*PAGES, "withdraw"))])
    def test_another_companys_application_is_not_there(self, name: str, client: Client) -> None:
        application = make_application("filled", level="saas")
        address = url(name, application.pk)
        stranger = client_of(make_member(make_company()))
        assert stranger.get(address).status_code == 404
        assert stranger.post(address, {}).status_code in {404, 405}
        assert client.get(address).status_code == 302
        own = client_of(application.partner.team.get())
        assert own.get(address).status_code == 200
        assert own.get(f"/en{address}").status_code == 200

    @pytest.mark.parametrize("key", ["0", "9" * 40])
    def test_numbers_that_no_row_has(self, key: str) -> None:
        client = client_of(make_member(make_company()))
        assert client.get(f"/portal/joining/{key}/").status_code == 404
        assert client.post(f"/portal/joining/{key}/signed/licence/").status_code == 404

    def test_another_companys_contract_is_not_signed(self) -> None:
        application = make_application("accepted")
        stranger = client_of(make_member(make_company()))
        address = url("application-signed", application.pk, "licence")
        assert stranger.post(address, {"licence-signed": upload()}).status_code == 404
        assert step(application, Kind.LICENCE).signed is None

    def test_a_person_of_no_company_is_led_to_register_one(self) -> None:
        client = Client()
        client.force_login(make_person())
        assert client.get(url("joining"))["Location"] == url("register")
        assert client.get(url("register")).status_code == 200

    @pytest.mark.parametrize("reached", REACHED)
    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_the_application_says_where_it_is_in_both_languages(self, reached: str, language: str) -> None:
        application = make_application(reached, level="saas")
        client = client_of(application.partner.team.get())
        with override(language):
            addresses = [url("application", application.pk), url("home"), url("joining")]
            state = str(application.get_state_display())
        page, home, joining = (client.get(address) for address in addresses)
        assert {page.status_code, home.status_code, joining.status_code} == {200}
        assert state in text_of(page)
        assert (addresses[0] in home.content.decode()) == (application.state in Application.OPEN)


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_rows_cost_no_queries() -> None:
    application = make_application("signed", level="saas")
    seat = application.partner.team.get()
    client = client_of(seat)
    addresses = [url("joining"), url("application", application.pk), url("home")]

    def more(count: int) -> None:
        Application.objects.bulk_create(
            Application(partner=application.partner, level=application.level,
                        product_line=application.product_line, state=State.WITHDRAWN)
            for _ in range(count)
        )  # fmt: skip
        now = timezone.now()
        Specialist.objects.bulk_create(
            Specialist(partner=application.partner, name_ru="…", certificate=f"{now:%f}-{n}", state="claimed",
                       certified_on=date(2026, 1, 1), scan=kept(application.partner) if n < 2 else None)
            for n in range(count)
        )  # fmt: skip
        for _ in range(count):
            ModelLogEntry.objects.log_action(application, actions.RETURNED, user=seat.user, data={"reason": "…"})

    more(5)
    few = [queries(client, address) for address in addresses]
    more(60)
    assert [queries(client, address) for address in addresses] == few


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
class TestAtOnce:
    """Several people do the same at the same moment: it happens once."""

    def together(self, count: int, act: Callable[[], object]) -> list[Exception]:
        refused: list[Exception] = []
        ready = threading.Barrier(count)

        def run() -> None:
            ready.wait()
            try:
                act()
            except ValidationError as error:
                refused.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return refused

    def test_four_managers_accept_one_application(self) -> None:
        application = make_application("submitted")
        refused = self.together(4, lambda: actions.accept(application=application, actor=None))
        assert len(refused) == 3
        assert JoiningStep.objects.count() == 3
        assert PrivateFile.objects.count() == 2
        assert ModelLogEntry.objects.filter(action=actions.ACCEPTED).count() == 1

    def test_a_double_submit(self) -> None:
        application = make_application("filled")
        actor = application.created_by
        assert actor is not None
        refused = self.together(2, lambda: actions.submit(application=application, actor=actor))
        assert len(refused) == 1
        assert ModelLogEntry.objects.filter(action=actions.SUBMITTED).count() == 1

    def test_two_managers_mark_the_two_contracts(self) -> None:
        application = make_application("signed")
        steps = [step(application, kind) for kind in KINDS]
        refused = self.together(2, lambda: actions.mark_signed(step=steps.pop(), actor=None))
        assert refused == []
        assert Application.objects.get().state == State.JOINED
        assert Membership.objects.count() == 1

    def test_four_managers_mark_the_last_contract(self) -> None:
        application = make_application("signed")
        actions.mark_signed(step=step(application, Kind.LICENCE), actor=None)
        last = step(application, Kind.ACCESSION)
        assert len(self.together(4, lambda: actions.mark_signed(step=last, actor=None))) == 3
        assert Membership.objects.count() == 1

    def test_a_company_registers_twice(self) -> None:
        facts = company_facts()
        facts["city"] = City.objects.get(slug="kazan")
        actor = make_user()
        refused = self.together(2, lambda: register_company(facts=CompanyFacts(**facts), actor=actor))
        assert len(refused) == 1
        assert (Partner.objects.count(), TeamMember.objects.count()) == (1, 1)
