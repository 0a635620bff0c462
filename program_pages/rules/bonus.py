"""Bonus points: which kinds apply at a level, how many points the ceiling leaves, what they are worth (R70-R77, R79).

A bonus is worth something at the partner's *next* sale, as a discount or as licences (R77); this module
values it as if that sale were like this one. Points are percentage points, money is roubles.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteSection
from program_pages.rules.lines import BonusStatus, Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.money import NOTHING
from program_pages.rules.sale import Deal
from program_pages.rules.terms import Bonus, BonusMeasure, Terms, Topic
from program_pages.rules.thresholds import reaches

Measured = Mapping[str, Decimal | int]
Judged = tuple[BonusStatus, ExplanationKey, Measured]  # what became of it, the sentence, and the values it names
_NOTHING_MEASURED: Measured = {}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one kind of bonus; ``key`` is the bonus's own, or its group's where several make one kind.

    ``points`` are what it brings before the ceiling, zero unless it applies; ``offered`` is whether the level
    has it at all.
    """

    key: str
    status: BonusStatus
    points: Decimal
    explanation: Explanation
    clause: str
    offered: bool = True


def outcomes(terms: Terms, level: str, facts: BonusFacts, day: date | None = None) -> tuple[Outcome, ...]:
    """The kinds of bonus at a level (slug), in the edition's order: each bonus, or each group of them (A1).

    After the promotion's last day none of them is applicable (R79).
    """
    if terms.bonuses_until is not None and terms.bonuses_are_over(day):
        return tuple(_over(terms.bonuses_until, kind, members[0]) for kind, members in terms.bonus_kinds.items())
    return tuple(
        _single(members[0], kind, level, facts)
        if len(members) == 1
        else _group(kind, [_single(bonus, kind, level, facts) for bonus in members], members[0].highest_of_group)
        for kind, members in terms.bonus_kinds.items()
    )


def _over(last: date, kind: str, bonus: Bonus) -> Outcome:
    said = Explanation(ExplanationKey.BONUSES_OVER, {"last": last.isoformat()})
    return Outcome(kind, BonusStatus.NOT_APPLICABLE, NOTHING, said, bonus.clause, offered=False)


def _single(bonus: Bonus, kind: str, level: str, facts: BonusFacts) -> Outcome:
    points = bonus.points.get(level)
    if points is None:
        said = Explanation(ExplanationKey.BONUS_NOT_AT_LEVEL, {"bonus": bonus.key})
        return Outcome(kind, BonusStatus.NOT_APPLICABLE, NOTHING, said, bonus.clause, offered=False)
    status, key, measured = _JUDGES[bonus.measure](bonus, facts)
    values: dict[str, Decimal | int | str] = {"bonus": bonus.key, "points": points, **measured}
    earned = points if status is BonusStatus.APPLIES else NOTHING
    return Outcome(kind, status, earned, Explanation(key, values), bonus.clause)


def _group(kind: str, members: list[Outcome], highest: bool) -> Outcome:
    """Several bonuses as one kind: the highest that applies, or all that do (A1)."""
    applying = [member for member in members if member.status is BonusStatus.APPLIES]
    if not applying:
        return _none_of(kind, members)
    best = max(applying, key=lambda member: member.points)
    if len(applying) == 1:
        return best
    points = best.points if highest else sum((member.points for member in applying), NOTHING)
    said = Explanation(
        ExplanationKey.HIGHEST_OF_GROUP if highest else ExplanationKey.SUM_OF_GROUP,
        {**best.explanation.values, "count": len(applying), "points": points},
    )
    return Outcome(kind, BonusStatus.APPLIES, points, said, best.clause)


def _none_of(kind: str, members: list[Outcome]) -> Outcome:
    """What becomes of a group none of which applies: what the level could have had, missed before not applicable."""
    offered = [member for member in members if member.offered]
    if not offered:
        return members[0]
    missed = (member for member in offered if member.status is BonusStatus.DOES_NOT_APPLY)
    first = next(missed, offered[0])
    said = Explanation(ExplanationKey.NONE_OF_GROUP, first.explanation.values)
    return Outcome(kind, first.status, NOTHING, said, first.clause)


# --- Each measure's judgement ---


def _reviews(bonus: Bonus, facts: BonusFacts) -> Judged:
    share, threshold = facts.reviews_share, bonus.threshold or NOTHING
    if share is None:
        return BonusStatus.NOT_APPLICABLE, ExplanationKey.REVIEWS_NO_IMPLEMENTATIONS, {}
    measured = {"share": share, "threshold": threshold}
    if reaches(share, bonus):
        return BonusStatus.APPLIES, ExplanationKey.REVIEWS_APPLY, measured
    return BonusStatus.DOES_NOT_APPLY, ExplanationKey.REVIEWS_TOO_FEW, measured


def _plan(bonus: Bonus, facts: BonusFacts) -> Judged:
    if facts.plan is Plan.MET:
        return BonusStatus.APPLIES, ExplanationKey.PLAN_MET, {}
    if facts.plan is Plan.NONE and bonus.only_if_agreed:
        return BonusStatus.NOT_APPLICABLE, ExplanationKey.PLAN_NOT_AGREED, {}
    return BonusStatus.DOES_NOT_APPLY, ExplanationKey.PLAN_NOT_MET, {}


def _specialists(bonus: Bonus, facts: BonusFacts) -> Judged:
    measured = {"specialists": facts.extra_specialists}
    enough = reaches(facts.extra_specialists, bonus)
    return _yes_or_no(enough, ExplanationKey.SPECIALISTS_APPLY, ExplanationKey.SPECIALISTS_TOO_FEW, measured)


