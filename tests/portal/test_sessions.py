"""Sessions: people see where they are signed in and end what is not theirs; idle and old ones end by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from accounts import devices, lives
from accounts.models import User
from partner_directory.actions import people
from partner_directory.actions import sessions as actions
from partner_directory.models.people import Role
from partner_directory.portal.people.export import everything_about
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from tests.admin.conftest import member_of, signed_in
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, make_member, make_person
from tests.factories.users import make_superuser

pytestmark = pytest.mark.django_db

PASSWORD = "a-long-password-of-ours"
ADDRESS = "/account/sessions/"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1 Version/18.5 Mobile Safari/604.1"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def person() -> User:
    found: User = make_person(email="known@example.org", password=PASSWORD)
    return found


def sign_in(browser: str = FIREFOX, email: str = "known@example.org", **given: str) -> Client:
    """Somebody signs in with a browser of their own."""
    client = Client(headers={"user-agent": browser})
    response = client.post("/account/login/", {"login": email, "password": PASSWORD} | given)
    assert response.status_code == 302
    return client


def end(client: Client, session: object) -> Any:
    """Ends a session, or the others, once the password is shown again."""
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    return client.post(ADDRESS, {"session": str(session)}, follow=True)


def confirmed(user: Any) -> Any:
    """A person of the vendor who can sign in by the form."""
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def is_in(client: Client) -> bool:
    return client.get("/portal/account/").status_code == 200


def listed(client: Client) -> list[str]:
    soup = BeautifulSoup(client.get(ADDRESS).content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in soup.select("main .account__row")]


class TestOnesOwn:
    def test_are_listed_with_their_device_the_present_one_first(self, person: User) -> None:
        sign_in(SAFARI)
        here = sign_in()
        first, second = listed(here)
        assert first.startswith("Firefox, Windows Это устройство Вход ")
        assert second.startswith("Safari, iPhone Вход ")
        assert "127.0.0.1" in first

    @pytest.mark.parametrize("language", ["", "/en"])
    def test_are_led_to_from_ones_account_in_both_languages(self, person: User, language: str) -> None:
        here = sign_in()
        assert f"{language}{ADDRESS}" in here.get(f"{language}/portal/account/").content.decode()
        assert here.get(f"{language}{ADDRESS}").status_code == 200

    def test_one_is_ended_at_once_and_the_others_go_on(self, person: User) -> None:
        lost, kept, here = sign_in(SAFARI), sign_in(), sign_in()
        key = UserSession.objects.get(session_key=lost.session.session_key).pk
        end(here, key)
        assert [is_in(each) for each in (lost, kept, here)] == [False, True, True]

    def test_all_others_are_ended_at_once(self, person: User) -> None:
        others, here = [sign_in(), sign_in(SAFARI)], sign_in()
        page = end(here, "others").content.decode()
        assert "Завершено сеансов: 2." in page
        assert [is_in(each) for each in (*others, here)] == [False, False, True]

    def test_ending_is_recorded_without_address_and_device(self, person: User) -> None:
        sign_in(SAFARI)
        end(sign_in(), "others")
        row = ModelLogEntry.objects.get(action=actions.ENDED)
        assert (row.user, row.data) == (person, {"ended": 1})

    def test_nobody_ends_anothers(self, person: User) -> None:
        here = sign_in()
        other = sign_in(email=make_person(password=PASSWORD).email)
        key = UserSession.objects.exclude(user=person).get().pk
        assert end(here, key).status_code == 404
        assert is_in(other)

    @pytest.mark.parametrize("wanted", ["", "x\x00", "-1", "99999999999999999999"])
    def test_nonsense_ends_nothing(self, person: User, wanted: str) -> None:
        here = sign_in()
        assert end(here, wanted).status_code == 404
        assert is_in(here)

    def test_are_ended_by_whoever_has_just_shown_who_they_are(self, person: User) -> None:
        other, here = sign_in(), sign_in()
        asked = here.post(ADDRESS, {"session": "others"})["Location"]
        assert asked.startswith("/account/reauthenticate/")
        assert is_in(other)
        here.post(asked, {"password": PASSWORD, "next": ADDRESS})  # and what was asked for is done
        assert not is_in(other)
        assert "/account/login/" in Client().get(ADDRESS)["Location"]

    def test_end_with_another_password_but_for_the_present_one(self, person: User) -> None:
        other, here = sign_in(SAFARI), sign_in()
        new = "another-long-password"
        here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
        assert (is_in(other), is_in(here)) == (False, True)
        assert len(listed(here)) == 1

    def test_signing_in_takes_a_new_key(self, person: User) -> None:
        client = Client()
        client.get("/account/login/")
        client.session.save()
        before = client.session.session_key
        client.post("/account/login/", {"login": person.email, "password": PASSWORD})
        assert client.session.session_key != before

    def test_a_closed_account_is_out_at_once(self, person: User) -> None:
        here = sign_in()
        person.is_active = False
        person.save()
        assert not is_in(here)

    def test_leave_no_cookie_behind_when_one_signs_out(self, person: User) -> None:
        here = sign_in()
        cookie = here.post("/account/logout/").cookies["sessionid"]
        assert (cookie.value, cookie["max-age"]) == ("", 0)

    def test_are_told_and_forgotten_with_the_person(self, person: User) -> None:
        sign_in()
        (told,) = everything_about(person)["sessions"]
        assert told["device"] == FIREFOX
        people.erase(user=person, actor=person)
        assert not UserSession.objects.exists()


class TestTheirTime:
    def test_an_idle_one_ends(self, person: User, settings: Any) -> None:
        settings.SESSION_IDLE_SECONDS = 3600
        here = sign_in(remember="on")
        with time_machine.travel(timezone.now() + timedelta(seconds=3700)):
            assert not is_in(here)

    def test_one_that_is_used_goes_on_until_its_longest_time_is_over(self, person: User, settings: Any) -> None:
        settings.SESSION_IDLE_SECONDS, settings.SESSION_MOST_SECONDS = 3600, 3 * 3600
        here, now = sign_in(remember="on"), timezone.now()
        found = []
        for hour in (0.9, 1.8, 2.7, 3.1):
            with time_machine.travel(now + timedelta(hours=hour), tick=False):
                found.append(is_in(here))
        assert found == [True, True, True, False]

    def test_one_that_may_enter_the_admin_has_less(self, settings: Any) -> None:
        settings.ADMIN_SESSION_IDLE_SECONDS, settings.ADMIN_SESSION_MOST_SECONDS = 60, 600
        editor, partner = signed_in(member_of(EDITORS)), client_as(make_person())
        with time_machine.travel(timezone.now() + timedelta(seconds=100)):
            assert editor.get("/admin/")["Location"].startswith("/admin/login/")
            assert is_in(partner)

    def test_an_open_tab_is_no_use_of_it(self, settings: Any) -> None:
        settings.ADMIN_SESSION_IDLE_SECONDS = 1000
        editor, now = signed_in(member_of(EDITORS)), timezone.now()
        for seconds in (400, 800, 1200):
            with time_machine.travel(now + timedelta(seconds=seconds), tick=False):
                editor.get("/admin/editing-sessions/ping/wagtailcore/page/1/1/")
        with time_machine.travel(now + timedelta(seconds=1201), tick=False):
            assert editor.get("/admin/")["Location"].startswith("/admin/login/")

    def test_what_is_left_of_ended_ones_goes_with_the_day(self, person: User) -> None:
        sign_in()
        with time_machine.travel(timezone.now() + timedelta(days=60)):
            assert lives.forget_ended() == 1
        assert not UserSession.objects.exists()
        assert not Session.objects.exists()

    def test_costs_two_writes_in_five_minutes_and_otherwise_none(self, person: User, settings: Any) -> None:
        here = sign_in()

        def writes() -> int:
            with CaptureQueriesContext(connection) as asked:
                here.get("/account/password/change/")
            return len([query for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))])

        assert writes() == 0
        with time_machine.travel(timezone.now() + timedelta(seconds=settings.SESSION_NOTED_SECONDS + 1)):
            assert writes() == 2

    def test_cost_strangers_nothing(self, client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with django_assert_num_queries(0):
            response = client.get("/healthz")
        assert "Cookie" not in response.headers.get("Vary", "")


class TestForSomebodyElse:
    @pytest.fixture
    def seat(self) -> Any:
        return make_member(make_partner(), role=Role.OWNER, password=PASSWORD)

    def test_a_manager_ends_those_of_a_companys_person(self, seat: Any) -> None:
        stolen = sign_in(email=seat.user.email)
        manager = member_of(PARTNER_MANAGERS)
        address = reverse("person_sessions", args=[seat.user.pk])
        client = signed_in(manager)
        assert address in client.get(reverse(_people_of(seat.partner), args=[seat.partner.pk])).content.decode()
        assert client.get(address).status_code == 200
        client.post(address)
        assert not is_in(stolen)
        row = ModelLogEntry.objects.get(action=actions.ENDED)
        assert (row.user, row.object_id) == (manager, str(seat.user.pk))

    def test_those_of_people_of_the_admin_are_an_administrators(self) -> None:
        editor = confirmed(member_of(EDITORS))
        stolen = sign_in(email=editor.email)
        address = reverse("person_sessions", args=[editor.pk])
        manager = signed_in(member_of(PARTNER_MANAGERS))
        assert manager.post(address)["Location"] == "/admin/"
        assert stolen.get("/admin/").status_code == 200
        admin = signed_in(make_superuser())
        assert address in admin.get(reverse("wagtailusers_users:index")).content.decode()
        admin.post(address)
        assert stolen.get("/admin/").status_code == 302

    def test_nobody_else_may(self, seat: Any) -> None:
        address = reverse("person_sessions", args=[seat.user.pk])
        assert signed_in(member_of(EDITORS)).post(address)["Location"] == "/admin/"
        assert "/login/" in client_as(make_person()).post(address)["Location"]
        assert "/login/" in Client().post(address)["Location"]


def _people_of(partner: Any) -> str:
    return type(partner).snippet_viewset.get_url_name("people")


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (FIREFOX, "Firefox, Windows"),
        (SAFARI, "Safari, iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "Chrome, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 YaBrowser/25.8 Safari/537.36",
            "Yandex Browser, Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605 Version/18.5 Safari/605", "Safari, macOS"),
        ("curl/8.0", "неизвестный браузер"),
        ("", "неизвестный браузер"),
    ],
)
def test_a_device_is_named_as_its_owner_knows_it(user_agent: str, words: str) -> None:
    assert devices.in_words(user_agent) == words
