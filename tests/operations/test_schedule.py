"""The timetable: what is due by Moscow's clock, made up once, whichever way the clock goes; how runs are recorded."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import CommandError, call_command, get_commands

from operations import jobs, schedule
from operations.jobs import Busy, Watch, job_run
from operations.models import JobRun

pytestmark = pytest.mark.django_db

MOSCOW = ZoneInfo("Europe/Moscow")
NIGHTLY = schedule.Job("clearsessions", "sessions", at=time(3, 0))
OFTEN = schedule.Job("publish_scheduled", "publishing", every=timedelta(minutes=5))


def moscow(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.fixture(autouse=True)
def done(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that are run, which do nothing but say so."""
    found: list[str] = []

    def run(*asked: str, stdout: Any, **_: Any) -> None:
        name = " ".join(asked)
        found.append(name)
        stdout.write(f"first\n{name} was done\n")

    monkeypatch.setattr(schedule, "call_command", run)
    return found


def goes(moment: str, job: schedule.Job = NIGHTLY) -> bool:
    """Whether the job is run when it is looked at, at a moment in Moscow."""
    with time_machine.travel(moscow(moment), tick=False):
        return schedule.run_if_due(job, Watch())


class TestWhatIsDue:
    @pytest.mark.parametrize(
        ("job", "moment", "due"),
        [
            (NIGHTLY, "2031-06-15T03:00", "2031-06-15T03:00"),
            (NIGHTLY, "2031-06-15T02:59:59", "2031-06-14T03:00"),
            (NIGHTLY, "2031-01-01T00:00", "2030-12-31T03:00"),
            (OFTEN, "2031-06-15T00:04:59", "2031-06-15T00:00"),
            (OFTEN, "2031-06-15T12:37", "2031-06-15T12:35"),
        ],
    )
    def test_its_time_is_that_of_moscow(self, job: schedule.Job, moment: str, due: str) -> None:
        assert job.last_due(moscow(moment).astimezone(UTC)) == moscow(due)

    def test_a_job_is_done_once_in_its_time(self) -> None:
        assert [goes(f"2031-06-15T{hour}") for hour in ("03:00", "03:01", "23:59")] == [True, False, False]
        assert goes("2031-06-16T03:00:01")

    def test_missed_nights_are_made_up_once(self) -> None:
        assert goes("2031-06-15T03:00")
        assert [goes(f"2031-06-20T14:0{minute}") for minute in range(3)] == [True, False, False]

    def test_a_clock_that_goes_back_runs_nothing_twice(self) -> None:
        assert goes("2031-06-14T03:00")
        assert goes("2031-06-15T03:00:05")
        assert [goes(moment) for moment in ("2031-06-15T02:10", "2031-06-14T09:00", "2031-06-15T03:00")] == [False] * 3
        assert goes("2031-06-16T03:00")

    def test_a_clock_that_was_a_year_ahead_stops_nothing(self) -> None:
        assert goes("2032-06-15T03:00")
        assert goes("2031-06-15T03:00")

    def test_a_failed_job_is_tried_again_after_ever_longer_pauses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: Any, **__: Any) -> None:
            raise CommandError("no")

        monkeypatch.setattr(schedule, "call_command", fail)
        tried = []
        for minute in range(60):
            try:
                goes(f"2031-06-15T03:{minute:02}")
            except schedule.JobFailed:
                tried.append(minute)
        assert tried == [0, 1, 3, 7, 15, 31]

    def test_one_that_another_worker_has_done_meanwhile_is_left(
        self, done: list[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        claimed = jobs._taken

        def late(job: str, watch: Watch) -> int | None:
            with monkeypatch.context() as patch:
                patch.setattr(jobs, "_taken", claimed)
                schedule.run(job)
            return claimed(job, watch)

        monkeypatch.setattr(jobs, "_taken", late)
        assert not goes("2031-06-15T03:00")
        assert done == ["clearsessions"]
        assert JobRun.objects.count() == 1

    def test_a_backup_is_due_where_a_folder_is_named_and_goes_there(self, settings: Any, done: list[str]) -> None:
        assert "backup" not in {job.name for job in schedule.timetable()}
        settings.BACKUP_FOLDER, settings.BACKUPS_KEPT = "/backups", 7
        assert "backup" in {job.name for job in schedule.timetable()}
        schedule.run("backup")
        assert done == ["backup /backups --keep=7"]

    def test_every_job_of_the_timetable_is_a_command_or_waits_for_a_setting(self) -> None:
        jobs_of_now = list(schedule.timetable())
        assert {job.name for job in schedule.TIMETABLE if not job.needs} == {job.name for job in jobs_of_now}
        assert {job.name for job in jobs_of_now} <= set(get_commands())


class TestWhatIsRecorded:
    def test_how_a_run_ended_in_the_last_words_of_its_command(self) -> None:
        schedule.run("clearsessions")
        run = JobRun.objects.get()
        assert (run.job, run.failed, run.said) == ("clearsessions", False, "clearsessions was done")
        assert run.host
        assert run.finished_at

    def test_a_failure_by_its_class(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(ZeroDivisionError), job_run("backup"):
            _ = 1 / 0
        run = JobRun.objects.get()
        assert (run.failed, run.said) == (True, "ZeroDivisionError: division by zero")
        assert "Traceback" in caplog.text

    def test_a_command_that_records_itself_joins_the_workers_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def command(*_: Any, **__: Any) -> None:
            with job_run("backup") as run:
                run.said("12 files")

        monkeypatch.setattr(schedule, "call_command", command)
        schedule.run("backup")
        assert [run.said for run in JobRun.objects.all()] == ["12 files"]

    def test_old_runs_are_forgotten(self) -> None:
        for moment in ("2031-01-01T03:00", "2031-02-15T03:00", "2031-02-16T03:00"):
            assert goes(moment)
        assert {run.started_at.astimezone(MOSCOW).date() for run in JobRun.objects.all()} == {
            date(2031, 2, 15),
            date(2031, 2, 16),
        }


class TestARunOfAnother:
    @pytest.fixture(autouse=True)
    def _begun_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "LEASE", 0.2)
        self.begun = moscow("2031-06-15T03:00")
        JobRun.objects.create(job="clearsessions", host="far", started_at=self.begun, alive_at=self.begun)

    def test_is_waited_for_while_it_may_live(self, done: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(jobs, "LEASE", 3600)
        with pytest.raises(Busy), job_run("clearsessions", watch=Watch()):
            pass
        assert done == []

    @pytest.mark.parametrize("years", [-10, 10])
    def test_is_not_taken_over_because_a_clock_has_jumped(self, years: int) -> None:
        with time_machine.travel(self.begun.replace(year=2031 + years)), pytest.raises(Busy):
            schedule.run("clearsessions", watch=Watch())

    def test_that_says_nothing_any_more_is_taken_over_and_put_down_as_killed(self, done: list[str]) -> None:
        schedule.run("clearsessions")
        killed, run = JobRun.objects.order_by("pk")
        assert (killed.failed, killed.said, killed.finished_at) == (True, jobs.KILLED, self.begun)
        assert (run.failed, done) == (False, ["clearsessions"])

    def test_that_was_taken_over_does_not_overwrite_how_it_went(self, caplog: pytest.LogCaptureFixture) -> None:
        with job_run("turn_of_day") as run:
            JobRun.objects.filter(pk=run.key).update(finished_at=self.begun, failed=True, said=jobs.KILLED)
            run.said("done all the same")
        assert JobRun.objects.get(pk=run.key).said == jobs.KILLED
        assert "taken over" in caplog.text


class TestTheList:
    """``manage.py jobs``."""

    @pytest.fixture(autouse=True)
    def _noon(self) -> Any:
        with time_machine.travel(moscow("2031-06-15T12:01"), tick=False):
            yield

    def test_is_content_when_everything_was_done_in_its_time(self, capsys: pytest.CaptureFixture[str]) -> None:
        for job in schedule.timetable():
            schedule.run(job.name)
        call_command("jobs")
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == len(list(schedule.timetable()))
        assert all(" ok " in line and line.endswith("was done") for line in lines)

    def test_fails_where_something_is_overdue_or_has_failed(self) -> None:
        for job in schedule.timetable():
            schedule.run(job.name)
        JobRun.objects.filter(job="check_sites").delete()
        JobRun.objects.filter(job="issue_badges").update(failed=True)
        with pytest.raises(CommandError, match="Not well: check_sites, issue_badges"):
            call_command("jobs")

    def test_runs_one_by_hand(self, done: list[str]) -> None:
        call_command("jobs", "--run", "clearsessions")
        assert done == ["clearsessions"]
