"""One visit to the calculator: what was asked, the form that shows it, and its answer. May not import pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from django.http import HttpRequest

from program_pages.calculator.answer import Answer, ComparedRow, Since, compared_rows, compute, since
from program_pages.calculator.asked import FORM_LINE, Asked, AskedLine, from_query, is_asked, sections_of
from program_pages.calculator.form import CalculatorForm, Group
from program_pages.calculator.prices import PriceList, price_list
from program_pages.calculator.reading import Refused
from program_pages.rules.advice import LevelQuote
from program_pages.rules.deal import QuoteSection
from program_pages.rules.terms import Terms
from program_pages.shown import pin_edition, shown_terms
from program_pages.terms import NoEdition, terms_of_edition, terms_on


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a page offers where nothing was asked: a level (slug), products with their quantity, and its sections."""

    level: str
    lines: tuple[tuple[str, int], ...]
    sections: frozenset[QuoteSection]


@dataclass
class Calculation:
    """A visit's form and answer; ``answer`` is None where something was refused, ``is_example`` where nothing was asked.

    ``from_form`` says that the form was sent, rather than a link opened.
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
    compared: tuple[LevelQuote, ...] = ()
    rows: tuple[ComparedRow, ...] = ()
    groups: list[Group] = field(default_factory=list)


def calculation(request: HttpRequest, defaults: Defaults) -> Calculation | None:
    """The calculation of a visit, in words of the current language; None while no edition is in force at all."""
    example = not is_asked(request.GET)
    asked = _asked(request, defaults, example)
    edition_lost = bool(asked.edition) and not _pin(request, asked.edition)
    shown = shown_terms(request)
    if shown.terms is None:
        return None
    day = shown.on or shown.day
    prices = price_list(day)
    if not asked.level and not example:
        asked = replace(asked, level=_level(shown.terms, defaults.level))
    found = Calculation(
        asked=asked,
        terms=shown.terms,
        form=CalculatorForm(_shown(asked), shown.terms, prices),
        sections=sections_of(asked.sections),
        is_example=example,
        from_form=any(name in request.GET for name in FORM_LINE),
        edition_lost=edition_lost,
    )
    try:
        found.answer = compute(asked, shown.terms, day, prices)
    except Refused as error:
        found.form.refuse(error.problems)
    else:
        found.compared = found.answer.compared()
        found.rows = compared_rows(found.answer, found.compared)
        found.since = _since(found.answer) if asked.on else None
    found.groups = list(found.form.groups(found.sections))
    return found


def _since(answer: Answer) -> Since | None:
    """What has changed since a link was made, as the terms and prices of this day have it."""
    from program_pages.models.edition import programme_day

    today = programme_day()
    try:
        return since(answer, today, terms_on(today))
    except NoEdition:
        return None


def _asked(request: HttpRequest, defaults: Defaults, example: bool) -> Asked:
    asked = from_query(request.GET)
    if example:
        lines = tuple(AskedLine(product, str(quantity)) for product, quantity in defaults.lines)
        terms = shown_terms(request).terms
        asked = replace(asked, lines=lines, level=_level(terms, defaults.level) if terms else "")
    if not asked.sections:
        asked = replace(asked, sections=tuple(section.value for section in QuoteSection if section in defaults.sections))
    return asked


def _level(terms: Terms, slug: str) -> str:
    """The level a page offers, or the edition's first where the edition has no such level."""
    levels = [level.slug for level in terms.levels]
    return slug if slug in levels else next(iter(levels), "")


def _pin(request: HttpRequest, edition: str) -> bool:
    """Shows the edition a link names; whether there is one."""
    try:
        pin_edition(request, terms_of_edition(int(edition)))
    except (NoEdition, ValueError, OverflowError):
        return False
    return True


def _shown(asked: Asked) -> Asked:
    """What the form shows: what a link wrote down beside the reader's own words stays out of sight."""
    return replace(asked, rental=replace(asked.rental, list_price="", module_price=""))


def default_lines(lines: Iterable[tuple[str, int]], prices: PriceList) -> tuple[tuple[str, int], ...]:
    """An editor's default products that are on sale and priced; the first of the list where none is."""
    offered = {product.slug for product in prices.on_offer}
    return tuple(line for line in lines if line[0] in offered) or tuple((slug, 1) for slug in list(offered)[:1])
