"""``make bench``: how fast the pages are, beside a bare Django view served the same way on the same machine.

Requests per second are given relative to the bare view, so that two machines may be compared; median and
99th percentile are milliseconds as the client sees them. ``SECONDS=`` and ``CLIENTS=`` change the load.
"""

from __future__ import annotations

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

SECONDS = float(os.environ.get("SECONDS", "5"))
CLIENTS = int(os.environ.get("CLIENTS", "4"))
WORKERS = 2
PAGES = {
    "home": "/",
    "level": "/levels/competency/",
    "terms": "/terms/",
    "benefits": "/benefits/",
    "API programme": "/api/v1/programme/",
}


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


def measure(address: str, path: str) -> Measured:
    """Loads an address from a few threads for a few seconds, after a short warming."""
    _load(address, path, SECONDS / 5)
    return _load(address, path, SECONDS)


def _load(address: str, path: str, seconds: float) -> Measured:
    times: list[float] = []
    started = time.perf_counter()
    clients = [
        threading.Thread(target=_client, args=(address, path, started + seconds, times)) for _number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return Measured(len(times) / (time.perf_counter() - started), times)


def _client(address: str, path: str, until: float, times: list[float]) -> None:
    host = urlsplit(address).netloc
    while (started := time.perf_counter()) < until:
        connection = HTTPConnection(host, timeout=30)  # a sync worker serves one request a connection
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
        times.append((time.perf_counter() - started) * 1000)


def main() -> None:
    """Loads a site, measures the bare view and each page, and prints a table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Loading a site…", flush=True)
        running_site.load(folder)
        print(f"gunicorn, {WORKERS} sync workers; {CLIENTS} clients, {SECONDS:g} s a page\n")
        print(f"{'page':<16}{'of bare':>9}{'per s':>9}{'median ms':>11}{'p99 ms':>9}", flush=True)
        with running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/") as address:
            bare = measure(address, "/")
        _print("bare view", bare, bare)
        with running_site.served(folder, workers=WORKERS, threads=1) as address:
            for title, path in PAGES.items():
                _print(title, measure(address, path), bare)


def _print(title: str, measured: Measured, bare: Measured) -> None:
    print(
        f"{title:<16}{measured.rate / bare.rate:>9.3f}{measured.rate:>9.0f}"
        f"{measured.median:>11.1f}{measured.slowest_hundredth:>9.1f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
