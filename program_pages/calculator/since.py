"""What has changed since a link was made: the same deal by today's terms and prices, beside the link's own answer.

May import models, never pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from program_pages.calculator.answer import Answer, compute
from program_pages.calculator.asked import Asked, AskedLine
from program_pages.calculator.prices import price_list
from program_pages.calculator.reading import Refused
from program_pages.rules.quote import Quote
from program_pages.rules.terms import Terms


@dataclass(frozen=True, slots=True)
class Changed:
    """A number that would be another one today."""

    label: str
    then: Decimal
    now: Decimal

    @property
    def difference(self) -> Decimal:
        """Now less then, in roubles."""
        return self.now - self.then


@dataclass(frozen=True, slots=True)
class Since:
    """What has changed since a link was made: the terms, the price list, what was agreed with the reader alone
    (``own_changed``, R82); else the bonuses are over (R79).

    ``rows`` are the totals that differ; ``refused`` says why today's terms cannot compute the deal at all (a level
    that is gone). ``link`` is the same deal today.
    """

    terms: Terms
    terms_changed: bool
    prices_changed: bool
    rows: tuple[Changed, ...]
    link: str
    refused: str = ""
    own_changed: bool = False


def since(answer: Answer, today: date, terms: Terms) -> Since | None:
    """What is different today from a link's answer; None where terms, prices and numbers are the same.

    ``terms`` are today's. A price that was agreed stays; the list's are today's.
    """
    now = without_written_prices(answer.asked)
    terms_changed = terms.edition != answer.terms.edition
    own_changed = not terms_changed and _numbers(terms) != _numbers(answer.terms)
    try:
        fresh = compute(now, terms, today, price_list(today))
    except Refused as error:
        reasons = " ".join(sentence for sentences in error.problems.values() for sentence in sentences)
        prices_changed = not terms_changed and not own_changed
        return Since(terms, terms_changed, prices_changed, (), now.link(), reasons, own_changed)
    prices_changed = _prices(fresh.asked) != _prices(answer.asked)
    rows = tuple(_changes(answer.quote, fresh.quote))
    if not terms_changed and not prices_changed and not rows:
        return None
    return Since(terms, terms_changed, prices_changed, rows, now.link(), own_changed=own_changed)


def _numbers(terms: Terms) -> Terms:
    """An edition without what depends on the editions after it."""
    return replace(terms, effective_until=None)


def without_written_prices(asked: Asked) -> Asked:
    return replace(
        asked,
        lines=tuple(AskedLine(line.product, line.quantity, line.unit_price) for line in asked.lines),
        rental=replace(asked.rental, list_price="", module_price=""),
        on="",
        edition="",
    )


def _prices(asked: Asked) -> object:
    """Every price that an answer has written down."""
    return asked.lines, asked.rental


def _changes(then: Quote, now: Quote) -> Iterator[Changed]:
    pairs = (
        (_("Клиент платит"), "client_total"),
        (_("Партнёр платит ASoft"), "partner_pays"),
        (_("Остаётся партнёру с лицензий"), "partner_margin"),
        (_("Бонус на следующую продажу"), "next_sale_bonus_value"),
        (_("Всего зарабатывает на сделке"), "partner_income"),
    )
    for label, name in pairs:
        before, after = getattr(then.totals, name), getattr(now.totals, name)
        if before != after:
            yield Changed(label, before, after)
