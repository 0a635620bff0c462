"""Keeps the rows of an upload between its dry run and its confirmation: on the server, for an hour, for one person.

A session of its own holds them, under a key that nobody can guess; the form carries it signed, with the person's key
and the digest of what was shown. Expired ones go with ``manage.py clearsessions``. May not import models.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core import signing

from partner_directory.exchange.reading import Sheet
from partner_directory.sealed_links import opened

SALT = "partner_directory.import"
SECONDS = 3600
ROWS = "partner_import"


class Lost(Exception):
    """The rows are not there: expired, written already, or somebody else's."""


@dataclass(frozen=True)
class Kept:
    """The rows, the digest of the plan that was shown, and the key under which they are kept."""

    sheet: Sheet
    digest: str
    key: str


def _store(key: str | None = None) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def keep(sheet: Sheet, digest: str, user: int) -> str:
    """Stores the rows and returns the token for the form."""
    store = _store()
    store[ROWS] = asdict(sheet)
    store.set_expiry(SECONDS)
    store.create()
    store.save()
    return signing.dumps({"key": store.session_key, "digest": digest, "user": user}, salt=SALT)


def kept(token: str, user: int) -> Kept:
    """The rows of a token; raises Lost."""
    said = opened(token, SALT, timedelta(seconds=SECONDS))
    if said is None:
        raise Lost
    rows = _store(said["key"]).get(ROWS) if said["user"] == user else None
    if not rows:
        raise Lost
    sheet = Sheet(rows["header"], [(number, cells) for number, cells in rows["rows"]])
    return Kept(sheet, said["digest"], said["key"])


def forget(key: str) -> None:
    """Drops the rows."""
    _store(key).delete()
