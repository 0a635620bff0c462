"""Files in buckets of a server that speaks S3: the site's own flows over HTTP, and nothing private for anybody else."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

import boto3
import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from config.media import media
from config.settings import engines
from operations.storages import PrivateBucket, StorageUnavailable
from partner_directory.badges import files as badge_files
from partner_directory.badges import kept
from partner_directory.uploads import sweep
from tests.admin.conftest import signed_in
from tests.factories.badges import make_badge
from tests.factories.files import kept as keep_file
from tests.factories.files import pdf
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_superuser
from tests.running_site import free_port
from tests.servers import s3_server

PUBLIC, PRIVATE = "media", "private"
EVERYBODY = "AllUsers"


def _client(address: str) -> Any:
    return boto3.client(
        "s3", endpoint_url=address, region_name="us-east-1", aws_access_key_id="key", aws_secret_access_key="word"
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with s3_server(tmp_path_factory.mktemp("s3")) as address:
        client = _client(address)
        for name in (PUBLIC, PRIVATE):
            client.create_bucket(Bucket=name)
        yield address


def at(address: str, name: str, *, private: bool) -> dict[str, Any]:
    url = address.replace("http://", "s3+http://key:word@")
    return engines.bucket("STORAGE", f"{url}/{name}/site?region=us-east-1", private=private)


@pytest.fixture
def in_buckets(server: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    """The site keeps its files on the server, as the two variables would have it."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": at(server, PUBLIC, private=False),
        "private": at(server, PRIVATE, private=True),
    }
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, models.FileField) and hasattr(field, "_storage_callable"):
                monkeypatch.setattr(field, "storage", field._storage_callable())
    return server


def names_in(server: str, bucket: str) -> list[str]:
    listed = _client(server).list_objects_v2(Bucket=bucket)
    return [entry["Key"] for entry in listed.get("Contents", [])]


