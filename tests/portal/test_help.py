"""Projects, visits and seminars together with ASoft: by the terms, asked for once, decided once (R60, R61, R63)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partner_directory.actions import requests as actions
from partner_directory.models import HelpRequest, Message
from partner_directory.models.material import RequestState
from program_pages.models.edition import programme_day
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member

pytestmark = pytest.mark.django_db

Kind = HelpRequest.Kind
URL = "/portal/help/"


@pytest.mark.parametrize(
    ("level", "kinds"),
    [("retail", {Kind.PROJECT}), ("competency", set(Kind)), ("saas", set(Kind))],
)
def test_r60_r61_r63_a_level_is_offered_what_its_terms_give(level: str, kinds: set[str]) -> None:
    seat = make_member(make_partner(level=level))
    page = BeautifulSoup(client_of(seat).get(URL).content, "html.parser")
    assert {option["value"] for option in page.select("select[name=kind] option")} == kinds


def test_what_the_level_lacks_is_refused_by_the_action_too() -> None:
    partner = make_partner(level="retail")
    with pytest.raises(ValidationError, match="не даёт"):
        actions.ask_help(partner=partner, kind=Kind.VISIT, actor=None)
    assert not HelpRequest.objects.exists()


def test_a_company_asks_and_learns_what_was_decided() -> None:
    seat = make_member(make_partner(level="competency"))
    client = client_of(seat)
    day = programme_day() + timedelta(days=30)
    answer = client.post(URL, {"kind": Kind.VISIT, "wished_on": day.isoformat(), "note": "Завод"})
    assert answer["Location"] == URL
    asked = HelpRequest.objects.get()
    assert (asked.kind, asked.wished_on, asked.asked_by) == (Kind.VISIT, day, seat.user)

    actions.refuse(asked=asked, actor=None, reason="Клиент в отпуске")
    assert "Клиент в отпуске" in client.get(URL).content.decode()
    told = Message.objects.get(partner=seat.partner, kind="request-refused")
    assert (told.url, "Клиент в отпуске" in told.text) == (URL, True)
    with pytest.raises(actions.Overtaken):
        actions.grant(asked=asked, actor=None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "kind"),
        ({"kind": "everything"}, "kind"),
        ({"kind": Kind.VISIT, "wished_on": "2020-01-01"}, "wished_on"),
        ({"kind": Kind.VISIT, "wished_on": "\x00"}, "wished_on"),
        ({"kind": Kind.VISIT, "note": "а" * 3000}, "note"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(given: dict[str, str], field: str) -> None:
    client = client_of(make_member(make_partner(level="competency")))
    page = BeautifulSoup(client.post(URL, given).content, "html.parser")
    assert page.select_one(f"#id_{field}_error")
    assert not HelpRequest.objects.exists()


def test_the_same_is_asked_for_once() -> None:
    partner = make_partner(level="competency")
    actions.ask_help(partner=partner, kind=Kind.SEMINAR, actor=None)
    with pytest.raises(ValidationError, match="уже запросили"):
        actions.ask_help(partner=partner, kind=Kind.SEMINAR, actor=None)


def test_a_company_takes_back_its_own_request_alone() -> None:
    seat = make_member(make_partner(level="competency"))
    asked = actions.ask_help(partner=seat.partner, kind=Kind.PROJECT, actor=None)
    stranger = client_of(make_member(make_partner(level="competency")))
    assert stranger.post(f"{URL}{asked.pk}/cancel/").status_code == 404
    client_of(seat).post(f"{URL}{asked.pk}/cancel/")
    asked.refresh_from_db()
    assert asked.state == RequestState.CANCELLED


def test_without_a_level_in_force_the_page_says_why() -> None:
    page = client_of(make_member(make_partner(level="competency", state="lapsed"))).get(URL).content.decode()
    assert "Сейчас запросить нельзя" in page
    assert "<select" not in page


def test_queries_do_not_grow() -> None:
    seat = make_member(make_partner(level="competency"))
    client = client_of(seat)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get(URL).status_code == 200
        return len(found)

    queries()  # what a process keeps is kept
    few = queries()
    HelpRequest.objects.bulk_create(HelpRequest(partner=seat.partner, kind=Kind.VISIT) for _ in range(50))
    assert queries() == few
