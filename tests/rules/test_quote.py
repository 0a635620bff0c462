"""R46, R50 and A10: what the client pays, what the partner pays, and what the partner keeps."""

from collections import Counter
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.money import KOPECK, BadValue
from program_pages.rules.quote import (
    MAX_LINES,
    MAX_QUANTITY,
    MAX_UNIT_PRICE,
    ExplanationKey,
    Line,
    LineKind,
    QuoteRequest,
    RequestLine,
    quote,
    split_of_a_rouble,
)
from program_pages.rules.terms import Clause, Readings, Rounding, Section, Terms, Text, Topic, UnknownLevel

from .builders import DISCOUNTS, LICENCE_PRICES, make_request, make_terms, with_line

TERMS = make_terms()

points = st.integers(0, 10_000).map(lambda count: Decimal(count) / 100)
prices = st.integers(0, int(MAX_UNIT_PRICE / KOPECK)).map(lambda count: count * KOPECK)
small_prices = st.integers(0, 1_000).map(lambda count: count * KOPECK)  # where a kopeck matters
products = st.sampled_from(["asoft-crm", "asoft-crm-lite", "asoft-crm-bank", "isolation"])
request_lines = st.builds(RequestLine, products, st.integers(1, MAX_QUANTITY), prices) | st.builds(
    RequestLine, products, st.integers(1, 3), small_prices
)
requests = st.builds(
    QuoteRequest, st.just("competency"), st.lists(request_lines, min_size=1, max_size=6).map(tuple), points
)
editions = st.builds(
    lambda discount, rounding: make_terms({"competency": str(discount)}, Readings(rounding=rounding)),
    points,
    st.sampled_from(Rounding),
)


# --- Worked by hand ---


def test_r50_the_client_discount_comes_first_then_the_partners_on_the_final_price() -> None:
    totals = quote(TERMS, make_request(("asoft-crm", 1, "100000.00"), client_discount="15")).totals
    assert totals.list_total == Decimal("100000.00")
    assert totals.client_total == Decimal("85000.00")
    assert totals.partner_pays == Decimal("68000.00")  # and not the 65 000 of fifteen and twenty together
    assert totals.partner_margin == Decimal("17000.00")
    assert totals.discount_points == Decimal(20)


@pytest.mark.parametrize(
    ("level", "pays", "margin"),
    [("retail", "90000.00", "10000.00"), ("competency", "80000.00", "20000.00"), ("saas", "75000.00", "25000.00")],
)
def test_r46_each_level_has_its_own_discount(level: str, pays: str, margin: str) -> None:
    totals = quote(TERMS, make_request(level=level)).totals
    assert (str(totals.partner_pays), str(totals.partner_margin)) == (pays, margin)


def test_r46_the_numbers_are_the_editions_and_not_the_codes() -> None:
    terms = make_terms({"retail": "11", "gold": "27.5"})
    assert quote(terms, make_request(level="retail")).totals.partner_pays == Decimal("89000.00")
    assert quote(terms, make_request(level="gold")).totals.partner_pays == Decimal("72500.00")


def test_a10_totals_are_sums_of_rounded_lines() -> None:
    lines = (("asoft-crm", 1, "0.05"), ("asoft-crm-lite", 1, "0.05"), ("asoft-crm-bank", 1, "0.05"))
    answer = quote(TERMS, make_request(*lines, level="retail"))
    assert [line.amount for line in answer.lines] == [Decimal("0.05")] * 3  # 0.045 each, half-up
    assert answer.totals.partner_pays == Decimal("0.15")  # and not 0.135 rounded to 0.14
    assert answer.totals.partner_margin == Decimal("0.00")


def test_a10_the_clients_price_is_rounded_before_the_partners_discount() -> None:
    # 0.33 - 5 % = 0.3135 -> 0.31; 0.31 - 25 % = 0.2325 -> 0.23. In one step: 0.235125 -> 0.24.
    totals = quote(TERMS, make_request(("asoft-crm", 1, "0.33"), level="saas", client_discount="5")).totals
    assert totals.client_total == Decimal("0.31")
    assert totals.partner_pays == Decimal("0.23")


def test_a10_the_edition_may_round_half_to_even() -> None:
    even = make_terms(readings=Readings(rounding=Rounding.HALF_EVEN))
    request = make_request(("asoft-crm", 1, "0.05"), level="retail")
    assert quote(TERMS, request).totals.partner_pays == Decimal("0.05")
    assert quote(even, request).totals.partner_pays == Decimal("0.04")


