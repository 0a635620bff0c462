"""Quotes by JSON: the same reader and the same answer as the calculator's page, its PDF and its CSV.

Money is roubles and percents are points, both as strings with two decimals; numbers are read from strings or JSON
numbers, in Russian or English writing. May not import pages or the partners.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Body, Field, Router, Schema
from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema

from program_pages.api.programme import EditionOut, optional, points
from program_pages.as_of import asked_of_api
from program_pages.bilingual import said
from program_pages.calculator.answer import Answer, SaidLine, compute
from program_pages.calculator.asked import NAMES, Asked, AskedLine, AskedRental, from_query
from program_pages.calculator.ground import calculator_address, prices_for, terms_for
from program_pages.calculator.reading import Refused
from program_pages.problems import Problem, ProblemError
from program_pages.rules.deal import DEFAULT_MONTHS, Events, Plan, QuoteSection
from program_pages.rules.quote import Totals
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition

router = Router(tags=["quotes"])


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
    unit_price: Numeral | None = None


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


LINE_KEYS = """Lasting and unique in the quote:

- `licences:<product>`, `own_use:<product>` (`:2` follows for a product asked for again), `demo_licence`
- `discount_ceiling`, `bonus_credit`
- `bonus:<kind>` with the kinds of the edition (`reviews`, `sales_plan`, `extra_specialists`, `events`),
  `bonus_ceiling`, `bonus_value`
- `updates`, `updates_share`, `support`, `extended_support`
- `own_implementation`, `asoft_implementation`
- `rental_module`, `rental_licences`, `rental_support`, `rental_cost`, `rental_income`, `rental_result`, or `rental`
  alone where the level may not rent out
"""


class LineOut(Schema):
    """One number of a quote; by its kind it has an amount, a low and a high, or neither."""

    key: str = Field(description=LINE_KEYS)
    section: str
    label: str
    kind: str = Field(description="exact, range, by_agreement or not_available")
    status: str | None = Field(description="Of a bonus: applies, does_not_apply or not_applicable")
    amount: str | None
    low: str | None
    high: str | None
    base: str | None
    percent: str | None
    clause: str | None = Field(description="The clause it rests on: /terms/#<code in lower case>")
    explanation: str


class TotalsOut(Schema):
    """Sums of the rounded lines in roubles, and points."""

    list_total: str
    client_total: str
    partner_pays: str
    partner_margin: str
    discount_points: str
    bonus_points: str
    combined_points: str
    cut_points: str = Field(description="What the ceiling took of discount and bonuses (R75)")
    next_sale_bonus_value: str = Field(description="Worth of the bonus at a next sale like this one (R77)")
    partner_income: str = Field(description="The margin, and what is certain of updates and implementations")


class MonthOut(Schema):
    """The end of a month of renting out: everything so far."""

    month: int
    cost: str
    income: str
    balance: str


class RentalOut(Schema):
    """Renting out over the months asked for."""

    first_year_cost: str
    income: str
    result: str
    break_even_month: int | None
    months: list[MonthOut]


class QuoteOut(Schema):
    """A deal's numbers under one edition; ``permalink`` shows the same ones at any later time."""

    edition: EditionOut
    on: str
    level: str
    currency: str
    prices_include_vat: bool
    sample_prices: bool = Field(description="Whether a sample price was used: not a price of ASoft (A12)")
    link_prices: bool = Field(description="Whether list prices were named by a link and are not those of its day")
    lines: list[LineOut]
    totals: TotalsOut
    bonus_licences: dict[str, int] = Field(description="Licences the bonus pays for instead, by product (R77)")
    rental: RentalOut | None
    permalink: str | None = Field(description="None while the site has no calculator page in the reader's language")


@router.post("/quotes/", response={200: QuoteOut, 422: Problem}, summary="The quote of a deal")
def post_quote(request: HttpRequest, deal: Body[QuoteIn]) -> HttpResponse:
    """Every rule of price, bonus and support (R15-R77), line by line; texts by ``Accept-Language`` (ru or en)."""
    return _answered(request, _asked(deal))


