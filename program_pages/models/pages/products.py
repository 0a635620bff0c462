"""The page of products and prices. May not import the partners."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from program_pages.forms import priced_products
from program_pages.models.pages.base import SinglePage
from program_pages.rules.money import discounted
from program_pages.rules.terms import Terms
from program_pages.shown import shown_terms


class ProductsPage(SinglePage):
    """The products and what each level pays for them, with the sample prices marked (R10, R46, A12)."""

    needs_terms = True
    template = "program_pages/products_page.html"

    class Meta:
        verbose_name = _("страница продуктов и цен")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the priced products of the day shown."""
        context = super().get_context(request, *args, **kwargs)
        shown = shown_terms(request)
        if shown.terms is None:
            return context
        products = [_offer(product, price, shown.terms) for product, price in priced_products(shown.shown_day)]
        samples = shown.terms.readings.mark_sample_prices and any(item["is_sample"] for item in products)
        return context | {"products": products, "sample_prices": samples}


def _offer(product: Any, price: Any, terms: Terms) -> dict[str, Any]:
    return {
        "slug": product.slug,
        "name": product.name,
        "summary": product.summary,
        "is_module": product.is_module,
        "list_price": price.list_price,
        "minimum_price": price.minimum_price,
        "is_sample": price.is_sample,
        "valid_from": price.valid_from,
        "level_prices": [
            (level, discounted(price.list_price, level.discount, terms.readings.rounding)) for level in terms.levels
        ],
    }
