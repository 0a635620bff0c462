"""A puzzle that a browser solves while its reader types, and that a thousand letters would cost too much.

Made and checked here, by ALTCHA's first protocol; solved by ``static/js/enquiry.js``. Nobody else is asked.
"""

from __future__ import annotations

import binascii
import json
import logging
from base64 import b64decode
from datetime import timedelta
from typing import Any

from altcha import ChallengeOptionsV1, create_challenge_v1, verify_solution_v1
from django.core.cache import caches
from django.utils import timezone
from django.utils.crypto import salted_hmac

logger = logging.getLogger(__name__)

SALT = "partner_directory.enquiries.proof"
WORK = 60_000  # hashes at most, half of them on average: a second or two on a phone
VALID = timedelta(hours=2)
LONGEST = 2000  # characters of a solution that are read
NAMES = ("algorithm", "challenge", "salt", "signature")


def puzzle() -> dict[str, Any]:
    """A new puzzle, as the script needs it."""
    options = ChallengeOptionsV1(max_number=WORK, hmac_key=_key(), expires=timezone.now() + VALID)
    return create_challenge_v1(options).to_dict()


def spend(solution: str) -> bool:
    """Whether this solves a puzzle of ours that is still valid and was not spent before; spends it.

    Where nobody can tell whether it was spent, it proves nothing: its writer is asked to confirm by e-mail.
    """
    payload = _read(solution)
    if payload is None:
        return False
    solved, _error = verify_solution_v1(payload, _key())
    return solved and _is_unspent(payload["challenge"])


def _is_unspent(challenge: str) -> bool:
    try:
        return caches["limits"].add(f"enquiry-proof-{challenge}", True, VALID.total_seconds())
    except Exception:  # each backend has exceptions of its own
        logger.exception("The cache that remembers spent puzzles does not answer.")
        return False


def _read(solution: str) -> Any:
    """The parts of a solution; None where it is none."""
    try:
        payload = json.loads(b64decode(solution[:LONGEST], validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(payload, dict) or not isinstance(payload.get("number"), int):
        return None
    return payload if all(isinstance(payload.get(name), str) for name in NAMES) else None


def _key() -> str:
    return salted_hmac(SALT, "key", algorithm="sha256").hexdigest()
