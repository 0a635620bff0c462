"""The directory as visitors and programs meet it: list, map, profiles, files; the same answers everywhere."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from pytest_django import DjangoDbBlocker

from partner_directory.directory import snapshot
from partner_directory.directory.asked import read
from partner_directory.directory.finding import PAGE_SIZE, facets
from partner_directory.directory.projection import refresh
from partner_directory.models import Membership, Office, OldAddress, Partner, Region, Specialist
from partner_directory.services import Service
from partner_directory.sitemaps import PartnersSitemap
from program_pages.models.edition import programme_day
from tests.factories.editions import publish_edition
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db

Get = Callable[..., BeautifulSoup]


@pytest.fixture(scope="module", autouse=True)
def _partners(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Thirty partners of every level in four cities, and nobody else; made once for all these tests."""
    cities, levels = ("kazan", "moscow", "samara", "omsk"), ("retail", "competency", "saas")
    with django_db_blocker.unblock():
        for number in range(30):
            make_partner(
                name_ru=f"Компания {number:02}",
                name_en=f"Company {number:02}",
                slug=f"company-{number:02}",
                city=cities[number % 4],
                level=levels[number % 3],
                products=["asoft-crm"] if number % 2 else ["asoft-crm-bank"],
                services=list(Service.values),
                languages=["ru", "en"] if number % 5 == 0 else ["ru"],
                accepts_clients=number % 7 != 0,
                specialists=number % 3,
            )
    yield
    with django_db_blocker.unblock():
        Membership.objects.all().delete()
        Partner.objects.all().delete()


def slugs(page: BeautifulSoup) -> list[str]:
    """The partners of a list in their order."""
    return [link["href"].rstrip("/").rsplit("/", 1)[-1] for link in page.select(".partner-card__name a")]


def words(page: BeautifulSoup) -> str:
    """What is to be read."""
    return " ".join(page.get_text(" ").split())


QUERIES = [
    "",
    "level=retail",
    "region=16&region=77",
    "city=kazan&product=asoft-crm",
    "service=implementation",
    "service=renting&accepting=yes",
    "language=en&sort=name",
    "q=компания&level=saas",
    "q=kompaniya 07",
    "near=samara&sort=distance",
    "near=Казань",
    "q=нетникого",
    "sort=new",
]


class TestTheSameAnswerEverywhere:
    @pytest.mark.parametrize("query", QUERIES)
    def test_page_api_and_table_name_the_same_partners_in_the_same_order(
        self, get: Get, client: Client, query: str
    ) -> None:
        shown: list[str] = []
        for page in (1, 2, 3, 4):
            found = slugs(get(f"/partners/?{query}&page={page}"))
            shown += [slug for slug in found if slug not in shown]
        told = self.told(client, query)
        table = client.get(f"/partners/export/csv/?{query}")
        rows = list(csv.DictReader(StringIO(b"".join(table).decode("utf-8-sig"))))

        assert shown == told
        assert [row["Страница"].rstrip("/").rsplit("/", 1)[-1] for row in rows] == told

    def told(self, client: Client, query: str) -> list[str]:
        """What the API says, a few partners at a time."""
        answer = client.get(f"/api/v1/partners/?{query}&limit=7").json()
        count, found = answer["count"], [item["slug"] for item in answer["results"]]
        while answer["next"]:
            answer = client.get(answer["next"]).json()
            found += [item["slug"] for item in answer["results"]]
        assert len(found) == count
        return found

    @pytest.mark.parametrize("query", QUERIES)
    def test_the_counts_of_page_and_api_agree(self, get: Get, client: Client, query: str) -> None:
        page = get(f"/partners/?{query}")
        told = client.get(f"/api/v1/partners/?{query}").json()
        shown = {
            (box["name"], box["value"]): int(box.parent.b.text)
            for box in page.select(".directory__facets input[type=checkbox]")
            if box["name"] != "accepting"
        }

        assert str(told["count"]) in words(page.select_one("#found"))
        for kind in ("level", "product", "service", "language", "region"):
            facet = {(kind, option["code"]): option["count"] for option in told["facets"][kind]}
            assert facet == {key: count for key, count in shown.items() if key[0] == kind}

    def test_a_cursor_leads_on_though_others_have_come(self, client: Client) -> None:
        first = client.get("/api/v1/partners/?limit=10").json()
        make_partner(), make_partner()
        rest = []
        answer = client.get(first["next"]).json()
        rest += [item["slug"] for item in answer["results"]]

        assert not set(rest) & {item["slug"] for item in first["results"]}


