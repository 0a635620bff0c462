"""Bonuses are asked for, credited or refused, spent on a next sale, given back, and end (R70–R79).

Each action is one transaction with its audit row. The ledger is written here alone: every happening has a key that the
database lets happen once, and a guarded update of the balance decides between two who spend at once.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from accounts.models import User
from partner_directory.addresses import address
from partner_directory.bonus_facts import room_for
from partner_directory.ledger import Room, Spending, Way, balance_of, room_of, spending
from partner_directory.messages import tell_managers, tell_partner
from partner_directory.models.bonus import Balance, BonusRequest, LedgerEntry, LedgerTransaction, Sale, Unit
from partner_directory.models.facts import FactState
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_for
from partner_directory.reckoning import Reckoning, reckon
from program_pages.formats import money, number
from program_pages.models.edition import programme_day
from program_pages.rules.money import NOTHING, PERCENT_STEP
from program_pages.rules.terms import UnknownLevel
from program_pages.terms import NoEdition, terms_on

ASKED = "partner_directory.bonus.asked"
CREDITED = "partner_directory.bonus.credited"
REFUSED = "partner_directory.bonus.refused"
SPENT = "partner_directory.bonus.spent"
GIVEN_BACK = "partner_directory.bonus.given_back"
EXPIRED = "partner_directory.bonus.expired"

State, Kind, Account = BonusRequest.State, LedgerTransaction.Kind, LedgerEntry.Account
Sides = dict[tuple[str, str], Decimal]  # an account and a unit -> how much goes in


class Overtaken(ValidationError):
    """Somebody has decided otherwise, or spent it, in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, бонусы изменил кто-то другой. Откройте страницу заново."))


# --- A request: asked for, then decided ---


@transaction.atomic
def ask(*, membership: Membership, actor: User | None) -> BonusRequest:
    """A request to reckon the bonuses of a membership's term, with what the system makes of it (R76).

    Raises ValidationError where there is nothing to reckon (``reckoned``), or the term was asked for already.
    """
    found = reckoned(membership)
    if not found.granted:
        raise ValidationError(_("За этот срок бонусов пока нет: запросите расчёт, когда они появятся."))
    try:
        with transaction.atomic():
            request = BonusRequest.objects.create(
                membership=membership,
                edition_id=found.terms.edition,
                starts=found.starts,
                until=found.until,
                asked_by=actor,
                lines=list(found.lines),
                facts=found.facts,
                computed=found.granted,
            )
    except IntegrityError as error:
        raise ValidationError(_("Бонусы за этот срок уже запрошены.")) from error
    _recorded(request, ASKED, actor, points=str(found.granted))
    tell_managers(
        kind="bonus_asked", key=f"bonus:{request.pk}:asked",
        facts={"partner": str(membership.partner), "points": number(found.granted, "ru")},
    )  # fmt: skip
    return request


def reckoned(membership: Membership) -> Reckoning:
    """What a membership's term comes to; raises ValidationError, in the reader's words, where it cannot be reckoned."""
    today = programme_day()
    if membership.starts > today:
        raise ValidationError(_("Этот срок ещё не начался."))
    if membership.state == Membership.State.SUSPENDED:
        raise ValidationError(_("Пока членство приостановлено, бонусы не рассчитываются."))
    try:
        last = terms_on(today).bonuses_until
        if last is not None and last < today:
            raise ValidationError(_("Акция с бонусами закончилась."))
        return reckon(membership)
    except NoEdition as error:
        raise ValidationError(_("На эти дни нет ни одной редакции условий.")) from error
    except UnknownLevel as error:
        raise ValidationError(_("В редакции условий этого срока такого уровня нет.")) from error


@transaction.atomic
def confirm(*, request: BonusRequest, actor: User | None) -> BonusRequest:
    """Credits what was computed; raises Overtaken where it is decided already."""
    return _credit(request, request.computed, "", actor)


@transaction.atomic
def correct(*, request: BonusRequest, points: Decimal, reason: str, actor: User | None) -> BonusRequest:
    """Credits other points than were computed, and says why.

    Raises ValidationError, by field, for points beyond what the ceiling leaves (R75) or without a reason; Overtaken
    where it is decided already.
    """
    if not reason.strip():
        raise ValidationError({"reason": _("Скажите партнёру, почему.")})
    membership = request.membership
    most = room_for(terms_for(membership.partner, request.until), membership.level.slug)
    if not points.is_finite() or points != points.quantize(PERCENT_STEP):
        raise ValidationError({"points": _("Не точнее сотых пункта.")})
    if not 0 < points <= most:
        raise ValidationError(
            {"points": _("Больше нуля, до %(most)s: столько оставляет потолок.") % {"most": number(most, "ru")}}
        )
    return _credit(request, points, reason, actor)


@transaction.atomic
def refuse(*, request: BonusRequest, reason: str, actor: User | None) -> BonusRequest:
    """Credits nothing; the term may be asked for anew. Raises Overtaken where it is decided already."""
    if not reason.strip():
        raise ValidationError({"reason": _("Скажите партнёру, почему.")})
    _decide(request, state=State.REFUSED, decided_by=actor, reason=reason)
    return _told(request, REFUSED, actor, "bonus_refused")


