"""The log says who signed in, by what, and that somebody could not: by number, never by address or password.

A failed sign-in names nobody: whether there is such an account, the log does not tell either. May not import any other
app.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

logger = logging.getLogger(__name__)


@receiver(user_logged_in)
def _signed_in(sender: Any, request: Any, user: Any, **kwargs: Any) -> None:
    records = request.session.get("account_authentication_methods", [])
    logger.info("user %s signed in by %s", user.pk, ", ".join(_ways(records)) or "other means")


@receiver(user_logged_out)
def _signed_out(sender: Any, user: Any = None, **kwargs: Any) -> None:
    if user is not None:
        logger.info("user %s signed out", user.pk)


@receiver(user_login_failed)
def _failed(sender: Any, **kwargs: Any) -> None:
    logger.warning("a sign-in failed")


@receiver(authenticator_added)
def _factor_added(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    logger.info("user %s added a second factor: %s", user.pk, authenticator.type)


@receiver(authenticator_removed)
def _factor_removed(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    logger.warning("user %s removed a second factor: %s", user.pk, authenticator.type)


def _ways(records: list[dict[str, Any]]) -> list[str]:
    return [str(record.get("method", "")) for record in records]
