"""Writes what was measured into ``docs/performance.md``, between two marks that stand there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from tests import running_site
from tests.bench import paint
from tests.bench.load import ROUNDS, SECONDS, WORKERS
from tests.bench.table import CLIENTS, HAS_REDIS, Row, Table

FILE = running_site.ROOT / "docs" / "performance.md"
START, END = "<!-- Written by `make bench` -->\n", "<!-- Until here -->"
AIM_KEPT = 0.6
AIMS_ANEW = {"directory": 0.05, "filtered": 0.05, "profile": 0.08, "quote API": 0.25, "verify": 0.1, "live badge": 0.1}
MOST_MEGABYTES, MOST_SECONDS = 220, 5  # of a process, to the first answer


def write(tables: Iterable[Table], painted: Iterable[paint.Painted], file: Path = FILE) -> None:
    """Puts what was measured in the place of what stands there; raises ValueError where the marks are gone."""
    text = file.read_text()
    before, start, rest = text.partition(START)
    _old, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"{file} has lost its marks {START.strip()} and {END}")
    file.write_text(f"{before}{start}\n{_said(list(tables), list(painted))}\n{end}{after}")


def _said(tables: list[Table], painted: list[paint.Painted]) -> str:
    head = (
        f"{date.today():%Y-%m-%d}, {os.cpu_count()} cores, gunicorn with {WORKERS} sync workers, "  # noqa: DTZ011
        f"the cache {'Redis' if HAS_REDIS else 'a folder'}; a page and the bare "
        f"view in turn, {ROUNDS} times {SECONDS:g} s each. A cell: part of the bare view's requests per second, the "
        "middle one of the rounds · median ms · 99th percentile ms; "
        f"aims are of {max(CLIENTS)} clients.\n"
    )
    return "\n".join([head, *(_table(table) for table in tables), _paints(painted)])


def _table(table: Table) -> str:
    clients = [f"{count} client{'s' if count > 1 else ''}" for count in CLIENTS]
    columns = ["page", "", *clients, "aim", "queries", "bytes"]
    lines = [_row(columns), _row(["---"] * len(columns))]
    lines += [_row(_cells(row)) for row in table.rows]
    rates = ", ".join(f"{rate:.0f} with {count}" for count, rate in table.bare_rates.items())
    ending = (
        f"The bare view: {rates}. A process cost {table.megabytes:.0f} MB at most, its share of what all use "
        f"(aim {MOST_MEGABYTES}); "
        f"the first answer came {table.seconds_to_start:.1f} s after the start (aim {MOST_SECONDS})."
    )
    return f"### {table.engine}\n\n" + "\n".join(lines) + f"\n\n{ending}\n"


def _paints(painted: list[paint.Painted]) -> str:
    if not painted:
        return ""
    columns = ["page", "largest paint, ms", "shift", "bytes", "of scripts", "aims"]
    lines = [_row(columns), _row(["---"] * len(columns))]
    for seen in painted:
        cells = [seen.page, f"{seen.largest:.0f}", f"{seen.shift:.3f}", f"{seen.size:,}", f"{seen.script:,}"]
        lines.append(_row([cell.replace(",", " ") for cell in cells] + ["reached" if seen.reaches_its_aims else "no"]))
    head = (
        "### A first visit with a slow telephone\n\n"
        f"360 px, processor {paint.SLOWNESS} times as slow, 1.6 Mbit/s, {paint.NETWORK['latency']} ms there and back, "
        f"the middle of {paint.TIMES} visits. Aims: {paint.MOST_MILLISECONDS} ms, no shift, "
        f"{paint.MOST_BYTES // 1000} kB, of scripts {paint.MOST_SCRIPT // 1000} kB.\n\n"
    )
    return head + "\n".join(lines) + "\n"


def _cells(row: Row) -> list[str]:
    bore = [f"{it.share:.3f} · {it.median:.1f} · {it.slowest_hundredth:.1f}" for it in row.bore.values()]
    return [row.page, row.way, *bore, _aim(row), str(row.queries), f"{row.size:,}".replace(",", " ")]


def _aim(row: Row) -> str:
    aim = AIM_KEPT if row.way == "kept" and row.page != "quote API" else AIMS_ANEW.get(row.page)
    if aim is None:
        return ""
    # With many clients the processors are the limit, with one the way there and back.
    reached = row.bore[str(max(CLIENTS))].share >= aim
    return f"{aim} {'reached' if reached else 'not reached'}"


def _row(cells: Iterable[str]) -> str:
    return re.sub(r"\s+\|", " |", f"| {' | '.join(cells)} |")
