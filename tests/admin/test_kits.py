"""Kits taken, in the admin: read by managers, changed by nobody; a report of use by mark and partner (R5, R8)."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.badges.marks import approved_versions
from partner_directory.models import Partner
from partner_directory.models.badge import KitDownload
from partner_directory.rights import load
from tests.admin.conftest import member_of, signed_in
from tests.factories.badges import make_badge
from tests.factories.partners import make_partner
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

REPORT = "/admin/reports/partners/marks/"


def url(view: str, *args: Any) -> str:
    return reverse(f"partner_directory_kitdownload_modeladmin_{view}", args=args)


@pytest.fixture
def manager(db: None) -> Client:
    load(lambda _line: None)
    return signed_in(member_of("Менеджеры партнёров"))


def taken(partner: Partner, mark: int = 0, person: Any = None) -> KitDownload:
    badge = partner.badges.first() or make_badge(partner)
    return KitDownload.objects.create(
        partner=partner, badge=badge, version=approved_versions()[mark], person=person or make_user(), sha256="a" * 64
    )


def rows(response: Any) -> list[list[str]]:
    """The cells of the listing."""
    page = BeautifulSoup(response.content, "html.parser")
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("td")] for row in page.select("tbody tr")]


def exported(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


class TestRegister:
    def test_it_says_who_took_what(self, manager: Client) -> None:
        row = taken(make_partner(name_ru="Первый"))
        found = rows(manager.get(url("index")))
        assert len(found) == 1
        assert "Первый" in found[0][0]
        assert str(row.version) in found[0]
        page = manager.get(url("inspect", row.pk)).content.decode()
        assert row.sha256 in page
        assert row.badge.code[:5] in page

    def test_nobody_makes_changes_or_deletes_one(self, manager: Client, admin_client: Client) -> None:
        row = taken(make_partner())
        for client in (manager, admin_client):
            for address in (url("create"), url("edit", row.pk), url("delete", row.pk)):
                assert client.post(address).status_code in (302, 403)
        assert KitDownload.objects.filter(pk=row.pk).exists()

    def test_it_is_narrowed_by_mark_and_partner(self, manager: Client) -> None:
        one, other = make_partner(name_ru="Первый"), make_partner(name_ru="Второй")
        taken(one, 0)
        taken(other, 1)
        by_mark = manager.get(url("index"), {"version__mark__id__exact": approved_versions()[1].mark_id})
        assert ["Второй" in row[0] for row in rows(by_mark)] == [True]
        by_partner = manager.get(url("index"), {"partner__id__exact": one.pk})
        assert ["Первый" in row[0] for row in rows(by_partner)] == [True]

    def test_it_is_exported_without_formulas(self, manager: Client) -> None:
        taken(make_partner(name_ru="=1+1"))
        found = exported(manager.get(url("index"), {"export": "csv"}))
        assert len(found) == 2
        assert "'=1+1" in found[1]

    def test_it_asks_as_many_questions_whatever_the_number(self, manager: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert manager.get(url("index")).status_code == 200
            return len(found)

        taken(make_partner())
        queries()
        few = queries()
        for _ in range(10):
            taken(make_partner())
        assert queries() == few


class TestReport:
    def test_it_counts_by_mark_and_partner(self, manager: Client) -> None:
        one, other, person = make_partner(name_ru="Первый"), make_partner(name_ru="Второй"), make_user()
        for _ in range(3):
            taken(one, 0, person)
        taken(one, 0)
        taken(one, 1)
        taken(other, 1)
        found = [row[:4] for row in rows(manager.get(REPORT))]
        programme, retail = (version.mark.name for version in approved_versions()[:2])
        assert found[0] == ["Первый", programme, "4", "2"]
        assert sorted(found[1:]) == [["Второй", retail, "1", "1"], ["Первый", retail, "1", "1"]]

    def test_it_is_exported(self, manager: Client) -> None:
        taken(make_partner(name_ru="Первый"))
        found = exported(manager.get(REPORT, {"export": "csv"}))
        assert found[1][0] == "Первый"
        assert found[1][2:4] == ["1", "1"]

    def test_it_is_narrowed_by_mark(self, manager: Client) -> None:
        partner = make_partner()
        taken(partner, 0)
        taken(partner, 1)
        found = rows(manager.get(REPORT, {"mark": approved_versions()[1].mark_id}))
        assert [row[1] for row in found] == [approved_versions()[1].mark.name]

    def test_it_asks_as_many_questions_whatever_the_number(self, manager: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert manager.get(REPORT).status_code == 200
            return len(found)

        taken(make_partner())
        queries()
        few = queries()
        for _ in range(10):
            taken(make_partner())
        assert queries() == few
