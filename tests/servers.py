"""Real servers: Redis, one that speaks S3, PostgreSQL with a standby; each in a folder of its own.

Started on free ports or sockets, gone afterwards. Where a program is absent Absent is raised: a test is skipped by it,
and says what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
import redis

from tests.running_site import free_port

SECONDS_TO_START = 30


class Absent(pytest.skip.Exception):
    """What somebody wants to start is not on this machine; says how to get it."""


def wait_for(what: str, ready: Callable[[], object]) -> None:
    """Waits until something is so; raises TimeoutError, naming it, after ``SECONDS_TO_START``."""
    deadline = time.monotonic() + SECONDS_TO_START
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


class RedisServer:
    """A Redis on a socket, that can be stopped, frozen and started again."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("redis-server") is None:
            raise Absent("no Redis here: apt-get install redis-server")
        folder.mkdir(parents=True, exist_ok=True)
        self.socket = folder / "redis.sock"
        self.url = f"redis://{self.socket}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts it, empty."""
        command = ["redis-server", "--port", "0", "--unixsocket", str(self.socket), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            command, cwd=self.socket.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        client = redis.Redis(unix_socket_path=str(self.socket))

        def answers() -> bool:
            try:
                return bool(client.ping())
            except redis.RedisError:
                return False

        wait_for("Redis", answers)
        client.close()

    def stop(self) -> None:
        """Stops it at once, whatever it is doing."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


@contextmanager
def redis_server(folder: Path) -> Iterator[RedisServer]:
    """A Redis that runs."""
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def s3_server(folder: Path) -> Iterator[str]:
    """The address of a server that speaks S3 over HTTP and keeps everything in memory."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with (folder / "s3.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            with urlopen(f"{address}/moto-api/", timeout=5):  # noqa: S310 - our own server
                return True
        except URLError:
            return False

    try:
        wait_for("the server of files", answers)
        yield address
    finally:
        process.kill()
        process.wait()


class Cluster:
    """A throw-away PostgreSQL in a folder, reached by a socket in it alone.

    What was committed survives the kill of its processes, not that of the machine.
    """

    options = "-c listen_addresses='' -c wal_level=replica -c max_wal_senders=4"

    def __init__(self, folder: Path) -> None:
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        if not found:
            raise Absent("no PostgreSQL here: apt-get install postgresql")
        self.bin, self.folder, self.data = found[-1], folder, folder / "data"
        self.as_owner = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        folder.mkdir(parents=True)
        if self.as_owner:
            shutil.chown(folder, "postgres")

    def url(self, name: str = "postgres") -> str:
        """A database of it, as ``DATABASE_URL`` names it."""
        return f"postgres://postgres@/{name}?host={self.folder}"

    def create(self) -> None:
        """Makes it, empty."""
        names = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.run("initdb", "-D", str(self.data), *names, "--no-sync")

    def run(self, program: str, *arguments: str) -> None:
        """Runs one of PostgreSQL's programs as a user that PostgreSQL accepts; raises RuntimeError with its words."""
        command, log = [*self.as_owner, str(self.bin / program), *arguments], self.folder / "commands.log"
        with log.open("ab") as output:  # a pipe would stay open as long as the server runs
            done = subprocess.run(command, cwd="/", stdout=output, stderr=output, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{log.read_text()}")

    def start(self) -> None:
        """Starts it, and returns once it answers."""
        options = f"-k {self.folder} -c fsync=off {self.options}"
        self.run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "server.log"), "-w", "-o", options, "start")

    def stop(self, how: str = "immediate") -> None:
        """Stops it: ``immediate`` as a crash would, ``fast`` ends every session; nothing where it does not run."""
        with suppress(RuntimeError):
            self.run("pg_ctl", "-D", str(self.data), "-m", how, "-w", "stop")

    def execute(self, statement: str) -> None:
        """Runs a statement."""
        self.run("psql", "-h", str(self.folder), "-U", "postgres", "-qc", statement)


@contextmanager
def primary_and_standby() -> Iterator[tuple[Cluster, Cluster]]:
    """A primary and a standby that streams from it."""
    # A short name, as the path of a socket has little room; not under pytest's folder, which its owner alone may enter.
    root = Path(subprocess.run(["mktemp", "-d"], capture_output=True, text=True, check=True).stdout.strip())
    root.chmod(0o755)
    primary, standby = Cluster(root / "one"), Cluster(root / "two")
    try:
        primary.create()
        primary.start()
        copy = ["-h", str(primary.folder), "-U", "postgres", "-D", str(standby.data), "-R", "-c", "fast", "--no-sync"]
        standby.run("pg_basebackup", *copy)
        standby.start()
        yield primary, standby
    finally:
        standby.stop()
        primary.stop()
        shutil.rmtree(root, ignore_errors=True)
