"""Numbers are read as Russians and the English write them, and what is ambiguous is refused, never guessed."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages import formats
from program_pages.calculator.numerals import decimals_of, read_count, read_decimal

amounts = st.integers(0, 10**17).map(lambda kopecks: Decimal(kopecks) / 100)


@pytest.mark.parametrize(
    ("text", "language", "number"),
    [
        ("12000", "ru", "12000"),
        ("12 000,50", "ru", "12000.50"),
        ("12\u00a0000,50\u00a0₽", "ru", "12000.50"),
        ("12\u202f000,5", "ru", "12000.5"),
        ("12,000.50", "ru", "12000.50"),
        ("12,000.50", "en", "12000.50"),
        ("12.000,50", "ru", "12000.50"),
        ("1,234,567", "ru", "1234567"),
        ("1.234.567", "en", "1234567"),
        ("12,000", "en", "12000"),
        ("12,5", "en", "12.5"),
        ("12,5 %", "ru", "12.5"),
        ("15%", "en", "15"),
        ("₽12", "ru", None),
        ("12 руб.", "ru", "12"),
        ("1'000.00", "en", "1000.00"),
        (".5", "en", "0.5"),
        ("−5", "ru", "-5"),
        ("+7", "ru", "7"),
        ("", "ru", None),
        ("много", "ru", None),
        ("NaN", "ru", None),
        ("Infinity", "en", None),
        ("1e400", "en", None),
        ("0x10", "en", None),
        ("1,23,456", "en", None),
        ("1.2.3", "ru", None),
        ("1,2,3.4", "en", None),
        ("12.34,56.78", "ru", None),
        ("1_000", "en", None),
        ("١٢", "ru", None),
        ("12\n; DROP TABLE", "ru", None),
        ("9" * 41, "ru", None),
    ],
)
def test_a_number_is_read_in_both_writings(text: str, language: str, number: str | None) -> None:
    if number is None:
        with pytest.raises(ValueError, match=r"\A"):
            read_decimal(text, language)
    else:
        assert read_decimal(text, language) == Decimal(number)


@pytest.mark.parametrize(("text", "language"), [("12,000", "ru"), ("12.000", "ru"), ("12.000", "en")])
def test_what_may_be_thousands_or_thousandths_keeps_three_decimals_and_so_is_refused(text: str, language: str) -> None:
    assert decimals_of(read_decimal(text, language)) == 3


@given(amounts, st.sampled_from(["ru", "en"]))
def test_what_the_site_prints_it_reads(amount: Decimal, language: str) -> None:
    printed = formats.money(amount, language).replace("₽", "")

    assert read_decimal(printed, language) == amount


@given(st.text(max_size=60), st.sampled_from(["ru", "en"]))
def test_any_text_is_a_finite_number_or_none(text: str, language: str) -> None:
    try:
        number = read_decimal(text, language)
    except ValueError:
        return
    assert number.is_finite()


@pytest.mark.parametrize(
    ("text", "number"), [("10", 10), ("1 000", 1000), ("1,000", 1000), ("1.000.000", 1_000_000), ("-3", -3)]
)
def test_a_count_is_whole_however_its_thousands_are_parted(text: str, number: int) -> None:
    assert read_count(text) == number


@pytest.mark.parametrize("text", ["", "2,5", "1.5", "ten", "1e3", "NaN", "9" * 50])
def test_what_is_no_count_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\A"):
        read_count(text)
