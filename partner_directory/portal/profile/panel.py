"""What the home page says of the public profile."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from partner_directory.completeness import LABELS, completeness, gaps_of
from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel
from partner_directory.portal.profile.story import Place, story_of

MOST_GAPS = 3


def panel(request: SeatRequest) -> Panel:
    """Where the profile is, how full it is, and what it lacks."""
    partner = request.seat.partner
    story = story_of(partner, request.user)
    gaps = gaps_of(partner.get_latest_revision_as_object())
    facts = [_("Заполнен на %(share)s %%") % {"share": completeness(gaps)}]
    if gaps:
        facts.append(", ".join(str(LABELS[gap]) for gap in gaps[:MOST_GAPS]))
    waits = story.place in {Place.DRAFT, Place.SENT_BACK, Place.EMPTY}
    return Panel(
        title=_("Профиль в каталоге"),
        text=_("Сейчас: %(state)s.") % {"state": story.label},
        url=reverse("portal:profile"),
        link_text=_("К профилю"),
        tone={Place.SENT_BACK: "bad", Place.PUBLISHED: "good"}.get(story.place, "warn" if waits else "plain"),
        facts=facts,
        needs_action=waits,
    )
