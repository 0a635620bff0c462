"""Letters about licences, trainings and events."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Kind

WHAT = {"what": "для демонстрации: ASoft CRM × 1", "partner": "ООО «Ромашка»"}
EVENT = {"event": "Встреча партнёров ASoft", "partner": "ООО «Ромашка»"}

KINDS: tuple[Kind, ...] = (
    Kind(
        "request-asked",
        _("Менеджерам: партнёр просит лицензии или место на обучении"),
        _("{partner} просит: {what}"),
        _("{partner} просит: {what}.\n\nРешить: {link}"),
        WHAT,
    ),
    Kind(
        "request-granted",
        _("Партнёру: запрос одобрен"),
        _("Одобрено: {what}"),
        _("Ваш запрос одобрен: {what}.\n\nПодробности: {link}"),
        WHAT | {"reason": ""},
    ),
    Kind(
        "request-refused",
        _("Партнёру: в запросе отказано"),
        _("Отказано: {what}"),
        _("Мы не смогли одобрить ваш запрос: {what}.\n\nПричина: {reason}\n\nПодробности: {link}"),
        WHAT | {"reason": "Лицензия уже выдана."},
    ),
    Kind(
        "event-claimed",
        _("Менеджерам: партнёр участвует в мероприятии или проводит своё"),
        _("{partner}: {event}"),
        _("{partner} сообщает о мероприятии «{event}».\n\nПодтвердить после него: {link}"),
        EVENT,
    ),
    Kind(
        "event-confirmed",
        _("Партнёру: мероприятие подтверждено"),
        _("Подтверждено: {event}"),
        _("Мероприятие «{event}» подтверждено: оно будет учтено при расчёте бонуса.\n\nПодробности: {link}"),
        EVENT | {"reason": ""},
    ),
    Kind(
        "event-refused",
        _("Партнёру: мероприятие не подтверждено"),
        _("Не подтверждено: {event}"),
        _("Мы не смогли подтвердить мероприятие «{event}».\n\nПричина: {reason}\n\nПодробности: {link}"),
        EVENT | {"reason": "В списке участников компании нет."},
    ),
)
