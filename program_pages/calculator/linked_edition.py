"""The edition that a link names: by its number, and while it is still to come by the moment of its approval, too.

An edition in force is sealed, so its number is enough. One to come may be taken back, changed and approved anew under
the same number: a link made meanwhile says which approval it knew, so that it is never answered by other numbers as if
they were the same (R83). May import models, never pages.
"""

from __future__ import annotations

from program_pages.models.edition import TermsEdition, programme_day
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_of_edition

MARK = "~"


def named(terms: Terms) -> str:
    """An edition as a link names it; of a draft, which has no approval, the number alone."""
    number = str(terms.edition)
    if terms.effective_from <= programme_day():
        return number
    return MARK.join(filter(None, [number, _approval(terms.edition)]))


def found(name: str) -> Terms:
    """The edition that a link names. Raises NoEdition where there is none, or it has been approved anew since."""
    number, _mark, approval = name.partition(MARK)
    try:
        terms = terms_of_edition(int(number))
    except (ValueError, OverflowError) as error:
        raise NoEdition(name) from error
    if approval and approval != _approval(terms.edition):
        raise NoEdition(name)
    return terms


def _approval(edition: int) -> str:
    """The moment of an edition's approval in seconds; "" where it has none."""
    moment = TermsEdition.objects.filter(pk=edition).values_list("approved_at", flat=True).first()
    return f"{moment.timestamp():.0f}" if moment else ""
