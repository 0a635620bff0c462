"""The signed links in letters about enquiries: who holds one may do the one thing it is for. May not import views."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import get_language

from partner_directory.models.enquiry import Enquiry
from partner_directory.sealed_links import (
    ENQUIRY_ANSWERED,
    ENQUIRY_CONFIRM,
    enquiry_answered_path,
    enquiry_confirm_path,
    opened,
)
from partner_directory.wording import absolute
from program_pages.formats import language_of

CONFIRM_WITHIN = timedelta(days=3)
ANSWER_WITHIN = timedelta(days=365)


def confirm_url(enquiry: Enquiry) -> str:
    """Where the visitor says: yes, it was me."""
    return _url(enquiry_confirm_path(str(enquiry.pk), enquiry.email))


def answered_url(enquiry: Enquiry) -> str:
    """Where the partner says: we have answered. Worth nothing once the enquiry is handed on to another."""
    return _url(enquiry_answered_path(f"{enquiry.pk}-{enquiry.recipient_id}", ""))


def to_confirm(token: str) -> Enquiry | None:
    """The enquiry that a visitor's link is about; None for a link that is not ours, or too old."""
    return _enquiry(token, ENQUIRY_CONFIRM, CONFIRM_WITHIN, "pk")


def to_answer(token: str) -> Enquiry | None:
    """The enquiry that a partner's link is about; None too where it has been handed on to another."""
    return _enquiry(token, ENQUIRY_ANSWERED, ANSWER_WITHIN, "pk", "recipient")


def _url(path: str) -> str:
    return absolute(path, language_of(get_language() or ""))


def _enquiry(token: str, salt: str, valid: timedelta, *names: str) -> Enquiry | None:
    values = opened(token, salt, valid)
    if values is None:
        return None
    return (
        Enquiry.objects.select_related("partner", "recipient")
        .filter(**dict(zip(names, values, strict=True)), forgotten_at=None)
        .first()
    )
