"""What stands in the way of a renewal, in the reader's words. May not import views."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from partner_directory.models.membership import Membership
from partner_directory.year.renewal import Gap, Readiness
from program_pages import formats
from program_pages.bilingual import said


def said_gap(gap: Gap, today: date) -> str:
    """A requirement and by how much it is missed; with the day where it is not today that it is missed."""
    judgement = gap.item.judgement
    values = {
        "requirement": said(gap.item.requirement.title),
        "recorded": judgement.recorded,
        "needed": judgement.needed,
        "missing": judgement.missing,
    }
    if judgement.needed == 1:
        text = _("%(requirement)s: не выполнено") % values
    else:
        text = _("%(requirement)s: %(recorded)s из %(needed)s, не хватает %(missing)s") % values
    if gap.on == today:
        return text
    return _("%(gap)s (на %(day)s)") % {"gap": text, "day": formats.day(gap.on, get_language() or "ru")}


def reasons(readiness: Readiness) -> Iterator[str]:
    """Why a membership cannot be renewed by its partner, whenever the renewal opens."""
    if readiness.membership.state == Membership.State.SUSPENDED:
        yield _("Членство приостановлено.")
    if readiness.level_is_gone:
        yield _("В редакции условий этого или следующего года такого уровня нет.")
    yield from (said_gap(gap, readiness.day) for gap in readiness.gaps)
