"""What holds for any edition and any deal (R15-R77): the promises of every quote."""

from collections import Counter
from dataclasses import fields, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.advice import PartnerFacts, Step, StepKind, compare, next_step
from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteRequest, QuoteSection
from program_pages.rules.lines import Line, LineKind
from program_pages.rules.quote import Quote, quote
from program_pages.rules.terms import CeilingScope, Terms

from .strategies import bonus_facts, editions, points, requests

ORDER = list(QuoteSection)


def is_whole_kopecks(amount: Decimal) -> bool:
    return amount.as_tuple().exponent == -2


def money_of(answer: Quote) -> list[Decimal]:
    """Every sum of a quote."""
    totals = [value for name, value in vars_of(answer.totals).items() if not name.endswith("_points")]
    of_lines = [value for line in answer.lines for value in (line.amount, line.low, line.high, line.base)]
    plan = answer.rental
    of_months = [value for each in plan.months for value in (each.cost, each.income, each.balance)] if plan else []
    of_plan = [plan.module, plan.licences, plan.support, plan.support_base, plan.first_year_cost] if plan else []
    of_rental = [*of_months, *of_plan, plan.income, plan.result] if plan else []
    return [value for value in [*totals, *of_lines, *of_rental, answer.bonuses.value] if value is not None]


def vars_of(data: object) -> dict[str, Decimal]:
    return {field.name: getattr(data, field.name) for field in fields(data)}  # type: ignore[arg-type]


def section(answer: Quote, name: QuoteSection) -> list[Line]:
    return [line for line in answer.lines if line.section is name]


def total(lines: list[Line]) -> Decimal:
    return sum((line.amount for line in lines if line.amount is not None), Decimal(0))


# --- The sale ---


@given(editions(), requests)
def test_r50_the_partner_pays_from_nothing_to_what_the_client_pays(terms: Terms, deal: QuoteRequest) -> None:
    totals = quote(terms, deal).totals
    assert 0 <= totals.partner_pays <= totals.client_total <= totals.list_total
    assert totals.list_total == sum(line.quantity * line.unit_price for line in deal.lines)


