"""The navigation of the partners' section, as a template context of its pages."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class NavEntry:
    """One entry: the part whose pages it marks, its label, and the name of its address."""

    part: str
    label: str | Promise
    name: str

    @property
    def url(self) -> str:
        """Where it leads, in the reader's language."""
        return reverse(self.name)


ENTRIES = (
    NavEntry("home", _("Обзор"), "portal:home"),
    NavEntry("profile", _("Профиль"), "portal:profile"),
    NavEntry("materials", _("Материалы"), "portal:materials"),
    NavEntry("licences", _("Лицензии и обучение"), "portal:licences"),
    NavEntry("events", _("Мероприятия"), "portal:events"),
)
