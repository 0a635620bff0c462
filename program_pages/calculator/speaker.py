"""Says the lines of a quote in the reader's language: the words of ``wording`` with the values of the rules.

May not import models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.calculator import wording
from program_pages.rules.advice import Step
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.terms import Terms, Text

Value = Decimal | int | str

_MONEY = frozenset(
    {
        *("unit_price", "list_price", "client_price", "partner_price", "monthly_fee"),
        *("amount", "value", "base", "full", "minimum", "price", "lowest", "highest", "cost", "income", "result"),
    }
)
_PERCENT = frozenset(
    {
        *("discount", "client_discount", "ceiling", "asked", "cut", "granted", "credit"),
        *("percent", "most", "cap", "threshold", "share", "points"),
    }
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says the lines of quotes under one edition in the current language; ``products`` are names by code (slug)."""

    terms: Terms
    products: Mapping[str, Text]
    language: str = field(default_factory=lambda: get_language() or "ru")
    _sums: dict[Decimal, str] = field(default_factory=dict, repr=False, compare=False)  # a sum stands in many lines

    def money(self, amount: Decimal) -> str:
        """A sum in the edition's currency."""
        text = self._sums.get(amount)
        if text is None:
            text = self._sums[amount] = formats.money(amount, self.language, self.terms.currency)
        return text

    def percent(self, points: Decimal) -> str:
        """Points as a percentage."""
        return formats.percent(points, self.language)

    def share(self, points: Decimal) -> str:
        """A share of reviews, so exact that it is seen on which side of a threshold it lies."""
        return formats.exact_percent(points, self.language)

    def product(self, slug: str) -> str:
        """A product's name, or its code where the catalogue no longer has it."""
        name = self.products.get(slug)
        return said(name) if name else slug

    def label(self, line: Line) -> str:
        """What a line is called."""
        return self.label_of(line.key)

    def label_of(self, key: str) -> str:
        """What the line with a key is called."""
        kind, _colon, rest = key.partition(":")
        if kind == "licences":
            return self.product(rest.partition(":")[0])
        if kind == "own_use":
            return wording.label(kind, self.language) % {"product": self.product(rest.partition(":")[0])}
        if kind == "bonus":
            return self.bonus_label(rest)
        return wording.label(kind, self.language)

    def bonus_label(self, kind: str) -> str:
        """What a kind of bonus is called; an editor's own by its title."""
        bonus = self.terms.bonus_kinds[kind][0]
        return wording.bonus_label(bonus.measure, self.language) or said(bonus.title)

    def amount(self, line: Line) -> str:
        """A line's number as it is printed: a sum, a range, or words where there is none."""
        if line.kind is LineKind.BY_AGREEMENT:
            return _("по договорённости")
        if line.kind is LineKind.NOT_AVAILABLE:
            return str(wording.STATUSES[line.status]) if line.status else _("нет")
        if line.kind is LineKind.RANGE and line.low is not None and line.high is not None:
            return _("от %(low)s до %(high)s") % {"low": self.money(line.low), "high": self.money(line.high)}
        return self.money(line.amount or Decimal(0))

    def explained(self, explanation: Explanation) -> str:
        """How a line came about, as a sentence."""
        return wording.sentence(explanation.key, self.language) % _Words(self, explanation)

    def step(self, step: Step) -> str:
        """What to do for more, as a sentence."""
        sentence = wording.STEPS[step.kind](step.count)
        return sentence % {
            "count": formats.number(step.count, self.language),
            "share_from": "" if step.share_from is None else self.share(step.share_from),
            "share_to": "" if step.share_to is None else self.share(step.share_to),
            "bound": self.bound(step.bonus),
        }

    def word(self, name: str, value: Value) -> str:
        """A value of an explanation as it is said."""
        if name in _MONEY:
            return self.money(Decimal(value))
        if name == "share":
            return self.share(Decimal(value))
        if name in _PERCENT:
            return self.percent(Decimal(value))
        if name == "product":
            return self.product(str(value))
        if name == "last":
            return formats.day(date.fromisoformat(str(value)), self.language)
        return wording.counted(name, value, self.language) if isinstance(value, int) else str(value)

    def bound(self, key: str) -> str:
        """The threshold of a bonus (its key) on shares, in words."""
        bonus = next(bonus for bonus in self.terms.bonuses if bonus.key == key)
        more = bonus.strict or bonus.threshold is None
        words = _("больше %(threshold)s") if more else _("не меньше %(threshold)s")
        return words % {"threshold": self.percent(bonus.threshold or Decimal(0))}

    def in_licences(self, values: Mapping[str, Value]) -> str:
        """How many licences of which products a bonus pays for."""
        counts = {name.partition(":")[2]: int(value) for name, value in values.items() if name.startswith("licences:")}
        enough = {product: count for product, count in counts.items() if count}
        if not enough:
            return _("на целую лицензию пока не хватает")
        return f" {_('или')} ".join(
            f"{self.product(product)} — {self.word('quantity', n)}" for product, n in enough.items()
        )


class _Words(dict[str, str]):
    """The values of an explanation as its sentence says them, each only when the sentence names it."""

    def __init__(self, speaker: Speaker, explanation: Explanation) -> None:
        super().__init__()
        self.speaker = speaker
        self.explanation = explanation

    def __missing__(self, name: str) -> str:
        values = self.explanation.values
        if name in values:
            return self.speaker.word(name, values[name])
        if name == "bound":
            return self.speaker.bound(str(values["bonus"]))
        if self.explanation.key is ExplanationKey.BONUS_VALUE:
            return self.speaker.in_licences(values)
        return self.speaker.word("quantity", values["count"])  # so many licences to show
