"""The clock of web processes and of commands jumps a day forward, and back, while they run."""

from __future__ import annotations

import re

import psycopg

from tests.faults import looking
from tests.faults.ground import Ground, Happened, Site
from tests.faults.people import MANAGER, OWNER, Person, Recording, ask, claim

ASKED = "every job done once, sessions go on, nothing told twice, badges say the same afterwards"
JUMPING, JUMPING_COMMANDS = "tests.faults.jumping", "tests/faults/jumping.py"
DAY = 24 * 60 * 60
JUMPS = (0, DAY, -DAY, 0, DAY, 0)  # seconds ahead of the machine


def of_everything(ground: Ground) -> Happened:
    """Forward, back behind today, and home again, with the turn of the day and the letters' sender at each stop."""
    with ground.site("clock") as site:
        clock = site.folder / "clock"
        clock.write_text("0")
        wrong: list[str] = []
        marks: list[str] = []
        with site.served(application=JUMPING, JOBS_RUN="worker", CLOCK=str(clock)) as address:
            owner, record, code = Person(address).sign_in(OWNER), Recording(site.partner), _badge(site)
            verdicts = []
            for number, jump in enumerate(JUMPS):
                clock.write_text(str(jump))
                manager = Person(address).sign_in(MANAGER)  # a day is more than the admin lets a session be idle
                for name, person, write in (("claim", owner, claim), ("record", manager, record), ("ask", owner, ask)):
                    answer = write(person, f"{name}-{number}")
                    if answer.status == 302 and "/login/" not in answer.location:
                        marks.append(f"{name}-{number}")
                    else:
                        wrong.append(f"{name} at {jump:+} s answered {answer.status}")
                verdicts.append((jump, *_verdict(owner, code)))
                for command in ("turn_of_day", "send_messages"):
                    site.manage(command, program=JUMPING_COMMANDS, JOBS_RUN="worker", CLOCK=str(clock))
        looking.hurry_letters(site)
        site.manage("send_messages")
        wrong += looking.everything(site, marks) + _told_twice(site)
        wrong += [f"a badge said {status} at {jump:+} s" for jump, status, _said in verdicts if status != 200]
        today = {said for jump, _status, said in verdicts if jump == 0}
        wrong += [f"a badge said {today}"] if len(today) != 1 else []
        left = looking.letters(site)
        wrong += [f"letters: {left}"] if left["waiting"] or left["asks"] else []
    stops = " ".join(f"{jump // DAY:+}" for jump in JUMPS)
    said = f"days {stops}; {len(marks)} writes, an owner's all in one session; {left['sent']} letters, each once"
    return Happened(f"{said}; WRONG: {'; '.join(wrong[:6])} ({len(wrong)})" if wrong else said, not wrong)


def _badge(site: Site) -> str:
    with psycopg.connect(site.url) as database:
        row = database.execute("SELECT code FROM partner_directory_badge ORDER BY id LIMIT 1").fetchone()
    if row is None:
        site.manage("issue_badges")
        return _badge(site)
    return str(row[0])


def _verdict(person: Person, code: str) -> tuple[int, str]:
    answer = person.get(f"/api/v1/verify/{code}/")
    found = re.search(r'"(?:state|status|verdict)":\s*"([^"]*)"', answer.body)
    return answer.status, found[1] if found else ""


def _told_twice(site: Site) -> list[str]:
    """Happenings of one day that somebody was told of more than once: their keys name it."""
    query = (
        "SELECT key, email, count(*) FROM partner_directory_message GROUP BY key, email, user_id HAVING count(*) > 1"
    )
    with psycopg.connect(site.url) as database:
        return [f"told twice: {key}" for key, *_rest in database.execute(query).fetchall()]
