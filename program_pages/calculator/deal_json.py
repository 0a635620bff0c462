"""A deal as JSON: the one shape that the API is sent, that golden cases keep, and that a link can be turned into.

Numbers are read from strings or JSON numbers, in Russian or English writing. A deal may name every price it is computed
with; then nothing outside of it and of the terms is needed. May not import models.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from program_pages.calculator.asked import NO_PRICE, Asked, AskedLine, AskedRental
from program_pages.rules.deal import DEFAULT_MONTHS, Events, Plan, QuoteSection


def _as_text(value: Any) -> Any:
    """A JSON number as the text it was written as; anything else is left to the schema."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


Numeral = Annotated[
    str,
    BeforeValidator(_as_text),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "number"}], "examples": ["12000.00", "12 000,50"]}),
]
Count = Annotated[str, BeforeValidator(_as_text), WithJsonSchema({"anyOf": [{"type": "integer"}, {"type": "string"}]})]


class Strict(BaseModel):
    """What a client sends: a field that is not known is a mistake, never passed over."""

    model_config = ConfigDict(extra="forbid")


class LineIn(Strict):
    """So many licences of a product (its code), at the list price unless another was agreed."""

    product: str
    quantity: Count
    unit_price: Numeral | None = Field(None, description="The price that was agreed, instead of the list's")
    list_price: Numeral | None = Field(None, description="The list price to compute with, instead of the day's own")
    minimum_price: Numeral | None = Field(None, description="With list_price: the minimum price; none without (A3)")


class BonusIn(Strict):
    """What is rewarded in the term (R71-R74)."""

    reviews_share: Numeral | None = Field(None, description="Percent of the implementations; none without any (A6)")
    plan: Annotated[str, WithJsonSchema({"enum": [*Plan]})] = Plan.NONE.value
    extra_specialists: Count = "0"
    events: Annotated[str, WithJsonSchema({"enum": [*Events]})] = Events.NONE.value
    confirmed: list[str] = Field([], description="Keys of an editor's own bonuses that a manager has confirmed")
    credit: Numeral | None = Field(None, description="Points of an earlier bonus that are spent on this sale (R77)")


class RentalIn(Strict):
    """Licences rented out: seats, and the fee for a seat and month (R35-R40)."""

    seats: Count
    monthly_fee: Numeral
    months: Count = str(DEFAULT_MONTHS)
    product: str = Field("", description="The product rented out; the first of the deal when left out")
    list_price: Numeral | None = Field(None, description="What one licence costs, instead of the deal's or the list's")
    module_price: Numeral | None = Field(None, description="With list_price: the price of the module; none without")


class QuoteIn(Strict):
    """A deal. Only ``level`` and ``lines`` are required; what is left out is today's, the list's, or nothing."""

    level: str = Field(description="The level's slug")
    lines: list[LineIn]
    on: str = Field("", description="The day of the terms and prices, YYYY-MM-DD; today in Moscow when left out")
    client_discount: Numeral | None = Field(None, description="Percent off for the client, before the partner's (R50)")
    agreed_discount: Numeral | None = Field(None, description="Percent agreed instead of the level's discount (R47)")
    bonus: BonusIn = Field(default_factory=lambda: BonusIn.model_validate({}))
    updates_share: Numeral | None = Field(None, description="The agreed percent of the price of updates (R33)")
    own_implementation: Numeral | None = Field(None, description="Roubles of the partner's own implementation (R65)")
    asoft_implementation: Numeral | None = Field(None, description="Roubles of an implementation by ASoft (R66)")
    sections: list[Annotated[str, WithJsonSchema({"enum": [*QuoteSection]})]] = Field(
        [], description="Which parts to compute; every one that applies when left out"
    )
    rental: RentalIn | None = None


def asked_of(deal: QuoteIn) -> Asked:
    """The deal as the one reader of the calculator takes it."""
    bonus, rental = deal.bonus, deal.rental
    return Asked(
        level=deal.level,
        lines=tuple(map(_asked_line, deal.lines)),
        client_discount=deal.client_discount or "",
        agreed_discount=deal.agreed_discount or "",
        reviews=bonus.reviews_share or "",
        plan=bonus.plan,
        extra_specialists=bonus.extra_specialists,
        events=bonus.events,
        confirmed=tuple(bonus.confirmed),
        credit=bonus.credit or "",
        updates_share=deal.updates_share or "",
        own_implementation=deal.own_implementation or "",
        asoft_implementation=deal.asoft_implementation or "",
        rental=_asked_rental(rental) if rental else AskedRental(),
        sections=tuple(deal.sections),
        on=deal.on,
    )


def _asked_line(line: LineIn) -> AskedLine:
    return AskedLine(
        line.product, line.quantity, line.unit_price or "", line.list_price or "", line.minimum_price or ""
    )


def _asked_rental(rental: RentalIn) -> AskedRental:
    return AskedRental(
        rental.seats,
        rental.monthly_fee,
        rental.months,
        rental.product,
        rental.list_price or "",
        rental.module_price or "",
    )


def deal_json(asked: Asked) -> dict[str, Any]:
    """A deal whose prices are written down, as the JSON that ``QuoteIn`` reads; what says nothing is left out.

    Of a deal without prices (a link that somebody typed) the prices stay those of its day.
    """
    bonus = {
        "reviews_share": asked.reviews,
        "plan": asked.plan,
        "extra_specialists": _count(asked.extra_specialists),
        "events": asked.events,
        "confirmed": list(asked.confirmed),
        "credit": asked.credit,
    }
    return _said(
        {
            "level": asked.level,
            "lines": [_line_json(line) for line in asked.lines],
            "on": asked.on,
            "client_discount": asked.client_discount,
            "agreed_discount": asked.agreed_discount,
            "bonus": _said(bonus),
            "updates_share": asked.updates_share,
            "own_implementation": asked.own_implementation,
            "asoft_implementation": asked.asoft_implementation,
            "sections": [] if set(asked.sections) >= set(QuoteSection) else list(asked.sections),
            "rental": {} if asked.rental.is_empty else _rental_json(asked.rental),
        }
    )


def _line_json(line: AskedLine) -> dict[str, Any]:
    return _said(
        {
            "product": line.product,
            "quantity": _count(line.quantity),
            "unit_price": line.unit_price,
            "list_price": line.list_price.removeprefix(NO_PRICE),
            "minimum_price": line.minimum_price,
        }
    )


def _rental_json(rental: AskedRental) -> dict[str, Any]:
    return _said(
        {
            "seats": _count(rental.seats),
            "monthly_fee": rental.monthly_fee,
            "months": _count(rental.months),
            "product": rental.product,
            "list_price": rental.list_price,
            "module_price": rental.module_price,
        }
    )


def _count(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", [], {}, None)}
