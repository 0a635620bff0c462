"""What another edition would do to a partner: the same records judged and reckoned under two editions (R47, R82, R83).

A rehearsal compares a draft (``after``) with what would hold without it (``before``) on the day the draft takes effect.
Nothing but the terms differs: the same sales to the same clients at the same prices, with what was agreed with the
partner alone on each sale's own day. Money is a ``Decimal`` in roubles, a change is the partner's gain (a loss is
negative), percents are points.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from program_pages.rules.advice import PartnerFacts
from program_pages.rules.bonus import outcomes
from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteRequest, QuoteSection, RequestLine
from program_pages.rules.lines import LineKind
from program_pages.rules.money import HUNDREDTH, NOTHING, WHOLE, BadValue, kopecks
from program_pages.rules.overlay import Change, apply
from program_pages.rules.quote import quote
from program_pages.rules.requirements import RequirementFacts, RequirementStatus, judge, specialists_asked
from program_pages.rules.sale import under_ceiling
from program_pages.rules.terms import Level, Rounding, ServicesBase, Terms

KEPT = 2**14  # answers kept of each kind: partners that are alike are judged once
Changes = tuple[Change, ...]
NOTHING_AGREED: Changes = ()


# --- What is recorded of a partner ---


class Sold(NamedTuple):
    """Licences sold to a client on a day: their list price in roubles, the client's discount in points (R50)."""

    day: date
    list_total: Decimal
    client_discount: Decimal = NOTHING


class Taken(NamedTuple):
    """Licences that the partner took for its own use on a day, at the prices they are compared by (R48)."""

    day: date
    line: RequestLine


class Agreed(NamedTuple):
    """One number agreed with the partner alone, from a day to a day (None: without end), both included (R47, R82)."""

    starts: date
    until: date | None
    change: Change


class Planned(NamedTuple):
    """A sales plan that was agreed on: its target in roubles, and what was sold of it (R72)."""

    target: Decimal
    sales: tuple[Sold, ...]


@dataclass(frozen=True, slots=True)
class Rewarded:
    """What is counted in the membership's term, before an edition says what it is worth (R71-R74)."""

    reviews: int = 0
    implementations: int = 0
    specialists: int = 0
    events: Events = Events.NONE
    confirmed: frozenset[str] = frozenset()
    plans: tuple[Planned, ...] = ()

    def plan(self, rounding: Rounding) -> Plan:
        """Met where every plan is, by what clients pay, rounded as an edition says (A10)."""
        if not self.plans:
            return Plan.NONE
        round_off = kopecks(rounding)
        met = all(
            sum((client_price(sale, round_off) for sale in plan.sales), NOTHING) >= plan.target for plan in self.plans
        )
        return Plan.MET if met else Plan.AGREED


@dataclass(frozen=True, slots=True)
class Recorded:
    """Everything of a partner at a level (slug) that a rehearsal looks at; ``agreed`` in the order of its force."""

    level: str
    requirements: RequirementFacts = field(default_factory=RequirementFacts)
    rewarded: Rewarded = field(default_factory=Rewarded)
    sales: tuple[Sold, ...] = ()
    own_use: tuple[Taken, ...] = ()
    agreed: tuple[Agreed, ...] = ()

    def changes_on(self, day: date) -> Changes:
        """What was agreed for this level, or for all, and holds on a day; the last word last."""
        if not self.agreed:
            return NOTHING_AGREED
        return tuple(
            each.change
            for each in self.agreed
            if each.starts <= day
            and (each.until is None or day <= each.until)
            and each.change.level in (None, self.level)
        )


def client_price(sale: Sold, round_off: Callable[[Decimal], Decimal]) -> Decimal:
    """What the client pays for a sale (R50)."""
    return round_off(round_off(sale.list_total) * (WHOLE - sale.client_discount) * HUNDREDTH)


# --- What becomes of it ---


class Points(NamedTuple):
    """A percentage before and after, None where there is none (support by agreement, R52)."""

    before: Decimal | None
    after: Decimal | None

    @property
    def differ(self) -> bool:
        """Whether they are two different ones."""
        return self.before != self.after


NO_POINTS = Points(None, None)


