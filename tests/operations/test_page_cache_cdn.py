"""A CDN keeps only what it can be told to forget, is told of it beside the request, and may be down."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from operations.page_cache import cdn
from program_pages.models import Level

from .conftest import Committed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_cache")]


class Cdn(ThreadingHTTPServer):
    """Takes PURGE and remembers of what; while ``status`` is another, it refuses."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Purged)
        self.purged: list[tuple[str, str]] = []
        self.status = 200
        self.answers = threading.Event()
        self.answers.set()


class Purged(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server: Cdn

    def do_PURGE(self) -> None:
        self.server.answers.wait(4)
        if self.server.status < 400:
            self.server.purged.append((self.headers["Host"], self.path))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


@pytest.fixture
def server(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cdn]:
    """A CDN on this machine that the site knows; every process has noticed what is new at once."""
    found = Cdn()
    thread = threading.Thread(target=found.serve_forever)
    thread.start()
    settings.CDN_SECONDS = 3600
    settings.WAGTAILFRONTENDCACHE = {
        "cdn": {
            "BACKEND": "operations.page_cache.cdn.PurgeBackend",
            "LOCATION": f"http://127.0.0.1:{found.server_address[1]}",
        }
    }
    monkeypatch.setattr("operations.page_cache.version.SETTLING_SECONDS", 0.0)
    yield found
    found.shutdown()
    thread.join()
    found.server_close()


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is purged but by the test."""
    monkeypatch.setattr(cdn, "purge_soon", lambda after=None: None)


@pytest.mark.usefixtures("by_hand")
class TestWhatItMayKeep:
    def test_pages_without_a_query_until_told(self, client: Client, server: Cdn) -> None:
        made = client.get("/faq/")
        assert made["X-Page-Cache"] == "miss"
        control, _comma, seconds = made["Cache-Control"].rpartition(", s-maxage=")
        assert (control, 580 < int(seconds) <= 600) == ("public, max-age=0, must-revalidate", True)
        assert client.get("/partners/?region=77")["Cache-Control"].endswith("s-maxage=0")
        assert "s-maxage" not in client.get("/verify/").get("Cache-Control", "")

    def test_for_a_day_at_most_until_told_again(self, client: Client, server: Cdn, settings: Any) -> None:
        settings.CDN_SECONDS = 60
        assert client.get("/faq/")["Cache-Control"].endswith("s-maxage=60")

    def test_nothing_is_said_of_it_where_there_is_none(self, client: Client) -> None:
        assert client.get("/faq/")["Cache-Control"] == "public, max-age=0, must-revalidate"


@pytest.mark.usefixtures("by_hand")
class TestWhatItIsTold:
    def test_whatever_it_may_have_and_once(self, client: Client, server: Cdn) -> None:
        for path in ("/faq/", "/en/faq/", "/faq/", "/partners/?region=77", "/partners/", "/verify/"):
            client.get(path)
        assert cdn.purge() == 3
        assert sorted(server.purged) == [("testserver", path) for path in ("/en/faq/", "/faq/", "/partners/")]
        assert cdn.purge() == 0

    def test_what_it_refused_is_told_again(self, client: Client, server: Cdn) -> None:
        client.get("/faq/")
        server.status = 503
        with pytest.raises(ConnectionError):
            cdn.purge()
        server.status = 404  # as of what it does not have
        assert cdn.purge() == 1

    def test_by_the_command_too(self, client: Client, server: Cdn) -> None:
        client.get("/faq/")
        out = StringIO()
        call_command("forget_pages", stdout=out)
        assert "1 address" in out.getvalue()
        assert server.purged == [("testserver", "/faq/")]
        assert client.get("/faq/")["X-Page-Cache"] == "miss"


class TestWhoeverRecordsSomething:
    def test_does_not_wait_for_it(
        self, client: Client, server: Cdn, committed: Committed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cdn.random, "random", lambda: 0.0)
        client.get("/faq/")
        server.answers.clear()
        with committed():
            Level.objects.filter(slug="retail").update(colour="#123456")
        assert not server.purged
        server.answers.set()
        _until(lambda: bool(server.purged))
        assert server.purged == [("testserver", "/faq/")]

    def test_does_not_hear_that_it_is_down(
        self, client: Client, server: Cdn, committed: Committed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cdn, "AGAIN_SECONDS", 0.2)
        client.get("/faq/")
        server.status = 500
        with committed():
            Level.objects.filter(slug="retail").update(colour="#123456")
        assert client.get("/faq/").status_code == 200
        time.sleep(1.2)
        assert not server.purged
        server.status = 200
        _until(lambda: bool(server.purged))


def _until(holds: Any) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)
