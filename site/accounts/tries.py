"""Tries at signing in are counted for all processes together, or nothing is tried. May not import any other app.

allauth counts in the default cache, which may forget; ``share`` has it count in the cache ``limits``, which fails
instead (ADR 41).
"""

from __future__ import annotations

import logging

from allauth.core.internal import ratelimit
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.utils.connection import ConnectionProxy

logger = logging.getLogger(__name__)

LIMITS = "limits"


def share() -> None:
    """Has allauth count tries, and remember used codes, where all processes do; it has no setting for it."""
    ratelimit.cache = totp.cache = ConnectionProxy(caches, LIMITS)  # type: ignore[attr-defined]


def can_be_counted() -> bool:
    """Whether the cache takes what is counted; where it does not, the log says why."""
    try:
        caches[LIMITS].set("tries", True, timeout=5)
    except Exception:  # each backend has exceptions of its own
        logger.exception("The cache that counts tries does not answer: nobody can sign in.")
        return False
    return True
