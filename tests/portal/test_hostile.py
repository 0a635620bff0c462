"""Hostile input where no other test tries it: cells of exports, and what a paper is drawn from."""

from __future__ import annotations

import csv
import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from program_pages import paper
from program_pages.formats import safe_text
from program_pages.groups import PARTNER_MANAGERS
from tests.admin.conftest import member_of, signed_in
from tests.admin.forms import said
from tests.admin.partners import stored_partner
from tests.admin.test_reports import UNSEEN


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_beginning_of_a_formula_leaves(first: str) -> None:
    hostile = f"{first}cmd|' /C calc'!A0"
    cell = str(safe_text(hostile))
    assert cell == f"'{hostile}"
    assert safe_text(cell) == cell  # exported, imported and exported again
    (back,) = next(csv.reader(io.StringIO(f'"{cell}"\n')))
    assert back[0] == "'"


@pytest.mark.django_db
def test_a_name_of_markup_is_text_in_a_report() -> None:
    stored_partner(name_ru="<script>alert(1)</script>")
    response = signed_in(member_of(PARTNER_MANAGERS)).get(reverse(UNSEEN))
    assert "<script>alert(1)" not in response.content.decode()
    assert "<script>alert(1)</script>" in said(response)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server of this machine, and the addresses that it was asked for."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.path)
            self.send_response(404)
            self.end_headers()

        def log_message(self, *_args: Any) -> None: ...

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", seen
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.skipif(not paper.pdf_available(), reason="PDF needs the system's Pango (apt-get install libpango-1.0-0)")
@pytest.mark.parametrize(
    "part",
    [
        '<img src="{url}/a.png" alt="">',
        '<link rel="stylesheet" href="{url}/a.css">',
        '<link rel="attachment" href="{file}">',
        '<style>@import "{url}/a.css"; @font-face {{ font-family: x; src: url("{url}/a.woff") }}</style>',
        '<img src="{file}" alt="">',
        '<object data="{file}"></object>',
        "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'><image href='{url}/a.png'/></svg>\">",
    ],
)
def test_a_paper_reads_no_file_and_asks_no_host(part: str, asked: tuple[str, list[str]], tmp_path: Path) -> None:
    url, seen = asked
    secret = tmp_path / "secret.txt"
    secret.write_text("a-secret-of-this-machine")
    body = part.format(url=url, file=secret.as_uri())
    document = paper.draw(f'<!doctype html><html lang="ru"><title>x</title><body><p>x</p>{body}</body></html>')
    assert document.startswith(b"%PDF")
    assert seen == []
    assert b"EmbeddedFile" not in document
    assert b"a-secret-of-this-machine" not in document