class TestTheList:
    def test_nothing_asked_is_the_same_question_as_nothing_that_counts(self) -> None:
        now = snapshot.current(snapshot.terms_today())
        assert read(QueryDict(""), now) == read(QueryDict("utm_source=letter"), now)

    def test_what_is_kept_of_everybody_is_of_this_directory_and_this_language(self) -> None:
        def counts(kind: str, language: str) -> dict[str, int]:
            with translation.override(language):
                found = facets(read(QueryDict(""), snapshot.current(snapshot.terms_today())))
            return {option.label: option.count for option in found[kind]}

        before = counts("level", "ru")
        make_partner(level="retail", city="kazan")
        after = counts("level", "ru")
        grown = {label: after[label] - before[label] for label in before}
        assert grown == {label: int("Retail" in label) for label in before}
        assert "Казань" in counts("city", "ru")
        assert "Kazan" in counts("city", "en")

    def test_an_address_holds_everything_that_was_asked(self, get: Get) -> None:
        page = get("/partners/?level=retail&region=16&q=компания&near=kazan&sort=name&accepting=yes")

        assert page.select_one("#q")["value"] == "компания"
        assert page.select_one("#near")["value"] == "Казань"
        assert page.select_one("#sort option[selected]")["value"] == "name"
        checked = {(box["name"], box["value"]) for box in page.select("input[checked]")}
        assert checked == {("level", "retail"), ("region", "16"), ("accepting", "yes")}
        assert [words(chip) for chip in page.select(".chips__chip")] == [
            "Убрать условие: «компания»",
            "Убрать условие: Retail",
            "Убрать условие: Татарстан",
            "Убрать условие: берут новых клиентов",
        ]

    def test_a_chip_takes_off_its_condition_alone(self, get: Get) -> None:
        page = get("/partners/?level=retail&region=16")
        link = page.select(".chips__chip")[0]["href"]

        assert link == "/partners/?region=16"

    @pytest.mark.parametrize(("language", "sentence"), [("ru", "жребий, новый каждый день"), ("en", "drawn by lot")])
    def test_the_order_is_explained_on_the_page_and_on_each_card(self, get: Get, language: str, sentence: str) -> None:
        page = get("/partners/", language)

        assert sentence in words(page.select_one(".directory__order"))
        assert len(page.select(".partner-card__why")) == PAGE_SIZE

    def test_nobody_found_offers_a_way_out_that_finds_somebody(self, get: Get) -> None:
        page = get("/partners/?level=retail&city=kazan&product=asoft-crm&language=en&region=77")
        ways = page.select(".directory-empty__way")

        assert ways
        for way in ways:
            assert len(slugs(get(way["href"]))) == min(int(way.select_one(".directory-empty__count").text), PAGE_SIZE)

    @pytest.mark.parametrize(
        "query",
        [
            *("page=1000000000", "page=-3", "page=abc", "level=zz", "region=%00", "q=%00", "sort=drop", "view=x"),
            *("near=%F0%9F%98%80", "q=" + "x" * 3000, "&".join(f"region={number}" for number in range(200))),
            *("level=retail&level=retail", "accepting=maybe", "q[]=1", "%ff=%ff", "q=%D0", "city=' OR 1=1"),
        ],
    )
    @pytest.mark.parametrize("path", ["", "frame/", "feed/", "compare/", "export/csv/", "export/geojson/"])
    def test_nonsense_is_answered_and_never_breaks(self, client: Client, path: str, query: str) -> None:
        response = client.get(f"/partners/{path}?{query}")

        assert response.status_code == 200
        if response.streaming:
            assert b"".join(response)

    def test_a_wrong_value_is_said(self, get: Get) -> None:
        assert "«zz»" in words(get("/partners/?level=zz").select_one(".directory__results"))

    def test_htmx_gets_the_answer_alone_and_the_address_to_show(self, client: Client) -> None:
        response = client.get("/partners/?level=retail&q=&near=", headers={"HX-Request": "true"})

        assert b"<html" not in response.content
        assert response["HX-Push-Url"] == "?level=retail"
        assert "HX-Request" in response["Vary"]

    def test_the_first_page_is_within_60_kilobytes(self, client: Client) -> None:
        for number in range(89):
            region = Region.objects.order_by("pk")[number]
            make_partner(city=None, regions=[region.code])

        assert len(client.get("/partners/").content) <= 60_000

    def test_a_filtered_list_is_not_indexed_but_for_one_region_level_or_product(self, get: Get) -> None:
        def indexed(query: str) -> tuple[bool, str]:
            page = get(f"/partners/{query}")
            canonical = page.select_one("link[rel=canonical]")
            return not page.select("meta[name=robots]"), canonical["href"].split("/partners/")[1] if canonical else ""

        assert indexed("") == (True, "")
        assert indexed("?region=16") == (True, "?region=16")
        assert indexed("?region=16&level=retail") == (False, "")
        assert indexed("?q=crm") == (False, "")

    def test_search_engines_read_the_list(self, get: Get) -> None:
        data = json.loads(get("/partners/?page=2").select_one('script[type="application/ld+json"]').string)

        assert data["@type"] == "ItemList"
        assert data["itemListElement"][0]["position"] == 11
        assert len(data["itemListElement"]) == 10

    def test_the_map_says_on_each_tile_what_the_list_says(self, get: Get) -> None:
        page = get("/partners/?view=map")
        tiles = page.select(".tile-map__place a")
        listed = {words(row.a): int(row.span.text) for row in page.select(".tile-map__rows li")}

        assert len(tiles) == 89
        told = {words(tile.select(".visually-hidden")[0]).split(": ")[0]: tile for tile in tiles}
        assert {name for name, tile in told.items() if not words(tile).endswith("0 партнёров")} == set(listed)
        assert told["Татарстан"]["href"] == "/partners/?view=map&region=16"
        assert listed["Татарстан"] == 8

    def test_a_chosen_tile_takes_its_region_off(self, get: Get) -> None:
        page = get("/partners/?view=map&region=16")

        assert page.select_one('.tile-map__place a[aria-current="true"]')["href"] == "/partners/?view=map"


