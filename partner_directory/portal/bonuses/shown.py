"""Reckonings and the ledger as pages show them: in the reader's language, ready to be written down.

May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import get_language

from partner_directory.models.bonus import LedgerEntry, LedgerTransaction, Unit
from partner_directory.models.partner import Partner
from program_pages.calculator.wording import STATUSES
from program_pages.formats import language_of
from program_pages.rules.lines import BonusStatus
from program_pages.rules.money import NOTHING

_TONES = {BonusStatus.APPLIES: "good", BonusStatus.DOES_NOT_APPLY: "warn", BonusStatus.NOT_APPLICABLE: "plain"}


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One kind of bonus of a reckoning."""

    label: str
    sentence: str
    status: str
    tone: str
    points: Decimal
    clause: str
    evidence: tuple[Mapping[str, Any], ...]


def shown_lines(lines: Iterable[Mapping[str, Any]]) -> list[ShownLine]:
    """The lines of a reckoning, or those a request has kept, in the reader's language."""
    return [_line(line) for line in lines]


def _line(line: Mapping[str, Any]) -> ShownLine:
    status = BonusStatus(line["status"])
    return ShownLine(
        label=_said(line["label"]),
        sentence=_said(line["sentence"]),
        status=str(STATUSES[status]),
        tone=_TONES[status],
        points=Decimal(line["points"]),
        clause=line["clause"],
        evidence=tuple(line["evidence"]),
    )


def _said(texts: Mapping[str, str]) -> str:
    return texts.get(language_of(get_language())) or texts.get("ru", "")


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One happening: how many points came or went, what that brought, and the points left after it."""

    at: datetime
    what: str
    about: str
    points: Decimal
    roubles: Decimal
    licences: int
    balance: Decimal


def statement_of(partner: Partner, recorded_by: datetime | None = None) -> list[StatementRow]:
    """A partner's ledger, the latest first; two queries. As it stood before a moment, where one is given."""
    entries = Prefetch("entries", LedgerEntry.objects.order_by("pk"))
    happenings = LedgerTransaction.objects.filter(partner=partner).select_related("sale").order_by("at", "pk")
    if recorded_by is not None:
        happenings = happenings.filter(at__lt=recorded_by)
    rows: list[StatementRow] = []
    balance = NOTHING
    for happening in happenings.prefetch_related(entries):
        moved = {(entry.account, entry.unit): entry.amount for entry in happening.entries.all()}
        points = moved.get((LedgerEntry.Account.PARTNER, Unit.POINTS), NOTHING)
        balance += points
        rows.append(
            StatementRow(
                at=happening.at,
                what=happening.get_kind_display(),
                about=str(happening.sale) if happening.sale else happening.note,
                points=points,
                roubles=moved.get((LedgerEntry.Account.USED, Unit.ROUBLES), NOTHING),
                licences=int(moved.get((LedgerEntry.Account.USED, Unit.LICENCES), NOTHING)),
                balance=balance,
            )
        )
    return rows[::-1]
