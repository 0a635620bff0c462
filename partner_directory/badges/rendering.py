"""Drawings as files to be handed out: the same bytes for the same drawing, wherever they are made.

The drawings come from us or were cleaned before (``badges.svg``): nothing in them points anywhere. What compresses by
itself is compressed by pinned libraries that bring their own compression, the rest is not compressed. May not import
models.
"""

from __future__ import annotations

import re
from io import BytesIO

import resvg_py
from PIL import Image

from program_pages import paper

ROOT = re.compile(r"<svg\b[^>]*>")
VIEW_BOX = re.compile(r"""\bviewBox\s*=\s*["']([^"']*)["']""")
SPEED = 4  # of WebP, from 0 (fast) to 6 (small)


def png(svg: str, *, width: int) -> bytes:
    """A drawing as a PNG of a width in pixels, on a transparent ground."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))


def webp(picture: bytes) -> bytes:
    """A PNG as a WebP that has lost nothing."""
    found = BytesIO()
    with Image.open(BytesIO(picture), formats=["PNG"]) as image:
        image.convert("RGBA").save(found, "WEBP", lossless=True, method=SPEED)
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
