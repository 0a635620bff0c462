"""How the site is, as text: the facts of the admin's page «Состояние сайта», and 1 where somebody has to look at it.

Changes nothing; for people on a terminal, and for whatever watches by running commands.
"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import override

from operations import state
from operations.state import Fact, Health

MARKS = {Health.FACT: " ", Health.GOOD: "+", Health.WARNING: "!", Health.FAILED: "X"}


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Shows versions, engines, jobs, letters, backups, keys and disks; exits with 1 where something is wrong."
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """In which language."""
        parser.add_argument("--language", choices=["en", "ru"], default="en", help="of what is said (%(default)s)")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        """A line a fact: whether it is well (+), a warning (!) or a failure (X)."""
        with override(language):
            sections = state.gathered()
            for section in sections:
                self.stdout.write(str(section.title))
                for fact in section.facts:
                    self.stdout.write(_line(fact))
            wrong = state.wrong(sections)
        if wrong:
            raise CommandError(f"Look at: {', '.join(sorted({str(fact.alarm) for fact in wrong}))}")


def _line(fact: Fact) -> str:
    advice = f" ({fact.alarm}: {fact.advice})" if fact.is_wrong else ""
    return f"  {MARKS[fact.health]} {fact.label}: {fact.value}{advice}"
