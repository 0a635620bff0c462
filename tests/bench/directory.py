"""The directory at its sizes: the same pages at 1 000, 10 000 and 100 000 partners, each beside a bare Django view.

Every page is asked uncached (the page cache is off), by the clients and for the seconds of ``tests.bench``. The bare
view is measured again at each size, in the same minute. ``SIZES=1000,10000`` asks fewer.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from tests import running_site
from tests.bench.load import BARE, CLIENTS, SECONDS, WORKERS, Asked, measure, print_head, print_line

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,10000,100000").split(",")]


def main(folder: Path) -> None:
    """Adds partners to a loaded folder up to each size, measures, and says how the largest compares to the first."""
    medians: dict[str, list[float]] = {}
    loaded = 0
    for size in SIZES:
        running_site.manage(folder, "demo_partners", "--count", str(size - loaded), "--seed", str(size))
        loaded = size
        print(f"\n{size} partners; gunicorn, {WORKERS} sync workers; {CLIENTS} clients, {SECONDS:g} s a page")
        print_head()
        with running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/") as address:
            bare = measure(address, BARE)
        print_line(BARE.title, bare, bare)
        with running_site.served(folder, workers=WORKERS, threads=1) as address:
            for asked in _pages(address):
                measured = measure(address, asked)
                print_line(asked.title, measured, bare)
                medians.setdefault(asked.title, []).append(measured.median)
    _print_growth(medians)


def _pages(address: str) -> list[Asked]:
    with urlopen(f"{address}/api/v1/partners/?limit=1") as answer:  # noqa: S310 - our own server
        slug = json.load(answer)["results"][0]["slug"]
    return [
        Asked("first page", "/partners/"),
        Asked("two filters", "/partners/?region=77&level=competency"),
        Asked("text search", f"/partners/?q={quote('логистика')}"),
        Asked("one typo", f"/partners/?q={quote('логитсика')}"),
        Asked("near a city", "/partners/?near=kazan&sort=distance"),
        Asked("map", "/partners/?view=map"),
        Asked("profile", f"/partners/{slug}/"),
        Asked("API, facets", "/api/v1/partners/?limit=1"),
        Asked("API, 20 partners", "/api/v1/partners/?region=16"),
    ]


def _print_growth(medians: dict[str, list[float]]) -> None:
    print(f"\nmedian at {SIZES[-1]} partners, by the median at {SIZES[0]}")
    for title, found in medians.items():
        print(f"{title:<20}{found[-1] / found[0]:>9.2f}")
