"""``make bench``: how fast the engine quotes, and how fast the pages are beside a bare Django view on the same machine.

Requests per second are given relative to the bare view, so that two machines may be compared; median and
99th percentile are milliseconds as the client sees them. ``SECONDS=`` and ``CLIENTS=`` change the load, ``ONLY=quotes``
leaves the pages out.
"""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlsplit

from tests import running_site
from tests.bench import engine

SECONDS = float(os.environ.get("SECONDS", "5"))
CLIENTS = int(os.environ.get("CLIENTS", "4"))
WORKERS = 2
ONLY = os.environ.get("ONLY", "")
DEAL = {
    "level": "competency",
    "lines": [
        {"product": product, "quantity": 10}
        for product in ("asoft-crm", "asoft-crm-lite", "asoft-crm-callcentre", "asoft-crm-bank", "asoft-crm-realty")
    ],
    "client_discount": "15",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of the site again and again; with a body it is sent as JSON."""

    title: str
    path: str
    body: str | None = None


BARE = Asked("bare view", "/")
QUOTES = (
    Asked("API quote, 1 line", "/api/v1/quotes/", json.dumps({"level": "retail", "lines": DEAL["lines"][:1]})),
    Asked("API quote, 5 lines", "/api/v1/quotes/", json.dumps(DEAL)),
    Asked("calculator", "/calculator/"),
)
PAGES = (
    Asked("home", "/"),
    Asked("level", "/levels/competency/"),
    Asked("terms", "/terms/"),
    Asked("benefits", "/benefits/"),
    Asked("API programme", "/api/v1/programme/"),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What one address bore: requests per second, and how long each took in milliseconds."""

    rate: float
    milliseconds: list[float]

    @property
    def median(self) -> float:
        """The middle of all times."""
        return median(self.milliseconds)

    @property
    def slowest_hundredth(self) -> float:
        """The time that 99 of 100 requests stayed under."""
        return quantiles(self.milliseconds, n=100)[-1]


def measure(address: str, asked: Asked) -> Measured:
    """Asks a site from a few threads for a few seconds, after a short warming."""
    _load(address, asked, SECONDS / 5)
    return _load(address, asked, SECONDS)


def _load(address: str, asked: Asked, seconds: float) -> Measured:
    times: list[float] = []
    started = time.perf_counter()
    clients = [
        threading.Thread(target=_client, args=(address, asked, started + seconds, times)) for _number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return Measured(len(times) / (time.perf_counter() - started), times)


def _client(address: str, asked: Asked, until: float, times: list[float]) -> None:
    host = urlsplit(address).netloc
    method, headers = ("GET", {}) if asked.body is None else ("POST", {"Content-Type": "application/json"})
    while (started := time.perf_counter()) < until:
        connection = HTTPConnection(host, timeout=30)  # a sync worker serves one request a connection
        connection.request(method, asked.path, asked.body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{asked.path} answered {answer.status}")
        times.append((time.perf_counter() - started) * 1000)


def main() -> None:
    """Measures the engine; then loads a site, measures the bare view and each page, and prints a table."""
    engine.main()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Loading a site…", flush=True)
        running_site.load(folder)
        print(f"gunicorn, {WORKERS} sync workers; {CLIENTS} clients, {SECONDS:g} s a page\n")
        print(f"{'page':<20}{'of bare':>9}{'per s':>9}{'median ms':>11}{'p99 ms':>9}", flush=True)
        with running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/") as address:
            bare = measure(address, BARE)
        _print(BARE.title, bare, bare)
        with running_site.served(folder, workers=WORKERS, threads=1) as address:
            for asked in QUOTES if ONLY == "quotes" else (*PAGES, *QUOTES):
                _print(asked.title, measure(address, asked), bare)


def _print(title: str, measured: Measured, bare: Measured) -> None:
    print(
        f"{title:<20}{measured.rate / bare.rate:>9.3f}{measured.rate:>9.0f}"
        f"{measured.median:>11.1f}{measured.slowest_hundredth:>9.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
