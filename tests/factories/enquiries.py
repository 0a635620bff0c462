"""Partners that can be written to, and enquiries to them."""

from __future__ import annotations

from itertools import count
from typing import Any

from partner_directory.actions import enquiries as actions
from partner_directory.models import ConsentText, Enquiry, Partner
from program_pages.models import Product
from program_pages.models.edition import programme_day

from .partners import make_partner

_numbers = count(1)


def listed_partner(*, level: str = "competency", regions: tuple[str, ...] = ("77",), **facts: Any) -> Partner:
    """A listed partner that works in regions by their codes, has no office, and sells and implements every product."""
    products = Product.objects.values_list("slug", flat=True)
    services = ("supply", "implementation")
    return make_partner(
        **{"level": level, "city": None, "regions": regions, "products": products, "services": services} | facts
    )


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
