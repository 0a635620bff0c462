"""What a first visitor with a slow telephone gets: when the largest thing is painted, what jumps, how many bytes.

Chromium imitates the telephone: 360 px wide, a processor four times as slow, 1.6 Mbit/s and 150 ms there and back
(what is called "slow 4G"). Each page is opened by a new visitor, whose browser keeps nothing yet, from the site as the
public has it: production's settings, and nginx before it, which speaks HTTP/2. Beside the pages stands one line of
text: what is the browser's and the machine's own.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, CDPSession, sync_playwright

from tests import public_site
from tests.e2e.browser import wait_until
from tests.running_site import STATIC

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
PAGES = {
    "home": "/",
    "level": "/levels/competency/",
    "terms": "/terms/",
    "directory": "/partners/",
    "calculator": "/calculator/",
    "verify": "/verify/",
}
LINE = "line.html"  # a page beside them that is nothing but this:
ONE_LINE = (
    '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>1</title><p>One line.'
)
TIMES = 7
TELEPHONE = {"width": 360, "height": 740}
SLOWNESS = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
MOST_MILLISECONDS, MOST_SHIFT, MOST_BYTES, MOST_SCRIPT = 1000, 0.0, 120_000, 20_000
WATCH = """
window.painted = {largest: 0, shift: 0};
new PerformanceObserver(list => list.getEntries().forEach(entry => { painted.largest = entry.startTime; }))
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(entry => { painted.shift += entry.value; }))
  .observe({type: 'layout-shift', buffered: true});
"""


@dataclass(frozen=True, slots=True)
class Painted:
    """One page at a first visit: milliseconds to its largest paint, the sum of its shifts, bytes, of scripts."""

    page: str
    largest: float
    shift: float
    size: int
    script: int

    @property
    def reaches_its_aims(self) -> bool:
        """Whether it is as quick, still and light as it should be."""
        is_light = self.size <= MOST_BYTES and self.script <= MOST_SCRIPT
        return is_light and self.largest <= MOST_MILLISECONDS and self.shift <= MOST_SHIFT


def measured(folder: Path) -> list[Painted]:
    """Opens each page of a loaded site a few times; nothing where there is no browser."""
    if not CHROMIUM or public_site.absent():
        print(f"Nobody sees the pages painted: {public_site.absent() or 'no Chromium here'}.", flush=True)
        return []
    with public_site.running(folder, "localhost", WEB_CONCURRENCY="2") as site, _browser() as browser:
        (folder / STATIC / LINE).write_text(ONE_LINE)
        found = []
        for title, path in {**PAGES, "one line": f"/static/{LINE}"}.items():
            visits = [_visit(browser, title, site.url + path) for _number in range(TIMES)]
            middle = median(visit.largest for visit in visits)
            found.append(Painted(title, middle, max(v.shift for v in visits), visits[0].size, visits[0].script))
            print(f"{title:<12}{middle:>7.0f} ms  shift {found[-1].shift:.3f}  {found[-1].size} bytes", flush=True)
        return found


def main(folder: Path) -> None:
    """Measures and prints."""
    measured(folder)


@contextmanager
def _browser() -> Iterator[Browser]:
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


def _visit(browser: Browser, title: str, url: str) -> Painted:
    context = browser.new_context(
        viewport=TELEPHONE, device_scale_factor=2, is_mobile=True, has_touch=True, ignore_https_errors=True
    )
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: dict[str, int] = {}
    scripts: set[str] = set()
    _slow_down(session)
    session.on("Network.responseReceived", lambda seen: seen["type"] == "Script" and scripts.add(seen["requestId"]))
    session.on(
        "Network.loadingFinished", lambda seen: sizes.update({seen["requestId"]: int(seen["encodedDataLength"])})
    )
    page.add_init_script(WATCH)
    page.goto(url, wait_until="networkidle")
    wait_until(page, "painted.largest")  # which a busy browser tells later
    painted = page.evaluate("painted")
    context.close()
    script = sum(size for request, size in sizes.items() if request in scripts)
    return Painted(title, painted["largest"], painted["shift"], sum(sizes.values()), script)


def _slow_down(session: CDPSession) -> None:
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWNESS})
