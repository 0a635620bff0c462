"""The site on a clock that jumps: served as ``tests.faults.jumping``, or one of its commands run by this file.

``CLOCK`` names a file with the seconds by which this clock is ahead of the machine's, or behind it. The file is read
again before each request, so that the time jumps under processes that go on.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import time_machine


class Clock:
    """The time of this process, as far from the machine's as a file says."""

    def __init__(self, file: Path) -> None:
        self.file, self.lock = file, threading.Lock()
        self.ahead, self.travelling = 0, time_machine.travel(0)

    def follow(self) -> None:
        """Jumps, where the file has changed."""
        with self.lock:
            ahead = int(self.file.read_text())
            if ahead == self.ahead:
                return
            if self.ahead:
                self.travelling.stop()
            if ahead:
                self.travelling = time_machine.travel(time.time() + ahead, tick=True)
                self.travelling.start()
            self.ahead = ahead


CLOCK = Clock(Path(os.environ["CLOCK"]))
CLOCK.follow()

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[2] / folder) for folder in ("", "site")]
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
else:
    from config.wsgi import application as site

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """The site, at the time that it is by then."""
        CLOCK.follow()
        return site(environ, start_response)
