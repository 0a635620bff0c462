"""The whole table: each kind of page, kept and found anew, asked by one client and by eight, on one engine.

Of each page: requests per second beside a bare Django view asked in turn with it, how long it took, how many queries it
asked, and its bytes over the wire. ``python -m tests.bench.table FOLDER ENGINE FILE`` loads a site into a folder and
writes what it bore as JSON; ``tests.bench.report`` puts tables into ``docs/performance.md``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

from tests import running_site
from tests.bench.load import WORKERS, Asked, Rounds, in_turn
from tests.servers import redis_server

CLIENTS = (1, 8)
HAS_REDIS = shutil.which("redis-server") is not None
DEAL = {"level": "competency", "lines": [{"product": "asoft-crm", "quantity": 10}], "client_discount": "15"}
FIRST_DAY, DAYS = date(2026, 1, 1), 60
PROBE = "/"


@dataclass(frozen=True, slots=True)
class Way:
    """A way of serving: its name in the table, the environment that makes it so, and the pages that are asked in it.

    Pages that are not kept are found anew beside what stands around them; of a badge nothing at all is kept.
    """

    name: str
    environment: Mapping[str, str]
    titles: frozenset[str]


PAGES = frozenset({"home", "level", "directory", "filtered", "search", "profile", "calculator", "quote API", "verify"})
WAYS = (
    Way("kept", {"PAGE_CACHE_SECONDS": "600"}, PAGES | {"live badge"}),
    Way("anew", {}, PAGES),
    Way("anew", {"GROUND_SECONDS": "0"}, frozenset({"live badge"})),
)


@dataclass(frozen=True, slots=True)
class Bore:
    """What a page bore from some clients: its part of the bare view's rate; milliseconds: median, 99th percentile."""

    share: float
    median: float
    slowest_hundredth: float


@dataclass(frozen=True, slots=True)
class Row:
    """A page in one way of serving it, by the number of clients; ``size`` in bytes over the wire, compressed."""

    page: str
    way: str
    bore: Mapping[str, Bore]
    queries: int
    size: int


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of an engine, the megabytes of its largest process, the seconds until a server first answered."""

    engine: str
    rows: list[Row]
    megabytes: float
    seconds_to_start: float
    bare_rates: Mapping[str, float]


def measured(folder: Path, engine: str) -> Table:
    """Measures a loaded site, and prints each row as it comes."""
    rows: list[Row] = []
    rates: dict[str, list[float]] = {str(count): [] for count in CLIENTS}
    megabytes = seconds = 0.0
    with (
        _cache(folder) as cache,
        running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe=PROBE) as bare_address,
    ):
        for way in WAYS:
            environment = {"CACHE_URL": cache, **way.environment}
            started = time.monotonic()
            with running_site.served(folder, workers=WORKERS, threads=1, probe=PROBE, **environment) as address:
                seconds = max(seconds, time.monotonic() - started)
                asked = [page for page in _pages(address, way) if page.title in way.titles]
                queries = _queries(folder, asked, environment)
                for page in asked:
                    bore = {}
                    for count in CLIENTS:
                        rounds = in_turn(bare_address, address, page, count)
                        rates[str(count)] += [bare.rate for bare in rounds.of_bare]
                        bore[str(count)] = _bore(rounds)
                    rows.append(Row(page.title, way.name, bore, queries[page.title], _size(address, page)))
                    print(_line(rows[-1]), flush=True)
                megabytes = max([megabytes, *running_site.megabytes(address)])
    return Table(engine, rows, megabytes, seconds, {count: mean(found) for count, found in rates.items()})


@contextmanager
def _cache(folder: Path) -> Iterator[str]:
    """What both processes keep and count in: Redis, as the example deployment has it, where it is installed."""
    if not HAS_REDIS:
        yield f"filecache://{folder / 'cache'}?max_entries=10000"
        return
    with redis_server(folder / "redis") as server:
        yield server.url


def _bore(rounds: Rounds) -> Bore:
    return Bore(median(rounds.ratios), rounds.all_of_page.median, rounds.all_of_page.slowest_hundredth)


def _line(row: Row) -> str:
    bore = "".join(f"{it.share:>9.3f}{it.median:>8.1f}{it.slowest_hundredth:>8.1f}" for it in row.bore.values())
    return f"{row.page:<12}{row.way:<6}{bore}{row.queries:>5}{row.size:>8}"


def _pages(address: str, way: Way) -> list[Asked]:
    slug = _sample(address)
    code = re.findall(r"/verify/(\w+)/", _text(f"{address}/partners/{slug}/"))[0]
    days = [FIRST_DAY + timedelta(days=number) for number in range(DAYS)]
    # A verification is kept beside the page cache, too: only another day is found anew.
    verify = [f"/verify/{code}/?on={day}" for day in days] if way.name == "anew" else [f"/verify/{code}/"]
    return [
        Asked("home", "/"),
        Asked("level", "/levels/competency/"),
        Asked("directory", "/partners/"),
        Asked("filtered", "/partners/?region=77&level=competency"),
        Asked("search", f"/partners/?q={quote('логистика')}"),
        Asked("profile", f"/partners/{slug}/"),
        Asked("calculator", "/calculator/"),
        Asked("quote API", "/api/v1/quotes/", json.dumps(DEAL)),
        Asked("verify", verify[0], others=tuple(verify[1:])),
        Asked("live badge", f"/badges/{code}.svg"),
    ]


def _sample(address: str) -> str:
    """A partner that holds a level, and so a badge: the first of the directory."""
    slug: str = json.loads(_text(f"{address}/api/v1/partners/?limit=1"))["results"][0]["slug"]
    return slug


def _text(url: str) -> str:
    with urlopen(url) as answer:  # noqa: S310 - our own server
        return str(answer.read().decode())


def _queries(folder: Path, pages: Iterable[Asked], environment: Mapping[str, str]) -> dict[str, int]:
    file = folder / "queries.json"
    file.write_text(json.dumps({page.title: [page.path, page.body] for page in pages}))
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings.e2e", **environment}
    running_site.manage(folder, "tests.bench.queries", str(file), program="-m", **settings)
    counted: dict[str, int] = json.loads(file.read_text())
    return counted


def _size(address: str, page: Asked) -> int:
    headers = {"Accept-Encoding": "br, gzip", "Content-Type": "application/json"}
    request = Request(address + page.path, page.body.encode() if page.body else None, headers)  # noqa: S310 - our own
    with urlopen(request) as answer:  # noqa: S310
        return len(answer.read())


def read(found: dict[str, Any]) -> Table:
    """A table as it was written."""
    rows = [
        Row(**{**row, "bore": {count: Bore(**bore) for count, bore in row["bore"].items()}}) for row in found["rows"]
    ]
    return Table(**{**found, "rows": rows})


def main(folder: Path, engine: str, file: Path) -> None:
    """Loads a site in a folder, on the database that the environment names or on SQLite, and measures it."""
    if database := os.environ.pop("DATABASE_URL", ""):
        os.environ["BENCH_DATABASE_URL"] = database
    running_site.load(folder)
    file.write_text(json.dumps(asdict(measured(folder, engine))))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
