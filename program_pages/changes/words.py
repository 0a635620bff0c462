"""All that another edition changes, in the reader's words (R83). May not import pages."""

from __future__ import annotations

from program_pages.changes.both import Both
from program_pages.changes.said import SaidChanges
from program_pages.changes.sayers import OF_A_NEW_LEVEL, SAYERS
from program_pages.changes.texts import said_texts
from program_pages.rules.changes import NOTHING, Change, between
from program_pages.rules.terms import Terms


def said_changes(before: Terms, after: Terms, *, every_language: bool = False) -> SaidChanges:
    """Everything that another edition changes, in the current language.

    A text is shown in the reader's language, or in the other one where it changes only there; with
    ``every_language`` in each language in which it changes.
    """
    both = Both(before, after, every_language)
    places = [change.place for change in between(both.was, both.will_be) if not _is_told_by_its_row(change)]
    said = (row for place in places if place.what in SAYERS for row in SAYERS[place.what](both, place))
    # A threshold and its strictness are said by one sentence; without a threshold there is nothing to be strict about.
    rows = tuple(dict.fromkeys(row for row in said if row.before != row.after))
    return SaidChanges(before, after, rows, *said_texts(both))


def _is_told_by_its_row(change: Change) -> bool:
    """Whether it stands in a row that is new or gone: the table says so. A new level says each of its numbers."""
    return NOTHING in {change.before, change.after} and change.place.what not in OF_A_NEW_LEVEL
