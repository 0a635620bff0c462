"""``manage.py compile_messages``: compiles the catalogues without any program of gettext."""

from typing import Any

from django.core.management.base import BaseCommand

from config import catalogues


class Command(BaseCommand):
    """Compiles what has changed; part of ``make setup``."""

    help = "Compile the translation catalogues where they have changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        for path in catalogues.compile_all():
            self.stdout.write(f"Compiled: {path.relative_to(catalogues.PROJECT_ROOT)}")
