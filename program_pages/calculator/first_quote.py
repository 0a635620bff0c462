"""A first quote on a level's page: reads its short form, asks the rules, and leads on to the whole calculator.

May not import page models.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest

from program_pages.calculator.answer import Undecided, undecided
from program_pages.calculator.asked import Asked, AskedLine, decimal_text
from program_pages.calculator.speaker import Speaker
from program_pages.forms import FirstQuoteForm, asked_for_a_quote, priced_products
from program_pages.models.catalogue import Price, Product
from program_pages.register import open_readings
from program_pages.rules.quote import Quote, quote
from program_pages.rules.terms import Level, Terms


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with what the page says around it."""

    quote: Quote
    product: Product
    price: Price
    sentences: tuple[str, ...]
    undecided: Undecided | None = None


def first_quote(request: HttpRequest, terms: Terms, level: Level, day: date) -> dict[str, Any]:
    """The context of a first quote: the form, its result once it can be read, the calculator's query for the same."""
    asked = asked_for_a_quote(request.GET)
    form = FirstQuoteForm(request.GET if asked else None, priced_products(day))
    context: dict[str, Any] = {
        "quote_form": form,
        "quote_result": None,
        "quote_link": Asked(level=level.slug, on=day.isoformat() if "on" in request.GET else "").link(),
    }
    if asked and form.is_valid():
        product, price = form.chosen
        deal = form.quote_request(level.slug)
        answer = quote(terms, deal)
        speaker = Speaker(terms, {product.slug: product.name})
        sentences = tuple(speaker.explained(line.explanation) for line in answer.lines)
        moved = undecided(terms, deal, open_readings(day), speaker)
        context["quote_result"] = ShownQuote(answer, product, price, sentences, moved)
        context["quote_link"] = Asked(
            level=level.slug,
            lines=tuple(AskedLine(line.product, str(line.quantity)) for line in deal.lines),
            client_discount=decimal_text(deal.client_discount) if deal.client_discount else "",
            on=day.isoformat() if "on" in request.GET else "",
        ).link()
    return context
