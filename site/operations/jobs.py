"""Runs of jobs, each recorded."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.utils import timezone

from operations.models import JobRun


@dataclass(slots=True)
class Run:
    """A run that is going on."""

    text: str = ""

    def said(self, text: str) -> None:
        """What the record will say of how it ended; the last word counts."""
        self.text = text


@contextmanager
def job_run(name: str) -> Iterator[Run]:
    """Records what is done within it as a run of a job, and how it ended."""
    now = timezone.now()
    JobRun.objects.filter(job=name, finished_at=None).update(finished_at=now, failed=True)
    row = JobRun.objects.create(job=name, host=socket.gethostname(), started_at=now, alive_at=now)
    run, failed = Run(), True
    try:
        yield run
        failed = False
    finally:
        row.finished_at, row.failed, row.said = timezone.now(), failed, run.text
        row.save()
