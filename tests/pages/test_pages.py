"""Every public page: there in both languages, with a fixed number of queries, and calm under bad input."""

from datetime import date, timedelta
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from program_pages.demo.programme import programme_data
from program_pages.models import Event, Price, Product
from tests.factories.history import published_since

from .reading import fetch, main_of, text_of
from .test_another_edition import publish

pytestmark = pytest.mark.django_db

PATHS = [
    "/",
    "/partners/",
    "/partners/?view=map&region=77",
    "/partners/?q=crm&near=kazan",
    "/programme/",
    "/levels/",
    "/levels/retail/",
    "/levels/competency/",
    "/levels/saas/",
    "/levels/saas/?product=asoft-crm&quantity=3&client_discount=15",
    "/benefits/",
    "/terms/",
    "/products/",
    "/calculator/",
    "/calculator/?v=1&level=saas&line=asoft-crm:10&line=isolation:1:5000&reviews=8/10&rent=30:900&on=2026-02-03",
    "/join/",
    "/events/",
    "/faq/",
    "/contacts/",
    "/search/?q=скидка",
]
MOST_QUERIES = 35


def queries(client: Client, path: str) -> int:
    """How many queries a page takes once Wagtail's own caches are warm."""
    client.get(path)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("path", PATHS)
def test_the_page_is_there_with_a_title_a_description_and_one_heading(client: Client, prefix: str, path: str) -> None:
    page = fetch(client, prefix + path)

    assert page.html["lang"] == (prefix.strip("/") or "ru")
    assert text_of(page.title)
    assert len(page.find_all("h1")) == 1
    if "?" not in path:
        assert page.find("meta", attrs={"name": "description"})["content"].strip()
        assert {link["hreflang"] for link in page.find_all("link", hreflang=True)} >= {"ru", "en"}


@pytest.mark.parametrize("path", PATHS)
def test_a_strangers_page_is_the_same_for_every_stranger(client: Client, path: str) -> None:
    """No session is touched, so a cache may keep the page; what may be loaded is said strictly."""
    response = client.get(path)

    assert "Cookie" not in response.get("Vary", "")
    assert "Accept-Language" not in response.get("Vary", "")
    assert "Set-Cookie" not in response
    assert "unsafe" not in response["Content-Security-Policy"]


def test_the_number_of_queries_does_not_grow_with_the_rows(client: Client, django_user_model: type[User]) -> None:
    before = {path: queries(client, path) for path in PATHS}
    line = Product.objects.get(slug="asoft-crm").product_line
    for number in range(60):
        product = Product.objects.create(slug=f"product-{number}", product_line=line, name_ru=f"Продукт {number}")
        Price.objects.create(product=product, valid_from=date(2026, 1, 1), list_price=Decimal(1000 + number))
        Event.objects.create(
            title_ru=f"Встреча {number}", starts=date(2026, 1, 1) + timedelta(days=11 * number), category="host"
        )
    approver = django_user_model.objects.create_user("approver@example.org")
    for year in range(2031, 2034):
        publish(programme_data()["edition"] | {"effective_from": f"{year}-01-01"}, approver)

    assert {path: queries(client, path) for path in PATHS} == before
    assert max(before.values()) <= MOST_QUERIES


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_the_foot_of_a_page_leads_to_every_page(client: Client, prefix: str) -> None:
    links = {link["href"] for link in fetch(client, f"{prefix}/contacts/").select(".site-footer__links a")}

    assert {f"{prefix}{path}" for path in PATHS if path.count("/") == 2 and "?" not in path} <= links


def test_the_sitemap_names_every_page_in_both_languages(client: Client) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own answer
    urls = tree.findall("{*}url")
    paths = {"/" + url.findtext("{*}loc", "").split("/", 3)[3] for url in urls}

    for path in (path for path in PATHS if "?" not in path):
        assert path in paths
        assert f"/en{path}" in paths
    for url in urls:
        assert {link.get("hreflang") for link in url.findall("{*}link")} >= {"ru", "en"}


