"""What is rewarded of a partner's term: its records turned into the facts that bonuses are judged by (R71–R75).

A term is a membership's own days, as far as they have come. Only what is confirmed counts; reviews count with their
implementations, whenever their clients confirmed them; a plan is met by the sales of its own days (``sales``).
May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from partner_directory.models.facts import EventParticipation
from partner_directory.models.partner import Partner
from partner_directory.sales import Progress, agreed_plans, progress
from partner_directory.standing import Records, people, records_of_many
from program_pages.rules.advice import PartnerFacts
from program_pages.rules.bonus import Outcome
from program_pages.rules.deal import BonusFacts, Events, Plan
from program_pages.rules.money import NOTHING
from program_pages.rules.requirements import specialists_asked
from program_pages.rules.sale import under_ceiling
from program_pages.rules.terms import BonusMeasure, Level, Terms


@dataclass(frozen=True, slots=True)
class BonusRecords:
    """Everything of a partner's term that a bonus may rest on."""

    records: Records
    plans: tuple[Progress, ...] = ()
    participations: tuple[EventParticipation, ...] = ()

    def behind(self, measure: BonusMeasure, keys: frozenset[str] = frozenset()) -> tuple[Model, ...]:
        """The rows that a measure rests on; for an editor's own bonus, those with its keys."""
        found: Mapping[BonusMeasure, tuple[Model, ...]] = {
            BonusMeasure.REVIEWS_SHARE: (*self.records.implementations, *self.records.reviews),
            BonusMeasure.SALES_PLAN: tuple(row for each in self.plans for row in (each.plan, *each.sales)),
            BonusMeasure.EXTRA_SPECIALISTS: self.records.specialists,
            BonusMeasure.EVENT_ATTENDED: self._took_part(EventParticipation.Kind.ATTENDED),
            BonusMeasure.EVENT_HOSTED: self._took_part(EventParticipation.Kind.HOSTED),
            BonusMeasure.OTHER: tuple(row for row in self.records.confirmations if row.key in keys),
        }
        return found[measure]

    def _took_part(self, kind: str) -> tuple[EventParticipation, ...]:
        return tuple(row for row in self.participations if row.kind == kind)


def bonus_records_of(
    partner: Partner, terms: Terms, starts: date, until: date, recorded_by: datetime | None = None
) -> BonusRecords:
    """The confirmed rows of a term, both days included; ten queries. Specialists are those of the last day (R73).

    With ``recorded_by`` those that had been confirmed before that moment.
    """
    took_part = EventParticipation.objects.confirmed(recorded_by).filter(
        partner=partner, held_on__range=(starts, until)
    )
    plans = agreed_plans(partner, starts, until, recorded_by)
    found = records_of_many([partner.pk], starts, until, with_late_reviews=True, recorded_by=recorded_by)
    return BonusRecords(
        found[partner.pk],
        tuple(progress(partner, plans, until, terms.readings.rounding, recorded_by)),
        tuple(took_part.select_related("event")),
    )


def bonus_facts_of(partner: Partner, level: str, terms: Terms, starts: date, until: date) -> BonusFacts:
    """What is rewarded of a partner at a level (slug) in a term, both days included; raises UnknownLevel."""
    return bonus_facts_from(bonus_records_of(partner, terms, starts, until), terms.level(level))


def bonus_facts_from(found: BonusRecords, level: Level) -> BonusFacts:
    """The facts that a term's rows make at a level."""
    return facts_of_kept(kept_facts(found), level)


def kept_facts(found: BonusRecords) -> dict[str, Any]:
    """What a term's rows come to, as a request for bonuses keeps it: counts, whatever a level asks for."""
    records = found.records
    return {
        "reviews": len(records.reviews),
        "implementations": len(records.implementations),
        "plan": str(_plan(found.plans)),
        "specialists": len(people(records.specialists)),
        "events": str(_events(found)),
        "confirmed": sorted({row.key for row in records.confirmations}),
    }


def facts_of_kept(kept: Mapping[str, Any], level: Level) -> BonusFacts:
    """The facts that what a request keeps makes at a level, of whatever edition."""
    return BonusFacts(
        reviews_share=PartnerFacts(kept["reviews"], kept["implementations"]).reviews_share,
        plan=Plan(kept["plan"]),
        extra_specialists=max(kept["specialists"] - specialists_asked(level), 0),
        events=Events(kept["events"]),
        confirmed=frozenset(kept["confirmed"]),
    )


def _plan(plans: tuple[Progress, ...]) -> Plan:
    """Met where every plan of the term is; none where none was agreed (R72)."""
    if not plans:
        return Plan.NONE
    return Plan.MET if all(each.is_met for each in plans) else Plan.AGREED


def _events(found: BonusRecords) -> Events:
    attended = bool(found.behind(BonusMeasure.EVENT_ATTENDED))
    if found.behind(BonusMeasure.EVENT_HOSTED):
        return Events.BOTH if attended else Events.HOSTED
    return Events.ATTENDED if attended else Events.NONE


def room_for(terms: Terms, level: str) -> Decimal:
    """The points that the ceiling leaves for bonuses beside the discount of a level (slug; R75, A2)."""
    return under_ceiling(terms, terms.level(level).discount)[1]


def points_of(found: Iterable[Outcome], terms: Terms, level: str) -> tuple[Decimal, Decimal]:
    """The points that outcomes bring at a level (slug): asked for, and granted by the ceiling (R75)."""
    asked = sum((outcome.points for outcome in found), NOTHING)
    return asked, min(asked, room_for(terms, level))
