"""Runs rehearsals that were begun: beside the request, within it, or by the worker alone.

May not import views.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.db import connections

from partner_directory.actions import impacts
from partner_directory.models.impact import Impact
from tracing.ids import carried

logger = logging.getLogger(__name__)

Report = Callable[[int], object]


def wake(impact: Impact) -> None:
    """Goes on with a rehearsal as ``JOBS_RUN`` says; where another runner is at it, nothing is done."""
    if settings.JOBS_RUN == "beside":
        work = carried(partial(_beside, impact))
        threading.Thread(target=work, name=f"rehearsal {impact.pk}", daemon=True).start()
    elif settings.JOBS_RUN == "inline":
        finish(impact)


def finish(impact: Impact, report: Report | None = None) -> bool:
    """Goes on with a rehearsal to its end; whether it was this runner that ended it."""
    try:
        for done in impacts.run(impact=impact):
            if report is not None:
                report(done)
    except impacts.TakenOver:
        return False
    return True


def _beside(impact: Impact) -> None:
    """A daemon: a process that is asked to end does not wait for it, and the next runner goes on behind it."""
    try:
        finish(impact)
    except Exception:
        logger.exception("Rehearsal %s was not finished", impact.pk)
    finally:
        connections.close_all()