def _attended(bonus: Bonus, facts: BonusFacts) -> Judged:
    done = facts.events is Events.ATTENDED or facts.events is Events.BOTH
    return _yes_or_no(done, ExplanationKey.EVENT_ATTENDED, ExplanationKey.EVENT_NOT_ATTENDED)


def _hosted(bonus: Bonus, facts: BonusFacts) -> Judged:
    done = facts.events is Events.HOSTED or facts.events is Events.BOTH
    return _yes_or_no(done, ExplanationKey.EVENT_HOSTED, ExplanationKey.EVENT_NOT_HOSTED)


def _confirmed(bonus: Bonus, facts: BonusFacts) -> Judged:
    return _yes_or_no(bonus.key in facts.confirmed, ExplanationKey.CONFIRMED, ExplanationKey.NOT_CONFIRMED)


def _yes_or_no(
    applies: bool, yes: ExplanationKey, no: ExplanationKey, measured: Measured = _NOTHING_MEASURED
) -> Judged:
    return (BonusStatus.APPLIES, yes, measured) if applies else (BonusStatus.DOES_NOT_APPLY, no, measured)


_JUDGES: Mapping[BonusMeasure, Callable[[Bonus, BonusFacts], Judged]] = {
    BonusMeasure.REVIEWS_SHARE: _reviews,
    BonusMeasure.SALES_PLAN: _plan,
    BonusMeasure.EXTRA_SPECIALISTS: _specialists,
    BonusMeasure.EVENT_ATTENDED: _attended,
    BonusMeasure.EVENT_HOSTED: _hosted,
    BonusMeasure.OTHER: _confirmed,
}


# --- Their points and their worth ---


@dataclass(frozen=True, slots=True)
class Bonuses:
    """All kinds at a level: ``asked`` points before the ceiling, ``granted`` after it, and their worth in roubles.

    ``licences`` says how many licences of each product of the deal the worth pays for (R77), by what the
    partner pays for one, the dearest where it has several prices; a product that costs nothing is left out.
    """

    outcomes: tuple[Outcome, ...]
    asked: Decimal
    granted: Decimal
    value: Decimal
    licences: tuple[tuple[str, int], ...] = ()

    @property
    def cut(self) -> Decimal:
        """The points that the ceiling took (R75)."""
        return self.asked - self.granted


def bonuses_of(deal: Deal) -> Bonuses:
    """The bonuses of a deal, up to the ceiling, worth so much at a next sale like this one (R71-R77)."""
    found = outcomes(deal.terms, deal.level.slug, deal.request.bonus, deal.request.day)
    asked = sum((outcome.points for outcome in found), NOTHING)
    granted = min(asked, deal.room)
    value = deal.share(deal.client_total, granted)
    return Bonuses(found, asked, granted, value, tuple(_in_licences(deal, value)) if value else ())


def _in_licences(deal: Deal, value: Decimal) -> Iterator[tuple[str, int]]:
    dearest: dict[str, Decimal] = {}
    for sale in deal.sales:
        line = sale.line
        dearest[line.product] = max(line.unit_price, dearest.get(line.product, NOTHING))
    for product, unit_price in dearest.items():
        price = deal.left(deal.left(unit_price, deal.request.client_discount), deal.discount)
        if price:
            yield product, int(value // price)


def bonus_lines(deal: Deal, bonuses: Bonuses) -> Iterable[Line]:
    """A line a kind, then what the ceiling cut, then what is left: the first ones less the cut make the last.

    Each kind's amount is what it adds to the ones before it, so that the lines add up to the kopeck.
    """
    base, points, worth = deal.client_total, NOTHING, deal.kopecks(NOTHING)
    for outcome in bonuses.outcomes:
        before, points = worth, points + outcome.points
        worth = deal.share(base, points)
        applicable = outcome.status is not BonusStatus.NOT_APPLICABLE
        yield Line(
            key=f"bonus:{outcome.key}",
            section=QuoteSection.BONUS,
            kind=LineKind.EXACT if applicable else LineKind.NOT_AVAILABLE,
            explanation=outcome.explanation,
            amount=worth - before if applicable else None,
            base=base if applicable else None,
            percent=outcome.points if applicable else None,
            clause=outcome.clause,
            status=outcome.status,
        )
    if bonuses.cut:
        yield _cut_bonus(deal, bonuses, worth)
    yield _worth(deal, bonuses)


def _cut_bonus(deal: Deal, bonuses: Bonuses, worth: Decimal) -> Line:
    values = {
        "asked": bonuses.asked,
        "discount": deal.discount,
        "ceiling": deal.terms.ceiling,
        "cut": bonuses.cut,
        "granted": bonuses.granted,
    }
    return Line(
        key="bonus_ceiling",
        section=QuoteSection.BONUS,
        kind=LineKind.EXACT,
        explanation=Explanation(ExplanationKey.BONUS_CEILING, values),
        amount=worth - bonuses.value,
        base=deal.client_total,
        percent=bonuses.cut,
        clause=deal.clause(Topic.CEILING),
    )


def _worth(deal: Deal, bonuses: Bonuses) -> Line:
    key = ExplanationKey.BONUS_VALUE if bonuses.granted else ExplanationKey.NO_BONUS
    return Line(
        key="bonus_value",
        section=QuoteSection.BONUS,
        kind=LineKind.EXACT,
        explanation=Explanation(
            key, {"points": bonuses.granted, "base": deal.client_total, "value": bonuses.value, **dict(_said(bonuses))}
        ),
        amount=bonuses.value,
        base=deal.client_total,
        percent=bonuses.granted,
        clause=deal.clause(Topic.BONUS_RETURN),
    )


def _said(bonuses: Bonuses) -> Iterator[tuple[str, int]]:
    """How many licences of each product the worth pays for, as values of the sentence ("licences:asoft-crm")."""
    return ((f"licences:{product}", count) for product, count in bonuses.licences)
