"""Adds any number of invented partners, to see the directory at its size; ``--remove`` takes all of them away.

They are samples whose slug begins with "demo-" and a number. The same seed on the same database makes the same
partners; a second run adds to the first. Safe to interrupt: each batch is whole. ``--records`` writes a year of sales
and facts for those that have none.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partner_directory.demo import book, crowd
from program_pages.terms import NoEdition


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Adds invented partners, marked as samples with slugs that begin with demo-; --remove removes them all."

    def add_arguments(self, parser: CommandParser) -> None:
        """How many, and from which seed."""
        parser.add_argument("--count", type=int, default=1000, help=f"from 1 to {crowd.MOST}; 1000 unless told")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same partners")
        parser.add_argument("--remove", action="store_true", help="remove every partner that this command has added")
        parser.add_argument("--records", action="store_true", help="write a year of records for each of them, too")

    def handle(self, *args: Any, count: int, seed: int, remove: bool, records: bool, **options: Any) -> None:
        """Adds or removes, with a line after each batch."""
        if remove:
            gone = 0
            for gone in crowd.remove():
                self.stdout.write(f"{gone} removed")
            self.stdout.write(f"Partner: {gone} removed")
            return
        if not 1 <= count <= crowd.MOST:
            raise CommandError(f"--count is a number from 1 to {crowd.MOST}, not {count}.")
        try:
            for done in crowd.add(count, seed):
                self.stdout.write(f"{done} of {count}")
        except (crowd.NoGround, NoEdition, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Partner: {count} added")
        written = 0
        for written in book.write(seed) if records else ():
            self.stdout.write(f"{written} with records")
