"""Sample artwork of the marks, in the level system of the site: a shape in a colour, and the name (R9).

It stands in until the vendor's true files are uploaded: whatever the name, the shape and the colour, there is a mark at
once (R13). Letters are outlines, nothing has an identifier, the same words give the same bytes. Pure: may not import
Django.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from partner_directory.badges.colours import toned
from partner_directory.badges.lettering import CAP_HEIGHT, Line, scaled, spelt, written

SAMPLE = 'data-artwork="sample"'  # by which a drawing of ours is told from an uploaded one

SIDE = 240.0  # of the symbol's box; everything else is measured by it
GRID = 24.0  # the shapes' own box
GAP = 52.0
BOLD, PLAIN = 750, 480
DARK_INK, PALE_INK, BLACK, WHITE = "#161d2e", "#f1f4f9", "#000000", "#ffffff"
# Lightness and the most of chroma that a level's colour has on light ground and on dark: as in tokens.css.
ON_LIGHT, ON_DARK = (0.585, 0.18), (0.74, 0.13)

# The outlines of the shapes in their box, as in components/level_shape_path.html.
SHAPES = {
    "square": "M3.100 1.500h17.800a1.600 1.600 0 0 1 1.600 1.600v17.800a1.600 1.600 0 0 1-1.600 1.600H3.100"
    "a1.600 1.600 0 0 1-1.600-1.600V3.100a1.600 1.600 0 0 1 1.600-1.600Z",
    "hexagon": "M12 .8a2 2 0 0 1 1 .27l8 4.620a2 2 0 0 1 1 1.730v9.160a2 2 0 0 1-1 1.730l-8 4.620a2 2 0 0 1-2 0"
    "l-8-4.620a2 2 0 0 1-1-1.730V7.420a2 2 0 0 1 1-1.730l8-4.620a2 2 0 0 1 1-.27Z",
    "diamond": "M10.600 1.200a2 2 0 0 1 2.800 0l9.400 9.400a2 2 0 0 1 0 2.800l-9.400 9.400a2 2 0 0 1-2.800 0"
    "l-9.400-9.400a2 2 0 0 1 0-2.800Z",
    "triangle": "M10.300 2.400a2 2 0 0 1 3.400 0l9.600 16.800a2 2 0 0 1-1.700 3H2.400a2 2 0 0 1-1.700-3Z",
    "octagon": "M7.300 1h9.400L23 7.300v9.400L16.700 23H7.300L1 16.700V7.300Z",
    "circle": "M12 1a11 11 0 1 1 0 22a11 11 0 0 1 0-22Z",
}
# Where the letter stands in a shape (the middle of its height) and how high it is, by the shapes' box.
LETTER_MIDDLE, LETTER_HEIGHT = 12.0, 10.4
LETTER_OF = {"triangle": (15.6, 7.6), "diamond": (12.0, 9.2)}
"""Shapes in which there is less room for a letter than in the others."""
# The programme's own symbol, as in icons/mark.svg: the three shapes together, in colours of its own.
PROGRAMME_GRID = 32.0
PROGRAMME_PARTS = (
    ("M3.500 2h10a1.500 1.500 0 0 1 1.500 1.500v10a1.500 1.500 0 0 1-1.500 1.500h-10"
     "a1.500 1.500 0 0 1-1.500-1.500v-10a1.500 1.500 0 0 1 1.500-1.500Z", "#b45309"),
    ("M23.500 1.500 30 5.200v7.600l-6.500 3.700L17 12.800V5.200Z", "#0047ab"),
    ("M16 16a7 7 0 1 1 0 14a7 7 0 0 1 0-14Z", "#0f766e"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Setting:
    """How words are set beside a symbol: the size of each number of lines, and how wide they may be."""

    sizes: tuple[float, ...]
    widest: float
    leading: float = 1.14


BESIDE = _Setting(sizes=(150, 104, 68, 51), widest=1040)
BELOW = _Setting(sizes=(104, 86, 70, 57), widest=720)


def sample_drawings(name: str, shape: str | None, colour: str | None) -> dict[str, str]:
    """Every variant of a mark by its key (``models.mark.variant_key``), as SVG.

    Without a shape it is the programme's own. The name may be of any length and in Latin or Cyrillic letters.
    """
    inks: dict[str, tuple[str, Callable[[str], str]]] = {
        "light": (DARK_INK, lambda own: toned(own, *ON_LIGHT)),
        "dark": (PALE_INK, lambda own: toned(own, *ON_DARK)),
        "black": (BLACK, lambda own: BLACK),
        "white": (WHITE, lambda own: WHITE),
    }
    symbol = _symbol(name, shape, colour)
    return {
        f"{layout}-{ink}": draw(name, [_filled(path, paint(own)) for path, own in symbol], words)
        for layout, draw in (("horizontal", _horizontal), ("vertical", _vertical), ("symbol", _alone))
        for ink, (words, paint) in inks.items()
    }


def is_sample(drawing: str) -> bool:
    """Whether a drawing is one of these."""
    return SAMPLE in drawing


def _symbol(name: str, shape: str | None, colour: str | None) -> list[tuple[str, str]]:
    """The outlines of a symbol, each with the colour it has of its own, in boxes of SIDE."""
    if shape is None or colour is None:
        return [(scaled(path, SIDE / PROGRAMME_GRID), own) for path, own in PROGRAMME_PARTS]
    scale = SIDE / GRID
    return [(scaled(SHAPES.get(shape, SHAPES["circle"]), scale) + _letter(name, shape, scale), colour)]


def _letter(name: str, shape: str, scale: float) -> str:
    """The name's first letter, to be cut out of the shape."""
    middle, height = LETTER_OF.get(shape, (LETTER_MIDDLE, LETTER_HEIGHT))
    line = Line(spelt(name).strip()[:1].upper(), height * scale / CAP_HEIGHT, BOLD)
    return line.path((SIDE - line.width) / 2, (middle + height / 2) * scale)


