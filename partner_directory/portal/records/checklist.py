"""A standing in words: each requirement met, missing or not applicable, by how much, until when (R69)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partner_directory.standing import Item, Records, Standing, holds_until
from program_pages import formats
from program_pages.bilingual import said
from program_pages.rules.calendar import membership_ends
from program_pages.rules.requirements import RequirementStatus
from program_pages.rules.terms import RequirementKind

COUNTED = frozenset(
    {
        RequirementKind.CERTIFIED_SPECIALISTS,
        RequirementKind.MARKETING_ACTIVITIES,
        RequirementKind.REVIEWS_SHARE,
        RequirementKind.RENTED_LICENCES,
    }
)
STATES: Mapping[RequirementStatus, tuple[str | Promise, str]] = {
    RequirementStatus.MET: (gettext_lazy("выполнено"), "good"),
    RequirementStatus.MISSING: (gettext_lazy("не выполнено"), "bad"),
    RequirementStatus.NOT_APPLICABLE: (gettext_lazy("не требуется"), "plain"),
}
MENDED: Mapping[RequirementKind, tuple[str, str | Promise]] = {
    RequirementKind.CERTIFIED_SPECIALISTS: ("portal:specialists", gettext_lazy("Специалисты")),
    RequirementKind.MARKETING_ACTIVITIES: ("portal:activities", gettext_lazy("Активности")),
    RequirementKind.REVIEWS_SHARE: ("portal:reviews", gettext_lazy("Отзывы клиентов")),
    RequirementKind.ANNOUNCEMENT: ("portal:announcement", gettext_lazy("Объявление об участии")),
    RequirementKind.MODULE_PURCHASED: ("portal:purchases", gettext_lazy("Покупки")),
    RequirementKind.RENTED_LICENCES: ("portal:purchases", gettext_lazy("Покупки")),
    RequirementKind.EXTENDED_SUPPORT: ("portal:purchases", gettext_lazy("Покупки")),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One requirement as the page says it."""

    title: str
    text: str
    clause: str
    status: str
    tone: str
    measure: str
    remark: str
    url: str
    link_text: str


def lines_of(standing: Standing, records: Records) -> list[Line]:
    """Every requirement of the level, in the edition's order."""
    return [_line(item, standing.day, records) for item in standing.items]


def _line(item: Item, day: date, records: Records) -> Line:
    requirement = item.requirement
    status, tone = STATES[item.judgement.status]
    name, link_text = MENDED.get(requirement.kind, ("", ""))
    return Line(
        title=said(requirement.title),
        text=said(requirement.description),
        clause=requirement.clause,
        status=str(status),
        tone=tone,
        measure=measure_of(item),
        remark=_remark(item, day, records),
        url=reverse(name) if name else "",
        link_text=str(link_text),
    )


def measure_of(item: Item) -> str:
    """How many of how many, where it is counted."""
    if item.requirement.kind not in COUNTED or item.judgement.status is RequirementStatus.NOT_APPLICABLE:
        return ""
    return _("%(recorded)s из %(needed)s") % {"recorded": item.judgement.recorded, "needed": item.judgement.needed}


def _remark(item: Item, day: date, records: Records) -> str:
    """What is missing, or until when it holds."""
    if item.judgement.status is RequirementStatus.NOT_APPLICABLE:
        return _("В этом году внедрений пока нет, поэтому считать нечего.")
    return _what_is_missing(item, records) if item.is_missing else _until_when(item, day, records)


def _what_is_missing(item: Item, records: Records) -> str:
    kind = item.requirement.kind
    if kind is RequirementKind.ANNOUNCEMENT:
        if records.announcement is None:
            return _("Укажите страницу, на которой вы рассказываете об участии в программе.")
        return _("На странице объявление не найдено (%(day)s).") % {"day": _said_day(_checked_on(records))}
    if kind is RequirementKind.OTHER:
        return _("Выполнение отмечает менеджер программы.")
    if kind in COUNTED:
        return _("Не хватает: %(count)s.") % {"count": item.judgement.missing}
    return _("Подтверждённой записи пока нет.")


def _until_when(item: Item, day: date, records: Records) -> str:
    kind, until = item.requirement.kind, holds_until(item, records)
    language = get_language() or "ru"
    if until is not None:
        return _("Хватает по %(day)s включительно.") % {"day": _said_day(until)}
    if kind is RequirementKind.CERTIFIED_SPECIALISTS:
        last = formats.day_of_year(membership_ends(day), language)
        return _("Проверяется дважды: в конце срока, %(day)s, и при продлении.") % {"day": last}
    if kind is RequirementKind.ANNOUNCEMENT:
        return _("Страница проверяется раз в неделю; объявление найдено %(day)s") % {
            "day": _said_day(_checked_on(records))
        }
    return _("Без срока.")


def _checked_on(records: Records) -> date:
    assert records.announcement is not None  # noqa: S101 - asked only where there is one
    return timezone.localdate(records.announcement.checked_at)


def _said_day(day: date) -> str:
    return formats.day(day, get_language() or "ru")
