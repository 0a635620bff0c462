"""The whole way of a company, as its owner and its manager go it with a browser.

Signs up, agrees, registers, applies, is asked, answers, signs, is listed, changes its profile, renews in November,
lapses in a January, and joins again. The owner has a telephone, 320 px wide; every screen of theirs is accessible,
fits, and complains of nothing. The clock of the running site is moved between the seasons.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from stdnum.ru import inn as inns

from program_pages.demo.people import SAMPLE_PASSWORD
from tests import running_site
from tests.factories.files import pdf

from .axe import accessible_and_fitting
from .browser import LANGUAGES, Reader, Visit, visit

MOSCOW = ZoneInfo("Europe/Moscow")
YEAR = datetime.now(MOSCOW).year + 1  # of the sample terms there is no end
JOINS, RENEWS, LAPSED = date(YEAR, 3, 2), date(YEAR, 11, 10), date(YEAR + 2, 1, 15)
HOMES = {"ru": "/", "en": "/en/"}
NAMES = {"ru": "Ромашка", "en": "Camomile"}
SLUG, OWNER, PASSWORD = "romashka", "owner@romashka.example", "correct-horse-battery"
MANAGER = "partners@asoft.example"
SCAN = {"name": "Сертификат.pdf", "mimeType": "application/pdf", "buffer": pdf()}
SIGNED = {"name": "Подписано.pdf", "mimeType": "application/pdf", "buffer": pdf()}
WORDS = {
    "draft": {"ru": "черновик", "en": "draft"},
    "good until": {"ru": f"31 декабря {YEAR}", "en": f"31 December {YEAR}"},
    "renewed": {"ru": f"31 декабря {YEAR + 1}", "en": f"31 December {YEAR + 1}"},
    "lapsed": {"ru": "Срок участия этой компании в программе истёк", "en": "membership of the programme has expired"},
    "again": {"ru": f"31 декабря {YEAR + 2}", "en": f"31 December {YEAR + 2}"},
}


@dataclass
class Site:
    """A loaded site of its own that is served at one moment or another; its letters lie in a folder."""

    folder: Path

    @property
    def letters(self) -> Path:
        """Where letters are written."""
        return self.folder / "letters"

    def environment(self, day: date) -> dict[str, str]:
        """That of the site on a day."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=MOSCOW)
        return {"NOW": noon.isoformat(), "EMAIL_URL": f"filemail:///{self.letters}"}

    @contextmanager
    def on(self, day: date) -> Iterator[str]:
        """Serves it on a day, once the turn of that day is done."""
        environment = self.environment(day)
        running_site.manage(self.folder, "turn_of_day", program="tests/e2e/another_day.py", **environment)
        with running_site.served(self.folder, "tests.e2e.another_day", **environment) as address:
            yield address

    def code_for(self, address: str) -> str:
        """The code in the last letter to somebody."""
        letters = [letter for path in self.letters.iterdir() for letter in _letters(path)]
        texts = [str(letter.get_body(("plain",)).get_content()) for letter in letters if letter["To"] == address]
        found = re.search(r"^\s*([A-Z0-9]{3,}-?[A-Z0-9]{3,})\s*$", texts[-1], re.MULTILINE)
        assert found, texts[-1]
        return found[1]


def _letters(path: Path) -> list[EmailMessage]:
    parts = path.read_bytes().split(b"-" * 79 + b"\n")
    return [message_from_bytes(part, policy=policy.default) for part in parts if part.strip()]


@dataclass
class Company:
    """Its owner with a telephone, in one language."""

    visited: Visit
    language: str

    @property
    def page(self) -> Page:
        """What they see."""
        return self.visited.page

    def open(self, path: str, status: int = 200) -> None:
        """Goes to a page of their language, and looks at it."""
        self.visited.open(HOMES[self.language] + path, status)
        self.look()

    def press(self, button: Locator | str) -> None:
        """Presses a button or follows a link, and looks at what comes."""
        found = self.page.locator(button) if isinstance(button, str) else button
        with self.page.expect_navigation():
            found.click()
        self.look()

    def send(self, **values: str) -> None:
        """Fills in fields of the page's main form by their names, and sends it."""
        for name, value in values.items():
            self.main.locator(f"[name={name}]").fill(value)
        form = self.main.locator("form", has=self.page.locator(f"[name={next(iter(values))}]"))
        self.press(form.locator("[type=submit]").first)

    @property
    def main(self) -> Locator:
        """The content of the page."""
        return self.page.locator("main")

    def look(self) -> None:
        """The page is accessible, fits the telephone, and nothing went wrong on it."""
        assert [*accessible_and_fitting(self.visited), *self.visited.troubles] == [], self.page.url

    def sees(self, words: str) -> None:
        """The page says something."""
        expect(self.main).to_contain_text(WORDS[words][self.language])


