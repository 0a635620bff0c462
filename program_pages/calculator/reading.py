"""Reads what was asked into the rules' request, or says what is wrong beside each field, all of it at once.

Fields are named as the API names them: "lines.0.unit_price", "bonus.reviews_share". The one reader for form, link
and JSON, so that they cannot disagree. May not import pages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.calculator.asked import NO_PRICE, VERSION, Asked, AskedLine, decimal_text, sections_of
from program_pages.calculator.numerals import decimals_of, read_count, read_decimal
from program_pages.calculator.prices import Priced, PriceList
from program_pages.rules.advice import PartnerFacts
from program_pages.rules.deal import (
    DEFAULT_MONTHS,
    EVERY_SECTION,
    MAX_LINES,
    BonusFacts,
    Events,
    Plan,
    QuoteRequest,
    QuoteSection,
    RentalRequest,
    RequestLine,
    problems,
)
from program_pages.rules.money import BadValue, Reason
from program_pages.rules.terms import BonusMeasure, Level, Terms, UnknownLevel

NOTHING = Decimal(0)
MOST_DECIMALS = 2
MOST_NAMED = 3  # of whatever somebody made up

Choice = TypeVar("Choice", bound=StrEnum)


class Refused(ValueError):
    """What was asked cannot be computed; ``problems`` maps a field's name to sentences in the reader's language."""

    def __init__(self, problems: dict[str, list[str]]) -> None:
        super().__init__(problems)
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Understood:
    """What was asked, understood: the rules' request, and the same with its prices written down, for a link."""

    request: QuoteRequest
    asked: Asked
    facts: PartnerFacts | None = None


def read(asked: Asked, terms: Terms, prices: PriceList) -> Understood:
    """The rules' request for a deal under an edition with a day's price list. Raises Refused."""
    return _Reader(asked, terms, prices).read()


