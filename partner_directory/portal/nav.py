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
from partner_directory.portal.terms.panel import unread_count as unread_notices


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


@dataclass(frozen=True, slots=True)
class NavGroup:
    """Entries under one small heading; the first stand without one."""

    label: str | Promise
    entries: tuple[NavEntry, ...]


GROUPS = (
    NavGroup("", (NavEntry("home", _("Обзор"), "portal:home"),)),
    NavGroup(
        _("Программа"),
        (
            NavEntry("joining", _("Присоединение"), "portal:joining"),
            NavEntry("year", _("Участие"), "portal:year"),
            NavEntry("standing", _("Требования"), "portal:standing"),
            NavEntry("terms", _("Условия"), "portal:terms", unread_notices),
        ),
    ),
    NavGroup(
        _("Работа"),
        (
            NavEntry("specialists", _("Специалисты"), "portal:specialists"),
            NavEntry("records", _("Записи"), "portal:activities"),
            NavEntry("sales", _("Продажи"), "portal:sales"),
            NavEntry("bonuses", _("Бонусы"), "portal:bonuses"),
            NavEntry("materials", _("Материалы"), "portal:materials"),
            NavEntry("logos", _("Логотипы"), "portal:logos"),
            NavEntry("licences", _("Лицензии и обучение"), "portal:licences"),
            NavEntry("events", _("Мероприятия"), "portal:events"),
        ),
    ),
    NavGroup(
        _("Компания"),
        (
            NavEntry("profile", _("Профиль"), "portal:profile"),
            NavEntry("people", _("Команда"), "portal:people"),
        ),
    ),
    NavGroup(
        _("Личное"),
        (
            NavEntry("feed", _("Сообщения"), "portal:feed", unread_count),
            NavEntry("account", _("Моя учётная запись"), "portal:account"),
        ),
    ),
)
ENTRIES = tuple(entry for group in GROUPS for entry in group.entries)


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as it stands on a page, with how many things wait there."""

    part: str
    label: str | Promise
    url: str
    waiting: int


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """A group as it stands on a page."""

    label: str | Promise
    entries: list[ShownEntry]


@dataclass(frozen=True, slots=True)
class ShownNav:
    """The navigation of a page: its groups, where the page is (None: nowhere of it), how many things wait in all."""

    groups: list[ShownGroup]
    current: ShownEntry | None
    waiting: int


def nav_for(request: HttpRequest, part: str) -> ShownNav:
    """The navigation as a person sees it on a page of a part; nothing waits for somebody of no company."""
    groups = [ShownGroup(group.label, [_shown(entry, request) for entry in group.entries]) for group in GROUPS]
    shown = [entry for group in groups for entry in group.entries]
    current = next((entry for entry in shown if entry.part == part), None)
    return ShownNav(groups, current, sum(entry.waiting for entry in shown))


def _shown(entry: NavEntry, request: HttpRequest) -> ShownEntry:
    seated: SeatRequest | None = request if getattr(request, "seat", None) else None  # type: ignore[assignment]
    waiting = entry.count(seated) if seated and entry.count else 0
    return ShownEntry(entry.part, entry.label, entry.url, waiting)
