"""A partner's records turned into the facts that bonuses are judged by (R71–R74), and which records they are.

A term is a membership's own days, as far as they have come. May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Model

from partner_directory.models.bonus import SalesPlan
from partner_directory.models.facts import ClientReview, EventParticipation, Implementation, RequirementConfirmation
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from partner_directory.sales import agreed_plans, progress
from program_pages.rules.advice import PartnerFacts
from program_pages.rules.deal import BonusFacts, Events, Plan
from program_pages.rules.terms import BonusMeasure, Level, RequirementKind, Terms
from program_pages.rules.thresholds import least


@dataclass(frozen=True, slots=True)
class Records:
    """Everything of a partner's term that a bonus may rest on; six queries, whatever their number."""

    implementations: tuple[Implementation, ...]
    reviews: tuple[ClientReview, ...]
    plans: tuple[SalesPlan, ...]
    plan: Plan
    specialists: tuple[Specialist, ...]
    participations: tuple[EventParticipation, ...]
    confirmations: tuple[RequirementConfirmation, ...]

    def of(self, measure: BonusMeasure, keys: frozenset[str] = frozenset()) -> tuple[Model, ...]:
        """The records that a measure rests on; for an editor's own bonus, those with its keys."""
        hosted = EventParticipation.Kind.HOSTED
        found: Mapping[BonusMeasure, tuple[Model, ...]] = {
            BonusMeasure.REVIEWS_SHARE: (*self.implementations, *self.reviews),
            BonusMeasure.SALES_PLAN: self.plans,
            BonusMeasure.EXTRA_SPECIALISTS: self.specialists,
            BonusMeasure.EVENT_ATTENDED: tuple(row for row in self.participations if row.kind != hosted),
            BonusMeasure.EVENT_HOSTED: tuple(row for row in self.participations if row.kind == hosted),
            BonusMeasure.OTHER: tuple(row for row in self.confirmations if row.key in keys),
        }
        return found[measure]


def bonus_facts_of(partner: Partner, level: str, terms: Terms, starts: date, until: date) -> BonusFacts:
    """What is rewarded of a partner's term at a level (slug) under terms. Raises UnknownLevel."""
    return facts_of_records(records_of(partner, starts, until), terms.level(level))


def records_of(partner: Partner, starts: date, until: date) -> Records:
    """The confirmed records of a term, both days included."""
    term = (starts, until)
    implementations = Implementation.objects.confirmed().filter(partner=partner, finished_on__range=term)
    plans = agreed_plans(partner, starts, until)
    return Records(
        implementations=tuple(implementations),
        reviews=tuple(
            ClientReview.objects.confirmed()
            .filter(partner=partner, implementation__in=implementations)
            .select_related("implementation")
        ),
        plans=tuple(plans),
        plan=_plan(partner, plans, until),
        specialists=tuple(Specialist.objects.working(until).filter(partner=partner)),
        participations=tuple(
            EventParticipation.objects.confirmed().filter(partner=partner, held_on__range=term).select_related("event")
        ),
        confirmations=tuple(
            RequirementConfirmation.objects.confirmed().filter(partner=partner, starts__lte=until, until__gte=starts)
        ),
    )


def facts_of_records(records: Records, level: Level) -> BonusFacts:
    """The facts that a term's records make at a level."""
    return BonusFacts(
        reviews_share=PartnerFacts(len(records.reviews), len(records.implementations)).reviews_share,
        plan=records.plan,
        extra_specialists=max(len(records.specialists) - _specialists_asked(level), 0),
        events=_events(records),
        confirmed=frozenset(row.key for row in records.confirmations),
    )


def _plan(partner: Partner, plans: list[SalesPlan], until: date) -> Plan:
    """Met where every agreed plan that has begun in the term is (R72)."""
    if not plans:
        return Plan.NONE
    return Plan.MET if all(each.is_met for each in progress(partner, plans, until)) else Plan.AGREED


def _specialists_asked(level: Level) -> int:
    kind = RequirementKind.CERTIFIED_SPECIALISTS
    return max((least(item) for item in level.requirements if item.kind is kind), default=0)


def _events(records: Records) -> Events:
    attended = bool(records.of(BonusMeasure.EVENT_ATTENDED))
    if records.of(BonusMeasure.EVENT_HOSTED):
        return Events.BOTH if attended else Events.HOSTED
    return Events.ATTENDED if attended else Events.NONE
