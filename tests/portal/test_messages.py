"""Messages: who is told, in which language, once; sent after the commit, tried again, never twice."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from partner_directory import outbox
from partner_directory.actions import messages as actions
from partner_directory.letterhead import letter_of, paragraphs_of
from partner_directory.letters.kind import Kind
from partner_directory.messages import KINDS, tell_managers, tell_partner
from partner_directory.models import LetterText, Message
from partner_directory.models.message import LONGEST_ATTEMPT, Delivery
from partner_directory.outbox import MOST_ATTEMPTS, Outcome, send_due
from partner_directory.wording import Words, absolute, filled, in_language, mistakes_in, own_words, sample_of
from program_pages.groups import PARTNER_MANAGERS
from program_pages.rules.terms import Text
from tests.factories.messages import KIND, facts, make_message, tell, tell_the_managers
from tests.factories.partners import make_partner
from tests.factories.portal import make_member
from tests.factories.users import make_superuser, make_user

pytestmark = pytest.mark.django_db

BACKENDS = "tests.factories.messages"


def through(backend: str) -> Any:
    """The mail server of the test."""
    return override_settings(EMAIL_BACKEND=f"{BACKENDS}.{backend}")


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(autouse=True)
def _no_sample_manager(db: None) -> None:
    Group.objects.get(name=PARTNER_MANAGERS).user_set.clear()


def manager(language: str = "", **fields: Any) -> Any:
    """A manager of partners, who reads the admin in a language."""
    user = make_user(is_staff=True, **fields)
    user.groups.add(Group.objects.get(name=PARTNER_MANAGERS))
    if language:
        UserProfile.objects.create(user=user, preferred_language=language)
    return user


class TestWhoIsTold:
    def test_each_person_of_the_company_and_nobody_else(self) -> None:
        partner, stranger = make_partner(), make_partner()
        people = {make_member(partner).user.email, make_member(partner).user.email}
        make_member(partner, is_active=False)
        make_member(stranger)

        tell(partner)

        assert set(Message.objects.values_list("email", flat=True)) == people
        assert set(Message.objects.values_list("partner", flat=True)) == {partner.pk}

    def test_a_company_without_people_at_its_public_address_in_russian(self) -> None:
        tell(make_partner(email="office@partner.example"))

        message = Message.objects.get()
        assert (message.user, message.email, message.language) == (None, "office@partner.example", "ru")

    @pytest.mark.parametrize("has_people", [True, False])
    def test_a_sample_partner_is_told_in_the_section_alone(self, has_people: bool) -> None:
        partner = make_partner(is_sample=True)
        if has_people:
            make_member(partner)

        tell(partner)

        message = Message.objects.get()
        assert (message.email, message.delivery) == ("", Delivery.NO_LETTER)
        assert send_due() == {}

    def test_every_manager_in_the_language_of_their_admin(self) -> None:
        make_superuser()
        told = {manager().email: "ru", manager("en").email: "en", manager("ru").email: "ru"}
        manager(is_active=False)

        tell_the_managers()

        assert dict(Message.objects.values_list("email", "language")) == told

    def test_administrators_where_there_is_no_manager(self) -> None:
        admin = make_superuser()

        tell_the_managers()

        assert admin.email in Message.objects.values_list("email", flat=True)

    def test_in_constant_queries_however_many_people(self, django_assert_num_queries: Any) -> None:
        small, large = make_partner(), make_partner()
        make_member(small)
        for _number in range(10):
            make_member(large)
        for partner in (small, large):
            with django_assert_num_queries(3):
                tell(partner)
        assert Message.objects.filter(partner=large).count() == 10


class TestOnce:
    def test_the_same_happening_told_twice_is_one_message_each(self) -> None:
        partner = make_partner()
        make_member(partner)
        tell(partner, key="same")
        make_member(partner)

        tell(partner, key="same")
        tell(partner, key="other")

        assert Message.objects.filter(key="same").count() == 2
        assert Message.objects.filter(key="other").count() == 2

    def test_a_public_address_too(self) -> None:
        partner = make_partner()
        tell(partner, key="same")
        tell(partner, key="same")

        assert Message.objects.count() == 1

    @pytest.mark.parametrize(
        ("kind", "given"),
        [("no_such_kind", facts()), (KIND, {"level": "ASoft"}), (KIND, {})],
    )
    def test_an_unknown_kind_or_half_of_its_facts_is_refused(self, kind: str, given: dict[str, Any]) -> None:
        with pytest.raises(ValueError, match="kind|lacks"):
            tell_partner(partner=make_partner(), kind=kind, key="x", facts=given)
        with pytest.raises(ValueError, match="kind|lacks"):
            tell_managers(kind=kind, key="x", facts=given)
        assert not Message.objects.exists()


class TestWords:
    def test_facts_are_worded_for_each_reader(self) -> None:
        make_superuser()
        manager("en")
        manager("ru")
        LetterText.objects.create(kind=KIND, subject_ru="До {until}: {level}", subject_en="Until {until}: {level}")

        tell_the_managers(level=Text(ru="Розница", en="Retail"))

        assert dict(Message.objects.values_list("language", "subject")) == {
            "ru": "До 31 декабря 2026 г.: Розница",
            "en": "Until 31 December 2026: Retail",
        }

    def test_the_wording_of_managers_wins_field_by_field(self) -> None:
        LetterText.objects.create(kind=KIND, subject_ru="Поздравляем, {company}!")
        partner = make_partner(name_ru="Ромашка")

        tell(partner)

        message = Message.objects.get()
        assert message.subject == "Поздравляем, Ромашка!"
        assert "присвоен уровень ASoft" in message.text

    def test_a_link_leads_to_the_readers_language_whatever_the_actors(self) -> None:
        partner = make_partner()
        with override("en"):
            tell(partner, url="/en/portal/feed/?page=2")

        message = Message.objects.get()
        assert message.url == "/portal/feed/?page=2"
        assert absolute("/portal/", "ru") in absolute(message.url, "ru")
        assert absolute(message.url, "en").endswith("/en/portal/feed/?page=2")
        assert in_language("/admin/", "en") == "/admin/"

    def test_a_line_with_nothing_to_say_is_left_out(self) -> None:
        assert filled(Words("", "А\nПричина: {reason}\n\n\nБ"), {"reason": " "}, "ru").text == "А\n\nБ"
        assert filled(Words("", "Причина: {reason}"), {"reason": "есть"}, "ru").text == "Причина: есть"
        assert filled(Words("", "{a} и {b}"), {"a": "", "b": "есть"}, "ru").text == " и есть".strip()

    def test_a_sentence_with_nothing_to_say_is_left_out(self) -> None:
        for text, said in (
            ("Начислено: {a}. Пояснение: {reason}", "Начислено: 5."),
            ("Начислено: {a}. По {reason}. Потратьте их!", "Начислено: 5. Потратьте их!"),
            ("{reason}. {reason}", ""),
        ):
            assert filled(Words("", text), {"a": "5", "reason": ""}, "ru").text == said

    def test_two_full_stops_never_stand_together(self) -> None:
        until = date(2026, 12, 31)
        for language, said in (("ru", "До 31 декабря 2026 г."), ("en", "До 31 December 2026.")):
            assert words(filled(Words("", "До {until}."), {"until": until}, language).text) == said
        assert filled(Words("", "{a}... {nobody}."), {"a": "Да."}, "ru").text == "Да.... {nobody}."

    def test_facts_are_never_evaluated_nor_filled_again(self) -> None:
        said = filled(Words("{a.b} {a} {0}", "{a!r}"), {"a": "{b}", "b": "тайна"}, "ru")

        assert said == Words("{a.b} {b} {0}", "{a!r}")

    def test_a_subject_is_one_line_of_bounded_length(self) -> None:
        said = filled(Words("{a}", "{a}"), {"a": "x\r\nBcc: all@example.org\x00" + "y" * 300}, "ru")

        assert "\n" not in said.subject
        assert "\r" not in said.subject
        assert len(said.subject) == 200
        assert "\x00" not in said.text

    def test_html_in_facts_stays_text(self) -> None:
        letter = letter_of(Words("<b>s</b>", "<script>x</script>"), link="", language="ru")

        assert "<script>x" not in letter.html
        assert "&lt;script&gt;x" in letter.html
        assert "<script>x" in letter.text

    def test_a_line_that_is_the_link_becomes_a_button_and_stays_in_the_text(self) -> None:
        link = "http://x/portal/"
        letter = letter_of(Words("s", f"Смотрите:\n{link}"), link=link, language="en")

        assert letter.html.count(link) == 1
        assert letter.text.count(link) == 1
        assert letter_of(Words("s", "Смотрите"), link=link, language="en").text.count(link) == 1
        assert paragraphs_of(f"а\nб\n\n{link}", link) == [["а", "б"]]

    def test_a_link_within_a_line_is_shown_in_words(self) -> None:
        link = "http://x/portal/?a=1&b=2"
        letter = letter_of(Words("s", f"Решить <b>: {link}."), link=link, language="en")

        assert 'Решить &lt;b&gt;: <a href="http://x/portal/?a=1&amp;b=2">open on the site</a>.' in letter.html
        assert f">{link}" not in letter.html.replace("&amp;", "&")
        assert letter.text.count(link) == 1

    @pytest.mark.parametrize("text", ["{nobody}", "{ company }", "{company", "company}", "{company.pk}", "{}", "{0}"])
    def test_a_placeholder_that_nothing_fills_is_a_mistake(self, text: str) -> None:
        assert mistakes_in(KIND, text)
        assert mistakes_in(KIND, "{company} {link} {level} {reason}") == []


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
class TestEveryKind:
    def test_is_worded_and_uses_only_what_it_declares(self, kind: Kind, language: str) -> None:
        own = own_words(kind.key, language)

        assert str(kind.label)
        assert len(kind.key) <= Message._meta.get_field("kind").max_length  # type: ignore[operator]
        for text in (own.subject, own.text):
            assert text.strip()
            assert mistakes_in(kind.key, text) == []

    def test_becomes_a_letter_with_its_sample_facts(self, kind: Kind, language: str) -> None:
        said, link = sample_of(kind.key, own_words(kind.key, language), language)
        letter = letter_of(said, link=link, language=language)

        assert f'<html lang="{language}">' in letter.html
        assert "{" not in letter.subject + letter.text
        assert link in letter.html


class TestSending:
    def test_nothing_leaves_before_the_commit(self, django_capture_on_commit_callbacks: Any) -> None:
        partner = make_partner(email="office@partner.example")
        with django_capture_on_commit_callbacks(execute=True):
            tell(partner)
            assert mail.outbox == []

        [letter] = mail.outbox
        assert letter.to == ["office@partner.example"]
        assert Message.objects.get().delivery == Delivery.SENT

    def test_what_is_rolled_back_is_told_to_nobody(self, django_capture_on_commit_callbacks: Any) -> None:
        partner = make_partner()

        def act() -> None:
            with transaction.atomic():
                tell(partner)
                raise ValidationError("no")

        with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
            act()

        assert mail.outbox == []
        assert not Message.objects.exists()

    def test_as_text_and_html_in_the_readers_language(self) -> None:
        make_superuser()
        manager("en")
        tell_the_managers()
        send_due()

        [letter] = mail.outbox
        [(html, kind)] = letter.alternatives  # type: ignore[attr-defined]
        assert kind == "text/html"
        assert '<html lang="en">' in html
        assert "31 December 2026" in words(html)
        assert "31 December 2026" in words(letter.body)
        assert letter.extra_headers["Content-Language"] == "en"
        assert letter.extra_headers["Message-ID"].startswith(f"<message.{Message.objects.get().pk}.")
        assert letter.message().as_bytes()

    def test_what_is_sent_is_not_sent_again(self) -> None:
        tell(make_partner())

        assert send_due() == {Outcome.SENT: 1}
        assert send_due() == {}
        assert len(mail.outbox) == 1

    def test_without_a_server_the_action_succeeds_and_the_letter_leaves_once_later(
        self, django_capture_on_commit_callbacks: Any
    ) -> None:
        with through("NoServer"), django_capture_on_commit_callbacks(execute=True):
            tell(make_partner())
        message = Message.objects.get()
        assert (message.delivery, message.attempts) == (Delivery.WAITING, 1)
        assert "nobody there" in message.trouble

        assert send_due() == {}  # not at once
        with time_machine.travel(timezone.now() + timedelta(minutes=1, seconds=1), tick=False):
            assert send_due() == {Outcome.SENT: 1}
            assert send_due() == {}
        assert len(mail.outbox) == 1
        assert Message.objects.get().trouble == ""

    def test_without_a_server_one_message_finds_out_for_all(self) -> None:
        for _number in range(3):
            tell(make_partner())

        with through("NoServer"):
            assert send_due() == {Outcome.NO_SERVER: 1}
        assert send_due() == {Outcome.SENT: 2}

    def test_an_address_that_is_refused_holds_up_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from tests.factories.messages import Refusing

        partners = [make_partner(), make_partner()]
        monkeypatch.setattr(Refusing, "refused", {partners[0].email})
        for partner in partners:
            tell(partner)

        with through("Refusing"):
            assert send_due() == {Outcome.REFUSED: 1, Outcome.SENT: 1}
        assert [letter.to for letter in mail.outbox] == [[partners[1].email]]

    def test_pauses_grow_and_in_the_end_it_is_given_up(self) -> None:
        tell(make_partner())
        pauses = []
        now = timezone.now() + timedelta(seconds=1)
        with through("NoServer"):
            for _attempt in range(MOST_ATTEMPTS):
                with time_machine.travel(now, tick=False):
                    send_due()
                due = Message.objects.get().next_attempt_at
                pauses.append(due - now)
                now = due

        assert pauses == sorted(pauses)
        assert pauses[0] == timedelta(minutes=1)
        assert pauses[-1] == timedelta(hours=12)
        assert timedelta(days=3) < sum(pauses, timedelta()) < timedelta(days=7)
        assert Message.objects.get().delivery == Delivery.GIVEN_UP
        with time_machine.travel(now + timedelta(days=1), tick=False):
            assert send_due() == {}
        assert mail.outbox == []

    def test_where_the_server_falls_silent_half_way_nobody_sends_it_again_by_himself(self) -> None:
        tell(make_partner())
        with through("SilentAfterwards"):
            assert send_due() == {Outcome.UNKNOWN: 1}
        assert Message.objects.get().delivery == Delivery.SENDING
        with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
            assert send_due() == {}
            assert Message.objects.get().delivery == Delivery.UNKNOWN
        assert len(mail.outbox) == 1

    def test_where_the_sender_dies_half_way_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Killed(BaseException):
            pass

        def die(_self: Any, _messages: Any) -> int:
            raise Killed

        tell(make_partner())
        monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", die)
        with pytest.raises(Killed):
            send_due()
        monkeypatch.undo()

        with time_machine.travel(timezone.now() + LONGEST_ATTEMPT + timedelta(seconds=1), tick=False):
            assert send_due() == {}
            assert Message.objects.get().delivery == Delivery.UNKNOWN

    def test_within_a_transaction_nothing_is_sent(self) -> None:
        tell(make_partner())

        with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
            send_due()
        assert mail.outbox == []

    def test_a_sender_that_comes_too_late_sends_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        tell(make_partner())
        attempt = outbox._attempt

        def meanwhile(message: Message) -> Outcome:
            assert send_due() == {}  # another sender, while this one is at it
            return attempt(message)

        monkeypatch.setattr(outbox, "_attempt", meanwhile)
        assert send_due() == {Outcome.SENT: 1}
        assert len(mail.outbox) == 1

    @override_settings(JOBS_RUN="worker")
    def test_later_means_by_the_command(self, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            tell(make_partner())
        assert mail.outbox == []

        said = StringIO()
        call_command("send_messages", stdout=said)
        call_command("send_messages", stdout=said)
        assert len(mail.outbox) == 1
        assert said.getvalue().splitlines()[0].startswith("Messages: 1 sent, 0 to be tried again")
        assert said.getvalue().splitlines()[1].startswith("Messages: 0 sent")


class TestSendingOnceMore:
    LONG_AGO = timezone.now() - timedelta(hours=1)

    @pytest.mark.parametrize("trouble", [{"claimed_at": LONG_AGO}, {"given_up_at": LONG_AGO, "attempts": 14}])
    def test_a_manager_sends_what_has_not_left(
        self, trouble: dict[str, Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        message = make_message(make_partner(), **trouble)
        decider = manager()
        with django_capture_on_commit_callbacks(execute=True):
            actions.resend(message=message, actor=decider)

        assert len(mail.outbox) == 1
        assert Message.objects.get().delivery == Delivery.SENT
        assert ModelLogEntry.objects.get(action=actions.RESENT).user == decider
        with pytest.raises(actions.Overtaken):
            actions.resend(message=message, actor=decider)

    @pytest.mark.parametrize("state", [{}, {"sent_at": LONG_AGO}, {"claimed_at": timezone.now() + timedelta(days=1)}])
    def test_never_what_has_left_or_is_leaving(self, state: dict[str, Any]) -> None:
        message = make_message(make_partner(), **state)

        with pytest.raises(actions.Overtaken):
            actions.resend(message=message, actor=None)
        assert not ModelLogEntry.objects.filter(action=actions.RESENT).exists()


@pytest.mark.parametrize("delivery", Delivery)
def test_the_database_and_the_row_agree_where_a_letter_is(delivery: Delivery) -> None:
    now = timezone.now()
    hour = timedelta(hours=1)
    rows = {
        Delivery.WAITING: {},
        Delivery.SENDING: {"claimed_at": now},
        Delivery.SENT: {"sent_at": now},
        Delivery.UNKNOWN: {"claimed_at": now - hour},
        Delivery.GIVEN_UP: {"given_up_at": now},
        Delivery.NO_LETTER: {"email": ""},
    }
    made = {place: make_message(make_partner(), **fields) for place, fields in rows.items()}

    assert list(Message.objects.in_delivery(delivery, now)) == [made[delivery]]
    assert made[delivery].delivery == delivery


@pytest.mark.django_db(transaction=True)
@override_settings(JOBS_RUN="beside")
@pytest.mark.skipif(connection.vendor == "sqlite", reason="a thread has no part in SQLite's database in memory")
def test_a_thread_beside_the_request_sends_and_ends() -> None:
    partner = make_partner()
    for _number in range(3):
        tell(partner)
    for thread in threading.enumerate():
        if thread.name == "messages":
            thread.join(timeout=10)

    assert len(mail.outbox) == 3
    assert not any(thread.name == "messages" for thread in threading.enumerate())


@pytest.mark.django_db(transaction=True)
@override_settings(JOBS_RUN="worker")
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_senders_at_once_send_each_letter_once() -> None:
    partner = make_partner()
    for _number in range(20):
        tell(partner)
    ready = threading.Barrier(2)

    def send() -> None:
        ready.wait()
        try:
            send_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _sender in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    sent = [letter.extra_headers["Message-ID"] for letter in mail.outbox]
    assert len(sent) == len(set(sent)) == 20


@pytest.mark.django_db(transaction=True)
@override_settings(JOBS_RUN="worker")
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_who_tell_of_one_happening_at_once_tell_once() -> None:
    partner = make_partner()
    make_member(partner)
    make_member(partner)
    ready = threading.Barrier(2)

    def tell_it() -> None:
        ready.wait()
        try:
            with transaction.atomic():
                tell(partner, key="same", until=date(2026, 12, 31))
        finally:
            connection.close()

    threads = [threading.Thread(target=tell_it) for _teller in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Message.objects.count() == 2
