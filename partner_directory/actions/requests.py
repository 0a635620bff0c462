"""Licences, seats and help are asked for, granted, refused and taken back (R18, R48, R49, R56, R60, R61, R63, A5).

Each action is one transaction with its audit row, and the other side is told in it. What is asked for is counted under
a lock of the partner's row, so that two who ask at once never get more than the terms give.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.addresses import address
from partner_directory.entitlements import OWN_USE, Entitlement, entitlement_of
from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models.material import HelpRequest, LicenceRequest, RequestState, TrainingSeat
from partner_directory.models.partner import Partner
from program_pages.models.catalogue import Product
from program_pages.models.edition import programme_day

ASKED = "partner_directory.request.asked"
GRANTED = "partner_directory.request.granted"
REFUSED = "partner_directory.request.refused"
CANCELLED = "partner_directory.request.cancelled"

PAGES: dict[type[object], str] = {
    LicenceRequest: "portal:licences",
    TrainingSeat: "portal:trainings",
    HelpRequest: "portal:help",
}
COUNTED = (RequestState.ASKED, RequestState.GRANTED)  # what uses up a limit
Kind = LicenceRequest.Kind
AnyRequest = LicenceRequest | TrainingSeat | HelpRequest
Asked = TypeVar("Asked", LicenceRequest, TrainingSeat, HelpRequest)


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, запрос изменил кто-то другой. Откройте его заново."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What licences were said to cost by an edition (its key): roubles, up to ``most`` where it is a range (A3)."""

    said: str
    least: Decimal
    most: Decimal | None
    edition: int


class OverLimit(ValidationError):
    """The terms give no more than there is already: nothing was written."""


@transaction.atomic
def ask_demo(
    *, partner: Partner, product: Product, actor: User | None, quantity: int = 1, note: str = ""
) -> LicenceRequest:
    """Asks for licences to demonstrate with, free up to the terms' limit (R18, R49, A5).

    Raises ValidationError without a level in force of the product's line, OverLimit beyond the limit.
    """
    held = _locked(partner)
    _refuse_foreign_product(held, product)
    _refuse_demo_beyond_limit(held, partner, product, quantity)
    return _asked(LicenceRequest(partner=partner, kind=Kind.DEMO, product=product, quantity=quantity, note=note), actor)


@transaction.atomic
def ask_own_use(
    *,
    partner: Partner,
    product: Product,
    quantity: int,
    actor: User | None,
    note: str = "",
    price: Price | None = None,
) -> LicenceRequest:
    """Asks for licences for the partner's own use (R48, R58); ``price`` is what the partner was shown, if anything.

    Raises ValidationError without a level in force of the product's line to which the edition gives them.
    """
    held = _locked(partner)
    _refuse_foreign_product(held, product)
    if not any(level.product_line == product.product_line.slug for level in held.levels_with(OWN_USE)):
        raise ValidationError(_("По условиям программы ваш уровень лицензий для себя не даёт."))
    asked = LicenceRequest(partner=partner, kind=Kind.OWN_USE, product=product, quantity=quantity, note=note)
    if price is None:
        return _asked(asked, actor)
    asked.price, asked.price_most, asked.edition_id = price.least, price.most, price.edition
    return _asked(asked, actor, price=price.said)


@transaction.atomic
def ask_seat(*, partner: Partner, person: str, actor: User | None, course: str = "", note: str = "") -> TrainingSeat:
    """Asks for a specialist's seat at a training of this year (R56, R68).

    Raises ValidationError without a level in force, or where the person has a seat already; OverLimit beyond what
    the terms give a year.
    """
    held, year = _locked(partner), programme_day().year
    _refuse_inactive(held)
    taken = TrainingSeat.objects.filter(partner=partner, year=year, state__in=COUNTED)
    if taken.filter(person=person).exists():
        raise ValidationError({"person": _("Для этого специалиста место в этом году уже запрошено.")})
    _refuse_seats_beyond_limit(held, taken.count() + 1)
    return _asked(TrainingSeat(partner=partner, person=person, course=course, year=year, note=note), actor)


@transaction.atomic
def ask_help(
    *, partner: Partner, kind: str, actor: User | None, wished_on: date | None = None, note: str = ""
) -> HelpRequest:
    """Asks for a joint project, a reference visit or a joint seminar (R60, R61, R63).

    Raises ValidationError, by field, without a level in force that has the benefit, for a day that is over, and where
    the same is asked for already.
    """
    held = _locked(partner)
    _refuse_inactive(held)
    if not held.levels_with(kind):
        raise ValidationError({"kind": _("По условиям программы ваш уровень этого не даёт.")})
    if wished_on is not None and wished_on < programme_day():
        raise ValidationError({"wished_on": _("Этот день уже прошёл.")})
    if HelpRequest.objects.filter(partner=partner, kind=kind, wished_on=wished_on, state=RequestState.ASKED).exists():
        raise ValidationError({"kind": _("Это вы уже запросили: мы ответим письмом и здесь.")})
    return _asked(HelpRequest(partner=partner, kind=kind, wished_on=wished_on, note=note), actor)


