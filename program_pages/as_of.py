"""Asking «as of a day»: how the day is written, what «recorded then» means, and what is said of a day that is none.

Everything that can be asked of a day (pages, calculations, standing, verification; page and API) asks here, so that a
day is read, refused and spoken of in one way. What counts on a day is what was in force on it **and** had been
recorded before its last moment, where the programme's year turns (A11); docs/adr/0033 has the table.
May not import pages.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from http import HTTPStatus
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from program_pages.models.edition import programme_day
from program_pages.problems import ProblemError

PARAMETER = "on"
LONGEST_SHOWN = 40  # signs of a day that nobody can read, when it is said back
WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)  # beyond them arithmetic of days would overflow
ONE_DAY = timedelta(days=1)


class NotADay(ValueError):
    """No day that can be asked about; its text is a sentence in the reader's language."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """A day that is asked about, and the day on which it is asked."""

    day: date
    today: date

    @property
    def is_today(self) -> bool:
        """Whether it is today, which is shown as ever."""
        return self.day == self.today

    @property
    def is_past(self) -> bool:
        """Whether the day is over: then what was recorded later does not count."""
        return self.day < self.today

    @property
    def is_future(self) -> bool:
        """Whether the day is still to come: then everything recorded now counts."""
        return self.day > self.today

    @property
    def recorded_by(self) -> datetime | None:
        """The first moment whose records no longer count; None for today and later, when all do."""
        return moment_after(self.day) if self.is_past else None


def moment_after(day: date) -> datetime:
    """The first moment that no longer belongs to a day, where the programme's year turns (A11)."""
    return datetime.combine(day + ONE_DAY, time.min, ZoneInfo(settings.PROGRAMME_TIME_ZONE))


def on_day(day: date) -> AsOf:
    """The same question about a day that is known already."""
    return AsOf(day, programme_day())


def read_day(text: str) -> date | None:
    """A day written as YYYY-MM-DD, or None for anything else."""
    written = text.strip() if len(text) <= LONGEST_SHOWN else ""
    if not WRITTEN.fullmatch(written):
        return None
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def read_as_of(text: str, *, to_come: bool = True) -> AsOf:
    """The day that an address asks about, today where it names none.

    ``to_come`` says whether a day to come can be asked about. Raises NotADay.
    """
    day = read_day(text) if text else programme_day()
    if day is None:
        raise NotADay(malformed())
    asked = on_day(day)
    if asked.is_future and not to_come:
        raise NotADay(_("Этот день ещё не наступил: спросить можно о сегодняшнем дне и о прошедших."))
    return asked


@dataclass(frozen=True, slots=True)
class PageDay:
    """The day that a page's ``?on=`` asks about; today where it is none, with what was typed and what is wrong."""

    as_of: AsOf
    typed: str = ""
    problem: str = ""

    @property
    def status(self) -> HTTPStatus:
        """Of the page that says so."""
        return HTTPStatus.UNPROCESSABLE_ENTITY if self.problem else HTTPStatus.OK


def asked_of_page(request: HttpRequest, *, to_come: bool = False) -> PageDay:
    """The day of a page that says itself, beside its field for a day, what is wrong with one."""
    typed = request.GET.get(PARAMETER, "").replace("\x00", "?")[:LONGEST_SHOWN]
    try:
        return PageDay(read_as_of(typed, to_come=to_come), typed)
    except NotADay as error:
        return PageDay(on_day(programme_day()), typed, str(error))


def asked_of_api(text: str) -> AsOf:
    """The same for a program; raises ProblemError (422)."""
    try:
        return read_as_of(text)
    except NotADay as error:
        raise ProblemError(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), field=PARAMETER) from error


def malformed() -> str:
    """What is said of a day that cannot be read."""
    return _("День пишется как ГГГГ-ММ-ДД, например 2026-01-31.")
