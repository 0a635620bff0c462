"""The shelf of materials: which there are, which a partner may take, and why not the others (R2, R20, R27, R57).

May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from partner_directory.entitlements import MATERIALS, Entitlement, entitlement_of
from partner_directory.models.material import Material
from partner_directory.models.partner import Partner
from partner_directory.models.people import TeamMember
from program_pages.bilingual import said
from program_pages.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Item:
    """A material on the shelf; ``why_closed`` is empty for one that may be taken."""

    material: Material
    why_closed: str

    @property
    def is_open(self) -> bool:
        """Whether the partner may take it."""
        return not self.why_closed

    @property
    def file_type(self) -> str:
        """What kind of file it is, as its name ends."""
        return str(self.material.document.file_extension).upper()

    @property
    def size(self) -> int | None:
        """Its size in bytes, where it is known."""
        size: int | None = self.material.document.file_size
        return size


@dataclass(frozen=True, slots=True)
class Shelf:
    """The materials of one kind."""

    kind: Material.Kind
    items: tuple[Item, ...]

    @property
    def label(self) -> str:
        """What the kind is called."""
        return str(self.kind.label)


def published(terms: Terms | None) -> QuerySet[Material]:
    """What is on the shelf under an edition: published, and of every edition or of this one."""
    of_edition = Q(edition=None) | Q(edition=terms.edition) if terms else Q(edition=None)
    return Material.objects.filter(of_edition, published=True)


def shelves(entitlement: Entitlement) -> list[Shelf]:
    """Every material by its kind, in two queries."""
    rows = published(entitlement.terms).select_related("document").prefetch_related("levels")
    items = [Item(row, why_closed(row, entitlement)) for row in rows]
    found = (Shelf(kind, tuple(item for item in items if item.material.kind == kind)) for kind in Material.Kind)
    return [shelf for shelf in found if shelf.items]


def why_closed(material: Material, entitlement: Entitlement) -> str:
    """Why a partner may not take a material; empty where it may."""
    if not entitlement.is_active:
        return entitlement.why_closed
    wanted = {level.slug for level in material.levels.all()}
    entitled = entitlement.levels_with(MATERIALS)
    if any(not wanted or level.slug in wanted for level in entitled):
        return ""
    if not entitled:
        return _("По условиям программы ваш уровень материалов не даёт.")
    names = ", ".join(sorted(said(level.short_name) for level in material.levels.all()))
    return _("Только для уровня: %(levels)s.") % {"levels": names}


def may_take(partner: Partner, material: Material, day: date) -> bool:
    """Whether a partner may take a material on a day: asked anew at every download."""
    entitlement = entitlement_of(partner, day)
    return published(entitlement.terms).filter(pk=material.pk).exists() and not why_closed(material, entitlement)


def takeable_by(seats: Iterable[TeamMember], materials: Iterable[Material], day: date) -> Material | None:
    """The first material that a person may take for one of the companies; None where there is none."""
    return next(
        (row for row in materials for seat in seats if may_take(seat.partner, row, day)),
        None,
    )
