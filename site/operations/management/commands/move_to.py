"""Moves the site's rows into another, empty database of either engine: all of them, compared, or nothing.

While it runs nobody can write to the database that it moves from. Stop the site before, and start it with the new
DATABASE_URL after: what was written in between would stay behind. Files are not moved, both databases name the same.
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from operations.moving import departure
from operations.moving.archive import Writer
from operations.moving.snapshot import snapshot
from operations.moving.tables import Refused, all_tables

VARIABLE = "MOVE_TO_URL"


class Command(BaseCommand):
    """See the module's docstring."""

    help = "Copies every row into an empty database (sqlite:////…, postgres://…) and compares both."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument(
            "url", nargs="?", help=f"as DATABASE_URL; or in {VARIABLE}, where no list of processes shows it"
        )

    def handle(self, *args: Any, url: str | None, **options: Any) -> None:
        """Sends, while the other end receives."""
        url = url or os.environ.get(VARIABLE, "")
        if not url:
            raise CommandError("Where to? Name the other database as in DATABASE_URL.")
        try:
            with snapshot(lock=all_tables()) as using:
                for name in departure.unknown_tables(using):
                    self.stderr.write(f"Not moved, for no model of the site has it: {name}")
                _send(using, url)
        except Refused as error:
            raise CommandError(str(error)) from error
        except OperationalError as error:
            raise CommandError(f"The database cannot be locked, is the site still running? {error}") from error
        self.stdout.write(
            "Moved. Start the site with the new DATABASE_URL; keep the old database until it has been used."
        )


def _send(using: str, url: str) -> None:
    """Raises Refused where the other end did; it has said why."""
    environment = {**os.environ, "DATABASE_URL": url}
    environment.pop("DATABASE_REPLICA_URL", None)
    command = [sys.executable, str(settings.PROJECT_ROOT / "manage.py"), "receive_rows"]
    receiver = subprocess.Popen(command, env=environment, stdin=subprocess.PIPE)  # noqa: S603 - our own command
    assert receiver.stdin  # noqa: S101 - it was asked for
    try:
        with receiver.stdin as stream, Writer(stream, departure.head(using)) as writer:
            writer.finish({"tallies": departure.write_rows(writer, using), "files": 0})
    except BrokenPipeError:
        pass  # it has ended, and said why
    except BaseException:  # Ctrl-C, too: what has not got everything must not go on
        receiver.kill()
        raise
    finally:
        code = receiver.wait()
    if code:
        raise Refused(f"Not moved: the other end has ended with {code}; nothing was kept there.")
