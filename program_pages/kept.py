"""What a process has found and keeps for a moment (``GROUND_SECONDS``): where pages are, the terms and prices of a day.

Finding it takes longer than most answers do. What an editor changes reaches strangers once the moment is over; whoever
is signed in is always answered from what stands in the database now. May not import models.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import TypeVar, cast

from django.conf import settings
from django.http import HttpRequest

MOST = 256  # kept at a time: days and addresses come from whoever asks

T = TypeVar("T")

_kept: dict[Hashable, tuple[float, object]] = {}


def keep(key: Hashable, find: Callable[[], T]) -> T:
    """What was found under a key a moment ago, or what is found now. The key names all that it depends on."""
    known = _kept.get(key)
    if known is not None and monotonic() < known[0]:
        return cast("T", known[1])
    found = find()
    if settings.GROUND_SECONDS:
        if len(_kept) >= MOST:
            _kept.clear()
        _kept[key] = (monotonic() + settings.GROUND_SECONDS, found)
    return found


def keep_for_strangers(request: HttpRequest, key: Hashable, find: Callable[[], T]) -> T:
    """The same for whoever is not signed in; an editor sees every change at once."""
    return find() if settings.SESSION_COOKIE_NAME in request.COOKIES else keep(key, find)


def forget() -> None:
    """Forgets all of it: something has been recorded."""
    _kept.clear()
