"""A1-A4, A9, A10 undecided: a range holds what every alternative brings, and nothing moves that no reading moves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from program_pages.rules.deal import BonusFacts, Events, QuoteRequest, QuoteSection
from program_pages.rules.quote import Totals, quote
from program_pages.rules.ranges import (
    KINDS,
    MOST_VARIANTS,
    HighestOfGroup,
    Setting,
    Span,
    Undecided,
    ranges,
    reading_of,
    under,
)
from program_pages.rules.terms import Readings, ServicesBase, Terms, UpdatesShareRule

from .builders import SOURCE, make_request, source
from .strategies import editions, requests

CODES = dict(zip(Setting, ("A1", "A2", "A3", "A4", "A9", "A10"), strict=True))


def undecided(*settings: Setting) -> list[Undecided]:
    return [Undecided(CODES[each], each, tuple(value.value for value in KINDS[each])) for each in settings]


def numbers(terms: Terms, request: QuoteRequest) -> dict[str, tuple[Decimal, Decimal]]:
    """Every number of a quote by its name or key: from, to."""
    found = quote(terms, request)
    totals = {name: (getattr(found.totals, name),) * 2 for name in Totals.__slots__}
    exact = {line.key: (line.amount,) * 2 for line in found.lines if line.amount is not None}
    spans = {line.key: (line.low, line.high) for line in found.lines if line.low is not None}
    return totals | exact | spans  # type: ignore[operator]


chosen = st.lists(st.sampled_from(list(Setting)), min_size=1, max_size=3, unique=True)


@given(terms=editions(), request=requests, settings=chosen)
def test_a_range_holds_what_every_combination_brings_and_no_more(
    terms: Terms, request: QuoteRequest, settings: list[Setting]
) -> None:
    found = ranges(terms, request, undecided(*settings))
    spans = {} if found is None else {**found.totals, **found.lines}
    variants = []
    for values in product(*(KINDS[each] for each in settings)):
        read = terms
        for setting, value in zip(settings, values, strict=True):
            if value.value != reading_of(terms, setting):
                read = under(read, setting, value.value)
        variants.append(numbers(read, request))
    for name in {name for variant in variants for name in variant}:
        of_each = [variant.get(name, (Decimal(0), Decimal(0))) for variant in variants]
        low, high = min(one[0] for one in of_each), max(one[1] for one in of_each)
        if len(set(of_each)) == 1:
            assert name not in spans
        else:
            assert spans[name] == Span(low, high)


@given(terms=editions(), request=requests)
def test_nothing_undecided_is_no_range(terms: Terms, request: QuoteRequest) -> None:
    assert ranges(terms, request, []) is None


@given(terms=editions(), request=requests, setting=st.sampled_from(list(Setting)))
def test_a_single_alternative_is_no_range(terms: Terms, request: QuoteRequest, setting: Setting) -> None:
    assert ranges(terms, request, [Undecided("A9", setting, (reading_of(terms, setting),))]) is None


@pytest.mark.parametrize(
    ("setting", "request_", "name", "span"),
    [
        (
            Setting.HIGHEST_OF_GROUP,  # 2.5, or 1 + 2.5 of 100 000
            replace(make_request(), bonus=BonusFacts(events=Events.BOTH)),
            "next_sale_bonus_value",
            ("2500.00", "3500.00"),
        ),
        (
            Setting.CEILING_SCOPE,  # 45 points agreed: cut to 40, or left
            replace(make_request(), agreed_discount=Decimal(45)),
            "partner_pays",
            ("55000.00", "60000.00"),
        ),
        (Setting.OWN_USE_WITHOUT_MINIMUM, make_request(), "own_use:asoft-crm", ("50000.00", "80000.00")),
        (Setting.UPDATES_SHARE_RULE, make_request(), "partner_income", ("20000.00", "30000.00")),
        (Setting.SERVICES_BASE, make_request(client_discount="15"), "support", ("8500.00", "10000.00")),
        (
            Setting.ROUNDING,  # 90.225
            make_request(("asoft-crm", 1, "100.25"), client_discount="10"),
            "client_total",
            ("90.22", "90.23"),
        ),
    ],
    ids=lambda value: value.value if isinstance(value, Setting) else "",
)
def test_each_reading_moves_its_own_numbers(
    setting: Setting, request_: QuoteRequest, name: str, span: tuple[str, str]
) -> None:
    found = ranges(SOURCE, request_, undecided(setting))

    assert found is not None
    assert found.readings == (CODES[setting],)
    assert {**found.totals, **found.lines}[name] == Span(*map(Decimal, span))


def test_only_readings_that_move_this_deal_are_named() -> None:
    request = replace(make_request(client_discount="15"), sections=frozenset({QuoteSection.SUPPORT}))
    found = ranges(SOURCE, request, undecided(*Setting))

    assert found is not None
    assert found.readings == ("A9",)
    assert list(found.lines) == ["support"]
    assert not found.totals
    assert found.complete


def test_the_terms_own_reading_is_in_the_range_though_no_alternative_names_it() -> None:
    terms = source(Readings(services_base=ServicesBase.LIST_PRICE))
    alone = [Undecided("A9", Setting.SERVICES_BASE, (ServicesBase.FINAL_PRICE.value,))]
    found = ranges(terms, make_request(client_discount="15"), alone)

    assert found is not None
    assert found.lines["support"] == Span(Decimal("8500.00"), Decimal("10000.00"))


def test_too_many_to_combine_are_tried_one_by_one_and_it_is_said() -> None:
    request = make_request(client_discount="15")
    many = [*undecided(*Setting), *undecided(Setting.SERVICES_BASE)]
    assert 2 ** len(many) > MOST_VARIANTS
    found = ranges(SOURCE, request, many)

    assert found is not None
    assert not found.complete
    maximum = under(SOURCE, Setting.UPDATES_SHARE_RULE, UpdatesShareRule.MAXIMUM.value)
    assert found.totals["partner_income"].high == quote(maximum, request).totals.partner_income


def test_a_mixed_edition_keeps_its_own_reading_group_by_group() -> None:
    """A1 is a setting of each group: the plain quote is always one of the variants."""
    first, *others = SOURCE.bonuses
    terms = replace(SOURCE, bonuses=(replace(first, group="alone"), *others))
    request = replace(make_request(), bonus=BonusFacts(events=Events.BOTH))
    found = ranges(terms, request, undecided(Setting.HIGHEST_OF_GROUP))

    assert found is not None
    assert found.totals["next_sale_bonus_value"].low == quote(terms, request).totals.next_sale_bonus_value
    assert under(terms, Setting.HIGHEST_OF_GROUP, HighestOfGroup.HIGHEST).bonuses[0].highest_of_group


def test_an_alternative_that_no_setting_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="thrice"):
        under(SOURCE, Setting.ROUNDING, "thrice")
