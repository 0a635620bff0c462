"""The ground of the tests, kept in a folder from one run to the next (``KEPT_GROUND=folder``, SQLite alone).

Migrating and loading takes most of a short run's time. What is kept is named by the sources that it is made from;
whoever changes an action that the loading calls empties the folder. Nobody's default: a full run loads anew.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from pathlib import Path
from unittest import mock

from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
MADE_FROM = ("**/migrations/*.py", "**/demo/**/*.*", "**/models/**/*.py", "**/*guards.py", "**/immutability.py")


def place() -> Path | None:
    """Where the ground of these sources is kept, or would be; None where nobody asked for it."""
    folder = os.environ.get("KEPT_GROUND")
    if not folder or connection.vendor != "sqlite":
        return None
    sources = sorted({path for pattern in MADE_FROM for top in _tops() for path in top.glob(pattern)})
    digest = hashlib.sha256()
    for path in sources:
        if path.is_file() and path.suffix != ".pyc":
            digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return Path(folder) / digest.hexdigest()[:20]


def _tops() -> list[Path]:
    return [ROOT / name for name in ("partner_directory", "program_pages", "site")]


def without_migrating() -> mock._patch[mock.MagicMock]:
    """While this holds, a new test database stays empty: what is kept goes into it."""
    return mock.patch("django.core.management.call_command")


def put_back(kept: Path) -> None:
    """Fills the empty test database; the loading stores no files."""
    connection.ensure_connection()
    stored = sqlite3.connect(kept / "database")
    stored.backup(connection.connection)  # type: ignore[arg-type]
    stored.close()


def keep(kept: Path) -> None:
    """Keeps the loaded ground for the next run, whole or not at all."""
    draft = kept.with_name(f"{kept.name}.{os.getpid()}")
    draft.mkdir(parents=True)
    stored = sqlite3.connect(draft / "database")
    connection.connection.backup(stored)  # type: ignore[union-attr]
    stored.close()
    try:
        draft.rename(kept)
    except OSError:  # another worker was first
        for path in draft.iterdir():
            path.unlink()
        draft.rmdir()
