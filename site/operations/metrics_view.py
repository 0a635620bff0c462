"""The address at which a Prometheus reads what was counted, and the facts of ``state`` that are numbers.

May not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from time import monotonic

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from operations import state
from operations.metrics import counts
from tracing.events import security

FACTS_KEPT = 10.0  # seconds that a process answers from the facts it found last


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The metrics, for whoever brings ``METRICS_TOKEN``; where there is none, there is nothing at this address."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        security("metrics.refused")
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED, headers={"WWW-Authenticate": "Bearer"})
    facts = CollectorRegistry()
    facts.register(_facts)
    return HttpResponse(generate_latest(counts()) + generate_latest(facts), content_type=CONTENT_TYPE_LATEST)


class Facts(Collector):
    """The facts of ``state`` that are numbers, and how many of each section are wrong."""

    def __init__(self) -> None:
        self.found: list[GaugeMetricFamily] = []
        self.found_at = float("-inf")

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What was found in the last ``FACTS_KEPT`` seconds."""
        if monotonic() - self.found_at > FACTS_KEPT:
            self.found, self.found_at = list(_families(state.gathered())), monotonic()
        yield from self.found

    def forget(self) -> None:
        """Lets the next answer ask anew."""
        self.found_at = float("-inf")


_facts = Facts()


def _families(sections: list[state.Section]) -> Iterator[GaugeMetricFamily]:
    families: dict[str, GaugeMetricFamily] = {}
    for fact in (fact for section in sections for fact in section.facts):
        for gauge in fact.gauges:
            if gauge.name not in families:
                families[gauge.name] = GaugeMetricFamily(gauge.name, gauge.said, labels=list(gauge.labels))
            families[gauge.name].add_metric(list(gauge.labels.values()), gauge.value)
    yield from families.values()
    alarms = GaugeMetricFamily("site_alarm", "Whether an alarm rings: 1 where it does", labels=["alarm"])
    ringing = {fact.alarm for section in sections for fact in section.facts if fact.is_wrong}
    for alarm in state.ADVICE:
        alarms.add_metric([alarm], float(alarm in ringing))
    yield alarms
