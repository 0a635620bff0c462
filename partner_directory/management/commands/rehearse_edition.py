"""Rehearses what a draft edition would do to the partners: begins a rehearsal, or goes on with those that were begun.

Safe to interrupt and to run twice: each chunk is whole, and of two runners one wins.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partner_directory.actions import impacts
from partner_directory.impact import runner
from partner_directory.models.impact import Impact
from program_pages.models.edition import TermsEdition
from program_pages.terms import NoEdition


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Rehearses the latest draft of an edition (its number), or without a number finishes what was begun."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which edition."""
        parser.add_argument(
            "edition", type=int, nargs="?", help="the edition's number, as its address in the admin has"
        )

    def handle(self, *args: Any, edition: int | None, **options: Any) -> None:
        """Runs each rehearsal to its end, with a line after each chunk."""
        begun = list(Impact.objects.unfinished()) if edition is None else [self._begun(edition)]
        for impact in begun:
            mine = runner.finish(impact, lambda done: self.stdout.write(f"{done} done"))
            self.stdout.write(f"Rehearsal {impact.pk}: {'finished' if mine else 'another runner is at it'}")
        if not begun:
            self.stdout.write("Rehearsals: none to finish")

    def _begun(self, number: int) -> Impact:
        found = TermsEdition.objects.filter(pk=number).first()
        if found is None:
            raise CommandError(f"There is no edition {number}.")
        try:
            return impacts.start(edition=found, actor=None)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except NoEdition as error:
            raise CommandError("No published edition would hold without the draft: nothing to compare with.") from error