def content(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def image() -> SimpleUploadedFile:
    stream = io.BytesIO()
    Image.new("RGB", (400, 300), "#14b8a6").save(stream, "PNG")
    return SimpleUploadedFile("Офис.png", stream.getvalue())


@pytest.mark.django_db
class TestFlows:
    def test_a_private_file_reaches_the_people_of_its_company_alone(self, in_buckets: str, client: Client) -> None:
        partner = make_partner(level=None)
        file = keep_file(partner)
        address = reverse("portal:file", args=[file.pk])

        response = client_of(make_member(partner)).get(address)

        assert content(response) == pdf()
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert "private" in response["Cache-Control"]
        assert "attachment" in response["Content-Disposition"]
        assert client_of(make_member(make_partner(level=None))).get(address).status_code == 404
        assert client.get(address).status_code == 302
        assert f"site/{file.file.name}" in names_in(in_buckets, PRIVATE)

    def test_what_the_bucket_has_lost_is_not_found(self, in_buckets: str) -> None:
        partner = make_partner(level=None)
        file = keep_file(partner)
        storages["private"].delete(file.file.name)

        assert client_of(make_member(partner)).get(reverse("portal:file", args=[file.pk])).status_code == 404

    def test_a_document_is_uploaded_shown_changed_and_served(self, in_buckets: str, client: Client) -> None:
        admin = signed_in(make_superuser())
        sent = SimpleUploadedFile("Правила.pdf", pdf())
        added = admin.post(reverse("wagtaildocs:add"), {"title": "Правила", "file": sent, "collection": 1})
        document = get_document_model().objects.get(title="Правила")

        assert added.status_code == 302
        assert admin.get(reverse("wagtaildocs:edit", args=[document.pk])).status_code == 200
        served = client.get(document.url)
        assert content(served) == pdf()
        assert served["Content-Security-Policy"] == "default-src 'none'"
        assert document.file_size == len(pdf())
        assert admin.post(reverse("wagtaildocs:delete", args=[document.pk])).status_code == 302

    def test_an_image_and_its_renditions_have_the_sites_own_addresses(self, in_buckets: str) -> None:
        admin = signed_in(make_superuser())
        added = admin.post(reverse("wagtailimages:add"), {"title": "Офис", "file": image(), "collection": 1})
        picture = get_image_model().objects.get(title="Офис")
        rendition = picture.get_rendition("width-100")

        assert added.status_code == 302
        assert picture.file.url.startswith("/media/original_images/")
        assert rendition.url.startswith("/media/images/")
        served = media(RequestFactory().get(rendition.url), rendition.file.name)
        assert served["Content-Type"] == "image/png"
        assert Image.open(io.BytesIO(content(served))).size == (100, 75)
        assert f"site/{rendition.file.name}" in names_in(in_buckets, PUBLIC)
        assert not any("images" in name for name in names_in(in_buckets, PRIVATE))

    def test_a_kit_of_logos_is_made_kept_and_taken(self, in_buckets: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(badge_files, "PNG_WIDTHS", (64,))
        monkeypatch.setattr(badge_files, "WEBP_WIDTHS", ())
        monkeypatch.setattr(badge_files, "FORMAT", "s3")
        partner = make_partner(level="retail")
        make_badge(partner)
        client = client_of(make_member(partner))
        page = client.get("/portal/logos/").content.decode()
        link = page.split('href="/portal/logos/kit/')[1].split('"')[0]

        taken = content(client.get(f"/portal/logos/kit/{link}"))
        made: list[str] = []
        monkeypatch.setattr(kept, "keep", lambda name, _content: made.append(name))
        again = content(client.get(f"/portal/logos/kit/{link}"))

        assert badge_files.unpacked(taken)
        assert again == taken
        assert made == []

    def test_what_no_row_names_is_swept(self, in_buckets: str) -> None:
        file = keep_file(make_partner(level=None))
        name = storages["private"].save("partners/1/left.pdf", ContentFile(pdf()))

        assert sweep(timezone.now() - timedelta(days=1)) == 0
        sweep(timezone.now() + timedelta(days=1))

        assert not storages["private"].exists(name)
        assert storages["private"].exists(file.file.name)


def test_nobody_without_the_key_reads_or_lists_what_is_private(in_buckets: str) -> None:
    name = storages["private"].save("partners/1/secret.pdf", ContentFile(b"secret"))
    client = _client(in_buckets)

    with pytest.raises(HTTPError) as refused:
        urlopen(f"{in_buckets}/{PRIVATE}/site/{name}")  # noqa: S310 - our own server
    assert refused.value.code == 403
    refused.value.close()
    # This server lets anybody list any bucket; a real one asks the lists that follow.
    for acl in (client.get_object_acl(Bucket=PRIVATE, Key=f"site/{name}"), client.get_bucket_acl(Bucket=PRIVATE)):
        assert not [grant for grant in acl["Grants"] if EVERYBODY in grant["Grantee"].get("URI", "")]


def test_a_private_file_has_no_address(in_buckets: str) -> None:
    with pytest.raises(NotImplementedError):
        storages["private"].url("partners/1/secret.pdf")


def test_a_name_is_given_once(in_buckets: str) -> None:
    first, second = (default_storage.save("images/a.txt", ContentFile(said)) for said in (b"one", b"two"))

    assert first != second
    with default_storage.open(first) as file:
        assert file.read() == b"one"


def test_what_is_damaged_is_made_anew(in_buckets: str) -> None:
    assert kept.content_of("damaged/x.zip", lambda: b"made") == b"made"
    storages["private"].delete("damaged/x.zip")

    assert kept.find("damaged/x.zip") is None
    assert kept.content_of("damaged/x.zip", lambda: b"again") == b"again"
    kept.forget_others("damaged", kept.Kept("damaged/y.zip", ""))
    assert storages["private"].listdir("damaged") == ([], [])


def test_a_server_that_is_down_is_an_error_of_files_and_soon_said() -> None:
    down = PrivateBucket(**at(f"http://127.0.0.1:{free_port()}", PRIVATE, private=True)["OPTIONS"])
    began = time.monotonic()

    for ask in (lambda: down.open("a"), lambda: down.exists("a"), lambda: down.save("a", ContentFile(b"1"))):
        with pytest.raises(StorageUnavailable):
            ask()

    assert time.monotonic() - began < 15


def test_a_wrong_key_is_told_from_a_missing_file(in_buckets: str) -> None:
    with pytest.raises(FileNotFoundError):
        storages["private"].open("partners/none.pdf")
    with pytest.raises(FileNotFoundError):
        storages["private"].size("partners/none.pdf")


def test_one_variable_names_a_bucket() -> None:
    found = engines.bucket("MEDIA_STORAGE", "s3://k:s%2Fx@files.example.org:9000/media/a/b?region=ru", private=False)

    assert found["BACKEND"] == "operations.storages.PublicBucket"
    assert found["OPTIONS"] == {
        "bucket_name": "media",
        "location": "a/b",
        "access_key": "k",
        "secret_key": "s/x",
        "addressing_style": "path",
        "endpoint_url": "https://files.example.org:9000",
        "region_name": "ru",
    }
    assert "endpoint_url" not in engines.bucket("X", "s3://k:s@/media", private=True)["OPTIONS"]


@pytest.mark.parametrize("url", ["https://files.example.org/media", "s3://k:s@host", "s3://k:s@host/b?acl=public-read"])
def test_what_names_no_bucket_is_refused_by_its_variable(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PRIVATE_STORAGE"):
        engines.bucket("PRIVATE_STORAGE", url, private=True)
