"""The shape of a golden case: a deal that names every price, and the numbers expected of it.

The deal is the API's own (``deal_json.QuoteIn``); what is expected is a part of the API's answer: each line by its key
and whatever numbers of it matter, and any totals. What a case does not name it does not check. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as ShapeError

from program_pages.calculator.deal_json import LineIn, Numeral, QuoteIn, RentalIn
from program_pages.rules.deal import QuoteSection
from program_pages.rules.lines import BonusStatus, LineKind

Money = Annotated[str, StringConstraints(pattern=r"^-?\d+\.\d\d$")]
WRITTEN = re.compile(r"\d+(\.\d{1,2})?\Z|\d+/\d+\Z")  # as a case writes a number; 8/10 are reviews of implementations
NUMERALS = frozenset(
    {
        *("client_discount", "agreed_discount", "updates_share", "own_implementation", "asoft_implementation"),
        *("unit_price", "list_price", "minimum_price", "monthly_fee", "module_price", "reviews_share", "credit"),
    }
)


class Strict(BaseModel):
    """A part of what is expected: a name that is not known is a mistake, never passed over."""

    model_config = ConfigDict(extra="forbid")


class CaseLineIn(LineIn):
    """So many licences of a product, with the prices that the list has in this case."""

    list_price: Numeral = Field(description="What a licence costs on the list")
    minimum_price: Numeral | None = Field(None, description="The minimum price; none where the list has none (A3)")


class CaseRentalIn(RentalIn):
    """Licences rented out, with their price."""

    list_price: Numeral = Field(description="What one licence costs on the list")
    module_price: Numeral | None = Field(None, description="The price of the module; none where the list has none")


class CaseIn(QuoteIn):
    """A deal that needs no price list; ``on`` is the first day of its edition where it is left out."""

    lines: list[CaseLineIn]  # type: ignore[assignment] # each line says more than the API asks
    rental: CaseRentalIn | None = None


class ExpectedLine(Strict):
    """What a line must be, found by its key; null says that it has no such number."""

    key: str
    section: Literal[tuple(section.value for section in QuoteSection)] | None = None  # type: ignore[valid-type]
    kind: Literal[tuple(kind.value for kind in LineKind)] | None = None  # type: ignore[valid-type]
    status: Literal[tuple(status.value for status in BonusStatus)] | None = None  # type: ignore[valid-type]
    amount: Money | None = None
    low: Money | None = None
    high: Money | None = None
    base: Money | None = None
    percent: Money | None = None
    clause: str | None = None


class ExpectedTotals(Strict):
    """Any of the totals of a quote."""

    list_total: Money | None = None
    client_total: Money | None = None
    partner_pays: Money | None = None
    partner_margin: Money | None = None
    discount_points: Money | None = None
    bonus_points: Money | None = None
    combined_points: Money | None = None
    cut_points: Money | None = None
    next_sale_bonus_value: Money | None = None
    partner_income: Money | None = None


class ExpectedRental(Strict):
    """What renting out must come to."""

    first_year_cost: Money | None = None
    income: Money | None = None
    result: Money | None = None
    break_even_month: int | None = None


class Expected(Strict):
    """What a case expects: what it does not name it does not check."""

    lines: list[ExpectedLine] = Field([], description="Lines by their key, each with the numbers that matter")
    totals: ExpectedTotals = ExpectedTotals()
    bonus_licences: dict[str, int] | None = Field(None, description="Licences the bonus pays for instead (R77)")
    rental: ExpectedRental | None = None


def validate_request(value: Any) -> None:
    """Passes a deal that names every price, in numbers written alike everywhere. Raises ValidationError."""
    faults = list(_faults(CaseIn, value))
    if isinstance(value, dict) and not faults:
        faults += _written_otherwise(value)
    _refuse(faults)


def validate_expected(value: Any) -> None:
    """Passes what a case may expect, which is something. Raises ValidationError."""
    faults = list(_faults(Expected, value))
    if not faults and not any(value.get(part) for part in ("lines", "totals", "rental", "bonus_licences")):
        faults.append(_("Ничего не ожидается: назовите хотя бы одну строку или итог."))
    _refuse(faults)


def _refuse(faults: list[str]) -> None:
    if faults:
        raise ValidationError(faults)


def _faults(shape: type[BaseModel], value: Any) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _("Нужен объект JSON: { … }.")
        return
    try:
        shape.model_validate(value)
    except ShapeError as error:
        for item in error.errors():
            place = ".".join(map(str, item["loc"]))
            yield f"{place}: {_sentence(item['type'])}"


def _sentence(kind: str) -> str:
    return {
        "missing": _("это поле обязательно."),
        "extra_forbidden": _("такого поля нет."),
        "literal_error": _("такого значения нет."),
        "string_pattern_mismatch": _("нужно число с двумя знаками после точки, например 12000.00."),
    }.get(kind, _("значение не подходит."))


def _written_otherwise(value: dict[str, Any], place: str = "") -> Iterator[str]:
    """Numbers that a reader of another language could take for others."""
    for name, part in value.items():
        where = f"{place}{name}"
        if isinstance(part, dict):
            yield from _written_otherwise(part, f"{where}.")
        elif isinstance(part, list):
            for index, row in enumerate(part):
                if isinstance(row, dict):
                    yield from _written_otherwise(row, f"{where}.{index}.")
        elif name in NUMERALS and part is not None and not WRITTEN.match(str(part)):
            yield f"{where}: " + _("в примере число пишется с точкой и без пробелов, например 12000.50.")
