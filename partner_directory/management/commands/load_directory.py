"""Loads what the directory ships with: regions and cities, industries, rights, sample marks, texts of consent, samples.

Safe to run again at any time: it adds what is missing and leaves alone what exists.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from partner_directory import rights
from partner_directory.actions.marks import ensure_marks
from partner_directory.demo import consent, geography, industries, materials, partners, people


class Command(BaseCommand):
    """See the module's docstring."""

    help = (
        "Loads the regions and cities of Russia, the industries, the groups' rights over partners, sample marks, "
        "samples of the consents, and sample partners said to be samples; adds what is missing, changes nothing "
        "that exists. With DEBUG on it also makes people of a sample partner. On production: --no-samples."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """What to leave out."""
        parser.add_argument("--no-samples", action="store_true", help="without the invented partners")

    def handle(self, *args: Any, no_samples: bool, **options: Any) -> None:
        """Everything in the order in which one thing needs another, with a line for each kind of row."""
        geography.load(self.stdout.write)
        industries.load(self.stdout.write)
        rights.load(self.stdout.write)
        self.stdout.write(f"Marks: {ensure_marks()} drawn")
        consent.load(self.stdout.write)
        materials.load_collection(self.stdout.write)
        if not no_samples:
            materials.load(self.stdout.write)
            partners.load(self.stdout.write)
        if settings.DEBUG and not no_samples:
            people.load(self.stdout.write)
