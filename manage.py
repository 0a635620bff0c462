#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Run a command under the development settings unless the environment names others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    # site/ is a source root, never a package: as a package it would shadow the standard library's `site`.
    sys.path.insert(0, str(Path(__file__).resolve().parent / "site"))

    from django.core.management import execute_from_command_line

    from tracing import ids

    ids.begin()  # every line that this run logs has it
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
