"""Terms on paper: set in the site's own type, and nothing but the site's own files is ever fetched."""

import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import SuspiciousFileOperation
from django.core.management import call_command
from django.test import Client
from pypdf import PdfReader
from whitenoise.storage import CompressedManifestStaticFilesStorage

from program_pages import paper
from tests.running_site import ROOT

from .reading import fetch, text_of

pytestmark = pytest.mark.django_db

needs_pango = pytest.mark.skipif(
    not paper.pdf_available(), reason="PDF needs Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0"
)


def fonts(document: bytes) -> set[str]:
    """The names of the fonts in a PDF."""
    pages = PdfReader(io.BytesIO(document)).pages
    return {str(font.get_object()["/BaseFont"]) for page in pages for font in page["/Resources"]["/Font"].values()}


@needs_pango
@pytest.mark.parametrize("language", ["", "/en"])
def test_the_document_wears_the_sites_style_and_type(client: Client, language: str) -> None:
    response = client.get(f"{language}/terms/pdf/")

    assert response["Content-Type"] == "application/pdf"
    assert "asoft-partners-terms-2026-01-01.pdf" in response["Content-Disposition"]
    assert all("Onest" in font for font in fonts(response.content))


@needs_pango
def test_collected_files_with_hashed_names_are_found(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]  # our own files alone
    # Not by settings: another STORAGES makes every storage anew, and models keep the ones they were made with.
    monkeypatch.setattr(staticfiles_storage, "_wrapped", CompressedManifestStaticFilesStorage(str(tmp_path)))
    call_command("collectstatic", interactive=False, verbosity=0)
    document = client.get("/terms/pdf/").content

    assert all("Onest" in font for font in fonts(document))


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "https://example.org/style.css",
        "https://static.invalid/media/secret.png",
        "https://static.invalid/static/../manage.py",
        "https://static.invalid/static/%2e%2e/manage.py",
        "https://static.invalid.example.org/static/css/paper.css",
        "static/css/paper.css",
    ],
)
def test_no_other_address_is_ever_read(url: str) -> None:
    with pytest.raises((ValueError, SuspiciousFileOperation)):
        paper.own_static_file(url)


def test_where_pdf_cannot_be_made_the_page_says_so_and_nothing_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paper, "pdf_available", lambda: False)
    monkeypatch.setattr("program_pages.models.pages.terms.pdf_available", lambda: False)

    assert "PDF" in text_of(fetch(client, "/terms/").main)
    assert client.get("/terms/pdf/").status_code == 503
    assert [warning.id for warning in paper.check_pdf()] == ["program_pages.W001"]


def test_a_page_that_only_offers_a_pdf_loads_nothing_that_makes_it() -> None:
    asked = "import sys; from program_pages import paper; print(paper.pdf_available(), 'weasyprint' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"}
    command = [sys.executable, "-c", asked]
    told = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.split() == [str(paper.pdf_available()), "False"]


def test_a_machine_without_pango_is_known_before_a_pdf_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "PANGO", ("libno-such-library.so.0",))
    paper.pdf_available.cache_clear()
    try:
        assert not paper.pdf_available()
        assert not paper.prepare_pdf()
    finally:
        paper.pdf_available.cache_clear()
