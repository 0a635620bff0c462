"""The terms as they hold for one partner on a day (R47, R82).

The edition in force, with what was agreed with this partner alone. Whoever shows or computes a partner's own numbers
asks here, and nobody else reads overlays. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from partner_directory.models.overlay import Overlay, OverlayChange
from partner_directory.models.partner import Partner
from program_pages.rules.overlay import Change, apply, read_change
from program_pages.rules.terms import Terms
from program_pages.terms import terms_on


def terms_for(partner: Partner, day: date) -> Terms:
    """The edition of a day with the partner's overlays on it; raises NoEdition before the first edition.

    One query more than the edition itself takes. What was agreed for a level that the edition no longer has is
    passed over.
    """
    terms = terms_on(day)
    levels = {level.slug for level in terms.levels}
    return apply(terms, (change for change in changes_for(partner, day) if change.level in {None, *levels}))


def changes_for(partner: Partner, day: date) -> Iterable[Change]:
    """What was agreed with a partner and holds on a day, the last word last; one query."""
    in_force = Overlay.objects.filter(partner=partner).in_force(day)
    rows = OverlayChange.objects.filter(overlay__in=in_force).order_by("overlay__starts", "overlay_id", "pk")
    return [read_change(name, value, level) for name, value, level in rows.values_list("name", "value", "level__slug")]
