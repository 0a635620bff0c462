"""The running site and the browser of the e2e tests; both are skipped, with the reason, where there is no browser.

The site is loaded once a run, whatever the number of workers; each worker serves a copy of its own.
"""

from __future__ import annotations

import fcntl
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests import running_site

from .browser import chromium, launched

HERE = Path(__file__).parent
NO_BROWSER = "no Chromium here: apt-get install chromium, or name one with CHROMIUM=/path/to/chromium"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; what takes longest comes before everything else.

    Workers take tests from each other, but never the last two: at the end one would wait for the other.
    """
    items.sort(key=lambda item: item.path != HERE / "test_whole_way.py")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if chromium() is None:
                item.add_marker(pytest.mark.skip(reason=NO_BROWSER))


@pytest.fixture(scope="session")
def loaded_site(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder with the loaded site: the first worker loads it, the others wait."""
    own = tmp_path_factory.getbasetemp()
    shared = (own if worker_id == "master" else own.parent) / "site"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "loaded").exists():
            running_site.load(shared)
            (shared / "loaded").touch()
    return shared


@pytest.fixture(scope="session")
def site(loaded_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running site."""
    folder = running_site.copied(loaded_site, tmp_path_factory.mktemp("served") / "site")
    with running_site.served(folder) as address:
        yield address


@pytest.fixture(scope="session")
def badge_codes(loaded_site: Path) -> list[str]:
    """The codes of some of the sample partners' badges, of each verdict that there is."""
    with closing(sqlite3.connect(loaded_site / running_site.DATABASE)) as database:
        rows = database.execute(CODES).fetchall()
    return list(dict.fromkeys(code for (code,) in rows))


@pytest.fixture(scope="session")
def paths(site: str, badge_codes: list[str]) -> list[str]:
    """Every public page in both languages, and the pages that no sitemap names."""
    found = _few_partners(running_site.sitemap_paths(site))
    unlisted = ["search/?q=CRM", "search/?q=", "search/?q=zzzzzz", "terms/?on=2099-01-01", "levels/?on=soon"]
    unlisted += ["terms/changes/2026-01-01/2026-01-01/?level=zz"]
    quotes = ["levels/competency/?product=asoft-crm&quantity=3&client_discount=15", "levels/saas/?quantity=0"]
    deals = [
        "?v=1&level=competency&line=asoft-crm:10:1000&discount=15&reviews=80&plan=met&specialists=1&events=hosted",
        "?v=1&level=saas&line=asoft-crm:3&line=isolation:1:5e&reviews=75/100&rent=30:2500:24&own=500000",
        "?v=1&level=saas&line=asoft-crm:3&line=isolation:1:5000&reviews=75/100&rent=30:2500:24&own=500000",
        "?v=1&level=retail&line=asoft-crm:0:x&discount=101&plan=no",
        "?v=1&level=retail&line=asoft-crm:1::100:50&on=2026-02-03&edition=1",
        "?v=1&level=competency&line=asoft-crm:1000000:99999999.99&own=999999999999",  # the widest numbers
        "?v=1&level=retail&edition=999&line=" + "&line=".join(["asoft-crm-work-education:1000:99999.99"] * 12),
    ]
    calculations = [f"calculator/{deal}" for deal in deals]
    partners = [
        "partners/?view=map",
        "partners/?view=map&region=77&level=retail",
        "partners/?q=zzzzzz&region=77&accepting=yes",
        "partners/?near=kazan&sort=distance&level=zz&page=99",
        "partners/?on=2099-01-01",
        "partners/compare/?partner=nobody",
        "partners/compare/?" + "&".join(f"partner={slug}" for slug in _slugs(found)),
        "partners/frame/",
        "partners/enquiry/?region=77",
        f"partners/{_slugs(found)[0]}/enquiry/",
        "partners/enquiry/?sent=1",
    ]
    checks = ["verify/", *(f"verify/{code}/" for code in badge_codes)]
    checks += [f"verify/{code}/?on={day}" for code in badge_codes[:1] for day in ("2020-01-01", "2099-12-31")]
    unlisted += quotes + calculations + partners + checks
    return found + [home + path for path in unlisted for home in ("/", "/en/")]


# One badge for each state of a membership, and one that was taken back.
CODES = """
    select min(badge.code) from partner_directory_badge badge
    join partner_directory_membership membership on membership.partner_id = badge.partner_id
    group by membership.state, membership.year, badge.revoked_at is null
"""


PARTNER = re.compile(r"/partners/([^/?]+)/$")
FEW = 3


def _slugs(paths: list[str]) -> list[str]:
    """The partners whose pages are looked at."""
    return list(dict.fromkeys(match[1] for path in paths if (match := PARTNER.search(path))))


def _few_partners(paths: list[str]) -> list[str]:
    """All pages, but of the partners' only a few: they are one template."""
    few = _slugs(paths)[:FEW]
    return [path for path in paths if not (match := PARTNER.search(path)) or match[1] in few]


# A package's fixture, not the session's: while the browser's loop runs, Django refuses to touch a database.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's browser."""
    with launched() as browser:
        yield browser
