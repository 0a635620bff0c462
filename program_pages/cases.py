"""Golden cases: the worked examples that an edition carries, and whether it still computes them.

A case names every price it is computed with, so the catalogue and the price list are never asked: whoever holds the
edition and the case can compute it, a partner's ERP as well. Reads rows in memory, draft or stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from program_pages.as_of import malformed, read_day
from program_pages.calculator.asked import Asked
from program_pages.calculator.case_json import CaseIn, validate_request
from program_pages.calculator.deal_json import asked_of, deal_json
from program_pages.calculator.prices import PriceList
from program_pages.calculator.quote_json import quote_numbers
from program_pages.calculator.reading import Refused, Understood, read
from program_pages.rules.quote import quote
from program_pages.rules.terms import Terms

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A number that is another one than expected: of a line or a total, with both as they are written."""

    place: str
    expected: str
    computed: str

    def __str__(self) -> str:
        return _("%(place)s: ожидается %(expected)s, посчитано %(computed)s") % {
            "place": self.place,
            "expected": self.expected,
            "computed": self.computed,
        }


def day_of(request: dict[str, Any], terms: Terms) -> date:
    """The day a case is computed on: its own, or else the first one of its edition. Raises Refused."""
    written = request.get("on") or ""
    day = read_day(written) if written else terms.effective_from
    if day is None:
        raise Refused({"on": [malformed()]})
    if day < terms.effective_from:
        raise Refused({"on": [_("Этот день — раньше, чем начинает действовать редакция.")]})
    return day


def complete(request: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """A case's request with its day, so that nothing outside of it is needed. Raises Refused."""
    return request | {"on": day_of(request, terms).isoformat()}


def computed(request: dict[str, Any], terms: Terms) -> dict[str, Any]:
    """The numbers of a case under an edition, shaped as the API answers them. Raises Refused."""
    return quote_numbers(quote(terms, _understood(request, terms).request))


def mismatches(request: dict[str, Any], expected: dict[str, Any], terms: Terms) -> list[Mismatch]:
    """Where an edition computes something else than a case expects; none where they agree. Raises Refused."""
    return list(_mismatches(expected, computed(request, terms)))


def request_of(asked: Asked, terms: Terms, prices: PriceList) -> dict[str, Any]:
    """A case's request of a calculator's link: its prices written down, its day only where that decides (R79).

    Raises Refused where the link cannot be computed under the edition.
    """
    written = read(replace(asked, edition=""), terms, prices).asked
    over = terms.bonuses_are_over(prices.day)
    return deal_json(replace(written, on=prices.day.isoformat() if over else "", edition=""))


def _understood(request: dict[str, Any], terms: Terms) -> Understood:
    return read(asked_of(CaseIn.model_validate(request)), terms, PriceList(day_of(request, terms), {}))


# --- What differs ---


def _mismatches(expected: dict[str, Any], found: dict[str, Any]) -> Iterator[Mismatch]:
    lines = {line["key"]: line for line in found["lines"]}
    for line in expected.get("lines", ()):
        key = line["key"]
        if key not in lines:
            yield Mismatch(key, _("такая строка"), _("её нет"))
        else:
            yield from _differing(f"{key}.", line, lines[key])
    yield from _differing("totals.", expected.get("totals") or {}, found["totals"])
    if expected.get("bonus_licences") is not None and expected["bonus_licences"] != found["bonus_licences"]:
        yield Mismatch("bonus_licences", _said(expected["bonus_licences"]), _said(found["bonus_licences"]))
    if expected.get("rental"):
        yield from _differing("rental.", expected["rental"], found["rental"] or {})


def _differing(place: str, expected: dict[str, Any], found: dict[str, Any]) -> Iterator[Mismatch]:
    for name, value in expected.items():
        if value != found.get(name):
            yield Mismatch(f"{place}{name}", _said(value), _said(found.get(name)))


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {count}" for name, count in sorted(value.items())) or NOTHING
    return NOTHING if value is None else str(value)


# --- The cases of an edition ---


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that an edition does not compute as it expects; ``field`` is the one to mend."""

    case: Any  # the row
    why: str
    field: str = "expected"


def failures(cases: Iterable[Any], terms: Terms) -> Iterator[Failure]:
    """Every case (row) that cannot be computed under the terms, or comes to other numbers; one sentence each."""
    for case in cases:
        try:
            validate_request(case.request)
            found = mismatches(case.request, case.expected, terms)
        except ValidationError as error:
            yield Failure(case, " ".join(error.messages), "request")
        except Refused as error:
            yield Failure(case, refusal(error), "request")
        else:
            if found:
                yield Failure(case, "; ".join(map(str, found)) + ".")


def refusal(error: Refused) -> str:
    """Why a deal cannot be computed, field by field."""
    return " ".join(f"{field}: {sentence}" for field, sentences in error.problems.items() for sentence in sentences)
