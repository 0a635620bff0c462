"""R83: what changes from edition to edition, for everyone: the page, its feed, a line in the header until the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from program_pages import kept
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.factories.editions import draft_edition, publish_edition
from tests.factories.users import make_superuser

from .reading import fetch, text_of
from .test_pages import queries

pytestmark = pytest.mark.django_db

CHANGES = "/terms/changes/"
FIRST = date(2026, 1, 1)  # the vendor's own edition
NOTED = {"ceiling": "43", "discounts": {"saas": "27"}}


def in_days(days: int) -> date:
    return programme_day() + timedelta(days=days)


def between(old: date, new: date) -> str:
    return f"{CHANGES}{old.isoformat()}/{new.isoformat()}/"


def reworded(data: dict[str, Any]) -> None:
    """Another text of R2, and no R6 any more."""
    data["clauses"] = [row for row in data["clauses"] if row["code"] != "R6"]
    [clause] = [row for row in data["clauses"] if row["code"] == "R2"]
    clause["text"] = {lang: text.replace(old, new) for (lang, text), (old, new) in zip(
        clause["text"].items(), (("маркетинговую", "учебную"), ("marketing", "teaching")), strict=True)}  # fmt: skip


def rows_of(page: BeautifulSoup, chapter: str) -> list[tuple[str, ...]]:
    """The rows of a chapter: what, as it was, as it will be, without the labels that the eye does not see."""
    for label in page.select(".change-table__label"):
        label.decompose()
    return [tuple(text_of(cell) for cell in row.select("th, td")) for row in page.select(f"#{chapter} tbody tr")]


# --- Which editions ---


def test_of_a_past_day_an_edition_approved_since_is_not_known(client: Client) -> None:
    publish_edition(effective_from=in_days(30), **NOTED)
    assert rows_of(fetch(client, CHANGES), "numbers")
    assert "Изменений ещё не было" in text_of(fetch(client, f"{CHANGES}?on={in_days(-1)}").main)
    days = between(FIRST, in_days(30))
    assert fetch(client, CHANGES).select_one(".as-of") is not None
    assert fetch(client, days).select_one(".as-of") is None, "it names its days itself"


def test_before_any_change_the_page_says_so_and_leads_to_the_terms(client: Client) -> None:
    page = fetch(client, CHANGES)
    assert "Изменений ещё не было" in text_of(page.main)
    assert page.main.select_one(".empty-state a")["href"] == "/terms/"
    assert page.select_one(".upcoming-edition") is None


def test_by_default_the_edition_to_come_is_compared_with_the_one_in_force(client: Client) -> None:
    publish_edition(effective_from=in_days(30), **NOTED)
    publish_edition(effective_from=in_days(400), ceiling="44")

    page = fetch(client, CHANGES)

    assert ("Потолок скидки с бонусами", "40 %", "43 %") in rows_of(page, "numbers")
    assert ("Скидка на лицензии", "25 %", "27 %") in rows_of(page, "numbers")
    assert "вступит в силу" in text_of(page.find(class_="changes-pair"))


def test_of_two_editions_in_one_year_each_change_is_shown_by_itself(client: Client) -> None:
    spring, autumn = date(2031, 4, 1), date(2031, 9, 1)
    publish_edition(effective_from=spring, ceiling="41")
    publish_edition(effective_from=autumn, ceiling="42")

    def ceiling(path: str) -> tuple[str, ...]:
        return rows_of(fetch(client, path), "numbers")[0][1:]

    with time_machine.travel("2031-12-01T12:00:00+03:00", tick=False):
        assert ceiling(CHANGES) == ("41 %", "42 %")  # none is to come: the last change
        assert ceiling(between(FIRST, spring)) == ("40 %", "41 %")
        assert ceiling(between(FIRST, autumn)) == ("40 %", "42 %")
        assert ceiling(between(autumn, FIRST)) == ("42 %", "40 %")
        assert "Стало" in text_of(fetch(client, CHANGES).main)
    with time_machine.travel("2031-03-01T12:00:00+03:00", tick=False):
        assert ceiling(CHANGES) == ("40 %", "41 %")
        assert ceiling(f"{CHANGES}?on=2031-05-05") == ("41 %", "42 %")


def test_an_edition_withdrawn_before_its_day_is_nowhere_any_more(client: Client) -> None:
    edition = publish_edition(effective_from=in_days(30), **NOTED)
    address = between(FIRST, edition.effective_from)
    fetch(client, address)

    edition.unpublish()

    fetch(client, address, status=404)
    assert "Изменений ещё не было" in text_of(fetch(client, CHANGES).main)
    assert edition.effective_from.isoformat() not in client.get(f"{CHANGES}feed/").content.decode()


@pytest.mark.parametrize(
    "ending", ["{day}/{day}/", "2026-01-01/{day}/", "nonsense/2026-01-01/", "2026-1-1/2026-01-01/"]
)
def test_drafts_and_what_is_no_edition_are_not_shown(client: Client, ending: str) -> None:
    day = in_days(30)
    draft_edition(effective_from=day, **NOTED)
    fetch(client, CHANGES + ending.format(day=day.isoformat()), status=404)


def test_a_draft_beside_a_published_edition_does_not_leak(client: Client) -> None:
    edition = publish_edition(effective_from=in_days(30), ceiling="43")
    edition.ceiling = 77
    edition.save_revision()

    words = text_of(fetch(client, between(FIRST, edition.effective_from)).main)

    assert "43 %" in words
    assert "77" not in words


# --- What it shows ---


@pytest.fixture
def published() -> TermsEdition:
    """In force in a month: other numbers, a text reworded, a clause gone."""
    return publish_edition(effective_from=in_days(30), change=reworded, **NOTED)


def test_texts_are_shown_word_by_word_with_a_link_to_each_clause(client: Client, published: TermsEdition) -> None:
    page = fetch(client, CHANGES)
    clause = page.find(id="r2")
    assert text_of(clause.find("del")) == "[исключено: маркетинговую ]"
    assert text_of(clause.find("ins")) == "[добавлено: учебную ]"
    assert clause.find("a")["href"] == f"/terms/?on={published.effective_from.isoformat()}#r2"
    gone = page.find(id="r6")
    assert "текст исключён" in text_of(gone)
    assert gone.find("a")["href"] == "/terms/?on=2026-01-01#r6"
    assert "3.3 → 3.2" in text_of(page.find(id="texts"))


def test_in_english_everything_is_said_in_english(client: Client, published: TermsEdition) -> None:
    page = fetch(client, f"/en{CHANGES}")
    assert ("Ceiling of discount and bonuses", "40%", "43%") in rows_of(page, "numbers")
    assert text_of(page.find(id="r2").find("ins")) == "[added: teaching ]"
    assert not [letter for letter in text_of(page.main) if "а" <= letter.lower() <= "я"]
    assert page.find("link", hreflang="ru")["href"].endswith(CHANGES)


def test_for_a_level_only_what_concerns_it_is_shown(client: Client, published: TermsEdition) -> None:
    address = between(FIRST, published.effective_from)
    saas, retail = (text_of(fetch(client, f"{address}?level={slug}").main) for slug in ("saas", "retail"))
    assert "27 %" in saas
    assert "43 %" in retail
    assert "Скидка на лицензии" not in retail
    assert "Такого уровня в этих редакциях нет" in text_of(fetch(client, f"{address}?level=platinum").main)


def test_where_nothing_changes_it_says_so(client: Client) -> None:
    same = publish_edition(effective_from=in_days(30))
    assert "Ничего не меняется" in text_of(fetch(client, CHANGES).main)
    assert "Ничего не меняется" in text_of(fetch(client, between(same.effective_from, same.effective_from)).main)


def test_any_two_editions_are_chosen_by_an_ordinary_form(client: Client, published: TermsEdition) -> None:
    page = fetch(client, CHANGES)
    form = page.main.find("form")
    assert (form["action"], form["method"]) == (CHANGES, "get")
    days = [option["value"] for option in form.find("select", id="id_old").find_all("option")]
    assert days == [published.effective_from.isoformat(), "2026-01-01"]

    sent = client.get(CHANGES, {"old": days[0], "new": days[1], "level": "saas"})
    assert sent.headers["Location"] == f"{CHANGES}{days[0]}/{days[1]}/?level=saas"


@pytest.mark.parametrize(
    "query", ["old=2026-01-01", "old=x&new=2026-01-01", "new=<b>&old=2026-01-01&level=" + "a" * 60]
)
def test_what_cannot_be_compared_is_said_beside_the_field(client: Client, published: TermsEdition, query: str) -> None:
    page = fetch(client, f"{CHANGES}?{query}")
    assert page.main.select_one("details[open] .field__error")
    assert rows_of(page, "numbers")  # and the default is shown


def test_the_sitemap_and_the_terms_lead_there(client: Client, published: TermsEdition) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    paths = {urlsplit(url.findtext("{*}loc", "")).path for url in tree.findall("{*}url")}
    assert {CHANGES, f"/en{CHANGES}"} <= paths
    page = fetch(client, "/terms/")
    assert CHANGES in {link["href"] for link in page.main.find_all("a")}
    assert page.find("link", type="application/rss+xml")["href"] == f"{CHANGES}feed/"


def test_the_page_asks_as_often_for_many_editions_as_for_two(client: Client, published: TermsEdition) -> None:
    before = {path: queries(client, path) for path in (CHANGES, f"{CHANGES}feed/")}
    for years in range(2, 6):
        publish_edition(effective_from=in_days(365 * years))
    assert {path: queries(client, path) for path in before} == before
    assert max(before.values()) <= 30


# --- The feed ---


@pytest.mark.parametrize(
    ("prefix", "said"),
    [
        ("", ("Потолок скидки с бонусами: 40 % → 43 %", "Первая редакция условий.", "SaaS. Скидка на лицензии: 25 %")),
        ("/en", ("Ceiling of discount and bonuses: 40% → 43%", "The first edition of the terms.", "SaaS. ")),
    ],
)  # fmt: skip
def test_the_feed_tells_of_each_edition_what_it_changes(
    client: Client, published: TermsEdition, prefix: str, said: tuple[str, str, str]
) -> None:
    response = client.get(f"{prefix}{CHANGES}feed/")
    assert response.headers["Content-Type"] == "application/rss+xml; charset=utf-8"
    channel = ElementTree.fromstring(response.content).find("channel")  # noqa: S314 - our own answer
    assert channel is not None
    assert channel.findtext("language") == (prefix.strip("/") or "ru")
    new, first = channel.findall("item")
    address = f"{prefix}{between(FIRST, published.effective_from)}"
    assert urlsplit(new.findtext("link", "")).path == address
    words = text_of(BeautifulSoup(new.findtext("description", ""), "html.parser"))
    assert said[0] in words
    assert said[2] in words
    assert said[1] in first.findtext("description", "")
    assert new.findtext("pubDate")
    guids = {item.findtext("guid") for item in (new, first)}
    assert len(guids) == 2
    fetch(client, address)


# --- The line in the header ---

EVERYWHERE = [
    "/",
    "/partners/",
    "/terms/",
    "/calculator/",
    "/account/login/",
    "/no-such-page/",
    "/terms/?on=2026-02-03",
]
Said = Callable[[str], str]


@pytest.fixture
def line(client: Client) -> Said:
    """What the header of a page says of an edition to come; empty where it says nothing."""

    def said(path: str) -> str:
        found = BeautifulSoup(client.get(path).content, "html.parser").select_one("header .upcoming-edition")
        return text_of(found) if found else ""

    return said


def test_from_publication_every_page_says_when_the_next_edition_takes_effect(line: Said) -> None:
    publish_edition(effective_from=date(2031, 7, 1))
    publish_edition(effective_from=date(2032, 7, 1))
    russian = "С 1 июля 2031 г. действует новая редакция условий — что изменится"
    assert {line(path) for path in EVERYWHERE} == {russian}
    assert line("/en/") == "From 1 July 2031 a new edition of the terms applies — what will change"


def test_the_line_leads_to_what_changes(client: Client) -> None:
    publish_edition(effective_from=in_days(30), **NOTED)
    for prefix in ("", "/en"):
        link = fetch(client, f"{prefix}/").select_one(".upcoming-edition a")
        assert link["href"] == f"{prefix}{CHANGES}"


def test_a_draft_is_not_announced(line: Said) -> None:
    draft_edition(effective_from=in_days(30))
    assert line("/") == ""


@pytest.fixture
def a_minute_is_kept(settings: Any) -> Iterator[None]:
    """What a process finds, it keeps; as in production, only longer."""
    kept._kept.clear()
    settings.GROUND_SECONDS = 60
    yield
    kept._kept.clear()


@pytest.mark.usefixtures("a_minute_is_kept")
def test_on_the_day_itself_the_line_is_gone_whatever_a_process_keeps(line: Said) -> None:
    moscow = "+03:00"
    publish_edition(effective_from=date(2031, 7, 1))
    with time_machine.travel(f"2031-06-30T23:59:59{moscow}", tick=False):
        assert "1 июля 2031" in line("/")
    with time_machine.travel(f"2031-07-01T00:00:00{moscow}", tick=False):
        assert line("/") == ""


def test_once_the_edition_is_withdrawn_the_line_is_gone_or_speaks_of_the_next(line: Said) -> None:
    soon = publish_edition(effective_from=date(2031, 7, 1))
    later = publish_edition(effective_from=date(2032, 7, 1))
    soon.unpublish()
    assert "1 июля 2032" in line("/")
    later.unpublish()
    assert line("/") == ""


@pytest.mark.usefixtures("a_minute_is_kept")
def test_an_editor_sees_it_at_once_a_stranger_after_a_moment(client: Client, line: Said) -> None:
    assert line("/") == ""
    edition = publish_edition(effective_from=in_days(30))
    assert line("/") == ""
    kept._kept.clear()  # the moment is over
    assert line("/")
    client.force_login(make_superuser())
    edition.unpublish()
    assert line("/") == ""


def test_the_line_costs_each_page_the_same_whether_it_is_there_or_not(client: Client) -> None:
    before = {path: queries(client, path) for path in ("/", "/terms/", "/partners/")}
    publish_edition(effective_from=in_days(30))
    assert {path: queries(client, path) for path in before} == before
