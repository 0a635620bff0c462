"""A10: roubles, rounded to the kopeck on each line, and no number that is not money."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.money import (
    KOPECK,
    MAX_AMOUNT,
    BadValue,
    Reason,
    check_amount,
    check_percent,
    discounted,
    percent_of,
    rounded,
)
from program_pages.rules.terms import Rounding

HALF_UP, HALF_EVEN = Rounding.HALF_UP, Rounding.HALF_EVEN

kopecks = st.integers(min_value=0, max_value=10**17).map(lambda count: count * KOPECK)
points = st.integers(min_value=0, max_value=10_000).map(lambda count: Decimal(count) / 100)
modes = st.sampled_from(Rounding)


@pytest.mark.parametrize(
    ("amount", "rounding", "expected"),
    [
        ("0.004", HALF_UP, "0.00"),
        ("0.005", HALF_UP, "0.01"),
        ("0.015", HALF_UP, "0.02"),
        ("0.025", HALF_UP, "0.03"),
        ("0.0249999", HALF_UP, "0.02"),
        ("0.005", HALF_EVEN, "0.00"),
        ("0.015", HALF_EVEN, "0.02"),
        ("0.025", HALF_EVEN, "0.02"),
        ("0.0250001", HALF_EVEN, "0.03"),
        ("7", HALF_UP, "7.00"),
    ],
)
def test_a10_the_edition_says_how_half_a_kopeck_is_rounded(amount: str, rounding: Rounding, expected: str) -> None:
    assert str(rounded(Decimal(amount), rounding)) == expected


@given(kopecks)
def test_a10_half_a_kopeck_rounds_up_whatever_the_kopecks_before_it(amount: Decimal) -> None:
    assert rounded(amount + Decimal("0.005"), HALF_UP) == amount + KOPECK
    assert rounded(amount + Decimal("0.004999"), HALF_UP) == amount


@pytest.mark.parametrize(
    ("base", "percent", "of", "left"),
    [
        ("100000.00", "15", "15000.00", "85000.00"),  # R50, its first step
        ("85000.00", "20", "17000.00", "68000.00"),  # R50, its second step
        ("100.00", "2.5", "2.50", "97.50"),
        ("0.05", "10", "0.01", "0.05"),  # half a kopeck: both parts round up, 0.005 and 0.045
        ("99.99", "0", "0.00", "99.99"),
        ("99.99", "100", "99.99", "0.00"),
    ],
)
def test_a10_a_percent_of_a_sum_and_what_it_leaves(base: str, percent: str, of: str, left: str) -> None:
    assert str(percent_of(Decimal(base), Decimal(percent), HALF_UP)) == of
    assert str(discounted(Decimal(base), Decimal(percent), HALF_UP)) == left


@given(kopecks, points, modes)
def test_a10_a_sum_is_the_nearest_whole_kopeck(price: Decimal, percent: Decimal, rounding: Rounding) -> None:
    exact = price * (100 - percent) / 100
    left = discounted(price, percent, rounding)
    assert abs(left - exact) <= KOPECK / 2
    assert left % KOPECK == 0
    assert 0 <= left <= price


@given(kopecks, points, points, modes)
def test_more_discount_never_raises_a_price(price: Decimal, one: Decimal, other: Decimal, rounding: Rounding) -> None:
    less, more = sorted((one, other))
    assert discounted(price, more, rounding) <= discounted(price, less, rounding)
    assert percent_of(price, more, rounding) >= percent_of(price, less, rounding)


@given(kopecks, points)
def test_the_largest_sums_are_still_exact(price: Decimal, percent: Decimal) -> None:
    hundredths = int(price / KOPECK) * int((100 - percent) * 100)  # whole numbers cannot lose a digit
    assert discounted(price, percent, HALF_UP) == (hundredths + 5_000) // 10_000 * KOPECK


NO_SUMS = [
    ("-0.01", Reason.TOO_SMALL),
    ("-0", Reason.TOO_SMALL),
    ("NaN", Reason.NOT_A_NUMBER),
    ("sNaN", Reason.NOT_A_NUMBER),
    ("Infinity", Reason.NOT_A_NUMBER),
    ("-Infinity", Reason.NOT_A_NUMBER),
    ("1e400", Reason.TOO_LARGE),
    (str(MAX_AMOUNT + KOPECK), Reason.TOO_LARGE),
    ("0.001", Reason.TOO_PRECISE),
]
NO_PERCENTS = [
    ("-0.01", Reason.TOO_SMALL),
    ("NaN", Reason.NOT_A_NUMBER),
    ("Infinity", Reason.NOT_A_NUMBER),
    ("100.01", Reason.TOO_LARGE),
    ("101", Reason.TOO_LARGE),
    ("33.333", Reason.TOO_PRECISE),
]


@pytest.mark.parametrize(("value", "reason"), NO_SUMS)
def test_what_is_no_sum_is_refused_by_its_field(value: str, reason: Reason) -> None:
    for field, compute in (
        ("base", lambda amount: percent_of(amount, Decimal(1), HALF_UP)),
        ("price", lambda amount: discounted(amount, Decimal(1), HALF_UP)),
        ("fee", lambda amount: check_amount("fee", amount)),
    ):
        with pytest.raises(BadValue) as refused:
            compute(Decimal(value))
        assert (refused.value.field, refused.value.reason) == (field, reason)


@pytest.mark.parametrize(("value", "reason"), NO_PERCENTS)
def test_what_is_no_percent_is_refused_by_its_field(value: str, reason: Reason) -> None:
    for field, compute in (
        ("percent", lambda percent: percent_of(Decimal(1), percent, HALF_UP)),
        ("percent", lambda percent: discounted(Decimal(1), percent, HALF_UP)),
        ("share", lambda percent: check_percent("share", percent)),
    ):
        with pytest.raises(BadValue) as refused:
            compute(Decimal(value))
        assert (refused.value.field, refused.value.reason) == (field, reason)


@pytest.mark.parametrize("value", ["-0.001", "NaN", "Infinity", "1e18001"])
def test_what_is_no_sum_is_not_rounded(value: str) -> None:
    with pytest.raises(BadValue, match="^amount: "):
        rounded(Decimal(value), HALF_UP)


@pytest.mark.parametrize("value", [12.5, 12, "12", None])
def test_only_a_decimal_is_money(value: object) -> None:
    with pytest.raises(BadValue, match="^price: not_a_number$"):
        check_amount("price", value)  # type: ignore[arg-type]


def test_a_refusal_names_the_field_the_reason_and_the_limit() -> None:
    with pytest.raises(BadValue) as refused:
        check_percent("client_discount", Decimal(101))
    assert (refused.value.field, refused.value.reason, refused.value.limit) == ("client_discount", "too_large", 100)
    assert str(refused.value) == "client_discount: too_large (limit 100)"
    assert isinstance(refused.value, ValueError)
    assert refused.value.args == ("client_discount", Reason.TOO_LARGE, Decimal(100))  # what a log shows of it


def test_both_ends_of_the_bounds_are_money() -> None:
    check_amount("price", Decimal(0))
    check_amount("price", MAX_AMOUNT)
    check_percent("percent", Decimal(0))
    check_percent("percent", Decimal(100))


def test_a_limit_of_the_fields_own_is_held() -> None:
    for check in (check_amount, check_percent):
        check("field", Decimal(50), Decimal(50))
        with pytest.raises(BadValue, match=r"^field: too_large \(limit 50\)$"):
            check("field", Decimal("50.01"), Decimal(50))
