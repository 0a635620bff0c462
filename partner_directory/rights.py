"""What the groups of the admin may do with partners; the groups themselves are the programme's.

Idempotent. May not import views.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from partner_directory.models.mark import Mark
from partner_directory.models.partner import Partner
from program_pages.groups import EDITORS, PARTNER_MANAGERS, PROGRAMME_MANAGERS

APP = "partner_directory"
PROFILE_CHECK = "Проверка профилей"
PROFILE_CHECK_TASK = "Проверка менеджером партнёров"
MARK_APPROVAL = "Утверждение знаков"
MARK_APPROVAL_TASK = "Утверждение знака менеджером партнёров"
LISTS = ("industry", "country", "region", "city")  # that profiles choose from
FACTS = ("marketingactivity", "implementation", "clientreview", "purchase", "requirementconfirmation")

Report = Callable[[str], None]


def _on(model: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"partner_directory.{action}_{model}" for action in actions)


TRAIL = ("accounts.view_trail", "accounts.export_trail")
APPS = (APP, "accounts", "usersessions")  # whose rights are given here

RIGHTS: dict[str, tuple[str, ...]] = {
    PARTNER_MANAGERS: (
        *_on("partner", "add", "change", "delete", "view", "publish", "lock", "unlock", "export", "import"),
        *_on("membership", "add", "change", "view", "export"),
        *_on("badge", "change", "view", "export"),
        *_on("levelchange", "change", "view", "export"),
        *_on("specialist", "add", "change", "delete", "view", "export"),
        *_on("enquiry", "change", "view", "export"),
        *_on("application", "view", "export", "decide"),
        *_on("sale", "change", "view"),
        *_on("salesplan", "add", "change", "view"),
        *_on("overlay", "add", "change", "view", "export"),
        *_on("bonusrequest", "change", "view", "export"),
        *_on("ledgertransaction", "view", "export"),
        *_on("consenttext", "add", "change", "view"),
        *_on("message", "change", "view", "export"),
        *_on("lettertext", "add", "change", "delete", "view"),
        *(right for model in FACTS for right in _on(model, "add", "change", "view", "export")),
        *_on("announcement", "change", "view", "export"),
        *_on("invitation", "add", "view"),
        *_on("teammember", "view"),
        *_on("material", "add", "change", "delete", "view"),
        # No right to publish: a mark is published by its approval alone.
        *_on("mark", "change", "view", "lock", "unlock"),
        *_on("licencerequest", "change", "view", "export"),
        *_on("trainingseat", "change", "view", "export"),
        *_on("helprequest", "change", "view", "export"),
        *_on("eventparticipation", "change", "view"),
        *_on("kitdownload", "view", "export"),
        *_on("impact", "add", "view", "export"),
        *_on("editionrelease", "view"),
        *_on("editionnotice", "view", "export"),
        *_on("talk", "change", "view", "export"),
        *(right for model in LISTS for right in _on(model, "add", "change", "view")),
        *TRAIL,
        "usersessions.delete_usersession",  # of companies' people: actions.sessions
    ),
    # Who writes and approves the terms sees what they do.
    PROGRAMME_MANAGERS: (*_on("impact", "add", "view", "export"), *TRAIL),
    EDITORS: (*_on("partner", "change", "view"), *_on("membership", "view"), *_on("mark", "change", "view")),
}
MODELS = {name.rsplit("_", 1)[-1] for rights in RIGHTS.values() for name in rights}
IMAGES: dict[str, tuple[str, ...]] = {PARTNER_MANAGERS: ("wagtailimages.add_image", "wagtailimages.choose_image")}
DOCUMENTS: dict[str, tuple[str, ...]] = {
    PARTNER_MANAGERS: tuple(f"wagtaildocs.{action}_document" for action in ("add", "change", "choose"))
}


@transaction.atomic
def load(report: Report) -> None:
    """Gives the groups that exist their rights over partners; what an administrator has taken away stays away.

    A group without any gets all of its rights, one that has some only those over models that nobody has rights over
    yet: the ones that came with a new version.
    """
    new = MODELS - _models_with_rights()
    given = [_give(group, new) for group in Group.objects.filter(name__in=RIGHTS)]
    report(f"Rights over partners: {sum(given)} groups given")
    made = _create_workflow(Partner, PROFILE_CHECK, PROFILE_CHECK_TASK)
    report(f"Check of profiles: {'added' if made else 'kept'}")
    made = _create_workflow(Mark, MARK_APPROVAL, MARK_APPROVAL_TASK)
    report(f"Approval of marks: {'added' if made else 'kept'}")


def _create_workflow(model: type[Partner | Mark], name: str, task_name: str) -> bool:
    """The workflow of a model, in which partner managers decide, unless the model has one or its name is taken.

    Returns whether it was made.
    """
    content_type = ContentType.objects.get_for_model(model)
    managers = Group.objects.filter(name=PARTNER_MANAGERS).first()
    taken = WorkflowContentType.objects.filter(content_type=content_type).exists()
    if managers is None or taken or Workflow.objects.filter(name=name).exists():
        return False
    task = GroupApprovalTask.objects.create(name=task_name)
    task.groups.add(managers)
    workflow = Workflow.objects.create(name=name)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=content_type)
    return True


def _models_with_rights() -> set[str]:
    held = Permission.objects.filter(content_type__app_label__in=APPS, group__isnull=False)
    return set(map(_model, held.values_list("codename", flat=True)))


def _give(group: Group, new: set[str]) -> bool:
    """Whether there was anything to give."""
    is_bare = not group.permissions.filter(content_type__app_label=APP).exists()
    names = [name for name in RIGHTS[group.name] if is_bare or _model(name) in new]
    group.permissions.add(*map(_permission, names))
    files = IMAGES.get(group.name, ()) if is_bare else ()
    if is_bare or "material" in new:  # who keeps materials keeps their documents
        files += DOCUMENTS.get(group.name, ())
    for name in files:
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=_permission(name)
        )
    return bool(names)


def _model(name: str) -> str:
    return name.rsplit("_", 1)[-1]


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
