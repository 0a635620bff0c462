"""An enquiry is sent, confirmed, handed on, answered, closed, taken for spam, and forgotten.

Each action is one transaction with its audit row, which says nothing of who wrote; a decision that another has
overtaken is refused (``Overtaken``) by a guarded update. Letters are written with it, and leave once it is committed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from partner_directory.directory.suitable import Wish, takes_enquiries, to_drop, whose_turn
from partner_directory.enquiries import letters
from partner_directory.enquiries.limit import refuse_when_too_many
from partner_directory.enquiries.links import CONFIRM_WITHIN
from partner_directory.models.enquiry import ConsentText, Enquiry, Turn
from partner_directory.models.geography import Region
from partner_directory.models.partner import Partner
from program_pages.models.catalogue import Product

RECEIVED = "partner_directory.enquiry.received"
SENT = "partner_directory.enquiry.sent"
CONFIRMED = "partner_directory.enquiry.confirmed"
HANDED_ON = "partner_directory.enquiry.handed_on"
ANSWERED = "partner_directory.enquiry.answered"
CLOSED = "partner_directory.enquiry.closed"
SPAM = "partner_directory.enquiry.spam"
FORGOTTEN = "partner_directory.enquiry.forgotten"

State = Enquiry.State
SAME = timedelta(minutes=10)  # the same words to the same partner within it are one enquiry, sent twice
NOBODY = {"name": "", "company": "", "email": "", "phone": "", "text": "", "sender": ""}

Actor = AbstractBaseUser | None


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, обращение изменил кто-то другой. Откройте его заново."))


class NotTaking(ValidationError):
    """The chosen partner takes no enquiries now: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Этот партнёр сейчас не принимает обращения через каталог."))


