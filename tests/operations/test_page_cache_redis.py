"""The page cache before a real Redis: two processes, one change, one making; and Redis stopped and started again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config.settings import engines
from operations.page_cache.middleware import PageCacheMiddleware
from operations.page_cache.store import Store
from operations.page_cache.version import Versions
from tests.servers import RedisServer, redis_server

STATE = "X-Page-Cache"


@pytest.fixture
def redis(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        settings.PAGE_CACHE_SECONDS = 600
        settings.CACHES = {**settings.CACHES, "pages": engines.caches(server.url)["pages"]}
        yield server


def test_two_processes_know_the_same_and_go_on_without_it(redis: RedisServer) -> None:
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
