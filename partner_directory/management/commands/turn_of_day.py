"""The turn of the day: what the calendar brings, done once however often it runs; or the year's end rehearsed.

Run it daily by a schedule, soon after midnight in Moscow; more often does no harm, and after days without it nothing is
lost.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from partner_directory.year import rehearsal, turn
from partner_directory.year.mailing import write_to_managers
from program_pages.models.edition import programme_day

FORMATS = {"table": rehearsal.as_table, "csv": rehearsal.as_csv}


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Does what the day brings (renewal, reminders, lapses, scheduled publishing); --rehearse only looks ahead."

    def add_arguments(self, parser: CommandParser) -> None:
        """What is only rehearsed, and how it is shown."""
        parser.add_argument("--rehearse", metavar="DAY", type=_day, help="who would renew, who would fall, why")
        parser.add_argument("--format", choices=sorted(FORMATS), default="table", help="of the rehearsal (%(default)s)")
        parser.add_argument("--mail", action="store_true", help="sends the rehearsal to the managers of partners, too")

    def handle(self, *args: Any, **options: Any) -> None:
        """The day's steps, or the rehearsal that changes nothing."""
        if options["rehearse"]:
            self.rehearse(options["rehearse"], options["format"], mail=options["mail"])
        elif options["mail"]:
            raise CommandError("--mail sends a rehearsal: name its day with --rehearse.")
        elif not turn.turn(programme_day(), self.stdout.write):
            raise CommandError("Some steps failed; the next run takes them again.")

    def rehearse(self, day: date, shape: str, *, mail: bool) -> None:
        """Prints who would renew and who would fall, and sends it to managers where asked to."""
        with override(settings.LANGUAGE_CODE):
            rows = rehearsal.rehearse(rehearsal.memberships_on(day), day)
            self.stdout.write(FORMATS[shape](rows))
            if shape == "table":
                self.stdout.write(f"\n{rehearsal.summary(rows)}")
            if mail:
                self.stderr.write(f"Sent to {write_to_managers(rows, day)} managers")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text!r} is no day: write it as 2026-12-31.") from error
