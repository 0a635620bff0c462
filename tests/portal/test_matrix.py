"""Who may open what: every address of the admin and of the partners' section; an address not in it fails.

``matrix.csv`` holds what each person is answered: a status; ``login`` where one is asked to sign in; ``turned away``
where the admin sends one off. ``WRITE_MATRIX=1`` writes it anew, for a reader to look at what has changed.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from partner_directory.models import Partner
from partner_directory.models.people import Role
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user
from tests.portal.addresses import addresses, filled

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Pagination may yield inconsistent results"),  # a report of wagtail-localize
]

TABLE = Path(__file__).with_name("matrix.csv")
COMPANY = ("anonymous", "stranger", "staff", "owner")
PEOPLE = (*COMPANY, "editor", "manager")
ADMIN, PORTAL = "admin/", "portal/"
ENDS_THE_SESSION = {"wagtailadmin_logout"}
RAISES_ON_PURPOSE = {"wagtailadmin_error_test"}
OPENS = {"200", "400", "404", "405"}  # what somebody gets who was let in


def answer(client: Client, address: str) -> str:
    """What a GET comes to, in a word."""
    client.raise_request_exception = False
    response = client.get(address)
    target = response.headers.get("Location", "")
    if response.status_code not in {301, 302}:
        return str(response.status_code)
    if "/login/" in target:
        return "login"
    return "turned away" if target == "/admin/" and address != "/admin/" else str(response.status_code)


def routes() -> list[tuple[str, str]]:
    """Every route and its name, those aside that end a session or fail on purpose."""
    found = (row for under in (ADMIN, PORTAL) for row in addresses(under))
    return [row for row in found if row[1] not in ENDS_THE_SESSION | RAISES_ON_PURPOSE]


def known() -> dict[str, dict[str, str]]:
    """The table: what each person is answered at each route."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["route"]: row for row in csv.DictReader(file, delimiter=";")}


def client_as(person: str, company: Partner) -> Client:
    """Somebody's client; ``stranger`` owns another company."""
    if person == "anonymous":
        return Client()
    if person in {"editor", "manager"}:
        user = make_user()
        user.groups.add(Group.objects.get(name=EDITORS if person == "editor" else PARTNER_MANAGERS))
        client = Client()
        client.force_login(user)
        return client
    partner = make_partner() if person == "stranger" else company
    return client_of(make_member(partner, role=Role.STAFF if person == "staff" else Role.OWNER))


def answers(person: str) -> dict[str, str]:
    """What somebody is answered at every route."""
    company = make_partner(level="competency", specialists=2)
    client = client_as(person, company)
    return {route: answer(client, filled(route, name, {})) for route, name in routes()}


def test_every_address_stands_in_the_matrix() -> None:
    assert {route for route, _name in routes()} == set(known())


@pytest.mark.parametrize("person", PEOPLE)
def test_everybody_is_answered_as_the_matrix_says(person: str) -> None:
    assert answers(person) == {route: row[person] for route, row in known().items()}


def test_nobody_without_a_right_to_it_enters_the_admin() -> None:
    entered = {
        (route, person): row[person]
        for route, row in known().items()
        for person in COMPANY
        if route.startswith(ADMIN) and row[person] in OPENS
    }
    assert entered == {}


def test_nothing_breaks() -> None:
    assert {route for route, row in known().items() if "500" in row.values()} == set()


@pytest.mark.skipif("WRITE_MATRIX" not in os.environ, reason="the matrix is written anew with WRITE_MATRIX=1 alone")
def test_write_the_matrix_anew() -> None:
    columns = {person: answers(person) for person in PEOPLE}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\n")
        table.writerow(["route", *PEOPLE])
        for route, _name in routes():
            table.writerow([route, *(columns[person][route] for person in PEOPLE)])
