"""``make bench-front``: nginx's cache beside a static file, how long a start takes, and how much memory.

The example deployment, over TLS, with one web process; nothing else should be running. ``LOADED=folder`` names a site
that is loaded already. Prints a table; for people, never a test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

from tests import running_site
from tests.public_site import PublicSite, running

SECONDS = os.environ.get("SECONDS", "4")
SAVED = "saved.0123456789ab.html"  # as a static file that never changes
ROUNDS = 3
TURNS = 7  # of page and file


def main() -> None:
    """Loads a site where none is named, starts the deployment over it and measures."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name) / "d"
        loaded = os.environ.get("LOADED")
        if loaded:
            running_site.copied(Path(loaded), folder)
        else:
            folder.mkdir()
            running_site.load(folder)
        began = time.monotonic()
        with running(folder, "localhost") as front:
            print(f"everything started, first answer after {time.monotonic() - began:.1f} s")
            _start(front)
            _memory(front)
            _cache(front)


def _start(front: PublicSite) -> None:
    """From the start of the web processes to the first page, in seconds of the wall and of the processor."""
    front.stop_web()
    began = time.monotonic()
    front.start_web()
    while front.ask("/account/login/").status != 200:
        time.sleep(0.05)
    took = time.monotonic() - began
    print(f"start to first answer: {took:.1f} s, of which a processor worked {_processor(front):.1f} s")


def _processor(front: PublicSite) -> float:
    ticks = os.sysconf("SC_CLK_TCK")
    [process] = front.web_processes()
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / ticks


def _memory(front: PublicSite) -> None:
    """Of one web process after every page of the sitemap, three times."""
    for visited in range(1, ROUNDS + 1):
        names = re.findall(r'(?:<loc>|href=")https?://[^/]+(/[^"<]*)', front.ask("/sitemap.xml").body.decode())
        paths = sorted(set(names))
        codes = {front.ask(path).status for path in paths}
        [process] = front.web_processes()
        resident, proportional = (_kilobytes(process, field) / 1024 for field in ("Rss", "Pss"))
        print(f"after {len(paths)} pages, time {visited}: {resident:.0f} MB, its share {proportional:.0f} MB; {codes}")


def _kilobytes(process: int, field: str) -> int:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    found = re.search(rf"^{field}:\s+(\d+) kB", text, re.MULTILINE)
    assert found
    return int(found[1])


def _cache(front: PublicSite) -> None:
    """Requests a second of the home page from nginx's cache, and of the same bytes as a static file, in turn."""
    body = front.ask("/").body
    static = front.folder / running_site.STATIC
    if static.is_symlink():
        copied = front.folder / "static.own"
        shutil.copytree(static, copied, symlinks=True)
        static.unlink()
        copied.rename(static)
    (static / SAVED).write_bytes(body)
    for clients in ("1", "8"):
        ratios = []
        for _turn in range(TURNS):
            kept, file = (_rate(front, path, clients) for path in ("/", f"/static/{SAVED}"))
            ratios.append(kept / file)
            print(f"{clients} clients: cached page {kept:.0f}/s, static file {file:.0f}/s, {kept / file:.2f}")
        print(f"{clients} clients: the middle one of the rounds {median(ratios):.2f}")
    states = {front.ask("/").headers["X-Cache"] for _time in range(20)}
    print(f"{len(body)} bytes; the page came from: {states}")


def _rate(front: PublicSite, path: str, clients: str) -> float:
    command = ["wrk", "-t1", f"-c{clients}", f"-d{SECONDS}s", f"https://localhost:{front.port}{path}"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in said, said
    found = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert found
    return float(found[1])


if __name__ == "__main__":
    main()
