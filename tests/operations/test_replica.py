"""A replica is read for strangers' pages alone, never behind a write, never written to, and can be done without.

On a real primary with a standby that streams from it, asked by two processes that share nothing but these and a cache.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpResponse
from django.test import RequestFactory

from operations import replica
from program_pages.models import Level
from tests.servers import Cluster, primary_and_standby, wait_for

from .replica_site import LAG

ROOT = Path(__file__).resolve().parents[2]


class Process:
    """One of the site's processes."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "tests.operations.replica_site", *arguments]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, view: str, **asked: Any) -> dict[str, Any]:
        """What a view answers."""
        assert self.process.stdin
        assert self.process.stdout
        print(json.dumps({"view": view, **asked}), file=self.process.stdin, flush=True)
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def reads(self, view: str = "read", **asked: Any) -> str:
        """Which database a page was read from."""
        return str(self.ask(view, **asked)["where"])

    def end(self) -> None:
        self.process.kill()
        self.process.communicate()


@dataclass
class Site:
    primary: Cluster
    standby: Cluster
    one: Process
    two: Process

    def settle(self) -> None:
        """Waits until nothing has been written for a while and the replica has it all."""
        time.sleep(LAG)
        wait_for("the replica to catch up", lambda: self.one.reads() == self.two.reads() == "replica")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    cache = f"filecache://{tmp_path_factory.mktemp('cache')}"
    with primary_and_standby() as (primary, standby):
        processes = [Process(primary.url(), standby.url(), cache) for _ in range(2)]
        try:
            processes[0].ask("create", method="POST")
            yield Site(primary, standby, *processes)
        finally:
            for process in processes:
                process.end()


@pytest.fixture
def site(whole: Site) -> Site:
    whole.settle()
    return whole


def test_strangers_pages_are_read_from_the_replica_and_nothing_else_is(site: Site) -> None:
    assert site.one.reads() == "replica"
    assert site.one.reads("en/read") == "replica"
    assert site.one.reads(method="POST") == "primary"
    assert site.one.reads(session=True) == "primary"
    assert site.one.reads("admin/read") == "primary"
    assert site.one.reads("en/portal/read") == "primary"
    assert site.one.reads("inside") == "primary"


def test_whoever_has_written_and_every_other_process_see_it(site: Site) -> None:
    before = site.two.ask("read")["rows"]
    written = site.one.ask("write")

    assert written == {"where": "primary", "rows": before + 1}
    assert site.two.ask("read") == written
    site.settle()
    assert site.two.ask("read") == {"where": "replica", "rows": before + 1}


def test_a_replica_that_lags_is_not_read_however_long_it_takes(site: Site) -> None:
    site.standby.execute("SELECT pg_wal_replay_pause()")
    try:
        rows = site.one.ask("write", method="POST")["rows"]
        time.sleep(2 * LAG)

        assert site.two.ask("read") == {"where": "primary", "rows": rows}
    finally:
        site.standby.execute("SELECT pg_wal_replay_resume()")
    site.settle()
    assert site.two.ask("read") == {"where": "replica", "rows": rows}


def test_rows_from_the_replica_are_saved_to_the_primary(site: Site) -> None:
    site.one.ask("write", method="POST")
    site.settle()

    assert site.one.ask("change") == {"came_from": "replica", "went_to": "default"}


def test_the_server_refuses_what_is_written_to_a_replica_by_mistake(site: Site) -> None:
    assert "read-only transaction" in site.one.ask("forced", method="POST")["refused"]


def test_a_page_under_which_the_replica_fails_is_made_from_the_primary(site: Site) -> None:
    assert site.one.reads("broken") == "primary"
    site.settle()
    assert site.one.reads() == "replica"


def test_without_the_replica_pages_go_on_and_it_is_used_again_once_it_is_back(site: Site) -> None:
    site.standby.stop()
    try:
        assert [site.one.reads() for _ in range(3)] == ["primary"] * 3
        rows = site.one.ask("write", method="POST")["rows"]
    finally:
        site.standby.start()
    site.settle()
    assert site.two.ask("read") == {"where": "replica", "rows": rows}


# --- Without servers ---


def test_a_site_without_a_replica_does_without_all_of_this() -> None:
    with pytest.raises(MiddlewareNotUsed):
        replica.ReplicaMiddleware(lambda _request: HttpResponse())


def test_while_the_cache_is_down_nobody_knows_what_was_written_and_the_primary_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Down:
        def get(self, *_: Any) -> Any:
            raise ConnectionError

    monkeypatch.setattr(replica, "caches", {replica.LIMITS: Down()})

    assert replica.replica_is_fit() is False


def test_nothing_is_ever_written_or_migrated_to_the_replica() -> None:
    router = replica.Router()
    token = replica._reads_replica.set(True)
    try:
        row = Level()
        row._state.db = replica.REPLICA
        assert router.db_for_write(Level) == router.db_for_write(Level, instance=row) == "default"
    finally:
        replica._reads_replica.reset(token)
    assert router.allow_migrate(replica.REPLICA, "program_pages") is False
    assert router.allow_migrate("default", "program_pages") is None


def test_rows_of_another_database_are_left_to_it() -> None:
    row = SimpleNamespace(_state=SimpleNamespace(db="elsewhere"))

    assert replica.Router().db_for_read(Level, instance=row) is None
    assert replica.Router().db_for_write(Level, instance=row) is None
    assert replica.Router().allow_relation(row, Level()) is None


@pytest.mark.django_db
def test_whoever_keeps_pages_for_others_reads_the_primary() -> None:
    token = replica._reads_replica.set(True)
    try:
        # The test itself runs in a transaction, where everything is read from the primary.
        assert not replica.reads_may_lag()
        with replica.from_the_primary():
            assert not replica._reads_replica.get()
        assert replica._reads_replica.get()
    finally:
        replica._reads_replica.reset(token)


@pytest.mark.parametrize(
    ("path", "public"),
    [
        ("/", True),
        ("/en/", True),
        ("/partners/", True),
        ("/en/levels/retail/", True),
        ("/api/v1/partners/", True),
        ("/portal/", False),
        ("/en/portal/", False),
        ("/en/account/login/", False),
        ("/admin/pages/", False),
        ("/client/review/", False),
        ("/readyz", False),
    ],
)
def test_only_public_pages_are(path: str, *, public: bool) -> None:
    assert replica.is_for_strangers(RequestFactory().get(path)) is public
    assert not replica.is_for_strangers(RequestFactory().post(path))
