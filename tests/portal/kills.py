"""Kills a process between any two steps of an action, and looks at what it leaves in the database file (SQLite).

The test prepares its own database, which is copied into a file. A child of the test opens a copy of that file, runs the
action, and kills itself with SIGKILL before the write or the commit whose turn it is, after the commit, or at the very
end. The parent opens what is left, which mends the file as after a crash, and compares it with the original.
"""

from __future__ import annotations

import gc
import os
import random
import re
import secrets
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NoReturn

from django.db import connections

from partner_directory.guards import WORDS
from tests.databases import write_default

Action = Callable[[], object]
MOST = 10  # kills of one action: of many writes in a row some are left out, of commits none
READS = ("SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "PRAGMA")  # after these the file is what it was before
# Tables that follow from the others; that of references is written in no order.
DERIVED = ("sqlite_", WORDS, "wagtailsearch_", "wagtailcore_referenceindex")
# What differs from run to run: random keys, hashes, passwords of nobody, what was signed.
CHANCE = re.compile(
    r"\b[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}\b|\b[0-9a-f]{64}\b|![A-Za-z0-9]{40}\b|\beyJ[\w-]+\.[\w-]+\.[\w-]+"
)


class Ground:
    """The default database as the test has prepared it, whatever is still uncommitted, and a folder to work in."""

    def __init__(self, folder: Path) -> None:
        self.original, self.file, self.trace = folder / "original.sqlite3", folder / "killed.sqlite3", folder / "trace"
        write_default(self.original)
        self.content = self.original.read_bytes()

    def kills(self, action: Action) -> Iterator[str]:
        """What each kill has left, in the order of the steps: "nothing", "all", or the rows by which it is neither."""
        whole, steps = self.undisturbed(action)
        for step in chosen(steps):
            self.reset()
            self.run(action, step)
            left = self.changes()
            yield {"": "nothing", whole: "all"}.get(left, f"killed at step {step} of {steps}:\n{left}")

    def resumed(self, action: Action) -> Iterator[str]:
        """What there is when, after each kill, the action is run once more: "all", or the rows by which it is not."""
        whole, steps = self.undisturbed(action)
        for step in chosen(steps):
            self.reset()
            self.run(action, step)
            self.run(action)
            left = self.changes()
            yield "all" if left == whole else f"killed at step {step} of {steps}, and run again:\n{left}"

    def undisturbed(self, action: Action) -> tuple[str, list[str]]:
        """What the action changes, and its steps."""
        self.reset()
        self.run(action)
        whole = self.changes()
        assert whole, "the action does nothing"
        return whole, self.trace.read_text().split()

    def reset(self) -> None:
        """Puts the file back as it was prepared."""
        self.file.write_bytes(self.content)

    def run(self, action: Action, step: int | None = None) -> None:
        """Runs the action on the file in a child, killed at a step where one is given."""
        child = os.fork()
        if child == 0:
            self._act_and_die(action, step)
        _pid, status = os.waitpid(child, 0)
        was_killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if step is None:
            assert os.WIFEXITED(status), f"the action died of {status}"
            assert os.WEXITSTATUS(status) == 0, "the action failed"
        else:
            assert was_killed, f"the action was not killed at step {step}"

    def changes(self) -> str:
        """The rows that are in the file and not in the original, and the other way round, but for what chance decides;

        opening mends the file as after a crash.
        """
        with closing(sqlite3.connect(self.file)) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # what was committed into the file, the rest away
            if self.file.read_bytes() == self.content:
                return ""
            database.execute("ATTACH ? AS original", [str(self.original)])
            names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            tables = [name for (name,) in names if not name.startswith(DERIVED)]
            rows = [row for table in tables for row in _differences(database, table)]
        return "\n".join(sorted(CHANCE.sub("#", row) for row in rows))

    def _act_and_die(self, action: Action, step: int | None) -> NoReturn:
        """The child: never returns into the test."""
        try:
            gc.disable()  # it would touch, and so copy, all that the parent has
            chance = random.Random(0)  # noqa: S311 - codes of badges are drawn alike in every child
            secrets.choice, secrets.randbelow = chance.choice, chance.randrange
            steps: list[str] = []

            def reach(name: str) -> None:
                if len(steps) == step:
                    os.kill(os.getpid(), signal.SIGKILL)
                steps.append(name)

            child = _opened(self.file, reach)
            action()
            reach("end")
            child.close()
            self.trace.write_text(" ".join(steps))
        except BaseException:
            import traceback

            traceback.print_exc()
            os._exit(1)
        os._exit(0)


def chosen(steps: list[str]) -> list[int]:
    """Which steps to kill at: all, or where there are very many, those around commits and some of the writes.

    The end is where nothing was written since a commit what it was after that.
    """
    at = range(len(steps) - (steps[-2:] == ["committed", "end"]))
    kept = {step for step in at if steps[step] != "write"}
    kept |= {step - 1 for step in kept if step} | {0}
    others = [step for step in at if step not in kept]
    stride = -(-len(others) // max(MOST - len(kept), 1)) or 1
    return sorted(kept | set(others[::stride]))


def _opened(file: Path, reach: Callable[[str], None]) -> Any:
    """The child's own default connection, to a file; it says before each write and around each commit what comes."""
    child = connections.create_connection("default")
    child.settings_dict = child.settings_dict | {"NAME": str(file)}
    connections["default"] = child
    child.ensure_connection()
    child.connection.execute("PRAGMA synchronous = OFF")  # the process dies, the machine does not
    commit = child._commit

    def statement(execute: Any, sql: str, *args: Any) -> Any:
        if not sql.lstrip().upper().startswith(READS):
            reach("write")
        return execute(sql, *args)

    def committed() -> None:
        reach("commit")
        commit()
        reach("committed")

    child._commit = committed
    child.execute_wrappers.append(statement)
    return child


def _differences(database: sqlite3.Connection, table: str) -> Iterator[str]:
    for sign, one, other in (("+", "main", "original"), ("-", "original", "main")):
        sql = f'SELECT * FROM {one}."{table}" EXCEPT SELECT * FROM {other}."{table}"'  # noqa: S608 - our own names
        for row in database.execute(sql):
            yield f"{sign} {table}: {row!r}"
