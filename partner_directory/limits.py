"""How often one visitor may ask for what costs something: counted for all processes together, in the cache ``limits``.

Nothing of the visitor is kept but a salted hash, for a minute. What happens while that cache is down is each limit's
own choice (ADR 41). May not import models of the programme or views.
"""

from __future__ import annotations

import logging
import time

from django.core.cache import caches
from django.http import HttpRequest

from partner_directory.enquiries.limit import fingerprint

logger = logging.getLogger(__name__)

LIMITS = "limits"  # the cache that all processes share
MINUTE = 60


class TooOften(Exception):
    """This visitor has asked as often as it may for now; ``retry_after`` are the seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too often, wait {retry_after} s")
        self.retry_after = retry_after


def count(request: HttpRequest, what: str, most: int, *, is_closed: bool = False) -> None:
    """Counts a request of a kind; raises TooOften beyond ``most`` of a visitor in a minute.

    Where the cache does not answer, a request passes; where the limit ``is_closed``, none does.
    """
    try:
        asked = _counted(f"limit:{what}:{int(time.time() // MINUTE)}:{fingerprint(request)}")
    except Exception as error:  # each backend has exceptions of its own
        logger.exception("The cache that counts requests does not answer: %s", what)
        if is_closed:
            raise TooOften(seconds_to_wait()) from error
        return
    if asked > most:
        raise TooOften(seconds_to_wait())


def seconds_to_wait() -> int:
    """Until the counting begins anew."""
    return max(1, round(MINUTE - time.time() % MINUTE))


def _counted(key: str) -> int:
    """How often this key was counted, now included; atomic where the cache's ``incr`` is."""
    cache = caches[LIMITS]
    try:
        return cache.incr(key)
    except ValueError:  # the first of its minute, or the cache has forgotten it
        return 1 if cache.add(key, 1, timeout=2 * MINUTE) else cache.incr(key)
