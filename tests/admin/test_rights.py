"""Who may open what in the programme's part of the admin: every address of ours against every group."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from program_pages.models import Event, Level, Price, Product, ProductLine, Reading, TermsEdition
from tests.admin.conftest import Url

pytestmark = pytest.mark.django_db

EVERYONE = ("admin", "manager", "editor", "partner_manager")
MODELS: dict[str, Any] = {
    "termsedition": TermsEdition,
    "reading": Reading,
    "level": Level,
    "productline": ProductLine,
    "product": Product,
    "event": Event,
    "price": Price,
}
# Who may see, add, change and delete; a superuser may all.
MAY_KEEP = {key: {"manager"} for key in ("termsedition", "reading", "level", "productline", "product", "price")} | {
    "event": {"editor"}
}
MAY_DELETE = {"event": {"editor"}, "price": {"manager"}}

VIEWS: dict[str, dict[str, bool]] = {  # a view, and whether it is about a row
    "termsedition": {"list": False, "add": False, "edit": True, "copy": True, "history": True, "usage": True},
    "price": {"index": False, "create": False, "edit": True, "inspect": True, "history": True},
} | {
    model: {"list": False, "add": False, "edit": True, "history": True, "usage": True}
    for model in ("reading", "level", "productline", "product", "event")
}
CASES = [(model, view, about_row) for model, views in VIEWS.items() for view, about_row in views.items()]


def status(client: Client, address: str) -> int:
    """200 where it opens, 403 where the admin turns away (it redirects to itself with a message)."""
    response = client.get(address)
    return 403 if response.status_code == 302 and response["Location"].startswith("/admin/") else response.status_code


@pytest.mark.parametrize(("model", "view", "about_row"), CASES)
def test_a_view_opens_for_those_whose_work_it_is(
    model: str, view: str, about_row: bool, url: Url, request: pytest.FixtureRequest
) -> None:
    row = MODELS[model].objects.first()
    address = url(model, view, *([row.pk] if about_row else []))
    allowed = {"admin"} | MAY_KEEP[model]
    found = {name: status(request.getfixturevalue(name), address) for name in EVERYONE}
    assert found == {name: 200 if name in allowed else 403 for name in EVERYONE}


@pytest.mark.parametrize("model", list(MODELS))
def test_a_row_is_deleted_by_those_who_may(model: str, url: Url, request: pytest.FixtureRequest) -> None:
    row = MODELS[model].objects.last()
    allowed = {"admin"} | MAY_DELETE.get(model, set())
    for name in EVERYONE:
        client = request.getfixturevalue(name)
        if name == "admin" and model == "termsedition":
            continue  # the only edition is in force; see test_editions
        assert status(client, url(model, "delete", row.pk)) == (200 if name in allowed else 403), name


def test_a_stranger_is_sent_to_sign_in(client: Client, url: Url) -> None:
    response = client.get(url("termsedition", "list"))
    assert response.status_code == 302
    assert "/login/" in response["Location"]
