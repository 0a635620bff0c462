"""The other end of ``move_to``: reads rows from standard input into the empty database that DATABASE_URL names.

A process of its own, so that the site there is set up for its engine from the start.
"""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from operations.moving.archive import Damaged, Reader
from operations.moving.arrival import Differs, arrive
from operations.moving.tables import Refused


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Reads what move_to sends. Run by move_to alone."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """All of it, or nothing."""
        reader = Reader(sys.stdin.buffer)
        try:
            arrived = arrive(reader, say=self._say)
        except (Refused, Differs, Damaged) as error:
            raise CommandError(f"{error} Nothing was kept.") from error
        for name, rows in arrived.rows.items():
            if rows:
                self.stdout.write(f"  {rows:>9}  {reader.manifest['tallies'][name]['digest'][:12]}  {name}")
        self.stdout.write(
            f"{sum(arrived.rows.values())} rows in {len(arrived.rows)} tables:"
            " number and digest of each are equal on both sides."
        )

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
