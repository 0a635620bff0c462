"""Partners for the tests of the admin."""

from __future__ import annotations

from itertools import count
from typing import Any

from partner_directory.actions.memberships import grant
from partner_directory.models import Partner
from program_pages.models import Level

_numbers = count(1)


def stored_partner(*, live: bool = True, level: str = "", **facts: Any) -> Partner:
    """A partner with a revision, published unless told; with a level from today where one is named."""
    number = next(_numbers)
    partner = Partner(**{"name_ru": f"Партнёр {number}", "live": False} | facts)
    partner.save()
    revision = partner.save_revision()
    if live:
        revision.publish()
    if level:
        grant(partner=partner, level=Level.objects.get(slug=level), actor=None)
    return Partner.objects.get(pk=partner.pk)
