"""What the site stands on goes away and comes back: database, cache, mail, storage, replica; one at a time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.faults import looking
from tests.faults.ground import Ground, Happened
from tests.faults.kills import writers
from tests.faults.people import (
    ENQUIRY,
    MANAGER,
    OWNER,
    PAGES,
    Person,
    Recording,
    acknowledged,
    ask,
    busy,
    claim,
    unfit,
)
from tests.running_site import MEDIA, PRIVATE, ROOT, free_port
from tests.servers import Absent, RedisServer

AWAY, BACK_WITHIN = 4.0, 5.0  # seconds
KEPT_PAGES = tuple(path for path in PAGES if "?" not in path)  # what comes with a query each process keeps for itself
ASKED_DATABASE = (
    "cached pages go on, others say back soon (503, Retry-After); well within 5 s of its return; 0 half-writes"
)
ASKED_CACHE = "pages and writes go on; who signs in is told to wait"
ASKED_MAIL = "nobody waits; letters leave later, once"
ASKED_STORAGE = "pages go on; an upload is told why; nothing half-written; well when it is back"
ASKED_REPLICA = "public pages go on from the primary"


def of_the_database(ground: Ground) -> Happened:
    """Stopped as an administrator does while people read; then, while others write, as a crash would."""
    with ground.site("database") as site:
        kept = {"PAGE_CACHE_SECONDS": "600", "CACHE_URL": f"filecache://{site.folder / 'cache'}"}
        with site.served(**kept) as address:
            readers = {f"reader {number}": (Person(address), None) for number in range(2)}
            _warm(address)
            with busy(readers) as read:
                quiet, well_after = _away(ground, address, "fast")
            wrong = [f"{path}, which is kept, answered {status}" for path, status in quiet.items() if status != 200]
            with busy({**writers(site, address), **readers}) as noted:
                time.sleep(2)
                loud, well_again = _away(ground, address, "immediate")
                time.sleep(2)
        site.manage("send_messages")
        marks = acknowledged(noted)
        wrong += [*looking.everything(site, marks), *unfit(noted), *unfit(read)]
        wrong += [f"{path} answered {status} in a crash" for path, status in loud.items() if status not in (200, 503)]
        wrong += [f"well only after {taken:.1f} s" for taken in (well_after, well_again) if taken > BACK_WITHIN]
    said = (
        f"stopped: {_counted(quiet)}; crashed under writes: {_counted(loud)}; what is not kept: 503, Retry-After; "
        f"well after {well_after:.1f}, {well_again:.1f} s; {len(marks)} writes acknowledged"
    )
    return _happened(said, wrong)


def _away(ground: Ground, address: str, how: str) -> tuple[Mapping[str, int], float]:
    """What strangers get without the database, and the seconds until all is well after its return.

    Raises RuntimeError where a page that nobody keeps does not say "back soon".
    """
    ground.postgres.stop(how)
    try:
        during = _asked_meanwhile(address, KEPT_PAGES)
        form = Person(address).get(ENQUIRY)
        time.sleep(AWAY)
    finally:
        ground.postgres.start()
    if form.status != 503 or not form.headers.get("Retry-After"):
        raise RuntimeError(f"{ENQUIRY} answered {form.status} without the database")
    return during, _seconds_until_well(address)


def _counted(statuses: Mapping[str, int]) -> str:
    found = list(statuses.values())
    return ", ".join(f"{found.count(status)} × {status}" for status in sorted(set(found)))


def of_the_cache(ground: Ground) -> Happened:
    """Redis is killed under a site that keeps its cache and its limits there."""
    redis = RedisServer(ground.folder / "redis")
    redis.start()
    try:
        with ground.site("cache") as site, site.served(CACHE_URL=redis.url) as address:
            work = writers(site, address)
            _warm(address)
            redis.stop()
            during = _asked_meanwhile(address)
            wrong = [f"{path} answered {status} without it" for path, status in during.items() if status != 200]
            for name, (person, write) in work.items():
                answer = write(person, f"{name}-away") if write else None
                if answer is None or answer.status != 302:
                    wrong.append(f"{name} answered {answer and answer.status}")
            stranger = Person(address)
            stranger.get("/account/login/")
            entered = stranger.post("/account/login/", {"login": OWNER, "password": "wrong"})
            if entered.status not in (429, 503):
                wrong.append(f"a sign-in answered {entered.status}")
            redis.start()
            seconds = _seconds_until_well(address)
            Person(address).sign_in(OWNER)
            wrong += looking.everything(site, [f"{name}-away" for name in work] if not wrong else [])
    finally:
        redis.stop()
    return _happened(
        f"{len(during)} pages and 3 writes without it; a sign-in: {entered.status}; well after {seconds:.1f} s", wrong
    )


def of_mail(ground: Ground) -> Happened:
    """The mail server refuses connections while a manager and a visitor write; then it is back."""
    with ground.site("mail") as site, site.served(1) as address:
        manager, visitor, record = Person(address).sign_in(MANAGER), Person(address), Recording(site.partner)
        site.mail.stop()
        marks, taken, wrong = [], [], []
        for number in range(5):
            for name, person, write in (("record", manager, record), ("ask", visitor, ask)):
                started, mark = time.monotonic(), f"{name}-{number}"
                answer = write(person, mark)
                taken.append(time.monotonic() - started)
                marks.append(mark)
                if answer.status != 302:
                    wrong.append(f"{mark} answered {answer.status}")
        site.manage("send_messages")
        waiting = looking.letters(site)["waiting"]
        site.mail.start()
        looking.hurry_letters(site)
        site.manage("send_messages")
        left = looking.letters(site)
        wrong += looking.everything(site, marks)
        wrong += [f"{left['waiting']} letters still wait"] if left["waiting"] or left["asks"] or not waiting else []
        to_visitors = sum(site.mail.recipients[f"ask-{number}@visitor.example"] for number in range(5))
        wrong += [f"{to_visitors} of 5 copies reached visitors"] if to_visitors != 5 else []
    pace = f"10 writes, {statistics.median(taken):.2f} s each"
    said = f"{pace}; {waiting} letters waited, then {left['sent']} left, each once"
    return _happened(said, wrong)


def of_storage(ground: Ground) -> Happened:
    """The folders of files are moved away, and something else stands in their place."""
    with ground.site("storage") as site, site.served(1) as address:
        owner = Person(address).sign_in(OWNER)
        _warm(address)
        before = claim(owner, "claim-before")
        with _moved_away(site.folder / PRIVATE), _moved_away(site.folder / MEDIA):
            during = _asked_meanwhile(address)
            refused = claim(owner, "claim-away")
        after = claim(owner, "claim-after")
        wrong = [f"{path} answered {status} without it" for path, status in during.items() if status != 200]
        wrong += [f"before: {before.status}"] if before.status != 302 else []
        wrong += [f"after: {after.status}"] if after.status != 302 else []
        wrong += _is_told(refused.status, refused.body)
        wrong += looking.everything(site, ["claim-before", "claim-after"])
        wrong += ["the refused claim is there"] if not looking.lost(site, ["claim-away"]) else []
        wrong += [f"{looking.orphans(site)} files without a row"] if looking.orphans(site) else []
    return _happened(f"{len(during)} pages went on; an upload was told the file is not kept; then well", wrong)


def of_the_replica(ground: Ground) -> Happened:
    """Nobody listens where the copy for readers should be."""
    if "DATABASE_REPLICA_URL" not in (ROOT / "site/config/settings/base.py").read_text():
        raise Absent("the site reads no DATABASE_REPLICA_URL")
    nowhere = f"postgres://postgres@127.0.0.1:{free_port()}/nothing"
    with ground.site("replica") as site, site.served(DATABASE_REPLICA_URL=nowhere) as address:
        during = _asked_meanwhile(address)
        wrong = [f"{path} answered {status}" for path, status in during.items() if status != 200]
        wrote = ask(Person(address), "ask-replica")
        wrong += [f"an enquiry answered {wrote.status}"] if wrote.status != 302 else []
    return _happened(f"{len(during)} pages and an enquiry without it", wrong)


def _is_told(status: int, body: str) -> list[str]:
    """What is wrong with the answer to an upload that cannot be kept."""
    return (
        []
        if status in (200, 503) and ("Файл не сохранён" in body or status == 503)
        else [f"an upload answered {status}"]
    )


@contextmanager
def _moved_away(folder: Path) -> Iterator[None]:
    elsewhere = folder.with_suffix(".away")
    folder.rename(elsewhere)
    folder.touch()  # rights bind nobody who runs as root: a file in the place of the folder does
    try:
        yield
    finally:
        folder.unlink()
        elsewhere.rename(folder)


def _warm(address: str) -> None:
    """What is cached is there: each process has been asked a few times."""
    for _time in range(6):
        _asked_meanwhile(address)


def _asked_meanwhile(address: str, paths: Iterable[str] = PAGES) -> Mapping[str, int]:
    """What a stranger gets for every page."""
    return {path: Person(address).get(path).status for path in paths}


def _seconds_until_well(address: str) -> float:
    """Seconds until every page is answered, three times in a row, by whichever process."""
    started = well_since = time.monotonic()
    rounds = 0
    while rounds < 3 and time.monotonic() - started < 60:
        well = all(status == 200 for status in _asked_meanwhile(address).values())
        rounds, well_since = (rounds + 1, well_since) if well else (0, time.monotonic())
    return well_since - started


def _happened(said: str, wrong: list[str]) -> Happened:
    return Happened(said if not wrong else f"{said}; WRONG: {'; '.join(wrong[:6])} ({len(wrong)})", not wrong)
