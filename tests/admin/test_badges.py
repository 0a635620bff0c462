"""The register of badges: found by code, read with all that was signed, reissued and revoked by POST alone (R5, R9)."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.actions import badges, memberships
from partner_directory.badges.codes import written
from partner_directory.models.badge import Badge
from tests.admin.forms import said
from tests.admin.test_requests import links
from tests.admin.test_rights import EVERYONE, status
from tests.admin.test_russian import english_in
from tests.factories.badges import make_credential
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def url(view: str, *args: Any) -> str:
    return reverse(f"partner_directory_badge_modeladmin_{view}", args=args)


def badge(**fields: Any) -> Badge:
    return make_credential(make_partner(**{"name_ru": "Ромашка", **fields})).badge


@pytest.mark.parametrize("view", ["index", "inspect", "history", "reissue", "revoke"])
def test_a_view_opens_for_partner_managers(view: str, request: pytest.FixtureRequest, client: Client) -> None:
    address = url(view, *([] if view == "index" else [badge().pk]))
    found = {name: status(request.getfixturevalue(name), address) for name in EVERYONE}

    assert found == {name: 200 if name in {"admin", "partner_manager"} else 403 for name in EVERYONE}
    assert "/login/" in client.get(address)["Location"]


def test_nobody_writes_edits_or_deletes_one_here(admin: Client) -> None:
    row = badge()
    assert status(admin, url("create")) == 403
    assert status(admin, url("edit", row.pk)) == 403
    assert status(admin, url("delete", row.pk)) == 403


def test_it_is_found_by_its_code_however_it_is_typed_and_by_the_partner(partner_manager: Client) -> None:
    row, other = badge(), badge(name_ru="Лютик")
    for asked in (row.code, written(row.code).lower(), "РОМАШ"):
        page = said(partner_manager.get(url("index"), {"q": asked}))
        assert written(row.code) in page
        assert written(other.code) not in page


@pytest.mark.parametrize("state", ["valid", "suspended", "revoked", "other"])
def test_it_is_faceted_by_what_it_says_today(state: str, partner_manager: Client) -> None:
    rows = {
        "valid": badge(),
        "suspended": badge(state="suspended"),
        "revoked": badges.revoke(badge=badge(), actor=None, reason="…"),
        "other": badge(state="upcoming"),
    }
    page = said(partner_manager.get(url("index"), {"state": state}))
    assert [name for name, row in rows.items() if written(row.code) in page] == [state]


def test_a_row_tells_everything_that_was_signed_and_done(partner_manager: Client) -> None:
    row = badge()
    memberships.renew(membership=row.credentials.get().membership, actor=None)
    page = said(partner_manager.get(url("inspect", row.pk)))

    assert "с 01.01.2026 по 31.12.2026" in page
    assert "с 01.01.2027 по 31.12.2027" in page
    assert page.count("Выдать свидетельство значка") == 2
    assert english_in(page) == []


def test_it_is_revoked_and_reissued_by_post_with_a_reason(partner_manager: Client) -> None:
    row = badge()
    assert url("revoke", row.pk) in links(partner_manager.get(url("inspect", row.pk)))
    partner_manager.get(url("revoke", row.pk))
    partner_manager.post(url("revoke", row.pk), {"reason": ""})
    assert Badge.objects.current().count() == 1

    page = partner_manager.post(url("revoke", row.pk), {"reason": "Подделка"}, follow=True)
    row.refresh_from_db()
    assert (row.reason, row.revoked_by) == ("Подделка", page.context["user"])
    assert url("revoke", row.pk) not in links(page)
    page = partner_manager.post(url("reissue", row.pk), {"reason": "Разобрались"}, follow=True)
    new = Badge.objects.current().get()
    assert new.replaces == row
    assert written(new.code) in said(page)
    assert url("reissue", row.pk) not in links(partner_manager.get(url("inspect", row.pk)))


def test_what_is_replaced_is_not_replaced_again(partner_manager: Client) -> None:
    row = badge()
    badges.reissue(badge=row, actor=None, reason="…")
    partner_manager.post(url("reissue", row.pk), {"reason": "Ещё раз"})
    assert Badge.objects.count() == 2


def test_it_is_exported_by_those_who_may(partner_manager: Client, editor: Client) -> None:
    row = badge()
    content = b"".join(partner_manager.get(url("index"), {"export": "csv"}).streaming_content).decode("utf-8-sig")
    assert "Ромашка" in content
    assert written(row.code) in content
    assert status(editor, url("index") + "?export=csv") == 403


def test_a_page_of_many_costs_as_many_queries_as_one_of_few(partner_manager: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            partner_manager.get(url("index"))
        return len(captured)

    for _place in range(2):
        badge()
    queries()
    few = queries()
    for _place in range(15):
        badge()
    assert queries() == few
