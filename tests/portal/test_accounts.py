"""Accounts: signing up, in and back in, telling nobody who has one; the second factor; one's own data."""

from __future__ import annotations

import json
import re
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from bs4 import BeautifulSoup
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries
from wagtail.models import ModelLogEntry

from accounts.adapter import AccountAdapter
from accounts.letters import LETTERS, SAID
from accounts.mail import send_soon
from partner_directory.actions import people as actions
from partner_directory.models import AccountConsent, ConsentText, Invitation, Message, TeamMember
from partner_directory.models.people import Role
from partner_directory.portal.people.signup import text_in_force
from program_pages.demo import people as samples
from program_pages.models.edition import programme_day
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, client_of, make_member, make_person
from tests.factories.users import make_superuser, make_user

pytestmark = pytest.mark.django_db

User = get_user_model()
PASSWORD = "a-long-password-of-ours"
KNOWN, UNKNOWN = "known@example.org", "unknown@example.org"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """No test has used up another's tries."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _letters_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that rolls back never commits: what waits for that would wait for ever."""
    monkeypatch.setattr("accounts.mail.on_commit", lambda act, **_options: act())


@pytest.fixture
def known() -> Any:
    return make_person(email=KNOWN, password=PASSWORD)


def text() -> ConsentText:
    found = text_in_force()
    assert found is not None
    return found


def sign_up(client: Client, email: str, prefix: str = "", **given: str) -> Any:
    data = {"email": email, "password1": PASSWORD, "consent": "on", "consent_text": str(text().pk)} | given
    return client.post(f"{prefix}/account/signup/", {name: value for name, value in data.items() if value != "-"})


def sign_in(client: Client, email: str = KNOWN, password: str = PASSWORD, **given: str) -> Any:
    return client.post("/account/login/", {"login": email, "password": password} | given)


def code_in(letter: EmailMessage) -> str:
    """The code of a letter: in its subject behind the colon."""
    return letter.subject.rpartition(": ")[2]


def soup_of(response: Any) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


