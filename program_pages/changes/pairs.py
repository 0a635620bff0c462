"""Which two editions are compared: those that the address names, or the change that readers ask about now.

May not import pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from program_pages.bilingual import paired
from program_pages.models.edition import TermsEdition
from program_pages.rules.terms import Text


@dataclass(frozen=True, slots=True)
class Listed:
    """A published edition: its number, its name, and the day it takes effect, which no other has."""

    number: int
    name: Text
    effective_from: date

    @property
    def day(self) -> str:
        """The day as addresses write it."""
        return self.effective_from.isoformat()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two published editions to compare."""

    old: Listed
    new: Listed


def published_editions(recorded_by: datetime | None = None) -> list[Listed]:
    """Every published edition, in force or to come, the latest first; of those approved by a moment, where one is."""
    editions = TermsEdition.objects.published().order_by("-effective_from")
    if recorded_by is not None:
        editions = editions.approved_by(recorded_by)
    found = editions.only("pk", "name_ru", "name_en", "effective_from")
    return [Listed(edition.pk, paired(edition, "name"), edition.effective_from) for edition in found]


def current_pair(editions: Sequence[Listed], day: date) -> Pair | None:
    """What the next edition after a day changes in the one before it, or else what the last one has changed.

    None while there are no two editions. ``editions`` come the latest first.
    """
    upcoming = [edition for edition in editions if edition.effective_from > day]
    place = max(len(upcoming) - 1, 0)  # the soonest of those to come, or the one in force
    return Pair(editions[place + 1], editions[place]) if len(editions) > place + 1 else None


def pair_of(editions: Sequence[Listed], old: str, new: str) -> Pair | None:
    """The editions that take effect on two days, as addresses write them; None where one of them has none."""
    by_day = {edition.day: edition for edition in editions}
    return Pair(by_day[old], by_day[new]) if old in by_day and new in by_day else None