def _credit(request: BonusRequest, points: Decimal, reason: str, actor: User | None) -> BonusRequest:
    _decide(request, state=State.CREDITED, credited=points, decided_by=actor, reason=reason)
    partner = request.membership.partner
    _enter(
        partner, Kind.CREDIT, f"credit:{request.pk}", actor, _from(Account.VENDOR, Account.PARTNER, points),
        request=request, note=reason,
    )  # fmt: skip
    Balance.objects.get_or_create(partner=partner, unit=Unit.POINTS)
    Balance.objects.filter(partner=partner, unit=Unit.POINTS).update(amount=F("amount") + points)
    return _told(request, CREDITED, actor, "bonus_credited")


def _decide(request: BonusRequest, **values: Any) -> None:
    asked = BonusRequest.objects.filter(pk=request.pk, state=State.ASKED)
    if not asked.update(decided_at=timezone.now(), **values):
        raise Overtaken


def _told(request: BonusRequest, action: str, actor: User | None, kind: str) -> BonusRequest:
    current = BonusRequest.objects.select_related("membership__partner", "membership__level").get(pk=request.pk)
    _recorded(current, action, actor, points=str(current.credited or NOTHING), reason=current.reason)
    tell_partner(
        partner=current.membership.partner,
        kind=kind,
        key=f"bonus:{current.pk}:{current.state}",
        facts={"points": number(current.credited or NOTHING, "ru"), "reason": current.reason},
        url=address("portal:bonus", current.pk),
    )
    return current


# --- Spending ---


@transaction.atomic
def spend(*, sale: Sale, way: Way, points: Decimal, actor: User | None) -> LedgerTransaction:
    """Points go on a sale, as a discount or as licences without payment; never as cash, never twice (R77).

    Raises ValidationError, by field, for a sale or points that cannot be (``spending_of``); Overtaken where somebody
    else was faster. Of two at once exactly one succeeds.
    """
    found = spending_of(sale, way, points)
    partner = sale.partner
    enough = Balance.objects.filter(partner=partner, unit=Unit.POINTS, amount__gte=found.points + found.room.later)
    if not enough.update(amount=F("amount") - found.points):
        raise Overtaken
    kind = Kind.SPENT_ON_SALE if way is Way.DISCOUNT else Kind.SPENT_AS_LICENCES
    entered = _enter(partner, kind, _sale_key(sale), actor, _sides(found), sale=sale)
    _recorded_spending(entered, SPENT, actor, found)
    return entered


def spending_of(sale: Sale, way: Way, points: Decimal) -> Spending:
    """What points would bring on a sale; raises ValidationError, by field, where they cannot be spent on it."""
    current = Sale.objects.select_related("partner", "product").get(pk=sale.pk)
    if current.state == FactState.REFUSED:
        raise ValidationError({"sale": _("Эта продажа не подтверждена: бонус на неё не тратится.")})
    if LedgerTransaction.objects.filter(key=_sale_key(sale)).exists():
        raise ValidationError({"sale": _("На эту продажу бонус уже потрачен.")})
    _refuse_after_the_end(current.partner)
    room = room_of(current, balance_of(current.partner))
    if room is None:
        raise ValidationError({"sale": _("В день этой продажи у компании не было уровня этой линейки продуктов.")})
    return _refuse_too_much(room, way, points)


def _refuse_too_much(room: Room, way: Way, points: Decimal) -> Spending:
    if not room.points:
        text = _("На эту продажу бонус потратить нельзя: он тратится на следующую после запроса и не выше потолка.")
        raise ValidationError({"sale": text})
    if not points.is_finite() or points != points.quantize(PERCENT_STEP):
        raise ValidationError({"points": _("Не точнее сотых пункта.")})
    if not 0 < points <= room.points:
        most = number(room.points, "ru")
        raise ValidationError({"points": _("Больше нуля, до %(most)s пунктов на эту продажу.") % {"most": most}})
    found = spending(room, way, points)
    if way is Way.LICENCES and not found.licences:
        raise ValidationError({"points": _("На целую лицензию этого не хватает.")})
    return found


def _refuse_after_the_end(partner: Partner) -> None:
    last = terms_for(partner, programme_day()).bonuses_until
    if last is not None and last < programme_day():
        raise ValidationError(_("Акция с бонусами закончилась."))


def _sides(found: Spending) -> Sides:
    """Points leave the partner; what they bring comes from the vendor: roubles off the price, or licences."""
    sides = _from(Account.PARTNER, Account.USED, found.points)
    if found.way is Way.DISCOUNT:
        return sides | (_from(Account.VENDOR, Account.USED, found.roubles, Unit.ROUBLES) if found.roubles else {})
    return sides | _from(Account.VENDOR, Account.USED, Decimal(found.licences), Unit.LICENCES)


