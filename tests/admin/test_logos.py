"""Uploaded images: drawings lose whatever could run, pictures are decoded, and the rest is refused in Russian."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from wagtail.images import get_image_model

from tests.admin.forms import said

pytestmark = pytest.mark.django_db

DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10" onload="a()">
<script>alert(1)</script><rect width="5" height="5" onclick="b()" fill="#123456"/>
<a href="javascript:c()"><text>ASoft</text></a><image href="https://evil.example.org/x.png"/>
<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"><iframe src="//evil"/></body></foreignObject>
<style>@import url(https://evil.example.org/x.css);</style></svg>"""


def upload(client: Client, name: str, content: bytes) -> Any:
    data = {"title": "Логотип", "file": SimpleUploadedFile(name, content), "collection": 1}
    return client.post(reverse("wagtailimages:add"), data)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def huge_png(side: int) -> bytes:
    """A picture that says it has so many pixels a side; its data is short."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 10)) + chunk(b"IEND", b"")
    )


def png() -> bytes:
    out = BytesIO()
    Image.new("RGB", (30, 20), "#123456").save(out, "PNG")
    return out.getvalue()


def test_a_drawing_is_stored_without_what_could_run(partner_manager: Client) -> None:
    response = upload(partner_manager, "logo.svg", DRAWING)
    assert response.status_code == 302, said(response)
    image = get_image_model().objects.get()
    stored = image.file.read().decode()
    for danger in ("script", "onload", "onclick", "javascript", "evil.example.org/x.png", "foreignObject", "@import"):
        assert danger not in stored, danger
    assert "#123456" in stored
    assert (image.width, image.height) == (20, 10)
    assert image.is_svg()
    image.file.delete(save=False)


def test_a_picture_is_stored(partner_manager: Client) -> None:
    assert upload(partner_manager, "logo.png", png()).status_code == 302
    image = get_image_model().objects.get()
    assert (image.width, image.height) == (30, 20)
    image.file.delete(save=False)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("page.svg", b"<!doctype html><html><script>alert(1)</script></html>"),
        ("page.svg", b'<html xmlns="http://www.w3.org/1999/xhtml"><svg/></html>'),
        ("page.svg", b"plain text"),
        ("drawing.png", DRAWING),
        ("cut.png", png()[:60]),
        ("huge.png", huge_png(50_000)),
        ("large.png", huge_png(8_000)),
        ("page.html", b"<html></html>"),
        ("twice.svg.html", DRAWING),
    ],
)
def test_what_is_no_image_is_refused(partner_manager: Client, name: str, content: bytes) -> None:
    response = upload(partner_manager, name, content)
    assert response.status_code == 200
    assert not get_image_model().objects.exists()
    text = said(response)
    reasons = ("изображени", "рисунок", "пиксел", "формат", "Загрузите правильное")
    assert any(reason in text for reason in reasons)


def test_the_uploader_of_many_is_as_strict(partner_manager: Client) -> None:
    files = {"files[]": SimpleUploadedFile("logo.svg", DRAWING), "collection": 1}
    response = partner_manager.post(reverse("wagtailimages:add_multiple"), files)
    assert response.json()["success"]
    image = get_image_model().objects.get()
    assert "script" not in image.file.read().decode()
    image.file.delete(save=False)


def moving(kind: str) -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("#123456", "#654321")]
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def printed() -> bytes:
    out = BytesIO()
    Image.new("CMYK", (30, 20)).save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("moving.gif", moving("GIF"), "Изображение движется"),
        ("moving.png", moving("PNG"), "Изображение движется"),
        ("moving.webp", moving("WEBP"), "Изображение движется"),
        ("printed.jpg", printed(), "CMYK"),
    ],
    ids=["gif", "png", "webp", "cmyk"],
)
def test_colours_for_print_and_moving_images_are_refused_with_a_sentence(
    partner_manager: Client, name: str, content: bytes, sentence: str
) -> None:
    response = upload(partner_manager, name, content)
    assert sentence in said(response)
    assert not get_image_model().objects.exists()
