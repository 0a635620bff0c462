"""The examples worked by hand in docs/programme-rules.md, run from that very file."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from program_pages.rules import calendar
from program_pages.rules.advice import PartnerFacts, Step, compare, next_step
from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteRequest, RentalRequest, RequestLine
from program_pages.rules.lines import Line, LineKind
from program_pages.rules.money import discounted
from program_pages.rules.quote import quote
from program_pages.rules.requirements import Judgement, RequirementFacts, RequirementStatus, judge
from program_pages.rules.terms import CeilingScope, Readings, Requirement, Rounding, ServicesBase

from .builders import EVERYTHING, SOURCE, make_request, source

PAGE = Path(__file__).parents[2] / "docs" / "programme-rules.md"
NONE = "—"

Example = dict[str, str]


def examples(title: str) -> list[Example]:
    """The rows of the one table under a heading, each as column -> cell."""
    _, _, section = PAGE.read_text(encoding="utf-8").partition(f"\n### {title}\n")
    rows = [line for line in section.partition("\n### ")[0].splitlines() if line.startswith("|")]
    header, _, *body = ([cell.strip() for cell in row.strip("|").split("|")] for row in rows)
    return [dict(zip(header, cells, strict=True)) for cells in body]


def each(title: str) -> pytest.MarkDecorator:
    rows = examples(title)
    ids = [f"{row['Rules']} in row {number}" for number, row in enumerate(rows, 1)]
    return pytest.mark.parametrize("example", rows, ids=ids)


def number(cell: str) -> Decimal | None:
    return None if cell == NONE else Decimal(cell)


def deal(lines: str, example: Example) -> QuoteRequest:
    """The deal of a cell such as "asoft-crm × 10 × 12000.00; isolation × 1 × 250000.00"."""
    parts = [[part.strip() for part in line.split("×")] for line in lines.split(";")]
    found = [(product, int(quantity), price) for product, quantity, price in parts]
    return make_request(*found, level=example["Level"], client_discount=example.get("Client discount", "0"))


def facts(example: Example) -> BonusFacts:
    return BonusFacts(
        reviews_share=number(example["Reviews"]),
        plan=Plan(example["Plan"]),
        extra_specialists=int(example["Extra specialists"]),
        events=Events(example["Events"]),
    )


@each("Quotes")
def test_quotes(example: Example) -> None:
    totals = quote(SOURCE, deal(example["Lines"], example)).totals
    assert {
        "List total": str(totals.list_total),
        "Client total": str(totals.client_total),
        "Partner pays": str(totals.partner_pays),
        "Partner margin": str(totals.partner_margin),
    }.items() <= example.items()


@each("Bonus")
def test_bonus(example: Example) -> None:
    totals = quote(SOURCE, replace(make_request(level=example["Level"]), bonus=facts(example))).totals
    assert totals.discount_points == Decimal(example["Discount"])
    assert totals.bonus_points == Decimal(example["Bonus"])
    assert totals.combined_points == Decimal(example["Together"])
    assert str(totals.next_sale_bonus_value) == example["Worth"]


@each("Ceiling")
def test_ceiling(example: Example) -> None:
    terms = source(Readings(ceiling_scope=CeilingScope(example["Scope"])))
    request = replace(
        make_request(level=example["Level"]),
        agreed_discount=Decimal(example["Agreed discount"]),
        bonus={"every": EVERYTHING, "none": BonusFacts()}[example["Bonuses"]],
    )
    totals = quote(terms, request).totals
    assert totals.discount_points == Decimal(example["Discount"])
    assert totals.bonus_points == Decimal(example["Bonus"])
    assert totals.combined_points == Decimal(example["Together"])
    assert totals.cut_points == Decimal(example["Cut"])
    assert str(totals.partner_pays) == example["Partner pays"]
    assert str(totals.next_sale_bonus_value) == example["Worth"]


@each("Credit")
def test_credit(example: Example) -> None:
    answer = quote(SOURCE, replace(deal(example["Lines"], example), credit=Decimal(example["Credit"])))
    line = answer.line("bonus_credit")
    assert line is not None
    assert line.percent == Decimal(example["Taken"])
    assert str(line.amount) == example["Credit worth"]
    assert str(answer.totals.partner_pays) == example["Partner pays"]
    assert str(answer.totals.partner_margin) == example["Partner margin"]


def answer_of(line: Line | None) -> str:
    """A line's number as the tables say it."""
    assert line is not None
    if line.kind is LineKind.RANGE:
        return f"{line.low} – {line.high}"
    return str(line.amount) if line.kind is LineKind.EXACT else line.kind.replace("_", " ")


