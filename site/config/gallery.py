"""The developers' gallery: every component in its states, on a fictional edition.

Shown at ``/gallery/`` when DEBUG is on. Its numbers and names are invented on purpose, so that nobody
mistakes them for the programme's. Asks no database: components know dataclasses only.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from config.gallery_edition import LONG_NAME, gallery_terms, level_of
from config.gallery_partners import partners_context
from config.gallery_portal import portal_context
from program_pages.calculator.answer import SaidSpan, Undecided
from program_pages.calculator.asked import Asked, AskedLine, AskedRental
from program_pages.calculator.form import CalculatorForm
from program_pages.calculator.prices import Priced, PriceList
from program_pages.calculator.since import Changed, Since
from program_pages.calculator.view import Calculation, answered
from program_pages.changes.said import SaidChanges
from program_pages.changes.words import said_changes
from program_pages.register import Alternative, Decision, Entry, OpenReading
from program_pages.rules.deal import EVERY_SECTION, QuoteRequest, RequestLine
from program_pages.rules.money import WHOLE
from program_pages.rules.quote import Quote, quote, split_of_a_rouble
from program_pages.rules.ranges import Ranges, Span
from program_pages.rules.terms import (
    Bonus,
    Level,
    Terms,
    Text,
)

PRICES = PriceList(
    date(2031, 1, 1),
    {
        "sample": Priced(
            "sample", Text("Образец CRM", "Sample CRM"), False, True, Decimal("8400"), Decimal("6100"), True
        ),
        "long": Priced("long", Text("Образец CRM для самого длинного названия", "Sample"), False, True, Decimal("990")),
    },
)


@dataclass(frozen=True)
class Product:
    """A row of the price list as a page shows it."""

    slug: str
    name: Text
    summary: Text
    list_price: Decimal | None
    minimum_price: Decimal | None
    level_prices: tuple[tuple[Level, Decimal | None], ...]
    is_module: bool = False
    is_sample: bool = True
    valid_from: date = date(2031, 1, 1)


@dataclass(frozen=True)
class Split:
    """A level and how a rouble of its sale divides."""

    level: Level
    partner_points: Decimal
    vendor_points: Decimal


@dataclass(frozen=True)
class Event:
    """An event as a page lists it."""

    title: Text
    starts: date
    get_category_display: str
    place: Text = Text("")
    description: Text = Text("")
    ends: date | None = None
    url: str = ""
    is_sample: bool = False


@dataclass(frozen=True)
class Link:
    """A title that leads somewhere."""

    title: str
    url: str


@dataclass(frozen=True)
class Vendor:
    """The vendor's contacts."""

    organisation: Text = Text("Образец Софт", "Sample Soft")
    address: Text = Text("101000, Москва, ул. Примерная, 1", "1 Primernaya Street, Moscow 101000")
    email: str = "partners@example.com"
    phone: str = "+7 495 000-00-00"
    vendor_site_url: str = "https://vendor.example/"
    product_site_url: str = "https://products.example/"


@dataclass(frozen=True)
class Step:
    """A step of a how-to."""

    title: str
    text: str


@dataclass(frozen=True)
class Result:
    """Something found."""

    kind: str
    title: str
    url: str
    excerpt: str = ""


@dataclass(frozen=True)
class EditionNotice:
    """Which edition a page shows instead of today's, or why not."""

    notice: str
    terms: Terms
    on: date | None = None
    asked: str = ""
    asked_day: date | None = None


@dataclass(frozen=True)
class QuotedPrice:
    """The price a quote was made with."""

    is_sample: bool


@dataclass(frozen=True)
class QuoteResult:
    """A quote with what the page says around it."""

    quote: Quote
    price: QuotedPrice
    sentences: tuple[str, ...]


class SampleQuoteForm(forms.Form):
    """What the first quote asks."""

    product = forms.ChoiceField(label="Продукт", choices=[("sample", "Образец CRM"), ("other", "Образец CRM Склад")])
    quantity = forms.IntegerField(label="Количество лицензий", min_value=1, initial=7)
    client_discount = forms.DecimalField(
        label="Скидка клиенту, %", required=False, max_value=100, min_value=0, help_text="Согласуется с вендором."
    )


