"""A draft edition rehearsed against 1 000 and 100 000 partners with a year of records: how long, in how much memory.

What a partner takes must not grow with their number, nor the memory; ``SIZES=1000,10000`` asks fewer.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tests import running_site

SIZES = [int(size) for size in os.environ.get("SIZES", "1000,100000").split(",")]
AIM = 60.0  # seconds, for the largest of the default sizes


def main(folder: Path) -> None:
    """Adds partners with records up to each size, rehearses, and says how the largest compares to the first."""
    found: list[dict[str, Any]] = []
    loaded = 0
    head = ("partners", "seconds", "processor", "MB", "ms what-if")
    print("".join(f"{title:>12}" for title in head), flush=True)
    for size in SIZES:
        count = str(size - loaded)
        running_site.manage(folder, "demo_partners", "--count", count, "--seed", str(size), "--records")
        loaded = size
        answer = folder / "impact_times.json"
        running_site.manage(folder, "tests.bench.impact_times", str(answer), program="-m")
        times = json.loads(answer.read_text())
        found.append(times)
        told = (times["partners"], times["seconds"], times["processor"], times["megabytes"], times["what_if"] * 1000)
        print("".join(f"{number:>12.1f}" for number in told), flush=True)
    first, last = (each["seconds"] / each["partners"] for each in (found[0], found[-1]))
    print(f"\na partner among {SIZES[-1]} takes {last / first:.2f} of one among {SIZES[0]}; aim: {AIM:.0f} s at 100000")
