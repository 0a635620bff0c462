"""The live checklist: how the company stands at its level, or would at another."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.template.response import TemplateResponse

from partner_directory.models.partner import Partner
from partner_directory.portal.access import SeatRequest, member
from partner_directory.portal.records.checklist import lines_of
from partner_directory.portal.records.level import PARAMETER as LEVEL
from partner_directory.portal.records.level import ground_then
from partner_directory.standing import evidence_of, facts_from, judged
from program_pages.as_of import AsOf, asked_of_page
from program_pages.rules.calendar import membership_ends

PAGE = "partner_directory/portal/records/standing.html"


@member
def standing(request: SeatRequest) -> HttpResponse:
    """Each requirement met, missing or not applicable, by how much, until when, and where to mend it.

    Of a day that is over (``?on=``): by what had been recorded and decided by its end, under that day's terms.
    """
    asked = asked_of_page(request)
    found = standing_then(request.seat.partner, asked.as_of, request.GET.get(LEVEL, ""))
    return TemplateResponse(request, PAGE, {"part": "standing", "asked": asked, **found}, status=asked.status)


def standing_then(partner: Partner, asked: AsOf, level: str) -> dict[str, object]:
    """How a partner stands on a day at a level (slug), its own where none is asked for, ready to be shown."""
    day = asked.day
    ground = ground_then(partner, asked, level)
    context: dict[str, object] = {"ground": ground, "day": day, "ends": membership_ends(day)}
    if ground is not None:
        records = evidence_of(partner, day, asked.recorded_by)
        found = judged(facts_from(records, day), ground.level.slug, ground.terms, day)
        lines = [line if asked.is_today else replace(line, url="") for line in lines_of(found, records)]
        kept = [(LEVEL, ground.level.slug)]
        context |= {"terms": ground.terms, "standing": found, "lines": lines, "kept": kept}
    return context
