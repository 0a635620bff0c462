"""Events that a log tells of, each with a stable name and named facts. May not import models.

Facts are numbers, flags and words of our own: never a password, a token, a code, an address or a name of a person.
"""

from __future__ import annotations

import hashlib
import hmac
import logging

from django.conf import settings
from django.dispatch import Signal

Fact = str | int | float | bool | None

security_event = Signal()  # ``event``: its name
_security = logging.getLogger("security")


def tell(logger: logging.Logger, level: int, event: str, **facts: Fact) -> None:
    """Logs an event with its facts; those that are None are left out."""
    if logger.isEnabledFor(level):
        known = {name: fact for name, fact in facts.items() if fact is not None}
        logger.log(level, event, extra={"facts": {"event": event, **known}})


def security(event: str, *, level: int = logging.WARNING, **facts: Fact) -> None:
    """Logs an event of the site's safety, and lets whoever counts them know."""
    tell(_security, level, event, **facts)
    security_event.send(sender=None, event=event)


def pseudonym(text: str) -> str:
    """The same 16 characters for the same text (an address, a sender), which nobody without our key can read."""
    key = f"tracing:{settings.SECRET_KEY}".encode()
    return hmac.new(key, text.strip().casefold().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:16]