def test_a_quote_says_under_which_terms_it_was_made() -> None:
    answer = quote(
        replace(TERMS, edition=7, currency="KZT", readings=Readings(prices_include_vat=True)), make_request()
    )
    assert (answer.edition, answer.level, answer.currency, answer.prices_include_vat) == (7, "competency", "KZT", True)


# --- Lines ---


def only_line(terms: Terms, request: QuoteRequest) -> Line:
    (line,) = quote(terms, request).lines
    return line


def test_r50_a_line_shows_its_base_percent_clause_and_how_it_came_about() -> None:
    line = only_line(TERMS, make_request(("asoft-crm", 10, "12000.00"), client_discount="15"))
    assert (line.key, line.kind, line.clause) == ("licences:asoft-crm", LineKind.EXACT, "R50")
    assert (str(line.base), str(line.percent), str(line.amount)) == ("102000.00", "20", "81600.00")
    assert (line.low, line.high) == (None, None)
    assert line.explanation.key is ExplanationKey.LICENCES_AFTER_CLIENT_DISCOUNT
    assert line.explanation.values == {
        "product": "asoft-crm",
        "quantity": 10,
        "unit_price": Decimal("12000.00"),
        "list_price": Decimal("120000.00"),
        "client_discount": Decimal(15),
        "client_price": Decimal("102000.00"),
        "discount": Decimal(20),
        "partner_price": Decimal("81600.00"),
    }


def test_r46_without_a_client_discount_a_line_cites_the_discounts_clause() -> None:
    line = only_line(TERMS, make_request())
    assert line.clause == "R46"
    assert line.explanation.key is ExplanationKey.LICENCES


def test_a_line_cites_the_levels_own_clause_first() -> None:
    own = Clause("R25", "4.9", Text("Вознаграждение"), level="competency", topic=Topic.DISCOUNT)
    terms = make_terms(sections=(LICENCE_PRICES, Section(4, Text("Уровни"), (own,))))
    assert only_line(terms, make_request(level="competency")).clause == "R25"
    assert only_line(terms, make_request(level="saas")).clause == "R46"


def test_an_edition_without_the_clause_still_quotes() -> None:
    assert only_line(make_terms(sections=()), make_request()).clause is None


def test_keys_of_lines_are_unique_even_if_a_product_is_asked_for_twice() -> None:
    request = make_request(("asoft-crm", 1, "100.00"), ("isolation", 1, "5.00"), ("asoft-crm", 2, "90.00"))
    keys = [line.key for line in quote(TERMS, request).lines]
    assert keys == ["licences:asoft-crm", "licences:isolation", "licences:asoft-crm:2"]


def test_a_quote_cannot_be_changed() -> None:
    answer = quote(TERMS, make_request())
    with pytest.raises(FrozenInstanceError):
        answer.level = "saas"  # type: ignore[misc]
    assert not hasattr(answer.totals, "__dict__")


# --- The split of a rouble ---


@pytest.mark.parametrize("level", DISCOUNTS)
def test_r46_a_rouble_splits_as_a_sale_does(level: str) -> None:
    split = split_of_a_rouble(TERMS, level)
    totals = quote(TERMS, make_request(("asoft-crm", 1, "100.00"), level=level)).totals
    assert (split.partner, split.vendor) == (totals.partner_margin, totals.partner_pays)
    assert split.partner == Decimal(DISCOUNTS[level])
    assert split.partner + split.vendor == 100


# --- Properties ---


@given(editions, requests)
def test_r50_the_partner_never_pays_more_than_the_client_nor_the_client_more_than_the_list(
    terms: Terms, deal: QuoteRequest
) -> None:
    totals = quote(terms, deal).totals
    assert 0 <= totals.partner_pays <= totals.client_total <= totals.list_total
    assert totals.list_total == sum(line.quantity * line.unit_price for line in deal.lines)


@given(editions, requests)
def test_a10_margin_and_payment_make_the_clients_total_to_the_kopeck(terms: Terms, deal: QuoteRequest) -> None:
    answer = quote(terms, deal)
    totals = answer.totals
    assert totals.partner_margin + totals.partner_pays == totals.client_total
    assert totals.partner_pays == sum(line.amount or 0 for line in answer.lines)
    assert totals.client_total == sum(line.base or 0 for line in answer.lines)
    assert all(line.amount is not None and line.amount.as_tuple().exponent == -2 for line in answer.lines)


