"""Badges as verification finds them: of a partner's product line, current or taken back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from partner_directory.badges.codes import new_code
from partner_directory.models import Partner
from partner_directory.models.badge import Badge
from program_pages.models import ProductLine


def badge_of(partner: Partner, **fields: Any) -> Badge:
    """The partner's badge for the programme's own product line; with fields, another one of that kind."""
    line = ProductLine.objects.get(slug="crm")
    current = Badge.objects.current().filter(partner=partner, product_line=line).first()
    if current and not fields:
        return current
    defaults = {"partner": partner, "product_line": line, "code": new_code(), "issued_at": timezone.now()}
    return Badge.objects.create(**defaults | fields)


def taken_back(badge: Badge, **fields: Any) -> Badge:
    """The badge, its code revoked."""
    defaults = {"revoked_at": timezone.now(), "reason": "Код попал к чужим"}
    Badge.objects.filter(pk=badge.pk).update(**defaults | fields)
    badge.refresh_from_db()
    return badge
