"""Documents on paper: templates to PDF by WeasyPrint, which needs the system's Pango.

The site starts without it: a system check names the package, and pages say so instead of failing.
Only the project's own static files may be fetched while a PDF is drawn. May not import models.
"""

from __future__ import annotations

import base64
import hashlib
import mimetypes
from ctypes import CDLL
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import cache as shared_cache
from django.core.checks import CheckMessage, register
from django.core.checks import Warning as CheckWarning
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language

HOUR = 3600
# The one of the system's libraries that brings all others which WeasyPrint opens, as Linux, macOS and Windows name it.
PANGO = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll")
ORIGIN = "https://static.invalid/"  # where a document's own files seem to be; such a host can never exist
PICTURE = """<!doctype html><meta charset="utf-8"><title></title><style>
@page {{ size: {width} {height}; margin: 0 }}
body {{ margin: 0 }}
img {{ display: block; width: {width}; height: {height} }}
</style><img src="{address}" alt="">"""


def _weasyprint() -> Any:
    """The library, loaded when it is first needed; raises OSError where the system lacks what it needs."""
    import weasyprint

    return weasyprint


@cache
def pdf_available() -> bool:
    """Whether PDF can be made on this machine: many pages ask, so nothing of the 33 MB that make it is loaded."""
    return find_spec("weasyprint") is not None and any(map(_opens, PANGO))


def prepare_pdf() -> bool:
    """The same, with what makes PDF loaded: for a page from which one is taken next."""
    if available := pdf_available():
        _weasyprint()
    return available


def _opens(library: str) -> bool:
    try:
        CDLL(library)
    except OSError:
        return False
    return True


@register()
def check_pdf(**_: Any) -> list[CheckMessage]:
    """Warns where PDF cannot be made, and names the package that is missing."""
    if pdf_available():
        return []
    return [
        CheckWarning(
            "PDF documents cannot be made: the system's Pango library is missing.",
            hint="Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0",
            id="program_pages.W001",
        )
    ]


def pdf_response(request: HttpRequest, template: str, context: dict[str, Any], name: str) -> HttpResponse:
    """The document as a PDF to read in the browser; the same document is drawn once an hour at most."""
    html = render_to_string(template, context, request)
    key = f"pdf:{template}:{get_language()}:{hash_of(html)}"
    document = shared_cache.get(key)
    if document is None:
        document = draw(html)
        shared_cache.set(key, document, HOUR)
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def qr_code(text: str) -> str | None:
    """A QR code as an image in the document itself, an SVG as a data address; None for a text that none can hold."""
    try:
        code = segno.make(text, error="m", micro=False)
    except segno.DataOverflowError:
        return None
    address: str = code.svg_data_uri(border=0, dark="#141824")
    return address


def hash_of(html: str) -> str:
    """A short fingerprint of a document's source."""
    return hashlib.sha256(html.encode()).hexdigest()[:32]


def draw(html: str) -> bytes:
    """A stand-alone HTML document as PDF bytes, tagged for screen readers."""
    source = _weasyprint().HTML(string=html, base_url=ORIGIN, url_fetcher=_own_static_fetcher())
    document: bytes = source.write_pdf(pdf_variant="pdf/ua-1")
    return document


def draw_picture(svg: str, width: float, height: float) -> bytes:
    """A drawing as a PDF page of its own size, given in CSS pixels; the same bytes wherever it is made.

    Not compressed, since machines compress differently; without dates and an identifier.
    """
    address = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")
    page = PICTURE.format(width=f"{width:g}px", height=f"{height:g}px", address=address)
    source = _weasyprint().HTML(string=page, base_url=ORIGIN, url_fetcher=_own_static_fetcher())
    document: bytes = source.write_pdf(uncompressed_pdf=True)
    return document


def own_static_file(url: str) -> bytes:
    """The project's static file at an address of the document; raises ValueError for every other address."""
    prefix = urljoin(ORIGIN, settings.STATIC_URL)
    name = unquote(urlsplit(url).path).removeprefix(settings.STATIC_URL)
    if not url.startswith(prefix) or ".." in name:
        raise ValueError(f"Not a static file of this site: {url}")
    found = finders.find(name)
    if isinstance(found, str):
        return Path(found).read_bytes()
    with staticfiles_storage.open(name) as file:  # a name that carries its hash exists where files are collected
        content: bytes = file.read()
    return content


@cache
def _own_static_fetcher() -> Any:
    """WeasyPrint's fetcher, confined to the project's static files and to data inside the document."""
    urls = _weasyprint().urls

    class OwnStaticFetcher(urls.URLFetcher):  # type: ignore[misc, name-defined]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            kind, _encoding = mimetypes.guess_type(urlsplit(url).path)
            return urls.URLFetcherResponse(
                url, own_static_file(url), {"Content-Type": kind or "application/octet-stream"}
            )

    return OwnStaticFetcher(allowed_protocols=["data"])
