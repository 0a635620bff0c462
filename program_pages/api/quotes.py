"""Quotes by JSON: the same reader and the same answer as the calculator's page, its PDF and its CSV.

The shape of a deal stands in ``calculator.deal_json``, that of its numbers in ``calculator.quote_json``. May not import
pages or the partners.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from ninja import Body, Field, Router, Schema

from program_pages.api.programme import EditionOut
from program_pages.as_of import asked_of_api
from program_pages.bilingual import said
from program_pages.calculator.answer import Answer, SaidLine, Undecided, compute
from program_pages.calculator.asked import NAMES, Asked, from_query
from program_pages.calculator.deal_json import QuoteIn, asked_of
from program_pages.calculator.ground import calculator_address, prices_for, readings_for, terms_address, terms_for
from program_pages.calculator.quote_json import line_numbers, points, rental_numbers, totals_numbers
from program_pages.calculator.reading import Refused
from program_pages.problems import Problem, ProblemError
from program_pages.rules.deal import QuoteSection
from program_pages.rules.ranges import Span
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition

router = Router(tags=["quotes"])

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


class SpanOut(Schema):
    """From the least to the greatest that any alternative of the undecided readings brings."""

    low: str
    high: str


class ReadingOut(Schema):
    """A reading of the terms that nobody has decided yet."""

    code: str
    title: str
    decided_by: str = Field(description="Who decides it")
    url: str | None = Field(description="Where the terms say what is undecided")


class UndecidedOut(Schema):
    """The readings that move numbers of this quote, and how far; the lines and totals are the edition's own setting."""

    readings: list[ReadingOut]
    totals: dict[str, SpanOut] = Field(description="By the name of the total; only those that move")
    lines: dict[str, SpanOut] = Field(description="By the key of the line; only those that move")
    complete: bool = Field(description="False: too many readings to combine, each was tried alone")


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
    undecided: UndecidedOut | None = Field(description="None where every reading these numbers depend on is decided")
    permalink: str | None = Field(description="None while the site has no calculator page in the reader's language")


@router.post("/quotes/", response={200: QuoteOut, 422: Problem}, summary="The quote of a deal")
def post_quote(request: HttpRequest, deal: Body[QuoteIn]) -> HttpResponse:
    """Every rule of price, bonus and support (R15-R77), line by line; texts by ``Accept-Language`` (ru or en)."""
    return _answered(request, asked_of(deal))


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
        answer = compute(asked, terms, day, prices_for(day), readings_for(day))
    except Refused as error:
        field, sentences = next(iter(error.problems.items()))
        raise ProblemError(422, sentences[0], field=field, errors=error.problems) from error
    body = quote_json(answer, calculator_address(request), terms_address(request) if answer.undecided else None)
    return JsonResponse(body, json_dumps_params={"ensure_ascii": False})


def _terms(asked: Asked) -> tuple[Terms, date]:
    """The edition and the day of a deal. Raises ProblemError."""
    day = asked_of_api(asked.on).day
    try:
        return terms_for(day, asked.edition), day
    except NoEdition as error:
        field = "edition" if asked.edition else "on"
        text = _("Такой редакции нет.") if asked.edition else _("На этот день не было ни одной редакции условий.")
        raise ProblemError(422, text, field=field) from error


def quote_json(answer: Answer, calculator: str | None, terms_page: str | None = None) -> dict[str, Any]:
    """An answer as ``QuoteOut`` describes it; ``calculator`` and ``terms_page`` are the addresses of the pages."""
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
        "totals": totals_numbers(quote.totals),
        "bonus_licences": dict(quote.bonuses.licences),
        "rental": None if quote.rental is None else rental_numbers(quote.rental),
        "undecided": _undecided(answer.undecided, terms_page) if answer.undecided else None,
        "permalink": f"{calculator}?{answer.link}" if calculator else None,
    }


def _undecided(undecided: Undecided, terms_page: str | None) -> dict[str, Any]:
    found = undecided.ranges
    return {
        "readings": [
            {
                "code": each.code,
                "title": said(each.title),
                "decided_by": said(each.authority),
                "url": f"{terms_page}#{each.anchor}" if terms_page else None,
            }
            for each in undecided.readings
        ],
        "totals": {name: _span(span) for name, span in found.totals.items()},
        "lines": {key: _span(span) for key, span in found.lines.items()},
        "complete": found.complete,
    }


def _span(span: Span) -> dict[str, str]:
    return {"low": points(span.low), "high": points(span.high)}


def _line(said_line: SaidLine) -> dict[str, Any]:
    return line_numbers(said_line.line) | {"label": said_line.label, "explanation": said_line.sentence}
