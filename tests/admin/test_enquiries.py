"""The queue of enquiries: seen, searched and exported by those who may, and decided by POST alone."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partner_directory.actions import enquiries as actions
from partner_directory.directory import snapshot
from partner_directory.models import ConsentText, Enquiry, Partner
from tests.admin.conftest import signed_in
from tests.factories.enquiries import consent, listed_partner, make_enquiry
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

State = Enquiry.State
DECISIONS = ("answered", "hand_on", "close", "spam")


@pytest.fixture(autouse=True)
def _nothing_in_memory(db: None) -> None:
    snapshot.forget()


def url(view: str, *args: Any) -> str:
    return reverse(f"partner_directory_enquiry_modeladmin_{view}", args=args)


def consent_url(view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_partner_directory_consenttext:{view}", args=args)


def client_with(*codenames: str) -> Client:
    """Somebody who may enter the admin and has these rights."""
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return signed_in(user)


@pytest.fixture
def looking() -> Client:
    return client_with("view_enquiry")


@pytest.fixture
def deciding() -> Client:
    return client_with("view_enquiry", "change_enquiry")


@pytest.fixture
def enquiry() -> Enquiry:
    """An enquiry that its chosen partner has and could be handed on."""
    listed_partner()
    return make_enquiry(partner=listed_partner(), company="ООО «Ромашка»", phone="+7 495 123-45-67")


def rows(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in soup.select("tr[data-object-pk]")]


def links(response: Any) -> set[str]:
    return {link["href"] for link in BeautifulSoup(response.content, "html.parser").select("a[href]")}


def test_the_queue_says_who_waits_and_for_how_long(looking: Client, enquiry: Enquiry) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=2, hours=1)):
        [row] = rows(looking.get(url("index")))
    assert f"Обращение № {enquiry.pk} · Анна Клиентова · ООО «Ромашка»" in row
    assert str(enquiry.recipient) in row
    assert "ждёт 2\u00a0дня".replace("\u00a0", " ") in row
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        actions.answered(enquiry=enquiry, actor=None)
        [row] = rows(looking.get(url("index")))
    assert "через 5 часов" in row


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=РОМАШК", 1),
        ("q=example.org", 2),
        ("q=ничего", 0),
        ("state__exact=sent", 1),
        ("state__exact=spam", 1),
        ("state__exact=closed", 0),
        ("created_at__gte=2001-01-01%2000:00%2B03:00", 2),
        ("created_at__lt=2001-01-01%2000:00%2B03:00", 0),
    ],
)
def test_enquiries_are_found(looking: Client, enquiry: Enquiry, query: str, count: int) -> None:
    actions.mark_as_spam(enquiry=make_enquiry(), actor=None)
    assert len(rows(looking.get(f"{url('index')}?{query}"))) == count


def test_the_filter_of_recipients_names_only_those_who_got_one(looking: Client, enquiry: Enquiry) -> None:
    stranger = listed_partner()
    page = looking.get(url("index"))
    assert f"?recipient__id__exact={enquiry.recipient_id}" in links(page)
    assert f"?recipient__id__exact={stranger.pk}" not in links(page)
    assert len(rows(looking.get(f"{url('index')}?recipient__id__exact={enquiry.recipient_id}"))) == 1


def test_an_enquiry_is_read_whole(looking: Client, enquiry: Enquiry) -> None:
    page = " ".join(BeautifulSoup(looking.get(url("inspect", enquiry.pk)).content, "html.parser").text.split())
    for fact in (enquiry.name, enquiry.email, enquiry.phone, enquiry.text, str(enquiry.recipient), "Русский"):
        assert fact in page
    assert looking.get(url("history", enquiry.pk)).status_code == 200


def test_hostile_words_are_shown_as_text(looking: Client) -> None:
    listed_partner()
    enquiry = make_enquiry(name="<b>x</b>", text="<script>alert(1)</script>")
    for address in (url("index"), url("inspect", enquiry.pk)):
        page = looking.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<b>x</b>" not in page


@pytest.mark.parametrize(
    ("decision", "state"),
    [("answered", State.ANSWERED), ("hand_on", State.SENT), ("close", State.CLOSED), ("spam", State.SPAM)],
)
def test_a_decision_is_asked_by_get_and_made_by_post(
    deciding: Client, enquiry: Enquiry, decision: str, state: str
) -> None:
    address = url(decision, enquiry.pk)
    assert address in links(deciding.get(url("inspect", enquiry.pk)))
    assert deciding.get(address).status_code == 200
    before = Enquiry.objects.get(pk=enquiry.pk)
    assert (before.state, before.recipient) == (State.SENT, enquiry.recipient)
    response = deciding.post(address)
    assert response["Location"] == url("inspect", enquiry.pk)
    after = Enquiry.objects.get(pk=enquiry.pk)
    assert after.state == state
    assert (after.recipient_id != enquiry.recipient_id) == (decision == "hand_on")


def test_a_manager_names_the_partner_to_hand_on_to(deciding: Client, enquiry: Enquiry) -> None:
    named = listed_partner(name_ru="Названный")
    soup = BeautifulSoup(deciding.get(url("hand_on", enquiry.pk)).content, "html.parser")
    offered = [option["value"] for option in soup.select("#id_to option")]
    assert offered[0] == ""
    assert str(named.pk) in offered
    assert str(enquiry.recipient_id) not in offered
    deciding.post(url("hand_on", enquiry.pk), {"to": named.pk})
    assert Enquiry.objects.get(pk=enquiry.pk).recipient == named
    assert deciding.post(url("hand_on", enquiry.pk), {"to": "none"}).status_code == 200


def test_nobody_else_to_hand_on_to_is_said(deciding: Client) -> None:
    Partner.objects.update(accepts_clients=False)
    enquiry = make_enquiry(partner=listed_partner())
    page = deciding.post(url("hand_on", enquiry.pk), follow=True).content.decode()
    assert Enquiry.objects.get(pk=enquiry.pk).recipient == enquiry.recipient
    assert "не подходит ни один партнёр" in page


def test_a_decision_that_is_no_longer_open_is_refused_in_words(deciding: Client, enquiry: Enquiry) -> None:
    actions.close(enquiry=enquiry, actor=None)
    assert not any(url(name, enquiry.pk) in links(deciding.get(url("inspect", enquiry.pk))) for name in DECISIONS)
    for name in DECISIONS:
        assert "изменил кто-то другой" in deciding.post(url(name, enquiry.pk), follow=True).content.decode()
    assert Enquiry.objects.get(pk=enquiry.pk).state == State.CLOSED


def test_everybody_opens_what_is_theirs(admin: Client, editor: Client, looking: Client, deciding: Client) -> None:
    listed_partner()
    row = make_enquiry()
    exporting = client_with("view_enquiry", "export_enquiry")
    clients = {"admin": admin, "editor": editor, "looking": looking, "deciding": deciding, "exporting": exporting}
    may_look = {"admin", "looking", "deciding", "exporting"}
    may: dict[str, set[str]] = {
        url("index"): may_look,
        url("inspect", row.pk): may_look,
        url("history", row.pk): may_look,
        url("index") + "?export=csv": {"admin", "exporting"},
        **{url(name, row.pk): {"admin", "deciding"} for name in DECISIONS},
        url("create"): set(),
        url("edit", row.pk): set(),
        url("delete", row.pk): set(),
    }
    for address, allowed in may.items():
        found = {name for name, client in clients.items() if client.get(address).status_code == 200}
        assert found == allowed, address
    for name in DECISIONS:
        for client in (editor, looking, exporting):
            client.post(url(name, row.pk))
    assert Enquiry.objects.get(pk=row.pk).state == State.SENT


def test_the_export_holds_answer_hours_and_no_formulas(admin: Client) -> None:
    listed_partner()
    enquiry = make_enquiry(name='=HYPERLINK("http://example.org")', text="+7\nещё")
    with time_machine.travel(timezone.now() + timedelta(hours=2, minutes=30), tick=False):
        actions.answered(enquiry=enquiry, actor=None)
    response = admin.get(url("index") + "?export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [row] = csv.DictReader(StringIO(text))
    assert row["Имя"] == '\'=HYPERLINK("http://example.org")'
    assert row["Обращение"] == "'+7\nещё"
    assert row["Состояние"] == "отвечено"
    assert row["Получатель"] == str(enquiry.recipient)
    assert float(row["Ответ, часов"]) == pytest.approx(2.5)


def test_a_used_text_of_consent_is_read_only(admin: Client) -> None:
    listed_partner()
    make_enquiry()
    text = consent()
    given = {
        "purpose": "enquiry",
        "effective_from": text.effective_from.isoformat(),
        "text_ru": "Другой",
        "text_en": "",
    }
    assert "disabled" in admin.get(consent_url("edit", text.pk)).content.decode()
    admin.post(consent_url("edit", text.pk), given)
    admin.post(consent_url("delete", text.pk))
    assert ConsentText.objects.get(pk=text.pk).text_ru == text.text_ru
    created = admin.post(consent_url("add"), given | {"effective_from": "2031-01-01"})
    assert created.status_code == 302
    newer = ConsentText.objects.get(effective_from="2031-01-01")
    admin.post(consent_url("edit", newer.pk), given | {"effective_from": "2031-01-01", "text_ru": "Исправлено"})
    newer.refresh_from_db()
    assert newer.text_ru == "Исправлено"
