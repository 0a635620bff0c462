"""What partners are told of the year (R44, R45, A11), and managers of what companies ask for in it (A7)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Fact, Kind

SAMPLE: dict[str, Fact] = {"level": "ASoft CRM Competency Partner", "until": date(2026, 12, 31)}

KINDS: tuple[Kind, ...] = (
    Kind(
        key="year_opened",
        label=_("Открыто продление"),
        subject=_("{company}: открыто продление участия"),
        text=_(
            "Компания {company} может продлить участие на уровне {level} на следующий год. "
            "Нынешнее участие действует по {until} включительно.\n\n"
            "Если все условия уровня выполнены, продление — одна кнопка:\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="year_reminder_ready",
        label=_("Напоминание: условия выполнены, осталось продлить"),
        subject=_("{company}: осталось продлить участие"),
        text=_(
            "Участие компании {company} на уровне {level} действует по {until}, осталось дней: {days}. "
            "Все условия выполнены — продлите его одной кнопкой:\n"
            "{link}"
        ),
        sample={**SAMPLE, "days": "30"},
    ),
    Kind(
        key="year_reminder_missing",
        label=_("Напоминание: для продления чего-то не хватает"),
        subject=_("{company}: для продления участия не всё готово"),
        text=_(
            "Участие компании {company} на уровне {level} действует по {until}, осталось дней: {days}. "
            "Не выполнено условий: {missing}. Какие и как это поправить, сказано здесь:\n"
            "{link}"
        ),
        sample={**SAMPLE, "days": "14", "missing": "2"},
    ),
    Kind(
        key="year_lapsed",
        label=_("Членство истекло"),
        subject=_("{company}: участие в программе истекло"),
        text=_(
            "Участие компании {company} на уровне {level} действовало по {until} и не было продлено. "
            "Компания больше не показывается в каталоге и не может скачивать логотипы.\n\n"
            "Вернуться можно в любой день:\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="level_change_asked",
        label=_("Менеджерам: компания просит сменить уровень"),
        subject=_("{company} просит сменить уровень"),
        text=_("Компания {company} просит сменить уровень {before} на {level}.\n\n{wish}\n\n{link}"),
        sample={"before": "ASoft Retail Partner", "level": "ASoft SaaS Partner", "wish": "…"},
    ),
    Kind(
        key="level_change_refused",
        label=_("Смена уровня отклонена"),
        subject=_("{company}: уровень не сменён"),
        text=_(
            "Компания {company} просила сменить уровень на {level}. Менеджер ASoft отклонил просьбу.\n\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample={"level": "ASoft SaaS Partner", "reason": "…"},
    ),
)
