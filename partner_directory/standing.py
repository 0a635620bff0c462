"""Where a partner stands: its records turned into the facts that the pure rules judge (R5, R29–R41, R45, R69, R71–R74).

The one door from a partner's records to ``program_pages.rules``. Derived, never stored, the same however often it is
asked; a term is a calendar year (R44). Every number is made from ``Records``, the rows that a page shows as its
evidence, so neither can say what the other does not. May not import views or actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Model, OuterRef, QuerySet, Subquery

from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.models.facts import (
    AnnouncementCheck,
    ClientReview,
    EventParticipation,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from program_pages.rules.bonus import outcomes
from program_pages.rules.calendar import membership_ends
from program_pages.rules.deal import BonusFacts, Events, Plan
from program_pages.rules.money import NOTHING, WHOLE, discounted
from program_pages.rules.requirements import Judgement, RequirementFacts, RequirementStatus, judge
from program_pages.rules.sale import under_ceiling
from program_pages.rules.terms import BonusMeasure, Level, Requirement, RequirementKind, Rounding, Terms
from program_pages.rules.thresholds import least

ONE_DAY = timedelta(days=1)
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Item:
    """One requirement, and what became of it."""

    requirement: Requirement
    judgement: Judgement

    @property
    def is_missing(self) -> bool:
        """Whether the partner has still to do something."""
        return self.judgement.status is RequirementStatus.MISSING

    @property
    def is_met(self) -> bool:
        """Whether it is asked for, and fulfilled."""
        return self.judgement.status is RequirementStatus.MET


@dataclass(frozen=True, slots=True)
class Standing:
    """A partner's requirements at a level on a day, in the edition's order."""

    level: Level
    day: date
    items: tuple[Item, ...]

    @property
    def is_met(self) -> bool:
        """Whether nothing is missing: the condition of logos (R5) and of renewal (R45)."""
        return not any(item.is_missing for item in self.items)

    @property
    def missing(self) -> tuple[Item, ...]:
        """What is missing."""
        return tuple(item for item in self.items if item.is_missing)

    @property
    def applicable(self) -> tuple[Item, ...]:
        """What is asked of the partner in this term (A6 leaves some of it out)."""
        return tuple(item for item in self.items if item.judgement.status is not RequirementStatus.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class Records:
    """The rows that count for a partner in a term up to a day: what its requirements are judged by.

    ``specialists`` work there on the day, ``purchases`` last on it; ``confirmations`` touch the term.
    """

    specialists: tuple[Specialist, ...] = ()
    activities: tuple[MarketingActivity, ...] = ()
    implementations: tuple[Implementation, ...] = ()
    reviews: tuple[ClientReview, ...] = ()
    announcement: AnnouncementCheck | None = None
    purchases: tuple[Purchase, ...] = ()
    confirmations: tuple[RequirementConfirmation, ...] = ()

    def bought(self, kind: str) -> tuple[Purchase, ...]:
        """The purchases of a kind, the earliest first."""
        return tuple(row for row in self.purchases if row.kind == kind)

    def behind(self, requirement: Requirement) -> tuple[Model, ...]:
        """The rows that a requirement is judged by."""
        found: Mapping[RequirementKind, tuple[Model, ...]] = {
            RequirementKind.CERTIFIED_SPECIALISTS: self.specialists,
            RequirementKind.MARKETING_ACTIVITIES: self.activities,
            RequirementKind.REVIEWS_SHARE: (*self.implementations, *self.reviews),
            RequirementKind.ANNOUNCEMENT: (self.announcement,) if self.announcement else (),
            RequirementKind.MODULE_PURCHASED: self.bought(Purchase.Kind.MODULE),
            RequirementKind.RENTED_LICENCES: self.bought(Purchase.Kind.RENTED_LICENCES),
            RequirementKind.EXTENDED_SUPPORT: self.bought(Purchase.Kind.EXTENDED_SUPPORT),
            RequirementKind.OTHER: tuple(row for row in self.confirmations if row.key == requirement.key),
        }
        return found[requirement.kind]


@dataclass(frozen=True, slots=True)
class PlanRecord:
    """An agreed sales plan (R72), and the final price in roubles of the sales of its days that were confirmed."""

    plan: SalesPlan
    sales: tuple[Sale, ...]
    sold: Decimal

    @property
    def is_met(self) -> bool:
        """Whether as much was sold as was agreed."""
        return self.sold >= self.plan.target


@dataclass(frozen=True, slots=True)
class BonusRecords:
    """The rows that bonuses of a term are reckoned from (R71–R74)."""

    records: Records
    plans: tuple[PlanRecord, ...] = ()
    participations: tuple[EventParticipation, ...] = ()

    def behind(self, measure: BonusMeasure, key: str = "") -> tuple[Model, ...]:
        """The rows that a bonus is judged by; ``key`` is the bonus's own, for one that a manager confirms."""
        found: Mapping[BonusMeasure, tuple[Model, ...]] = {
            BonusMeasure.REVIEWS_SHARE: (*self.records.implementations, *self.records.reviews),
            BonusMeasure.SALES_PLAN: tuple(row for plan in self.plans for row in (plan.plan, *plan.sales)),
            BonusMeasure.EXTRA_SPECIALISTS: self.records.specialists,
            BonusMeasure.EVENT_ATTENDED: self._took_part(EventParticipation.Kind.ATTENDED),
            BonusMeasure.EVENT_HOSTED: self._took_part(EventParticipation.Kind.HOSTED),
            BonusMeasure.OTHER: tuple(row for row in self.records.confirmations if row.key == key),
        }
        return found[measure]

    def _took_part(self, kind: str) -> tuple[EventParticipation, ...]:
        return tuple(row for row in self.participations if row.kind == kind)


