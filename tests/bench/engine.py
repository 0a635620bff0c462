"""How many quotes a second the pure rules compute, on one core and without Django."""

from __future__ import annotations

import timeit
from collections.abc import Iterable
from dataclasses import replace

from program_pages.rules.deal import EVERY_SECTION, QuoteRequest, QuoteSection
from program_pages.rules.quote import quote
from tests.rules.builders import EVERYTHING, SOURCE, make_request

QUOTES, TIMES = 2_000, 5
LINES = [(f"product-{number}", 10, "12000.00") for number in range(5)]


def request(sections: Iterable[QuoteSection]) -> QuoteRequest:
    """A deal of five lines with a client discount and every bonus, and these sections."""
    return replace(make_request(*LINES, client_discount="15"), bonus=EVERYTHING, sections=frozenset(sections))


def rate(deal: QuoteRequest) -> float:
    """Quotes a second: the best of a few runs, since whatever else the machine does only slows it."""
    return QUOTES / min(timeit.repeat(lambda: quote(SOURCE, deal), number=QUOTES, repeat=TIMES))


def main() -> None:
    """Prints the rate of a deal of five lines: its prices alone, then with everything that applies."""
    print("Engine, quotes of 5 lines a second on one core")
    for title, sections in (("licences", {QuoteSection.LICENCES}), ("every section", EVERY_SECTION)):
        print(f"  {title:<18}{rate(request(sections)):>9.0f}", flush=True)
    print()
