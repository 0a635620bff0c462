"""Kills a process between any two steps of an action, and looks at what it leaves in the database file (SQLite).

A child of the test opens a copy of its database, runs the action, and kills itself with SIGKILL before the statement or
the commit whose turn it is; the parent compares the file with the one before and the one after an action undisturbed.
"""

from __future__ import annotations

import os
import random
import re
import secrets
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from django.db import connection, connections

from partner_directory.guards import WORDS

Action = Callable[[], object]
MOST_STEPS = 2000
KEPT = ("partner_directory_", "wagtailcore_modellogentry", "wagtailcore_revision")
# What differs from run to run: moments, random keys, hashes, what was signed at a moment.
CHANCE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?|\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b|\b[0-9a-f]{64}\b"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
)


def kills(action: Action, folder: Path) -> Iterator[str]:
    """What each kill has left, in the order of the steps: "nothing", "all", or the rows by which it is neither."""
    original = folder / "original.sqlite3"
    with sqlite3.connect(original) as target:
        connection.connection.backup(target)
    target.close()
    before, after = _content(original), _after(action, original, None)
    assert after is not None
    assert before != after, "the action does nothing"
    for step in count():
        assert step < MOST_STEPS
        left = _after(action, original, step)
        if left is None:
            return
        yield {before: "nothing", after: "all"}.get(left) or "\n".join(
            sorted(set(left.split("\n")) ^ set(before.split("\n")))
        )


def _after(action: Action, original: Path, step: int | None) -> str | None:
    """The content once the child has died at a step, or ended without one; None where it ended before the step."""
    file = original.with_name(f"step-{step}.sqlite3")
    shutil.copy(original, file)
    child = os.fork()
    if child == 0:
        _act_and_die(action, file, step)
    _pid, status = os.waitpid(child, 0)
    was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert was_killed or os.WEXITSTATUS(status) == 0, f"the action failed at step {step}"
    text = _content(file)
    for path in file.parent.glob(f"{file.name}*"):
        path.unlink()
    return text if was_killed is (step is not None) else None


def _act_and_die(action: Action, file: Path, step: int | None) -> NoReturn:
    """The child: never returns into the test."""
    try:
        chance = random.Random(0)  # noqa: S311 - codes of badges are drawn alike in every child
        secrets.choice, secrets.randbelow = chance.choice, chance.randrange
        child = connections.create_connection("default")
        child.settings_dict = child.settings_dict | {"NAME": str(file)}
        connections["default"] = child
        child.ensure_connection()
        steps = count()

        def next_step() -> None:
            if next(steps) == step:
                os.kill(os.getpid(), signal.SIGKILL)

        def statement(execute: Any, *args: Any) -> Any:
            next_step()
            return execute(*args)

        commit = child._commit

        def committed() -> None:
            next_step()
            commit()
            next_step()

        child._commit = committed
        with child.execute_wrapper(statement):
            action()
        child.close()
    except BaseException:
        import traceback

        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _content(file: Path) -> str:
    """What is stored of partners and in the audit log, but for what chance decides; opening mends as after a crash."""
    with closing(sqlite3.connect(file)) as database:
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = sorted(name for (name,) in found if name.startswith(KEPT) and not name.startswith(WORDS))
        rows = [f"{table}: {row!r}" for table in tables for row in database.execute(f'SELECT * FROM "{table}"')]  # noqa: S608
    return "\n".join(sorted(CHANCE.sub("#", row) for row in rows))
