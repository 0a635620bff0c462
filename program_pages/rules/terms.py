"""One terms edition as frozen data: what every rule computes with and every page shows.

Percentages, counts and switches live in an edition's rows; ``program_pages.terms`` turns
those rows into these dataclasses and nothing else may. Percent is a ``Decimal`` in points
(the whole is a hundred), money is a ``Decimal`` in the edition's currency, text is a
:class:`Text` in both languages with its placeholders already filled.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class UnknownLevel(LookupError):
    """The edition has no level with this slug; ``args[0]`` is the slug asked for."""


@dataclass(frozen=True, slots=True)
class Text:
    """One fact said in two languages; the English may be missing, the Russian never is."""

    ru: str
    en: str = ""

    def in_language(self, code: str) -> str:
        """The text for a language code such as ``ru`` or ``en-gb``; Russian where English is missing."""
        return (self.en if code.startswith("en") else self.ru) or self.ru

    def __bool__(self) -> bool:
        return bool(self.ru)


# --- Readings: where the source leaves room, the edition says how it is read (A1-A12) ---


class CeilingScope(StrEnum):
    """A2: what the ceiling of R75 limits."""

    DISCOUNT_AND_BONUSES = "discount_and_bonuses"
    BONUSES_ONLY = "bonuses_only"


class OwnUseWithoutMinimum(StrEnum):
    """A3: the answer on own-use licences (R48) where a product has no minimum price."""

    RANGE = "range"
    PARTNER_DISCOUNT = "partner_discount"


class UpdatesShareRule(StrEnum):
    """A4: how the "up to" share of updates (R33) is computed."""

    AGREED_ONLY = "agreed_only"
    MAXIMUM = "maximum"


class DemoLicencesPer(StrEnum):
    """A5: what one free demo licence (R18, R49) is counted per."""

    PARTNER = "partner"
    PRODUCT = "product"


class NoImplementations(StrEnum):
    """A6: the state of the reviews requirement (R31) when the term had no implementations."""

    NOT_APPLICABLE = "not_applicable"
    NOT_MET = "not_met"


class ServicesBase(StrEnum):
    """A9: the base of support and updates (R51, R53, R54)."""

    FINAL_PRICE = "final_price"
    LIST_PRICE = "list_price"


class Rounding(StrEnum):
    """A10: how each line is rounded to the kopeck."""

    HALF_UP = "half_up"
    HALF_EVEN = "half_even"


@dataclass(frozen=True, slots=True)
class Readings:
    """The edition's settings for A2-A12; A1 is the bonus rows' own ``highest_of_group``."""

    ceiling_scope: CeilingScope = CeilingScope.DISCOUNT_AND_BONUSES
    own_use_without_minimum: OwnUseWithoutMinimum = OwnUseWithoutMinimum.RANGE
    updates_share_rule: UpdatesShareRule = UpdatesShareRule.AGREED_ONLY
    demo_licences_per: DemoLicencesPer = DemoLicencesPer.PARTNER
    no_implementations: NoImplementations = NoImplementations.NOT_APPLICABLE
    level_change_within_year: bool = True
    all_joining_steps_required: bool = True
    services_base: ServicesBase = ServicesBase.FINAL_PRICE
    rounding: Rounding = Rounding.HALF_UP
    prices_include_vat: bool = False
    time_zone: str = "Europe/Moscow"
    renewal_opens_month: int = 11
    renewal_opens_day: int = 1
    grace_days: int = 0
    mark_sample_prices: bool = True


# --- What a level is, and what an edition gives and asks of it ---


class RequirementKind(StrEnum):
    """What a requirement measures; the kind decides the unit of its threshold."""

    CERTIFIED_SPECIALISTS = "certified_specialists"  # threshold: people (R29, R37)
    MARKETING_ACTIVITIES = "marketing_activities"  # threshold: activities in the term (R30, A6)
    REVIEWS_SHARE = "reviews_share"  # threshold: percent of implementations (R31)
    ANNOUNCEMENT = "announcement"  # no threshold (R34, R41)
    MODULE_PURCHASED = "module_purchased"  # no threshold (R38)
    RENTED_LICENCES = "rented_licences"  # no threshold: agreed (R39)
    EXTENDED_SUPPORT = "extended_support"  # no threshold (R40)
    OTHER = "other"  # an editor's own requirement, confirmed by a manager (R13)


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing a level asks of a partner. ``strict`` means more than the threshold, not at least."""

    key: str
    kind: RequirementKind
    title: Text
    description: Text
    clause: str
    threshold: Decimal | None = None
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """A level as one edition sets it: identity, looks, numbers and duties (R12-R43, R84).

    Shares and percents are points, ``None`` where the level has none of it;
    ``support_percent`` is ``None`` where support is by agreement (R52).
    """

    slug: str
    contract_code: int
    product_line: str
    name: Text
    short_name: Text
    mark_name: str
    colour: str
    shape: str
    order: int
    discount: Decimal
    summary: Text = Text("")
    may_implement: bool = False
    may_maintain: bool = False
    may_rent_out: bool = False
    demo_licences: int = 0
    updates_share: Decimal | None = None
    own_implementation_share: Decimal | None = None
    asoft_implementation_share: Decimal | None = None
    support_percent: Decimal | None = None
    requirements: tuple[Requirement, ...] = ()
    advantages: tuple[Clause, ...] = ()
    restrictions: tuple[Clause, ...] = ()
    rights: tuple[Clause, ...] = ()


