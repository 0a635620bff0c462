"""The programme's calendar: days, the membership's year, renewal, and the edition in force.

A day is a ``date`` in the programme's time zone (A11); only :func:`local_day` meets a moment,
and the moment is always given: there is no clock here.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from program_pages.rules.terms import Readings


class Dated(Protocol):
    """Anything that comes into force on a day."""

    @property
    def effective_from(self) -> date: ...


D = TypeVar("D", bound=Dated)


def local_day(now: datetime, readings: Readings) -> date:
    """The programme's day at an aware moment: the year turns at midnight of its time zone (A11).

    Raises ValueError for a naive moment, ZoneInfoNotFoundError for an unknown time zone.
    """
    if now.utcoffset() is None:
        raise ValueError("a naive moment has no day in a time zone")
    return now.astimezone(ZoneInfo(readings.time_zone)).date()


def membership_ends(joined: date) -> date:
    """The last day of a membership: 31 December of the year it began in, whenever it began (R44)."""
    return date(joined.year, 12, 31)


def renewal_opens(year: int, readings: Readings) -> date:
    """The first day in ``year`` on which a membership can be extended to the next year (R45, A11).

    A day that the month lacks, such as 29 February, means the month's last day.
    """
    month = readings.renewal_opens_month
    _, last_day = monthrange(year, month)
    return date(year, month, min(readings.renewal_opens_day, last_day))


def is_renewal_open(day: date, readings: Readings) -> bool:
    """Whether the next calendar year can be asked for on this day: from the opening to 31 December (R45, A11)."""
    return day >= renewal_opens(day.year, readings)


def lapses_on(membership_end: date, readings: Readings) -> date:
    """The first day a membership not renewed counts as lapsed: after its last day and the days of grace (A11)."""
    return membership_end + timedelta(days=readings.grace_days + 1)


def in_force(editions: Iterable[D], day: date) -> D | None:
    """The edition in force on a day: the latest that has come into force, None before the first (R83)."""
    started = (edition for edition in editions if edition.effective_from <= day)
    return max(started, key=lambda edition: edition.effective_from, default=None)
