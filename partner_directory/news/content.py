"""What an edition changes for one partner, as data that a row keeps and any language can say later (R83).

Percents are ``Decimal`` points, money is ``Decimal`` roubles; JSON holds both as text, so that nothing is rounded.
Pure Python beside ``program_pages.rules``: may not import Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from program_pages.rules.differences import Bound, Difference, Part, Unit, Value
from program_pages.rules.lines import LineKind
from program_pages.rules.terms import Text

Json = dict[str, Any]


class How(StrEnum):
    """What becomes of a clause."""

    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """A clause whose words change; ``number`` is its place in the new text, in the old one where it is gone."""

    code: str
    number: str
    how: How


@dataclass(frozen=True, slots=True)
class Agreed:
    """What holds for this partner instead of the programme's terms (R47, R82).

    ``until`` is its last day, None where it has none; ``holds`` says whether it does on the edition's first day.
    """

    kind: str
    number: str
    until: date | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Fixed:
    """A number that the edition changes for others and not for this partner: an agreement has fixed it (R82).

    ``programme`` is what the edition changes; ``own`` is what stays, to ``until``, both days included (None: no end).
    """

    programme: Difference
    own: Value
    until: date | None


@dataclass(frozen=True, slots=True)
class Amount:
    """A line's number: ``amount`` where it is exact, ``low`` to ``high`` for a range, none by agreement; in roubles."""

    kind: LineKind
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RedoneLine:
    """A line of the last sale under the terms until then and under the new ones; None where there is none of it."""

    key: str
    before: Amount | None
    after: Amount | None

    @property
    def is_changed(self) -> bool:
        """Whether the new terms change it."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class RedoneSale:
    """The partner's last sale, line by line; the partner's margin of it in roubles, before and after."""

    client: str
    product: Text
    sold_on: date
    lines: tuple[RedoneLine, ...]
    margin_before: Decimal
    margin_after: Decimal


@dataclass(frozen=True, slots=True)
class RedoneBonusLine:
    """A kind of bonus: its points as they were reckoned, and under the new terms; None where there is no such kind."""

    label: Text
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class RedoneBonus:
    """The last request for bonuses (its number), reckoned anew from the same facts; points after the ceiling (R75).

    ``worth_before`` and ``worth_after`` are roubles on a sale like the last one, None where there was none.
    """

    request: int
    asked_on: date
    lines: tuple[RedoneBonusLine, ...]
    before: Decimal
    after: Decimal
    worth_before: Decimal | None = None
    worth_after: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """All that one notice says.

    ``compared`` is the edition (its number) that the new one follows, with its name; ``level_is_gone`` where the new
    one has no such level. ``bonuses_until`` are the last days of the promotion (R79), where they differ;
    ``other_rules`` says that the programme is read otherwise (A2-A12), the currency or the VAT is another.
    """

    compared: int
    compared_name: Text
    level_is_gone: bool = False
    differences: tuple[Difference, ...] = ()
    fixed: tuple[Fixed, ...] = ()
    agreed: tuple[Agreed, ...] = ()
    clauses: tuple[ClauseChange, ...] = ()
    bonuses_until: tuple[date | None, date | None] | None = None
    other_rules: bool = False
    sale: RedoneSale | None = None
    bonus: RedoneBonus | None = None

    @property
    def touches(self) -> bool:
        """Whether the edition changes anything for this partner; words of clauses alone do not count.

        Nor does a bonus that comes out otherwise: it may have been reckoned under an edition before the last one.
        """
        return bool(self.level_is_gone or self.differences or self.fixed or self.bonuses_until or self.other_rules)

    def as_json(self) -> Json:
        """As a row keeps it; ``read`` makes the same of it again."""
        return {
            "compared": self.compared,
            "compared_name": _text_json(self.compared_name),
            "level_is_gone": self.level_is_gone,
            "differences": [_difference_json(each) for each in self.differences],
            "fixed": [
                {
                    "programme": _difference_json(each.programme),
                    "own": _value_json(each.own),
                    "until": _day_json(each.until),
                }
                for each in self.fixed
            ],
            "agreed": [
                {"kind": each.kind, "number": each.number, "until": _day_json(each.until), "holds": each.holds}
                for each in self.agreed
            ],
            "clauses": [{"code": each.code, "number": each.number, "how": str(each.how)} for each in self.clauses],
            "bonuses_until": [_day_json(day) for day in self.bonuses_until] if self.bonuses_until else None,
            "other_rules": self.other_rules,
            "sale": _sale_json(self.sale) if self.sale else None,
            "bonus": _bonus_json(self.bonus) if self.bonus else None,
        }


def read(kept: Mapping[str, Any]) -> Content:
    """What a row keeps."""
    days = kept["bonuses_until"]
    return Content(
        compared=kept["compared"],
        compared_name=Text(**kept["compared_name"]),
        level_is_gone=kept["level_is_gone"],
        differences=tuple(_difference(each) for each in kept["differences"]),
        fixed=tuple(
            Fixed(_difference(each["programme"]), _value(each["own"]), _day(each["until"])) for each in kept["fixed"]
        ),
        agreed=tuple(Agreed(**each | {"until": _day(each["until"])}) for each in kept["agreed"]),
        clauses=tuple(ClauseChange(**each | {"how": How(each["how"])}) for each in kept["clauses"]),
        bonuses_until=(_day(days[0]), _day(days[1])) if days else None,
        other_rules=kept["other_rules"],
        sale=_sale(kept["sale"]) if kept["sale"] else None,
        bonus=_bonus(kept["bonus"]) if kept["bonus"] else None,
    )


# --- To JSON ---


def _difference_json(difference: Difference) -> Json:
    return {
        "part": str(difference.part),
        "key": difference.key,
        "unit": str(difference.unit),
        "before": _value_json(difference.before),
        "after": _value_json(difference.after),
        "title": _text_json(difference.title),
    }


def _value_json(value: Value) -> Any:
    if isinstance(value, Text):
        return _text_json(value)
    if isinstance(value, Bound):
        return {"threshold": _number_json(value.threshold), "strict": value.strict}
    return _number_json(value) if isinstance(value, Decimal) else value


def _text_json(text: Text) -> Json:
    return {"ru": text.ru, "en": text.en}


def _number_json(number: Decimal | None) -> str | None:
    return None if number is None else f"{number:f}"


def _day_json(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _amount_json(amount: Amount | None) -> Json | None:
    if amount is None:
        return None
    numbers = {name: _number_json(getattr(amount, name)) for name in ("amount", "low", "high")}
    return {"kind": str(amount.kind), **numbers}


def _sale_json(sale: RedoneSale) -> Json:
    return {
        "client": sale.client,
        "product": _text_json(sale.product),
        "sold_on": sale.sold_on.isoformat(),
        "lines": [
            {"key": line.key, "before": _amount_json(line.before), "after": _amount_json(line.after)}
            for line in sale.lines
        ],
        "margin_before": _number_json(sale.margin_before),
        "margin_after": _number_json(sale.margin_after),
    }


def _bonus_json(bonus: RedoneBonus) -> Json:
    numbers = {name: _number_json(getattr(bonus, name)) for name in ("before", "after", "worth_before", "worth_after")}
    return {
        "request": bonus.request,
        "asked_on": bonus.asked_on.isoformat(),
        "lines": [
            {"label": _text_json(line.label), "before": _number_json(line.before), "after": _number_json(line.after)}
            for line in bonus.lines
        ],
        **numbers,
    }


# --- And back ---


def _difference(kept: Mapping[str, Any]) -> Difference:
    return Difference(
        part=Part(kept["part"]),
        key=kept["key"],
        unit=Unit(kept["unit"]),
        before=_value(kept["before"]),
        after=_value(kept["after"]),
        title=Text(**kept["title"]),
    )


def _value(kept: Any) -> Value:
    if isinstance(kept, str):
        return Decimal(kept)
    if isinstance(kept, dict):
        return Text(**kept) if "ru" in kept else Bound(_number(kept["threshold"]), kept["strict"])
    return kept  # type: ignore[no-any-return] # a count, yes or no, nothing


def _number(kept: str | None) -> Decimal | None:
    return None if kept is None else Decimal(kept)


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None


def _amount(kept: Mapping[str, Any] | None) -> Amount | None:
    if kept is None:
        return None
    return Amount(LineKind(kept["kind"]), *(_number(kept[name]) for name in ("amount", "low", "high")))


def _sale(kept: Mapping[str, Any]) -> RedoneSale:
    return RedoneSale(
        client=kept["client"],
        product=Text(**kept["product"]),
        sold_on=date.fromisoformat(kept["sold_on"]),
        lines=tuple(RedoneLine(each["key"], _amount(each["before"]), _amount(each["after"])) for each in kept["lines"]),
        margin_before=Decimal(kept["margin_before"]),
        margin_after=Decimal(kept["margin_after"]),
    )


def _bonus(kept: Mapping[str, Any]) -> RedoneBonus:
    return RedoneBonus(
        request=kept["request"],
        asked_on=date.fromisoformat(kept["asked_on"]),
        lines=tuple(
            RedoneBonusLine(Text(**each["label"]), _number(each["before"]), _number(each["after"]))
            for each in kept["lines"]
        ),
        before=Decimal(kept["before"]),
        after=Decimal(kept["after"]),
        worth_before=_number(kept["worth_before"]),
        worth_after=_number(kept["worth_after"]),
    )
