"""Asks a site from a few threads, and says how much it bore beside a bare view (``SECONDS=``, ``CLIENTS=``).

A machine does other things as well, and its cores run unevenly: where a ratio is to be kept, page and bare view are
asked in turn, round by round (``ROUNDS=``), and the middle one of the ratios is told.
"""

from __future__ import annotations

import os
import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from itertools import cycle
from statistics import median, quantiles
from urllib.parse import urlsplit

SECONDS = float(os.environ.get("SECONDS", "5"))
CLIENTS = int(os.environ.get("CLIENTS", "4"))
ROUNDS = int(os.environ.get("ROUNDS", "5"))
WORKERS = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing asked of the site again and again, or several in turn; with a body it is sent as JSON."""

    title: str
    path: str
    body: str | None = None
    others: tuple[str, ...] = ()


BARE = Asked("bare view", "/")


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


def measure(address: str, asked: Asked, count: int = CLIENTS) -> Measured:
    """Asks a site from a few threads for a few seconds, after a short warming."""
    _load(address, asked, SECONDS / 5, count)
    return _load(address, asked, SECONDS, count)


@dataclass(frozen=True, slots=True)
class Rounds:
    """A page and the bare view, asked in turn."""

    of_page: list[Measured]
    of_bare: list[Measured]

    @property
    def ratios(self) -> list[float]:
        """The page's rate by the bare view's in each round, from the lowest to the highest."""
        return sorted(page.rate / bare.rate for page, bare in zip(self.of_page, self.of_bare, strict=True))

    @property
    def all_of_page(self) -> Measured:
        """The page as if it had been asked in one go."""
        times = [each for page in self.of_page for each in page.milliseconds]
        return Measured(median(page.rate for page in self.of_page), times)


def in_turn(bare_address: str, address: str, asked: Asked, count: int = CLIENTS) -> Rounds:
    """Asks the bare view and a page in turn."""
    rounds = [(measure(address, asked, count), measure(bare_address, BARE, count)) for _round in range(ROUNDS)]
    return Rounds([page for page, _bare in rounds], [bare for _page, bare in rounds])


def _load(address: str, asked: Asked, seconds: float, count: int) -> Measured:
    times: list[float] = []
    started = time.perf_counter()
    clients = [
        threading.Thread(target=_client, args=(address, asked, started + seconds, times)) for _number in range(count)
    ]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return Measured(len(times) / (time.perf_counter() - started), times)


def _client(address: str, asked: Asked, until: float, times: list[float]) -> None:
    host = urlsplit(address).netloc
    method, headers = ("GET", {}) if asked.body is None else ("POST", {"Content-Type": "application/json"})
    paths = cycle((asked.path, *asked.others))
    while (started := time.perf_counter()) < until:
        connection = HTTPConnection(host, timeout=30)  # a sync worker serves one request a connection
        path = next(paths)
        connection.request(method, path, asked.body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"{path} answered {answer.status}")
        times.append((time.perf_counter() - started) * 1000)


def print_head() -> None:
    """The columns of a table of measurements."""
    print(f"{'page':<20}{'of bare':>9}{'per s':>9}{'median ms':>11}{'p99 ms':>9}", flush=True)


def print_line(title: str, measured: Measured, bare: Measured) -> None:
    """One measurement, relative to the bare view's."""
    print(
        f"{title:<20}{measured.rate / bare.rate:>9.3f}{measured.rate:>9.0f}"
        f"{measured.median:>11.1f}{measured.slowest_hundredth:>9.1f}",
        flush=True,
    )
