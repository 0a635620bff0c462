"""``manage.py worker``: letters, notices, rehearsals, files of marks and the timetable, until it is told to end.

Any number of them may run, on any hosts. SIGTERM or Ctrl-C ends it after the work in hand; a killed one's work is taken
over by the others, or by the next one. With ``--once`` it does what is due and ends, for a schedule that runs it every
minute instead.
"""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from operations import worker


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Does the site's work beside the web processes until it is told to end; --once does what is due."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether it stays."""
        parser.add_argument("--once", action="store_true", help="ends when nothing is due any more")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        """Works until a signal comes."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        if not once:
            self.stdout.write("Worker: at work")
            self.stdout.flush()
        if not worker.work(stop, once=once) and once:
            raise CommandError("Something failed; the log says what. The next run takes it again.")
        if not once:
            self.stdout.write("Worker: ended")
