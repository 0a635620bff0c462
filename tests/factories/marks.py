"""Marks: small drawings of our own, every variant of them, approved."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from partner_directory.models.mark import DARK_GROUNDS, PROGRAMME_SLUG, VARIANTS, Ink, Layout, Mark, MarkVersion

SIZES = {Layout.HORIZONTAL: (320, 80), Layout.VERTICAL: (160, 200), Layout.SYMBOL: (100, 100)}
COLOUR, PAPER, INK = "#1f4fd8", "#ffffff", "#141824"
PRINTED = {"black": "#000000", "white": "#ffffff"}


def drawing(layout: str, ink: str, colour: str = COLOUR) -> str:
    """A drawing of outlines: a square in the mark's colour, in the middle of it a hole, and a bar beside or below."""
    width, height = SIZES[Layout(layout)]
    fill = PRINTED.get(ink, colour)
    word = PRINTED.get(ink, PAPER if Ink(ink) in DARK_GROUNDS else INK)
    side = min(width, height)
    bar = {
        Layout.HORIZONTAL: f'<path d="M{side} 30H{width - 10}V50H{side}Z" fill="{word}"/>',
        Layout.VERTICAL: f'<path d="M10 {side}H{width - 10}V{height - 10}H10Z" fill="{word}"/>',
        Layout.SYMBOL: "",
    }[Layout(layout)]
    edge, third = side - 10, side // 3
    square = (
        f'<path d="M10 10H{edge}V{edge}H10ZM{third} {third}V{side - third}H{side - third}V{third}Z" fill="{fill}"/>'
    )
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">{square}{bar}</svg>'


def drawings(colour: str = COLOUR) -> dict[str, str]:
    """Every variant."""
    return {key: drawing(layout, ink, colour) for key, layout, ink in VARIANTS}


def a_mark(**fields: Any) -> Mark:
    """The programme's mark, which no database holds."""
    defaults = {
        "slug": PROGRAMME_SLUG,
        "name": "ASoft Partners",
        "drawings": drawings(),
        "clear_space": Decimal("0.25"),
        "least_px": 24,
        "least_mm": 8,
    }
    return Mark(**defaults | fields)


def make_version(level: str | None = None, **fields: Any) -> MarkVersion:
    """An approved version of a mark, the newest: of the programme's, or of a level's (slug)."""
    mark = Mark.objects.get(level__slug=level) if level else Mark.objects.get(level=None)
    kept = {name: getattr(mark, name) for name in ("name", "is_sample", "clear_space", "least_px", "least_mm")}
    values = {"drawings": drawings(), "number": mark.versions.count() + 1} | kept | fields
    made = MarkVersion.objects.create(mark=mark, **values)
    return MarkVersion.objects.select_related("mark__level").get(pk=made.pk)
