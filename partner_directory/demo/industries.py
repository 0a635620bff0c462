"""Loads the industries that partners know, from ``industries.tsv``.

Idempotent: an industry is missing when neither its code nor its name is there; what exists is never touched.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from partner_directory.demo.geography import rows
from partner_directory.models.industry import Industry


@transaction.atomic
def load(report: Callable[[str], None]) -> None:
    """Load the industries that are missing; ``report`` is called with one line."""
    known = {text for pair in Industry.objects.values_list("slug", "name_ru") for text in pair}
    all_rows = rows("industries.tsv")
    missing = [Industry(**row) for row in all_rows if known.isdisjoint({row["slug"], row["name_ru"]})]
    Industry.objects.bulk_create(missing)
    report(f"Industry: {len(missing)} added, {len(all_rows) - len(missing)} kept")
