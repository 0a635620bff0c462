"""What the home page says of the membership of the year."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from partner_directory.models.membership import Status
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel
from partner_directory.portal.year.card import Card, shelf_of
from program_pages import formats
from program_pages.bilingual import said
from program_pages.models.edition import programme_day


def panel(request: SeatRequest) -> Panel | None:
    """The level and its days; nothing for a company that has never held one."""
    cards = shelf_of(request.seat.partner, programme_day()).cards
    if not cards:
        return None
    first = min(cards, key=_urgency)
    return Panel(
        title=_("Участие"),
        text=_next(first),
        url=reverse("portal:year"),
        link_text=_link_text(first),
        tone=first.tone,
        facts=[_line(card) for card in cards],
        needs_action=_waits(first) or first.is_over,
    )


def _link_text(card: Card) -> str:
    if not _waits(card):
        return _("Подробнее об участии")
    is_ready = card.readiness and card.readiness.can_renew
    return _("Продлить участие") if is_ready else _("Что нужно для продления")


def _waits(card: Card) -> bool:
    """Whether the renewal waits for the company."""
    return bool(card.readiness and card.readiness.is_open and not card.renewed and not _suspended(card))


def _suspended(card: Card) -> bool:
    return card.status is Status.SUSPENDED


def _urgency(card: Card) -> tuple[bool, bool]:
    return not card.is_over, not _waits(card)


def _line(card: Card) -> str:
    values = {"level": said(card.membership.level.short_name), "status": card.label, "day": _said(card)}
    return _("%(level)s: %(status)s, по %(day)s") % values


def _next(card: Card) -> str:
    if card.is_over:
        return _("Компания больше не участвует в программе. Вернуться можно в любой день.")
    if _suspended(card):
        return _("Участие приостановлено.")
    if card.renewed:
        return _("Следующий год уже продлён.")
    if not _waits(card):
        return ""
    if card.readiness and card.readiness.can_renew:
        return _("Все условия выполнены: продлите участие одной кнопкой.")
    return ngettext(
        "Для продления не выполнено %(count)s условие.", "Для продления не выполнено %(count)s условий.", len(card.gaps)
    ) % {"count": len(card.gaps)}


def _said(card: Card) -> str:
    return formats.day(card.membership.until, get_language() or "ru")
