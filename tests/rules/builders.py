"""Editions and deals for the tests of the rules.

Here, and only in tests, the published programme's numbers stand as the worked example: ``SOURCE`` is the vendor's
own edition with all its numbers, ``make_terms`` a small one whose levels have a discount and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from program_pages.rules.deal import BonusFacts, Events, Plan, QuoteRequest, RequestLine
from program_pages.rules.terms import (
    Bonus,
    BonusMeasure,
    Clause,
    ClauseKind,
    Level,
    Readings,
    Requirement,
    RequirementKind,
    Section,
    Terms,
    Text,
    Topic,
)

DISCOUNTS: Mapping[str, str] = {"retail": "10", "competency": "20", "saas": "25"}

LICENCE_PRICES = Section(
    6,
    Text("Цены на лицензии", "Licence prices"),
    (
        Clause("R46", "6.1", Text("Скидки действуют на все версии.", "For every version."), topic=Topic.DISCOUNT),
        Clause("R50", "6.5", Text("Скидка от конечной цены.", "On the final price."), topic=Topic.CLIENT_DISCOUNT),
    ),
)


def make_level(slug: str = "competency", discount: str = "20", contract_code: int = 2) -> Level:
    """A level with a name and a discount in points, and nothing else."""
    return Level(
        slug=slug,
        contract_code=contract_code,
        product_line="crm",
        name=Text(f"Уровень {slug}", f"Level {slug}"),
        short_name=Text(slug),
        mark_name=slug,
        colour=slug,
        shape="square",
        order=contract_code,
        discount=Decimal(discount),
    )


def make_terms(
    discounts: Mapping[str, str] = DISCOUNTS,
    readings: Readings | None = None,
    sections: tuple[Section, ...] = (LICENCE_PRICES,),
) -> Terms:
    """An edition whose levels have these discounts in points; its ceiling is no limit."""
    return Terms(
        edition=1,
        name=Text("Редакция 1", "Edition 1"),
        effective_from=date(2026, 1, 1),
        ceiling=Decimal(100),
        own_use_cap=Decimal(50),
        updates_percent=Decimal(20),
        extended_support_percent=Decimal(30),
        readings=readings or Readings(),
        levels=tuple(make_level(slug, points, code) for code, (slug, points) in enumerate(discounts.items(), 1)),
        sections=sections,
    )


# --- The vendor's own edition ---


def _clause(
    code: str, topic: Topic | None = None, level: str | None = None, kind: ClauseKind = ClauseKind.TEXT
) -> Clause:
    return Clause(code, code.removeprefix("R"), Text(code, code), kind, level, topic)


_RETAIL_ONLY_SUPPLIES = _clause("R22", level="retail", kind=ClauseKind.RESTRICTION)

SOURCE_CLAUSES = Section(
    1,
    Text("Условия", "Terms"),
    (
        _RETAIL_ONLY_SUPPLIES,
        _clause("R33", Topic.UPDATES_SHARE, "competency", ClauseKind.ADVANTAGE),
        _clause("R35", Topic.RENTING, "saas", ClauseKind.ADVANTAGE),
        _clause("R46", Topic.DISCOUNT),
        _clause("R47", Topic.PLAN_DISCOUNT),
        _clause("R48", Topic.OWN_USE),
        _clause("R49", Topic.DEMO_LICENCE),
        _clause("R50", Topic.CLIENT_DISCOUNT),
        _clause("R51", Topic.SUPPORT_PERCENT, "competency"),
        _clause("R52", Topic.SUPPORT_BY_AGREEMENT),
        _clause("R53", Topic.UPDATES),
        _clause("R54", Topic.EXTENDED_SUPPORT),
        _clause("R65", Topic.OWN_IMPLEMENTATION),
        _clause("R66", Topic.ASOFT_IMPLEMENTATION),
        _clause("R75", Topic.CEILING),
        _clause("R77", Topic.BONUS_RETURN),
    ),
)


def _requirement(kind: RequirementKind, clause: str, threshold: int | None = None) -> Requirement:
    limit = None if threshold is None else Decimal(threshold)
    return Requirement(kind.value, kind, Text(kind.value), Text(""), clause, limit)


def _bonus(measure: BonusMeasure, clause: str, points: tuple[str, str, str], **more: object) -> Bonus:
    by_level = {slug: Decimal(value) if value else None for slug, value in zip(DISCOUNTS, points, strict=True)}
    return Bonus(measure.value, measure, Text(measure.value), clause, by_level, **more)  # type: ignore[arg-type]


SOURCE_LEVELS = (
    replace(make_level("retail", "10", 1), demo_licences=1, restrictions=(_RETAIL_ONLY_SUPPLIES,)),
    replace(
        make_level("competency", "20", 2),
        demo_licences=1,
        may_implement=True,
        may_maintain=True,
        updates_share=Decimal(50),
        own_implementation_share=Decimal(100),
        asoft_implementation_share=Decimal(10),
        support_percent=Decimal(10),
        requirements=(
            _requirement(RequirementKind.CERTIFIED_SPECIALISTS, "R29", 2),
            _requirement(RequirementKind.MARKETING_ACTIVITIES, "R30", 1),
            _requirement(RequirementKind.REVIEWS_SHARE, "R31", 50),
            _requirement(RequirementKind.ANNOUNCEMENT, "R34"),
        ),
    ),
    replace(
        make_level("saas", "25", 3),
        demo_licences=1,
        may_implement=True,
        may_maintain=True,
        may_rent_out=True,
        own_implementation_share=Decimal(100),
        asoft_implementation_share=Decimal(10),
        requirements=(
            _requirement(RequirementKind.CERTIFIED_SPECIALISTS, "R37", 2),
            _requirement(RequirementKind.MODULE_PURCHASED, "R38"),
            _requirement(RequirementKind.RENTED_LICENCES, "R39"),
            _requirement(RequirementKind.EXTENDED_SUPPORT, "R40"),
            _requirement(RequirementKind.ANNOUNCEMENT, "R41"),
        ),
    ),
)

SOURCE_BONUSES = (
    _bonus(BonusMeasure.REVIEWS_SHARE, "R71", ("", "5", "5"), threshold=Decimal(75), strict=True),
    _bonus(BonusMeasure.SALES_PLAN, "R72", ("10", "10", "5"), only_if_agreed=True),
    _bonus(BonusMeasure.EXTRA_SPECIALISTS, "R73", ("", "2.5", "2.5"), threshold=Decimal(1)),
    _bonus(BonusMeasure.EVENT_ATTENDED, "R74", ("1", "1", "1"), group="events", highest_of_group=True),
    _bonus(BonusMeasure.EVENT_HOSTED, "R74", ("2.5", "2.5", "2.5"), group="events", highest_of_group=True),
)

SOURCE = Terms(
    edition=1,
    name=Text("Условия программы", "Terms of the programme"),
    effective_from=date(2026, 1, 1),
    ceiling=Decimal(40),
    own_use_cap=Decimal(50),
    updates_percent=Decimal(20),
    extended_support_percent=Decimal(30),
    levels=SOURCE_LEVELS,
    bonuses=SOURCE_BONUSES,
    sections=(SOURCE_CLAUSES,),
)


def source(readings: Readings | None = None, **changes: object) -> Terms:
    """The vendor's edition with other readings or fields."""
    return replace(SOURCE, readings=readings or Readings(), **changes)  # type: ignore[arg-type]


# --- Deals ---

EVERYTHING = BonusFacts(Decimal(80), Plan.MET, 1, Events.HOSTED)  # every bonus there is


def make_request(*lines: tuple[str, int, str], level: str = "competency", client_discount: str = "0") -> QuoteRequest:
    """A deal of (product, quantity, unit price) lines; one licence at 100 000 roubles where none is given."""
    return QuoteRequest(
        level=level,
        lines=tuple(
            RequestLine(product, quantity, Decimal(price))
            for product, quantity, price in lines or (("asoft-crm", 1, "100000.00"),)
        ),
        client_discount=Decimal(client_discount),
    )


def with_line(request: QuoteRequest, **changes: object) -> QuoteRequest:
    """The same deal with its first line changed, to whatever an asker may send."""
    first, *rest = request.lines
    return replace(request, lines=(replace(first, **changes), *rest))  # type: ignore[arg-type]
