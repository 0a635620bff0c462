"""Sales are claimed by partners, and confirmed or refused by managers; a manager's own entry counts at once.

Each action is one transaction with its audit row; a decision that another has overtaken is refused (``Overtaken``) by
a guarded update. What was decided is never edited.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.actions import bonuses
from partner_directory.actions.evidence import keep_evidence
from partner_directory.addresses import address
from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models.bonus import Sale
from partner_directory.models.facts import FactState
from partner_directory.models.partner import Partner
from program_pages.models.catalogue import Product
from program_pages.models.edition import programme_day
from program_pages.rules.money import WHOLE

CLAIMED = "partner_directory.sale.claimed"
RECORDED = "partner_directory.sale.recorded"
CONFIRMED = "partner_directory.sale.confirmed"
REFUSED = "partner_directory.sale.refused"

FIRST_DAY = date(2000, 1, 1)
SAME = timedelta(minutes=10)


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, по этой продаже уже решил кто-то другой. Откройте её заново."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was sold to whom; money in roubles, the client's discount in points (R50)."""

    client: str
    product: Product | None
    sold_on: date
    licences: int
    list_total: Decimal
    client_discount: Decimal = Decimal(0)
    document_number: str = ""
    evidence: BinaryIO | None = field(default=None, repr=False)
    evidence_name: str = ""


@transaction.atomic
def claim(*, partner: Partner, draft: Draft, actor: User | None) -> Sale:
    """A partner's own record, which counts once a manager has confirmed it; raises ValidationError by field.

    The same sale within ten minutes is one that was sent twice.
    """
    if twin := _twin(partner, draft):
        return twin
    sale = _stored(partner, draft, actor)
    _recorded(sale, CLAIMED, actor)
    tell_managers(kind="sale_claimed", key=f"sale:{sale.pk}:claimed", facts=_facts(sale) | {"partner": str(partner)})
    return sale


@transaction.atomic
def record(*, partner: Partner, draft: Draft, actor: User | None) -> Sale:
    """A manager's own record: it counts at once. Raises ValidationError by field."""
    decided = {"state": FactState.CONFIRMED, "decided_by": actor, "decided_at": timezone.now()}
    sale = _stored(partner, draft, actor, **decided)
    _recorded(sale, RECORDED, actor)
    return sale


@transaction.atomic
def confirm(*, sale: Sale, actor: User | None) -> Sale:
    """Lets a sale count; raises Overtaken where it is decided already."""
    _decide(sale, FactState.CONFIRMED, actor, "")
    return _told(sale, CONFIRMED, actor, "sale_confirmed")


@transaction.atomic
def refuse(*, sale: Sale, actor: User | None, reason: str) -> Sale:
    """A sale does not count, and a bonus spent on it comes back; raises Overtaken where it is decided already."""
    if not reason.strip():
        raise ValidationError({"reason": _("Скажите партнёру, почему.")})
    _decide(sale, FactState.REFUSED, actor, reason)
    bonuses.give_back(sale=sale, actor=actor)
    return _told(sale, REFUSED, actor, "sale_refused")


def _twin(partner: Partner, draft: Draft) -> Sale | None:
    same = ("client", "product", "sold_on", "licences", "list_total", "client_discount", "document_number")
    fields = {name: getattr(draft, name) for name in same}
    recent = Sale.objects.filter(partner=partner, state=FactState.CLAIMED, recorded_at__gte=timezone.now() - SAME)
    return recent.filter(**fields).first()


def _stored(partner: Partner, draft: Draft, actor: User | None, **decided: Any) -> Sale:
    _refuse_what_cannot_be(draft)
    evidence = keep_evidence(
        field="evidence", partner=partner, upload=draft.evidence, name=draft.evidence_name, actor=actor
    )
    sale: Sale = Sale.objects.create(
        partner=partner,
        client=draft.client,
        product=draft.product,
        sold_on=draft.sold_on,
        licences=draft.licences,
        list_total=draft.list_total,
        client_discount=draft.client_discount,
        document_number=draft.document_number,
        evidence=evidence,
        recorded_by=actor,
        **decided,
    )
    return sale


def _refuse_what_cannot_be(draft: Draft) -> None:
    problems = {
        "client": _("Кому продано?") if not draft.client.strip() else "",
        "sold_on": _day_problem(draft.sold_on),
        "licences": _("Хотя бы одна лицензия.") if draft.licences < 1 else "",
        "list_total": _("Сумма больше нуля.") if draft.list_total <= 0 else "",
        "client_discount": "" if 0 <= draft.client_discount < WHOLE else _("От 0 до 100, не включая 100."),
    }
    found = {name: problem for name, problem in problems.items() if problem}
    if found:
        raise ValidationError(found)


def _day_problem(day: date) -> str:
    if day > programme_day():
        return _("Этот день ещё не наступил.")
    return _("Слишком давно.") if day < FIRST_DAY else ""


def _decide(sale: Sale, state: FactState, actor: User | None, reason: str) -> None:
    values = {"state": state, "decided_by": actor, "decided_at": timezone.now(), "decision_reason": reason}
    if not Sale.objects.filter(pk=sale.pk, state=FactState.CLAIMED).update(**values):
        raise Overtaken


def _told(sale: Sale, action: str, actor: User | None, kind: str) -> Sale:
    current: Sale = Sale.objects.select_related("partner", "product").get(pk=sale.pk)
    _recorded(current, action, actor)
    tell_partner(
        partner=current.partner,
        kind=kind,
        key=f"sale:{current.pk}:{current.state}",
        facts=_facts(current) | {"reason": current.decision_reason or "—"},
        url=address("portal:sales"),
    )
    return current


def _facts(sale: Sale) -> dict[str, str]:
    return {"client": sale.client, "day": f"{sale.sold_on:%d.%m.%Y}"}


def _recorded(sale: Sale, action: str, actor: User | None) -> None:
    data = {
        "partner": str(sale.partner),
        "client": sale.client,
        "sold_on": sale.sold_on.isoformat(),
        "list_total": str(sale.list_total),
        "client_discount": str(sale.client_discount),
        "reason": sale.decision_reason,
    }
    log(instance=sale, action=action, user=actor, data=data)
