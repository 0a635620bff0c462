"""``make bench``: how fast the engine quotes, and how fast the pages are beside a bare Django view on the same machine.

Requests per second are given relative to the bare view, so that two machines may be compared; median and
99th percentile are milliseconds as the client sees them. ``SECONDS=`` changes the load. The whole table, on SQLite and
on PostgreSQL where there is one, is written into ``docs/performance.md``. ``ONLY=quotes`` measures the calculator's
answers alone, ``ONLY=directory`` the directory at its sizes, ``ONLY=badges`` badges and kits, ``ONLY=impact`` the
rehearsal of a draft edition, ``ONLY=page_cache`` pages from the page cache, ``ONLY=paint`` what a visitor with a slow
telephone sees; ``CLIENTS=`` changes their load.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import running_site
from tests.bench import badges, directory, engine, impact, page_cache, paint, report, table
from tests.bench.load import BARE, CLIENTS, SECONDS, WORKERS, Asked, measure, print_head, print_line

ONLY = os.environ.get("ONLY", "")
PARTS = {
    "directory": directory.main,
    "badges": badges.main,
    "impact": impact.main,
    "page_cache": page_cache.main,
    "paint": paint.main,
}
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


def main() -> None:
    """Measures what was asked for, or the whole table, which it writes down."""
    if ONLY in ("", "quotes"):
        engine.main()
    if not ONLY:
        _whole_table()
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("Loading a site…", flush=True)
        running_site.load(folder)
        PARTS.get(ONLY, _quotes)(folder)


def _whole_table() -> None:
    tables = [_table("SQLite", [sys.executable])]
    if _has_postgres():
        # The database's name stands in the environment that the first command makes.
        tables.append(_table("PostgreSQL", [str(running_site.ROOT / ".ci" / "with-postgres"), sys.executable]))
    with tempfile.TemporaryDirectory() as name:
        running_site.load(Path(name))
        painted = paint.measured(Path(name))
    report.write(tables, painted)
    print(f"Written: {report.FILE}")


def _has_postgres() -> bool:
    probe = [str(running_site.ROOT / ".ci" / "with-postgres"), "true"]
    found = subprocess.run(probe, capture_output=True, text=True, check=False)
    if found.returncode:
        print(f"Without PostgreSQL: {found.stderr}", flush=True)
    return found.returncode == 0


def _table(engine_name: str, python: list[str]) -> table.Table:
    print(f"\n{engine_name}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        answer = Path(name) / "table.json"
        command = [*python, "-m", "tests.bench.table", name, engine_name, str(answer)]
        subprocess.run(command, cwd=running_site.ROOT, check=True)
        return table.read(json.loads(answer.read_text()))


def _quotes(folder: Path) -> None:
    print(f"gunicorn, {WORKERS} sync workers; {CLIENTS} clients, {SECONDS:g} s a page\n")
    print_head()
    with running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/") as address:
        bare = measure(address, BARE)
    print_line(BARE.title, bare, bare)
    with running_site.served(folder, workers=WORKERS, threads=1) as address:
        for asked in QUOTES:
            print_line(asked.title, measure(address, asked), bare)


if __name__ == "__main__":
    main()
