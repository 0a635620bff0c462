"""A deal as somebody wrote it, before anything of it is understood; and the link that holds all of it.

A link is short, readable and versioned: ``?v=1&level=saas&line=asoft-crm:10&discount=15&on=2026-11-24&edition=1``.
``line`` is product : quantity : agreed price : list price : minimum price; ``rent`` is seats : fee : months : product :
list price : module price. The prices of the list stand in a link so that it shows the same numbers once
the list has changed, and ``edition`` with ``on`` so that it does once the terms have. The form of the page sends
lines as repeated ``product``, ``quantity`` and ``price``, and has the same names for all else.

May not import models.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from itertools import zip_longest
from urllib.parse import urlencode

from django.http import QueryDict

from program_pages.rules.deal import EVERY_SECTION, MAX_LINES, QuoteSection

VERSION = "1"
NO_PRICE = "-"  # what a link writes where the list had no price
SAFE = ":,/"  # what a link may hold as it is
LONGEST = 200  # characters of any one answer that are kept

# The attribute of Asked -> its name in a link and in the form.
NAMES: Mapping[str, str] = {
    "level": "level",
    "client_discount": "discount",
    "agreed_discount": "agreed",
    "reviews": "reviews",
    "plan": "plan",
    "extra_specialists": "specialists",
    "events": "events",
    "credit": "credit",
    "updates_share": "updates",
    "own_implementation": "own",
    "asoft_implementation": "asoft",
    "on": "on",
    "edition": "edition",
}
FEWEST = "1"
FORM_LINE = ("product", "quantity", "price")
FORM_RENTAL = ("rent_seats", "rent_fee", "rent_months", "rent_product")


@dataclass(frozen=True, slots=True)
class AskedLine:
    """A product, how many, at what price where one was agreed; the list's prices once a link has them."""

    product: str = ""
    quantity: str = ""
    unit_price: str = ""
    list_price: str = ""
    minimum_price: str = ""


@dataclass(frozen=True, slots=True)
class AskedRental:
    """Licences to be rented out."""

    seats: str = ""
    monthly_fee: str = ""
    months: str = ""
    product: str = ""
    list_price: str = ""
    module_price: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing says that licences are to be rented out."""
        return not (self.seats or self.monthly_fee)


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything one can ask the calculator, as text; ``version`` is of the link it came by."""

    version: str = VERSION
    level: str = ""
    lines: tuple[AskedLine, ...] = ()
    client_discount: str = ""
    agreed_discount: str = ""
    reviews: str = ""  # a percentage, or «8/10»: reviews of implementations
    plan: str = ""
    extra_specialists: str = ""
    events: str = ""
    confirmed: tuple[str, ...] = ()
    credit: str = ""
    updates_share: str = ""
    own_implementation: str = ""
    asoft_implementation: str = ""
    rental: AskedRental = AskedRental()
    sections: tuple[str, ...] = ()
    on: str = ""
    edition: str = ""

    def link(self) -> str:
        """The query that holds all of this, without its question mark."""
        return urlencode([("v", self.version), *self._pairs()], safe=SAFE)

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield "level", self.level
        for line in self.lines:
            yield "line", _joined(line)
        for attribute, name in NAMES.items():
            value = getattr(self, attribute)
            if value and attribute not in {"level", "on", "edition"}:
                yield name, value
        if self.confirmed:
            yield "confirmed", ",".join(self.confirmed)
        if not self.rental.is_empty:
            yield "rent", _joined(self.rental)
        if self.sections and set(self.sections) != EVERY_SECTION:
            yield "show", ",".join(self.sections)
        yield from ((name, getattr(self, name)) for name in ("on", "edition") if getattr(self, name))


def from_query(query: QueryDict) -> Asked:
    """A link, or what the form of the page sends."""
    lines = [AskedLine(*_split(text, AskedLine)) for text in query.getlist("line")]
    lines += _form_lines(query)
    single = {attribute: _text(query.get(name, "")) for attribute, name in NAMES.items()}
    return Asked(
        **single,
        version=_text(query.get("v", VERSION)),
        lines=tuple(lines),
        confirmed=tuple(_listed(query.getlist("confirmed"))),
        rental=_rental(query),
        sections=tuple(_listed(query.getlist("show"))),
    )


def sections_of(names: Iterable[str]) -> frozenset[QuoteSection]:
    """The sections of these names, all where none is named; names of no section are passed over."""
    known = {section for section in QuoteSection if section.value in set(names)}
    return frozenset(known) or EVERY_SECTION


def decimal_text(number: Decimal) -> str:
    """A number as a link and the API write it: no needless zeros, never an exponent."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _form_lines(query: QueryDict) -> Iterator[AskedLine]:
    """The rows of the form that hold anything, without the one whose button says so; one licence where no number is."""
    columns = [query.getlist(name)[: MAX_LINES + 1] for name in FORM_LINE]
    for index, row in enumerate(zip_longest(*columns, fillvalue="")):
        product, quantity, price = map(_text, row)
        if (product or quantity or price) and query.get("drop", "") != str(index):
            yield AskedLine(product, quantity or FEWEST, price)


def _rental(query: QueryDict) -> AskedRental:
    written = query.get("rent", "")
    if written:
        return AskedRental(*_split(written, AskedRental))
    return AskedRental(*(_text(query.get(name, "")) for name in FORM_RENTAL))


def _split(text: str, kind: type[AskedLine] | type[AskedRental]) -> list[str]:
    return [_text(part) for part in text[: 5 * LONGEST].split(":")][: len(fields(kind))]


def _joined(part: AskedLine | AskedRental) -> str:
    return ":".join(getattr(part, field.name) for field in fields(part)).rstrip(":")


def _listed(texts: list[str]) -> Iterator[str]:
    for text in texts[:MAX_LINES]:
        yield from filter(None, _text(text).split(","))


def _text(value: str) -> str:
    return value.replace("\x00", "").strip()[:LONGEST]
