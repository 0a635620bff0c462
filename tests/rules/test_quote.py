"""R46, R47, R50, R75, R77 and A10: what the client pays, what the partner pays, and what the partner keeps."""

from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from program_pages.rules.deal import MAX_LINES, MAX_QUANTITY, MAX_UNIT_PRICE, QuoteRequest, QuoteSection
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.money import KOPECK
from program_pages.rules.quote import quote, split_of_a_rouble
from program_pages.rules.terms import Clause, Readings, Rounding, Section, Terms, Text, Topic, UnknownLevel

from .builders import DISCOUNTS, EVERYTHING, LICENCE_PRICES, SOURCE, make_request, make_terms

TERMS = make_terms()

LICENCES_ALONE = frozenset({QuoteSection.LICENCES})


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
    answer = quote(TERMS, replace(make_request(*lines, level="retail"), sections=LICENCES_ALONE))
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
    (line,) = quote(terms, replace(request, sections=LICENCES_ALONE)).lines
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


def test_r47_an_agreed_discount_cites_its_own_clause() -> None:
    agreed = replace(make_request(), agreed_discount=Decimal(30))
    assert only_line(SOURCE, agreed).clause == "R47"
    assert only_line(SOURCE, replace(agreed, client_discount=Decimal(1))).clause == "R50"


def test_a_line_cites_the_levels_own_clause_first() -> None:
    own = Clause("R25", "4.9", Text("Вознаграждение"), level="competency", topic=Topic.DISCOUNT)
    terms = make_terms(sections=(LICENCE_PRICES, Section(4, Text("Уровни"), (own,))))
    assert only_line(terms, make_request(level="competency")).clause == "R25"
    assert only_line(terms, make_request(level="saas")).clause == "R46"


def test_an_edition_without_the_clause_still_quotes() -> None:
    assert only_line(make_terms(sections=()), make_request()).clause is None


def test_keys_of_lines_are_unique_even_if_a_product_is_asked_for_twice() -> None:
    request = make_request(("asoft-crm", 1, "100.00"), ("isolation", 1, "5.00"), ("asoft-crm", 2, "90.00"))
    keys = [
        line.key
        for line in quote(TERMS, request).lines
        if line.section in {QuoteSection.LICENCES, QuoteSection.OWN_USE}
    ]
    assert keys == [
        "licences:asoft-crm",
        "licences:isolation",
        "licences:asoft-crm:2",
        "own_use:asoft-crm",
        "own_use:isolation",
        "own_use:asoft-crm:2",
        "demo_licence",
    ]


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


def test_r75_a_rouble_splits_under_the_ceiling_too() -> None:
    split = split_of_a_rouble(replace(SOURCE, ceiling=Decimal(15)), "competency")
    assert (split.partner, split.vendor) == (Decimal(15), Decimal(85))


# --- What the ceiling and an earlier bonus take ---


def test_r75_a_line_says_what_the_ceiling_takes_of_an_agreed_discount() -> None:
    request = replace(make_request(client_discount="10"), agreed_discount=Decimal(45))
    assert quote(SOURCE, request).line("discount_ceiling") == Line(
        key="discount_ceiling",
        section=QuoteSection.LICENCES,
        kind=LineKind.EXACT,
        explanation=Explanation(
            ExplanationKey.DISCOUNT_CEILING,
            {"asked": Decimal(45), "ceiling": Decimal(40), "cut": Decimal(5)},
        ),
        amount=Decimal("4500.00"),  # five hundredths of 90 000
        base=Decimal("90000.00"),
        percent=Decimal(5),
        clause="R75",
    )
    assert quote(SOURCE, replace(request, agreed_discount=Decimal(40))).line("discount_ceiling") is None


@pytest.mark.parametrize(
    ("credit", "sentence", "taken", "amount"),
    [
        ("12.5", ExplanationKey.BONUS_CREDIT, "12.5", "11250.00"),
        ("20", ExplanationKey.BONUS_CREDIT, "20", "18000.00"),  # to the ceiling
        ("20.5", ExplanationKey.BONUS_CREDIT_CUT, "20", "18000.00"),
    ],
)
def test_r77_a_line_says_what_an_earlier_bonus_takes_off(
    credit: str, sentence: ExplanationKey, taken: str, amount: str
) -> None:
    answer = quote(SOURCE, replace(make_request(client_discount="10"), credit=Decimal(credit)))
    assert answer.line("bonus_credit") == Line(
        key="bonus_credit",
        section=QuoteSection.LICENCES,
        kind=LineKind.EXACT,
        explanation=Explanation(
            sentence,
            {
                "asked": Decimal(credit),
                "credit": Decimal(taken),
                "amount": Decimal(amount),
                "ceiling": Decimal(40),
            },
        ),
        amount=Decimal(amount),
        base=Decimal("90000.00"),
        percent=Decimal(taken),
        clause="R77",
    )
    assert answer.totals.partner_pays == Decimal("72000.00") - Decimal(amount)


def test_r77_without_a_credit_nothing_is_said_of_it() -> None:
    assert quote(SOURCE, make_request()).line("bonus_credit") is None


def test_r75_cut_points_are_those_of_the_discount_and_of_the_bonuses() -> None:
    deal = replace(make_request(), agreed_discount=Decimal(45), bonus=EVERYTHING)
    assert quote(SOURCE, deal).totals.cut_points == Decimal(25)


# --- Limits ---


def test_an_unknown_level_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownLevel, match="platinum"):
        quote(TERMS, make_request(level="platinum"))
    with pytest.raises(UnknownLevel, match="platinum"):
        split_of_a_rouble(TERMS, "platinum")


def test_the_largest_deal_is_still_exact_to_the_kopeck() -> None:
    price = MAX_UNIT_PRICE - KOPECK
    line = ("asoft-crm", MAX_QUANTITY, str(price))
    totals = quote(make_terms({"competency": "33.33"}), make_request(*[line] * MAX_LINES)).totals
    kopecks = int(price * 100) * MAX_QUANTITY
    assert totals.list_total == kopecks * MAX_LINES * KOPECK
    assert totals.partner_pays == (kopecks * 6_667 + 5_000) // 10_000 * MAX_LINES * KOPECK