@contextmanager
def company(browser: Browser, site: str, language: str) -> Iterator[Company]:
    """The owner before they have come in."""
    with visit(browser, site, Reader(width=320)) as visited:
        yield Company(visited, language)


@contextmanager
def returned(browser: Browser, site: str, language: str) -> Iterator[Company]:
    """The owner, signed in."""
    with company(browser, site, language) as owner:
        owner.open("account/login/")
        owner.send(login=OWNER, password=PASSWORD)
        yield owner


@contextmanager
def manager(browser: Browser, site: str) -> Iterator[Page]:
    """A manager of partners in the admin, at a desk, in Russian."""
    with visit(browser, site, Reader()) as visited:
        page = visited.open("/account/login/?next=/admin/")
        page.locator("[name=login]").fill(MANAGER)
        page.locator("[name=password]").fill(SAMPLE_PASSWORD)
        page.get_by_role("button", name="Войти", exact=True).click()
        page.wait_for_url("**/admin/")
        yield page
        assert visited.troubles == []


def decide(page: Page, decision: str, reason: str = "") -> None:
    """The manager finds the application in the queue, and decides."""
    page.goto(page.url.split("/admin/")[0] + "/admin/partner_directory/application/?o=-1")
    page.get_by_role("link", name=re.compile(NAMES["ru"])).first.click()
    page.get_by_role("link", name=decision, exact=True).first.click()
    if reason:
        page.locator("[name=reason]").fill(reason)
    page.locator("#decision-form [type=submit]").click()
    expect(page.locator(".messages .success")).to_be_visible()


@pytest.fixture
def own_site(loaded_site: Path, tmp_path: Path) -> Site:
    """A site that only this test changes."""
    site = Site(running_site.copied(loaded_site, tmp_path / "site"))
    site.letters.mkdir()
    return site


# It takes minutes: a short run (FEW_CASES) goes it in one language today, in the other tomorrow.
TODAY = [LANGUAGES[datetime.now(MOSCOW).toordinal() % len(LANGUAGES)]]


@pytest.mark.parametrize("language", TODAY if os.environ.get("FEW_CASES") else LANGUAGES)
def test_the_whole_way(browser: Browser, own_site: Site, language: str) -> None:
    with own_site.on(JOINS) as site, company(browser, site, language) as owner:
        signs_up(owner, own_site)
        registers(owner)
        applies(owner)
        with manager(browser, site) as desk:
            decide(desk, "Вернуть с вопросами", "Кто ответит за обучение?")
            answers(owner)
            decide(desk, "Принять")
            signs(owner)
            decide(desk, "Договор присоединения подписан")
            decide(desk, "Лицензионный договор подписан")
            is_listed(owner)
            changes_its_profile(owner)
            publishes(desk)
        owner.open(f"partners/{SLUG}/")
        expect(owner.main).to_contain_text("Лепесток")

    with own_site.on(RENEWS) as site, returned(browser, site, language) as owner:
        owner.open("portal/year/")
        owner.sees("good until")
        owner.press("form[action$='/renew/'] button")
        owner.sees("renewed")

    with own_site.on(LAPSED) as site, returned(browser, site, language) as owner:
        owner.open(f"partners/{SLUG}/", status=410)
        owner.sees("lapsed")
        joins_again(owner)
        with manager(browser, site) as desk:
            decide(desk, "Принять")
            signs(owner)
            decide(desk, "Договор присоединения подписан")
            decide(desk, "Лицензионный договор подписан")
        owner.open("portal/year/")
        owner.sees("again")
        owner.open(f"partners/{SLUG}/")


def signs_up(owner: Company, site: Site) -> None:
    """An address, a password, the consent, and the code from the letter."""
    owner.open("account/signup/")
    owner.page.locator("[name=consent]").check()
    owner.send(email=OWNER, password1=PASSWORD)
    owner.send(code=site.code_for(OWNER))


def registers(owner: Company) -> None:
    """What the company is; whoever has none is led here."""
    owner.open("portal/")
    front = "770123456"
    owner.send(
        legal_name="ООО «Ромашка»",
        name=NAMES["ru"],
        name_en=NAMES["en"],
        inn=front + str(inns.calc_company_check_digit(front)),
        ogrn="1027700132195",
        city="Казань",
        phone="8 495 123 45 67",
        email="office@romashka.example",
        site_url="https://romashka.example",
    )


