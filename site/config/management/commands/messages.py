"""``manage.py messages``: keeps the catalogues of the interface's words; ``--check`` says what they lack."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import catalogues


class Command(BaseCommand):
    """Collects every translatable text, updates both catalogues and compiles them."""

    help = "Update and compile the translation catalogues; --check fails where they lack something."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where anything is missing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        if check:
            self._check()
            return
        for path in catalogues.update() + catalogues.compile_all():
            self.stdout.write(f"Written: {path.relative_to(catalogues.PROJECT_ROOT)}")

    def _check(self) -> None:
        problems = catalogues.problems()
        for problem in problems:
            self.stderr.write(problem)
        if problems:
            raise CommandError(f"The translations lack {len(problems)} things.")
        self.stdout.write("Every text of the interface is translated.")
