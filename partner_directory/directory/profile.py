"""A partner's page: everything that is public of it, and what it may offer at its level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest

from partner_directory.directory import snapshot
from partner_directory.directory.cards import initials_of
from partner_directory.directory.holdings import Holding, holdings_of
from partner_directory.directory.projection import card_of, profile_anew, profile_of
from partner_directory.directory.taxonomy import Taxonomy
from partner_directory.distance import Point
from partner_directory.models.badge import Badge
from partner_directory.models.listing import Listing
from partner_directory.models.membership import Status
from partner_directory.models.partner import Partner, Reference
from partner_directory.models.specialist import Specialist
from partner_directory.services import allowed_by_any
from program_pages.as_of import AsOf, on_day
from program_pages.bilingual import of_pair, said
from program_pages.models.edition import programme_day
from program_pages.rules import terms as rules
from program_pages.rules.terms import Readings, Terms, Text, UnknownLevel
from program_pages.shown import shown_terms


@dataclass(frozen=True, slots=True)
class Named:
    """A code of the directory's conditions with its name in the reader's language."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownOffice:
    """Where a partner is: city and region by their codes, under the names they have today."""

    city: str
    city_name: Text
    region: str
    region_name: Text
    country: str
    address: Text
    phone: str
    point: Point


@dataclass(frozen=True, slots=True)
class ShownReference:
    """A project whose client may be named; without a product where none is told."""

    client: Text
    product: str | None
    product_name: Text | None
    year: int | None
    text: Text


def profile_context(request: HttpRequest, partner: Partner, listing: Listing | None = None) -> dict[str, Any]:
    """What the template of a profile needs, of a published partner; without its listing, of a draft for its editor."""
    return _context(partner, shown_terms(request).terms, on_day(programme_day()), listing)


def profile_then(request: HttpRequest, partner: Partner) -> dict[str, Any]:
    """The same of a day that is over: ``partner`` is what was published then, the rest what had been recorded by then.

    Whoever has withdrawn consent since, a client or a specialist, is named on no day.
    """
    shown = shown_terms(request)
    context = _context(partner, shown.terms, shown.as_of)
    agree_still = set(
        Reference.objects.filter(partner=partner.pk, consent_on__isnull=False).values_list("client_ru", flat=True)
    )
    return context | {"references": [each for each in context["references"] if each.client.ru in agree_still]}


def _context(partner: Partner, terms: Terms | None, asked: AsOf, listing: Listing | None = None) -> dict[str, Any]:
    now = snapshot.current(snapshot.terms_today() if asked.is_past else terms)
    day = asked.day
    readings = terms.readings if terms else Readings()
    card, facts = _facts(partner, asked, listing)
    holdings = holdings_of([partner.pk], day, readings, now.names.levels.values()).get(partner.pk, [])
    listed = [holding for holding in holdings if holding.is_listed]
    rights = _rights(listed, terms)
    allowed = allowed_by_any(rights)
    specialists = [of_pair(person["name"]) if person["name"] else None for person in _working(facts, asked)]
    offices = [_office(office, now.names) for office in facts["offices"]]
    logo = card["logo"]
    named = {kind: _named(kind, card[f"{kind}s"], now) for kind in ("product", "region", "language", "service")}
    return {
        "partner": partner,
        "name": said(partner.name),
        "initials": initials_of(said(partner.name)),
        "legal_name": said(partner.legal_name),
        "description": said(partner.summary) or said(partner.name),
        "place": said(offices[0].city_name) if offices else "",
        "logo": logo,
        "share_image": logo["src"] if logo and not logo["src"].endswith(".svg") else "",
        "phones": partner.phone_list,
        "site_host": urlsplit(partner.site_url).netloc.removeprefix("www."),
        "holdings": holdings,
        "listed": listed,
        "rights": rights,
        "services": [service for service in named["service"] if service.code in allowed],
        "products": named["product"],
        "industries": _named("industry", card["industries"], now),
        "languages": named["language"],
        "regions": sorted(named["region"], key=lambda region: region.label),
        "offices": offices,
        "badge_codes": _badge_codes(partner, asked) if listed else [],
        "specialists": len(specialists),
        "named_specialists": [name for name in specialists if name],
        "references": [
            _reference(reference, now.names)
            for reference in facts["references"]
            if date.fromisoformat(reference["from"]) <= day
        ],
    }


def _facts(partner: Partner, asked: AsOf, listing: Listing | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """The card and what stands beside it: kept for a published profile of today, made of any other."""
    if listing:
        return listing.card, listing.profile if listing.profile is not None else profile_anew(partner.pk)
    working = Specialist.objects.working(asked.day, asked.recorded_by).filter(partner=partner.pk)
    return card_of(partner, len(working)), profile_of(partner, working)


def _working(facts: dict[str, Any], asked: AsOf) -> list[dict[str, Any]]:
    """Who of those certified works there on the day; of a day that is over all were asked for as recorded by then."""
    if asked.is_past:
        return list(facts["specialists"])
    day = asked.day.isoformat()
    return [one for one in facts["specialists"] if one["from"] <= day and (one["left"] is None or one["left"] > day)]


def _office(office: dict[str, Any], names: Taxonomy) -> ShownOffice:
    city = names.cities[office["city"]]
    region = names.regions[city.region]
    return ShownOffice(
        city=city.slug,
        city_name=city.name,
        region=region.code,
        region_name=region.name,
        country=region.country,
        address=of_pair(office["address"]),
        phone=office["phone"],
        point=Point(*office["point"]),
    )


def _reference(reference: dict[str, Any], names: Taxonomy) -> ShownReference:
    product = reference["product"]
    return ShownReference(
        client=of_pair(reference["client"]),
        product=product,
        product_name=names.all_products.get(product),
        year=reference["year"],
        text=of_pair(reference["text"]),
    )


def _badge_codes(partner: Partner, asked: AsOf) -> list[str]:
    """The codes by which anyone checks what the partner holds; of a past day those of today that it had then."""
    badges = Badge.objects.current().filter(partner=partner.pk).order_by("product_line_id")
    if asked.recorded_by is not None:
        badges = badges.filter(issued_at__lt=asked.recorded_by)
    return list(badges.values_list("code", flat=True))


def _named(kind: str, codes: Iterable[str], now: snapshot.Snapshot) -> list[Named]:
    return [Named(code, now.names.label(kind, code)) for code in codes]


def _rights(holdings: Iterable[Holding], terms: Terms | None) -> list[rules.Level]:
    """The levels held as the terms in force describe them; a level that they no longer know allows nothing."""
    found = []
    for holding in holdings:
        try:
            found.append(terms.level(holding.level.slug) if terms else None)
        except UnknownLevel:
            continue
    return [level for level in found if level is not None]


def latest_status(holdings: Iterable[Holding]) -> Status | None:
    """Why a partner that is not listed is not: where the latest of what it held stands."""
    return next((holding.status for holding in holdings), None)
