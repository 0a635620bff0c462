"""Partners that can be written to, and enquiries to them."""

from __future__ import annotations

from itertools import count
from typing import Any

from partner_directory.actions import enquiries as actions
from partner_directory.actions.memberships import grant
from partner_directory.directory.upkeep import partners_changed
from partner_directory.models import ConsentText, Enquiry, Partner, Region
from program_pages.models import Level, Product
from program_pages.models.edition import programme_day

_numbers = count(1)


def listed_partner(*, level: str = "competency", regions: tuple[str, ...] = ("77",), **facts: Any) -> Partner:
    """A published partner of a level from today on, in regions by their codes; it sells every product."""
    number = next(_numbers)
    names = {"name_ru": f"Партнёр {number}", "name_en": f"Partner {number}", "email": f"partner{number}@example.org"}
    partner = Partner(**names | {"services": ["supply", "implementation"]} | facts)
    partner.regions = list(Region.objects.filter(code__in=regions))
    partner.products = list(Product.objects.all())
    partner.save()
    grant(partner=partner, level=Level.objects.get(slug=level), actor=None)
    partners_changed([partner.pk])
    return partner


def consent() -> ConsentText:
    """The text in force today."""
    text = ConsentText.objects.in_force(programme_day())
    assert text is not None
    return text


def draft(**facts: Any) -> actions.Draft:
    """What a visitor wrote, to any suitable partner unless told."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "consent": consent(),
        "name": "Анна Клиентова",
        "email": f"visitor{number}@example.org",
        "text": "Нужна CRM на двадцать мест.",
        "language": "ru",
        "sender": f"sender{number}",
    }
    return actions.Draft(**defaults | facts)


def make_enquiry(*, proven: bool = True, **facts: Any) -> Enquiry:
    """An enquiry at its recipient, or waiting for the visitor's word."""
    return actions.send(draft=draft(**facts), proven=proven, actor=None)
