"""Every migration of the house on a full database, one by one back and forward again, newest first."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

from tests.faults import looking
from tests.faults.ground import Ground, Happened, Site
from tests.running_site import ROOT

ASKED = "each is reversible or says so; what was there before is the same after; readers of the old columns go on"
PLAN = """
import json, django; django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.apps import apps
executor = MigrationExecutor(connection)
folders = {config.label: config.path for config in apps.get_app_configs()}
house = {label for label, folder in folders.items() if "site-packages" not in folder}
whole = executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
plan = [migration for migration, _backwards in whole if migration.app_label in house]
print(json.dumps([[m.app_label, m.name, all(o.reversible for o in m.operations), m.name[:4] == "0001"] for m in plan]))
"""
# One process for all: starting takes longer than most migrations.
MIGRATE = """
import sys, django; django.setup()
from django.core.management import call_command
for line in sys.stdin:
    try:
        call_command("migrate", *line.split(), verbosity=0)
    except Exception as error:
        print(repr(error).replace(chr(10), " "), flush=True)
    else:
        print("done", flush=True)
"""
COLUMNS = """
    SELECT table_name, array_agg(column_name::text ORDER BY column_name) FROM information_schema.columns
    JOIN pg_tables ON tablename = table_name AND schemaname = 'public'
    WHERE table_schema = 'public' AND table_name NOT IN ('django_migrations', 'django_content_type', 'auth_permission',
        'auth_group_permissions', 'wagtailcore_grouppagepermission') GROUP BY table_name
"""
Columns = Mapping[str, list[str]]


@dataclass
class Reader:
    """Reads every column that was there before, again and again, as the code of before does."""

    url: str
    columns: Columns
    longest: float = 0.0
    rounds: int = 0
    failed: list[str] = field(default_factory=list)

    def read(self, stop: threading.Event) -> None:
        """Until told to stop."""
        with psycopg.connect(self.url, autocommit=True) as database:
            while not stop.is_set():
                for table, columns in self.columns.items():
                    started = time.monotonic()
                    try:
                        database.execute(f'SELECT {_listed(columns)} FROM "{table}" LIMIT 1').fetchall()
                    except psycopg.Error as error:
                        self.failed.append(f"{table}: {error}")
                    self.longest = max(self.longest, time.monotonic() - started)
                self.rounds += 1


@dataclass
class Walk:
    """What has come of the migrations so far; seconds of the slowest, and of the reader who waited longest."""

    wrong: list[str] = field(default_factory=list)
    done: int = 0
    slowest: tuple[float, str] = (0.0, "")
    longest_wait: float = 0.0
    reads: int = 0


class Migrator:
    """A process that migrates a site, to one state after another."""

    def __init__(self, site: Site) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", MIGRATE],
            cwd=ROOT, env=_environment(site), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def to(self, app: str, name: str) -> float:
        """Goes there, back or forward; the seconds that it took. Raises RuntimeError where it fails."""
        assert self.process.stdin
        assert self.process.stdout
        started = time.monotonic()
        self.process.stdin.write(f"{app} {name}\n")
        self.process.stdin.flush()
        if (said := self.process.stdout.readline().strip()) != "done":
            raise RuntimeError(f"{app}.{name}: {said or 'ended'}")
        return time.monotonic() - started

    def end(self) -> None:
        """Ends it."""
        self.process.kill()
        self.process.wait()


def back_and_forward(ground: Ground, count: int) -> Happened:
    """Goes back over one migration after another, and over each forward and back once more, on a crowd of partners."""
    walk = Walk()
    with ground.site("migrations") as site:
        site.manage("demo_partners", "--count", str(count))
        plan = [tuple(row) for row in json.loads(_python(site, PLAN))]
        walk.wrong += [f"{app}.{name} is not reversible" for app, name, reversible, _first in plan if not reversible]
        migrator = Migrator(site)
        try:
            for app, name, before in _steps(plan):
                _step(site, migrator, (app, name, before), walk)
        except RuntimeError as error:
            walk.wrong.append(str(error)[-300:])
        finally:
            migrator.end()
        site.manage("migrate", "--verbosity", "0")
        walk.wrong += looking.corrupt(site)
    said = (
        f"{walk.done} migrations over {count} partners; slowest {walk.slowest[1]}: {walk.slowest[0]:.1f} s; "
        f"readers waited {walk.longest_wait:.1f} s at most ({walk.reads} rounds)"
    )
    wrong = walk.wrong
    return Happened(f"{said}; WRONG: {'; '.join(wrong[:6])} ({len(wrong)})" if wrong else said, not wrong)


def _step(site: Site, migrator: Migrator, step: tuple[str, str, str], walk: Walk) -> None:
    """Back over one migration, forward over it while somebody reads what was there before, and back for the next."""
    app, name, before = step
    of_now = _columns(site)
    now = _digests(site, of_now)
    back = migrator.to(app, before)
    columns = _columns(site)
    there = _digests(site, columns)
    with _reading(site, columns) as reader:
        forward = migrator.to(app, name)
    after = _digests(site, columns)
    same = {table: now[table] for table in columns if of_now.get(table) == columns[table]}
    changed = [table for table in columns if not after[table] == there[table] == same.get(table, there[table])]
    walk.wrong += [f"{app}.{name} changed {', '.join(changed)}"] if changed else []
    walk.wrong += [f"{app}.{name}: {failure}" for failure in reader.failed[:1]]
    walk.slowest = max(walk.slowest, (max(back, forward), f"{app}.{name}"))
    walk.longest_wait = max(walk.longest_wait, reader.longest)
    walk.reads, walk.done = walk.reads + reader.rounds, walk.done + 1
    migrator.to(app, before)


def _steps(plan: list[tuple[str, str, bool, bool]]) -> Iterator[tuple[str, str, str]]:
    """Each migration with the one before it in its app, newest first; the first of an app stays."""
    for index in range(len(plan) - 1, -1, -1):
        app, name, _reversible, first = plan[index]
        earlier = [other for other_app, other, *_rest in plan[:index] if other_app == app]
        if not first and earlier:
            yield app, name, earlier[-1]


def _python(site: Site, code: str) -> str:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=_environment(site), capture_output=True, text=True, check=True)
    return done.stdout


def _environment(site: Site) -> Mapping[str, str]:
    return {**os.environ, **site.environment, "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}"}


def _columns(site: Site) -> Columns:
    with psycopg.connect(site.url) as database:
        return dict(database.execute(COLUMNS).fetchall())


def _digests(site: Site, columns: Columns) -> dict[str, tuple[int, str]]:
    """Of every table: how many rows, and a digest of what they hold in some columns."""
    with psycopg.connect(site.url) as database:
        return {table: _digest(database, table, names) for table, names in columns.items()}


def _digest(database: psycopg.Connection, table: str, columns: list[str]) -> tuple[int, str]:
    digest = "coalesce(md5(string_agg(md5(row::text), '' ORDER BY md5(row::text))), '')"
    query = f'SELECT count(*), {digest} FROM (SELECT {_listed(columns)} FROM "{table}") AS row'
    found = database.execute(query).fetchone()
    assert found is not None
    return found


def _listed(columns: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


@contextmanager
def _reading(site: Site, columns: Columns) -> Iterator[Reader]:
    reader, stop = Reader(site.url, columns), threading.Event()
    thread = threading.Thread(target=reader.read, args=(stop,), daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        stop.set()
        thread.join(timeout=60)