def _horizontal(name: str, symbol: list[str], ink: str) -> str:
    lines = _set(name, BESIDE)
    top = (SIDE - _height(lines, BESIDE)) / 2
    words = _words(lines, BESIDE, top, [SIDE + GAP] * len(lines))
    width = SIDE + GAP + max(line.width for line in lines)
    return _svg(name, width, SIDE, [*symbol, _filled(words, ink)])


def _vertical(name: str, symbol: list[str], ink: str) -> str:
    lines = _set(name, BELOW)
    width = max(SIDE, *(line.width for line in lines))
    words = _words(lines, BELOW, SIDE + GAP, [(width - line.width) / 2 for line in lines])
    height = SIDE + GAP + _height(lines, BELOW) + 0.25 * lines[-1].size  # room for what hangs below the line
    left = (width - SIDE) / 2
    return _svg(name, width, height, [_moved(symbol, left), _filled(words, ink)])


def _alone(name: str, symbol: list[str], _ink: str) -> str:
    return _svg(name, SIDE, SIDE, symbol)


def _set(name: str, setting: _Setting) -> list[Line]:
    """The first word heavy on a line of its own, the others below it in lines of much the same width."""
    first, *others = name.split() or [" "]
    broken = _broken(others, len(setting.sizes) - 1)
    size = setting.sizes[len(broken)]
    lines = [Line(first, size, BOLD), *(Line(words, size, PLAIN) for words in broken)]
    widest = max(line.width for line in lines)
    fits = min(1.0, setting.widest / widest) if widest else 1.0
    return [Line(line.text, line.size * fits, line.weight) for line in lines]


def _broken(words: list[str], most: int) -> list[str]:
    """Words in as few lines as keep them readable, the longest of the lines as short as can be."""
    count = min(most, len(words), 1 + len(" ".join(words)) // 22)
    if count < 2:
        return [" ".join(words)] if words else []
    ways = _ways(len(words), count)
    best = min(ways, key=lambda cuts: max(len(" ".join(words[one:other])) for one, other in pairwise(cuts)))
    return [" ".join(words[one:other]) for one, other in pairwise(best)]


def _ways(length: int, count: int, begin: int = 0) -> Iterable[tuple[int, ...]]:
    """The ways to cut a row of words into so many parts: where each begins, and the end."""
    if count == 1:
        yield (begin, length)
        return
    for cut in range(begin + 1, length - count + 2):
        yield from ((begin, *rest) for rest in _ways(length, count - 1, cut))


def _height(lines: list[Line], setting: _Setting) -> float:
    """From the top of the first capital to the last line's foot."""
    return sum(line.size * setting.leading for line in lines[1:]) + lines[0].size * CAP_HEIGHT


def _words(lines: list[Line], setting: _Setting, top: float, lefts: list[float]) -> str:
    baseline, paths = top + lines[0].size * CAP_HEIGHT, []
    for line, left in zip(lines, lefts, strict=True):
        paths.append(line.path(left, baseline))
        baseline += line.size * setting.leading
    return "".join(paths)


def _filled(path: str, colour: str) -> str:
    return f'<path fill="{colour}" fill-rule="evenodd" d="{path}"/>'


def _moved(drawn: list[str], left: float) -> str:
    return f'<g transform="translate({written(left)})">{"".join(drawn)}</g>'


def _svg(name: str, width: float, height: float, drawn: list[str]) -> str:
    across, down = written(width + 0.5), written(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {SAMPLE} width="{across}" height="{down}"'
        f' viewBox="0 0 {across} {down}"><title>{escape(name)}</title>{"".join(drawn)}</svg>'
    )
