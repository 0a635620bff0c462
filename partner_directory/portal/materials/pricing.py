"""What licences for its own use cost a partner (R17, R48, A3): the rules' own answer, said as the calculator says it.

May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.models.material import LicenceRequest
from program_pages.calculator.answer import SaidLine
from program_pages.calculator.prices import Priced, PriceList
from program_pages.calculator.speaker import Speaker
from program_pages.formats import money
from program_pages.rules.deal import QuoteRequest, QuoteSection, RequestLine
from program_pages.rules.money import BadValue
from program_pages.rules.quote import quote
from program_pages.rules.terms import Level, Terms


@dataclass(frozen=True, slots=True)
class OwnPrice:
    """A product and what so many licences of it cost; ``line`` is None where the price list has no price."""

    product: Priced
    quantity: int
    line: SaidLine | None

    @property
    def is_sample(self) -> bool:
        """Whether the price is only a sample (A12)."""
        return self.line is not None and self.product.is_sample


def own_price(terms: Terms, level: Level, prices: PriceList, slug: str, quantity: int) -> OwnPrice | None:
    """What so many licences of a product (slug) cost a partner of a level; None for an unknown product."""
    product = prices.products.get(slug)
    if product is None:
        return None
    return OwnPrice(product, quantity, _line(terms, level, product, quantity, _speaker(terms, prices)))


def own_prices(terms: Terms, prices: PriceList, wanted: Iterable[tuple[str, Level]]) -> list[OwnPrice]:
    """What one licence of each product (slug) costs at the level held of its line."""
    speaker = _speaker(terms, prices)
    return [
        OwnPrice(prices.products[slug], 1, _line(terms, level, prices.products[slug], 1, speaker))
        for slug, level in wanted
        if slug in prices.products
    ]


def kept_price(asked: LicenceRequest) -> str:
    """What licences for its own use were said to cost, and by which edition; empty where nothing was said."""
    if asked.price is None:
        return ""
    language = get_language() or "ru"
    price = money(asked.price, language)
    if asked.price_most is not None:
        price = _("от %(low)s до %(high)s") % {"low": price, "high": money(asked.price_most, language)}
    return f"{price} · {asked.edition}"


def _speaker(terms: Terms, prices: PriceList) -> Speaker:
    return Speaker(terms, {slug: product.name for slug, product in prices.products.items()})


def _line(terms: Terms, level: Level, product: Priced, quantity: int, speaker: Speaker) -> SaidLine | None:
    if product.list_price is None:
        return None
    line = RequestLine(product.slug, quantity, product.list_price, minimum_price=product.minimum_price)
    request = QuoteRequest(level.slug, (line,), sections=frozenset({QuoteSection.OWN_USE}))
    try:
        found = quote(terms, request).line(f"own_use:{product.slug}")
    except BadValue:  # a price that the rules do not compute with
        return None
    return SaidLine(found, speaker) if found else None