def gallery_context() -> dict[str, Any]:
    """Everything the gallery's template needs, by component and state."""
    terms = gallery_terms()
    rare = level_of(
        "rare", 4, LONG_NAME, "diamond", "7.25", short_name=Text("Медицина", "Medicine"), may_implement=True
    )
    products = _products(terms)
    asked = SampleQuoteForm({"product": "sample", "quantity": "7", "client_discount": "15"})
    wrong = SampleQuoteForm({"product": "sample", "quantity": "0", "client_discount": "много"})
    wrong.is_valid()
    return {
        "terms": terms,
        "vendor": Vendor(),
        "crumbs": [Link("Уровни участия", "#")],
        "shapes": ["square", "hexagon", "circle", "diamond", "triangle", "octagon"],
        "rare_level": rare,
        "splits": [*_splits(terms), Split(rare, Decimal(0), WHOLE)],
        "products": products,
        "readings": _readings(),
        "undecided": _undecided(),
        "events": _events(terms),
        "steps": [
            Step("Зарегистрироваться", "Заполнить анкету в партнёрском разделе сайта."),
            Step("Подписать соглашение", "Соглашение о присоединении фиксирует согласие с условиями."),
            Step("Подписать договор", "Лицензионный договор открывает продажи."),
        ],
        "calculation": _calculation(terms),
        "since": _since(terms),
        "upcoming": {"effective_from": date(2031, 7, 1), "url": "#"},
        "changes": _changes(terms, rare),
        "results": [
            Result("Пункт условий", "6.4 — скидка для клиента", "#", "Партнёр получает скидку на конечную стоимость…"),
            Result("Страница", LONG_NAME.ru, "#"),
        ],
        "page_obj": Paginator(range(50), 10).page(2),
        "quote_form": SampleQuoteForm(),
        "quote_form_asked": asked,
        "quote_form_wrong": wrong,
        "quote_plain": _quote(terms, "0", is_sample=False),
        "quote_discounted": _quote(terms, "15", is_sample=True),
        "notice_other": EditionNotice("other_day", terms, on=date(2030, 5, 4)),
        "notice_bad": EditionNotice("unreadable", terms, asked="вчера"),
        "notice_none": EditionNotice("before_first", terms, asked_day=date(1999, 12, 31)),
        **partners_context(terms.levels),
        **portal_context(terms.levels),
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery page; its address exists only when DEBUG is on."""
    return render(request, "gallery.html", gallery_context() | {"noindex": True})


def _changes(terms: Terms, new_level: Level) -> SaidChanges:
    """To an edition with one more level, another limit, and a clause that says it otherwise."""
    section, *others = terms.sections
    clause, *kept = section.clauses
    reworded = replace(clause, text=Text(f"{clause.text.ru} Кроме образцов.", f"{clause.text.en} But for samples."))
    sections = (replace(section, clauses=(reworded, *kept)), *others)
    return said_changes(
        terms,
        replace(terms, ceiling=terms.ceiling + 1, levels=(*terms.levels, new_level), sections=sections),
    )


def _products(terms: Terms) -> list[Product]:
    def prices(price: Decimal | None) -> tuple[tuple[Level, Decimal | None], ...]:
        if price is None:
            return tuple((level, None) for level in terms.levels)
        return tuple((level, price * split_of_a_rouble(terms, level.slug).vendor / WHOLE) for level in terms.levels)

    summary = Text("Одна фраза о том, что умеет продукт.", "One sentence on what the product does.")
    dear, cheap = Decimal("1234567.50"), Decimal("8400")
    return [
        Product("sample", Text("Образец CRM", "Sample CRM"), summary, cheap, Decimal("5200"), prices(cheap)),
        Product("dear", Text("Образец CRM Склад и Перевозки", "Sample CRM Freight"), summary, dear, None, prices(dear)),
        Product(
            "new",
            Text("Образец без цены", "Sample without a price"),
            Text(""),
            None,
            None,
            prices(None),
            is_sample=False,
        ),
    ]


def _splits(terms: Terms) -> list[Split]:
    parts = [(level, split_of_a_rouble(terms, level.slug)) for level in terms.levels]
    return [Split(level, part.partner, part.vendor) for level, part in parts]


def _quote(terms: Terms, client_discount: str, *, is_sample: bool) -> QuoteResult:
    line = RequestLine("sample", 7, Decimal("8400"))
    answer = quote(terms, QuoteRequest("competency", (line,), Decimal(client_discount)))
    sentence = "Образец CRM, 7 лицензий по цене прайс-листа; скидка партнёра считается от цены клиента."
    return QuoteResult(answer, QuotedPrice(is_sample), (sentence,))


def _calculation(terms: Terms) -> Calculation:
    """A deal with something of everything, under the fictional edition."""
    asked = Asked(
        level="saas" if any(level.slug == "saas" for level in terms.levels) else terms.levels[-1].slug,
        lines=(AskedLine("sample", "7"), AskedLine("long", "1", "990.50")),
        client_discount="5",
        reviews="6/8",
        plan="agreed",
        rental=AskedRental("12", "900", "18"),
    )
    found = Calculation(asked, terms, CalculatorForm(asked, terms, PRICES), EVERY_SECTION, is_example=True)
    return answered(found, PRICES.day, PRICES)


def _since(terms: Terms) -> Since:
    rows = (Changed("Партнёр платит", Decimal("52416.00"), Decimal("49980.50")), Changed("Бонус", WHOLE, WHOLE * 3))
    return Since(terms, terms_changed=True, prices_changed=False, rows=rows, link="#")


def _readings() -> list[Entry]:
    ways = (Alternative("Считается больший.", is_chosen=True), Alternative("Складываются.", is_chosen=False))
    decided = Decision("Считается больший.", "Это два вида одного.", "Совет программы", date(2030, 2, 1))
    registered: dict[str, Any] = {"source": "«Участие или своё мероприятие»", "authority": "Совет программы"}
    return [
        Entry("A1", "Два мероприятия сразу", "Считается больший из двух бонусов.", ("X1", "X2"), **registered,
              alternatives=ways, decision=decided, is_registered=True),
        Entry("A2", "Потолок", "Потолок — в процентных пунктах цены лицензии.", ()),
        Entry("A3", LONG_NAME.ru, "", ("X1",), **registered, alternatives=(ways[1],), is_registered=True),
    ]  # fmt: skip


def _undecided() -> Undecided:
    spans = {"partner_income": Span(Decimal("52416.00"), Decimal("1249980.50")), "support": Span(WHOLE, WHOLE * 3)}
    readings = (
        OpenReading("A9", Text("От чего считается поддержка", "What support is a part of"), Text("Совет", "The board")),
        OpenReading("A13", LONG_NAME, Text("Менеджер программы", "The programme manager")),
    )
    income, support = spans.values()
    return Undecided(
        readings=readings,
        ranges=Ranges(("A9", "A13"), {"partner_income": income}, {"support": support}, complete=False),
        totals=(SaidSpan("Всего зарабатывает на сделке", "от 52 416 ₽ до 1 249 980,50 ₽", income),),
        lines=(SaidSpan("Техподдержка", "от 100 ₽ до 300 ₽", support),),
    )


def _events(terms: Terms) -> list[tuple[Event, Bonus | None]]:
    conference = Event(
        Text("Вымышленная конференция партнёров", "A fictional partner conference"),
        date(2031, 4, 17),
        "партнёр участвует",
        place=Text("Москва", "Moscow"),
        description=Text("Два дня докладов и разбор внедрений.", "Two days of talks."),
        ends=date(2031, 4, 18),
        url="#",
        is_sample=True,
    )
    return [(conference, terms.bonuses[-1]), (Event(LONG_NAME, date(2031, 9, 3), "партнёр проводит сам"), None)]