class TestSigningUp:
    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_an_address_a_password_a_consent_and_the_code_from_the_letter_open_the_section(
        self, client: Client, language: str
    ) -> None:
        prefix = "" if language == "ru" else "/en"
        sent = sign_up(client, "Anna@Example.org", prefix)
        assert sent["Location"] == f"{prefix}/account/confirm-email/"
        assert client.get("/portal/").status_code == 302  # not yet
        (letter,) = mail.outbox
        assert letter.to == ["anna@example.org"]
        entered = client.post(sent["Location"], {"code": code_in(letter)})
        assert entered["Location"] == f"{prefix}/portal/"
        user = User.objects.get(email="anna@example.org")
        assert user.language == language
        assert EmailAddress.objects.get(user=user).verified
        assert client.session["_auth_user_id"] == str(user.pk)

    def test_the_consent_is_stored_with_its_text_and_its_time(self, client: Client) -> None:
        with time_machine.travel("2026-05-05 12:00:00+03:00", tick=False):
            sign_up(client, UNKNOWN)
            consent = AccountConsent.objects.get(user__email=UNKNOWN)
            assert (consent.text, consent.given_at, consent.withdrawn_at) == (text(), timezone.now(), None)

    def test_the_box_is_never_ticked_beforehand_and_stands_beside_its_text(self, client: Client) -> None:
        page = soup_of(client.get("/account/signup/?consent=on&email=a@example.org"))
        box = page.select_one("#id_consent")
        assert box is not None
        assert not box.has_attr("checked")
        assert "Цель" in page.select_one(".consent details").text  # type: ignore[union-attr]

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"consent": "-"}, "consent"),
            ({"consent_text": "999999"}, "consent"),
            ({"consent_text": "-"}, "consent"),
            ({"email": "no address"}, "email"),
            ({"email": "-"}, "email"),
            ({"email": "a\x00@example.org"}, "email"),
            ({"email": f"{'a' * 300}@example.org"}, "email"),
            ({"password1": "12345"}, "password1"),
            ({"password1": "-"}, "password1"),
        ],
    )
    def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
        self, client: Client, given: dict[str, str], field: str
    ) -> None:
        response = sign_up(client, **{"email": UNKNOWN} | given)  # type: ignore[arg-type]
        assert response.status_code == 200
        page = soup_of(response)
        assert page.select_one(f"#id_{field}_error")
        assert page.select_one(f"#id_{field}")["aria-invalid"] == "true"  # type: ignore[index]
        assert not User.objects.filter(email=UNKNOWN).exists()
        assert not mail.outbox

    def test_without_a_text_of_consent_nobody_signs_up(self, client: Client) -> None:
        ConsentText.objects.filter(purpose="account").delete()
        assert "пока закрыта" in client.get("/account/signup/").content.decode()
        client.post("/account/signup/", {"email": UNKNOWN, "password1": PASSWORD, "consent": "on"})
        assert not User.objects.filter(email=UNKNOWN).exists()

    def test_account_and_consent_are_stored_both_or_neither(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(**_facts: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr(actions, "give_consent", fail)
        with pytest.raises(RuntimeError):
            sign_up(client, UNKNOWN)
        assert not User.objects.filter(email=UNKNOWN).exists()

    def test_two_at_once_with_one_address_are_one_account(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(
            "allauth.account.internal.flows.manage_email.assess_unique_email", lambda *args, **kwargs: True
        )
        sign_up(client, UNKNOWN)
        cache.clear()
        second = sign_up(Client(), UNKNOWN)
        assert second["Location"] == "/account/confirm-email/"
        assert User.objects.filter(email=UNKNOWN).count() == 1

    def test_a_wrong_code_is_refused_and_the_third_ends_it(self, client: Client) -> None:
        sign_up(client, UNKNOWN)
        for _try in range(2):
            response = client.post("/account/confirm-email/", {"code": "WRONG1"})
            assert "Код не подходит" in response.content.decode()
        assert client.post("/account/confirm-email/", {"code": "WRONG1"})["Location"] == "/account/login/"
        assert not EmailAddress.objects.get(email=UNKNOWN).verified

    def test_a_code_can_be_sent_again(self, client: Client) -> None:
        sign_up(client, UNKNOWN)
        cache.clear()  # ten seconds later
        client.post("/account/confirm-email/", {"action": "resend"})
        entered = client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
        assert len(mail.outbox) == 2
        assert entered["Location"] == "/portal/"


class TestNobodyLearnsWhoHasAnAccount:
    def test_signing_up_leads_to_the_same_page_and_writes_one_letter(self, known: Any) -> None:
        pages, letters = [], []
        for email in (KNOWN, UNKNOWN):
            client = Client()
            answer = sign_up(client, email)
            page = client.get(answer["Location"]).content.decode()
            pages.append(
                (answer.status_code, answer["Location"], _without_secrets(page, email), sorted(client.cookies))
            )
            letters.append(mail.outbox.pop())
        assert pages[0] == pages[1]
        assert not mail.outbox
        assert letters[0].subject == "У вас уже есть учётная запись"
        assert code_in(letters[1])
        assert User.objects.get(email=KNOWN).check_password(PASSWORD)

    def test_a_code_sent_again_looks_the_same(self, known: Any) -> None:
        pages = []
        for email in (KNOWN, UNKNOWN):
            client = Client()
            sign_up(client, email)
            cache.clear()
            answer = client.post("/account/confirm-email/", {"action": "resend"})
            wrong = client.post("/account/confirm-email/", {"code": "WRONG1"}).content.decode()
            pages.append((answer.status_code, answer["Location"], _without_secrets(wrong, email)))
        assert pages[0] == pages[1]

    def test_a_wrong_password_and_an_unknown_address_look_the_same(self, known: Any) -> None:
        pages = []
        for email in (KNOWN, UNKNOWN):
            answer = sign_in(Client(), email, "wrong-password")
            pages.append((answer.status_code, _without_secrets(answer.content.decode(), email)))
        assert pages[0] == pages[1]
        assert "Почта или пароль не подходят" in pages[0][1]

    def test_a_forgotten_password_leads_to_the_same_page_and_writes_one_letter(self, known: Any) -> None:
        answers = []
        for email in (KNOWN, UNKNOWN):
            client = Client()
            answer = client.post("/account/password/reset/", {"email": email})
            page = client.get(answer["Location"]).content.decode()
            answers.append((answer.status_code, answer["Location"], _without_secrets(page, email)))
            assert [letter.to for letter in mail.outbox] == [[email]]
            mail.outbox.clear()
        assert answers[0] == answers[1]

    @pytest.mark.parametrize("what", ["signup", "login", "reset"])
    def test_in_time_the_medians_are_within_twenty_milliseconds(self, known: Any, settings: Any, what: str) -> None:
        """Hashing, the dear part, is counted, as often either way; all else is timed without its noise."""
        settings.PASSWORD_HASHERS = [f"{CountedHasher.__module__}.{CountedHasher.__name__}"]
        settings.ACCOUNT_RATE_LIMITS = False
        known.set_password(PASSWORD)
        known.save()
        asks: dict[str, Callable[[Client, str], Any]] = {
            "signup": sign_up,
            "login": lambda client, email: sign_in(client, email, "wrong-password"),
            "reset": lambda client, email: client.post("/account/password/reset/", {"email": email}),
        }
        hashed, seconds = _hashes_and_medians(asks[what])
        assert hashed[True] == hashed[False] == HASHES[what]
        assert abs(seconds[True] - seconds[False]) < MOST_SECONDS


MOST_SECONDS = 0.020
ROUNDS = 25
HASHES = {"signup": {1}, "login": {1}, "reset": {0}}


class CountedHasher(PBKDF2PasswordHasher):
    """Production's hasher with one turn instead of its many, and a count of how often it was asked."""

    iterations = 1
    asked = 0

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        CountedHasher.asked += 1
        return str(super().encode(password, salt, iterations))


def _hashes_and_medians(ask: Callable[[Client, str], Any]) -> tuple[dict[bool, set[int]], dict[bool, float]]:
    """How often a password is hashed, and the median seconds of the processor: for a known address and for others."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    hashed: dict[bool, set[int]] = {True: set(), False: set()}
    ask(Client(), KNOWN), ask(Client(), "warm@example.org")
    for number in range(ROUNDS):
        for is_known in (True, False) if number % 2 else (False, True):
            client, email = Client(), KNOWN if is_known else f"unknown{number}@example.org"
            before, began = CountedHasher.asked, time.thread_time()
            ask(client, email)
            seconds[is_known].append(time.thread_time() - began)
            hashed[is_known].add(CountedHasher.asked - before)
    return hashed, {is_known: statistics.median(taken) for is_known, taken in seconds.items()}


def _without_secrets(page: str, email: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page).replace(email, "EMAIL")


class TestSigningIn:
    def test_by_address_in_any_case_of_letters_leads_to_the_section(self, client: Client, known: Any) -> None:
        assert sign_in(client, KNOWN.upper())["Location"] == "/portal/"

    def test_leads_on_to_where_the_person_was_going_and_never_to_another_site(self, client: Client, known: Any) -> None:
        wanted = client.get("/portal/people/")["Location"]
        assert wanted == "/account/login/?next=/portal/people/"
        assert sign_in(client, next="/portal/people/")["Location"] == "/portal/people/"
        assert sign_in(Client(), next="https://elsewhere.example/")["Location"] == "/portal/"

    def test_is_remembered_only_where_asked(self, client: Client, known: Any) -> None:
        sign_in(client)
        assert client.session.get_expire_at_browser_close()
        remembering = Client()
        sign_in(remembering, remember="on")
        assert not remembering.session.get_expire_at_browser_close()

    def test_after_five_wrong_passwords_even_the_right_one_waits(self, client: Client, known: Any) -> None:
        for _try in range(5):
            sign_in(client, password="wrong")
        assert "Слишком много попыток" in sign_in(client).content.decode()

    def test_an_address_that_was_never_confirmed_is_confirmed_by_a_code(self, client: Client) -> None:
        make_user(email=KNOWN, password=PASSWORD)  # as an administrator makes one
        assert sign_in(client)["Location"] == "/account/confirm-email/"
        assert client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})["Location"] == "/portal/"

    def test_a_closed_account_does_not_let_in(self, client: Client, known: Any) -> None:
        known.is_active = False
        known.save()
        assert sign_in(client)["Location"] == "/account/inactive/"
        assert "закрыта" in client.get("/account/inactive/").content.decode()

    @pytest.mark.parametrize("given", [{}, {"login": "x"}, {"login": "a\x00@b.c", "password": "\x00"}])
    def test_nonsense_is_refused_in_words(self, client: Client, given: dict[str, str]) -> None:
        response = client.post("/account/login/", given)
        assert response.status_code == 200
        assert soup_of(response).select_one(".error-summary")

    def test_signing_out_asks_and_ends_the_session(self, client: Client, known: Any) -> None:
        sign_in(client)
        assert "Выйти?" in client.get("/account/logout/").content.decode()
        client.post("/account/logout/")
        assert "_auth_user_id" not in client.session

    @pytest.mark.parametrize("way", ["/account/logout/", "/admin/logout/"])
    def test_signing_out_has_the_browser_forget_pages_and_storage_but_no_cookie_of_others(self, way: str) -> None:
        client = client_as(make_superuser())
        client.cookies["of-another"] = "stays"
        assert "Clear-Site-Data" not in client.get("/portal/account/").headers
        answer = client.post(way)
        assert answer["Clear-Site-Data"] == '"cache", "storage"'
        assert set(answer.cookies) <= {"sessionid", "messages", "csrftoken"}
        assert "Clear-Site-Data" not in client.post(way).headers, "there is nobody to be forgotten"
        assert "Clear-Site-Data" not in client.get("/account/login/").headers


class TestPasswordsAndAddresses:
    def test_a_link_sets_a_new_password_once(self, client: Client, known: Any) -> None:
        client.post("/account/password/reset/", {"email": KNOWN})
        link = re.search(r"http://\S+", mail.outbox[-1].body)
        assert link
        form_url = client.get(link[0])["Location"]
        other = "another-long-password"
        saved = client.post(form_url, {"password1": other, "password2": other})
        assert saved.status_code == 302
        assert User.objects.get(pk=known.pk).check_password(other)
        assert mail.outbox[-1].subject == "Пароль задан заново"
        assert "не действует" in Client().get(link[0]).content.decode()

    def test_the_password_is_changed_by_whoever_knows_it(self, known: Any) -> None:
        client = client_as(known)
        given = {"oldpassword": "wrong", "password1": "another-long-one", "password2": "another-long-one"}
        assert "нынешний пароль" in client.post("/account/password/change/", given).content.decode()
        client.post("/account/password/change/", given | {"oldpassword": PASSWORD})
        assert User.objects.get(pk=known.pk).check_password("another-long-one")
        assert client.get("/portal/account/").status_code == 200  # this session stays

    def test_another_address_takes_the_place_of_the_first_once_its_code_is_entered(self, known: Any) -> None:
        client = client_as(known)
        client.post("/account/email/", {"action_add": "", "email": "new@example.org"})
        assert User.objects.get(pk=known.pk).email == KNOWN
        client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
        assert User.objects.get(pk=known.pk).email == "new@example.org"
        assert list(EmailAddress.objects.filter(user=known).values_list("email", "verified")) == [
            ("new@example.org", True)
        ]

    def test_somebody_elses_address_is_not_taken(self, known: Any) -> None:
        make_person(email="taken@example.org")
        client = client_as(known)
        client.post("/account/email/", {"action_add": "", "email": "taken@example.org"})
        client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
        assert User.objects.get(pk=known.pk).email == KNOWN


def add_totp(user: Any) -> str:
    """An app with codes; gives its secret."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def totp_code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


class TestSecondFactor:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.SECOND_FACTOR_REQUIRED = True

    def test_production_requires_it(self) -> None:
        from config.settings import base

        assert base.SECOND_FACTOR_REQUIRED is True
        assert base.SECOND_FACTOR_EXEMPT == []

    @pytest.mark.parametrize("path", ["/admin/", "/admin/pages/", "/admin/account/", "/admin/snippets/"])
    def test_no_page_of_the_admin_opens_before_one_is_set_up(self, path: str) -> None:
        client = client_as(make_superuser())
        assert client.get(path)["Location"] == "/account/2fa/"
        assert client.post(path)["Location"] == "/account/2fa/"
        assert "нужен второй фактор" in client.get("/account/2fa/").content.decode()

    def test_an_editor_needs_one_and_a_partner_does_not(self, user_in: Callable[..., Any]) -> None:
        assert client_as(user_in("Редакторы")).get("/admin/")["Location"] == "/account/2fa/"
        assert client_of(make_member(make_partner())).get("/portal/").status_code == 200

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_a_partner_needs_one_too_where_the_settings_say_so(self, settings: Any, prefix: str) -> None:
        settings.SECOND_FACTOR_OF_PARTNERS = True
        seat = make_member(make_partner())
        client = client_of(seat)
        for path in ("/portal/", "/portal/people/", "/portal/account/"):
            assert client.get(f"{prefix}{path}")["Location"] == f"{prefix}/account/2fa/"
            assert client.post(f"{prefix}{path}")["Location"] == f"{prefix}/account/2fa/"
        said = soup_of(client.get(f"{prefix}/account/2fa/")).text
        assert ("section needs a second factor" if prefix else "Для входа в раздел партнёра нужен") in said
        assert client.get("/levels/").status_code == 200
        secret = add_totp(seat.user)
        assert client.get("/portal/")["Location"].startswith("/account/2fa/reauthenticate/")
        client.post("/account/2fa/reauthenticate/", {"code": totp_code(secret)})
        assert client.get("/portal/").status_code == 200

    def test_the_example_deployment_says_so(self) -> None:
        example = (Path(__file__).resolve().parents[2] / ".env.example").read_text(encoding="utf-8")
        assert "\nSECOND_FACTOR_OF_PARTNERS=true\n" in example

    def test_setting_an_app_up_opens_the_admin_and_gives_codes_in_reserve(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **_options: act())
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        client = Client()
        sign_in(client)
        asked = client.get("/account/2fa/totp/activate/")["Location"]
        client.post(asked, {"password": PASSWORD})
        page = soup_of(client.get("/account/2fa/totp/activate/"))
        secret = page.select_one(".account__secret").text  # type: ignore[union-attr]
        assert page.select_one("img.account__qr")["alt"]  # type: ignore[index]
        assert "Код не подходит" in client.post("/account/2fa/totp/activate/", {"code": "1"}).content.decode()
        done = client.post("/account/2fa/totp/activate/", {"code": totp_code(secret)})
        assert done["Location"] == "/account/2fa/recovery-codes/"
        assert len(soup_of(client.get(done["Location"])).select(".account__codes li")) == 10
        assert client.get("/admin/").status_code == 200

    def test_signing_in_asks_for_it(self, client: Client) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        secret = add_totp(user)
        assert sign_in(client)["Location"] == "/account/2fa/authenticate/"
        assert client.get("/admin/").status_code == 302
        assert "Код не подходит" in client.post("/account/2fa/authenticate/", {"code": "000"}).content.decode()
        assert client.post("/account/2fa/authenticate/", {"code": totp_code(secret)})["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_a_code_in_reserve_lets_in_once(self, client: Client) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        add_totp(user)
        code = RecoveryCodes.activate(user).get_unused_codes()[0]
        sign_in(client)
        assert client.post("/account/2fa/authenticate/", {"code": code})["Location"] == "/admin/"
        again = Client()
        sign_in(again)
        assert "Код не подходит" in again.post("/account/2fa/authenticate/", {"code": code}).content.decode()

    def test_a_session_from_before_has_to_show_it(self) -> None:
        user = make_superuser()
        client = client_as(user)
        secret = add_totp(user)
        asked = client.get("/admin/pages/")["Location"]
        assert asked == "/account/2fa/reauthenticate/?next=%2Fadmin%2Fpages%2F"
        assert client.post(asked, {"code": totp_code(secret)})["Location"] == "/admin/pages/"
        assert client.get("/admin/").status_code == 200

    def test_the_password_alone_adds_no_other_to_it(self) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        session_from_before = client_as(user)
        add_totp(user)
        shown = session_from_before.post("/account/reauthenticate/", {"password": PASSWORD})
        assert shown["Location"] == "/account/2fa/reauthenticate/"
        for path in (
            "/account/2fa/webauthn/add/",
            "/account/2fa/recovery-codes/generate/",
            "/account/2fa/totp/deactivate/",
        ):
            assert session_from_before.post(path)["Location"].startswith("/account/2fa/reauthenticate/")
        assert session_from_before.get("/admin/")["Location"].startswith("/account/2fa/reauthenticate/")

    @pytest.mark.parametrize("path", ["/account/reauthenticate/code/", "/account/reauthenticate/code/confirm/"])
    def test_a_code_by_e_mail_shows_nobody_who_they_are_again(self, path: str) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        client = client_as(user)
        assert client.get(path).status_code == 403
        assert client.post(path, {"email": KNOWN, "code": "ABC123"}).status_code == 403
        assert mail.outbox == []

    def test_the_sample_people_are_excepted_while_debug_is_on_and_only_then(self, settings: Any) -> None:
        from config.settings import dev

        assert set(dev.SECOND_FACTOR_EXEMPT) == {sample.email for sample in samples.SAMPLES}
        settings.SECOND_FACTOR_EXEMPT = dev.SECOND_FACTOR_EXEMPT
        client = client_as(User.objects.get(email="admin@asoft.example"))
        settings.DEBUG = True
        assert client.get("/admin/").status_code == 200
        settings.DEBUG = False
        assert client.get("/admin/")["Location"] == "/account/2fa/"

    def test_the_last_one_stays(self) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        secret = add_totp(user)
        client = client_as(user)
        client.post("/account/2fa/reauthenticate/", {"code": totp_code(secret)})
        assert "нужен для вашей работы" in client.post("/account/2fa/totp/deactivate/").content.decode()
        assert Authenticator.objects.filter(user=user).exists()

    def test_leaving_needs_none(self) -> None:
        assert client_as(make_superuser()).post("/admin/logout/")["Location"] == "/admin/login/"


class TestTheDoorToTheAdmin:
    def test_is_the_same_sign_in(self, client: Client) -> None:
        asked = client.get("/admin/pages/")["Location"]
        assert client.get(asked)["Location"] == "/account/login/?next=%2Fadmin%2Fpages%2F"
        assert client.get("/admin/login/")["Location"] == "/account/login/?next=%2Fadmin%2F"
        assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 302

    def test_leads_an_editor_to_the_admin_and_a_partner_to_the_section_without_end(self) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        assert sign_in(Client())["Location"] == "/admin/"
        partner = client_of(make_member(make_partner()))
        followed = partner.get("/admin/", follow=True)
        assert followed.redirect_chain[-1] == ("/portal/", 302)

    def test_wagtails_own_ways_to_a_password_are_shut(self, client: Client) -> None:
        assert client.get("/admin/password_reset/").status_code == 404


PAGES = ["/account/login/", "/account/signup/", "/account/password/reset/", "/account/password/reset/done/",
         "/account/password/reset/key/done/", "/account/inactive/"]  # fmt: skip
OWN_PAGES = ["/account/logout/", "/account/email/", "/account/password/change/", "/account/reauthenticate/",
             "/account/2fa/", "/account/2fa/totp/activate/", "/account/2fa/webauthn/", "/account/2fa/webauthn/add/",
             "/account/sessions/", "/portal/account/", "/portal/account/consent/", "/portal/account/consent/withdraw/",
             "/portal/account/erase/"]  # fmt: skip
FACTOR_PAGES = ["/account/2fa/reauthenticate/", "/account/2fa/recovery-codes/", "/account/2fa/recovery-codes/generate/",
                "/account/2fa/totp/deactivate/", "/account/2fa/webauthn/",
                "/account/2fa/webauthn/keys/{key}/edit/", "/account/2fa/webauthn/keys/{key}/remove/"]  # fmt: skip


class TestEveryPage:
    @pytest.fixture
    def own(self, known: Any) -> Client:
        """Somebody who has just shown the password."""
        client = client_as(known)
        client.post("/account/reauthenticate/", {"password": PASSWORD})
        return client

    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("path", PAGES)
    def test_of_strangers(self, client: Client, path: str, prefix: str) -> None:
        looks_right(client.get(prefix + path), "en" if prefix else "ru")

    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("path", OWN_PAGES)
    def test_of_a_person(self, own: Client, path: str, prefix: str) -> None:
        looks_right(own.get(prefix + path), "en" if prefix else "ru")

    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("path", FACTOR_PAGES)
    def test_of_a_second_factor(self, own: Client, known: Any, path: str, prefix: str) -> None:
        add_totp(known)
        RecoveryCodes.activate(known)
        key = Authenticator.objects.create(user=known, type="webauthn", data={"name": "Ключ", "credential": {}})
        response = own.get(prefix + path.format(key=key.pk))
        looks_right(response, "en" if prefix else "ru")
        if "webauthn" in path:
            assert "Ключ" in response.content.decode()

    def test_nobody_sees_another_persons_keys(self, own: Client) -> None:
        key = Authenticator.objects.create(
            user=make_person(), type="webauthn", data={"name": "Чужой", "credential": {}}
        )
        for deed in ("edit", "remove"):
            assert own.get(f"/account/2fa/webauthn/keys/{key.pk}/{deed}/").status_code == 404

    def test_of_a_code(self, client: Client) -> None:
        sign_up(client, UNKNOWN)
        looks_right(client.get("/account/confirm-email/"), "ru")

    def test_of_too_many_tries(self, client: Client, settings: Any) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"signup": "1/m/ip"}
        sign_up(client, "one@example.org")
        refused = sign_up(client, "two@example.org")
        assert refused.status_code == 429
        looks_right(refused, "ru", 429)


def looks_right(response: Any, language: str, status: int = 200) -> None:
    """In its language, every field labelled, nothing inline that the content policy would refuse."""
    assert response.status_code == status
    page = soup_of(response)
    assert page.html["lang"] == language  # type: ignore[index]
    assert len(page.select("h1")) == 1
    assert page.title
    assert page.title.text.strip(" ·\n") != "ASoft Partners"
    for field in page.select("main :is(input:not([type=hidden]), select, textarea)"):
        assert page.select_one(f'label[for="{field["id"]}"]'), field
    scripts = [script for script in page.select("script:not([src])") if script.get("type") != "application/json"]
    assert scripts == []
    assert page.select("style, [style], [onclick]") == []
    assert "unsafe-inline" not in response["Content-Security-Policy"]
    assert "no-store" in response.get("Cache-Control", "no-store")


class TestLetters:
    def test_every_letter_that_allauth_may_write_has_its_words(self) -> None:
        from pathlib import Path

        import allauth

        root = Path(allauth.__file__).parent / "templates"
        unreachable = {"login_code", "password_reset_code"}
        written = {
            f"{app}/email/{path.name.removesuffix('_subject.txt')}"
            for app in ("account", "mfa")
            for path in (root / app / "email").glob("*_subject.txt")
        }
        assert {name for name in written if name.rpartition("/")[2] not in unreachable} == set(LETTERS)

    @pytest.mark.parametrize("name", list(LETTERS))
    def test_each_can_be_worded(self, name: str) -> None:
        letter = AccountAdapter().render_mail(name, "a@example.org", {"code": "X", "timestamp": timezone.now()})
        assert letter.subject
        assert "{" not in letter.body

    @pytest.mark.parametrize("name", list(SAID))
    def test_each_notice_can_be_worded(self, name: str) -> None:
        assert "{" not in str(SAID[name]).format_map({"email": "a@example.org"})

    def test_a_mail_server_that_is_down_stops_nobody(
        self, client: Client, settings: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        settings.EMAIL_BACKEND = "tests.portal.test_accounts.Down"
        assert sign_up(client, UNKNOWN)["Location"] == "/account/confirm-email/"
        assert "could not be sent" in caplog.text

    def test_they_leave_beside_the_answer(self, settings: Any) -> None:
        settings.MAIL_BESIDE_ANSWERS = True
        send_soon(EmailMessage("one", "text", to=["a@example.org"]))
        deadline = time.monotonic() + 5
        while not mail.outbox and time.monotonic() < deadline:
            time.sleep(0.01)
        assert [letter.subject for letter in mail.outbox] == ["one"]


class Down:
    """A mail server that does not answer."""

    def __init__(self, **_options: Any) -> None: ...

    def send_messages(self, _letters: Any) -> int:
        raise ConnectionRefusedError


class TestConsent:
    def test_without_one_the_section_asks_and_then_leads_on(self) -> None:
        seat = make_member(make_partner(), consents=False)
        client = client_of(seat)
        asked = client.get("/portal/people/?x=1")["Location"]
        assert asked == "/portal/account/consent/?next=%2Fportal%2Fpeople%2F%3Fx%3D1"
        wanted = soup_of(client.get(asked)).select_one("main [name=next]")["value"]  # type: ignore[index]
        given = client.post(asked, {"consent": "on", "consent_text": str(text().pk), "next": wanted})
        assert given["Location"] == "/portal/people/?x=1"
        assert client.get("/portal/people/").status_code == 200

    @pytest.mark.parametrize("given", [{}, {"consent": "on"}, {"consent": "on", "consent_text": "x\x00"}])
    def test_is_not_given_by_the_way(self, given: dict[str, str]) -> None:
        person = make_person(consents=False)
        assert client_as(person).post("/portal/account/consent/", given).status_code == 422
        assert actions.consent_of(person) is None

    def test_leads_nowhere_else(self) -> None:
        client = client_as(make_person(consents=False))
        given = {"consent": "on", "consent_text": str(text().pk), "next": "https://elsewhere.example/"}
        assert client.post("/portal/account/consent/", given)["Location"] == "/portal/"

    def test_withdrawn_closes_the_section_and_leaves_ones_own_data_open(self) -> None:
        seat = make_member(make_partner())
        client = client_of(seat)
        assert "закрыт" in client.get("/portal/account/consent/withdraw/").content.decode()
        client.post("/portal/account/consent/withdraw/")
        assert AccountConsent.objects.get(user=seat.user).withdrawn_at is not None
        assert client.get("/portal/people/").status_code == 302
        for path in ("/portal/account/", "/portal/account/export/", "/portal/account/erase/"):
            assert client.get(path).status_code == 200

    def test_withdrawn_twice_is_withdrawn_once(self) -> None:
        person = make_person()
        actions.withdraw_consent(user=person)
        with pytest.raises(actions.Overtaken):
            actions.withdraw_consent(user=person)

    def test_a_newer_text_is_offered_and_history_stays(self) -> None:
        person = make_person()
        newer = ConsentText.objects.create(purpose="account", effective_from=programme_day(), text_ru="Новый")
        client = client_as(person)
        assert "новый текст" in client.get("/portal/account/").content.decode()
        client.post("/portal/account/consent/", {"consent": "on", "consent_text": str(newer.pk)})
        assert AccountConsent.objects.filter(user=person).count() == 2
        assert actions.consent_of(person).text == newer  # type: ignore[union-attr]

    def test_given_twice_is_given_once(self) -> None:
        person = make_person()
        actions.give_consent(user=person, text=text())
        assert AccountConsent.objects.filter(user=person).count() == 1


class TestOwnAccount:
    def test_a_stranger_is_led_to_sign_in(self, client: Client) -> None:
        for name in ("account", "consent", "withdraw_consent", "export_data", "erase"):
            with override("ru"):
                url = reverse(f"portal:{name}")
            assert client.get(url)["Location"] == f"/account/login/?next={url}"
            with override("en"):
                url = reverse(f"portal:{name}")
            assert client.get(url)["Location"] == f"/en/account/login/?next={url}"

    def test_name_and_language_of_letters(self) -> None:
        person = make_person()
        client = client_as(person)
        client.post("/portal/account/", {"first_name": " Анна ", "last_name": "Петрова", "language": "en"})
        person.refresh_from_db()
        assert (person.first_name, person.last_name, person.language) == ("Анна", "Петрова", "en")

    @pytest.mark.parametrize(
        "given",
        [{}, {"language": "xx"}, {"language": "ru", "first_name": "а" * 200}, {"language": "ru", "last_name": "\x00"}],
    )
    def test_nonsense_changes_nothing(self, given: dict[str, str]) -> None:
        person = make_person(first_name="Анна")
        assert client_as(person).post("/portal/account/", given).status_code == 422
        person.refresh_from_db()
        assert person.first_name == "Анна"

    def test_the_pages_are_kept_by_no_cache(self) -> None:
        assert "no-store" in client_as(make_person()).get("/portal/account/")["Cache-Control"]

    def test_somebody_of_several_companies_changes_between_them(self) -> None:
        first = make_member(make_partner(name_ru="Первая"))
        second = TeamMember.objects.create(partner=make_partner(name_ru="Вторая"), user=first.user, role=Role.STAFF)
        client = client_of(first)
        assert "Первая" in soup_of(client.get("/portal/")).h1.text  # type: ignore[union-attr]
        assert client.post("/portal/account/switch/", {"company": second.partner_id})["Location"] == "/portal/"
        assert "Вторая" in soup_of(client.get("/portal/")).h1.text  # type: ignore[union-attr]

    @pytest.mark.parametrize("company", ["", "x", "99999999999999999999", None])
    def test_nobody_changes_to_a_company_that_is_not_theirs(self, company: str | None) -> None:
        foreign = str(make_partner().pk)
        client = client_of(make_member(make_partner()))
        chosen = foreign if company is None else company
        assert client.post("/portal/account/switch/", {"company": chosen}).status_code == 404

    def test_queries_do_not_grow_with_companies(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        def queries(companies: int) -> int:
            person = make_person()
            for _company in range(companies):
                TeamMember.objects.create(partner=make_partner(), user=person)
            client = client_as(person)
            client.get("/portal/account/")
            from django.db import connection
            from django.test.utils import CaptureQueriesContext

            with CaptureQueriesContext(connection) as captured:
                assert client.get("/portal/account/").status_code == 200
            return len(captured)

        assert queries(1) == queries(8)


class TestExport:
    def test_holds_everything_about_the_person_and_nothing_of_others(self) -> None:
        partner = make_partner(name_ru="Своя компания")
        seat = make_member(partner, first_name="Анна")
        make_member(partner, first_name="Борис", email="boris@example.org")
        actions.invite(partner=partner, email="guest@example.org", role="staff", actor=seat.user, language="ru")
        Message.objects.create(
            partner=partner, user=seat.user, kind="x", key="k", language="ru", subject="Тема", text="Текст письма"
        )
        add_totp(seat.user)
        answer = client_of(seat).get("/portal/account/export/")
        assert "attachment" in answer["Content-Disposition"]
        data = json.loads(answer.content)
        assert data["account"]["first_name"] == "Анна"
        assert data["companies"][0]["company"] == "Своя компания"
        assert data["consents"][0]["text"].startswith("Образец")
        assert data["messages"][0]["text"] == "Текст письма"
        assert data["second_factors"][0]["kind"] == "totp"
        assert {deed["action"] for deed in data["deeds"]} >= {actions.INVITED, actions.CONSENTED}
        assert any(row["record"] == "приглашение" for row in data["named_in"])
        whole = answer.content.decode()
        assert "boris@example.org" not in whole
        assert "guest@example.org" not in whole
        assert "secret" not in whole


class TestErasure:
    def erase(self, client: Client, **given: str) -> Any:
        return client.post("/portal/account/erase/", {"password": PASSWORD, "sure": "on"} | given)

    def test_leaves_a_row_of_nobody(self) -> None:
        partner = make_partner(level=None)
        seat = make_member(partner, email=KNOWN, password=PASSWORD, first_name="Анна", last_name="Петрова")
        user = seat.user
        add_totp(user)
        sent = actions.invite(partner=partner, email="x@example.org", role="staff", actor=user, language="ru")
        Invitation.objects.create(partner=make_partner(), email=KNOWN, secret_hash="h",
                                  expires_at=timezone.now() + timedelta(days=1))  # fmt: skip
        elsewhere, client = client_as(user), client_as(user)
        answer = self.erase(client)
        assert answer["Location"] == "/portal/account/erased/"
        assert client.get(answer["Location"]).status_code == 200
        user.refresh_from_db()
        assert (user.email, user.first_name, user.last_name) == (f"erased-{user.pk}@erased.invalid", "", "")
        assert not user.is_active
        assert not user.has_usable_password()
        for model in (EmailAddress, Authenticator, TeamMember, Message):
            assert not model.objects.filter(user=user).exists()
        assert actions.consent_of(user) is None
        assert not Invitation.objects.filter(email=KNOWN).exists()
        assert Invitation.objects.get(pk=sent.invitation.pk).invited_by == user
        assert not ModelLogEntry.objects.filter(label__icontains="Петрова").exists()
        assert not ModelLogEntry.objects.filter(label__icontains=KNOWN).exists()
        assert elsewhere.get("/portal/account/").status_code == 302  # every session has ended
        assert "Почта или пароль не подходят" in sign_in(Client()).content.decode()

    @pytest.mark.parametrize("given", [{"password": "wrong"}, {"sure": ""}, {"password": ""}])
    def test_asks_for_the_password_and_a_second_time(self, known: Any, given: dict[str, str]) -> None:
        assert self.erase(client_as(known), **given).status_code == 422
        assert User.objects.filter(email=KNOWN, is_active=True).exists()

    def test_without_a_password_asks_for_the_address(self) -> None:
        person = make_person(email=KNOWN)
        person.set_unusable_password()
        person.save()
        client = client_as(person)
        assert client.post("/portal/account/erase/", {"email": UNKNOWN, "sure": "on"}).status_code == 422
        assert client.post("/portal/account/erase/", {"email": KNOWN, "sure": "on"}).status_code == 302

    @pytest.mark.parametrize(("level", "colleagues"), [("retail", 0), (None, 1)])
    def test_is_refused_to_the_last_owner_whom_the_company_needs(self, level: str | None, colleagues: int) -> None:
        partner = make_partner(level=level)
        seat = make_member(partner, email=KNOWN, password=PASSWORD)
        for _colleague in range(colleagues):
            make_member(partner, role=Role.STAFF)
        response = self.erase(client_of(seat))
        assert response.status_code == 422
        assert "хотя бы один владелец" in response.content.decode()
        assert TeamMember.objects.filter(pk=seat.pk, user__is_active=True).exists()

    def test_is_open_to_one_of_two_owners(self) -> None:
        partner = make_partner()
        seat = make_member(partner, email=KNOWN, password=PASSWORD)
        make_member(partner)
        assert self.erase(client_of(seat)).status_code == 302

    def test_is_refused_to_people_of_the_vendor(self) -> None:
        user = make_superuser(email=KNOWN, password=PASSWORD)
        EmailAddress.objects.create(user=user, email=KNOWN, verified=True, primary=True)
        assert "администратор" in self.erase(client_as(user)).content.decode()
        assert User.objects.filter(email=KNOWN).exists()


def test_the_head_of_every_page_leads_to_the_section_and_asks_for_no_cookie(client: Client) -> None:
    for path, url in (("/", "/portal/"), ("/en/", "/en/portal/")):
        answer = client.get(path)
        assert soup_of(answer).select_one(f'.site-header a[href="{url}"]')
        assert "Cookie" not in answer.get("Vary", "")
        assert not answer.cookies
