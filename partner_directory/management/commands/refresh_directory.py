"""Makes every row of the directory anew from the profiles, as after a change of how they are made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import reset_queries

from partner_directory.directory import projection


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Makes the directory's listings anew from the published profiles."

    def handle(self, *args: Any, **options: Any) -> None:
        """All of them in one transaction, with a line after each batch."""
        done = 0
        for done in projection.refresh_all():
            self.stdout.write(f"{done} made")
            reset_queries()  # which DEBUG keeps
        self.stdout.write(f"Listing: {done} made anew")
