"""A partner takes part in events or holds its own; a manager says afterwards whether it was so (R21, R74).

Each action is one transaction with its audit row. What is confirmed feeds the bonus by ``partner_directory.standing``
and its like, which read the rows; nothing here knows points.
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.addresses import address
from partner_directory.entitlements import entitlement_of
from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models.facts import EventParticipation, FactState
from partner_directory.models.partner import Partner
from program_pages.models.edition import programme_day
from program_pages.models.event import Event

CLAIMED = "partner_directory.event.claimed"
WITHDRAWN = "partner_directory.event.withdrawn"
CONFIRMED = "partner_directory.event.confirmed"
REFUSED = "partner_directory.event.refused"

Kind = EventParticipation.Kind


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, запись изменил кто-то другой. Откройте её заново."))


@transaction.atomic
def take_part(
    *, partner: Partner, event: Event, actor: User | None, people: int = 1, text: str = ""
) -> EventParticipation:
    """Says that a partner takes part in an event of the vendor's list (R21).

    Raises ValidationError without a level in force, for an event that is over, and where it was said already.
    """
    if (event.ends or event.starts) < programme_day():
        raise ValidationError(_("Это мероприятие уже прошло."))
    return _claimed(partner, Kind.ATTENDED, actor, event=event, held_on=event.starts, people=people, text=text)


@transaction.atomic
def host_own(
    *,
    partner: Partner,
    actor: User | None,
    held_on: date | None = None,
    event: Event | None = None,
    title: str = "",
    people: int = 1,
    text: str = "",
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
    return _claimed(partner, Kind.HOSTED, actor, event=event, title=title, held_on=day, people=people, text=text)


@transaction.atomic
def withdraw(*, participation: EventParticipation, actor: User | None) -> None:
    """The partner takes back what nobody has decided yet: the row goes, the audit log keeps that it was there.

    Raises Overtaken where it was decided.
    """
    data = _data(participation)
    log(instance=participation, action=WITHDRAWN, user=actor, data=data)
    gone, _rows = EventParticipation.objects.filter(pk=participation.pk, state=FactState.CLAIMED).delete()
    if not gone:
        raise Overtaken


@transaction.atomic
def confirm(*, participation: EventParticipation, actor: User | None) -> EventParticipation:
    """A manager has seen that it was so; raises ValidationError before the day has come, Overtaken where decided."""
    if participation.held_on > programme_day():
        raise ValidationError(_("Подтвердить можно не раньше дня мероприятия."))
    return _decided(participation, FactState.CONFIRMED, CONFIRMED, actor)


@transaction.atomic
def refuse(*, participation: EventParticipation, actor: User | None, reason: str) -> EventParticipation:
    """It was not so, and why; raises ValidationError without a reason, Overtaken where it was decided."""
    if not reason.strip():
        raise ValidationError({"reason": _("Напишите причину: партнёр её прочтёт.")})
    return _decided(participation, FactState.REFUSED, REFUSED, actor, reason)


def _claimed(partner: Partner, kind: Kind, actor: User | None, **facts: object) -> EventParticipation:
    held = entitlement_of(partner, programme_day())
    if not held.is_active:
        raise ValidationError(held.why_closed)
    row = EventParticipation(partner=partner, kind=kind, recorded_by=actor, **facts)
    row.full_clean(exclude=["partner", "recorded_by"], validate_constraints=False)
    if not row.event_id and not row.title:
        raise ValidationError({"title": _("Назовите мероприятие.")})
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(_("Об участии в этом мероприятии уже записано.")) from error
    log(instance=row, action=CLAIMED, user=actor, data=_data(row))
    url = address("partner_directory_eventparticipation_modeladmin_inspect", row.pk)
    tell_managers(kind="event-claimed", key=f"event:{row.pk}:claimed", facts=_facts(row), url=url)
    return row


def _decided(
    participation: EventParticipation, state: FactState, action: str, actor: User | None, reason: str = ""
) -> EventParticipation:
    waiting = EventParticipation.objects.filter(pk=participation.pk, state=FactState.CLAIMED)
    if not waiting.update(state=state, decided_by=actor, decided_at=timezone.now(), decision_reason=reason):
        raise Overtaken
    participation.refresh_from_db()
    log(instance=participation, action=action, user=actor, data=_data(participation) | {"reason": reason})
    facts = _facts(participation) | {"reason": reason}
    kind, key = f"event-{state.value}", f"event:{participation.pk}:{state.value}"
    tell_partner(partner=participation.partner, kind=kind, key=key, facts=facts, url=address("portal:events"))
    return participation


def _facts(row: EventParticipation) -> dict[str, str]:
    with override("ru"):
        return {"event": str(row), "partner": str(row.partner)}


def _data(row: EventParticipation) -> dict[str, str]:
    return _facts(row) | {"kind": row.kind, "held_on": row.held_on.isoformat()}