@transaction.atomic
def grant(*, asked: AnyRequest, actor: User | None) -> AnyRequest:
    """Gives what was asked for; raises Overtaken where it waits no longer, OverLimit where the terms give no more.

    Raises ValidationError where the partner holds no level in force now.
    """
    held = _locked(asked.partner)
    _refuse_inactive(held)
    given = {"partner": asked.partner, "state": RequestState.GRANTED}
    if isinstance(asked, TrainingSeat):
        _refuse_seats_beyond_limit(held, TrainingSeat.objects.filter(**given, year=asked.year).count() + 1)
    elif isinstance(asked, LicenceRequest) and asked.kind == Kind.DEMO:
        granted = LicenceRequest.objects.filter(**given)
        _refuse_demo_beyond_limit(held, asked.partner, asked.product, asked.quantity, granted)
    return _decided(asked, RequestState.GRANTED, GRANTED, actor)


@transaction.atomic
def refuse(*, asked: AnyRequest, actor: User | None, reason: str) -> AnyRequest:
    """Does not give it, and says why; raises ValidationError without a reason, Overtaken where it waits no longer."""
    if not reason.strip():
        raise ValidationError({"reason": _("Напишите причину: партнёр её прочтёт.")})
    return _decided(asked, RequestState.REFUSED, REFUSED, actor, reason)


@transaction.atomic
def cancel(*, asked: AnyRequest, actor: User | None) -> AnyRequest:
    """The partner takes its request back; raises Overtaken where it waits no longer."""
    return _decided(asked, RequestState.CANCELLED, CANCELLED, actor)


def demo_used(partner: Partner, product: Product | None = None, rows: QuerySet[LicenceRequest] | None = None) -> int:
    """How many free licences for demonstration are asked for or granted, ever (A5); of one product where named."""
    found = LicenceRequest.objects.filter(partner=partner, state__in=COUNTED) if rows is None else rows
    found = found.filter(kind=Kind.DEMO)
    if product is not None:
        found = found.filter(product=product)
    return found.aggregate(sum=Sum("quantity"))["sum"] or 0


def _locked(partner: Partner) -> Entitlement:
    """What the partner is entitled to, once nobody else can ask or decide for it."""
    Partner.objects.select_for_update().only("pk").get(pk=partner.pk)
    return entitlement_of(partner, programme_day())


def _refuse_inactive(held: Entitlement) -> None:
    if not held.is_active:
        raise ValidationError(held.why_closed)


def _refuse_foreign_product(held: Entitlement, product: Product) -> None:
    _refuse_inactive(held)
    if held.level_of(product.product_line.slug) is None:
        raise ValidationError({"product": _("У вас нет уровня этой линейки продуктов.")})


def _refuse_demo_beyond_limit(
    held: Entitlement,
    partner: Partner,
    product: Product,
    quantity: int,
    rows: QuerySet[LicenceRequest] | None = None,
) -> None:
    used = demo_used(partner, product if held.demo_per_product else None, rows)
    if used + quantity <= held.demo_licences:
        return
    if not held.demo_licences:
        raise OverLimit(_("По условиям программы ваш уровень демонстрационных лицензий не даёт."))
    numbers = {"limit": held.demo_licences, "used": used}
    raise OverLimit(
        _("Бесплатных лицензий этого продукта — %(limit)s, запрошено и выдано — %(used)s.") % numbers
        if held.demo_per_product
        else _("Бесплатных лицензий — %(limit)s, запрошено и выдано — %(used)s.") % numbers
    )


def _refuse_seats_beyond_limit(held: Entitlement, wanted: int) -> None:
    limit = held.training_seats
    if limit == 0:
        raise OverLimit(_("По условиям программы ваш уровень обучения не даёт."))
    if limit is not None and wanted > limit:
        raise OverLimit(_("Мест на обучении в этом году — %(limit)s, и все они заняты.") % {"limit": limit})


def _asked(asked: Asked, actor: User | None, **data: str) -> Asked:
    asked.asked_by = actor
    asked.full_clean(exclude=["partner", "asked_by"])
    asked.save(force_insert=True)
    _record(asked, ASKED, actor, **data)
    tell_managers(kind="request-asked", key=f"{_key(asked)}:asked", facts=_facts(asked), url=_admin_url(asked))
    return asked


def _decided(asked: AnyRequest, state: RequestState, action: str, actor: User | None, reason: str = "") -> AnyRequest:
    waiting = type(asked).objects.filter(pk=asked.pk, state=RequestState.ASKED)
    if not waiting.update(state=state, decided_by=actor, decided_at=timezone.now(), reason=reason):
        raise Overtaken
    asked.refresh_from_db()
    _record(asked, action, actor, reason=reason)
    if state != RequestState.CANCELLED:
        facts = _facts(asked) | {"reason": reason}
        kind, key = f"request-{state.value}", f"{_key(asked)}:{state.value}"
        tell_partner(partner=asked.partner, kind=kind, key=key, facts=facts, url=_portal_url(asked))
    return asked


def _record(asked: AnyRequest, action: str, actor: User | None, **data: str) -> None:
    facts = {name: value for name, value in data.items() if value}
    log(instance=asked, action=action, user=actor, data={"partner": str(asked.partner), "what": _what(asked), **facts})


def _facts(asked: AnyRequest) -> dict[str, str]:
    return {"what": _what(asked), "partner": str(asked.partner)}


def _what(asked: AnyRequest) -> str:
    """In Russian, whoever asks: the audit log and letters hold one text."""
    with override("ru"):
        return str(asked)


def _key(asked: AnyRequest) -> str:
    return f"{asked._meta.model_name}:{asked.pk}"


def _portal_url(asked: AnyRequest) -> str:
    return address(PAGES[type(asked)])


def _admin_url(asked: AnyRequest) -> str:
    return address(f"partner_directory_{asked._meta.model_name}_modeladmin_inspect", asked.pk)
