"""A first quote on a page: reads the form, asks the rules, and says each line in the reader's language.

May not import page models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.forms import FirstQuoteForm, asked_for_a_quote, priced_products
from program_pages.models.catalogue import Price, Product
from program_pages.rules.lines import Explanation, ExplanationKey
from program_pages.rules.quote import Quote, quote
from program_pages.rules.terms import Level, Terms


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with what the page says around it."""

    quote: Quote
    product: Product
    price: Price
    sentences: tuple[str, ...]


def first_quote(request: HttpRequest, terms: Terms, level: Level, day: date) -> dict[str, Any]:
    """The context of a first quote: the form, and its result once it was asked for and can be read."""
    asked = asked_for_a_quote(request.GET)
    form = FirstQuoteForm(request.GET if asked else None, priced_products(day))
    context: dict[str, Any] = {"quote_form": form, "quote_result": None}
    if asked and form.is_valid():
        product, price = form.chosen
        answer = quote(terms, form.quote_request(level.slug))
        sentences = tuple(explained(line.explanation, terms.currency, product) for line in answer.lines)
        context["quote_result"] = ShownQuote(answer, product, price, sentences)
    return context


def explained(explanation: Explanation, currency: str, product: Product) -> str:
    """An explanation as a sentence in the current language."""
    language = get_language() or "ru"
    values = explanation.values

    def money(name: str) -> str:
        return formats.money(Decimal(values[name]), language, currency)

    def percent(name: str) -> str:
        return formats.percent(Decimal(values[name]), language)

    quantity = int(values["quantity"])
    said = {
        "product": str(product),
        "quantity": ngettext("%(count)s лицензия", "%(count)s лицензий", quantity)
        % {"count": formats.number(quantity, language)},
        "unit_price": money("unit_price"),
        "list_price": money("list_price"),
        "client_price": money("client_price"),
        "partner_price": money("partner_price"),
        "client_discount": percent("client_discount"),
        "discount": percent("discount"),
    }
    if explanation.key is ExplanationKey.LICENCES_AFTER_CLIENT_DISCOUNT:
        sentence = _(
            "%(product)s, %(quantity)s по %(unit_price)s — %(list_price)s. Клиенту минус %(client_discount)s: "
            "он платит %(client_price)s. "
            "Скидка партнёра %(discount)s считается от этой цены: вы платите %(partner_price)s."
        )
    else:
        sentence = _(
            "%(product)s, %(quantity)s по %(unit_price)s — %(list_price)s. "
            "Скидка партнёра %(discount)s: вы платите %(partner_price)s."
        )
    return sentence % said
