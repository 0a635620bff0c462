"""Whatever hypothesis thinks up: editions with any numbers, and deals of any size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from program_pages.rules.deal import (
    MAX_MONTHS,
    MAX_QUANTITY,
    MAX_SPECIALISTS,
    MAX_SUM,
    MAX_UNIT_PRICE,
    BonusFacts,
    Events,
    Plan,
    QuoteRequest,
    RentalRequest,
    RequestLine,
)
from program_pages.rules.money import KOPECK
from program_pages.rules.terms import (
    Bonus,
    BonusMeasure,
    CeilingScope,
    DemoLicencesPer,
    Level,
    OwnUseWithoutMinimum,
    Readings,
    Rounding,
    ServicesBase,
    Terms,
    Text,
    UpdatesShareRule,
)

from .builders import SOURCE_CLAUSES, make_level

LEVELS = ("first", "second")

points = st.integers(0, 10_000).map(lambda count: Decimal(count) / 100)
perhaps_points = st.none() | points
perhaps_days = st.none() | st.dates(date(2026, 1, 1), date(2026, 1, 4))


def sums(most: Decimal) -> st.SearchStrategy[Decimal]:
    """Sums up to a limit in whole kopecks, and small ones, where a kopeck matters."""
    everywhere, few = st.integers(0, int(most / KOPECK)), st.integers(0, 1_000)
    return (everywhere | few).map(lambda count: count * KOPECK)


prices = sums(MAX_UNIT_PRICE)
products = st.sampled_from(["asoft-crm", "asoft-crm-lite", "asoft-crm-bank", "isolation"])
request_lines = st.builds(
    RequestLine,
    product=products,
    quantity=st.integers(1, 3) | st.integers(1, MAX_QUANTITY),
    unit_price=prices,
    list_price=st.none() | prices,
    minimum_price=st.none() | prices,
)
bonus_facts = st.builds(
    BonusFacts,
    reviews_share=perhaps_points,
    plan=st.sampled_from(Plan),
    extra_specialists=st.integers(0, 3) | st.integers(0, MAX_SPECIALISTS),
    events=st.sampled_from(Events),
    confirmed=st.frozensets(st.sampled_from([f"bonus-{number}" for number in range(6)])),
)
rentals = st.builds(
    RentalRequest,
    product=products,
    seats=st.integers(1, MAX_QUANTITY),
    monthly_fee=prices,
    unit_price=prices,
    module_price=st.none() | prices,
    months=st.integers(1, MAX_MONTHS),
)
requests = st.builds(
    QuoteRequest,
    level=st.sampled_from(LEVELS),
    lines=st.lists(request_lines, min_size=1, max_size=5).map(tuple),
    client_discount=points,
    agreed_discount=perhaps_points,
    bonus=bonus_facts,
    credit=st.just(Decimal(0)) | points,
    own_implementation=st.none() | sums(MAX_SUM),
    asoft_implementation=st.none() | sums(MAX_SUM),
    rental=st.none() | rentals,
    day=perhaps_days,
)

readings = st.builds(
    Readings,
    ceiling_scope=st.sampled_from(CeilingScope),
    own_use_without_minimum=st.sampled_from(OwnUseWithoutMinimum),
    updates_share_rule=st.sampled_from(UpdatesShareRule),
    demo_licences_per=st.sampled_from(DemoLicencesPer),
    services_base=st.sampled_from(ServicesBase),
    rounding=st.sampled_from(Rounding),
)


@st.composite
def levels(draw: st.DrawFn, slug: str) -> Level:
    return replace(
        make_level(slug, str(draw(points))),
        may_implement=draw(st.booleans()),
        may_rent_out=draw(st.booleans()),
        demo_licences=draw(st.integers(0, 3)),
        updates_share=draw(perhaps_points),
        own_implementation_share=draw(perhaps_points),
        asoft_implementation_share=draw(perhaps_points),
        support_percent=draw(perhaps_points),
    )


@st.composite
def bonuses(draw: st.DrawFn, number: int) -> Bonus:
    key = f"bonus-{number}"
    return Bonus(
        key=key,
        measure=draw(st.sampled_from(BonusMeasure)),
        title=Text(key),
        clause="R70",
        points={slug: draw(perhaps_points) for slug in LEVELS},
        group=draw(st.sampled_from(["", "", "events", "bonus-0"])),
        highest_of_group=draw(st.booleans()),
        only_if_agreed=draw(st.booleans()),
        threshold=draw(perhaps_points | st.integers(0, 3).map(Decimal)),
        strict=draw(st.booleans()),
    )


@st.composite
def editions(draw: st.DrawFn) -> Terms:
    """An edition whose every number and reading is anybody's guess."""
    return Terms(
        edition=1,
        name=Text("Редакция"),
        effective_from=date(2026, 1, 1),
        ceiling=draw(points),
        own_use_cap=draw(points),
        updates_percent=draw(points),
        extended_support_percent=draw(points),
        bonuses_until=draw(perhaps_days),
        readings=draw(readings),
        levels=tuple(draw(levels(slug)) for slug in LEVELS),
        bonuses=tuple(draw(bonuses(number)) for number in range(draw(st.integers(0, 6)))),
        sections=(SOURCE_CLAUSES,),
    )
