"""Work that goes on beside the request which asked for it, in one thread a process. May not import models."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import connections

from tracing.ids import carried

logger = logging.getLogger(__name__)


class Errand:
    """One thread a process that does some work; begun when it is asked for, ended when nobody asks any more.

    Not a daemon: a process that is asked to end lets it finish what is in hand.
    """

    def __init__(self, name: str, work: Callable[[], object]) -> None:
        self.name, self.work = name, work
        self.lock = threading.Lock()
        self.is_asked = self.is_at_work = False

    def wake(self) -> None:
        """Lets it look once more, at work or not."""
        with self.lock:
            self.is_asked = True
            if not self.is_at_work:
                threading.Thread(target=carried(self._work), name=self.name).start()
                self.is_at_work = True

    def _is_asked(self) -> bool:
        with self.lock:
            self.is_at_work = self.is_asked
            self.is_asked = False
            return self.is_at_work

    def _work(self) -> None:
        while self._is_asked():
            try:
                self.work()
            except Exception:
                logger.exception("The errand %s failed", self.name)
            finally:
                connections.close_all()
