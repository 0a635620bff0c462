"""Clients of the admin, signed in as the people who use it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from program_pages.groups import EDITORS, PARTNER_MANAGERS, PROGRAMME_MANAGERS
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.factories.editions import draft_edition
from tests.factories.users import make_superuser, make_user

Url = Callable[..., str]


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member_of(group: str) -> Any:
    user = make_user(is_staff=True, first_name="Анна", last_name=group)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def superuser(db: None) -> Any:
    return make_superuser(first_name="Мария", last_name="Главная")


@pytest.fixture
def admin(superuser: Any) -> Client:
    """A superuser's client."""
    return signed_in(superuser)


@pytest.fixture
def manager(db: None) -> Client:
    """A programme manager's client: edits terms, and does not publish them."""
    return signed_in(member_of(PROGRAMME_MANAGERS))


@pytest.fixture
def editor(db: None) -> Client:
    """An editor's client: pages and events."""
    return signed_in(member_of(EDITORS))


@pytest.fixture
def partner_manager(db: None) -> Client:
    return signed_in(member_of(PARTNER_MANAGERS))


@pytest.fixture
def url() -> Url:
    """Addresses of the views of a programme model: ``url("termsedition", "edit", 1)``."""

    def of(model: str, view: str, *args: Any) -> str:
        if model == "price":
            return reverse(f"program_pages_price_modeladmin_{view}", args=args)
        return reverse(f"wagtailsnippets_program_pages_{model}:{view}", args=args)

    return of


@pytest.fixture
def in_force(db: None) -> TermsEdition:
    """The published programme."""
    edition = TermsEdition.objects.in_force(programme_day())
    assert edition is not None
    return edition


@pytest.fixture
def draft(db: None) -> TermsEdition:
    """A whole draft for the year after next, with no more clauses than its rows cite and the tests name."""
    return draft_edition(effective_from=date(programme_day().year + 2, 1, 1), change=shortened)


def shortened(data: dict[str, Any]) -> None:
    """Leaves the clauses that something needs: a form of eighty makes slow tests."""
    cited = {row["clause"] for rows in ("requirements", "benefits", "bonuses") for row in data[rows]}
    kept = cited | {"R1", "R50", "R51", "R53", "R78"}
    data["clauses"] = [row for row in data["clauses"] if row["code"] in kept]
