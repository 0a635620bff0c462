"""Issues the badges that are missing: for every membership in force or to come that has none.

Memberships are given theirs when they are granted; this is for those that were granted before there were badges. Safe
to run again at any time, and to interrupt. What was revoked stays so.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.db import reset_queries

from partner_directory.actions.badges import issue_missing


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Issues a badge for every membership in force or to come that has none; what was revoked stays so."

    def handle(self, *args: Any, **options: Any) -> None:
        """Batch by batch, with a line at the end."""
        issued = 0
        for done in issue_missing(actor=None):
            issued = done
            reset_queries()  # which DEBUG keeps
        self.stdout.write(f"Credentials of badges: {issued} issued")
