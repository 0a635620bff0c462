"""Which credentials say nothing any more: signed lists of bits (W3C Bitstring Status List), revoked and suspended ones.

A credential's place in both is its random ``index``, so that a list tells a reader nothing about anybody else. A list
is made of one query and a fixed number of bytes, and kept for less than the five minutes in which the world must learn
of a change. May not import actions or views.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.utils import timezone
from openbadgeslib.ob3 import build_status_list_credential

from partner_directory.badges.credentials import status_url
from partner_directory.badges.tokens import Claims, issuer_id, sign
from partner_directory.models.badge import Credential
from partner_directory.models.membership import Membership
from program_pages.models.edition import programme_day

BITS = 2**22  # places in a list: half a megabyte, which nearly all packs away
SECONDS_KEPT = 300  # by us and by whoever asked, together
BELIEVED_FOR = timedelta(minutes=15)  # after which an old copy is refused: nobody revives a badge with it

Closing = Credential.Closing


def revoked(day: date) -> QuerySet[Credential]:
    """Those whose codes were taken back; those whose memberships ended, once the last day is over."""
    at_once = Q(badge__revoked_at__isnull=False)
    ended = Q(closed_how__in=[Closing.ENDED, Closing.LEVEL_CHANGED], membership__until__lt=day)
    return Credential.objects.filter(at_once | ended)


def suspended(day: date) -> QuerySet[Credential]:
    """Those whose membership is suspended now."""
    state = Membership.State.SUSPENDED
    return Credential.objects.filter(membership__state=state, membership__suspended_since__lte=day)


LISTED = {"revocation": revoked, "suspension": suspended}


def status_list(purpose: str) -> tuple[str, int]:
    """The signed list of a purpose, and for how many seconds more it may be kept."""
    key = f"badges:status:{purpose}:{issuer_id()}"
    found: tuple[str, float] | None = cache.get(key)
    now = time.time()
    if found is None or now - found[1] >= SECONDS_KEPT:
        found = (_made(purpose), now)
        cache.set(key, found, SECONDS_KEPT)
    return found[0], max(int(SECONDS_KEPT - (now - found[1])), 0)


def forget() -> None:
    """Lists are made anew when next asked for: something was taken back."""
    cache.delete_many([f"badges:status:{purpose}:{issuer_id()}" for purpose in LISTED])


def _made(purpose: str) -> str:
    indices: Iterable[Any] = LISTED[purpose](programme_day()).values_list("index", flat=True).iterator()
    now = timezone.now()
    claims: Claims = build_status_list_credential(
        issuer_id=issuer_id(),
        url=status_url(purpose),
        purpose=purpose,
        set_indices=indices,
        size_bits=BITS,
        issued=now,
        valid_until=now + BELIEVED_FOR,
        ttl=SECONDS_KEPT * 1000,
    )
    begins, ends = int(now.timestamp()), int((now + BELIEVED_FOR).timestamp())
    return sign({**claims, "iss": claims["issuer"], "jti": claims["id"], "nbf": begins, "exp": ends})
