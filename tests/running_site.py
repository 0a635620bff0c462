"""A real site for whoever visits it by HTTP: loaded once by the project's own commands, then served by gunicorn.

Everything stands in a folder of its own: the database and the collected static files.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
DATABASE, STATIC, MEDIA, PRIVATE, LOG = "db.sqlite3", "static", "media", "private", "server.log"
SECONDS_TO_START = 180  # a machine may have much else to do
BADGE_KEY = "bm90LWEtc2VjcmV0LWEta2V5LWZvci10ZXN0cy1vbmw"  # that of config.settings.e2e, which serves what is loaded
_masters: dict[str, int] = {}  # the process that looks after the workers of an address


def load(folder: Path) -> None:
    """Migrates, loads the programme and the directory, and collects the static files in a folder; a minute at most."""
    (folder / MEDIA).mkdir(parents=True, exist_ok=True)
    loading = _environment(folder, "config.settings.dev")  # sample users are made with DEBUG alone
    for settings, *command in (
        (loading, "compile_messages"),
        (loading, "migrate", "--verbosity", "0"),
        (loading, "load_programme"),
        (loading, "load_directory"),
        (_environment(folder), "collectstatic", "--no-input", "--verbosity", "0"),
    ):
        _run([sys.executable, "manage.py", *command], settings)


def copied(loaded: Path, folder: Path) -> Path:
    """A folder with a database of its own beside the same static and uploaded files."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(loaded / DATABASE, folder / DATABASE)
    for shared in (STATIC, MEDIA):
        (folder / shared).symlink_to(loaded / shared, target_is_directory=True)
    return folder


def manage(folder: Path, *command: str, program: str = "manage.py", **environment: str) -> None:
    """Runs one of the project's commands on a loaded folder; ``environment`` goes before the usual one."""
    _run([sys.executable, program, *command], {**_environment(folder, "config.settings.dev"), **environment})


@contextmanager
def served(
    folder: Path,
    application: str = "config.wsgi",
    *,
    workers: int = 1,
    threads: int = 4,
    probe: str = "/healthz",
    **environment: str,
) -> Iterator[str]:
    """Serves a loaded folder on a free port of this machine; gives the address without a slash at its end.

    ``environment`` goes before the usual one.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "gunicorn", application, "--pythonpath", "site", "--bind", f"127.0.0.1:{port}"]
    command += ["--workers", str(workers), "--threads", str(threads), "--no-control-socket"]
    log = folder / LOG
    with log.open("ab") as output:
        settings = {**_environment(folder), **environment}
        process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=output, stderr=output)
        _masters[address] = process.pid
        try:
            _wait(process, address + probe, log)
            yield address
        finally:
            del _masters[address]
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def megabytes(address: str) -> list[float]:
    """What each worker of a served address costs in memory: its own, and its share of what several use.

    Nothing where the system does not say.
    """
    master = _masters[address]
    try:
        workers = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        lines = [Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines() for worker in workers]
    except OSError:
        return []
    return [int(line.split()[1]) / 1024 for sizes in lines for line in sizes if line.startswith("Pss:")]


def sitemap_paths(address: str) -> list[str]:
    """The path of every public page, in both languages, as the sitemap names them."""
    with urlopen(f"{address}/sitemap.xml") as answer:  # noqa: S310 - our own server
        tree = ElementTree.parse(answer)  # noqa: S314 - our own server
    names = [element.text or "" for element in tree.iter() if element.tag.endswith("}loc")]
    names += [element.get("href", "") for element in tree.iter() if element.tag.endswith("}link")]
    return sorted({"/" + name.split("/", 3)[3] for name in names})


def _environment(folder: Path, settings: str = "config.settings.e2e") -> Mapping[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "BADGE_KEY": BADGE_KEY,
        "DATABASE_URL": os.environ.get("BENCH_DATABASE_URL") or f"sqlite:///{folder / DATABASE}",
        "STATIC_ROOT": str(folder / STATIC),
        "MEDIA_ROOT": str(folder / MEDIA),
        "PRIVATE_ROOT": str(folder / PRIVATE),
        "EMAIL_URL": "dummymail://",
        "API_LIMIT": "1000000000",  # every visitor of such a site has one address
        "VERIFY_LIMIT_API": "1000000000",
    }


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own server
                if answer.status == HTTPStatus.OK:
                    return
        except HTTPError as error:
            raise RuntimeError(f"{url} answered {error.code}:\n{log.read_text()}") from error
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The server did not start:\n{log.read_text()}")
