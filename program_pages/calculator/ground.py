"""What every quote of the API starts from, kept by the process for a moment: terms, price list, address of the page.

A quote is computed in a fraction of the time that finding its ground takes. What an editor changes reaches the API once
the moment is over (``program_pages.kept``); an answer always names the edition and the prices it used. May not
import pages.
"""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.translation import get_language

from program_pages.as_of import on_day
from program_pages.calculator import linked_edition
from program_pages.calculator.prices import PriceList, price_list
from program_pages.kept import keep
from program_pages.register import OpenReading, open_readings
from program_pages.rules.terms import Terms
from program_pages.shell import Shell
from program_pages.terms import terms_as_of


def terms_for(day: date, edition: str = "") -> Terms:
    """The edition that a link names, or else the one of a day as that day knew it. Raises NoEdition."""
    if edition:
        return keep(("edition", edition), lambda: linked_edition.found(edition))
    asked = on_day(day)
    return keep(("terms", asked), lambda: terms_as_of(asked).terms)


def prices_for(day: date) -> PriceList:
    """The price list of a day."""
    return keep(("prices", day), lambda: price_list(day))


def readings_for(day: date) -> tuple[OpenReading, ...]:
    """The readings that were undecided on a day."""
    return keep(("readings", day), lambda: open_readings(day))


def calculator_address(request: HttpRequest) -> str | None:
    """The whole address of the calculator in the reader's language, without a query; None while there is none."""
    return _address(request, "calculatorpage")


def terms_address(request: HttpRequest) -> str | None:
    """The whole address of the terms in the reader's language; None while there is none."""
    return _address(request, "termspage")


def _address(request: HttpRequest, model: str) -> str | None:
    key = ("address", model, request.get_host(), get_language())
    path = keep(key, lambda: Shell(request).addresses.get(model))
    return request.build_absolute_uri(path) if path else None
