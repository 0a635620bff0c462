"""What the log tells of the site's safety: who signed in, who could not, and what was changed about an account.

Stable names, the keys of people, and pseudonyms where there is no key: the same account or sender has the same one, and
nobody without SECRET_KEY can tell whose it is. What is refused to somebody (403, 429) is told by ``requests``. May not
import views.
"""

from __future__ import annotations

import logging
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import Signal
from django.http import HttpRequest

from partner_directory.enquiries.limit import fingerprint
from tracing.events import pseudonym, security

SENDER = 16  # characters of a sender's fingerprint that are shown
LOGIN_FIELDS = ("email", "login", "username")

# What happens to an account that is known: the signal, the event's name, and whether it is a refusal.
OF_ACCOUNTS: tuple[tuple[Signal, str, int], ...] = (
    (auth.user_logged_in, "login.succeeded", logging.INFO),
    (auth.user_logged_out, "logout", logging.INFO),
    (account.user_signed_up, "account.signed_up", logging.INFO),
    (account.password_set, "password.set", logging.INFO),
    (account.password_changed, "password.changed", logging.INFO),
    (account.password_reset, "password.reset", logging.INFO),
    (account.email_changed, "email.changed", logging.INFO),
    (account.email_verification_code_rejected, "email.code_refused", logging.WARNING),
    (mfa.authenticator_added, "factor.added", logging.INFO),
    (mfa.authenticator_removed, "factor.removed", logging.INFO),
    (mfa.authenticator_reset, "factor.reset", logging.INFO),
    (mfa.authenticator_used, "factor.succeeded", logging.INFO),
    (mfa.authentication_failed, "factor.failed", logging.WARNING),
)


def listen() -> None:
    """Lets every one of these events be told; safe to call again."""
    for signal, event, level in OF_ACCOUNTS:
        signal.connect(_teller(event, level), dispatch_uid=f"security_log:{event}", weak=False)
    auth.user_login_failed.connect(login_failed, dispatch_uid="security_log:login.failed")


def _teller(event: str, level: int) -> Any:
    def told(request: HttpRequest | None = None, user: Any = None, authenticator: Any = None, **_: Any) -> None:
        factor = getattr(authenticator, "type", None)
        by = _ways(request) if event == "login.succeeded" else None
        security(
            event,
            level=level,
            user=getattr(user, "pk", None),
            factor=str(factor) if factor else None,
            by=by,
            sender=sender_of(request),
        )

    return told


def _ways(request: HttpRequest | None) -> str | None:
    """By what somebody has signed in: a password, a second factor, a passkey."""
    records = request.session.get("account_authentication_methods", []) if request is not None else []
    return ", ".join(str(record.get("method", "")) for record in records) or None


def login_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    """Nobody was let in: the account that was tried, and who tried, as pseudonyms."""
    tried = next((str(credentials[name]) for name in LOGIN_FIELDS if credentials.get(name)), "")
    security("login.failed", account=pseudonym(tried) if tried else None, sender=sender_of(request))


def sender_of(request: HttpRequest | None) -> str | None:
    """Who sends, as a pseudonym of the address that our own proxies have seen."""
    return fingerprint(request)[:SENDER] if request is not None else None