class TestTheProfile:
    def test_r22_offers_only_what_the_level_allows_and_says_what_that_is(self, get: Get) -> None:
        retail = make_partner(level="retail", services=list(Service.values))
        page = get(f"/partners/{retail.slug}/")

        assert [tag.text for tag in page.select("#offers ~ .tags .tags__tag")] == ["поставка лицензий"]
        assert "Внедрение и кастомизация" in words(page.select_one(".partner__rights"))

    def test_what_the_level_allows_follows_the_edition_in_force(self, get: Get) -> None:
        retail = make_partner(level="retail", services=list(Service.values))

        def allow(data: dict[str, Any]) -> None:
            next(row for row in data["level_terms"] if row["level"] == "retail")["may_implement"] = True

        publish_edition(change=allow)

        assert "внедрение" in words(get(f"/partners/{retail.slug}/").select_one("#offers ~ .tags"))
        assert retail.slug in slugs(get(f"/partners/?service=implementation&q={retail.slug.replace('-', ' ')}"))

    @pytest.mark.parametrize(("state", "sentence"), [
        ("lapsed", "истёк"), ("suspended", "приостановлено"), ("ended", "больше не участвует"),
        ("upcoming", "ещё не началось"),
    ])  # fmt: skip
    def test_a11_of_one_listed_no_more_a_kind_page_tells_and_machines_read_410(
        self, get: Get, state: str, sentence: str
    ) -> None:
        partner = make_partner(state=state)
        page = get(f"/partners/{partner.slug}/", status=410)

        assert sentence in words(page.select_one(".page-head__lead"))
        assert page.select("meta[name=robots]")
        assert 1 <= len(slugs(page)) <= 3

    def test_taken_down_it_is_gone_and_never_published_it_never_was(self, get: Get) -> None:
        partner = make_partner()
        partner.unpublish()
        get(f"/partners/{partner.slug}/", status=410)
        get(f"/partners/{make_partner(published=False).slug}/", status=404)
        get("/partners/nobody-here/", status=404)

    def test_r19_an_earlier_address_leads_to_the_present_one(self, client: Client) -> None:
        partner = make_partner(slug="first-name")
        partner.slug = "second-name"
        partner.save_revision().publish()

        response = client.get("/en/partners/first-name/")
        assert (response.status_code, response["Location"]) == (301, "/en/partners/second-name/")
        assert client.get("/api/v1/partners/first-name/").json()["slug"] == "second-name"

        partner.slug = "first-name"
        partner.save_revision().publish()
        assert client.get("/partners/first-name/").status_code == 200
        assert client.get("/partners/second-name/")["Location"] == "/partners/first-name/"
        assert OldAddress.objects.count() == 1

    def test_a_client_is_named_only_with_its_consent_by_that_day(self, get: Get) -> None:
        today = programme_day()
        partner = make_partner(
            references=[
                {"client_ru": "Согласен", "consent_on": today},
                {"client_ru": "Промолчал"},
                {"client_ru": "Завтра", "consent_on": today + timedelta(days=1)},
            ]
        )
        page = words(get(f"/partners/{partner.slug}/"))

        assert "Согласен" in page
        assert "Промолчал" not in page
        assert "Завтра" not in page
        assert get("/partners/?q=промолчал").select_one("#found").text.strip().startswith("Найдено 0")

    def test_specialists_are_counted_and_named_only_if_they_agreed(self, get: Get) -> None:
        partner = make_partner(specialists=3)
        named = partner.specialists.first()
        assert named is not None
        named.name_is_public = True
        named.save()
        Specialist.objects.filter(partner=partner).last().delete()  # type: ignore[union-attr]
        page = get(f"/partners/{partner.slug}/")

        assert page.select_one(".partner-facts__number").text == "2"
        assert named.name_ru in words(page)
        assert sum(person.name_ru in words(page) for person in partner.specialists.all()) == 1
        assert "2 сертифицированных специалиста" in words(get("/partners/?sort=new"))

    def test_one_language_missing_the_other_stands_in(self, get: Get) -> None:
        partner = make_partner(name_ru="Только по-русски", name_en="")

        assert "Только по-русски" in words(get(f"/partners/{partner.slug}/", "en").h1)

    def test_what_an_editor_writes_is_text(self, get: Get) -> None:
        partner = make_partner(name_ru="<script>alert(1)</script>", summary_ru='"><img src=x onerror=alert(1)>')
        for path in (f"/partners/{partner.slug}/", "/partners/?sort=new", "/partners/frame/?sort=new"):
            page = get(path)
            assert not page.select("script:not([src]):not([type])")
            assert not page.select("img[src=x]")

    def test_search_engines_read_an_organisation_but_not_an_invented_one(self, get: Get) -> None:
        true, invented = make_partner(name_ru="Настоящая"), make_partner(is_sample=True)

        def kinds(partner: Partner) -> list[str]:
            text = get(f"/partners/{partner.slug}/").select_one('script[type="application/ld+json"]').string
            return [data["@type"] for data in json.loads(text)]

        assert kinds(true) == ["BreadcrumbList", "Organization"]
        assert kinds(invented) == ["BreadcrumbList"]

    def test_it_has_a_social_card(self, get: Get) -> None:
        page = get("/partners/company-01/")

        assert page.select_one('meta[property="og:title"]')["content"] == "Компания 01"
        assert page.select_one('meta[property="og:image"]')["content"].startswith("http://testserver/")


