"""Invents numbers of companies that do not exist and yet pass every check: ИНН and ОГРН.

``serial`` (7 digits) tells companies of a region apart. It begins with the number of a tax office: none is numbered 00
or from 80 on, so no company has these numbers.
"""

from __future__ import annotations

from stdnum.ru import inn, ogrn

SERIALS = 10_000_000


def inn_of(region: str, serial: int) -> str:
    """The ИНН of a company registered in a region; empty outside Russia, where there is none."""
    if not region.isdecimal():
        return ""
    body = f"{region}{serial:07}"
    return body + inn.calc_company_check_digit(body)


def ogrn_of(region: str, serial: int, year: int) -> str:
    """The ОГРН of a company registered in a region in a year; empty outside Russia."""
    if not region.isdecimal():
        return ""
    body = f"1{year % 100:02}{region}{serial:07}"
    return body + ogrn.calc_check_digit(f"{body}0")  # it looks at all digits but the last
