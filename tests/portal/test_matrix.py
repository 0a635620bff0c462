"""Who may open what: every address of the admin and of the partners' section; an address not in it fails.

``matrix.csv`` holds what each person is answered: a status; ``login`` where one is asked to sign in; ``turned away``
where the admin sends one off. ``WRITE_MATRIX=1`` writes it anew, for a reader to look at what has changed.
"""

from __future__ import annotations

import csv
import os
from contextlib import suppress
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.db import transaction
from django.test import Client

from partner_directory.models import Partner
from partner_directory.models.people import Role
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_user
from tests.portal.addresses import addresses, filled
from tests.portal.world import world

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
# Not rows of a company: the vendor's events and materials, an invitation's own secret, a kind of paper.
OF_EVERYBODY = {
    "portal/events/%(pk)s/",
    "portal/materials/%(pk)s/",
    "portal/invitation/%(secret)s/",
    "portal/calculator/%(kind)s/",
}
DOORS = {"admin/login/", "admin/jsi18n/", "admin/sprite/"}  # where anybody may knock; words and icons of the admin
OPENS = {"200", "400", "404", "405"}  # what somebody gets who was let in


class Undone(Exception):
    """Takes back whatever an answer has written, so that the next one is asked of the same site."""


def answer(client: Client, method: str, address: str) -> str:
    """What a request comes to, in a word; what it has written is taken back."""
    client.raise_request_exception = False
    with suppress(Undone), transaction.atomic():
        response = client.generic(method, address)
        raise Undone
    target = response.headers.get("Location", "")
    if response.status_code not in {301, 302}:
        return str(response.status_code)
    if "/login/" in target:
        return "login"
    return "turned away" if target == "/admin/" and address != "/admin/" else str(response.status_code)


def asked(client: Client, route: str, address: str) -> str:
    """What it comes to: GET in the admin, GET and POST in the section."""
    methods = ("GET", "POST") if route.startswith(PORTAL) else ("GET",)
    return " ".join(answer(client, method, address) for method in methods)


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
    company, rows = world()
    client = client_as(person, company)
    return {route: asked(client, route, filled(route, name, rows)) for route, name in routes()}


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
        if route.startswith(ADMIN) and row[person] in OPENS - {"404"} and route not in DOORS
    }
    assert entered == {}


def test_nobody_of_a_company_writes_in_the_admin() -> None:
    company, rows = world()
    client = client_as("owner", company)
    said = {
        route: answer(client, "POST", filled(route, name, rows))
        for route, name in routes()
        if route.startswith(ADMIN) and route not in DOORS
    }
    assert {route for route, word in said.items() if word not in {"login", "404"}} == set()


def test_no_row_of_another_company_is_there() -> None:
    """A stranger owns a company too: no right is missing, only the row."""
    about_a_row = {route: row for route, row in known().items() if route.startswith(PORTAL) and "%(" in route}
    reached = {
        route: row["stranger"]
        for route, row in about_a_row.items()
        if not set(row["stranger"].split()) <= {"404", "405"} and route not in OF_EVERYBODY
    }
    assert reached == {}


def test_nothing_breaks() -> None:
    broken = {route for route, row in known().items() if any("500" in said for said in row.values())}
    assert broken == set()


@pytest.mark.skipif("WRITE_MATRIX" not in os.environ, reason="the matrix is written anew with WRITE_MATRIX=1 alone")
def test_write_the_matrix_anew() -> None:
    columns = {person: answers(person) for person in PEOPLE}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";", lineterminator="\n")
        table.writerow(["route", *PEOPLE])
        for route, _name in routes():
            table.writerow([route, *(columns[person][route] for person in PEOPLE)])