def applies(owner: Company) -> None:
    """Starts, leaves half-way, comes back to the draft, names a specialist with a scan, and submits."""
    starts(owner)
    owner.press(owner.main.locator("form.portal-form [type=submit]").first)  # the company, as it was registered
    owner.send(technical_base="Сервер и десять рабочих мест.")
    owner.open("portal/")
    owner.open("portal/joining/")
    owner.sees("draft")
    owner.press(".portal-table a")
    owner.press("a[href$='/base/']")
    expect(owner.page.locator("[name=technical_base]")).to_have_value("Сервер и десять рабочих мест.")
    owner.send(training="Двое учатся в марте.")
    owner.page.locator("[name=scan]").set_input_files([SCAN])
    owner.send(name_ru="Анна Лепесткова", certificate="A-17", certified_on=f"{YEAR - 1}-05-20")
    expect(owner.main).to_contain_text("A-17")
    owner.press(".joining__main a[href$='/review/']")
    submits(owner)


def starts(owner: Company) -> None:
    """An application for the level that anybody may have."""
    owner.main.locator("[name=level][value=retail]").check()
    owner.press(owner.main.locator("form", has=owner.page.locator("[name=level]")).locator("[type=submit]"))


def submits(owner: Company) -> None:
    """The last button of an application."""
    owner.press(owner.main.locator(".joining__main form [type=submit]").last)
    expect(owner.main.locator("a[href$='/withdraw/']")).to_be_visible()


def answers(owner: Company) -> None:
    """Reads the questions, completes the application, and submits it again."""
    owner.open("portal/feed/")
    owner.open("portal/joining/")
    owner.press(".portal-table a")
    expect(owner.main).to_contain_text("Кто ответит за обучение?")
    owner.press("a[href$='/base/']")
    owner.send(training="Двое учатся в марте, отвечает Анна Лепесткова.")
    owner.open(f"portal/joining/{number(owner)}/review/")
    submits(owner)


def number(owner: Company) -> str:
    """Which application the page is about."""
    found = re.search(r"/joining/(\d+)/", owner.page.url)
    assert found
    return found[1]


def signs(owner: Company) -> None:
    """Downloads each contract, and uploads a signed copy."""
    owner.open("portal/joining/")
    owner.press(".portal-table tbody tr:first-child a")
    assert owner.main.locator(".joining-contract form").count() == 2
    for kind in ("accession", "licence"):
        form = owner.page.locator(f"form[action$='/signed/{kind}/']")
        paper = owner.main.locator(".joining-contract", has=form).locator("a[href*='/files/']").first
        answer = owner.page.request.get(owner.visited.site + str(paper.get_attribute("href")))
        assert (answer.status, answer.body()[:5]) == (200, b"%PDF-")
        form.locator("input[type=file]").set_input_files([SIGNED])
        owner.press(form.locator("[type=submit]"))


def is_listed(owner: Company) -> None:
    """The public finds it."""
    owner.open(f"partners/?q={NAMES[owner.language]}")
    owner.press(owner.main.locator(f"a[href$='/partners/{SLUG}/']").first)
    expect(owner.main).to_contain_text(NAMES[owner.language])


def changes_its_profile(owner: Company) -> None:
    """A summary in both languages, sent to be checked."""
    owner.open("portal/profile/")
    owner.press("a[href$='/profile/edit/']")
    owner.send(summary_ru="Лепесток к лепестку.", summary_en="Petal by petal: Лепесток.")
    owner.open("portal/profile/preview/")
    owner.open("portal/profile/")
    owner.send(note="Про лепестки.")
    owner.open("portal/")


def publishes(desk: Page) -> None:
    """The manager approves the profile where Wagtail has its buttons."""
    desk.goto(desk.url.split("/admin/")[0] + "/admin/snippets/partner_directory/partner/?q=" + NAMES["ru"])
    desk.get_by_role("link", name=NAMES["ru"], exact=True).first.click()
    menu = desk.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").first
    menu.click()
    desk.locator("[data-workflow-action-name=approve]").first.click()
    expect(desk.locator(".messages .success")).to_be_visible()


def joins_again(owner: Company) -> None:
    """A new application; what was said before is there."""
    owner.open("portal/year/")
    owner.open("portal/joining/")
    starts(owner)
    owner.open(f"portal/joining/{number(owner)}/base/")
    owner.send(technical_base="Два сервера.", training="Все обучены.")
    owner.open(f"portal/joining/{number(owner)}/review/")
    submits(owner)
