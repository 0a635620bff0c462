"""Loads a sample of each text by which people agree to the processing of personal data.

``consent.<language>.txt`` is for enquiries, ``account_consent.<language>.txt`` for accounts. Idempotent: where there is
any text for a purpose, nothing is added. The vendor's lawyer writes the true ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from partner_directory.models.enquiry import ConsentText

SINCE = date(2026, 1, 1)
FILES = {ConsentText.Purpose.ENQUIRY: "consent", ConsentText.Purpose.ACCOUNT: "account_consent"}


def load(report: Callable[[str], None]) -> None:
    """Adds a sample for each purpose that has no text at all; ``report`` is called with one line."""
    present = set(ConsentText.objects.values_list("purpose", flat=True))
    missing = [purpose for purpose in FILES if purpose not in present]
    for purpose in missing:
        texts = {f"text_{language}": _text(FILES[purpose], language) for language in ("ru", "en")}
        ConsentText.objects.create(purpose=purpose, effective_from=SINCE, is_sample=True, **texts)
    report(f"ConsentText: {len(missing)} added, {len(FILES) - len(missing)} kept")


def _text(name: str, language: str) -> str:
    return Path(__file__).with_name(f"{name}.{language}.txt").read_text(encoding="utf-8").strip()
