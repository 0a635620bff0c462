"""R17, R22, R33, R48, R49, R51-R54, R65, R66 and A3-A5, A9: what every line beside the licences says."""

from dataclasses import replace
from decimal import Decimal

import pytest

from program_pages.rules.deal import QuoteRequest, QuoteSection, RequestLine
from program_pages.rules.lines import Explanation, ExplanationKey, Line, LineKind
from program_pages.rules.quote import quote
from program_pages.rules.terms import (
    Clause,
    ClauseKind,
    DemoLicencesPer,
    OwnUseWithoutMinimum,
    Readings,
    Section,
    ServicesBase,
    Terms,
    Text,
    Topic,
    UpdatesShareRule,
)

from .builders import SOURCE, make_request, source

DEAL = make_request(client_discount="10")  # the client pays 90 000
BASE = Decimal("90000.00")


def line_of(key: str, request: QuoteRequest = DEAL, terms: Terms = SOURCE) -> Line:
    line = quote(terms, request).line(key)
    assert line is not None
    return line


def exact(
    key: str, section: QuoteSection, sentence: ExplanationKey, base: str, percent: int, amount: str, clause: str
) -> Line:
    """A line whose sentence names its base, its percent and its amount."""
    named: dict[str, Decimal | int | str] = {
        "base": Decimal(base),
        "percent": Decimal(percent),
        "amount": Decimal(amount),
    }
    return Line(
        key,
        section,
        LineKind.EXACT,
        Explanation(sentence, named),
        amount=Decimal(amount),
        base=Decimal(base),
        percent=Decimal(percent),
        clause=clause,
    )


# --- Updates and support ---


def test_r53_updates_are_a_percentage_of_what_the_client_pays() -> None:
    assert line_of("updates") == exact(
        "updates", QuoteSection.UPDATES, ExplanationKey.UPDATES, "90000.00", 20, "18000.00", "R53"
    )


def test_r51_support_is_a_percentage_of_what_the_client_pays() -> None:
    assert line_of("support") == exact(
        "support", QuoteSection.SUPPORT, ExplanationKey.SUPPORT, "90000.00", 10, "9000.00", "R51"
    )


def test_r54_extended_support_is_a_percentage_of_what_the_client_pays() -> None:
    line = line_of("extended_support")
    section, sentence = QuoteSection.EXTENDED_SUPPORT, ExplanationKey.EXTENDED_SUPPORT
    assert line == exact("extended_support", section, sentence, "90000.00", 30, "27000.00", "R54")


@pytest.mark.parametrize(
    ("key", "amount"), [("updates", "20000.00"), ("support", "10000.00"), ("extended_support", "30000.00")]
)
def test_a9_an_edition_may_take_the_list_price_as_the_base(key: str, amount: str) -> None:
    line = line_of(key, terms=source(Readings(services_base=ServicesBase.LIST_PRICE)))
    assert (line.base, line.amount) == (Decimal("100000.00"), Decimal(amount))


def test_a9_the_base_is_all_licences_and_no_credit_is_taken_off_it() -> None:
    request = replace(make_request(("a", 1, "100.00"), ("b", 2, "50.00")), credit=Decimal(10))
    assert line_of("updates", request).base == Decimal("200.00")


@pytest.mark.parametrize("level", ["retail", "saas"])
def test_r52_support_by_agreement_has_no_number(level: str) -> None:
    assert line_of("support", replace(DEAL, level=level)) == Line(
        "support",
        QuoteSection.SUPPORT,
        LineKind.BY_AGREEMENT,
        Explanation(ExplanationKey.SUPPORT_BY_AGREEMENT, {}),
        clause="R52",
    )


def test_a4_a_share_of_updates_up_to_so_much_is_a_range_until_it_is_agreed() -> None:
    assert line_of("updates_share") == Line(
        "updates_share",
        QuoteSection.UPDATES,
        LineKind.RANGE,
        Explanation(
            ExplanationKey.UPDATES_SHARE_RANGE,
            {"base": Decimal("18000.00"), "most": Decimal(50), "highest": Decimal("9000.00")},
        ),
        low=Decimal("0.00"),
        high=Decimal("9000.00"),
        base=Decimal("18000.00"),
        clause="R33",
    )


MAXIMUM = source(Readings(updates_share_rule=UpdatesShareRule.MAXIMUM))


