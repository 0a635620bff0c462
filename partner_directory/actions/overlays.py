"""Terms of one partner alone are made, ended and withdrawn (R47, R82).

Each action is one transaction with its audit row. What has begun is ended, never edited; what has not may be withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, log

from accounts.models import User
from partner_directory.actions.talks import reopen_for
from partner_directory.addresses import address
from partner_directory.messages import tell_partner
from partner_directory.models.bonus import SalesPlan
from partner_directory.models.overlay import Overlay, OverlayChange
from partner_directory.models.partner import Partner
from partner_directory.uploads import keep_evidence
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.rules.money import BadValue
from program_pages.rules.overlay import Change, check

MADE = "partner_directory.overlay.made"
ENDED = "partner_directory.overlay.ended"
WITHDRAWN = "partner_directory.overlay.withdrawn"

DISCOUNT = "discount"  # the one number that a plan may change (R47)


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, особые условия изменил кто-то другой. Откройте их заново."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was agreed: an Additional Agreement with its number and day, or a discount that goes with a plan."""

    partner: Partner
    kind: Overlay.Kind
    starts: date
    until: date | None
    reason: str
    changes: Iterable[Change]
    number: str = ""
    signed_on: date | None = None
    plan: SalesPlan | None = None
    document: UploadedFile[Any] | None = field(default=None, repr=False)


@transaction.atomic
def make(*, draft: Draft, actor: User | None) -> Overlay:
    """Records what holds for a partner from a day on.

    Raises ValidationError, by field: without any change or with one that cannot be; an agreement without number and
    day; a plan discount without an agreed plan of this partner, outside its days, or on anything but discounts.
    """
    changes = list(draft.changes)
    _refuse_what_cannot_be(draft, changes)
    document = keep_evidence(field="document", partner=draft.partner, upload=draft.document, actor=actor)
    overlay = Overlay.objects.create(
        partner=draft.partner,
        kind=draft.kind,
        number=draft.number,
        signed_on=draft.signed_on,
        starts=draft.starts,
        until=draft.until,
        reason=draft.reason,
        plan=draft.plan,
        document=document,
        made_by=actor,
    )
    levels = {level.slug: level for level in Level.objects.all()}
    OverlayChange.objects.bulk_create(
        OverlayChange(
            overlay=overlay,
            level=levels[change.level] if change.level else None,
            name=change.name,
            value=f"{change.value:f}",
        )
        for change in changes
    )
    _recorded(overlay, MADE, actor, "made", changes=[_written(change) for change in changes])
    return overlay


@transaction.atomic
def end(*, overlay: Overlay, actor: User | None, reason: str, on: date | None = None) -> Overlay:
    """Ends what holds; ``on`` is its last day, today unless told.

    Raises ValidationError for a day before today or before it begins, or after its own end; Overtaken where another
    has ended it in the meantime.
    """
    last = on or programme_day()
    if last < programme_day():
        raise ValidationError({"on": _("Прошедшим днём закончить нельзя: по этим условиям уже считали.")})
    if last < overlay.starts:
        raise ValidationError({"on": _("К этому дню особые условия ещё не начнутся: их можно отозвать.")})
    if overlay.until is not None and last >= overlay.until:
        raise ValidationError({"on": _("К этому дню особые условия кончатся сами.")})
    if not Overlay.objects.filter(pk=overlay.pk, until=overlay.until).update(until=last):
        raise Overtaken
    current = Overlay.objects.select_related("partner").get(pk=overlay.pk)
    _recorded(current, ENDED, actor, "ended", why=reason)
    return current


@transaction.atomic
def withdraw(*, overlay: Overlay, actor: User | None, reason: str) -> Overlay:
    """Takes back what has not begun, as if it had never been; its audit row stays, and a talk that it ended goes on.

    Raises Overtaken once it has begun, ValidationError where the talk cannot (``talks.reopen_for``).
    """
    current = Overlay.objects.select_for_update().select_related("partner").filter(pk=overlay.pk).first()
    if current is None or current.starts <= programme_day():
        raise Overtaken
    reopen_for(overlay=current, actor=actor)
    _recorded(current, WITHDRAWN, actor, "withdrawn", why=reason)
    current.delete()
    return overlay


def end_with_plan(plan: SalesPlan, actor: User | None, reason: str) -> None:
    """The discounts of a plan that is cancelled: those in force end today, those to come are withdrawn."""
    today = programme_day()
    for overlay in Overlay.objects.filter(plan=plan).exclude(until__lte=today).select_related("partner"):
        with LogContext(user=actor):  # of one context, histories show the last row alone
            if overlay.starts > today:
                withdraw(overlay=overlay, actor=actor, reason=reason)
            else:
                end(overlay=overlay, actor=actor, reason=reason)


def _refuse_what_cannot_be(draft: Draft, changes: list[Change]) -> None:
    if not changes:
        raise ValidationError(_("Не изменено ни одно число."))
    for change in changes:
        try:
            check(change)
        except BadValue as error:
            raise ValidationError(
                _("Такого значения у этого числа не бывает: %(name)s.") % {"name": error.field}
            ) from error
    if draft.until is not None and draft.until < draft.starts:
        raise ValidationError({"until": _("Особые условия не могут кончиться раньше, чем начнутся.")})
    if not draft.reason.strip():
        raise ValidationError({"reason": _("Скажите, почему.")})
    if draft.kind == Overlay.Kind.AGREEMENT:
        _refuse_unsigned(draft)
    else:
        _refuse_without_plan(draft, changes)


def _refuse_unsigned(draft: Draft) -> None:
    if not draft.number:
        raise ValidationError({"number": _("У Дополнительного соглашения есть номер.")})
    if draft.signed_on is None:
        raise ValidationError({"signed_on": _("Когда соглашение подписано?")})


def _refuse_without_plan(draft: Draft, changes: list[Change]) -> None:
    plan = draft.plan
    if plan is None or plan.partner_id != draft.partner.pk or not plan.is_agreed:
        raise ValidationError({"plan": _("Нужен план продаж, согласованный с этим партнёром.")})
    if draft.until is None or draft.starts < plan.starts or draft.until > plan.until:
        raise ValidationError({"until": _("Скидка по плану действует не дольше самого плана.")})
    if any(change.name != DISCOUNT for change in changes):
        raise ValidationError(_("План продаж меняет только скидку; остальное — Дополнительное соглашение."))


def _written(change: Change) -> dict[str, str | None]:
    return {"level": change.level, "name": change.name, "value": f"{change.value:f}"}


def _recorded(overlay: Overlay, action: str, actor: User | None, kind: str, why: str = "", **more: object) -> None:
    data = {
        "partner": str(overlay.partner),
        "overlay": str(overlay),
        "starts": overlay.starts.isoformat(),
        "until": overlay.until.isoformat() if overlay.until else None,
        "reason": why or overlay.reason,
        **more,
    }
    log(instance=overlay, action=action, user=actor, data=data)
    until = f"{overlay.until:%d.%m.%Y}" if overlay.until else ""
    facts = {
        "overlay": str(overlay),
        "starts": f"{overlay.starts:%d.%m.%Y}",
        "until": until,
        "reason": why or overlay.reason,
    }
    tell_partner(
        partner=overlay.partner, kind=f"overlay_{kind}", key=f"overlay:{overlay.pk}:{kind}:{until}", facts=facts,
        url=address("portal:conditions"),
    )  # fmt: skip
