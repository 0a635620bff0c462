"""Uploaded masters: what does not draw is left out and said, what draws otherwise is refused with a sentence (R6)."""

from __future__ import annotations

import gzip
import time
from contextlib import suppress
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image

from partner_directory.badges.rendering import png
from partner_directory.badges.svg import DEEPEST, MOST_BYTES, MOST_ELEMENTS, clean_svg

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
SQUARE = '<path fill="#123456" d="M0 0h10v10H0Z"/>'


def svg(inside: str, attributes: str = 'viewBox="0 0 20 10"') -> bytes:
    return f"<svg {NS} {attributes}>{inside}</svg>".encode()


def picture(kind: str, mode: str = "RGB", side: int = 8) -> bytes:
    out = BytesIO()
    Image.new(mode, (side, side)).save(out, kind)
    return out.getvalue()


def animated(kind: str) -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:])
    return out.getvalue()


def refusal(content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        clean_svg(content)
    return str(caught.value.messages[0])


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<script href="//evil.example/x.js"/>', "<script>"),
        ('<g onclick="a()"/>', "onclick"),
        ('<path d="M0 0" ONLOAD="a()"/>', "ONLOAD"),
        (
            "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><b>x</b></body></foreignObject>",
            "<foreignObject>",
        ),
        ('<animate attributeName="href" to="javascript:a()"/>', "<animate>"),
        ('<set attributeName="onload" to="a()"/>', "<set>"),
        ("<metadata>who drew it</metadata>", "<metadata>"),
        ('<iframe src="//evil.example"/>', "<iframe>"),
        ("<handler xmlns='http://www.w3.org/2001/xml-events'>a()</handler>", "<handler>"),
        ("<style>@import url(//evil.example/x.css);</style>", "style @"),
        ("<style>path { fill: url(//evil.example/x) }</style>", "style path"),
        ('<path d="M0 0" style="fill:url(https://evil.example/x#y)"/>', "style fill"),
        ('<path d="M0 0" style="behavior:url(x)"/>', "style behavior"),
        ('<path d="M0 0" fill="url(//evil.example/x#y)"/>', "fill"),
        ('<path d="M0 0" fill="url(#nothing)"/>', "fill"),
        ('<path d="M0 0" clip-path="url(x.svg#y)"/>', "clip-path"),
        ('<path d="M0 0" filter="url(#f)"/>', "filter"),
        ('<linearGradient id="g" xlink:href="https://evil.example/x#y"/>', "href"),
        ('<a xlink:href="javascript:a()"><path d="M1 1"/></a>', "<a>"),
        ('<path d="M0 0" xml:base="//evil.example/"/>', "base"),
        ('<path d="M0 0" data-x="1"/>', "data-x"),
        ("<?xml-stylesheet href='//evil.example/x.css'?>", "<?…?>"),
    ],
)
def test_what_does_not_draw_is_left_out_and_said(inside: str, said: str) -> None:
    cleaned = clean_svg(svg(SQUARE + inside))

    assert said in cleaned.removed
    assert SQUARE in cleaned.svg
    low = cleaned.svg.lower()
    for danger in ("script", "onclick", "onload", "evil", "foreignobject", "javascript", "import", "style", "xlink"):
        assert danger not in low, danger
    assert clean_svg(cleaned.svg.encode()).removed == ()
    assert png(cleaned.svg, width=40)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (svg(SQUARE + "<text>ASoft</text>"), "контуры"),
        (svg(SQUARE + "<g><text><tspan>ASoft</tspan></text></g>"), "контуры"),
        (svg(SQUARE + "<defs><font><glyph d='M0 0'/></font></defs>"), "контуры"),
        (svg(SQUARE + '<image href="https://evil.example/x.png"/>'), "растровое"),
        (svg(SQUARE + '<image xlink:href="data:image/png;base64,AAAA"/>'), "растровое"),
        (svg(SQUARE + '<filter id="f"><feImage href="//evil.example"/></filter>'), "растровое"),
        (svg(SQUARE + '<use href="https://evil.example/x.svg#y"/>'), "<use>"),
        (svg(SQUARE + '<use href="#y"/>'), "<use>"),
        (svg(SQUARE + '<pattern id="p"><path d="M0 0"/></pattern>'), "<pattern>"),
        (svg(SQUARE + '<mask id="m"/>'), "<mask>"),
        (svg(""), "ничего не нарисовано"),
        (svg("<defs><script/></defs>"), "ничего не нарисовано"),
        (b"<!doctype html><html><script>alert(1)</script></html>", "не SVG"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>', "не SVG"),
        (b"<svg viewBox='0 0 1 1'><path d='M0 0'/></svg>", "не SVG"),
        (b"plain text", "не SVG"),
        (b"", "не SVG"),
        (svg(SQUARE)[:-10], "не SVG"),
        (svg(SQUARE).decode().encode("utf-16"), "не SVG"),
        (b'<!DOCTYPE svg [<!ENTITY x "y">]>' + svg("&x;" + SQUARE), "сущности"),
        (b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("&x;" + SQUARE), "сущности"),
        (b'<!DOCTYPE svg SYSTEM "x.dtd"><!DOCTYPE svg [<!ENTITY x "y">]>' + svg(SQUARE), "сущности"),
        (svg(SQUARE, ""), "нет размеров"),
        (svg(SQUARE, 'width="100%" height="100%"'), "нет размеров"),
        (svg(SQUARE, 'viewBox="0 0 0 0"'), "нет размеров"),
        (svg(SQUARE, 'viewBox="0 0 1e999 1"'), "нет размеров"),
        (svg(SQUARE, 'width="50000" height="50000"'), "больше"),
        (svg(SQUARE, 'viewBox="0 0 1000 1"'), "Стороны"),
        (svg(SQUARE, 'viewBox="0 0 1 1000"'), "Стороны"),
        (svg("<g>" * (DEEPEST + 1) + SQUARE + "</g>" * (DEEPEST + 1)), "глубже"),
        (svg("<g>" * 40_000 + SQUARE + "</g>" * 40_000), "частей"),
        (svg("<g/>" * (MOST_ELEMENTS + 1) + SQUARE), "частей"),
        (svg("<!-- -->" * (MOST_BYTES // 8) + SQUARE), "больше"),
        (picture("PNG"), "PNG"),
        (picture("JPEG", "CMYK"), "JPEG"),
        (animated("GIF"), "GIF"),
        (animated("WEBP"), "WebP"),
        (gzip.compress(svg(SQUARE), mtime=0), "SVGZ"),
        (b"%PDF-1.7", "PDF"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_with_a_sentence(content: bytes, word: str) -> None:
    sentence = refusal(content)

    assert word in sentence
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    "content",
    [
        svg("<style>" + "a" * 290_000 + "</style>" + SQUARE),
        svg("<style>" + "/*" * 140_000 + "</style>" + SQUARE),
        b"<!DOCTYPE " * 29_000 + svg(SQUARE),
        svg(SQUARE, f'viewBox="{"1" * 290_000}x"'),
        svg(f'<path d="M0 0" fill="{"a" * 290_000}!"/>'),
        svg(f'<path d="M0 0" fill="url({" " * 290_000}"/>' + SQUARE),
    ],
    ids=["style", "comments", "doctypes", "box", "paint", "reference"],
)
def test_nothing_takes_long(content: bytes) -> None:
    began = time.monotonic()
    with suppress(ValidationError):
        clean_svg(content)
    assert time.monotonic() - began < 2


def test_a_plain_doctype_of_a_drawing_programme_is_left_out() -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/svg11.dtd">'
    assert clean_svg(doctype + svg(SQUARE)).removed == ("DOCTYPE",)


def test_styles_of_classes_become_attributes() -> None:
    """As drawing programmes write them: classes, a style attribute, the later one wins."""
    sheet = "<defs><style>/* a */.a,.b{fill:#123456;stroke-width:2px}.b{stroke:#fff}</style></defs>"
    cleaned = clean_svg(svg(sheet + '<path class="a b" d="M0 0h1" style="fill:red"/>'))

    assert cleaned.removed == ()
    for said in ('fill="red"', 'stroke="#fff"', 'stroke-width="2px"'):
        assert said in cleaned.svg
    assert "class" not in cleaned.svg


def test_gradients_and_clips_stay_and_their_names_are_the_drawings_own() -> None:
    inside = (
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient>'
        '<linearGradient id="b" xlink:href="#a" x1="0"/><clipPath id="c"><path d="M0 0h1v1"/></clipPath></defs>'
        '<path d="M0 0h1" fill="url(#b)" clip-path="url(#c)"/>'
    )
    one, other = clean_svg(svg(inside)), clean_svg(svg(inside + SQUARE))

    assert one.removed == ()
    assert one.svg.count("url(#m") == 2
    names = [{part.split('"')[0] for part in found.svg.split(' id="')[1:]} for found in (one, other)]
    assert len(names[0]) == 3
    assert not names[0] & names[1]
    assert all(f'"url(#{name})"' in one.svg or f'"#{name}"' in one.svg for name in names[0])


def test_the_box_is_said_anew() -> None:
    cleaned = clean_svg(svg(SQUARE, 'width="40px" height="20px" preserveAspectRatio="none"'))
    assert cleaned.svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20" viewBox="0 0 40 20">')
    assert cleaned.removed == ()
