"""A company edits its public profile: a draft is saved, given up, sent to be checked, taken back, decided (R1, R22).

A draft is a revision of the partner; the check is Wagtail's workflow where partners have one, so that a manager may
decide in the admin as well as here. Each action is one transaction with its audit row, under a lock of the partner's
row. Who is told of a decision, wherever it was taken: ``partner_directory.profile_news``.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.images import get_image_model
from wagtail.log_actions import log
from wagtail.models import Revision, WorkflowState

from accounts.models import User
from partner_directory.actions.partners import refuse_locked, refuse_services
from partner_directory.addresses import address
from partner_directory.messages import tell_managers
from partner_directory.models.partner import Partner

SUBMITTED = "partner_directory.profile.submitted"
TAKEN_BACK = "partner_directory.profile.taken_back"
DISCARDED = "partner_directory.profile.discarded"


class ChangedMeanwhile(ValidationError):
    """Somebody has saved another draft since this one was begun: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы правили профиль, его изменил кто-то другой."))


class Overtaken(ValidationError):
    """The profile is no longer where the decision was to be taken: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Профиль уже не на проверке: посмотрите, что с ним сейчас."))


@transaction.atomic
def save_draft(*, draft: Partner, version: int | None, actor: User | None, logo: File[bytes] | None = None) -> Revision:
    """Stores a changed profile as a draft; the public sees nothing of it.

    ``version`` is the revision that the change began from (None where there was none). Raises ChangedMeanwhile where
    there is a later one; ValidationError where the profile is locked, incomplete, or claims what its level forbids.
    """
    current = _locked(draft)
    if current.latest_revision_id != version:
        raise ChangedMeanwhile
    refuse_locked(current, actor)
    refuse_services(draft, draft.services)
    if logo is not None:
        draft.logo = _kept_logo(draft, logo, actor)
    return draft.save_revision(user=actor, log_action=True)


@transaction.atomic
def discard_draft(*, partner: Partner, version: int | None, actor: User | None) -> None:
    """Gives up every change that is not published; what the public sees becomes the latest revision again.

    The draft stays among the revisions, where a manager may look at it; remarks that it was sent back with are done
    with. ``version`` is the revision given up: raises ChangedMeanwhile where there is a later one; ValidationError
    where the profile is being checked (it is taken back first), locked, was never published, or has no changes.
    """
    current = _locked(partner)
    if current.latest_revision_id != version:
        raise ChangedMeanwhile
    state = current.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise ValidationError(_("Профиль на проверке: сначала отзовите его."))
    refuse_locked(current, actor)
    if not (current.live and current.has_unpublished_changes):
        raise ValidationError(_("Отбрасывать нечего: опубликованный профиль и есть последний."))
    if state is not None:
        state.cancel(user=actor)
    published = current.save_revision(user=actor, changed=False, clean=False)  # the row is what the public sees
    Partner.objects.filter(pk=current.pk).update(has_unpublished_changes=False, live_revision=published)
    log(instance=current, action=DISCARDED, user=actor, revision=published, data={"discarded": version})


@transaction.atomic
def submit(*, partner: Partner, actor: User | None, note: str = "") -> None:
    """Sends the latest draft to be checked, with a word to the managers.

    Raises ValidationError where there is nothing to check, the draft is incomplete, or it is being checked already.
    """
    current = _locked(partner)
    state = current.current_workflow_state
    if state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS:
        raise ValidationError(_("Профиль уже на проверке."))
    refuse_locked(current, actor)
    if not current.has_unpublished_changes:
        raise ValidationError(_("Проверять нечего: правок нет."))
    _refuse_bad_draft(current)
    happening = _start_check(current, state, actor)
    log(instance=current, action=SUBMITTED, user=actor, data={"note": note} if note else {})
    tell_managers(
        kind="profile-submitted",
        key=f"profile:{current.pk}:submitted:{happening}",
        facts={"partner": str(current), "note": note},
        url=address(current.snippet_viewset.get_url_name("edit"), current.pk),  # type: ignore[attr-defined]
    )


@transaction.atomic
def take_back(*, partner: Partner, actor: User | None) -> None:
    """Stops the check, so that the company can go on editing; raises Overtaken where nothing is being checked."""
    current = _locked(partner)
    _in_progress(current).cancel(user=actor)
    log(instance=current, action=TAKEN_BACK, user=actor)


@transaction.atomic
def approve(*, partner: Partner, actor: User, comment: str = "") -> None:
    """Publishes what is being checked; raises Overtaken, ValidationError for a bad draft, PermissionDenied."""
    current = _locked(partner)
    state = _in_progress(current)
    _refuse_stranger(state, actor)
    _refuse_bad_draft(current)
    state.current_task_state.specific.approve(user=actor, comment=comment)


@transaction.atomic
def send_back(*, partner: Partner, actor: User, reason: str) -> None:
    """Returns what is being checked with a reason; raises Overtaken, ValidationError without one, PermissionDenied."""
    if not reason.strip():
        raise ValidationError({"reason": _("Напишите причину: партнёр её прочтёт.")})
    current = _locked(partner)
    state = _in_progress(current)
    _refuse_stranger(state, actor)
    state.current_task_state.specific.reject(user=actor, comment=reason)


def _locked(partner: Partner) -> Partner:
    """The row as it is now; whoever else edits or decides waits until this transaction is over."""
    current: Partner = Partner.objects.select_for_update().get(pk=partner.pk)
    return current


def _in_progress(partner: Partner) -> Any:
    state = partner.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS:
        raise Overtaken
    return state


def _refuse_stranger(state: Any, actor: User) -> None:
    task = state.current_task_state.task.specific
    if "approve" not in {name for name, *_rest in task.get_actions(state.content_object, actor)}:
        raise PermissionDenied


def _refuse_bad_draft(partner: Partner) -> None:
    draft = partner.get_latest_revision_as_object()
    draft.full_clean()
    refuse_services(draft, draft.services)


def _start_check(partner: Partner, sent_back: Any, actor: User | None) -> str:
    """Starts the workflow, or goes on with one that was sent back; what names this check among all."""
    if sent_back is not None:
        sent_back.resume(user=actor)
        return f"{sent_back.current_task_state_id}"
    workflow = partner.get_workflow()
    if workflow is None:  # a manager sees unpublished changes in the listing, and publishes them
        return f"revision-{partner.latest_revision_id}"
    return f"{workflow.start(partner, actor).current_task_state_id}"


def _kept_logo(partner: Partner, file: File[bytes], actor: User | None) -> Any:
    name = str(partner)
    image = get_image_model()(
        title=_("Логотип: %(name)s") % {"name": name}, description=name, file=file, uploaded_by_user=actor
    )
    image._set_image_file_metadata()
    image.save()
    return image
