"""What stands around every page: navigation, language switch, vendor, and the edition in force.

A template context processor; everything is lazy, so that admin pages pay nothing. One query finds
the pages of the reader's language, whatever their number. May not import page models.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zlib import crc32

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import get_language
from wagtail.models import Page

from program_pages.changes import CHANGES
from program_pages.kept import keep_for_strangers
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.settings import VendorSettings
from program_pages.shown import shown_terms

HOME_DEPTH = 2


@dataclass(frozen=True, slots=True)
class NavItem:
    """An entry of the navigation."""

    title: str
    url: str
    active: bool


@dataclass(frozen=True, slots=True)
class Alternate:
    """This page in a language."""

    language: str
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A page right under the home page."""

    title: str
    url: str
    in_menus: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The site's own pages in a language, and the vendor: what changes only when an editor changes it."""

    addresses: Mapping[str, str]
    pages: tuple[Place, ...]
    vendor: VendorSettings


@dataclass(frozen=True, slots=True)
class Upcoming:
    """The next edition of the terms (R83): from which day, and where to read what it changes."""

    effective_from: date
    url: str


class Shell:
    """The surroundings of one request, each part found when it is first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def language(self) -> str:
        """The language of this page."""
        return get_language() or settings.LANGUAGE_CODE

    @cached_property
    def is_signed_in(self) -> bool:
        """Whether its reader is somebody; nothing is asked of a reader without a session, so a page has no ``Vary``."""
        return settings.SESSION_COOKIE_NAME in self.request.COOKIES and self.request.user.is_authenticated

    @cached_property
    def places(self) -> Places:
        """Where the pages around this one are."""
        key = ("places", self.request.get_host(), self.language)
        return keep_for_strangers(self.request, key, self._find_places)

    @property
    def addresses(self) -> Mapping[str, str]:
        """The addresses of the site's single pages by model name ("termspage")."""
        return self.places.addresses

    @property
    def home_url(self) -> str:
        """The home page in this language."""
        return self.addresses.get("homepage") or "/"

    @cached_property
    def nav_items(self) -> tuple[NavItem, ...]:
        """The pages that editors show in menus."""
        path = self.request.path
        return tuple(NavItem(page.title, page.url, path.startswith(page.url)) for page in self.pages if page.in_menus)

    @property
    def pages(self) -> tuple[Place, ...]:
        """Every page right under the home page, in the editors' order."""
        return self.places.pages

    @property
    def vendor(self) -> VendorSettings:
        """The vendor's names, sites and contacts."""
        return self.places.vendor

    def _find_places(self) -> Places:
        """The home page in this language and the pages right under it, in the editors' order."""
        pages = Page.objects.live().filter(depth__in=[HOME_DEPTH, HOME_DEPTH + 1])
        pages = pages.filter(locale__language_code=self.language).select_related("content_type", "locale")
        placed = [(page, page.get_url(self.request)) for page in pages.order_by("path")]
        return Places(
            addresses={page.content_type.model: url for page, url in placed},
            pages=tuple(
                Place(page.title, url, page.show_in_menus) for page, url in placed if url and page.depth > HOME_DEPTH
            ),
            vendor=VendorSettings.for_request(self.request),
        )

    @cached_property
    def terms_today(self) -> Any:
        """The edition shown, for the footer; None before the first."""
        return shown_terms(self.request).terms

    @cached_property
    def upcoming(self) -> Upcoming | None:
        """The soonest published edition that has not taken effect; None from its day on, or once it is withdrawn."""
        today = programme_day()
        day = keep_for_strangers(self.request, ("upcoming edition", today), lambda: _next_edition(today))
        terms_url = self.addresses.get("termspage")
        return Upcoming(day, f"{terms_url}{CHANGES}") if day and terms_url else None

    @cached_property
    def colours_url(self) -> str:
        """The levels' colours; another address once a colour changes, so that no browser keeps the old one."""
        levels = self.terms_today.levels if self.terms_today else ()
        version = crc32(repr([(level.slug, level.colour) for level in levels]).encode())
        return f"{reverse('level_colours')}?v={version:08x}"

    @cached_property
    def search_url(self) -> str:
        """The search in this language."""
        return reverse("search")

    def alternates(self, page: Page | None) -> list[Alternate]:
        """This page in every language it is published in; a view without a page in every language."""
        labels = dict(settings.LANGUAGES)
        return [
            Alternate(code, labels[code], url, code == self.language) for code, url in self._translated(page) if url
        ]

    def _translated(self, page: Page | None) -> list[tuple[str, str]]:
        query = f"?{self.request.META['QUERY_STRING']}" if self.request.META.get("QUERY_STRING") else ""
        if page is None or not page.pk:
            return [(code, self._prefixed(code) + query) for code, _label in settings.LANGUAGES]
        own = page.get_url(self.request) or ""
        ending = self.request.path.removeprefix(own) if self.request.path.startswith(own) else ""
        key = ("translations", self.request.get_host(), page.pk)
        found = keep_for_strangers(self.request, key, lambda: list(self._translations(page)))
        return [(language, url + ending + query) for language, url in found]

    def _translations(self, page: Page) -> Iterator[tuple[str, str]]:
        translations = page.get_translations(inclusive=True).live().select_related("locale").order_by("locale_id")
        return ((other.locale.language_code, other.get_url(self.request) or "") for other in translations)

    def _prefixed(self, code: str) -> str:
        bare = self.request.path.removeprefix(f"/{self.language}")
        return bare if code == settings.LANGUAGE_CODE else f"/{code}{bare}"


def _next_edition(today: date) -> date | None:
    day: date | None = TermsEdition.objects.upcoming(today).values_list("effective_from", flat=True).first()
    return day


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context processor: one lazy object called ``shell``."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
