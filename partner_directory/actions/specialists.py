"""A certified specialist is claimed, confirmed, refused, and leaves (R29, R37, R68, R69, R73).

Each action is one transaction with its audit row, and keeps the directory up with who works where; a decision that
another has overtaken is refused (``Overtaken``) by a guarded update, and a certificate held twice by the database.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory import messages
from partner_directory.actions.facts import Overtaken, forget_file, tell_managers_that_facts_wait
from partner_directory.addresses import address
from partner_directory.directory.upkeep import partners_changed
from partner_directory.models.facts import FactState
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from partner_directory.models.specialist import Specialist
from partner_directory.standing import person
from program_pages.models.edition import programme_day

CLAIMED = "partner_directory.specialist.claimed"
CONFIRMED = "partner_directory.specialist.confirmed"
REFUSED = "partner_directory.specialist.refused"
LEFT = "partner_directory.specialist.left"
NAME_SHOWN = "partner_directory.specialist.name_shown"
NAME_HIDDEN = "partner_directory.specialist.name_hidden"
WITHDRAWN = "partner_directory.specialist.withdrawn"

LONGEST_NOTICE = timedelta(days=366)  # how far ahead a departure may be known


@transaction.atomic
def claim(
    *,
    partner: Partner,
    name_ru: str,
    certificate: str,
    certified_on: date,
    scan: PrivateFile | None,
    actor: User | None,
    name_en: str = "",
    employed_since: date | None = None,
) -> Specialist:
    """A specialist whose certificate a manager has still to look at: until then nothing counts it.

    Raises ValidationError, by field: for a certificate of the future, one that the company has named already, a file
    of another company, and for what the model refuses.
    """
    Partner.objects.select_for_update().get(pk=partner.pk)  # the claims of one company wait for each other
    _refuse_impossible(partner, certificate, certified_on, scan)
    specialist = Specialist(
        partner=partner,
        name_ru=name_ru,
        name_en=name_en,
        certificate=certificate,
        certified_on=certified_on,
        employed_since=employed_since,
        state=FactState.CLAIMED,
        scan=scan,
        recorded_by=actor,
    )
    specialist.full_clean()
    specialist.save(force_insert=True)
    tell_managers_that_facts_wait()
    return _logged(specialist, CLAIMED, actor)


def _refuse_impossible(partner: Partner, certificate: str, certified_on: date, scan: PrivateFile | None) -> None:
    if certified_on > programme_day():
        raise ValidationError({"certified_on": _("Этот день ещё не наступил.")})
    named = Specialist.objects.filter(partner=partner, certificate__iexact=certificate, left_on__isnull=True)
    if named.exclude(state=FactState.REFUSED).exists():
        raise ValidationError({"certificate": _("Специалиста с таким сертификатом компания уже указала.")})
    if scan is not None and scan.partner_id != partner.pk:
        raise ValidationError({"scan": _("Этот файл другой компании.")})


@transaction.atomic
def confirm(*, specialist: Specialist, actor: User | None) -> Specialist:
    """The certificate is a true one: the specialist counts from now on.

    Raises Overtaken where it waits no longer, ValidationError where somebody else works with this certificate.
    """
    try:
        with transaction.atomic():
            _decide(specialist, state=FactState.CONFIRMED, decided_by=actor, decision_reason="")
    except IntegrityError as error:
        raise ValidationError(_("Специалист с таким сертификатом уже работает у партнёра программы.")) from error
    return _told(_logged(_fresh(specialist), CONFIRMED, actor), "specialist_confirmed")


@transaction.atomic
def refuse(*, specialist: Specialist, actor: User | None, reason: str) -> Specialist:
    """The certificate does not count, and the partner learns why; raises Overtaken where it waits no longer."""
    if not reason.strip():
        raise ValidationError({"reason": _("Напишите причину: партнёр прочтёт её.")})
    _decide(specialist, state=FactState.REFUSED, decided_by=actor, decision_reason=reason.strip())
    return _told(_logged(_fresh(specialist), REFUSED, actor), "specialist_refused")


@transaction.atomic
def depart(*, specialist: Specialist, left_on: date, actor: User | None) -> Specialist:
    """The person works at the partner no more from a day on, with every certificate of hers or his (R69).

    Raises ValidationError, by field, for a day before the certificate or too far ahead; Overtaken where the person has
    left already.
    """
    if left_on > programme_day() + LONGEST_NOTICE:
        raise ValidationError({"left_on": _("Укажите день не позже чем через год.")})
    rows = _certificates_of(specialist)
    if any(left_on <= row.certified_on for row in rows):
        raise ValidationError({"left_on": _("Уйти можно только после дня сертификации.")})
    working = Specialist.objects.filter(pk__in=[row.pk for row in rows], left_on__isnull=True)
    if not any(row.pk == specialist.pk for row in rows) or working.update(left_on=left_on) != len(rows):
        raise Overtaken
    return _told(_logged(_fresh(specialist), LEFT, actor), "specialist_left")


def _certificates_of(specialist: Specialist) -> list[Specialist]:
    """What the person works with at this partner; a claim that waits goes with her or him."""
    working = Specialist.objects.filter(Q(state=FactState.CONFIRMED) | Q(state=FactState.CLAIMED))
    rows = working.select_for_update().filter(partner=specialist.partner_id, left_on__isnull=True)
    return [row for row in rows if person(row) == person(specialist)]


@transaction.atomic
def set_name_public(*, specialist: Specialist, is_public: bool, actor: User | None) -> Specialist:
    """Whether the directory may name the person: only with her or his own consent."""
    if Specialist.objects.filter(pk=specialist.pk).exclude(name_is_public=is_public).update(name_is_public=is_public):
        return _logged(_fresh(specialist), NAME_SHOWN if is_public else NAME_HIDDEN, actor)
    return _fresh(specialist)


@transaction.atomic
def withdraw(*, specialist: Specialist, actor: User | None) -> None:
    """Takes back a claim that nobody has decided, with its scan; raises Overtaken where somebody has."""
    current = Specialist.objects.select_for_update().filter(pk=specialist.pk, state=FactState.CLAIMED).first()
    if current is None:
        raise Overtaken
    _logged(current, WITHDRAWN, actor)
    scan = current.scan
    current.delete()
    forget_file(scan)


def _decide(specialist: Specialist, **values: Any) -> None:
    waiting = Specialist.objects.filter(pk=specialist.pk, state=FactState.CLAIMED)
    if not waiting.update(**values, decided_at=timezone.now()):
        raise Overtaken


def _fresh(specialist: Specialist) -> Specialist:
    return Specialist.objects.select_related("partner").get(pk=specialist.pk)


def _logged(specialist: Specialist, action: str, actor: User | None) -> Specialist:
    """The audit row written, and the directory told."""
    data = {
        "partner": str(specialist.partner),
        "certificate": specialist.certificate,
        "left_on": specialist.left_on.isoformat() if specialist.left_on else "",
        "reason": specialist.decision_reason,
    }
    log(instance=specialist, action=action, user=actor, data=data)
    partners_changed([specialist.partner_id])
    return specialist


def _told(specialist: Specialist, kind: str) -> Specialist:
    left = specialist.left_on.strftime("%d.%m.%Y") if specialist.left_on else ""
    messages.tell_partner(
        partner=specialist.partner,
        kind=kind,
        key=f"specialist:{specialist.pk}:{kind}:{left}",
        facts={"name": specialist.name_ru, "reason": specialist.decision_reason, "day": left},
        url=address("portal:specialists"),
    )
    return specialist
