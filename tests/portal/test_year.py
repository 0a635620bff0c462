"""The membership of the year: renewed by its owner on one screen, changed, left; and what is shown of it (R44, R45)."""

from __future__ import annotations

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
from django.urls import reverse
from wagtail.models import ModelLogEntry

from partner_directory.actions import level_changes, memberships, renewals
from partner_directory.models import (
    AnnouncementCheck,
    LevelChange,
    MarketingActivity,
    Membership,
    Partner,
    Specialist,
)
from partner_directory.models.facts import FactState
from partner_directory.models.people import Role
from partner_directory.portal.year.card import shelf_of
from partner_directory.year.renewal import readiness_of_one
from program_pages.models import Level
from program_pages.models.edition import programme_day
from tests.admin.forms import said
from tests.factories.editions import publish_edition
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import client_of, make_member

pytestmark = pytest.mark.django_db

State, Ending = Membership.State, Membership.Ending
YEAR = "/portal/year/"


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def at(moment: str) -> Any:
    return time_machine.travel(moment if "T" in moment else f"{moment}T12:00:00+03:00", tick=False)


def level(slug: str) -> Level:
    return Level.objects.get(slug=slug)


def owner_of(partner: Partner) -> Client:
    return client_of(make_member(partner))


def staff_of(partner: Partner) -> Client:
    return client_of(make_member(partner, role=Role.STAFF))


def whole_competency(**fields: Any) -> Partner:
    """A partner that meets every requirement of its level."""
    partner = make_partner(level="competency", specialists=2, **fields)
    MarketingActivity.objects.create(
        partner=partner,
        title="Статья",
        done_on=date(2026, 9, 1),
        state=FactState.CONFIRMED,
        decided_at="2026-09-02T12:00:00+03:00",
    )
    AnnouncementCheck.objects.create(partner=partner, url="https://example.org/", found=True)
    return partner


def renew_url(partner: Partner) -> str:
    return f"{YEAR}{partner.memberships.earliest('starts').pk}/renew/"


