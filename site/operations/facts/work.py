"""What is done beside requests, and whether it is: jobs, the turn of the day, backups, letters, rehearsals.

May not import views.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from operations import schedule
from operations.models import JobRun
from operations.state import Alarm, Fact, Gauge, Health, Words, judged
from partner_directory.models.impact import SILENT_FOR, Impact
from partner_directory.models.message import Delivery, Message
from partner_directory.models.year import StepRun
from partner_directory.year.turn import LABELS, STEPS
from program_pages.models.edition import programme_day

SILENT = timedelta(minutes=3)  # a run that has given no sign of life for so long was killed
BACKUP_EVERY = timedelta(hours=26)  # a day, and two hours to be late
TURNED_BY = timedelta(hours=3)  # after midnight of the programme's day
LETTER_OVERDUE = timedelta(minutes=15)  # that a letter is due, and nobody sends it
LETTER_OLD = timedelta(hours=2)  # that one is tried again and again
REHEARSAL_OVERDUE = timedelta(minutes=15)


def _moment(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d.%m.%Y %H:%M}" if moment else _("ещё ни разу")


# --- Jobs ---


def jobs() -> Iterator[Fact]:
    """Each job: how it ended last, and when it is due next; late or failed, it rings."""
    now = timezone.now()
    timetable = {standing.job.name: standing for standing in schedule.standings(now)}
    recorded = {row["job"]: row for row in _summaries()}
    if not recorded and not timetable:
        yield Fact(_("Задания"), _("ещё ни одного запуска"))
    last = {run.job: run for run in _last_runs(recorded)}
    for name in sorted({*recorded, *timetable}):
        yield _job(name, timetable.get(name), recorded.get(name, {}), last.get(name), now)


def _summaries() -> Iterator[Mapping[str, Any]]:
    succeeded = Max("finished_at", filter=Q(failed=False))
    yield from JobRun.objects.order_by().values("job").annotate(last=Max("started_at"), succeeded=succeeded)


def _last_runs(recorded: Mapping[str, Mapping[str, Any]]) -> list[JobRun]:
    if not recorded:
        return []
    newest = Q()
    for name, row in recorded.items():
        newest |= Q(job=name, started_at=row["last"])
    return list(JobRun.objects.filter(newest))


def _job(
    name: str, standing: schedule.Standing | None, recorded: Mapping[str, Any], run: JobRun | None, now: datetime
) -> Fact:
    label: Words = standing.job.label if standing else name
    succeeded = recorded.get("succeeded")
    gauges = []
    if succeeded:
        age, said = (now - succeeded).total_seconds(), "Seconds since a job ended well"
        gauges.append(Gauge("site_job_age_seconds", said, age, {"job": name}))
    value = _outcome(run, now)
    if standing:
        value += _("; следующий %(moment)s") % {"moment": _moment(standing.job.last_due(now) + standing.job.every)}
    if run is not None and _has_failed(run, now):
        return Fact(label, value, Health.FAILED, Alarm.JOB_FAILS, tuple(gauges))
    is_late = bool(standing and standing.is_overdue and (run is None or run.finished_at))
    return judged(label, value, Alarm.JOB_LATE, is_well=not is_late, gauges=gauges)


def _has_failed(run: JobRun, now: datetime) -> bool:
    return run.failed or (run.finished_at is None and run.alive_at < now - SILENT)


def _outcome(run: JobRun | None, now: datetime) -> str:
    if run is None:
        return _("ещё ни разу")
    if run.finished_at is None:
        words = _("идёт с %(moment)s") if run.alive_at >= now - SILENT else _("оборвался, начатый %(moment)s")
        return words % {"moment": _moment(run.started_at)}
    moment, said = _moment(run.finished_at), run.said or _("готово")
    return (
        _("не удалось %(moment)s: %(said)s") % {"moment": moment, "said": said} if run.failed else f"{moment}: {said}"
    )


# --- The day ---


def turn_of_day() -> Iterator[Fact]:
    """The last day of which every step was taken, and the steps that failed."""
    runs = list(StepRun.objects.filter(step__in=[step.name for step in STEPS]))
    today, now = programme_day(), timezone.now()
    days = [run.day for run in runs if run.day]
    turned = min(days) if len(days) == len(STEPS) else None
    is_due = today if _of_day(now) >= TURNED_BY else today - timedelta(days=1)
    finished = max((run.finished_at for run in runs if run.finished_at), default=None)
    gauges = (
        []
        if finished is None
        else [
            Gauge("site_day_turned_age_seconds", "Seconds since the turn of the day", (now - finished).total_seconds())
        ]
    )
    value = (
        _("%(day)s, закончена %(moment)s") % {"day": _day(turned), "moment": _moment(finished)}
        if turned
        else (_("ещё ни разу"))
    )
    is_well = turned is not None and turned >= is_due
    yield judged(_("Последний день"), value, Alarm.DAY_NOT_TURNED, is_well=is_well, gauges=gauges)
    for run in runs:
        if run.trouble:
            label = LABELS.get(run.step, run.step)
            yield judged(label, run.trouble, Alarm.DAY_NOT_TURNED, is_well=False, worse=True)


def _of_day(moment: datetime) -> timedelta:
    local = timezone.localtime(moment, ZoneInfo(settings.PROGRAMME_TIME_ZONE))
    return timedelta(hours=local.hour, minutes=local.minute)


def _day(day: date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else ""


def backup() -> Iterator[Fact]:
    """The last copy that was made whole."""
    now = timezone.now()
    last = JobRun.objects.filter(job="backup", failed=False, finished_at__isnull=False).order_by("-started_at").first()
    if last is None or last.finished_at is None:
        yield judged(_("Последняя копия"), _("ещё ни разу"), Alarm.BACKUP_OLD, is_well=False)
        return
    age = now - last.finished_at
    value = f"{_moment(last.finished_at)}: {last.said or _('готово')}"
    gauge = Gauge("site_backup_age_seconds", "Seconds since a backup was made whole", age.total_seconds())
    yield judged(_("Последняя копия"), value, Alarm.BACKUP_OLD, is_well=age <= BACKUP_EVERY, gauges=[gauge])


# --- Letters and rehearsals ---


def letters() -> Iterator[Fact]:
    """How many letters wait, for how long, and how many wait for a manager."""
    now = timezone.now()
    waiting = Message.objects.in_delivery(Delivery.WAITING, now).aggregate(
        count=Count("pk"), since=Min("created_at"), due=Min("next_attempt_at")
    )
    age = now - waiting["since"] if waiting["since"] else timedelta()
    late = now - waiting["due"] if waiting["due"] else timedelta()
    gauges = [
        Gauge("site_outbox_waiting", "Letters that wait to be sent", waiting["count"]),
        Gauge("site_outbox_oldest_seconds", "Seconds that the oldest of them has waited", age.total_seconds()),
    ]
    value = f"{waiting['count']}"
    if waiting["since"]:
        value = _("%(count)d, старейшее с %(moment)s") % {
            "count": waiting["count"],
            "moment": _moment(waiting["since"]),
        }
    is_well = late <= LETTER_OVERDUE and age <= LETTER_OLD
    yield judged(_("Ждут отправки"), value, Alarm.LETTERS_WAIT, is_well=is_well, gauges=gauges)
    troubled = Message.objects.troubled(now).count()
    gauge = Gauge("site_outbox_failed", "Letters that wait for a manager", troubled)
    yield judged(_("Ждут решения"), str(troubled), Alarm.LETTERS_FAIL, is_well=not troubled, gauges=[gauge])


def rehearsals() -> Iterator[Fact]:
    """How many are not finished, and whether anybody is at them."""
    now = timezone.now()
    unfinished = Impact.objects.unfinished()
    silent = Q(heard_at__isnull=True) | Q(heard_at__lt=now - SILENT_FOR)
    count = unfinished.count()
    left = unfinished.filter(silent, started_at__lt=now - REHEARSAL_OVERDUE).count()
    gauge = Gauge("site_rehearsals_waiting", "Rehearsals of editions that are not finished", count)
    yield judged(_("Не закончены"), str(count), Alarm.REHEARSAL_WAITS, is_well=not left, gauges=[gauge])
