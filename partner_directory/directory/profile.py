"""A partner's page: everything that is public of it, and what it may offer at its level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.db.models import QuerySet
from django.http import HttpRequest

from partner_directory.directory.cards import initials_of
from partner_directory.directory.holdings import Holding, holdings_of
from partner_directory.directory.projection import logo_of
from partner_directory.languages import language_name
from partner_directory.models.listing import Listing
from partner_directory.models.membership import Status
from partner_directory.models.partner import Office, Partner
from partner_directory.models.specialist import Specialist
from partner_directory.services import Service, allowed_by_any
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.rules import terms as rules
from program_pages.rules.terms import Readings, Terms, UnknownLevel
from program_pages.shown import shown_terms


@dataclass(frozen=True, slots=True)
class Offer:
    """A service and whether the level allows it."""

    code: str
    label: str


def profile_context(request: HttpRequest, partner: Partner) -> dict[str, Any]:
    """What the template of a profile needs, of a published partner or of a draft that an editor previews."""
    terms = shown_terms(request).terms
    readings = terms.readings if terms else Readings()
    day = programme_day()
    holdings = _holdings(partner, day, readings)
    listed = [holding for holding in holdings if holding.is_listed]
    rights = _rights(listed, terms)
    allowed = allowed_by_any(rights)
    specialists = list(Specialist.objects.working(day).filter(partner=partner.pk))
    logo = _logo(partner)
    offices: list[Office] = _rows(partner.offices, "city__region")
    regions = {office.city.region.code: office.city.region for office in offices}
    regions |= {region.code: region for region in partner.regions.all()}
    return {
        "partner": partner,
        "name": said(partner.name),
        "logo": logo,
        "share_image": logo["src"] if logo and not logo["src"].endswith(".svg") else "",
        "description": said(partner.summary) or said(partner.name),
        "place": said(offices[0].city.name) if offices else "",
        "site_host": urlsplit(partner.site_url).netloc.removeprefix("www."),
        "products": list(partner.products.all()),
        "industries": list(partner.industries.all()),
        "initials": initials_of(said(partner.name)),
        "holdings": holdings,
        "listed": listed,
        "rights": rights,
        "services": [Offer(code, str(Service(code).label)) for code in partner.services if code in allowed],
        "languages": [language_name(code) for code in partner.languages],
        "offices": offices,
        "regions": sorted(regions.values(), key=str),
        "specialists": len(specialists),
        "named_specialists": [person for person in specialists if person.name_is_public],
        "references": [row for row in _rows(partner.references, "product") if row.is_public(day)],
        "legal_name": said(partner.legal_name),
    }


def _holdings(partner: Partner, day: date, readings: Readings) -> list[Holding]:
    if not partner.pk:
        return []
    return holdings_of([partner.pk], day, readings, Level.objects.all()).get(partner.pk, [])


def _rights(holdings: Iterable[Holding], terms: Terms | None) -> list[rules.Level]:
    """The levels held as the terms in force describe them; a level that they no longer know allows nothing."""
    found = []
    for holding in holdings:
        try:
            found.append(terms.level(holding.level.slug) if terms else None)
        except UnknownLevel:
            continue
    return [level for level in found if level is not None]


def _rows(manager: Any, *related: str) -> list[Any]:
    """A partner's rows with what they point at; those of a draft stand in memory, and are taken as they are."""
    rows = manager.all()
    return list(rows.select_related(*related) if isinstance(rows, QuerySet) else rows)


def _logo(partner: Partner) -> dict[str, Any] | None:
    """The logo as the directory's lists show it; that of a draft is drawn anew."""
    listing: Listing | None = getattr(partner, "listing", None)
    return listing.card["logo"] if listing and listing.card["logo"] else logo_of(partner)


def latest_status(holdings: Iterable[Holding]) -> Status | None:
    """Why a partner that is not listed is not: where the latest of what it held stands."""
    return next((holding.status for holding in holdings), None)
