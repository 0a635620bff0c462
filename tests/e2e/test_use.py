"""What a visitor does: skips to the content, chooses a theme, changes the language, and gets a first quote."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from .browser import LANGUAGES, Reader, visit, wait_until

HOMES = {"ru": "/", "en": "/en/"}


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_quote(browser: Browser, site: str, language: str, scripts: bool) -> None:
    with visit(browser, site, Reader(width=320, scripts=scripts)) as visited:
        page = visited.open(f"{HOMES[language]}levels/competency/")
        form = page.locator("form.quote-form")
        form.locator("[name=quantity]").fill("10")
        form.locator("[name=client_discount]").fill("15")
        form.get_by_role("button").click()
        page.wait_for_url(re.compile(r"quantity=10.*#quote"))
        percent = {"ru": "15\u00a0%", "en": "15%"}[language]

        expect(page.locator("#quote")).to_contain_text(percent)
        assert page.locator("form.quote-form [name=quantity]").input_value() == "10"
        assert visited.troubles == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_number_is_named_beside_its_field(browser: Browser, site: str, language: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open(f"{HOMES[language]}levels/competency/?quantity=0&client_discount=много")
        quantity = page.locator("form.quote-form [name=quantity]")

        expect(quantity).to_have_attribute("aria-invalid", "true")
        described = quantity.get_attribute("aria-describedby") or ""
        assert any(page.locator(f"#{name}").inner_text().strip() for name in described.split())


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_key_skips_to_the_content(browser: Browser, site: str, language: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open(HOMES[language])
        page.keyboard.press("Tab")
        focused = page.locator(":focus")

        expect(focused).to_have_attribute("href", "#main")
        expect(focused).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page.locator("#main")).to_be_focused()


def test_every_stop_of_the_tab_key_is_seen(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open("/levels/competency/")
        for _stop in range(40):
            page.keyboard.press("Tab")
            outlined = page.evaluate(
                """() => {
                    const style = getComputedStyle(document.activeElement);
                    return document.activeElement === document.body
                        || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
                        || style.boxShadow !== "none";
                }"""
            )
            assert outlined, page.evaluate("document.activeElement.outerHTML.slice(0, 200)")


def test_a_chosen_theme_is_remembered(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(theme="light")) as visited:
        page = visited.open("/")
        root, switch = page.locator("html"), page.locator("[data-theme-switch]").filter(visible=True).first
        while root.get_attribute("data-theme") != "dark":
            switch.click()
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        visited.open("/terms/")

        expect(root).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == dark


def test_the_language_switch_stays_on_the_page(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open("/benefits/")
        page.get_by_role("link", name="English").first.click()
        page.wait_for_url("**/en/benefits/")

        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.get_by_role("link", name="Русский").first.click()
        page.wait_for_url(f"{site}/benefits/")


def test_a_page_that_is_not_there_helps_on(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(width=320)) as visited:
        for home in HOMES.values():
            page = visited.open(f"{home}no-such-page/", status=404)

            assert visited.troubles == []
            expect(page.locator("h1")).to_be_visible()
            assert page.locator(f"main a[href='{home}']").count() >= 1


def test_a_day_is_asked_about_without_scripts(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(width=320, scripts=False)) as visited:
        page = visited.open("/levels/retail/")
        page.locator("details.as-of > summary").click()
        page.locator("#as-of-day").fill("2020-01-01")
        page.locator("form.day-form button").click()  # the site is younger than that

        page.wait_for_url(f"{site}/levels/retail/?on=2020-01-01")
        expect(page.locator("main h1")).to_be_visible()
        expect(page.locator("main a[href='/levels/retail/']")).to_be_visible()
        expect(page.locator("#as-of-day")).to_have_value("2020-01-01")


def test_the_menu_of_a_phone_opens_without_scripts(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(width=320, scripts=False)) as visited:
        page = visited.open("/")
        page.locator("details.site-header__menu > summary").click()

        expect(page.locator("details.site-header__menu a[href='/terms/']")).to_be_visible()


@pytest.mark.parametrize(("width", "fonts"), [(320, ["Onest Fallback", "Onest"]), (1280, ["Onest", "Onest"])])
def test_a_telephone_waits_for_no_font_on_its_first_page(
    browser: Browser, site: str, width: int, fonts: list[str]
) -> None:
    with visit(browser, site, Reader(width=width)) as visited:
        seen = []
        for path in ("/", "/levels/"):
            page = visited.open(path)
            family = page.locator("h1").evaluate("heading => getComputedStyle(heading).fontFamily")
            seen.append(family.split(",")[0].strip('"'))
            wait_until(page, "localStorage.getItem('font') === 'kept'")
        assert seen == fonts
        assert page.evaluate("document.fonts.check('1em Onest', 'aя')")
        assert visited.troubles == []
