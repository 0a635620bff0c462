"""Events: said beforehand, confirmed once the day has come, and only then a matter for the bonus (R21, R63, R74)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from partner_directory.actions import events as actions
from partner_directory.models import EventParticipation, Partner, PrivateFile
from partner_directory.models.facts import FactState
from partner_directory.models.people import Role
from program_pages.models import Event
from program_pages.models.edition import programme_day
from tests.factories.files import kept, upload
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

Kind = EventParticipation.Kind
EVENTS, OWN = "/portal/events/", "/portal/events/own/"


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def event(*, days: int = 10, category: Event.Category = Event.Category.ATTEND, **facts: Any) -> Event:
    """An event of the vendor's list, so many days from today."""
    starts = programme_day() + timedelta(days=days)
    defaults = {"title_ru": "Встреча", "title_en": "Meeting", "starts": starts, "category": category}
    return Event.objects.create(**defaults | facts)


def person_of(partner: Partner, role: Role = Role.OWNER) -> Client:
    return client_of(make_member(partner, role=role))


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


class TestSaying:
    @pytest.mark.parametrize("level", ["retail", "competency", "saas"])
    def test_r21_every_level_takes_part(self, level: str) -> None:
        row = actions.take_part(partner=make_partner(level=level), event=event(), actor=None, people=2)
        assert (row.kind, row.state, row.people) == (Kind.ATTENDED, FactState.CLAIMED, 2)

    def test_r74_holds_one_of_the_list_or_its_own(self) -> None:
        partner, listed = make_partner(), event(category=Event.Category.HOST)
        of_list = actions.host_own(partner=partner, event=listed, actor=None)
        own = actions.host_own(partner=partner, title="CRM для банков", held_on=date(2026, 12, 1), actor=None)
        assert (of_list.held_on, str(of_list)) == (listed.starts, "Встреча")
        assert (own.kind, str(own)) == (Kind.HOSTED, "CRM для банков")

    def test_once_an_event(self) -> None:
        partner, listed = make_partner(), event()
        actions.take_part(partner=partner, event=listed, actor=None)
        with pytest.raises(ValidationError, match="уже записано"):
            actions.take_part(partner=partner, event=listed, actor=None, people=2)

    def test_sent_twice_it_is_one(self) -> None:
        partner, listed = make_partner(), event()
        for _time in range(2):
            actions.take_part(partner=partner, event=listed, actor=None)
            actions.host_own(partner=partner, title="Своё", held_on=programme_day(), actor=None)
        assert EventParticipation.objects.count() == 2
        assert ModelLogEntry.objects.filter(action=actions.CLAIMED).count() == 2

    def test_again_after_it_was_refused(self) -> None:
        partner, listed = make_partner(), event()
        actions.refuse(
            participation=actions.take_part(partner=partner, event=listed, actor=None), actor=None, reason="Ошибка"
        )
        assert actions.take_part(partner=partner, event=listed, actor=None).state == FactState.CLAIMED

    def test_not_what_is_over_but_what_lasts(self) -> None:
        partner = make_partner()
        with pytest.raises(ValidationError, match="уже прошло"):
            actions.take_part(partner=partner, event=event(days=-1), actor=None)
        lasting = event(days=-1, ends=programme_day())
        assert actions.take_part(partner=partner, event=lasting, actor=None).pk

    @pytest.mark.parametrize("state", ["suspended", "lapsed", "ended", "upcoming"])
    def test_only_with_a_level_in_force(self, state: str) -> None:
        partner = make_partner(state=state)
        with pytest.raises(ValidationError):
            actions.take_part(partner=partner, event=event(), actor=None)
        with pytest.raises(ValidationError):
            actions.host_own(partner=partner, title="Своё", held_on=programme_day(), actor=None)
        assert not EventParticipation.objects.exists()

    @pytest.mark.parametrize("day", [date(2025, 12, 31), date(2028, 1, 1), None])
    def test_an_own_event_is_of_this_year_or_the_next(self, day: date | None) -> None:
        with pytest.raises(ValidationError):
            actions.host_own(partner=make_partner(), title="Своё", held_on=day, actor=None)

    def test_takes_back_what_nobody_has_decided(self) -> None:
        partner = make_partner()
        row = actions.take_part(partner=partner, event=event(), actor=None)
        stale = EventParticipation.objects.get(pk=row.pk)
        actions.withdraw(participation=row, actor=None)
        assert not EventParticipation.objects.exists()
        assert ModelLogEntry.objects.filter(action=actions.WITHDRAWN).count() == 1
        with pytest.raises(actions.Overtaken):
            actions.withdraw(participation=stale, actor=None)


