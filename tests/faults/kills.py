"""kill -9 of a web process, of the worker, and of the turn of the day, at random moments while people write."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from contextlib import suppress
from subprocess import Popen

import psycopg

from tests.faults import looking
from tests.faults.ground import WORKER, Ground, Happened, Site, web_processes
from tests.faults.people import MANAGER, OWNER, Noted, Person, Recording, Write, acknowledged, ask, busy, claim, unfit
from tests.faults.servers import kill

ASKED = "0 corrupt, 0 acknowledged writes lost, every job done once"
TIMES = 50
LONGEST_BETWEEN = 60.0  # seconds to wait for a write between two kills
AFTER = 1.0  # seconds after a write within which the kill comes
TURN_OF = "{year}-01-09T{hour:02}:00:00+03:00"  # nobody has renewed: everything lapses, and all are told
LAST_HOUR = 23  # a killed run's step is taken over an hour later: each run after it is later still, on one day


def writers(site: Site, address: str) -> Mapping[str, tuple[Person, Write | None]]:
    """A visitor, an owner with files, a manager in the admin."""
    return {
        "ask": (Person(address), ask),
        "claim": (Person(address).sign_in(OWNER), claim),
        "record": (Person(address).sign_in(MANAGER), Recording(site.partner)),
    }


def of_web_processes(ground: Ground, times: int) -> Happened:
    """One of several web processes, right after something was acknowledged, so that others are on their way."""
    with ground.site("kill_web") as site:
        with site.served() as address, busy(writers(site, address)) as noted:
            killed = 0
            for _time in range(times):
                _wait_for_a_write(noted)
                time.sleep(random.uniform(0, AFTER))  # noqa: S311 - any moment
                alive = web_processes()
                killed += bool(alive) and kill(random.choice(alive))  # noqa: S311
            _wait_for_a_write(noted)
        return _judged(site, noted, f"{killed} killed")


def of_workers(ground: Ground, times: int) -> Happened:
    """The worker, some time after it has begun, while the site leaves all letters to it."""
    with ground.site("kill_worker") as site:
        with site.served(JOBS_RUN="worker") as address, busy(writers(site, address)) as noted:
            for _time in range(times):
                worker = site.begin(*WORKER)
                _wait_until_at_work(worker, site)
                _killed_within(worker, AFTER)
        return _judged(site, noted, f"{times} killed")


def _wait_for_a_write(noted: Mapping[str, Noted]) -> None:
    before, deadline = len(acknowledged(noted)), time.monotonic() + LONGEST_BETWEEN
    while len(acknowledged(noted)) == before and time.monotonic() < deadline:
        time.sleep(0.02)


def _wait_until_at_work(process: Popen[bytes], site: Site) -> None:
    """Until it asks the database, or has ended."""
    with psycopg.connect(site.ground.postgres.url(), autocommit=True) as database:
        query = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        before = (database.execute(query, [site.name]).fetchone() or (0,))[0]
        while process.poll() is None and (database.execute(query, [site.name]).fetchone() or (0,))[0] <= before:
            time.sleep(0.02)


def _killed_within(process: Popen[bytes], seconds: float) -> bool:
    """Whether it was still at work when it was killed."""
    with suppress(Exception):
        process.wait(random.uniform(0, seconds))  # noqa: S311
    was_at_work = process.poll() is None
    process.kill()
    process.wait()
    return was_at_work


def _judged(site: Site, noted: Mapping[str, Noted], what: str) -> Happened:
    """Sends what is left to send, and looks at everything."""
    site.manage("send_messages")
    marks = acknowledged(noted)
    wrong = [*looking.everything(site, marks), *unfit(noted)]
    sent = looking.letters(site)
    counted = ", ".join(f"{number} {place}" for place, number in sent.items())
    if sent["waiting"]:
        wrong.append(f"{sent['waiting']} letters wait")
    said = f"{what}; {len(marks)} writes acknowledged; letters: {counted}; {looking.orphans(site)} files without a row"
    return Happened(said if not wrong else f"{said}; WRONG: {'; '.join(wrong[:5])} ({len(wrong)})", not wrong)


# --- A command ---


def of_turns(ground: Ground, times: int) -> Happened:
    """The turn of the day, again and again until it is done; then everything must be as if nobody had killed it."""
    with ground.site("turn_whole") as site:
        seconds = _turned(site, LAST_HOUR)
        whole = _outcome(site)
    killed, wrong = 0, []
    while killed < times:
        with ground.site("kill_turn") as site:
            for hour in range(1, LAST_HOUR, 3):
                if killed < times:
                    killed += _turn_killed(site, hour, seconds)
            _turned(site, LAST_HOUR)
            wrong += [*looking.corrupt(site), *looking.letters_twice(site), *looking.house_checks(site)]
            wrong += [
                f"{name}: {number}, not {whole[name]}"
                for name, number in _outcome(site).items()
                if number != whole[name]
            ]
    said = f"{killed} killed; {sum(whole.values())} rows of it, as without a kill"
    return Happened(said if not wrong else f"{killed} killed; WRONG: {'; '.join(wrong[:5])} ({len(wrong)})", not wrong)


def _turn(site: Site, hour: int) -> Popen[bytes]:
    day = TURN_OF.format(year=time.localtime().tm_year + 1, hour=hour)
    return site.begin("turn_of_day", program="tests/e2e/another_day.py", NOW=day, JOBS_RUN="worker")


def _turned(site: Site, hour: int) -> float:
    """Seconds that its work took, without the start of Python. Raises RuntimeError where it fails."""
    process = _turn(site, hour)
    _wait_until_at_work(process, site)
    started = time.monotonic()
    if process.wait(timeout=300):
        raise RuntimeError((site.folder / "commands.log").read_text(errors="replace")[-2000:])
    return time.monotonic() - started


def _turn_killed(site: Site, hour: int, seconds: float) -> bool:
    process = _turn(site, hour)
    _wait_until_at_work(process, site)
    return _killed_within(process, seconds)


def _outcome(site: Site) -> dict[str, int]:
    """How many rows there are of what a turn writes."""
    with psycopg.connect(site.url) as database:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND (tablename LIKE 'partner_directory_%'"
                " OR tablename LIKE 'wagtailcore_%logentry' OR tablename LIKE 'wagtailcore_revision')"
            ).fetchall()
        ]
        return {name: (database.execute(f'SELECT count(*) FROM "{name}"').fetchone() or (0,))[0] for name in tables}
