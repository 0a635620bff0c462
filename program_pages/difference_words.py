"""What another edition changes, in the reader's words: a label, the old and the new. May not import models."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from program_pages import formats
from program_pages.bilingual import said
from program_pages.rules.differences import Bound, Difference, Part, Unit, Value
from program_pages.rules.terms import Text

NUMBERS: dict[str, str | Promise] = {
    "discount": gettext_lazy("Скидка на лицензии"),
    "updates_share": gettext_lazy("Доля от обновлений, до"),
    "own_implementation_share": gettext_lazy("Доля от своего внедрения"),
    "asoft_implementation_share": gettext_lazy("Доля от внедрения силами ASoft"),
    "support_percent": gettext_lazy("Техническая поддержка, от стоимости лицензий"),
    "demo_licences": gettext_lazy("Бесплатных лицензий для показа"),
    "may_implement": gettext_lazy("Может внедрять сам"),
    "may_maintain": gettext_lazy("Может сопровождать и обучать"),
    "may_rent_out": gettext_lazy("Может сдавать лицензии в аренду"),
    "ceiling": gettext_lazy("Потолок скидки с бонусами"),
    "own_use_cap": gettext_lazy("Скидка на лицензии для себя, до"),
    "updates_percent": gettext_lazy("Обновления для клиента"),
    "extended_support_percent": gettext_lazy("Расширенная техническая поддержка"),
}
BY_AGREEMENT = frozenset({"support_percent"})  # where none is said, it is by agreement (R52)


@dataclass(frozen=True, slots=True)
class SaidDifference:
    """One thing that changes, as a page shows it."""

    label: str
    before: str
    after: str


def said_differences(found: Iterable[Difference]) -> list[SaidDifference]:
    """Each difference in the current language, in the order they come."""
    return [
        SaidDifference(
            _label(each), said_value(each.key, each.unit, each.before), said_value(each.key, each.unit, each.after)
        )
        for each in found
    ]


def _label(difference: Difference) -> str:
    if difference.part is Part.NUMBERS:
        return str(NUMBERS[difference.key])
    pattern = {
        Part.REQUIREMENTS: _("Требование: %(title)s"),
        Part.BENEFITS: _("Преимущество: %(title)s"),
        Part.BONUSES: _("Бонус: %(title)s"),
    }[difference.part]
    if difference.part is Part.BONUSES and difference.unit is not Unit.POINTS:
        pattern = _("Бонус: %(title)s — за что")
    return pattern % {"title": said(difference.title)}


def said_value(key: str, unit: Unit, value: Value) -> str:
    """A value in the current language; ``key`` names the number or the row, since what None means depends on it."""
    if value is None:
        return _("по договорённости") if key in BY_AGREEMENT else _("нет")
    if isinstance(value, bool):
        return _("да") if value else _("нет")
    if isinstance(value, Text):
        return said(value)
    if isinstance(value, Bound):
        return _bound(value, unit)
    return _number(value, unit)


def _number(value: Decimal | int, unit: Unit) -> str:
    language = get_language() or "ru"
    if unit is Unit.PERCENT:
        return formats.percent(Decimal(value), language)
    return formats.points(Decimal(value), language) if unit is Unit.POINTS else formats.number(value, language)


def _bound(bound: Bound, unit: Unit) -> str:
    if bound.threshold is None:
        return _("нужно")
    size = _number(bound.threshold, Unit.PERCENT if unit is Unit.BOUND_PERCENT else Unit.COUNT)
    return (_("больше %(size)s") if bound.strict else _("не менее %(size)s")) % {"size": size}
