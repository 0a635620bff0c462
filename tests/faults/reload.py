"""The web processes are changed for new ones (HUP) again and again while people read."""

from __future__ import annotations

import signal
import threading
import time
from collections import Counter

from tests.faults.ground import Ground, Happened, master, web_processes
from tests.faults.people import PAGES, Person
from tests.faults.servers import kill

ASKED = "0 failed of 2 000"
REQUESTS, CLIENTS, EVERY = 2000, 8, 400  # answers between two reloads


def under_load(ground: Ground) -> Happened:
    """Some clients ask for pages in turn until there were enough; the master is told to reload now and then."""
    statuses: Counter[int] = Counter()
    with ground.site("reload") as site, site.served(workers=2) as address:
        processes = set(web_processes())
        threads = [threading.Thread(target=_ask, args=(address, number, statuses)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        reloads = 0
        while any(thread.is_alive() for thread in threads):
            time.sleep(0.2)
            if sum(statuses.values()) >= (reloads + 1) * EVERY:
                reloads += kill(master(), signal.SIGHUP)
            processes |= set(web_processes())
        for thread in threads:
            thread.join()
    failed = sum(statuses.values()) - statuses[200]
    said = f"{failed} failed of {sum(statuses.values())}; {reloads} reloads, {len(processes)} web processes"
    return Happened(said + (f"; {dict(statuses)}" if failed else ""), not failed and reloads > 0 and len(processes) > 2)


def _ask(address: str, number: int, statuses: Counter[int]) -> None:
    person = Person(address, timeout=60)
    for each in range(REQUESTS // CLIENTS):
        statuses[person.get(PAGES[(each + number) % len(PAGES)]).status] += 1
