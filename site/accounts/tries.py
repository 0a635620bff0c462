"""Tries at signing in are counted for all processes together, or nothing is tried. May not import any other app.

allauth counts in the default cache, which may forget; ``share`` has it count in the cache ``limits``, which fails
instead (ADR 41).
"""

from __future__ import annotations

import logging

from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import caches
from django.utils.connection import ConnectionProxy

logger = logging.getLogger(__name__)

LIMITS = "limits"


def share() -> None:
    """Has allauth count tries, and remember used codes, where all processes do; it has no setting for it."""
    ratelimit.cache = ConnectionProxy(caches, LIMITS)  # type: ignore[attr-defined]
    totp.cache = _UsedCodes(caches, LIMITS)  # type: ignore[attr-defined]


class _UsedCodes(ConnectionProxy):
    """Remembers a used code for all the steps in which it would be taken; allauth remembers it for one of them."""

    def add(self, key: str, value: str, timeout: int) -> bool:
        """Whether this code was not used before."""
        steps = 1 + 2 * settings.MFA_TOTP_TOLERANCE
        return bool(caches[LIMITS].add(key, value, timeout=timeout * steps))


def can_be_counted() -> bool:
    """Whether the cache takes what is counted; where it does not, the log says why."""
    try:
        caches[LIMITS].set("tries", True, timeout=5)
    except Exception:  # each backend has exceptions of its own
        logger.exception("The cache that counts tries does not answer: nobody can sign in.")
        return False
    return True
