"""Puts a backup into an empty place: an empty database, empty storages. All of it, compared, or nothing.

Where the code is newer than the backup, its migrations are applied; where it is older, the backup is refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations.backup.restoring import restore
from operations.backup.sealing import Locked
from operations.management.commands.backup import opening_of
from operations.moving.archive import Damaged
from operations.moving.arrival import Differs
from operations.moving.tables import Refused


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Puts a backup into an empty database and empty storages, and compares every row and byte."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and what opens it."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--identity", type=Path, help="the file with the key that opens it (AGE-SECRET-KEY-…)")

    def handle(self, *args: Any, file: Path, identity: Path | None, **options: Any) -> None:
        """Puts back, and says what is there."""
        try:
            restored = restore(file, opening_of(identity), say=self.stdout.write)
        except (Refused, Damaged, Locked, Differs, OSError) as error:
            raise CommandError(f"{error} Nothing was restored.") from error
        said = restored.whole.manifest
        self.stdout.write(
            f"{restored.whole.rows} rows in {len(said['tables'])} tables are equal row by row,"
            f" {restored.files} files byte by byte, to those of {said['made_at']}."
        )
        if restored.arrived.migrated_on:
            self.stdout.write(f"Then migrated on: {', '.join(restored.arrived.migrated_on)}")
        for name in said["missing"]:
            self.stderr.write(f"Was missing when the backup was made: {name}")
