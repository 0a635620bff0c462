"""The register of messages: read, searched and exported by those who may; letters that have not left are sent anew."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partner_directory.models import Message
from partner_directory.models.message import Delivery
from tests.admin.conftest import signed_in
from tests.admin.test_russian import english_in
from tests.factories.messages import make_message
from tests.factories.partners import make_partner
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

LONG_AGO = timezone.now() - timedelta(hours=1)


def url(view: str, *args: Any) -> str:
    return reverse(f"partner_directory_message_modeladmin_{view}", args=args)


@pytest.fixture
def looking() -> Client:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_message"]))
    return signed_in(user)


@pytest.fixture
def sent() -> Message:
    return make_message(make_partner(name_ru="Ромашка", email="office@partner.example"), sent_at=LONG_AGO)


@pytest.fixture
def lost() -> Message:
    return make_message(make_partner(), claimed_at=LONG_AGO, trouble="SMTPServerDisconnected: silence")


def rows(response: Any) -> list[str]:
    soup = BeautifulSoup(response.content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in soup.select("tr[data-object-pk]")]


def test_the_register_says_who_was_told_what_and_whether_it_left(looking: Client, sent: Message) -> None:
    [row] = rows(looking.get(url("index")))
    for fact in ("Уровень присвоен", "office@partner.example", "Ромашка", "отправлено"):
        assert fact in row


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("q=РОМАШК", 1),
        ("q=office@", 1),
        ("q=ничего", 0),
        (f"delivery={Delivery.SENT}", 1),
        (f"delivery={Delivery.UNKNOWN}", 1),
        (f"delivery={Delivery.GIVEN_UP}", 0),
        ("delivery=nonsense", 2),
        ("kind=membership_granted", 2),
        ("kind=nonsense", 0),
    ],
)
def test_messages_are_found(looking: Client, sent: Message, lost: Message, query: str, count: int) -> None:
    assert len(rows(looking.get(f"{url('index')}?{query}"))) == count


def test_a_message_is_read_whole_and_hostile_words_are_text(looking: Client, lost: Message) -> None:
    Message.objects.update(text="<script>alert(1)</script>")
    page = looking.get(url("inspect", lost.pk)).content.decode()
    assert "silence" in page
    assert "неизвестно, ушло ли" in page
    assert "<script>alert" not in page
    assert looking.get(url("history", lost.pk)).status_code == 200


def test_the_dashboard_counts_what_has_not_left(partner_manager: Client, editor: Client, sent: Message) -> None:
    assert "troubled-letters" not in partner_manager.get("/admin/").content.decode()
    make_message(make_partner(), given_up_at=LONG_AGO)
    make_message(make_partner(), claimed_at=LONG_AGO)
    page = BeautifulSoup(partner_manager.get("/admin/").content, "html.parser").select_one(".troubled-letters")
    assert page is not None
    assert page.get_text(" ", strip=True).count("2") == 1
    for link in page.select("a"):
        assert len(rows(partner_manager.get(str(link["href"])))) == 1
    assert "troubled-letters" not in editor.get("/admin/").content.decode()


def test_sending_once_more_is_asked_by_get_and_done_by_post(
    partner_manager: Client, lost: Message, django_capture_on_commit_callbacks: Any
) -> None:
    address = url("resend", lost.pk)
    assert address in partner_manager.get(url("inspect", lost.pk)).content.decode()
    assert "дважды" in partner_manager.get(address).content.decode()
    assert mail.outbox == []

    with django_capture_on_commit_callbacks(execute=True):
        assert partner_manager.post(address)["Location"] == url("inspect", lost.pk)
    assert len(mail.outbox) == 1
    assert Message.objects.get().delivery == Delivery.SENT
    history = partner_manager.get(url("history", lost.pk)).content.decode()
    assert "Письмо отправлено ещё раз" in history


def test_what_has_left_is_refused_in_words(partner_manager: Client, sent: Message) -> None:
    assert url("resend", sent.pk) not in partner_manager.get(url("inspect", sent.pk)).content.decode()
    page = partner_manager.post(url("resend", sent.pk), follow=True).content.decode()
    assert "уже ушло" in page
    assert mail.outbox == []


def test_everybody_opens_what_is_theirs(
    admin: Client, editor: Client, manager: Client, partner_manager: Client, looking: Client, lost: Message
) -> None:
    clients = {"admin": admin, "editor": editor, "manager": manager, "keeper": partner_manager, "looking": looking}
    keepers = {"admin", "keeper"}
    may: dict[str, set[str]] = {
        url("index"): keepers | {"looking"},
        url("inspect", lost.pk): keepers | {"looking"},
        url("history", lost.pk): keepers | {"looking"},
        url("index") + "?export=csv": keepers,
        url("resend", lost.pk): keepers,
        url("create"): set(),
        url("edit", lost.pk): set(),
        url("delete", lost.pk): set(),
    }
    for address, allowed in may.items():
        found = {name for name, client in clients.items() if client.get(address).status_code == 200}
        assert found == allowed, address
    for client in (editor, manager, looking):
        client.post(url("resend", lost.pk))
    assert Message.objects.get().delivery == Delivery.UNKNOWN


def test_the_export_is_in_words_without_formulas(admin: Client, sent: Message) -> None:
    Message.objects.update(subject="=1+1")
    response = admin.get(url("index") + "?export=csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    [row] = csv.DictReader(StringIO(text))
    assert row["Тема"] == "'=1+1"
    assert row["Письмо"] == "отправлено"
    assert row["Вид"] == "Уровень присвоен"


def test_in_constant_queries(looking: Client, sent: Message, django_assert_max_num_queries: Any) -> None:
    looking.get(url("index"))
    with django_assert_max_num_queries(1000) as few:
        looking.get(url("index"))
    for _number in range(10):
        make_message(make_partner())
    with django_assert_max_num_queries(len(few)):
        looking.get(url("index"))


def test_the_pages_are_in_russian(partner_manager: Client, lost: Message) -> None:
    for address in (url("index"), url("inspect", lost.pk), url("resend", lost.pk), "/admin/"):
        page = partner_manager.get(address).content.decode().replace(lost.trouble, "")
        assert english_in(page) == [], address
