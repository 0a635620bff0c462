"""Load balancers learn whether the process lives and whether it can serve; old addresses lead on."""

import pytest
from django.db import DatabaseError
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from config import health

pytestmark = pytest.mark.django_db


def test_the_process_answers(client: Client) -> None:
    response = client.get("/healthz")

    assert response.json() == {"status": "ok"}
    assert "no-store" in response["Cache-Control"]


def test_the_site_is_ready_with_database_migrations_and_cache(client: Client) -> None:
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "migrations": "ok", "cache": "ok"}


@pytest.mark.parametrize("name", ["database", "migrations", "cache"])
def test_what_fails_is_named_and_nothing_else_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    def broken() -> bool:
        raise DatabaseError("secret host name")

    monkeypatch.setitem(health.CHECKS, name, broken)
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"][name] == "failed"
    assert "secret" not in response.content.decode()


def test_a_migration_that_was_not_run_is_seen(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.health.MigrationExecutor.migration_plan", lambda executor, targets: ["0002_more"])

    assert client.get("/readyz").json()["checks"]["migrations"] == "failed"


def test_an_old_address_leads_to_the_new_one(client: Client) -> None:
    Redirect.add_redirect("/partners-programme", "/programme/", is_permanent=True)
    response = client.get("/partners-programme/")

    assert response.status_code == 301
    assert response["Location"] == "/programme/"
