"""Time travel (R83): a page and a calculation of a day answer from what was in force and recorded then.

The tests live in 2031, so that the shipped edition and pages are history whenever they run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, Revision

from accounts.models import User
from program_pages import kept
from program_pages.as_of import AsOf, NotADay, moment_after, on_day, read_as_of, read_day
from program_pages.history import Missing, recalled
from program_pages.models import CalculatorPage, ContentPage, HomePage, Price, Product, TermsEdition, TermsPage
from program_pages.models.edition import programme_day_of
from program_pages.terms import NoEdition, terms_as_of, terms_on
from tests.factories.editions import publish_edition
from tests.factories.history import moment, on, published_since
from tests.factories.users import make_user

from .reading import fetch, main_of, text_of

pytestmark = pytest.mark.django_db

LOADED = "2031-01-10"  # the day on which all pages are taken to have been published first
TODAY = date(2031, 12, 1)


@pytest.fixture(autouse=True)
def _in_2031() -> Iterator[None]:
    published_since(LOADED)
    with on(TODAY):
        yield


@pytest.fixture
def editor() -> User:
    return make_user()


# --- A day: how it is written ---


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2031-03-01", date(2031, 3, 1)),
        (" 2031-03-01 ", date(2031, 3, 1)),
        ("2031-02-30", None),
        ("2031-3-1", None),
        ("20310301", None),
        ("2031-W09-6", None),
        ("٢٠٣١-٠٣-٠١", None),
        ("0001-01-01", None),
        ("9999-12-31", None),
        ("today", None),
        ("", None),
    ],
)
def test_a_day_is_read_in_one_writing_alone(text: str, day: date | None) -> None:
    assert read_day(text) == day


def test_a_day_ends_at_midnight_in_moscow() -> None:
    assert moment_after(date(2031, 3, 1)).isoformat() == "2031-03-02T00:00:00+03:00"
    assert programme_day_of(datetime.fromisoformat("2031-03-01T21:00:00+00:00")) == date(2031, 3, 2)


@pytest.mark.parametrize(
    ("day", "past", "future"), [("2031-11-30", True, False), ("2031-12-01", False, False), ("2031-12-02", False, True)]
)
def test_only_of_a_day_that_is_over_later_records_do_not_count(day: str, past: bool, future: bool) -> None:
    asked = read_as_of(day)

    assert (asked.is_past, asked.is_future, asked.recorded_by is not None) == (past, future, past)


def test_a_day_to_come_is_refused_where_it_makes_no_sense() -> None:
    assert read_as_of("2031-12-02").is_future
    with pytest.raises(NotADay):
        read_as_of("2031-12-02", to_come=False)


# --- Editions ---


@pytest.fixture
def editions() -> None:
    """Of 2031: 11 % from March, 13 % from May but approved on the 20th, 12 % from July; one was withdrawn in time."""
    for approved, effective, retail in (
        ("2031-02-10", date(2031, 3, 1), "11"),
        ("2031-04-20", date(2031, 5, 1), "13"),
        ("2031-06-01", date(2031, 7, 1), "12"),
    ):
        with on(approved):
            publish_edition(effective_from=effective, discounts={"retail": retail})
    # The site itself approves nothing for a day that has passed; what was brought from elsewhere may be such.
    TermsEdition.objects.filter(effective_from=date(2031, 5, 1)).update(approved_at=moment("2031-05-20"))
    with on("2031-08-01"):
        withdrawn = publish_edition(effective_from=date(2031, 9, 1), discounts={"retail": "19"})
    with on("2031-08-10"):
        withdrawn.unpublish()


IN_FORCE = [
    ("2031-02-28", "10"),
    ("2031-03-01", "11"),
    ("2031-05-01", "11"),  # the next one was in force by its date, but nobody had approved it
    ("2031-05-19", "11"),
    ("2031-05-20", "13"),
    ("2031-06-30", "13"),
    ("2031-07-01", "12"),
    ("2031-08-05", "12"),
    ("2031-09-01", "12"),  # withdrawn before its day
]


def test_two_editions_in_a_year_one_late_one_withdrawn(client: Client, editions: None) -> None:
    for day, retail in IN_FORCE:
        assert terms_as_of(on_day(date.fromisoformat(day))).terms.level("retail").discount == Decimal(retail), day

        programme = client.get("/api/v1/programme/", {"on": day}).json()
        quote = client.get("/api/v1/quotes/", {"level": "retail", "line": "asoft-crm:1:1000", "on": day}).json()

        assert programme["levels"][0]["discount"] == f"{retail}.00", day
        assert programme["recorded_later"] is None, day
        assert quote["totals"]["discount_points"] == f"{retail}.00", day
        assert f"{retail} %" in text_of(fetch(client, f"/levels/retail/?on={day}").main), day


def test_how_long_an_edition_lasts_is_what_was_known_then(editions: None) -> None:
    def until(day: date) -> date | None:
        return terms_as_of(on_day(day)).terms.effective_until

    assert until(date(2031, 5, 10)) is None
    assert until(date(2031, 5, 25)) is None
    assert until(date(2031, 6, 2)) == date(2031, 6, 30)
    assert terms_on(date(2031, 3, 1)).effective_until == date(2031, 4, 30)


def test_before_anything_was_recorded_what_is_known_now_answers_and_says_so(client: Client) -> None:
    """The programme is older than the site: its first edition was in force before it was approved here."""
    first = terms_on(TODAY)
    with on("2026-02-03"):
        yesterday = AsOf(date(2026, 2, 2), date(2026, 2, 3))
        found = terms_as_of(yesterday)

    assert found.terms.edition == first.edition
    assert found.recorded_later is not None
    assert client.get("/api/v1/programme/", {"on": "2026-02-02"}).json()["recorded_later"] is not None
    published_since("2026-01-01")
    assert "эту записали позже" in text_of(fetch(client, "/terms/?on=2026-02-02").select_one(".edition-banner"))


def test_before_the_first_edition_there_is_none() -> None:
    with pytest.raises(NoEdition):
        terms_as_of(on_day(date(2020, 1, 1)))


# --- Pages ---


def rewritten(page: Page, title: str, day: str, editor: User) -> None:
    """The page published anew on a day, under another title."""
    with on(day):
        current = Page.objects.get(pk=page.pk).specific
        current.title = title
        current.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)


@pytest.fixture
def terms_page(editor: User) -> TermsPage:
    """The terms page: «Первые» from March, «Вторые» from May, taken down in July, «Третьи» from August."""
    page = TermsPage.objects.get(locale__language_code="ru")
    rewritten(page, "Первые условия", "2031-03-01", editor)
    rewritten(page, "Вторые условия", "2031-05-01", editor)
    with on("2031-07-01"):
        Page.objects.get(pk=page.pk).specific.unpublish()
    rewritten(page, "Третьи условия", "2031-08-01", editor)
    return TermsPage.objects.get(pk=page.pk)


TITLES = {
    "2031-02-28": "Условия",
    "2031-03-01": "Первые условия",
    "2031-04-30": "Первые условия",
    "2031-05-01": "Вторые условия",
    "2031-08-01": "Третьи условия",
    "2031-11-30": "Третьи условия",
    "2031-12-01": "Третьи условия",
    "2032-01-01": "Третьи условия",
}
ABSENT = {
    "/levels/?on=2031-01-09": "этой страницы ещё не было",
    "/levels/retail/?on=2031-01-09": "этой страницы ещё не было",
    "/terms/?on=2031-07-15": "страница была снята с публикации",
}


def test_a_day_without_the_page_says_so(client: Client, terms_page: TermsPage) -> None:
    for path, said in ABSENT.items():
        page = fetch(client, path, status=404)

        assert said in text_of(page.main), path
        assert page.main.find("a", href=path.partition("?")[0]), path  # type: ignore[union-attr]
        assert page.find("meta", attrs={"name": "robots", "content": "noindex"}), path


def test_an_edition_older_than_the_page_stays_readable_on_the_terms_page(client: Client, terms_page: TermsPage) -> None:
    page = fetch(client, "/terms/?on=2031-01-09")

    assert "Третьи условия" in text_of(page.h1)
    assert "Слова самой страницы — сегодняшние." in text_of(page.select_one(".edition-banner"))
    assert "сегодняшние." not in text_of(fetch(client, "/terms/?on=2031-03-15").select_one(".edition-banner"))


def test_what_is_withdrawn_today_is_there_on_no_day(client: Client, terms_page: TermsPage, editor: User) -> None:
    terms_page.unpublish()

    fetch(client, "/terms/?on=2031-05-01", status=404)


def test_a_purged_revision_is_said_to_be_gone(client: Client, terms_page: TermsPage) -> None:
    call_command("purge_revisions", verbosity=0)

    assert "не сохранилось" in main_status(client, "/terms/?on=2031-05-01", 404)
    assert "Третьи условия" in text_of(fetch(client, "/terms/?on=2031-11-01").h1)  # what is live is never purged


def test_a_revision_written_over_since_is_not_taken_for_the_days_own(terms_page: TermsPage) -> None:
    entry = PageLogEntry.objects.filter(
        page=terms_page.pk, action="wagtail.publish", timestamp=moment("2031-05-01")
    ).get()
    Revision.objects.filter(pk=entry.revision_id).update(created_at=moment("2031-05-02"))

    assert recalled(terms_page, on_day(date(2031, 5, 5))).missing is Missing.NOT_KEPT


def main_status(client: Client, path: str, status: int) -> str:
    return text_of(fetch(client, path, status=status).main)


def test_an_old_page_whose_image_is_gone_still_shows(client: Client, editor: User) -> None:
    image = get_image_model().objects.create(title="Схема", description="Схема", file=get_test_image_file())
    home = HomePage.objects.get(locale__language_code="ru")
    figure = {"type": "figure", "value": {"image": {"image": image.pk, "alt_text": "Схема"}, "caption": "Подпись"}}
    with on("2031-03-01"):
        page = home.add_child(instance=ContentPage(title="Со схемой", slug="scheme", locale=home.locale, live=False))
        page.body = [figure, {"type": "text", "value": "<p>Слова остались</p>"}]
        page.body = ContentPage._meta.get_field("body").to_python(page.body)
        page.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)
    with on("2031-04-01"):
        page = ContentPage.objects.get(pk=page.pk)
        page.body = []
        page.save_revision(user=editor).publish(user=editor, skip_permission_checks=True)
    assert "Подпись" in main_of(client, "/scheme/?on=2031-03-15")
    image.delete()

    words = main_of(client, "/scheme/?on=2031-03-15")

    assert "Подпись" in words
    assert "Слова остались" in words
    assert "Слова остались" not in main_of(client, "/scheme/")


def test_each_language_has_its_own_past(client: Client, terms_page: TermsPage) -> None:
    assert "Terms" in text_of(fetch(client, "/en/terms/?on=2031-03-15").h1)


@pytest.fixture
def _kept() -> Iterator[None]:
    """Whatever was found is kept, as on a real site, and forgotten again."""
    with override_settings(GROUND_SECONDS=60):
        yield
    kept._kept.clear()


@pytest.mark.usefixtures("_kept")
def test_what_is_kept_for_a_moment_does_not_mix_days(client: Client, terms_page: TermsPage, editions: None) -> None:
    days = {"": "Третьи", "?on=2031-03-15": "Первые", "?on=2031-05-15": "Вторые", "?on=2031-12-01": "Третьи"}
    for _ in range(2):
        for query, title in days.items():
            assert title in text_of(fetch(client, f"/terms/{query}").h1), query
        for day, retail in IN_FORCE:
            quote = client.get("/api/v1/quotes/", {"level": "retail", "line": "asoft-crm:1:1000", "on": day}).json()
            assert quote["totals"]["discount_points"] == f"{retail}.00", day


def test_a_past_day_takes_a_few_queries_more_however_long_the_history(
    client: Client, terms_page: TermsPage, editor: User
) -> None:
    def queries(path: str) -> int:
        client.get(path)  # the terms of that day are built once a process
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(path).status_code == 200
        return len(found)

    few = queries("/terms/?on=2031-03-15")
    for number in range(12):
        rewritten(terms_page, f"Снова {number}", f"2031-10-{number + 1:02}", editor)

    assert queries("/terms/?on=2031-03-15") == few


def test_the_list_of_editions_leads_to_days_that_are_there(client: Client, editions: None) -> None:
    page = fetch(client, "/terms/")

    links = page.select(".editions__item a")
    assert len(links) == len({link["href"] for link in links}) > 3
    for link in links:
        shown = fetch(client, str(link["href"])).select_one(f'.editions__item a[href="{link["href"]}"]')
        assert shown is not None
        assert shown.has_attr("aria-current")
        assert text_of(shown) == text_of(link), link["href"]


@pytest.mark.parametrize(
    "path", ["/", "/programme/", "/levels/", "/benefits/", "/terms/", "/products/", "/join/", "/faq/"]
)
def test_every_page_can_be_asked_about_another_day_without_scripts(client: Client, path: str) -> None:
    form = fetch(client, path).select_one("form.day-form")

    assert form is not None
    assert (form["method"], form["action"]) == ("get", path)
    assert form.select_one("[name=on][type=date]")
    assert client.get(path, {"on": "2031-11-01"}).status_code == 200


# --- Calculations: never recomputed silently ---


def discounts(query: dict[str, str], client: Client) -> tuple[str, str]:
    found = client.get("/api/v1/quotes/", query).json()
    return found["totals"]["discount_points"], found["totals"]["list_total"]


def link_of(client: Client, day: str) -> str:
    """The lasting link of a calculation made on a day."""
    with on(day):
        quote = client.get("/api/v1/quotes/", {"level": "retail", "line": "asoft-crm:2"}).json()
    return str(quote["permalink"]).partition("?")[2]


def test_a_link_keeps_its_numbers_through_editions_and_prices(client: Client, editions: None) -> None:
    link = link_of(client, "2031-03-15")
    before = client.get(f"/api/v1/quotes/?{link}").json()["totals"]
    product = Product.objects.get(slug="asoft-crm")
    Price.objects.create(product=product, valid_from=date(2031, 3, 10), list_price=Decimal("1.00"))

    after = client.get(f"/api/v1/quotes/?{link}").json()
    page = fetch(client, f"/calculator/?{link}")

    assert after["totals"] == before
    assert after["totals"]["discount_points"] == "11.00"
    assert after["link_prices"] is True  # and it is said that the list is another one now
    assert page.select_one(".quote-change") is not None


def test_a_price_entered_later_does_not_count_on_an_earlier_day(client: Client, editor: User) -> None:
    price = Price.objects.create(
        product=Product.objects.get(slug="asoft-crm"), valid_from=date(2031, 3, 1), list_price=Decimal(777)
    )
    with on("2031-04-10"):
        log(instance=price, action="wagtail.create", user=editor)

    def total(day: str) -> str:
        query = {"level": "retail", "line": "asoft-crm:1", "on": day}
        return str(client.get("/api/v1/quotes/", query).json()["totals"]["list_total"])

    assert total("2031-02-28") == total("2031-03-15") == total("2031-04-09") != "777.00"
    assert total("2031-04-10") == "777.00"


def test_a_link_of_an_edition_that_was_withdrawn_says_so(client: Client, editions: None) -> None:
    lost = TermsEdition.objects.get(effective_from=date(2031, 9, 1)).pk
    query = f"v=1&level=retail&line=asoft-crm:1::1000:500&on=2031-09-02&edition={lost}"

    refused = client.get(f"/api/v1/quotes/?{query}")
    page = fetch(client, f"/calculator/?{query}")

    assert (refused.status_code, refused.json()["field"]) == (422, "edition")
    assert "Редакции условий, которую называет ссылка, нет" in text_of(page.main)


def test_a_link_of_an_edition_that_was_approved_anew_before_its_day_says_so(client: Client) -> None:
    """What was quoted for next year under one approval is not answered by the numbers of the next one."""
    edition = publish_edition(effective_from=date(2032, 1, 1), discounts={"retail": "15"})
    query = {"level": "retail", "line": "asoft-crm:1:1000", "on": "2032-01-01"}
    link = client.get("/api/v1/quotes/", query).json()["permalink"].partition("?")[2]
    assert client.get(f"/api/v1/quotes/?{link}").json()["totals"]["discount_points"] == "15.00"
    with on("2031-12-05"):
        edition.save_revision(user=make_user()).publish(user=make_user(), skip_permission_checks=True)

        assert client.get(f"/api/v1/quotes/?{link}").status_code == 422
        assert "Редакции условий, которую называет ссылка, нет" in main_of(client, f"/calculator/?{link}")
    with on("2032-02-01"):
        later = client.get("/api/v1/quotes/", query).json()["permalink"].partition("?")[2]
        assert later.endswith(f"&edition={edition.pk}")  # in force, and sealed: its number is enough


def test_the_calculator_of_a_past_day_needs_no_page_of_that_day(client: Client) -> None:
    published_since(TODAY - timedelta(days=1))

    assert client.get("/calculator/?v=1&level=retail&line=asoft-crm:1&on=2031-02-01").status_code == 200
    assert CalculatorPage.speaks_of_today


@pytest.mark.parametrize("path", ["/api/v1/programme/", "/api/v1/quotes/?level=retail&line=asoft-crm:1"])
@pytest.mark.parametrize("day", ["soon", "2031-02-30", "9999-12-31", "0001-01-01"])
def test_a_day_that_is_none_is_a_problem_of_the_api(client: Client, path: str, day: str) -> None:
    response: Any = client.get(f"{path}{'&' if '?' in path else '?'}on={day}")

    assert (response.status_code, response.json()["field"]) == (422, "on")
