"""Profiles are changed, published, withdrawn and written to, outside their own form: by bulk actions and the import.

Every change is a revision in its author's name. What somebody else is at work on is never published by the way: a
published profile that has a newer draft keeps it, and the change waits in the draft.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import LogContext, log

from partner_directory.directory.snapshot import terms_today
from partner_directory.messages import tell_partner
from partner_directory.models.geography import Region
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from partner_directory.services import Service, allowed_by_any
from program_pages.models.edition import programme_day

WRITTEN_TO = "partner_directory.partner.written_to"


@dataclass(frozen=True)
class Posted:
    """What became of a letter to many: whose letters are in the outbox, and whom none would reach."""

    written: list[Partner]
    unreachable: list[Partner]


def refuse_services(partner: Partner, services: Iterable[str]) -> None:
    """Raises ValidationError for services that no level of the partner allows today (R22); all wait for a level."""
    terms = terms_today()
    if terms is None or partner.pk is None:
        return
    slugs = set(
        Membership.objects.in_force(programme_day()).filter(partner=partner.pk).values_list("level__slug", flat=True)
    )
    levels = [level for level in terms.levels if level.slug in slugs]
    refused = set(services) - allowed_by_any(levels) if levels else set()
    if refused:
        named = ", ".join(str(Service(code).label) for code in Service.values if code in refused)
        raise ValidationError(_("Уровень партнёра этого не разрешает: %(services)s.") % {"services": named})


def refuse_locked(partner: Partner, actor: Any) -> None:
    """Raises ValidationError where somebody holds the profile: a lock, an approval, a schedule."""
    lock = partner.get_lock()
    if lock and lock.for_user(actor):
        raise ValidationError(_("Профиль «%(name)s» заблокирован: его меняют или проверяют.") % {"name": partner})


@transaction.atomic
def save_change(*, partner: Partner, actor: Any) -> bool:
    """Stores a changed draft as a revision, and publishes it where what is published had no other draft beside it.

    Returns whether it was published. Raises ValidationError where the profile is locked for the actor.
    """
    is_new = partner.pk is None
    if is_new:
        partner.live = False
        partner.save()
        log(instance=partner, action="wagtail.create", user=actor, content_changed=True)
    else:
        refuse_locked(partner, actor)
    stored = Partner.objects.get(pk=partner.pk)
    publishes = stored.live and not stored.has_unpublished_changes
    if not stored.live and not is_new:
        partner.save()
    revision = partner.save_revision(user=actor, log_action=not is_new)
    if publishes:
        revision.publish(user=actor, skip_permission_checks=True)
    return publishes


@transaction.atomic
def publish(*, partner: Partner, actor: Any, by_decision: bool = False) -> None:
    """Publishes the latest draft; raises ValidationError for one that is incomplete, locked, or claims too much.

    ``by_decision``: as a consequence of another decision, whose right the actor has.
    """
    refuse_locked(partner, actor)
    draft = partner.get_latest_revision_as_object()
    draft.full_clean()
    refuse_services(draft, draft.services)
    revision = partner.get_latest_revision() or partner.save_revision(user=actor)
    revision.publish(user=actor, skip_permission_checks=by_decision)


@transaction.atomic
def unpublish(*, partner: Partner, actor: Any) -> None:
    """Withdraws a profile from the public; raises ValidationError where it is locked."""
    refuse_locked(partner, actor)
    if partner.live:
        partner.unpublish(user=actor)


@transaction.atomic
def add_regions(*, partner: Partner, regions: Iterable[Region], actor: Any, replace: bool = False) -> bool:
    """Adds regions of presence, or replaces all by these (R1); returns whether the change is published."""
    draft = partner.get_latest_revision_as_object()
    draft.regions.set([*regions] if replace else {*draft.regions.all(), *regions})
    return save_change(partner=draft, actor=actor)


@transaction.atomic
def write_to(*, partners: Iterable[Partner], subject: str, text: str, actor: Any) -> Posted:
    """A letter to each partner on its own, to all of them or to none: to its people, or else to its public address.

    Samples are fictitious, and are not written to.
    """
    posted, letter = Posted([], []), uuid4()
    for partner in partners:
        if partner.is_sample or not (partner.email or partner.team.filter(user__is_active=True).exists()):
            posted.unreachable.append(partner)
            continue
        tell_partner(
            partner=partner,
            kind="managers-letter",
            key=f"managers-letter:{letter}:{partner.pk}",
            facts={"subject": subject, "text": text},
        )
        with LogContext(user=actor):  # of one context, the history would show the last partner's row alone
            log(instance=partner, action=WRITTEN_TO, user=actor, data={"subject": subject})
        posted.written.append(partner)
    return posted
