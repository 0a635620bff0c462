"""What a deal may not be: every bad value names its field, its reason and its limit."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from program_pages.rules.deal import (
    MAX_LINES,
    MAX_MONTHS,
    MAX_QUANTITY,
    MAX_SPECIALISTS,
    MAX_SUM,
    MAX_UNIT_PRICE,
    BonusFacts,
    QuoteRequest,
    RentalRequest,
    problems,
)
from program_pages.rules.money import KOPECK, BadValue, Reason
from program_pages.rules.quote import quote

from .builders import SOURCE, make_request, with_line

STEP = Decimal("0.01")
RENTAL = RentalRequest("asoft-crm", 10, Decimal("900.00"), Decimal("12000.00"), Decimal("100000.00"))
GOOD = replace(
    make_request(),
    agreed_discount=Decimal(30),
    credit=Decimal(5),
    updates_share=Decimal(50),
    own_implementation=Decimal("1.00"),
    asoft_implementation=Decimal("1.00"),
    rental=RENTAL,
)

Fault = tuple[Reason, object]
NO_SUMS = {
    "-0.01": (Reason.TOO_SMALL, 0),
    "-0": (Reason.TOO_SMALL, 0),
    "NaN": (Reason.NOT_A_NUMBER, None),
    "Infinity": (Reason.NOT_A_NUMBER, None),
    "-Infinity": (Reason.NOT_A_NUMBER, None),
    "0.001": (Reason.TOO_PRECISE, STEP),
}


def values_of(limit: Decimal) -> Iterator[tuple[object, Fault]]:
    """Values that are no sum or percent up to a limit, each with what is said of it."""
    for text, said in NO_SUMS.items():
        yield Decimal(text), said
    yield limit + STEP, (Reason.TOO_LARGE, limit)
    yield Decimal("1e15"), (Reason.TOO_LARGE, limit)
    yield "12", (Reason.NOT_A_NUMBER, None)


def counts_of(fewest: int, most: int) -> Iterator[tuple[object, Fault]]:
    """Values that are no count within bounds, each with what is said of it."""
    yield fewest - 1, (Reason.TOO_SMALL, fewest)
    yield -5, (Reason.TOO_SMALL, fewest)
    yield most + 1, (Reason.TOO_LARGE, most)
    yield 10**15, (Reason.TOO_LARGE, most)
    yield 2.5, (Reason.NOT_WHOLE, None)
    yield Decimal(2), (Reason.NOT_WHOLE, None)
    yield True, (Reason.NOT_WHOLE, None)
    yield None, (Reason.NOT_WHOLE, None)


def with_field(**changes: object) -> QuoteRequest:
    return replace(GOOD, **changes)  # type: ignore[arg-type]


def with_fact(**changes: object) -> QuoteRequest:
    return replace(GOOD, bonus=replace(GOOD.bonus, **changes))  # type: ignore[arg-type]


def with_rental(**changes: object) -> QuoteRequest:
    return replace(GOOD, rental=replace(RENTAL, **changes))  # type: ignore[arg-type]


SLUGS = [(slug, (Reason.NOT_A_SLUG, None)) for slug in ("", "asoft:crm", "асофт", "a b", "asoft-crm\n")]
PERCENTS, SUMS, UNIT_PRICES = (list(values_of(limit)) for limit in (Decimal(100), MAX_SUM, MAX_UNIT_PRICE))
SHARES = [(value, said) for value, said in PERCENTS if said[0] is not Reason.TOO_PRECISE]
Change = Callable[..., QuoteRequest]
FIELDS: list[tuple[str, str, Change, Iterable[tuple[object, Fault]]]] = [
    ("client_discount", "client_discount", with_field, PERCENTS),
    ("agreed_discount", "agreed_discount", with_field, PERCENTS),
    ("bonus.credit", "credit", with_field, PERCENTS),
    ("updates_share", "updates_share", with_field, values_of(Decimal(50))),  # the level's own
    ("own_implementation", "own_implementation", with_field, SUMS),
    ("asoft_implementation", "asoft_implementation", with_field, SUMS),
    ("lines.0.product", "product", partial(with_line, GOOD), SLUGS),
    ("lines.0.quantity", "quantity", partial(with_line, GOOD), counts_of(1, MAX_QUANTITY)),
    ("lines.0.unit_price", "unit_price", partial(with_line, GOOD), UNIT_PRICES),
    ("lines.0.list_price", "list_price", partial(with_line, GOOD), UNIT_PRICES),
    ("lines.0.minimum_price", "minimum_price", partial(with_line, GOOD), UNIT_PRICES),
    ("bonus.reviews_share", "reviews_share", with_fact, SHARES),
    ("bonus.extra_specialists", "extra_specialists", with_fact, counts_of(0, MAX_SPECIALISTS)),
    ("rental.product", "product", with_rental, SLUGS),
    ("rental.seats", "seats", with_rental, counts_of(1, MAX_QUANTITY)),
    ("rental.months", "months", with_rental, counts_of(1, MAX_MONTHS)),
    ("rental.monthly_fee", "monthly_fee", with_rental, UNIT_PRICES),
    ("rental.unit_price", "unit_price", with_rental, UNIT_PRICES),
    ("rental.module_price", "module_price", with_rental, UNIT_PRICES),
]
BAD_VALUES = [
    pytest.param(change(**{name: value}), field, said, id=f"{field}-{number}")
    for field, name, change, values in FIELDS
    for number, (value, said) in enumerate(values)
]
BAD_LINES = [
    (replace(GOOD, lines=()), "lines", (Reason.TOO_FEW, 1)),
    (replace(GOOD, lines=GOOD.lines * (MAX_LINES + 1)), "lines", (Reason.TOO_MANY, MAX_LINES)),
    (replace(GOOD, lines=GOOD.lines * 10_000), "lines", (Reason.TOO_MANY, MAX_LINES)),
    (replace(GOOD, lines=GOOD.lines + with_line(GOOD, quantity=0).lines), "lines.1.quantity", (Reason.TOO_SMALL, 1)),
]


@pytest.mark.parametrize(("deal", "field", "said"), [*BAD_VALUES, *BAD_LINES])
def test_a_bad_deal_names_its_field_its_reason_and_its_limit(deal: QuoteRequest, field: str, said: Fault) -> None:
    with pytest.raises(BadValue) as refused:
        quote(SOURCE, deal)
    assert (refused.value.field, refused.value.reason, refused.value.limit) == (field, *said)


COMPETENCY, RETAIL = SOURCE.level("competency"), SOURCE.level("retail")


def test_every_problem_of_a_deal_is_named_in_the_order_of_its_fields() -> None:
    wrong = Decimal("NaN")
    deal = replace(
        with_line(GOOD, product="", quantity=0, unit_price=wrong, list_price=wrong, minimum_price=wrong),
        client_discount=wrong,
        agreed_discount=wrong,
        credit=wrong,
        updates_share=wrong,
        own_implementation=wrong,
        asoft_implementation=wrong,
        bonus=BonusFacts(reviews_share=wrong, extra_specialists=-1),
        rental=RentalRequest("", 0, wrong, wrong, wrong, 0),
    )
    assert [problem.field for problem in problems(deal, COMPETENCY)] == [
        "client_discount",
        "lines.0.product",
        "lines.0.quantity",
        "lines.0.unit_price",
        "lines.0.list_price",
        "lines.0.minimum_price",
        "agreed_discount",
        "bonus.credit",
        "updates_share",
        "bonus.reviews_share",
        "bonus.extra_specialists",
        "own_implementation",
        "asoft_implementation",
        "rental.product",
        "rental.seats",
        "rental.months",
        "rental.monthly_fee",
        "rental.unit_price",
        "rental.module_price",
    ]
    with pytest.raises(BadValue, match="^client_discount: "):
        quote(SOURCE, deal)


def test_of_too_many_lines_none_is_looked_at() -> None:
    deal = replace(GOOD, lines=with_line(GOOD, quantity=0).lines * (MAX_LINES + 1))
    assert [problem.field for problem in problems(deal, COMPETENCY)] == ["lines"]


def test_r33_a_level_without_a_share_of_updates_takes_any() -> None:
    deal = replace(GOOD, updates_share=Decimal(100))
    assert not list(problems(deal, RETAIL))
    assert [problem.limit for problem in problems(replace(deal, updates_share=Decimal(101)), RETAIL)] == [100]


def test_what_lies_within_the_limits_is_no_problem() -> None:
    least = with_line(GOOD, quantity=1, unit_price=Decimal(0), list_price=Decimal(0), minimum_price=Decimal(0))
    most = with_line(GOOD, quantity=MAX_QUANTITY, unit_price=MAX_UNIT_PRICE, product="Asoft_CRM-2")
    deals = [
        GOOD,
        make_request(),
        replace(least, client_discount=Decimal(0), bonus=BonusFacts(Decimal(0)), own_implementation=Decimal(0)),
        replace(most, client_discount=Decimal(100), lines=most.lines * MAX_LINES, asoft_implementation=MAX_SUM),
        with_fact(reviews_share=Decimal(200) / 3, extra_specialists=MAX_SPECIALISTS),
        with_fact(reviews_share=Decimal(100)),
        with_rental(seats=1, months=1, monthly_fee=Decimal(0), unit_price=MAX_UNIT_PRICE, module_price=None),
        with_rental(seats=MAX_QUANTITY, months=MAX_MONTHS, monthly_fee=MAX_UNIT_PRICE - KOPECK),
    ]
    assert [list(problems(deal, COMPETENCY)) for deal in deals] == [[]] * len(deals)
