"""The terms as they hold for one partner on a day (R47, R82).

The edition in force, with what was agreed with this partner alone. Whoever shows or computes a partner's own numbers
asks here, and nobody else reads overlays. ``terms_for`` is for what is computed of a day, ``terms_then`` for what a day
that is over knew (``program_pages.as_of``). May not import views.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q

from partner_directory.models.overlay import Overlay, OverlayChange, OverlayQuerySet
from partner_directory.models.partner import Partner
from program_pages.as_of import AsOf
from program_pages.rules.overlay import Change, apply, read_change
from program_pages.rules.terms import Terms
from program_pages.terms import TermsThen, terms_as_of, terms_on


@dataclass(frozen=True, slots=True)
class Agreement:
    """One overlay with its changes."""

    overlay: Overlay
    changes: tuple[Change, ...]

    def holds_on(self, day: date) -> bool:
        """Whether it does on a day, both its days included."""
        until = self.overlay.until
        return self.overlay.starts <= day and (until is None or until >= day)


def terms_for(partner: Partner, day: date) -> Terms:
    """The edition of a day with the partner's overlays on it; raises NoEdition before the first edition.

    One query more than the edition itself takes. What was agreed for a level that the edition no longer has is
    passed over.
    """
    return terms_for_many([partner.pk], day)[partner.pk]


def terms_for_many(partners: Iterable[int], day: date) -> dict[int, Terms]:
    """As ``terms_for``, of each partner (key), in the same number of queries."""
    terms, keys = terms_on(day), set(partners)
    agreed: dict[int, list[Change]] = defaultdict(list)
    for partner, change in _changes(Overlay.objects.filter(partner__in=keys), day):
        agreed[partner].append(change)
    return {key: _applied(terms, agreed[key]) if key in agreed else terms for key in keys}


def terms_then(partner: Partner, asked: AsOf) -> TermsThen:
    """The edition of a day with the partner's overlays on it, both as they had been recorded by the end of that day.

    As ``terms_for`` of today and of days to come. Raises NoEdition before the first edition.
    """
    found = terms_as_of(asked)
    own = Overlay.objects.filter(partner=partner)
    changes = [change for _partner, change in _changes(own, asked.day, asked.recorded_by)]
    return TermsThen(_applied(found.terms, changes) if changes else found.terms, found.recorded_later)


def _applied(terms: Terms, changes: Iterable[Change]) -> Terms:
    """The terms with what was agreed; for a level that they no longer have it is passed over."""
    levels = {None, *(level.slug for level in terms.levels)}
    known = [change for change in changes if change.level in levels]
    return apply(terms, known) if known else terms


def agreements_of_many(partners: Iterable[int], since: date) -> dict[int, list[Agreement]]:
    """What was agreed with each partner (key) and has not ended by a day, the last word last; three queries.

    Partners with whom nothing was agreed are left out.
    """
    lasting = Overlay.objects.filter(Q(until__isnull=True) | Q(until__gte=since), partner__in=set(partners))
    changes = Prefetch("changes", OverlayChange.objects.select_related("level").order_by("pk"))
    agreed: dict[int, list[Agreement]] = defaultdict(list)
    for overlay in lasting.order_by("starts", "pk").prefetch_related(changes):
        rows = overlay.changes.all()
        read = (read_change(row.name, row.value, row.level.slug if row.level else None) for row in rows)
        agreed[overlay.partner_id].append(Agreement(overlay, tuple(read)))
    return dict(agreed)


def with_agreements(terms: Terms, agreed: Iterable[Agreement], day: date) -> Terms:
    """An edition with what holds of these agreements on a day; levels that it lacks are passed over."""
    return _applied(terms, [change for each in agreed if each.holds_on(day) for change in each.changes])


def changes_for(partner: Partner, day: date) -> Iterable[Change]:
    """What was agreed with a partner and holds on a day, the last word last; one query."""
    return [change for _partner, change in _changes(Overlay.objects.filter(partner=partner), day)]


def _changes(overlays: OverlayQuerySet, day: date, recorded_by: datetime | None = None) -> Iterator[tuple[int, Change]]:
    rows = OverlayChange.objects.filter(overlay__in=overlays.in_force(day, recorded_by))
    rows = rows.order_by("overlay__starts", "overlay_id", "pk")
    for partner, *change in rows.values_list("overlay__partner", "name", "value", "level__slug"):
        yield partner, read_change(*change)
