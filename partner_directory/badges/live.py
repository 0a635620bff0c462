"""The live badge: a small picture that says which level a partner holds this year, and "not current" once it does not.

Drawn from a few words and the level's shape and colour, letters as outlines: the same whatever artwork the mark has,
and never more than a few kilobytes. What it says is judged anew for each answer (``badges.verdict``). May not import
views.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from html import escape
from io import BytesIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override
from PIL import Image

from partner_directory.badges.colours import toned
from partner_directory.badges.drawing import GRID, ON_DARK, ON_LIGHT, SHAPES
from partner_directory.badges.lettering import CAP_HEIGHT, Line, written
from partner_directory.badges.links import verify_url
from partner_directory.badges.rendering import png
from partner_directory.badges.small_letters import small
from partner_directory.badges.stamps import stamp
from partner_directory.badges.verdict import Shown
from partner_directory.models.badge import Badge
from program_pages.bilingual import said

SVG, PNG = "svg", "png"
TYPES = {SVG: "image/svg+xml; charset=utf-8", PNG: "image/png"}
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
BOLD, PLAIN = 640, 460
DENSITY = 2  # points of a PNG for each pixel that it takes on a page
COLOURS = 24  # of a PNG
LONGEST_NAME, SHORTEST_NAME = 32, 12  # signs; a longer name is cut
LONGEST_TITLE = 200  # signs
MOST_BYTES = 6000  # of a picture
STAMP_ROOM = 128  # bytes of it for its own address
MOST_KEPT = 512  # drawings a process remembers


class Ground(StrEnum):
    """What a badge stands on."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Size:
    """A size of a badge, in units of its drawing, a pixel each times ``scale``; the smallest says the short name."""

    width: int
    height: int
    shape: float
    margin: float
    name: float
    note: float
    is_short: bool = False
    scale: float = 1

    @property
    def pixels(self) -> tuple[int, int]:
        """Width and height on a page."""
        return round(self.width * self.scale), round(self.height * self.scale)


SIZES = {
    "s": Size(width=160, height=44, shape=22, margin=11, name=14, note=11, is_short=True),
    "m": Size(width=264, height=64, shape=34, margin=15, name=17, note=13),
    "l": Size(width=264, height=64, shape=34, margin=15, name=17, note=13, scale=1.5),
}
DEFAULT_SIZE = "m"


@dataclass(frozen=True, slots=True)
class Look:
    """How a badge is asked for: as ``SVG`` or ``PNG``, its size, its ground, its language."""

    suffix: str = SVG
    size: str = DEFAULT_SIZE
    ground: str = Ground.LIGHT
    language: str = settings.LANGUAGE_CODE


@dataclass(frozen=True, slots=True)
class Face:
    """What a badge says in a language: all that its drawing depends on, beside how it is asked for."""

    title: str
    name: str
    short_name: str
    note: str
    shape: str
    colour: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class _Paint:
    paper: str
    line: str
    ink: str
    soft: str
    grey: str


PAINTS: dict[str, _Paint] = {
    Ground.LIGHT: _Paint(paper="#ffffff", line="#d3d8e0", ink="#161d2e", soft="#4b5468", grey="#6b7280"),
    Ground.DARK: _Paint(paper="#161a24", line="#414959", ink="#f1f4f9", soft="#b3bbca", grey="#9aa3b2"),
}


def face_of(badge: Badge, shown: Shown, language: str) -> Face:
    """What a badge says of a day; of a partner that has held nothing yet, the programme's name stands there."""
    level = shown.level
    with override(language):
        partner = said(badge.partner.name)
        name = level.mark_name if level else settings.WAGTAIL_SITE_NAME
        year = str(shown.membership.year) if shown.membership else ""
        note = _("%(year)s · действует") % {"year": year} if shown.is_valid else _("не действует")
        return Face(
            title=f"{partner}: {name}, {note}",
            name=name,
            short_name=said(level.short_name) if level else name,
            note=note,
            shape=level.shape if level else "circle",
            colour=level.colour if level else "#000000",
            is_valid=shown.is_valid,
        )


@lru_cache(maxsize=MOST_KEPT)
def drawn(face: Face, look: Look, code: str) -> bytes:
    """The picture, of at most MOST_BYTES; the same bytes for the same words.

    It says in itself where its code is checked, so that whoever has saved it from a page can ask about it.
    """
    size = SIZES[look.size]
    svg = _light(face, size, look.ground)
    picture = svg.encode() if look.suffix == SVG else _few_colours(png(svg, width=size.pixels[0] * DENSITY))
    return stamp(picture, look.suffix, verify_url(code))


def _light(face: Face, size: Size, ground: str) -> str:
    """The drawing with as much of the level's name as makes it no heavier than it may be."""
    names = [face.short_name] if size.is_short else [face.name, face.short_name]
    for name in [*(_cut(name, LONGEST_NAME) for name in names), _cut(face.short_name, SHORTEST_NAME)]:
        svg = _drawing(face, name, size, ground)
        if len(svg.encode()) <= MOST_BYTES - STAMP_ROOM:
            break
    return svg


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _drawing(face: Face, words: str, size: Size, ground: str) -> str:
    paint, tone = PAINTS[ground], ON_DARK if ground == Ground.DARK else ON_LIGHT
    left = size.margin * 2 + size.shape
    room = size.width - left - size.margin
    name = _fitting(words, size.name, BOLD, room)
    note = _fitting(face.note, size.note, PLAIN, room)
    gap = size.height * 0.13
    top = (size.height - CAP_HEIGHT * (name.size + note.size) - gap) / 2
    first = top + CAP_HEIGHT * name.size
    second = first + gap + CAP_HEIGHT * note.size
    scale, middle = size.shape / GRID, (size.height - size.shape) / 2
    fill = f'fill="{toned(face.colour, *tone)}"' if face.is_valid else f'fill="none" stroke="{paint.grey}"'
    outline = "" if face.is_valid else ' stroke-width="2"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size.pixels[0]}" height="{size.pixels[1]}"'
        f' viewBox="0 0 {size.width} {size.height}" role="img" aria-labelledby="t">'
        f'<title id="t">{escape(_cut(face.title, LONGEST_TITLE))}</title>'
        f'<rect x=".5" y=".5" width="{size.width - 1}" height="{size.height - 1}" rx="8"'
        f' fill="{paint.paper}" stroke="{paint.line}"/>'
        f'<path transform="translate({written(size.margin)} {written(middle)}) scale({scale:.4g})" {fill}{outline}'
        f' d="{SHAPES.get(face.shape, SHAPES["circle"])}"/>'
        + small(name, left, first, paint.ink if face.is_valid else paint.grey, "a")
        + small(note, left, second, paint.soft if face.is_valid else paint.grey, "b")
        + "</svg>"
    )


def _fitting(text: str, size: float, weight: int, room: float) -> Line:
    """Words on one line that is no wider than there is room."""
    width = Line(text, size, weight).width
    return Line(text, size * min(1.0, room / width) if width else size, weight)


def _few_colours(picture: bytes) -> bytes:
    """The same PNG in a palette: a third of the bytes, and nobody sees the difference."""
    found = BytesIO()
    with Image.open(BytesIO(picture), formats=["PNG"]) as image:
        few = image.convert("RGBA").quantize(COLOURS, method=Image.Quantize.FASTOCTREE)
        few.save(found, "PNG", optimize=True)
    return found.getvalue()
