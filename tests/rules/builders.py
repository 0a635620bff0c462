"""Small editions for the tests of the rules.

Here, and only in tests, the published programme's numbers stand as the worked example.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from program_pages.rules.quote import QuoteRequest, RequestLine
from program_pages.rules.terms import Clause, Level, Readings, Section, Terms, Text, Topic

DISCOUNTS: Mapping[str, str] = {"retail": "10", "competency": "20", "saas": "25"}

LICENCE_PRICES = Section(
    6,
    Text("Цены на лицензии", "Licence prices"),
    (
        Clause("R46", "6.1", Text("Скидки действуют на все версии.", "For every version."), topic=Topic.DISCOUNT),
        Clause("R50", "6.5", Text("Скидка от конечной цены.", "On the final price."), topic=Topic.CLIENT_DISCOUNT),
    ),
)


def make_level(slug: str = "competency", discount: str = "20", contract_code: int = 2) -> Level:
    """A level with a name and a discount in points, and nothing else."""
    return Level(
        slug=slug,
        contract_code=contract_code,
        product_line="crm",
        name=Text(f"Уровень {slug}", f"Level {slug}"),
        short_name=Text(slug),
        mark_name=slug,
        colour=slug,
        shape="square",
        order=contract_code,
        discount=Decimal(discount),
    )


def make_terms(
    discounts: Mapping[str, str] = DISCOUNTS,
    readings: Readings | None = None,
    sections: tuple[Section, ...] = (LICENCE_PRICES,),
) -> Terms:
    """An edition whose levels have these discounts in points."""
    return Terms(
        edition=1,
        name=Text("Редакция 1", "Edition 1"),
        effective_from=date(2026, 1, 1),
        ceiling=Decimal(40),
        own_use_cap=Decimal(50),
        updates_percent=Decimal(20),
        extended_support_percent=Decimal(30),
        readings=readings or Readings(),
        levels=tuple(make_level(slug, points, code) for code, (slug, points) in enumerate(discounts.items(), 1)),
        sections=sections,
    )


def make_request(*lines: tuple[str, int, str], level: str = "competency", client_discount: str = "0") -> QuoteRequest:
    """A deal of (product, quantity, unit price) lines; one licence at 100 000 roubles where none is given."""
    return QuoteRequest(
        level=level,
        lines=tuple(
            RequestLine(product, quantity, Decimal(price))
            for product, quantity, price in lines or (("asoft-crm", 1, "100000.00"),)
        ),
        client_discount=Decimal(client_discount),
    )


def with_line(request: QuoteRequest, **changes: object) -> QuoteRequest:
    """The same deal with its first line changed, to whatever an asker may send."""
    first, *rest = request.lines
    return replace(request, lines=(replace(first, **changes), *rest))  # type: ignore[arg-type]
