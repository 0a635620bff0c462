"""The end of the year rehearsed: who would renew on a day, who would fall and why; nothing is written.

May not import actions or views.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from io import StringIO

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.models.membership import Membership, MembershipQuerySet
from partner_directory.year.renewal import Readiness, readiness_of
from partner_directory.year.words import reasons
from program_pages.bilingual import said
from program_pages.formats import safe_text


class Outcome(StrEnum):
    """What would become of a membership."""

    RENEWED = "renewed"
    RENEWS = "renews"
    FALLS = "falls"


OUTCOMES: dict[Outcome, str | Promise] = {
    Outcome.RENEWED: gettext_lazy("уже продлено"),
    Outcome.RENEWS: gettext_lazy("может продлить"),
    Outcome.FALLS: gettext_lazy("выпадет"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One membership, and what would become of it."""

    membership: Membership
    readiness: Readiness

    @property
    def outcome(self) -> Outcome:
        """What would become of it if nothing more were done."""
        if self.readiness.is_renewed:
            return Outcome.RENEWED
        return Outcome.RENEWS if self.readiness.meets_conditions else Outcome.FALLS

    @property
    def outcome_label(self) -> str:
        """The same in words."""
        return str(OUTCOMES[self.outcome])

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it would fall."""
        return tuple(reasons(self.readiness)) if self.outcome is Outcome.FALLS else ()

    @property
    def cells(self) -> tuple[str, ...]:
        """The row as a table has it: partner, ИНН, level, outcome, why."""
        partner = self.membership.partner
        why = "; ".join(self.reasons)
        return str(partner), partner.inn, said(self.membership.level.short_name), self.outcome_label, why


def memberships_on(day: date) -> MembershipQuerySet:
    """The memberships whose year would end: those of the day, as they stand in the book now."""
    held = Membership.objects.filter(year=day.year, starts__lte=day, until__gte=day).exclude(
        state=Membership.State.ENDED
    )
    return held.with_renewal().select_related("partner", "level", "edition").order_by("partner__name_ru", "pk")


def rehearse(memberships: Iterable[Membership], day: date) -> list[Row]:
    """What would become of each on a day, in their order; a constant number of queries."""
    rows = list(memberships)
    found = readiness_of(rows, day)
    return [Row(row, found[row.pk]) for row in rows]


def headings() -> tuple[str, ...]:
    """The columns of the table."""
    return _("Партнёр"), _("ИНН"), _("Уровень"), _("Исход"), _("Почему")


def as_csv(rows: Iterable[Row]) -> str:
    """The table for a spreadsheet, without formulas."""
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(headings())
    writer.writerows([safe_text(cell) for cell in row.cells] for row in rows)
    return file.getvalue()


def as_table(rows: Sequence[Row]) -> str:
    """The table for a screen: columns as wide as their widest cell, the last as long as it is."""
    table = [headings(), *(row.cells for row in rows)]
    widths = [max(len(cells[place]) for cells in table) for place in range(len(table[0]) - 1)]
    return "\n".join(_line(cells, widths) for cells in table)


def summary(rows: Iterable[Row]) -> str:
    """How many of each outcome."""
    counts = Counter(row.outcome for row in rows)
    return ", ".join(f"{label}: {counts[outcome]}" for outcome, label in OUTCOMES.items())


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    def padded() -> Iterator[str]:
        for cell, width in zip(cells, widths, strict=False):
            yield cell.ljust(width)
        yield cells[-1]

    return "  ".join(padded()).rstrip()
