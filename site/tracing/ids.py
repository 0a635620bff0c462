"""The id that everything done for one request, or by one run of a command, has in common. May not import Django."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

WELL_FORMED = re.compile(r"[0-9a-fA-F-]{32,36}")  # nginx's $request_id, and the UUIDs of other proxies

_current: ContextVar[str] = ContextVar("tracing_id", default="")


def current() -> str:
    """The id of what is being done; empty where nobody gave it one."""
    return _current.get()


def new() -> str:
    """Another id: 32 hexadecimal digits."""
    return os.urandom(16).hex()


def begin(given: str = "") -> str:
    """From here on everything is done under one id: the given one where it is well-formed, otherwise a new one."""
    name = given if given and WELL_FORMED.fullmatch(given) else new()
    _current.set(name)
    return name


@contextmanager
def using(name: str) -> Iterator[str]:
    """For the length of a block everything is done under an id."""
    token = _current.set(name)
    try:
        yield name
    finally:
        _current.reset(token)


def carried(work: Callable[[], T]) -> Callable[[], T]:
    """The same work, done under the id of now wherever it is called: in a thread beside the request.

    The id alone goes along: the language, and whom the audit log names, are the thread's own.
    """
    name = current()

    def done() -> T:
        with using(name):
            return work()

    return done
