"""Whether memberships can be renewed on a day, and what stands in the way of each (R45, R69, A11).

Reads in a constant number of queries for any number of memberships; writes nothing. May not import actions or views.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from partner_directory.models.membership import Membership
from partner_directory.partner_terms import terms_for_many
from partner_directory.standing import Item, Standing, facts_of_many, judged
from program_pages.rules.calendar import is_renewal_open, membership_ends, renewal_opens
from program_pages.rules.requirements import RequirementFacts
from program_pages.rules.terms import Readings, RequirementKind, Terms
from program_pages.terms import NoEdition, terms_on

Facts = Mapping[date, Mapping[int, RequirementFacts]]  # by the day, then by the partner


@dataclass(frozen=True, slots=True)
class Gap:
    """A requirement that is not met, and on which day it is not."""

    item: Item
    on: date


@dataclass(frozen=True, slots=True)
class Readiness:
    """How a membership stands before its renewal on a day.

    ``opens`` is the first day on which it can be renewed. ``standing`` is that of its term, None where the edition has
    no such level; ``following`` is the edition in force on the first day of the next year.
    """

    membership: Membership
    day: date
    opens: date
    is_renewed: bool
    standing: Standing | None
    gaps: tuple[Gap, ...]
    following: Terms | None

    @property
    def is_open(self) -> bool:
        """Whether the renewal has opened (A11)."""
        return self.day >= self.opens

    @property
    def next_year(self) -> int:
        """The year that the renewal is for: the following one, this one for a membership of an earlier year."""
        return max(self.membership.year + 1, self.day.year)

    @property
    def level_is_gone(self) -> bool:
        """Whether the level cannot be held next year, because its edition has none."""
        return self.standing is None or self.following is None

    @property
    def meets_conditions(self) -> bool:
        """Whether the partner has done all that the renewal asks for (R45, R69)."""
        is_granted = self.membership.state == Membership.State.GRANTED
        return is_granted and not self.gaps and not self.level_is_gone

    @property
    def can_renew(self) -> bool:
        """Whether the partner may renew it now, by itself."""
        return self.is_open and not self.is_renewed and self.meets_conditions


def readings_on(day: date) -> Readings:
    """The calendar of the edition in force on a day; the programme's own before the first."""
    try:
        return terms_on(day).readings
    except NoEdition:
        return Readings()


def is_open_for(year: int, day: date) -> bool:
    """Whether memberships of a year can be renewed on a day (A11)."""
    return day.year > year or (day.year == year and is_renewal_open(day, readings_on(day)))


def readiness_of(memberships: Iterable[Membership], day: date) -> dict[int, Readiness]:
    """Of each membership (key) that ``with_renewal`` brought with its partner and level."""
    rows = list(memberships)
    facts = _facts(rows, day)
    readings = readings_on(day)
    terms = {moment: _terms(rows, moment) for moment in {_term_day(row, day) for row in rows}}
    following = {year: terms_on_or_none(date(year + 1, 1, 1)) for year in {row.year for row in rows}}
    return {
        row.pk: _readiness(
            row, day, terms[_term_day(row, day)].get(row.partner_id), facts, following[row.year], readings
        )
        for row in rows
    }


def readiness_of_one(membership: Membership, day: date) -> Readiness:
    """Of one membership, read anew."""
    row = Membership.objects.with_renewal().select_related("partner", "level").get(pk=membership.pk)
    return readiness_of([row], day)[row.pk]


def terms_on_or_none(day: date) -> Terms | None:
    """The edition in force on a day, if any is."""
    try:
        return terms_on(day)
    except NoEdition:
        return None


def _readiness(
    membership: Membership, day: date, terms: Terms | None, facts: Facts, following: Terms | None, readings: Readings
) -> Readiness:
    level, term_day = membership.level.slug, _term_day(membership, day)
    standing: Standing | None = None
    gaps: tuple[Gap, ...] = ()
    if terms and _has(terms, level):
        standing = judged(facts[term_day][membership.partner_id], level, terms, term_day)
        gaps = tuple(_gaps(membership, day, standing, terms, facts))
    return Readiness(
        membership=membership,
        day=day,
        opens=renewal_opens(membership.year, readings),
        is_renewed=membership.is_renewed,  # type: ignore[attr-defined]
        standing=standing,
        gaps=gaps,
        following=following if following and _has(following, level) else None,
    )


def _gaps(membership: Membership, day: date, standing: Standing, terms: Terms, facts: Facts) -> Iterator[Gap]:
    """What the term lacks; then the people, who must be there at its end and at the re-registration too (R69)."""
    yield from (Gap(item, standing.day) for item in standing.missing)
    told = {item.requirement.key for item in standing.missing}
    for moment in _moments(membership, day):
        later = judged(facts[moment][membership.partner_id], membership.level.slug, terms, moment)
        for item in later.missing:
            if item.requirement.kind is RequirementKind.CERTIFIED_SPECIALISTS and item.requirement.key not in told:
                told.add(item.requirement.key)
                yield Gap(item, moment)


def _term_day(membership: Membership, day: date) -> date:
    """The day by which the term is judged: in the days of grace its last one (R44, A11)."""
    return min(day, membership_ends(membership.starts))


def _moments(membership: Membership, day: date) -> tuple[date, date]:
    """The end of the term, and the re-registration (R69)."""
    return membership_ends(membership.starts), day


def _facts(rows: list[Membership], day: date) -> Facts:
    moments = {moment for row in rows for moment in (_term_day(row, day), *_moments(row, day))}
    return {moment: facts_of_many(_partners(rows), moment) for moment in moments}


def _terms(rows: list[Membership], moment: date) -> Mapping[int, Terms]:
    """Each partner's terms on a day; nobody's before the first edition."""
    try:
        return terms_for_many(_partners(rows), moment)
    except NoEdition:
        return {}


def _partners(rows: Iterable[Membership]) -> set[int]:
    return {row.partner_id for row in rows}


def _has(terms: Terms, level: str) -> bool:
    return any(each.slug == level for each in terms.levels)
