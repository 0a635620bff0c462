"""What would stand otherwise if a specialist left: requirements on a day, and the bonuses of the term (R69, R73).

Shown before anything is written. May not import views or actions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from partner_directory.bonus_facts import BonusRecords, bonus_facts_from, bonus_records_of, points_of
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from partner_directory.standing import Item, Records, Standing, evidence_of, facts_from, judged, person
from program_pages.rules.bonus import outcomes
from program_pages.rules.money import NOTHING
from program_pages.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Change:
    """What would be otherwise: the standing and the bonus points of the term, before and after."""

    before: Standing
    after: Standing
    points_before: Decimal
    points_after: Decimal

    @property
    def items(self) -> tuple[tuple[Item, Item], ...]:
        """The requirements that would stand otherwise, each as it is and as it would be."""
        pairs = zip(self.before.items, self.after.items, strict=True)
        return tuple((old, new) for old, new in pairs if old.judgement != new.judgement)

    @property
    def blocks_renewal(self) -> bool:
        """Whether logos (R5) and renewal (R45) would be lost by it."""
        return self.before.is_met and not self.after.is_met

    @property
    def points_lost(self) -> Decimal:
        """Bonus points that it would cost, never below zero."""
        return max(self.points_before - self.points_after, NOTHING)


def if_leaves(partner: Partner, specialist: Specialist, level: str, terms: Terms, starts: date, day: date) -> Change:
    """What would stand otherwise at a level (slug) if a specialist left on a day of the term that starts so."""
    records = evidence_of(partner, day)
    bonuses = bonus_records_of(partner, terms, starts, day)
    held = terms.level(level)

    def points(found: BonusRecords) -> Decimal:
        _asked, granted = points_of(outcomes(terms, level, bonus_facts_from(found, held)), terms, level)
        return granted

    return Change(
        before=judged(facts_from(records, day), level, terms, day),
        after=judged(facts_from(_without(records, specialist), day), level, terms, day),
        points_before=points(bonuses),
        points_after=points(replace(bonuses, records=_without(bonuses.records, specialist))),
    )


def _without(records: Records, specialist: Specialist) -> Records:
    """The same rows without any certificate of that person."""
    gone = person(specialist)
    return replace(records, specialists=tuple(row for row in records.specialists if person(row) != gone))
