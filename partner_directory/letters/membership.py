"""What partners are told of their membership (R12, R44, R45, A7)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Fact, Kind

SAMPLE: dict[str, Fact] = {
    "level": "ASoft CRM Competency Partner",
    "starts": date(2026, 1, 1),
    "until": date(2026, 12, 31),
    "reason": _("Договор подписан."),
}

KINDS: tuple[Kind, ...] = (
    Kind(
        key="membership_granted",
        label=_("Уровень присвоен"),
        subject=_("{company}: присвоен уровень {level}"),
        text=_(
            "Компании {company} присвоен уровень {level}.\n\n"
            "Срок: с {starts} по {until}.\n"
            "Причина: {reason}\n\n"
            "Что уже доступно и что нужно для продления, показано в разделе партнёров:\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="membership_renewed",
        label=_("Членство продлено"),
        subject=_("{company}: уровень {level} продлён"),
        text=_(
            "Участие компании {company} на уровне {level} продлено.\n\n"
            "Срок: с {starts} по {until}.\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="membership_level_changed",
        label=_("Уровень изменён"),
        subject=_("{company}: теперь уровень {level}"),
        text=_(
            "Уровень компании {company} изменён: теперь {level}.\n\n"
            "Срок: с {starts} по {until}.\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="membership_suspended",
        label=_("Членство приостановлено"),
        subject=_("{company}: участие приостановлено"),
        text=_(
            "Участие компании {company} на уровне {level} приостановлено: в каталоге её сейчас нет.\n\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="membership_resumed",
        label=_("Членство возобновлено"),
        subject=_("{company}: участие возобновлено"),
        text=_(
            "Участие компании {company} на уровне {level} возобновлено.\n\n"
            "Срок: с {starts} по {until}.\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
    Kind(
        key="membership_ended",
        label=_("Членство прекращено"),
        subject=_("{company}: участие прекращено"),
        text=_(
            "Участие компании {company} на уровне {level} прекращено, последний день — {until}.\n\n"
            "Причина: {reason}\n\n"
            "{link}"
        ),
        sample=SAMPLE,
    ),
)
