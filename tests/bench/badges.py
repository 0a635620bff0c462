"""Badges: the live badge and verification beside a bare Django view, and how long a kit takes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

from tests import running_site
from tests.bench.load import BARE, CLIENTS, SECONDS, WORKERS, Asked, measure, print_head, print_line

AIMS = {"first": 2.0, "cold": 2.0, "kept": 0.05}  # seconds
KEPT = {"1": "what was found is kept for a second:", "0": "everything is found anew:"}
FIRST_DAY, DAYS = date(2026, 1, 1), 60
TITLES = {
    "first": "kit, the first of its mark",
    "cold": "kit, the mark's files kept",
    "kept": "kit, kept",
}


def main(folder: Path) -> None:
    """Measures kits within one process, then the pages by HTTP."""
    answer = folder / "kit_times.json"
    running_site.manage(folder, "tests.bench.kit_times", str(answer), program="-m")
    times = json.loads(answer.read_text())
    print(f"{'':<28}{'ms':>9}{'aim':>9}")
    for name, title in TITLES.items():
        print(f"{title:<28}{times[name] * 1000:>9.1f}{AIMS[name] * 1000:>9.0f}", flush=True)
    print(f"\ngunicorn, {WORKERS} sync workers; {CLIENTS} clients, {SECONDS:g} s a page")
    print_head()
    with running_site.served(folder, "tests.bench.bare", workers=WORKERS, threads=1, probe="/") as address:
        bare = measure(address, BARE)
    print_line(BARE.title, bare, bare)
    for ground, how in KEPT.items():
        print(how, flush=True)
        with running_site.served(folder, workers=WORKERS, threads=1, GROUND_SECONDS=ground) as address:
            for asked in _pages(times["codes"]):
                print_line(asked.title, measure(address, asked), bare)


def _pages(codes: list[str]) -> list[Asked]:
    """One badge; and every one on many days, so that no page is found a moment ago, though what stands around it is."""
    code, days = codes[0], [FIRST_DAY + timedelta(days=number) for number in range(DAYS)]
    others = tuple(f"{start}/verify/{other}/?on={day}" for day in days for start in ("", "/en") for other in codes)
    return [
        Asked("verification, a day", others[0], others=others[1:]),
        Asked("live badge, SVG", f"/badges/{code}.svg"),
        Asked("live badge, PNG", f"/badges/{code}.png"),
        Asked("verification", f"/verify/{code}/"),
        Asked("API verification", f"/api/v1/verify/{code}/"),
    ]