class TestBesideTheList:
    def test_three_side_by_side_and_no_more(self, get: Get) -> None:
        page = get("/partners/compare/?" + "&".join(f"partner=company-0{number}" for number in range(5)))

        assert len(page.select(".partner-comparison__partner")) == 3
        assert "трое" in words(page)

    def test_who_is_listed_no_more_is_left_out_and_said(self, get: Get) -> None:
        page = get(f"/partners/compare/?partner=company-01&partner={make_partner(state='lapsed').slug}")

        assert len(page.select(".partner-comparison__partner")) == 1
        assert "уже нет" in words(page)

    def test_anybody_may_frame_the_frame_and_nothing_else(self, client: Client) -> None:
        frame, page = client.get("/partners/frame/?region=16"), client.get("/partners/")

        assert "frame-ancestors *" in frame["Content-Security-Policy"]
        assert "X-Frame-Options" not in frame
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
        assert page["X-Frame-Options"] == "SAMEORIGIN"

    def test_new_partners_are_a_feed(self, client: Client) -> None:
        Partner.objects.update(first_published_at=timezone.now())
        newest = make_partner(name_ru="Самая новая")
        tree = ElementTree.fromstring(client.get("/partners/feed/?city=kazan").content)  # noqa: S314 - our own answer

        assert tree.findtext("channel/item/title") == "Самая новая"
        assert tree.findtext("channel/item/link", "").endswith(f"/partners/{newest.slug}/")

    def test_points_are_longitude_first(self, client: Client) -> None:
        answer = json.loads(b"".join(client.get("/api/v1/partners.geojson?city=kazan")))
        [longitude, latitude] = answer["features"][0]["geometry"]["coordinates"]

        assert len(answer["features"]) == 8
        assert (round(longitude), round(latitude)) == (49, 56)

    def test_a_table_disarms_what_a_spreadsheet_would_compute(self, client: Client) -> None:
        make_partner(name_ru="=HYPERLINK(1)")
        table = b"".join(client.get("/partners/export/csv/?sort=new")).decode("utf-8-sig")

        assert "=HYPERLINK(1)," not in table.replace("'=HYPERLINK(1),", "")


