"""A visitor writes to a partner: the form, robots kept out, fair turns, letters, links, and what is forgotten."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import ModelLogEntry

from partner_directory import outbox
from partner_directory.actions import enquiries as actions
from partner_directory.actions.memberships import resume, suspend
from partner_directory.demo import consent as consent_sample
from partner_directory.directory import snapshot
from partner_directory.directory.suitable import Wish, in_turn, takes_enquiries, to_drop, whose_turn
from partner_directory.directory.upkeep import partners_changed
from partner_directory.enquiries import limit, links, proof
from partner_directory.models import ConsentText, Enquiry, Partner, Region, Turn
from partner_directory.models.message import Message
from program_pages.models import Product
from program_pages.models.edition import programme_day
from tests.factories.enquiries import consent, draft, listed_partner, make_enquiry
from tests.factories.users import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.directory.enquiry_urls")]

State = Enquiry.State
Send = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def _no_proofs_spent() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _nobody_else(db: None) -> None:
    """Whoever the shipped data list is no part of these tests, nor is what a rolled-back test has left in memory."""
    snapshot.forget()
    for key in Partner.objects.values_list("pk", flat=True):
        Partner.objects.filter(pk=key).update(accepts_clients=False)
        partners_changed([key])


def solved(puzzle: dict[str, Any] | None = None) -> str:
    """What the script of the form would send."""
    puzzle = puzzle or proof.puzzle()
    for number in range(puzzle["maxNumber"] + 1):
        if sha256(f"{puzzle['salt']}{number}".encode()).hexdigest() == puzzle["challenge"]:
            break
    parts = {name: puzzle[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return b64encode(json.dumps(parts | {"number": number}).encode()).decode()


def filled(**changes: Any) -> dict[str, Any]:
    fields = {
        "name": "Анна Клиентова",
        "company": "ООО «Ромашка»",
        "email": "anna@example.org",
        "phone": "8 495 123-45-67",
        "text": "Нужна CRM на двадцать мест.\nКогда можно начать?",
        "consent": "on",
        "consent_text": str(consent().pk),
        "partner": "",
        "website": "",
    }
    return {name: value for name, value in (fields | changes).items() if value is not None}


@pytest.fixture
def send(client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Send:
    """Sends the form with its puzzle solved unless told."""

    def post(url: str = "/form/", *, with_proof: bool = True, **changes: Any) -> HttpResponse:
        given = filled(**changes) | ({"proof": solved()} if with_proof else {})
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(url, given)  # type: ignore[return-value]

    return post


def page(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]


def link_in(letter: Any) -> str:
    found = re.search(r"https?://\S+?(/\S+)", letter.body)
    assert found
    return found[1]


# The happy ways


def test_an_enquiry_with_a_proof_goes_to_the_chosen_partner_at_once(send: Send, client: Client, settings: Any) -> None:
    partner = listed_partner(name_ru="Ромб")
    product = Product.objects.filter(on_sale=True).first()
    assert product
    response = send(f"/form/{partner.slug}/", partner=partner.slug, product=product.slug, region="77")

    assert (response.status_code, response["Location"]) == (302, f"/form/{partner.slug}/?sent=1")
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.recipient, enquiry.partner) == (State.SENT, partner, partner)
    assert (enquiry.product, enquiry.phone, enquiry.language) == (product, "+7 495 123-45-67", "ru")
    assert enquiry.consent == consent()
    to_partner, copy = mail.outbox
    assert (to_partner.to, to_partner.reply_to) == ([partner.email], ["anna@example.org"])
    assert to_partner.from_email == settings.DEFAULT_FROM_EMAIL
    assert "Нужна CRM на двадцать мест.\nКогда можно начать?" in to_partner.body
    assert "«Ромашка»" in to_partner.body
    assert "Москва" in to_partner.body
    assert (copy.to, copy.reply_to) == (["anna@example.org"], [])
    assert "Ромб" in copy.body
    assert "/answered/" not in copy.body
    assert "Обращение отправлено" in page(client.get(response["Location"]))


def test_without_a_proof_it_waits_for_the_visitors_word(
    send: Send, client: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    partner = listed_partner()
    response = send(with_proof=False)
    assert response["Location"] == "/form/?sent=confirm"
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.recipient) == (State.WAITING, None)
    [letter] = mail.outbox
    assert letter.to == ["anna@example.org"]
    assert "двадцать" not in letter.body  # nobody may send his words to a stranger through us

    link = link_in(letter)
    assert "Отправить обращение партнёру?" in page(client.get(link))
    enquiry.refresh_from_db()
    assert enquiry.state == State.WAITING  # a mail scanner has looked, and nothing happened
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(link).status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.recipient) == (State.SENT, partner)
    assert [letter.to for letter in mail.outbox[1:]] == [[partner.email], ["anna@example.org"]]
    assert "Обращение подтверждено" in page(client.get(link))
    assert client.post(link).status_code == 302
    assert len(mail.outbox) == 3


def test_the_visitor_reads_letters_in_the_language_of_the_page(send: Send) -> None:
    partner = listed_partner()
    send("/en/form/")
    assert Enquiry.objects.get().language == "en"
    assert partner.name_en in mail.outbox[1].body
    assert partner.name_ru in mail.outbox[0].body
    send("/en/form/", with_proof=False, text="Another")
    assert "/en/enquiry/confirm/" in mail.outbox[2].body


def test_a_fictional_company_is_not_written_to(send: Send) -> None:
    partner = listed_partner(is_sample=True, email="")
    send(partner=partner.slug)
    assert Enquiry.objects.get().recipient == partner
    [copy] = mail.outbox
    assert "вымышленная" in copy.body


def test_the_partner_says_it_has_answered(client: Client) -> None:
    partner = listed_partner()
    enquiry = make_enquiry()
    link = links.answered_url(enquiry).removeprefix("http://127.0.0.1:8000")
    assert "вы ответили клиенту?" in page(client.get(link))
    enquiry.refresh_from_db()
    assert enquiry.state == State.SENT
    with time_machine.travel(timezone.now() + timedelta(hours=5, minutes=30), tick=False):
        client.post(link)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answer_hours, enquiry.recipient) == (State.ANSWERED, 5.5, partner)
    assert "ничего делать не нужно" in page(client.get(link))


def test_the_link_of_a_partner_dies_when_the_enquiry_is_handed_on(client: Client) -> None:
    partners = {listed_partner().pk, listed_partner().pk}
    enquiry = make_enquiry()
    link = links.answered_url(enquiry).removeprefix("http://127.0.0.1:8000")
    handed = actions.hand_on(enquiry=enquiry, actor=make_user())
    assert {enquiry.recipient_id, handed.recipient_id} == partners
    response = client.post(link)
    assert response.status_code == 404
    assert "передано другому" in page(response)
    enquiry.refresh_from_db()
    assert enquiry.state == State.SENT


@pytest.mark.parametrize("kind", ["confirm", "answered"])
@pytest.mark.parametrize("token", ["x", "WzFd:1abc:zzzz", "W1s=", "%00", "я" * 300])
def test_a_tampered_link_explains_itself(client: Client, kind: str, token: str) -> None:
    for response in (client.get(f"/enquiry/{kind}/{token}/"), client.post(f"/enquiry/{kind}/{token}/")):
        assert response.status_code == 404
        assert "Ссылка не действует" in page(response)


def test_one_link_does_not_do_for_the_other(client: Client) -> None:
    listed_partner()
    token = links.answered_url(make_enquiry()).split("/")[-2]
    assert client.get(f"/enquiry/confirm/{token}/").status_code == 404


def test_a_link_to_confirm_expires(client: Client) -> None:
    listed_partner()
    token = links.confirm_url(make_enquiry(proven=False)).split("/")[-2]
    with time_machine.travel(timezone.now() + links.CONFIRM_WITHIN + timedelta(minutes=1)):
        assert client.post(f"/enquiry/confirm/{token}/").status_code == 404


# Robots


def test_a_proof_counts_once() -> None:
    solution = solved()
    assert [proof.spend(solution), proof.spend(solution)] == [True, False]


def test_a_replayed_proof_is_no_proof(client: Client) -> None:
    listed_partner()
    solution = solved()
    client.post("/form/", filled() | {"proof": solution})
    client.post("/form/", filled(text="Другое") | {"proof": solution})
    assert sorted(Enquiry.objects.values_list("state", flat=True)) == [State.SENT, State.WAITING]


def test_a_proof_expires() -> None:
    solution = solved()
    with time_machine.travel(timezone.now() + proof.VALID + timedelta(minutes=1)):
        assert not proof.spend(solution)


def test_a_puzzle_of_ones_own_making_proves_nothing() -> None:
    puzzle = proof.puzzle()
    forged = puzzle | {"challenge": sha256(f"{puzzle['salt']}7".encode()).hexdigest()}
    assert not proof.spend(solved(forged))


@pytest.mark.parametrize("junk", ["", "x", "W10=", "MQ==", "e30=", "\x00", "я", b64encode(b"[" * 900).decode()])
def test_junk_is_no_proof(junk: str) -> None:
    assert not proof.spend(junk)


def test_parts_of_another_kind_are_no_proof() -> None:
    parts = {"algorithm": "SHA-256", "challenge": [], "salt": 5, "signature": None, "number": "x"}
    assert not proof.spend(b64encode(json.dumps(parts).encode()).decode())


def test_whoever_fills_the_honeypot_is_told_it_went_well(send: Send) -> None:
    listed_partner()
    assert send(website="https://spam.example")["Location"] == "/form/?sent=1"
    assert not Enquiry.objects.exists()
    assert not mail.outbox


def test_a_sender_is_limited_and_keeps_what_was_written(send: Send, settings: Any) -> None:
    settings.ENQUIRY_LIMIT_PER_HOUR = 2
    listed_partner()
    for number in range(2):
        assert send(email=f"a{number}@example.org", text=f"Вопрос {number}").status_code == 302
    response = send(email="b@example.org", text="Третий вопрос")
    assert response.status_code == 429
    assert "Слишком много обращений" in page(response)
    assert "Третий вопрос" in response.content.decode()
    assert Enquiry.objects.count() == 2
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        assert send(text="Четвёртый").status_code == 302


def test_an_address_is_limited_whoever_sends(settings: Any) -> None:
    settings.ENQUIRY_LIMIT_PER_DAY = 2
    listed_partner()
    make_enquiry(email="Anna@example.org", text="раз")
    make_enquiry(email="anna@example.org", text="два")
    with pytest.raises(limit.TooMany):
        make_enquiry(email="ANNA@example.org", text="три")


def test_a_button_pressed_twice_is_one_enquiry(send: Send) -> None:
    listed_partner()
    assert [send()["Location"], send()["Location"]] == ["/form/?sent=1"] * 2
    assert Enquiry.objects.count() == 1
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(
    ("proxies", "forwarded", "same_as"),
    [(0, "1.1.1.1", "10.0.0.1"), (1, "9.9.9.9, 1.1.1.1", "1.1.1.1"), (2, "1.1.1.1", "10.0.0.1")],
)
def test_the_sender_is_whom_our_own_proxy_saw(settings: Any, proxies: int, forwarded: str, same_as: str) -> None:
    def request(address: str, **meta: str) -> HttpRequest:
        made = HttpRequest()
        made.META = {"REMOTE_ADDR": address, **meta}
        return made

    settings.TRUSTED_PROXIES = 0
    expected = limit.fingerprint(request(same_as))
    settings.TRUSTED_PROXIES = proxies
    assert limit.fingerprint(request("10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)) == expected
    assert "1.1.1.1" not in expected


def test_a_household_of_ipv6_is_one_sender() -> None:
    prints = set()
    for address in ("2001:db8::1", "2001:db8::ffff", "2001:db8:0:1::1"):
        request = HttpRequest()
        request.META = {"REMOTE_ADDR": address}
        prints.add(limit.fingerprint(request))
    assert len(prints) == 2


# What is refused beside its field


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("consent", None, "Без согласия"),
        ("name", "", "Назовите себя"),
        ("name", " \n ", "Назовите себя"),
        ("name", "x" * 5000, "не более 120"),
        ("name", "Анна\x00", "не видны"),
        ("name", "Анна\u202eяпок", "не видны"),
        ("company", "x" * 5000, "не более 120"),
        ("email", "", "Укажите почту"),
        ("email", "anna", "правильный адрес"),
        ("email", "anna@example.org\nBcc: all@example.org", "не видны"),
        ("email", "x" * 5000 + "@example.org", "не более"),
        ("phone", "позвоните", "не телефон"),
        ("phone", "1" * 5000, "не более"),
        ("text", "", "Напишите"),
        ("text", "x" * 5000, "не более 4000"),
        ("text", "Привет\x00", "не видны"),
        ("region", "нигде", "нет среди"),
        ("product", "\x00", "нет среди"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_stored(
    send: Send, field: str, value: str | None, sentence: str
) -> None:
    listed_partner()
    response = send(**{field: value})
    assert response.status_code == 200
    soup = BeautifulSoup(response.content, "html.parser")
    [beside] = soup.select(f"#id_{field}_error")
    assert sentence in beside.text
    assert soup.select(f'.error-summary a[href="#id_{field}"]')
    assert not Enquiry.objects.exists()
    assert not mail.outbox
    if field != "text":
        assert "Нужна CRM на двадцать мест." in soup.select_one("#id_text").text  # type: ignore[union-attr]


def test_html_is_text_and_a_broken_line_in_a_name_becomes_a_space(send: Send, client: Client) -> None:
    partner = listed_partner()
    send(name="Анна\r\nBcc: all@example.org", text="<script>alert(1)</script> & {{ 7 }}")
    enquiry = Enquiry.objects.get()
    assert enquiry.name == "Анна Bcc: all@example.org"
    letter = mail.outbox[0]
    assert "<script>alert(1)</script> & {{ 7 }}" in letter.body
    assert letter.recipients() == [partner.email]
    shown = send(name="", text="<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in shown


def test_the_box_of_consent_is_never_ticked_beforehand_and_shows_its_text(client: Client) -> None:
    response = client.get("/form/?consent=on")
    soup = BeautifulSoup(response.content, "html.parser")
    box = soup.select_one("#id_consent")
    assert box is not None
    assert not box.has_attr("checked")
    assert "Текст согласия от 1\u00a0января 2026" in soup.text
    assert "Цель" in soup.select_one(".consent details").text  # type: ignore[union-attr]
    assert "no-store" in response["Cache-Control"]


def test_consent_to_another_text_is_asked_again(send: Send) -> None:
    listed_partner()
    old = str(consent().pk)
    ConsentText.objects.create(effective_from=programme_day(), text_ru="Новый текст")
    response = send(consent_text=old)
    assert "Текст согласия изменился" in page(response)
    assert not Enquiry.objects.exists()
    assert send().status_code == 302
    assert Enquiry.objects.get().consent.text_ru == "Новый текст"


def test_without_a_text_of_consent_there_is_no_form(client: Client) -> None:
    ConsentText.objects.all().delete()
    response = client.get("/form/")
    assert "Писать через сайт пока нельзя" in page(response)
    assert "<textarea" not in response.content.decode()
    listed_partner()
    client.post("/form/", {"name": "x"})
    assert not Enquiry.objects.exists()


def test_a_link_fills_in_what_is_wanted(client: Client) -> None:
    soup = BeautifulSoup(client.get("/form/?region=77&service=training&product=no-such").content, "html.parser")
    chosen = [option["value"] for option in soup.select("option[selected]")]
    assert chosen == ["77", "", "training"]


def test_a_chosen_partner_is_asked_only_for_what_it_may_do(client: Client) -> None:
    partner = listed_partner(level="retail", services=["supply", "implementation"])
    soup = BeautifulSoup(client.get(f"/form/{partner.slug}/").content, "html.parser")
    assert [option["value"] for option in soup.select("#id_service option")] == ["", "supply"]


# Who gets it


def test_nobody_fits_says_which_condition_to_drop(send: Send) -> None:
    listed_partner(regions=("78",))
    response = send(region="77")
    assert response.status_code == 409
    soup = BeautifulSoup(response.content, "html.parser")
    assert "Без этого условия" in soup.select_one("#id_region_error").text  # type: ignore[union-attr]
    assert "Под все условия сразу" in soup.text
    assert not Enquiry.objects.exists()


def test_conditions_that_each_keep_everybody_out_are_said_at_the_head(send: Send) -> None:
    listed_partner(regions=("78",), services=["supply"])
    assert to_drop(Wish(region="77", service="training")) == []
    assert "Снимите несколько условий" in page(send(region="77", service="training"))


@pytest.mark.parametrize("partners", [1, 2, 3, 5])
def test_turns_are_fair(partners: int) -> None:
    keys = {listed_partner().pk for _ in range(partners)}
    listed_partner(regions=("78",))
    moscow = Region.objects.get(code="77")
    counts: Counter[int] = Counter()
    with time_machine.travel(timezone.now(), tick=False):  # a clock that stands still confuses nobody
        for _ in range(3 * partners + 1):
            recipient = make_enquiry(region=moscow).recipient_id
            assert recipient is not None
            counts[recipient] += 1
            assert max(counts.values()) - min(counts[key] for key in keys) <= 1
    assert set(counts) == keys


def test_the_newcomer_is_first_and_a_choice_of_the_visitor_is_no_turn() -> None:
    one = listed_partner()
    make_enquiry()
    make_enquiry(partner=one)
    assert Turn.objects.get().partner == one
    newcomer = listed_partner()
    make_enquiry(partner=newcomer)
    assert whose_turn(Wish()) == newcomer


def test_a_fictional_company_comes_after_every_true_one() -> None:
    sample = listed_partner(is_sample=True)
    assert whose_turn(Wish()) == sample
    true = listed_partner()
    for _ in range(3):
        assert make_enquiry().recipient == true


def unreachable(how: str) -> Partner:
    facts: dict[str, Any] = {"closed": {"accepts_clients": False}, "mute": {"email": ""}}.get(how, {})
    partner = listed_partner(**facts)
    if how == "suspended":
        suspend(membership=partner.memberships.get(), actor=None, reason="")
    if how == "lapsed":
        partner.memberships.update(year=2020, starts="2020-01-01", until="2020-12-31")
        partners_changed([partner.pk])
    if how == "unpublished":
        partner.unpublish()
    return partner


@pytest.mark.parametrize("how", ["suspended", "lapsed", "closed", "mute", "unpublished"])
def test_whoever_cannot_be_written_to_is_never_chosen(how: str, send: Send, client: Client) -> None:
    partner = unreachable(how)
    assert not takes_enquiries(partner)
    assert list(in_turn(Wish())) == []
    assert send().status_code == 409
    other = listed_partner()
    assert "сейчас написать нельзя" in page(client.get(f"/form/{partner.slug}/"))
    response = send(partner=partner.slug)
    assert response.status_code == 409
    assert not Enquiry.objects.exists()
    soup = BeautifulSoup(response.content, "html.parser")
    assert soup.select_one("input[name=partner]").get("value", "") == ""  # type: ignore[union-attr]
    assert "Нужна CRM" in soup.select_one("#id_text").text  # type: ignore[union-attr]
    assert send(partner="").status_code == 302  # as the page now offers
    assert Enquiry.objects.get().recipient == other


def test_a_partner_suspended_before_the_visitor_confirms_gets_nothing(client: Client) -> None:
    partner, _other = listed_partner(), listed_partner()
    enquiry = make_enquiry(partner=partner, proven=False)
    suspend(membership=partner.memberships.get(), actor=None, reason="")
    link = links.confirm_url(enquiry).removeprefix("http://127.0.0.1:8000")
    response = client.post(link)
    assert response.status_code == 409
    assert "не принимает обращения" in page(response)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.recipient) == (State.WAITING, None)
    resume(membership=partner.memberships.get(), actor=None)
    assert client.post(link).status_code == 302
    enquiry.refresh_from_db()
    assert enquiry.recipient == partner


@pytest.mark.parametrize("slug", ["no-such", "\x00", "x" * 500])
def test_a_partner_that_never_was_is_said_to_be_out_of_reach(send: Send, client: Client, slug: str) -> None:
    listed_partner()
    assert "сейчас написать нельзя" in page(client.get("/form/", {"partner": slug}))
    assert send(partner=slug).status_code == 409


# Decisions, and what is kept of them


def test_the_audit_log_knows_nothing_of_the_visitor(django_capture_on_commit_callbacks: Any) -> None:
    partner, other = listed_partner(), listed_partner()
    actor = make_user()
    with django_capture_on_commit_callbacks(execute=True):
        enquiry = make_enquiry(partner=partner, name="Тайный Посетитель", email="secret@example.org", text="Секрет")
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        actions.hand_on(enquiry=enquiry, actor=actor)
    assert [letter.to for letter in mail.outbox] == [[other.email], ["secret@example.org"]]
    enquiry.refresh_from_db()
    actions.answered(enquiry=enquiry, actor=actor)
    actions.close(enquiry=enquiry, actor=actor)
    rows = list(ModelLogEntry.objects.filter(action__startswith="partner_directory.enquiry").order_by("pk"))
    assert [row.action.rsplit(".", 1)[1] for row in rows] == ["sent", "handed_on", "answered", "closed"]
    assert [row.user for row in rows] == [None, actor, actor, actor]
    for secret in ("Тайный", "secret@", "Секрет"):
        assert not any(secret in f"{row.data} {row.label} {row.message}" for row in rows)


def test_a_decision_that_another_has_overtaken_is_refused() -> None:
    listed_partner()
    enquiry = make_enquiry()
    actions.close(enquiry=enquiry, actor=None)
    for act in (actions.answered, actions.close, actions.hand_on, actions.mark_as_spam, actions.confirm):
        with pytest.raises(actions.Overtaken):
            act(enquiry=enquiry, actor=None)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.answered_at) == (State.CLOSED, None)


def test_only_a_suitable_partner_is_handed_an_enquiry() -> None:
    partner = listed_partner()
    enquiry = make_enquiry()
    with pytest.raises(actions.NobodyFits):
        actions.hand_on(enquiry=enquiry, actor=None)
    for refused in (partner, unreachable("suspended")):
        with pytest.raises(actions.NotTaking):
            actions.hand_on(enquiry=enquiry, actor=None, to=refused)


def test_what_is_long_over_forgets_who_wrote() -> None:
    listed_partner()
    over, spam, open_still = make_enquiry(), make_enquiry(), make_enquiry()
    waiting = make_enquiry(proven=False)
    actions.close(enquiry=over, actor=None)
    actions.mark_as_spam(enquiry=spam, actor=None)
    call_command("forget_enquiries", days=1, verbosity=0)
    over.refresh_from_db()
    assert over.forgotten_at is None
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        for _ in range(2):
            call_command("forget_enquiries", days=1, verbosity=0)
    for enquiry in (over, spam):
        enquiry.refresh_from_db()
        assert (enquiry.name, enquiry.email, enquiry.text, enquiry.sender) == ("", "", "", "")
        assert enquiry.forgotten_at is not None
    open_still.refresh_from_db()
    assert open_still.email
    assert not Enquiry.objects.filter(pk=waiting.pk).exists()
    letters = Message.objects.filter(kind__startswith="enquiry_").values_list("key", flat=True)
    assert {key.split(":")[1] for key in letters} == {str(open_still.pk)}


# Letters wait for the mail server, and leave once


class MailServer:
    """One that is away, or takes letters."""

    is_away = True

    def open(self) -> None:
        if self.is_away:
            raise ConnectionRefusedError

    def send_messages(self, letters: list[Any]) -> None:
        mail.outbox.extend(letters)

    def close(self) -> None:
        pass


def test_letters_about_an_enquiry_wait_for_a_mail_server_and_leave_once(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOBS_RUN = "worker"
    server = MailServer()
    monkeypatch.setattr("partner_directory.outbox.get_connection", lambda: server)
    partner = listed_partner()
    enquiry = make_enquiry(partner=partner, email="anna@example.org", text="Пишу {company} и {link}.")
    outbox.send_due()
    assert mail.outbox == []

    server.is_away = False
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        outbox.send_due()
        outbox.send_due()

    copy, to_partner = sorted(mail.outbox, key=lambda letter: letter.to)
    assert ((to_partner.to, to_partner.reply_to), copy.to) == (
        ([partner.email], ["anna@example.org"]),
        ["anna@example.org"],
    )
    assert links.to_answer(link_in(to_partner).split("/")[-2]) == enquiry
    assert "Пишу {company} и {link}." in copy.body
    assert "/answered/" not in copy.body
    assert not Message.objects.filter(text__contains="/answered/").exists()  # whoever reads the database has no link


def test_a_letter_that_nobody_waits_for_any_more_does_not_leave(settings: Any) -> None:
    settings.JOBS_RUN = "worker"
    first, second = listed_partner(), listed_partner()
    enquiry = make_enquiry(partner=first, email="anna@example.org")
    actions.hand_on(enquiry=enquiry, actor=None, to=second)
    confirmed = make_enquiry(proven=False, partner=first, email="boris@example.org", text="Ещё вопрос")
    actions.confirm(enquiry=confirmed, actor=None)
    outbox.send_due()

    to = [address for letter in mail.outbox for address in letter.to]
    assert to.count(second.email) == to.count(first.email) == 1  # of the first, the enquiry that it still has
    assert not any("/confirm/" in letter.body for letter in mail.outbox)


def broken(**values: Any) -> Callable[[Enquiry], object]:
    return lambda enquiry: Enquiry.objects.filter(pk=enquiry.pk).update(**values)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (broken(recipient=None), "enquiry_has_recipient_and_sent_at_or_neither"),
        (broken(state="waiting"), "enquiry_is_sent_once_it_no_longer_waits"),
        (broken(state="sent", recipient=None, sent_at=None), "enquiry_is_sent_once_it_no_longer_waits"),
        (broken(state="answered"), "enquiry_that_is_answered_says_when"),
        (broken(answered_at="2030-01-01T00:00Z"), "enquiry_that_is_answered_says_when"),
        (broken(state="answered", answered_at="2001-01-01T00:00Z"), "enquiry_is_answered_after_it_was_sent"),
        (broken(state="closed"), "enquiry_that_is_over_says_since_when"),
        (broken(closed_at="2030-01-01T00:00Z"), "enquiry_that_is_over_says_since_when"),
        (broken(email=""), "enquiry_says_who_wrote_until_it_is_forgotten"),
        (broken(forgotten_at="2030-01-01T00:00Z"), "enquiry_says_who_wrote_until_it_is_forgotten"),
    ],
)
def test_the_database_refuses_what_is_half_recorded(change: Callable[[Enquiry], object], rule: str) -> None:
    listed_partner()
    enquiry = make_enquiry()
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        change(enquiry)


def test_a_used_text_of_consent_stays_as_it_was() -> None:
    listed_partner()
    text = consent()
    make_enquiry()
    text.text_ru = "Другой"
    with pytest.raises(Exception, match="не меняется"):
        text.save()
    with pytest.raises(Exception, match="protected"):
        text.delete()


def test_the_sample_of_the_consent_is_loaded_once() -> None:
    assert [text.is_sample for text in ConsentText.objects.order_by("purpose")] == [True, True]
    said: list[str] = []
    consent_sample.load(said.append)
    assert (ConsentText.objects.count(), said) == (2, ["ConsentText: 0 added, 2 kept"])
    ConsentText.objects.filter(purpose="account").delete()
    consent_sample.load(said.append)
    assert (ConsentText.objects.count(), said[-1]) == (2, "ConsentText: 1 added, 1 kept")


def test_the_draft_of_a_refused_enquiry_leaves_no_trace() -> None:
    with pytest.raises(actions.NobodyFits):
        actions.send(draft=draft(), proven=True, actor=None)
    assert not Enquiry.objects.exists()
    assert not Turn.objects.exists()