@dataclass(frozen=True, slots=True)
class Change:
    """What would be otherwise: the standing and the bonus points of the year, before and after."""

    before: Standing
    after: Standing
    points_before: Decimal
    points_after: Decimal

    @property
    def items(self) -> tuple[tuple[Item, Item], ...]:
        """The requirements that would stand otherwise, each as it is and as it would be."""
        pairs = zip(self.before.items, self.after.items, strict=True)
        return tuple((old, new) for old, new in pairs if old.judgement != new.judgement)

    @property
    def blocks_renewal(self) -> bool:
        """Whether logos (R5) and renewal (R45) would be lost by it."""
        return self.before.is_met and not self.after.is_met

    @property
    def points_lost(self) -> Decimal:
        """Bonus points that it would cost, never below zero."""
        return max(self.points_before - self.points_after, NOTHING)


# --- Terms ---


def term_starts(day: date) -> date:
    """The first day of the term of a day: a calendar year (R44)."""
    return date(day.year, 1, 1)


def moment_after(day: date) -> datetime:
    """The first moment that no longer belongs to a day, where the programme's year turns (A11)."""
    return datetime.combine(day + ONE_DAY, time.min, ZoneInfo(settings.PROGRAMME_TIME_ZONE))


# --- The rows ---


def records_of_many(partners: Iterable[int], starts: date, day: date) -> dict[int, Records]:
    """The rows that count of each partner (keys) from the first day of a term up to a day; seven queries."""
    keys = list(partners)
    moment = moment_after(day)
    of = {"partner__in": keys}
    specialists = _by_partner(Specialist.objects.working(day).filter(**of))
    activities = _by_partner(MarketingActivity.objects.confirmed().filter(**of, done_on__range=(starts, day)))
    done = Implementation.objects.confirmed().filter(**of, finished_on__range=(starts, day))
    implementations = _by_partner(done.select_related("product"))
    reviews = _by_partner(
        ClientReview.objects.confirmed()
        .filter(**of, client_confirmed_at__lt=moment, implementation__in=done)
        .select_related("implementation")
    )
    announcements = {check.partner_id: check for check in _last_checks(keys, moment)}
    bought = Purchase.objects.confirmed().filter(**of, bought_on__lte=day).order_by("bought_on", "pk")
    purchases = _by_partner(row for row in bought if row.until is None or row.until >= day)
    touching = RequirementConfirmation.objects.confirmed().filter(**of, starts__lte=day, until__gte=starts)
    confirmations = _by_partner(touching)
    return {
        key: Records(
            specialists[key],
            activities[key],
            implementations[key],
            reviews[key],
            announcements.get(key),
            purchases[key],
            confirmations[key],
        )
        for key in keys
    }


def _last_checks(keys: list[int], moment: datetime) -> QuerySet[AnnouncementCheck]:
    """What was found last before a moment, or said by a manager: it decides (R34, R41)."""
    earlier = AnnouncementCheck.objects.filter(partner=OuterRef("pk"), checked_at__lt=moment)
    last = earlier.order_by("-checked_at", "-pk").values("pk")[:1]
    asked = Partner.objects.filter(pk__in=keys).annotate(last_check=Subquery(last)).exclude(last_check=None)
    return AnnouncementCheck.objects.filter(pk__in=asked.values("last_check"))


def _by_partner(rows: Iterable[Any]) -> defaultdict[int, tuple[Any, ...]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.partner_id].append(row)
    return defaultdict(tuple, {key: tuple(each) for key, each in found.items()})


def evidence_of(partner: Partner, day: date) -> Records:
    """The rows behind each number of ``facts_of``."""
    return records_of_many([partner.pk], term_starts(day), day)[partner.pk]


