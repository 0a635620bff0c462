"""What the section's home says of the company's standing."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from partner_directory.portal.access import SeatRequest
from partner_directory.portal.panels import Panel
from partner_directory.portal.records.level import ground_of
from partner_directory.standing import standing_of
from program_pages.bilingual import said
from program_pages.models.edition import programme_day


def panel(request: SeatRequest) -> Panel | None:
    """How many requirements of its level are met, and which are missing; nothing for a company without a level."""
    day, partner = programme_day(), request.seat.partner
    ground = ground_of(partner, day)
    if ground is None or not ground.own:
        return None
    standing = standing_of(partner, ground.own, ground.terms, day)
    asked = standing.applicable
    met = len(asked) - len(standing.missing)
    if not asked:
        text = _("У этого уровня требований нет: подтверждать ничего не нужно.")
    else:
        text = _("Выполнено требований: %(met)s из %(asked)s.") % {"met": met, "asked": len(asked)}
    return Panel(
        title=_("Требования: %(level)s") % {"level": said(ground.level.short_name)},
        text=text,
        url=reverse("portal:standing"),
        link_text=_("Посмотреть, чего не хватает") if standing.missing else _("Посмотреть требования"),
        tone="good" if standing.is_met else "bad",
        facts=[said(item.requirement.title) for item in standing.missing],
        needs_action=not standing.is_met,
    )
