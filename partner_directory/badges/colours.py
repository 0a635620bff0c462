"""Colours as the site's styles reckon them: a hue kept, its lightness and chroma set (OKLCH, as in tokens.css).

Pure: may not import Django.
"""

from __future__ import annotations

from math import atan2, cos, hypot, sin

SRGB_KNEE, LINEAR_KNEE = 0.04045, 0.0031308


def toned(colour: str, lightness: float, most_chroma: float) -> str:
    """A colour (``#rrggbb``) of the same hue at a lightness, with no more chroma than this."""
    _lightness, chroma, hue = _oklch(colour)
    return _hex(lightness, min(chroma, most_chroma), hue)


def contrast(one: str, other: str) -> float:
    """The ratio of contrast of two colours (WCAG 2), from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= SRGB_KNEE else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _oklch(colour: str) -> tuple[float, float, float]:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    middle = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    along = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    across = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    return lightness, hypot(along, across), atan2(across, along)


def _hex(lightness: float, chroma: float, hue: float) -> str:
    along, across = chroma * cos(hue), chroma * sin(hue)
    long = (lightness + 0.3963377774 * along + 0.2158037573 * across) ** 3
    middle = (lightness - 0.1055613458 * along - 0.0638541728 * across) ** 3
    short = (lightness - 0.0894841775 * along - 1.2914855480 * across) ** 3
    parts = (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(_encoded(part) * 255):02x}" for part in parts)


def _encoded(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return 12.92 * part if part <= LINEAR_KNEE else 1.055 * part ** (1 / 2.4) - 0.055