class CellKind(StrEnum):
    """What a level's cell in the benefits table says."""

    YES = "yes"
    NO = "no"
    VALUE = "value"  # a text of the editor's, e.g. "on request"
    PERCENT = "percent"  # a number read from the level's own terms


@dataclass(frozen=True, slots=True)
class BenefitCell:
    """One benefit at one level."""

    level: str
    kind: CellKind
    value: Text = Text("")
    percent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Benefit:
    """A row of the benefits table (R55-R67), with one cell for each level in the levels' order."""

    key: str
    title: Text
    clause: str
    cells: tuple[BenefitCell, ...]

    def cell(self, level: str) -> BenefitCell:
        """The cell of a level (slug). Raises UnknownLevel."""
        for cell in self.cells:
            if cell.level == level:
                return cell
        raise UnknownLevel(level)


class BonusMeasure(StrEnum):
    """The recorded fact a bonus rewards; it decides the unit of the threshold."""

    REVIEWS_SHARE = "reviews_share"  # threshold: percent of implementations in the term (R71)
    SALES_PLAN = "sales_plan"  # an agreed plan fulfilled (R72)
    EXTRA_SPECIALISTS = "extra_specialists"  # threshold: people beyond the requirement (R73)
    EVENT_ATTENDED = "event_attended"  # R74
    EVENT_HOSTED = "event_hosted"  # R74
    OTHER = "other"  # an editor's own bonus, confirmed by a manager


@dataclass(frozen=True, slots=True)
class Bonus:
    """A reward in percentage points (R70-R75).

    ``points`` maps a level's slug to its points, ``None`` where the level has none.
    ``group`` names bonuses that belong together; with ``highest_of_group`` only the
    highest that applies counts (A1). ``only_if_agreed``: without an agreement the bonus is
    not applicable rather than missed (R72). ``strict``: more than the threshold (R71).
    """

    key: str
    measure: BonusMeasure
    title: Text
    clause: str
    points: Mapping[str, Decimal | None]
    group: str = ""
    highest_of_group: bool = False
    only_if_agreed: bool = False
    threshold: Decimal | None = None
    strict: bool = False


# --- The text of the terms ---


class ClauseKind(StrEnum):
    """What part a clause plays; all but TEXT belong to one level."""

    TEXT = "text"
    ADVANTAGE = "advantage"
    RESTRICTION = "restriction"
    RIGHT = "right"


class Topic(StrEnum):
    """What a clause governs, so that a computed number can cite it. At most one clause a topic and level."""

    LEVELS = "levels"
    TERM = "term"
    RENEWAL = "renewal"
    DISCOUNT = "discount"
    PLAN_DISCOUNT = "plan_discount"
    OWN_USE = "own_use"
    DEMO_LICENCE = "demo_licence"
    CLIENT_DISCOUNT = "client_discount"
    SUPPORT_PERCENT = "support_percent"
    SUPPORT_BY_AGREEMENT = "support_by_agreement"
    UPDATES = "updates"
    UPDATES_SHARE = "updates_share"
    EXTENDED_SUPPORT = "extended_support"
    OWN_IMPLEMENTATION = "own_implementation"
    ASOFT_IMPLEMENTATION = "asoft_implementation"
    RENTING = "renting"
    CEILING = "ceiling"
    BONUS_RETURN = "bonus_return"
    EVENTS = "events"
    LOGO_RIGHT = "logo_right"
    LOGO_USE = "logo_use"


