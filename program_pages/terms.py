"""The one adapter from the rows of an edition to the frozen ``Terms`` that rules, pages and API read.

Nothing else may read an edition's numbers from its rows. ``terms_on`` finds an edition by its day, ``terms_as_of`` by
what had been recorded on the day, too. Since an approved edition does not change, its ``Terms`` are built once a
process.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Prefetch

from program_pages.as_of import AsOf
from program_pages.bilingual import paired
from program_pages.models import edition_rows as rows
from program_pages.models.edition import EditionQuerySet, TermsEdition, programme_day_of
from program_pages.models.level import Level as LevelRow
from program_pages.placeholders import Placeholders, placeholders_of
from program_pages.rules.terms import (
    Benefit,
    BenefitCell,
    Bonus,
    BonusMeasure,
    CeilingScope,
    CellKind,
    Clause,
    ClauseKind,
    DemoLicencesPer,
    Level,
    NoImplementations,
    OwnUseWithoutMinimum,
    Readings,
    Requirement,
    RequirementKind,
    Rounding,
    Section,
    ServicesBase,
    Terms,
    Text,
    Topic,
    UpdatesShareRule,
)


class NoEdition(LookupError):
    """No published edition is in force on the day asked for, or has the number; ``args[0]`` is what was asked."""


def with_rows(editions: EditionQuerySet) -> EditionQuerySet:
    """Editions that bring all their rows along in a constant number of queries."""
    by_level = ("level__order", "level_id")
    return editions.prefetch_related(
        Prefetch("level_terms", rows.LevelTerms.objects.select_related("level__product_line").order_by(*by_level)),
        Prefetch("requirements", rows.Requirement.objects.select_related("level")),
        Prefetch("benefits__cells", rows.BenefitCell.objects.select_related("level")),
        Prefetch("bonuses__points", rows.BonusPoints.objects.select_related("level")),
        "sections",
        Prefetch("clauses", rows.Clause.objects.select_related("level")),
    )


def terms_on(day: date) -> Terms:
    """The terms in force on a day. Raises NoEdition before the first published edition (R83)."""
    edition = TermsEdition.objects.taken_effect(day).only("pk", "approved_at", "effective_from").first()
    if edition is None:
        raise NoEdition(day)
    return _published_terms(edition)


@dataclass(frozen=True, slots=True)
class TermsThen:
    """The terms of a day as that day knew them.

    ``recorded_later`` is None, or the day on which the edition was approved where no edition had been by the day asked
    about: programmes are older than the sites that publish them, and what is known now is then all there is.
    """

    terms: Terms
    recorded_later: date | None = None


def terms_as_of(asked: AsOf) -> TermsThen:
    """The terms in force on a day that had been approved by its end (R83).

    An edition approved later for an earlier day does not count, but where none had been recorded at all: see
    ``TermsThen``. Raises NoEdition before the first published edition.
    """
    if asked.recorded_by is None:
        return TermsThen(terms_on(asked.day))
    editions = TermsEdition.objects.taken_effect(asked.day).only("pk", "approved_at", "effective_from")
    edition = editions.approved_by(asked.recorded_by).first()
    if edition is not None:
        return TermsThen(_published_terms(edition, asked.recorded_by))
    latest = editions.first()
    if latest is None:
        raise NoEdition(asked.day)
    return TermsThen(_published_terms(latest), programme_day_of(latest.approved_at) if latest.approved_at else None)


def terms_of_edition(edition: int) -> Terms:
    """The terms of a published edition by its number. Raises NoEdition where there is none."""
    found = TermsEdition.objects.published().filter(pk=edition).only("pk", "approved_at", "effective_from").first()
    if found is None:
        raise NoEdition(edition)
    return _published_terms(found)


def latest_terms(count: int) -> list[tuple[TermsEdition, Terms]]:
    """The published editions that take effect last, newest first, each with its terms; of the edition only its dates.

    Two queries, and ten for each edition whose terms this process has not built yet.
    """
    levels = _levels()
    editions = TermsEdition.objects.published().order_by("-effective_from")
    found, next_day = [], None
    for edition in editions.only("pk", "approved_at", "effective_from")[:count]:
        terms = _approved_terms(edition.pk, edition.approved_at, levels)
        found.append((edition, _until(terms, next_day)))
        next_day = edition.effective_from
    return found


def _published_terms(edition: TermsEdition, recorded_by: datetime | None = None) -> Terms:
    """Its terms, until the next edition takes effect as far as that had been approved by a moment."""
    following = TermsEdition.objects.published().filter(effective_from__gt=edition.effective_from)
    if recorded_by is not None:
        following = following.approved_by(recorded_by)
    next_day = following.order_by("effective_from").values_list("effective_from", flat=True).first()
    return _until(_approved_terms(edition.pk, edition.approved_at, _levels()), next_day)


def _levels() -> tuple[object, ...]:
    """All that the terms of an edition read from levels, which outlive it."""
    level_fields = [field.attname for field in LevelRow._meta.concrete_fields]
    return tuple(LevelRow.objects.order_by("pk").values_list("product_line__slug", *level_fields))


def _until(terms: Terms, next_day: date | None) -> Terms:
    """The terms with their last day, which the next edition decides."""
    return replace(terms, effective_until=next_day - timedelta(days=1) if next_day else None)


@lru_cache(maxsize=16)
def _approved_terms(edition: int, approved_at: datetime | None, levels: tuple[object, ...]) -> Terms:
    """A published edition as ``Terms``, built once a process.

    The arguments name all that its rows can depend on: an approved edition changes only by a new approval, and a
    level's name or colour is in ``levels``.
    """
    return terms_of(with_rows(TermsEdition.objects.filter(pk=edition)).get())


def terms_of(edition: TermsEdition) -> Terms:
    """An edition as ``Terms``, draft or published, with the placeholders of its texts filled."""
    unfilled = unfilled_terms_of(edition)
    return _filled(unfilled, placeholders_of(unfilled))


def unfilled_terms_of(edition: TermsEdition) -> Terms:
    """An edition as ``Terms`` whose texts still hold their placeholders."""
    level_terms = sorted(edition.level_terms.all(), key=lambda row: (row.level.order, row.level_id))
    slugs = [row.level.slug for row in level_terms]
    sections = _sections(edition)
    clauses = [clause for section in sections for clause in section.clauses]
    requirements = list(edition.requirements.all())
    return Terms(
        edition=edition.pk or 0,
        name=paired(edition, "name"),
        effective_from=edition.effective_from,
        ceiling=edition.ceiling,
        own_use_cap=edition.own_use_cap,
        updates_percent=edition.updates_percent,
        extended_support_percent=edition.extended_support_percent,
        bonuses_until=edition.bonuses_until,
        currency=edition.currency,
        vat_note=paired(edition, "vat_note"),
        introduction=paired(edition, "introduction"),
        closing=paired(edition, "closing"),
        readings=_readings(edition),
        levels=tuple(_level(row, requirements, clauses) for row in level_terms),
        benefits=tuple(_benefit(row, level_terms) for row in edition.benefits.all()),
        bonuses=tuple(_bonus(row, slugs) for row in edition.bonuses.all()),
        sections=sections,
    )


def _readings(edition: TermsEdition) -> Readings:
    kinds = {
        "ceiling_scope": CeilingScope,
        "own_use_without_minimum": OwnUseWithoutMinimum,
        "updates_share_rule": UpdatesShareRule,
        "demo_licences_per": DemoLicencesPer,
        "no_implementations": NoImplementations,
        "services_base": ServicesBase,
        "rounding": Rounding,
    }
    values: dict[str, Any] = {item.name: getattr(edition, item.name) for item in fields(Readings)}
    return Readings(**(values | {name: kind(values[name]) for name, kind in kinds.items()}))


def _sections(edition: TermsEdition) -> tuple[Section, ...]:
    clauses = list(edition.clauses.all())
    return tuple(
        Section(
            number=section.number,
            title=paired(section, "title"),
            clauses=tuple(
                _clause(clause, f"{section.number}.{place}")
                for place, clause in enumerate((row for row in clauses if row.section == section.number), start=1)
            ),
        )
        for section in sorted(edition.sections.all(), key=lambda row: row.number)
    )


def _clause(row: rows.Clause, number: str) -> Clause:
    return Clause(
        code=row.code,
        number=number,
        text=row.text,
        kind=ClauseKind(row.kind),
        level=row.level.slug if row.level else None,
        topic=Topic(row.topic) if row.topic else None,
    )


def _level(row: rows.LevelTerms, requirements: Iterable[rows.Requirement], clauses: Iterable[Clause]) -> Level:
    level = row.level

    def own(kind: ClauseKind) -> tuple[Clause, ...]:
        return tuple(clause for clause in clauses if clause.level == level.slug and clause.kind is kind)

    return Level(
        slug=level.slug,
        contract_code=level.contract_code,
        product_line=level.product_line.slug,
        name=level.name,
        short_name=level.short_name,
        mark_name=level.mark_name,
        colour=level.colour,
        shape=level.shape,
        order=level.order,
        discount=row.discount,  # type: ignore[arg-type] # no edition without discounts is ever published
        summary=paired(row, "summary"),
        may_implement=row.may_implement,
        may_maintain=row.may_maintain,
        may_rent_out=row.may_rent_out,
        demo_licences=row.demo_licences,
        updates_share=row.updates_share,
        own_implementation_share=row.own_implementation_share,
        asoft_implementation_share=row.asoft_implementation_share,
        support_percent=row.support_percent,
        requirements=tuple(_requirement(item) for item in requirements if item.level_id == level.pk),
        advantages=own(ClauseKind.ADVANTAGE),
        restrictions=own(ClauseKind.RESTRICTION),
        rights=own(ClauseKind.RIGHT),
    )


def _requirement(row: rows.Requirement) -> Requirement:
    return Requirement(
        key=row.key,
        kind=RequirementKind(row.kind),
        title=paired(row, "title"),
        description=paired(row, "description"),
        clause=row.clause,
        threshold=row.threshold,
        strict=row.strict,
    )


def _benefit(row: rows.Benefit, level_terms: Iterable[rows.LevelTerms]) -> Benefit:
    entered = {cell.level_id: cell for cell in row.cells.all()}
    return Benefit(
        key=row.key,
        title=paired(row, "title"),
        clause=row.clause,
        cells=tuple(
            _cell_from_terms(row.source, terms) if row.source else _cell(entered.get(terms.level_id), terms.level.slug)
            for terms in level_terms
        ),
    )


def _cell(row: rows.BenefitCell | None, level: str) -> BenefitCell:
    if row is None:
        return BenefitCell(level=level, kind=CellKind.NO)
    return BenefitCell(level=level, kind=CellKind(row.kind), value=paired(row, "value"))


def _cell_from_terms(source: str, row: rows.LevelTerms) -> BenefitCell:
    value = getattr(row, source)
    if source in {rows.BenefitSource.MAY_IMPLEMENT, rows.BenefitSource.DEMO_LICENCES}:
        return BenefitCell(level=row.level.slug, kind=CellKind.YES if value else CellKind.NO)
    if value is None:
        return BenefitCell(level=row.level.slug, kind=CellKind.NO)
    return BenefitCell(level=row.level.slug, kind=CellKind.PERCENT, percent=value)


def _bonus(row: rows.Bonus, levels: Iterable[str]) -> Bonus:
    points = {item.level.slug: item.points for item in row.points.all()}
    return Bonus(
        key=row.key,
        measure=BonusMeasure(row.measure),
        title=paired(row, "title"),
        clause=row.clause,
        points={slug: points.get(slug) for slug in levels},
        group=row.group,
        highest_of_group=row.highest_of_group,
        only_if_agreed=row.only_if_agreed,
        threshold=row.threshold,
        strict=row.strict,
    )


def _filled(terms: Terms, placeholders: Placeholders) -> Terms:
    """The terms with every text filled; the rows' own texts are the only ones that hold placeholders."""

    def clause(item: Clause) -> Clause:
        return replace(item, text=fill(item.text))

    def level(item: Level) -> Level:
        return replace(
            item,
            summary=fill(item.summary),
            requirements=tuple(
                replace(each, title=fill(each.title), description=fill(each.description)) for each in item.requirements
            ),
            advantages=tuple(map(clause, item.advantages)),
            restrictions=tuple(map(clause, item.restrictions)),
            rights=tuple(map(clause, item.rights)),
        )

    def fill(text: Text) -> Text:
        return placeholders.fill(text)

    return replace(
        terms,
        vat_note=fill(terms.vat_note),
        introduction=fill(terms.introduction),
        closing=fill(terms.closing),
        levels=tuple(map(level, terms.levels)),
        benefits=tuple(replace(item, title=fill(item.title)) for item in terms.benefits),
        bonuses=tuple(replace(item, title=fill(item.title)) for item in terms.bonuses),
        sections=tuple(
            replace(item, title=fill(item.title), clauses=tuple(map(clause, item.clauses))) for item in terms.sections
        ),
    )