@dataclass
class _Reader:
    """One reading; ``refused`` collects what is wrong while the rest is still read."""

    asked: Asked
    terms: Terms
    prices: PriceList
    refused: dict[str, list[str]] = field(default_factory=dict)

    def read(self) -> Understood:
        if self.asked.version != VERSION:
            self.refuse("v", _("Ссылка сделана другой версией калькулятора, которой этот сайт не знает."))
        level = self.level()
        lines = self.lines()
        bonus, facts = self.bonus()
        request = QuoteRequest(
            level=level.slug if level else "",
            lines=tuple(line for line, _asked in lines),
            client_discount=self.number("client_discount", self.asked.client_discount) or NOTHING,
            agreed_discount=self.number("agreed_discount", self.asked.agreed_discount),
            bonus=bonus,
            credit=self.number("bonus.credit", self.asked.credit) or NOTHING,
            updates_share=self.number("updates_share", self.asked.updates_share),
            own_implementation=self.number("own_implementation", self.asked.own_implementation),
            asoft_implementation=self.number("asoft_implementation", self.asked.asoft_implementation),
            rental=self.rental(lines),
            day=self.prices.day,
            sections=self.sections(),
        )
        for problem in self.problems(request, level):
            self.refuse_bad(problem)
        if self.refused:
            raise Refused(self.refused)
        return Understood(request, self.written_down(request, lines), facts)

    def problems(self, request: QuoteRequest, level: Level | None) -> list[BadValue]:
        """What the rules refuse; of an unknown level all but what depends on the level."""
        if level is not None:
            return list(problems(request, level))
        return [
            found
            for any_level in self.terms.levels[:1]
            for found in problems(request, any_level)
            if found.field != "updates_share"
        ]

    # --- The parts of a deal ---

    def level(self) -> Level | None:
        if not self.asked.level:
            self.refuse("level", _("Выберите уровень."))
            return None
        try:
            return self.terms.level(self.asked.level)
        except UnknownLevel:
            known = ", ".join(level.slug for level in self.terms.levels)
            self.refuse("level", _("Такого уровня в этой редакции нет. Есть: %(known)s.") % {"known": known})
            return None

    def lines(self) -> list[tuple[RequestLine, AskedLine]]:
        if len(self.asked.lines) > MAX_LINES:
            self.refuse_bad(BadValue("lines", Reason.TOO_MANY, MAX_LINES))
            return []
        return [self.line(f"lines.{index}", line) for index, line in enumerate(self.asked.lines)]

    def line(self, name: str, line: AskedLine) -> tuple[RequestLine, AskedLine]:
        priced = self.prices.products.get(line.product)
        if not line.product:
            self.refuse(f"{name}.product", _("Выберите продукт."))
        elif priced is None and not line.list_price:  # a product may be gone whose prices a link still has
            known = ", ".join(product.slug for product in self.prices.on_offer)
            text = _("Такого продукта нет в прайс-листе. Есть: %(known)s.") % {"known": known}
            self.refuse(f"{name}.product", text if known else _("Прайс-листа на этот день нет."))
        quantity = self.count(f"{name}.quantity", line.quantity, _("Сколько лицензий?"))
        entered = self.number(f"{name}.unit_price", line.unit_price)
        list_price, minimum = self.listed(name, line, priced)
        price = list_price if entered is None else entered
        if price is None and priced is not None and f"{name}.unit_price" not in self.refused:
            self.refuse(f"{name}.unit_price", _("У продукта нет цены на этот день: впишите свою."))
        request = RequestLine(
            product=line.product if priced or line.list_price else "unknown",
            quantity=1 if quantity is None else quantity,
            unit_price=NOTHING if price is None else price,
            list_price=list_price,
            minimum_price=minimum,
        )
        return request, line

    def listed(self, name: str, line: AskedLine, priced: Priced | None) -> tuple[Decimal | None, Decimal | None]:
        """The list price and the minimum: a link's own, else the list's of the day."""
        if line.list_price == NO_PRICE:
            return None, None
        if line.list_price:
            return self.number(f"{name}.list_price", line.list_price), self.number(
                f"{name}.minimum_price", line.minimum_price
            )
        list_price, minimum = (priced.list_price, priced.minimum_price) if priced else (None, None)
        entered = self.number(f"{name}.minimum_price", line.minimum_price)
        return list_price, minimum if entered is None else entered

    def bonus(self) -> tuple[BonusFacts, PartnerFacts | None]:
        share, facts = self.reviews()
        bonus = BonusFacts(
            reviews_share=share,
            plan=self.choice("bonus.plan", self.asked.plan, Plan),
            extra_specialists=self.count("bonus.extra_specialists", self.asked.extra_specialists) or 0,
            events=self.choice("bonus.events", self.asked.events, Events),
            confirmed=self.confirmed(),
        )
        return bonus, facts

    def reviews(self) -> tuple[Decimal | None, PartnerFacts | None]:
        """A share in percent, or two counts: reviews of implementations."""
        text = self.asked.reviews
        given, slash, of = text.partition("/")
        if not slash:
            return self.number("bonus.reviews_share", text), None
        try:
            facts = PartnerFacts(read_count(given), read_count(of))
        except ValueError:
            facts = PartnerFacts(-1, 0)
        if facts.reviews < 0 or facts.implementations < 0:
            self.refuse("bonus.reviews_share", _("Нужна доля в процентах или два числа: 8/10 — отзывы от внедрений."))
            return None, None
        if facts.reviews > facts.implementations:
            self.refuse("bonus.reviews_share", _("Отзывов больше, чем внедрений."))
        return facts.reviews_share, facts

    def confirmed(self) -> frozenset[str]:
        known = {bonus.key for bonus in self.terms.bonuses if bonus.measure is BonusMeasure.OTHER}
        if not known.issuperset(self.asked.confirmed):
            self.refuse("bonus.confirmed", _("Такого бонуса в этой редакции нет."))
        return frozenset(self.asked.confirmed) & known

    def rental(self, lines: Iterable[tuple[RequestLine, AskedLine]]) -> RentalRequest | None:
        asked = self.asked.rental
        if asked.is_empty:
            return None
        sold: dict[str, Decimal] = {}  # by the dearest price of each product, so that the order does not matter
        for line, _asked in lines:
            sold[line.product] = max(line.unit_price, sold.get(line.product, NOTHING))
        product = asked.product or next(iter(sold), "")
        return RentalRequest(
            product=product or "unknown",
            seats=self.count("rental.seats", asked.seats, _("Сколько мест?")) or 0,
            monthly_fee=self.number("rental.monthly_fee", asked.monthly_fee, _("Сколько в месяц за место?")) or NOTHING,
            unit_price=self.rented_price(product, sold.get(product)) or NOTHING,
            module_price=self.module_price(),
            months=DEFAULT_MONTHS if not asked.months else self.count("rental.months", asked.months) or 0,
        )

    def rented_price(self, product: str, sold: Decimal | None) -> Decimal | None:
        """The price of the rented licence that was asked with, the deal's, else the list's of the day."""
        if self.asked.rental.list_price:
            return self.number("rental.unit_price", self.asked.rental.list_price)
        if sold is not None:
            return sold
        priced = self.prices.products.get(product)
        if priced is None or priced.list_price is None:
            self.refuse("rental.product", _("У этого продукта нет цены в прайс-листе."))
            return None
        return priced.list_price

    def module_price(self) -> Decimal | None:
        rental = self.asked.rental
        if rental.list_price or rental.module_price:  # a link wrote all prices down; without one the module had none
            return self.number("rental.module_price", rental.module_price)
        return self.prices.module.list_price if self.prices.module else None

    def sections(self) -> frozenset[QuoteSection]:
        unknown = set(self.asked.sections) - EVERY_SECTION
        if unknown:
            self.refuse(
                "sections",
                _("Такого раздела нет: %(unknown)s. Есть: %(known)s.")
                % {"unknown": ", ".join(sorted(unknown)[:MOST_NAMED]), "known": ", ".join(QuoteSection)},
            )
        return sections_of(self.asked.sections)

    def written_down(self, request: QuoteRequest, lines: Iterable[tuple[RequestLine, AskedLine]]) -> Asked:
        """The same with every price of the list in it, so that a link does not depend on the list."""
        rental = self.asked.rental
        if request.rental is not None:
            rental = replace(
                rental,
                seats=str(request.rental.seats),
                monthly_fee=decimal_text(request.rental.monthly_fee),
                months=str(request.rental.months),
                product=request.rental.product,
                list_price=decimal_text(request.rental.unit_price),
                module_price=_written(request.rental.module_price),
            )
        return replace(
            self.asked,
            lines=tuple(
                AskedLine(
                    line.product,
                    str(line.quantity),
                    _written(line.unit_price) if asked.unit_price else "",
                    _written(line.list_price) or NO_PRICE,
                    _written(line.minimum_price),
                )
                for line, asked in lines
            ),
            client_discount=_written(request.client_discount or None),
            agreed_discount=_written(request.agreed_discount),
            reviews=self.asked.reviews if "/" in self.asked.reviews else _written(request.bonus.reviews_share),
            plan="" if request.bonus.plan is Plan.NONE else request.bonus.plan.value,
            extra_specialists=str(request.bonus.extra_specialists or ""),
            events="" if request.bonus.events is Events.NONE else request.bonus.events.value,
            credit=_written(request.credit or None),
            updates_share=_written(request.updates_share),
            own_implementation=_written(request.own_implementation),
            asoft_implementation=_written(request.asoft_implementation),
            rental=rental,
            sections=tuple(section.value for section in QuoteSection if section in request.sections),
        )

    # --- One value ---

    def number(self, name: str, text: str, missing: str = "") -> Decimal | None:
        """A number; None where nothing was written, or where it cannot be read, which is then refused."""
        if not text:
            self.refuse_missing(name, missing)
            return None
        try:
            number = read_decimal(text, get_language() or "ru")
        except ValueError:
            self.refuse_bad(BadValue(name, Reason.NOT_A_NUMBER))
            return None
        if decimals_of(number) > MOST_DECIMALS:
            self.refuse_bad(BadValue(name, Reason.TOO_PRECISE))
            return None
        return number

    def count(self, name: str, text: str, missing: str = "") -> int | None:
        """A whole number; as ``number`` otherwise."""
        if not text:
            self.refuse_missing(name, missing)
            return None
        try:
            return read_count(text)
        except ValueError:
            self.refuse_bad(BadValue(name, Reason.NOT_WHOLE))
            return None

    def choice(self, name: str, text: str, kind: type[Choice]) -> Choice:
        """One of a few words; the first where nothing was written, or where it is none of them."""
        first, *_others = kind
        if not text:
            return first
        try:
            return kind(text)
        except ValueError:
            self.refuse(name, _("Одно из: %(known)s.") % {"known": ", ".join(kind)})
            return first

    def refuse(self, name: str, sentence: str) -> None:
        """Notes what is wrong with a field, the first thing alone."""
        self.refused.setdefault(name, [sentence])

    def refuse_missing(self, name: str, sentence: str) -> None:
        """Notes that a field must not be empty, where it has a sentence for that."""
        if sentence:
            self.refuse(name, sentence)

    def refuse_bad(self, problem: BadValue) -> None:
        """Notes what the rules say is wrong."""
        self.refuse(problem.field, refusal(problem))


