"""Files that people send: told by their content, limited, clean of names, and shown to those concerned alone."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import ImageFile

from config.settings import base
from partner_directory.models import Partner, PrivateFile
from partner_directory.models.people import Role
from partner_directory.portal.fields import PrivateUploadField
from partner_directory.uploads import checked, clean_name, keep_generated, keep_upload, sweep
from partner_directory.year import turn
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from program_pages.models.edition import programme_day
from tests.admin.conftest import member_of, signed_in
from tests.factories.files import kept, packed, pdf, picture, upload
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member

pytestmark = pytest.mark.django_db


def refused(content: bytes, name: str = "file.pdf") -> str:
    with pytest.raises(ValidationError) as error:
        checked(io.BytesIO(content), name)
    return " ".join(error.value.messages)


def archive(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archived:
        for name in names or ("a.txt",):
            archived.writestr(name, "x")
    return stream.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A few bytes that claim to be very large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


class TestContent:
    @pytest.mark.parametrize(
        ("content", "content_type"),
        [
            (pdf(), "application/pdf"),
            (pdf(packed(b"3 0 << /Type /Page >>")), "application/pdf"),
            (picture("PNG"), "image/png"),
            (picture("JPEG"), "image/jpeg"),
            (picture("WEBP"), "image/webp"),
        ],
    )
    def test_documents_and_pictures_are_taken_whatever_they_are_called(self, content: bytes, content_type: str) -> None:
        assert checked(io.BytesIO(content), "something.exe").content_type == content_type

    @pytest.mark.parametrize(
        "content",
        [
            b"<html><body>hello</body></html>",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
            b"MZ\x90\x00 an executable",
            b"just words",
            b"\x00" * 64,
            archive(),
            archive("../../etc/passwd", "..\\..\\windows"),
            picture("GIF"),
            picture("TIFF"),
            b"%!PS-Adobe-3.0\n",
        ],
    )
    def test_everything_else_is_refused_though_called_a_document(self, content: bytes) -> None:
        assert "Подойдут только PDF" in refused(content, "document.pdf")

    def test_an_empty_file_is_refused(self) -> None:
        assert "пуст" in refused(b"")

    @pytest.mark.parametrize("front", [pdf(), picture("PNG"), picture("JPEG")])
    def test_an_archive_behind_a_document_or_a_picture_is_refused(self, front: bytes) -> None:
        assert "Подойдут только" in refused(front + archive())

    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_a_picture_that_is_a_page_as_well_is_refused(self, kind: str) -> None:
        assert "посторонние данные" in refused(picture(kind) + b"<ScRipt>alert(1)</script>")

    @pytest.mark.parametrize("lenient", [True, False])
    @pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
    def test_half_a_picture_is_refused_whatever_pillow_was_told(
        self, kind: str, lenient: bool, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)  # WeasyPrint sets it for the whole process
        whole = picture(kind, (300, 200))
        assert "повреждён" in refused(whole[: len(whole) // 2])

    @pytest.mark.parametrize("side", [7_000, 60_000])
    def test_a_decompression_bomb_is_refused_before_it_is_unpacked(self, side: int) -> None:
        assert "слишком много точек" in refused(huge_png(side, side))


class TestPdf:
    def test_half_a_document_is_refused(self) -> None:
        assert "повреждён" in refused(pdf()[:40])

    def test_a_document_behind_a_password_is_refused(self) -> None:
        assert "паролем" in refused(pdf(trailer=b"/Encrypt 9 0 R "))

    @pytest.mark.parametrize(
        "hidden",
        [
            b"<< /S /JavaScript /JS (app.alert(1)) >>",
            b"<< /S /Java#53cript >>",
            b"<< /JS (app.alert(1)) >>",
            b"<< /S /Launch /F (cmd.exe) >>",
            b"<< /Type /Filespec /EF << /F 7 0 R >> /EmbeddedFiles 8 0 R >>",
            packed(b"7 0 << /S /JavaScript /JS (app.alert(1)) >>"),
            packed(b"7 0 << /JS (app.alert(1)) >>"),
        ],
    )
    def test_scripts_programs_and_files_inside_are_refused_packed_or_not(self, hidden: bytes) -> None:
        assert "сценарии" in refused(pdf(hidden))

    def test_packed_bytes_that_look_like_a_script_are_only_bytes(self) -> None:
        image = b"<< /Length 9 >>\nstream\n\x01/JS (\x02\nendstream"
        assert checked(io.BytesIO(pdf(image)), "scan.pdf").content_type == "application/pdf"

    def test_a_bomb_of_packed_objects_is_refused(self) -> None:
        assert "слишком большой" in refused(pdf(packed(b"0" * 40 * 1024 * 1024)))

    @pytest.mark.parametrize("body", [b"<< /ObjStm >>\nstream\nnot packed\nendstream", b"<< >>\nstream\nno end"])
    def test_broken_streams_are_refused(self, body: bytes) -> None:
        assert "повреждён" in refused(pdf(body))

    def test_many_beginnings_of_streams_cost_no_time(self) -> None:
        assert "повреждён" in refused(pdf(b">>stream\n" * 300_000))


class TestNames:
    @pytest.mark.parametrize(
        ("sent", "stored"),
        [
            ("Договор № 5.pdf", "Договор № 5.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\Users\\anna\\скан.PDF", "скан.pdf"),
            ("a\x00b\r\nc\u202efdp.exe", "a b c fdp.exe.pdf"),
            ('<img src="x">.pdf', "_img src=_x__.pdf"),
            ("..", "file.pdf"),
            ("", "file.pdf"),
            (".pdf", "pdf.pdf"),
            ("scan.jpeg", "scan.pdf"),
            ("и\u0306.pdf", "й.pdf"),
        ],
    )
    def test_a_name_is_only_a_name(self, sent: str, stored: str) -> None:
        assert clean_name(sent, "application/pdf") == stored

    def test_a_long_name_keeps_its_end(self) -> None:
        name = clean_name("я" * 1000 + ".pdf", "application/pdf")
        assert len(name) == 150
        assert name.endswith(".pdf")

    def test_the_senders_name_is_no_part_of_the_path(self) -> None:
        partner = make_partner(level=None)
        file = kept(partner, name="../Секретный скан.pdf")
        assert file.name == "Секретный скан.pdf"
        assert file.file.name == f"partners/{partner.pk}/{file.pk}.pdf"
        assert (file.size, len(file.sha256)) == (len(pdf()), 64)


class TestLimits:
    @override_settings(UPLOAD_MOST_BYTES=200)
    def test_size(self) -> None:
        assert "больше 200" in refused(b"x" * 201).replace("\xa0", " ")
        with override("en"):
            assert "200" in refused(b"x" * 201)

    @pytest.mark.parametrize("limit", ["UPLOAD_MOST_FILES", "UPLOAD_MOST_FILES_A_DAY"])
    def test_count(self, limit: str) -> None:
        partner, other = make_partner(level=None), make_partner(level=None)
        with override_settings(**{limit: 2}):
            kept(partner)
            kept(partner)
            with pytest.raises(ValidationError):
                kept(partner)
            kept(other)
        assert PrivateFile.objects.filter(partner=partner).count() == 2

    def test_a_refused_file_leaves_nothing(self) -> None:
        partner = make_partner(level=None)
        with pytest.raises(ValidationError):
            keep_upload(partner=partner, upload=io.BytesIO(archive()), name="a.pdf", actor=None)
        assert not PrivateFile.objects.exists()


class TestField:
    def test_it_refuses_and_leaves_the_file_at_its_beginning(self) -> None:
        field = PrivateUploadField()
        good = upload()
        assert field.clean(good).read() == pdf()
        with pytest.raises(ValidationError, match="Подойдут только"):
            field.clean(upload(b"<html>", "page.pdf"))
        with pytest.raises(ValidationError):
            field.clean(None)
        assert PrivateUploadField(required=False).clean(None) is None

    @override_settings(UPLOAD_MOST_BYTES=10)
    def test_what_is_too_large_is_not_even_read(self) -> None:
        with pytest.raises(ValidationError, match="больше"):
            PrivateUploadField().clean(upload())


def address(file: PrivateFile) -> str:
    return reverse("portal:file", args=[file.pk])


class TestServing:
    @pytest.fixture
    def partner(self) -> Partner:
        return make_partner(level=None)

    @pytest.mark.parametrize("role", Role.values)
    def test_people_of_the_company_get_it_as_an_attachment(self, partner: Partner, role: str) -> None:
        file = kept(partner, name="Скан №1.pdf")
        response: Any = client_of(make_member(partner, role=Role(role))).get(address(file))

        assert response.status_code == 200
        assert b"".join(response.streaming_content) == pdf()
        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"].startswith("attachment")
        assert "filename*=" in response["Content-Disposition"]
        assert "%D0%A1%D0%BA%D0%B0%D0%BD" in response["Content-Disposition"]
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert {"private", "no-store"} <= set(response["Cache-Control"].replace(" ", "").split(","))

    def test_managers_of_partners_get_it(self, partner: Partner) -> None:
        assert signed_in(member_of(PARTNER_MANAGERS)).get(address(kept(partner))).status_code == 200

    def test_for_everybody_else_there_is_none(self, partner: Partner, client: Client) -> None:
        file = kept(partner)
        stranger = client_of(make_member(make_partner(level=None)))
        editor = signed_in(member_of(EDITORS))
        nobody = signed_in(make_member(make_partner(level=None)).user)
        for person in (stranger, editor, nobody):
            assert person.get(address(file)).status_code == 404
        anonymous = client.get(address(file))
        assert anonymous.status_code == 302
        assert client.get(reverse("portal:file", args=[uuid4()])).status_code == 302
        assert client.post(address(file)).status_code == 405

    def test_whoever_has_left_the_company_gets_it_no_more(self, partner: Partner) -> None:
        file, seat = kept(partner), make_member(partner)
        client = client_of(seat)
        assert client.get(address(file)).status_code == 200
        seat.delete()
        assert client.get(address(file)).status_code == 404

    def test_what_the_storage_has_lost_is_not_found(self, partner: Partner) -> None:
        file = kept(partner)
        file.file.storage.delete(file.file.name)
        assert client_of(make_member(partner)).get(address(file)).status_code == 404

    def test_no_static_address_leads_to_it(self, partner: Partner) -> None:
        file = kept(partner)
        client = client_of(make_member(partner))
        assert client.get(storages["private"].url(file.file.name)).status_code == 404
        for root in ("/media/", "/static/", "/documents/", "/", "/private-files/", "/portal/files/"):
            assert client.get(f"{root}{file.file.name}").status_code == 404
        assert not Path(base.STORAGES["private"]["OPTIONS"]["location"]).is_relative_to(base.MEDIA_ROOT)

    def test_a_folder_of_its_own_is_sent_by_the_site_or_by_the_web_server(
        self, partner: Partner, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django_sendfile import utils

        storage = FileSystemStorage(location=tmp_path, base_url=None)
        monkeypatch.setattr(PrivateFile._meta.get_field("file"), "storage", storage)
        file = keep_generated(
            partner=partner, name="Договор.pdf", content=pdf(), content_type="application/pdf", actor=None
        )
        client = client_of(make_member(partner))
        utils._get_sendfile.cache_clear()
        try:
            with override_settings(SENDFILE_ROOT=str(tmp_path)):
                response = client.get(address(file))
                assert b"".join(response.streaming_content) == pdf()
                assert "filename*=UTF-8''" in response["Content-Disposition"]
                assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
                utils._get_sendfile.cache_clear()
                with override_settings(SENDFILE_THROUGH="django_sendfile.backends.nginx"):
                    handed = client.get(address(file))
                assert handed["X-Accel-Redirect"] == f"/private-files/{file.file.name}"
                assert handed.content == b""
        finally:
            utils._get_sendfile.cache_clear()


class TestSweeping:
    """What a killed upload leaves behind is removed after a day; what a row names, never."""

    @pytest.fixture(autouse=True)
    def _nothing_left_of_other_tests(self, db: None) -> None:
        sweep(timezone.now() + timedelta(days=1))

    def left(self, partner: Partner, *, name: str = "left.pdf", days: int = 2) -> str:
        """A file that no row names, so many days old."""
        with self.days_ago(days):
            return storages["private"].save(f"partners/{partner.pk}/{uuid4()}-{name}", ContentFile(pdf()))

    def days_ago(self, days: int) -> Any:
        return time_machine.travel(timezone.now() - timedelta(days=days))

    def sweep(self) -> int:
        return sweep(timezone.now() - timedelta(days=1))

    def test_only_what_no_row_names_goes_and_only_after_a_day(self) -> None:
        partner = make_partner()
        with self.days_ago(400):
            file = kept(partner)
        old, fresh = self.left(partner), self.left(partner, days=0)

        assert (self.sweep(), self.sweep()) == (1, 0), "again, there is nothing left to do"

        exists = storages["private"].exists
        assert [exists(name) for name in (file.file.name, fresh, old)] == [True, True, False]
        storages["private"].delete(fresh)

    def test_of_a_partner_that_is_no_more_too(self) -> None:
        partner = make_partner(level=None)
        old = self.left(partner)
        partner.delete()
        assert self.sweep() == 1
        assert not storages["private"].exists(old)

    def test_documents_of_materials_are_none_of_its_business(self) -> None:
        with self.days_ago(400):
            name = storages["private"].save("documents/left.pdf", ContentFile(pdf()))
        assert self.sweep() == 0
        assert storages["private"].exists(name)
        storages["private"].delete(name)

    def test_an_empty_storage_is_fine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("partner_directory.uploads.private_storage", lambda: FileSystemStorage(tmp_path / "none"))
        assert self.sweep() == 0

    def test_is_a_step_of_the_days_turn(self) -> None:
        old = self.left(make_partner())
        [step] = [step for step in turn.STEPS if step.name == "sweep_files"]
        assert step.run(programme_day()) == 1
        assert not storages["private"].exists(old)
