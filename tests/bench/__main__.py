"""``make bench``: how fast the engine quotes, and how fast the pages are beside a bare Django view on the same machine.

Requests per second are given relative to the bare view, so that two machines may be compared; median and
99th percentile are milliseconds as the client sees them. ``SECONDS=`` and ``CLIENTS=`` change the load; ``ONLY=quotes``
leaves the pages out, ``ONLY=directory`` measures the directory at its sizes, ``ONLY=badges`` badges and kits,
``ONLY=impact`` the rehearsal of a draft edition, ``ONLY=page_cache`` pages from the page cache.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from tests import running_site
from tests.bench import badges, directory, engine, impact, page_cache
from tests.bench.load import BARE, CLIENTS, SECONDS, WORKERS, Asked, measure, print_head, print_line

ONLY = os.environ.get("ONLY", "")
PARTS = {"directory": directory.main, "badges": badges.main, "impact": impact.main, "page_cache": page_cache.main}
DEAL = {
    "level": "competency",
    "lines": [
        {"product": product, "quantity": 10}
        for product in ("asoft-crm", "asoft-crm-lite", "asoft-crm-callcentre", "asoft-crm-bank", "asoft-crm-realty")
    ],
    "client_discount": "15",
}


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


def main() -> None:
    """Loads a site and measures what was asked for: the directory, badges, or the engine and the pages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if ONLY not in PARTS:
            engine.main()
        print("Loading a site…", flush=True)
        running_site.load(folder)
        if ONLY in PARTS:
            PARTS[ONLY](folder)
        else:
            _pages(folder)


def _pages(folder: Path) -> None:
    print(f"gunicorn, {WORKERS} sync workers; {CLIENTS} clients, {SECONDS:g} s a page\n")
    print_head()
    with running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/") as address:
        bare = measure(address, BARE)
    print_line(BARE.title, bare, bare)
    with running_site.served(folder, workers=WORKERS, threads=1) as address:
        for asked in QUOTES if ONLY == "quotes" else (*PAGES, *QUOTES):
            print_line(asked.title, measure(address, asked), bare)


if __name__ == "__main__":
    main()
