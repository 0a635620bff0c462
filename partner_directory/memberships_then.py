"""What had been recorded of memberships by a moment: granted by then, and not yet ended by a later decision.

A membership may be granted or ended for an earlier day than the one on which that is decided; on a day between them
nobody knew (``program_pages.as_of``). The rows keep when they were granted; when they were ended, the audit log keeps.
Suspensions are decided for the day itself. May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from datetime import date, datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Prefetch, QuerySet
from wagtail.models import ModelLogEntry

from partner_directory.models.membership import Membership, Suspension
from program_pages.as_of import AsOf
from program_pages.models.edition import programme_day_of
from program_pages.rules.calendar import membership_ends

ENDED = "partner_directory.membership.ended"  # as ``actions.memberships`` logs it
ONE_DAY = timedelta(days=1)
CHUNK = 5000  # rows read at once
State, Ending = Membership.State, Membership.Ending


def with_suspensions(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    """Memberships with the suspensions that are over; one query more."""
    return memberships.prefetch_related(Prefetch("suspensions", Suspension.objects.order_by("since", "pk")))


def recorded(rows: Iterable[Membership], moment: datetime) -> list[Membership]:
    """The rows as they stood before a moment, in their order: copies where a later decision has changed them.

    ``rows`` come with their suspensions; when a level was changed is known by the membership that follows. One query
    where any of them ended before the moment's day, otherwise none.
    """
    known = list(rows)
    ends = _ends_recorded(known, moment)
    return [_as_it_stood(row, ends, moment) for row in known if row.granted_at < moment]


def _ends_recorded(rows: list[Membership], moment: datetime) -> dict[int, datetime]:
    """When the ends of these rows were recorded, of those that a moment's day could tell apart."""
    last = programme_day_of(moment - timedelta(microseconds=1))
    ended = [row for row in rows if row.ended_how and row.until < last]
    if not ended:
        return {}
    begun = {(row.partner_id, row.product_line_id, row.starts): row.granted_at for row in rows}
    changed = [row for row in ended if row.ended_how == Ending.LEVEL_CHANGED]
    following = {row.pk: begun.get((row.partner_id, row.product_line_id, row.until + ONE_DAY)) for row in changed}
    log = ModelLogEntry.objects.filter(content_type=ContentType.objects.get_for_model(Membership), action=ENDED)
    written = log.filter(timestamp__gte=moment).order_by("timestamp", "pk")
    found = {int(pk): at for pk, at in written.values_list("object_id", "timestamp")}
    return found | {pk: at for pk, at in following.items() if at is not None}


def _as_it_stood(row: Membership, ends: dict[int, datetime], moment: datetime) -> Membership:
    if row.pk not in ends or ends[row.pk] < moment:
        return row
    then = copy(row)
    cut_short = next((each for each in row.suspensions.all() if each.resumed_on == row.until + ONE_DAY), None)
    then.state = State.SUSPENDED if cut_short else State.GRANTED
    then.suspended_since = cut_short.since if cut_short else None
    then.ended_how, then.until = "", membership_ends(row.starts)
    return then


def running_then(partner: int, day: date, moment: datetime) -> list[Membership]:
    """The memberships of a partner (key) that ran on a day, suspended ones too, the latest first."""
    return [row for row in reversed(_of_the_year([partner], day, moment)) if row.lasts_on(day)]


def held_on(partners: Iterable[int] | None, day: date, moment: datetime) -> list[Membership]:
    """What partners (keys; all where None) held on a day, as it had been recorded by a moment; suspended ones left out.

    Three queries; of all partners one more for each further CHUNK of memberships.
    """
    return [row for row in _of_the_year(partners, day, moment) if row.lasts_on(day) and not row.was_suspended_on(day)]


def in_force_as_of(partner: int, asked: AsOf) -> list[Membership]:
    """What a partner (key) holds on the day asked about, the earliest first; as a day that is over knew it."""
    if asked.recorded_by is not None:
        return held_on([partner], asked.day, asked.recorded_by)
    rows = Membership.objects.in_force(asked.day).filter(partner=partner).select_related("level")
    return list(rows.order_by("starts", "pk"))


def _of_the_year(partners: Iterable[int] | None, day: date, moment: datetime) -> list[Membership]:
    """The memberships of a day's year and the one before, whose grace may last, as they had been recorded."""
    rows = Membership.objects.filter(year__in=(day.year, day.year - 1), starts__lte=day)
    if partners is not None:
        rows = rows.filter(partner__in=list(partners))
    read = with_suspensions(rows.select_related("level", "edition").order_by("starts", "pk"))
    return recorded(read if partners is not None else read.iterator(chunk_size=CHUNK), moment)
