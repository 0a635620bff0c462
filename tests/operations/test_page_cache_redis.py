"""The page cache before a real Redis: two processes, one change, one making; and Redis stopped and started again."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from operations.page_cache.middleware import PageCacheMiddleware
from operations.page_cache.store import Store
from operations.page_cache.version import Versions

pytestmark = pytest.mark.skipif(not shutil.which("redis-server"), reason="needs Redis: apt-get install redis-server")

STATE = "X-Page-Cache"


class Redis:
    """A Redis of this test alone, on a free port, that keeps nothing."""

    def __init__(self) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Starts, and waits until it answers."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Is gone at once."""
        self.process.kill()
        self.process.wait()


@pytest.fixture
def redis(settings: Any) -> Iterator[Redis]:
    server = Redis()
    server.start()
    settings.PAGE_CACHE_SECONDS = 600
    backend = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "KEY_PREFIX": "pages"}
    settings.CACHES = {**settings.CACHES, "pages": {**backend, "LOCATION": f"redis://127.0.0.1:{server.port}/0"}}
    yield server
    server.stop()


def test_two_processes_know_the_same_and_go_on_without_it(redis: Redis) -> None:
    made: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        made.append("")
        mine = len(made)
        time.sleep(0.1)
        return HttpResponse(f"page {mine}")

    sites: Any = [PageCacheMiddleware(view, versions=Versions(), store=Store()) for _process in range(2)]
    asked = RequestFactory().get("/page/")
    assert [site(asked)[STATE] for site in sites] == ["miss", "hit"]

    sites[0].versions.move_on()
    found: list[Any] = []
    crowd = [threading.Thread(target=lambda site=site: found.append(site(asked))) for site in sites * 5]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert len(made) == 2
    assert [site(asked).content for site in sites] == [b"page 2", b"page 2"]

    redis.stop()
    assert [site(asked).content for site in sites] == [b"page 3", b"page 4"]
    redis.start()
    latest = [site(asked) for site in sites * 2][-2:]
    assert [response[STATE] for response in latest] == ["hit", "hit"]
    assert {response.content for response in latest} == {f"page {len(made)}".encode()}