@each("Own use")
def test_own_use(example: Example) -> None:
    price, minimum = Decimal(example["List price"]), number(example["Minimum price"])
    line = RequestLine("asoft-crm", int(example["Quantity"]), price, minimum_price=minimum)
    answer = quote(SOURCE, QuoteRequest(example["Level"], (line,)))
    assert answer_of(answer.line("own_use:asoft-crm")) == example["Answer"]


@each("Services")
def test_services(example: Example) -> None:
    request = deal(f"asoft-crm × 1 × {example['List price']}", example)
    if example["Given"] != NONE:
        field, given = example["Given"].split()
        request = replace(request, **{field: Decimal(given)})  # type: ignore[arg-type]
    line = quote(SOURCE, request).line(example["Line"])
    assert answer_of(line) == example["Answer"]
    assert line is not None
    assert line.clause == example["Clause"]


@each("Renting")
def test_renting(example: Example) -> None:
    rental = RentalRequest(
        product="asoft-crm",
        seats=int(example["Seats"]),
        monthly_fee=Decimal(example["Monthly fee"]),
        unit_price=Decimal(example["Licence price"]),
        module_price=number(example["Module price"]),
        months=int(example["Months"]),
    )
    terms = source(Readings(services_base=ServicesBase(example["Base"])))
    plan = quote(terms, replace(make_request(level="saas"), rental=rental)).rental
    assert plan is not None
    assert {
        "Module": NONE if plan.module is None else str(plan.module),
        "Licences": str(plan.licences),
        "Support": str(plan.support),
        "First year": str(plan.first_year_cost),
        "Income": str(plan.income),
        "Result": str(plan.result),
        "Break-even": str(plan.break_even_month or "never"),
    }.items() <= example.items()


def said(step: Step) -> str:
    shares = (
        ""
        if step.share_from is None or step.share_to is None
        else f" ({step.share_from.normalize():f} → {step.share_to.normalize():f})"
    )
    return f"{step.kind} × {step.count}{shares}: +{step.points.normalize():f}"


@each("Next steps")
def test_next_steps(example: Example) -> None:
    counted = PartnerFacts(int(example["Reviews"]), int(example["Implementations"]))
    request = replace(
        make_request(level=example["Level"]),
        agreed_discount=number(example["Agreed discount"]),
        bonus=replace(facts(example), reviews_share=counted.reviews_share),
    )
    assert ("; ".join(map(said, next_step(SOURCE, request, counted))) or NONE) == example["Steps"]


@each("Levels compared")
def test_levels_compared(example: Example) -> None:
    request = replace(
        make_request(("asoft-crm", 10, "12000.00"), client_discount="15"),
        updates_share=Decimal(50),
        own_implementation=Decimal(500_000),
        asoft_implementation=Decimal(200_000),
    )
    (totals,) = (each.quote.totals for each in compare(SOURCE, request) if each.level.slug == example["Level"])
    assert {
        "Partner pays": str(totals.partner_pays),
        "Partner margin": str(totals.partner_margin),
        "Partner income": str(totals.partner_income),
    }.items() <= example.items()


RECORDED = {"reviews_share": "reviews", "announcement": "announced"}  # where the fact has a name of its own


def requirement(level: str, key: str) -> Requirement:
    return next(asked for asked in SOURCE.level(level).requirements if asked.key == key)


def judged(judgement: Judgement) -> str:
    missing = judgement.status is RequirementStatus.MISSING
    return f"missing {judgement.missing}" if missing else judgement.status.replace("_", " ")


@each("Requirements")
def test_requirements(example: Example) -> None:
    field = RECORDED.get(example["Requirement"], example["Requirement"])
    recorded: dict[str, int] = {field: int(example["Recorded"]), "implementations": int(example["Implementations"])}
    judgement = judge(requirement(example["Level"], example["Requirement"]), RequirementFacts(**recorded))  # type: ignore[arg-type]
    assert judged(judgement) == example["Answer"]


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


def test_every_table_of_the_page_is_run_and_there_are_forty_examples_of_the_calculator() -> None:
    _, _, chapter = PAGE.read_text(encoding="utf-8").partition("\n## Worked examples\n")
    titles = {line.removeprefix("### ") for line in chapter.splitlines() if line.startswith("### ")}
    run = {name.removeprefix("test_").replace("_", " ").capitalize() for name in globals() if name.startswith("test_")}
    assert titles <= run
    assert sum(len(examples(title)) for title in titles - {"Rounding", "Calendar"}) >= 40