@pytest.mark.parametrize(
    ("terms", "agreed", "sentence", "percent", "amount"),
    [
        (SOURCE, "35", ExplanationKey.UPDATES_SHARE_AGREED, "35", "6300.00"),
        (SOURCE, "0", ExplanationKey.UPDATES_SHARE_AGREED, "0", "0.00"),
        (MAXIMUM, "35", ExplanationKey.UPDATES_SHARE_AGREED, "35", "6300.00"),
        (MAXIMUM, None, ExplanationKey.UPDATES_SHARE_MAXIMUM, "50", "9000.00"),
    ],
)
def test_a4_a_share_of_updates_is_the_agreed_one_or_the_maximum_as_the_edition_reads(
    terms: Terms, agreed: str | None, sentence: ExplanationKey, percent: str, amount: str
) -> None:
    request = replace(DEAL, updates_share=None if agreed is None else Decimal(agreed))
    named = {
        "base": Decimal("18000.00"),
        "percent": Decimal(percent),
        "most": Decimal(50),
        "amount": Decimal(amount),
    }
    assert line_of("updates_share", request, terms) == Line(
        "updates_share",
        QuoteSection.UPDATES,
        LineKind.EXACT,
        Explanation(sentence, named),
        amount=Decimal(amount),
        base=Decimal("18000.00"),
        percent=Decimal(percent),
        clause="R33",
    )


def test_r33_a_level_without_a_share_of_updates_cites_the_clause_that_gives_it_to_another() -> None:
    assert line_of("updates_share", replace(DEAL, level="saas")) == Line(
        "updates_share",
        QuoteSection.UPDATES,
        LineKind.NOT_AVAILABLE,
        Explanation(ExplanationKey.NO_UPDATES_SHARE, {}),
        clause="R33",
    )


def test_a_level_cites_its_own_clause_on_the_share_of_updates_before_anothers() -> None:
    own = Clause("R98", "9.8", Text("R98"), level="retail", topic=Topic.UPDATES_SHARE)
    terms = source(sections=(*SOURCE.sections, Section(9, Text("9"), (own,))))
    assert line_of("updates_share", replace(DEAL, level="retail"), terms).clause == "R98"
    assert line_of("updates_share", replace(DEAL, level="competency"), terms).clause == "R33"


# --- Own use ---


def own_use(minimum: str | None, price: str = "30000.00", listed: str | None = None, terms: Terms = SOURCE) -> Line:
    """The line of two licences that a Competency partner buys for itself."""
    line = RequestLine(
        "asoft-crm",
        2,
        Decimal(price),
        None if listed is None else Decimal(listed),
        None if minimum is None else Decimal(minimum),
    )
    return line_of("own_use:asoft-crm", QuoteRequest("competency", (line,)), terms)


OWN_USE: dict[str, Decimal | int | str] = {
    "product": "asoft-crm",
    "quantity": 2,
    "full": Decimal("60000.00"),
    "discount": Decimal(20),
    "cap": Decimal(50),
    "lowest": Decimal("30000.00"),
}


def own_price(sentence: ExplanationKey, amount: str, base: str, percent: int, **more: str) -> Line:
    named = OWN_USE | {key: Decimal(value) for key, value in more.items()}
    return Line(
        "own_use:asoft-crm",
        QuoteSection.OWN_USE,
        LineKind.EXACT,
        Explanation(sentence, named),
        amount=Decimal(amount),
        base=Decimal(base),
        percent=Decimal(percent),
        clause="R48",
    )


def test_r48_own_use_is_the_minimum_price_less_the_partners_discount() -> None:
    assert own_use("25000.00") == own_price(
        ExplanationKey.OWN_USE_MINIMUM, "40000.00", "50000.00", 20, minimum="50000.00", price="40000.00"
    )


def test_r48_own_use_reaches_the_cap_and_goes_no_further() -> None:
    at_the_cap = own_price(
        ExplanationKey.OWN_USE_MINIMUM, "30000.00", "37500.00", 20, minimum="37500.00", price="30000.00"
    )
    below = own_price(ExplanationKey.OWN_USE_CAP, "30000.00", "60000.00", 50, minimum="37499.98", price="29999.98")
    assert own_use("18750.00") == at_the_cap
    assert own_use("18749.99") == below


def test_r48_own_use_starts_from_the_list_whatever_price_the_client_has() -> None:
    assert own_use("25000.00", price="1.00", listed="30000.00") == own_use("25000.00")
    assert own_use(None, price="1.00", listed="30000.00") == own_use(None)


def test_a3_without_a_minimum_price_own_use_is_a_range() -> None:
    assert own_use(None) == Line(
        "own_use:asoft-crm",
        QuoteSection.OWN_USE,
        LineKind.RANGE,
        Explanation(ExplanationKey.OWN_USE_RANGE, OWN_USE | {"highest": Decimal("48000.00")}),
        low=Decimal("30000.00"),
        high=Decimal("48000.00"),
        base=Decimal("60000.00"),
        clause="R48",
    )


PARTNER_DISCOUNT = Readings(own_use_without_minimum=OwnUseWithoutMinimum.PARTNER_DISCOUNT)


def test_a3_an_edition_may_give_the_partners_discount_where_there_is_no_minimum_price() -> None:
    assert own_use(None, terms=source(PARTNER_DISCOUNT)) == own_price(
        ExplanationKey.OWN_USE_PARTNER_DISCOUNT, "48000.00", "60000.00", 20, highest="48000.00"
    )
    capped = own_use(None, terms=source(PARTNER_DISCOUNT, own_use_cap=Decimal(15)))
    assert (capped.amount, capped.percent) == (Decimal("51000.00"), Decimal(15))


