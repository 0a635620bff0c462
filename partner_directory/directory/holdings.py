"""What partners hold on a day, and since when: read from their memberships in one query for any number of them.

Of a day that is over, as it had been recorded by then, in a query or two more (``partner_directory.memberships_then``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from partner_directory.memberships_then import recorded, with_suspensions
from partner_directory.models.membership import Membership, Status
from program_pages.as_of import on_day
from program_pages.models.level import Level
from program_pages.rules.terms import Readings

LISTED = frozenset({Status.ACTIVE, Status.ENDS_SOON})
ONE_DAY = timedelta(days=1)
READ = ("partner_id", "product_line_id", "level_id", "year", "starts", "until", "state")


@dataclass(frozen=True, slots=True)
class Holding:
    """A level and where it stands on a day.

    ``since`` is the first day at this level without a break, ``member_since`` the first day at any level of its product
    line without a break, years renewed in time counted together (R45).
    """

    level: Level
    status: Status
    since: date
    member_since: date
    until: date

    @property
    def is_listed(self) -> bool:
        """Whether the directory lists the partner by it."""
        return self.status in LISTED


def holdings_of(
    partners: Iterable[int], day: date, readings: Readings, levels: Iterable[Level]
) -> dict[int, list[Holding]]:
    """Of each partner (key) what it holds, one holding a product line: the one of the day, otherwise the last one.

    ``levels`` are all there are.
    """
    by_key = {level.pk: level for level in levels}
    rows: dict[int, dict[int, list[Membership]]] = defaultdict(lambda: defaultdict(list))
    memberships = Membership.objects.filter(partner__in=list(partners)).order_by("starts", "pk")
    moment = on_day(day).recorded_by
    read = memberships.only(*READ) if moment is None else recorded(with_suspensions(memberships), moment)
    for row in read:
        rows[row.partner_id][row.product_line_id].append(row)
    found = {
        partner: [_holding(line, day, readings, by_key) for line in lines.values()] for partner, lines in rows.items()
    }
    return {partner: sorted(held, key=lambda holding: not holding.is_listed) for partner, held in found.items()}


def _holding(rows: list[Membership], day: date, readings: Readings, levels: Mapping[int, Level]) -> Holding:
    begun = [row for row in rows if row.starts <= day] or rows[:1]
    current = begun[-1]
    judge = Membership.status_then if on_day(day).is_past else Membership.status_on
    renewed = any(row.starts > current.until for row in rows)
    at_level = unbroken = current
    for earlier in reversed(begun[:-1]):
        if earlier.until + ONE_DAY != unbroken.starts:
            break
        if at_level is unbroken and earlier.level_id == current.level_id:
            at_level = earlier
        unbroken = earlier
    return Holding(
        level=levels[current.level_id],
        status=judge(current, day, readings, renewed=renewed),
        since=at_level.starts,
        member_since=unbroken.starts,
        until=current.until,
    )
