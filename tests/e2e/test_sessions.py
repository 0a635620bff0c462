"""Where somebody is signed in: a session that was left open elsewhere is ended from here."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from partner_directory.demo.people import SAMPLES
from program_pages.demo.people import SAMPLE_PASSWORD

from .axe import accessible_and_fitting
from .browser import READERS, Reader, Visit, visit

HOMES = {"ru": "/", "en": "/en/"}
OTHERS = {"ru": "Завершить все остальные", "en": "End all others"}


def signed_in(visited: Visit, path: str) -> None:
    """Comes in by the one door, on the way to a page."""
    page = visited.open(f"/account/login/?next={path}")
    page.locator("[name=login]").fill(SAMPLES[1].email)  # the first one has a passkey by another test
    page.locator("[name=password]").fill(SAMPLE_PASSWORD)
    page.locator("main [type=submit]").first.click()
    page.wait_for_url(f"**{path}")


@pytest.mark.parametrize(("language", "reader"), READERS, ids=str)
def test_one_that_was_left_open_elsewhere_is_ended(browser: Browser, site: str, language: str, reader: Reader) -> None:
    path = f"{HOMES[language]}account/sessions/"
    with visit(browser, site, reader) as elsewhere, visit(browser, site, reader) as here:
        signed_in(elsewhere, path)
        signed_in(here, path)
        assert [*accessible_and_fitting(here), *here.troubles] == []
        here.page.get_by_role("button", name=OTHERS[language]).click()
        here.page.wait_for_url("**/account/reauthenticate/**")
        here.page.locator("main [name=password]").fill(SAMPLE_PASSWORD)  # once more, before such a change
        assert [*accessible_and_fitting(here), *here.troubles] == []
        here.page.locator("main [type=submit]").first.click()
        here.page.wait_for_url(f"**{path}")
        expect(here.page.locator("main form")).to_have_count(0)
        assert [*accessible_and_fitting(here), *here.troubles] == []

        elsewhere.page.goto(site + path)
        elsewhere.page.wait_for_url("**/account/login/**")
