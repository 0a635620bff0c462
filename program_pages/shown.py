"""Which edition a request shows: the one in force today, or of the day in ``?on=`` (R83).

Of a past day it is the edition that was in force then and recorded by then (``program_pages.as_of``). A day that cannot
be read, or that has no published edition, is answered with today's edition and says so. The answer is computed once per
request. May not import page models.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.http import HttpRequest

from program_pages.as_of import PARAMETER, AsOf, on_day, read_day
from program_pages.kept import keep_for_strangers
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_as_of, terms_on


class OnNotice(StrEnum):
    """What the reader must be told about the edition shown."""

    OTHER_DAY = "other_day"  # the edition of the day asked for, which is not today's
    UNREADABLE = "unreadable"  # the day could not be read: today's edition is shown
    BEFORE_FIRST = "before_first"  # no edition was in force on that day: today's is shown


@dataclass(frozen=True, slots=True)
class Shown:
    """The terms a page shows, the day they are asked for (None: today), and what to tell the reader.

    ``terms`` is None while no edition is in force at all. ``recorded_later`` is the day on which the edition shown was
    approved, where that is after the day asked for: nothing had been recorded by then. ``words_are_todays`` says that
    the page's own words are not of the day.
    """

    terms: Terms | None
    day: date
    on: date | None = None
    asked: str = ""
    asked_day: date | None = None
    notice: OnNotice | None = None
    recorded_later: date | None = None
    words_are_todays: bool = False

    @property
    def as_of(self) -> AsOf:
        """The day asked about, whether or not an edition was in force on it; today where it could not be read."""
        return AsOf(self.asked_day or self.shown_day, self.day)

    @property
    def shown_day(self) -> date:
        """The day that the page speaks of: the one asked for, or today."""
        return self.on or self.day

    @property
    def indexed(self) -> bool:
        """Whether search engines may keep the page: only without ``?on=``."""
        return not self.asked


def shown_terms(request: HttpRequest) -> Shown:
    """The edition this request shows; a draft put there by a preview comes first."""
    cached: Shown | None = getattr(request, "shown_terms", None)
    if cached is None:
        cached = request.shown_terms = _find(request)  # type: ignore[attr-defined]
    return cached


def _find(request: HttpRequest) -> Shown:
    today = programme_day()
    draft: Terms | None = getattr(request, "programme_terms", None)
    if draft is not None:
        return Shown(draft, today)
    asked = request.GET.get(PARAMETER, "")
    if not asked:
        return Shown(keep_for_strangers(request, ("terms shown", today), lambda: _terms(today)), today)
    on = read_day(asked)
    if on is None:
        return Shown(_terms(today), today, asked=asked, notice=OnNotice.UNREADABLE)
    try:
        found = keep_for_strangers(request, ("terms as of", on, today), lambda: terms_as_of(on_day(on)))
    except NoEdition:
        return Shown(_terms(today), today, asked=asked, asked_day=on, notice=OnNotice.BEFORE_FIRST)
    notice = OnNotice.OTHER_DAY if on != today else None
    return Shown(found.terms, today, on=on, asked=asked, notice=notice, recorded_later=found.recorded_later)


def pin_edition(request: HttpRequest, edition: Terms) -> None:
    """Shows a request the edition that a link names, whatever its day says; the page says itself what has changed."""
    shown = shown_terms(request)
    notice = None if shown.notice is OnNotice.OTHER_DAY else shown.notice
    request.shown_terms = replace(shown, terms=edition, notice=notice)  # type: ignore[attr-defined]


def say_words_are_todays(request: HttpRequest) -> None:
    """Has the banner say that the page's own words are today's, though its numbers are of another day."""
    request.shown_terms = replace(shown_terms(request), words_are_todays=True)  # type: ignore[attr-defined]


def _terms(day: date) -> Terms | None:
    try:
        return terms_on(day)
    except NoEdition:
        return None


def terms_context(request: HttpRequest) -> dict[str, Any]:
    """What every page's context says about the edition shown."""
    shown = shown_terms(request)
    return {
        "terms": shown.terms,
        "on": shown.on,
        "day_query": f"?{PARAMETER}={shown.on.isoformat()}" if shown.on else "",
        "edition_notice": shown,
        "noindex": not shown.indexed,
    }
