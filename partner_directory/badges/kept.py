"""Files that the site has made and keeps, so that it need not make them again: in private storage, without an address.

Each stands under a name that nobody can guess, beside a note of its checksum. The note is written last: a file that is
still being written, or was cut short, counts as none. May not import models.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages

logger = logging.getLogger(__name__)

FOLDER = "badges"
NOTE = ".sha256"
CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is kept: its name in the private storage, and its checksum."""

    name: str
    sha256: str

    def read(self) -> bytes | None:
        """Its bytes; None where they are not what they were."""
        try:
            with storage().open(self.name) as file:
                content: bytes = file.read()
        except OSError:
            return None
        return content if checksum(content) == self.sha256 else None


def storage() -> Storage:
    """Where they lie."""
    return storages["private"]


def checksum(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def folder_of(*parts: str) -> str:
    """A folder for what is made from some parts: the same each time, and not to be guessed from them."""
    digest = _secret(parts)
    return f"{FOLDER}/{digest[:2]}/{digest[2:]}"


def name_in(folder: str, *parts: str, suffix: str) -> str:
    """A name in a folder for what some more parts decide on."""
    return f"{folder}/{_secret(parts)}{suffix}"


def _secret(parts: tuple[str, ...]) -> str:
    said = json.dumps(parts).encode()
    return hmac.new(settings.SECRET_KEY.encode(), said, hashlib.sha256).hexdigest()


def find(name: str) -> Kept | None:
    """The file of that name, where it is kept wholly."""
    try:
        with storage().open(name + NOTE) as note:
            said = note.read().decode("ascii", "replace")
    except OSError:
        return None
    return Kept(name, said) if CHECKSUM.fullmatch(said) and storage().exists(name) else None


def keep(name: str, content: bytes) -> Kept:
    """Keeps a file under a name; two who keep the same at once leave one of them."""
    kept = Kept(name, checksum(content))
    for part, written in ((name, content), (name + NOTE, kept.sha256.encode("ascii"))):
        forget(part)
        saved = storage().save(part, ContentFile(written))
        if saved != part:  # somebody else was faster, with the same
            storage().delete(saved)
    return kept


def content_of(name: str, make: Callable[[], bytes]) -> bytes:
    """The bytes of the file of a name, made where there is none or it was damaged; kept only where that is possible."""
    try:
        found = find(name)
        content = found.read() if found else None
    except Exception:  # each storage has its own
        logger.exception("What is kept cannot be read")
        return make()
    if content is None:
        content = make()
        try:
            keep(name, content)
        except Exception:
            logger.exception("A file was made, and not kept")
    return content


def forget(name: str) -> None:
    """Takes a file away, if there is one."""
    with suppress(OSError):
        storage().delete(name)


def forget_others(folder: str, stays: Kept) -> None:
    """Takes everything else out of a folder."""
    for each in storage().listdir(folder)[1]:
        if f"{folder}/{each}" not in (stays.name, stays.name + NOTE):
            forget(f"{folder}/{each}")
