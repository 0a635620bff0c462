"""The lines of a quote: a number each, how certain it is, its base, percent and clause, and how it came about.

Sentences are not made here: an :class:`Explanation` is a key and values that a page says in the reader's language.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from program_pages.rules.deal import QuoteSection


class LineKind(StrEnum):
    """How certain a line's number is."""

    EXACT = "exact"  # ``amount``
    RANGE = "range"  # from ``low`` to ``high``
    BY_AGREEMENT = "by_agreement"  # no number
    NOT_AVAILABLE = "not_available"  # the level has none of it


class BonusStatus(StrEnum):
    """What became of a kind of bonus."""

    APPLIES = "applies"
    DOES_NOT_APPLY = "does_not_apply"
    NOT_APPLICABLE = "not_applicable"


class ExplanationKey(StrEnum):
    """The sentences that say how a line came about; the values of each stand where it is made."""

    LICENCES = "licences"
    LICENCES_AFTER_CLIENT_DISCOUNT = "licences_after_client_discount"
    DISCOUNT_CEILING = "discount_ceiling"
    BONUS_CREDIT = "bonus_credit"
    BONUS_CREDIT_CUT = "bonus_credit_cut"
    BONUS_CREDIT_OVER = "bonus_credit_over"

    REVIEWS_APPLY = "reviews_apply"
    REVIEWS_TOO_FEW = "reviews_too_few"
    REVIEWS_NO_IMPLEMENTATIONS = "reviews_no_implementations"
    PLAN_MET = "plan_met"
    PLAN_NOT_MET = "plan_not_met"
    PLAN_NOT_AGREED = "plan_not_agreed"
    SPECIALISTS_APPLY = "specialists_apply"
    SPECIALISTS_TOO_FEW = "specialists_too_few"
    EVENT_ATTENDED = "event_attended"
    EVENT_NOT_ATTENDED = "event_not_attended"
    EVENT_HOSTED = "event_hosted"
    EVENT_NOT_HOSTED = "event_not_hosted"
    CONFIRMED = "confirmed"
    NOT_CONFIRMED = "not_confirmed"
    BONUSES_OVER = "bonuses_over"
    BONUS_NOT_AT_LEVEL = "bonus_not_at_level"
    HIGHEST_OF_GROUP = "highest_of_group"
    SUM_OF_GROUP = "sum_of_group"
    NONE_OF_GROUP = "none_of_group"
    BONUS_CEILING = "bonus_ceiling"
    BONUS_VALUE = "bonus_value"
    NO_BONUS = "no_bonus"

    OWN_USE_MINIMUM = "own_use_minimum"
    OWN_USE_CAP = "own_use_cap"
    OWN_USE_RANGE = "own_use_range"
    OWN_USE_PARTNER_DISCOUNT = "own_use_partner_discount"
    DEMO_PER_PARTNER = "demo_per_partner"
    DEMO_PER_PRODUCT = "demo_per_product"
    NO_DEMO = "no_demo"

    UPDATES = "updates"
    UPDATES_SHARE_AGREED = "updates_share_agreed"
    UPDATES_SHARE_RANGE = "updates_share_range"
    UPDATES_SHARE_MAXIMUM = "updates_share_maximum"
    NO_UPDATES_SHARE = "no_updates_share"
    SUPPORT = "support"
    SUPPORT_BY_AGREEMENT = "support_by_agreement"
    EXTENDED_SUPPORT = "extended_support"
    OWN_IMPLEMENTATION = "own_implementation"
    NO_OWN_IMPLEMENTATION = "no_own_implementation"
    ASOFT_IMPLEMENTATION = "asoft_implementation"
    NO_ASOFT_IMPLEMENTATION = "no_asoft_implementation"

    NO_RENTAL = "no_rental"
    RENTAL_MODULE = "rental_module"
    RENTAL_MODULE_UNPRICED = "rental_module_unpriced"
    RENTAL_LICENCES = "rental_licences"
    RENTAL_SUPPORT = "rental_support"
    RENTAL_COST = "rental_cost"
    RENTAL_INCOME = "rental_income"
    RENTAL_PAYS_BACK = "rental_pays_back"
    RENTAL_DOES_NOT_PAY_BACK = "rental_does_not_pay_back"


@dataclass(frozen=True, slots=True)
class Explanation:
    """Which sentence to say and its values: money and points as Decimal, counts as int, slugs and days (ISO) as str."""

    key: ExplanationKey
    values: Mapping[str, Decimal | int | str]


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a quote: ``percent`` points taken off or out of ``base`` make ``amount``.

    ``key`` is lasting and unique in the quote: "licences:asoft-crm", and "licences:asoft-crm:2" where a
    product is asked for a second time. A licence line's amount is what the partner pays the vendor, its base the
    client's final price. A range has ``low`` and ``high`` instead of an amount. ``clause`` is a code
    ("R50"), None where the edition has no clause on the matter. ``status`` is a bonus's.
    """

    key: str
    section: QuoteSection
    kind: LineKind
    explanation: Explanation
    amount: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    base: Decimal | None = None
    percent: Decimal | None = None
    clause: str | None = None
    status: BonusStatus | None = None
