"""Days of another time: what was published and recorded then, as the log of the site keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from partner_directory import trail_guards
from partner_directory.models import Partner
from partner_directory.models.listing import Listing

MOSCOW = ZoneInfo("Europe/Moscow")


def moment(day: str | date, hour: int = 12) -> datetime:
    """An hour of a day where the programme's year turns."""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(found, time(hour), MOSCOW)


def midnight(day: date | str) -> datetime:
    """The first moment of a day."""
    return moment(day, 0)


def on(day: str | date, hour: int = 12) -> Any:
    """As a context: it is that hour of that day."""
    return time_machine.travel(moment(day, hour), tick=False)


def published_since(day: str | date) -> None:
    """Whatever pages there are were published on that day, not when the tests' database was loaded."""
    with rewriting_the_trail():
        PageLogEntry.objects.update(timestamp=moment(day))
    Page.objects.update(first_published_at=moment(day), last_published_at=moment(day))


def partner_published_on(partner: Partner, day: str | date) -> None:
    """The partner's profile was published on that day."""
    Partner.objects.filter(pk=partner.pk).update(first_published_at=moment(day))
    Listing.objects.filter(partner=partner).update(listed_at=moment(day))
    told = ModelLogEntry.objects.filter(object_id=str(partner.pk), content_type__model="partner")
    with rewriting_the_trail():
        told.update(timestamp=moment(day))


@contextmanager
def rewriting_the_trail() -> Iterator[None]:
    """For tests alone: while this holds, the trail of what was done may be written otherwise."""
    connection.check_constraints()  # PostgreSQL lifts no trigger while it has something of the table to check still
    _run(trail_guards.lifted(connection.vendor))
    yield
    connection.check_constraints()
    _run(trail_guards.made(connection.vendor))


def _run(statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
