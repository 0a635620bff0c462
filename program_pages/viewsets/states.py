"""Where an edition is in its life, in an editor's words: for the listing and the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Subquery
from django.db.models.functions import Cast
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import WorkflowState

from program_pages.models.edition import EditionQuerySet, TermsEdition, programme_day

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class State:
    """A state's label and whether it deserves the eye."""

    label: str | Promise
    primary: bool = False


DRAFT = State(_("черновик"))
WAITING = State(_("ждёт утверждения"))
APPROVED = State(_("утверждена, вступит в силу"), primary=True)
IN_FORCE = State(_("действует"), primary=True)
PAST = State(_("действовала"))


def with_state(editions: EditionQuerySet, day: date | None = None) -> EditionQuerySet:
    """Editions annotated with what ``state_of`` reads, in the same query."""
    waiting = WorkflowState.objects.active().filter(
        base_content_type=ContentType.objects.get_for_model(TermsEdition),
        object_id=Cast(OuterRef("pk"), CharField()),
        status=WorkflowState.STATUS_IN_PROGRESS,
    )
    current = TermsEdition.objects.taken_effect(day or programme_day()).values("pk")[:1]
    return editions.annotate(is_waiting=Exists(waiting), current_pk=Subquery(current))


def state_of(edition: TermsEdition) -> State:
    """The state of an edition that ``with_state`` brought."""
    if edition.pk == edition.current_pk:  # type: ignore[attr-defined]
        return IN_FORCE
    if edition.is_in_force_or_past:
        return PAST
    if edition.is_waiting:  # type: ignore[attr-defined]
        return WAITING
    return APPROVED if edition.live else DRAFT
