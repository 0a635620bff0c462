"""Loads a sample of the text by which visitors agree to the processing of personal data (``consent.<language>.txt``).

Idempotent: where there is any text, nothing is added. The vendor's lawyer writes the true one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from partner_directory.models.enquiry import ConsentText

SINCE = date(2026, 1, 1)


def load(report: Callable[[str], None]) -> None:
    """Adds the sample where there is no text at all; ``report`` is called with one line."""
    missing = not ConsentText.objects.exists()
    if missing:
        ConsentText.objects.create(effective_from=SINCE, text_ru=_text("ru"), text_en=_text("en"), is_sample=True)
    report(f"ConsentText: {int(missing)} added, {int(not missing)} kept")


def _text(language: str) -> str:
    return Path(__file__).with_name(f"consent.{language}.txt").read_text(encoding="utf-8").strip()
