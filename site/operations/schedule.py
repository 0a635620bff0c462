"""The day's timetable of the site, by the programme's clock: what is run when, what is due, and how it went.

What is due is asked with "has come", never "is now": a night that was missed is made up once, and a clock that goes
back runs nothing twice. Every job is a command that may run again at any time. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command, get_commands
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from operations.jobs import Busy, Watch, job_run
from operations.models import JobRun

DAY = timedelta(days=1)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)  # before a job that has failed is tried again
GRACE = timedelta(minutes=15)  # that a job may be late before anybody is alarmed


class JobFailed(RuntimeError):
    """A job has failed: its trace is in the log, and its end recorded."""


@dataclass(frozen=True, slots=True)
class Job:
    """A command that is run every ``every``, counted from ``at`` by the programme's clock.

    ``needs`` names a setting without which it is not run.
    """

    name: str
    label: str | Promise
    at: time = time()
    every: timedelta = DAY
    needs: str = ""

    def last_due(self, moment: datetime) -> datetime:
        """The latest time of the timetable that has come by a moment."""
        local = moment.astimezone(ZoneInfo(settings.PROGRAMME_TIME_ZONE))
        first = datetime.combine(local.date(), self.at, local.tzinfo)
        return first + (local - first) // self.every * self.every

    @property
    def is_run_here(self) -> bool:
        """Whether the site has the command, and the setting that it needs."""
        return self.name in get_commands() and bool(not self.needs or getattr(settings, self.needs, None))


TIMETABLE = (
    Job("publish_scheduled", _("публикация по расписанию"), every=timedelta(minutes=5)),
    Job("turn_of_day", _("смена дня"), at=time(0, 10)),
    Job("backup", _("резервная копия"), at=time(2, 30), needs="BACKUP_FOLDER"),
    Job("clearsessions", _("истёкшие сеансы"), at=time(3, 0)),
    Job("check_announcements", _("объявления на сайтах партнёров"), at=time(3, 20)),
    Job("check_sites", _("сайты партнёров"), at=time(3, 40)),
    Job("issue_badges", _("недостающие бейджи"), at=time(4, 10)),
    Job("prepare_kits", _("файлы знаков"), at=time(4, 20)),
)


def timetable() -> Iterator[Job]:
    """The jobs that this site runs."""
    return (job for job in TIMETABLE if job.is_run_here)


def is_due(job: Job, now: datetime) -> bool:
    """Whether its time has come, it has not been done since, and a failed attempt is long enough ago.

    A run that began up to ``every`` in the future counts, too: the clock has gone back since.
    """
    runs = JobRun.objects.filter(
        job=job.name, finished_at__isnull=False, started_at__range=(job.last_due(now), now + job.every)
    )
    ended = list(runs.order_by("pk"))
    if not all(each.failed for each in ended):
        return False
    last = ended[-1].finished_at if ended else None
    return last is None or now - last >= min(FIRST_PAUSE * 2 ** (len(ended) - 1), LONGEST_PAUSE)


def run_if_due(job: Job, watch: Watch) -> bool:
    """Runs a job if it is due; whether this process has. Raises JobFailed."""
    if not is_due(job, timezone.now()):
        return False
    try:
        run(job.name, watch=watch, when_due=job)
    except Busy:
        return False
    return True


def run(name: str, *, watch: Watch | None = None, when_due: Job | None = None) -> str:
    """Runs a command as a job, recorded with what it has printed last, which is answered. Raises Busy, JobFailed."""
    output = StringIO()

    def is_still_due() -> bool:
        return when_due is None or is_due(when_due, timezone.now())

    try:
        with job_run(name, watch=watch, if_still=is_still_due) as this:
            call_command(name, *_arguments(name), stdout=output, stderr=output, no_color=True)
            this.said(this.text or _last_line(output.getvalue()))
            return this.text
    except Busy:
        raise
    except Exception as error:  # whatever the command raises; ``job_run`` has logged it
        raise JobFailed(name) from error


def _arguments(name: str) -> list[str]:
    """What a command is told by the settings."""
    return [settings.BACKUP_FOLDER, f"--keep={settings.BACKUPS_KEPT}"] if name == "backup" else []


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


@dataclass(frozen=True, slots=True)
class Standing:
    """How it is about a job: the run that is going on, the last that ended, and whether anybody should be alarmed."""

    job: Job
    running: JobRun | None
    last: JobRun | None
    is_overdue: bool

    @property
    def is_well(self) -> bool:
        """Neither failed nor overdue."""
        return not self.is_overdue and not (self.last and self.last.failed)


def standings(now: datetime) -> list[Standing]:
    """How it is about every job that this site runs."""
    return [_standing(job, now) for job in timetable()]


def _standing(job: Job, now: datetime) -> Standing:
    runs = JobRun.objects.filter(job=job.name).order_by("-pk")
    ended = runs.filter(finished_at__isnull=False)
    done = ended.filter(failed=False, started_at__gte=job.last_due(now - GRACE))
    running = runs.filter(finished_at=None).first()
    return Standing(job, running=running, last=ended.first(), is_overdue=not done.exists())
