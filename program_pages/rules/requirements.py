"""Whether a partner meets what its level asks for, and how much is missing (R29-R31, R34, R37-R41, A6).

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from program_pages.rules.terms import Level, NoImplementations, Readings, Requirement, RequirementKind
from program_pages.rules.thresholds import least, least_of


class RequirementStatus(StrEnum):
    """What became of a requirement."""

    MET = "met"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class RequirementFacts:
    """What is recorded of a partner; counts are of the term, but for the people and the licences it has.

    ``rented_licences_agreed`` is how many licences to rent out were agreed, None where no number was (R39);
    ``confirmed`` holds the keys of an editor's own requirements that a manager has confirmed.
    """

    certified_specialists: int = 0
    marketing_activities: int = 0
    reviews: int = 0
    implementations: int = 0
    announced: bool = False
    module_purchased: bool = False
    rented_licences: int = 0
    rented_licences_agreed: int | None = None
    extended_support: bool = False
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a requirement: how many were recorded, and how many are needed (one where it is a yes or no)."""

    status: RequirementStatus
    recorded: int
    needed: int

    @property
    def missing(self) -> int:
        """How many more people, activities, reviews or licences it takes."""
        return self.needed - self.recorded if self.status is RequirementStatus.MISSING else 0


def judge(requirement: Requirement, facts: RequirementFacts, readings: Readings | None = None) -> Judgement:
    """Judge one requirement by what is recorded; ``readings`` are the edition's, by default the programme's (A6)."""
    recorded = int(_RECORDED[requirement.kind](requirement, facts))
    if requirement.kind is RequirementKind.REVIEWS_SHARE and not facts.implementations:
        return _without_implementations(readings or Readings())
    needed = _needed(requirement, facts)
    met = recorded >= needed
    return Judgement(RequirementStatus.MET if met else RequirementStatus.MISSING, recorded, needed)


def specialists_asked(level: Level) -> int:
    """How many certified people a level asks for: beyond them R73 rewards."""
    asked = (item for item in level.requirements if item.kind is RequirementKind.CERTIFIED_SPECIALISTS)
    return max(map(least, asked), default=0)


def _without_implementations(readings: Readings) -> Judgement:
    """A share of nothing (A6): it does not apply, or asks for the review of a first implementation."""
    if readings.no_implementations is NoImplementations.NOT_APPLICABLE:
        return Judgement(RequirementStatus.NOT_APPLICABLE, recorded=0, needed=0)
    return Judgement(RequirementStatus.MISSING, recorded=0, needed=1)


def _needed(requirement: Requirement, facts: RequirementFacts) -> int:
    if requirement.kind is RequirementKind.REVIEWS_SHARE:
        return least_of(requirement, facts.implementations)
    if requirement.kind is RequirementKind.RENTED_LICENCES and facts.rented_licences_agreed is not None:
        return facts.rented_licences_agreed
    return least(requirement)


_RECORDED: Mapping[RequirementKind, Callable[[Requirement, RequirementFacts], int]] = {
    RequirementKind.CERTIFIED_SPECIALISTS: lambda _, facts: facts.certified_specialists,
    RequirementKind.MARKETING_ACTIVITIES: lambda _, facts: facts.marketing_activities,
    RequirementKind.REVIEWS_SHARE: lambda _, facts: facts.reviews,
    RequirementKind.ANNOUNCEMENT: lambda _, facts: facts.announced,
    RequirementKind.MODULE_PURCHASED: lambda _, facts: facts.module_purchased,
    RequirementKind.RENTED_LICENCES: lambda _, facts: facts.rented_licences,
    RequirementKind.EXTENDED_SUPPORT: lambda _, facts: facts.extended_support,
    RequirementKind.OTHER: lambda requirement, facts: requirement.key in facts.confirmed,
}
