"""How often one visitor may ask for what costs something: counted in the cache, by the sender as enquiries know it.

Nothing of the visitor is kept but a salted hash, for a minute. May not import models of the programme or views.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from partner_directory.enquiries.limit import fingerprint

MINUTE = 60


class TooOften(Exception):
    """This visitor has asked as often as it may for now; ``retry_after`` are the seconds to wait."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"too often, wait {retry_after} s")
        self.retry_after = retry_after


def count(request: HttpRequest, what: str) -> None:
    """Counts a request of a kind of ``VERIFY_LIMITS``; raises TooOften beyond what one may ask in a minute."""
    now = time.time()
    minute = int(now // MINUTE)
    key = f"verify:{what}:{minute}:{fingerprint(request)}"
    cache.add(key, 0, timeout=2 * MINUTE)
    try:
        asked = cache.incr(key)
    except ValueError:  # the cache has forgotten it in between
        return
    if asked > settings.VERIFY_LIMITS[what]:
        raise TooOften(max(1, round((minute + 1) * MINUTE - now)))
