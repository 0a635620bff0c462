"""Tells a company what became of the profile it has sent to be checked, wherever a manager decided it.

Listens to Wagtail, whose admin has buttons of its own for publishing, approving and sending back. Wagtail's own letters
know nothing of the section and wait for the mail server: they stay at home where ours go. May not import views.
"""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from wagtail.admin import mail
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import published, task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from partner_directory.addresses import address
from partner_directory.messages import tell_partner
from partner_directory.models.partner import Partner
from partner_directory.models.people import TeamMember


class _Unless:
    """Wagtail's letter about a workflow, unless a company has sent its profile: ours tell of that."""

    def can_handle(self, instance: Any, **kwargs: Any) -> bool:
        """Whether Wagtail is to write."""
        state = instance.workflow_state if isinstance(instance, TaskState) else instance
        partner = state.content_object
        ours = isinstance(partner, Partner) and _sent_by_company(partner, state)
        return not ours and bool(super().can_handle(instance, **kwargs))  # type: ignore[misc]


def _letter(notifier: type) -> Any:
    return type(notifier.__name__, (_Unless, notifier), {})()


# Under Wagtail's own identifiers: whichever of the two connects first, these take the place of its letters.
LETTERS = (
    (task_submitted, TaskState, "group_approval_task_submitted", mail.GroupApprovalTaskStateSubmissionEmailNotifier),
    (workflow_submitted, WorkflowState, "workflow_state_submitted", mail.WorkflowStateSubmissionEmailNotifier),
    (workflow_rejected, WorkflowState, "workflow_state_rejected", mail.WorkflowStateRejectionEmailNotifier),
    (workflow_approved, WorkflowState, "workflow_state_approved", mail.WorkflowStateApprovalEmailNotifier),
)
for signal, sender, name, notifier in LETTERS:
    identifier = f"{name}_email_notification"
    signal.disconnect(sender=sender, dispatch_uid=identifier)
    signal.connect(_letter(notifier), sender=sender, dispatch_uid=identifier, weak=False)


@receiver(published, sender=Partner)
def _published(instance: Partner, revision: Any, **_: Any) -> None:
    """Of a draft that the company wrote itself."""
    if TeamMember.objects.filter(partner=instance.pk, user=revision.user_id).exists():
        _tell_published(instance, revision.pk)


@receiver(workflow_approved)
def _approved(instance: Any, **_: Any) -> None:
    """Of a draft that the company sent, though a manager may have mended it."""
    partner = instance.content_object
    if isinstance(partner, Partner) and _sent_by_company(partner, instance):
        _tell_published(partner, partner.latest_revision_id)


@receiver(workflow_rejected)
def _sent_back(instance: Any, **_: Any) -> None:
    partner = instance.content_object
    if isinstance(partner, Partner) and _sent_by_company(partner, instance):
        task = instance.current_task_state
        facts = {"reason": task.comment}
        key = f"profile:{partner.pk}:sent-back:{task.pk}"
        tell_partner(partner=partner, kind="profile-sent-back", key=key, facts=facts, url=address("portal:profile"))


def _sent_by_company(partner: Partner, state: Any) -> bool:
    return TeamMember.objects.filter(partner=partner.pk, user=state.requested_by_id).exists()


def _tell_published(partner: Partner, revision: int | None) -> None:
    key = f"profile:{partner.pk}:published:{revision}"
    tell_partner(partner=partner, kind="profile-published", key=key, facts={}, url=address("portal:profile"))
