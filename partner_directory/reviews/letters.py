"""The letter that asks a client to confirm a review. May not import actions."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import override

from partner_directory.models.facts import ClientReview
from partner_directory.reviews.links import CONFIRM_WITHIN, review_url


def ask_client(review: ClientReview, language: str) -> None:
    """Asks in the language that the partner chose; for a fictional company no letter leaves."""
    if review.partner.is_sample:
        return
    with override(language):
        context = {
            "review": review,
            "url": review_url(review),
            "days": CONFIRM_WITHIN.days,
            "site_name": settings.WAGTAIL_SITE_NAME,
        }
        text = render_to_string("partner_directory/mail/client_review.txt", context)
        subject = _("Подтвердите отзыв о работе компании %(partner)s") % {"partner": review.partner}
        headers = {"Auto-Submitted": "auto-generated"}
        EmailMessage(" ".join(subject.split()), text.strip() + "\n", to=[review.email], headers=headers).send()