def _written(number: Decimal | None) -> str:
    return "" if number is None else decimal_text(number)


def refusal(problem: BadValue) -> str:
    """What the rules refuse, as a sentence in the reader's language."""
    limit = "" if problem.limit is None else formats.number(problem.limit, get_language() or "ru")
    return _SENTENCES[problem.reason](limit, problem)


_SENTENCES: dict[Reason, Callable[[str, BadValue], str]] = {
    Reason.NOT_A_NUMBER: lambda limit, _problem: _("Нужно число, например 12 000,50."),
    Reason.NOT_WHOLE: lambda limit, _problem: _("Нужно целое число."),
    Reason.NOT_A_SLUG: lambda limit, _problem: _("Такого продукта нет в прайс-листе."),
    Reason.TOO_SMALL: lambda limit, _problem: _("Не меньше %(limit)s.") % {"limit": limit},
    Reason.TOO_LARGE: lambda limit, _problem: _("Не больше %(limit)s.") % {"limit": limit},
    Reason.TOO_PRECISE: lambda limit, _problem: _("Не больше двух знаков после запятой."),
    Reason.TOO_FEW: lambda limit, _problem: _("Нужен хотя бы один продукт с количеством."),
    Reason.TOO_MANY: lambda limit, problem: (
        ngettext("Не больше %(limit)s строки.", "Не больше %(limit)s строк.", int(problem.limit or 0))
        % {"limit": limit}
    ),
}