@dataclass(frozen=True, slots=True)
class Effect:
    """What changes for a partner: ``missed`` are requirements (keys) newly not met, ``met`` those no longer missing.

    ``discount`` goes up to the ceiling, ``bonus`` is what it leaves of the bonuses (R75), both on the day of effect;
    ``support`` is the percentage of R51. The sums are gains on the sales and licences recorded: what the partner pays
    for licences, what its bonus is worth, its own licences, support of its clients; ``clients`` is what its clients
    gain on updates and extended support if all of them take both (R53, R54), and no part of ``total``. ``sold`` is
    what clients paid. ``is_gone`` says that one of the editions lacks the level: nothing else is compared then.
    """

    missed: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    discount: Points = NO_POINTS
    bonus: Points = NO_POINTS
    support: Points = NO_POINTS
    sold: Decimal = NOTHING
    licences: Decimal = NOTHING
    bonus_value: Decimal = NOTHING
    own_use: Decimal = NOTHING
    support_cost: Decimal = NOTHING
    clients: Decimal = NOTHING
    is_gone: bool = False

    @property
    def total(self) -> Decimal:
        """The partner's own gain in roubles."""
        return self.licences + self.bonus_value + self.own_use + self.support_cost

    @property
    def changes(self) -> bool:
        """Whether anything is different."""
        return bool(
            self.is_gone
            or self.missed
            or self.met
            or self.discount.differ
            or self.bonus.differ
            or self.support.differ
            or any((self.licences, self.bonus_value, self.own_use, self.support_cost, self.clients))
        )


class SaleMoney(NamedTuple):
    """One sale under one edition; ``support`` is None where it is by agreement (R52)."""

    client: Decimal
    pays: Decimal
    bonus: Decimal
    support: Decimal | None
    clients: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """A level as it holds for a partner: what the ceiling leaves of its discount and for bonuses (R75, A2)."""

    terms: Terms
    level: Level
    discount: Decimal
    room: Decimal
    round_off: Callable[[Decimal], Decimal]

    def granted(self, asked: Decimal) -> Decimal:
        """What the ceiling leaves of bonus points."""
        return min(asked, self.room)

    def sale(self, sold: Sold, asked: Decimal) -> SaleMoney:
        """A sale's money, with bonuses of so many points before the ceiling returned on it."""
        round_off = self.round_off
        listed = round_off(sold.list_total)
        client = round_off(listed * (WHOLE - sold.client_discount) * HUNDREDTH)
        return self.money(listed, client, asked)

    def money(self, listed: Decimal, client: Decimal, asked: Decimal) -> SaleMoney:
        """The same from what the list and the client come to, of one sale or of many alike."""
        round_off, terms, percent = self.round_off, self.terms, self.level.support_percent
        base = client if terms.readings.services_base is ServicesBase.FINAL_PRICE else listed
        return SaleMoney(
            client,
            round_off(client * (WHOLE - self.discount) * HUNDREDTH),
            round_off(client * self.granted(asked) * HUNDREDTH),
            None if percent is None else round_off(base * percent * HUNDREDTH),
            round_off(base * terms.updates_percent * HUNDREDTH)
            + round_off(base * terms.extended_support_percent * HUNDREDTH),
        )


class Side:
    """One edition on the day that a rehearsal looks at; answers alike questions once."""

    def __init__(self, terms: Terms, day: date) -> None:
        self.terms = terms
        self.day = day
        self.levels = {level.slug: level for level in terms.levels}
        self.held = lru_cache(KEPT)(self._held)
        self.missing = lru_cache(KEPT)(self._missing)
        self.asked_points = lru_cache(KEPT)(self._asked_points)
        self.own_price = lru_cache(KEPT)(self._own_price)

    def bonus_facts(self, level: str, rewarded: Rewarded) -> BonusFacts:
        """What is rewarded at a level: specialists beyond what it asks for (R73)."""
        return BonusFacts(
            reviews_share=PartnerFacts(rewarded.reviews, rewarded.implementations).reviews_share,
            plan=rewarded.plan(self.terms.readings.rounding),
            extra_specialists=max(rewarded.specialists - specialists_asked(self.levels[level]), 0),
            events=rewarded.events,
            confirmed=rewarded.confirmed,
        )

    def _held(self, level: str, changes: Changes) -> Held:
        terms = apply(self.terms, changes) if changes else self.terms
        held = terms.level(level)
        discount, room = under_ceiling(terms, held.discount)
        return Held(terms, held, discount, room, kopecks(terms.readings.rounding))

    def _missing(self, level: str, facts: RequirementFacts) -> tuple[str, ...]:
        readings = self.terms.readings
        return tuple(
            item.key
            for item in self.levels[level].requirements
            if judge(item, facts, readings).status is RequirementStatus.MISSING
        )

    def _asked_points(self, level: str, facts: BonusFacts) -> Decimal:
        return sum((outcome.points for outcome in outcomes(self.terms, level, facts, self.day)), NOTHING)

    def _own_price(self, level: str, changes: Changes, line: RequestLine) -> Decimal | None:
        """What own licences cost at the most (A3); None where the rules cannot say."""
        request = QuoteRequest(level, (line,), sections=frozenset({QuoteSection.OWN_USE}))
        try:
            found = quote(self.held(level, changes).terms, request).line(f"own_use:{line.product}")
        except BadValue:  # a price that the rules do not compute with
            return None
        if found is None:
            return None
        return found.high if found.kind is LineKind.RANGE else found.amount


