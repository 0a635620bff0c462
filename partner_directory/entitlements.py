"""What a partner's levels entitle it to on a day: materials, licences, trainings, events (R18, R21, R49, R56–R59).

Read from the terms as they hold for the partner, by the keys of their benefits: no level is known by its name, and no
number stands here. May not import views or actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from partner_directory.directory.holdings import Holding, holdings_of
from partner_directory.models.membership import Status
from partner_directory.models.partner import Partner
from partner_directory.partner_terms import terms_for
from program_pages.models.level import Level
from program_pages.rules import terms as rules
from program_pages.rules.terms import CellKind, DemoLicencesPer, Readings, RequirementKind, Terms, UnknownLevel
from program_pages.terms import NoEdition

# Keys of the benefits in an edition (R56, R57, R58); what an edition does not name, it does not give.
TRAINING, MATERIALS, OWN_USE = "training", "materials", "own-use-licences"

WHY_CLOSED: dict[Status | None, str | Promise] = {
    None: _("Это для партнёров: сначала присоединитесь к программе."),
    Status.UPCOMING: _("Ваш уровень ещё не начал действовать."),
    Status.SUSPENDED: _("Ваше членство приостановлено."),
    Status.LAPSED: _("Срок вашего членства закончился: продлите его."),
    Status.ENDED: _("Ваше членство прекращено."),
}
NO_TERMS = _("Условия программы ещё не опубликованы.")


@dataclass(frozen=True, slots=True)
class Entitlement:
    """A partner's levels in force on a day, as the terms describe them; ``status`` says why there are none."""

    terms: Terms | None
    levels: tuple[rules.Level, ...]
    status: Status | None

    @property
    def is_active(self) -> bool:
        """Whether the partner holds a level that is in force and known to the terms."""
        return bool(self.levels)

    @property
    def why_closed(self) -> str:
        """Why a partner without a level in force gets nothing; empty for one with a level."""
        if self.is_active:
            return ""
        return str(NO_TERMS if self.terms is None else WHY_CLOSED.get(self.status, WHY_CLOSED[None]))

    def levels_with(self, benefit: str) -> tuple[rules.Level, ...]:
        """The levels held to which the edition gives a benefit (its key)."""
        return tuple(level for level in self.levels if _cell(self.terms, benefit, level) is not None)

    def level_of(self, product_line: str) -> rules.Level | None:
        """The level held of a product line (slug)."""
        return next((level for level in self.levels if level.product_line == product_line), None)

    @property
    def demo_licences(self) -> int:
        """How many licences for demonstration are free (R18, R49), on whatever A5 counts them."""
        return max((level.demo_licences for level in self.levels), default=0)

    @property
    def demo_per_product(self) -> bool:
        """Whether they are counted for each product by itself (A5)."""
        return self.terms is not None and self.terms.readings.demo_licences_per is DemoLicencesPer.PRODUCT

    @property
    def training_seats(self) -> int | None:
        """How many specialists are trained in a year (R56): None where the edition promises it without a number.

        A number in the benefit's cell, otherwise as many as the level requires certified (R29, R37): the edition
        states the promise in words, and those it trains are those it requires.
        """
        trained = self.levels_with(TRAINING)
        if not trained:
            return 0
        counts = [count for level in trained if (count := _seats(self.terms, level)) is not None]
        return max(counts) if counts else None


def _cell(terms: Terms | None, benefit: str, level: rules.Level) -> rules.BenefitCell | None:
    """What the edition says of a benefit at a level; None where it says no, or nothing."""
    row = next((row for row in terms.benefits if row.key == benefit), None) if terms else None
    cell = next((cell for cell in row.cells if cell.level == level.slug), None) if row else None
    return None if cell is None or cell.kind is CellKind.NO else cell


def _seats(terms: Terms | None, level: rules.Level) -> int | None:
    cell = _cell(terms, TRAINING, level)
    if cell is not None and cell.kind is CellKind.VALUE and cell.value.ru.isdecimal():
        return int(cell.value.ru)
    thresholds = [
        int(requirement.threshold)
        for requirement in level.requirements
        if requirement.kind is RequirementKind.CERTIFIED_SPECIALISTS and requirement.threshold is not None
    ]
    return max(thresholds, default=None)


def entitlement_of(partner: Partner, day: date) -> Entitlement:
    """What a partner is entitled to on a day, in a constant number of queries."""
    try:
        terms = terms_for(partner, day)
    except NoEdition:
        terms = None
    readings = terms.readings if terms else Readings()
    holdings = holdings_of([partner.pk], day, readings, Level.objects.all()).get(partner.pk, [])
    levels = tuple(filter(None, (_known(terms, holding) for holding in holdings if holding.is_listed)))
    return Entitlement(terms, levels, next((holding.status for holding in holdings), None))


def _known(terms: Terms | None, holding: Holding) -> rules.Level | None:
    try:
        return terms.level(holding.level.slug) if terms else None
    except UnknownLevel:
        return None
