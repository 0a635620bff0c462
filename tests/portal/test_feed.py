"""The section's feed: each person's own messages of each company, unread until they say so."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partner_directory.models import LetterText, Message, TeamMember
from partner_directory.models.people import Role
from partner_directory.portal.feed.views import PAGE_SIZE
from tests.factories.messages import KIND, tell
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member

pytestmark = pytest.mark.django_db

FEED = "/portal/feed/"


@pytest.fixture
def seat() -> TeamMember:
    return make_member(make_partner(name_ru="Ромашка", name_en="Daisy"), role=Role.STAFF)


@pytest.fixture
def reader(seat: TeamMember) -> Client:
    return client_of(seat)


def read(client: Client, address: str = FEED) -> BeautifulSoup:
    response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def subjects(page: BeautifulSoup) -> list[str]:
    return [tag.get_text(strip=True) for tag in page.select(".portal-message__subject")]


def waiting(page: BeautifulSoup) -> str:
    count = page.select_one(".portal-nav__count")
    return count.get_text(strip=True) if count else ""


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("address", [FEED, f"{FEED}read/", f"{FEED}1/read/"])
def test_a_stranger_is_sent_to_sign_in(client: Client, language: str, address: str) -> None:
    for response in (client.get(language + address), client.post(language + address)):
        assert response.status_code == 302
        assert "login" in response["Location"]


def test_a_person_sees_their_own_messages_of_this_company_alone(seat: TeamMember, reader: Client) -> None:
    tell(seat.partner, level="моё")
    other_company = make_partner()
    TeamMember.objects.create(partner=other_company, user=seat.user)
    tell(other_company, level="чужое")
    make_member(seat.partner)
    Message.objects.filter(partner=seat.partner).exclude(user=seat.user).update(subject="коллеги")

    assert subjects(read(reader)) == ["Ромашка: присвоен уровень моё"]


@pytest.mark.parametrize("role", Role)
def test_owner_and_staff_read_alike(role: Role) -> None:
    seat = make_member(make_partner(), role=role)
    tell(seat.partner)
    reader = client_of(seat)

    assert len(subjects(read(reader))) == 1
    assert reader.post(f"{FEED}{Message.objects.get().pk}/read/").status_code == 302
    assert Message.objects.get().read_at


def test_newest_first_by_pages(seat: TeamMember, reader: Client) -> None:
    for number in range(PAGE_SIZE + 1):
        tell(seat.partner, level=f"№{number}")

    first, second = read(reader), read(reader, f"{FEED}?page=2")
    assert subjects(first)[0].endswith(f"№{PAGE_SIZE}")
    assert len(subjects(first)) == PAGE_SIZE
    assert [subject[-2:] for subject in subjects(second)] == ["№0"]
    for nonsense in ("0", "-1", "x", "999999999999999999999", "%00"):
        assert subjects(read(reader, f"{FEED}?page={nonsense}"))


def test_reading_writes_nothing(seat: TeamMember, reader: Client) -> None:
    tell(seat.partner)
    assert waiting(read(reader)) == "1"
    assert waiting(read(reader)) == "1"
    assert reader.get(f"{FEED}read/").status_code == reader.get(f"{FEED}1/read/").status_code == 405
    assert Message.objects.get().read_at is None


def test_a_button_marks_one_as_read_once(seat: TeamMember, reader: Client) -> None:
    tell(seat.partner, level="раз")
    tell(seat.partner, level="два")
    one = Message.objects.first()
    assert one is not None
    form = read(reader).select_one(f"form[action='{FEED}{one.pk}/read/']")
    assert form is not None

    assert reader.post(str(form["action"]), {"page": "3"})["Location"] == f"{FEED}?page=3"
    one.refresh_from_db()
    first_time = one.read_at
    assert first_time is not None
    reader.post(str(form["action"]))
    one.refresh_from_db()
    assert one.read_at == first_time
    assert waiting(read(reader)) == "1"


def test_all_are_marked_but_those_that_came_meanwhile(seat: TeamMember, reader: Client) -> None:
    colleague = make_member(seat.partner)
    for _number in range(3):
        tell(seat.partner)
    form = read(reader).select_one(f"form[action='{FEED}read/']")
    assert form is not None
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    tell(seat.partner)

    assert reader.post(f"{FEED}read/", fields)["Location"] == FEED
    mine = Message.objects.filter(user=seat.user)
    assert mine.filter(read_at=None).count() == 1
    assert not Message.objects.filter(user=colleague.user).exclude(read_at=None).exists()


@pytest.mark.parametrize("up_to", [None, "", "x", "-1", "9" * 40, "1\x00"])
def test_nonsense_marks_nothing_and_is_said(seat: TeamMember, reader: Client, up_to: str | None) -> None:
    tell(seat.partner)
    response = reader.post(f"{FEED}read/", {} if up_to is None else {"up_to": up_to, "page": "//evil"}, follow=True)

    assert response.status_code == 200
    assert "Ничего не отмечено" in response.content.decode()
    assert Message.objects.get().read_at is None


def test_no_message_of_another_is_reachable(seat: TeamMember, reader: Client) -> None:
    colleague, stranger = make_member(seat.partner), make_member(make_partner())
    tell(seat.partner)
    tell(stranger.partner)

    for message in Message.objects.filter(user__in=[colleague.user, stranger.user]):
        assert reader.post(f"{FEED}{message.pk}/read/").status_code == 404
    assert reader.post(f"{FEED}{'9' * 30}/read/").status_code == 404
    assert not Message.objects.exclude(read_at=None).exists()


def test_each_message_says_where_to_go_on_in_the_readers_language(seat: TeamMember, reader: Client) -> None:
    tell(seat.partner, url="/portal/feed/", reason="Смотрите <b>сами</b>")

    for language, address in (("", "/portal/feed/"), ("/en", "/en/portal/feed/")):
        message = read(reader, language + FEED).select_one(".portal-message")
        assert message is not None
        assert message.select_one(f"a[href='{address}']")
        assert "127.0.0.1" not in message.get_text()
        assert "<b>сами</b>" in message.get_text()
        heading = message.select_one(".portal-message__subject")
        assert heading is not None
        assert heading["lang"] == "ru"


def test_a_link_within_the_text_is_in_words(seat: TeamMember, reader: Client) -> None:
    LetterText.objects.create(kind=KIND, text_ru="Решить: {link}")
    tell(seat.partner, url="/portal/feed/")

    text = read(reader, f"/en{FEED}").select_one(".portal-message__text")
    assert text is not None
    assert " ".join(text.get_text().split()) == "Решить: open on the site"
    assert text.select_one("a[href='/en/portal/feed/']")


def test_an_empty_feed_says_what_it_is_for(reader: Client) -> None:
    page = read(reader)

    assert page.select_one(".empty-state")
    assert not page.select_one("form[action='/portal/feed/read/']")


def test_the_home_page_says_what_is_unread(seat: TeamMember, reader: Client) -> None:
    assert "Сообщения" not in [tag.get_text() for tag in read(reader, "/portal/").select(".portal-panel__title")]
    for number in range(5):
        tell(seat.partner, level=f"№{number}")

    panel = next(panel for panel in read(reader, "/portal/").select(".portal-panel") if FEED in str(panel))
    assert [fact.get_text()[-2:] for fact in panel.select("li")] == ["№4", "№3", "№2"]
    assert panel.select_one(f"a[href='{reverse('portal:feed')}']")
    Message.objects.update(read_at=timezone.now())
    assert not [panel for panel in read(reader, "/portal/").select(".portal-panel") if FEED in str(panel)]


@pytest.mark.parametrize("address", [FEED, "/portal/"])
def test_in_constant_queries(
    seat: TeamMember, reader: Client, address: str, django_assert_max_num_queries: Any
) -> None:
    tell(seat.partner)
    read(reader, address)
    with django_assert_max_num_queries(1000) as few:
        read(reader, address)
    for _number in range(PAGE_SIZE * 2):
        tell(seat.partner)
    with django_assert_max_num_queries(len(few)) as many:
        read(reader, address)
    assert len(many) <= len(few)