# --- Demonstration ---


@pytest.mark.parametrize(
    ("readings", "sentence"),
    [
        (Readings(), ExplanationKey.DEMO_PER_PARTNER),
        (Readings(demo_licences_per=DemoLicencesPer.PRODUCT), ExplanationKey.DEMO_PER_PRODUCT),
    ],
)
def test_a5_the_demo_licence_is_free_per_partner_or_per_product(readings: Readings, sentence: ExplanationKey) -> None:
    assert line_of("demo_licence", terms=source(readings)) == Line(
        "demo_licence",
        QuoteSection.OWN_USE,
        LineKind.EXACT,
        Explanation(sentence, {"count": 1}),
        amount=Decimal("0.00"),
        percent=Decimal(100),
        clause="R49",
    )


def test_r49_a_level_without_demo_licences_says_so() -> None:
    terms = source(levels=tuple(replace(level, demo_licences=0) for level in SOURCE.levels))
    line = line_of("demo_licence", terms=terms)
    said = Explanation(ExplanationKey.NO_DEMO, {})
    assert line == Line("demo_licence", QuoteSection.OWN_USE, LineKind.NOT_AVAILABLE, said, clause="R49")


# --- Implementation ---

IMPLEMENTED = replace(DEAL, own_implementation=Decimal("500000.00"), asoft_implementation=Decimal(200_000))


def none_of(key: str, sentence: ExplanationKey, base: str, clause: str) -> Line:
    said = Explanation(sentence, {"base": Decimal(base)})
    section, kind = QuoteSection.IMPLEMENTATION, LineKind.NOT_AVAILABLE
    return Line(key, section, kind, said, base=Decimal(base), clause=clause)


def test_r65_r66_a_partner_earns_by_its_own_implementation_and_by_asofts() -> None:
    section = QuoteSection.IMPLEMENTATION
    assert line_of("own_implementation", IMPLEMENTED) == exact(
        "own_implementation", section, ExplanationKey.OWN_IMPLEMENTATION, "500000.00", 100, "500000.00", "R65"
    )
    assert line_of("asoft_implementation", IMPLEMENTED) == exact(
        "asoft_implementation", section, ExplanationKey.ASOFT_IMPLEMENTATION, "200000.00", 10, "20000.00", "R66"
    )


def test_r22_retail_has_no_income_of_implementations() -> None:
    retail = replace(IMPLEMENTED, level="retail")
    assert line_of("own_implementation", retail) == none_of(
        "own_implementation", ExplanationKey.NO_OWN_IMPLEMENTATION, "500000.00", "R22"
    )
    assert line_of("asoft_implementation", retail) == none_of(
        "asoft_implementation", ExplanationKey.NO_ASOFT_IMPLEMENTATION, "200000.00", "R66"
    )
    assert quote(SOURCE, retail).totals.partner_income == Decimal("9000.00")  # the margin alone


def test_r22_a_level_that_may_not_implement_has_no_share_even_if_the_edition_names_one() -> None:
    retail = replace(SOURCE.level("retail"), own_implementation_share=Decimal(100))
    line = line_of("own_implementation", replace(IMPLEMENTED, level="retail"), source(levels=(retail,)))
    assert (line.kind, line.clause) == (LineKind.NOT_AVAILABLE, "R22")


def test_r22_the_restriction_on_implementing_is_cited_before_the_levels_others() -> None:
    first, second, on_topic = (
        Clause(code, code, Text(code), ClauseKind.RESTRICTION, "retail", topic)
        for code, topic in (("R1", None), ("R2", None), ("R3", Topic.OWN_IMPLEMENTATION))
    )
    for restrictions, cited in (((first, second), "R1"), ((first, on_topic), "R3"), ((), "R65")):
        retail = replace(SOURCE.level("retail"), restrictions=restrictions)
        request = replace(IMPLEMENTED, level="retail")
        assert line_of("own_implementation", request, source(levels=(retail,))).clause == cited


def test_r65_a_level_that_may_implement_but_has_no_share_cites_the_benefit() -> None:
    restricted = replace(
        SOURCE.level("competency"),
        own_implementation_share=None,
        restrictions=SOURCE.level("retail").restrictions,
    )
    line = line_of("own_implementation", IMPLEMENTED, source(levels=(restricted,)))
    assert (line.kind, line.clause) == (LineKind.NOT_AVAILABLE, "R65")


def test_implementations_that_are_not_asked_for_are_not_mentioned() -> None:
    keys = {line.key for line in quote(SOURCE, DEAL).lines}
    assert not keys & {"own_implementation", "asoft_implementation"}
    assert quote(SOURCE, replace(DEAL, own_implementation=Decimal(0))).line("own_implementation") is not None


def test_an_edition_without_clauses_cites_none() -> None:
    request = replace(IMPLEMENTED, level="competency")
    assert {line.clause for line in quote(source(sections=()), request).lines if line.section != "bonus"} == {None}
