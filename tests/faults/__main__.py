"""``make faults``: every fault in turn, and a table of what came of it; ``ONLY=kill_web,mail`` some of them.

``TIMES=`` says how often processes are killed (50), ``COUNT=`` how many partners the migrations run over (10 000). Ends
with 1 where something did not pass, with what was seen; what cannot be tried here is skipped, and says why.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.faults import clocks, copies, disks, kills, migrations, outages, reload
from tests.faults.ground import Ground, Happened
from tests.servers import Absent

TIMES = int(os.environ.get("TIMES", "50"))
COUNT = int(os.environ.get("COUNT", "10000"))
ONLY = [name for name in os.environ.get("ONLY", "").split(",") if name]

# name: what was asked of the site, and what does it
FAULTS: dict[str, tuple[str, Callable[[Ground], Happened]]] = {
    "kill_web": (kills.ASKED, partial(kills.of_web_processes, times=TIMES)),
    "kill_worker": (kills.ASKED, partial(kills.of_workers, times=TIMES)),
    "kill_command": (kills.ASKED, partial(kills.of_turns, times=TIMES)),
    "database": (outages.ASKED_DATABASE, outages.of_the_database),
    "cache": (outages.ASKED_CACHE, outages.of_the_cache),
    "mail": (outages.ASKED_MAIL, outages.of_mail),
    "storage": (outages.ASKED_STORAGE, outages.of_storage),
    "replica": (outages.ASKED_REPLICA, outages.of_the_replica),
    "disk_files": (disks.ASKED, disks.of_files),
    "disk_sqlite": (disks.ASKED, disks.of_sqlite),
    "clock": (clocks.ASKED, clocks.of_everything),
    "reload": (reload.ASKED, reload.under_load),
    "migrations": (migrations.ASKED, partial(migrations.back_and_forward, count=COUNT)),
    "backup": (copies.ASKED, copies.under_writes),
}


def main() -> int:
    """Runs them; the exit code."""
    unknown = set(ONLY) - set(FAULTS)
    if unknown:
        print(f"No such fault: {', '.join(sorted(unknown))}. There are: {', '.join(FAULTS)}")
        return 2
    rows: list[tuple[str, str, Happened, float]] = []
    with tempfile.TemporaryDirectory() as name:
        try:
            ground = Ground(Path(name))
        except Absent as absent:
            print(f"Nothing can be tried without PostgreSQL: {absent}")
            return 2
        with ground.ready(partial(print, flush=True)):
            for fault in ONLY or FAULTS:
                rows.append(_befall(fault, ground))
                print(_line(*rows[-1]), flush=True)
    print("\n| fault | asked | happened | passed |\n|---|---|---|---|")
    print("\n".join(_line(*row) for row in rows))
    return int(any(happened.passed is False for _name, _asked, happened, _seconds in rows))


def _befall(name: str, ground: Ground) -> tuple[str, str, Happened, float]:
    asked, befall = FAULTS[name]
    started = time.monotonic()
    try:
        happened = befall(ground)
    except Absent as absent:
        happened = Happened(f"skipped: {absent}", None)
    except Exception as error:
        happened = Happened(f"the fault itself failed: {type(error).__name__}: {error}", False)
    return name, asked, happened, time.monotonic() - started


def _line(name: str, asked: str, happened: Happened, seconds: float) -> str:
    passed = {True: "yes", False: "NO", None: "—"}[happened.passed]
    return f"| {name} | {asked} | {' '.join(happened.said.split())} ({seconds:.0f} s) | {passed} |"


if __name__ == "__main__":
    sys.exit(main())
