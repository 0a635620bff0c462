"""Numbers as Russians and the English write them: «12 000,50», "12,000.50". May not import models.

One mark alone is a decimal mark, except where it can only part thousands: in English "12,000", in any
language "1,234,567". What is ambiguous is read as finer than a kopeck and refused, never guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from program_pages.formats import language_of

LONGEST = 40  # characters; a longer number is not a number of a deal

_SPACES = dict.fromkeys(map(ord, " \t\u00a0\u2007\u2009\u202f'’"), None)
_UNITS = re.compile(r"(?:%|[₽$€₸]|руб(?:\.|ль|ля|лей)?|р\.|RUB|BYN|KZT|USD|EUR)\Z", re.IGNORECASE)
_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\Z")
_COUNT = re.compile(r"[+-]?[0-9]+\Z")
_THOUSANDS = {mark: re.compile(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(mark)}[0-9]{{3}})+\Z") for mark in ",."}


def read_decimal(text: str, language: str) -> Decimal:
    """A number with as many decimals as were written; spaces, a sign of per cent or of a currency are passed over.

    Raises ValueError for what is no number.
    """
    bare = _bare(text)
    comma, dot = bare.count(","), bare.count(".")
    if comma and dot:
        mark = max(",.", key=bare.rindex)
        whole, _mark, decimals = bare.rpartition(mark)
        if mark in whole or not _THOUSANDS["," if mark == "." else "."].fullmatch(whole):
            raise ValueError(text)
        return _plain(f"{re.sub('[,.]', '', whole)}.{decimals}", text)
    for mark, count in ((",", comma), (".", dot)):
        parts_thousands = count > 1 or (count and mark == "," and language_of(language) == "en")
        if parts_thousands and _THOUSANDS[mark].fullmatch(bare):
            return _plain(bare.replace(mark, ""), text)
    return _plain(bare.replace(",", "."), text)


def read_count(text: str) -> int:
    """A whole number, however its thousands are parted. Raises ValueError for anything else."""
    bare = _bare(text)
    for mark in ",.":
        if _THOUSANDS[mark].fullmatch(bare):
            bare = bare.replace(mark, "")
    if not _COUNT.fullmatch(bare):
        raise ValueError(text)
    return int(bare)


def decimals_of(number: Decimal) -> int:
    """How many decimals a number was written with."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _bare(text: str) -> str:
    if len(text) > LONGEST:
        raise ValueError(text[:LONGEST])
    return _UNITS.sub("", text.translate(_SPACES).replace("−", "-"))


def _plain(bare: str, text: str) -> Decimal:
    if not _PLAIN.fullmatch(bare):
        raise ValueError(text)
    return Decimal(bare)