class TestEvidence:
    def test_a_file_comes_with_what_is_said(self) -> None:
        partner = make_partner()
        data = {"title": "Своё", "held_on": "2026-12-01", "people": "15", "evidence": upload(name="Программа.pdf")}
        person_of(partner).post(OWN, data)
        file = EventParticipation.objects.get().evidence
        assert file is not None
        assert (file.name, file.partner) == ("Программа.pdf", partner)

    def test_or_after_the_event_in_the_place_of_the_one_before(self) -> None:
        partner, listed = make_partner(), event(days=0)
        client = person_of(partner)
        row = actions.take_part(partner=partner, event=listed, actor=None, evidence=kept(partner))
        address = f"/portal/events/{row.pk}/file/"
        assert address in client.get(EVENTS).content.decode()
        with time_machine.travel("2026-11-20T12:00:00+03:00", tick=False):
            assert client.get(address).status_code == 200
            page = words(client.post(address, {"evidence": upload(name="Снимок.pdf")}, follow=True))
        assert "Файл приложен" in page
        assert "Снимок.pdf" in page
        assert [file.name for file in PrivateFile.objects.all()] == ["Снимок.pdf"]
        assert ModelLogEntry.objects.filter(action=actions.ATTACHED).count() == 1

    @pytest.mark.parametrize("data", [{}, {"evidence": SimpleUploadedFile("a.exe", b"MZ")}], ids=["nothing", "program"])
    def test_what_is_no_file_is_refused_beside_its_field(self, data: dict[str, Any]) -> None:
        partner = make_partner()
        row = actions.take_part(partner=partner, event=event(), actor=None)
        page = person_of(partner).post(f"/portal/events/{row.pk}/file/", data)
        assert BeautifulSoup(page.content, "html.parser").select_one("#id_evidence_error")
        assert not PrivateFile.objects.exists()

    def test_not_once_it_was_decided(self) -> None:
        partner = make_partner()
        row = actions.take_part(partner=partner, event=event(days=0), actor=None)
        actions.confirm(participation=row, actor=None)
        client = person_of(partner)
        assert f"/portal/events/{row.pk}/file/" not in client.get(EVENTS).content.decode()
        assert "изменил кто-то другой" in words(client.post(f"/portal/events/{row.pk}/file/", {"evidence": upload()}))
        assert not PrivateFile.objects.exists()

    def test_never_another_companys_file_or_row(self) -> None:
        partner, other = make_partner(), make_partner()
        row = actions.take_part(partner=partner, event=event(), actor=None)
        with pytest.raises(ValidationError, match="другой компании"):
            actions.attach(participation=row, evidence=kept(other), actor=None)
        page = person_of(other).post(f"/portal/events/{row.pk}/file/", {"evidence": upload()})
        assert page.status_code == 404

    def test_withdrawn_it_takes_its_file_along(self) -> None:
        partner = make_partner()
        row = actions.take_part(partner=partner, event=event(), actor=None, evidence=kept(partner))
        actions.withdraw(participation=row, actor=None)
        assert not PrivateFile.objects.exists()


class TestDeciding:
    def test_r74_is_confirmed_only_once_the_day_has_come(self) -> None:
        row = actions.take_part(partner=make_partner(), event=event(days=1), actor=None)
        with pytest.raises(ValidationError, match="не раньше"):
            actions.confirm(participation=row, actor=None)
        with time_machine.travel("2026-11-11T00:00:00+03:00", tick=False):
            manager = make_user()
            actions.confirm(participation=row, actor=manager)
        row.refresh_from_db()
        assert (row.state, row.decided_by) == (FactState.CONFIRMED, manager)
        assert EventParticipation.objects.confirmed().get() == row

    def test_a_last_second_before_the_day_is_too_early(self) -> None:
        row = actions.take_part(partner=make_partner(), event=event(days=1), actor=None)
        with (
            time_machine.travel("2026-11-10T23:59:59+03:00", tick=False),
            pytest.raises(ValidationError, match="не раньше"),
        ):
            actions.confirm(participation=row, actor=None)

    def test_a_refusal_says_why(self) -> None:
        row = actions.take_part(partner=make_partner(), event=event(), actor=None)
        with pytest.raises(ValidationError):
            actions.refuse(participation=row, actor=None, reason=" ")

    def test_happens_once(self) -> None:
        row = actions.take_part(partner=make_partner(), event=event(days=0), actor=None)
        actions.confirm(participation=row, actor=None)
        for act in (
            lambda: actions.confirm(participation=row, actor=None),
            lambda: actions.refuse(participation=row, actor=None, reason="Нет"),
            lambda: actions.withdraw(participation=row, actor=None),
        ):
            with pytest.raises(actions.Overtaken):
                act()
        row.refresh_from_db()
        assert row.state == FactState.CONFIRMED


