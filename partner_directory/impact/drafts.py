"""Which draft a rehearsal is about, and the terms it compares: both editions as they were when it began.

May not import actions or views.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Model

from partner_directory.models.impact import Impact
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.models.level import Level
from program_pages.rules.impact import Comparison
from program_pages.rules.terms import Terms
from program_pages.rules.whatif import Groups, from_json, tuned
from program_pages.terms import NoEdition, terms_of, with_rows

# What saving, locking and approving write of an edition; none of it is said to anybody.
LIFE = frozenset(
    {
        "live", "has_unpublished_changes", "first_published_at", "last_published_at", "go_live_at", "expire_at",
        "expired", "live_revision", "latest_revision", "locked", "locked_at", "locked_by", "approved_at", "approved_by",
        "index_entries",
    }
)  # fmt: skip


def draft_of(edition: TermsEdition) -> TermsEdition:
    """An edition as it would be approved: its latest draft."""
    draft: TermsEdition = edition.get_latest_revision_as_object()
    return draft


def checksum(content: Mapping[str, Any]) -> str:
    """What an edition says, in 64 characters: the same for the same content, whoever saved it when."""
    said = {name: value for name, value in content.items() if name not in LIFE}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def content_of(edition: TermsEdition) -> dict[str, Any]:
    """An edition and its rows as JSON keeps them."""
    content = edition.serializable_data()
    plain: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False, default=str))
    return {name: value for name, value in plain.items() if name not in LIFE}


def checksum_of(edition: TermsEdition) -> str:
    """The checksum of an edition as it stands in memory."""
    return checksum(content_of(edition))


def base_of(draft: TermsEdition) -> TermsEdition:
    """What would hold on the draft's first day without it: the published edition of that day, whatever was before.

    Raises NoEdition where nothing would.
    """
    others = TermsEdition.objects.exclude(pk=draft.pk)
    found = others.in_force(max(draft.effective_from, programme_day()))
    if found is None:
        raise NoEdition(draft.effective_from)
    return with_rows(TermsEdition.objects.filter(pk=found.pk)).get()


def terms_from(content: dict[str, Any]) -> Terms:
    """The terms that a kept edition says."""
    edition = TermsEdition.from_serializable_data(content)
    _give_levels(edition)
    return terms_of(edition)


def _give_levels(edition: TermsEdition) -> None:
    """Every row learns its level at once; else each would ask for its own."""
    levels = {level.pk: level for level in Level.objects.select_related("product_line")}
    for rows in (edition.level_terms.all(), edition.requirements.all(), edition.clauses.all()):
        _give(rows, levels)
    for benefit in edition.benefits.all():
        _give(benefit.cells.all(), levels)
    for bonus in edition.bonuses.all():
        _give(bonus.points.all(), levels)


def _give(rows: Iterable[Model], levels: Mapping[int, Level]) -> None:
    for row in rows:
        if row.level_id in levels:  # type: ignore[attr-defined]
            row.level = levels[row.level_id]  # type: ignore[attr-defined]


def comparison_of(impact: Impact) -> Comparison:
    """The two editions that a rehearsal compares, on its day of effect."""
    return _comparison(impact.pk, impact.content_sha256)


@lru_cache(maxsize=4)
def _comparison(key: int, _checksum: str) -> Comparison:
    """A rehearsal's content never changes: built once a process."""
    impact = Impact.objects.only("content", "base_content", "effect_day").get(pk=key)
    return Comparison(terms_from(impact.base_content), terms_from(impact.content), impact.effect_day)


def groups_of(impact: Impact) -> Groups:
    """The partners of a finished rehearsal as groups that are alike."""
    return _groups(impact.pk)


@lru_cache(maxsize=2)
def _groups(key: int) -> Groups:
    """A finished rehearsal never changes: read once a process."""
    return from_json(Impact.objects.values_list("groups", flat=True).get(pk=key, finished_at__isnull=False))


def tuned_comparison(comparison: Comparison, values: Mapping[str, Decimal]) -> Comparison:
    """The same comparison with other numbers in the draft; raises BadValue."""
    return Comparison(comparison.before.terms, tuned(comparison.after.terms, values), comparison.day)


def forget() -> None:
    """Forgets what is kept: for tests, whose rolled-back rehearsals may share their keys."""
    _comparison.cache_clear()
    _groups.cache_clear()
