"""How long a session lives: after which idleness it ends, after which time anyway; and what its owner is told of it.

Django ends a session that was not written for ``SESSION_COOKIE_AGE`` seconds; ``seen`` writes one that is in use, but
not at every request. Whoever may enter the admin has less time. May not import any other app.
"""

from __future__ import annotations

import time
from datetime import timedelta
from importlib import import_module
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from accounts.second_factor import ENTER_ADMIN

BEGAN, SEEN, IS_STRICT = "session_began", "session_seen", "session_is_strict"  # in the session; seconds since 1970


@receiver(user_logged_in)
def begin(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Starts the clocks of a session that somebody has signed in to."""
    now = int(time.time())
    request.session.update({BEGAN: now, SEEN: now, IS_STRICT: user.has_perm(ENTER_ADMIN)})


def is_over(session: Any) -> bool:
    """Whether a session has been idle, or has lasted, for too long; one from before clocks were kept begins now."""
    kind = "ADMIN_SESSION" if session.get(IS_STRICT) else "SESSION"
    now = time.time()
    idle, lasted = now - session.get(SEEN, now), now - session.get(BEGAN, now)
    return bool(idle > getattr(settings, f"{kind}_IDLE_SECONDS") or lasted > getattr(settings, f"{kind}_MOST_SECONDS"))


def is_due(session: Any) -> bool:
    """Whether it is time to note again that a session is in use."""
    return bool(time.time() - session.get(SEEN, 0) >= settings.SESSION_NOTED_SECONDS)


def note(request: HttpRequest) -> None:
    """Notes that a session is in use, for its clocks and for its owner's list: two writes."""
    now = int(time.time())
    request.session[SEEN] = now
    request.session.setdefault(BEGAN, now)
    address = get_adapter().get_client_ip(request)
    known = UserSession.objects.filter(session_key=request.session.session_key, user=request.user)  # type: ignore[misc]
    if not known.update(last_seen_at=timezone.now(), ip=address):
        UserSession.objects.create_from_request(request)


def running(user: Any) -> list[UserSession]:
    """The sessions in which somebody is signed in, the one seen last first; what has ended is forgotten by the way."""
    found: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(found, key=lambda session: session.last_seen_at, reverse=True)


def forget_ended() -> int:
    """Removes what is left of sessions that nobody can use any more; answers how many their owners would have seen."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    longest = max(settings.SESSION_IDLE_SECONDS, settings.ADMIN_SESSION_IDLE_SECONDS) + settings.SESSION_NOTED_SECONDS
    over = UserSession.objects.filter(last_seen_at__lt=timezone.now() - timedelta(seconds=longest))
    return int(over.delete()[0])