class NobodyFits(ValidationError):
    """No partner fits every condition: nothing was written. Without any one of those in ``drop`` somebody does."""

    def __init__(self, drop: list[str]) -> None:
        super().__init__(_("Под все условия сразу не подходит ни один партнёр."))
        self.drop = drop


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a visitor wrote; without a partner it is to any suitable one."""

    consent: ConsentText
    name: str
    email: str
    text: str
    language: str
    sender: str
    partner: Partner | None = None
    region: Region | None = None
    product: Product | None = None
    service: str = ""
    company: str = ""
    phone: str = ""


@transaction.atomic
def send(*, draft: Draft, proven: bool, actor: Actor) -> Enquiry:
    """Stores an enquiry, and hands it to its partner at once where it is ``proven`` that no robot wrote it.

    Otherwise it waits until the visitor confirms it. Raises TooMany, NotTaking, NobodyFits: nothing is stored then.
    """
    _in_line(draft.consent)
    if twin := _twin(draft):
        return twin
    refuse_when_too_many(draft.sender, draft.email)
    fields = {name: getattr(draft, name) for name in Draft.__dataclass_fields__}
    recipient = _recipient(draft.partner, _wish(draft))
    enquiry = Enquiry.objects.create(**fields)
    if proven:
        return _handed(enquiry, recipient, SENT, actor)
    letters.ask_to_confirm(enquiry)
    return _recorded(enquiry, RECEIVED, actor)


@transaction.atomic
def confirm(*, enquiry: Enquiry, actor: Actor) -> Enquiry:
    """Hands an enquiry that waited for the visitor's word to its partner.

    Raises Overtaken where it waits no longer; NotTaking and NobodyFits where things have changed since.
    """
    _in_line(enquiry.consent)
    current = _fresh(enquiry)
    if current.state != State.WAITING:
        raise Overtaken
    return _handed(current, _recipient(current.partner, _wish(current)), CONFIRMED, actor)


@transaction.atomic
def hand_on(*, enquiry: Enquiry, actor: Actor, to: Partner | None = None) -> Enquiry:
    """Hands an enquiry that nobody has answered to another partner: the one named, or the one whose turn it is."""
    _in_line(enquiry.consent)
    current = _fresh(enquiry)
    if current.state != State.SENT:
        raise Overtaken
    recipient = to or whose_turn(_wish(current), without=[current.recipient_id])
    if recipient is None:
        raise NobodyFits([])
    if recipient.pk == current.recipient_id or not takes_enquiries(recipient):
        raise NotTaking
    _update(current, [State.SENT], recipient=recipient, sent_at=timezone.now())
    _count_turn(recipient)
    handed = _recorded(current, HANDED_ON, actor)
    letters.tell_recipient(handed)
    letters.tell_handed_on(handed)
    return handed


@transaction.atomic
def answered(*, enquiry: Enquiry, actor: Actor) -> Enquiry:
    """The partner has answered; raises Overtaken where it is no longer with this partner."""
    _update(enquiry, [State.SENT], state=State.ANSWERED, answered_at=timezone.now())
    return _recorded(enquiry, ANSWERED, actor)


@transaction.atomic
def close(*, enquiry: Enquiry, actor: Actor) -> Enquiry:
    """Nothing is left to do with it, answered or not."""
    _update(enquiry, [State.SENT, State.ANSWERED], state=State.CLOSED, closed_at=timezone.now())
    return _recorded(enquiry, CLOSED, actor)


@transaction.atomic
def mark_as_spam(*, enquiry: Enquiry, actor: Actor) -> Enquiry:
    """Nobody needs to answer it."""
    _update(enquiry, [State.WAITING, State.SENT, State.ANSWERED], state=State.SPAM, closed_at=timezone.now())
    return _recorded(enquiry, SPAM, actor)


@transaction.atomic
def forget(*, over_before: datetime, actor: Actor) -> tuple[int, int]:
    """Empties who wrote what from enquiries over before a moment, and deletes those whose link nobody has followed.

    Answers how many of each. What remains of the former counts in statistics.
    """
    forgettable = list(Enquiry.objects.forgettable(over_before).values_list("pk", flat=True))
    for key in forgettable:
        Enquiry.objects.filter(pk=key, forgotten_at=None).update(**NOBODY, forgotten_at=timezone.now())
        _recorded(Enquiry(pk=key), FORGOTTEN, actor)
    expired = Enquiry.objects.expired(timezone.now() - CONFIRM_WITHIN)
    letters.forget([*forgettable, *expired.values_list("pk", flat=True)])
    deleted = expired.count()
    expired.delete()
    return len(forgettable), deleted


def _in_line(consent: ConsentText) -> None:
    """Enquiries wait for each other here, so that each sees whose turn it is; and nobody edits the text meanwhile."""
    ConsentText.objects.select_for_update().get(pk=consent.pk)


def _twin(draft: Draft) -> Enquiry | None:
    """The same enquiry, sent a moment ago: a button pressed twice."""
    since = timezone.now() - SAME
    return Enquiry.objects.filter(
        created_at__gt=since, partner=draft.partner, email=draft.email, text=draft.text, sender=draft.sender
    ).first()


def _wish(source: Draft | Enquiry) -> Wish:
    return Wish(
        region=source.region.code if source.region else "",
        product=source.product.slug if source.product else "",
        service=source.service,
    )


def _recipient(chosen: Partner | None, wish: Wish) -> Partner:
    """The chosen partner, or the one whose turn it is; raises where there is none."""
    if chosen is not None:
        if not takes_enquiries(chosen):
            raise NotTaking
        return chosen
    found = whose_turn(wish)
    if found is None:
        raise NobodyFits(to_drop(wish))
    return found


def _handed(enquiry: Enquiry, recipient: Partner, action: str, actor: Actor) -> Enquiry:
    _update(enquiry, [State.WAITING], state=State.SENT, recipient=recipient, sent_at=timezone.now())
    if enquiry.partner_id is None:
        _count_turn(recipient)
    handed = _recorded(enquiry, action, actor)
    letters.tell_recipient(handed)
    letters.send_copy(handed)
    return handed


def _count_turn(partner: Partner) -> None:
    latest = Turn.objects.aggregate(latest=Max("number"))["latest"] or 0
    Turn.objects.update_or_create(partner=partner, defaults={"number": latest + 1})


def _fresh(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_related("partner", "recipient", "region", "product").get(pk=enquiry.pk)


def _update(enquiry: Enquiry, states: list[Enquiry.State], **values: Any) -> None:
    """Guarded by all that the decision was made from: where it is, and with whom."""
    rows = Enquiry.objects.filter(pk=enquiry.pk, state__in=states, recipient=enquiry.recipient_id)
    if not rows.update(**values):
        raise Overtaken


def _recorded(enquiry: Enquiry, action: str, actor: Actor) -> Enquiry:
    """The row as it is now, its audit row written."""
    current = _fresh(enquiry)
    recipient = str(current.recipient) if current.recipient else ""
    log(instance=current, action=action, user=actor, data={"state": current.state, "recipient": recipient})
    return current
