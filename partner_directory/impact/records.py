"""What a rehearsal reads of many partners: their records as the plain numbers that ``rules.impact`` compares.

The same facts as ``standing`` and ``bonus_facts`` make of a partner's rows, read without making the rows: a constant
number of queries, whatever the number of partners (tests hold both to be equal). May not import actions or views.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import F, Q

from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.models.facts import (
    ClientReview,
    EventParticipation,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from partner_directory.models.material import LicenceRequest, RequestState
from partner_directory.models.membership import Membership, MembershipQuerySet
from partner_directory.models.overlay import OverlayChange
from partner_directory.models.partner import Partner
from partner_directory.models.specialist import Specialist
from partner_directory.standing import ONE_DAY, last_checks, person_named, term_starts
from program_pages.as_of import moment_after
from program_pages.calculator.prices import PriceList
from program_pages.models.edition import programme_day_of
from program_pages.rules.calendar import membership_ends
from program_pages.rules.deal import Events, RequestLine
from program_pages.rules.impact import Agreed, Planned, Recorded, Rewarded, Sold, Taken
from program_pages.rules.overlay import read_change
from program_pages.rules.requirements import RequirementFacts

ByPartner = defaultdict[int, list[Any]]


class Holding(NamedTuple):
    """A membership as far as a rehearsal needs it; ``line`` is its product line's key."""

    pk: int
    partner: int
    level_key: int
    level: str
    line: int
    starts: date
    until: date


def year_before(day: date) -> date:
    """The first day of the twelve months that a day ends."""
    try:
        return day.replace(year=day.year - 1) + ONE_DAY
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28) + ONE_DAY


def memberships_on(day: date) -> MembershipQuerySet:
    """The memberships that are looked at: those that run on the day, suspended ones too."""
    return Membership.objects.running(day)


def holdings_of(memberships: MembershipQuerySet, partners: tuple[int, int]) -> list[Holding]:
    """The memberships of the partners from one key to another, both included, in a lasting order."""
    rows = memberships.filter(partner__gte=partners[0], partner__lte=partners[1]).order_by(
        "partner_id", "product_line_id", "pk"
    )
    fields = ("pk", "partner_id", "level_id", "level__slug", "product_line_id", "starts", "until")
    return [Holding(*row) for row in rows.values_list(*fields)]