def test_robots_may_read_pages_and_know_the_sitemap(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()

    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text


@pytest.mark.parametrize("path", ["/levels/platinum/", "/levels/retail/more/", "/no-such-page/", "/levels/<b>/"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_unknown_address_is_a_designed_404(client: Client, prefix: str, path: str) -> None:
    page = fetch(client, prefix + path, status=404)

    assert page.find("h1")
    assert page.find("a", href=f"{prefix}/")


@pytest.mark.parametrize(
    "asked", ["tomorrow", "2026-13-45", "2026-02-30", "31.12.2026", "-1", "9" * 500, "2026-1-1\x00", "%00"]
)
def test_a_broken_day_shows_today_and_says_so(client: Client, asked: str) -> None:
    response = client.get("/benefits/", {"on": asked})
    page = fetch(client, "/benefits/")

    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert "ГГГГ-ММ-ДД" in response.content.decode()
    assert "25 %" in text_of(page.main)


def test_a_day_before_the_first_edition_says_so(client: Client) -> None:
    published_since("1999-01-01")

    words = text_of(fetch(client, "/terms/?on=1999-12-31").body)

    assert "31 декабря 1999" in words
    assert "25 %" in words


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("quantity=&product=asoft-crm", "Сколько лицензий?"),
        ("quantity=-3&product=asoft-crm", "Хотя бы одна лицензия."),
        ("quantity=1e400&product=asoft-crm", "Нужно целое число."),
        ("quantity=99999999999&product=asoft-crm", "Не больше"),
        ("quantity=1&product=nothing", "Такого продукта нет"),
        ("quantity=1&product=asoft-crm&client_discount=101", "Скидка не бывает больше"),
        ("quantity=1&product=asoft-crm&client_discount=-1", "Скидка не бывает отрицательной"),
        ("quantity=1&product=asoft-crm&client_discount=NaN", "Нужно число"),
        ("quantity=1&product=asoft-crm&client_discount=" + "9" * 5000, "Нужно число"),
        ("quantity=1&product=asoft-crm&client_discount=1,234", "Не больше двух знаков"),
        ("quantity=" + "9" * 5000 + "&product=asoft-crm", "Нужно целое число."),
    ],
)
def test_a_quote_that_cannot_be_computed_says_why_beside_the_field(client: Client, query: str, message: str) -> None:
    words = text_of(fetch(client, f"/levels/retail/?{query}").find(id="quote"))

    assert message in words


def test_the_first_quote_takes_the_clients_discount_first(client: Client) -> None:
    """R50: 15 off, then the level's 20 off what remains; 12,5 and 12.5 are the same number."""
    price = Price.objects.get(product__slug="asoft-crm").list_price
    client_pays = (price * 85 / 100).quantize(Decimal("0.01"))
    partner_pays = (client_pays * 80 / 100).quantize(Decimal("0.01"))

    words = text_of(
        fetch(client, "/en/levels/competency/?product=asoft-crm&quantity=1&client_discount=15").find(id="quote")
    )
    comma = text_of(
        fetch(client, "/levels/competency/?product=asoft-crm&quantity=1&client_discount=12,5").find(id="quote")
    )

    for amount in (client_pays, partner_pays, client_pays - partner_pays):
        shown = f"{amount:,.2f}".removesuffix(".00")
        assert f"₽{shown}" in words
    assert "12,5 %" in comma


def test_sample_prices_say_so_until_an_editor_replaces_them(client: Client) -> None:
    assert "образец" in main_of(client, "/products/").lower()

    Price.objects.update(is_sample=False)

    assert "образец" not in main_of(client, "/products/").lower()


def test_without_any_edition_pages_say_so_instead_of_failing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("program_pages.shown._terms", lambda day: None)

    assert client.get("/levels/").status_code == 503
    assert client.get("/terms/").status_code == 503
    assert client.get("/contacts/").status_code == 200
    assert client.get("/search/?q=скидка").status_code == 200
