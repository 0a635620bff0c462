"""A message is read by its reader, sent off anew by a manager, and forgotten when it is old.

Reading is the reader's own affair and leaves no audit row; no audit row holds an address. Each action is one
transaction.
"""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import outbox
from partner_directory.models.message import Delivery, Message
from partner_directory.models.people import TeamMember

RESENT = "partner_directory.message.resent"


class Overtaken(ValidationError):
    """The letter is on its way or has left meanwhile: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Это письмо уже ушло или вот-вот уйдёт само."))


def mark_read(*, message: Message) -> None:
    """Its reader has seen it; again changes nothing."""
    Message.objects.filter(pk=message.pk, read_at=None).update(read_at=timezone.now())


def mark_all_read(*, seat: TeamMember, up_to: int) -> int:
    """The person has seen all that the company's feed showed, up to a key; what came meanwhile stays unread.

    Answers how many that were.
    """
    shown = Message.objects.of_seat(seat).filter(pk__lte=up_to, read_at=None)
    return shown.update(read_at=timezone.now())


@transaction.atomic
def resend(*, message: Message, actor: User | None) -> Message:
    """Sends a letter once more that was given up, or of which nobody knows whether it has left.

    Raises Overtaken for any other.
    """
    now = timezone.now()
    troubled = Message.objects.troubled(now).filter(pk=message.pk)
    anew = {"claimed_at": None, "given_up_at": None, "attempts": 0, "next_attempt_at": now, "trouble": ""}
    if not troubled.update(**anew):
        raise Overtaken
    current = Message.objects.get(pk=message.pk)
    log(instance=current, action=RESENT, user=actor, data={"kind": current.kind})
    transaction.on_commit(outbox.wake, robust=True)
    return current


@transaction.atomic
def forget(*, written_before: datetime) -> int:
    """Removes messages written before a moment, with the addresses they went to; answers how many.

    What is still to leave, or is leaving, stays.
    """
    now = timezone.now()
    under_way = [Message.objects.in_delivery(place, now).values("pk") for place in (Delivery.WAITING, Delivery.SENDING)]
    old = Message.objects.filter(created_at__lt=written_before)
    for place in under_way:
        old = old.exclude(pk__in=place)
    return old.delete()[0]
