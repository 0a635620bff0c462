"""Reports of errors: sent by one variable alone, and with nothing in them of whoever met the error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import sentry_sdk
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from django.test import Client, RequestFactory
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport

from operations import error_reports
from tests.factories.portal import make_person
from tests.running_site import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.operations.failing_urls")]

DSN = "https://public@reports.example.org/1"
SECRET, PASSWORD, COOKIE, EMAIL = "f" * 64, "a-long-password-of-ours", "a-cookie-of-ours", "somebody@example.org"


class Kept(Transport):
    """Sends nothing: keeps what would have left."""

    sent: list[dict[str, Any]] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        self.sent += [item.payload.json for item in envelope.items if item.payload.json]


@pytest.fixture
def reports() -> Iterator[list[dict[str, Any]]]:
    """What would have been sent, while reports are on; afterwards they are off again."""
    Kept.sent = []
    before = sentry_sdk.get_global_scope().client
    error_reports.start(DSN, release="2026.11", environment="tests", transport=Kept)
    yield Kept.sent
    sentry_sdk.get_client().close()
    sentry_sdk.get_global_scope().set_client(before)


def test_a_report_says_where_it_failed_and_nothing_of_who_asked(reports: list[dict[str, Any]]) -> None:
    client = Client()
    client.force_login(make_person(email=EMAIL, password=PASSWORD))
    session = client.cookies["sessionid"].value
    sent = RequestFactory().post(
        f"/sealed/{SECRET}/?token=a-token-of-ours",
        {"password": PASSWORD, "login": EMAIL},
        headers={
            "Authorization": f"Bearer {SECRET}",
            "Referer": f"https://x.example/{SECRET}",
            "Cookie": f"sessionid={session}; own={COOKIE}",
        },
        REMOTE_ADDR="203.0.113.7",
    )
    headers: dict[str, str] = {}
    # As a server calls it: that is where the library looks at requests. The connection is the test's own.
    request_started.disconnect(close_old_connections)
    try:
        WSGIHandler()(sent.environ, lambda _status, given, *_: headers.update(given))
    finally:
        request_started.connect(close_old_connections)
    (report,) = reports
    (error,) = report["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "nobody expected this")
    assert error["stacktrace"]["frames"][-1]["function"] == "fails"
    assert report["release"] == "2026.11"
    assert report["tags"]["request_id"] == headers["X-Request-ID"]
    assert report["transaction"] == "/sealed/{secret}/"
    assert report["request"] == {"method": "POST"}
    text = json.dumps(report)
    for secret in (SECRET, PASSWORD, COOKIE, EMAIL, "a-token-of-ours", "203.0.113.7", session):
        assert secret not in text


def test_what_an_error_says_is_masked(reports: list[dict[str, Any]]) -> None:
    sentry_sdk.capture_exception(ValueError(f"Key (email)=({EMAIL}) already exists: /portal/invitation/{SECRET}/"))
    (report,) = reports
    assert EMAIL not in json.dumps(report)
    assert SECRET not in json.dumps(report)
    assert "already exists" in report["exception"]["values"][0]["value"]


def test_without_the_variable_nothing_is_even_imported() -> None:
    program = "import sys; from config.settings import base; print('sentry_sdk' in sys.modules)"
    environment = {name: value for name, value in os.environ.items() if name != "SENTRY_DSN"}
    environment |= {"PYTHONPATH": f"site{os.pathsep}.", "SENTRY_DSN": ""}
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
