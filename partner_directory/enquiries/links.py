"""The signed links in letters about enquiries: who holds one may do the one thing it is for. May not import views."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from partner_directory.models.enquiry import Enquiry

CONFIRM, ANSWERED = "partner_directory.enquiries.confirm", "partner_directory.enquiries.answered"
CONFIRM_WITHIN = timedelta(days=3)
ANSWER_WITHIN = timedelta(days=365)


def confirm_url(enquiry: Enquiry) -> str:
    """Where the visitor says: yes, it was me."""
    return _url("enquiry_confirm", signing.dumps([enquiry.pk], salt=CONFIRM))


def answered_url(enquiry: Enquiry) -> str:
    """Where the partner says: we have answered. Worth nothing once the enquiry is handed on to another."""
    return _url("enquiry_answered", signing.dumps([enquiry.pk, enquiry.recipient_id], salt=ANSWERED))


def to_confirm(token: str) -> Enquiry | None:
    """The enquiry that a visitor's link is about; None for a link that is not ours, or too old."""
    return _enquiry(token, CONFIRM, CONFIRM_WITHIN, "pk")


def to_answer(token: str) -> Enquiry | None:
    """The enquiry that a partner's link is about; None too where it has been handed on to another."""
    return _enquiry(token, ANSWERED, ANSWER_WITHIN, "pk", "recipient")


def _url(name: str, token: str) -> str:
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse(name, args=[token])


def _enquiry(token: str, salt: str, valid: timedelta, *names: str) -> Enquiry | None:
    try:
        values = signing.loads(token, salt=salt, max_age=valid)
    except signing.BadSignature:
        return None
    return (
        Enquiry.objects.select_related("partner", "recipient")
        .filter(**dict(zip(names, values, strict=True)), forgotten_at=None)
        .first()
    )
