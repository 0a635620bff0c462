"""Empties who wrote what from enquiries that are long over, and deletes those that were never confirmed.

Safe to run at any time and again; run it daily.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from partner_directory.actions.enquiries import forget


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Forgets who wrote enquiries that were closed long ago, and deletes those never confirmed."

    def add_arguments(self, parser: CommandParser) -> None:
        """How long they are kept."""
        parser.add_argument(
            "--days", type=int, default=settings.ENQUIRY_KEPT_DAYS, help="days kept after closing (%(default)s)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """One line for each kind."""
        if options["days"] < 0:
            raise CommandError("--days is a number of days from 0 on.")
        forgotten, deleted = forget(over_before=timezone.now() - timedelta(days=options["days"]), actor=None)
        self.stdout.write(f"Enquiries: {forgotten} forgotten, {deleted} never confirmed deleted")
