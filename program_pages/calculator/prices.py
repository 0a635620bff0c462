"""The price list of a day as the calculator reads it: every product by its code, with its price if it has one.

May not import pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from program_pages.models.catalogue import Price, Product
from program_pages.rules.terms import Text


@dataclass(frozen=True, slots=True)
class Priced:
    """A product and what a licence of it costs in roubles; the prices are None where the day has none."""

    slug: str
    name: Text
    is_module: bool
    on_sale: bool
    list_price: Decimal | None = None
    minimum_price: Decimal | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class PriceList:
    """All products of the catalogue by their code (slug), in its order, with the prices of a day."""

    day: date
    products: Mapping[str, Priced]

    @property
    def on_offer(self) -> list[Priced]:
        """What can be chosen: on sale, and priced on this day."""
        return [product for product in self.products.values() if product.on_sale and product.list_price is not None]

    @property
    def module(self) -> Priced | None:
        """The module that renting out asks for (R38): the first on sale, None where there is none."""
        return next((product for product in self.products.values() if product.is_module and product.on_sale), None)


def price_list(day: date) -> PriceList:
    """The price list of a day; two queries, whatever the number of products."""
    products = list(Product.objects.all())
    prices = Price.objects.by_product(day, products)
    return PriceList(day, {product.slug: _priced(product, prices.get(product.pk)) for product in products})


def _priced(product: Product, price: Price | None) -> Priced:
    return Priced(
        slug=product.slug,
        name=product.name,
        is_module=product.is_module,
        on_sale=product.on_sale,
        list_price=price.list_price if price else None,
        minimum_price=price.minimum_price if price else None,
        is_sample=price.is_sample if price else False,
    )