@transaction.atomic
def give_back(*, sale: Sale, actor: User | None) -> LedgerTransaction | None:
    """What was spent on a sale comes back, once; None where nothing was. For a sale that turns out not to be one."""
    spent = LedgerTransaction.objects.filter(key=_sale_key(sale)).prefetch_related("entries").first()
    if spent is None:
        return None
    sides = {(entry.account, entry.unit): -entry.amount for entry in spent.entries.all()}
    entered = _enter(spent.partner, Kind.CORRECTION, f"give-back:{sale.pk}", actor, sides, sale=sale)
    points = sides[Account.PARTNER, Unit.POINTS]
    Balance.objects.filter(partner=spent.partner, unit=Unit.POINTS).update(amount=F("amount") + points)
    log(instance=spent.partner, action=GIVEN_BACK, user=actor, data={"sale": str(sale), "points": str(points)})
    tell_partner(
        partner=spent.partner, kind="bonus_given_back", key=f"give-back:{sale.pk}",
        facts={"points": number(points, "ru"), "sale": str(sale)}, url=address("portal:statement"),
    )  # fmt: skip
    return entered


# --- The promotion ends (R79) ---


def end_expired(day: date | None = None) -> int:
    """What is left of every balance expires once the promotion of the day's edition is over; how many balances did.

    Safe to run again, and after days that were missed.
    """
    today = day or programme_day()
    try:
        last = terms_on(today).bonuses_until
    except NoEdition:
        return 0
    if last is None or last >= today:
        return 0
    left = Balance.objects.filter(unit=Unit.POINTS, amount__gt=0).order_by("pk")
    return sum(expire(partner=balance.partner, last=last) for balance in left.select_related("partner"))


@transaction.atomic
def expire(*, partner: Partner, last: date, actor: User | None = None) -> bool:
    """What is left of one balance expires after the promotion's last day; whether there was anything.

    Whatever comes back to it later expires at the next run.
    """
    balance = Balance.objects.select_for_update().filter(partner=partner, unit=Unit.POINTS, amount__gt=0).first()
    if balance is None:
        return False
    if not Balance.objects.filter(pk=balance.pk, amount=balance.amount).update(amount=NOTHING):
        return False  # spent in this very moment; the next run looks again
    times = LedgerTransaction.objects.filter(partner=partner, kind=Kind.EXPIRED).count()
    key = f"expired:{partner.pk}:{last.isoformat()}:{times}"
    _enter(partner, Kind.EXPIRED, key, actor, _from(Account.PARTNER, Account.EXPIRED, balance.amount))
    points = number(balance.amount, "ru")
    log(instance=partner, action=EXPIRED, user=actor, data={"points": str(balance.amount), "last": last.isoformat()})
    facts = {"points": points, "last": f"{last:%d.%m.%Y}"}
    tell_partner(partner=partner, kind="bonus_expired", key=key, facts=facts, url=address("portal:statement"))
    return True


# --- The ledger itself ---


def _enter(partner: Partner, kind: str, key: str, actor: User | None, sides: Sides, **about: Any) -> LedgerTransaction:
    """One transaction with its entries, which add up to nothing in each unit; once a key."""
    totals: dict[str, Decimal] = {}
    for (_account, unit), amount in sides.items():
        totals[unit] = totals.get(unit, NOTHING) + amount
    if any(totals.values()):
        raise ValueError(f"entries of {key} do not add up: {totals}")
    try:
        with transaction.atomic():
            entered = LedgerTransaction.objects.create(partner=partner, kind=kind, key=key, actor=actor, **about)
    except IntegrityError as error:
        raise Overtaken from error
    LedgerEntry.objects.bulk_create(
        LedgerEntry(transaction=entered, account=account, unit=unit, amount=amount)
        for (account, unit), amount in sides.items()
    )
    return entered


def _from(giver: str, taker: str, amount: Decimal, unit: str = Unit.POINTS) -> Sides:
    return {(giver, unit): -amount, (taker, unit): amount}


def _sale_key(sale: Sale) -> str:
    return f"sale:{sale.pk}"


def _recorded(request: BonusRequest, action: str, actor: User | None, **data: Any) -> None:
    membership = request.membership
    about = {"partner": str(membership.partner), "level": membership.level.slug, "until": request.until.isoformat()}
    log(instance=request, action=action, user=actor, data=about | data)


def _recorded_spending(entered: LedgerTransaction, action: str, actor: User | None, found: Spending) -> None:
    data = {
        "sale": str(found.room.sale),
        "way": str(found.way),
        "points": str(found.points),
        "roubles": str(found.roubles),
        "licences": found.licences,
    }
    log(instance=entered.partner, action=action, user=actor, data=data)
    brings = money(found.roubles, "ru") if found.way is Way.DISCOUNT else number(found.licences, "ru")
    tell_managers(
        kind=f"bonus_spent_{found.way}",
        key=entered.key,
        facts={
            "partner": str(entered.partner),
            "sale": str(found.room.sale),
            "points": number(found.points, "ru"),
            "brings": brings,
        },
    )
