"""The account of the web processes may read and write rows, and change nothing of the database itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client

from partner_directory.actions import badges
from partner_directory.guards import LEDGER
from partner_directory.trail_guards import TABLES as TRAIL
from tests.factories.enquiries import listed_partner, make_enquiry
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, client_of, make_member, make_person
from tests.factories.users import make_superuser

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no accounts: make test-postgres"),
]

GRANTS = Path(__file__).resolve().parents[2] / "deploy" / "postgresql" / "2-grants.sql"
WEB = "partners_web"


@pytest.fixture
def _as_the_web() -> Iterator[None]:
    """From here on the test's connection has the rights of the web processes alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {WEB}")
        cursor.execute(GRANTS.read_text(encoding="utf-8"))
        cursor.execute(f"SET LOCAL ROLE {WEB}")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("_as_the_web")
class TestTheAccountOfTheWeb:
    def test_serves_visitors_partners_and_the_admin_and_writes_their_rows(self) -> None:
        listed_partner()
        make_enquiry()
        partner = make_partner(level="competency")
        badges.issue_for(membership=partner.memberships.get(), actor=None)
        seat = make_member(partner)
        for client, paths in (
            (Client(), ("/", "/partners/?q=логистика", "/calculator/", f"/verify/{partner.badges.get().code}/")),
            (client_of(seat), ("/portal/", "/portal/people/", "/portal/year/", "/portal/account/")),
            (client_as(make_superuser()), ("/admin/", "/admin/reports/system/", "/admin/reports/trail/")),
        ):
            assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 200)
        invited = client_of(seat).post("/portal/people/invite/", {"email": "new@example.org", "role": "staff"})
        assert invited.status_code == 302

    def test_signs_people_in(self) -> None:
        person = make_person(email="known@example.org", password="a-long-password-of-ours")
        answer = Client().post("/account/login/", {"login": person.email, "password": "a-long-password-of-ours"})
        assert answer["Location"] == "/portal/"

    @pytest.mark.parametrize("command", ["turn_of_day", "refresh_directory", "issue_badges", "clearsessions"])
    def test_does_the_work_of_the_house(self, command: str) -> None:
        make_partner(level="competency")
        call_command(command, verbosity=0)

    @pytest.mark.parametrize(
        "statement",
        [
            *(f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in (LEDGER[0], *TRAIL)),
            *(f"TRUNCATE {table}" for table in (LEDGER[0], *TRAIL)),
            f"DROP TABLE {LEDGER[1]}",
            'DROP FUNCTION "ledger_is_append_only" CASCADE',
            "CREATE TABLE of_a_stranger (id int)",
            "SET session_replication_role = replica",
            "COPY (SELECT 1) TO PROGRAM 'id'",
        ],
    )
    def test_changes_nothing_of_the_database_itself(self, statement: str) -> None:
        refused = pytest.raises(DatabaseError, match="permission denied|must be owner|must be superuser")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    def test_cannot_take_the_owners_rights(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, rolcreaterole, rolcreatedb, rolbypassrls FROM pg_roles WHERE rolname = %s", [WEB]
            )
            assert cursor.fetchone() == (False,) * 4


@pytest.mark.usefixtures("_as_the_web")
def test_what_a_later_migration_makes_is_granted_too() -> None:
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("CREATE TABLE of_a_later_release (id serial)")
        cursor.execute(f"SET LOCAL ROLE {WEB}")
        cursor.execute("INSERT INTO of_a_later_release DEFAULT VALUES RETURNING id")
        assert cursor.fetchone() == (1,)
