"""Where a partner stands: its records made into facts, their evidence, what would change, and the live checklist."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partner_directory import bonus_facts, standing
from partner_directory.leaving import if_leaves
from partner_directory.models import Partner
from partner_directory.models.application import Application
from partner_directory.models.facts import EventParticipation, FactState, Purchase
from program_pages.models import Level
from program_pages.rules.deal import Events, Plan
from program_pages.rules.requirements import RequirementFacts, RequirementStatus
from program_pages.rules.terms import BonusMeasure, RequirementKind, Terms
from program_pages.terms import terms_on
from tests.factories.editions import publish_edition
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.records import (
    make_activity,
    make_check,
    make_confirmation,
    make_implementation,
    make_participation,
    make_plan,
    make_purchase,
    make_review,
    make_sale,
    make_specialist,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 10)
Kind = Purchase.Kind


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def terms() -> Terms:
    return terms_on(TODAY)


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency")


def complete(partner: Partner) -> None:
    """Meets every requirement of the Competency level, and no bonus but that of reviews."""
    for _ in range(2):
        make_specialist(partner)
    make_activity(partner)
    make_review(make_implementation(partner))
    make_check(partner)


class TestFacts:
    def test_nothing_is_recorded_of_a_new_partner(self, partner: Partner) -> None:
        assert standing.facts_of(partner, TODAY) == RequirementFacts()

    def test_only_what_was_confirmed_counts(self, partner: Partner) -> None:
        for state in (FactState.CLAIMED, FactState.REFUSED):
            make_activity(partner, state=state)
            make_implementation(partner, state=state)
            make_purchase(partner, state=state)
            make_specialist(partner, state=state, decision_reason="Нет в реестре")

        assert standing.facts_of(partner, TODAY) == RequirementFacts()

    def test_a6_activities_and_implementations_are_those_of_the_calendar_year(self, partner: Partner) -> None:
        for day in (date(2025, 12, 31), date(2026, 1, 1), TODAY, TODAY + timedelta(days=1)):
            make_activity(partner, done_on=day)
            make_implementation(partner, finished_on=day)

        facts = standing.facts_of(partner, TODAY)

        assert (facts.marketing_activities, facts.implementations) == (2, 2)

    def test_a6_a_review_counts_where_its_implementation_is_of_the_term(self, partner: Partner) -> None:
        make_review(make_implementation(partner, finished_on=date(2025, 12, 31)))
        make_review(make_implementation(partner))
        make_review(make_implementation(partner, state=FactState.CLAIMED))

        facts = standing.facts_of(partner, TODAY)

        assert (facts.reviews, facts.implementations) == (1, 1)

    @pytest.mark.parametrize(("moment", "counts"), [("2026-11-10T23:59:59+03:00", 1), ("2026-11-11T00:00:00+03:00", 0)])
    def test_a11_a_day_ends_at_midnight_in_moscow(self, partner: Partner, moment: str, counts: int) -> None:
        make_review(make_implementation(partner), given=datetime.fromisoformat(moment))
        make_check(partner, checked_at=datetime.fromisoformat(moment))

        facts = standing.facts_of(partner, TODAY)

        assert (facts.reviews, facts.announced) == (counts, bool(counts))

    def test_a_person_with_two_certificates_is_one_specialist(self, partner: Partner) -> None:
        make_specialist(partner, name_ru="Алёна Иванова")
        make_specialist(partner, name_ru="алена  иванова")
        make_specialist(partner, name_ru="Пётр Иванов")

        assert standing.facts_of(partner, TODAY).certified_specialists == 2

    def test_r69_whoever_leaves_counts_to_the_day_before(self, partner: Partner) -> None:
        make_specialist(partner, left_on=TODAY)

        assert standing.facts_of(partner, TODAY - timedelta(days=1)).certified_specialists == 1
        assert standing.facts_of(partner, TODAY).certified_specialists == 0

    def test_r34_what_was_found_last_decides(self, partner: Partner) -> None:
        make_check(partner, found=True, checked_at=timezone.now() - timedelta(days=3))
        assert standing.facts_of(partner, TODAY).announced
        make_check(partner, found=False, checked_at=timezone.now() - timedelta(days=1))
        assert not standing.facts_of(partner, TODAY).announced
        assert standing.facts_of(partner, TODAY - timedelta(days=2)).announced

    def test_r38_r40_purchases_last_to_their_last_day(self, partner: Partner) -> None:
        make_purchase(partner, Kind.MODULE, bought_on=date(2020, 1, 1))
        make_purchase(partner, Kind.EXTENDED_SUPPORT, bought_on=date(2026, 1, 1), until=TODAY)

        today, tomorrow = (standing.facts_of(partner, TODAY + timedelta(days=days)) for days in (0, 1))

        assert (today.module_purchased, today.extended_support) == (True, True)
        assert (tomorrow.module_purchased, tomorrow.extended_support) == (True, False)

    def test_r39_licences_add_up_and_the_last_agreed_number_holds(self, partner: Partner) -> None:
        make_purchase(partner, Kind.RENTED_LICENCES, quantity=10, agreed=50, bought_on=date(2026, 1, 1))
        make_purchase(partner, Kind.RENTED_LICENCES, quantity=20, agreed=30, bought_on=date(2026, 2, 1))
        make_purchase(partner, Kind.RENTED_LICENCES, quantity=5, bought_on=date(2026, 3, 1))

        facts = standing.facts_of(partner, TODAY)

        assert (facts.rented_licences, facts.rented_licences_agreed) == (35, 30)

    def test_another_partners_records_are_not_counted(self, partner: Partner) -> None:
        complete(make_partner(level="competency"))

        assert standing.facts_of(partner, TODAY) == RequirementFacts()


def scatter(partner: Partner, chance: random.Random) -> None:
    """Random records of some years in random states, with days around today."""

    def day() -> date:
        return TODAY + timedelta(days=chance.randint(-400, 40))

    def moment() -> datetime:
        return timezone.now() + timedelta(hours=chance.randint(-9000, 48))

    for _ in range(chance.randint(0, 4)):
        state = chance.choice(FactState.values)
        make_activity(partner, state=state, done_on=day())
        implementation = make_implementation(partner, state=chance.choice(FactState.values), finished_on=day())
        make_review(implementation, state=chance.choice(FactState.values), given=moment())
        bought = day()
        until = chance.choice([None, bought + timedelta(days=chance.randint(0, 500))])
        make_purchase(partner, Kind.RENTED_LICENCES, state=state, bought_on=bought, until=until, quantity=7)
        make_purchase(partner, Kind.MODULE, state=state, bought_on=day())
        make_specialist(
            partner, name_ru=f"Имя {chance.randint(1, 3)}", state=state, decision_reason="Причина",
            certified_on=TODAY - timedelta(days=500), left_on=chance.choice([None, day()]),
        )  # fmt: skip
        make_check(partner, found=chance.choice([True, False]), checked_at=moment())
        make_confirmation(partner, chance.choice(["one", "two"]), starts=bought, until=bought + timedelta(days=90))


class TestMany:
    def test_many_partners_and_each_by_itself_are_told_the_same(self) -> None:
        chance = random.Random(5)  # noqa: S311 - the same disorder each time
        partners = [make_partner(level=None) for _ in range(12)]
        for partner in partners:
            scatter(partner, chance)
        for day in (TODAY, date(2025, 12, 31), date(2026, 12, 31)):
            found = standing.facts_of_many([partner.pk for partner in partners], day)
            assert found == {partner.pk: standing.facts_of(partner, day) for partner in partners}
            assert len({repr(facts) for facts in found.values()}) > 3  # they are not all alike

    def test_numbers_are_those_of_the_evidence(self, partner: Partner) -> None:
        scatter(partner, random.Random(7))  # noqa: S311 - the same disorder each time
        complete(partner)

        facts, evidence = standing.facts_of(partner, TODAY), standing.evidence_of(partner, TODAY)

        assert facts.marketing_activities == len(evidence.activities) >= 1
        assert facts.reviews == len(evidence.reviews) >= 1
        assert facts == standing.facts_from(evidence, TODAY)

    def test_queries_do_not_grow_with_partners_and_records(self) -> None:
        def queries(partners: list[Partner]) -> int:
            with CaptureQueriesContext(
                connection,
            ) as captured:
                standing.facts_of_many([partner.pk for partner in partners], TODAY)
            return len(captured)

        few = [make_partner(level=None)]
        many = [make_partner(level=None) for _ in range(10)]
        for partner in many:
            complete(partner)
            complete(partner)
        assert queries(few) == queries(many) == 7


class TestStanding:
    def test_r45_everything_recorded_meets_the_level(self, partner: Partner, terms: Terms) -> None:
        complete(partner)

        found = standing.standing_of(partner, "competency", terms, TODAY)

        assert found.is_met
        assert [item.judgement.status for item in found.items] == [RequirementStatus.MET] * 4

    def test_a6_without_implementations_reviews_do_not_apply(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        partner.implementations.all().delete()

        found = standing.standing_of(partner, "competency", terms, TODAY)

        assert found.is_met
        assert len(found.applicable) == 3

    def test_r23_retail_has_nothing_to_prove(self, partner: Partner, terms: Terms) -> None:
        assert standing.standing_of(partner, "retail", terms, TODAY).is_met

    def test_a_new_edition_asks_for_more(self, partner: Partner) -> None:
        complete(partner)

        def three(data: dict[str, Any]) -> None:
            for row in data["requirements"]:
                if row["kind"] == "certified_specialists":
                    row["threshold"] = "3"

        publish_edition(effective_from=TODAY, change=three)
        found = standing.standing_of(partner, "competency", terms_on(TODAY), TODAY)

        assert [item.judgement.missing for item in found.missing] == [1]


class TestUntilWhen:
    def until(self, partner: Partner, level: str, kind: RequirementKind, terms: Terms) -> date | None:
        records = standing.evidence_of(partner, TODAY)
        found = standing.judged(standing.facts_from(records, TODAY), level, terms, TODAY)
        [item] = [item for item in found.items if item.requirement.kind is kind]
        return standing.holds_until(item, records)

    def test_what_is_counted_in_a_term_holds_to_its_end(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        for kind in (RequirementKind.MARKETING_ACTIVITIES, RequirementKind.REVIEWS_SHARE):
            assert self.until(partner, "competency", kind, terms) == date(2026, 12, 31)

    def test_r69_people_hold_to_the_day_before_too_few_are_left(self, partner: Partner, terms: Terms) -> None:
        kind = RequirementKind.CERTIFIED_SPECIALISTS
        make_specialist(partner)
        make_specialist(partner, left_on=date(2026, 12, 1))
        assert self.until(partner, "competency", kind, terms) == date(2026, 11, 30)
        make_specialist(partner, left_on=date(2026, 12, 20))
        assert self.until(partner, "competency", kind, terms) == date(2026, 12, 19)
        make_specialist(partner)
        assert self.until(partner, "competency", kind, terms) is None

    def test_r40_support_holds_to_the_last_paid_day_and_r38_a_module_for_ever(
        self, partner: Partner, terms: Terms
    ) -> None:
        make_purchase(partner, Kind.EXTENDED_SUPPORT, until=date(2027, 3, 1))
        make_purchase(partner, Kind.MODULE)
        assert self.until(partner, "saas", RequirementKind.EXTENDED_SUPPORT, terms) == date(2027, 3, 1)
        assert self.until(partner, "saas", RequirementKind.MODULE_PURCHASED, terms) is None

    def test_what_is_missing_has_no_such_day(self, partner: Partner, terms: Terms) -> None:
        assert self.until(partner, "competency", RequirementKind.MARKETING_ACTIVITIES, terms) is None


YEAR = (date(2026, 1, 1), date(2026, 12, 31))


class TestBonusFacts:
    def test_r71_the_share_is_exact_and_none_without_implementations(self, partner: Partner, terms: Terms) -> None:
        assert bonus_facts.bonus_facts_of(partner, "competency", terms, *YEAR).reviews_share is None
        implementations = [make_implementation(partner) for _ in range(4)]
        for implementation in implementations[:3]:
            make_review(implementation)
        assert bonus_facts.bonus_facts_of(partner, "competency", terms, *YEAR).reviews_share == Decimal(75)

    def test_r73_people_beyond_the_levels_requirement(self, partner: Partner, terms: Terms) -> None:
        for people, extra in ((1, 0), (2, 0), (3, 1)):
            while partner.specialists.count() < people:
                make_specialist(partner)
            assert bonus_facts.bonus_facts_of(partner, "competency", terms, *YEAR).extra_specialists == extra

    @pytest.mark.parametrize(
        ("kinds", "found"),
        [
            ([], Events.NONE),
            (["attended"], Events.ATTENDED),
            (["hosted"], Events.HOSTED),
            (["hosted", "attended"], Events.BOTH),
        ],
    )
    def test_r74_events(self, partner: Partner, terms: Terms, kinds: list[str], found: Events) -> None:
        for kind in kinds:
            make_participation(partner, kind)
        make_participation(partner, EventParticipation.Kind.HOSTED, held_on=date(2025, 12, 31))
        assert bonus_facts.bonus_facts_of(partner, "competency", terms, *YEAR).events is found

    def test_r72_no_plan_was_agreed(self, partner: Partner, terms: Terms) -> None:
        make_plan(partner, "100", vendor_agreed_at=None)
        make_plan(partner, "100", cancelled_at=timezone.now(), reason="Передумали")
        make_plan(partner, "100", starts=date(2025, 1, 1), until=date(2025, 12, 31))
        assert bonus_facts.bonus_facts_of(partner, "retail", terms, *YEAR).plan is Plan.NONE

    def test_r50_a_plan_counts_the_final_price_of_its_days(self, partner: Partner, terms: Terms) -> None:
        make_plan(partner, "850", starts=date(2026, 6, 1))
        make_sale(partner, "999", sold_on=date(2026, 5, 31))
        make_sale(partner, "999", state=FactState.REFUSED, decision_reason="Нет")
        assert bonus_facts.bonus_facts_of(partner, "retail", terms, *YEAR).plan is Plan.AGREED
        make_sale(partner, "1000", discount="15.01")
        assert bonus_facts.bonus_facts_of(partner, "retail", terms, *YEAR).plan is Plan.AGREED
        make_sale(partner, "0.10")
        assert bonus_facts.bonus_facts_of(partner, "retail", terms, *YEAR).plan is Plan.MET

    def test_r72_every_plan_of_the_term_has_to_be_fulfilled(self, partner: Partner, terms: Terms) -> None:
        make_plan(partner, "100", until=date(2026, 6, 30))
        make_plan(partner, "100", starts=date(2026, 7, 1))
        make_sale(partner, "500", sold_on=date(2026, 8, 1))
        assert bonus_facts.bonus_facts_of(partner, "retail", terms, *YEAR).plan is Plan.AGREED
        make_sale(partner, "100", sold_on=date(2026, 6, 30))
        assert bonus_facts.bonus_facts_of(partner, "retail", terms, *YEAR).plan is Plan.MET

    def test_the_rows_behind_each_measure(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        hosted = make_participation(partner, "hosted")
        plan, sale = make_plan(partner, "1"), make_sale(partner, "5")
        own = make_confirmation(partner, "own")
        found = bonus_facts.bonus_records_of(partner, terms, *YEAR)
        assert found.behind(BonusMeasure.EVENT_HOSTED) == (hosted,)
        assert found.behind(BonusMeasure.EVENT_ATTENDED) == ()
        assert found.behind(BonusMeasure.SALES_PLAN) == (plan, sale)
        assert found.behind(BonusMeasure.OTHER, frozenset({"own"})) == (own,)
        assert len(found.behind(BonusMeasure.REVIEWS_SHARE)) == 2
        assert len(found.behind(BonusMeasure.EXTRA_SPECIALISTS)) == 2

    def test_queries_do_not_grow(self, partner: Partner, terms: Terms) -> None:
        make_plan(partner, "5")
        with CaptureQueriesContext(connection) as few:
            bonus_facts.bonus_facts_of(partner, "competency", terms, *YEAR)
        for _ in range(5):
            complete(partner)
            make_plan(partner, "5")
            make_sale(partner, "5")
        with CaptureQueriesContext(connection) as many:
            bonus_facts.bonus_facts_of(partner, "competency", terms, *YEAR)
        assert len(many) == len(few) == 10


class TestIfSomebodyLeaves:
    def test_r69_the_second_of_two_blocks_the_renewal(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        change = if_leaves(partner, partner.specialists.all()[0], "competency", terms, YEAR[0], TODAY)

        [(old, new)] = change.items
        assert (old.judgement.recorded, new.judgement.recorded, new.judgement.needed) == (2, 1, 2)
        assert change.blocks_renewal
        assert change.points_lost == 0

    def test_r73_the_third_costs_the_bonus_alone(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        third = make_specialist(partner)
        change = if_leaves(partner, third, "competency", terms, YEAR[0], TODAY)

        bonus = next(bonus for bonus in terms.bonuses if bonus.measure is BonusMeasure.EXTRA_SPECIALISTS)
        assert change.points_lost == bonus.points["competency"]
        assert not change.blocks_renewal
        assert change.after.is_met

    def test_nothing_changes_where_she_holds_another_certificate_no_longer(
        self, partner: Partner, terms: Terms
    ) -> None:
        complete(partner)
        gone = make_specialist(partner, left_on=TODAY)
        change = if_leaves(partner, gone, "competency", terms, YEAR[0], TODAY)
        assert (change.items, change.points_lost, change.blocks_renewal) == ((), 0, False)

    def test_r75_points_are_what_the_ceiling_leaves(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        third = make_specialist(partner)
        held = terms.level("competency")
        full = replace(terms, ceiling=held.discount)
        change = if_leaves(partner, third, "competency", full, YEAR[0], TODAY)
        assert (change.points_before, change.points_lost) == (0, 0)

    def test_it_writes_nothing(self, partner: Partner, terms: Terms) -> None:
        complete(partner)
        specialist = partner.specialists.all()[0]
        with CaptureQueriesContext(connection) as captured:
            if_leaves(partner, specialist, "competency", terms, YEAR[0], TODAY)
        assert all(query["sql"].startswith("SELECT") for query in captured)


# --- The page ---


def said(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]


@pytest.fixture
def signed_in(partner: Partner) -> Client:
    return client_of(make_member(partner))


class TestPage:
    url = "/portal/standing/"

    def test_a_stranger_is_sent_to_sign_in(self, client: Client) -> None:
        assert client.get(self.url).status_code == 302

    def test_a_new_partner_learns_what_is_missing_by_how_much_and_where_to_mend_it(self, signed_in: Client) -> None:
        page = signed_in.get(self.url)

        text = said(page)
        assert "Не выполнено: 3 из 3" in text
        assert "0 из 2" in text
        assert "Не хватает: 2." in text
        assert "В этом году внедрений пока нет" in text
        for name in ("specialists", "activities", "reviews", "announcement"):
            assert f'href="{reverse(f"portal:{name}")}"' in page.content.decode()

    def test_a_whole_one_learns_until_when_it_holds(self, signed_in: Client, partner: Partner) -> None:
        complete(partner)

        text = said(signed_in.get(self.url))

        assert "Всё выполнено" in text
        assert "2 из 2" in text
        assert "Проверяется дважды: в конце срока, 31\xa0декабря".replace("\xa0", " ") in text.replace("\xa0", " ")
        assert "Хватает по 31 декабря 2026" in text.replace("\xa0", " ")

    def test_each_requirement_cites_its_clause(self, signed_in: Client) -> None:
        page = BeautifulSoup(signed_in.get(self.url).content, "html.parser")
        anchors = [link["href"].rpartition("#")[2] for link in page.select(".standing-list .clause-ref")]
        assert anchors == ["r29", "r30", "r31", "r34"]

    def test_another_level_can_be_looked_at_and_an_unknown_one_shows_ones_own(self, signed_in: Client) -> None:
        assert "Модуль «Изоляция»" in said(signed_in.get(f"{self.url}?level=saas"))
        assert "Требований нет" in said(signed_in.get(f"{self.url}?level=retail"))
        assert "Маркетинговые активности" in said(signed_in.get(f"{self.url}?level=%00nothing"))

    def test_a_company_without_a_level_sees_the_one_it_has_applied_for(self) -> None:
        partner = make_partner(level=None)
        level = Level.objects.get(slug="saas")
        Application.objects.create(partner=partner, level=level, product_line=level.product_line)

        text = said(client_of(make_member(partner)).get(self.url))

        assert "вы подали заявку" in text
        assert "Модуль «Изоляция»" in text

    def test_in_english(self, signed_in: Client) -> None:
        page = signed_in.get(f"/en{self.url}")
        assert page.status_code == 200
        assert "Certified employees on the staff" in said(page)

    def test_before_the_first_edition_the_page_says_so(self, signed_in: Client) -> None:
        user = make_member(make_partner(level=None)).user
        with time_machine.travel("2001-01-01T12:00:00+03:00", tick=False):
            signed_in.force_login(user)
            assert "Условия программы ещё не опубликованы" in said(signed_in.get(self.url))

    @pytest.mark.parametrize("url", ["/portal/standing/", "/portal/"])
    def test_queries_do_not_grow(self, signed_in: Client, partner: Partner, url: str) -> None:
        complete(partner)
        signed_in.get(url)
        with CaptureQueriesContext(connection) as few:
            signed_in.get(url)
        for _ in range(10):
            complete(partner)
        with CaptureQueriesContext(connection) as many:
            signed_in.get(url)
        assert len(many) == len(few)


class TestPanel:
    def test_the_home_says_how_many_are_met(self, signed_in: Client, partner: Partner) -> None:
        complete(partner)
        partner.specialists.all()[0].delete()
        text = said(signed_in.get("/portal/"))
        assert "Выполнено требований: 3 из 4." in text
        assert "Сертифицированные сотрудники в штате" in text

    def test_a_company_without_a_level_has_no_panel(self) -> None:
        assert "Требования:" not in said(client_of(make_member(make_partner(level=None))).get("/portal/"))
