"""A company asks for another level within the year; a manager grants or refuses it (R12, A7).

Each action is one transaction with its audit row. A guarded update decides who is first; the level itself is changed by
``actions.memberships`` alone.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import messages
from partner_directory.actions import memberships
from partner_directory.addresses import address
from partner_directory.letters.kind import Fact
from partner_directory.models.level_change import LevelChange
from partner_directory.models.membership import Membership, Status
from partner_directory.year.renewal import readings_on
from program_pages.bilingual import paired
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.terms import terms_on

ASKED = "partner_directory.level_change.asked"
GRANTED = "partner_directory.level_change.granted"
REFUSED = "partner_directory.level_change.refused"
CANCELLED = "partner_directory.level_change.cancelled"

State = LevelChange.State


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Этот запрос уже решён или отозван. Откройте его заново."))


def is_changeable(membership: Membership, status: Status) -> bool:
    """Whether another level can be asked for in place of a membership, by where it is today."""
    return membership.state == Membership.State.GRANTED and status in {Status.ACTIVE, Status.ENDS_SOON}


def levels_to_choose(membership: Membership, day: date) -> list[Level]:
    """The other levels of the product line in the edition of a day; none where it lets no level be changed (A7)."""
    terms = terms_on(day)
    if not terms.readings.level_change_within_year:
        return []
    offered = [level.slug for level in terms.levels if level.slug != membership.level.slug]
    return list(Level.objects.filter(slug__in=offered, product_line=membership.product_line_id))


@transaction.atomic
def ask(*, membership: Membership, level: Level, wish: str, actor: User | None) -> LevelChange:
    """The company asks for another level of the same product line, and says why; managers are told.

    Raises ValidationError where the membership is not in force, the edition lets no level be changed or lacks this
    one, and where a change is asked for already.
    """
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    day = programme_day()
    if not is_changeable(current, current.status_on(day, readings_on(day))):
        raise ValidationError(_("Сменить уровень можно, пока членство действует."))
    if level not in levels_to_choose(current, day):
        raise ValidationError({"level": _("На этот уровень сейчас перейти нельзя.")})
    try:
        with transaction.atomic():
            change = LevelChange.objects.create(membership=current, level=level, wish=wish, asked_by=actor)
    except IntegrityError as error:
        raise ValidationError(_("О смене уровня уже попросили: дождитесь решения.")) from error
    partner = current.partner
    messages.tell_managers(
        kind="level_change_asked",
        key=f"level_change:{change.pk}:asked",
        facts={**_facts(change), "company": paired(partner, "name"), "wish": wish},
        url=address("partner_directory_levelchange_modeladmin_inspect", change.pk),
    )
    return _recorded(change, ASKED, actor)


@transaction.atomic
def cancel(*, change: LevelChange, actor: User | None) -> LevelChange:
    """The company thinks better of it; raises Overtaken where it was decided already."""
    _decide(change, State.CANCELLED, actor)
    return _recorded(change, CANCELLED, actor)


@transaction.atomic
def grant(*, change: LevelChange, actor: User | None, on: date | None = None, reason: str = "") -> LevelChange:
    """Closes the membership and opens one at the new level from a day, today unless told (A7).

    Raises Overtaken where it was decided already, ValidationError where the membership cannot change.
    """
    _decide(change, State.GRANTED, actor, reason)
    memberships.change_level(
        membership=change.membership, level=change.level, actor=actor, reason=reason or change.wish, on=on
    )
    return _recorded(change, GRANTED, actor)


@transaction.atomic
def refuse(*, change: LevelChange, actor: User | None, reason: str) -> LevelChange:
    """Says no, and why; raises Overtaken where it was decided already."""
    _decide(change, State.REFUSED, actor, reason)
    messages.tell_partner(
        partner=change.membership.partner,
        kind="level_change_refused",
        key=f"level_change:{change.pk}:refused",
        facts={"level": change.level.short_name, "reason": reason},
        url=address("portal:year"),
    )
    return _recorded(change, REFUSED, actor)


def _decide(change: LevelChange, state: LevelChange.State, actor: User | None, reason: str = "") -> None:
    values = {"state": state, "decided_by": actor, "decided_at": timezone.now(), "reason": reason}
    if not LevelChange.objects.asked().filter(pk=change.pk).update(**values):
        raise Overtaken


def _recorded(change: LevelChange, action: str, actor: User | None) -> LevelChange:
    """The row as it is now, its audit row written."""
    current = LevelChange.objects.select_related("membership__partner", "membership__level", "level").get(pk=change.pk)
    data: dict[str, Any] = {
        "partner": str(current.membership.partner),
        "before": current.membership.level.slug,
        "level": current.level.slug,
        "reason": current.reason,
    }
    log(instance=current, action=action, user=actor, data=data)
    return current


def _facts(change: LevelChange) -> dict[str, Fact]:
    """What letters say of a request, for each reader's language to word."""
    return {"before": change.membership.level.short_name, "level": change.level.short_name}
