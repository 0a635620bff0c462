"""How a mark is shown where it is not handed out: small pictures of approved versions, drawings of drafts.

The public sees pictures of one size; the drawings themselves leave only in a kit (R5). May not import views or actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from PIL import Image

from partner_directory.badges.rendering import png
from partner_directory.models.mark import DARK_GROUNDS, VARIANTS, Artwork, Ink, Layout, MarkVersion

HEIGHTS = {Layout.HORIZONTAL: 56, Layout.VERTICAL: 112, Layout.SYMBOL: 56}  # in CSS pixels
DENSITY = 2  # pictures have so many pixels for one of CSS
WIDEST = 360  # in CSS pixels
KEPT_PICTURES = 256
SIZE = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"')
LABELS: dict[str, tuple[str, str]] = {key: (layout, ink) for key, layout, ink in VARIANTS}


@dataclass(frozen=True, slots=True)
class Variant:
    """One variant as a page shows it: its words, its ground, and either a picture or the drawing itself."""

    key: str
    layout: str
    ink: str
    on_dark: bool
    width: int
    height: int
    url: str = ""
    drawing: SafeString | None = None

    @property
    def layout_label(self) -> str:
        """In the reader's language."""
        return str(Layout(self.layout).label)

    @property
    def ink_label(self) -> str:
        """In the reader's language."""
        return str(Ink(self.ink).label)


def shown_variants(version: MarkVersion) -> list[Variant]:
    """The variants of an approved version as pictures."""
    return [_variant(version, key, url=preview_url(version, key)) for key in _keys(version)]


def drawn_variants(artwork: Artwork) -> list[Variant]:
    """The variants of a draft as drawings, which were made by us or cleaned by ``badges.svg``."""
    return [_variant(artwork, key, drawing=mark_safe(artwork.drawings[key])) for key in _keys(artwork)]  # noqa: S308


def preview_url(version: MarkVersion, key: str) -> str:
    """Where a picture of a variant is; the address of another version is another one."""
    return reverse("mark_preview", args=[version.pk, key])


def picture(version: MarkVersion, key: str) -> bytes:
    """A variant as a small WebP on a transparent ground; the same bytes every time."""
    return _picture(version.drawings[key], _size(version.drawings[key], LABELS[key][0])[0] * DENSITY)


@lru_cache(maxsize=KEPT_PICTURES)
def _picture(drawing: str, width: int) -> bytes:
    out = BytesIO()
    with Image.open(BytesIO(png(drawing, width=width))) as image:
        image.save(out, "WEBP", lossless=True, quality=100, method=4)
    return out.getvalue()


def _keys(artwork: Artwork) -> Iterable[str]:
    """Those that there are: a draft may lack some."""
    return (key for key, _layout, _ink in VARIANTS if key in artwork.drawings)


def _variant(artwork: Artwork, key: str, *, url: str = "", drawing: SafeString | None = None) -> Variant:
    layout, ink = LABELS[key]
    width, height = _size(artwork.drawings[key], layout)
    return Variant(key, layout, ink, ink in DARK_GROUNDS, width, height, url, drawing)


def _size(drawing: str, layout: str) -> tuple[int, int]:
    """Width and height in CSS pixels: of the layout's height, unless that would be too wide."""
    found = SIZE.match(drawing)
    across, down = (float(found[1]), float(found[2])) if found else (1.0, 1.0)
    height = float(HEIGHTS[Layout(layout)])
    if across / down * height > WIDEST:
        height = WIDEST * down / across
    return max(1, round(across / down * height)), max(1, round(height))
