"""Where a partner stands: its records turned into the facts that the pure rules judge (R5, R29–R41, R45, R69).

The one door from a partner's records to ``program_pages.rules``, beside ``bonus_facts``, which goes on from here to
what is rewarded. Derived, never stored, the same however often it is asked; a requirement's term is a calendar year
(R44). Every number is made from ``Records``, the rows that a page shows as its evidence, so neither can say what the
other does not. A day that is over can be asked about as it had been recorded by then (``recorded_by``: the moment
after the day, see ``program_pages.as_of``). May not import views or actions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db.models import Model, OuterRef, QuerySet, Subquery

from partner_directory.models.facts import (
    AnnouncementCheck,
    ClientReview,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from program_pages.as_of import moment_after
from program_pages.rules.calendar import membership_ends
from program_pages.rules.requirements import Judgement, RequirementFacts, RequirementStatus, judge
from program_pages.rules.terms import Level, Requirement, RequirementKind, Terms

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


# --- Terms ---


def term_starts(day: date) -> date:
    """The first day of the term of a day: a calendar year (R44)."""
    return date(day.year, 1, 1)


# --- The rows ---


def records_of_many(
    partners: Iterable[int],
    starts: date,
    day: date,
    *,
    with_late_reviews: bool = False,
    recorded_by: datetime | None = None,
) -> dict[int, Records]:
    """The rows that count of each partner (keys) from the first day of a term up to a day; seven queries.

    Reviews are of the term's implementations, confirmed by their clients up to the day, or later where asked. With
    ``recorded_by`` only what had been recorded and decided before that moment, as it was decided then.
    """
    keys = list(partners)
    moment = moment_after(day)
    of = {"partner__in": keys}
    specialists = _by_partner(map(_as_told, Specialist.objects.working(day, recorded_by).filter(**of)))
    activities = _by_partner(
        MarketingActivity.objects.confirmed(recorded_by).filter(**of, done_on__range=(starts, day))
    )
    done = Implementation.objects.confirmed(recorded_by).filter(**of, finished_on__range=(starts, day))
    implementations = _by_partner(done.select_related("product"))
    given = ClientReview.objects.confirmed(recorded_by).filter(**of, implementation__in=done)
    given = given.select_related("implementation")
    reviews = _by_partner(given if with_late_reviews else given.filter(client_confirmed_at__lt=moment))
    announcements = {check.partner_id: check for check in last_checks(Partner.objects.filter(pk__in=keys), moment)}
    bought = Purchase.objects.confirmed(recorded_by).filter(**of, bought_on__lte=day).order_by("bought_on", "pk")
    purchases = _by_partner(row for row in bought if row.until is None or row.until >= day)
    touching = RequirementConfirmation.objects.confirmed(recorded_by).filter(**of, starts__lte=day, until__gte=starts)
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


def _as_told(row: Specialist) -> Specialist:
    """A specialist as it was known: without the day of leaving where that was told of later."""
    if getattr(row, "leaving_was_told_since", False):
        row.left_on = None
    return row


def last_checks(partners: QuerySet[Partner], moment: datetime) -> QuerySet[AnnouncementCheck]:
    """What was found last before a moment, or said by a manager: it decides (R34, R41)."""
    earlier = AnnouncementCheck.objects.filter(partner=OuterRef("pk"), checked_at__lt=moment)
    last = earlier.order_by("-checked_at", "-pk").values("pk")[:1]
    asked = partners.annotate(last_check=Subquery(last)).exclude(last_check=None)
    return AnnouncementCheck.objects.filter(pk__in=asked.values("last_check"))


def _by_partner(rows: Iterable[Any]) -> defaultdict[int, tuple[Any, ...]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.partner_id].append(row)
    return defaultdict(tuple, {key: tuple(each) for key, each in found.items()})


def evidence_of(partner: Partner, day: date, recorded_by: datetime | None = None) -> Records:
    """The rows behind each number of ``facts_of``; as they had been recorded by a moment, where one is given."""
    return records_of_many([partner.pk], term_starts(day), day, recorded_by=recorded_by)[partner.pk]


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
    return person_named(specialist.name_ru)


def person_named(name: str) -> str:
    """A name as people are told apart by it."""
    return " ".join(name.casefold().replace("ё", "е").split())


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
