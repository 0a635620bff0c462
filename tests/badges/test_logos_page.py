"""The public page of the marks: who may use which, how, and every variant on its ground (R5-R9)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from partner_directory.badges.marks import approved_versions
from partner_directory.badges.previews import DENSITY, WIDEST, shown_variants
from partner_directory.models.mark import VARIANTS, Mark
from program_pages.models.level import Level

pytestmark = pytest.mark.django_db

LANGUAGES = pytest.mark.parametrize("language", ["ru", "en"])


@LANGUAGES
def test_every_mark_is_shown_in_every_variant_with_its_name(get: Any, language: str) -> None:
    page = get("/logos/", language)
    for version in approved_versions():
        article = page.find(id=version.mark.slug)
        pictures = article.find_all("img")
        assert len(pictures) == len(VARIANTS)
        assert {picture["alt"] for picture in pictures} == {version.name}
        assert len(article.find_all("figcaption")) == len(VARIANTS)
        on_dark = article.find(class_="mark-ground--dark").find_all("img")
        assert {picture["src"].rsplit("-", 1)[1] for picture in on_dark} == {"dark.webp", "white.webp"}


@LANGUAGES
@pytest.mark.parametrize("code", ["R5", "R6", "R7", "R8", "R9"])
def test_the_rules_of_use_are_cited(get: Any, language: str, code: str) -> None:
    assert get("/logos/", language).find("a", href=lambda href: href and href.endswith(f"#{code.lower()}"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", ("Это образцы", "0,25 высоты", "24 px", "8 мм", "Только партнёры этого уровня", "Любой действующий")),
        ("en", ("These are samples", "0.25", "24 px", "8 mm", "Only partners of this level", "Any active partner")),
    ],
)
def test_who_may_use_what_and_how_small_and_that_it_is_a_sample(get: Any, language: str, said: tuple[str, ...]) -> None:
    words = " ".join(get("/logos/", language).main.get_text(" ").replace("\u00a0", " ").split())
    for each in said:
        assert each in words, each


def test_true_artwork_is_not_called_a_sample(get: Any) -> None:
    for mark in Mark.objects.all():
        mark.is_sample = False
        mark.save_revision().publish(skip_permission_checks=True)
    words = get("/logos/").main.get_text(" ")
    assert "Это образцы" not in words
    assert "образец" not in words


def test_r13_a_level_that_an_edition_does_not_have_yet_is_not_promised(get: Any) -> None:
    retail = Level.objects.get(slug="retail")
    retail.pk, retail.slug, retail.contract_code = None, "bank", 4
    retail._state.adding = True
    retail.save()
    assert Mark.objects.filter(level__slug="bank").exists()
    assert get("/logos/").find(id="bank") is None


def test_the_page_is_in_the_sitemap_and_in_the_foot(get: Any, client: Client) -> None:
    listed = client.get("/sitemap.xml").content.decode()
    assert "/logos/</loc>" in listed
    assert "/en/logos/</loc>" in listed
    assert get("/").footer.find("a", href="/logos/")


def test_it_takes_one_query_of_its_own_whatever_the_number_of_marks_and_versions(client: Client) -> None:
    def asked() -> list[str]:
        client.get("/logos/")  # warms what is kept
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/logos/").status_code == 200
        return [query["sql"] for query in queries.captured_queries]

    before = asked()
    assert sum("partner_directory_mark" in sql for sql in before) == 1
    for number in range(3):
        for mark in Mark.objects.all():
            mark.least_px = 40 + number
            mark.save_revision().publish(skip_permission_checks=True)
    after = asked()
    assert len(after) == len(before)
    assert "42 px" in client.get("/logos/").content.decode()


def test_no_drawing_leaves_with_the_page(client: Client) -> None:
    """R5: the files are for who has joined; the page has pictures of one size."""
    html = client.get("/logos/").content.decode()
    for version in approved_versions():
        for drawing in version.drawings.values():
            assert drawing.split('d="')[1][:60] not in html


class TestAPicture:
    def url(self, key: str = "horizontal-light") -> str:
        return next(variant.url for variant in shown_variants(approved_versions()[1]) if variant.key == key)

    @pytest.mark.parametrize("key", [key for key, _layout, _ink in VARIANTS])
    def test_is_of_the_size_that_the_page_says_and_transparent(self, client: Client, key: str) -> None:
        response = client.get(self.url(key))
        variant = next(found for found in shown_variants(approved_versions()[1]) if found.key == key)

        assert response["Content-Type"] == "image/webp"
        with Image.open(BytesIO(response.content)) as picture:
            assert picture.width == variant.width * DENSITY
            assert abs(picture.height - variant.height * DENSITY) <= DENSITY
            assert picture.convert("RGBA").getpixel((0, picture.height - 1))[3] == 0  # type: ignore[index]
        assert variant.width <= WIDEST

    def test_is_small(self, client: Client) -> None:
        sizes = [len(client.get(self.url(key)).content) for key, _layout, _ink in VARIANTS]
        assert max(sizes) < 4_000
        assert sum(sizes) < 25_000

    def test_is_kept_by_browsers_and_not_sent_twice(self, client: Client, django_assert_num_queries: Any) -> None:
        url = self.url()
        first = client.get(url)
        assert "immutable" in first["Cache-Control"]
        assert "public" in first["Cache-Control"]
        with django_assert_num_queries(0):
            again = client.get(url, headers={"if-none-match": first["ETag"]})
        assert again.status_code == 304
        assert not again.content

    @pytest.mark.parametrize(
        "address", ["/logos/preview/999999/horizontal-light.webp", "/logos/preview/{}/other.webp", "/logos/preview/"]
    )
    def test_that_there_is_not_is_not_there(self, client: Client, address: str) -> None:
        assert client.get(address.format(approved_versions()[0].pk)).status_code == 404

    def test_is_only_read(self, client: Client) -> None:
        assert client.post(self.url()).status_code == 405