class TestTheScreen:
    def test_says_the_level_its_days_and_what_is_left(self) -> None:
        text = said(owner_of(make_partner()).get(YEAR))
        for words in ("ASoft Retail", "1 января 2026", "31 декабря 2026", "51 д", "истекает"):
            assert words in text

    def test_r45_a_partner_that_meets_the_conditions_has_one_button(self) -> None:
        page = BeautifulSoup(owner_of(whole_competency()).get(YEAR).content, "html.parser")
        [form] = page.find_all("form", action=lambda action: action and action.endswith("/renew/"))
        assert form["method"] == "post"
        assert "Продлить на 2027 год" in form.get_text()

    def test_r45_one_that_does_not_reads_what_is_missing_and_has_none(self) -> None:
        response = owner_of(make_partner(level="competency", specialists=1)).get(YEAR)
        text = said(response)
        assert "1 из 2, не хватает 1" in text
        assert "/renew/" not in response.content.decode()

    def test_staff_reads_it_and_decides_nothing(self) -> None:
        response = staff_of(make_partner()).get(YEAR)
        assert "может владелец" in said(response)
        for address in ("/renew/", "/leave/", "/level/"):
            assert address not in response.content.decode()

    def test_before_the_renewal_opens_it_says_when(self) -> None:
        with at("2026-10-31T23:59:59+03:00"):
            response = owner_of(make_partner()).get(YEAR)
        assert "1 ноября 2026 г. откроется продление" in said(response)
        assert "/renew/" not in response.content.decode()

    def test_a11_says_that_there_is_no_grace(self) -> None:
        text = said(owner_of(make_partner()).get(YEAR))
        assert "истечёт 1 января 2027" in text
        assert "Отсрочки после 31 декабря нет" in text

    def test_a11_says_how_long_the_grace_is_and_that_it_runs(self) -> None:
        edition = publish_edition(grace_days=5)
        partner = make_partner(level=None)
        make_membership(partner, edition=edition)
        assert "истечёт 6 января 2027" in said(owner_of(partner).get(YEAR))
        with at("2027-01-05T23:59:59+03:00"):
            assert "Идут дни отсрочки" in said(owner_of(partner).get(YEAR))
        with at("2027-01-06T00:00:00+03:00"):
            assert "Участие закончилось" in said(owner_of(partner).get(YEAR))

    def test_a_lapsed_partner_reads_how_to_rejoin(self) -> None:
        text = said(owner_of(make_partner(state="lapsed")).get(YEAR))
        assert "истекло" in text
        assert "Чтобы вернуться, подайте заявку" in text

    def test_a_company_that_never_joined_sees_no_membership(self) -> None:
        assert "Уровня пока нет" in said(owner_of(make_partner(level=None)).get(YEAR))

    def test_a_suspended_one_reads_why_and_cannot_renew(self) -> None:
        partner = make_partner()
        memberships.suspend(membership=partner.memberships.get(), actor=None, reason="Нет отчёта")
        response = owner_of(partner).get(YEAR)
        assert "Нет отчёта" in said(response)
        assert "/renew/" not in response.content.decode()

    def test_one_that_is_to_end_soon_says_when_and_offers_no_renewal(self) -> None:
        partner = make_partner()
        memberships.end(
            membership=partner.memberships.get(), how=Ending.TERMINATED, actor=None, reason="…", on=date(2026, 11, 20)
        )
        response = owner_of(partner).get(YEAR)
        assert "оно действует по 20 ноября 2026" in said(response)
        for address in ("/renew/", "/leave/", "/level/"):
            assert address not in response.content.decode()

    def test_earlier_years_stand_below(self) -> None:
        partner = make_partner()
        make_membership(partner, state="lapsed")
        assert "продлено" in said(owner_of(partner).get(YEAR))

    @pytest.mark.parametrize(
        ("prefix", "words"), [("", "Участие в программе"), ("/en", "ASoft Retail")], ids=["ru", "en"]
    )
    def test_in_both_languages(self, prefix: str, words: str) -> None:
        client = owner_of(make_partner())
        for address in (YEAR, f"{YEAR}{Membership.objects.get().pk}/leave/"):
            response = client.get(prefix + address)
            assert response.status_code == 200
        assert words in said(client.get(prefix + YEAR))

    def test_costs_the_same_for_one_year_and_for_many(self) -> None:
        partner = make_partner(level="competency")
        client = owner_of(partner)
        few = _queries(lambda: client.get(YEAR))
        for year in range(2000, 2025):
            days = {"year": year, "starts": date(year, 1, 1), "until": date(year, 12, 31)}
            make_membership(partner, refresh=False, **days)
        assert _queries(lambda: client.get(YEAR)) == few


