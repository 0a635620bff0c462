"""The signed link by which a client confirms a review: who holds it may say yes or no, once. May not import views."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from partner_directory.models.facts import ClientReview

SALT = "partner_directory.reviews.confirm"
CONFIRM_WITHIN = timedelta(days=30)


def review_url(review: ClientReview) -> str:
    """Where the client reads, rates, and confirms or declines."""
    token = signing.dumps([review.pk, review.email], salt=SALT)
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + reverse("client_review", args=[token])


def to_review(token: str) -> ClientReview | None:
    """The review that a link is about; None for a link that is not ours, is too old, or was sent to another address."""
    try:
        key, email = signing.loads(token, salt=SALT, max_age=CONFIRM_WITHIN)
    except signing.BadSignature:
        return None
    rows = ClientReview.objects.select_related("partner", "implementation__product")
    return rows.filter(pk=key, email=email).first()
