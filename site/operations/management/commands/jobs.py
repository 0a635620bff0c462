"""``manage.py jobs``: the timetable, how each job went last, and an exit code that says whether all is well.

``--run NAME`` runs one of them now and records it, as the worker does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from operations import schedule
from operations.jobs import Busy
from operations.models import JobRun


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Prints the timetable with its last runs; fails where a job failed or is overdue. --run NAME runs one now."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which one to run, if any."""
        names = [job.name for job in schedule.timetable()]
        parser.add_argument("--run", metavar="NAME", choices=names, help=f"one of {', '.join(names)}")

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each job, or the run of one."""
        if options["run"]:
            self.run_now(options["run"])
        else:
            self.show(timezone.now())

    def run_now(self, name: str) -> None:
        """Runs one; prints what it has said last."""
        try:
            self.stdout.write(f"{name}: {schedule.run(name) or 'done'}")
        except Busy:
            self.stdout.write(f"{name}: another run is at it")
        except schedule.JobFailed as error:
            raise CommandError(f"{name} failed: {error.__cause__}") from error

    def show(self, now: datetime) -> None:
        """Raises CommandError where somebody should look."""
        standings = schedule.standings(now)
        for standing in standings:
            job = standing.job
            self.stdout.write(f"{_when(job):<9} {job.name:<20} {_state(standing):<8} {_last(standing.last)}")
        unwell = [standing.job.name for standing in standings if not standing.is_well]
        if unwell:
            raise CommandError(f"Not well: {', '.join(unwell)}")


def _when(job: schedule.Job) -> str:
    return f"{job.at:%H:%M}" if job.every == schedule.DAY else f"every {job.every.total_seconds() / 60:g}m"


def _state(standing: schedule.Standing) -> str:
    if standing.running:
        return "running"
    if standing.last and standing.last.failed:
        return "failed"
    return "overdue" if standing.is_overdue else "ok"


def _last(run: JobRun | None) -> str:
    if run is None or run.finished_at is None:
        return "never run"
    took = (run.finished_at - run.started_at).total_seconds()
    return f"{timezone.localtime(run.started_at):%Y-%m-%d %H:%M} {run.host}, {took:.1f} s: {run.said}"
