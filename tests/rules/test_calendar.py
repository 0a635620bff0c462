"""R44, R45, R83 and A11: the programme's days."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules import calendar
from program_pages.rules.terms import Readings

MOSCOW = Readings()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "readings", "day"),
    [
        (utc("2026-12-31T20:59:59.999999"), MOSCOW, date(2026, 12, 31)),
        (utc("2026-12-31T21:00:00"), MOSCOW, date(2027, 1, 1)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=7))), MOSCOW, date(2026, 12, 31)),
        (datetime(2027, 1, 1, 3, 0, tzinfo=timezone(timedelta(hours=7))), MOSCOW, date(2026, 12, 31)),
        (utc("2026-12-31T21:00:00"), Readings(time_zone="UTC"), date(2026, 12, 31)),
        (utc("2026-12-31T17:00:00"), Readings(time_zone="Asia/Novosibirsk"), date(2027, 1, 1)),
    ],
)
def test_a11_the_year_turns_at_midnight_of_the_programmes_time_zone(
    moment: datetime, readings: Readings, day: date
) -> None:
    assert calendar.local_day(moment, readings) == day


def test_a11_a_moment_without_a_time_zone_has_no_day() -> None:
    with pytest.raises(ValueError, match="naive"):
        calendar.local_day(datetime(2026, 12, 31, 23, 0), MOSCOW)


def test_a11_an_unknown_time_zone_is_said_to_be_unknown() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        calendar.local_day(utc("2026-12-31T21:00:00"), Readings(time_zone="Europe/Nowhere"))


@pytest.mark.parametrize("joined", [date(2026, 1, 1), date(2026, 11, 23), date(2026, 12, 31)])
def test_r44_a_membership_ends_on_31_december_whenever_it_began(joined: date) -> None:
    assert calendar.membership_ends(joined) == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("year", "readings", "opens"),
    [
        (2026, MOSCOW, date(2026, 11, 1)),
        (2026, Readings(renewal_opens_month=10, renewal_opens_day=15), date(2026, 10, 15)),
        (2028, Readings(renewal_opens_month=2, renewal_opens_day=29), date(2028, 2, 29)),
        (2027, Readings(renewal_opens_month=2, renewal_opens_day=29), date(2027, 2, 28)),
        (2026, Readings(renewal_opens_month=11, renewal_opens_day=31), date(2026, 11, 30)),
    ],
)
def test_a11_the_edition_says_when_renewal_opens(year: int, readings: Readings, opens: date) -> None:
    assert calendar.renewal_opens(year, readings) == opens


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        (date(2026, 1, 1), False),
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_r45_renewal_is_open_from_its_day_to_the_end_of_the_year(day: date, is_open: bool) -> None:
    assert calendar.is_renewal_open(day, MOSCOW) is is_open


@pytest.mark.parametrize(
    ("grace_days", "lapses"), [(0, date(2027, 1, 1)), (1, date(2027, 1, 2)), (31, date(2027, 2, 1))]
)
def test_a11_a_membership_lapses_the_day_after_its_end_and_the_days_of_grace(grace_days: int, lapses: date) -> None:
    assert calendar.lapses_on(date(2026, 12, 31), Readings(grace_days=grace_days)) == lapses


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2999, 12, 31)), st.integers(0, 60))
def test_r44_a_membership_is_never_lapsed_while_it_lasts(joined: date, grace_days: int) -> None:
    end = calendar.membership_ends(joined)
    assert joined <= end < calendar.lapses_on(end, Readings(grace_days=grace_days))


@dataclass(frozen=True)
class Edition:
    effective_from: date
    name: str = ""


FIRST, SECOND = Edition(date(2026, 1, 1), "first"), Edition(date(2026, 7, 1), "second")


@pytest.mark.parametrize(
    ("day", "edition"),
    [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), FIRST),
        (date(2026, 6, 30), FIRST),
        (date(2026, 7, 1), SECOND),
        (date(2099, 1, 1), SECOND),
    ],
)
@pytest.mark.parametrize("editions", [(FIRST, SECOND), (SECOND, FIRST)])
def test_r83_the_latest_edition_that_has_begun_is_in_force(
    editions: tuple[Edition, ...], day: date, edition: Edition | None
) -> None:
    assert calendar.in_force(editions, day) is edition


def test_r83_without_editions_none_is_in_force() -> None:
    assert calendar.in_force(iter(()), date(2026, 1, 1)) is None


@given(st.lists(st.dates(), unique=True), st.dates())
def test_r83_exactly_one_edition_is_in_force_from_the_first_on(starts: list[date], day: date) -> None:
    found = calendar.in_force([Edition(start) for start in starts], day)
    begun = [start for start in starts if start <= day]
    assert (found is not None) == bool(begun)
    assert found is None or all(start <= found.effective_from for start in begun)
