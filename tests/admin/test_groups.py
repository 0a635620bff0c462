"""Least rights: each group has the rights that stand in a table, and opens the addresses that stand in another.

``rights.csv`` names every right of every group; ``addresses.csv`` what programme managers are answered in the admin
(editors, partner managers, companies and strangers: ``tests/portal/matrix.csv``; administrators may everything).
``WRITE_MATRIX=1`` writes both anew, for a reader to look at what has changed.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils.safestring import SafeString
from wagtail.models import GroupApprovalTask, GroupCollectionPermission, GroupPagePermission

from program_pages.groups import EDITORS, PARTNER_MANAGERS, PROGRAMME_MANAGERS
from tests.admin.conftest import member_of, signed_in
from tests.portal.addresses import filled
from tests.portal.test_matrix import ADMIN, answer, routes
from tests.portal.world import world

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results"),  # a report of wagtail-localize
]

RIGHTS, ADDRESSES = (Path(__file__).with_name(f"{name}.csv") for name in ("rights", "addresses"))
GROUPS = (EDITORS, PROGRAMME_MANAGERS, PARTNER_MANAGERS)


def table(path: Path) -> list[tuple[str, ...]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [tuple(row) for row in csv.reader(file, delimiter=";")][1:]


def held() -> list[tuple[str, ...]]:
    """Every right of every group, and over what: everything, pages, or collections."""
    rights = Permission.objects.select_related("content_type")
    named = {right: f"{right.content_type.app_label}.{right.codename}" for right in rights}
    found: list[tuple[str, ...]] = []
    for group in Group.objects.all():
        found += [(group.name, "", named[right]) for right in group.permissions.all()]
        for over, model in (("pages", GroupPagePermission), ("collections", GroupCollectionPermission)):
            found += [(group.name, over, named[row.permission]) for row in model.objects.filter(group=group)]
        found += [(group.name, "approval", task.name) for task in GroupApprovalTask.objects.filter(groups=group)]
    return sorted(found)


def answers() -> dict[str, str]:
    """What a programme manager is answered at every address of the admin."""
    _company, rows = world()
    client, ours = signed_in(member_of(PROGRAMME_MANAGERS)), (row for row in routes() if row[0].startswith(ADMIN))
    return {route: answer(client, "GET", filled(route, name, rows)) for route, name in ours}


@pytest.fixture
def _undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may open a page is decided before it is drawn; that pages can be drawn is asked elsewhere."""
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_args, **_kwargs: SafeString(""))


def test_each_group_has_the_rights_of_the_table_and_no_other() -> None:
    assert held() == sorted(table(RIGHTS))


@pytest.mark.usefixtures("_undrawn")
def test_each_address_answers_a_programme_manager_as_the_table_says() -> None:
    assert answers() == dict(table(ADDRESSES))


def rights_of(group: str) -> set[str]:
    return {right for name, _over, right in table(RIGHTS) if name == group}


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(
    ("what", "nobody_but_administrators"),
    [
        ("users and groups", ("accounts.add_", "accounts.change_", "accounts.delete_", "auth.")),
        (
            "workflows",
            tuple(
                f"wagtailcore.{deed}_{what}" for deed in ("add", "change", "delete") for what in ("workflow", "task")
            ),
        ),
        ("the site's settings", ("wagtailcore.add_site", "wagtailcore.change_site", "wagtailcore.delete_")),
        ("sessions of others read", ("sessions.", "usersessions.view_", "usersessions.change_")),
        ("second factors and addresses of sign-in", ("mfa.", "account.")),
        ("tokens of the API", ("wagtailcore.add_apitoken", "wagtailcore.change_apitoken")),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_no_group_keeps(group: str, what: str, nobody_but_administrators: tuple[str, ...]) -> None:
    assert [right for right in rights_of(group) if right.startswith(nobody_but_administrators)] == []


def test_what_is_history_is_deleted_by_nobody() -> None:
    history = (
        "membership", "badge", "levelchange", "application", "sale", "overlay", "bonusrequest", "ledger",
        "termsedition",
        "edition", "talk", "enquiry", "mark", "consenttext", "message", "kitdownload", "impact",
    )  # fmt: skip
    found = [row for row in table(RIGHTS) if row[2].partition(".")[2].startswith("delete_")]
    assert [row for row in found if row[2].partition(".")[2].removeprefix("delete_").startswith(history)] == []


def test_nobody_publishes_past_an_approval() -> None:
    publishes = {(group, right) for group, over, right in table(RIGHTS) if ".publish_" in right}
    assert publishes == {(EDITORS, "wagtailcore.publish_page"), (PARTNER_MANAGERS, "partner_directory.publish_partner")}


def test_what_people_are_named_in_is_exported_by_those_who_keep_it() -> None:
    exports = {group for group, _over, right in table(RIGHTS) if ".export_" in right}
    assert EDITORS not in exports
    assert {right for right in rights_of(PROGRAMME_MANAGERS) if ".export_" in right} == {
        "program_pages.export_price", "partner_directory.export_impact", "accounts.export_trail",
    }  # fmt: skip


@pytest.mark.skipif("WRITE_MATRIX" not in os.environ, reason="the tables are written anew with WRITE_MATRIX=1 alone")
@pytest.mark.usefixtures("_undrawn")
def test_write_the_tables_anew() -> None:
    _write(RIGHTS, ("group", "over", "right"), held())
    _write(ADDRESSES, ("route", "programme manager"), answers().items())


def _write(path: Path, head: tuple[str, ...], rows: Any) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", lineterminator="\n").writerows([head, *rows])