@given(editions, requests, st.randoms(use_true_random=False))
def test_the_order_of_lines_does_not_matter(terms: Terms, deal: QuoteRequest, random: Random) -> None:
    shuffled = list(deal.lines)
    random.shuffle(shuffled)
    one, other = quote(terms, deal), quote(terms, replace(deal, lines=tuple(shuffled)))
    assert one.totals == other.totals
    assert Counter((line.base, line.amount) for line in one.lines) == Counter(
        (line.base, line.amount) for line in other.lines
    )
    assert {line.key for line in one.lines} == {line.key for line in other.lines}


@given(requests, st.lists(points, min_size=2, max_size=4))
def test_more_discount_never_raises_what_the_partner_pays(deal: QuoteRequest, percents: list[Decimal]) -> None:
    by_level = [quote(make_terms({"competency": str(p)}), deal) for p in sorted(percents)]
    by_client = [quote(TERMS, replace(deal, client_discount=p)) for p in sorted(percents)]
    for answers in (by_level, by_client):
        assert all(less.totals.partner_pays >= more.totals.partner_pays for less, more in pairwise(answers))


# --- What is refused ---


def test_an_unknown_level_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownLevel, match="platinum"):
        quote(TERMS, make_request(level="platinum"))
    with pytest.raises(UnknownLevel, match="platinum"):
        split_of_a_rouble(TERMS, "platinum")


GOOD = make_request()


@pytest.mark.parametrize(
    ("deal", "field", "reason", "limit"),
    [
        (replace(GOOD, client_discount=Decimal(101)), "client_discount", "too_large", 100),
        (replace(GOOD, client_discount=Decimal(-1)), "client_discount", "too_small", 0),
        (replace(GOOD, client_discount=Decimal("NaN")), "client_discount", "not_a_number", None),
        (replace(GOOD, client_discount=Decimal("0.001")), "client_discount", "too_precise", Decimal("0.01")),
        (replace(GOOD, lines=()), "lines", "too_few", 1),
        (replace(GOOD, lines=GOOD.lines * 10_000), "lines", "too_many", MAX_LINES),
        (replace(GOOD, lines=GOOD.lines * (MAX_LINES + 1)), "lines", "too_many", MAX_LINES),
        (with_line(GOOD, product=""), "lines.0.product", "not_a_slug", None),
        (with_line(GOOD, product="asoft:crm"), "lines.0.product", "not_a_slug", None),
        (with_line(GOOD, product="асофт"), "lines.0.product", "not_a_slug", None),
        (with_line(GOOD, quantity=0), "lines.0.quantity", "too_small", 1),
        (with_line(GOOD, quantity=-5), "lines.0.quantity", "too_small", 1),
        (with_line(GOOD, quantity=2.5), "lines.0.quantity", "not_whole", None),
        (with_line(GOOD, quantity=MAX_QUANTITY + 1), "lines.0.quantity", "too_large", MAX_QUANTITY),
        (with_line(GOOD, unit_price=Decimal(-1)), "lines.0.unit_price", "too_small", 0),
        (with_line(GOOD, unit_price=Decimal("1e15")), "lines.0.unit_price", "too_large", MAX_UNIT_PRICE),
        (with_line(GOOD, unit_price=Decimal("Infinity")), "lines.0.unit_price", "not_a_number", None),
        (with_line(GOOD, unit_price=Decimal("9.999")), "lines.0.unit_price", "too_precise", Decimal("0.01")),
        (
            replace(GOOD, lines=GOOD.lines + with_line(GOOD, quantity=0).lines),
            "lines.1.quantity",
            "too_small",
            1,
        ),
    ],
)
def test_a_bad_dealnames_its_field_and_its_limit(deal: QuoteRequest, field: str, reason: str, limit: object) -> None:
    with pytest.raises(BadValue) as refused:
        quote(TERMS, deal)
    assert (refused.value.field, refused.value.reason, refused.value.limit) == (field, reason, limit)


def test_the_largest_deal_is_still_exact_to_the_kopeck() -> None:
    price = MAX_UNIT_PRICE - KOPECK
    line = ("asoft-crm", MAX_QUANTITY, str(price))
    totals = quote(make_terms({"competency": "33.33"}), make_request(*[line] * MAX_LINES)).totals
    kopecks = int(price * 100) * MAX_QUANTITY
    assert totals.list_total == kopecks * MAX_LINES * KOPECK
    assert totals.partner_pays == (kopecks * 6_667 + 5_000) // 10_000 * MAX_LINES * KOPECK
