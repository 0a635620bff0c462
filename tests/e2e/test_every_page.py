"""Every public page in both languages, themes and widths: whole, accessible, calm, and from its own host alone."""

from __future__ import annotations

import contextlib
import os

import pytest
from playwright.sync_api import Browser, Error

from .axe import accessible_and_fitting
from .browser import LANGUAGES, READERS, Reader, Visit, in_language, visit

FIRST_VIEW_BYTES, SCRIPT_BYTES = 120_000, 20_000
SHORTEST_PAGE = 150  # characters of main content; a page with fewer is empty


def check(browser: Browser, site: str, paths: list[str], reader: Reader, look: object) -> None:
    """Looks at each page; fails with everything that was found on any."""
    found = {}
    with visit(browser, site, reader) as visited:
        for path in paths:
            visited.open(path)
            troubles = [*look(visited), *visited.troubles]  # type: ignore[operator]
            if troubles:
                found[path] = troubles
    report = "\n".join(f"{path}\n" + "\n".join(f"    {each}" for each in each_of) for path, each_of in found.items())
    assert not found, f"{len(found)} of {len(paths)} pages:\n{report}"


@pytest.mark.parametrize(("language", "reader"), READERS, ids=str)
def test_axe_finds_nothing_and_nothing_is_broken(
    browser: Browser, site: str, paths: list[str], language: str, reader: Reader
) -> None:
    listed = in_language(paths, language)
    if os.environ.get("FEW_CASES"):  # a short run looks at each page in one of the languages
        listed = listed[LANGUAGES.index(language) :: len(LANGUAGES)]
    check(browser, site, listed, reader, accessible_and_fitting)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_every_page_shows_its_content(
    browser: Browser, site: str, paths: list[str], language: str
) -> None:
    def content(visited: Visit) -> list[str]:
        main = visited.page.locator("main")
        words = main.inner_text() if main.count() == 1 else ""
        heading = main.locator("h1").filter(visible=True).count()
        return ([] if len(words) >= SHORTEST_PAGE else [f"main says only {words!r}"]) + (
            [] if heading == 1 else [f"{heading} visible headings of the first rank in main"]
        )

    listed = [path for path in in_language(paths, language) if "?" not in path]
    check(browser, site, listed, Reader(width=320, scripts=False), content)


def test_a_first_view_of_any_page_is_light(browser: Browser, site: str, paths: list[str]) -> None:
    found = {}
    for path in [path for path in in_language(paths, "ru") if "?" not in path]:  # Russian weighs more than English
        with visit(browser, site, Reader()) as visited:
            page = visited.open(path)
            page.wait_for_load_state("networkidle")
            parts = page.evaluate(
                "[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]"
                ".map(part => [new URL(part.name).pathname, part.encodedBodySize])"
            )
            whole, scripts = (
                sum(size for _name, size in parts),
                sum(size for name, size in parts if name.endswith("js")),
            )
            if whole > FIRST_VIEW_BYTES or scripts > SCRIPT_BYTES:
                heaviest = sorted(parts, key=lambda part: -part[1])[:4]
                found[path] = f"{whole} bytes, {scripts} of scripts; heaviest {heaviest}"

    assert not found, "\n".join(f"{path}: {what}" for path, what in found.items())


def test_the_checks_see_what_is_wrong(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(width=320)) as visited:
        page = visited.open("/")
        page.evaluate(
            """() => {
                const main = document.querySelector("main");
                main.innerHTML = '<img src="/static/none.png"><p>pale</p><div>wide</div>';
                Object.assign(main.querySelector("p").style, {color: "#eee", background: "#fff"});
                main.querySelector("div").style.width = "900px";
                console.error("planted");
            }"""
        )
        page.wait_for_load_state("networkidle")
        found = accessible_and_fitting(visited)
        with contextlib.suppress(Error):
            page.goto("http://other.example/")
        troubles = " ".join(found + visited.troubles)

    for sign in ("image-alt", "color-contrast", "scrolls sideways", "planted", "asked another host", "404"):
        assert sign in troubles
