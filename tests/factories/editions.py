"""Terms editions: the shipped programme with other numbers, as a draft or published from a chosen day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from program_pages.demo.programme import edition_from, programme_data
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day

from .users import make_user

Data = dict[str, Any]


def edition_data(
    *,
    effective_from: date | None = None,
    discounts: Mapping[str, str] | None = None,
    change: Callable[[Data], object] | None = None,
    **fields: Any,
) -> Data:
    """The shipped edition's data, from today unless told, with other discounts (points by level) and fields.

    ``change`` may do anything else to it before it is read. It has no golden cases, which hold for the shipped numbers
    alone, unless ``cases`` says so.
    """
    data = deepcopy(programme_data()["edition"])
    data |= {"effective_from": (effective_from or programme_day()).isoformat(), "cases": [], **fields}
    for row in data["level_terms"]:
        row["discount"] = (discounts or {}).get(row["level"], row["discount"])
    if change is not None:
        change(data)
    return data


def draft_edition(**changes: Any) -> TermsEdition:
    """A stored draft; takes what ``edition_data`` takes."""
    edition = edition_from(edition_data(**changes))
    edition.save()
    edition.save_revision(user=make_user())
    return edition


def publish_edition(*, actor: Any = None, **changes: Any) -> TermsEdition:
    """An edition approved by an actor, in force from today unless told; takes what ``edition_data`` takes."""
    actor = actor or make_user()
    edition = edition_from(edition_data(**changes))
    edition.save()
    edition.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
    return TermsEdition.objects.get(pk=edition.pk)
