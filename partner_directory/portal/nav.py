"""The navigation of the partners' section, as a template context of its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.portal.access import SeatRequest
from partner_directory.portal.feed.views import unread_count


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry: the part whose pages it marks, its label, and the name of its address.

    ``count`` says how many things wait there for a person of a company, in a constant number of queries.
    """

    part: str
    label: str | Promise
    name: str
    count: Callable[[SeatRequest], int] | None = None

    @property
    def url(self) -> str:
        """Where it leads, in the reader's language."""
        return reverse(self.name)


ENTRIES = (
    NavEntry("home", _("Обзор"), "portal:home"),
    NavEntry("joining", _("Присоединение"), "portal:joining"),
    NavEntry("year", _("Участие"), "portal:year"),
    NavEntry("standing", _("Требования"), "portal:standing"),
    NavEntry("specialists", _("Специалисты"), "portal:specialists"),
    NavEntry("records", _("Записи"), "portal:activities"),
    NavEntry("sales", _("Продажи"), "portal:sales"),
    NavEntry("bonuses", _("Бонусы"), "portal:bonuses"),
    NavEntry("materials", _("Материалы"), "portal:materials"),
    NavEntry("licences", _("Лицензии и обучение"), "portal:licences"),
    NavEntry("events", _("Мероприятия"), "portal:events"),
    NavEntry("profile", _("Профиль"), "portal:profile"),
    NavEntry("people", _("Команда"), "portal:people"),
    NavEntry("feed", _("Сообщения"), "portal:feed", unread_count),
    NavEntry("account", _("Моя учётная запись"), "portal:account"),
)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as it stands on a page, with how many things wait there."""

    part: str
    label: str | Promise
    url: str
    waiting: int


def entries_for(request: HttpRequest) -> list[ShownEntry]:
    """The navigation as a person sees it; nothing waits for somebody of no company."""
    seated: SeatRequest | None = request if getattr(request, "seat", None) else None  # type: ignore[assignment]
    return [
        ShownEntry(entry.part, entry.label, entry.url, entry.count(seated) if seated and entry.count else 0)
        for entry in ENTRIES
    ]
