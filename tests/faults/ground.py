"""What every fault stands on: a loaded site on PostgreSQL, copied for each, its mail server, and what serves it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import psycopg

from tests import running_site
from tests.faults.servers import MailServer, Postgres, children_of, command_of

LOADED, DUMP = "loaded", "database.dump"
COMPANY = "northern-pier"  # whose owner signs in
FILES = (running_site.PRIVATE, running_site.MEDIA)
WORKERS = 3
WSGI = "config.wsgi"
LOGS = running_site.ROOT / "test-results" / "faults"
ENOUGH = "1000000"
# A worker where the site has one; before that, the command that sends what is due, run again and again.
WORKER = (
    ("worker",)
    if (running_site.ROOT / "site/operations/management/commands/worker.py").exists()
    else ("send_messages",)
)


running_site.SECONDS_TO_START = 600  # beside whatever else the machine has to do


@dataclass(frozen=True)
class Happened:
    """What came of a fault; ``passed`` is None where it could not be tried, and ``said`` tells why."""

    said: str
    passed: bool | None


class Site:
    """A site of its own: a database like the loaded one, folders for files, an environment."""

    def __init__(self, ground: Ground, name: str) -> None:
        self.name, self.ground, self.folder = name, ground, ground.folder / name
        self.folder.mkdir()
        for each in FILES:
            shutil.copytree(ground.folder / LOADED / each, self.folder / each)
        (self.folder / running_site.STATIC).symlink_to(ground.folder / LOADED / running_site.STATIC)
        self.url, self.mail = ground.postgres.copy(LOADED, name), MailServer()
        self.environment = {
            "DJANGO_SETTINGS_MODULE": "config.settings.e2e",
            "DATABASE_URL": self.url,
            "EMAIL_URL": self.mail.url,
            "EMAIL_TIMEOUT": "5",
            "STATIC_ROOT": str(self.folder / running_site.STATIC),
            "MEDIA_ROOT": str(self.folder / running_site.MEDIA),
            "PRIVATE_ROOT": str(self.folder / running_site.PRIVATE),
            **dict.fromkeys(("ENQUIRY_LIMIT_PER_HOUR", "ENQUIRY_LIMIT_PER_DAY"), ENOUGH),
            **dict.fromkeys(("UPLOAD_MOST_FILES", "UPLOAD_MOST_FILES_A_DAY"), ENOUGH),
        }

    @contextmanager
    def served(self, workers: int = WORKERS, application: str = WSGI, **environment: str) -> Iterator[str]:
        """Serves it by several processes; gives the address."""
        settings = {**self.environment, **environment}
        with running_site.served(self.folder, application, workers=workers, **settings) as address:
            yield address

    def manage(self, *command: str, program: str = "manage.py", **environment: str) -> None:
        """Runs a command to its end. Raises RuntimeError where it fails."""
        running_site.manage(self.folder, *command, program=program, **{**self.environment, **environment})

    def begin(self, *command: str, program: str = "manage.py", **environment: str) -> subprocess.Popen[bytes]:
        """Starts a command, and does not wait for it."""
        settings = {**os.environ, **self.environment, **environment}
        with (self.folder / "commands.log").open("ab") as output:
            return subprocess.Popen(
                [sys.executable, program, *command], cwd=running_site.ROOT, env=settings, stdout=output, stderr=output
            )

    @property
    def log(self) -> str:
        """What its web processes have said."""
        return (self.folder / running_site.LOG).read_text(errors="replace")

    @property
    def partner(self) -> int:
        """The key of the company whose owner signs in."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute("SELECT id FROM partner_directory_partner WHERE slug = %s", [COMPANY]).fetchone()
        assert row is not None
        return int(row[0])


class Ground:
    """Loads a site once, into a cluster of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.chmod(0o755)  # PostgreSQL runs as somebody else
        self.postgres = Postgres(folder / "postgres")

    @contextmanager
    def ready(self, say: Callable[[str], None]) -> Iterator[None]:
        """Servers that run, and the loaded database, until the end."""
        self.postgres.create()
        self.postgres.start()
        try:
            with psycopg.connect(self.postgres.url(), autocommit=True) as connection:
                connection.execute(f'CREATE DATABASE "{LOADED}"')
            self._load()
            say("A site is loaded.")
            yield
        finally:
            self.postgres.stop("immediate")

    @contextmanager
    def site(self, name: str) -> Iterator[Site]:
        """A fresh one, with a mail server that runs."""
        site = Site(self, name)
        site.mail.start()
        try:
            yield site
        finally:
            site.mail.stop()
            self.postgres.drop(name)
            _keep_log(site)
            shutil.rmtree(site.folder)

    def _load(self) -> None:
        """By the project's own commands; from what an earlier run has kept where KEPT_SITE names a folder."""
        url, kept, loaded = self.postgres.url(LOADED), os.environ.get("KEPT_SITE"), self.folder / LOADED
        if kept and Path(kept).exists():
            self.postgres.restore(Path(kept) / DUMP, LOADED)
            shutil.copytree(kept, loaded, ignore=shutil.ignore_patterns(DUMP))
        else:
            with mock.patch.dict(os.environ, {"BENCH_DATABASE_URL": url}):  # what running_site loads into
                running_site.load(loaded)
        if kept and not Path(kept).exists():
            shutil.copytree(loaded, kept, ignore=shutil.ignore_patterns("*.log"))
            self.postgres.dump(LOADED, Path(kept) / DUMP)
        for each in FILES:
            (loaded / each).mkdir(exist_ok=True)
        with psycopg.connect(url) as connection:  # no letter leaves to a fictional company
            connection.execute("UPDATE partner_directory_partner SET is_sample = false")


def _keep_log(site: Site) -> None:
    """What it has said stays, for whoever asks why a fault did not pass."""
    said = site.folder / running_site.LOG
    if said.exists():
        LOGS.mkdir(parents=True, exist_ok=True)
        shutil.copy(said, LOGS / f"{site.name}.log")


def master() -> int:
    """The process that looks after the web processes: this one serves one site at a time."""
    return next(pid for pid in children_of(os.getpid()) if "gunicorn" in command_of(pid))


def web_processes() -> list[int]:
    """Those that answer."""
    return children_of(master())
