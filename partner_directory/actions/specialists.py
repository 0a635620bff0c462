"""What a company says of its certified specialists (R29, R37, R68, R69), and what a manager decides of it."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.models.facts import FactState
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from partner_directory.models.specialist import Specialist
from program_pages.models.edition import programme_day

CLAIMED = "partner_directory.specialist.claimed"


@transaction.atomic
def claim(
    *,
    partner: Partner,
    name_ru: str,
    certificate: str,
    certified_on: date,
    scan: PrivateFile | None,
    actor: User | None,
) -> Specialist:
    """A specialist whose certificate a manager has still to look at: until then nothing counts it.

    Raises ValidationError, by field: for a certificate of the future, or one that the company has named already.
    """
    if certified_on > programme_day():
        raise ValidationError({"certified_on": _("Этот день ещё не наступил.")})
    named = Specialist.objects.filter(partner=partner, certificate__iexact=certificate, left_on__isnull=True)
    if named.exclude(state=FactState.REFUSED).exists():
        raise ValidationError({"certificate": _("Специалиста с таким сертификатом компания уже указала.")})
    specialist = Specialist.objects.create(
        partner=partner,
        name_ru=name_ru,
        certificate=certificate,
        certified_on=certified_on,
        state=FactState.CLAIMED,
        scan=scan,
        recorded_by=actor,
    )
    log(instance=specialist, action=CLAIMED, user=actor, data={"partner": str(partner), "certificate": certificate})
    return specialist
