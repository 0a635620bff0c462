"""Checking a badge with a browser: each answer is accessible and fits, the camera is offered where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from partner_directory.demo.people import SAMPLES
from program_pages.demo.people import SAMPLE_PASSWORD

from .axe import accessible_and_fitting
from .browser import LANGUAGES, READERS, Reader, visit

HOMES = {"ru": "/", "en": "/en/"}
NOBODYS, MISTYPED = "7K3QW9XM24", "7K3QW9XM2D"
DETECTOR = """
globalThis.BarcodeDetector = class {
    static async getSupportedFormats() { return ["qr_code"]; }
    async detect() { return [{ rawValue: "https://programme.example/verify/CODE/" }]; }
};
const getUserMedia = async () => { throw new Error("no camera"); };
Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia } });
"""


@pytest.mark.parametrize(("language", "reader"), READERS, ids=str)
def test_every_answer_is_accessible_and_fits(
    browser: Browser, site: str, badge_codes: list[str], tmp_path: Path, language: str, reader: Reader
) -> None:
    home, junk = HOMES[language], tmp_path / "a-logo-with-a-rather-long-name-that-somebody-was-sent.svg"
    junk.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    found = {}
    with visit(browser, site, reader) as visited:
        for path, status in (
            (f"verify/{NOBODYS}/", 404),
            (f"verify/{MISTYPED}/", 422),
            ("verify/?code=", 422),
            ("verify/?code=https://a.example/" + "x" * 60, 422),
            *((f"verify/{code}/?on=soon", 422) for code in badge_codes[:1]),
        ):
            visited.open(home + path, status=status)
            found[path] = [*accessible_and_fitting(visited), *visited.troubles]
        page = visited.open(f"{home}verify/")
        page.locator("#id_file").set_input_files(junk)
        page.locator("form[enctype] button").click()
        expect(page.locator(".verdict--plain")).to_be_visible()
        page.wait_for_load_state("load")  # its styles, too
        found["a file"] = [*accessible_and_fitting(visited), *visited.troubles]
    assert {path: troubles for path, troubles in found.items() if troubles} == {}


def test_a_typed_code_leads_to_its_page(browser: Browser, site: str, badge_codes: list[str]) -> None:
    with visit(browser, site, Reader(width=320, scripts=False)) as visited:
        page = visited.open("/verify/")
        page.locator("#id_code").fill(badge_codes[0].lower())
        page.locator("#id_code").press("Enter")
        expect(page.locator(".verdict")).to_be_visible()
        assert page.url == f"{site}/verify/{badge_codes[0]}/"


def test_the_camera_is_offered_only_where_the_browser_reads_codes(browser: Browser, site: str) -> None:
    with visit(browser, site, Reader(scripts=False)) as visited:
        expect(visited.open("/verify/").locator("[data-scan]")).to_be_hidden()
    with visit(browser, site, Reader()) as visited:
        visited.page.add_init_script(DETECTOR)
        page = visited.open("/verify/")
        expect(page.locator("[data-scan]")).to_be_visible()
        page.locator("[data-scan]").click()
        expect(page.locator("[data-scan-status]")).not_to_be_empty()  # there is no camera: type the code


@pytest.mark.parametrize("ground", ["light", "dark"])
def test_a_live_badge_is_drawn_by_the_browser(browser: Browser, site: str, badge_codes: list[str], ground: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open("/verify/")
        address = f"/badges/{badge_codes[0]}.svg?ground={ground}"
        size = page.evaluate(
            """async (address) => {
                const image = new Image();
                image.src = address;
                await image.decode();
                return [image.naturalWidth, image.naturalHeight];
            }""",
            address,
        )
        assert size == [264, 64]
        assert visited.troubles == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_of_a_live_badge_is_copied_and_that_is_said(browser: Browser, site: str, language: str) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open(f"/account/login/?next={HOMES[language]}portal/logos/")
        page.locator("[name=login]").fill(SAMPLES[1].email)  # the first one has a passkey by another test
        page.locator("[name=password]").fill(SAMPLE_PASSWORD)
        page.locator("main [type=submit]").first.click()
        page.wait_for_url("**/portal/logos/")
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        for way in page.locator(".badge-embed__way").all():
            way.locator("[data-copy]").click()
            expect(way.locator("[role=status]")).not_to_be_empty()
            copied = page.evaluate("navigator.clipboard.readText()")
            assert copied.startswith("<a href=")
            assert "/verify/" in copied
        assert page.locator(".badge-embed__way").count() > 1
        assert [*accessible_and_fitting(visited), *visited.troubles] == []


def test_a_verification_on_paper_has_its_verdict_and_its_code(
    browser: Browser, site: str, badge_codes: list[str]
) -> None:
    with visit(browser, site, Reader()) as visited:
        page = visited.open(f"/verify/{badge_codes[0]}/")
        page.emulate_media(media="print")
        for part in (".verdict", ".verification__qr svg", ".verification__address", ".checked"):
            expect(page.locator(part)).to_be_visible()
        for part in (".verify__day", "header nav", "#credentials"):
            for found in page.locator(part).all():
                expect(found).to_be_hidden()
