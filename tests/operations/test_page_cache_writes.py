"""Nothing that a public page shows can be recorded without the page cache being told, however it is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from operations.page_cache import writes
from operations.page_cache.version import versions
from partner_directory.models import Partner
from partner_directory.models.enquiry import Enquiry
from program_pages.models import Level
from program_pages.models.edition import programme_day
from tests.factories.catalogue import make_price
from tests.factories.partners import make_partner
from tests.factories.users import make_user
from tests.factories.verification import badge_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def moves(page_cache: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How many times the version has moved on; what the test has prepared is committed."""
    found: list[str] = []
    monkeypatch.setattr(versions, "move_on", lambda: found.append(""))
    connection.run_on_commit.clear()
    return found


LEVELS = "program_pages_level"


def _raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


class TestIsNoticed:
    @pytest.mark.parametrize(
        "act",
        [
            lambda: Level.objects.filter(slug="retail").update(colour="#123456"),
            lambda: Level.objects.get(slug="retail").save(),
            lambda: make_price().delete(),
            lambda: Partner.objects.bulk_create([Partner(name_ru="A", slug="a")]),
            lambda: Partner.objects.bulk_update([make_partner()], ["phones"]),
            lambda: _raw("UPDATE program_pages_level SET colour = '#123456'"),
            lambda: _raw("  update \"program_pages_level\" set colour = '#123456'"),
            lambda: _raw("DELETE FROM program_pages_level WHERE id = 0"),
            lambda: _raw("WITH a AS (SELECT 1) UPDATE program_pages_level SET colour = colour"),
        ],
    )
    def test_whoever_writes_and_however(self, act: Callable[[], object], moves: list[str]) -> None:
        act()
        assert moves

    def test_once_when_a_transaction_first_writes_and_once_when_it_is_committed(
        self, moves: list[str], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            for colour in ("#111111", "#222222", "#333333"):
                with transaction.atomic():
                    Level.objects.update(colour=colour)
            assert len(moves) == 1
        assert len(moves) == 2

    def test_after_a_part_that_was_rolled_back(self, moves: list[str], django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            with transaction.atomic():
                Level.objects.update(colour="#111111")
                transaction.set_rollback(True)
            Level.objects.update(colour="#222222")
        assert len(moves) == 3

    def test_not_what_is_read_or_shown_by_no_page(self, moves: list[str], client: Client) -> None:
        list(Level.objects.all())
        Level.objects.count()
        _raw("SELECT 1")
        _raw("WITH a AS (SELECT 1) SELECT * FROM a")
        with transaction.atomic():
            pass
        client.force_login(make_user())  # a session, and the day of signing in
        Session.objects.all().delete()
        Enquiry.objects.all().delete()
        assert not moves


def test_every_table_named_is_one() -> None:
    """A table that was renamed would be shown and not be told of, or be a line that says nothing."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True, include_swapped=True)}
    assert not {*writes.QUIET, *writes.APPENDED} - tables
    assert all([*writes.QUIET.values(), *writes.APPENDED.values()])


def test_no_public_page_reads_a_table_of_which_the_cache_is_not_told(client: Client) -> None:
    """Reads every address of the sitemap, the API and what stands beside them, and looks at what they ask for."""
    partner = make_partner(level="competency", specialists=1, products=["asoft-crm"], references=[{"text_ru": "Да"}])
    code, today = badge_of(partner).code, programme_day()
    sitemap = client.get("/sitemap.xml").content.decode()
    paths = {address.split("/", 3)[3] for address in re.findall(r"<loc>([^<]+)</loc>", sitemap)}
    paths = {path for path in paths if not path.startswith("en/")}  # which read the same tables
    assert len(paths) > 10
    paths |= {f"partners/{partner.slug}/", f"verify/{code}/", f"verify/{code}/?on={today.year - 1}-06-01"}
    paths |= {"levels.css", "sitemap.xml", "robots.txt", "search/?q=скидка", "partners/?q=партнёр&view=map"}
    paths |= {
        "partners/feed/",
        "partners/frame/",
        "partners/export/csv/",
        "terms/changes/feed/",
        "terms/?on=2020-01-01",
    }
    paths |= {f"api/v1/{name}" for name in ("programme/", "partners/", "partners.csv", "regions/", "programme/cases/")}
    read: dict[str, str] = {}
    for path in sorted(paths):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/{path}").status_code == 200, path
        for query in queries:
            for table in re.findall(r'(?:FROM|JOIN)\s+"?(\w+)"?', query["sql"]):
                read.setdefault(table, path)
    assert LEVELS in read
    assert not {table: path for table, path in read.items() if table in writes.QUIET}
