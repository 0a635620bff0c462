"""Signed statements in the compact form of JWS (RFC 7515): Ed25519 alone, by the keys of ``badges.keys``.

The same statement signed by the same key gives the same token. Reading one believes nothing: who signed it, and
whether it is ours, is for ``badges.checking`` to say. May not import models.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from partner_directory.badges import keys

ALGORITHM = "EdDSA"
LONGEST = 20_000  # characters that are read of anything said to be a token
PARTS = 3

Claims = dict[str, Any]


class NotAToken(ValueError):
    """What was given is no token at all."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token taken apart: whatever it claims, nobody has checked yet."""

    header: Claims
    claims: Claims
    content: bytes  # what the signature is over
    signature: bytes

    @property
    def key_id(self) -> str:
        """The thumbprint of the key that the token names."""
        return str(self.header.get("kid", "")).rpartition("#")[2]

    def is_signed_by(self, key: keys.PublicKey) -> bool:
        """Whether the key has signed just this; the header cannot choose another way to sign."""
        return (
            self.header.get("alg") == ALGORITHM
            and "crit" not in self.header
            and key.verifies(self.signature, self.content)
        )


def base_url() -> str:
    """Where this site is reached, without a slash at the end."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def issuer_id() -> str:
    """This site as an issuer: a DID whose document stands at ``/.well-known/did.json``."""
    return f"did:web:{quote(urlsplit(base_url()).netloc, safe='')}"


def key_url(key: keys.PublicKey) -> str:
    """A key by its place in the issuer's document; so tokens and the published set name it."""
    return f"{issuer_id()}#{key.key_id}"


def sign(claims: Claims) -> str:
    """The token of a statement, signed by the current key, which its header names and carries."""
    key = keys.current()
    public = {name: key.jwk[name] for name in ("kty", "crv", "x")}
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_url(key), "jwk": public}
    content = f"{_part(header)}.{_part(claims)}"
    return f"{content}.{keys.encoded(keys.sign(content.encode()))}"


def read(text: str) -> Token:
    """A token taken apart; raises NotAToken for anything else, and for one written otherwise than it is signed."""
    parts = text.split(".") if len(text) <= LONGEST else []
    if len(parts) != PARTS:
        raise NotAToken
    try:
        header, claims, signature = map(_exact, parts)
        return Token(_object(header), _object(claims), f"{parts[0]}.{parts[1]}".encode(), signature)
    except (ValueError, RecursionError) as error:
        raise NotAToken from error


def _part(claims: Claims) -> str:
    return keys.encoded(json.dumps(claims, ensure_ascii=False, separators=(",", ":")).encode())


def _exact(part: str) -> bytes:
    """The bytes; the last sign of base64 has bits to spare, which nobody may change."""
    raw = keys.decoded(part)
    if keys.encoded(raw) != part:
        raise NotAToken
    return raw


def _object(raw: bytes) -> Claims:
    found = json.loads(raw)
    if not isinstance(found, dict):
        raise NotAToken
    return found
