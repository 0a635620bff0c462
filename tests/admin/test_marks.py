"""Marks in the admin: masters are cleaned and seen, approved before anyone takes them, kept with checksums (R6, R9)."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.models import Workflow
from wagtail.users.models import UserProfile

from partner_directory import rights
from partner_directory.badges.drawing import is_sample, sample_drawings
from partner_directory.models.mark import VARIANTS, Mark
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from tests.admin.forms import opened, said

pytestmark = pytest.mark.django_db

NS = 'xmlns="http://www.w3.org/2000/svg"'
KEYS = [key for key, _layout, _ink in VARIANTS]


def address(view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_partner_directory_mark:{view}", args=args)


def master(colour: str = "#123456", inside: str = "") -> SimpleUploadedFile:
    drawing = f'<svg {NS} viewBox="0 0 40 10">{inside}<path fill="{colour}" d="M0 0h40v10H0Z"/></svg>'
    return SimpleUploadedFile("mark.svg", drawing.encode())


def masters() -> dict[str, SimpleUploadedFile]:
    return {f"master-{key}": master(f"#{place:06x}") for place, key in enumerate(KEYS)}


@pytest.fixture
def mark() -> Mark:
    return Mark.objects.get(slug="retail")


def send(client: Client, mark: Mark, *, sample: bool = True, do: str = "", **changes: Any) -> Any:
    data = opened(client, address("edit", mark.pk)) | changes
    data.pop("is_sample", None)
    if sample:
        data["is_sample"] = "on"
    return client.post(address("edit", mark.pk), data | ({do: do} if do else {}), follow=True)


def draft(mark: Mark) -> Mark:
    return Mark.objects.get(pk=mark.pk).get_latest_revision_as_object()  # type: ignore[no-any-return]


def mistakes(response: Any) -> dict[str, str]:
    """What stands beside each field of the grid."""
    page = BeautifulSoup(response.content, "html.parser")
    cells = page.select(".mark-masters__cell")
    return {
        cell.input["name"]: found.get_text(" ", strip=True)
        for cell in cells
        if (found := cell.select_one(".error-message"))
    }


class TestTheForm:
    def test_shows_every_variant_on_its_ground_and_that_it_is_a_sample(
        self, partner_manager: Client, mark: Mark
    ) -> None:
        page = BeautifulSoup(partner_manager.get(address("edit", mark.pk)).content, "html.parser")
        cells = page.select(".mark-masters__cell")

        assert [cell.input["name"] for cell in cells] == [f"master-{key}" for key in KEYS]
        assert all(cell.svg for cell in cells)
        assert all("образец" in cell.text for cell in cells)
        dark = [cell.input["name"] for cell in cells if cell.select_one(".mark-ground--dark")]
        assert dark == [f"master-{key}" for key in KEYS if key.endswith(("-dark", "-white"))]
        assert page.find("form", id="w-editor-form")["enctype"] == "multipart/form-data"

    def test_takes_a_master_as_a_draft_and_shows_it(self, partner_manager: Client, mark: Mark) -> None:
        response = send(partner_manager, mark, **{"master-symbol-light": master("#abcdef")})

        assert response.status_code == 200
        assert "#abcdef" in draft(mark).drawings["symbol-light"]
        assert "#abcdef" in response.content.decode()
        assert is_sample(draft(mark).drawings["symbol-dark"])
        assert is_sample(Mark.objects.get(pk=mark.pk).drawings["symbol-light"]), "the public sees no draft"

    def test_says_what_was_left_out_of_a_file_and_shows_it_cleaned(self, partner_manager: Client, mark: Mark) -> None:
        file = master(inside='<script>alert(1)</script><g onclick="a()"/>')
        response = send(partner_manager, mark, **{"master-vertical-white": file})
        words = said(response)

        assert "Из файла «вертикальный, одноцветный белый» убрано: <script>, onclick." in words
        drawing = draft(mark).drawings["vertical-white"]
        assert "script" not in drawing
        assert drawing in response.content.decode()

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (b"<!doctype html><html></html>", "Это не SVG"),
            (b"\x89PNG\r\n\x1a\n", "Это PNG"),
            (f'<svg {NS} viewBox="0 0 9 9"><text>ASoft</text></svg>'.encode(), "превратите буквы в контуры"),
            (sample_drawings("ASoft", "circle", "#0f766e")["symbol-light"].encode(), "нарисовал сам сайт"),
        ],
        ids=["html", "png", "text", "sample"],
    )
    def test_says_beside_the_field_why_a_file_is_refused(
        self, partner_manager: Client, mark: Mark, content: bytes, sentence: str
    ) -> None:
        response = send(partner_manager, mark, **{"master-symbol-light": SimpleUploadedFile("x.svg", content)})

        assert list(mistakes(response)) == ["master-symbol-light"]
        assert sentence in mistakes(response)["master-symbol-light"]
        assert Mark.objects.get(pk=mark.pk).latest_revision == mark.latest_revision

    def test_r9_true_artwork_needs_every_variant_and_says_which_are_missing(
        self, partner_manager: Client, mark: Mark
    ) -> None:
        files = masters()
        del files["master-symbol-white"], files["master-vertical-light"]
        response = send(partner_manager, mark, sample=False, **files)

        assert list(mistakes(response)) == ["master-vertical-light", "master-symbol-white"]
        assert "ещё образец" in mistakes(response)["master-symbol-white"]

    def test_the_masters_may_come_one_after_the_other(self, partner_manager: Client, mark: Mark) -> None:
        files = list(masters().items())
        send(partner_manager, mark, **dict(files[:6]))
        send(partner_manager, mark, sample=False, **dict(files[6:]))

        assert not draft(mark).is_sample
        assert not any(map(is_sample, draft(mark).drawings.values()))

    def test_speaks_the_readers_language(self, partner_manager: Client, mark: Mark) -> None:
        user = partner_manager.get("/admin/").wsgi_request.user
        UserProfile.objects.create(user=user, preferred_language="en")
        file = SimpleUploadedFile("x.svg", b"<html/>")
        assert (
            "This is no SVG"
            in mistakes(send(partner_manager, mark, **{"master-symbol-light": file}))["master-symbol-light"]
        )


class TestApproval:
    def test_a_manager_publishes_only_through_it(self, partner_manager: Client, mark: Mark) -> None:
        send(partner_manager, mark, sample=False, do="action-publish", **masters())
        assert Mark.objects.get(pk=mark.pk).is_sample

    def test_r6_what_is_approved_is_public_and_kept(self, editor: Client, partner_manager: Client, mark: Mark) -> None:
        """An editor uploads and submits, a manager approves; there is a version of it, by the one who approved."""
        send(editor, mark, sample=False, do="action-submit", **masters())
        state = Mark.objects.get(pk=mark.pk).current_workflow_state
        assert state is not None
        assert state.workflow.name == rights.MARK_APPROVAL
        approve = address("workflow_action", mark.pk, "approve", state.current_task_state.pk)
        assert editor.post(approve).status_code in {302, 403}
        assert Mark.objects.get(pk=mark.pk).is_sample
        partner_manager.post(approve)
        mark = Mark.objects.get(pk=mark.pk)

        assert not mark.is_sample
        version = mark.versions.first()
        assert (version.number, version.is_sample) == (2, False)
        assert version.approved_by == partner_manager.get("/admin/").wsgi_request.user
        assert version.drawings == mark.drawings

    def test_is_there_once_however_often_it_is_loaded(self) -> None:
        rights.load(lambda line: None)
        assert Workflow.objects.filter(name=rights.MARK_APPROVAL).count() == 1


class TestOtherViews:
    def test_the_listing_shows_each_mark_its_version_and_whether_it_is_a_sample(self, partner_manager: Client) -> None:
        response = partner_manager.get(address("list"))
        words = said(response)
        for name in ("ASoft Partners", "ASoft Retail Partner", "образец"):
            assert name in words
        assert BeautifulSoup(response.content, "html.parser").select_one(".mark-figure svg")

    def test_the_listing_takes_as_many_queries_at_any_number_of_versions(
        self, partner_manager: Client, django_assert_max_num_queries: Any
    ) -> None:
        partner_manager.get(address("list"))
        with django_assert_max_num_queries(40) as few:
            partner_manager.get(address("list"))
        for mark in Mark.objects.all():
            for number in range(3):
                mark.least_px = 40 + number
                mark.save_revision().publish(skip_permission_checks=True)
        with django_assert_max_num_queries(40) as many:
            partner_manager.get(address("list"))
        assert len(many.captured_queries) == len(few.captured_queries)

    def test_r6_the_checksums_of_every_version_are_to_be_read(self, partner_manager: Client, mark: Mark) -> None:
        mark.least_px = 48
        mark.save_revision().publish(skip_permission_checks=True)
        words = said(partner_manager.get(address("inspect", mark.pk)))
        assert "data-artwork" not in words, "drawings are shown, not spelt out"

        for version in mark.versions.all():
            assert f"Версия {version.number}" in words
            for file in version.files.all():
                assert file.sha256 in words
                assert file.name in words

    def test_a_draft_is_previewed_in_every_variant_on_its_ground(self, partner_manager: Client, mark: Mark) -> None:
        send(partner_manager, mark, **{"master-symbol-dark": master("#abcdef")})
        data = opened(partner_manager, address("edit", mark.pk))
        partner_manager.post(address("preview_on_edit", mark.pk), data)
        page = BeautifulSoup(partner_manager.get(address("preview_on_edit", mark.pk)).content, "html.parser")

        assert len(page.select(".mark-variant > svg")) == len(KEYS)
        assert "#abcdef" in str(page.select(".mark-ground--dark"))

    def test_two_revisions_are_compared_by_their_drawings(self, partner_manager: Client, mark: Mark) -> None:
        for colour in ("#abcdef", "#fedcba"):
            send(partner_manager, mark, **{"master-symbol-light": master(colour)})
        _drawn, one, other = mark.revisions.order_by("pk").values_list("pk", flat=True)
        page = BeautifulSoup(
            partner_manager.get(address("revisions_compare", mark.pk, one, other)).content, "html.parser"
        )

        assert "знак без надписи, цветной на светлом" in page.text.lower()
        assert "горизонтальный, цветной" not in page.text.lower()
        assert "#abcdef" in str(page.select(".deletion"))
        assert "#fedcba" in str(page.select(".addition"))


class TestRights:
    @pytest.mark.parametrize("view", ["add", "delete"])
    def test_nobody_adds_or_deletes_a_mark(self, admin: Client, mark: Mark, view: str) -> None:
        args = [mark.pk] if view == "delete" else []
        assert admin.get(address(view, *args)).status_code == 302
        admin.post(address(view, *args))
        assert Mark.objects.filter(pk=mark.pk).exists()

    def test_programme_managers_and_strangers_do_not_enter(self, manager: Client, mark: Mark) -> None:
        assert manager.get(address("edit", mark.pk)).status_code == 302

    def test_groups_that_were_there_before_get_their_rights_with_the_new_version(self) -> None:
        for group in Group.objects.filter(name__in=[EDITORS, PARTNER_MANAGERS]):
            group.permissions.remove(*group.permissions.filter(content_type__model="mark"))
        rights.load(lambda line: None)
        held = Group.objects.get(name=PARTNER_MANAGERS).permissions.filter(content_type__model="mark")
        assert set(held.values_list("codename", flat=True)) == {"change_mark", "view_mark", "lock_mark", "unlock_mark"}
