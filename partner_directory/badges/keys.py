"""The keys that badges and files are signed with: Ed25519, from the environment (``BADGE_KEY``, ``BADGE_OLD_KEYS``).

One key signs; the public halves of those before it stay published, so that what they signed is verified for good. A
key is named by its thumbprint (RFC 7638). May not import models.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A published key: its name and its 32 bytes."""

    key_id: str
    raw: bytes

    @property
    def jwk(self) -> dict[str, str]:
        """As a JSON Web Key (RFC 8037)."""
        return {**_members(self.raw), "kid": self.key_id, "alg": "EdDSA", "use": "sig"}

    def verifies(self, signature: bytes, content: bytes) -> bool:
        """Whether the signature over the content is this key's."""
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, content)
        except InvalidSignature:
            return False
        return True


def signing_key() -> Ed25519PrivateKey:
    """The key that signs now; raises ImproperlyConfigured where the environment holds none that is right."""
    return _private(settings.BADGE_KEY)


def current() -> PublicKey:
    """The public half of the key that signs now."""
    return _public(signing_key().public_key().public_bytes_raw())


def published() -> tuple[PublicKey, ...]:
    """Every key whose signatures are believed, the current one first."""
    old = [_public(key_bytes("BADGE_OLD_KEYS", value)) for value in settings.BADGE_OLD_KEYS]
    return (current(), *(key for key in old if key != current()))


def by_id(key_id: str) -> PublicKey | None:
    """A published key by its name."""
    return next((key for key in published() if key.key_id == key_id), None)


def sign(content: bytes) -> bytes:
    """The current key's signature over some bytes: 64 bytes, the same every time."""
    return signing_key().sign(content)


def new_key() -> str:
    """A new private key as the environment holds it: 32 bytes in base64url."""
    return encoded(Ed25519PrivateKey.generate().private_bytes_raw())


def encoded(raw: bytes) -> str:
    """Bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding; raises ValueError for anything else."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def key_bytes(name: str, value: str) -> bytes:
    """The bytes of a key as the environment holds it; raises ImproperlyConfigured, naming the variable, for another."""
    try:
        raw = decoded(value)
    except ValueError:
        raw = b""
    if len(raw) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} must hold {KEY_BYTES} bytes in base64url: `manage.py badge_key` makes one.")
    return raw


@cache
def _private(value: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key_bytes("BADGE_KEY", value))


@cache
def _public(raw: bytes) -> PublicKey:
    digest = hashlib.sha256(json.dumps(_members(raw), sort_keys=True, separators=(",", ":")).encode()).digest()
    return PublicKey(encoded(digest), raw)


def _members(raw: bytes) -> dict[str, str]:
    return {"crv": "Ed25519", "kty": "OKP", "x": encoded(raw)}
