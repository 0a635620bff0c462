"""What partners are told of the year, and managers of what companies ask for in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Kind

SAMPLE = {"level": "ASoft Retail", "until": "31.12.2026"}

KINDS: tuple[Kind, ...] = (
    Kind(
        "year_opened",
        _("Открыто продление"),
        _("Открыто продление участия в программе"),
        _(
            "Здравствуйте!\n\n"
            "Компания {company} может продлить участие на уровне {level} на следующий год. "
            "Нынешнее участие действует по {until}.\n\n"
            "Если все условия уровня выполнены, продление — одна кнопка:\n{link}"
        ),
        SAMPLE,
    ),
    Kind(
        "year_reminder_ready",
        _("Напоминание: условия выполнены, осталось продлить"),
        _("Участие действует по {until}: осталось продлить"),
        _(
            "Здравствуйте!\n\n"
            "Участие компании {company} на уровне {level} действует по {until}, осталось дней: {days}. "
            "Все условия выполнены — продлите его одной кнопкой:\n{link}"
        ),
        {**SAMPLE, "days": "30"},
    ),
    Kind(
        "year_reminder_missing",
        _("Напоминание: для продления чего-то не хватает"),
        _("Участие действует по {until}: для продления не всё готово"),
        _(
            "Здравствуйте!\n\n"
            "Участие компании {company} на уровне {level} действует по {until}, осталось дней: {days}. "
            "Не выполнено условий: {missing}. Какие и как это поправить, сказано здесь:\n{link}"
        ),
        {**SAMPLE, "days": "14", "missing": "2"},
    ),
    Kind(
        "year_lapsed",
        _("Членство истекло"),
        _("Участие в программе истекло"),
        _(
            "Здравствуйте!\n\n"
            "Участие компании {company} на уровне {level} действовало по {until} и не было продлено. "
            "Компания больше не показывается в каталоге и не может скачивать логотипы.\n\n"
            "Вернуться можно в любой день:\n{link}"
        ),
        SAMPLE,
    ),
    Kind(
        "level_change_asked",
        _("Менеджерам: компания просит сменить уровень"),
        _("{company} просит сменить уровень"),
        _("Компания {company} просит сменить уровень {before} на {level}:\n\n{wish}\n\n{link}"),
        {"before": "ASoft Retail", "level": "ASoft SaaS", "wish": "…"},
    ),
    Kind(
        "level_change_refused",
        _("Смена уровня отклонена"),
        _("Уровень не сменён"),
        _(
            "Здравствуйте!\n\n"
            "Компания {company} просила сменить уровень на {level}. Решение: не сейчас.\n\n{reason}\n\n{link}"
        ),
        {"level": "ASoft SaaS", "reason": "…"},
    ),
)