def recorded_of(
    holdings: Iterable[Holding], day: date, effect_day: date, prices: PriceList
) -> Iterator[tuple[Holding, Recorded]]:
    """What is recorded by a day behind each membership, with the agreements up to the day of effect; 13 queries.

    A sale counts for the membership of its product's line, without a product for the partner's first.
    """
    held = list(holdings)
    if not held:
        return
    rows = _Rows.of(held, day, effect_day)
    first: dict[int, int] = {}
    for each in held:
        first.setdefault(each.partner, each.pk)
    facts = {partner: _requirements(rows, partner, day) for partner in first}
    for each in held:
        yield each, _recorded(each, rows, facts[each.partner], day, prices, is_first=first[each.partner] == each.pk)


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a number of partners, by partner."""

    specialists: ByPartner
    activities: Mapping[int, int]
    implementations: ByPartner
    reviews: ByPartner
    announced: Mapping[int, bool]
    purchases: ByPartner
    confirmations: ByPartner
    plans: ByPartner
    sales: ByPartner
    participations: ByPartner
    agreed: ByPartner
    own_use: ByPartner

    @classmethod
    def of(cls, held: list[Holding], day: date, effect_day: date) -> _Rows:
        """Asks by the first and the last key: a list of thousands would cost more than the rows."""
        first, last = min(each.partner for each in held), max(each.partner for each in held)
        since, year = year_before(day), term_starts(day)
        earliest = min(year, *(each.starts for each in held))
        of: dict[str, Any] = {"partner__gte": first, "partner__lte": last}
        confirmed = {**of, "state": FactState.CONFIRMED}
        plans = _by_partner(
            SalesPlan.objects.filter(
                **of,
                starts__lte=day,
                until__gte=earliest,
                partner_agreed_at__isnull=False,
                vendor_agreed_at__isnull=False,
                cancelled_at__isnull=True,
            )
            .order_by("starts", "pk")
            .values_list("partner_id", "starts", "until", "target")
        )
        sold_since = min([since, *(plan[0] for rows in plans.values() for plan in rows)])
        finished = {"implementation__state": FactState.CONFIRMED, "implementation__finished_on__range": (earliest, day)}
        checks = last_checks(Partner.objects.filter(pk__range=(first, last)), moment_after(day))
        done = MarketingActivity.objects.filter(**confirmed, done_on__range=(year, day)).order_by()
        changes = OverlayChange.objects.filter(
            Q(overlay__until__isnull=True) | Q(overlay__until__gte=since),
            overlay__partner__gte=first,
            overlay__partner__lte=last,
            overlay__starts__lte=max(day, effect_day),
        )
        asked = LicenceRequest.objects.filter(**of, kind=LicenceRequest.Kind.OWN_USE, state=RequestState.GRANTED)
        return cls(
            specialists=_by_partner(
                Specialist.objects.filter(**confirmed, certified_on__lte=day).values_list(
                    "partner_id", "name_ru", "certified_on", "left_on"
                )
            ),
            activities=_counts(done.values_list("partner_id", flat=True)),
            implementations=_by_partner(
                Implementation.objects.filter(**confirmed, finished_on__range=(earliest, day))
                .order_by()
                .values_list("partner_id", "finished_on")
            ),
            reviews=_by_partner(
                ClientReview.objects.filter(**confirmed, implementation__partner=F("partner"), **finished)
                .order_by()
                .values_list("partner_id", "implementation__finished_on", "client_confirmed_at")
            ),
            announced=dict(checks.values_list("partner_id", "found")),
            purchases=_by_partner(
                Purchase.objects.filter(**confirmed, bought_on__lte=day)
                .order_by("bought_on", "pk")
                .values_list("partner_id", "kind", "until", "quantity", "agreed")
            ),
            confirmations=_by_partner(
                RequirementConfirmation.objects.filter(**confirmed, starts__lte=day, until__gte=earliest)
                .order_by()
                .values_list("partner_id", "key", "starts", "until")
            ),
            plans=plans,
            sales=_by_partner(
                Sale.objects.filter(**confirmed, sold_on__range=(sold_since, day))
                .order_by("sold_on", "pk")
                .values_list("partner_id", "product__product_line_id", "sold_on", "list_total", "client_discount")
            ),
            participations=_by_partner(
                EventParticipation.objects.filter(**confirmed, held_on__range=(earliest, day))
                .order_by()
                .values_list("partner_id", "kind", "held_on")
            ),
            agreed=_by_partner(
                changes.order_by("overlay__starts", "overlay_id", "pk").values_list(
                    "overlay__partner_id", "overlay__starts", "overlay__until", "name", "value", "level__slug"
                )
            ),
            own_use=_by_partner(
                asked.filter(asked_at__gte=moment_after(since - ONE_DAY), asked_at__lt=moment_after(day))
                .order_by("asked_at", "pk")
                .values_list("partner_id", "product__product_line_id", "product__slug", "quantity", "asked_at")
            ),
        )


def _by_partner(rows: Any) -> ByPartner:
    found: ByPartner = defaultdict(list)
    for partner, *row in rows.iterator():
        found[partner].append(row)
    return found


def _counts(keys: Any) -> Mapping[int, int]:
    found: defaultdict[int, int] = defaultdict(int)
    for key in keys.iterator():
        found[key] += 1
    return found


def _requirements(rows: _Rows, partner: int, day: date) -> RequirementFacts:
    """As ``standing.facts_of``."""
    year, moment = term_starts(day), moment_after(day)
    bought: defaultdict[str, list[Any]] = defaultdict(list)
    for kind, until, quantity, agreed in rows.purchases.get(partner, ()):
        if until is None or until >= day:
            bought[kind].append((quantity, agreed))
    rented = bought[Purchase.Kind.RENTED_LICENCES]
    agreed_numbers = [agreed for _quantity, agreed in rented if agreed is not None]
    return RequirementFacts(
        certified_specialists=_people(rows, partner, day),
        marketing_activities=rows.activities.get(partner, 0),
        reviews=_reviews(rows, partner, year, day, moment),
        implementations=_implementations(rows, partner, year, day),
        announced=rows.announced.get(partner, False),
        module_purchased=bool(bought[Purchase.Kind.MODULE]),
        rented_licences=sum(quantity or 0 for quantity, _agreed in rented),
        rented_licences_agreed=agreed_numbers[-1] if agreed_numbers else None,
        extended_support=bool(bought[Purchase.Kind.EXTENDED_SUPPORT]),
        confirmed=frozenset(
            key for key, starts, until in rows.confirmations.get(partner, ()) if starts <= day <= until
        ),
    )


def _people(rows: _Rows, partner: int, day: date) -> int:
    working = {
        person_named(name)
        for name, certified_on, left_on in rows.specialists.get(partner, ())
        if certified_on <= day and (left_on is None or left_on > day)
    }
    return len(working)


def _implementations(rows: _Rows, partner: int, starts: date, until: date) -> int:
    return sum(starts <= finished <= until for (finished,) in rows.implementations.get(partner, ()))


def _reviews(rows: _Rows, partner: int, starts: date, until: date, moment: datetime | None = None) -> int:
    return sum(
        starts <= finished <= until and (moment is None or given < moment)
        for finished, given in rows.reviews.get(partner, ())
    )


def _recorded(
    held: Holding, rows: _Rows, facts: RequirementFacts, day: date, prices: PriceList, *, is_first: bool
) -> Recorded:
    since, partner = year_before(day), held.partner
    return Recorded(
        level=held.level,
        requirements=facts,
        rewarded=_rewarded(held, rows, day),
        sales=tuple(
            Sold(sold_on, list_total, discount)
            for line, sold_on, list_total, discount in rows.sales.get(partner, ())
            if sold_on >= since and (line == held.line or (line is None and is_first))
        ),
        own_use=tuple(_taken(held, rows, prices)),
        agreed=tuple(
            Agreed(starts, until, read_change(name, value, level))
            for starts, until, name, value, level in rows.agreed.get(partner, ())
        ),
    )


def _rewarded(held: Holding, rows: _Rows, day: date) -> Rewarded:
    """As ``bonus_facts`` makes of the membership's own days, as far as they have come."""
    partner, starts, until = held.partner, held.starts, min(held.until, day)
    kinds = {kind for kind, held_on in rows.participations.get(partner, ()) if starts <= held_on <= until}
    return Rewarded(
        reviews=_reviews(rows, partner, starts, until),
        implementations=_implementations(rows, partner, starts, until),
        specialists=_people(rows, partner, until),
        events=_events(kinds),
        confirmed=frozenset(
            key for key, begins, ends in rows.confirmations.get(partner, ()) if begins <= until and ends >= starts
        ),
        plans=tuple(_plans(rows, partner, starts, until)),
    )


