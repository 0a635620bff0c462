"""One visit to the calculator: what was asked, the form that shows it, and its answer. May not import pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from django.http import HttpRequest

from program_pages.as_of import PARAMETER, AsOf, on_day
from program_pages.calculator import linked_edition
from program_pages.calculator.answer import Answer, ComparedRow, compared_rows, compute
from program_pages.calculator.asked import FEWEST, FORM_LINE, Asked, AskedLine, from_query, sections_of
from program_pages.calculator.form import CalculatorForm, Group
from program_pages.calculator.prices import PriceList, price_list
from program_pages.calculator.reading import Refused
from program_pages.calculator.since import Since, since, without_written_prices
from program_pages.models.edition import programme_day
from program_pages.register import OpenReading, open_readings
from program_pages.rules.advice import LevelQuote
from program_pages.rules.deal import EVERY_SECTION, QuoteSection
from program_pages.rules.terms import Terms
from program_pages.shown import pin_edition, shown_terms
from program_pages.terms import NoEdition, terms_on


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a page offers where nothing was asked: a level (slug), products with their quantity, and its sections."""

    level: str
    lines: tuple[tuple[str, int], ...]
    sections: frozenset[QuoteSection]


@dataclass
class Calculation:
    """A visit's form and answer; ``answer`` is None where something was refused.

    ``is_example`` says that no products were asked for, so that the page's own stand there; ``from_form`` that the form
    was sent, rather than a link opened. ``show`` names the sections that a link brought along, separated by commas.
    ``readings`` are those that were undecided on the day of the calculation.
    """

    asked: Asked
    terms: Terms
    form: CalculatorForm
    sections: frozenset[QuoteSection]
    answer: Answer | None = None
    since: Since | None = None
    is_example: bool = False
    from_form: bool = False
    edition_lost: bool = False
    show: str = ""
    compared: tuple[LevelQuote, ...] = ()
    rows: tuple[ComparedRow, ...] = ()
    readings: tuple[OpenReading, ...] = ()
    groups: list[Group] = field(default_factory=list)

    @property
    def is_pinned(self) -> bool:
        """Whether the form must stay on the day and edition of the address: another day's numbers are shown."""
        return bool(self.asked.on) and (self.answer is None or self.since is not None)


def calculation(request: HttpRequest, defaults: Defaults) -> Calculation | None:
    """The calculation of a visit, in words of the current language; None while no edition is in force at all."""
    asked = from_query(request.GET)
    from_form = any(name in request.GET for name in FORM_LINE)
    example = not asked.lines and not from_form
    show = ",".join(asked.sections)
    edition_lost = bool(asked.edition) and not _pin(request, asked.edition)
    shown = shown_terms(request)
    if shown.terms is None:
        return None
    day = shown.shown_day
    prices = price_list(day)
    if example:
        asked = replace(asked, lines=tuple(_default_lines(defaults, prices)))
    asked = _completed(asked, defaults, shown.terms, is_link="v" in request.GET)
    found = Calculation(
        asked=asked,
        terms=shown.terms,
        form=CalculatorForm(_shown(asked), shown.terms, prices),
        sections=sections_of(asked.sections),
        is_example=example,
        from_form=from_form,
        show=show,
        edition_lost=edition_lost,
        readings=open_readings(day),
    )
    answered(found, day, prices)
    if found.answer and (asked.on or found.answer.link_prices_differ):
        found.since = _since(found.answer)
    return found


def own_calculation(
    request: HttpRequest,
    defaults: Defaults,
    terms_of: Callable[[AsOf], Terms],
    opening: Callable[[AsOf, Terms], Asked],
) -> Calculation:
    """The calculation under terms that hold for the reader alone on a day, today or that of ``?on=``.

    ``terms_of`` finds them as that day knew them, ``opening`` is what it opens with. A link holds its day and prices,
    and what has changed since is said; its edition is the one that those terms are of. Raises NoEdition, before the
    first edition.
    """
    shown = shown_terms(request)
    when = on_day(shown.shown_day)
    terms, day = terms_of(when), when.day
    prices = price_list(day)
    from_form = any(name in request.GET for name in FORM_LINE)
    asked = from_query(request.GET) if set(request.GET) - {PARAMETER} else opening(when, terms)
    show = ",".join(asked.sections)
    asked = replace(asked, on=day.isoformat()) if shown.on else without_written_prices(asked)
    if not asked.lines and not from_form:
        asked = replace(asked, lines=tuple(_default_lines(defaults, prices)))
    asked = _completed(asked, defaults, terms, is_link="v" in request.GET)
    found = Calculation(
        asked=asked,
        terms=terms,
        form=CalculatorForm(_shown(asked), terms, prices),
        sections=sections_of(asked.sections),
        from_form=from_form,
        show=show,
        readings=open_readings(day),
    )
    answered(found, day, prices)
    if shown.on and found.answer:
        found.since = since(found.answer, when.today, terms_of(on_day(when.today)))
    return found


def answered(found: Calculation, day: date, prices: PriceList) -> Calculation:
    """Adds the answer, or what is wrong to the form."""
    try:
        found.answer = compute(found.asked, found.terms, day, prices, found.readings)
    except Refused as error:
        found.form.refuse(error.problems)
    else:
        found.compared = found.answer.compared()
        found.rows = compared_rows(found.answer, found.compared)
    found.groups = list(found.form.groups(found.sections))
    return found


def _since(answer: Answer) -> Since | None:
    """What has changed since a link was made, as the terms and prices of this day have it."""
    today = programme_day()
    try:
        return since(answer, today, terms_on(today))
    except NoEdition:
        return None


def _completed(asked: Asked, defaults: Defaults, terms: Terms, *, is_link: bool) -> Asked:
    """With the page's level and sections where none were asked for; the edition's first level where it has no such.

    A link that names no sections has them all, whatever the page shows.
    """
    levels = [level.slug for level in terms.levels]
    level = defaults.level if defaults.level in levels else next(iter(levels), "")
    shown = EVERY_SECTION if is_link else defaults.sections
    sections = tuple(section.value for section in QuoteSection if section in shown)
    return replace(asked, level=asked.level or level, sections=asked.sections or sections)


def _default_lines(defaults: Defaults, prices: PriceList) -> Iterator[AskedLine]:
    """The page's products that can still be bought; one licence of the list's first where none can."""
    offered = [product.slug for product in prices.on_offer]
    lines = [AskedLine(slug, str(quantity)) for slug, quantity in defaults.lines if slug in offered]
    return iter(lines or [AskedLine(slug, FEWEST) for slug in offered[:1]])


def _pin(request: HttpRequest, edition: str) -> bool:
    """Shows the edition a link names; whether there is one."""
    try:
        pin_edition(request, linked_edition.found(edition))
    except NoEdition:
        return False
    return True


def _shown(asked: Asked) -> Asked:
    """What the form shows: what a link wrote down beside the reader's own words stays out of sight."""
    return replace(asked, rental=replace(asked.rental, list_price="", module_price=""))
