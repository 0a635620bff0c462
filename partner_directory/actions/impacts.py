"""Rehearses what a draft edition would do to the partners (R83): begun by a person, run by whoever has time.

A rehearsal goes through the partners in the order of their keys, a chunk at a time; each chunk is stored with the
place it ends at in one transaction. Whoever is killed leaves whole chunks, and the next runner goes on behind them;
of two runners the one whose claim stands wins. Records are read as they are when their turn comes.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Generator, Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, reset_queries, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from partner_directory.impact import drafts, records, tallies
from partner_directory.models.impact import SILENT_FOR, Impact, ImpactRow
from partner_directory.models.membership import MembershipQuerySet
from program_pages.calculator.prices import PriceList, price_list
from program_pages.models.edition import TermsEdition, programme_day
from program_pages.rules import whatif
from program_pages.rules.impact import MONEY, Comparison, Effect, Tally

STARTED = "partner_directory.impact.started"
CHUNK = 2000  # partners looked at in one go


class TakenOver(RuntimeError):
    """Another runner has the rehearsal, or it is over."""


def start(*, edition: TermsEdition, actor: Any) -> Impact:
    """Begins a rehearsal of an edition's latest draft; one of exactly this draft that is not finished is gone on with.

    An unfinished one of an older draft is put aside. Raises NoEdition where nothing would hold without the draft,
    ValidationError where the edition is in force, or a level in it has no discount yet.
    """
    draft = drafts.draft_of(edition)
    _refuse(edition, draft)
    content = drafts.content_of(draft)
    sha256 = drafts.checksum(content)
    base = drafts.base_of(draft)
    day = programme_day()
    unfinished = Impact.objects.unfinished().filter(edition=edition)
    try:
        with transaction.atomic():
            same = unfinished.filter(content_sha256=sha256, day=day).first()
            if same is not None:
                return same
            unfinished.update(replaced_at=timezone.now(), claim=None, heard_at=None)
            impact = Impact.objects.create(
                edition=edition,
                edition_name=str(draft),
                revision=edition.latest_revision,
                content=content,
                content_sha256=sha256,
                base_name=str(base),
                base_content=drafts.content_of(base),
                day=day,
                effect_day=max(draft.effective_from, day),
                started_by=actor,
                total=records.memberships_on(day).order_by().values("partner").distinct().count(),
            )
            log(instance=edition, action=STARTED, user=actor, revision=edition.latest_revision, data={"pk": impact.pk})
    except IntegrityError:  # somebody else has just begun one
        return unfinished.get()
    return impact


def _refuse(edition: TermsEdition, draft: TermsEdition) -> None:
    """Raises ValidationError for what cannot be rehearsed."""
    if edition.is_in_force_or_past:
        raise ValidationError(_("Редакция уже вступила в силу: репетировать можно только черновик."))
    for row in draft.level_terms.all():
        if row.discount is None:
            raise ValidationError(_("У уровня «%(level)s» не указана скидка.") % {"level": row.level})


def run(*, impact: Impact, patience: timedelta = SILENT_FOR) -> Generator[int, None, None]:
    """Goes on with a rehearsal to its end, and yields how many partners are done after each chunk.

    Of a finished one nothing is left to do.
    Raises TakenOver where another runner has it: one that was heard of within ``patience``, or later took it over.
    """
    if Impact.objects.finished().filter(pk=impact.pk).exists():
        return
    claim = _claim(impact.pk, patience)
    try:
        yield from _chunks(Impact.objects.get(pk=impact.pk), claim)
    except (Exception, GeneratorExit):  # whoever stops listening has no more use for it, and the next may begin at once
        Impact.objects.unfinished().filter(pk=impact.pk, claim=claim).update(claim=None, heard_at=None)
        raise


def _chunks(impact: Impact, claim: uuid.UUID) -> Iterator[int]:
    """Looks at everybody behind the cursor."""
    comparison = drafts.comparison_of(impact)
    memberships, prices = records.memberships_on(impact.day), price_list(impact.day)
    found, groups = tallies.from_json(impact.tallies), whatif.Groups()
    if impact.groups:
        groups = whatif.from_json(impact.groups)
    while True:
        keys = _next_partners(memberships, impact.cursor)
        rows, digest = _looked_at(impact, keys, memberships, prices, comparison, found, groups)
        values: dict[str, Any] = {
            "tallies": tallies.as_json(found),
            "groups": whatif.as_json(groups),
            "records_sha256": digest,
        }
        with transaction.atomic():
            _go_on(impact, claim, keys, values)  # first: whose claim is gone stops here
            ImpactRow.objects.bulk_create(rows)
        reset_queries()  # which DEBUG keeps
        if not keys:
            return
        yield impact.done


def _claim(key: int, patience: timedelta) -> uuid.UUID:
    """Takes a rehearsal that nobody is at."""
    now, claim = timezone.now(), uuid.uuid4()
    free = Q(claim__isnull=True) | Q(heard_at__lte=now - patience)
    with transaction.atomic():
        if not Impact.objects.unfinished().filter(free, pk=key).update(claim=claim, heard_at=now):
            raise TakenOver(key)
    return claim


def _next_partners(memberships: MembershipQuerySet, cursor: int) -> list[int]:
    partners = memberships.filter(partner__gt=cursor).order_by("partner_id").values_list("partner_id", flat=True)
    return list(partners.distinct()[:CHUNK])


def _looked_at(
    impact: Impact,
    keys: list[int],
    memberships: MembershipQuerySet,
    prices: PriceList,
    comparison: Comparison,
    found: dict[str, Tally],
    groups: whatif.Groups,
) -> tuple[list[ImpactRow], str]:
    """The rows of a chunk, counted; the checksum of all records read so far."""
    digest = hashlib.sha256(impact.records_sha256.encode())
    rows = []
    holdings = records.holdings_of(memberships, (keys[0], keys[-1])) if keys else []
    for held, recorded in records.recorded_of(holdings, impact.day, impact.effect_day, prices):
        digest.update(repr((held.pk, recorded)).encode())
        effect = comparison.effect(recorded)
        found.setdefault(held.level, Tally()).add(effect)
        groups.add(recorded, comparison)
        if effect.changes:
            rows.append(_row(impact, held, effect))
    return rows, digest.hexdigest()


def _row(impact: Impact, held: records.Holding, effect: Effect) -> ImpactRow:
    return ImpactRow(
        impact=impact,
        partner_id=held.partner,
        membership_id=held.pk,
        level_id=held.level_key,
        missed=list(effect.missed),
        met=list(effect.met),
        discount_before=effect.discount.before,
        discount_after=effect.discount.after,
        bonus_before=effect.bonus.before,
        bonus_after=effect.bonus.after,
        support_before=effect.support.before,
        support_after=effect.support.after,
        sold=effect.sold,
        total=effect.total,
        is_gone=effect.is_gone,
        **{name: getattr(effect, name) for name in MONEY},
    )


def _go_on(impact: Impact, claim: uuid.UUID, keys: list[int], values: dict[str, Any]) -> None:
    """Moves the cursor behind a chunk, or closes the rehearsal behind the last one, if it is still this runner's."""
    now = timezone.now()
    if keys:
        done = impact.done + len(keys)
        values |= {"cursor": keys[-1], "done": done, "total": max(impact.total, done), "heard_at": now}
    else:
        values |= {"finished_at": now, "total": impact.done, "claim": None, "heard_at": None}
    mine = Impact.objects.unfinished().filter(pk=impact.pk, claim=claim, cursor=impact.cursor)
    if not mine.update(**values):
        raise TakenOver(impact.pk)
    for name, value in values.items():
        setattr(impact, name, value)