def _events(kinds: set[str]) -> Events:
    attended = EventParticipation.Kind.ATTENDED in kinds
    if EventParticipation.Kind.HOSTED in kinds:
        return Events.BOTH if attended else Events.HOSTED
    return Events.ATTENDED if attended else Events.NONE


def _plans(rows: _Rows, partner: int, starts: date, until: date) -> Iterator[Planned]:
    """As ``sales.agreed_plans`` and ``sales.progress``."""
    last = membership_ends(until)
    for begins, ends, target in rows.plans.get(partner, ()):
        if begins <= until and starts <= ends <= last:
            yield Planned(
                target,
                tuple(
                    Sold(sold_on, list_total, discount)
                    for _line, sold_on, list_total, discount in rows.sales.get(partner, ())
                    if begins <= sold_on <= min(ends, until)
                ),
            )


def _taken(held: Holding, rows: _Rows, prices: PriceList) -> Iterator[Taken]:
    """Licences for own use, at today's prices: of a product without a price nothing can be said."""
    for line, slug, quantity, asked_at in rows.own_use.get(held.partner, ()):
        product = prices.products.get(slug)
        if line == held.line and product and product.list_price is not None:
            asked = RequestLine(slug, quantity, product.list_price, minimum_price=product.minimum_price)
            yield Taken(programme_day_of(asked_at), asked)
