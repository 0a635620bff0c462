"""The bonuses of a membership's term, reckoned from what is recorded under the terms of its last day (R70–R76).

What a page shows and what a request keeps is this one reckoning: each kind of bonus with its points, its sentence in
both languages, its clause, and the records it rests on. May not import views or actions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import override

from partner_directory.bonus_facts import BonusRecords, bonus_facts_from, bonus_records_of, kept_facts, points_of
from partner_directory.models.membership import Membership
from partner_directory.partner_terms import terms_for
from program_pages.calculator.asked import decimal_text
from program_pages.calculator.speaker import Speaker
from program_pages.models.edition import programme_day
from program_pages.rules.bonus import Outcome, outcomes
from program_pages.rules.lines import BonusStatus
from program_pages.rules.terms import Level, Terms, Topic

CEILING = "ceiling"
MOST_EVIDENCE = 200  # records named beside one line


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A term's bonuses: ``asked`` points before the ceiling, ``granted`` after it (R75, A2), of which ``facts``."""

    membership: Membership
    terms: Terms
    level: Level
    starts: date
    until: date
    lines: tuple[dict[str, Any], ...]
    asked: Decimal
    granted: Decimal
    facts: dict[str, Any]


def term_of(membership: Membership, day: date | None = None) -> tuple[date, date]:
    """The days of a membership that have come by a day (today), both included."""
    return membership.starts, min(membership.until, day or programme_day())


def reckon(membership: Membership) -> Reckoning:
    """The bonuses of a membership so far, or of all of it once it is over.

    Raises NoEdition, and UnknownLevel where the terms of its last day lack its level.
    """
    starts, until = term_of(membership)
    terms = terms_for(membership.partner, until)
    level = terms.level(membership.level.slug)
    records = bonus_records_of(membership.partner, terms, starts, until)
    found = outcomes(terms, level.slug, bonus_facts_from(records, level))
    asked, granted = points_of(found, terms, level.slug)
    return Reckoning(
        membership, terms, level, starts, until, tuple(_lines(terms, level, found, records, asked - granted)), asked,
        granted, kept_facts(records),
    )  # fmt: skip


def _lines(
    terms: Terms, level: Level, found: tuple[Outcome, ...], records: BonusRecords, cut: Decimal
) -> Iterator[dict[str, Any]]:
    for outcome in found:
        yield {
            "key": outcome.key,
            "status": str(outcome.status),
            "points": decimal_text(outcome.points),
            "label": label_of(terms, outcome.key),
            "sentence": _in_both(terms, partial(Speaker.explained, explanation=outcome.explanation)),
            "clause": outcome.clause,
            "evidence": _evidence(terms, outcome, records),
        }
    if cut:
        clause = terms.clause_on(Topic.CEILING, level.slug)
        yield {
            "key": CEILING,
            "status": str(BonusStatus.APPLIES),
            "points": decimal_text(-cut),
            "label": label_of(terms, CEILING),
            "sentence": _in_both(
                terms,
                lambda speaker: (
                    _("Скидка %(discount)s и бонусы вместе — не больше %(ceiling)s: срезано %(cut)s.")
                    % {
                        "discount": speaker.percent(level.discount),
                        "ceiling": speaker.percent(terms.ceiling),
                        "cut": speaker.percent(cut),
                    }
                ),
            ),
            "clause": clause.code if clause else "",
            "evidence": [],
        }


def label_of(terms: Terms, key: str) -> dict[str, str]:
    """What a line of a reckoning is called, by language: a kind of bonus, or what the ceiling cuts."""
    return _in_both(terms, lambda speaker: _("Потолок") if key == CEILING else speaker.bonus_label(key))


def _in_both(terms: Terms, say: Callable[[Speaker], str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for language, _label in settings.LANGUAGES:
        with override(language):
            said[language] = say(Speaker(terms, {}))
    return said


def _evidence(terms: Terms, outcome: Outcome, records: BonusRecords) -> list[dict[str, Any]]:
    bonuses = terms.bonus_kinds[outcome.key]
    keys = frozenset(bonus.key for bonus in bonuses)
    rows = [row for measure in {bonus.measure: None for bonus in bonuses} for row in records.behind(measure, keys)]
    return [_reference(row) for row in rows[:MOST_EVIDENCE]] if outcome.offered else []


def _reference(row: Model) -> dict[str, Any]:
    return {"model": row._meta.model_name, "pk": row.pk, "text": str(row)}
