"""The live checklist: how the company stands at its level, or would at another; or how it stood on a day."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse

from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.level import PARAMETER as LEVEL
from partner_directory.portal.records.shown import standing_then
from program_pages.as_of import asked_of_page

PAGE = "partner_directory/portal/records/standing.html"


@member
def standing(request: SeatRequest) -> HttpResponse:
    """Each requirement met, missing or not applicable, by how much, until when, and where to mend it."""
    asked = asked_of_page(request)
    found = standing_then(request.seat.partner, asked.as_of, request.GET.get(LEVEL, ""))
    return TemplateResponse(request, PAGE, {"part": "standing", "asked": asked, **found}, status=asked.status)
