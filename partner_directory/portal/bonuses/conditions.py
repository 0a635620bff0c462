"""The numbers that hold for a partner today, beside the programme's own (R47, R82)."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from partner_directory.models.membership import Membership
from partner_directory.models.overlay import Overlay
from partner_directory.overlay_words import compared
from partner_directory.partner_terms import terms_for
from partner_directory.portal.access import SeatRequest, member
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_on


@require_safe
@member
def conditions(request: SeatRequest) -> HttpResponse:
    """Every number of the partner's levels and of the programme, and what was agreed."""
    partner, today = request.seat.partner, programme_day()
    held = set(Membership.objects.filter(partner=partner).in_force(today).values_list("level__slug", flat=True))
    try:
        own: Terms | None = terms_for(partner, today)
        numbers = list(compared(terms_on(today), own)) if own else []
    except NoEdition:
        own, numbers = None, []
    return TemplateResponse(
        request,
        "partner_directory/portal/bonuses/conditions.html",
        {
            "part": "bonuses",
            "terms": own,
            "numbers": [each for each in numbers if each.level is None or each.level in held or each.is_changed],
            "overlays": Overlay.objects.filter(partner=partner).select_related("document"),
            "today": today,
        },
    )
