"""The site on another day: served as ``tests.e2e.another_day``, or one of its commands run by this file.

The environment names the moment: ``NOW=2027-11-10T12:00:00+03:00``; from it the clock goes on.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import time_machine

time_machine.travel(os.environ["NOW"], tick=True).start()

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parents[2] / folder) for folder in ("", "site")]
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
else:
    from config.wsgi import application as application
