"""Sales, plans, requests and balances, made by the actions themselves."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from partner_directory.actions import bonuses, overlays, plans, sales
from partner_directory.models import (
    BonusRequest,
    ClientReview,
    EventParticipation,
    Implementation,
    Membership,
    Overlay,
    Partner,
    Sale,
    SalesPlan,
)
from program_pages.models import Product, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.rules.overlay import Change

_numbers = count(1)


def unsaved_sale(partner: Partner, **fields: Any) -> Sale:
    """Ten licences at 10 000 roubles each, sold today."""
    defaults = {
        "client": f"ООО «Клиент {next(_numbers)}»",
        "product": Product.objects.get(slug="asoft-crm"),
        "sold_on": programme_day(),
        "licences": 10,
        "list_total": Decimal(100_000),
    }
    return Sale(partner=partner, **defaults | fields)


def make_sale(partner: Partner, *, confirmed: bool = True, **fields: Any) -> Sale:
    """A sale of a partner, confirmed unless told."""
    sale = sales.claim(sale=unsaved_sale(partner, **fields), actor=None)
    return sales.confirm(sale=sale, actor=None) if confirmed else sale


def make_plan(partner: Partner, *, agreed: bool = True, **fields: Any) -> SalesPlan:
    """A plan of this year over a million roubles, agreed by both sides unless told."""
    year = programme_day().year
    days = {"starts": date(year, 1, 1), "until": date(year, 12, 31), "target": Decimal(1_000_000)}
    plan = plans.propose(partner=partner, side=plans.Side.PARTNER, actor=None, **days | fields)
    return plans.agree_as_vendor(plan=plan, actor=None) if agreed else plan


def make_implementation(partner: Partner, *, reviewed: bool = False, **fields: Any) -> Implementation:
    """A confirmed implementation of today, with its client's confirmed review where asked."""
    decided = {"state": "confirmed", "decided_at": timezone.now()}
    defaults = {"client": f"Клиент {next(_numbers)}", "finished_on": programme_day()}
    made = Implementation.objects.create(partner=partner, **defaults | decided | fields)
    if reviewed:
        ClientReview.objects.create(
            partner=partner,
            implementation=made,
            contact="Анна",
            email="client@example.org",
            client_confirmed_at=timezone.now(),
            **decided,
        )
    return made


def make_participation(partner: Partner, kind: str = "attended", **fields: Any) -> EventParticipation:
    """A confirmed participation of today in an event of its own name."""
    defaults = {
        "title": f"Событие {next(_numbers)}",
        "held_on": programme_day(),
        "state": "confirmed",
        "decided_at": timezone.now(),
    }
    return EventParticipation.objects.create(partner=partner, kind=kind, **defaults | fields)


def make_request(
    membership: Membership, points: str = "10", *, state: str = "asked", asked_at: datetime | None = None
) -> BonusRequest:
    """A request for a membership's term, computed to so many points; ``state`` asked, credited or refused."""
    request = BonusRequest.objects.create(
        membership=membership,
        edition=TermsEdition.objects.published().earliest("effective_from"),
        starts=membership.starts,
        until=programme_day(),
        computed=Decimal(points),
        asked_at=asked_at or timezone.now() - timedelta(days=30),
    )
    if state == "credited":
        return bonuses.confirm(request=request, actor=None)
    if state == "refused":
        return bonuses.refuse(request=request, reason="Нет записей", actor=None)
    return request


def with_balance(partner: Partner, points: str = "10", *, asked_at: datetime | None = None) -> Partner:
    """A partner that was credited so many points a month ago."""
    make_request(partner.memberships.get(), points, state="credited", asked_at=asked_at)
    return partner


def make_overlay(partner: Partner, *changes: Change, **fields: Any) -> Overlay:
    """An Additional Agreement of today, a discount of 22.5 points at the competency level unless told."""
    defaults: dict[str, Any] = {
        "kind": Overlay.Kind.AGREEMENT,
        "number": str(next(_numbers)),
        "signed_on": programme_day(),
        "starts": programme_day(),
        "until": None,
        "reason": "Договорились",
        "changes": changes or (Change("discount", Decimal("22.5"), "competency"),),
    }
    return overlays.make(draft=overlays.Draft(partner=partner, **defaults | fields), actor=None)
