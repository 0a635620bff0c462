"""Nothing that proves who somebody is, and no address of anybody, is in the log: every way of signing in is tried."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from partner_directory.actions import people as actions
from partner_directory.models import Message
from partner_directory.models.people import Role
from partner_directory.sealed_links import invitation_path, review_path
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, make_member, make_person
from tests.factories.users import make_superuser
from tests.portal.test_accounts import add_totp, code_in, sign_up, totp_code

from .conftest import Lines

pytestmark = pytest.mark.django_db

EMAIL, PASSWORD, OTHER = "somebody@example.org", "a-long-password-of-ours", "another-long-password"


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("accounts.mail.on_commit", lambda act, **_options: act())
    cache.clear()
    yield
    cache.clear()


class Secrets:
    """What was typed or sent, none of which may be read anywhere else."""

    def __init__(self) -> None:
        self.known = {EMAIL, PASSWORD, OTHER}

    def keep(self, secret: str) -> str:
        self.known.add(secret)
        return secret

    def keep_cookies(self, client: Client) -> None:
        self.known |= {cookie.value for cookie in client.cookies.values() if len(cookie.value) > 8}

    def found_in(self, text: str) -> set[str]:
        return {secret for secret in self.known if secret in text}


def test_signing_up_in_and_out_with_every_mistake_leaves_no_secret_in_the_log(
    written: io.StringIO, lines: Lines
) -> None:
    secrets, client = Secrets(), Client()
    sign_up(client, EMAIL)
    client.post("/account/confirm-email/", {"code": secrets.keep("WRNG17")})
    client.post("/account/confirm-email/", {"code": secrets.keep(code_in(mail.outbox[-1]))})
    secrets.keep_cookies(client)
    client.post("/account/logout/")
    cache.clear()
    for password in (secrets.keep("a-wrong-password"), PASSWORD):
        client.post("/account/login/", {"login": EMAIL, "password": password})
    secrets.keep_cookies(client)
    client.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})
    client.post("/account/email/", {"action_add": "", "email": secrets.keep("new@example.org")})
    client.post("/account/confirm-email/", {"code": secrets.keep(code_in(mail.outbox[-1]))})
    events = [line["event"] for line in lines("security")]
    for event in (
        "account.signed_up",
        "email.code_refused",
        "login.succeeded",
        "logout",
        "login.failed",
        "password.changed",
        "email.changed",
    ):
        assert event in events
    assert secrets.found_in(written.getvalue()) == set()


def test_a_forgotten_password_leaves_no_link_in_the_log(written: io.StringIO, lines: Lines) -> None:
    secrets = Secrets()
    make_person(email=EMAIL, password=PASSWORD)
    client = Client()
    client.post("/account/password/reset/", {"email": EMAIL})
    link = re.search(r"http://[^/]+(\S+/key/([^/\s]+)/)", mail.outbox[-1].body)
    assert link
    secrets.keep(link[2])
    form_url = client.get(link[1])["Location"]
    client.post(form_url, {"password1": OTHER, "password2": OTHER})
    client.get(link[1].replace("/key/", "/kee/"))  # typed wrongly, it is nobody's address
    assert "password.reset" in {line["event"] for line in lines("security")}
    assert secrets.found_in(written.getvalue()) == set()


def test_second_factors_leave_no_code_in_the_log(written: io.StringIO, lines: Lines) -> None:
    secrets = Secrets()
    user = make_superuser(email=EMAIL, password=PASSWORD)
    EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
    seed = secrets.keep(add_totp(user))
    reserve = secrets.keep(RecoveryCodes.activate(user).get_unused_codes()[0])
    for code in (secrets.keep("000017"), secrets.keep(totp_code(seed)), reserve):
        client = Client()
        client.post("/account/login/", {"login": EMAIL, "password": PASSWORD})
        client.post("/account/2fa/authenticate/", {"code": code})
        secrets.keep_cookies(client)
    client_as(user).post("/account/2fa/reauthenticate/", {"code": secrets.keep("000018")})
    client.post("/account/2fa/webauthn/login/", {"credential": json.dumps({"id": secrets.keep("Q0VSVElGSUNBVEU")})})
    found = [(line["event"], line.get("factor")) for line in lines("security")]
    assert ("factor.failed", "totp") in found
    assert ("factor.succeeded", "totp") in found
    assert ("factor.succeeded", "recovery_codes") in found
    assert secrets.found_in(written.getvalue()) == set()


def test_sealed_links_leave_no_proof_in_the_log(written: io.StringIO) -> None:
    secrets = Secrets()
    seat = make_member(make_partner())
    actions.invite(partner=seat.partner, email=EMAIL, role=Role.STAFF, actor=seat.user, language="ru")
    paths = [
        invitation_path(Message.objects.get(kind="people_invited").about, EMAIL),
        review_path("1", EMAIL),
        reverse("enquiry_confirm", args=["WzFd:1tK9aZ:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4"]),
        reverse("enquiry_answered", args=["WzFd:1tK9aZ:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV5"]),
    ]
    strict = Client(enforce_csrf_checks=True)
    for path in paths:
        secrets.keep(path.strip("/").rpartition("/")[2])
        for client in (Client(), client_as(seat.user), strict):
            client.get(path)
            client.post(path, {"name": EMAIL})
            client.get(path.rstrip("/"))  # led on to the address with a slash
    assert secrets.found_in(written.getvalue()) == set()


def test_the_same_account_is_tried_under_the_same_pseudonym(lines: Lines) -> None:
    for email in (EMAIL, EMAIL.upper(), "else@example.org"):
        Client().post("/account/login/", {"login": email, "password": "wrong"})
    first, second, third = [line["account"] for line in lines("security") if line["event"] == "login.failed"]
    assert first == second != third
    assert re.fullmatch("[0-9a-f]{16}", first)


def test_too_many_tries_are_told(lines: Lines) -> None:
    for _try in range(6):
        Client().post("/account/login/", {"login": EMAIL, "password": "wrong"})
    assert lines("security")[-1]["event"] == "limit.reached"
