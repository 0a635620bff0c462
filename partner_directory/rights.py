"""What the groups of the admin may do with partners; the groups themselves are the programme's.

Idempotent. May not import views.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission

from program_pages.groups import EDITORS, PARTNER_MANAGERS

APP = "partner_directory"
LISTS = ("industry", "country", "region", "city")  # that profiles choose from
FACTS = ("marketingactivity", "implementation", "clientreview", "purchase", "requirementconfirmation")

Report = Callable[[str], None]


def _on(model: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"partner_directory.{action}_{model}" for action in actions)


RIGHTS: dict[str, tuple[str, ...]] = {
    PARTNER_MANAGERS: (
        *_on("partner", "add", "change", "delete", "view", "publish", "lock", "unlock", "export", "import"),
        *_on("membership", "add", "change", "view", "export"),
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
        *(right for model in LISTS for right in _on(model, "add", "change", "view")),
    ),
    EDITORS: (*_on("partner", "change", "view"), *_on("membership", "view")),
}
MODELS = {name.rsplit("_", 1)[-1] for rights in RIGHTS.values() for name in rights}
IMAGES: dict[str, tuple[str, ...]] = {PARTNER_MANAGERS: ("wagtailimages.add_image", "wagtailimages.choose_image")}


@transaction.atomic
def load(report: Report) -> None:
    """Gives the groups that exist their rights over partners; what an administrator has taken away stays away.

    A group without any gets all of its rights, one that has some only those over models that nobody has rights over
    yet: the ones that came with a new version.
    """
    new = MODELS - _models_with_rights()
    given = [_give(group, new) for group in Group.objects.filter(name__in=RIGHTS)]
    report(f"Rights over partners: {sum(given)} groups given")


def _models_with_rights() -> set[str]:
    held = Permission.objects.filter(content_type__app_label=APP, group__isnull=False)
    return set(held.values_list("content_type__model", flat=True))


def _give(group: Group, new: set[str]) -> bool:
    """Whether there was anything to give."""
    is_bare = not group.permissions.filter(content_type__app_label=APP).exists()
    names = [name for name in RIGHTS[group.name] if is_bare or _model(name) in new]
    group.permissions.add(*map(_permission, names))
    for name in IMAGES.get(group.name, ()) if is_bare else ():
        GroupCollectionPermission.objects.get_or_create(
            group=group, collection=Collection.get_first_root_node(), permission=_permission(name)
        )
    return bool(names)


def _model(name: str) -> str:
    return name.rsplit("_", 1)[-1]


def _permission(name: str) -> Permission:
    app, codename = name.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)
