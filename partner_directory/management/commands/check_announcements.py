"""Looks whether partners still announce their participation, where it is time to (R34, R41).

Safe to run again at any time, by hand or by a schedule, once a day or after a missed week: a page is read again seven
days after it was. Only public addresses are asked.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partner_directory.actions.announcements import check_due


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Reads the announcement pages of partners that are due, and stores what was found."

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each page without an announcement, and how many were read."""
        read = missing = 0
        for answer in check_due():
            read += 1
            missing += not answer.found
            if not answer.found:
                self.stdout.write(f"{answer.url}: {answer.trouble}")
        self.stdout.write(f"Announcements: {read} read, {missing} not found")
