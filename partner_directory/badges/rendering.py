"""Drawings as files to be handed out: the same bytes for the same drawing, wherever they are made.

The drawings come from us or were cleaned before (``badges.svg``): nothing in them points anywhere. What compresses by
itself is compressed by pinned libraries that bring their own compression, the rest is not compressed. May not import
models.
"""

from __future__ import annotations

import re
from io import BytesIO

from PIL import Image
from resvg import render, usvg

from program_pages import paper

ROOT = re.compile(r"<svg\b[^>]*>")
VIEW_BOX = re.compile(r"""\bviewBox\s*=\s*["']([^"']*)["']""")
SIDES = re.compile(r"""\s(?:width|height)\s*=\s*(?:"[^"]*"|'[^']*')""")
AS_IT_IS = (1, 0, 0, 0, 1, 0)  # row by row: neither moved nor scaled
METHOD, EFFORT = 3, 0  # of WebP: more of either takes longer and makes flat drawings no smaller


def png(svg: str, *, width: int) -> bytes:
    """A drawing as a PNG of a width in pixels, on a transparent ground; raises ValueError where it has no size."""
    tree = usvg.Tree.from_str(_sized(svg, width), usvg.Options.default())
    return bytes(render(tree, AS_IT_IS))


def webp(picture: bytes) -> bytes:
    """A PNG as a WebP that has lost nothing."""
    found = BytesIO()
    with Image.open(BytesIO(picture), formats=["PNG"]) as image:
        image.convert("RGBA").save(found, "WEBP", lossless=True, exact=True, method=METHOD, quality=EFFORT)
    return found.getvalue()


def pdf(svg: str) -> bytes:
    """A drawing as a PDF of one page of its size, in lines and not in points; needs ``paper.pdf_available()``."""
    return paper.draw_picture(svg, *size_of(svg))


def size_of(svg: str) -> tuple[float, float]:
    """The width and height of a drawing by its viewBox; raises ValueError where it has none."""
    root = ROOT.search(svg)
    box = VIEW_BOX.search(root[0]) if root else None
    numbers = [float(each) for each in box[1].replace(",", " ").split()] if box else []
    if len(numbers) != 4 or min(numbers[2:]) <= 0:
        raise ValueError("a drawing without a viewBox")
    return numbers[2], numbers[3]


def _sized(svg: str, width: int) -> str:
    """A drawing whose root says a width in pixels, and the height that goes with it."""
    wide, tall = size_of(svg)
    sides = f' width="{width}" height="{max(round(width * tall / wide), 1)}"'
    return ROOT.sub(lambda root: SIDES.sub("", root[0]).replace("<svg", f"<svg{sides}", 1), svg, count=1)
