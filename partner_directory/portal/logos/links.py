"""The signed link to a kit: of one person, for one company and one version of a mark, for a short time.

What a link says is no right: the gate is asked when it is followed. May not import views.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse

from partner_directory.models.mark import MarkVersion
from partner_directory.models.people import TeamMember
from partner_directory.sealed_links import opened

SALT = "partner_directory.portal.logos.kit"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may take what: keys of a person, a company and a version."""

    person: int
    partner: int
    version: int

    def is_of(self, seat: TeamMember) -> bool:
        """Whether it was made for this person acting for this company."""
        return (self.person, self.partner) == (seat.user_id, seat.partner_id)


def kit_url(seat: TeamMember, version: MarkVersion) -> str:
    """Where the person takes the kit, for ``KIT_LINK_SECONDS``."""
    token = signing.dumps([seat.user_id, seat.partner_id, version.pk], salt=SALT)
    return reverse("portal:kit", args=[token])


def to_ticket(token: str) -> tuple[Ticket | None, bool]:
    """What a link says, None where it is not ours; and whether its time is not over."""
    said = opened(token, SALT)
    if said is None:
        return None, False
    return Ticket(*said), opened(token, SALT, timedelta(seconds=settings.KIT_LINK_SECONDS)) is not None
