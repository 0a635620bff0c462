"""Numbers, money and days as each language writes them, by Babel.

Percent is a ``Decimal`` in points, money a ``Decimal`` with its ISO currency. May not import models.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from babel.core import Locale
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern

NO_BREAK_SPACE = "\u00a0"
MINUS = "\u2212"
KOPECK = Decimal("0.01")
FORMULA = re.compile(r"^[=+\-@\t\r\n]")  # what a spreadsheet would run
BYTE_ORDER_MARK = "\ufeff"  # by it spreadsheets know that a file is UTF-8

# Babel's own English pattern glues the code to the number ("RUB1,234").
_MONEY = {"ru": "#,##0.00\u00a0¤", "en": "¤#,##0.00"}
_WHOLE_MONEY = {"ru": "#,##0\u00a0¤", "en": "¤#,##0"}
_SIGNS = {"RUB": "₽"}


def language_of(code: str | None) -> str:
    """The interface language for a language code: English for any English, otherwise Russian."""
    return "en" if (code or "").startswith("en") else "ru"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language_of(language))


@cache
def _pattern(text: str) -> NumberPattern:
    return parse_pattern(text)


@lru_cache(maxsize=1024)  # percents and counts are few, and said again and again
def number(value: Decimal | int, language: str) -> str:
    """A number with the language's separators and no needless zeros: «2,5», "2.5"."""
    text: str = _pattern("#,##0.##").apply(value, _locale(language))
    return text


def percent(points: Decimal, language: str) -> str:
    """Points as a percentage: «10 %» with a no-break space in Russian, "10%" in English."""
    gap = NO_BREAK_SPACE if language_of(language) == "ru" else ""
    return f"{number(points, language)}{gap}%"


def exact_percent(points: Decimal, language: str) -> str:
    """Points as a percentage with as many as four decimals: «75,0006 %»."""
    gap = NO_BREAK_SPACE if language_of(language) == "ru" else ""
    return f"{_pattern('#,##0.####').apply(points, _locale(language))}{gap}%"


def points(value: Decimal, language: str) -> str:
    """Bonus points with their sign: «+2,5 %», "+2.5%"."""
    return f"+{percent(value, language)}"


@lru_cache(maxsize=1024)  # one answer says an amount in several sentences, and prices are few
def money(amount: Decimal, language: str, currency: str = "RUB") -> str:
    """Money to the kopeck, or without kopecks where it is whole: «1 234 567,50 ₽», "₽1,234,567.50", «−5 ₽»."""
    rounded = amount.quantize(KOPECK, rounding=ROUND_HALF_UP)
    whole = rounded == rounded.to_integral_value()
    pattern = (_WHOLE_MONEY if whole else _MONEY)[language_of(language)]
    sign = _SIGNS.get(currency)
    apply = _pattern(pattern if sign is None else pattern.replace("¤", f"'{sign}'")).apply
    text: str = apply(rounded, _locale(language), currency=currency, currency_digits=False)
    return text.replace("-", MINUS)


def day(value: date, language: str) -> str:
    """A date in words: «1 января 2026 г.», "1 January 2026"."""
    if language_of(language) == "ru":
        return format_date(value, format="d\u00a0MMMM y\u00a0'г'.", locale="ru")
    return format_date(value, format="d\u00a0MMMM\u00a0y", locale="en_GB")


def day_of_year(value: date, language: str) -> str:
    """A day without its year: «1 ноября», "1 November"."""
    return format_date(value, format="d\u00a0MMMM", locale="ru" if language_of(language) == "ru" else "en_GB")


def safe_text(value: Any) -> Any:
    """A text that a spreadsheet would take for a formula, made a plain text; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value