@given(editions(), requests)
def test_a10_totals_are_sums_of_lines_and_margin_and_payment_make_the_whole(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    totals, licences = answer.totals, section(answer, QuoteSection.LICENCES)
    products = [line for line in licences if line.key.startswith("licences:")]
    credit = total([line for line in licences if line.key == "bonus_credit"])
    assert totals.partner_margin + totals.partner_pays == totals.client_total
    assert totals.partner_pays == total(products) - credit
    assert totals.client_total == sum(line.base or 0 for line in products)


@given(editions(), requests)
def test_a10_every_sum_is_in_whole_kopecks(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    assert all(map(is_whole_kopecks, money_of(answer)))
    assert all(isinstance(value, Decimal) for value in vars_of(answer.totals).values())


@given(editions(), requests, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(terms: Terms, deal: QuoteRequest, random: Random) -> None:
    shuffled = list(deal.lines)
    random.shuffle(shuffled)
    one, other = quote(terms, deal), quote(terms, replace(deal, lines=tuple(shuffled)))
    assert one.totals == other.totals
    assert one.rental == other.rental
    assert dict(one.bonuses.licences) == dict(other.bonuses.licences)
    assert {line.key for line in one.lines} == {line.key for line in other.lines}
    amounts = [
        Counter((line.section, line.kind, line.base, line.amount, line.low, line.high) for line in answer.lines)
        for answer in (one, other)
    ]
    assert amounts[0] == amounts[1]


def falls(terms: Terms, deals: list[QuoteRequest]) -> bool:
    paid = [quote(terms, deal).totals.partner_pays for deal in deals]
    return all(less >= more for less, more in pairwise(paid))


some_points = st.lists(points, min_size=2, max_size=4).map(sorted)


@given(editions(), requests, some_points)
def test_r50_more_discount_for_the_client_never_raises_what_the_partner_pays(
    terms: Terms, deal: QuoteRequest, percents: list[Decimal]
) -> None:
    assert falls(terms, [replace(deal, client_discount=percent) for percent in percents])


@given(editions(), requests, some_points)
def test_r47_more_agreed_discount_never_raises_what_the_partner_pays(
    terms: Terms, deal: QuoteRequest, percents: list[Decimal]
) -> None:
    assert falls(terms, [replace(deal, agreed_discount=percent) for percent in percents])


@given(editions(), requests, some_points)
def test_r77_more_credit_never_raises_what_the_partner_pays(
    terms: Terms, deal: QuoteRequest, percents: list[Decimal]
) -> None:
    assert falls(terms, [replace(deal, credit=percent) for percent in percents])


@given(editions(), requests, some_points)
def test_r46_more_discount_of_the_level_never_raises_what_the_partner_pays(
    terms: Terms, deal: QuoteRequest, percents: list[Decimal]
) -> None:
    paid = []
    for percent in percents:
        changed = tuple(replace(level, discount=percent) for level in terms.levels)
        paid.append(quote(replace(terms, levels=changed), replace(deal, agreed_discount=None)).totals.partner_pays)
    assert paid == sorted(paid, reverse=True)


# --- Ceiling and bonuses ---


@given(editions(), requests)
def test_r75_discount_and_bonuses_stay_under_the_ceiling_and_within_the_price(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    totals = answer.totals
    assert totals.combined_points == totals.discount_points + totals.bonus_points <= 100
    assert min(totals.discount_points, totals.bonus_points, totals.cut_points) >= 0
    if terms.readings.ceiling_scope is CeilingScope.DISCOUNT_AND_BONUSES:
        assert totals.combined_points <= terms.ceiling
    else:
        assert totals.bonus_points <= terms.ceiling
    asked = terms.level(deal.level).discount if deal.agreed_discount is None else deal.agreed_discount
    assert totals.combined_points + totals.cut_points == asked + answer.bonuses.asked


@given(editions(), requests)
def test_r75_the_kinds_less_the_cut_make_the_bonus_to_the_kopeck(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    lines = section(answer, QuoteSection.BONUS)
    kinds = [line for line in lines if line.key.startswith("bonus:")]
    cut = [line for line in lines if line.key == "bonus_ceiling"]
    assert total(kinds) - total(cut) == answer.totals.next_sale_bonus_value == lines[-1].amount
    assert sum(line.percent or 0 for line in kinds) == answer.bonuses.asked
    assert all(line.amount is None or line.amount >= 0 for line in lines)
    assert len(kinds) == len(terms.bonus_kinds)


@given(editions(), requests, bonus_facts)
def test_r77_a_bonus_is_never_taken_off_the_sale_it_is_earned_in(
    terms: Terms, deal: QuoteRequest, earned: BonusFacts
) -> None:
    one, other = quote(terms, deal).totals, quote(terms, replace(deal, bonus=earned)).totals
    assert one.partner_pays == other.partner_pays
    assert one.partner_income == other.partner_income


@given(editions(), requests)
def test_r77_the_licences_a_bonus_pays_for_cost_no_more_than_it_is_worth(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    discounts = (deal.client_discount, answer.totals.discount_points)
    prices = {line.product: Decimal(0) for line in deal.lines}
    for line in deal.lines:
        prices[line.product] = max(prices[line.product], line.unit_price)
    for product, count in answer.bonuses.licences:
        exact = prices[product] * (100 - discounts[0]) * (100 - discounts[1]) / 10_000
        assert count * (exact - Decimal("0.01")) <= answer.bonuses.value  # each step may round half a kopeck
        assert (count + 1) * (exact + Decimal("0.01")) > answer.bonuses.value


# --- Lines ---


@given(editions(), requests)
def test_every_line_has_the_numbers_of_its_kind(terms: Terms, deal: QuoteRequest) -> None:
    lines = quote(terms, deal).lines
    for line in lines:
        has_amount, has_range = line.amount is not None, line.low is not None and line.high is not None
        assert (line.low is None) == (line.high is None)
        assert has_amount == (line.kind is LineKind.EXACT)
        assert has_range == (line.kind is LineKind.RANGE)
        if line.low is not None and line.high is not None:
            assert 0 <= line.low <= line.high
    assert len({line.key for line in lines}) == len(lines)
    assert [line.section for line in lines] == sorted((line.section for line in lines), key=ORDER.index)


@given(editions(), requests, st.frozensets(st.sampled_from(QuoteSection)))
def test_a_quote_says_the_sections_asked_for_and_no_others(
    terms: Terms, deal: QuoteRequest, sections: frozenset[QuoteSection]
) -> None:
    every, some = quote(terms, deal), quote(terms, replace(deal, sections=sections))
    assert some.lines == tuple(line for line in every.lines if line.section in sections)
    assert some.totals.partner_pays == every.totals.partner_pays
    assert some.rental == (every.rental if QuoteSection.RENTAL in sections else None)


@given(editions(), requests)
def test_r48_own_use_is_never_cheaper_than_the_cap_nor_dearer_than_the_list(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    own = [line for line in section(answer, QuoteSection.OWN_USE) if line.key.startswith("own_use:")]
    for line, found in zip(deal.lines, own, strict=True):
        full = (line.unit_price if line.list_price is None else line.list_price) * line.quantity
        lowest = full * (100 - terms.own_use_cap) / 100
        for price in (found.amount, found.low, found.high):
            assert price is None or lowest - Decimal("0.005") <= price <= full


@given(editions(), requests)
def test_the_partners_income_is_its_margin_and_its_certain_shares(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    shares = [answer.line(key) for key in ("updates_share", "own_implementation", "asoft_implementation")]
    certain = total([line for line in shares if line is not None])
    assert answer.totals.partner_income == answer.totals.partner_margin + certain


# --- Renting ---


@given(editions(), requests)
def test_r40_a_rental_plan_adds_up_month_by_month(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    plan, rental = answer.rental, deal.rental
    if plan is None or rental is None:
        assert plan is None
        assert rental is None or not terms.level(deal.level).may_rent_out
        return
    bought = plan.licences + (plan.module or 0)
    fee = rental.monthly_fee * rental.seats
    assert [each.month for each in plan.months] == list(range(1, rental.months + 1))
    for each in plan.months:
        assert each.cost == bought + plan.support * (1 + (each.month - 1) // 12)
        assert each.income == fee * each.month
        assert each.balance == each.income - each.cost
    assert plan.first_year_cost == plan.months[0].cost
    assert (plan.income, plan.result) == (plan.months[-1].income, plan.months[-1].balance)
    first = next((each.month for each in plan.months if each.balance >= 0), None)
    if first is not None or rental.months == 120:
        assert plan.break_even_month == first
    else:
        assert plan.break_even_month is None or plan.break_even_month > rental.months


# --- Advice ---


@given(editions(), requests)
def test_comparing_quotes_every_level_and_the_one_asked_for_as_a_quote_does(terms: Terms, deal: QuoteRequest) -> None:
    compared = compare(terms, deal)
    assert [each.level for each in compared] == list(terms.levels)
    assert [each.quote for each in compared if each.is_asked] == [quote(terms, deal)]
    for each in compared:
        assert each.is_asked or each.quote.totals.discount_points <= each.level.discount


def after(terms: Terms, step: Step, facts: BonusFacts, counted: PartnerFacts | None) -> BonusFacts:
    """The facts once a step is done, worked out anew."""
    if step.kind is StepKind.MORE_REVIEWS:
        assert counted is not None
        share = Decimal(counted.reviews + step.count) * 100 / counted.implementations
        return replace(facts, reviews_share=share)
    if step.kind is StepKind.RAISE_REVIEWS_SHARE:
        assert step.share_to is not None
        bonus = next(bonus for bonus in terms.bonuses if bonus.key == step.bonus)
        passes = bonus.strict or bonus.threshold is None
        return replace(facts, reviews_share=step.share_to + Decimal("0.001") if passes else step.share_to)
    if step.kind is StepKind.MORE_SPECIALISTS:
        return replace(facts, extra_specialists=facts.extra_specialists + step.count)
    if step.kind in {StepKind.AGREE_A_PLAN, StepKind.MEET_THE_PLAN}:
        return replace(facts, plan=Plan.MET)
    done = {Events.ATTENDED: {"a"}, Events.HOSTED: {"h"}, Events.BOTH: {"a", "h"}, Events.NONE: set()}[facts.events]
    done = done | ({"a"} if step.kind is StepKind.ATTEND_AN_EVENT else {"h"})
    return replace(facts, events={"a": Events.ATTENDED, "h": Events.HOSTED, "ah": Events.BOTH}["".join(sorted(done))])


counts = st.none() | st.builds(PartnerFacts, st.integers(0, 60), st.integers(0, 50))


@given(editions(), requests, counts)
def test_every_step_brings_what_it_says(terms: Terms, deal: QuoteRequest, counted: PartnerFacts | None) -> None:
    if counted is not None:
        deal = replace(deal, bonus=replace(deal.bonus, reviews_share=counted.reviews_share))
    now = quote(terms, deal).totals
    steps = next_step(terms, deal, counted)
    for step in steps:
        then = quote(terms, replace(deal, bonus=after(terms, step, deal.bonus, counted))).totals
        assert step.count > 0
        assert step.points == then.bonus_points - now.bonus_points > 0
        assert step.value == then.next_sale_bonus_value - now.next_sale_bonus_value
        if step.kind in {StepKind.MORE_REVIEWS, StepKind.MORE_SPECIALISTS} and step.count > 1:
            fewer = quote(
                terms, replace(deal, bonus=after(terms, replace(step, count=step.count - 1), deal.bonus, counted))
            )
            assert fewer.totals.bonus_points <= then.bonus_points
    assert [(step.count, -step.points) for step in steps] == sorted((step.count, -step.points) for step in steps)