class TestRenewing:
    def test_r45_one_press_renews_for_the_next_year_in_the_owners_name(self) -> None:
        partner = whole_competency()
        seat = make_member(partner)
        response = client_of(seat).post(renew_url(partner), follow=True)

        renewed = partner.memberships.get(year=2027)
        assert (renewed.starts, renewed.until, renewed.granted_by) == (date(2027, 1, 1), date(2027, 12, 31), seat.user)
        assert "Следующий год продлён" in said(response)
        assert ModelLogEntry.objects.get(action=memberships.RENEWED).user == seat.user

    def test_pressed_twice_it_renews_once(self) -> None:
        partner = whole_competency()
        client = owner_of(partner)
        client.post(renew_url(partner))
        assert "Уже продлено по 31 декабря 2027" in said(client.post(renew_url(partner)))
        assert partner.memberships.count() == 2

    @pytest.mark.parametrize(
        ("spoil", "words"),
        [
            (lambda partner: partner.specialists.first().delete(), "1 из 2"),
            (lambda partner: partner.marketingactivitys.all().delete(), "не выполнено"),
            (lambda partner: AnnouncementCheck.objects.all().delete(), "не выполнено"),
            (lambda partner: _leaves(partner, date(2026, 11, 9)), "1 из 2"),
        ],
        ids=["a specialist is gone", "no activity", "no announcement", "a specialist has left"],
    )
    def test_r45_what_is_missing_at_this_moment_is_refused_and_named(
        self, spoil: Callable[[Partner], object], words: str
    ) -> None:
        partner = whole_competency()
        client = owner_of(partner)
        assert "/renew/" in client.get(YEAR).content.decode()
        spoil(partner)
        text = said(client.post(renew_url(partner)))
        assert "Ничего не изменилось" in text
        assert words in text
        assert partner.memberships.count() == 1

    def test_r69_specialists_who_will_have_left_by_the_end_of_the_term_are_refused(self) -> None:
        partner = whole_competency()
        _leaves(partner, date(2026, 12, 31))
        with pytest.raises(ValidationError, match="на 31"):
            renewals.renew_by_partner(membership=partner.memberships.get(), actor=None)

    def test_r69_who_leaves_after_the_term_is_there_at_its_end(self) -> None:
        partner = whole_competency()
        _leaves(partner, date(2027, 1, 1))
        assert renewals.renew_by_partner(membership=partner.memberships.get(), actor=None).year == 2027

    def test_r69_in_the_days_of_grace_the_specialists_must_be_there_now_too(self) -> None:
        edition = publish_edition(grace_days=10)
        partner = whole_competency()
        Membership.objects.update(edition=edition)
        person = _leaves(partner, date(2027, 1, 2))
        with at("2027-01-03"):
            with pytest.raises(ValidationError, match="не хватает 1'"):
                renewals.renew_by_partner(membership=partner.memberships.get(), actor=None)
            Specialist.objects.filter(pk=person.pk).update(left_on=None)
            assert renewals.renew_by_partner(membership=partner.memberships.get(), actor=None).year == 2027

    def test_r23_retail_has_nothing_to_prove(self) -> None:
        partner = make_partner(level="retail")
        owner_of(partner).post(renew_url(partner))
        assert partner.memberships.count() == 2

    def test_a11_not_before_it_opens(self) -> None:
        with at("2026-10-31T23:59:59+03:00"):
            partner = make_partner()
            assert "1 ноября 2026 г. откроется продление" in said(owner_of(partner).post(renew_url(partner)))
        assert partner.memberships.count() == 1

    def test_a11_to_the_last_second_of_the_year_in_moscow(self) -> None:
        partner, late = make_partner(), make_partner()
        with at("2026-12-31T23:59:59+03:00"):
            owner_of(partner).post(renew_url(partner))
        with at("2027-01-01T00:00:00+03:00"):
            assert "уже не действует" in said(owner_of(late).post(renew_url(late)))
        assert (partner.memberships.count(), late.memberships.count()) == (2, 1)

    @pytest.mark.parametrize("state", ["suspended", "ended", "lapsed", "upcoming"])
    def test_what_does_not_run_is_not_renewed_by_its_partner(self, state: str) -> None:
        partner = make_partner(state=state)
        with pytest.raises(ValidationError):
            renewals.renew_by_partner(membership=partner.memberships.get(), actor=None)
        assert partner.memberships.count() == 1

    def test_a_manager_may_renew_in_spite_of_what_is_missing(self) -> None:
        partner = make_partner(level="competency")
        renewed = memberships.renew(membership=partner.memberships.get(), actor=None, reason="Договорились")
        assert (renewed.year, renewed.reason) == (2027, "Договорились")

    def test_a_level_that_the_next_edition_lacks_is_not_renewed(self) -> None:
        partner = make_partner(level="saas")
        publish_edition(effective_from=date(2027, 1, 1), change=_without_saas)
        response = owner_of(partner).get(YEAR)
        assert "этого уровня нет" in said(response)
        with pytest.raises(ValidationError):
            renewals.renew_by_partner(membership=partner.memberships.get(), actor=None)

    def test_it_takes_the_same_queries_whatever_is_recorded(self) -> None:
        partner = whole_competency()
        membership = partner.memberships.get()
        few = _queries(lambda: readiness_of_one(membership, programme_day()))
        for _ in range(10):
            _one_more_activity(partner)
        assert _queries(lambda: readiness_of_one(membership, programme_day())) == few


