"""What a company does with its membership by itself: renews it, and leaves the programme (R45, R69).

Each is one transaction over the decision on the membership (``actions.memberships``), which writes the audit row and
tells the partner.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from partner_directory.actions import level_changes, memberships
from partner_directory.models.membership import Membership, Status
from partner_directory.year.renewal import Readiness, readiness_of_one, readings_on
from partner_directory.year.words import reasons
from program_pages import formats
from program_pages.models.edition import programme_day
from program_pages.rules.calendar import membership_ends


@transaction.atomic
def renew_by_partner(*, membership: Membership, actor: User | None) -> Membership:
    """The same level for the next calendar year, where all conditions are met at this moment (R45, R69).

    Raises ValidationError that names each thing in the way: the renewal is not open, a requirement is missing, the
    specialists will not be there at the end of the term.
    """
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    day = programme_day()
    if not _runs(current, day):
        raise ValidationError(_("Это членство уже не действует: подайте заявку заново."))
    readiness = readiness_of_one(current, day)
    refusals = _refusals(readiness)
    if refusals:
        raise ValidationError(refusals)
    return memberships.renew(membership=current, actor=actor)


@transaction.atomic
def leave(*, membership: Membership, actor: User | None, reason: str) -> Membership:
    """The company leaves the programme today; a renewal of the same product line for the next year ends with it.

    Raises Overtaken where the membership has ended already, ValidationError where its year is over.
    """
    for request in membership.level_changes.asked():
        level_changes.cancel(change=request, actor=actor)
    ended = memberships.end(membership=membership, how=Membership.Ending.WITHDRAWN, actor=actor, reason=reason)
    upcoming = Membership.objects.filter(
        partner=ended.partner_id, product_line=ended.product_line_id, year__gt=ended.year
    ).exclude(state=Membership.State.ENDED)
    for later in upcoming:
        memberships.end(membership=later, how=Membership.Ending.WITHDRAWN, actor=actor, reason=reason)
    return ended


def _runs(membership: Membership, day: date) -> bool:
    over = {Status.ENDED, Status.LAPSED, Status.UPCOMING}
    return membership.status_on(day, readings_on(day)) not in over


def _refusals(readiness: Readiness) -> list[str]:
    if readiness.is_renewed:
        next_end = membership_ends(date(readiness.membership.year + 1, 1, 1))
        return [_("Уже продлено по %(day)s включительно.") % {"day": _said(next_end)}]
    if not readiness.is_open:
        return [_("%(day)s откроется продление на следующий год.") % {"day": _said(readiness.opens)}]
    return list(reasons(readiness))


def _said(day: date) -> str:
    return formats.day(day, get_language() or "ru")
