"""Seals what a second factor is computed from, so that whoever reads the database, or a backup of it, cannot.

Keys come from the environment: ``MFA_KEYS``, the first seals, every one opens. Without any they are derived from
``SECRET_KEY`` and its fallbacks. A value from before is read as it is, and sealed by ``manage.py seal_factors``.
May not import any other app, nor models.
"""

from __future__ import annotations

import base64
import binascii
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SEALED = "fernet:"  # before each sealed value; neither base32 nor hexadecimal has a colon
KEY_BYTES = 32
PURPOSE = b"accounts.second_factor"


class Unreadable(ValueError):
    """A value was sealed with a key that the site no longer has."""


def seal(text: str) -> str:
    """The text, readable with the keys of the site alone."""
    return SEALED + _box().encrypt(text.encode()).decode("ascii")


def unseal(value: str) -> str:
    """What ``seal`` was given; a value that was never sealed as it is. Raises Unreadable without its key."""
    if not is_sealed(value):
        return value
    try:
        return _box().decrypt(value.removeprefix(SEALED)).decode()
    except InvalidToken:
        raise Unreadable("Sealed with a key that MFA_KEYS no longer holds.") from None


def reseal(value: str) -> str:
    """The same under the first key, whichever key it was sealed with. Raises Unreadable without that one."""
    return seal(unseal(value))


def is_sealed(value: str) -> bool:
    """Whether a stored value is sealed."""
    return value.startswith(SEALED)


def key_of(value: str) -> bytes:
    """The 32 bytes of a key as it stands in the environment; raises ImproperlyConfigured where it is none."""
    try:
        raw = base64.b64decode(value.encode("ascii"), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ImproperlyConfigured(
            "A key of MFA_KEYS is 32 bytes in url-safe base64: manage.py seal_factors --new-key prints one."
        )
    return raw


def _box() -> MultiFernet:
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return _box_of(tuple(settings.MFA_KEYS), tuple(secrets))


@cache
def _box_of(keys: tuple[str, ...], secrets: tuple[str, ...]) -> MultiFernet:
    """Own keys first; what was sealed before there were any stays readable while its SECRET_KEY is known."""
    raw = [*map(key_of, keys), *map(_derived, secrets)]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(each)) for each in raw])


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=PURPOSE).derive(secret.encode())
