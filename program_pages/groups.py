"""Who may do what in the admin: the groups, and the approval that every edition of the terms goes through.

Idempotent: a group or a workflow that exists keeps what its administrator gave it, and gets only the rights over models
that came with a later version. May not import pages.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Q
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Workflow,
    WorkflowContentType,
    WorkflowTask,
)

from program_pages.models.edition import TermsEdition

EDITORS = "Редакторы"
PROGRAMME_MANAGERS = "Менеджеры программы"
PARTNER_MANAGERS = "Менеджеры партнёров"
APPROVAL = "Утверждение условий"
APPROVAL_TASK = "Утверждение менеджером программы"
PAGE_APPROVAL = "Проверка страниц"
PAGE_APPROVAL_TASK = "Проверка редактором"
WAGTAILS_GROUPS = ("Editors", "Moderators")
WAGTAILS_APPROVAL = "Moderators approval"

APP = "program_pages"
ENTER = "wagtailadmin.access_admin"
CAME_LATER = {"reading"}  # models that groups of older sites have no rights over

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Rights:
    """What a group may do: permissions by "app.codename", everywhere or under the roots of pages and collections."""

    everywhere: tuple[str, ...]
    pages: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()


def _on(model: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"{APP}.{action}_{model}" for action in actions)


GROUPS = {
    EDITORS: Rights(
        everywhere=(
            ENTER,
            "wagtail_localize.submit_translation",
            *_on("event", "add", "change", "delete", "view"),
        ),
        pages=("wagtailcore.add_page", "wagtailcore.change_page", "wagtailcore.publish_page"),
        collections=(
            *(f"wagtailimages.{action}_image" for action in ("add", "change", "choose")),
            *(f"wagtaildocs.{action}_document" for action in ("add", "change", "choose")),
        ),
    ),
    PROGRAMME_MANAGERS: Rights(
        everywhere=(
            ENTER,
            # No right to publish: an edition is published by its approval alone (program_pages.approval).
            *_on("termsedition", "add", "change", "view"),
            *_on("level", "add", "change", "view"),
            *_on("productline", "add", "change", "view"),
            *_on("product", "add", "change", "view"),
            *_on("reading", "add", "change", "view", "decide"),
            *_on("price", "add", "change", "delete", "view", "export"),
            *_on("vendorsettings", "change", "view"),
        ),
    ),
    PARTNER_MANAGERS: Rights(everywhere=(ENTER,)),
}


@transaction.atomic
def load(report: Report) -> None:
    """Create the groups that are missing with their rights, and the approval of editions (R83)."""
    missing = [name for name in GROUPS if not Group.objects.filter(name=name).exists()]
    for name in missing:
        _create(name, GROUPS[name])
    for name in GROUPS.keys() - set(missing):
        _give_what_came_later(name)
    if EDITORS in missing:
        _take_over_from_wagtail()
    report(f"Groups: {len(missing)} added, {len(GROUPS) - len(missing)} kept")
    report(f"Approval of editions: {'added' if _create_approval() else 'kept'}")


def _give_what_came_later(name: str) -> None:
    """Gives a group that has any rights those over models of a later version that nobody has rights over yet."""
    group = Group.objects.get(name=name)
    held = Permission.objects.filter(content_type__app_label=APP, group__isnull=False)
    new = CAME_LATER - set(held.values_list("content_type__model", flat=True))
    names = tuple(each for each in GROUPS[name].everywhere if each.rpartition("_")[2] in new)
    if names and group.permissions.exists():
        group.permissions.add(*_permissions(names))


def _create(name: str, rights: Rights) -> None:
    group = Group.objects.create(name=name)
    group.permissions.set(_permissions(rights.everywhere))
    root = Page.get_first_root_node()  # above the trees of all languages
    for permission in _permissions(rights.pages):
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)
    collection = Collection.get_first_root_node()
    for permission in _permissions(rights.collections):
        GroupCollectionPermission.objects.create(group=group, collection=collection, permission=permission)


def _take_over_from_wagtail() -> None:
    """On a new site: Wagtail's English groups go where nobody is in them, and its check of pages is our editors'."""
    task = GroupApprovalTask.objects.filter(name=WAGTAILS_APPROVAL).first()
    if task is not None:
        task.groups.set([Group.objects.get(name=EDITORS)])
        GroupApprovalTask.objects.filter(pk=task.pk).update(name=PAGE_APPROVAL_TASK)
    Workflow.objects.filter(name=WAGTAILS_APPROVAL).update(name=PAGE_APPROVAL)
    Group.objects.filter(name__in=WAGTAILS_GROUPS, user__isnull=True).delete()


def _permissions(names: tuple[str, ...]) -> list[Permission]:
    """The permissions by "app.codename"; raises Permission.DoesNotExist, which a group must never hide."""
    return [Permission.objects.get(_named(name)) for name in names]


def _named(name: str) -> Q:
    app, codename = name.split(".")
    return Q(content_type__app_label=app, codename=codename)


def _create_approval() -> bool:
    """The workflow of editions, unless editions have one or its name is taken; whether it was made."""
    editions = ContentType.objects.get_for_model(TermsEdition)
    taken = WorkflowContentType.objects.filter(content_type=editions).exists()
    if taken or Workflow.objects.filter(name=APPROVAL).exists():
        return False
    task = GroupApprovalTask.objects.create(name=APPROVAL_TASK)
    task.groups.add(Group.objects.get(name=PROGRAMME_MANAGERS))
    workflow = Workflow.objects.create(name=APPROVAL)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowContentType.objects.create(workflow=workflow, content_type=editions)
    return True
