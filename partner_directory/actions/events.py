"""A partner takes part in events or holds its own; a manager says afterwards whether it was so (R21, R74).

Facts that are claimed and decided by ``actions.facts``; here is what is particular to them: the event, its day, and the
level that the partner must hold. What is confirmed feeds the bonus by ``partner_directory.bonus_facts``.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import User
from partner_directory.actions import facts
from partner_directory.addresses import address
from partner_directory.entitlements import entitlement_of
from partner_directory.messages import tell_managers
from partner_directory.models.facts import EventParticipation
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from program_pages.models.edition import programme_day
from program_pages.models.event import Event

Kind = EventParticipation.Kind
Overtaken = facts.Overtaken


def _facts(row: EventParticipation) -> dict[str, str]:
    with override("ru"):
        return {"event": str(row), "partner": str(row.partner)}


def _logged(row: EventParticipation) -> dict[str, str]:
    return _facts(row) | {"kind": row.kind, "held_on": row.held_on.isoformat()}


def _tell_managers(row: EventParticipation) -> None:
    url = address("partner_directory_eventparticipation_modeladmin_inspect", row.pk)
    tell_managers(kind="event-claimed", key=f"event:{row.pk}:claimed", facts=_facts(row), url=url)


EVENT: Final[facts.Manner[EventParticipation]] = facts.Manner(
    name="event", letter="event-", page="portal:events", logged=_logged, facts=_facts, tell_managers=_tell_managers
)
CLAIMED, ATTACHED, WITHDRAWN, CONFIRMED, REFUSED = map(
    EVENT.action, (facts.CLAIMED, facts.ATTACHED, facts.WITHDRAWN, facts.CONFIRMED, facts.REFUSED)
)


def take_part(
    *,
    partner: Partner,
    event: Event,
    actor: User | None,
    people: int = 1,
    text: str = "",
    evidence: PrivateFile | None = None,
) -> EventParticipation:
    """Says that a partner takes part in an event of the vendor's list (R21); said twice at once, it is said once.

    Raises ValidationError without a level in force, for an event that is over, and where it was said already.
    """
    if (event.ends or event.starts) < programme_day():
        raise ValidationError(_("Это мероприятие уже прошло."))
    said = {"event": event, "held_on": event.starts, "people": people, "text": text, "evidence": evidence}
    return _claimed(actor, partner=partner, kind=Kind.ATTENDED, **said)


def host_own(
    *,
    partner: Partner,
    actor: User | None,
    held_on: date | None = None,
    event: Event | None = None,
    title: str = "",
    people: int = 1,
    text: str = "",
    evidence: PrivateFile | None = None,
) -> EventParticipation:
    """Says that a partner holds an event of its own (R63, R74): one of the vendor's list, or another by title and day.

    Raises ValidationError without a level in force, for a day of another year than this one or the next, and where
    it was said of this event already.
    """
    day = event.starts if event else held_on
    if day is None:
        raise ValidationError({"held_on": _("Укажите день.")})
    if not programme_day().year <= day.year <= programme_day().year + 1:
        raise ValidationError({"held_on": _("День — этого года или следующего.")})
    if event is None and not title:
        raise ValidationError({"title": _("Назовите мероприятие.")})
    said = {"event": event, "title": title, "held_on": day, "people": people, "text": text, "evidence": evidence}
    return _claimed(actor, partner=partner, kind=Kind.HOSTED, **said)


def attach(*, participation: EventParticipation, evidence: PrivateFile, actor: User | None) -> EventParticipation:
    """Puts a file beside what was said, once there is something to show; raises Overtaken where it was decided."""
    return facts.attach(fact=participation, evidence=evidence, actor=actor, manner=EVENT)


def withdraw(*, participation: EventParticipation, actor: User | None) -> None:
    """The partner takes back what nobody has decided yet: the row goes, the audit log keeps that it was there.

    Raises Overtaken where it was decided.
    """
    facts.withdraw(fact=participation, actor=actor, manner=EVENT)


def confirm(*, participation: EventParticipation, actor: User | None) -> EventParticipation:
    """A manager has seen that it was so; raises ValidationError before the day has come, Overtaken where decided."""
    if participation.held_on > programme_day():
        raise ValidationError(_("Подтвердить можно не раньше дня мероприятия."))
    return facts.confirm(fact=participation, actor=actor, manner=EVENT)


def refuse(*, participation: EventParticipation, actor: User | None, reason: str) -> EventParticipation:
    """It was not so, and why; raises ValidationError without a reason, Overtaken where it was decided."""
    return facts.refuse(fact=participation, actor=actor, reason=reason, manner=EVENT)


def _claimed(actor: User | None, **said: Any) -> EventParticipation:
    held = entitlement_of(said["partner"], programme_day())
    if not held.is_active:
        raise ValidationError(held.why_closed)
    return facts.claim(fact=EventParticipation(**said), actor=actor, manner=EVENT)
