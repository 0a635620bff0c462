"""The numbers that hold for a partner, today or on another day, beside the programme's own (R47, R82, R83)."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from partner_directory.memberships_then import in_force_as_of
from partner_directory.models.overlay import Overlay
from partner_directory.overlay_words import compared
from partner_directory.partner_terms import terms_then
from partner_directory.portal.access import SeatRequest, member
from program_pages.as_of import asked_of_page
from program_pages.rules.terms import Terms
from program_pages.terms import NoEdition, terms_as_of


@require_safe
@member
def conditions(request: SeatRequest) -> HttpResponse:
    """Every number of the partner's levels and of the programme, and what was agreed."""
    partner, asked = request.seat.partner, asked_of_page(request, to_come=True)
    when = asked.as_of
    held = {row.level.slug for row in in_force_as_of(partner.pk, when)}
    overlays = Overlay.objects.filter(partner=partner).select_related("document")
    if when.recorded_by is not None:
        overlays = overlays.filter(made_at__lt=when.recorded_by)
    try:
        own: Terms | None = terms_then(partner, when).terms
        numbers = list(compared(terms_as_of(when).terms, own)) if own else []
    except NoEdition:
        own, numbers = None, []
    return TemplateResponse(
        request,
        "partner_directory/portal/bonuses/conditions.html",
        {
            "part": "bonuses",
            "terms": own,
            "numbers": [each for each in numbers if each.level is None or each.level in held or each.is_changed],
            "overlays": overlays,
            "today": when.day,
            "asked": asked,
        },
        status=asked.status,
    )
