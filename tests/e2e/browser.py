"""A reader with a browser: what they prefer, what they may reach, and what went wrong on the way."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import product
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
WIDTHS = {320: 640, 1280: 800}
THEMES = ("light", "dark")
LANGUAGES = ("ru", "en")


def chromium() -> str | None:
    """The program that ``CHROMIUM`` names, or the first of the usual names; None where there is none."""
    named = os.environ.get("CHROMIUM")
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def wait_until(page: Page, condition: str, seconds: float = 15) -> None:
    """Waits until an expression holds. Playwright's own way asks from within the page, whose policy forbids it."""
    until = time.monotonic() + seconds
    while not page.evaluate(condition):
        assert time.monotonic() < until, f"never: {condition}"
        page.wait_for_timeout(50)


@contextmanager
def launched() -> Iterator[Browser]:
    """The system's browser, unseen."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(),
            # Where root runs tests there is no sandbox to be had, and only our own pages are visited.
            args=["--no-sandbox", "--disable-dev-shm-usage"],
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass(frozen=True, slots=True)
class Reader:
    """How somebody reads: their theme, the width of their window in pixels, whether scripts run."""

    theme: str = "light"
    width: int = 1280
    scripts: bool = True

    def __str__(self) -> str:
        return f"{self.theme}-{self.width}{'' if self.scripts else '-no-scripts'}"


def _readers() -> list[tuple[str, Reader]]:
    """Languages and readers so that each pair of a language, a theme and a width is there; all with EVERY_READER=1."""
    every = list(product(range(len(LANGUAGES)), range(len(THEMES)), range(len(WIDTHS))))
    chosen = every if os.environ.get("EVERY_READER") else [each for each in every if sum(each) % 2]
    widths = list(WIDTHS)
    return [(LANGUAGES[language], Reader(THEMES[theme], widths[width])) for language, theme, width in chosen]


READERS = _readers()


@dataclass
class Visit:
    """A window of one reader on the site, and whatever went wrong in it."""

    page: Page
    site: str
    troubles: list[str] = field(default_factory=list)

    def open(self, path: str, status: int = HTTPStatus.OK) -> Page:
        """Goes to a path of the site; another status than the one expected is a trouble."""
        self.troubles.clear()
        answer = self.page.goto(self.site + path, wait_until="load")
        if answer is None or answer.status != status:
            self.troubles.append(f"answered {answer and answer.status}")
        return self.page

    def hold_to_own_host(self, route: Route, request: Request) -> None:
        """Lets through what goes to the site itself, and refuses the rest."""
        scheme, host = urlsplit(request.url)[:2]
        if scheme in {"data", "blob"} or host == urlsplit(self.site).netloc:
            route.continue_()
        else:
            self.troubles.append(f"asked another host: {request.url}")
            route.abort()

    def hear(self, message: ConsoleMessage) -> None:
        """Errors and warnings of the console."""
        missing_page = "Failed to load resource" in message.text and message.location["url"] == self.page.url
        if message.type in {"error", "warning"} and not missing_page:
            self.troubles.append(f"console: {message.text} ({message.location['url']})")

    def look_at(self, response: Response) -> None:
        """Parts of a page that did not come."""
        if response.status >= HTTPStatus.BAD_REQUEST and not response.request.is_navigation_request():
            self.troubles.append(f"{response.status}: {response.url}")


@contextmanager
def visit(browser: Browser, site: str, reader: Reader) -> Iterator[Visit]:
    """A fresh window, with nothing in its cache, that only reaches the site."""
    context = browser.new_context(
        color_scheme="dark" if reader.theme == "dark" else "light",
        viewport={"width": reader.width, "height": WIDTHS[reader.width]},
        java_script_enabled=reader.scripts,
        reduced_motion="reduce",
    )
    try:
        page = context.new_page()
        visited = Visit(page, site)
        context.route("**/*", visited.hold_to_own_host)
        page.on("console", visited.hear)
        page.on("pageerror", lambda error: visited.troubles.append(f"script: {error}"))
        page.on("response", visited.look_at)
        yield visited
    finally:
        context.close()


def in_language(paths: list[str], language: str) -> list[str]:
    """The paths of one language."""
    return [path for path in paths if path.startswith("/en/") == (language == "en")]
