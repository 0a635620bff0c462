"""A cache on a real Redis: shared by processes; pages go on without it, and limits know that it is gone."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test import Client, RequestFactory, override_settings
from redis.exceptions import RedisError

from config.settings import engines
from operations import caches as shared
from partner_directory import limits
from tests.servers import RedisServer, redis_server

ROOT = Path(__file__).resolve().parents[2]
COUNTING = """
import sys
sys.path[:0] = ["site", "."]
from django.conf import settings
from config.settings import engines
settings.configure(CACHES=engines.caches(sys.argv[1]))
from django.core.cache import caches
cache = caches["limits"]
for _ in range(500):
    cache.add("counted", 0, timeout=60)
    cache.incr("counted")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def on_redis(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisServer]:
    """The site's caches stand on the server, which runs again afterwards."""
    monkeypatch.setattr(shared, "_outages", {})
    with override_settings(CACHES=engines.caches(server.url)):
        caches["default"].clear()
        yield server
        caches["default"].close()
    if server.process is None:
        server.start()


def test_what_is_kept_comes_back_as_it_was(on_redis: RedisServer) -> None:
    cache = caches["default"]
    cache.set("page", {"words": "Привет", "size": 3, "raw": b"\0\xff"}, timeout=60)
    cache.set_many({"a": 1, "b": None})

    assert cache.get("page") == {"words": "Привет", "size": 3, "raw": b"\0\xff"}
    assert cache.get_many(["a", "b", "c"]) == {"a": 1, "b": None}
    assert cache.get_or_set("made", lambda: 7) == 7
    assert cache.add("made", 8) is False
    assert cache.delete("made") is True


def test_the_backend_is_djangos_own(on_redis: RedisServer) -> None:
    assert isinstance(caches["default"], RedisCache)
    assert isinstance(caches["limits"], RedisCache)


def test_pages_and_limits_share_a_server_and_no_name(on_redis: RedisServer) -> None:
    caches["default"].set("same", "page")

    assert caches["limits"].get("same") is None


def test_two_processes_count_together(on_redis: RedisServer) -> None:
    both = [subprocess.Popen([sys.executable, "-c", COUNTING, on_redis.url], cwd=ROOT) for _ in range(2)]

    assert [process.wait(60) for process in both] == [0, 0]
    assert caches["limits"].get("counted") == 1000


def test_what_is_counted_is_forgotten_in_time(on_redis: RedisServer) -> None:
    cache = caches["limits"]
    cache.add("minute", 0, timeout=1)
    cache.incr("minute")
    time.sleep(1.1)

    assert cache.get("minute") is None
    assert cache.add("minute", 0, timeout=1) is True


def test_a_visitor_is_limited_across_processes(on_redis: RedisServer, rf: RequestFactory) -> None:
    request = rf.get("/api/v1/verify/x/")
    for _ in range(3):
        limits.count(request, "api", 3)

    with pytest.raises(limits.TooOften):
        limits.count(request, "api", 3)


# --- Without it ---


def test_without_it_nothing_is_known_and_nothing_is_raised(on_redis: RedisServer) -> None:
    on_redis.stop()
    cache = caches["default"]

    assert cache.get("page", "nothing") == "nothing"
    assert cache.get_or_set("page", lambda: "made") == "made"
    assert (cache.add("a", 1), cache.delete("a"), cache.touch("a"), cache.has_key("a")) == (False,) * 4
    assert cache.get_many(["a"]) == {}
    assert cache.set_many({"a": 1}) == ["a"]
    cache.set("a", 1)
    cache.delete_many(["a"])
    with pytest.raises(ValueError, match="not found"):
        cache.incr("a")


def test_limits_are_told_that_it_is_gone(on_redis: RedisServer) -> None:
    on_redis.stop()

    with pytest.raises(RedisError):
        caches["limits"].incr("attempts")
    assert shared.cache_is_alive() is False


@pytest.mark.django_db
def test_pages_go_on_without_it_and_the_site_is_not_ready(on_redis: RedisServer, client: Client) -> None:
    on_redis.stop()

    assert client.get("/partners/").status_code == 200
    assert client.get("/verify/").status_code == 200
    assert client.get("/readyz").json()["checks"]["cache"] == "failed"


def test_it_is_missed_once_in_the_log_and_used_again_once_it_is_back(
    on_redis: RedisServer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared, "SECONDS_LEFT_ALONE", 0.2)
    cache = caches["default"]
    on_redis.stop()
    with caplog.at_level(logging.WARNING):
        for _ in range(20):
            cache.get("page")
        assert cache.is_down
        on_redis.start()
        time.sleep(0.25)
        cache.set("page", "again")

    assert cache.get("page") == "again"
    assert not cache.is_down
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert shared.cache_is_alive() is True


def test_a_server_that_was_restarted_is_asked_again_at_once(on_redis: RedisServer) -> None:
    cache = caches["limits"]
    cache.set("before", 1)
    on_redis.stop()
    on_redis.start()

    cache.set("after", 2)

    assert cache.get("after") == 2


def test_a_silent_server_is_waited_for_once(on_redis: RedisServer) -> None:
    assert on_redis.process
    cache = caches["default"]
    cache.get("page")
    os.kill(on_redis.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        for _ in range(50):
            cache.get("page")
        waited = time.monotonic() - began
    finally:
        os.kill(on_redis.process.pid, signal.SIGCONT)

    assert waited < 4 * shared.SECONDS_TO_ANSWER


def test_one_variable_names_the_server() -> None:
    found = engines.caches("rediss://:word@host:6380/2?key_prefix=site&socket_timeout=2")

    assert found["default"]["LOCATION"] == "rediss://:word@host:6380/2"
    assert found["default"]["KEY_PREFIX"] == "site"
    assert [found[alias]["KEY_PREFIX"] for alias in ("limits", "pages")] == ["sitelimits", "sitepages"]
    assert json.dumps(found["default"]["OPTIONS"]) == '{"socket_timeout": 2}'
    assert engines.caches("valkey://host/1")["default"]["LOCATION"] == "redis://host/1"


def test_kept_pages_have_a_folder_of_their_own(tmp_path: Path) -> None:
    found = engines.caches(f"filecache://{tmp_path}")

    assert found["pages"]["LOCATION"] == f"{found['limits']['LOCATION']}/pages" == f"{tmp_path}/pages"
