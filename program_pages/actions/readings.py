"""Readings are decided, and opened again: each a row that nobody changes, with who did it, when and why (A1-A12).

What a decision says does not change an edition: the numbers follow the setting of the edition in force (R83). While a
reading is undecided, quotes show how far it may move them (``program_pages.rules.ranges``).
"""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from program_pages.models.edition import programme_day
from program_pages.models.reading import Reading, ReadingAlternative, ReadingDecision
from program_pages.rules.terms import Text

DECIDED = "program_pages.reading.decided"
REOPENED = "program_pages.reading.reopened"
NO_REASON = Text("")


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, о прочтении решил кто-то другой. Откройте его заново."))


def decide(
    *,
    reading: Reading,
    alternative: ReadingAlternative,
    actor: User,
    reason: Text = NO_REASON,
    day: date | None = None,
) -> ReadingDecision:
    """Decides an undecided reading as one of its alternatives, from a day on, today unless told.

    Raises Overtaken where it is decided already, ValidationError where the alternative is another reading's or the day
    is to come or before what was decided last.
    """
    if alternative.reading_id != reading.pk:
        raise ValidationError(_("Это прочтение другого места."))
    return _recorded(
        reading, DECIDED, ReadingDecision.Kind.DECIDED, actor, reason, day, alternative.text, alternative.value
    )


def reopen(*, reading: Reading, reason: Text, actor: User, day: date | None = None) -> ReadingDecision:
    """Opens a decided reading again, for a reason, from a day on, today unless told.

    Raises Overtaken where it is not decided, ValidationError without a reason or for a day as ``decide`` does.
    """
    if not reason.ru.strip():
        raise ValidationError(_("Напишите, почему прочтение открывается заново."))
    return _recorded(reading, REOPENED, ReadingDecision.Kind.REOPENED, actor, reason, day, Text(""), "")


@transaction.atomic
def _recorded(
    reading: Reading,
    action: str,
    kind: ReadingDecision.Kind,
    actor: User,
    reason: Text,
    day: date | None,
    text: Text,
    value: str,
) -> ReadingDecision:
    """The decision's row, after the last one; two at once cannot both take its number."""
    last = ReadingDecision.objects.filter(reading=reading).order_by("-number").first()
    if (last.kind if last else ReadingDecision.Kind.REOPENED) == kind:
        raise Overtaken
    day = day or programme_day()
    if day > programme_day() or day < max(reading.opened_on, last.decided_on if last else reading.opened_on):
        raise ValidationError(_("День решения — не раньше прошлого решения и не позже сегодняшнего."))
    try:
        with transaction.atomic():
            decision = ReadingDecision.objects.create(
                reading=reading,
                number=last.number + 1 if last else 1,
                kind=kind,
                text_ru=text.ru,
                text_en=text.en,
                value=value,
                reason_ru=reason.ru.strip(),
                reason_en=reason.en.strip(),
                authority_ru=reading.authority_ru,
                authority_en=reading.authority_en,
                decided_on=day,
                decided_by=actor,
            )
    except IntegrityError as error:
        raise Overtaken from error
    data = {"text": text.ru, "value": value, "reason": reason.ru, "day": day.isoformat()}
    log(instance=reading, action=action, user=actor, data=data)
    return decision
