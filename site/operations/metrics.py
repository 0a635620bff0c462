"""What is counted while the site answers; ``metrics_view`` shows it to a Prometheus.

With several processes each writes its counts into ``PROMETHEUS_MULTIPROC_DIR`` (prometheus-client's own way). Every
metric has labels: one without would make a file for each command that runs. May not import models.
"""

from __future__ import annotations

import os
from functools import cache

from django.dispatch import receiver
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from operations.queries import slow_query
from tracing.events import security_event

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds

_requests = Histogram(
    "site_request_seconds", "Seconds until a request was answered", ["route", "status"], buckets=BUCKETS
)
_page_cache = Counter("site_page_cache", "Pages asked of the page cache, by what became of it", ["outcome"])
_security = Counter("site_security_events", "Events of the site's safety, by name", ["event"])
_slow = Counter("site_slow_queries", "Queries slower than SLOW_QUERY_MS", ["database"])


@cache
def _histogram(route: str, status: str) -> Histogram:
    return _requests.labels(route, status)


def observe(route: str, status: int, seconds: float) -> None:
    """Counts an answer by its route and the class of its status."""
    _histogram(route, f"{status // 100}xx").observe(seconds)


def count_page_cache(outcome: str) -> None:
    """Counts what the page cache did for a request: ``hit``, ``stale``, ``miss`` or ``bypass``."""
    _page_cache.labels(outcome).inc()


@receiver(security_event, dispatch_uid="operations.metrics")
def _count_event(event: str, **_: object) -> None:
    _security.labels(event).inc()


@receiver(slow_query, dispatch_uid="operations.metrics")
def _count_slow(database: str, **_: object) -> None:
    _slow.labels(database).inc()


def counts() -> CollectorRegistry:
    """The counts of every process of this host."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry
