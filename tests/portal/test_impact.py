"""A rehearsal of a draft: equal to recomputing partner by partner, resumed after a kill, run by one alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from partner_directory.actions import impacts
from partner_directory.actions.impacts import TakenOver
from partner_directory.bonus_facts import bonus_facts_of, points_of
from partner_directory.impact import drafts, records, tallies
from partner_directory.models import Impact, ImpactRow, Membership, Partner
from partner_directory.models.material import LicenceRequest
from partner_directory.partner_terms import changes_for
from partner_directory.standing import standing_of
from program_pages.calculator.prices import price_list
from program_pages.models import Product, TermsEdition
from program_pages.rules import whatif
from program_pages.rules.bonus import outcomes
from program_pages.rules.deal import QuoteRequest, RequestLine
from program_pages.rules.overlay import Change, apply
from program_pages.rules.quote import quote
from program_pages.rules.terms import Terms
from program_pages.terms import terms_on
from tests.factories import bonuses
from tests.factories import records as made
from tests.factories.editions import draft_edition, publish_edition
from tests.factories.partners import make_membership, make_partner

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 10)
NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Moscow"))


def stricter(data: dict[str, Any]) -> None:
    """A third specialist, another discount, dearer support, smaller bonuses."""
    for row in data["requirements"]:
        if row["kind"] == "certified_specialists":
            row["threshold"] = 3
    for row in data["bonuses"]:
        row["points"] = dict.fromkeys(row["points"], "1.5")
    for row in data["level_terms"]:
        if row.get("support_percent") is not None:
            row["support_percent"] = 12


def make_draft(**changes: Any) -> TermsEdition:
    defaults: dict[str, Any] = {
        "effective_from": NEXT_YEAR,
        "discounts": {"retail": "8", "competency": "18"},
        "change": stricter,
    }
    return draft_edition(**defaults | changes)


def rehearsed(edition: TermsEdition) -> Impact:
    impact = impacts.start(edition=edition, actor=None)
    list(impacts.run(impact=impact))
    return Impact.objects.get(pk=impact.pk)


def a_crowd() -> list[Partner]:
    """Partners with everything that is ever recorded, on both sides of every border."""
    competency = [make_partner(level="competency", specialists=number) for number in range(4)]
    saas = [make_partner(level="saas", specialists=2), make_partner(level="saas", state="suspended", specialists=3)]
    retail = [make_partner(level="retail"), make_partner(level="retail", state="lapsed")]
    joined_late = make_partner(level=None, specialists=3)
    make_membership(joined_late, level="competency", starts=date(2026, 6, 1), until=date(2026, 12, 31), year=2026)
    everybody = [*competency, *saas, *retail, joined_late]
    for place, partner in enumerate(everybody):
        made.make_sale(partner, "100000.10", discount=str(place), sold_on=date(2026, 3, 1))
        made.make_sale(partner, "70000", sold_on=date(2025, 11, 11), product=Product.objects.get(slug="asoft-crm"))
        made.make_sale(partner, "999", sold_on=date(2025, 11, 10))  # a day too old
        made.make_sale(partner, "555", state="claimed", decided_at=None)
        made.make_activity(partner, done_on=date(2026, 2, 2))
        for month in range(1, 2 + place % 3):
            done = made.make_implementation(partner, finished_on=date(2026, month, 3))
            if month > 1 or place % 2:
                made.make_review(done, given=at(date(2026, 5, 5)))
        made.make_review(made.make_implementation(partner, finished_on=date(2026, 7, 1)))
        made.make_implementation(partner, finished_on=date(2025, 12, 31))
        made.make_check(partner, found=True, checked_at=at(date(2026, 1, 1)))
        made.make_check(partner, found=bool(place % 2), checked_at=at(date(2026, 2, 1)))
        made.make_participation(partner, "hosted" if place % 3 else "attended", held_on=date(2026, 6, 2))
        LicenceRequest.objects.create(
            partner=partner,
            kind="own_use",
            product=Product.objects.get(slug="asoft-crm"),
            quantity=place + 1,
            state="granted",
            decided_at=timezone.now(),
        )
    made.make_specialist(competency[1], name_ru="Анна  Смирнова", left_on=TODAY + timedelta(days=1))
    made.make_specialist(competency[1], name_ru="анна смирнова")
    made.make_specialist(competency[2], left_on=TODAY)
    for kind in ("module", "rented_licences", "extended_support"):
        made.make_purchase(saas[0], kind)
    made.make_purchase(saas[1], "rented_licences", quantity=5, agreed=6)
    made.make_plan(competency[0], "100000")
    made.make_plan(competency[1], "10000000")
    made.make_plan(competency[2], "60000", starts=date(2025, 11, 1), until=date(2026, 11, 1))
    made.make_confirmation(competency[3], "own-bonus")
    bonuses.make_overlay(competency[0], starts=date(2026, 2, 1), until=date(2026, 2, 28))
    bonuses.make_overlay(competency[1], starts=date(2026, 2, 1), until=date(2026, 12, 31))
    bonuses.make_overlay(competency[2], Change("ceiling", Decimal(21)), Change("support_percent", Decimal(7), "saas"))
    return everybody


# --- One by one, by the ordinary way ---


def held_on(partner: Partner, terms: Terms, day: date) -> Terms:
    return apply(terms, changes_for(partner, day))


def one_by_one(membership: Membership, before: Terms, after: Terms) -> dict[str, Any]:
    """What a rehearsal says of a membership, from the standing, the bonuses and a quote for each sale."""
    partner, level = membership.partner, membership.level.slug
    found: dict[str, Any] = {"licences": Decimal(0), "bonus_value": Decimal(0), "support_cost": Decimal(0)}
    missing, discounts, granted = [], [], []
    for terms in (before, after):
        standing = standing_of(partner, level, terms, TODAY)
        missing.append({item.requirement.key for item in standing.missing})
        facts = bonus_facts_of(partner, level, terms, membership.starts, min(membership.until, TODAY))
        held = held_on(partner, terms, NEXT_YEAR)
        discounts.append(quote(held, QuoteRequest(level, (RequestLine("x", 1, Decimal(1)),))).totals.discount_points)
        granted.append(points_of(outcomes(terms, level, facts, NEXT_YEAR), held, level)[1])
    sales = partner.sales.filter(state="confirmed", sold_on__gt=date(2025, 11, 10))
    for sale in sales:
        answers = []
        for terms in (before, after):
            request = QuoteRequest(
                level,
                (RequestLine("x", 1, sale.list_total),),
                client_discount=sale.client_discount,
                bonus=bonus_facts_of(partner, level, terms, membership.starts, min(membership.until, TODAY)),
                day=NEXT_YEAR,
            )
            answers.append(quote(held_on(partner, terms, sale.sold_on), request))
        was, now = answers
        found["licences"] += now.totals.partner_margin - was.totals.partner_margin
        found["bonus_value"] += now.totals.next_sale_bonus_value - was.totals.next_sale_bonus_value
        old, new = was.line("support"), now.line("support")
        if old and new and old.amount is not None and new.amount is not None:
            found["support_cost"] += old.amount - new.amount
    own_use = Decimal(0)
    for asked in LicenceRequest.objects.filter(partner=partner):
        product = price_list(TODAY).products[asked.product.slug]
        assert product.list_price is not None
        line = RequestLine("x", asked.quantity, product.list_price, minimum_price=product.minimum_price)
        was, now = (
            quote(held_on(partner, terms, TODAY), QuoteRequest(level, (line,))).line("own_use:x")
            for terms in (before, after)
        )
        own_use += (was.amount or was.high) - (now.amount or now.high)
    return found | {
        "own_use": own_use,
        "missed": missing[1] - missing[0],
        "met": missing[0] - missing[1],
        "discount_before": discounts[0],
        "discount_after": discounts[1],
        "bonus_before": granted[0],
        "bonus_after": granted[1],
    }


def test_a_rehearsal_is_what_recomputing_partner_by_partner_says() -> None:
    a_crowd()
    draft = make_draft()
    impact = rehearsed(draft)
    before, after = terms_on(NEXT_YEAR), drafts.comparison_of(impact).after.terms
    running = Membership.objects.running(TODAY).select_related("partner", "level")
    rows = {row.membership_id: row for row in impact.rows.all()}
    assert len(rows) == len(running) == impact.done == impact.total == 8
    for membership in running:
        row = rows[membership.pk]
        said = {name: getattr(row, name) for name in one_by_one(membership, before, after)}
        said |= {"missed": set(row.missed), "met": set(row.met)}
        assert said == one_by_one(membership, before, after), membership
    tally = tallies.from_json(impact.tallies)
    assert sum(each.total for each in tally.values()) == sum(row.total for row in rows.values())
    assert {level: each.partners for level, each in tally.items()} == {"competency": 5, "saas": 2, "retail": 1}


def test_what_if_with_the_drafts_own_numbers_says_what_the_rehearsal_says() -> None:
    a_crowd()
    impact = rehearsed(make_draft())
    comparison = drafts.comparison_of(impact)
    found = whatif.reckoned(whatif.from_json(impact.groups), comparison)
    kept = tallies.from_json(impact.tallies)
    assert found.keys() == kept.keys()
    for level, tally in kept.items():
        for name in ("partners", "failing", "discounts", "bonuses", "supports", "missed", "met", "own_use"):
            assert getattr(found[level], name) == getattr(tally, name), (level, name)
        assert abs(found[level].total - tally.total) < 1


def test_an_override_that_ends_mid_year_keeps_its_sales_from_the_draft() -> None:
    """R47: what was agreed until June holds for the sales until June, and not for those after it."""
    partner = make_partner(level="competency")
    bonuses.make_overlay(partner, starts=date(2026, 1, 1), until=date(2026, 6, 30))
    made.make_sale(partner, "1000", sold_on=date(2026, 6, 30))
    made.make_sale(partner, "10000", sold_on=date(2026, 7, 1))
    impact = rehearsed(draft_edition(effective_from=NEXT_YEAR, discounts={"competency": "19"}))
    row = impact.rows.get()
    assert (row.discount_before, row.discount_after) == (Decimal(20), Decimal(19))
    assert row.total == Decimal("-100.00")


def test_of_two_editions_in_one_year_a_draft_is_compared_with_the_one_of_its_day() -> None:
    """R83: a draft of July is compared with what holds in July, one of next year with what was approved for it."""
    partner = make_partner(level="competency")
    made.make_sale(partner, "1000")
    publish_edition(effective_from=date(2026, 12, 1), discounts={"competency": "15"}, name_ru="Декабрьская")
    early = rehearsed(draft_edition(effective_from=date(2026, 11, 20), discounts={"competency": "18"}))
    late = rehearsed(draft_edition(effective_from=NEXT_YEAR, discounts={"competency": "18"}))
    assert late.base_name == "Декабрьская"
    assert (early.rows.get().discount_before, late.rows.get().discount_before) == (Decimal(20), Decimal(15))
    assert (early.rows.get().total, late.rows.get().total) == (Decimal(-20), Decimal(30))


def test_an_approved_edition_that_is_changed_again_is_compared_with_the_one_before_it() -> None:
    make_partner(level="competency")
    edition = publish_edition(effective_from=NEXT_YEAR, discounts={"competency": "15"})
    assert rehearsed(edition).rows.get().discount_before == Decimal(20)


def test_a_draft_of_next_year_finds_only_those_it_touches() -> None:
    make_partner(level="retail")
    touched = make_partner(level="competency")
    impact = rehearsed(draft_edition(effective_from=NEXT_YEAR, discounts={"competency": "19"}))
    assert [row.partner for row in impact.rows.all()] == [touched]
    assert impact.total == 2


def test_a_level_that_the_draft_drops_is_said_of_each_of_its_partners() -> None:
    make_partner(level="saas")

    draft = draft_edition(effective_from=NEXT_YEAR)
    draft.level_terms = [row for row in draft.level_terms.all() if row.level.slug != "saas"]
    draft.save_revision()
    assert rehearsed(TermsEdition.objects.get(pk=draft.pk)).rows.get().is_gone


# --- Begun, killed, gone on with ---


@pytest.fixture
def one_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impacts, "CHUNK", 1)


def said_of(impact: Impact) -> tuple[Any, ...]:
    rows = impact.rows.order_by("membership").values_list("membership", "total", "discount_after", "missed")
    return list(rows), impact.tallies, impact.groups, impact.done


@pytest.mark.usefixtures("one_a_chunk")
def test_a_rehearsal_that_was_killed_goes_on_behind_its_last_whole_chunk() -> None:
    a_crowd()
    whole = rehearsed(make_draft())
    other = impacts.start(edition=make_draft(), actor=None)
    killed = impacts.run(impact=other)
    assert [next(killed), next(killed), next(killed)] == [1, 2, 3]
    killed.close()
    other.refresh_from_db()
    assert (other.done, other.is_finished, other.percent) == (3, False, 37)
    assert list(impacts.run(impact=other, patience=timedelta(0))) == [4, 5, 6, 7, 8]
    other.refresh_from_db()
    assert other.is_finished
    assert said_of(other) == said_of(whole)
    assert other.records_sha256 == whole.records_sha256, "reproducible: the same records were read"


@pytest.mark.usefixtures("one_a_chunk")
def test_of_two_runners_one_wins() -> None:
    a_crowd()
    impact = impacts.start(edition=make_draft(), actor=None)
    first = impacts.run(impact=impact)
    next(first)
    with pytest.raises(TakenOver):
        next(impacts.run(impact=impact))
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        second = impacts.run(impact=impact)  # the first has been silent for too long
        assert next(second) == 2
        with pytest.raises(TakenOver):
            next(first)
        assert list(second)[-1] == 8
    assert ImpactRow.objects.filter(impact=impact).count() == 8


def test_a_runner_that_fails_gives_it_back(monkeypatch: pytest.MonkeyPatch) -> None:
    make_partner()
    impact = impacts.start(edition=make_draft(), actor=None)

    def broken(*_args: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(records, "holdings_of", broken)
        with pytest.raises(RuntimeError):
            list(impacts.run(impact=impact))
    list(impacts.run(impact=impact))
    assert Impact.objects.get(pk=impact.pk).is_finished


def test_a_finished_rehearsal_is_not_run_again() -> None:
    assert list(impacts.run(impact=rehearsed(make_draft()))) == []


def test_begun_twice_it_is_one_until_the_draft_changes() -> None:
    draft = make_draft()
    first = impacts.start(edition=draft, actor=None)
    assert impacts.start(edition=draft, actor=None) == first
    draft.ceiling = Decimal(39)
    draft.save_revision()
    second = impacts.start(edition=TermsEdition.objects.get(pk=draft.pk), actor=None)
    assert second != first
    first.refresh_from_db()
    assert first.replaced_at
    with pytest.raises(TakenOver):
        list(impacts.run(impact=first))


def test_a_rehearsal_stays_as_it_was_when_its_draft_changes_or_goes() -> None:
    partner = make_partner(level="competency")
    draft = draft_edition(effective_from=NEXT_YEAR, discounts={"competency": "19"})
    impact = rehearsed(draft)
    draft.delete()
    impact.refresh_from_db()
    assert impact.edition is None
    assert impact.rows.get().partner == partner
    assert drafts.comparison_of(impact).after.terms.level("competency").discount == Decimal(19)


def test_the_same_draft_saved_again_is_the_same_draft() -> None:
    draft = make_draft()
    before = drafts.checksum_of(drafts.draft_of(draft))
    draft.save_revision()
    draft = TermsEdition.objects.get(pk=draft.pk)
    assert drafts.checksum_of(drafts.draft_of(draft)) == before
    draft.updates_percent = Decimal(21)
    draft.save_revision()
    assert drafts.checksum_of(drafts.draft_of(TermsEdition.objects.get(pk=draft.pk))) != before


def test_what_cannot_be_rehearsed_says_why() -> None:
    in_force = TermsEdition.objects.in_force(TODAY)
    assert in_force is not None
    with pytest.raises(ValidationError, match="уже вступила в силу"):
        impacts.start(edition=in_force, actor=None)
    draft = make_draft()
    levels = list(draft.level_terms.all())
    levels[0].discount = None
    draft.level_terms = levels
    draft.save_revision()
    with pytest.raises(ValidationError, match="не указана скидка"):
        impacts.start(edition=TermsEdition.objects.get(pk=draft.pk), actor=None)


def test_a_chunk_costs_the_same_queries_for_ten_partners_and_for_one() -> None:
    def asked() -> int:
        impact = impacts.start(edition=make_draft(), actor=None)
        found: list[str] = []

        def noted(execute: Any, sql: str, *args: Any) -> Any:
            found.append(sql)
            return execute(sql, *args)

        with connection.execute_wrapper(noted):  # a run forgets what Django has noted of its queries
            list(impacts.run(impact=impact))
        return len(found)

    make_partner(level="competency")
    asked()
    few = asked()
    a_crowd()
    assert asked() == few > 0


# --- By the command ---


def said_by(*arguments: object) -> str:
    said = StringIO()
    call_command("rehearse_edition", *arguments, stdout=said)
    return said.getvalue()


def test_the_command_begins_one_or_finishes_what_was_begun() -> None:
    make_partner(level="competency")
    draft = make_draft()
    assert "finished" in said_by(draft.pk)
    draft.ceiling = Decimal(39)
    draft.save_revision()
    impacts.start(edition=TermsEdition.objects.get(pk=draft.pk), actor=None)
    assert "1 done" in said_by()
    assert [each.is_finished for each in Impact.objects.all()] == [True, True]
    assert "none to finish" in said_by()


@pytest.mark.parametrize(("number", "reason"), [(0, "no edition 0"), (1, "уже вступила в силу")])
def test_the_command_says_what_it_cannot_rehearse(number: int, reason: str) -> None:
    in_force = TermsEdition.objects.in_force(TODAY)
    assert in_force is not None
    with pytest.raises(CommandError, match=reason):
        said_by(in_force.pk if number else 0)
