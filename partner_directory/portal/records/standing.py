"""The live checklist: how the company stands at its level, or would at another."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse

from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.checklist import lines_of
from partner_directory.portal.records.level import ground_of
from partner_directory.standing import evidence_of, facts_from, judged
from program_pages.models.edition import programme_day
from program_pages.rules.calendar import membership_ends

PAGE = "partner_directory/portal/records/standing.html"


@member
def standing(request: SeatRequest) -> HttpResponse:
    """Each requirement met, missing or not applicable, by how much, until when, and where to mend it."""
    day, partner = programme_day(), request.seat.partner
    ground = ground_of(partner, day, request)
    context: dict[str, object] = {"part": "standing", "ground": ground, "day": day, "ends": membership_ends(day)}
    if ground is not None:
        records = evidence_of(partner, day)
        found = judged(facts_from(records, day), ground.level.slug, ground.terms, day)
        context |= {"terms": ground.terms, "standing": found, "lines": lines_of(found, records)}
    return TemplateResponse(request, PAGE, context)
