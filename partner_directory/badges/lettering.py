"""Words as outlines of the site's own font, so that a drawing looks the same where the font is not.

The same words give the same outlines, digit by digit. A font file is unpacked as it is read, and draws with a state of
its own: one thread at a time may ask it. Pure: may not import Django.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import RLock
from typing import Any

from anyascii import anyascii
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.svgLib.path import parse_path
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[2] / "site" / "static" / "fonts"
FILES = ("onest-latin.woff2", "onest-cyrillic.woff2")
CAP_HEIGHT = 0.707  # of the size
WEIGHT_AXIS = "wght"
PAIR_POSITIONING, EXTENSION = 2, 9
PAIRS, CLASSES = 1, 2  # the two formats of pair positioning

_alone = RLock()


@dataclass(frozen=True, slots=True)
class Line:
    """Words in a weight and a size: how wide they are, and how to draw them."""

    text: str
    size: float
    weight: int

    @property
    def width(self) -> float:
        """In the units of the size."""
        return _laid_out(self.text, self.weight).width * self.size

    def path(self, left: float, baseline: float) -> str:
        """The outlines as SVG path data, their first letter's edge at ``left``."""
        paths = []
        with _alone:
            for font, glyph, place in _laid_out(self.text, self.weight).glyphs:
                scale, glyphs = self.size / font.units, font.glyphs(self.weight)
                pen = SVGPathPen(glyphs, ntos=written)
                glyphs[glyph].draw(TransformPen(pen, (scale, 0, 0, -scale, left + place * self.size, baseline)))
                paths.append(str(pen.getCommands()))
        return "".join(paths)


def scaled(path: str, scale: float) -> str:
    """SVG path data so many times larger; arcs become curves."""
    pen = SVGPathPen(None, ntos=written)
    parse_path(path, TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    return str(pen.getCommands())


def written(value: float) -> str:
    """A coordinate with one decimal: less than that nobody sees."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


class _Font:
    """A font file with what is asked of it again and again."""

    def __init__(self, name: str) -> None:
        self.file = TTFont(FONTS / name, lazy=False)
        self.units: int = self.file["head"].unitsPerEm
        self.names: Mapping[int, str] = self.file.getBestCmap()
        self._sets: dict[int, Any] = {}

    def glyphs(self, weight: int) -> Any:
        """The glyphs in a weight."""
        if weight not in self._sets:
            self._sets[weight] = self.file.getGlyphSet(location={WEIGHT_AXIS: weight})
        return self._sets[weight]

    def advance(self, glyph: str, weight: int) -> float:
        """How far a glyph moves on."""
        glyphs = self.glyphs(weight)
        drawn = glyphs[glyph]
        drawn.draw(SVGPathPen(glyphs))  # a variable font without HVAR knows its widths only then
        return float(drawn.width) / self.units

    def kerning(self, left: str, right: str) -> float:
        """How much nearer (less than 0) two glyphs stand than their widths say."""
        for table in self._pair_tables():
            if left in table.Coverage.glyphs and (value := _adjustment(table, left, right)) is not None:
                return value / self.units
        return 0.0

    def _pair_tables(self) -> Iterator[Any]:
        for lookup in self.file["GPOS"].table.LookupList.Lookup:
            for table in lookup.SubTable:
                inner = table.ExtSubTable if lookup.LookupType == EXTENSION else table
                if inner.LookupType == PAIR_POSITIONING:
                    yield inner


def _adjustment(table: Any, left: str, right: str) -> float | None:
    """What a table of pairs says of one; None where it says nothing."""
    if table.Format == PAIRS:
        pairs = table.PairSet[table.Coverage.glyphs.index(left)].PairValueRecord
        value = next((pair.Value1 for pair in pairs if pair.SecondGlyph == right), None)
        return None if value is None else float(getattr(value, "XAdvance", 0))
    first, second = table.ClassDef1.classDefs.get(left, 0), table.ClassDef2.classDefs.get(right, 0)
    value = table.Class1Record[first].Class2Record[second].Value1
    return float(getattr(value, "XAdvance", 0)) if value else 0.0


@dataclass(frozen=True, slots=True)
class _Laid:
    glyphs: tuple[tuple[_Font, str, float], ...]  # the font, the glyph, and where it begins, at size 1
    width: float


@cache
def _fonts() -> tuple[_Font, ...]:
    return tuple(map(_Font, FILES))


def _laid_out(text: str, weight: int) -> _Laid:
    with _alone:
        return _laid_out_once(text, weight)


@cache
def _laid_out_once(text: str, weight: int) -> _Laid:
    place, before, laid = 0.0, None, []
    for font, glyph in _glyphs(text):
        if before is not None and before[0] is font:
            place += font.kerning(before[1], glyph)
        laid.append((font, glyph, place))
        place += font.advance(glyph, weight)
        before = (font, glyph)
    return _Laid(tuple(laid), place)


def spelt(text: str) -> str:
    """A text in signs that there are outlines for: a sign of no font of ours is said in Latin letters."""
    with _alone:
        return "".join(sign if _found(sign) else "".join(filter(_found, anyascii(sign))) for sign in text)


def _glyphs(text: str) -> Iterator[tuple[_Font, str]]:
    """Each sign's font and glyph."""
    return filter(None, map(_found, spelt(text)))


def _found(sign: str) -> tuple[_Font, str] | None:
    return next(((font, font.names[ord(sign)]) for font in _fonts() if ord(sign) in font.names), None)
