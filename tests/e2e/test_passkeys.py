"""A passkey: added with a device that checks its owner, then signing in without a password, under the strict policy."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from partner_directory.demo.people import SAMPLES
from program_pages.demo.people import SAMPLE_PASSWORD

from .browser import Reader, visit

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def with_device(page: Page) -> None:
    """Lets the browser have a device that keeps keys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def test_signs_in_without_a_password(browser: Browser, site: str) -> None:
    named = site.replace("127.0.0.1", "localhost")  # a key belongs to a name, never to a number
    with visit(browser, named, Reader()) as visited:
        page = visited.open("/account/login/?next=/account/2fa/webauthn/add/")
        with_device(page)
        page.get_by_label("Электронная почта").fill(SAMPLES[0].email)
        page.get_by_label("Пароль", exact=True).fill(SAMPLE_PASSWORD)
        page.get_by_role("button", name="Войти", exact=True).click()
        page.get_by_label("Пароль", exact=True).fill(SAMPLE_PASSWORD)  # once more, before such a change
        page.get_by_role("button", name="Подтвердить").click()
        page.get_by_label("Входить этим ключом без пароля").check()
        page.get_by_role("button", name="Добавить").click()
        page.wait_for_url("**/account/2fa/recovery-codes/")
        expect(page.locator(".account__codes li")).to_have_count(10)

        visited.open("/account/logout/")
        page.get_by_role("button", name="Выйти").click()
        page.wait_for_url("**/account/login/")
        page.get_by_role("button", name="Войти с ключом доступа").click()
        page.wait_for_url("**/portal/")
        assert visited.troubles == []


def test_that_does_not_work_is_said_on_the_page(browser: Browser, site: str) -> None:
    with visit(browser, site.replace("127.0.0.1", "localhost"), Reader()) as visited:
        page = visited.open("/account/login/")
        page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('cancelled')); }")
        page.get_by_role("button", name="Войти с ключом доступа").click()
        expect(page.get_by_role("alert")).to_contain_text("Ключ не сработал")
        assert visited.troubles == []
