"""Badges: issued to a partner for the product line that it holds a level of."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from partner_directory.badges import codes
from partner_directory.badges.verdict import with_history
from partner_directory.models import Partner
from partner_directory.models.badge import Badge


def make_badge(partner: Partner, **fields: Any) -> Badge:
    """A current badge of the line of the partner's newest membership, with all that a verdict reads."""
    membership = partner.memberships.order_by("-starts").first()
    assert membership is not None
    defaults = {"product_line_id": membership.product_line_id, "code": codes.new_code(), "issued_at": timezone.now()}
    badge = Badge.objects.create(partner=partner, **defaults | fields)
    return with_history(Badge.objects.filter(pk=badge.pk)).get()
