"""Where a profile is on its way to the public, and what was said on the way. May not import views."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry, WorkflowState

from partner_directory.actions.profiles import DISCARDED, SUBMITTED, TAKEN_BACK
from partner_directory.models.partner import Partner

SHOWN = 20
APPROVED, SENT_BACK = "wagtail.workflow.approve", "wagtail.workflow.reject"
PUBLISHED = "wagtail.publish"
WORDS: dict[str, str | Promise] = {
    SUBMITTED: gettext_lazy("Отправлен на проверку"),
    TAKEN_BACK: gettext_lazy("Отозван с проверки"),
    DISCARDED: gettext_lazy("Черновик отброшен"),
    APPROVED: gettext_lazy("Одобрен"),
    SENT_BACK: gettext_lazy("Возвращён с замечаниями"),
    PUBLISHED: gettext_lazy("Опубликован"),
}


class Place(StrEnum):
    """Where the latest draft is."""

    PUBLISHED = "published"  # what is live is all there is
    EMPTY = "empty"  # nothing is live, and nothing was drafted
    DRAFT = "draft"
    CHECKED = "checked"  # a manager looks at it
    SENT_BACK = "sent_back"
    LOCKED = "locked"  # a manager holds it


PLACES: dict[Place, tuple[str | Promise, str]] = {  # its words, and its tone
    Place.PUBLISHED: (gettext_lazy("опубликован"), "good"),
    Place.EMPTY: (gettext_lazy("ещё не заполнен"), "warn"),
    Place.DRAFT: (gettext_lazy("есть неопубликованные правки"), "warn"),
    Place.CHECKED: (gettext_lazy("на проверке у ASoft"), "plain"),
    Place.SENT_BACK: (gettext_lazy("возвращён с замечаниями"), "bad"),
    Place.LOCKED: (gettext_lazy("его сейчас правит менеджер"), "plain"),
}


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that happened to the profile: when, who, what, and what was said."""

    when: datetime
    who: str
    what: str
    text: str


@dataclass(frozen=True, slots=True)
class Story:
    """Where the profile is, since when it is being checked, and the last remarks of a manager."""

    place: Place
    since: datetime | None = None
    remarks: str = ""
    is_live: bool = False  # whether the public sees a profile

    @property
    def label(self) -> str:
        """Where it is, in words."""
        return str(PLACES[self.place][0])

    @property
    def tone(self) -> str:
        """How it looks."""
        return PLACES[self.place][1]

    @property
    def may_edit(self) -> bool:
        """Whether the company may change it now."""
        return self.place not in {Place.CHECKED, Place.LOCKED}

    @property
    def may_submit(self) -> bool:
        """Whether there is something to send."""
        return self.place in {Place.DRAFT, Place.SENT_BACK}

    @property
    def may_discard(self) -> bool:
        """Whether there are changes to give up, and a published profile to return to."""
        return self.is_live and self.may_submit


def story_of(partner: Partner, user: Any) -> Story:
    """Where a partner's profile is, for a person of the company."""
    states = WorkflowState.objects.for_instance(partner).select_related("current_task_state")
    state = states.filter(status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES]).first()
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        return Story(Place.CHECKED, since=state.current_task_state.started_at if state.current_task_state else None)
    lock = partner.get_lock()
    if lock and lock.for_user(user):
        return Story(Place.LOCKED)
    if state is not None and state.current_task_state and partner.has_unpublished_changes:
        task = state.current_task_state
        return Story(Place.SENT_BACK, task.finished_at, task.comment, is_live=partner.live)
    if partner.has_unpublished_changes:
        return Story(Place.DRAFT, is_live=partner.live)
    return Story(Place.PUBLISHED if partner.live else Place.EMPTY)


def conversation(partner: Partner, people: Sequence[int]) -> list[Word]:
    """What happened to the profile, the latest first; of those who are not ``people`` of the company no names."""
    entries = ModelLogEntry.objects.for_instance(partner).filter(action__in=WORDS).select_related("user")
    return [
        Word(
            entry.timestamp,
            str(entry.user) if entry.user_id in people else _("менеджер ASoft"),
            str(WORDS[entry.action]),
            entry.data.get("comment") or entry.data.get("note") or "",
        )
        for entry in entries.order_by("-timestamp", "-pk")[:SHOWN]
    ]
