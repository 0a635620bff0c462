"""What looks at a running site from outside: for people (`make observatory`, `fuzz`, `scan`), never a test.

Each serves a site of its own in a temporary folder; ``LOADED=folder`` spares it the loading.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import running_site

HOST = "localhost"  # where scanners find it


@contextmanager
def folder_of_a_site() -> Iterator[Path]:
    """A folder with a loaded site, and room for tools; gone when it is left."""
    with tempfile.TemporaryDirectory(prefix="scan-") as made:
        folder = Path(made)
        loaded = os.environ.get("LOADED")
        if loaded:
            running_site.copied(Path(loaded), folder)
        else:
            running_site.load(folder)
        yield folder