class TestANewEdition:
    def test_r83_its_differences_are_shown_old_and_new_and_bar_nothing(self) -> None:
        partner = make_partner()
        publish_edition(effective_from=date(2027, 1, 1), discounts={"retail": "12.5"}, name_ru="Условия 2027")
        page = BeautifulSoup(owner_of(partner).get(YEAR).content, "html.parser")
        rows = [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in page.select("tbody tr")]
        assert ["Скидка на лицензии", "10\u00a0%", "12,5\u00a0%"] in rows
        assert "Условия 2027" in page.get_text()
        assert "/renew/" in str(page)

    def test_another_levels_numbers_are_not_shown(self) -> None:
        partner = make_partner()
        publish_edition(effective_from=date(2027, 1, 1), discounts={"saas": "30"})
        assert "не меняются" in said(owner_of(partner).get(YEAR))

    def test_where_the_edition_stays_nothing_is_said(self) -> None:
        assert "Что изменится" not in said(owner_of(make_partner()).get(YEAR))

    def test_every_kind_of_difference_is_said_in_words(self) -> None:
        partner = make_partner(level="competency")
        publish_edition(effective_from=date(2027, 1, 1), change=_other_in_everything)
        [card] = shelf_of(partner, programme_day()).cards
        said_all = {(each.label.split(":")[0], each.before, each.after) for each in card.differences}
        assert ("Техническая поддержка, от стоимости лицензий", "10\u00a0%", "по договорённости") in said_all
        assert ("Может сдавать лицензии в аренду", "нет", "да") in said_all
        assert ("Бесплатных лицензий для показа", "1", "3") in said_all
        assert ("Требование", "не менее 2", "не менее 4") in said_all
        assert ("Требование", "не менее 50\u00a0%", "больше 50\u00a0%") in said_all
        assert any(part == "Бонус" and after == "+7\u00a0%" for part, _before, after in said_all)


