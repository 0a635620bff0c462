"""What the section shows of a membership: where it is in its year, what its renewal asks for, and what may be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from partner_directory.actions.level_changes import is_changeable, levels_to_choose
from partner_directory.models.level_change import LevelChange
from partner_directory.models.membership import STATUS_LABELS, Membership, Status
from partner_directory.models.partner import Partner
from partner_directory.year.renewal import Readiness, readiness_of, readings_on
from partner_directory.year.words import said_gap
from program_pages.difference_words import SaidDifference, said_differences
from program_pages.rules.calendar import lapses_on
from program_pages.rules.differences import differences
from program_pages.rules.terms import Readings, Terms, UnknownLevel
from program_pages.terms import NoEdition, terms_of_edition

RUNNING = frozenset({Status.ACTIVE, Status.ENDS_SOON, Status.SUSPENDED})
TONES = {
    Status.ACTIVE: "good",
    Status.ENDS_SOON: "warn",
    Status.SUSPENDED: "bad",
    Status.LAPSED: "bad",
    Status.ENDED: "bad",
    Status.UPCOMING: "plain",
}


@dataclass(frozen=True, slots=True)
class Card:
    """The membership of the year in one product line.

    ``readiness`` is None where nothing of it runs; ``lapses`` is the first day without it unless it is renewed;
    ``new_terms`` is the edition of the next year where it is another one, with ``differences`` to the membership's own.
    """

    membership: Membership
    status: Status
    lapses: date
    days_left: int
    grace_days: int
    readiness: Readiness | None
    renewed: Membership | None
    change: LevelChange | None
    may_change_level: bool
    new_terms: Terms | None
    differences: Sequence[SaidDifference]

    @property
    def label(self) -> str:
        """The status in words."""
        return str(STATUS_LABELS[self.status])

    @property
    def tone(self) -> str:
        """The status as a colour."""
        return TONES[self.status]

    @property
    def runs(self) -> bool:
        """Whether the company holds the level today."""
        return self.status in RUNNING

    @property
    def is_ending(self) -> bool:
        """Whether it was decided that it ends, and its last day has still to go by."""
        return self.runs and self.membership.state == Membership.State.ENDED

    @property
    def is_over(self) -> bool:
        """Whether the company holds it no more."""
        return self.status in {Status.LAPSED, Status.ENDED}

    @property
    def is_in_grace(self) -> bool:
        """Whether its year is over, and only the days of grace run (A11)."""
        return self.runs and self.days_left < 0

    @property
    def gaps(self) -> list[str]:
        """What the renewal still asks for, in words."""
        ready = self.readiness
        return [said_gap(gap, ready.day) for gap in ready.gaps] if ready else []


@dataclass(frozen=True, slots=True)
class Shelf:
    """All that a partner holds: a card a product line, and what it held before."""

    cards: Sequence[Card]
    earlier: Sequence[Membership]


def shelf_of(partner: Partner, day: date) -> Shelf:
    """A partner's memberships on a day, in a constant number of queries for any number of years."""
    rows = list(partner.memberships.with_renewal().select_related("partner", "level", "edition").order_by("starts"))
    readings = readings_on(day)
    current = [_current(line, day, readings) for line in _by_line(rows).values()]
    ready = readiness_of([row for row in current if _status(row, day, readings) in RUNNING], day)
    renewals = {(row.product_line_id, row.year): row for row in rows if row.starts > day}
    changes = _latest_changes(current)
    cards = [
        _card(
            row,
            day,
            readings,
            ready.get(row.pk),
            renewals.get((row.product_line_id, row.year + 1)),
            changes.get(row.pk),
        )
        for row in current
    ]
    shown = {row.pk for row in current} | {card.renewed.pk for card in cards if card.renewed}
    return Shelf(cards, [row for row in reversed(rows) if row.pk not in shown])


def card_of(membership: Membership, day: date) -> Card | None:
    """The card of a membership, where it is the one of its product line."""
    found = shelf_of(membership.partner, day).cards
    return next((card for card in found if card.membership.pk == membership.pk), None)


def _by_line(rows: Iterable[Membership]) -> Mapping[int, list[Membership]]:
    lines: dict[int, list[Membership]] = {}
    for row in rows:
        lines.setdefault(row.product_line_id, []).append(row)
    return lines


def _current(rows: Sequence[Membership], day: date, readings: Readings) -> Membership:
    """The one that runs; otherwise the next one, or the last one."""
    running = [row for row in rows if _status(row, day, readings) in RUNNING]
    upcoming = [row for row in rows if row.starts > day]
    return [*running[-1:], *upcoming[:1], rows[-1]][0]


def _status(membership: Membership, day: date, readings: Readings) -> Status:
    return membership.status_on(day, readings, renewed=membership.is_renewed)  # type: ignore[attr-defined]


def _latest_changes(rows: Iterable[Membership]) -> dict[int, LevelChange]:
    """The last request for another level of each membership (key)."""
    found = LevelChange.objects.filter(membership__in=list(rows)).select_related("level").order_by("asked_at", "pk")
    return {change.membership_id: change for change in found}


def _card(
    membership: Membership,
    day: date,
    readings: Readings,
    readiness: Readiness | None,
    renewed: Membership | None,
    change: LevelChange | None,
) -> Card:
    status = _status(membership, day, readings)
    lapses = lapses_on(membership.until, readings)
    new_terms, changed = _new_terms(membership, readiness)
    is_asked = bool(change and change.state == LevelChange.State.ASKED)
    return Card(
        membership=membership,
        status=status,
        lapses=lapses,
        days_left=(membership.until - day).days,
        grace_days=readings.grace_days,
        readiness=readiness,
        renewed=renewed,
        change=change,
        may_change_level=is_changeable(membership, status) and not is_asked and bool(levels_to_choose(membership, day)),
        new_terms=new_terms,
        differences=changed,
    )


def _new_terms(membership: Membership, readiness: Readiness | None) -> tuple[Terms | None, Sequence[SaidDifference]]:
    """The next year's edition, where it is not the one that the membership was granted by, and what it changes."""
    following = readiness.following if readiness else None
    if following is None or following.edition == membership.edition_id:
        return None, ()
    try:
        own = terms_of_edition(membership.edition_id)
        return following, said_differences(differences(own, following, membership.level.slug))
    except (NoEdition, UnknownLevel):
        return following, ()
