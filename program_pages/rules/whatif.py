"""What if a draft's numbers were others: a rehearsal's partners as groups that are alike, reckoned anew at once.

``Groups`` hold what an ``impact.Comparison`` has looked at, partners that every edition treats alike as one: as many as
there are kinds of partners, however many partners. Sums are rounded once a group and not at each sale, so that they
may differ from the rehearsal's by half a kopeck a sale; counts are the same.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import gcd
from typing import Any, NamedTuple

from program_pages.rules.deal import Events, Plan, RequestLine
from program_pages.rules.impact import (
    Changes,
    Comparison,
    Held,
    Points,
    Recorded,
    Rewarded,
    Side,
    Tally,
    client_price,
    saved,
)
from program_pages.rules.money import NOTHING, WHOLE, BadValue, Fault, Reason, kopecks, percent_fault
from program_pages.rules.overlay import Change
from program_pages.rules.requirements import RequirementFacts
from program_pages.rules.terms import Bonus, Level, Requirement, RequirementKind, Rounding, Terms

MOST_COUNTED = 50  # people, activities and licences beyond that are alike
LICENCES_AGREED = 1


# --- Groups ---


class Worth(NamedTuple):
    """What is rewarded, in its lowest terms: two reviews of four are one of two."""

    reviews: int
    implementations: int
    specialists: int
    plan: Plan
    events: Events
    confirmed: frozenset[str]


class Paying(NamedTuple):
    """Partners, or their sales of days, with the same level, the same agreements and the same rewards."""

    level: str
    changes: Changes
    worth: Worth


class Owning(NamedTuple):
    """The same licences for own use at the same level and agreements."""

    level: str
    changes: Changes
    line: RequestLine


@dataclass(slots=True)
class Groups:
    """Partners alike: ``standing`` and ``paying`` count them, ``own_use`` counts purchases.

    ``sales`` sum the list's and the clients' prices of the sales of a group.
    """

    standing: Counter[tuple[str, RequirementFacts]] = field(default_factory=Counter)
    paying: Counter[Paying] = field(default_factory=Counter)
    sales: defaultdict[Paying, list[Decimal]] = field(default_factory=lambda: defaultdict(lambda: [NOTHING, NOTHING]))
    own_use: Counter[Owning] = field(default_factory=Counter)

    def add(self, recorded: Recorded, comparison: Comparison) -> None:
        """One partner more; sales and plans are rounded as the edition before rounds (A10)."""
        level, rounding = recorded.level, comparison.before.terms.readings.rounding
        worth = _worth(recorded.rewarded, rounding)
        self.standing[level, alike(recorded.requirements)] += 1
        self.paying[Paying(level, recorded.changes_on(comparison.day), worth)] += 1
        round_off = kopecks(rounding)
        for sale in recorded.sales:
            sums = self.sales[Paying(level, recorded.changes_on(sale.day), worth)]
            sums[0] += sale.list_total
            sums[1] += client_price(sale, round_off)
        for taken in recorded.own_use:
            self.own_use[Owning(level, recorded.changes_on(taken.day), taken.line)] += 1


def alike(facts: RequirementFacts) -> RequirementFacts:
    """Facts that every threshold judges as it judges these: shares in lowest terms, counts up to MOST_COUNTED."""
    reviews, implementations = _lowest(facts.reviews, facts.implementations)
    rented, agreed = facts.rented_licences, facts.rented_licences_agreed
    if agreed is None:
        rented = min(rented, MOST_COUNTED)
    else:
        rented, agreed = int(rented >= agreed), LICENCES_AGREED
    return replace(
        facts,
        certified_specialists=min(facts.certified_specialists, MOST_COUNTED),
        marketing_activities=min(facts.marketing_activities, MOST_COUNTED),
        reviews=reviews,
        implementations=implementations,
        rented_licences=rented,
        rented_licences_agreed=agreed,
    )


def _worth(rewarded: Rewarded, rounding: Rounding) -> Worth:
    return Worth(
        *_lowest(rewarded.reviews, rewarded.implementations),
        min(rewarded.specialists, MOST_COUNTED),
        rewarded.plan(rounding),
        rewarded.events,
        rewarded.confirmed,
    )


def _lowest(part: int, whole: int) -> tuple[int, int]:
    if not whole:
        return 0, 0
    divisor = gcd(part, whole)
    return part // divisor, whole // divisor


# --- Reckoned anew ---


def reckoned(groups: Groups, comparison: Comparison) -> dict[str, Tally]:
    """What an edition does to all of them, by level (slug); who gains and who loses only a rehearsal can say."""
    tallies: defaultdict[str, Tally] = defaultdict(Tally)
    for (level, facts), partners in groups.standing.items():
        _standing(tallies[level], level, facts, partners, comparison)
    for paying, partners in groups.paying.items():
        if _is_there(paying.level, comparison):
            _points(tallies[paying.level], paying, partners, comparison)
    for paying, (listed, client) in groups.sales.items():
        if _is_there(paying.level, comparison):
            _money(tallies[paying.level], paying, listed, client, comparison)
    for owning, times in groups.own_use.items():
        if _is_there(owning.level, comparison):
            prices = (
                side.own_price(owning.level, owning.changes, owning.line)
                for side in (comparison.before, comparison.after)
            )
            tallies[owning.level].own_use += times * saved(*prices)
    return dict(tallies)


def _is_there(level: str, comparison: Comparison) -> bool:
    return level in comparison.before.levels and level in comparison.after.levels


def _standing(tally: Tally, level: str, facts: RequirementFacts, partners: int, comparison: Comparison) -> None:
    tally.partners += partners
    if not _is_there(level, comparison):
        tally.gone += partners
        return
    before, after = comparison.before.missing(level, facts), comparison.after.missing(level, facts)
    missed = [key for key in after if key not in before]
    tally.failing += partners if missed else 0
    tally.missed.update(dict.fromkeys(missed, partners))
    tally.met.update({key: partners for key in before if key not in after})


def _points(tally: Tally, paying: Paying, partners: int, comparison: Comparison) -> None:
    old, new = (_side(side, paying) for side in (comparison.before, comparison.after))
    tally.discounts += partners * Points(old[0].discount, new[0].discount).differ
    tally.bonuses += partners * Points(old[0].granted(old[1]), new[0].granted(new[1])).differ
    tally.supports += partners * Points(old[0].level.support_percent, new[0].level.support_percent).differ


def _money(tally: Tally, paying: Paying, listed: Decimal, client: Decimal, comparison: Comparison) -> None:
    was, now = (
        held.money(listed, client, asked)
        for held, asked in (_side(side, paying) for side in (comparison.before, comparison.after))
    )
    tally.sold += client
    tally.licences += was.pays - now.pays
    tally.bonus_value += now.bonus - was.bonus
    tally.support_cost += saved(was.support, now.support)
    tally.clients += was.clients - now.clients


def _side(side: Side, paying: Paying) -> tuple[Held, Decimal]:
    worth = paying.worth
    facts = side.bonus_facts(
        paying.level,
        Rewarded(worth.reviews, worth.implementations, worth.specialists, worth.events, worth.confirmed),
    )
    return side.held(paying.level, paying.changes), side.asked_points(paying.level, replace(facts, plan=worth.plan))


# --- The draft's numbers ---


class Number(NamedTuple):
    """A number of a draft that may be tried otherwise; ``about`` are the keys that its name is made of."""

    name: str
    value: Decimal
    most: Decimal
    step: Decimal
    kind: str
    about: tuple[str, ...] = ()


HALF_A_POINT = Decimal("0.5")
EDITION_NUMBERS = ("ceiling", "own_use_cap", "updates_percent", "extended_support_percent")
LEVEL_NUMBERS = ("discount", "support_percent")
COUNTED = frozenset({RequirementKind.CERTIFIED_SPECIALISTS, RequirementKind.MARKETING_ACTIVITIES})


def numbers_of(terms: Terms) -> Iterator[Number]:
    """Every number of an edition that moves something in a rehearsal, in the order of the edition."""
    for name in EDITION_NUMBERS:
        yield _percent(name, getattr(terms, name), name)
    for level in terms.levels:
        for name in LEVEL_NUMBERS:
            value = getattr(level, name)
            if value is not None:
                yield _percent(f"{name}:{level.slug}", value, name, level.slug)
        for item in level.requirements:
            if item.threshold is not None and item.kind in COUNTED | {RequirementKind.REVIEWS_SHARE}:
                yield _threshold(level, item, item.threshold)
    for bonus in terms.bonuses:
        for slug, points in bonus.points.items():
            if points is not None:
                yield _percent(f"bonus:{bonus.key}:{slug}", points, "bonus", bonus.key, slug)


def _percent(name: str, value: Decimal, kind: str, *about: str) -> Number:
    return Number(name, value, WHOLE, HALF_A_POINT, kind, about)


def _threshold(level: Level, item: Requirement, threshold: Decimal) -> Number:
    name, about = f"requirement:{level.slug}:{item.key}", (level.slug, item.key)
    if item.kind is RequirementKind.REVIEWS_SHARE:
        return Number(name, threshold, WHOLE, Decimal(1), "requirement", about)
    return Number(name, threshold, Decimal(MOST_COUNTED), Decimal(1), "requirement_count", about)


def tuned(terms: Terms, values: Mapping[str, Decimal]) -> Terms:
    """The edition with these numbers, by their names, in place of its own.

    Raises BadValue, which names the number: of no such name, or beyond what it may be.
    """
    known = {number.name: number for number in numbers_of(terms)}
    for name, value in values.items():
        if name not in known:
            raise BadValue(name, Reason.NOT_A_SLUG)
        fault = fault_of(known[name], value)
        if fault:
            raise BadValue(name, *fault)
    changed: dict[str, Any] = {name: values[name] for name in EDITION_NUMBERS if name in values}
    levels = tuple(_tuned_level(level, values) for level in terms.levels)
    bonuses = tuple(
        replace(
            bonus, points={slug: values.get(f"bonus:{bonus.key}:{slug}", own) for slug, own in bonus.points.items()}
        )
        for bonus in terms.bonuses
    )
    return replace(terms, levels=levels, bonuses=bonuses, **changed)


def _tuned_points(bonus: Bonus, values: Mapping[str, Decimal]) -> dict[str, Decimal | None]:
    return {slug: values.get(f"bonus:{bonus.key}:{slug}", points) for slug, points in bonus.points.items()}


def _tuned_level(level: Level, values: Mapping[str, Decimal]) -> Level:
    changed: dict[str, Any] = {
        name: values[f"{name}:{level.slug}"] for name in LEVEL_NUMBERS if f"{name}:{level.slug}" in values
    }
    requirements = tuple(
        replace(item, threshold=values.get(f"requirement:{level.slug}:{item.key}", item.threshold))
        for item in level.requirements
    )
    return replace(level, requirements=requirements, **changed)


def fault_of(number: Number, value: Decimal) -> Fault | None:
    """Why a number cannot be this value; None where it can."""
    if number.kind == "requirement_count" and value.is_finite() and value != value.to_integral_value():
        return Fault(Reason.NOT_WHOLE)
    return percent_fault(value, number.most)


# --- Kept ---


def as_json(groups: Groups) -> dict[str, Any]:
    """The groups as numbers and texts that JSON can hold."""
    return {
        "standing": [[level, _facts_out(facts), count] for (level, facts), count in groups.standing.items()],
        "paying": [[*_paying_out(key), count] for key, count in groups.paying.items()],
        "sales": [[*_paying_out(key), str(listed), str(client)] for key, (listed, client) in groups.sales.items()],
        "own_use": [
            [key.level, _changes_out(key.changes), _line_out(key.line), count] for key, count in groups.own_use.items()
        ],
    }


def from_json(data: Mapping[str, Any]) -> Groups:
    """The groups that ``as_json`` has put down."""
    groups = Groups()
    for level, facts, count in data["standing"]:
        groups.standing[level, _facts_in(facts)] = count
    for level, changes, worth, count in data["paying"]:
        groups.paying[_paying_in(level, changes, worth)] = count
    for level, changes, worth, listed, client in data["sales"]:
        groups.sales[_paying_in(level, changes, worth)] = [Decimal(listed), Decimal(client)]
    for level, changes, line, count in data["own_use"]:
        groups.own_use[Owning(level, _changes_in(changes), _line_in(line))] = count
    return groups


def _facts_out(facts: RequirementFacts) -> list[Any]:
    return [
        facts.certified_specialists,
        facts.marketing_activities,
        facts.reviews,
        facts.implementations,
        int(facts.announced),
        int(facts.module_purchased),
        facts.rented_licences,
        facts.rented_licences_agreed,
        int(facts.extended_support),
        sorted(facts.confirmed),
    ]


def _facts_in(data: list[Any]) -> RequirementFacts:
    people, done, reviews, implementations, announced, module, rented, agreed, support, confirmed = data
    return RequirementFacts(
        people,
        done,
        reviews,
        implementations,
        bool(announced),
        bool(module),
        rented,
        agreed,
        bool(support),
        frozenset(confirmed),
    )


def _paying_out(key: Paying) -> list[Any]:
    worth = key.worth
    kept = [worth.reviews, worth.implementations, worth.specialists, worth.plan, worth.events, sorted(worth.confirmed)]
    return [key.level, _changes_out(key.changes), kept]


def _paying_in(level: str, changes: list[Any], worth: list[Any]) -> Paying:
    reviews, implementations, specialists, plan, events, confirmed = worth
    return Paying(
        level,
        _changes_in(changes),
        Worth(reviews, implementations, specialists, Plan(plan), Events(events), frozenset(confirmed)),
    )


def _changes_out(changes: Changes) -> list[list[Any]]:
    return [
        [change.name, change.value if isinstance(change.value, int) else str(change.value), change.level]
        for change in changes
    ]


def _changes_in(data: list[list[Any]]) -> Changes:
    return tuple(
        Change(name, value if isinstance(value, int) else Decimal(value), level) for name, value, level in data
    )


def _line_out(line: RequestLine) -> list[Any]:
    return [line.product, line.quantity, *(None if price is None else str(price) for price in _prices(line))]


def _prices(line: RequestLine) -> tuple[Decimal | None, ...]:
    return line.unit_price, line.list_price, line.minimum_price


def _line_in(data: list[Any]) -> RequestLine:
    product, quantity, *prices = data
    unit, listed, minimum = (None if price is None else Decimal(price) for price in prices)
    return RequestLine(product, quantity, unit or NOTHING, listed, minimum)
