"""Loads what the directory ships with: Russia, its federal subjects, its larger cities, and the groups' rights.

Safe to run again at any time: it adds what is missing and leaves alone what exists.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partner_directory import rights
from partner_directory.demo import geography


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Loads the regions and cities of Russia; adds what is missing, changes nothing that exists."

    def handle(self, *args: Any, **options: Any) -> None:
        """Everything, with a line for each kind of row."""
        geography.load(self.stdout.write)
        rights.load(self.stdout.write)