class Comparison:
    """Two editions on a day; ``effect`` says what the second does to a partner that the first does not."""

    def __init__(self, before: Terms, after: Terms, day: date) -> None:
        self.before, self.after, self.day = Side(before, day), Side(after, day), day

    def effect(self, recorded: Recorded) -> Effect:
        """What changes for a partner."""
        level, before, after = recorded.level, self.before, self.after
        if level not in before.levels or level not in after.levels:
            return Effect(is_gone=True)
        old_missing = before.missing(level, recorded.requirements)
        new_missing = after.missing(level, recorded.requirements)
        changes = recorded.changes_on(self.day)
        old, new = before.held(level, changes), after.held(level, changes)
        old_asked, new_asked = (
            side.asked_points(level, side.bonus_facts(level, recorded.rewarded)) for side in (before, after)
        )
        sold, licences, bonus, support, clients = self._sales(recorded, old_asked, new_asked)
        return Effect(
            missed=tuple(key for key in new_missing if key not in old_missing),
            met=tuple(key for key in old_missing if key not in new_missing),
            discount=Points(old.discount, new.discount),
            bonus=Points(old.granted(old_asked), new.granted(new_asked)),
            support=Points(old.level.support_percent, new.level.support_percent),
            sold=sold,
            licences=licences,
            bonus_value=bonus,
            own_use=self._own_use(recorded),
            support_cost=support,
            clients=clients,
        )

    def _sales(
        self, recorded: Recorded, old_asked: Decimal, new_asked: Decimal
    ) -> tuple[Decimal, Decimal, Decimal, Decimal, Decimal]:
        """What clients paid, and the gains: on licences, bonus, support; and the clients' own."""
        sold = licences = bonus = support = clients = NOTHING
        for sale in recorded.sales:
            changes = recorded.changes_on(sale.day)
            was = self.before.held(recorded.level, changes).sale(sale, old_asked)
            now = self.after.held(recorded.level, changes).sale(sale, new_asked)
            sold += was.client
            licences += (now.client - now.pays) - (was.client - was.pays)
            bonus += now.bonus - was.bonus
            support += saved(was.support, now.support)
            clients += was.clients - now.clients
        return sold, licences, bonus, support, clients

    def _own_use(self, recorded: Recorded) -> Decimal:
        gain = NOTHING
        for taken in recorded.own_use:
            changes = recorded.changes_on(taken.day)
            gain += saved(*(side.own_price(recorded.level, changes, taken.line) for side in (self.before, self.after)))
        return gain


def saved(before: Decimal | None, after: Decimal | None) -> Decimal:
    """What a price that changes spares; nothing where either is by agreement (R52)."""
    return NOTHING if before is None or after is None else before - after


# --- Many partners in one sum ---


@dataclass(slots=True)
class Tally:
    """How many partners of a level a draft touches, and what it comes to in roubles.

    ``failing`` miss some requirement newly; ``missed`` and ``met`` count each requirement by its key.
    """

    partners: int = 0
    touched: int = 0
    gone: int = 0
    failing: int = 0
    discounts: int = 0
    bonuses: int = 0
    supports: int = 0
    gaining: int = 0
    losing: int = 0
    sold: Decimal = NOTHING
    licences: Decimal = NOTHING
    bonus_value: Decimal = NOTHING
    own_use: Decimal = NOTHING
    support_cost: Decimal = NOTHING
    clients: Decimal = NOTHING
    missed: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> Decimal:
        """The partners' own gain in roubles."""
        return self.licences + self.bonus_value + self.own_use + self.support_cost

    def add(self, effect: Effect) -> None:
        """One partner more."""
        self.partners += 1
        self.sold += effect.sold
        if not effect.changes:
            return
        self.touched += 1
        self.gone += effect.is_gone
        self.failing += bool(effect.missed)
        self.discounts += effect.discount.differ
        self.bonuses += effect.bonus.differ
        self.supports += effect.support.differ
        self.gaining += effect.total > 0
        self.losing += effect.total < 0
        for name in MONEY:
            setattr(self, name, getattr(self, name) + getattr(effect, name))
        self.missed.update(effect.missed)
        self.met.update(effect.met)


MONEY = ("licences", "bonus_value", "own_use", "support_cost", "clients")
COUNTS = ("partners", "touched", "gone", "failing", "discounts", "bonuses", "supports", "gaining", "losing")


def summed(tallies: Iterable[Tally]) -> Tally:
    """All levels as one; requirements stay with their levels."""
    total = Tally()
    for tally in tallies:
        for name in (*COUNTS, "sold", *MONEY):
            setattr(total, name, getattr(total, name) + getattr(tally, name))
    return total
