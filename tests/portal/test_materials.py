"""Materials: on the shelf for everybody, taken by those whose level gives them, by one door (R2, R20, R27, R57)."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage, storages
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.documents import get_document_model
from wagtail.models import Collection

from partner_directory.demo import materials as samples
from partner_directory.models import Material
from partner_directory.models.people import Role
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from program_pages.models import TermsEdition
from tests.admin.conftest import member_of, signed_in
from tests.factories.editions import publish_edition
from tests.factories.materials import make_document, make_material
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def in_force() -> TermsEdition:
    """The published programme."""
    return TermsEdition.objects.published().get()


@pytest.fixture
def on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents lie in a folder, as they do on a server: Wagtail's view reads them by their path."""
    field = get_document_model()._meta.get_field("file")
    monkeypatch.setattr(field, "storage", FileSystemStorage(location=tmp_path))


def of_level(level: str | None = "retail", **facts: Any) -> Client:
    """A client of a person whose company holds a level."""
    return client_of(make_member(make_partner(level=level, **facts)))


def door(material: Material, language: str = "") -> str:
    return f"{language}/portal/materials/{material.pk}/"


def words(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def text_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


class TestTheShelf:
    def test_r2_holds_every_kind_by_its_name(self) -> None:
        for kind in Material.Kind:
            make_material(kind=kind)

        page = BeautifulSoup(of_level().get("/portal/materials/").content, "html.parser")

        assert [heading.text for heading in page.select("h2.portal-section__title")] == [
            "Рекламные материалы",
            "Информационные материалы",
            "Методические материалы",
            "База знаний",
        ]

    def test_r27_shows_what_is_for_another_level_and_says_so(self) -> None:
        closed, opened = make_material(levels=["competency", "saas"]), make_material(levels=["retail"])

        page = of_level("retail").get("/portal/materials/")

        assert "Только для уровня:" in words(page)
        links = {link["href"] for link in BeautifulSoup(page.content, "html.parser").select("a[href]")}
        assert door(opened) in links
        assert door(closed) not in links

    @pytest.mark.parametrize(
        ("state", "why"),
        [
            ("suspended", "Ваше членство приостановлено."),
            ("lapsed", "Срок вашего членства закончился"),
            ("ended", "Ваше членство прекращено."),
            ("upcoming", "Ваш уровень ещё не начал действовать."),
        ],
    )
    def test_a_partner_out_of_force_sees_what_there_is_and_why_it_is_closed(self, state: str, why: str) -> None:
        material = make_material()
        client = of_level("retail", state=state)

        page = words(client.get("/portal/materials/"))

        assert material.title_ru in page
        assert why in page
        assert client.get(door(material)).status_code == 404

    def test_a_company_that_has_not_joined_sees_it_too(self) -> None:
        material = make_material()
        page = words(of_level(None).get("/portal/materials/"))
        assert material.title_ru in page
        assert "сначала присоединитесь к программе" in page

    def test_speaks_the_readers_language(self) -> None:
        material = make_material(text_ru="О чём", text_en="What about")
        page = words(of_level().get("/en/portal/materials/"))
        assert material.title_en in page
        assert "What about" in page

    def test_leaves_out_what_is_not_published_or_of_another_edition(self, in_force: Any) -> None:
        hidden = make_material(published=False)
        old = make_material(edition=in_force)
        client = of_level()
        assert old.title_ru in words(client.get("/portal/materials/"))

        publish_edition()
        page = words(client.get("/portal/materials/"))

        for material in (hidden, old):
            assert material.title_ru not in page
            assert client.get(door(material)).status_code == 404

    def test_costs_no_queries_a_material(self) -> None:
        client = of_level()

        def queries() -> int:
            with CaptureQueriesContext(connection) as found:
                assert client.get("/portal/materials/").status_code == 200
            return len(found)

        make_material(levels=["retail"])
        queries()  # what a process reads once
        few = queries()
        for _number in range(10):
            make_material(levels=["competency", "saas"])
        assert queries() == few

    def test_is_empty_and_says_so(self) -> None:
        assert "Материалов пока нет" in words(of_level().get("/portal/materials/"))


class TestTheDoor:
    def test_gives_the_file_as_a_download_that_nothing_keeps_or_runs(self) -> None:
        material = make_material(content="Привет".encode(), title_ru="Буклет «А/Б»")

        response = of_level().get(door(material))

        assert text_of(response).decode() == "Привет"
        assert response["Content-Disposition"].startswith("attachment;")
        assert response["X-Content-Type-Options"] == "nosniff"
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
        assert "sandbox" in response["Content-Security-Policy"]

    def test_r57_asks_the_terms_and_no_level_by_its_name(self) -> None:
        material = make_material()
        client = of_level("retail")
        assert client.get(door(material)).status_code == 200

        def withheld(data: dict[str, Any]) -> None:
            next(row for row in data["benefits"] if row["key"] == "materials")["cells"]["retail"] = "no"

        publish_edition(change=withheld)

        assert client.get(door(material)).status_code == 404
        assert "ваш уровень материалов не даёт" in words(client.get("/portal/materials/"))

    def test_staff_take_what_owners_take(self) -> None:
        material = make_material(levels=["competency"])
        seat = make_member(make_partner(level="competency"), role=Role.STAFF)
        assert client_of(seat).get(door(material, "/en")).status_code == 200

    def test_another_level_gets_404(self) -> None:
        assert of_level("retail").get(door(make_material(levels=["saas"]))).status_code == 404

    @pytest.mark.parametrize("pk", ["0", "9" * 30])
    def test_what_is_not_there_is_404(self, pk: str) -> None:
        assert of_level().get(f"/portal/materials/{pk}/").status_code == 404

    def test_a_lost_file_is_404(self) -> None:
        material = make_material()
        storages["private"].delete(material.document.file.name)
        assert of_level().get(door(material)).status_code == 404

    def test_a_stranger_is_sent_to_sign_in(self, client: Client) -> None:
        for url in ("/portal/materials/", door(make_material())):
            response = client.get(url)
            assert response.status_code == 302
            assert "login" in response["Location"]

    def test_only_reads(self) -> None:
        assert of_level().post(door(make_material())).status_code == 405


class TestNoOtherDoor:
    def test_no_document_lies_under_a_static_address(self, client: Client) -> None:
        document = make_document()
        assert storages["private"].exists(document.file.name)
        assert not default_storage.exists(document.file.name)
        assert client.get(f"{settings.MEDIA_URL}{document.file.name}").status_code == 404

    def test_wagtails_view_refuses_a_material_to_strangers_and_other_levels(self, client: Client) -> None:
        material = make_material(levels=["saas"])
        for reader in (client, of_level("retail"), of_level("saas", state="lapsed")):
            assert reader.get(material.document.url).status_code == 404

    def test_wagtails_view_leads_an_entitled_partner_to_the_checked_door(self) -> None:
        material = make_material(levels=["saas"])
        assert of_level("saas").get(material.document.url)["Location"] == door(material)

    def test_an_unpublished_material_is_no_public_document(self, client: Client) -> None:
        assert client.get(make_material(published=False).document.url).status_code == 404

    def test_those_who_keep_documents_read_them(self, on_disk: None) -> None:
        document = make_material().document
        for group in (PARTNER_MANAGERS, EDITORS):
            response = signed_in(member_of(group)).get(document.url)
            assert text_of(response) == b"plain text"

    def test_a_document_that_is_nobodys_material_is_served_to_all(self, client: Client, on_disk: None) -> None:
        response = client.get(make_document(content=b"for all").url)
        assert text_of(response) == b"for all"

    def test_the_closed_collection_keeps_what_is_not_yet_a_material(self, client: Client) -> None:
        collection = Collection.objects.get(name=samples.COLLECTION)
        document = make_document(collection=collection)
        assert client.get(document.url).status_code == 302
        assert of_level("saas").get(document.url).status_code in {302, 403}


class TestSamples:
    def test_are_of_every_kind_say_that_they_are_samples_and_come_once(self) -> None:
        samples.load(lambda _line: None)
        samples.load(lambda _line: None)

        assert Material.objects.count() == len(samples.SAMPLES)
        assert {row.kind for row in Material.objects.all()} == set(Material.Kind)
        for material in Material.objects.select_related("document"):
            assert material.is_sample
            with material.document.open_file() as file:
                content = file.read().decode()
            assert "ОБРАЗЕЦ" in content
            assert "SAMPLE" in content

    def test_every_text_of_a_sample_is_in_both_languages(self) -> None:
        for sample in samples.SAMPLES:
            assert all(text.ru and text.en for text in (sample.title, sample.text, sample.body))

    def test_none_is_loaded_where_samples_are_not_wanted(self) -> None:
        call_command("load_directory", no_samples=True, stdout=StringIO())
        assert not Material.objects.exists()
