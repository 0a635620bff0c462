"""Time travel (R83): standing, terms, balance, levels and verification of a day as it had been recorded by its end.

The tests live in 2031; each kind of fact has one story, told as a table of days and what counted on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.log_actions import log

from partner_directory.actions import bonuses, events, facts, memberships, overlays, reviews, sales, specialists
from partner_directory.badges import facts as verification
from partner_directory.bonus_facts import bonus_records_of
from partner_directory.ledger import Way, balance_of, balance_then
from partner_directory.models import Membership, Partner, Specialist
from partner_directory.models.facts import (
    COUNTED_FROM,
    EventParticipation,
    Fact,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.partner import Reference
from partner_directory.models.specialist import LEFT
from partner_directory.partner_terms import terms_for, terms_then
from partner_directory.standing import Records, evidence_of, facts_from, holds_until, judged
from program_pages.as_of import AsOf, on_day
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from program_pages.models import Level
from program_pages.rules.overlay import Change
from program_pages.rules.terms import RequirementKind
from program_pages.terms import terms_on
from tests.factories.bonuses import make_overlay, make_request, unsaved_sale
from tests.factories.editions import publish_edition
from tests.factories.history import on, partner_published_on, published_since
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import client_as, client_of, make_member
from tests.factories.records import make_activity, make_plan, make_specialist
from tests.factories.users import make_user
from tests.factories.verification import badge_of

pytestmark = pytest.mark.django_db

TODAY = date(2031, 11, 10)
NEVER: dict[str, bool] = {}


@pytest.fixture(autouse=True)
def _in_november() -> Iterator[None]:
    with on(TODAY):
        yield


@pytest.fixture
def partner() -> Partner:
    """Known since January, at the Competency level."""
    found = make_partner(level="competency")
    partner_published_on(found, "2031-01-01")
    return found


def a_day(text: str) -> AsOf:
    return on_day(date.fromisoformat(text))


def recorded_of(partner: Partner, day: str) -> Records:
    asked = a_day(day)
    return evidence_of(partner, asked.day, asked.recorded_by)


# --- Facts: recorded, decided, revoked ---

KINDS: dict[str, Callable[[Partner], Fact]] = {
    "activities": lambda partner: MarketingActivity(partner=partner, title="Вебинар", done_on=date(2031, 3, 5)),
    "implementations": lambda partner: Implementation(partner=partner, client="Клиент", finished_on=date(2031, 3, 5)),
    "purchases": lambda partner: Purchase(partner=partner, kind=Purchase.Kind.MODULE, bought_on=date(2031, 3, 5)),
    "confirmations": lambda partner: RequirementConfirmation(
        partner=partner, key="own", starts=date(2031, 1, 1), until=date(2031, 12, 31)
    ),
}
# Done on 5 March, claimed on the 10th, confirmed on 10 April, revoked on 10 June.
COUNTS = {
    "2031-03-05": False,
    "2031-03-10": False,
    "2031-04-09": False,
    "2031-04-10": True,
    "2031-06-09": True,
    "2031-06-10": False,
    "2031-11-10": False,
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_fact_counts_from_the_day_it_was_confirmed_to_the_day_it_was_revoked(partner: Partner, kind: str) -> None:
    with on("2031-03-10"):
        fact = facts.claim(fact=KINDS[kind](partner), actor=None)
    with on("2031-04-10"):
        facts.confirm(fact=fact, actor=None)
    with on("2031-06-10"):
        facts.revoke(fact=fact, actor=None, reason="Ошибка")

    assert {day: bool(getattr(recorded_of(partner, day), kind)) for day in COUNTS} == COUNTS


def test_what_was_refused_never_counted(partner: Partner) -> None:
    with on("2031-03-10"):
        fact = facts.claim(fact=KINDS["activities"](partner), actor=None)
    with on("2031-04-10"):
        facts.refuse(fact=fact, actor=None, reason="Не было")

    assert not any(recorded_of(partner, day).activities for day in COUNTS)


def test_a_day_ends_at_midnight_in_moscow(partner: Partner) -> None:
    with on("2031-04-10", hour=23):
        facts.record(fact=KINDS["activities"](partner), actor=None)

    assert not recorded_of(partner, "2031-04-09").activities
    assert recorded_of(partner, "2031-04-10").activities


def test_r31_a_review_counts_once_its_client_has_said_so(partner: Partner) -> None:
    with on("2031-03-10"):
        done = facts.record(fact=KINDS["implementations"](partner), actor=None)
        review = reviews.ask(
            implementation=done, contact="Анна", email="anna@client.example", text="", language="ru", actor=None
        )
    with on("2031-04-10"):
        reviews.confirm_by_client(review=review, rating=5, text="Довольны")

    assert [len(recorded_of(partner, day).reviews) for day in ("2031-04-09", "2031-04-10")] == [0, 1]


def test_r69_whoever_has_left_by_a_later_word_was_counted_until_then(partner: Partner) -> None:
    with on("2031-03-10"):
        person = specialists.claim(
            partner=partner, name_ru="Анна", certificate="A-1", certified_on=date(2031, 3, 1), scan=None, actor=None
        )
    with on("2031-04-10"):
        specialists.confirm(specialist=person, actor=None)
    with on("2031-06-10"):
        specialists.depart(specialist=Specialist.objects.get(), left_on=date(2031, 5, 1), actor=None)
    days = {"2031-04-09": 0, "2031-04-10": 1, "2031-05-15": 1, "2031-06-09": 1, "2031-06-10": 0}

    assert {day: len(recorded_of(partner, day).specialists) for day in days} == days


def test_r69_that_somebody_is_to_leave_is_not_known_before_it_is_told(partner: Partner) -> None:
    for _ in range(2):
        make_specialist(partner, certified_on=date(2031, 1, 10))
    with on("2031-06-10"):
        specialists.depart(specialist=Specialist.objects.first(), left_on=date(2031, 8, 1), actor=None)  # type: ignore[arg-type]

    def last(day: str) -> date | None:
        records = recorded_of(partner, day)
        found = judged(facts_from(records, a_day(day).day), "competency", terms_on(TODAY), a_day(day).day)
        [item] = [each for each in found.items if each.requirement.kind is RequirementKind.CERTIFIED_SPECIALISTS]
        return holds_until(item, records)

    assert (last("2031-06-09"), last("2031-06-10")) == (None, date(2031, 7, 31))


def test_a_managers_own_entry_counts_from_the_day_of_its_audit_row(partner: Partner) -> None:
    person = make_specialist(partner, certified_on=date(2031, 1, 10))
    with on("2031-04-10"):
        log(instance=person, action="wagtail.create", user=make_user())

    assert [len(recorded_of(partner, day).specialists) for day in ("2031-04-09", "2031-04-10")] == [0, 1]


def test_the_names_that_the_audit_log_is_asked_for_are_those_it_is_written_with() -> None:
    written = {facts.CONFIRMED, facts.RECORDED, sales.CONFIRMED, sales.RECORDED, events.CONFIRMED}

    assert written | {reviews.CLIENT_CONFIRMED} <= COUNTED_FROM
    assert specialists.LEFT == LEFT


def test_r72_r74_what_bonuses_rest_on_is_of_the_day_too(partner: Partner) -> None:
    with on("2031-03-01"):
        plan = make_plan(partner, "100000")
    with on("2031-03-10"):
        sale = sales.claim(sale=unsaved_sale(partner), actor=None)
        told = events.host_own(partner=partner, actor=None, held_on=date(2031, 3, 10), title="Своё")
    with on("2031-04-10"):
        sales.confirm(sale=sale, actor=None)
        events.confirm(participation=EventParticipation.objects.get(pk=told.pk), actor=None)
    type(plan).objects.filter(pk=plan.pk).update(
        cancelled_at=datetime.fromisoformat("2031-06-10T12:00+03:00"), reason="—"
    )

    def found(day: str) -> tuple[list[bool], int]:
        asked = a_day(day)
        terms = terms_on(asked.day)
        records = bonus_records_of(partner, terms, date(2031, 1, 1), asked.day, asked.recorded_by)
        return [each.is_met for each in records.plans], len(records.participations)

    assert found("2031-02-28") == ([], 0)
    assert found("2031-04-09") == ([False], 0)
    assert found("2031-04-10") == ([True], 1)
    assert found("2031-06-10") == ([], 1)


# --- Terms: two editions in a year, an agreement that ends in the middle of it ---


@pytest.fixture
def agreed(partner: Partner) -> Partner:
    """22.5 points from March, written down in April, ended on 20 June; editions of 21 from May, of 24 from August."""
    with on("2031-04-10"):
        made = make_overlay(partner, starts=date(2031, 3, 1), until=date(2031, 12, 31))
    for approved, effective, discount in (
        ("2031-04-20", date(2031, 5, 1), "21"),
        ("2031-07-20", date(2031, 8, 1), "24"),
    ):
        with on(approved):
            publish_edition(effective_from=effective, discounts={"competency": discount})
        if discount == "21":
            with on("2031-06-20"):
                overlays.end(overlay=made, actor=None, reason="Договорились иначе")
    with on("2031-08-20"):
        withdrawn = publish_edition(effective_from=date(2031, 10, 1), discounts={"competency": "29"})
        withdrawn.unpublish()
    return partner


OWN = {
    "2031-03-15": "20",  # in force by its first day, but nobody had written it down
    "2031-04-09": "20",
    "2031-04-10": "22.5",
    "2031-05-01": "22.5",
    "2031-06-20": "22.5",
    "2031-06-21": "21",
    "2031-07-31": "21",
    "2031-08-01": "24",
    "2031-10-01": "24",
}


def test_r47_r82_r83_own_terms_of_a_day_are_those_that_it_knew(agreed: Partner) -> None:
    def discount(day: str) -> str:
        found = terms_then(agreed, a_day(day)).terms.level("competency").discount
        return f"{found.normalize():f}"

    assert {day: discount(day) for day in OWN} == OWN
    today = AsOf(TODAY, TODAY)
    assert terms_then(agreed, today).terms == terms_for(agreed, TODAY)


def calculation(client: Client, query: str) -> BeautifulSoup:
    response = client.get(f"/portal/calculator/?{query}", follow=True)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_r82_the_page_of_ones_own_conditions_is_of_the_day(agreed: Partner) -> None:
    client = client_of(make_member(agreed))

    def own(query: str) -> list[str]:
        page = BeautifulSoup(client.get(f"/portal/conditions/{query}").content, "html.parser")
        return [said(cell) for cell in page.select("td strong")]

    assert own("?on=2031-04-09") == own("?on=2031-06-21") == own("") == []
    assert own("?on=2031-04-10") == own("?on=2031-06-20") == ["22,5 %"]
    assert client.get("/portal/conditions/?on=soon").status_code == 422


DEAL = "v=1&level=competency&line=asoft-crm:10:10000"


@pytest.mark.parametrize(
    ("day", "pays"),
    [("2031-04-09", "80 000 ₽"), ("2031-05-15", "77 500 ₽"), ("2031-07-01", "79 000 ₽"), ("2031-09-01", "76 000 ₽")],
)
def test_ones_own_calculator_computes_as_of_a_day(agreed: Partner, day: str, pays: str) -> None:
    page = calculation(client_of(make_member(agreed)), f"{DEAL}&on={day}")

    assert pays in said(page)
    assert page.select_one(".edition-banner--other_day")
    assert (page.select_one(".quote-change") is not None) is (day != "2031-09-01")


def test_a_link_of_ones_own_calculator_is_never_recomputed_silently(agreed: Partner) -> None:
    client = client_of(make_member(agreed))
    with on("2031-06-20"):
        response = client.get("/portal/calculator/?level=competency&product=asoft-crm&quantity=10&price=10000")
        link = response["Location"].partition("?")[2].partition("#")[0]
    with on("2031-06-25"):
        page = calculation(client_of(make_member(agreed)), link)

    assert "77 500 ₽" in said(page)
    assert "Договорённости с вами с тех пор изменились." in said(page)


@pytest.mark.parametrize("day", ["soon", "2031-02-30", "1999-01-01"])
def test_ones_own_calculator_says_a_day_that_it_cannot_answer(agreed: Partner, day: str) -> None:
    page = calculation(client_of(make_member(agreed)), f"{DEAL}&on={day}")

    assert "76 000 ₽" in said(page)  # today's
    assert page.select_one(".edition-banner")


def test_ones_own_calculator_opens_with_the_facts_of_the_day(agreed: Partner) -> None:
    client = client_of(make_member(agreed))
    for _ in range(4):
        make_specialist(agreed, certified_on=date(2031, 1, 10))
    Specialist.objects.filter(partner=agreed).update(decided_at=datetime.fromisoformat("2031-06-01T12:00+03:00"))

    def extra(day: str) -> str:
        field = calculation(client, f"on={day}").select_one("[name=specialists]")
        return str(field.get("value", "")) if field else "missing"

    assert (extra("2031-05-15"), extra("2031-06-15")) == ("", "2")


# --- The ledger ---


def test_r77_the_balance_of_a_day_is_what_had_happened_by_then(partner: Partner) -> None:
    with on("2031-04-10"):
        bonuses.confirm(request=make_request(partner.memberships.get(), "10"), actor=None)
    with on("2031-06-10"):
        sale = sales.claim(sale=unsaved_sale(partner), actor=None)
        bonuses.spend(sale=sale, way=Way.DISCOUNT, points=Decimal(4), actor=None)
    days = {"2031-04-09": 0, "2031-04-10": 10, "2031-06-09": 10, "2031-06-10": 6, "2031-11-09": 6}
    client = client_of(make_member(partner))

    for day, balance in days.items():
        moment = a_day(day).recorded_by
        assert moment is not None
        assert balance_then(partner, moment) == balance, day
        response = client.get(f"/portal/bonuses/statement/?on={day}")
        assert f"остаток — {balance}." in said(BeautifulSoup(response.content, "html.parser")), day
    assert balance_of(partner) == 6


# --- The page of standing ---


def said(page: Any) -> str:
    return " ".join(page.get_text(" ").replace("\u00a0", " ").replace("\u202f", " ").split())


def standing_page(client: Client, query: str, status: int = 200) -> BeautifulSoup:
    response = client.get(f"/portal/standing/{query}")
    assert response.status_code == status, query
    return BeautifulSoup(response.content, "html.parser")


def test_the_checklist_of_a_day(partner: Partner) -> None:
    client = client_of(make_member(partner))
    with on("2031-04-10"):
        make_activity(partner, done_on=date(2031, 3, 5))

    before, after = (said(standing_page(client, f"?on={day}")) for day in ("2031-04-09", "2031-04-10"))

    assert "Как было на 9 апреля 2031" in before
    assert ("0 из 1" in before, "1 из 1" in after) == (True, True)
    assert not standing_page(client, "?on=2031-04-09").select(".standing-list a.more")  # nothing of the past is mended
    assert standing_page(client, "").select_one("form.day-form [name=on]")


@pytest.mark.parametrize("day", ["soon", "2031-02-30", "2031-11-11", "%00", "9999-12-31"])
@pytest.mark.parametrize("path", ["/portal/standing/", "/portal/bonuses/statement/"])
def test_a_day_that_cannot_be_asked_about_is_said_beside_the_field(partner: Partner, path: str, day: str) -> None:
    response = client_of(make_member(partner)).get(f"{path}?on={day}")
    page = BeautifulSoup(response.content, "html.parser")

    assert response.status_code == 422
    assert page.select_one("#as-of-day_error")
    assert page.select_one("#as-of-day[aria-invalid]")


def test_the_level_shown_is_the_one_held_on_the_day(partner: Partner) -> None:
    with on("2031-06-10"):
        memberships.change_level(
            membership=partner.memberships.get(), level=Level.objects.get(slug="saas"), actor=None, reason="Просьба"
        )
    client = client_of(make_member(partner))

    heads = [
        standing_page(client, query).select_one(".standing-head") for query in ("?on=2031-06-09", "?on=2031-06-10")
    ]

    assert [head and head["data-level"] for head in heads] == ["competency", "saas"]


def test_a_past_day_asks_as_often_for_many_records_as_for_one(partner: Partner) -> None:
    client = client_of(make_member(partner))

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            standing_page(client, "?on=2031-10-10")
        return len(found)

    with on("2031-04-10"):
        make_activity(partner)
    queries()
    few = queries()
    with on("2031-04-10"):
        for _ in range(9):
            make_activity(partner)
            make_specialist(partner)
            make_overlay(partner, Change("discount", Decimal(22), "competency"))

    assert queries() == few


# --- Levels: verification, profile, list ---


@pytest.fixture
def late(partner: Partner) -> Partner:
    """A level granted on 20 March from the 1st, suspended in May, ended on 20 August from 31 July, resumed for none."""
    Membership.objects.filter(partner=partner).delete()
    with on("2031-03-20"):
        held = memberships.grant(
            partner=partner, level=Level.objects.get(slug="competency"), actor=None, starts=date(2031, 3, 1)
        )
    with on("2031-05-01"):
        memberships.suspend(membership=held, actor=None, reason="Пауза")
    with on("2031-05-20"):
        memberships.resume(membership=held, actor=None)
    with on("2031-08-20"):
        how = Membership.Ending.TERMINATED
        memberships.end(membership=held, how=how, actor=None, reason="Нарушение", on=date(2031, 7, 31))
    return partner


# What was recorded of the day then, and what is recorded of it now where that is something else.
VERDICTS = {
    "2031-02-28": ("upcoming", None),
    "2031-03-10": ("upcoming", "valid"),
    "2031-03-20": ("valid", None),
    "2031-05-10": ("suspended", None),
    "2031-05-20": ("valid", None),
    "2031-07-31": ("valid", None),
    "2031-08-10": ("valid", "ended"),
    "2031-08-20": ("ended", None),
    "2031-11-10": ("ended", None),
}


def test_a_verification_says_what_was_recorded_then_and_what_was_later(late: Partner, client: Client) -> None:
    badge = badge_of(late)
    for day, (verdict, later) in VERDICTS.items():
        found = verification.find(badge.code, date.fromisoformat(day))
        answer = client.get(f"/api/v1/verify/{badge.code}/", {"on": day}).json()

        assert found is not None
        assert found.shown.verdict == answer["verdict"] == verdict, day
        assert (found.recorded_later and found.recorded_later.verdict) == later, day
        assert (answer["recorded_later"] or {}).get("verdict") == later, day
    page = BeautifulSoup(client.get(f"/verify/{badge.code}/?on=2031-08-10").content, "html.parser")
    assert page.select_one(".verdict--good")
    assert "По записанному позже: прекращён." in said(page)


@pytest.fixture
def public() -> None:
    """All pages of the site were published in January."""
    published_since("2031-01-01")


def test_a_partners_page_and_the_list_are_those_of_the_day(late: Partner, client: Client, public: None) -> None:
    for day, (verdict, _later) in VERDICTS.items():
        if day == TODAY.isoformat():
            continue
        profile = client.get(f"/partners/{late.slug}/?on={day}")
        found = BeautifulSoup(client.get(f"/partners/?on={day}").content, "html.parser")
        links = [str(link["href"]) for link in found.select(".partner-card__name a")]

        assert profile.status_code == (200 if verdict == "valid" else 404), day
        assert (f"/partners/{late.slug}/?on={day}" in links) is (verdict == "valid"), day
    assert client.get(f"/partners/{late.slug}/").status_code == 410


def test_the_list_of_a_day_says_what_is_of_today_and_keeps_its_day(
    partner: Partner, client: Client, public: None
) -> None:
    page = BeautifulSoup(client.get("/partners/?on=2031-06-01&level=competency").content, "html.parser")

    assert "названия и сведения — сегодняшние" in said(page)
    assert page.select_one("form.directory__form [name=on][value='2031-06-01']")
    assert all("on=2031-06-01" in str(link["href"]) for link in page.select(".chips a, .directory__view"))
    assert page.select_one("meta[name=robots][content=noindex]")


def test_the_list_of_a_day_asks_as_often_for_ten_as_for_one(client: Client, public: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/partners/?on=2031-06-01").status_code == 200
        return len(found)

    def known(number: int) -> None:
        for _ in range(number):
            partner_published_on(make_partner(level="competency"), "2031-01-01")

    known(2)
    queries()
    few = queries()
    known(7)
    queries()

    assert queries() == few


def test_a_profile_says_what_was_published_then(partner: Partner, client: Client, public: None) -> None:
    editor = make_user()

    def publish(day: str, **fields: Any) -> None:
        with on(day):
            current = Partner.objects.get(pk=partner.pk)
            for name, value in fields.items():
                setattr(current, name, value)
            current.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)

    client_named = [Reference(client_ru="Клиент с согласием", consent_on=date(2031, 1, 2))]
    publish("2031-02-01", name_ru="Ромашка", references=client_named)
    publish("2031-06-01", name_ru="Василёк")

    names = {
        day: said(BeautifulSoup(client.get(f"/partners/{partner.slug}/?on={day}").content, "html.parser").h1)
        for day in ("2031-02-01", "2031-05-31", "2031-06-01")
    }

    assert names == {"2031-02-01": "Ромашка", "2031-05-31": "Ромашка", "2031-06-01": "Василёк"}
    assert "Клиент с согласием" in client.get(f"/partners/{partner.slug}/?on=2031-03-01").content.decode()
    publish("2031-09-01", references=[Reference(client_ru="Клиент с согласием", consent_on=None)])
    assert "Клиент с согласием" not in client.get(f"/partners/{partner.slug}/?on=2031-03-01").content.decode()


def test_a_profile_that_was_not_published_then_says_so(client: Client, public: None) -> None:
    partner = make_partner(level="competency")
    Membership.objects.filter(partner=partner).update(granted_at=datetime.fromisoformat("2031-01-01T00:00+03:00"))

    response = client.get(f"/partners/{partner.slug}/?on=2031-10-01")

    assert response.status_code == 404
    assert "ещё не было" in said(BeautifulSoup(response.content, "html.parser"))


def test_a_lapsed_year_is_answered_as_it_was(client: Client, public: None) -> None:
    """A partner that left the directory at the end of a year stands in it on a day of that year."""
    published_since("2030-01-01")
    partner = make_partner(level=None)
    make_membership(partner, level="retail", year=2030, starts=date(2030, 1, 1), until=date(2030, 12, 31))
    partner_published_on(partner, "2030-01-01")

    assert client.get(f"/partners/{partner.slug}/").status_code == 410
    assert client.get(f"/partners/{partner.slug}/?on=2030-12-31").status_code == 200
    assert client.get(f"/partners/{partner.slug}/?on=2031-01-01").status_code == 404


# --- The admin ---


def test_a_manager_sees_how_a_partner_stood(partner: Partner, user_in: Any) -> None:
    with on("2031-04-10"):
        make_activity(partner, done_on=date(2031, 3, 5))
    manager = client_as(user_in(PARTNER_MANAGERS))
    url = reverse(Partner.snippet_viewset.get_url_name("standing"), args=[partner.pk])  # type: ignore[attr-defined]

    before, after, wrong = (manager.get(url, {"on": day}) for day in ("2031-04-09", "2031-04-10", "2031-11-11"))

    assert "0 из 1" in before.content.decode()
    assert "1 из 1" in after.content.decode()
    assert "Как было на 9 апреля 2031" in before.content.decode().replace("\u00a0", " ")
    assert wrong.status_code == 422
    assert client_as(user_in(EDITORS)).get(url).status_code in (302, 403)


def test_the_home_page_of_a_day_leads_to_partners_of_the_day(partner: Partner, client: Client, public: None) -> None:
    page = BeautifulSoup(client.get("/?on=2031-06-01").content, "html.parser")
    cards = [str(link["href"]) for link in page.select(".partner-card__name a")]

    assert cards == [f"/partners/{partner.slug}/?on=2031-06-01"]
    assert client.get(cards[0]).status_code == 200
    assert "/partners/?on=2031-06-01" in [str(link["href"]) for link in page.select("a.more")]
