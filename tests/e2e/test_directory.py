"""The directory in a browser: it answers as one chooses and loses nothing, and works as plain links and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .browser import LANGUAGES, Reader, Visit, visit

HOMES = {"ru": "/", "en": "/en/"}


@pytest.fixture
def visited(browser: Browser, site: str) -> Iterator[Visit]:
    """A window on a desk."""
    with visit(browser, site, Reader()) as window:
        yield window


@pytest.fixture
def plain(browser: Browser, site: str) -> Iterator[Visit]:
    """A window in which no script runs."""
    with visit(browser, site, Reader(scripts=False)) as window:
        yield window


def found(page: Page) -> int:
    """How many partners the page says it has found."""
    return int(re.sub(r"\D", "", page.locator("#found").inner_text()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_tick_filters_without_a_reload_and_the_address_keeps_it(visited: Visit, language: str) -> None:
    page = visited.open(f"{HOMES[language]}partners/")
    everybody = found(page)
    page.evaluate("window.sameDocument = true")
    box = page.locator('input[name="level"][value="retail"]')
    expected = int(box.locator("xpath=..").locator("b").inner_text())
    box.check()

    page.wait_for_url(re.compile(r"\?level=retail$"))
    assert found(page) == expected < everybody
    expect(box).to_be_focused()
    assert page.evaluate("window.sameDocument") is True
    expect(page.locator("#found [role=status]")).to_have_count(1)
    page.locator(".chips__chip").click()
    page.wait_for_url(re.compile(r"/partners/$"))
    assert found(page) == everybody
    assert visited.troubles == []


def test_words_are_searched_as_one_types_and_back_leads_back(visited: Visit) -> None:
    page = visited.open("/partners/?level=saas")
    before = found(page)
    words = page.locator("#q")
    words.click()
    words.press_sequentially("казань", delay=60)
    page.wait_for_url(re.compile("q=%D0"))

    expect(words).to_be_focused()
    expect(words).to_have_value("казань")
    page.go_back()
    page.wait_for_url(re.compile(r"\?level=saas$"))
    expect(page.locator("#found")).to_contain_text(str(before))


def test_arrows_walk_the_map_and_enter_asks_for_a_region(visited: Visit) -> None:
    page = visited.open("/partners/?view=map")
    moscow = page.locator('.tile-map__place a[href*="region=77"]')
    moscow.focus()
    place = (moscow.get_attribute("data-row"), moscow.get_attribute("data-column"))
    page.keyboard.press("ArrowRight")
    focused = page.locator(":focus")
    assert focused.get_attribute("data-row") == place[0]
    assert focused.get_attribute("data-column") != place[1]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")

    page.wait_for_url(re.compile("region=77"))
    expect(page.locator(".chips__chip")).to_have_count(1)


def test_no_more_than_three_are_ticked_to_be_compared(visited: Visit) -> None:
    page = visited.open("/partners/")
    boxes = page.locator('input[name="partner"]')
    for number in range(3):
        boxes.nth(number).check()

    expect(boxes.nth(3)).to_be_disabled()
    page.locator(".directory-takeaway__compare button").click()
    expect(page.locator(".partner-comparison__partner")).to_have_count(3)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_form_the_map_and_the_profile_work(plain: Visit, language: str) -> None:
    page = plain.open(f"{HOMES[language]}partners/")
    page.locator('input[name="level"][value="competency"]').check()
    page.locator("#near").fill("Kazan")
    page.locator(".directory-search__button").click()
    page.wait_for_url(re.compile("level=competency"))
    expect(page.locator(".chips__chip")).to_have_count(1)

    page.locator(".directory__view").nth(1).click()
    page.locator(".tile-map__place a:not(.tile-map__tile--0)").first.click()
    page.wait_for_url(re.compile("region="))
    assert found(page) > 0
    page.locator(".partner-card__name a").first.click()
    expect(page.locator(".partner-head__name")).to_be_visible()


def test_a_visitor_writes_to_a_partner_and_is_told_that_it_went(visited: Visit) -> None:
    page = visited.open("/partners/?accepting=yes")
    page.locator(".partner-card__name a").first.click()
    page.locator(".partner-head__actions .button").click()
    page.locator("#id_text").fill("Нужна CRM на двадцать мест, расскажите о сроках.")
    page.locator("#id_name").fill("Анна")
    page.locator("#id_email").fill("anna@visitor.example")
    consent = page.locator('input[type="checkbox"][name="consent"]')
    expect(consent).not_to_be_checked()
    consent.check()
    page.locator('main button[type="submit"]').click()

    page.wait_for_url(re.compile(r"\?sent=(1|confirm)$"))
    assert visited.troubles == []


def test_what_is_missing_is_said_beside_its_field_and_nothing_is_lost(plain: Visit) -> None:
    page = plain.open("/partners/enquiry/")
    page.locator("#id_name").fill("Анна")
    page.locator('main button[type="submit"]').click()

    expect(page.locator(".error-summary")).to_be_visible()
    expect(page.locator("#id_name")).to_have_value("Анна")


def test_the_home_page_leads_straight_to_the_directory(visited: Visit) -> None:
    page = visited.open("/")
    page.locator("#search-partners").fill("внедрение")
    page.locator("#search-partners").press("Enter")

    page.wait_for_url(re.compile("/partners/.q="))
    assert found(page) > 0
