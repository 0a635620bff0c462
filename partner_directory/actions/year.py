"""What a day brings to partners: the renewal opens, its end comes nearer, a membership has lapsed (R44, R45, A11).

Each may run at any time and again, after any pause, twice at once: a notice of its own (``YearNotice``), written in the
transaction that tells the partner, decides that it is told once. Nothing compares a day for equality, so a day on which
nobody ran it loses nothing. Status is not written: that a membership is over, the calendar says.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Min, Q
from wagtail.log_actions import log

from partner_directory import messages
from partner_directory.addresses import address
from partner_directory.letters.kind import Fact
from partner_directory.models.membership import Membership, MembershipQuerySet, Status
from partner_directory.models.year import YearNotice
from partner_directory.year.renewal import is_open_for, readiness_of, readings_on

LAPSED = "partner_directory.membership.lapsed"
REMIND_BEFORE = (60, 30, 14, 7, 1)  # days before the last day of a membership
STILL_NEWS = timedelta(days=60)  # a lapse older than that is recorded, and no letter tells of it

State, What = Membership.State, YearNotice.What
logger = logging.getLogger(__name__)


class Incomplete(RuntimeError):
    """Some partners could not be told: the others were, and the next run tells the rest."""


def open_renewal(*, day: date) -> int:
    """Tells each partner with a membership in force that its renewal is open, once a year; answers how many."""
    if not is_open_for(day.year, day):
        return 0
    told = YearNotice.objects.filter(what=What.OPENED, membership__year=day.year)
    memberships = _closing(day).exclude(partner__in=told.values("membership__partner")).order_by("partner", "pk")
    return _each({row.partner_id: row for row in memberships}.values(), _tell_of_opening)


def remind(*, day: date) -> int:
    """Reminds of the end of each membership that is not renewed, of the latest reminder due alone."""
    nearest = Min("notices__days", filter=Q(notices__what=What.REMINDER))
    memberships = _closing(day).filter(until__lte=day + timedelta(days=max(REMIND_BEFORE))).annotate(nearest=nearest)
    due = {row.pk: (row, days) for row in memberships if (days := due_reminder(row, day, row.nearest)) is not None}
    ready = readiness_of([row for row, _days in due.values()], day)

    def tell(membership: Membership) -> bool:
        _row, days = due[membership.pk]
        gaps = ready[membership.pk].gaps
        facts = {"days": str((membership.until - day).days)} | ({"missing": str(len(gaps))} if gaps else {})
        kind = "year_reminder_missing" if gaps else "year_reminder_ready"
        return _tell(membership, What.REMINDER, f"{membership.pk}:{days}", kind, facts, days=days)

    return _each([row for row, _days in due.values()], tell)


def due_reminder(membership: Membership, day: date, nearest: int | None = None) -> int | None:
    """Which reminder is due on a day: the nearest to the end whose day has come.

    None before the first, where a nearer one was sent already, and where its day came before the membership began.
    """
    left = (membership.until - day).days
    come = (days for days in REMIND_BEFORE if days >= left >= 0 and _falls_within(membership, days))
    due = min(come, default=None)
    return None if due is None or (nearest is not None and nearest <= due) else due


def tell_of_lapses(*, day: date) -> int:
    """Tells that a membership has lapsed, with an audit row; not of one that was renewed or ended before its time."""
    over = Membership.objects.filter(starts__lte=day).exclude(pk__in=Membership.objects.running(day).values("pk"))
    candidates = over.exclude(state=State.ENDED).exclude(notices__what=What.LAPSED).unrenewed()
    readings = readings_on(day)
    lapsed = [
        row for row in candidates.select_related("partner", "level") if row.status_on(day, readings) is Status.LAPSED
    ]
    return _each(lapsed, lambda membership: _tell_of_lapse(membership, day))


def _closing(day: date) -> MembershipQuerySet:
    """Memberships in force, in the last days of their year not granted anew."""
    rows = Membership.objects.begun(day).filter(state=State.GRANTED, until__gte=day)
    return rows.unrenewed().with_renewal().select_related("partner", "level")


def _falls_within(membership: Membership, days: int) -> bool:
    return membership.until - timedelta(days=days) >= membership.starts


def _tell_of_opening(membership: Membership) -> bool:
    return _tell(membership, What.OPENED, f"{membership.partner_id}:{membership.year}", "year_opened")


@transaction.atomic
def _tell_of_lapse(membership: Membership, day: date) -> bool:
    is_news = day - membership.until <= STILL_NEWS
    if not _tell(membership, What.LAPSED, str(membership.pk), "year_lapsed" if is_news else ""):
        return False
    data = {
        "partner": str(membership.partner),
        "level": membership.level.slug,
        "starts": membership.starts.isoformat(),
        "until": membership.until.isoformat(),
    }
    log(instance=membership, action=LAPSED, user=None, data=data)
    return True


@transaction.atomic
def _tell(
    membership: Membership,
    what: YearNotice.What,
    happening: str,
    kind: str,
    facts: Mapping[str, Fact] | None = None,
    days: int | None = None,
) -> bool:
    """Whether it is this run that told of the happening; without a ``kind`` it is noted alone."""
    key = f"year:{what.value}:{happening}"
    values = {"membership": membership, "what": what, "days": days}
    _notice, is_new = YearNotice.objects.get_or_create(key=key, defaults=values)
    if is_new and kind:
        known: dict[str, Fact] = {"level": membership.level.short_name, "until": membership.until}
        url = address("portal:year")
        messages.tell_partner(partner=membership.partner, kind=kind, key=key, facts={**known, **(facts or {})}, url=url)
    return is_new


def _each(memberships: Iterable[Membership], tell: Callable[[Membership], bool]) -> int:
    """Tells each in a transaction of its own: one that fails stops none of the others. Raises Incomplete."""
    told = failed = 0
    for membership in memberships:
        try:
            told += tell(membership)
        except Exception:
            logger.exception("Membership %s: its partner could not be told", membership.pk)
            failed += 1
    if failed:
        raise Incomplete(f"{failed} not told, {told} told")
    return told
