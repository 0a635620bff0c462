"""Seeing statements on their way to the database, and telling of what is written, once a transaction.

May not import models.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

Execute = Callable[[str, Any, bool, dict[str, Any]], Any]
Wrapper = Callable[[Execute, str, Any, bool, dict[str, Any]], Any]


def wrap(connection: BaseDatabaseWrapper, wrapper: Wrapper, *, outermost: bool = False) -> None:
    """Gives a connection the wrapper for good, once; it outlives reconnecting.

    ``outermost`` puts it before the others: Django's own (``execute_wrapper``) take themselves off the end.
    """
    wrappers = connection.execute_wrappers
    if wrapper not in wrappers:
        wrappers.insert(0 if outermost else len(wrappers), wrapper)


def tell_of_write(connection: BaseDatabaseWrapper, tell: Callable[[], None]) -> None:
    """Calls ``tell`` now and, in a transaction, once more when it is committed; then only for the first of its writes.

    Now too, because a process that is killed after the commit tells of nothing any more.
    """
    if not connection.in_atomic_block:
        tell()
    elif not any(hook[1] is tell for hook in connection.run_on_commit):
        tell()
        connection.on_commit(tell, robust=True)
