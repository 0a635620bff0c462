"""The examples worked by hand in docs/worked-examples.md, run from that very file."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from program_pages.rules import calendar
from program_pages.rules.money import discounted
from program_pages.rules.quote import quote
from program_pages.rules.terms import Readings, Rounding

from .builders import make_request, make_terms

PAGE = Path(__file__).parents[2] / "docs" / "worked-examples.md"

Example = dict[str, str]


def examples(title: str) -> list[Example]:
    """The rows of the one table under a heading, each as column -> cell."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    rows = [line for line in section.partition("\n## ")[0].splitlines() if line.startswith("|")]
    header, _, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return [dict(zip(header, cells, strict=True)) for cells in body]


def each(title: str) -> pytest.MarkDecorator:
    rows = examples(title)
    ids = [f"{row['Rules']}: {row['By hand']}" for row in rows]
    return pytest.mark.parametrize("example", rows, ids=ids)


@each("Quotes")
def test_quotes(example: Example) -> None:
    lines = []
    for line in example["Lines"].split(";"):
        product, quantity, price = line.split("×")
        lines.append((product.strip(), int(quantity), price.strip()))
    request = make_request(*lines, level=example["Level"], client_discount=example["Client discount"])
    totals = quote(make_terms(), request).totals
    assert {
        "List total": str(totals.list_total),
        "Client total": str(totals.client_total),
        "Partner pays": str(totals.partner_pays),
        "Partner margin": str(totals.partner_margin),
    }.items() <= example.items()


@each("Rounding")
def test_rounding(example: Example) -> None:
    result = discounted(Decimal(example["Price"]), Decimal(example["Discount"]), Rounding(example["Mode"]))
    assert str(result) == example["Result"]


READINGS = Readings()
QUESTIONS: dict[str, Callable[[str], date | bool]] = {
    "day of the moment": lambda given: calendar.local_day(datetime.fromisoformat(given), READINGS),
    "membership ends if joined on": lambda given: calendar.membership_ends(date.fromisoformat(given)),
    "renewal opens in the year of": lambda given: calendar.renewal_opens(date.fromisoformat(given).year, READINGS),
    "renewal is open on": lambda given: calendar.is_renewal_open(date.fromisoformat(given), READINGS),
    "lapses if it ended on": lambda given: calendar.lapses_on(date.fromisoformat(given), READINGS),
}


@each("Calendar")
def test_calendar(example: Example) -> None:
    answer = QUESTIONS[example["Question"]](example["Given"])
    said = {True: "yes", False: "no"}[answer] if isinstance(answer, bool) else answer.isoformat()
    assert said == example["Answer"]


def test_the_page_has_its_examples() -> None:
    assert len(examples("Quotes")) + len(examples("Rounding")) + len(examples("Calendar")) >= 12
