"""The second factor: who must have one, and whether this session has shown it.

Whoever may enter the admin must, and with SECOND_FACTOR_OF_PARTNERS everybody who has an account. A session shows its
factor by using it, or by setting it up. May not import any other app.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_used
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest

SHOWN = "second_factor_shown"  # in the session: the key of the person who has
ENTER_ADMIN = "wagtailadmin.access_admin"
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes only stand in for one of these


def is_required(user: Any) -> bool:
    """Whether somebody may go on with a second factor alone.

    The sample people of a developer's machine may go on without, while DEBUG is on.
    """
    of_admin = settings.SECOND_FACTOR_REQUIRED and user.has_perm(ENTER_ADMIN)
    if not of_admin and not settings.SECOND_FACTOR_OF_PARTNERS:
        return False
    return not (settings.DEBUG and user.email in settings.SECOND_FACTOR_EXEMPT)


def is_set_up(user: Any) -> bool:
    """Whether somebody has one."""
    return bool(is_mfa_enabled(user, FACTORS))


def has_codes(user: Any) -> bool:
    """Whether somebody can type a code, and not only use a key."""
    return bool(is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES]))


def is_shown(request: HttpRequest) -> bool:
    """Whether this session has shown its person's factor."""
    return bool(request.session.get(SHOWN) == request.user.pk)


@receiver([authenticator_added, authenticator_used])
def _shown(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    request.session[SHOWN] = user.pk
