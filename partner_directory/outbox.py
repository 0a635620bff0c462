"""Sends what ``messages`` has written: each letter once, whoever sends, and however often it is tried.

A sender takes a message by a guarded update before it sends, so that no two send the same. Only a failure after which
the letter cannot have left (no connection, a refusal) is tried again; where nobody knows, because the sender died or
the server fell silent half-way, the message stays taken and a manager decides. The Message-ID is the row's, so that
even then two letters would be known as one. A letter that asks somebody outside for what is no longer wanted, or tells
of an edition that was withdrawn, does not leave at all. May not import actions or views.
"""

from __future__ import annotations

import logging
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from smtplib import SMTPServerDisconnected
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from partner_directory.errand import Errand
from partner_directory.letterhead import Letter, letter_of
from partner_directory.letters.enquiries import KINDS_OF_ENQUIRIES, TO_CONFIRM, TO_PARTNER
from partner_directory.models.edition_notice import KINDS_OF_NEWS, EditionNotice
from partner_directory.models.enquiry import Enquiry
from partner_directory.models.facts import ClientReview, FactState
from partner_directory.models.message import Message
from partner_directory.models.people import Invitation
from partner_directory.sealed_links import hashed, invitation_secret
from partner_directory.wording import Words, absolute, filled, sealed_link

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=12)
MOST_ATTEMPTS = 14  # with these pauses, about five days
# After these the letter may have left all the same.
HALF_WAY = (SMTPServerDisconnected, ConnectionResetError, BrokenPipeError, TimeoutError)


class Outcome(Enum):
    """What became of an attempt."""

    SENT = "sent"
    REFUSED = "refused"
    NO_SERVER = "no server"
    UNKNOWN = "unknown"
    MOOT = "moot"


def wake() -> None:
    """Sends what is due, as ``JOBS_RUN`` says: beside the request, within it, or by the worker alone."""
    if settings.JOBS_RUN == "beside":
        _postman.wake()
    elif settings.JOBS_RUN == "inline":
        send_due()


def send_due(*, most: int | None = None) -> Counter[Outcome]:
    """Sends every message that is due, or the ``most`` urgent, and counts what became of them.

    Stops where no mail server answers. Safe beside any number of others. Raises RuntimeError within a transaction: what
    is taken must be stored at once.
    """
    outcomes: Counter[Outcome] = Counter()
    due = Message.objects.due(timezone.now()).order_by("next_attempt_at", "pk").values_list("pk", flat=True)
    for key in list(due[:most]):
        message = _taken(key)
        if message is None:
            continue  # by another sender
        outcome = _attempt(message)
        outcomes[outcome] += 1
        if outcome is Outcome.NO_SERVER:
            break
    return outcomes


def _taken(key: int) -> Message | None:
    """The message, if no other sender has it."""
    now = timezone.now()
    with transaction.atomic(durable=True):
        due = Message.objects.due(now).filter(pk=key)
        if not due.update(claimed_at=now, attempts=F("attempts") + 1, trouble=""):
            return None
    return Message.objects.get(pk=key)


def _attempt(message: Message) -> Outcome:
    if not _is_wanted(message):
        message.delete()
        return Outcome.MOOT
    try:
        connection = get_connection()
        connection.open()
    except Exception as error:
        logger.warning("No mail server: %r", error)
        _put_back(message, error)
        return Outcome.NO_SERVER
    try:
        connection.send_messages([_mail(message, connection)])
    except HALF_WAY as error:
        logger.warning("Message %s may have been sent: %r", message.pk, error)
        _update(message, trouble=_said(error))
        return Outcome.UNKNOWN
    except Exception as error:
        logger.warning("Message %s was not sent: %r", message.pk, error)
        _put_back(message, error)
        return Outcome.REFUSED
    else:
        _update(message, claimed_at=None, sent_at=timezone.now())
        return Outcome.SENT
    finally:
        with suppress(Exception):
            connection.close()


def _is_wanted(message: Message) -> bool:
    """Whether what a letter asks for is still open, and what it tells of still to come: withdrawn, it is not."""
    if message.kind == "review_asked":
        return ClientReview.objects.filter(pk=int(message.about), state=FactState.CLAIMED).exists()
    if message.kind == "people_invited":
        secret = invitation_secret(message.about, message.email)
        return Invitation.objects.filter(secret_hash=hashed(secret), accepted_at=None, revoked_at=None).exists()
    if message.kind in KINDS_OF_ENQUIRIES:
        return _enquiry_of(message) is not None
    if message.kind in KINDS_OF_NEWS:
        return EditionNotice.objects.filter(key=message.key, release__withdrawn_at=None).exists()
    return True


def _enquiry_of(message: Message) -> Enquiry | None:
    """The enquiry that a letter is about, where what it says of it still holds."""
    enquiries = Enquiry.objects.filter(pk=int(message.key.split(":")[1]), forgotten_at=None)
    if message.kind == TO_CONFIRM:
        return enquiries.filter(state=Enquiry.State.WAITING).first()
    if message.kind == TO_PARTNER:
        return enquiries.filter(recipient=message.partner_id).exclude(state=Enquiry.State.SPAM).first()
    return enquiries.first()


def _put_back(message: Message, error: Exception) -> None:
    """For a later attempt; for managers to decide where there were enough."""
    now = timezone.now()
    pause = min(FIRST_PAUSE * 4 ** (message.attempts - 1), LONGEST_PAUSE)
    given_up_at = now if message.attempts >= MOST_ATTEMPTS else None
    _update(message, claimed_at=None, next_attempt_at=now + pause, given_up_at=given_up_at, trouble=_said(error))


def _update(message: Message, **values: object) -> None:
    """Only while it is this sender's: a manager may have sent it off anew meanwhile."""
    Message.objects.filter(pk=message.pk, claimed_at=message.claimed_at).update(**values)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:300]


def letter_for(message: Message) -> Letter:
    """A stored message as a letter in its language; one with a link of its reader alone gets it only here."""
    words, language = Words(message.subject, message.text), message.language
    if not message.about:
        return letter_of(words, link=absolute(message.url, language), language=language)
    link = sealed_link(message.kind, message.about, message.email, language)
    return letter_of(filled(words, {"link": link}, language), link=link, language=language)


def _mail(message: Message, connection: BaseEmailBackend) -> EmailMultiAlternatives:
    letter = letter_for(message)
    host = urlsplit(settings.WAGTAILADMIN_BASE_URL).hostname or "localhost"
    mail = EmailMultiAlternatives(
        letter.subject,
        letter.text,
        to=[message.email],
        reply_to=_reply_to(message),
        connection=connection,
        headers={
            "Message-ID": f"<message.{message.pk}.{message.created_at:%Y%m%d%H%M%S}@{host}>",
            "Content-Language": message.language,
            "Auto-Submitted": "auto-generated",
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    return mail


def _reply_to(message: Message) -> list[str] | None:
    """A partner answers the visitor, nobody else has whom to answer."""
    enquiry = _enquiry_of(message) if message.kind == TO_PARTNER else None
    return [enquiry.email] if enquiry else None


_postman = Errand("messages", send_due)
