"""What the groups of the admin may do with partners; the groups themselves are the programme's.

Idempotent. May not import views.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission

from program_pages.groups import EDITORS, PARTNER_MANAGERS

LISTS = ("industry", "country", "region", "city")  # that profiles choose from

Report = Callable[[str], None]


def _on(model: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"partner_directory.{action}_{model}" for action in actions)


RIGHTS: dict[str, tuple[str, ...]] = {
    PARTNER_MANAGERS: (
        *_on("partner", "add", "change", "delete", "view", "publish", "lock", "unlock", "export", "import"),
        *_on("membership", "add", "change", "view", "export"),
        *_on("specialist", "add", "change", "delete", "view", "export"),
        *_on("enquiry", "change", "view", "export"),
        *_on("consenttext", "add", "change", "view"),
        *(right for model in LISTS for right in _on(model, "add", "change", "view")),
    ),
    EDITORS: (*_on("partner", "change", "view"), *_on("membership", "view")),
}
IMAGES: dict[str, tuple[str, ...]] = {PARTNER_MANAGERS: ("wagtailimages.add_image", "wagtailimages.choose_image")}


@transaction.atomic
def load(report: Report) -> None:
    """Gives the groups that exist their rights over partners; one that has any keeps what its administrator left it."""
    bare = Group.objects.filter(name__in=RIGHTS).exclude(permissions__content_type__app_label="partner_directory")
    groups = list(bare)
    for group in groups:
        _give(group)
    report(f"Rights over partners: {len(groups)} groups given")


def _give(group: Group) -> None:
    group.permissions.add(*map(_permission, RIGHTS[group.name]))
    for name in IMAGES.get(group.name, ()):
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=_permission(name)
        )


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
