"""The log as production writes it, read by a test."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from operations.logs import JsonLine, Safe

Lines = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that the log gets, as JSON lines, from the level on that production logs."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.addFilter(Safe())
    handler.setFormatter(JsonLine())
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    """The lines so far, of one logger where it is named: ``lines("access")``."""

    def of(logger: str = "") -> list[dict[str, Any]]:
        found = [json.loads(line) for line in written.getvalue().splitlines()]
        return [line for line in found if logger in ("", line["logger"])]

    return of
