"""What the same deal brings at every level, and what small change would bring more.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteRequest
from program_pages.rules.money import NOTHING, WHOLE
from program_pages.rules.quote import Quote, quote
from program_pages.rules.terms import Bonus, BonusMeasure, Level, Terms
from program_pages.rules.thresholds import least, least_of, least_share

# --- The same deal at every level ---


@dataclass(frozen=True, slots=True)
class LevelQuote:
    """The deal at one level; what the level asks of a partner stands in ``level.requirements``."""

    level: Level
    quote: Quote
    is_asked: bool


def compare(terms: Terms, request: QuoteRequest) -> tuple[LevelQuote, ...]:
    """The same deal at every level of the edition, in the levels' order (R12, R46, R64-R66).

    A discount agreed for a plan (R47) is the partner's at the level asked for, so other levels are quoted with
    their own; an agreed share of updates (R33) goes as far as each level allows. Raises as ``quote`` does.
    """
    terms.level(request.level)  # nothing is compared with a level that is not there
    return tuple(
        LevelQuote(level, quote(terms, _at(level, request)), level.slug == request.level) for level in terms.levels
    )


def _at(level: Level, request: QuoteRequest) -> QuoteRequest:
    if level.slug == request.level:
        return request
    share = request.updates_share
    if share is not None and level.updates_share is not None:
        share = min(share, level.updates_share)
    return replace(request, level=level.slug, agreed_discount=None, updates_share=share)


# --- What would raise it ---


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """What is counted at the partner in the term, so that advice can name how many are missing."""

    reviews: int
    implementations: int

    @property
    def reviews_share(self) -> Decimal | None:
        """Reviews in points of the implementations, at most all of them; None without implementations (A6)."""
        if not self.implementations:
            return None
        return min(WHOLE, WHOLE * self.reviews / self.implementations)


class StepKind(StrEnum):
    """What to do for more."""

    MORE_REVIEWS = "more_reviews"  # ``count`` more of them
    RAISE_REVIEWS_SHARE = "raise_reviews_share"  # beyond the threshold, where nobody counted them
    AGREE_A_PLAN = "agree_a_plan"  # and fulfil it
    MEET_THE_PLAN = "meet_the_plan"
    MORE_SPECIALISTS = "more_specialists"  # ``count`` more of them
    ATTEND_AN_EVENT = "attend_an_event"
    HOST_AN_EVENT = "host_an_event"


@dataclass(frozen=True, slots=True)
class Step:
    """One change and what it adds after the ceiling: ``points``, worth ``value`` roubles at a next sale like this.

    ``share_from`` and ``share_to`` are the share of reviews before and after, where that is what changes;
    ``share_to`` is the threshold to pass where nobody counted the reviews.
    """

    kind: StepKind
    bonus: str
    clause: str
    count: int
    points: Decimal
    value: Decimal
    share_from: Decimal | None = None
    share_to: Decimal | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    kind: StepKind
    facts: BonusFacts
    count: int = 1
    share_from: Decimal | None = None
    share_to: Decimal | None = None


def next_step(terms: Terms, request: QuoteRequest, facts: PartnerFacts | None = None) -> tuple[Step, ...]:
    """The smallest changes that raise the bonus (R71-R75), fewest first, then the ones that bring most.

    A change that the ceiling would take away is not named. Where ``facts`` count implementations, reviews are counted
    on; else only the share to pass is known. Raises as ``quote`` does.
    """
    request = replace(request, sections=frozenset())  # points and their worth are totals
    now = quote(terms, request)
    found = []
    for bonus in terms.bonuses:
        if bonus.points.get(request.level) is None:
            continue
        for change in _changes(bonus, request.bonus, facts):
            then = quote(terms, replace(request, bonus=change.facts))
            gain = then.bonuses.granted - now.bonuses.granted
            if gain > 0:
                found.append(_step(bonus, change, gain, then.bonuses.value - now.bonuses.value))
    return tuple(sorted(found, key=lambda step: (step.count, -step.points)))


def _step(bonus: Bonus, change: _Change, gain: Decimal, value: Decimal) -> Step:
    return Step(
        kind=change.kind,
        bonus=bonus.key,
        clause=bonus.clause,
        count=change.count,
        points=gain,
        value=value,
        share_from=change.share_from,
        share_to=change.share_to,
    )


def _changes(bonus: Bonus, now: BonusFacts, facts: PartnerFacts | None) -> Iterator[_Change]:
    if bonus.measure is BonusMeasure.REVIEWS_SHARE:
        yield from _more_reviews(bonus, now, facts)
    elif bonus.measure is BonusMeasure.SALES_PLAN and now.plan is not Plan.MET:
        agreed = now.plan is Plan.AGREED
        kind = StepKind.MEET_THE_PLAN if agreed else StepKind.AGREE_A_PLAN
        yield _Change(kind, replace(now, plan=Plan.MET))
    elif bonus.measure is BonusMeasure.EXTRA_SPECIALISTS:
        enough = least(bonus)
        missing = enough - now.extra_specialists
        if missing > 0:
            yield _Change(StepKind.MORE_SPECIALISTS, replace(now, extra_specialists=enough), missing)
    elif bonus.measure is BonusMeasure.EVENT_ATTENDED and now.events in {Events.NONE, Events.HOSTED}:
        done = Events.BOTH if now.events is Events.HOSTED else Events.ATTENDED
        yield _Change(StepKind.ATTEND_AN_EVENT, replace(now, events=done))
    elif bonus.measure is BonusMeasure.EVENT_HOSTED and now.events in {Events.NONE, Events.ATTENDED}:
        done = Events.BOTH if now.events is Events.ATTENDED else Events.HOSTED
        yield _Change(StepKind.HOST_AN_EVENT, replace(now, events=done))


def _more_reviews(bonus: Bonus, now: BonusFacts, facts: PartnerFacts | None) -> Iterator[_Change]:
    if facts is not None and facts.implementations:
        enough = least_of(bonus, facts.implementations)
        missing = enough - facts.reviews
        after = replace(facts, reviews=enough).reviews_share
        if missing > 0:
            more = replace(now, reviews_share=after)
            yield _Change(StepKind.MORE_REVIEWS, more, missing, facts.reviews_share, after)
    elif now.reviews_share is not None:
        more = replace(now, reviews_share=min(WHOLE, least_share(bonus)))
        threshold = bonus.threshold or NOTHING
        yield _Change(StepKind.RAISE_REVIEWS_SHARE, more, share_from=now.reviews_share, share_to=threshold)
