"""What a badge says on a day: derived from what is recorded, at the same cost for one and for many (R9, A7, A11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partner_directory.actions import memberships
from partner_directory.badges.verdict import Shown, Verdict, shown_on, with_history
from partner_directory.models import Membership, Partner
from partner_directory.models.badge import Badge
from program_pages.models import Level, ProductLine
from tests.factories.editions import publish_edition
from tests.factories.partners import make_membership, make_partner

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")
Ending = Membership.Ending


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def badge_of(partner: Partner) -> Badge:
    """A badge without anything signed: a verdict asks for none."""
    line = ProductLine.objects.get()
    return Badge.objects.create(partner=partner, product_line=line, code="7K3QW9XM2T", issued_at=moment("2026-01-01"))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T12:00:00+03:00")


def shown(partner: Partner, day: date | None = None) -> Shown:
    badge = Badge.objects.filter(partner=partner).first() or badge_of(partner)
    return shown_on(with_history(Badge.objects.filter(pk=badge.pk)).get(), day)


def held(**fields: Any) -> Membership:
    return make_membership(make_partner(level=None), **fields)


def test_valid_from_the_first_day_to_the_last() -> None:
    row = held(starts=date(2026, 3, 5))
    found = shown(row.partner)

    assert (found.verdict, found.since, found.until) == (Verdict.VALID, date(2026, 3, 5), date(2026, 12, 31))
    assert found.level == row.level
    for day, verdict in {
        date(2026, 3, 4): Verdict.UPCOMING, date(2026, 3, 5): Verdict.VALID, date(2026, 12, 31): Verdict.VALID,
        date(2027, 1, 1): Verdict.LAPSED, date(2040, 1, 1): Verdict.LAPSED,
    }.items():  # fmt: skip
        assert shown(row.partner, day).verdict is verdict


def test_before_the_first_membership_nothing_is_said_of_a_level() -> None:
    row = held(state="upcoming")
    assert shown(row.partner) == Shown(Verdict.UPCOMING, date(2026, 11, 10), None, None, None, None)


def test_a11_it_lapses_at_midnight_in_moscow() -> None:
    row = held()
    for moment_, verdict in (
        ("2026-12-31T23:59:59+03:00", Verdict.VALID),
        ("2026-12-31T20:59:59+00:00", Verdict.VALID),
        ("2026-12-31T21:00:00+00:00", Verdict.LAPSED),
        ("2027-01-01T00:00:00+03:00", Verdict.LAPSED),
    ):
        with time_machine.travel(moment_, tick=False):
            assert shown(row.partner).verdict is verdict, moment_


def test_a11_days_of_grace_are_the_editions() -> None:
    edition = publish_edition(effective_from=date(2026, 11, 10), grace_days=5)
    row = held(edition=edition)

    assert shown(row.partner).until == date(2027, 1, 5)
    assert shown(row.partner, date(2027, 1, 5)).verdict is Verdict.VALID
    assert shown(row.partner, date(2027, 1, 6)).verdict is Verdict.LAPSED


def test_a_renewed_one_is_valid_since_the_first_of_its_years_without_a_break() -> None:
    row = held(year=2025, starts=date(2025, 6, 1), until=date(2025, 12, 31))
    make_membership(row.partner)
    found = shown(row.partner)

    assert (found.verdict, found.since, found.until) == (Verdict.VALID, date(2025, 6, 1), date(2026, 12, 31))


def test_a_gap_begins_anew() -> None:
    row = held(year=2024, starts=date(2024, 1, 1), until=date(2024, 12, 31))
    make_membership(row.partner)

    assert shown(row.partner).since == date(2026, 1, 1)
    assert shown(row.partner, date(2025, 5, 5)).verdict is Verdict.LAPSED


def test_a7_another_level_begins_anew_and_the_day_before_shows_the_old() -> None:
    row = held(level="retail")
    saas = Level.objects.get(slug="saas")
    memberships.change_level(membership=row, level=saas, actor=None, reason="Выросли", on=date(2026, 11, 10))

    assert shown(row.partner).level == saas
    assert shown(row.partner).since == date(2026, 11, 10)
    before = shown(row.partner, date(2026, 11, 9))
    assert (before.level, before.verdict, before.since) == (row.level, Verdict.VALID, date(2026, 1, 1))


def test_a_suspension_is_remembered_for_its_days_alone() -> None:
    row = held()
    with time_machine.travel("2026-05-10T12:00:00+03:00", tick=False):
        memberships.suspend(membership=row, actor=None, reason="Долг")
    assert shown(row.partner).verdict is Verdict.SUSPENDED
    with time_machine.travel("2026-06-01T12:00:00+03:00", tick=False):
        memberships.resume(membership=row, actor=None)

    for day, verdict in {
        date(2026, 5, 9): Verdict.VALID, date(2026, 5, 10): Verdict.SUSPENDED, date(2026, 5, 31): Verdict.SUSPENDED,
        date(2026, 6, 1): Verdict.VALID, date(2026, 11, 10): Verdict.VALID,
    }.items():  # fmt: skip
        assert shown(row.partner, day).verdict is verdict, day


def test_one_that_ended_while_suspended_was_suspended_to_the_end() -> None:
    row = held()
    with time_machine.travel("2026-05-10T12:00:00+03:00", tick=False):
        memberships.suspend(membership=row, actor=None, reason="Долг")
    memberships.end(membership=row, how=Ending.TERMINATED, actor=None, reason="Долг", on=date(2026, 11, 9))

    assert shown(row.partner, date(2026, 11, 9)).verdict is Verdict.SUSPENDED
    assert shown(row.partner).verdict is Verdict.ENDED


def test_one_that_ended_says_so_for_good() -> None:
    row = held(state="ended")
    assert shown(row.partner).verdict is Verdict.ENDED
    assert shown(row.partner, date(2027, 5, 5)).verdict is Verdict.ENDED
    assert shown(row.partner, date(2026, 11, 9)).verdict is Verdict.VALID


def test_days_of_grace_are_not_for_one_that_ended() -> None:
    edition = publish_edition(effective_from=date(2026, 11, 10), grace_days=5)
    row = held(state="ended", edition=edition)
    assert shown(row.partner).verdict is Verdict.ENDED


def test_a_revoked_code_was_valid_before_it_was_revoked() -> None:
    row = held()
    badge = badge_of(row.partner)
    Badge.objects.filter(pk=badge.pk).update(revoked_at=moment("2026-11-05"), reason="…")

    assert shown(row.partner).verdict is Verdict.REVOKED
    assert shown(row.partner, date(2026, 11, 4)).verdict is Verdict.VALID
    assert shown(row.partner, date(2026, 11, 5)).verdict is Verdict.REVOKED


def test_a_day_to_come_is_judged_by_what_is_recorded_now() -> None:
    row = held()
    memberships.renew(membership=row, actor=None)

    assert shown(row.partner, date(2027, 3, 3)).verdict is Verdict.VALID
    assert shown(row.partner, date(2028, 1, 1)).verdict is Verdict.LAPSED


def test_another_product_lines_levels_are_not_its_own() -> None:
    row = held()
    badge_of(row.partner)
    other = ProductLine.objects.create(slug="other", name_ru="Другая")
    level = Level.objects.create(
        slug="cloud", contract_code=9, product_line=other, name_ru="Cloud", short_name_ru="Cloud", mark_name="Cloud",
        colour="#123456", shape="diamond",
    )  # fmt: skip
    Membership.objects.create(
        partner=row.partner, level=level, product_line=other, year=2026, starts=date(2026, 8, 1),
        until=date(2026, 12, 31), edition=row.edition,
    )  # fmt: skip

    assert shown(row.partner).level == row.level


def test_a_list_costs_as_many_queries_as_one() -> None:
    def queries(count: int) -> int:
        made = []
        for place in range(count):
            row = held(year=2025, starts=date(2025, 1, 1), until=date(2025, 12, 31))
            make_membership(row.partner)
            badge = Badge.objects.create(
                partner=row.partner,
                product_line=row.product_line,
                code=f"{count:05}{place:05}",
                issued_at=moment("2026-01-01"),
            )
            made.append(badge.pk)
        with CaptureQueriesContext(connection) as captured:
            found = [shown_on(badge) for badge in with_history(Badge.objects.filter(pk__in=made))]
        assert len(found) == count
        return len(captured)

    assert queries(1) == queries(12)
