"""The review that a client's link is about: who holds it may say yes or no, once. May not import views."""

from __future__ import annotations

from partner_directory.models.facts import ClientReview
from partner_directory.sealed_links import read_review


def to_review(token: str) -> ClientReview | None:
    """The review that a link is about; None for a link that is not ours, is too old, or was sent to another address."""
    found = read_review(token)
    if found is None:
        return None
    key, email = found
    rows = ClientReview.objects.select_related("partner", "implementation__product")
    return rows.filter(pk=key, email=email).first()
