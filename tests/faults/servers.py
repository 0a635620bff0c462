"""What a site stands on while faults befall it, beside ``tests.servers``: PostgreSQL, SMTP; and processes by their ids.

Each is stopped and started again as a fault asks for it. One that is not installed raises Absent, which says how to get
it.
"""

from __future__ import annotations

import os
import re
import signal
import socketserver
import subprocess
import threading
from collections import Counter
from pathlib import Path

import psycopg

from tests.running_site import free_port
from tests.servers import Cluster


class Postgres(Cluster):
    """A PostgreSQL with many databases, at a port of this machine that stays its own while it is away."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.port = free_port()
        self.options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c max_connections=200"

    def url(self, name: str = "postgres") -> str:
        """The address of a database of it."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def copy(self, source: str, name: str) -> str:
        """A database like another, which nobody is using; answers its address."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return self.url(name)

    def empty(self, name: str) -> str:
        """A database with nothing in it; answers its address."""
        return self.copy("template0", name)

    def dump(self, name: str, file: Path) -> None:
        """Writes a database into a file."""
        with file.open("wb") as output:
            command = [str(self.bin / "pg_dump"), "-Fc", self.url(name)]
            subprocess.run(command, stdout=output, check=True)

    def restore(self, file: Path, name: str) -> None:
        """Fills an empty database from a file."""
        subprocess.run([str(self.bin / "pg_restore"), "--no-owner", "-d", self.url(name), str(file)], check=True)

    def drop(self, name: str) -> None:
        """Takes a database away, whoever uses it."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class MailServer:
    """Takes every letter by SMTP, and counts the Message-IDs of those that it has accepted."""

    def __init__(self) -> None:
        self.port = free_port()
        self.taken: Counter[str] = Counter()
        self.recipients: Counter[str] = Counter()
        self.server: socketserver.ThreadingTCPServer | None = None

    @property
    def url(self) -> str:
        """Its address, as EMAIL_URL says it."""
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Takes letters from now on."""
        taken, recipients = self.taken, self.recipients

        class Session(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                take_letters(self, taken, recipients)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True
            request_queue_size = 100

        self.server = Server(("127.0.0.1", self.port), Session)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Refuses connections from now on."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


def take_letters(session: socketserver.StreamRequestHandler, taken: Counter[str], recipients: Counter[str]) -> None:
    """One SMTP session: just what Django's client says."""
    to = ""
    try:
        session.wfile.write(b"220 sink\r\n")
        for line in session.rfile:
            word = line[:4].upper()
            if word == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
            if word == b"DATA":
                session.wfile.write(b"354 go on\r\n")
                taken[_message_id(session)] += 1
                recipients[to] += 1
            session.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return
    except OSError:
        return  # the sender was killed


def _message_id(session: socketserver.StreamRequestHandler) -> str:
    """That of the letter that follows, read to its end."""
    lines = []
    for line in session.rfile:
        if line == b".\r\n":
            break
        lines.append(line)
    else:
        raise ConnectionResetError("cut short: not accepted")
    found = re.search(rb"^Message-ID:\s*(\S+)", b"".join(lines), re.MULTILINE | re.IGNORECASE)
    return found[1].decode() if found else ""


def children_of(parent: int) -> list[int]:
    """The process ids of a process's children."""
    numbers = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdecimal()]
    return sorted(pid for pid in numbers if parent_of(pid) == parent)


def command_of(pid: int) -> str:
    """How a process was called, or calls itself."""
    return _read(Path(f"/proc/{pid}/cmdline"))


def parent_of(pid: int) -> int:
    """The process id of its parent; 0 for one that is gone."""
    stat = _read(Path(f"/proc/{pid}/stat"))
    return int(stat.rpartition(")")[2].split()[1]) if stat else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> bool:
    """Whether the process was there to be told."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True
