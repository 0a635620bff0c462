"""The worker: does the work of the house beside the web processes, on as many hosts as one likes.

Each piece of work is looked after by a thread of its own, so that none waits for another and none that fails stops the
others: what requests leave to be done (letters, notices of editions, rehearsals, files of marks), and each job of the
timetable. Whatever they do is claimed in the database. Waiting is counted by a clock that nobody sets. May not import
views.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from threading import Event

from django.db import Error, close_old_connections, connections

from operations import schedule
from operations.jobs import Busy, Watch
from partner_directory import outbox
from partner_directory.actions import edition_notices, impacts
from partner_directory.badges.files import unprepared
from partner_directory.models.edition_notice import EditionRelease
from partner_directory.models.impact import Impact

LETTERS_AT_ONCE = 20
LOOK, LOOK_SELDOM = 1.0, 5.0  # seconds between two looks for work
WITHOUT_MAIL = 60.0  # seconds that a mail server which does not answer is left alone
LONGEST_PAUSE = 60.0  # seconds before a piece of work that fails is tried again

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that is looked for again and again; ``look`` does what there is, answers seconds until the next look."""

    name: str
    look: Callable[[Event], float]


def letters(_stop: Event) -> float:
    """Sends some of the letters that are due; the next ones at once."""
    outcomes = outbox.send_due(most=LETTERS_AT_ONCE)
    if outcomes[outbox.Outcome.NO_SERVER]:
        return WITHOUT_MAIL
    return 0 if outcomes else LOOK


def notices(_stop: Event) -> float:
    """Tells partners of editions published or withdrawn; those who join later, the turn of the day tells."""
    fresh = EditionRelease.objects.current().filter(told_at=None)
    if fresh.exists() or EditionRelease.objects.withdrawn_untold().exists():
        edition_notices.announce_due()
    return LOOK


def rehearsals(stop: Event) -> float:
    """Goes on with rehearsals of editions, a chunk at a time; one that fails holds up none of the others."""
    failures = []
    for impact in Impact.objects.unfinished():
        try:
            _rehearse(impact, stop)
        except Exception as error:  # told below, after the others have had their turn
            failures.append(error)
    if failures:
        raise ExceptionGroup("Some rehearsals failed", failures)
    return LOOK


def _rehearse(impact: Impact, stop: Event) -> None:
    with suppress(impacts.TakenOver), closing(impacts.run(impact=impact)) as chunks:
        for _done in chunks:
            if stop.is_set():
                return


def mark_files(watch: Watch, _stop: Event) -> float:
    """Makes the files of approved marks that have none."""
    if unprepared():
        with suppress(Busy):
            schedule.run("prepare_kits", watch=watch)
    return LOOK_SELDOM


def scheduled(job: schedule.Job, watch: Watch, _stop: Event) -> float:
    """Runs a job of the timetable when its time has come."""
    schedule.run_if_due(job, watch)
    return LOOK_SELDOM


def pieces() -> list[Piece]:
    """All there is to look after."""
    return [
        Piece("letters", letters),
        Piece("notices of editions", notices),
        Piece("rehearsals", rehearsals),
        Piece("files of marks", partial(mark_files, Watch())),
        *(Piece(job.name, partial(scheduled, job, Watch())) for job in schedule.timetable()),
    ]


def work(stop: Event, *, once: bool = False) -> bool:
    """Looks after everything until told to stop, or once; whether nothing has failed the last time it was tried.

    Told to stop, each thread ends after the piece of work in its hand.
    """
    mine = pieces()
    with ThreadPoolExecutor(len(mine), thread_name_prefix="worker") as threads:
        tending = [threads.submit(tend, piece, stop, once=once) for piece in mine]
        # A signal may come to any thread and is heard by this one alone, when it wakes.
        while wait(tending, timeout=LOOK).not_done:
            pass
        return all(each.result() for each in tending)


def tend(piece: Piece, stop: Event, *, once: bool = False) -> bool:
    """Looks after one piece of work; one that fails is tried again after ever longer pauses."""
    failures = 0
    try:
        while True:
            pause = _looked(piece, stop)
            failures = failures + 1 if pause is None else 0
            is_over = stop.is_set() or (once and pause != 0)
            if is_over or stop.wait(_back_off(failures) if pause is None else pause):
                return not failures
    finally:
        connections.close_all()


def _looked(piece: Piece, stop: Event) -> float | None:
    """Seconds until the next look; None where it has failed."""
    try:
        return piece.look(stop)
    except schedule.JobFailed:  # logged already
        pass
    except Error as error:  # the database is away or busy, and would say so of every piece
        logger.warning("The worker's %s could not ask the database: %r", piece.name, error)
        connections.close_all()
    except Exception:  # whatever one piece stumbles over, it is tried again and the others go on
        logger.exception("The worker's %s failed", piece.name)
    finally:
        close_old_connections()
    return None


def _back_off(failures: int) -> float:
    return min(2.0 ** (failures - 1), LONGEST_PAUSE)