@dataclass(frozen=True, slots=True)
class Clause:
    """A numbered, linkable piece of the terms.

    ``code`` is lasting and unique in the edition ("R50", anchor ``r50``); ``number`` is its
    place in this edition's text ("6.5"). ``level`` is a slug or None.
    """

    code: str
    number: str
    text: Text
    kind: ClauseKind = ClauseKind.TEXT
    level: str | None = None
    topic: Topic | None = None

    @property
    def anchor(self) -> str:
        """The fragment that links to this clause on the terms page."""
        return self.code.lower()


@dataclass(frozen=True, slots=True)
class Section:
    """A numbered section of the terms with its clauses in order."""

    number: int
    title: Text
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """A whole edition: the only thing pages, API, PDF and rules read.

    ``effective_until`` is the last day it is in force (None while no later edition is
    published), ``bonuses_until`` the last day of the promotion that bonuses are (R79, None while no day is
    set). ``currency`` is an ISO 4217 code. ``bonus_kinds`` are the bonuses by what they are one kind
    of: their group, or themselves.
    """

    edition: int
    name: Text
    effective_from: date
    ceiling: Decimal
    own_use_cap: Decimal
    updates_percent: Decimal
    extended_support_percent: Decimal
    effective_until: date | None = None
    bonuses_until: date | None = None
    currency: str = "RUB"
    vat_note: Text = Text("")
    introduction: Text = Text("")
    closing: Text = Text("")
    readings: Readings = Readings()
    levels: tuple[Level, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    bonuses: tuple[Bonus, ...] = ()
    sections: tuple[Section, ...] = ()
    _clauses: Mapping[str, Clause] = field(init=False, repr=False, compare=False, default_factory=dict)
    _topics: Mapping[tuple[Topic, str | None], Clause] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )
    bonus_kinds: Mapping[str, tuple[Bonus, ...]] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        index = {clause.code: clause for section in self.sections for clause in section.clauses}
        topics: dict[tuple[Topic, str | None], Clause] = {}
        for clause in index.values():
            if clause.topic is not None:
                topics.setdefault((clause.topic, clause.level), clause)
        object.__setattr__(self, "_clauses", index)
        object.__setattr__(self, "_topics", topics)
        kinds: dict[str, tuple[Bonus, ...]] = {}
        for bonus in self.bonuses:
            kind = bonus.group or bonus.key
            kinds[kind] = (*kinds.get(kind, ()), bonus)
        object.__setattr__(self, "bonus_kinds", kinds)

    def bonuses_are_over(self, day: date | None) -> bool:
        """Whether the promotion has ended by a day (R79); never where no day is asked about."""
        return day is not None and self.bonuses_until is not None and day > self.bonuses_until

    def level(self, slug: str) -> Level:
        """The level with this slug. Raises UnknownLevel."""
        for level in self.levels:
            if level.slug == slug:
                return level
        raise UnknownLevel(slug)

    @property
    def clauses(self) -> Iterator[Clause]:
        """Every clause in the order of the text."""
        return iter(self._clauses.values())

    def clause(self, code: str) -> Clause | None:
        """The clause with this code ("R50"), or None where the edition has none."""
        return self._clauses.get(code)

    def clause_on(self, topic: Topic, level: str | None = None) -> Clause | None:
        """The clause that governs a topic, the level's own one first; None where none says so."""
        return self._topics.get((topic, level)) or self._topics.get((topic, None))

    def clause_about(self, topic: Topic, level: str) -> Clause | None:
        """As ``clause_on``, or else the clause of another level: it says why this level has none of it."""
        return self.clause_on(topic, level) or next(
            (clause for (found, _level), clause in self._topics.items() if found is topic), None
        )
