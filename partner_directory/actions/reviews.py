"""A client's review is asked for, and confirmed or declined by the client alone (R31, R71).

The client's word counts at once; a manager may revoke it later, with a reason (``actions.facts``). Each action is one
transaction with its audit row, and guarded: a link followed twice does one thing. The letter is
a message of the same transaction (``messages.write_to``).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import messages
from partner_directory.actions.facts import Overtaken, claim
from partner_directory.addresses import address
from partner_directory.models.facts import ClientReview, FactState, Implementation
from partner_directory.models.partner import Partner
from partner_directory.reviews.independence import is_own
from partner_directory.sealed_links import CONFIRM_WITHIN

ASKED = "partner_directory.review.asked"
CLIENT_CONFIRMED = "partner_directory.review.client_confirmed"
CLIENT_DECLINED = "partner_directory.review.client_declined"

ONE_DAY = timedelta(days=1)
MOST_LETTERS_A_DAY = 30  # of one company: each goes to an address that it has named


@transaction.atomic
def ask(
    *, implementation: Implementation, contact: str, email: str, text: str, language: str, actor: User | None
) -> ClientReview:
    """Claims a review, and sends the client the link; a button pressed twice asks once.

    Raises ValidationError, by field: for an address of the partner's own, for a client who has declined already, and
    for an implementation that has a review or was refused.
    """
    partner = implementation.partner
    Partner.objects.select_for_update().get(pk=partner.pk)
    if implementation.state == FactState.REFUSED:
        raise ValidationError({"implementation": _("Это внедрение не подтверждено: отзыв о нём не считается.")})
    if is_own(email, partner):
        raise ValidationError({"email": _("Это адрес вашей компании. Отзыв подтверждает сам клиент со своего адреса.")})
    declined = ClientReview.objects.filter(implementation=implementation, client_declined_at__isnull=False)
    if declined.filter(email__iexact=email).exists():
        raise ValidationError({"email": _("Этот клиент уже отказался подтвердить отзыв: больше мы ему не пишем.")})
    _refuse_too_many(partner)
    review = claim(
        fact=ClientReview(partner=partner, implementation=implementation, contact=contact, email=email, text=text),
        actor=actor,
    )
    return review if review.asked_at else _sent(review, language, actor)


@transaction.atomic
def ask_again(*, review: ClientReview, language: str, actor: User | None) -> ClientReview:
    """Sends the letter once more, a day after the last one at the earliest; raises Overtaken once it was answered."""
    current = ClientReview.objects.select_for_update().select_related("partner", "implementation").get(pk=review.pk)
    if current.state != FactState.CLAIMED:
        raise Overtaken
    if current.asked_at and current.asked_at > timezone.now() - ONE_DAY:
        raise ValidationError(_("Письмо ушло меньше суток назад. Дайте клиенту время ответить."))
    _refuse_too_many(current.partner)
    return _sent(current, language, actor)


@transaction.atomic
def confirm_by_client(*, review: ClientReview, rating: int, text: str) -> ClientReview:
    """The client's word, in the client's own words: it counts at once. Raises Overtaken where it waits no longer."""
    now = timezone.now()
    _answer(review, state=FactState.CONFIRMED, rating=rating, text=text, client_confirmed_at=now, decided_at=now)
    return _answered(review, CLIENT_CONFIRMED, "review_confirmed")


@transaction.atomic
def decline_by_client(*, review: ClientReview) -> ClientReview:
    """The client does not confirm it: it never counts. Raises Overtaken where it waits no longer."""
    now = timezone.now()
    with override(settings.LANGUAGE_CODE):
        reason = _("Клиент не подтвердил отзыв.")
    _answer(review, state=FactState.REFUSED, client_declined_at=now, decided_at=now, decision_reason=reason)
    return _answered(review, CLIENT_DECLINED, "review_declined")


def _refuse_too_many(partner: Partner) -> None:
    asked = ClientReview.objects.filter(partner=partner, asked_at__gt=timezone.now() - ONE_DAY)
    if asked.count() >= MOST_LETTERS_A_DAY:
        raise ValidationError(_("За сутки ушло слишком много писем клиентам. Продолжите завтра."))


def _sent(review: ClientReview, language: str, actor: User | None) -> ClientReview:
    review.asked_at = timezone.now()
    ClientReview.objects.filter(pk=review.pk).update(asked_at=review.asked_at)
    log(instance=review, action=ASKED, user=actor, data={"title": str(review), "email": review.email})
    if not review.partner.is_sample:  # a fictional company writes to nobody
        _write_to_client(review, language, review.asked_at)
    return review


def _write_to_client(review: ClientReview, language: str, asked_at: datetime) -> None:
    messages.write_to(
        email=review.email,
        language=language,
        partner=review.partner,
        kind="review_asked",
        key=f"review:{review.pk}:asked:{asked_at:%Y%m%d%H%M%S%f}",
        about=str(review.pk),
        facts={
            "contact": review.contact,
            "client": review.implementation.client,
            "until": asked_at + CONFIRM_WITHIN,
        },
    )


def _answer(review: ClientReview, **values: object) -> None:
    waiting = ClientReview.objects.filter(
        pk=review.pk, state=FactState.CLAIMED, client_confirmed_at=None, client_declined_at=None
    )
    if not waiting.update(**values, decided_by=None):
        raise Overtaken


def _answered(review: ClientReview, action: str, kind: str) -> ClientReview:
    current = ClientReview.objects.select_related("partner", "implementation").get(pk=review.pk)
    log(instance=current, action=action, user=None, data={"title": str(current), "rating": current.rating or ""})
    messages.tell_partner(
        partner=current.partner,
        kind=kind,
        key=f"review:{current.pk}:{kind}",
        facts={"client": current.implementation.client, "contact": current.contact},
        url=address("portal:reviews"),
    )
    return current
