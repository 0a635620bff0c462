"""The worker, as processes of its own on a database in a file: each job once, whoever is killed; it ends in order."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, connections

from operations import jobs, schedule, worker
from tests.databases import write_default
from tests.factories.messages import make_message
from tests.factories.partners import make_partner

on_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the database is a file here; PostgreSQL's is shared"
)
SECONDS = 30  # that a process may take on a busy machine


class House:
    """A database in a file, jobs that write down who has done them, and workers on it."""

    def __init__(self, folder: Path) -> None:
        self.database, self.letters, self.done = folder / "db.sqlite3", folder / "letters", folder / "done"
        write_default(self.database)
        self.done.touch()
        self.children: list[int] = []

    def worker(self, settings: Any, **jobs_done: Callable[[], None]) -> int:
        """Starts a worker whose jobs are these, by its process id."""
        child = os.fork()
        if child:
            self.children.append(child)
            return child
        try:
            self._move_in(settings, jobs_done)
            call_command("worker", once=settings.ONCE)
        except BaseException:
            os._exit(1)
        os._exit(0)

    def _move_in(self, settings: Any, jobs_done: dict[str, Callable[[], None]]) -> None:
        connections.settings["default"]["NAME"] = str(self.database)
        connections["default"] = connections.create_connection("default")
        settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
        settings.EMAIL_FILE_PATH = str(self.letters)

        def run(name: str, *_: str, **__: Any) -> None:
            self.write(f"begun {name}")
            jobs_done.get(name, lambda: None)()
            self.write(f"done {name}")

        schedule.call_command = run  # type: ignore[attr-defined]

    def write(self, text: str) -> None:
        """A line, whole whoever else is writing."""
        with self.done.open("a") as file:
            file.write(f"{text}\n")

    def lines(self) -> Counter[str]:
        return Counter(self.done.read_text().splitlines())

    def wait_for(self, line: str) -> None:
        end = time.monotonic() + SECONDS
        while line not in self.lines():
            assert time.monotonic() < end, f"{line!r} did not come: {self.lines()}"
            time.sleep(0.02)

    def ended(self, child: int) -> int:
        """Waits for a worker; its exit code, negative for a signal."""
        end = time.monotonic() + SECONDS
        while (ended := os.waitpid(child, os.WNOHANG)) == (0, 0):
            assert time.monotonic() < end, "the worker goes on"
            time.sleep(0.02)
        _pid, status = ended
        self.children.remove(child)
        return os.waitstatus_to_exitcode(status)

    def runs(self) -> list[tuple[str, bool, str]]:
        """What is recorded: job, failed, said; the end of each must be."""
        with closing(sqlite3.connect(self.database)) as database:
            rows = database.execute(
                "SELECT job, failed, said, finished_at FROM operations_jobrun ORDER BY id"
            ).fetchall()
        assert all(ended for *_run, ended in rows)
        return [(job, bool(failed), said) for job, failed, said, _ended in rows]


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[House]:
    settings.JOBS_RUN, settings.ONCE = "worker", True
    monkeypatch.setattr(jobs, "LEASE", 1.5)
    monkeypatch.setattr(jobs, "BEAT", 0.2)
    monkeypatch.setattr(schedule, "FIRST_PAUSE", timedelta())
    monkeypatch.setattr(worker, "LOOK_SELDOM", 0.1)
    monkeypatch.setattr(worker, "unprepared", list)
    names = ("turn_of_day", "check_sites", "clearsessions")
    monkeypatch.setattr(schedule, "TIMETABLE", [schedule.Job(name, name) for name in names])
    partner = make_partner()
    for _number in range(8):
        make_message(partner)
    house = House(tmp_path)
    yield house
    for child in house.children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def boom() -> None:
    raise ValueError("of this job alone")


@on_sqlite
@pytest.mark.django_db
class TestWorkers:
    def test_two_at_once_do_each_job_once_and_one_that_fails_stops_no_other(self, house: House, settings: Any) -> None:
        workers = [house.worker(settings, check_sites=boom) for _worker in range(2)]
        codes = sorted(house.ended(child) for child in workers)

        assert codes[-1] == 1, "whoever met the failure says so"
        done = house.lines()
        assert done["done turn_of_day"] == done["done clearsessions"] == 1
        assert "done check_sites" not in done
        assert len(house.runs()) == 2 + done["begun check_sites"]
        assert ("check_sites", True, "ValueError: of this job alone") in house.runs()
        sent = "".join(letter.read_text() for letter in house.letters.iterdir())
        ids = [line for line in sent.splitlines() if line.startswith("Message-ID")]
        assert len(ids) == len(set(ids)) == 8

    def test_a_killed_ones_job_is_taken_over_and_a_slow_ones_is_not(self, house: House, settings: Any) -> None:
        settings.ONCE = False
        killed = house.worker(settings, turn_of_day=lambda: time.sleep(SECONDS), check_sites=lambda: time.sleep(3))
        house.wait_for("begun turn_of_day")
        slow = house.worker(settings, turn_of_day=lambda: time.sleep(2.5))
        os.kill(killed, signal.SIGKILL)
        assert house.ended(killed) == -signal.SIGKILL
        third = house.worker(settings)
        house.wait_for("done turn_of_day")
        house.wait_for("done check_sites")
        for child in (slow, third):
            os.kill(child, signal.SIGTERM)
        assert [house.ended(child) for child in (slow, third)] == [0, 0]

        assert house.lines()["done turn_of_day"] == house.lines()["done check_sites"] == 1
        turns = [(failed, said) for job, failed, said in house.runs() if job == "turn_of_day"]
        assert turns == [(True, jobs.KILLED), (False, "")]

    def test_one_that_is_told_to_end_finishes_what_is_in_hand_and_begins_nothing(
        self, house: House, settings: Any
    ) -> None:
        settings.ONCE = False
        child = house.worker(settings, turn_of_day=lambda: time.sleep(1))
        house.wait_for("begun turn_of_day")
        os.kill(child, signal.SIGTERM)
        assert house.ended(child) == 0
        assert house.lines()["done turn_of_day"] == 1
        assert ("turn_of_day", False, "") in house.runs()

    def test_one_is_told_to_end_whichever_of_its_threads_the_signal_comes_to(self, house: House, settings: Any) -> None:
        settings.ONCE = False

        def told() -> None:
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

        child = house.worker(settings, turn_of_day=told)
        assert house.ended(child) == 0
        assert house.lines()["done turn_of_day"] == 1


class TestAPieceThatFails:
    """As when the database is away for a while."""

    def test_is_tried_again_after_ever_longer_pauses_until_it_is_well(self, monkeypatch: pytest.MonkeyPatch) -> None:
        answers = iter([OperationalError(), OperationalError(), OperationalError(), 1.0, OperationalError()])
        pauses: list[float] = []

        class Stop(Event):
            def wait(self, timeout: float | None = None) -> bool:
                pauses.append(timeout or 0)
                return len(pauses) == 5

        def look(_stop: Event) -> float:
            answer = next(answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(worker, "close_old_connections", lambda: None)
        monkeypatch.setattr(worker, "connections", SimpleNamespace(close_all=lambda: None))
        assert not worker.tend(worker.Piece("letters", look), Stop())
        assert pauses == [1, 2, 4, 1.0, 1]

    def test_is_left_alone_for_a_minute_at_most(self) -> None:
        assert worker._back_off(50) == worker.LONGEST_PAUSE
