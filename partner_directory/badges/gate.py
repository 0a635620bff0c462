"""Whether a partner may take a mark now: it has joined, and meets its level's requirements (R5, R9).

Both are asked at the moment, for every page and every download; nothing of the answer is stored. The programme's mark
is for any partner whose requirements are met at some level it holds, a level's mark for that level alone. May not
import views or actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from partner_directory.badges.verdict import shown_on, with_history
from partner_directory.directory.holdings import Holding, holdings_of
from partner_directory.models.badge import Badge
from partner_directory.models.mark import MarkVersion
from partner_directory.models.membership import Status
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_for
from partner_directory.standing import Item, facts_of, judged
from program_pages.models.level import Level
from program_pages.rules.requirements import RequirementFacts
from program_pages.rules.terms import Readings, Terms, UnknownLevel
from program_pages.terms import NoEdition


class Why(IntEnum):
    """Why a mark may not be taken: of several levels the reason that is nearest to an open door is said."""

    MISSING = 1  # a requirement of the level
    NO_BADGE = 2  # its code is not issued, or was taken back
    SUSPENDED = 3
    UPCOMING = 4
    LAPSED = 5
    ENDED = 6
    NO_TERMS = 7  # the edition of the day says nothing of the level
    OTHER_LEVEL = 8
    NOT_JOINED = 9


CLOSED = {
    Status.SUSPENDED: Why.SUSPENDED,
    Status.UPCOMING: Why.UPCOMING,
    Status.LAPSED: Why.LAPSED,
    Status.ENDED: Why.ENDED,
}


@dataclass(frozen=True, slots=True)
class Access:
    """A mark before a partner: open with the badge it is taken under and its last day, or closed and why.

    ``level`` is the one that it is judged by; ``missing`` are its requirements that are not met.
    """

    version: MarkVersion
    why: Why | None
    level: Level | None = None
    missing: tuple[Item, ...] = ()
    badge: Badge | None = None
    until: date | None = None

    @property
    def is_open(self) -> bool:
        """Whether the mark may be taken."""
        return self.why is None


@dataclass(frozen=True, slots=True)
class _Ground:
    """All that is known of a partner on a day."""

    day: date
    terms: Terms | None
    holdings: list[Holding]
    facts: RequirementFacts
    badges: dict[int, Badge]  # by product line


def access_to(partner: Partner, versions: Iterable[MarkVersion], day: date) -> list[Access]:
    """How each mark stands before a partner on a day; in a number of queries that does not grow with the marks.

    ``versions`` bring their marks.
    """
    ground = _ground(partner, day)
    return [_access(version, ground) for version in versions]


def _ground(partner: Partner, day: date) -> _Ground:
    try:
        terms = terms_for(partner, day)
    except NoEdition:
        terms = None
    readings = terms.readings if terms else Readings()
    holdings = holdings_of([partner.pk], day, readings, Level.objects.all()).get(partner.pk, [])
    badges = with_history(Badge.objects.current().filter(partner=partner))
    return _Ground(day, terms, holdings, facts_of(partner, day), {badge.product_line_id: badge for badge in badges})


def _access(version: MarkVersion, ground: _Ground) -> Access:
    wanted = version.mark.level_id
    found = [_at(held, version, ground) for held in ground.holdings if wanted in (None, held.level.pk)]
    if found:
        return min(found, key=lambda access: access.why or 0)
    if not ground.holdings:
        return Access(version, Why.NOT_JOINED)
    if any(held.is_listed for held in ground.holdings):
        return Access(version, Why.OTHER_LEVEL)
    return Access(version, CLOSED[ground.holdings[0].status])


def _at(held: Holding, version: MarkVersion, ground: _Ground) -> Access:
    if not held.is_listed:
        return Access(version, CLOSED[held.status], held.level)
    if ground.terms is None:
        return Access(version, Why.NO_TERMS, held.level)
    try:
        standing = judged(ground.facts, held.level.slug, ground.terms, ground.day)
    except UnknownLevel:
        return Access(version, Why.NO_TERMS, held.level)
    if not standing.is_met:
        return Access(version, Why.MISSING, held.level, standing.missing)
    badge = ground.badges.get(held.level.product_line_id)
    shown = shown_on(badge, ground.day) if badge else None
    if shown is None or not shown.is_valid:
        return Access(version, Why.NO_BADGE, held.level)
    return Access(version, None, held.level, badge=badge, until=shown.until)
