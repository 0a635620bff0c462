"""Makes every kept page old, and has a CDN forget what it may have: after a change of settings, or to be sure.

Nothing is emptied: each page is made anew when it is next asked for, so that no crowd meets an empty cache.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from operations.page_cache import cdn
from operations.page_cache.version import versions


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Makes every page of the page cache old, in all processes, and purges the CDN if there is one."

    def handle(self, *args: Any, **options: Any) -> None:
        """Moves the version on."""
        versions.move_on()
        self.stdout.write("Every page is made anew when it is next asked for.")
        if cdn.is_configured():
            self.stdout.write(f"The CDN was told to forget {cdn.purge()} addresses.")
