"""Links that are their holder's proof, made anew each time a letter is built: what they prove with rests in no row.

A maker takes what the message says the link is about, and the address that it goes to. Whatever is signed is read by
``opened``, which tells the log of forgeries. May not import models.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from tracing.events import security

REVIEW = "partner_directory.reviews.confirm"
INVITATION = "partner_directory.people.invitation"
ENQUIRY_CONFIRM = "partner_directory.enquiries.confirm"
ENQUIRY_ANSWERED = "partner_directory.enquiries.answered"
CONFIRM_WITHIN = timedelta(days=30)  # of the letter that left last


def opened(token: str, salt: str, within: timedelta | None = None) -> Any:
    """What a link says that we have signed for one purpose; None for one that is too old, or not ours."""
    try:
        return signing.loads(token, salt=salt, max_age=within)
    except signing.SignatureExpired:
        return None
    except signing.BadSignature:
        security("link.forged", what=salt)
        return None


def review_path(about: str, email: str) -> str:
    """Where the client reads a review (its key), rates it, and confirms or declines."""
    return reverse("client_review", args=[signing.dumps([int(about), email], salt=REVIEW)])


def read_review(token: str) -> tuple[int, str] | None:
    """The review's key and the address that its link was sent to; None for one that is not ours or is too old."""
    found = opened(token, REVIEW, CONFIRM_WITHIN)
    return found and (found[0], found[1])


def invitation_secret(about: str, email: str) -> str:
    """The secret of an invitation's link; what it is about is a number used once, worth nothing without our key."""
    return salted_hmac(INVITATION, f"{about}:{email}", algorithm="sha256").hexdigest()


def invitation_path(about: str, email: str) -> str:
    """Where the invited person joins the company."""
    return reverse("portal:invitation", args=[invitation_secret(about, email)])


def enquiry_confirm_path(about: str, _email: str) -> str:
    """Where a visitor says of an enquiry (its key): yes, it was me."""
    return reverse("enquiry_confirm", args=[signing.dumps([int(about)], salt=ENQUIRY_CONFIRM)])


def enquiry_answered_path(about: str, _email: str) -> str:
    """Where a partner says that it has answered (the enquiry's key and its own): worth nothing once handed on."""
    keys = [int(key) for key in about.split("-")]
    return reverse("enquiry_answered", args=[signing.dumps(keys, salt=ENQUIRY_ANSWERED)])


def hashed(secret: str) -> str:
    """What is stored of a link's secret."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
