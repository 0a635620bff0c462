"""The calculator in a browser: it answers as one types and loses nothing, and works as a plain form without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .browser import LANGUAGES, Reader, Visit, visit, wait_until

HOMES = {"ru": "/", "en": "/en/"}
DEAL = "calculator/?v=1&level=competency&line=asoft-crm:10:1000&on=2026-02-03"
SHORT = re.compile(r"\?v=1&level=\w+&line=")


@pytest.fixture
def visited(browser: Browser, site: str) -> Iterator[Visit]:
    """A window on a desk."""
    with visit(browser, site, Reader()) as window:
        yield window


def number(page: Page) -> Locator:
    """What the partner earns."""
    return page.locator(".quote-answer__number")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_and_the_address_follow_what_is_typed(visited: Visit, language: str) -> None:
    page = visited.open(f"{HOMES[language]}{DEAL}")
    expect(number(page)).to_contain_text("000")

    page.locator("#id_line_0_quantity").fill("30")
    expect(number(page)).to_contain_text("6")
    page.locator("#id_discount").fill("15")
    expect(number(page)).to_contain_text("5")  # 30 × 1 000 − 15 % is 25 500, a fifth of it 5 100

    page.wait_for_url(re.compile(r"line=asoft-crm:30:1000.*discount=15"))
    assert SHORT.search(page.url)
    assert visited.troubles == []


def test_typing_is_never_lost_and_the_focus_stays(visited: Visit) -> None:
    page = visited.open(f"/{DEAL}")
    quantity = page.locator("#id_line_0_quantity")
    quantity.focus()
    quantity.press("End")
    quantity.press_sequentially("234567890"[:4], delay=220)  # slower than an answer takes, faster than one is asked for

    expect(quantity).to_have_value("102345")
    expect(quantity).to_be_focused()
    page.wait_for_url(re.compile("line=asoft-crm:102345:"))
    expect(quantity).to_have_value("102345")
    assert quantity.evaluate("element => element.selectionStart") == len("102345")


def test_what_the_reader_has_opened_stays_open(visited: Visit) -> None:
    page = visited.open(f"/{DEAL}")
    line = page.locator("details.quote-line").first
    line.locator("summary").click()
    page.locator("#group-bonus > summary").click()
    page.locator("#id_discount").fill("5")
    page.wait_for_url(re.compile("discount=5"))

    expect(line).to_have_attribute("open", "")
    expect(page.locator("#group-bonus")).to_have_attribute("open", "")
    expect(line.locator("a.clause-ref")).to_have_attribute("href", re.compile(r"/terms/.*#r\d+"))


def test_a_chosen_product_makes_room_for_the_next_one_and_goes_by_its_button(visited: Visit) -> None:
    page = visited.open(f"/{DEAL}")
    page.locator("#id_line_1_product").select_option("isolation")

    expect(page.locator("#id_line_1_quantity")).to_have_value("1")
    expect(page.locator("#id_line_2_product")).to_be_visible()
    page.locator("button[name=drop][value='0']").click()
    page.wait_for_url(re.compile(r"line=isolation:1"))
    expect(page.locator("#id_line_0_product")).to_have_value("isolation")
    expect(page.locator("#id_line_2_product")).to_have_count(0)


def test_another_level_is_one_key_away(visited: Visit) -> None:
    page = visited.open(f"/{DEAL}")
    page.locator("[name=level][value=competency]").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url(re.compile("level=saas"))

    expect(page.locator(".quote-answer[data-level=saas]")).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_scripts_the_form_leads_to_the_same_answer(browser: Browser, site: str, language: str) -> None:
    with visit(browser, site, Reader(width=320, scripts=False)) as visited:
        page = visited.open(f"{HOMES[language]}calculator/")
        page.locator("#id_line_0_price").fill("12 000,50")
        page.locator("#group-rental > summary").click()
        page.locator("#id_rent_seats").fill("30")
        page.locator("#id_rent_fee").fill("900")
        page.locator("[name=level][value=saas]").check(force=True)
        page.locator("form.calculator-form button:not([name])").click()
        page.wait_for_url(re.compile(r"v=1&level=saas&line=asoft-crm:10:12000\.5:.*&rent=30:900.*#answer$"))

        expect(page.locator("#rental-chart")).to_be_visible()
        assert visited.troubles == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_number_is_said_beside_it_as_one_types_and_mended_as_easily(visited: Visit, language: str) -> None:
    page = visited.open(f"{HOMES[language]}{DEAL}")
    discount = page.locator("#id_discount")
    discount.fill("101")

    expect(discount).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_discount_error")).to_be_visible()
    expect(discount).to_be_focused()
    discount.fill("10")
    expect(page.locator("#id_discount_error")).to_have_count(0)
    expect(number(page)).to_be_visible()


def test_the_link_and_the_text_are_copied_and_that_is_said(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open(f"/{DEAL}")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        said = page.locator(".quote-actions__said")

        page.locator("[data-copy-link]").click()
        expect(said).not_to_be_empty()
        assert SHORT.search(page.evaluate("navigator.clipboard.readText()"))
        page.locator("[data-copy-text]").click()
        wait_until(page, "navigator.clipboard.readText().then(text => text.includes('ASoft CRM:'))")


def test_the_number_stays_in_sight_on_a_phone(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(width=320)) as visited:
        page = visited.open("/calculator/")
        bar = page.locator(".calculator__bar")

        expect(bar).to_be_in_viewport()
        bar.click()
        expect(number(page)).to_be_in_viewport()


def test_an_old_link_says_what_has_changed_and_leads_to_today(visited: Visit) -> None:
    page = visited.open("/calculator/?v=1&level=retail&line=asoft-crm:1::100:50&on=2026-02-03&edition=1")
    changed = page.locator(".quote-change")

    expect(changed).to_be_visible()
    changed.get_by_role("link").click()
    page.wait_for_url(re.compile(r"line=asoft-crm:1(&|$)"))
    expect(page.locator(".quote-change")).to_have_count(0)


def test_on_paper_the_form_is_gone_and_the_lines_are_open(visited: Visit) -> None:
    page = visited.open(f"/{DEAL}")
    page.emulate_media(media="print")

    expect(page.locator(".calculator-form")).to_be_hidden()
    expect(number(page)).to_be_visible()
    expect(page.locator(".quote-line__body").first).to_be_visible()
