"""Which release of the site runs: the same word in every process and on every host that runs the same files.

``RELEASE`` names it where the environment does; otherwise it is a digest of the files. May not import models.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.conf import settings

PARTS = ("site", "program_pages", "partner_directory")
SUFFIXES = frozenset({".py", ".html", ".txt", ".css", ".js", ".svg", ".po", ".json"})


def release() -> str:
    """The word; a dozen letters where nobody has named it."""
    return settings.RELEASE or _digest()


@cache
def _digest() -> str:
    root = Path(settings.PROJECT_ROOT)
    files = [path for part in PARTS for path in (root / part).rglob("*") if path.suffix in SUFFIXES]
    found = blake2b(digest_size=6)
    for path in sorted([*files, root / "requirements.txt"]):
        found.update(path.relative_to(root).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()