class TestTheApi:
    @pytest.mark.parametrize(
        ("query", "field"),
        [
            *(("level=zz", "level"), ("region=999", "region"), ("near=Атлантида", "near"), ("sort=price", "sort")),
            *(("limit=0", "limit"), ("limit=101", "limit"), ("limit=x", "limit"), ("cursor=%21", "cursor")),
            *(("cursor=AAAA", "cursor"), ("sort=distance", "sort")),
        ],
    )
    @pytest.mark.parametrize("language", ["ru", "en"])
    def test_what_cannot_be_read_is_a_problem_that_names_its_field(
        self, client: Client, query: str, field: str, language: str
    ) -> None:
        response = client.get(f"/api/v1/partners/?{query}", headers={"Accept-Language": language})

        assert response.status_code == 422
        assert response["Content-Type"].startswith("application/problem+json")
        assert response.json()["field"] == field

    def test_one_partner_an_unknown_one_and_one_that_is_gone(self, client: Client) -> None:
        told = client.get("/api/v1/partners/company-01/", headers={"Accept-Language": "en"}).json()
        assert (told["name"], told["holdings"][0]["level"]) == ("Company 01", "competency")
        assert told["url"].endswith("/en/partners/company-01/")

        assert client.get("/api/v1/partners/nobody/").status_code == 404
        gone = client.get(f"/api/v1/partners/{make_partner(state='lapsed').slug}/")
        assert (gone.status_code, gone.json()["field"]) == (410, "slug")

    def test_regions_with_their_tiles_and_numbers(self, client: Client) -> None:
        regions = {region["code"]: region for region in client.get("/api/v1/regions/").json()}

        assert len(regions) == 89
        assert regions["16"]["partners"] == 8
        assert regions["16"]["tile"]
        assert "63" in regions["16"]["neighbours"]

    @pytest.mark.parametrize(
        "path", ["partners/", "partners/company-01/", "regions/", "partners.csv", "partners.geojson"]
    )
    def test_anybody_may_read_it_and_keep_it_until_something_changes(self, client: Client, path: str) -> None:
        response = client.get(f"/api/v1/{path}")

        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cache-Control"] == "public, max-age=60"
        again = {"If-None-Match": response["ETag"]}
        assert client.get(f"/api/v1/{path}", headers=again).status_code == 304
        assert client.get(f"/api/v1/{path}", headers=again | {"Accept-Language": "en"}).status_code == 200
        make_partner()
        assert client.get(f"/api/v1/{path}", headers=again).status_code == 200

    def test_nothing_private_is_told(self, client: Client) -> None:
        partner = make_partner(email="secret@partner.example", name_en="Secretive")
        answer = client.get(f"/api/v1/partners/{partner.slug}/").content + client.get("/api/v1/partners/").content

        assert b"secret@" not in answer


