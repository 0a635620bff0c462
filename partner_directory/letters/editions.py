"""What partners are told of an edition of the terms (R83), and both sides of a talk about it (R82)."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from partner_directory.letters.kind import Fact, Kind
from program_pages.rules.terms import Text

EDITION: dict[str, Fact] = {
    "edition": Text("Условия 2027 года", "Terms of 2027"),
    "starts": date(2027, 1, 1),
    "level": "ASoft CRM Competency Partner",
}
TALK: dict[str, Fact] = {"edition": Text("Условия 2027 года", "Terms of 2027"), "clauses": "4.12, 4.18"}

KINDS: tuple[Kind, ...] = (
    Kind(
        key="edition_announced",
        label=_("Новая редакция условий: что меняется для партнёра"),
        subject=_("Условия программы меняются с {starts}"),
        text=_(
            "С {starts} действует редакция «{edition}». Вот что меняется для компании {company} на уровне {level}:\n\n"
            "{changes}\n\n"
            "Ваш последний расчёт по новым условиям: {sale}.\n\n"
            "Подробно, с вашими договорённостями и расчётами в рублях:\n"
            "{link}\n\n"
            "Подтверждать ничего не нужно. Если вы не согласны с какими-то пунктами, скажите об этом на той же "
            "странице."
        ),
        sample={
            **EDITION,
            "changes": _("— Бесплатных лицензий для показа: 1 → 2"),
            "sale": _("с продажи «ООО „Ромашка“» вам осталось бы 12 000 ₽ вместо 11 000 ₽"),
        },
    ),
    Kind(
        key="edition_announced_same",
        label=_("Новая редакция условий: для партнёра ничего не меняется"),
        subject=_("Новая редакция условий программы с {starts}: для вас всё остаётся как есть"),
        text=_(
            "С {starts} действует редакция «{edition}». Числа, требования, преимущества и бонусы компании {company} "
            "на уровне {level} не меняются.\n\n"
            "{link}"
        ),
        sample=EDITION,
    ),
    Kind(
        key="edition_withdrawn",
        label=_("Редакция условий отозвана до начала действия"),
        subject=_("Редакция «{edition}» отозвана"),
        text=_(
            "Редакция «{edition}», о которой мы писали, отозвана и с {starts} действовать не будет. "
            "Условия компании {company} остаются прежними.\n\n"
            "{link}"
        ),
        sample=EDITION,
    ),
    Kind(
        key="talk_opened",
        label=_("Менеджерам: партнёр не согласен с пунктами условий"),
        subject=_("{company} не согласна с пунктами: {clauses}"),
        text=_("Компания {company} не согласна с пунктами {clauses} редакции «{edition}».\n\n{text}\n\n{link}"),
        sample=TALK | {"text": "…"},
    ),
    Kind(
        key="talk_written",
        label=_("Менеджерам: партнёр написал в разговоре об условиях"),
        subject=_("{company}: разговор о пунктах {clauses}"),
        text=_("Компания {company} ответила в разговоре о пунктах {clauses} редакции «{edition}».\n\n{text}\n\n{link}"),
        sample=TALK | {"text": "…"},
    ),
    Kind(
        key="talk_answered",
        label=_("Партнёру: ответ в разговоре об условиях"),
        subject=_("ASoft ответил о пунктах {clauses}"),
        text=_("О пунктах {clauses} редакции «{edition}»:\n\n{text}\n\nОтветить можно в разделе партнёров:\n{link}"),
        sample=TALK | {"text": "…"},
    ),
    Kind(
        key="talk_closed",
        label=_("Партнёру: разговор об условиях закрыт ответом"),
        subject=_("Разговор о пунктах {clauses} закрыт"),
        text=_("Разговор о пунктах {clauses} редакции «{edition}» закрыт. Ответ ASoft:\n\n{text}\n\n{link}"),
        sample=TALK | {"text": "…"},
    ),
    Kind(
        key="talk_agreed",
        label=_("Партнёру: разговор об условиях закончился соглашением"),
        subject=_("Соглашение о пунктах {clauses}: {overlay}"),
        text=_(
            "Разговор о пунктах {clauses} редакции «{edition}» закончился соглашением: {overlay}. "
            "Оно действует с {overlay_starts}.\n\n"
            "Ваши условия:\n"
            "{link}"
        ),
        sample=TALK | {"overlay": _("Дополнительное соглашение 7"), "overlay_starts": date(2027, 1, 1)},
    ),
    Kind(
        key="talk_reopened",
        label=_("Партнёру: соглашение отозвано, разговор об условиях продолжается"),
        subject=_("Разговор о пунктах {clauses} продолжается"),
        text=_(
            "Соглашение, которым закончился разговор о пунктах {clauses} редакции «{edition}», отозвано до начала "
            "действия. Разговор продолжается.\n\n"
            "{link}"
        ),
        sample=TALK,
    ),
)