# --- Requirements ---


def facts_of_many(partners: Iterable[int], day: date) -> dict[int, RequirementFacts]:
    """What is recorded of each partner (keys) by a day in the calendar year of that day; seven queries."""
    found = records_of_many(partners, term_starts(day), day)
    return {key: facts_from(records, day) for key, records in found.items()}


def facts_of(partner: Partner, day: date) -> RequirementFacts:
    """What is recorded of a partner by a day in the calendar year of that day."""
    return facts_of_many([partner.pk], day)[partner.pk]


def facts_from(records: Records, day: date) -> RequirementFacts:
    """The facts that rows make on a day.

    A person with two certificates is one specialist (R29, R37); of rented licences the last number agreed holds (R39).
    """
    rented = records.bought(Purchase.Kind.RENTED_LICENCES)
    agreed = [row.agreed for row in rented if row.agreed is not None]
    return RequirementFacts(
        certified_specialists=len(people(records.specialists)),
        marketing_activities=len(records.activities),
        reviews=len(records.reviews),
        implementations=len(records.implementations),
        announced=bool(records.announcement and records.announcement.found),
        module_purchased=bool(records.bought(Purchase.Kind.MODULE)),
        rented_licences=sum(row.quantity or 0 for row in rented),
        rented_licences_agreed=agreed[-1] if agreed else None,
        extended_support=bool(records.bought(Purchase.Kind.EXTENDED_SUPPORT)),
        confirmed=frozenset(row.key for row in records.confirmations if row.starts <= day <= row.until),
    )


def people(specialists: Iterable[Specialist]) -> dict[str, list[Specialist]]:
    """The certificates of each person, by the name as it is compared: in any case, with any spaces, ё as е."""
    found: dict[str, list[Specialist]] = defaultdict(list)
    for row in specialists:
        found[person(row)].append(row)
    return found


def person(specialist: Specialist) -> str:
    """A specialist's name as people are told apart by it."""
    return " ".join(specialist.name_ru.casefold().replace("ё", "е").split())


def standing_of(partner: Partner, level: str, terms: Terms, day: date) -> Standing:
    """How a partner stands at a level (slug) under terms on a day; raises UnknownLevel."""
    return judged(facts_of(partner, day), level, terms, day)


def judged(facts: RequirementFacts, level: str, terms: Terms, day: date) -> Standing:
    """The standing that facts make; for what would be, give ``replace(facts, …)``."""
    held = terms.level(level)
    return Standing(held, day, tuple(Item(item, judge(item, facts, terms.readings)) for item in held.requirements))


def without_one_specialist(facts: RequirementFacts) -> RequirementFacts:
    """The facts once one certified specialist has left."""
    return replace(facts, certified_specialists=max(facts.certified_specialists - 1, 0))


# --- Until when a requirement that is met stays met ---


def holds_until(item: Item, records: Records) -> date | None:
    """The last day on which what is recorded is known to be enough; None where no end is known, or it is not met.

    What is counted in a term holds to the end of it; people are looked at anew at its end and at renewal (R69).
    """
    if not item.is_met:
        return None
    kind, needed = item.requirement.kind, item.judgement.needed
    if kind in (RequirementKind.MARKETING_ACTIVITIES, RequirementKind.REVIEWS_SHARE):
        return _end_of_term(records.behind(item.requirement))
    return _until_too_few(_ends(item.requirement, records), needed)


def _end_of_term(rows: Iterable[Any]) -> date | None:
    days = [getattr(row, "done_on", None) or getattr(row, "finished_on", None) for row in rows]
    return max((membership_ends(day) for day in days if day), default=None)


@dataclass(frozen=True, slots=True)
class _Lasting:
    """So much of something, up to its last day."""

    amount: int
    last: date | None = field(default=None)


def _ends(requirement: Requirement, records: Records) -> Iterable[_Lasting]:
    if requirement.kind is RequirementKind.CERTIFIED_SPECIALISTS:
        for certificates in people(records.specialists).values():
            left = [row.left_on - ONE_DAY for row in certificates if row.left_on]
            yield _Lasting(1, max(left) if len(left) == len(certificates) else None)
        return
    for row in records.behind(requirement):
        yield _Lasting(getattr(row, "quantity", None) or 1, getattr(row, "until", None))


def _until_too_few(lasting: Iterable[_Lasting], needed: int) -> date | None:
    found = list(lasting)
    left = sum(each.amount for each in found)
    for last, amount in sorted((each.last, each.amount) for each in found if each.last):
        left -= amount
        if left < needed:
            return last
    return None


# --- Bonuses ---


