"""The answer of the calculator: the one object that the page, the PDF, the CSV, the text and the API print.

It holds the rules' quote, each line said in the reader's language, the same deal at every level, and what would bring
more. May import models, never pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.calculator import linked_edition
from program_pages.calculator.asked import NO_PRICE, Asked, decimal_text
from program_pages.calculator.charts import RentalChart, rental_chart
from program_pages.calculator.prices import PriceList
from program_pages.calculator.reading import Understood, read
from program_pages.calculator.speaker import Speaker
from program_pages.calculator.wording import STATUSES, section_title
from program_pages.register import OpenReading, undecided_of
from program_pages.rules.advice import LevelQuote, compare, next_step
from program_pages.rules.deal import Events, Plan, QuoteRequest, QuoteSection
from program_pages.rules.lines import BonusStatus, Line, LineKind
from program_pages.rules.money import PERCENT_STEP, WHOLE
from program_pages.rules.quote import INCOME, Quote, quote
from program_pages.rules.ranges import Ranges, Span, ranges
from program_pages.rules.terms import CeilingScope, Clause, Level, Terms, Topic


@dataclass(frozen=True, slots=True)
class SaidLine:
    """A line with its name, its number and its sentence, and the clause it rests on, each said when it is asked for."""

    line: Line
    speaker: Speaker

    @property
    def label(self) -> str:
        """What the line is called."""
        return self.speaker.label(self.line)

    @property
    def amount(self) -> str:
        """Its number as it is printed."""
        return self.speaker.amount(self.line)

    @property
    def sentence(self) -> str:
        """How it came about."""
        return self.speaker.explained(self.line.explanation)

    @property
    def clause(self) -> Clause | None:
        """The clause it rests on."""
        return self.speaker.terms.clause(self.line.clause) if self.line.clause else None

    @property
    def status(self) -> str:
        """What became of a bonus, in words; empty for other lines."""
        return str(STATUSES[self.line.status]) if self.line.status else ""

    @property
    def applies(self) -> bool:
        """Whether this is a bonus that applies."""
        return self.line.status is BonusStatus.APPLIES

    @property
    def has_number(self) -> bool:
        """Whether there is a number, rather than words in its place."""
        return self.line.kind in {LineKind.EXACT, LineKind.RANGE}


@dataclass(frozen=True, slots=True)
class SaidSection:
    """A section's lines under its title."""

    key: QuoteSection
    title: str
    lines: tuple[SaidLine, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What part of the list price goes where: roubles, and points that begin at ``start`` of a hundred."""

    key: str
    label: str
    amount: Decimal
    points: Decimal
    start: Decimal


@dataclass(frozen=True, slots=True)
class SaidStep:
    """One change that brings more: what to do, and what it adds to the bonus."""

    sentence: str
    points: Decimal
    value: Decimal
    clause: Clause | None


@dataclass(frozen=True, slots=True)
class ComparedRow:
    """One number at every level, in the levels' order, each as it is printed."""

    key: str
    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """One thing that was asked, as it is repeated on paper."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class SaidSpan:
    """A number that undecided readings move: its name, and from what to what, as it is printed."""

    label: str
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Undecided:
    """What of an answer nobody has decided: the readings that move its numbers, and how far they move each.

    ``is_complete`` is False where the readings were too many to be combined.
    """

    readings: tuple[OpenReading, ...]
    ranges: Ranges
    totals: tuple[SaidSpan, ...]
    lines: tuple[SaidSpan, ...]

    @property
    def is_complete(self) -> bool:
        """Whether the ranges hold every combination of the readings."""
        return self.ranges.complete


@dataclass(frozen=True, slots=True)
class Answer:
    """A deal's quote with everything that is said of it; ``link`` is the query that holds the whole deal.

    ``undecided`` is None where every reading that its numbers depend on is decided.
    """

    asked: Asked
    terms: Terms
    day: date
    level: Level
    quote: Quote
    sections: tuple[SaidSection, ...]
    split: tuple[Part, ...]
    sample: bool
    link_prices_differ: bool
    speaker: Speaker
    understood: Understood
    undecided: Undecided | None = None

    @property
    def request(self) -> QuoteRequest:
        """What the rules were asked."""
        return self.understood.request

    @property
    def link(self) -> str:
        """The query that shows this same answer at any later time."""
        return self.asked.link()

    @property
    def lines(self) -> tuple[SaidLine, ...]:
        """Every line, section by section."""
        return tuple(line for section in self.sections for line in section.lines)

    def compared(self) -> tuple[LevelQuote, ...]:
        """The same deal at every level."""
        return compare(self.terms, self.request)

    def steps(self) -> tuple[SaidStep, ...]:
        """What would bring more, the smallest change first."""
        found = next_step(self.terms, self.request, self.understood.facts)
        return tuple(
            SaidStep(self.speaker.step(step), step.points, step.value, self.terms.clause(step.clause)) for step in found
        )

    def rental_chart(self) -> RentalChart | None:
        """The rental plan drawn month by month, None where nothing is rented out."""
        return rental_chart(self.quote.rental) if self.quote.rental else None

    def inputs(self) -> tuple[Input, ...]:
        """What was asked, as paper repeats it."""
        return tuple(_inputs(self))

    def earned(self) -> tuple[SaidLine, ...]:
        """What the partner earns beside the margin of the licences: with it, these make all of the income."""
        return tuple(line for line in self.lines if line.line.key in INCOME and line.line.amount)

    def sums(self) -> tuple[tuple[str, Decimal], ...]:
        """The totals in roubles, each with its name."""
        totals = self.quote.totals
        return (
            *((label, getattr(totals, name)) for name, label in _sale_labels().items()),
            *((line.label, line.line.amount) for line in self.earned() if line.line.amount is not None),
            *((label, getattr(totals, name)) for name, label in _earned_labels().items()),
        )

    def warnings(self) -> tuple[str, ...]:
        """What must be said wherever the numbers are: that prices are samples (A12), or named by a link."""
        said_of = (
            (self.sample, _("Посчитано по образцу прайс-листа: это не цены ASoft.")),
            (self.link_prices_differ, _("Цены названы в ссылке: прайс-лист на этот день другой.")),
        )
        return tuple(sentence for is_so, sentence in said_of if is_so)

    def points_sentence(self) -> str:
        """Discount, bonus and ceiling in points, as the edition reads the ceiling (R75, A2)."""
        totals, percent = self.quote.totals, self.speaker.percent
        of_both = self.terms.readings.ceiling_scope is CeilingScope.DISCOUNT_AND_BONUSES
        ceiling = _("Потолок — %(ceiling)s.") if of_both else _("Потолок бонусов — %(ceiling)s.")
        sentences = [
            _("Скидка %(discount)s и бонус %(bonus)s — вместе %(sum)s.")
            % {
                "discount": percent(totals.discount_points),
                "bonus": percent(totals.bonus_points),
                "sum": percent(totals.combined_points),
            },
            ceiling % {"ceiling": percent(self.terms.ceiling)},
        ]
        if totals.cut_points:
            sentences.append(_("Сверх потолка срезано %(cut)s.") % {"cut": percent(totals.cut_points)})
        return " ".join(sentences)

    @property
    def ceiling_clause(self) -> Clause | None:
        """The clause on the ceiling."""
        return self.terms.clause_on(Topic.CEILING, self.level.slug)

    def vat_sentence(self) -> str:
        """Whether prices include VAT, with the edition's own note (A10)."""
        plain = _("Цены включают НДС.") if self.quote.prices_include_vat else _("Цены без НДС.")
        return " ".join(filter(None, [plain, said(self.terms.vat_note)]))


def _sale_labels() -> dict[str, str]:
    """What the totals of the sale are called, in the order in which they are said."""
    return {
        "list_total": _("По прайс-листу и согласованным ценам"),
        "client_total": _("Клиент платит за лицензии"),
        "partner_pays": _("Партнёр платит ASoft"),
        "partner_margin": _("Остаётся партнёру с лицензий"),
    }


def _earned_labels() -> dict[str, str]:
    """What the totals of all that is earned are called."""
    return {
        "partner_income": _("Всего зарабатывает на сделке"),
        "next_sale_bonus_value": _("Бонус на следующую продажу"),
    }


def compute(asked: Asked, terms: Terms, day: date, prices: PriceList, readings: Sequence[OpenReading] = ()) -> Answer:
    """Computes a deal under an edition with the price list of a day. Raises Refused.

    ``readings`` are those that were undecided on the day: where they move numbers of the deal, the answer says how far.
    The answer's ``asked`` names the day, the edition and every price, so that its link shows the same numbers later.
    """
    understood = read(asked, terms, prices)
    found = quote(terms, understood.request)
    speaker = Speaker(terms, {slug: product.name for slug, product in prices.products.items()})
    return Answer(
        asked=replace(understood.asked, on=day.isoformat(), edition=linked_edition.named(terms)),
        terms=terms,
        day=day,
        level=terms.level(found.level),
        quote=found,
        sections=tuple(_said_sections(found, speaker)),
        split=tuple(_split(found)),
        link_prices_differ=_link_prices_differ(asked, prices),
        sample=terms.readings.mark_sample_prices and _has_samples(asked, prices),
        speaker=speaker,
        understood=understood,
        undecided=undecided(terms, understood.request, readings, speaker),
    )


def undecided(
    terms: Terms, request: QuoteRequest, readings: Sequence[OpenReading], speaker: Speaker
) -> Undecided | None:
    """How far the undecided readings move the numbers of a deal, as it is said; None where they move none."""
    found = ranges(terms, request, undecided_of(readings))
    if found is None:
        return None

    def said_span(label: str, span: Span) -> SaidSpan:
        words = {"low": speaker.money(span.low), "high": speaker.money(span.high)}
        return SaidSpan(label, _("от %(low)s до %(high)s") % words, span)

    labels = _sale_labels() | _earned_labels()
    return Undecided(
        readings=tuple(each for each in readings if each.code in found.readings),
        ranges=found,
        totals=tuple(said_span(label, found.totals[name]) for name, label in labels.items() if name in found.totals),
        lines=tuple(said_span(speaker.label_of(key), span) for key, span in found.lines.items()),
    )


def _said_sections(found: Quote, speaker: Speaker) -> Iterator[SaidSection]:
    for section in QuoteSection:
        lines = tuple(SaidLine(line, speaker) for line in found.lines if line.section is section)
        if lines:
            yield SaidSection(section, section_title(section, speaker.language), lines)


def _split(found: Quote) -> Iterator[Part]:
    """How the list price divides: what the client saves, what the partner keeps, what the vendor gets."""
    totals = found.totals
    if not totals.list_total:
        return
    start = Decimal(0)
    parts = (
        ("partner", _("партнёру"), totals.partner_margin),
        ("client", _("скидка клиенту"), totals.list_total - totals.client_total),
        ("vendor", _("ASoft"), totals.partner_pays),
    )
    for key, label, amount in parts:
        points = (WHOLE * amount / totals.list_total).quantize(PERCENT_STEP, ROUND_DOWN)
        if key == "vendor":
            points = WHOLE - start  # the last part takes what rounding left, so that the bar is full
        if amount or key != "client":
            yield Part(key, label, amount, points, start)
            start += points


def _link_prices_differ(asked: Asked, prices: PriceList) -> bool:
    """Whether a price that a link has written down is not the one of the list of its day."""

    def differs(written: str, price: Decimal | None) -> bool:
        return written != ("" if price is None else decimal_text(price))

    written_lines = [line for line in asked.lines if line.list_price]
    return any(
        (priced := prices.products.get(line.product)) is None
        or differs(line.list_price.removeprefix(NO_PRICE), priced.list_price)
        or differs(line.minimum_price, priced.minimum_price if line.list_price != NO_PRICE else None)
        for line in written_lines
    )


def _has_samples(asked: Asked, prices: PriceList) -> bool:
    """Whether a price of the list that is only a sample was used (A12)."""
    from_list = {line.product for line in asked.lines if not line.unit_price}
    if not asked.rental.is_empty:
        from_list |= {asked.rental.product or next((line.product for line in asked.lines), "")}
        from_list |= {prices.module.slug} if prices.module else set()
    return any(prices.products[slug].is_sample for slug in from_list if slug in prices.products)


# --- The same deal at every level ---


def compared_rows(answer: Answer, compared: tuple[LevelQuote, ...]) -> tuple[ComparedRow, ...]:
    """The comparison as a table: one row a number, one cell a level."""
    speaker = answer.speaker
    totals = [each.quote.totals for each in compared]
    rows = [
        ("discount", _("Скидка партнёра"), [speaker.percent(each.discount_points) for each in totals]),
        ("pays", _("Партнёр платит ASoft"), [speaker.money(each.partner_pays) for each in totals]),
        ("margin", _("Остаётся партнёру с лицензий"), [speaker.money(each.partner_margin) for each in totals]),
    ]
    sections = answer.request.sections
    if QuoteSection.BONUS in sections:
        rows.append(
            ("bonus", _("Бонус на следующую продажу"), [speaker.money(t.next_sale_bonus_value) for t in totals])
        )
    for key in ("updates_share", "support", "own_implementation", "asoft_implementation", "rental_result"):
        lines = [
            each.quote.line(key) or (each.quote.line("rental") if key == "rental_result" else None) for each in compared
        ]
        shown = next((line for line in lines if line is not None), None)
        if shown is not None:
            label = next((speaker.label(line) for line in lines if line is not None and line.key == key), None)
            rows.append((key, label or speaker.label(shown), [speaker.amount(line) if line else "—" for line in lines]))
    rows.append(("income", _("Всего зарабатывает на сделке"), [speaker.money(each.partner_income) for each in totals]))
    return tuple(ComparedRow(key, label, tuple(cells)) for key, label, cells in rows)


# --- What was asked, in words ---


def _inputs(answer: Answer) -> Iterator[Input]:
    speaker, request = answer.speaker, answer.request
    yield Input(_("Уровень"), said(answer.level.name))
    for line in request.lines:
        count = ngettext("%(count)s лицензия", "%(count)s лицензий", line.quantity) % {
            "count": formats.number(line.quantity, speaker.language)
        }
        price = _("%(licences)s по %(price)s") % {"licences": count, "price": speaker.money(line.unit_price)}
        agreed = line.list_price is not None and line.unit_price != line.list_price
        yield Input(speaker.product(line.product), price + (", " + _("цена согласована") if agreed else ""))
    if request.client_discount:
        yield Input(_("Скидка клиенту"), speaker.percent(request.client_discount))
    if request.agreed_discount is not None:
        yield Input(_("Согласованная скидка партнёра"), speaker.percent(request.agreed_discount))
    yield from _bonus_inputs(answer)
    for label, amount in (
        (_("Внедрение силами партнёра"), request.own_implementation),
        (_("Внедрение силами ASoft"), request.asoft_implementation),
    ):
        if amount is not None:
            yield Input(label, speaker.money(amount))
    if request.updates_share is not None:
        yield Input(_("Согласованная доля от обновлений"), speaker.percent(request.updates_share))
    if request.rental is not None:
        yield Input(
            _("Аренда"),
            _("%(seats)s × %(fee)s в месяц × %(months)s мес.")
            % {
                "seats": formats.number(request.rental.seats, speaker.language),
                "fee": speaker.money(request.rental.monthly_fee),
                "months": formats.number(request.rental.months, speaker.language),
            },
        )


def _bonus_inputs(answer: Answer) -> Iterator[Input]:
    speaker, facts = answer.speaker, answer.request.bonus
    language = get_language() or "ru"
    if facts.reviews_share is not None:
        share = facts.reviews_share.quantize(PERCENT_STEP, ROUND_DOWN)
        counted = f" ({answer.asked.reviews})" if "/" in answer.asked.reviews else ""
        yield Input(_("Отзывов от внедрений"), speaker.percent(share) + counted)
    if facts.plan is not Plan.NONE:
        yield Input(_("План продаж"), _("выполнен") if facts.plan is Plan.MET else _("согласован"))
    if facts.extra_specialists:
        yield Input(_("Специалистов сверх требований"), formats.number(facts.extra_specialists, language))
    if facts.events is not Events.NONE:
        yield Input(_("Мероприятия"), event_words()[facts.events])
    if answer.request.credit:
        yield Input(_("Заработанный раньше бонус"), speaker.percent(answer.request.credit))


def event_words() -> dict[Events, str]:
    """What each answer on events is called."""
    return {
        Events.NONE: _("не было"),
        Events.ATTENDED: _("участвует"),
        Events.HOSTED: _("проводит своё"),
        Events.BOTH: _("участвует и проводит своё"),
    }
