"""Where a partner stands: its records turned into the facts that the pure rules judge (R5, R29–R41, R45, R69, R71–R74).

The one door from a partner's records to ``program_pages.rules``. Derived, never stored, the same however often it is
asked; a term is a calendar year (R44). May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from partner_directory.models.facts import (
    AnnouncementCheck,
    ClientReview,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from program_pages.rules.requirements import Judgement, RequirementFacts, RequirementStatus, judge
from program_pages.rules.terms import Level, Requirement, Terms


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement, and what became of it."""

    requirement: Requirement
    judgement: Judgement

    @property
    def is_missing(self) -> bool:
        """Whether the partner has still to do something."""
        return self.judgement.status is RequirementStatus.MISSING


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner's requirements at a level on a day, in the edition's order."""

    level: Level
    day: date
    items: tuple[Item, ...]

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing: the condition of logos (R5) and of renewal (R45)."""
        return not any(item.is_missing for item in self.items)

    @property
    def missing(self) -> tuple[Item, ...]:
        """What is missing."""
        return tuple(item for item in self.items if item.is_missing)


def facts_of(partner: Partner, day: date) -> RequirementFacts:
    """What is recorded of a partner by a day in the calendar year of that day."""
    starts = date(day.year, 1, 1)
    purchases = [
        row
        for row in Purchase.objects.confirmed().filter(partner=partner, bought_on__lte=day).order_by("bought_on", "pk")
        if row.until is None or row.until >= day
    ]
    rented = [row for row in purchases if row.kind == Purchase.Kind.RENTED_LICENCES]
    agreed = [row.agreed for row in rented if row.agreed is not None]
    announcement = AnnouncementCheck.objects.filter(partner=partner, checked_at__date__lte=day).first()
    confirmations = RequirementConfirmation.objects.confirmed().filter(partner=partner, starts__lte=day, until__gte=day)
    implementations = Implementation.objects.confirmed().filter(partner=partner, finished_on__range=(starts, day))
    return RequirementFacts(
        certified_specialists=Specialist.objects.working(day).filter(partner=partner).count(),
        marketing_activities=MarketingActivity.objects.confirmed()
        .filter(partner=partner, done_on__range=(starts, day))
        .count(),
        reviews=ClientReview.objects.confirmed().filter(implementation__in=implementations).count(),
        implementations=implementations.count(),
        announced=bool(announcement and announcement.found),
        module_purchased=any(row.kind == Purchase.Kind.MODULE for row in purchases),
        rented_licences=sum(row.quantity or 0 for row in rented),
        rented_licences_agreed=agreed[-1] if agreed else None,
        extended_support=any(row.kind == Purchase.Kind.EXTENDED_SUPPORT for row in purchases),
        confirmed=frozenset(confirmations.values_list("key", flat=True)),
    )


def facts_of_many(partners: Iterable[int], day: date) -> dict[int, RequirementFacts]:
    """As ``facts_of``, of each partner (key)."""
    return {partner.pk: facts_of(partner, day) for partner in Partner.objects.filter(pk__in=list(partners))}


def standing_of(partner: Partner, level: str, terms: Terms, day: date) -> Standing:
    """How a partner stands at a level (slug) under terms on a day; raises UnknownLevel."""
    return judged(facts_of(partner, day), level, terms, day)


def judged(facts: RequirementFacts, level: str, terms: Terms, day: date) -> Standing:
    """The standing that facts make; for what would be, give ``replace(facts, …)``."""
    held = terms.level(level)
    return Standing(held, day, tuple(Item(item, judge(item, facts, terms.readings)) for item in held.requirements))


def without_one_specialist(facts: RequirementFacts) -> RequirementFacts:
    """The facts once one certified specialist has left."""
    return replace(facts, certified_specialists=max(facts.certified_specialists - 1, 0))