class TestAnotherLevel:
    def ask(self, partner: Partner, to: str = "saas") -> LevelChange:
        return level_changes.ask(membership=partner.memberships.get(), level=level(to), wish="Растём", actor=None)

    def test_a7_an_owner_asks_and_says_why(self) -> None:
        partner = make_partner()
        url = f"{YEAR}{partner.memberships.get().pk}/level/"
        response = owner_of(partner).post(url, {"level": level("saas").pk, "wish": "Растём"}, follow=True)
        assert "на рассмотрении" in said(response)
        change = LevelChange.objects.get()
        assert (change.level.slug, change.wish) == ("saas", "Растём")
        assert ModelLogEntry.objects.filter(action=level_changes.ASKED).count() == 1

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"level": "999999999999999999999", "wish": "…"},
            {"level": "retail", "wish": "…"},
            {"level": "\x00", "wish": "\x00"},
            {"wish": "x" * 2001},
        ],
        ids=["nothing", "huge", "words", "nul", "too long"],
    )
    def test_bad_input_is_said_beside_the_field_and_writes_nothing(self, data: dict[str, str]) -> None:
        partner = make_partner()
        response = owner_of(partner).post(f"{YEAR}{partner.memberships.get().pk}/level/", data)
        page = BeautifulSoup(response.content, "html.parser")
        assert response.status_code == 200
        assert page.select(".field__error")
        assert not LevelChange.objects.exists()

    def test_the_same_level_cannot_be_chosen(self) -> None:
        partner = make_partner()
        url = f"{YEAR}{partner.memberships.get().pk}/level/"
        response = owner_of(partner).post(url, {"level": level("retail").pk, "wish": "…"})
        assert BeautifulSoup(response.content, "html.parser").select("#id_level_error")
        with pytest.raises(ValidationError):
            self.ask(partner, "retail")

    def test_asked_twice_it_is_asked_once(self) -> None:
        partner = make_partner()
        self.ask(partner)
        with pytest.raises(ValidationError):
            self.ask(partner, "competency")
        url = f"{YEAR}{partner.memberships.get().pk}/level/"
        owner_of(partner).post(url, {"level": level("saas").pk, "wish": "…"})
        assert LevelChange.objects.count() == 1

    def test_a7_an_edition_may_let_no_level_be_changed(self) -> None:
        partner = make_partner()
        publish_edition(level_change_within_year=False)
        response = owner_of(partner).get(YEAR)
        assert "/level/" not in response.content.decode()
        with pytest.raises(ValidationError):
            self.ask(partner)

    @pytest.mark.parametrize("state", ["suspended", "ended", "lapsed", "upcoming"])
    def test_only_what_is_in_force_changes(self, state: str) -> None:
        with pytest.raises(ValidationError):
            self.ask(make_partner(state=state))

    def test_a7_granted_one_membership_closes_and_the_next_opens(self) -> None:
        partner = make_partner()
        level_changes.grant(change=self.ask(partner), actor=None, reason="Готовы")
        before, after = partner.memberships.order_by("starts")
        assert (before.ended_how, before.until) == (Ending.LEVEL_CHANGED, date(2026, 11, 9))
        assert (after.level.slug, after.starts, after.until) == ("saas", date(2026, 11, 10), date(2026, 12, 31))
        assert LevelChange.objects.get().state == "granted"

    def test_what_the_membership_refuses_leaves_the_request_open(self) -> None:
        partner = make_partner()
        change = self.ask(partner)
        with pytest.raises(ValidationError):
            level_changes.grant(change=change, actor=None, on=date(2027, 5, 1))
        assert LevelChange.objects.get().state == "asked"
        assert partner.memberships.count() == 1

    @pytest.mark.parametrize("first", ["grant", "refuse", "cancel"])
    @pytest.mark.parametrize("second", ["grant", "refuse", "cancel"])
    def test_of_two_decisions_the_first_holds(self, first: str, second: str) -> None:
        change = self.ask(make_partner())
        decide: dict[str, Callable[[], object]] = {
            "grant": lambda: level_changes.grant(change=change, actor=None),
            "refuse": lambda: level_changes.refuse(change=change, actor=None, reason="Рано"),
            "cancel": lambda: level_changes.cancel(change=change, actor=None),
        }
        decide[first]()
        state = LevelChange.objects.get().state
        with pytest.raises(level_changes.Overtaken):
            decide[second]()
        assert LevelChange.objects.get().state == state

    def test_a_refusal_is_read_where_it_was_asked(self) -> None:
        partner = make_partner()
        level_changes.refuse(change=self.ask(partner), actor=None, reason="Нет специалистов")
        response = owner_of(partner).get(YEAR)
        assert "Нет специалистов" in said(response)
        assert "/level/" in response.content.decode()

    def test_an_owner_may_think_better_of_it(self) -> None:
        partner = make_partner()
        change = self.ask(partner)
        owner_of(partner).post(f"{YEAR}level/{change.pk}/cancel/")
        assert LevelChange.objects.get().state == "cancelled"
        assert "уже решён или отозван" in said(owner_of(partner).post(f"{YEAR}level/{change.pk}/cancel/"))

    def test_half_a_decision_is_refused_by_the_database(self) -> None:
        change = self.ask(make_partner())
        for facts in ({"state": "granted"}, {"state": "refused", "decided_at": "2026-11-10T12:00:00+03:00"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                LevelChange.objects.filter(pk=change.pk).update(**facts)


class TestLeaving:
    def test_its_consequences_are_read_first(self) -> None:
        partner = make_partner()
        text = said(owner_of(partner).get(f"{YEAR}{partner.memberships.get().pk}/leave/"))
        for words in ("нет в каталоге", "логотипы", "подают новую заявку"):
            assert words in text

    def test_a_company_leaves_today_in_its_own_words(self) -> None:
        partner = make_partner()
        seat = make_member(partner)
        url = f"{YEAR}{partner.memberships.get().pk}/leave/"
        response = client_of(seat).post(url, {"reason": "Закрываемся", "understood": "on"}, follow=True)
        ended = partner.memberships.get()
        assert (ended.ended_how, ended.until, ended.reason) == (Ending.WITHDRAWN, date(2026, 11, 10), "Закрываемся")
        assert ModelLogEntry.objects.get(action=memberships.ENDED).user == seat.user
        assert "оно действует по 10 ноября 2026" in said(response)
        with at("2026-11-11"):
            assert "Чтобы вернуться, подайте заявку" in said(client_of(seat).get(YEAR))

    @pytest.mark.parametrize("data", [{}, {"reason": "…"}, {"understood": "on"}, {"reason": " ", "understood": "on"}])
    def test_not_without_a_reason_and_a_yes(self, data: dict[str, str]) -> None:
        partner = make_partner()
        response = owner_of(partner).post(f"{YEAR}{partner.memberships.get().pk}/leave/", data)
        assert BeautifulSoup(response.content, "html.parser").select(".field__error")
        assert partner.memberships.get().state == State.GRANTED

    def test_what_was_renewed_and_asked_for_ends_with_it(self) -> None:
        partner = make_partner()
        current = partner.memberships.get()
        memberships.renew(membership=current, actor=None)
        level_changes.ask(membership=current, level=level("saas"), wish="…", actor=None)
        renewals.leave(membership=current, actor=None, reason="…")
        assert set(partner.memberships.values_list("state", flat=True)) == {State.ENDED}
        assert LevelChange.objects.get().state == "cancelled"

    def test_left_twice_it_is_left_once(self) -> None:
        membership = make_partner().memberships.get()
        renewals.leave(membership=membership, actor=None, reason="…")
        with pytest.raises(memberships.Overtaken):
            renewals.leave(membership=membership, actor=None, reason="Второй раз")
        membership.refresh_from_db()
        assert membership.reason == "…"


class TestWhoMay:
    def addresses(self, partner: Partner) -> list[tuple[str, str]]:
        membership = partner.memberships.get()
        change = level_changes.ask(membership=membership, level=level("saas"), wish="…", actor=None)
        return [
            ("post", f"{YEAR}{membership.pk}/renew/"),
            ("get", f"{YEAR}{membership.pk}/level/"),
            ("post", f"{YEAR}{membership.pk}/level/"),
            ("get", f"{YEAR}{membership.pk}/leave/"),
            ("post", f"{YEAR}{membership.pk}/leave/"),
            ("post", f"{YEAR}level/{change.pk}/cancel/"),
        ]

    def test_a_stranger_signs_in_first(self, client: Client) -> None:
        for method, address in [("get", YEAR), *self.addresses(make_partner())]:
            response = getattr(client, method)(address)
            assert response.status_code == 302
            assert "login" in response["Location"]

    def test_staff_decides_nothing_and_another_company_finds_nothing(self) -> None:
        partner = make_partner()
        staff, stranger = staff_of(partner), owner_of(make_partner())
        for method, address in self.addresses(partner):
            assert getattr(staff, method)(address, {"reason": "…", "understood": "on"}).status_code == 403, address
            assert getattr(stranger, method)(address, {"reason": "…", "understood": "on"}).status_code == 404, address
        assert partner.memberships.get().state == State.GRANTED
        assert LevelChange.objects.get().state == "asked"

    def test_what_writes_is_no_link(self) -> None:
        partner = make_partner()
        client = owner_of(partner)
        assert client.get(renew_url(partner)).status_code == 405
        assert client.post(YEAR).status_code == 405
        assert client.get(f"{YEAR}level/1/cancel/").status_code == 405

    @pytest.mark.parametrize("number", ["0", "999999999999999999999999"])
    def test_what_does_not_exist_is_not_found(self, number: str) -> None:
        client = owner_of(make_partner())
        assert client.post(f"{YEAR}{number}/renew/").status_code == 404
        assert client.get(f"{YEAR}{number}/leave/").status_code == 404
        assert client.post(f"{YEAR}level/{number}/cancel/").status_code == 404

    def test_a_forged_form_is_refused(self) -> None:
        partner = make_partner()
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_member(partner).user)
        assert client.post(renew_url(partner)).status_code == 403
        assert partner.memberships.count() == 1


class TestTheHomePage:
    def home(self, partner: Partner) -> str:
        return said(owner_of(partner).get(reverse("portal:home")))

    def test_what_waits_for_the_company_is_said(self) -> None:
        assert "продлите участие одной кнопкой" in self.home(make_partner())
        assert "не выполнено 3 услови" in self.home(make_partner(level="competency"))

    def test_before_the_renewal_opens_nothing_waits(self) -> None:
        with at("2026-06-01"):
            text = self.home(make_partner())
        assert "действует, по 31 декабря 2026" in text
        assert "Продлить" not in text

    def test_a_lapsed_a_suspended_and_a_renewed_one(self) -> None:
        assert "Вернуться можно в любой день" in self.home(make_partner(state="lapsed"))
        assert "приостановлено" in self.home(make_partner(state="suspended"))
        renewed = make_partner()
        memberships.renew(membership=renewed.memberships.get(), actor=None)
        assert "Следующий год уже продлён" in self.home(renewed)

    def test_a_company_without_a_level_has_no_such_panel(self) -> None:
        panels = owner_of(make_partner(level=None)).get(reverse("portal:home")).context["panels"]
        assert reverse("portal:year") not in [panel.url for panel in panels]


def _leaves(partner: Partner, day: date) -> Specialist:
    person = partner.specialists.first()
    assert person is not None
    Specialist.objects.filter(pk=person.pk).update(left_on=day)
    return person


def _one_more_activity(partner: Partner) -> None:
    MarketingActivity.objects.create(
        partner=partner,
        title="Ещё",
        done_on=date(2026, 9, 1),
        state=FactState.CONFIRMED,
        decided_at="2026-09-02T12:00:00+03:00",
    )


def _without_saas(data: dict[str, Any]) -> None:
    data["level_terms"] = [row for row in data["level_terms"] if row["level"] != "saas"]
    data["requirements"] = [row for row in data["requirements"] if row["level"] != "saas"]
    data["clauses"] = [row for row in data["clauses"] if row.get("level") != "saas"]
    for benefit in data["benefits"]:
        benefit["cells"] = {slug: cell for slug, cell in benefit.get("cells", {}).items() if slug != "saas"}
    for bonus in data["bonuses"]:
        bonus["points"] = {slug: points for slug, points in bonus["points"].items() if slug != "saas"}


def _other_in_everything(data: dict[str, Any]) -> None:
    terms = next(row for row in data["level_terms"] if row["level"] == "competency")
    terms |= {"support_percent": None, "may_rent_out": True, "demo_licences": 3}
    for row in data["requirements"]:
        if row["level"] == "competency" and row["kind"] == "certified_specialists":
            row["threshold"] = "4"
        if row["level"] == "competency" and row["kind"] == "reviews_share":
            row["strict"] = True
    support = next(row for row in data["clauses"] if row["code"] == "R51")
    support["text"] = {"ru": "По договорённости.", "en": "By agreement."}
    data["bonuses"][0]["points"]["competency"] = str(Decimal(7))


def _queries(act: Callable[[], object]) -> int:
    act()  # what a process looks up once
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
