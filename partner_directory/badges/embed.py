"""What a partner puts on its own page: the live badge with a link to its verification, in a few ways, ready to copy.

Every address in it lasts: it outlives a renewal and a change of level. May not import views.
"""

from __future__ import annotations

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
USUAL = {"size": DEFAULT_SIZE, "ground": Ground.LIGHT}


class Source(NamedTuple):
    """A picture of the responsive badge, and when it is shown."""

    media: str
    size: str
    ground: Ground


# The first that fits; otherwise the image's own.
SOURCES = (
    Source(f"{DARK} and {NARROW}", SMALLEST, Ground.DARK),
    Source(DARK, DEFAULT_SIZE, Ground.DARK),
    Source(NARROW, SMALLEST, Ground.LIGHT),
)


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
    offered = (
        (source.media, _live(badge, suffix, size=source.size, ground=source.ground), *SIZES[source.size].pixels)
        for source in SOURCES
    )
    sources = format_html_join("", '<source media="{}" srcset="{}" width="{}" height="{}">', offered)
    return _linked(badge, format_html("<picture>{}{}</picture>", sources, _image(badge, suffix)))


def _linked(badge: Badge, inside: SafeString) -> SafeString:
    return format_html('<a href="{}">{}</a>', verify_url(badge.code), inside)


def _image(badge: Badge, suffix: str) -> SafeString:
    width, height = SIZES[DEFAULT_SIZE].pixels
    source = _live(badge, suffix)
    return format_html('<img src="{}" alt="{}" width="{}" height="{}">', source, _alt(badge), width, height)


def _live(badge: Badge, suffix: str, **parameters: str) -> str:
    """The picture's address; the usual size and ground and the site's first language go without saying."""
    language = get_language() or LANGUAGES[0]
    words = parameters | ({} if language == LANGUAGES[0] else {"lang": language})
    told = {name: str(value) for name, value in words.items() if USUAL.get(name) != value}
    return live_url(badge.code, suffix, **told)


def _alt(badge: Badge) -> str:
    """What stands for the picture where it is not seen: true whatever the badge says, also when it is grey."""
    return _("Значок партнёра ASoft «%(partner)s»: проверить, действует ли") % {"partner": said(badge.partner.name)}
