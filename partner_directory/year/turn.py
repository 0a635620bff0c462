"""The turn of the day: every step that the calendar brings, in order, each by one run at a time.

A step that fails stops none of the others. Safe to run at any time and again: what is done already, its step finds
done. May not import views.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import StringIO

from django.conf import settings
from django.core.management import call_command
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from wagtail.models import Revision

from accounts import lives
from partner_directory import outbox, uploads
from partner_directory.actions import bonuses, edition_notices, enquiries, messages
from partner_directory.actions import year as actions
from partner_directory.models.year import KILLED_AFTER, StepRun

Report = Callable[[str], object]
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do on a day; ``run`` answers how many it has done it for."""

    name: str
    label: str | Promise
    run: Callable[[date], int]


def publish_due(_day: date) -> int:
    """Publishes and takes back what editors have scheduled."""
    due = Revision.objects.filter(approved_go_live_at__lt=timezone.now()).count()
    call_command("publish_scheduled", stdout=StringIO())
    return due


def forget_enquiries(_day: date) -> int:
    """Forgets who wrote enquiries that are long over."""
    over_before = timezone.now() - timedelta(days=settings.ENQUIRY_KEPT_DAYS)
    return sum(enquiries.forget(over_before=over_before, actor=None))


def forget_messages(_day: date) -> int:
    """Removes messages that are old, with the addresses they went to."""
    return messages.forget(written_before=timezone.now() - timedelta(days=settings.MESSAGES_KEPT_DAYS))


def sweep_files(_day: date) -> int:
    """Removes private files that no row has named for a day."""
    return uploads.sweep(timezone.now() - timedelta(days=1))


def forget_sessions(_day: date) -> int:
    """Removes what is left of sessions that have ended."""
    return lives.forget_ended()


STEPS: tuple[Step, ...] = (
    Step("publish", _("публикация по расписанию"), publish_due),
    Step("announce", _("оповещения о редакциях условий"), lambda day: edition_notices.announce_due(day=day)),
    Step("open_renewal", _("продление открыто"), lambda day: actions.open_renewal(day=day)),
    Step("remind", _("напоминания"), lambda day: actions.remind(day=day)),
    Step("lapse", _("истёкшие членства"), lambda day: actions.tell_of_lapses(day=day)),
    Step("bonuses", _("закончившиеся бонусы"), lambda day: bonuses.end_expired(day)),
    Step("forget_enquiries", _("обезличенные обращения"), forget_enquiries),
    Step("forget_messages", _("старые сообщения"), forget_messages),
    Step("forget_sessions", _("закончившиеся сеансы"), forget_sessions),
    Step("sweep_files", _("закрытые файлы без записи"), sweep_files),
    Step("send", _("письма"), lambda _day: sum(outbox.send_due().values())),
)
LABELS = {step.name: step.label for step in STEPS}


def turn(day: date, report: Report) -> bool:
    """Takes every step of a day; answers whether none has failed."""
    with override(settings.LANGUAGE_CODE):
        failed = [step for step in STEPS if not _take(step, day, report)]
    return not failed


def _take(step: Step, day: date, report: Report) -> bool:
    since = _claim(step)
    if since is None:
        report(f"{step.name}: another run is at it")
        return True
    try:
        done = step.run(day)
    except Exception as error:
        logger.exception("The step %s of %s failed", step.name, day)
        _release(step, since, day=day, done=0, trouble=f"{type(error).__name__}: {error}"[:300])
        report(f"{step.name}: failed, {error}")
        return False
    _release(step, since, day=day, done=done, trouble="")
    report(f"{step.name}: {done}")
    return True


def _claim(step: Step) -> datetime | None:
    """The moment from which this run is at the step; None where another is, unless it was killed long ago."""
    now = timezone.now()
    StepRun.objects.get_or_create(step=step.name)
    free = Q(running_since__isnull=True) | Q(running_since__lt=now - KILLED_AFTER)
    return now if StepRun.objects.filter(free, step=step.name).update(running_since=now) else None


def _release(step: Step, since: datetime, **values: object) -> None:
    """Writes how it went; not where the step was taken over meanwhile."""
    mine = StepRun.objects.filter(step=step.name, running_since=since)
    mine.update(running_since=None, finished_at=timezone.now(), **values)
