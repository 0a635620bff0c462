"""What a Prometheus reads: for whoever has the token, adding up over processes, and asking little of the database."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from prometheus_client.parser import text_string_to_metric_families

from operations import metrics, metrics_view
from tests.factories.messages import make_message
from tests.factories.partners import make_partner
from tests.factories.portal import make_member
from tests.running_site import ROOT

from .conftest import Lines

pytestmark = pytest.mark.django_db

TOKEN = "a-token-of-the-tests"


@pytest.fixture(autouse=True)
def _nothing_found_before(settings: Any) -> None:
    settings.METRICS_TOKEN = TOKEN
    metrics_view._facts.forget()


def read(client: Client) -> dict[str, dict[tuple[str, ...], float]]:
    """Every sample, by its name and the values of its labels."""
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(answer.content.decode()):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def test_without_a_token_of_the_site_there_is_nothing(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("given", ["", TOKEN, "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ключ"])
def test_without_the_right_token_nothing_is_told(client: Client, lines: Lines, given: str) -> None:
    answer = client.get("/metrics", headers={"Authorization": given})
    assert (answer.status_code, answer.content) == (401, b"")
    assert answer["WWW-Authenticate"] == "Bearer"
    assert lines("security")[-1]["event"] == "metrics.refused"


def test_answers_are_counted_by_route_and_class_of_status(client: Client) -> None:
    before = read(client).get("site_request_seconds_count", {})
    for path in ("/healthz", "/healthz", "/no/such/page/"):
        client.get(path)
    after = read(client)["site_request_seconds_count"]
    assert after["healthz", "2xx"] - before.get(("healthz", "2xx"), 0) == 2
    assert after["page", "4xx"] - before.get(("page", "4xx"), 0) == 1


def test_what_the_page_cache_does_and_what_is_refused_is_counted(client: Client) -> None:
    metrics.count_page_cache("hit")
    client.get("/metrics")
    found = read(client)
    assert found["site_page_cache_total"]["hit",] >= 1
    assert found["site_security_events_total"]["metrics.refused",] >= 1


def test_facts_of_the_state_are_numbers(client: Client) -> None:
    make_message(make_member(make_partner()).partner)
    found = read(client)
    assert found["site_outbox_waiting"][()] == 1
    assert found["site_up"]["database",] == 1
    assert found["site_migrations_waiting"][()] == 0
    assert found["site_alarm"]["DatabaseFails",] == 0
    assert found["site_alarm"]["BackupOld",] == 1  # there is none yet


def test_asked_again_at_once_the_database_is_left_alone(client: Client) -> None:
    read(client)
    with CaptureQueriesContext(connection) as asked:
        read(client)
    assert len(asked) == 0


def test_labels_are_few_whatever_is_asked_for(client: Client) -> None:
    for number in range(5):
        client.get(f"/partners/nobody-{number}/")
        client.get(f"/api/v1/verify/{number}/")
    routes = {route for route, _status in read(client)["site_request_seconds_count"]}
    assert not [route for route in routes if re.search(r"\d/|nobody", route)]


def test_counts_of_several_processes_are_added_up(tmp_path: Path) -> None:
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": f"site{os.pathsep}."}
    environment |= {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
    counting = "from operations import metrics; "
    for seconds in ("0.2", "0.3"):
        program = counting + f"metrics.observe('page', 200, {seconds})"
        subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, check=True)
    reading = "from prometheus_client import generate_latest; from operations.metrics import counts; "
    done = subprocess.run(
        [sys.executable, "-c", f"{counting}{reading}print(generate_latest(counts()).decode())"],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert 'site_request_seconds_count{route="page",status="2xx"} 2.0' in done.stdout
    assert 'site_request_seconds_sum{route="page",status="2xx"} 0.5' in done.stdout
