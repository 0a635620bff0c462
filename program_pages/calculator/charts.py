"""The drawing of a rental plan: where each bar stands; a template only writes it down. May not import models."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from program_pages.rules.money import WHOLE
from program_pages.rules.rental import RentalMonth, RentalPlan

HEIGHT = 100
STEP, BAR = 10, 7  # a month's width, and its bar's
THINNEST = Decimal(1)


@dataclass(frozen=True, slots=True)
class Bar:
    """The balance at the end of a month as a rectangle; below the line while money is still owed."""

    month: RentalMonth
    x: int
    y: Decimal
    height: Decimal
    pays_back: bool

    @property
    def owed(self) -> bool:
        """Whether the balance is below zero."""
        return self.month.balance < 0


@dataclass(frozen=True, slots=True)
class RentalChart:
    """Bars in a drawing ``width`` wide and HEIGHT high, with the line of zero at ``zero``."""

    bars: tuple[Bar, ...]
    width: int
    zero: Decimal
    bar: int = BAR
    height: int = HEIGHT

    @property
    def paid_back(self) -> Decimal | None:
        """How far along the month stands that pays back, in hundredths of the width; None where it is not drawn."""
        half = Decimal(self.bar) / 2
        return next((WHOLE * (bar.x + half) / self.width for bar in self.bars if bar.pays_back), None)


def rental_chart(plan: RentalPlan) -> RentalChart:
    """A plan's balance month by month, scaled to its largest income and debt."""
    balances = [month.balance for month in plan.months]
    top, bottom = max(*balances, Decimal(0)), min(*balances, Decimal(0))
    scale = HEIGHT / ((top - bottom) or Decimal(1))
    zero = top * scale
    return RentalChart(tuple(_bar(month, plan, scale, zero) for month in plan.months), STEP * len(plan.months), zero)


def _bar(month: RentalMonth, plan: RentalPlan, scale: Decimal, zero: Decimal) -> Bar:
    height = max(abs(month.balance) * scale, THINNEST)
    y = zero if month.balance < 0 else zero - height
    return Bar(month, STEP * (month.month - 1), y, height, month.month == plan.break_even_month)
