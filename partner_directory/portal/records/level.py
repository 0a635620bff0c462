"""The level that a company's standing is shown at: the one it holds, has applied for, or wants to look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest

from partner_directory.memberships_then import running_then
from partner_directory.models.application import Application
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_then
from partner_directory.standing import term_starts
from program_pages.as_of import AsOf, on_day
from program_pages.rules.terms import Level, Terms
from program_pages.terms import NoEdition

PARAMETER = "level"


@dataclass(frozen=True, slots=True)
class Ground:
    """The terms of the day, and the level shown; ``own`` is the slug of the level held or applied for, or "".

    ``starts`` is the first day of the term: of the membership, or of the calendar year where none is held.
    ``recorded_later``: see ``program_pages.terms.TermsThen``.
    """

    terms: Terms
    level: Level
    own: str
    is_held: bool
    starts: date
    recorded_later: date | None = None

    @property
    def is_own(self) -> bool:
        """Whether the level shown is the company's."""
        return self.level.slug == self.own


def ground_of(partner: Partner, day: date, request: HttpRequest | None = None) -> Ground | None:
    """What is shown to a company on a day; None while the programme has no edition, or an edition no levels."""
    return ground_then(partner, on_day(day), request.GET.get(PARAMETER, "") if request else "")


def ground_then(partner: Partner, asked: AsOf, level: str = "") -> Ground | None:
    """The same, of a day that is over as it had been recorded by then; at a level (slug) where one is asked for."""
    try:
        found = terms_then(partner, asked)
    except NoEdition:
        return None
    terms = found.terms
    known = {level.slug: level for level in terms.levels}
    if not known:
        return None
    held = _held(partner, asked)
    own = held.level.slug if held else "" if asked.is_past else _applied_for(partner)
    shown = next((slug for slug in (level, own) if slug in known), terms.levels[0].slug)
    return Ground(
        terms=terms,
        level=known[shown],
        own=own if own in known else "",
        is_held=bool(held),
        starts=held.starts if held else term_starts(asked.day),
        recorded_later=found.recorded_later,
    )


def _held(partner: Partner, asked: AsOf) -> Membership | None:
    if asked.recorded_by is not None:
        return next(iter(running_then(partner.pk, asked.day, asked.recorded_by)), None)
    running = Membership.objects.running(asked.day).filter(partner=partner).order_by("-starts", "pk")
    return running.select_related("level").first()


def _applied_for(partner: Partner) -> str:
    open_ones = Application.objects.open().filter(partner=partner).order_by("-created_at", "-pk")
    return open_ones.values_list("level__slug", flat=True).first() or ""
