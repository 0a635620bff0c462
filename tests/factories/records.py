"""What is recorded of partners: confirmed unless told, of today unless told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from partner_directory.models import Partner, Specialist
from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.models.facts import (
    AnnouncementCheck,
    ClientReview,
    EventParticipation,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from program_pages.models.edition import programme_day

_numbers = count(1)


def decided(state: str) -> dict[str, Any]:
    """The fields of a fact in a state."""
    found: dict[str, Any] = {"state": state}
    if state != FactState.CLAIMED:
        found["decided_at"] = timezone.now()
    if state == FactState.REFUSED:
        found["decision_reason"] = "Нет подтверждения"
    return found


def make_activity(partner: Partner, *, state: str = FactState.CONFIRMED, **fields: Any) -> MarketingActivity:
    """A marketing activity."""
    defaults = {"title": f"Вебинар {next(_numbers)}", "done_on": programme_day()}
    return MarketingActivity.objects.create(partner=partner, **decided(state) | defaults | fields)


def make_implementation(partner: Partner, *, state: str = FactState.CONFIRMED, **fields: Any) -> Implementation:
    """An implementation."""
    defaults = {"client": f"Клиент {next(_numbers)}", "finished_on": programme_day()}
    return Implementation.objects.create(partner=partner, **decided(state) | defaults | fields)


def make_review(
    implementation: Implementation, *, state: str = FactState.CONFIRMED, given: datetime | None = None, **fields: Any
) -> ClientReview:
    """A review of an implementation; a confirmed one by its client, now unless told."""
    defaults: dict[str, Any] = {"contact": "Иван Клиентов", "email": f"client{next(_numbers)}@client.example"}
    if state == FactState.CONFIRMED:
        defaults |= {"client_confirmed_at": given or timezone.now(), "rating": 5, "text": "Довольны"}
    values = decided(state) | defaults | fields
    return ClientReview.objects.create(partner=implementation.partner, implementation=implementation, **values)


def make_purchase(
    partner: Partner, kind: str = Purchase.Kind.MODULE, *, state: str = FactState.CONFIRMED, **fields: Any
) -> Purchase:
    """A purchase; support is paid for a year."""
    defaults: dict[str, Any] = {"bought_on": programme_day()}
    if kind == Purchase.Kind.EXTENDED_SUPPORT:
        defaults["until"] = programme_day() + timedelta(days=364)
    if kind == Purchase.Kind.RENTED_LICENCES:
        defaults["quantity"] = 10
    return Purchase.objects.create(partner=partner, kind=kind, **decided(state) | defaults | fields)


def make_confirmation(partner: Partner, key: str, **fields: Any) -> RequirementConfirmation:
    """A manager's word for this year."""
    year = programme_day().year
    defaults = {"starts": date(year, 1, 1), "until": date(year, 12, 31)}
    return RequirementConfirmation.objects.create(partner=partner, key=key, **decided("confirmed") | defaults | fields)


def make_check(partner: Partner, *, found: bool = True, **fields: Any) -> AnnouncementCheck:
    """What was found on the announcement page."""
    return AnnouncementCheck.objects.create(
        **{"partner": partner, "url": "https://partner.example/about", "found": found} | fields
    )


def make_participation(partner: Partner, kind: str, **fields: Any) -> EventParticipation:
    """A partner at an event."""
    defaults = {"title": f"Встреча {next(_numbers)}", "held_on": programme_day()}
    return EventParticipation.objects.create(partner=partner, kind=kind, **decided("confirmed") | defaults | fields)


def make_specialist(partner: Partner, **fields: Any) -> Specialist:
    """A certified person who works at a partner."""
    number = next(_numbers)
    defaults = {
        "name_ru": f"Сотрудница {number}",
        "certificate": f"REC-{number}",
        "certified_on": programme_day() - timedelta(days=100),
    }
    return Specialist.objects.create(partner=partner, **defaults | fields)


def make_sale(partner: Partner, total: str, *, discount: str = "0", **fields: Any) -> Sale:
    """A confirmed sale, by the list, with the client's discount in points."""
    defaults: dict[str, Any] = {"client": "Клиент", "sold_on": programme_day(), "licences": 1}
    money = {"list_total": Decimal(total), "client_discount": Decimal(discount)}
    return Sale.objects.create(partner=partner, **decided("confirmed") | defaults | money | fields)


def make_plan(partner: Partner, target: str, **fields: Any) -> SalesPlan:
    """A plan of this year that both sides have agreed to."""
    year = programme_day().year
    defaults: dict[str, Any] = {
        "starts": date(year, 1, 1),
        "until": date(year, 12, 31),
        "partner_agreed_at": timezone.now(),
        "vendor_agreed_at": timezone.now(),
    }
    return SalesPlan.objects.create(partner=partner, target=Decimal(target), **defaults | fields)


def scan(name: str = "сертификат.png") -> SimpleUploadedFile:
    """A small picture, as a browser sends it."""
    content = BytesIO()
    Image.new("RGB", (8, 8), (next(_numbers) % 256, 0, 0)).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")
