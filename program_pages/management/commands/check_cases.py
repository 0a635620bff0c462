"""Runs the golden cases of every published edition by the code that stands here, and names those that no longer hold.

For after a deployment and for a rehearsal on a copy of the database: an edition in force cannot change, so a case
of it that comes to other numbers means that the code has.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import override

from program_pages.bilingual import paired
from program_pages.cases import failures
from program_pages.models import TermsEdition
from program_pages.terms import terms_of_edition


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Computes the golden cases of every published edition; fails, naming the cases, where numbers differ."

    def handle(self, *args: Any, **options: Any) -> None:
        """Edition by edition, in the order in which they took effect."""
        editions = TermsEdition.objects.published().prefetch_related("cases").order_by("effective_from")
        with override("ru"):  # cases write their numbers alike in every language; the sentences are the editors'
            failed = [line for edition in editions for line in self.failed(edition)]
        if failed:
            raise CommandError("\n".join(failed))

    def failed(self, edition: TermsEdition) -> list[str]:
        """The failures of an edition, one line each."""
        cases, name = edition.cases.all(), paired(edition, "name").ru
        found = list(failures(cases, terms_of_edition(edition.pk)))
        self.stdout.write(f"{edition.effective_from} {name}: {len(cases) - len(found)} of {len(cases)} cases hold")
        return [f"{edition.effective_from} {name}: {failure.case.key}: {failure.why}" for failure in found]