def bonus_records_of(partner: Partner, terms: Terms, starts: date, until: date) -> BonusRecords:
    """The rows that bonuses of a term (both days included) are reckoned from; ten queries.

    A plan belongs to the calendar year in which it ends. Specialists are those of the last day (R73).
    """
    records = records_of_many([partner.pk], starts, until)[partner.pk]
    took_part = EventParticipation.objects.confirmed().filter(partner=partner, held_on__range=(starts, until))
    plans = SalesPlan.objects.filter(
        partner=partner,
        partner_agreed_at__isnull=False,
        vendor_agreed_at__isnull=False,
        cancelled_at__isnull=True,
        starts__lte=until,
        until__range=(starts, membership_ends(until)),
    )
    agreed = list(plans.order_by("starts", "pk"))
    first = min((plan.starts for plan in agreed), default=starts)
    sold = Sale.objects.confirmed().filter(partner=partner, sold_on__range=(first, until)).order_by("sold_on", "pk")
    sales = list(sold)
    return BonusRecords(
        records,
        tuple(_plan_record(plan, sales, terms.readings.rounding) for plan in agreed),
        tuple(took_part.select_related("event")),
    )


def _plan_record(plan: SalesPlan, sales: Iterable[Sale], rounding: Rounding) -> PlanRecord:
    own = tuple(sale for sale in sales if plan.starts <= sale.sold_on <= plan.until)
    return PlanRecord(plan, own, sum((final_price(sale, rounding) for sale in own), NOTHING))


def final_price(sale: Sale, rounding: Rounding) -> Decimal:
    """What the end client pays for a sale, in roubles (R50, A10)."""
    return discounted(sale.list_total, sale.client_discount, rounding)


def bonus_facts_of(partner: Partner, level: str, terms: Terms, starts: date, until: date) -> BonusFacts:
    """What is rewarded of a partner at a level (slug) in a term, both days included (R71–R74); raises UnknownLevel."""
    return bonus_facts_from(bonus_records_of(partner, terms, starts, until), terms.level(level))


def bonus_facts_from(found: BonusRecords, level: Level) -> BonusFacts:
    """The facts of bonuses that rows make at a level."""
    records = found.records
    implementations = len(records.implementations)
    return BonusFacts(
        reviews_share=WHOLE * len(records.reviews) / implementations if implementations else None,
        plan=_plan(found.plans),
        extra_specialists=max(len(people(records.specialists)) - _specialists_asked(level), 0),
        events=_events({row.kind for row in found.participations}),
        confirmed=frozenset(row.key for row in records.confirmations),
    )


def _plan(plans: tuple[PlanRecord, ...]) -> Plan:
    """Fulfilled where every plan of the term is; none where none was agreed (R72)."""
    if not plans:
        return Plan.NONE
    return Plan.MET if all(plan.is_met for plan in plans) else Plan.AGREED


def _specialists_asked(level: Level) -> int:
    """How many certified people a level asks for: beyond them R73 rewards."""
    asked = (item for item in level.requirements if item.kind is RequirementKind.CERTIFIED_SPECIALISTS)
    return max(map(least, asked), default=0)


def _events(kinds: set[str]) -> Events:
    attended, hosted = EventParticipation.Kind.ATTENDED in kinds, EventParticipation.Kind.HOSTED in kinds
    if attended and hosted:
        return Events.BOTH
    if hosted:
        return Events.HOSTED
    return Events.ATTENDED if attended else Events.NONE


def bonus_points(facts: BonusFacts, level: str, terms: Terms) -> Decimal:
    """The bonus points of a term at a level (slug), up to what the ceiling leaves (R75)."""
    asked = sum((outcome.points for outcome in outcomes(terms, level, facts)), NOTHING)
    _discount, room = under_ceiling(terms, terms.level(level).discount)
    return min(asked, room)


# --- What would change ---


def if_leaves(partner: Partner, specialist: Specialist, level: str, terms: Terms, day: date) -> Change:
    """What would stand otherwise at a level (slug) if a specialist left: requirements on a day, bonuses of its year."""
    records = evidence_of(partner, day)
    bonuses = bonus_records_of(partner, terms, term_starts(day), membership_ends(day))
    held = terms.level(level)

    def points(found: BonusRecords) -> Decimal:
        return bonus_points(bonus_facts_from(found, held), level, terms)

    remaining = replace(bonuses, records=_without(bonuses.records, specialist))
    return Change(
        before=judged(facts_from(records, day), level, terms, day),
        after=judged(facts_from(_without(records, specialist), day), level, terms, day),
        points_before=points(bonuses),
        points_after=points(remaining),
    )


def _without(records: Records, specialist: Specialist) -> Records:
    """The same rows without any certificate of that person."""
    gone = person(specialist)
    return replace(records, specialists=tuple(row for row in records.specialists if person(row) != gone))
