"""A fictional edition for the gallery, with a level more than the vendor has (R13). May not import models."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from program_pages.rules.terms import (
    Benefit,
    BenefitCell,
    Bonus,
    BonusMeasure,
    CellKind,
    Clause,
    ClauseKind,
    Level,
    Requirement,
    RequirementKind,
    Section,
    Terms,
    Text,
    Topic,
)

LONG_NAME = Text(
    "Сертифицированный отраслевой партнёр по здравоохранению и достраховой медицине",
    "Certified industry partner for healthcare and pre-insurance medicine",
)


def gallery_terms() -> Terms:
    """A fictional edition with four levels, one of a long name and a new shape."""
    levels = (
        level_of("retail", 1, Text("Образец Продажи", "Sample Sales"), "square", "12", may_implement=False),
        level_of(
            "competency",
            2,
            Text("Образец Внедрение", "Sample Delivery"),
            "hexagon",
            "23.5",
            may_implement=True,
            may_maintain=True,
            requirements=_requirements(),
        ),
        level_of(
            "saas",
            3,
            Text("Образец Аренда", "Sample Renting"),
            "circle",
            "31",
            may_implement=True,
            may_maintain=True,
            may_rent_out=True,
            requirements=_requirements()[:1],
        ),
    )
    return Terms(
        edition=7,
        name=Text("Вымышленная редакция № 7", "Fictional edition No. 7"),
        effective_from=date(2031, 1, 1),
        ceiling=Decimal("46"),
        own_use_cap=Decimal("55"),
        updates_percent=Decimal("17"),
        extended_support_percent=Decimal("33"),
        levels=levels,
        benefits=_benefits(levels),
        bonuses=_bonuses(levels),
        sections=_sections(),
    )


def level_of(
    slug: str,
    code: int,
    name: Text,
    shape: str,
    discount: str,
    *,
    short_name: Text | None = None,
    requirements: tuple[Requirement, ...] = (),
    may_implement: bool = False,
    may_maintain: bool = False,
    may_rent_out: bool = False,
) -> Level:
    return Level(
        slug=slug,
        contract_code=code,
        product_line="sample",
        name=name,
        short_name=short_name or name,
        mark_name=name.ru,
        colour="#000000",
        shape=shape,
        order=code,
        discount=Decimal(discount),
        summary=Text("Короткое предложение о том, кому подходит уровень.", "One short sentence on whom it suits."),
        may_implement=may_implement,
        may_maintain=may_maintain,
        may_rent_out=may_rent_out,
        requirements=requirements,
    )


def _requirements() -> tuple[Requirement, ...]:
    return (
        Requirement(
            key="specialists",
            kind=RequirementKind.CERTIFIED_SPECIALISTS,
            title=Text("Три сертифицированных сотрудника", "Three certified employees"),
            description=Text(
                "По вымышленному курсу «Мастер образцов».", "In the fictional course “Master of samples”."
            ),
            clause="X2",
            threshold=Decimal("3"),
        ),
        Requirement(
            key="announcement",
            kind=RequirementKind.ANNOUNCEMENT,
            title=Text("Анонс участия на своём сайте", "Participation announced on the partner's own site"),
            description=Text(""),
            clause="X3",
        ),
    )


def _benefits(levels: tuple[Level, ...]) -> tuple[Benefit, ...]:
    yes, no = CellKind.YES, CellKind.NO
    return (
        _benefit("listing", Text("Размещение на сайте", "Listing on the site"), levels, (yes, yes, yes)),
        _benefit("visits", Text("Референс-визиты к клиентам", "Reference visits"), levels, (no, yes, yes)),
        Benefit(
            key="discount",
            title=Text("Партнёрская скидка на лицензии", "Partner discount on licences"),
            clause="X2",
            cells=tuple(BenefitCell(level.slug, CellKind.PERCENT, percent=level.discount) for level in levels),
        ),
        Benefit(
            key="support",
            title=Text("Обучение двух специалистов на площадке вендора", "Training of two specialists at the vendor's"),
            clause="X3",
            cells=(
                BenefitCell("retail", no),
                BenefitCell("competency", CellKind.VALUE, Text("по запросу", "on request")),
                BenefitCell("saas", yes),
            ),
        ),
    )


def _benefit(key: str, title: Text, levels: tuple[Level, ...], kinds: tuple[CellKind, ...]) -> Benefit:
    cells = tuple(BenefitCell(level.slug, kind) for level, kind in zip(levels, kinds, strict=True))
    return Benefit(key=key, title=title, clause="X1", cells=cells)


def _bonuses(levels: tuple[Level, ...]) -> tuple[Bonus, ...]:
    def points(*values: str | None) -> dict[str, Decimal | None]:
        return {
            level.slug: None if value is None else Decimal(value) for level, value in zip(levels, values, strict=True)
        }

    return (
        Bonus(
            key="reviews",
            measure=BonusMeasure.REVIEWS_SHARE,
            title=Text("Отзывы клиентов", "Client reviews"),
            clause="X1",
            points=points(None, "4", "4"),
            threshold=Decimal("66"),
            strict=True,
        ),
        Bonus(
            key="plan",
            measure=BonusMeasure.SALES_PLAN,
            title=Text("Согласованный план продаж выполнен", "Agreed sales plan fulfilled"),
            clause="X2",
            points=points("8", "8", "3.5"),
            only_if_agreed=True,
        ),
        Bonus(
            key="hosted",
            measure=BonusMeasure.EVENT_HOSTED,
            title=Text("Своё мероприятие", "An own event"),
            clause="X3",
            points=points("1.75", "1.75", "1.75"),
            group="events",
            highest_of_group=True,
        ),
    )


def _sections() -> tuple[Section, ...]:
    return (
        Section(
            1,
            Text("Вымышленная программа", "A fictional programme"),
            (
                Clause("X1", "1.1", Text("Пункт с обычным текстом: о чём договорились и для кого.", "A plain clause.")),
                Clause(
                    "X2",
                    "1.2",
                    Text("Скидка даётся от цены прайс-листа.", "The discount is off the list price."),
                    topic=Topic.DISCOUNT,
                ),
            ),
        ),
        Section(
            2,
            Text("Ограничения и права", "Restrictions and rights"),
            (
                Clause(
                    "X3",
                    "2.1",
                    Text("Скидка партнёра берётся от конечной цены клиента.", "It is taken off the client's price."),
                    topic=Topic.CLIENT_DISCOUNT,
                ),
                Clause(
                    "X4",
                    "2.2",
                    Text("На этом уровне возможна только поставка.", "Supply only at this level."),
                    kind=ClauseKind.RESTRICTION,
                    level="retail",
                ),
            ),
        ),
    )
