"""Letters to people outside, a client or somebody invited: from the outbox, with a link that rests in no row."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from partner_directory import outbox
from partner_directory.actions import people, reviews
from partner_directory.actions.messages import forget
from partner_directory.messages import tell_partner, write_to
from partner_directory.models import LetterText, Message, Partner
from partner_directory.models.facts import ClientReview
from partner_directory.models.message import Delivery
from partner_directory.models.people import Role
from partner_directory.outbox import Outcome, letter_for, send_due
from partner_directory.sealed_links import CONFIRM_WITHIN
from program_pages.groups import PARTNER_MANAGERS
from tests.admin.conftest import member_of, signed_in
from tests.factories.messages import facts, make_message
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member, make_person
from tests.factories.records import make_implementation

pytestmark = pytest.mark.django_db

CLIENT = "ivan@romashka.example"
LINK = re.compile(r"https?://[^/]+(/\S+)")


def ask(partner: Partner | None = None, **given: Any) -> ClientReview:
    said = {"contact": "Иван", "email": CLIENT, "text": "", "language": "ru", "actor": None} | given
    return reviews.ask(implementation=make_implementation(partner or make_partner()), **said)


def invite(partner: Partner | None = None) -> people.Sent:
    company = partner or make_partner()
    return people.invite(partner=company, email=CLIENT, role=Role.STAFF, actor=None, language="ru")


def link_in(text: str) -> str:
    found = next(address for address in LINK.findall(text) if "/client/" in address or "/invitation/" in address)
    return str(found)


OUTSIDE = pytest.mark.parametrize("act", [ask, invite])


@OUTSIDE
class TestEveryOne:
    def test_is_a_message_to_the_address_alone_that_no_feed_shows(self, act: Callable[..., Any]) -> None:
        seat = make_member(make_partner())
        act(seat.partner)

        message = Message.objects.get()
        assert (message.user, message.email, message.partner) == (None, CLIENT, seat.partner)
        assert not BeautifulSoup(client_of(seat).get("/portal/feed/").content, "html.parser").select(".portal-message")

    def test_its_link_rests_in_no_row_and_works(self, act: Callable[..., Any]) -> None:
        act()
        [row] = Message.objects.values()
        send_due()

        [letter] = mail.outbox
        link = link_in(letter.body)
        token = link.rstrip("/").rsplit("/", 1)[1]
        assert all(token not in str(value) for value in row.values())
        assert "{link}" in row["text"]
        assert "{link}" not in letter.body
        assert Client().get(link).status_code == 200
        [(html, _kind)] = letter.alternatives  # type: ignore[attr-defined]
        assert link in html

    def test_without_a_mail_server_nothing_fails_and_it_leaves_once_later(
        self, act: Callable[..., Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        with (
            override_settings(EMAIL_BACKEND="tests.factories.messages.NoServer"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            act()
        assert (Message.objects.get().delivery, mail.outbox) == (Delivery.WAITING, [])

        with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
            assert send_due() == {Outcome.SENT: 1}
            assert send_due() == {}
            assert Client().get(link_in(mail.outbox[0].body)).status_code == 200
        assert len(mail.outbox) == 1

    @override_settings(JOBS_RUN="beside")
    def test_it_is_left_to_the_thread_beside_the_request(
        self, act: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        woken: list[bool] = []
        monkeypatch.setattr(outbox._postman, "wake", lambda: woken.append(True))
        with django_capture_on_commit_callbacks(execute=True):
            act()
        assert (woken, mail.outbox) == ([True], [])

    def test_goes_with_the_person_who_is_erased(self, act: Callable[..., Any]) -> None:
        guest = make_person(email=CLIENT)
        act()
        people.erase(user=guest, actor=guest)
        assert not Message.objects.exists()


class TestWhatIsNoLongerWanted:
    """A letter that a mail server has kept waiting does not leave once nobody wants its answer."""

    def test_a_client_who_has_declined_is_not_written_to(self) -> None:
        with override_settings(JOBS_RUN="worker"):
            review = ask()
            reviews.decline_by_client(review=review)
        send_due()
        assert not [letter for letter in mail.outbox if CLIENT in letter.to]
        assert not Message.objects.filter(email=CLIENT).exists()

    def test_an_invitation_that_was_revoked_or_sent_anew_leads_nobody_astray(self) -> None:
        company = make_partner()
        with override_settings(JOBS_RUN="worker"):
            people.revoke(invitation=invite(company).invitation, actor=None)
            invite(company)
            last = invite(company)
        send_due()
        [letter] = [letter for letter in mail.outbox if CLIENT in letter.to]
        assert last.secret in letter.body


class TestAClient:
    def test_is_written_to_in_managers_words(self) -> None:
        LetterText.objects.create(kind="review_asked", subject_ru="{contact}, отзыв?", text_ru="Сюда: {link}")
        ask()
        letter = letter_for(Message.objects.get())
        assert letter.subject == "Иван, отзыв?"
        assert letter.text.startswith("Сюда: http")

    def test_gets_the_language_that_was_chosen(self) -> None:
        ask(language="en", contact="Ivan")
        letter = letter_for(Message.objects.get())
        assert letter.text.startswith("Hello Ivan,")
        assert "/en/client/review/" in letter.text

    def test_is_written_to_anew_when_asked_again(self) -> None:
        review = ask()
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
            reviews.ask_again(review=review, language="ru", actor=None)
        assert Message.objects.filter(email=CLIENT).count() == 2

    def test_has_all_the_days_from_the_letter_that_left_late(self) -> None:
        ask()
        late = timezone.now() + timedelta(days=5)
        with time_machine.travel(late, tick=False):
            send_due()
        with time_machine.travel(late + CONFIRM_WITHIN - timedelta(minutes=1), tick=False):
            assert Client().get(link_in(mail.outbox[0].body)).status_code == 200
        with time_machine.travel(late + CONFIRM_WITHIN + timedelta(minutes=1), tick=False):
            assert Client().get(link_in(mail.outbox[0].body)).status_code == 404

    def test_a_placeholder_typed_as_a_fact_shows_nothing_but_the_readers_own_link(self) -> None:
        ask(contact="{link}{company}{about}")
        assert "{company}{about}" in letter_for(Message.objects.get()).text

    @pytest.mark.parametrize("kind", ["review_asked", "people_invited"])
    def test_managers_see_the_letter_in_the_admin(self, kind: str) -> None:
        page = signed_in(member_of(PARTNER_MANAGERS)).get(LetterText.snippet_viewset.words_url(kind))  # type: ignore[attr-defined]
        assert page.status_code == 200
        assert "ООО «Образец»" in page.content.decode()

    def test_the_register_shows_the_letter_without_its_link(self) -> None:
        ask()
        message = Message.objects.get()
        link = link_in(letter_for(message).text).rstrip("/").rsplit("/", 1)[1]
        url = reverse("partner_directory_message_modeladmin_inspect", args=[message.pk])
        page = signed_in(member_of(PARTNER_MANAGERS)).get(url).content.decode()
        assert CLIENT in page
        assert link.split(":")[0] not in page


def test_only_a_kind_with_such_a_link_is_about_something() -> None:
    partner = make_partner()
    with pytest.raises(ValueError, match="about"):
        write_to(
            email=CLIENT, language="ru", partner=partner, kind="membership_granted", key="x", about="1", facts=facts()
        )
    with pytest.raises(ValueError, match="about"):
        tell_partner(partner=partner, kind="people_invited", key="x", facts={"role": "", "until": ""})
    assert not Message.objects.exists()


class TestForgetting:
    OLD = timezone.now() - timedelta(days=400)

    @pytest.mark.parametrize(
        ("state", "goes"),
        [
            ({"sent_at": OLD}, True),
            ({"email": ""}, True),
            ({"given_up_at": OLD}, True),
            ({"claimed_at": OLD}, True),
            ({}, False),
        ],
        ids=["sent", "no letter", "given up", "unknown", "waiting"],
    )
    def test_what_is_old_goes_unless_it_is_still_to_leave(self, state: dict[str, Any], goes: bool) -> None:
        make_message(make_partner(), created_at=self.OLD, **state)
        new = make_message(make_partner(), sent_at=timezone.now())

        assert forget(written_before=timezone.now() - timedelta(days=365)) == int(goes)
        assert Message.objects.filter(pk=new.pk).exists()
        assert Message.objects.count() == (1 if goes else 2)
        assert forget(written_before=timezone.now() - timedelta(days=365)) == 0
