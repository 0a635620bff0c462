"""Runs of jobs: each recorded, one at a time on all hosts, taken over from whoever was killed.

A run is claimed by its row, of which the database allows one that is not finished. While it lives, its row says so
every ``BEAT`` seconds; a run that has said nothing for ``LEASE`` seconds was killed. Who watches counts them by a clock
of its own that nobody sets, so that neither a clock that jumps nor one of another host is believed. May not import
views.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, IntegrityError, connection, connections, models, transaction
from django.utils import timezone

from operations.models import JobRun
from tracing import ids

BEAT = 10.0  # seconds between two signs of life
LEASE = 60.0  # seconds of silence after which a run is dead
KEPT = timedelta(days=30)  # after which what was recorded of a run is removed
MOST_SAID = 1000  # characters
PAUSES = (0, 1, 2, 4, 8, 15, 30)  # seconds between attempts to write down how a run ended
KILLED = "Killed: no sign of life"

logger = logging.getLogger(__name__)


class Busy(RuntimeError):
    """Another run of the job is going on, or has just done what was due."""


@dataclass(slots=True)
class Run:
    """A run that is going on."""

    job: str
    key: int
    text: str = ""

    def said(self, text: str) -> None:
        """What the record will say of how it ended; the last word counts."""
        self.text = text


@dataclass(slots=True)
class Watch:
    """For how long the run of somebody else has given no sign of life, by this process's own clock."""

    sign: object = None
    since: float = 0.0
    signs: int = 0

    def silence(self, sign: object) -> float:
        """Seconds since the sign was first seen; 0 for a new one."""
        now = time.monotonic()
        if sign != self.sign:
            self.sign, self.since, self.signs = sign, now, self.signs + 1
        return now - self.since


_in_hand: ContextVar[tuple[Run, ...]] = ContextVar("runs in hand", default=())


@contextmanager
def job_run(name: str, *, watch: Watch | None = None, if_still: Callable[[], bool] | None = None) -> Iterator[Run]:
    """Records what is done within it as a run of a job, and how it ended; a failure is logged and raised again.

    Within a run of the same job it joins that one, so that a command may record itself and be run by the worker.
    ``if_still`` is asked once nobody else can be at it. Raises Busy where another run is going on; without a ``watch``
    only after at most ``LEASE`` seconds, in which a killed one would have shown itself.
    """
    joined = next((run for run in _in_hand.get() if run.job == name), None)
    if joined is not None:
        yield joined
        return
    run = _claimed(name, watch, if_still)
    token = _in_hand.set((*_in_hand.get(), run))
    try:
        with ids.using(ids.new()), _beating(run):  # a worker lives long: each run is told apart in the log
            yield run
    except BaseException as error:  # a run that is told to end has ended, too
        logger.exception("The job %s failed", name)
        _finish(run, f"{type(error).__name__}: {error}", failed=True)
        raise
    else:
        _finish(run, run.text, failed=False)
    finally:
        _in_hand.reset(token)


def _claimed(job: str, watch: Watch | None, if_still: Callable[[], bool] | None) -> Run:
    watching = watch or Watch()
    while (key := _taken(job, watching)) is None:
        if watch is not None or watching.signs > 1:
            raise Busy(job)
        time.sleep(min(1, LEASE))
    if if_still is not None and not if_still():
        JobRun.objects.filter(pk=key).delete()
        raise Busy(job)
    return Run(job, key)


def _taken(job: str, watch: Watch) -> int | None:
    """The key of a new run, if nobody is at it; one that was killed is put down as failed first."""
    held = JobRun.objects.filter(job=job, finished_at=None).values_list("pk", "alive_at").first()
    if held is not None:
        if watch.silence(held) < LEASE:
            return None
        silent = JobRun.objects.filter(pk=held[0], alive_at=held[1], finished_at=None)
        if not silent.update(finished_at=models.F("alive_at"), failed=True, said=KILLED):
            return None
        logger.error("The job %s was killed; it is taken over", job)
    now = timezone.now()
    try:
        with transaction.atomic():
            return JobRun.objects.create(job=job, host=_host(), started_at=now, alive_at=now).pk
    except IntegrityError:  # somebody else has just begun
        return None


def _host() -> str:
    return socket.gethostname()[:100]


@contextmanager
def _beating(run: Run) -> Iterator[None]:
    """Gives signs of life from a thread of its own."""
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(run, over), name=f"heart of {run.job}", daemon=True)
    heart.start()
    try:
        yield
    finally:
        over.set()
        heart.join()


def _beat(run: Run, over: threading.Event) -> None:
    while not over.wait(BEAT):
        try:
            _open(run).update(alive_at=timezone.now())
        except Error as error:
            logger.warning("The job %s could not say that it lives: %r", run.job, error)
        finally:
            connections.close_all()


def _finish(run: Run, said: str, *, failed: bool) -> None:
    """Writes down how it ended, when the database is there again; nothing where it was taken over meanwhile."""
    for pause in (*PAUSES, None):
        try:
            _write_end(run, said.replace("\x00", "")[:MOST_SAID], failed=failed)
        except Error as error:
            if pause is None or connection.in_atomic_block:
                raise
            logger.warning("How the job %s ended is not written down yet: %r", run.job, error)
            connection.close()
            time.sleep(pause)
        else:
            return


def _write_end(run: Run, said: str, *, failed: bool) -> None:
    now: datetime = timezone.now()
    if not _open(run).update(finished_at=now, alive_at=now, failed=failed, said=said):
        logger.error("The job %s had been taken over before it ended", run.job)
    JobRun.objects.filter(job=run.job, started_at__lt=now - KEPT, finished_at__isnull=False).delete()


def _open(run: Run) -> models.QuerySet[JobRun]:
    return JobRun.objects.filter(pk=run.key, finished_at=None)
