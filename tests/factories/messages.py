"""Messages: told as the site tells them, and mail servers that fail."""

from __future__ import annotations

from datetime import date
from itertools import count
from smtplib import SMTPServerDisconnected
from typing import Any, ClassVar

from django.core.mail.backends.locmem import EmailBackend

from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models import Message, Partner

KIND = "membership_granted"
_numbers = count(1)


def facts(**said: Any) -> dict[str, Any]:
    """The facts of that kind."""
    return {"level": "ASoft", "starts": date(2026, 11, 10), "until": date(2026, 12, 31), "reason": ""} | said


def tell(partner: Partner, *, key: str | None = None, url: str = "/portal/", **said: Any) -> None:
    """Tells a partner of a level; of a new happening unless its key is given."""
    key = key or f"happening:{next(_numbers)}"
    tell_partner(partner=partner, kind=KIND, key=key, facts=facts(**said), url=url)


def tell_the_managers(*, key: str | None = None, **said: Any) -> None:
    """Tells the managers of a level."""
    key = key or f"happening:{next(_numbers)}"
    tell_managers(kind=KIND, key=key, facts={"company": "ООО «Ромашка»"} | facts(**said), url="/admin/")


def make_message(partner: Partner, **fields: Any) -> Message:
    """A message to a partner's one reader, as if it had come this far."""
    tell(partner)
    message = Message.objects.latest("pk")
    Message.objects.filter(pk=message.pk).update(**fields)
    return Message.objects.get(pk=message.pk)


class NoServer(EmailBackend):
    """Nobody answers."""

    def open(self) -> bool:
        raise ConnectionRefusedError("nobody there")


class Refusing(EmailBackend):
    """Takes nothing to the addresses that it refuses."""

    refused: ClassVar[set[str]] = set()

    def send_messages(self, messages: Any) -> int:
        if any(message.to[0] in self.refused for message in messages):
            raise ValueError("refused")
        return super().send_messages(messages)


class SilentAfterwards(EmailBackend):
    """Takes the letter, and says nothing more."""

    def send_messages(self, messages: Any) -> int:
        super().send_messages(messages)
        raise SMTPServerDisconnected("silence")
