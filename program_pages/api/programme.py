"""The programme as JSON: the edition in force on a day, for machines. Decimals are strings, percent is points."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from program_pages.as_of import asked_of_api
from program_pages.bilingual import said
from program_pages.calculator.quote_json import optional, points
from program_pages.problems import Problem, ProblemError
from program_pages.rules.terms import Benefit, BenefitCell, Bonus, Clause, Level, Requirement, Section, Terms
from program_pages.terms import NoEdition, terms_as_of

router = Router(tags=["programme"])


class RequirementOut(Schema):
    """One requirement of a level (slug); the threshold counts people, activities or percent, by kind."""

    level: str
    key: str
    kind: str
    title: str
    description: str
    threshold: str | None
    strict: bool
    clause: str


class LevelOut(Schema):
    """A level: who it is and what it gives. Percents and shares are points."""

    slug: str
    code: int = Field(description="Designation in licence contracts (R84), not a rank")
    product_line: str
    name: str
    short_name: str
    mark_name: str
    colour: str
    shape: str
    discount: str
    may_implement: bool
    may_maintain: bool
    may_rent_out: bool
    demo_licences: int
    updates_share: str | None
    own_implementation_share: str | None
    asoft_implementation_share: str | None
    support_percent: str | None = Field(description="None: by agreement (R52)")


class CellOut(Schema):
    """One benefit at one level."""

    kind: str
    value: str | None
    percent: str | None


class BenefitOut(Schema):
    """A row of the benefits table; ``levels`` maps a level's slug to its cell."""

    key: str
    title: str
    clause: str
    levels: dict[str, CellOut]


class BonusOut(Schema):
    """A bonus; ``points`` maps a level's slug to its points, null where it brings none."""

    key: str
    measure: str
    title: str
    clause: str
    threshold: str | None
    strict: bool
    only_if_agreed: bool
    group: str
    highest_of_group: bool
    points: dict[str, str | None]


class ClauseOut(Schema):
    """A clause; ``/terms/#<code in lower case>`` links to it."""

    code: str
    number: str
    section: int
    level: str | None
    kind: str
    text: str


class EditionOut(Schema):
    """Which edition this is, and the days it is in force (the last day is null while none follows)."""

    id: int
    name: str
    effective_from: str
    effective_until: str | None


class ProgrammeOut(Schema):
    """A whole edition of the programme."""

    edition: EditionOut
    on: str
    recorded_later: str | None = Field(
        description="The day on which the edition was approved here, where none had been by the day asked about"
    )
    currency: str
    prices_include_vat: bool
    ceiling: str
    own_use_cap: str
    updates_percent: str
    extended_support_percent: str
    readings: dict[str, str | int | bool]
    levels: list[LevelOut]
    requirements: list[RequirementOut]
    benefits: list[BenefitOut]
    bonuses: list[BonusOut]
    bonuses_until: str | None = Field(description="The last day of the bonuses (R79), null while none is set")
    clauses: list[ClauseOut]


@router.get(
    "/programme/", response={200: ProgrammeOut, 404: Problem, 422: Problem}, summary="The edition in force on a day"
)
def programme(
    request: HttpRequest,
    on: str = Query("", description="A day as YYYY-MM-DD; today in Moscow when left out"),  # type: ignore[type-arg]
) -> ProgrammeOut:
    """The edition of a day, as that day knew it: levels, requirements, benefits, bonuses, ceiling and clauses (R83).

    Texts are in the language of ``Accept-Language`` (ru or en).
    """
    asked = asked_of_api(on)
    try:
        found = terms_as_of(asked)
    except NoEdition as error:
        raise ProblemError(404, _("На этот день не было ни одной редакции условий."), field="on") from error
    terms = found.terms
    return ProgrammeOut(
        edition=EditionOut(
            id=terms.edition,
            name=said(terms.name),
            effective_from=terms.effective_from.isoformat(),
            effective_until=terms.effective_until.isoformat() if terms.effective_until else None,
        ),
        on=asked.day.isoformat(),
        recorded_later=found.recorded_later.isoformat() if found.recorded_later else None,
        currency=terms.currency,
        prices_include_vat=terms.readings.prices_include_vat,
        ceiling=points(terms.ceiling),
        own_use_cap=points(terms.own_use_cap),
        updates_percent=points(terms.updates_percent),
        extended_support_percent=points(terms.extended_support_percent),
        readings=_readings(terms),
        levels=[_level(level) for level in terms.levels],
        requirements=[_requirement(level, item) for level in terms.levels for item in level.requirements],
        benefits=[_benefit(benefit) for benefit in terms.benefits],
        bonuses=[_bonus(bonus) for bonus in terms.bonuses],
        bonuses_until=terms.bonuses_until.isoformat() if terms.bonuses_until else None,
        clauses=[_clause(section, clause) for section in terms.sections for clause in section.clauses],
    )


def _readings(terms: Terms) -> dict[str, str | int | bool]:
    readings = terms.readings
    return {name: getattr(readings, name) for name in readings.__slots__}


def _level(level: Level) -> LevelOut:
    return LevelOut(
        slug=level.slug,
        code=level.contract_code,
        product_line=level.product_line,
        name=said(level.name),
        short_name=said(level.short_name),
        mark_name=level.mark_name,
        colour=level.colour,
        shape=level.shape,
        discount=points(level.discount),
        may_implement=level.may_implement,
        may_maintain=level.may_maintain,
        may_rent_out=level.may_rent_out,
        demo_licences=level.demo_licences,
        updates_share=optional(level.updates_share),
        own_implementation_share=optional(level.own_implementation_share),
        asoft_implementation_share=optional(level.asoft_implementation_share),
        support_percent=optional(level.support_percent),
    )


def _requirement(level: Level, requirement: Requirement) -> RequirementOut:
    return RequirementOut(
        level=level.slug,
        key=requirement.key,
        kind=requirement.kind,
        title=said(requirement.title),
        description=said(requirement.description),
        threshold=optional(requirement.threshold),
        strict=requirement.strict,
        clause=requirement.clause,
    )


def _benefit(benefit: Benefit) -> BenefitOut:
    return BenefitOut(
        key=benefit.key,
        title=said(benefit.title),
        clause=benefit.clause,
        levels={cell.level: _cell(cell) for cell in benefit.cells},
    )


def _cell(cell: BenefitCell) -> CellOut:
    return CellOut(kind=cell.kind, value=said(cell.value) or None, percent=optional(cell.percent))


def _bonus(bonus: Bonus) -> BonusOut:
    return BonusOut(
        key=bonus.key,
        measure=bonus.measure,
        title=said(bonus.title),
        clause=bonus.clause,
        threshold=optional(bonus.threshold),
        strict=bonus.strict,
        only_if_agreed=bonus.only_if_agreed,
        group=bonus.group,
        highest_of_group=bonus.highest_of_group,
        points={level: optional(value) for level, value in bonus.points.items()},
    )


def _clause(section: Section, clause: Clause) -> ClauseOut:
    return ClauseOut(
        code=clause.code,
        number=clause.number,
        section=section.number,
        level=clause.level,
        kind=clause.kind,
        text=said(clause.text),
    )
