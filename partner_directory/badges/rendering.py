"""Drawings as pictures: the same bytes for the same drawing, wherever they are made.

The drawings come from us or were cleaned before (``badges.svg``): nothing in them points anywhere. May not import
models.
"""

from __future__ import annotations

import resvg_py


def png(svg: str, *, width: int) -> bytes:
    """A drawing as a PNG of a width in pixels, on a transparent ground."""
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, width=width, skip_system_fonts=True))
