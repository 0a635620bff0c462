"""What the numbers of the terms are called, as overlays are edited and shown; and two editions' numbers side by side.

May not import models or views.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.rules.overlay import LEVEL_NUMBERS, TERMS_NUMBERS, Measure
from program_pages.rules.terms import Terms

LABELS: Mapping[str, str | Promise] = {
    "ceiling": _("Потолок скидки с бонусами"),
    "own_use_cap": _("Лицензии для себя: скидка до"),
    "updates_percent": _("Обновления, от лицензий"),
    "extended_support_percent": _("Расширенная техподдержка, от лицензий"),
    "discount": _("Скидка партнёра"),
    "updates_share": _("Доля от обновлений, до"),
    "support_percent": _("Техподдержка клиента, от лицензий"),
    "own_implementation_share": _("Доля от собственного внедрения"),
    "asoft_implementation_share": _("Доля от внедрения силами ASoft"),
    "demo_licences": _("Лицензий для показа"),
}


@dataclass(frozen=True, slots=True)
class ComparedNumber:
    """One number of the programme, beside the same number for one partner; ``level`` is a slug, None for all levels."""

    name: str
    level: str | None
    level_name: str
    label: str
    programme: Decimal | int | None
    own: Decimal | int | None
    measure: Measure

    @property
    def is_changed(self) -> bool:
        """Whether something else was agreed."""
        return self.programme != self.own

    @property
    def programme_text(self) -> str:
        """The programme's, as it is read."""
        return number_text(self.programme, self.measure)

    @property
    def own_text(self) -> str:
        """The partner's, as it is read."""
        return number_text(self.own, self.measure)


def number_text(value: Decimal | int | None, measure: Measure) -> str:
    """A number of the terms in the reader's typography; a dash for none."""
    if value is None:
        return "—"
    language = get_language() or "ru"
    if measure is Measure.COUNT:
        return formats.number(value, language)
    return formats.percent(Decimal(value), language)


def compared(programme: Terms, own: Terms) -> Iterator[ComparedNumber]:
    """Every number that an overlay may change: those of all levels, then each level's."""
    for name, measure in TERMS_NUMBERS.items():
        values = getattr(programme, name), getattr(own, name)
        yield ComparedNumber(name, None, "", str(LABELS[name]), *values, measure)
    for level in programme.levels:
        for name, measure in LEVEL_NUMBERS.items():
            values = getattr(level, name), getattr(own.level(level.slug), name)
            yield ComparedNumber(name, level.slug, said(level.short_name), str(LABELS[name]), *values, measure)