QUERY = [
    {"name": "line", "in": "query", "description": "product:quantity or product:quantity:price; repeatable"},
    {"name": "rent", "in": "query", "description": "seats:fee:months:product"},
    {"name": "show", "in": "query", "description": f"Sections, separated by commas: {', '.join(QuoteSection)}"},
    {"name": "confirmed", "in": "query", "description": "Keys of confirmed bonuses, separated by commas"},
    *({"name": name, "in": "query", "description": f"As {field} of the request"} for field, name in NAMES.items()),
]


@router.get(
    "/quotes/",
    response={200: QuoteOut, 422: Problem},
    summary="The quote of a calculator's link",
    openapi_extra={"parameters": [{**item, "schema": {"type": "string"}} for item in QUERY]},
)
def get_quote(request: HttpRequest) -> HttpResponse:
    """The answer to the query of a calculator's address, the same numbers under the same edition."""
    return _answered(request, from_query(request.GET))


def _answered(request: HttpRequest, asked: Asked) -> HttpResponse:
    terms, day = _terms(asked)
    try:
        answer = compute(asked, terms, day, prices_for(day))
    except Refused as error:
        field, sentences = next(iter(error.problems.items()))
        raise ProblemError(422, sentences[0], field=field, errors=error.problems) from error
    return JsonResponse(quote_json(answer, calculator_address(request)), json_dumps_params={"ensure_ascii": False})


def _terms(asked: Asked) -> tuple[Terms, date]:
    """The edition and the day of a deal. Raises ProblemError."""
    day = asked_of_api(asked.on).day
    try:
        return terms_for(day, asked.edition), day
    except NoEdition as error:
        field = "edition" if asked.edition else "on"
        text = _("Такой редакции нет.") if asked.edition else _("На этот день не было ни одной редакции условий.")
        raise ProblemError(422, text, field=field) from error


def _asked(deal: QuoteIn) -> Asked:
    bonus, rental = deal.bonus, deal.rental
    return Asked(
        level=deal.level,
        lines=tuple(AskedLine(line.product, line.quantity, line.unit_price or "") for line in deal.lines),
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
        rental=AskedRental(rental.seats, rental.monthly_fee, rental.months, rental.product)
        if rental
        else AskedRental(),
        sections=tuple(deal.sections),
        on=deal.on,
    )


def quote_json(answer: Answer, calculator: str | None) -> dict[str, Any]:
    """An answer as ``QuoteOut`` describes it; ``calculator`` is the address of the page."""
    quote, terms = answer.quote, answer.terms
    return {
        "edition": {
            "id": terms.edition,
            "name": said(terms.name),
            "effective_from": terms.effective_from.isoformat(),
            "effective_until": terms.effective_until.isoformat() if terms.effective_until else None,
        },
        "on": answer.day.isoformat(),
        "level": quote.level,
        "currency": quote.currency,
        "prices_include_vat": quote.prices_include_vat,
        "sample_prices": answer.sample,
        "link_prices": answer.link_prices_differ,
        "lines": [_line(line) for line in answer.lines],
        "totals": {name: points(getattr(quote.totals, name)) for name in Totals.__slots__},
        "bonus_licences": dict(quote.bonuses.licences),
        "rental": _rental(answer),
        "permalink": f"{calculator}?{answer.link}" if calculator else None,
    }


def _line(said_line: SaidLine) -> dict[str, Any]:
    line = said_line.line
    return {
        "key": line.key,
        "section": line.section,
        "label": said_line.label,
        "kind": line.kind,
        "status": line.status,
        "amount": optional(line.amount),
        "low": optional(line.low),
        "high": optional(line.high),
        "base": optional(line.base),
        "percent": optional(line.percent),
        "clause": line.clause,
        "explanation": said_line.sentence,
    }


def _rental(answer: Answer) -> dict[str, Any] | None:
    plan = answer.quote.rental
    if plan is None:
        return None
    return {
        "first_year_cost": points(plan.first_year_cost),
        "income": points(plan.income),
        "result": points(plan.result),
        "break_even_month": plan.break_even_month,
        "months": [
            {
                "month": month.month,
                "cost": points(month.cost),
                "income": points(month.income),
                "balance": points(month.balance),
            }
            for month in plan.months
        ],
    }
