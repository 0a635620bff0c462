"""Words as outlines in as few bytes as can be, for pictures that are asked for again and again.

Each letter is drawn once, in whole steps of a fine grid and from point to point, and used where it stands. Pure: may
not import Django.
"""

# ruff: noqa: N802 - fontTools names what a pen does

from __future__ import annotations

from functools import lru_cache

from fontTools.pens.basePen import BasePen
from fontTools.svgLib.path import parse_path

from partner_directory.badges.lettering import Line, written

GRID = 8  # steps in a unit
SMOOTH = 1.5  # steps by which a curve may differ: nobody sees a fifth of a pixel
Point = tuple[float, float]


def small(line: Line, left: float, baseline: float, colour: str, name: str) -> str:
    """A line of words as SVG; ``name`` tells its letters from those of other lines in the same drawing."""
    letters = [sign for sign in dict.fromkeys(line.text) if sign.strip()]
    shapes = "".join(
        f'<path id="{name}{number}" d="{outline(sign, line.size, line.weight)}"/>'
        for number, sign in enumerate(letters)
    )
    used = "".join(
        f'<use href="#{name}{letters.index(sign)}"{_at(line, place)}/>'
        for place, sign in enumerate(line.text)
        if sign in letters
    )
    where = f"translate({written(left)} {written(baseline)}) scale({1 / GRID:g})"
    return f'<defs>{shapes}</defs><g fill="{colour}" transform="{where}">{used}</g>'


@lru_cache(maxsize=2048)
def outline(sign: str, size: float, weight: int) -> str:
    """A letter's path, from 0, in steps of the grid."""
    pen = _Compact()
    parse_path(Line(sign, size * GRID, weight).path(0, 0), pen)
    return pen.path


def _at(line: Line, place: int) -> str:
    """Where a letter stands: as far as the words up to it go, less its own width, so that kerning counts."""
    before = (
        Line(line.text[: place + 1], line.size, line.weight).width
        - Line(line.text[place], line.size, line.weight).width
    )
    step = round(before * GRID)
    return f' x="{step}"' if step else ""


class _Compact(BasePen):
    """Writes a path in whole steps, each from where the last one ended."""

    def __init__(self) -> None:
        super().__init__(None)
        self.path = ""
        self.here = self.start = self.control = (0, 0)
        self.last = ""

    def _moveTo(self, point: Point) -> None:
        self._write("m", point)
        self.start = self.here

    def _lineTo(self, point: Point) -> None:
        across, down = (round(new) - old for new, old in zip(point, self.here, strict=True))
        if across and down:
            self._write("l", point)
        elif across or down:
            self._put("v" if down else "h", [across or down])
            self.here = _rounded(point)

    def _qCurveToOne(self, control: Point, point: Point) -> None:
        """Where the curve goes on smoothly, its control need not be written: most curves of a font do."""
        mirrored = (2 * self.here[0] - self.control[0], 2 * self.here[1] - self.control[1])
        goes_on = self.last in {"q", "t"}
        if goes_on and all(abs(new - old) <= SMOOTH for new, old in zip(mirrored, control, strict=True)):
            self._write("t", point)
            self.control = mirrored
        else:
            self._write("q", control, point)
            self.control = _rounded(control)

    def _curveToOne(self, first: Point, second: Point, point: Point) -> None:
        self._write("c", first, second, point)

    def _closePath(self) -> None:
        self.path += "z"
        self.here, self.last = self.start, "z"

    def _endPath(self) -> None:
        """Nothing to write: a filled outline closes itself."""

    def _write(self, command: str, *points: Point) -> None:
        steps = [new - old for point in map(_rounded, points) for new, old in zip(point, self.here, strict=True)]
        if any(steps) or command == "m":
            self._put(command, steps)
        self.here = _rounded(points[-1])

    def _put(self, command: str, steps: list[int]) -> None:
        if command != self.last or command == "m":
            self.path += command
            parts = [str(step) for step in steps]
        else:
            parts = ["", *(str(step) for step in steps)]
        self.last = command
        self.path += " ".join(parts).replace(" -", "-")


def _rounded(point: Point) -> tuple[int, int]:
    return round(point[0]), round(point[1])
