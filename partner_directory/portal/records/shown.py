"""How a partner stands on a day, ready to be shown: on its own page, and to a manager in the admin.

May not import views.
"""

from __future__ import annotations

from dataclasses import replace

from partner_directory.models.partner import Partner
from partner_directory.portal.records.checklist import lines_of
from partner_directory.portal.records.level import PARAMETER as LEVEL
from partner_directory.portal.records.level import ground_then
from partner_directory.standing import evidence_of, facts_from, judged
from program_pages.as_of import AsOf
from program_pages.rules.calendar import membership_ends


def standing_then(partner: Partner, asked: AsOf, level: str = "") -> dict[str, object]:
    """How a partner stands on a day at a level (slug), its own where none is asked for.

    Of a day that is over: by what had been recorded and decided by its end, under the terms that the day knew.
    """
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
