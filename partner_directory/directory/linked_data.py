"""What search engines and social networks read of partners: schema.org as JSON-LD."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from partner_directory.directory.cards import Card
from partner_directory.directory.profile import ShownOffice
from partner_directory.models.partner import Partner
from program_pages.bilingual import said
from program_pages.rules.terms import Text

CONTEXT = "https://schema.org"
Data = dict[str, Any]


def list_data(cards: Iterable[Card], url: str, first: int) -> Data:
    """A page of the directory as an ItemList; places are counted from the first partner of all pages."""
    items = [
        {"@type": "ListItem", "position": first + place, "url": f"{url}{card.slug}/", "name": card.name}
        for place, card in enumerate(cards)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": items}


def trail_data(steps: Sequence[tuple[str, str]]) -> Data:
    """The way from the home page as a BreadcrumbList: names with full addresses."""
    items = [
        {"@type": "ListItem", "position": place, "name": name, "item": url}
        for place, (name, url) in enumerate(steps, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": items}


def partner_data(request: HttpRequest, partner: Partner, offices: Iterable[ShownOffice], url: str) -> Data:
    """A partner as an Organization; of an invented one nothing is claimed."""
    if partner.is_sample:
        return {}
    facts = {
        "@context": CONTEXT,
        "@type": "Organization",
        "@id": url,
        "url": partner.site_url or url,
        "name": said(partner.name),
        "legalName": said(partner.legal_name),
        "description": said(partner.summary),
        "taxID": partner.inn,
        "telephone": partner.phone_list,
        "address": [_address(office) for office in offices],
        "memberOf": {"@type": "ProgramMembership", "programName": _("Партнёрская программа ASoft")},
    }
    return {name: value for name, value in facts.items() if value}


def _address(office: ShownOffice) -> Data:
    street: Text = office.address
    found = {
        "@type": "PostalAddress",
        "addressCountry": office.country,
        "addressRegion": said(office.region_name),
        "addressLocality": said(office.city_name),
        "streetAddress": said(street),
    }
    return {name: value for name, value in found.items() if value}