def test_a_sitemap_of_several_files_names_every_partner_once_in_each_language(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PartnersSitemap, "limit", 5)

    def addresses(path: str) -> list[str]:
        tree = ElementTree.fromstring(client.get(path).content)  # noqa: S314 - our own
        return [element.text or "" for element in tree.iter() if element.tag.endswith("}loc")]

    files = [url.split("testserver", 1)[1] for url in addresses("/sitemap-index.xml") if "partners" in url]
    named = [url for file in files for url in addresses(file)]
    count = client.get("/api/v1/partners/").json()["count"]
    assert len(files) == -(-count // 5) > 1
    assert len(named) == len(set(named)) == 2 * count
    assert sum("/en/partners/" in url for url in named) == count


PATHS = [
    *("/partners/", "/partners/?level=retail&region=16", "/partners/?q=компания", "/partners/?view=map"),
    *("/partners/?near=kazan&sort=distance", "/partners/?sort=name", "/partners/company-01/", "/partners/frame/"),
    *("/partners/compare/?partner=company-01&partner=company-02", "/partners/feed/", "/api/v1/partners/"),
    *("/api/v1/partners/company-01/", "/api/v1/regions/", "/", "/sitemap-partners.xml", "/partners/enquiry/"),
]


def test_the_number_of_queries_does_not_grow_with_the_partners(client: Client) -> None:
    def queries(path: str) -> int:
        client.get(path)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(path).status_code == 200
        return len(captured)

    before = {path: queries(path) for path in PATHS}
    _copies_of(Partner.objects.get(slug="company-01"), 1000)

    assert {path: queries(path) for path in PATHS} == before
    assert max(before.values()) <= 35


def _copies_of(partner: Partner, count: int) -> None:
    """Many partners like one, each with an office and a membership, made in bulk."""
    membership = partner.memberships.get()
    rows = [
        Partner(name_ru=f"Много {number}", slug=f"many-{number}", live=True, services=partner.services)
        for number in range(count)
    ]
    made = Partner.objects.bulk_create(rows)
    city = partner.offices.get().city
    Office.objects.bulk_create(Office(partner=row, city=city, sort_order=0) for row in made)
    type(membership).objects.bulk_create(
        type(membership)(
            partner=row, level=membership.level, product_line=membership.product_line, year=membership.year,
            starts=membership.starts, until=membership.until, edition=membership.edition,
        )
        for row in made
    )  # fmt: skip
    refresh(row.pk for row in made)
