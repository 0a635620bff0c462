"""The price of a deal at a level of the programme, line by line, each with its clause.

The client's discount comes first, then the partner's discount on the final price (R46, R50).
Money is a ``Decimal`` in roubles, a percent is a ``Decimal`` in points. Sentences are not made
here: an :class:`Explanation` is a key and values that the page says in the reader's language.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from program_pages.rules.money import (
    WHOLE,
    BadValue,
    Reason,
    check_amount,
    check_percent,
    discounted,
    rounded,
)
from program_pages.rules.terms import Level, Rounding, Terms, Topic

NOTHING = Decimal(0)
MAX_LINES = 100
MAX_QUANTITY = 1_000_000
MAX_UNIT_PRICE = Decimal(1_000_000_000)

_SLUG = re.compile(r"[-\w]+", re.ASCII)


# --- What is asked ---


@dataclass(frozen=True, slots=True)
class RequestLine:
    """So many licences of a product (slug) at a list price in roubles for each."""

    product: str
    quantity: int
    unit_price: Decimal


@dataclass(frozen=True, slots=True)
class QuoteRequest:
    """A deal at a level (slug); ``client_discount`` is in points of the list price (R50)."""

    level: str
    lines: tuple[RequestLine, ...]
    client_discount: Decimal = NOTHING


# --- What is answered ---


class LineKind(StrEnum):
    """How certain a line's number is."""

    EXACT = "exact"  # ``amount``
    RANGE = "range"  # from ``low`` to ``high``
    BY_AGREEMENT = "by_agreement"  # no number
    NOT_AVAILABLE = "not_available"  # the level has none of it


class ExplanationKey(StrEnum):
    """The sentences that say how a line came about.

    Both know ``product``, ``quantity``, ``unit_price``, ``list_price``, ``client_discount``,
    ``client_price``, ``discount`` and ``partner_price``.
    """

    LICENCES = "licences"
    LICENCES_AFTER_CLIENT_DISCOUNT = "licences_after_client_discount"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which sentence to say and the values it names: money and points as Decimal, counts as int, slugs as str."""

    key: ExplanationKey
    values: Mapping[str, Decimal | int | str]


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a quote: ``percent`` points taken off or out of ``base`` make ``amount``.

    ``key`` is lasting and unique in the quote: "licences:asoft-crm", and "licences:asoft-crm:2"
    where a product is asked for a second time. A licence line's amount is what the partner pays
    the vendor, its base the client's final price. ``clause`` is a code ("R50"), None where the
    edition has no clause on the matter.
    """

    key: str
    kind: LineKind
    explanation: Explanation
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    clause: str | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of the rounded lines in roubles (A10), so that pays + margin = client total to the kopeck."""

    list_total: Decimal
    client_total: Decimal
    partner_pays: Decimal
    partner_margin: Decimal
    discount_points: Decimal


@dataclass(frozen=True, slots=True)
class Quote:
    """A deal's numbers under one edition; whether prices include VAT is printed with each quote (A10)."""

    edition: int
    level: str
    currency: str
    prices_include_vat: bool
    lines: tuple[Line, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class RoubleSplit:
    """How the client's price divides, in points that make 100."""

    partner: Decimal
    vendor: Decimal


def quote(terms: Terms, request: QuoteRequest) -> Quote:
    """Compute a deal under an edition (R46, R50, A10).

    Raises UnknownLevel, and BadValue that names the field: "client_discount", "lines" or
    "lines.<index>.<product, quantity or unit_price>".
    """
    level = terms.level(request.level)
    _check(request)
    sales = tuple(_sale(line, request.client_discount, level, terms.readings.rounding) for line in request.lines)
    return Quote(
        edition=terms.edition,
        level=level.slug,
        currency=terms.currency,
        prices_include_vat=terms.readings.prices_include_vat,
        lines=tuple(_licence_lines(terms, level, request.client_discount, sales)),
        totals=_totals(sales, level),
    )


def split_of_a_rouble(terms: Terms, level: str) -> RoubleSplit:
    """What part of the client's price stays with a partner of this level (slug), and what the vendor gets (R46, R50).

    Raises UnknownLevel.
    """
    discount = terms.level(level).discount
    return RoubleSplit(partner=discount, vendor=WHOLE - discount)


@dataclass(frozen=True, slots=True)
class _Sale:
    """One line's money on its way from the list to the client and to the partner, rounded at each step."""

    line: RequestLine
    list_price: Decimal
    client_price: Decimal
    partner_price: Decimal


def _sale(line: RequestLine, client_discount: Decimal, level: Level, rounding: Rounding) -> _Sale:
    list_price = rounded(line.unit_price * line.quantity, rounding)
    client_price = discounted(list_price, client_discount, rounding)
    return _Sale(line, list_price, client_price, discounted(client_price, level.discount, rounding))


def _licence_lines(terms: Terms, level: Level, client_discount: Decimal, sales: Iterable[_Sale]) -> Iterator[Line]:
    sentence, topic = ExplanationKey.LICENCES, Topic.DISCOUNT
    if client_discount:
        sentence, topic = ExplanationKey.LICENCES_AFTER_CLIENT_DISCOUNT, Topic.CLIENT_DISCOUNT
    clause = terms.clause_on(topic, level.slug)
    asked: Counter[str] = Counter()
    for sale in sales:
        product = sale.line.product
        asked[product] += 1
        key = f"licences:{product}" if asked[product] == 1 else f"licences:{product}:{asked[product]}"
        explanation = Explanation(
            sentence,
            {
                "product": product,
                "quantity": sale.line.quantity,
                "unit_price": sale.line.unit_price,
                "list_price": sale.list_price,
                "client_discount": client_discount,
                "client_price": sale.client_price,
                "discount": level.discount,
                "partner_price": sale.partner_price,
            },
        )
        yield Line(
            key=key,
            kind=LineKind.EXACT,
            explanation=explanation,
            amount=sale.partner_price,
            base=sale.client_price,
            percent=level.discount,
            clause=clause.code if clause else None,
        )


def _totals(sales: Iterable[_Sale], level: Level) -> Totals:
    list_total = client_total = partner_pays = NOTHING
    for sale in sales:
        list_total += sale.list_price
        client_total += sale.client_price
        partner_pays += sale.partner_price
    return Totals(list_total, client_total, partner_pays, client_total - partner_pays, level.discount)


def _check(request: QuoteRequest) -> None:
    check_percent("client_discount", request.client_discount)
    if not request.lines:
        raise BadValue("lines", Reason.TOO_FEW, 1)
    if len(request.lines) > MAX_LINES:
        raise BadValue("lines", Reason.TOO_MANY, MAX_LINES)
    for index, line in enumerate(request.lines):
        _check_line(f"lines.{index}", line)


def _check_line(field: str, line: RequestLine) -> None:
    if not _SLUG.fullmatch(line.product):
        raise BadValue(f"{field}.product", Reason.NOT_A_SLUG)
    if not isinstance(line.quantity, int):
        raise BadValue(f"{field}.quantity", Reason.NOT_WHOLE)
    if line.quantity < 1:
        raise BadValue(f"{field}.quantity", Reason.TOO_SMALL, 1)
    if line.quantity > MAX_QUANTITY:
        raise BadValue(f"{field}.quantity", Reason.TOO_LARGE, MAX_QUANTITY)
    check_amount(f"{field}.unit_price", line.unit_price, MAX_UNIT_PRICE)
