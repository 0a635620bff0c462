"""The turn of the day: once whoever runs it, nothing lost by a pause, nothing half done (R44, R45, A11)."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from partner_directory import messages
from partner_directory.actions import memberships
from partner_directory.actions import year as actions
from partner_directory.models import Membership, Message, Partner, StepRun, YearNotice
from partner_directory.models.year import KILLED_AFTER
from partner_directory.year import turn
from program_pages.models import Level
from tests.factories.editions import publish_edition
from tests.factories.messages import make_message
from tests.factories.partners import make_membership, make_partner
from tests.factories.portal import make_member

pytestmark = pytest.mark.django_db

MOSCOW_NOON = "T12:00:00+03:00"


@pytest.fixture(autouse=True)
def _in_summer() -> Any:
    """Partners are made in the middle of the year; each test travels on from there."""
    with time_machine.travel("2026-06-15T12:00:00+03:00", tick=False):
        yield


@pytest.fixture(autouse=True)
def _letters_stay_in_the_outbox(monkeypatch: Any) -> None:
    """Sending wants transactions of its own, and is tested with the messages."""
    monkeypatch.setattr(turn, "STEPS", tuple(step for step in turn.STEPS if step.name != "send"))


def at(moment: str) -> Any:
    """A moment, or the noon in Moscow of a day."""
    return time_machine.travel(moment if "T" in moment else f"{moment}{MOSCOW_NOON}", tick=False)


def run(moment: str) -> str:
    """What the command says at a moment."""
    out = StringIO()
    with at(moment):
        call_command("turn_of_day", stdout=out)
    return out.getvalue()


def told(partner: Partner | None = None) -> list[str]:
    """The kinds of what was told, in order; each happening once however many people it was told to."""
    rows = Message.objects.order_by("pk")
    rows = rows.filter(partner=partner) if partner else rows
    return [kind for kind, _key in dict.fromkeys(rows.values_list("kind", "key"))]


def reminded() -> list[int | None]:
    return list(YearNotice.objects.filter(what="reminder").order_by("pk").values_list("days", flat=True))


class TestTheRenewalOpens:
    def test_a11_on_1_november_and_not_a_day_before(self) -> None:
        make_partner()
        run("2026-10-31T23:59:59+03:00")
        assert told() == []
        run("2026-11-01T00:00:00+03:00")
        assert told()[0] == "year_opened"

    def test_a11_the_day_is_the_editions(self) -> None:
        publish_edition(renewal_opens_month=12, renewal_opens_day=5)
        make_partner()
        run("2026-12-04")
        assert "year_opened" not in told()
        run("2026-12-05")
        assert "year_opened" in told()

    def test_once_a_year_however_often_it_runs_and_whoever_joins_the_team_later(self) -> None:
        partner = make_partner()
        make_member(partner)
        run("2026-11-01")
        make_member(partner)
        for day in ("2026-11-01", "2026-11-02", "2026-11-20"):
            run(day)
        assert Message.objects.filter(kind="year_opened").count() == 1

    def test_once_a_year_for_a_partner_that_changes_its_level(self) -> None:
        partner = make_partner()
        run("2026-11-01")
        with at("2026-11-10"):
            saas = Level.objects.get(slug="saas")
            memberships.change_level(membership=partner.memberships.get(), level=saas, actor=None, reason="…")
        run("2026-11-11")
        assert told(partner).count("year_opened") == 1

    def test_and_the_next_year_anew(self) -> None:
        partner = make_partner()
        run("2026-11-01")
        with at("2026-11-02"):
            memberships.renew(membership=partner.memberships.get(), actor=None)
        run("2027-11-01")
        assert told(partner).count("year_opened") == 2

    @pytest.mark.parametrize("state", ["suspended", "ended", "lapsed", "upcoming"])
    def test_nobody_without_a_membership_in_force_is_told(self, state: str) -> None:
        make_partner(state=state)
        run("2026-11-02")
        assert "year_opened" not in told()


class TestReminders:
    def test_each_once_at_60_30_14_7_and_1_days(self) -> None:
        make_partner()
        for place in range(70):
            run((date(2026, 10, 25) + timedelta(days=place)).isoformat())
        assert reminded() == [60, 30, 14, 7, 1]
        assert Counter(told())["year_reminder_ready"] == 5

    @pytest.mark.parametrize(
        ("day", "days"),
        [
            ("2026-10-31", None),
            ("2026-11-01", 60),
            ("2026-11-30", 60),
            ("2026-12-01", 30),
            ("2026-12-16", 30),
            ("2026-12-17", 14),
            ("2026-12-24", 7),
            ("2026-12-30", 1),
            ("2026-12-31", 1),
            ("2027-01-01", None),
        ],
    )
    def test_the_nearest_one_whose_day_has_come_is_due(self, day: str, days: int | None) -> None:
        membership = make_partner().memberships.get()
        assert actions.due_reminder(membership, date.fromisoformat(day)) == days

    def test_after_a_week_without_the_command_only_the_latest_goes(self) -> None:
        make_partner()
        run("2026-12-16")
        run("2026-12-25")  # the 14th and the 7th day before the end have both gone by
        run("2026-12-25")
        assert reminded() == [30, 7]

    def test_after_months_without_it_the_last_one_goes_and_tells_the_truth(self, monkeypatch: Any) -> None:
        make_partner()
        told_of: list[Any] = []
        monkeypatch.setattr(messages, "tell_partner", lambda **said: told_of.append(said))
        run("2026-12-31")
        assert reminded() == [1]
        facts = {said["kind"]: said["facts"] for said in told_of}
        assert facts["year_reminder_ready"]["days"] == "0"
        assert facts["year_reminder_ready"]["until"] == date(2026, 12, 31)

    def test_a_clock_that_goes_back_repeats_nothing(self) -> None:
        make_partner()
        run("2026-12-24")
        before = told()
        for day in ("2026-12-17", "2026-12-01", "2026-11-01", "2026-06-01"):
            run(day)
        assert told() == before
        run("2026-12-30")
        assert reminded() == [7, 1]

    def test_a_membership_is_not_reminded_of_days_before_it_began(self) -> None:
        partner = make_partner(level=None)
        make_membership(partner, starts=date(2026, 12, 5))
        run("2026-12-05")
        assert reminded() == []
        run("2026-12-17")
        assert reminded() == [14]

    def test_whoever_has_renewed_is_left_alone(self) -> None:
        partner = make_partner()
        run("2026-11-01")
        with at("2026-11-02"):
            memberships.renew(membership=partner.memberships.get(), actor=None)
        run("2026-12-30")
        assert reminded() == [60]

    def test_r45_says_whether_the_conditions_are_met(self) -> None:
        ready, missing = make_partner(), make_partner(level="competency")
        run("2026-12-01")
        assert "year_reminder_ready" in told(ready)
        assert "year_reminder_missing" in told(missing)


class TestLapses:
    def test_a11_the_last_second_of_the_year_in_moscow(self) -> None:
        membership = make_partner().memberships.get()
        run("2026-12-31T23:59:59+03:00")
        assert "year_lapsed" not in told()
        run("2027-01-01T00:00:00+03:00")
        assert told().count("year_lapsed") == 1
        entry = ModelLogEntry.objects.get(action=actions.LAPSED)
        assert (entry.object_id, entry.user) == (str(membership.pk), None)

    def test_another_zones_new_year_is_not_moscows(self) -> None:
        make_partner()
        run("2026-12-31T20:59:59+00:00")
        assert "year_lapsed" not in told()
        run("2026-12-31T21:00:00+00:00")
        assert "year_lapsed" in told()

    def test_it_is_over_with_nothing_run(self) -> None:
        make_partner()
        assert Membership.objects.in_force(date(2026, 12, 31)).count() == 1
        assert Membership.objects.in_force(date(2027, 1, 1)).count() == 0

    def test_once_after_any_pause_and_with_one_row_in_the_log(self) -> None:
        make_partner()
        for day in ("2027-01-09", "2027-01-09", "2027-01-01", "2027-01-20"):
            run(day)
        assert told().count("year_lapsed") == 1
        assert ModelLogEntry.objects.filter(action=actions.LAPSED).count() == 1

    def test_an_old_lapse_is_recorded_and_no_news(self) -> None:
        make_partner(state="lapsed")
        run("2026-06-15")
        assert told() == []
        assert ModelLogEntry.objects.filter(action=actions.LAPSED).count() == 1

    def test_who_has_renewed_left_or_changed_has_not_lapsed(self) -> None:
        renewed, left = make_partner(), make_partner()
        with at("2026-11-02"):
            memberships.renew(membership=renewed.memberships.get(), actor=None)
            memberships.end(membership=left.memberships.get(), how=Membership.Ending.WITHDRAWN, actor=None, reason="…")
        run("2027-01-01")
        assert "year_lapsed" not in told()

    def test_a_suspended_one_lapses_too(self) -> None:
        make_partner(state="suspended")
        run("2027-01-01")
        assert told() == ["year_lapsed"]

    def test_a11_not_before_the_days_of_grace_are_over(self) -> None:
        edition = publish_edition(grace_days=5)
        make_membership(make_partner(level=None), edition=edition)
        run("2027-01-05")
        assert "year_lapsed" not in told()
        run("2027-01-06")
        assert "year_lapsed" in told()

    def test_29_february_is_a_day_like_any_other(self) -> None:
        with at("2028-02-29"):
            partner = make_partner(level=None)
            granted = memberships.grant(partner=partner, level=Level.objects.get(slug="retail"), actor=None)
        run("2028-02-29")
        assert (granted.starts, granted.until) == (date(2028, 2, 29), date(2028, 12, 31))
        before = told(partner)
        run("2028-11-01")
        assert told(partner)[len(before) :] == ["year_opened", "year_reminder_ready"]
        with at("2028-11-01"):
            assert memberships.renew(membership=granted, actor=None).until == date(2029, 12, 31)
        run("2029-01-01")
        assert "year_lapsed" not in told()


class TestSteps:
    def test_a_step_that_fails_stops_no_other_and_the_exit_code_says_so(self, monkeypatch: Any) -> None:
        def broken(_day: date) -> int:
            raise RuntimeError("no disk")

        make_partner()
        steps = (turn.Step("broken", "…", broken), *turn.STEPS)
        monkeypatch.setattr(turn, "STEPS", steps)
        with pytest.raises(CommandError):
            run("2026-11-01")
        assert "year_opened" in told()
        row = StepRun.objects.get(step="broken")
        assert (row.trouble, row.running_since) == ("RuntimeError: no disk", None)

        monkeypatch.setattr(turn, "STEPS", steps[1:])
        assert "open_renewal: 0" in run("2026-11-01")

    def test_killed_between_two_partners_one_is_told_and_the_other_not_at_all(self, monkeypatch: Any) -> None:
        first, second = make_partner(), make_partner()
        tell = messages.tell_partner

        def killed_at_the_second(**said: Any) -> None:
            tell(**said)
            if said["partner"] == second:
                raise SystemExit

        with monkeypatch.context() as patched:
            patched.setattr(messages, "tell_partner", killed_at_the_second)
            with pytest.raises(SystemExit):
                run("2026-11-01")
        assert (told(first), told(second)) == (["year_opened"], [])
        assert YearNotice.objects.filter(membership__partner=second).count() == 0

        StepRun.objects.update(running_since=None)  # or an hour later
        run("2026-11-01")
        assert told(first).count("year_opened") == told(second).count("year_opened") == 1

    def test_a_partner_that_cannot_be_told_keeps_no_other_waiting(self, monkeypatch: Any) -> None:
        first, second = make_partner(), make_partner()
        tell = messages.tell_partner

        def fails_for_the_first(**said: Any) -> None:
            tell(**said)
            if said["partner"] == first:
                raise RuntimeError("unreadable")

        with monkeypatch.context() as patched:
            patched.setattr(messages, "tell_partner", fails_for_the_first)
            with pytest.raises(CommandError):
                run("2027-01-01")
        assert (told(first), told(second)) == ([], ["year_lapsed"])
        assert ModelLogEntry.objects.filter(action=actions.LAPSED).count() == 1

        run("2027-01-01")
        assert (told(first), told(second)) == (["year_lapsed"], ["year_lapsed"])
        assert ModelLogEntry.objects.filter(action=actions.LAPSED).count() == 2

    def test_a_step_that_another_run_is_at_is_left_to_it(self) -> None:
        make_partner()
        with at("2026-11-01"):
            StepRun.objects.create(step="open_renewal", running_since=timezone.now())
        assert "open_renewal: another run is at it" in run("2026-11-01")
        assert "year_opened" not in told()

    def test_a_step_whose_run_was_killed_is_taken_over(self) -> None:
        make_partner()
        with at("2026-11-01"):
            StepRun.objects.create(step="open_renewal", running_since=timezone.now() - KILLED_AFTER * 2)
        run("2026-11-01")
        assert "year_opened" in told()
        assert StepRun.objects.get(step="open_renewal").running_since is None

    def test_remembers_how_each_step_went_last(self) -> None:
        make_partner()
        run("2026-11-01")
        row = StepRun.objects.get(step="open_renewal")
        assert (row.day, row.done, row.trouble) == (date(2026, 11, 1), 1, "")
        assert set(StepRun.objects.values_list("step", flat=True)) == {step.name for step in turn.STEPS}

    def test_forgets_messages_that_are_old(self, settings: Any) -> None:
        settings.MESSAGES_KEPT_DAYS = 30
        with at("2026-05-10"):
            make_message(make_partner(), sent_at=timezone.now())
        with at("2026-06-10"):
            kept = make_message(make_partner(), sent_at=timezone.now())
        assert "forget_messages: 1" in run("2026-06-15")
        assert Message.objects.get() == kept
        assert "forget_messages: 0" in run("2026-06-15")

    def test_publishes_what_editors_have_scheduled(self) -> None:
        partner = make_partner(published=False)
        partner.go_live_at = timezone.now() + timedelta(days=1)
        partner.save_revision().publish()
        run("2026-06-15")
        assert not Partner.objects.get(pk=partner.pk).live
        run("2026-06-17")
        assert Partner.objects.get(pk=partner.pk).live

    def test_costs_no_queries_for_partners_that_are_told_already(self) -> None:
        make_partner()
        run("2026-12-01")
        few = _queries(lambda: run("2026-12-01"))
        for _ in range(10):
            make_partner()
        run("2026-12-01")
        assert _queries(lambda: run("2026-12-01")) == few


def test_a_notice_is_written_once_whatever_the_code_does() -> None:
    membership = make_partner().memberships.get()
    YearNotice.objects.create(membership=membership, what="opened", key="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        YearNotice.objects.create(membership=membership, what="opened", key="one")
    with pytest.raises(IntegrityError), transaction.atomic():
        YearNotice.objects.create(membership=membership, what="reminder", key="two")


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("locked", [True, False], ids=["with the steps' lock", "without it"])
def test_two_schedulers_at_once_tell_everybody_once(locked: bool, monkeypatch: Any) -> None:
    partners = [make_partner() for _ in range(5)]
    if not locked:  # the notices alone hold it
        monkeypatch.setattr(turn, "_claim", lambda step: timezone.now())
    ready = threading.Barrier(2)

    def schedule() -> None:
        ready.wait()
        try:
            turn.turn(date(2027, 1, 1), lambda line: None)
            turn.turn(date(2026, 12, 1), lambda line: None)
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ModelLogEntry.objects.filter(action=actions.LAPSED).count() == len(partners)
    for partner in partners:
        assert Counter(told(partner)) == Counter(["year_lapsed", "year_opened", "year_reminder_ready"])
    assert Message.objects.count() == len(partners) * 3


def _queries(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
