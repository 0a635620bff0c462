"""Sample artwork: whatever the name, shape and colour, twelve drawings that anybody can read (R9, R13)."""

from __future__ import annotations

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from threading import Barrier

import pytest
from PIL import Image

from partner_directory.badges import lettering
from partner_directory.badges.colours import contrast, toned
from partner_directory.badges.drawing import SHAPES, is_sample, sample_drawings
from partner_directory.badges.lettering import Line
from partner_directory.badges.rendering import png
from partner_directory.badges.svg import clean_svg
from partner_directory.models.mark import VARIANTS
from program_pages.models.level import Shape
from tests.test_layout import ROOT

KEYS = {key for key, _layout, _ink in VARIANTS}
LONG = "АСофт Партнёр по банковским решениям и цифровым каналам обслуживания ASoft Certified Partner"
NAMES = ["ASoft Retail Partner", "Банк", "Ё", "中文 Partner", "Превысокомногорассмотрительствующий", LONG, "A & <B> Ж"]
PAINT = re.compile(r'fill="(#[0-9a-f]{6})"')
GROUNDS = {"light": "#ffffff", "dark": "#0d1117", "black": "#ffffff", "white": "#000000"}
LEGIBLE, SEEN = 7.0, 3.0  # words, and what is no words (WCAG 1.4.6, 1.4.11)


def pixels(drawing: str, width: int = 600) -> Image.Image:
    return Image.open(BytesIO(png(drawing, width=width))).convert("RGBA")


def dots(picture: Image.Image) -> list[tuple[int, ...]]:
    return list(zip(*[iter(picture.tobytes())] * 4, strict=True))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [*Shape.values, None])
def test_there_are_all_variants_of_any_name_and_none_needs_a_font(name: str, shape: str | None) -> None:
    drawings = sample_drawings(name, shape, "#9333ea" if shape else None)

    assert set(drawings) == KEYS
    for drawing in drawings.values():
        assert not {"<text", " id=", "href", "style"} & set(re.findall(r"<text| id=|href|style", drawing))
        assert is_sample(drawing)
        assert len(drawing) < 60_000


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_cut_off_at_the_edge(name: str) -> None:
    """Letters hang below their line and stand above it: with room around it a drawing has no more ink than without."""
    for key in ("horizontal-black", "vertical-black", "symbol-black"):
        drawing = sample_drawings(name, "triangle", "#9333ea")[key]
        wide = re.sub(
            r'viewBox="0 0 ([\d.]+) ([\d.]+)"',
            lambda box: f'viewBox="-20 -20 {float(box[1]) + 40} {float(box[2]) + 40}"',
            drawing,
        )
        wide = re.sub(r'width="[\d.]+" height="[\d.]+"', "", wide, count=1)
        picture = pixels(wide, 900).getchannel("A")
        box = re.search(r'viewBox="-20 -20 ([\d.]+) ([\d.]+)"', wide)
        assert box is not None
        margin = 19 * 900 / float(box[1])
        inked = picture.point(lambda alpha: 255 if alpha > 30 else 0).getbbox()
        assert inked is not None
        assert inked[0] >= margin
        assert inked[1] >= margin
        assert inked[2] <= picture.width - margin
        assert inked[3] <= picture.height - margin


@pytest.mark.parametrize("colour", ["#b45309", "#0047ab", "#0f766e", "#ffff00", "#000000", "#ffffff", "#ff0000"])
@pytest.mark.parametrize("ink", GROUNDS)
def test_every_ink_is_seen_on_its_ground(ink: str, colour: str) -> None:
    drawings = sample_drawings("ASoft Retail Partner", "square", colour)
    symbol, words = PAINT.findall(drawings[f"horizontal-{ink}"])

    assert contrast(words, GROUNDS[ink]) >= LEGIBLE
    assert contrast(symbol, GROUNDS[ink]) >= SEEN


@pytest.mark.parametrize("shape", [*Shape.values, None])
def test_one_colour_variants_are_of_one_colour(shape: str | None) -> None:
    drawings = sample_drawings("ASoft SaaS Partner", shape, "#0f766e" if shape else None)
    for layout in ("horizontal", "vertical", "symbol"):
        assert set(PAINT.findall(drawings[f"{layout}-black"])) == {"#000000"}
        assert set(PAINT.findall(drawings[f"{layout}-white"])) == {"#ffffff"}
        opaque = [pixel[:3] for pixel in dots(pixels(drawings[f"{layout}-black"])) if pixel[3] == 255]
        assert set(opaque) == {(0, 0, 0)}


def test_the_letter_is_cut_out_of_the_shape_so_the_ground_shows_through() -> None:
    symbol = pixels(sample_drawings("ASoft Retail Partner", "square", "#b45309")["symbol-light"], 240)
    transparent = sum(pixel[3] == 0 for pixel in dots(symbol.crop((60, 60, 180, 180))))
    assert transparent > 1_000


def test_shapes_differ_and_so_do_the_levels() -> None:
    symbols = {shape: sample_drawings("ASoft", shape, "#b45309")["symbol-black"] for shape in Shape.values}
    assert len(set(symbols.values())) == len(Shape.values)
    assert set(SHAPES) == set(Shape.values)


def test_the_shapes_are_those_of_the_site() -> None:
    template = (ROOT / "site/templates/components/level_shape_path.html").read_text(encoding="utf-8")
    for shape in ("hexagon", "diamond", "triangle", "octagon"):
        assert SHAPES[shape] in template


def test_colours_are_reckoned_as_in_the_styles() -> None:
    """A browser says so of ``oklch(from #0047ab 0.585 min(c, 0.18) h)`` and of grey."""
    assert toned("#808080", 1.0, 0.18) == "#ffffff"
    assert toned("#808080", 0.0, 0.18) == "#000000"
    assert toned("#ff0000", 0.628, 0.258) == "#ff0000"


def test_the_same_words_give_the_same_bytes_on_every_machine() -> None:
    """A change of this sum is a new version of every sample mark."""
    every = "".join(
        drawing
        for name, shape, colour in (
            ("ASoft Partners", None, None),
            ("ASoft Retail Partner", "square", "#b45309"),
            ("АСофт Партнёр", "hexagon", "#0047ab"),
        )
        for drawing in sample_drawings(name, shape, colour).values()
    )
    assert hashlib.sha256(every.encode()).hexdigest() == Path(__file__).with_name("drawings.sha256").read_text().strip()


def test_a_drawing_passes_the_check_of_masters() -> None:
    for drawing in sample_drawings(LONG, "hexagon", "#0047ab").values():
        assert clean_svg(drawing.encode()).removed == ("data-artwork",)


def test_a_name_is_said_to_who_does_not_see() -> None:
    class Title(HTMLParser):
        said = ""

        def handle_data(self, data: str) -> None:
            self.said += data

    reader = Title()
    reader.feed(sample_drawings("A & <B> Ж", "circle", "#0f766e")["symbol-light"])
    assert reader.said == "A & <B> Ж"


def test_several_at_once_are_drawn_as_one_after_the_other() -> None:
    words = ["ASoft CRM Competency", "ASoft Retail Partner", "Не действует", "ASoft SaaS Partner"]
    expected = [Line(text, 20, 480).path(0, 0) for text in words]
    for kept in (lettering._fonts, lettering._laid_out_once):
        kept.cache_clear()  # a process that has just begun: the fonts are still packed
    together = Barrier(len(words))

    def draw(text: str) -> str:
        together.wait()
        return Line(text, 20, 480).path(0, 0)

    with ThreadPoolExecutor(len(words)) as threads:
        assert list(threads.map(draw, words)) == expected
