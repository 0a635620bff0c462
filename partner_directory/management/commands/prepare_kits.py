"""``manage.py prepare_kits``: makes and records the files of every approved mark, so that nobody waits for them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partner_directory.badges.files import record_files
from partner_directory.badges.marks import approved_versions


class Command(BaseCommand):
    """What is made already is kept: safe to run again, after each approval or at any time."""

    help = "Makes and records the files of every approved mark; the first kit of each would do it otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        """A line for each mark."""
        for version in approved_versions():
            self.stdout.write(f"{version}: {len(record_files(version))} files")