class TestPages:
    def test_the_way_of_a_person(self) -> None:
        partner, listed = make_partner(), event()
        client = person_of(partner, Role.STAFF)
        assert "Участвовать" in words(client.get(EVENTS))
        page = client.post(f"/portal/events/{listed.pk}/", {"people": "2", "text": "Придём вдвоём"}, follow=True)
        assert "Вы участвуете." in words(page)
        row = EventParticipation.objects.get()
        assert (row.people, row.recorded_by) == (2, partner.team.get().user)
        client.post(f"/portal/events/{row.pk}/withdraw/")
        assert not EventParticipation.objects.exists()

    def test_an_event_to_hold_is_held_and_the_points_are_the_terms(self) -> None:
        partner, listed = make_partner(level="saas"), event(category=Event.Category.HOST)
        client = person_of(partner)
        soup = BeautifulSoup(client.get(EVENTS).content, "html.parser")
        assert soup.select_one(".event-item__points") is not None
        client.post(f"/portal/events/{listed.pk}/", {"people": "30"})
        assert EventParticipation.objects.get().kind == Kind.HOSTED

    def test_an_own_event_by_its_title_and_day(self) -> None:
        client = person_of(make_partner())
        client.post(OWN, {"title": "CRM\nдля  банков", "held_on": "2026-12-01", "people": "15"})
        row = EventParticipation.objects.get()
        assert (row.title, row.held_on, row.event) == ("CRM для банков", date(2026, 12, 1), None)

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            ({}, "Требуется заполнить это поле"),
            ({"title": "Своё", "held_on": "вчера", "people": "1"}, "правильную дату"),
            ({"title": "Своё", "held_on": "0000-00-00", "people": "1"}, "правильную дату"),
            ({"title": "Своё", "held_on": "9999-12-31", "people": "1"}, "этого года или следующего"),
            ({"title": "Своё", "held_on": "2026-12-01", "people": "0"}, "больше либо равно 1"),
            ({"title": "Своё", "held_on": "2026-12-01", "people": "9" * 40}, "меньше либо равно"),
            ({"title": "a\x00b", "held_on": "2026-12-01", "people": "1"}, "не видны и не печатаются"),
            ({"title": "x" * 201, "held_on": "2026-12-01", "people": "1"}, "не более 200"),
        ],
    )
    def test_bad_input_is_said_and_nothing_written(self, data: dict[str, str], said: str) -> None:
        response = person_of(make_partner()).post(OWN, data)
        assert response.status_code == 200
        assert said in words(response)
        assert not EventParticipation.objects.exists()

    def test_what_is_over_or_not_there_is_404(self) -> None:
        client = person_of(make_partner())
        for pk in (event(days=-5).pk, 0, int("9" * 30)):
            assert client.get(f"/portal/events/{pk}/").status_code == 404

    def test_another_companys_record_is_not_there(self) -> None:
        row = actions.host_own(partner=make_partner(), title="Чужое", held_on=programme_day(), actor=None)
        client = person_of(make_partner())
        assert client.post(f"/portal/events/{row.pk}/withdraw/").status_code == 404
        assert "Чужое" not in words(client.get(EVENTS))

    def test_a_stranger_is_sent_to_sign_in_and_english_is_spoken(self, client: Client) -> None:
        listed = event()
        for url in (EVENTS, OWN, f"/portal/events/{listed.pk}/"):
            assert "login" in client.get(url)["Location"]
        page = words(person_of(make_partner()).get(f"/en{EVENTS}"))
        assert "Meeting" in page

    def test_rows_cost_no_queries(self) -> None:
        partner = make_partner()
        client = person_of(partner)

        def more(count: int) -> None:
            for _number in range(count):
                actions.take_part(partner=partner, event=event(), actor=None)

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get(EVENTS).status_code == 200
            return len(found)

        more(1)
        queries()
        few = queries()
        more(15)
        assert queries() == few
