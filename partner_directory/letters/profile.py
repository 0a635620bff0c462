"""Letters about profiles that are checked, and what managers write to partners in their own words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Kind

KINDS: tuple[Kind, ...] = (
    Kind(
        "profile-submitted",
        _("Менеджерам: профиль партнёра отправлен на проверку"),
        _("Профиль на проверке: {partner}"),
        _("{partner} просит опубликовать правки профиля.\n\nПояснение: {note}\n\nПосмотреть и решить: {link}"),
        {"partner": "ООО «Ромашка»", "note": "Открыли офис в Казани."},
    ),
    Kind(
        "profile-published",
        _("Партнёру: правки профиля опубликованы"),
        _("Профиль опубликован: {company}"),
        _("Правки профиля проверены и опубликованы.\n\nПрофиль: {link}"),
        {},
    ),
    Kind(
        "profile-sent-back",
        _("Партнёру: профиль возвращён с замечаниями"),
        _("Профиль возвращён: {company}"),
        _("Менеджер просит поправить профиль.\n\nЗамечания: {reason}\n\nПоправить и отправить снова: {link}"),
        {"reason": "Опишите, что вы внедряете."},
    ),
    Kind(
        "managers-letter",
        _("Партнёру: письмо менеджера"),
        "{subject}",
        "{text}",
        {"subject": _("Изменился наш телефон"), "text": _("С понедельника звоните по новому номеру.")},
    ),
)
