"""What a partner puts on its own page: the live badge with a link to its verification, in a few ways, ready to copy.

Every address in it lasts: it outlives a renewal and a change of level. May not import views.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.badges.links import here, live_url, verify_url
from partner_directory.badges.live import DEFAULT_SIZE, LANGUAGES, PNG, SIZES, SVG, Ground
from partner_directory.models.badge import Badge
from program_pages.bilingual import said

NARROW = "(max-width: 480px)"
DARK = "(prefers-color-scheme: dark)"
SMALLEST = "s"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of HTML to copy: what it is for, and the addresses of its preview on each ground."""

    key: str
    title: str
    text: str
    html: str
    on_light: str
    on_dark: str
    width: int
    height: int
    alt: str


def snippets_for(badge: Badge) -> list[Snippet]:
    """The ways to show a badge, the simplest first, in the reader's language."""
    ways = (
        ("plain", _("Значок"), _("Ссылка и картинка: подходит для любой страницы."), SVG, _plain),
        (
            "responsive",
            _("Значок, который подстраивается"),
            _("Сам выбирает размер и светлый или тёмный фон; без сценариев."),
            SVG,
            _responsive,
        ),
        ("png", _("Значок для писем и старых программ"), _("То же картинкой PNG."), PNG, _plain),
    )
    width, height = SIZES[DEFAULT_SIZE].pixels
    return [
        Snippet(
            key=key,
            title=title,
            text=text,
            html=make(badge, suffix),
            on_light=here(_live(badge, suffix)),
            on_dark=here(_live(badge, suffix, ground=Ground.DARK)),
            width=width,
            height=height,
            alt=_alt(badge),
        )
        for key, title, text, suffix, make in ways
    ]


def _plain(badge: Badge, suffix: str) -> SafeString:
    return _linked(badge, _image(badge, suffix))


def _responsive(badge: Badge, suffix: str) -> SafeString:
    looks = ((media, _live(badge, suffix, **look)) for media, look in _looks())
    sources = format_html_join("", '<source media="{}" srcset="{}">', looks)
    return _linked(badge, format_html("<picture>{}{}</picture>", sources, _image(badge, suffix)))


class _Look(NamedTuple):
    media: str
    parameters: dict[str, str]


def _looks() -> Iterator[_Look]:
    """When a look is to be used, the first that fits; otherwise the image's own."""
    yield _Look(f"{DARK} and {NARROW}", {"size": SMALLEST, "ground": Ground.DARK})
    yield _Look(DARK, {"ground": Ground.DARK})
    yield _Look(NARROW, {"size": SMALLEST})


def _linked(badge: Badge, inside: SafeString) -> SafeString:
    return format_html('<a href="{}">{}</a>', verify_url(badge.code), inside)


def _image(badge: Badge, suffix: str) -> SafeString:
    width, height = SIZES[DEFAULT_SIZE].pixels
    source = _live(badge, suffix)
    return format_html('<img src="{}" alt="{}" width="{}" height="{}">', source, _alt(badge), width, height)


def _live(badge: Badge, suffix: str, **parameters: str) -> str:
    """The picture's address; the site's first language goes without saying."""
    language = get_language() or LANGUAGES[0]
    words = {} if language == LANGUAGES[0] else {"lang": language}
    return live_url(badge.code, suffix, **{name: str(value) for name, value in parameters.items()}, **words)


def _alt(badge: Badge) -> str:
    """What stands for the picture where it is not seen: without the level, which may change."""
    return _("%(partner)s — партнёр ASoft, проверить") % {"partner": said(badge.partner.name)}
