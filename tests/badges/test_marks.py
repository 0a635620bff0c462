"""Marks: one for each level at once, each publication kept for good with its checksums (R6, R9, R13)."""

from __future__ import annotations

import hashlib
from threading import Event
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from wagtail.models import ModelLogEntry

from operations import worker
from operations.jobs import Watch
from partner_directory import guards
from partner_directory.actions import marks as actions
from partner_directory.actions.marks import ensure_marks
from partner_directory.badges import files
from partner_directory.badges.drawing import is_sample
from partner_directory.badges.marks import approved_versions, version_for
from partner_directory.models.mark import PROGRAMME_SLUG, VARIANTS, Mark, MarkFile, MarkVersion
from program_pages.models.level import Level, ProductLine
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

KEYS = {key for key, _layout, _ink in VARIANTS}
TRUE = '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="1" viewBox="0 0 2 1"><path d="M0 0h2"/></svg>'


def level(slug: str) -> Level:
    return Level.objects.get(slug=slug)


def new_level(**fields: Any) -> Level:
    given = {
        "slug": "bank", "contract_code": 4, "product_line": ProductLine.objects.create(slug="bank", name_ru="Банк"),
        "name_ru": "ASoft Bank Competency Partner", "short_name_ru": "Bank", "mark_name": "ASoft Bank Competency",
        "colour": "#9333ea", "shape": "diamond", "order": 4,
    }  # fmt: skip
    return Level.objects.create(**given | fields)


def publish(mark: Mark, user: Any = None, **fields: Any) -> Mark:
    for name, value in fields.items():
        setattr(mark, name, value)
    mark.save_revision(user=user).publish(user=user, skip_permission_checks=True)
    return Mark.objects.get(pk=mark.pk)


class TestLoaded:
    def test_r9_there_are_the_four_marks_with_their_names(self) -> None:
        assert [(version.mark.slug, version.name) for version in approved_versions()] == [
            (PROGRAMME_SLUG, "ASoft Partners"),
            ("retail", "ASoft Retail Partner"),
            ("competency", "ASoft CRM Competency"),
            ("saas", "ASoft SaaS Partner"),
        ]

    def test_they_say_that_they_are_samples_and_have_every_variant(self) -> None:
        for version in approved_versions():
            assert version.is_sample
            assert version.number == 1
            assert set(version.drawings) == KEYS

    def test_loading_again_draws_nothing(self) -> None:
        before = MarkVersion.objects.count()
        assert ensure_marks() == 0
        assert MarkVersion.objects.count() == before

    def test_approved_versions_take_one_query(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            assert {version.mark.level.slug for version in approved_versions() if version.mark.level}

    def test_a_levels_version_is_its_own(self) -> None:
        retail, programme = version_for(level("retail")), version_for(None)
        assert retail is not None
        assert programme is not None
        assert (retail.mark.slug, programme.mark.slug) == ("retail", PROGRAMME_SLUG)


class TestALevel:
    def test_r13_that_is_new_has_its_mark_at_once(self) -> None:
        version = version_for(new_level())

        assert version is not None
        assert (version.name, version.number, version.is_sample) == ("ASoft Bank Competency", 1, True)
        assert version.mark.live
        assert version.mark.slug == "bank"
        assert version.files.count() == len(VARIANTS)

    def test_may_be_called_as_the_programmes_mark_is(self) -> None:
        version = version_for(new_level(slug=PROGRAMME_SLUG))
        assert version is not None
        assert version.mark.slug.startswith("level-")

    @pytest.mark.parametrize(
        ("field", "value"), [("colour", "#112233"), ("shape", "octagon"), ("mark_name", "АСофт Розница")]
    )
    def test_that_looks_otherwise_has_its_sample_drawn_anew_as_another_version(self, field: str, value: str) -> None:
        retail = level("retail")
        before = version_for(retail)
        setattr(retail, field, value)
        retail.save()
        after = version_for(retail)

        assert before is not None
        assert after is not None
        assert after.number == before.number + 1
        assert after.drawings["horizontal-light"] != before.drawings["horizontal-light"]
        assert after.name == retail.mark_name
        assert MarkVersion.objects.get(pk=before.pk).drawings == before.drawings

    def test_of_which_something_else_changes_keeps_its_version(self) -> None:
        retail = level("retail")
        retail.name_ru = "Другое полное название"
        retail.save()
        assert MarkVersion.objects.filter(mark__level=retail).count() == 1

    def test_with_true_artwork_keeps_it_whatever_its_colour(self) -> None:
        mark = publish(level("retail").mark, is_sample=False, drawings=dict.fromkeys(KEYS, TRUE))
        retail = level("retail")
        retail.colour = "#112233"
        retail.save()

        assert Mark.objects.get(pk=mark.pk).drawings == dict.fromkeys(KEYS, TRUE)
        assert mark.versions.count() == 2

    def test_whose_artwork_is_true_in_part_keeps_that_part(self) -> None:
        mark = level("retail").mark
        publish(mark, drawings=mark.drawings | {"symbol-light": TRUE})
        retail = level("retail")
        retail.colour = "#112233"
        retail.save()
        drawings = Mark.objects.get(pk=mark.pk).drawings

        assert drawings["symbol-light"] == TRUE
        assert all(is_sample(drawing) for key, drawing in drawings.items() if key != "symbol-light")

    def test_of_whose_mark_there_is_a_draft_is_drawn_anew_and_the_draft_stays(self) -> None:
        mark = publish(level("retail").mark)
        mark.drawings = mark.drawings | {"symbol-light": TRUE}
        draft = mark.save_revision()
        retail = level("retail")
        retail.colour = "#112233"
        retail.save()
        mark = Mark.objects.get(pk=mark.pk)

        assert mark.latest_revision_id == draft.pk
        assert mark.get_latest_revision_as_object().drawings["symbol-light"] == TRUE
        assert is_sample(mark.drawings["symbol-light"])
        version = version_for(retail)
        assert version is not None
        assert version.number == 2
        assert version.drawings == mark.drawings


class TestAPublication:
    def test_is_kept_with_who_approved_it_and_the_checksums_of_its_files(self) -> None:
        user = make_user()
        mark = publish(level("saas").mark, user, is_sample=False, drawings=dict.fromkeys(KEYS, TRUE))
        version = version_for(level("saas"))

        assert version is not None
        assert (version.number, version.approved_by, version.is_sample) == (2, user, False)
        files = {file.name: (file.size, file.sha256) for file in version.files.all()}
        expected = (len(TRUE), hashlib.sha256(TRUE.encode()).hexdigest())
        assert files == {f"svg/saas-{key}.svg": expected for key in KEYS}
        entry = ModelLogEntry.objects.filter(action=actions.APPROVED, object_id=mark.pk).latest("pk")
        assert (entry.user, entry.data["version"], entry.data["sample"]) == (user, 2, False)
        assert "версия 2" in entry.message

    def test_by_a_person_has_its_files_made_before_anybody_asks_for_a_kit(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        settings.JOBS_RUN = "beside"
        woken: list[str] = []
        monkeypatch.setattr(files._maker, "wake", lambda: woken.append(files._maker.name))
        monkeypatch.setattr(files, "PNG_WIDTHS", (64,))
        monkeypatch.setattr(files, "WEBP_WIDTHS", (64,))
        with django_capture_on_commit_callbacks(execute=True):
            publish(level("saas").mark, None, is_sample=False, drawings=dict.fromkeys(KEYS, TRUE))
        assert woken == [], "by nobody: left to prepare_kits"
        with django_capture_on_commit_callbacks(execute=True):
            publish(level("retail").mark, make_user(), is_sample=False, drawings=dict.fromkeys(KEYS, TRUE))
        assert woken == ["mark files"]

        monkeypatch.setattr(files, "approved_versions", lambda: [version_for(level("retail"))])
        files.prepare()
        assert {row.name[:3] for row in version_for(level("retail")).files.all()} >= {"svg", "png", "web"}

    def test_has_its_files_made_by_the_worker_where_no_process_does_it_beside(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.JOBS_RUN = "worker"
        monkeypatch.setattr(files, "PNG_WIDTHS", (64,))
        monkeypatch.setattr(files, "WEBP_WIDTHS", (64,))
        worker.mark_files(Watch(), Event())
        publish(level("retail").mark, make_user(), is_sample=False, drawings=dict.fromkeys(KEYS, TRUE))
        version = version_for(level("retail"))
        assert files.unprepared() == [version]

        worker.mark_files(Watch(), Event())

        assert files.unprepared() == []
        assert version is not None
        assert {row.name[:4] for row in version.files.all()} >= {"svg/", "png/", "webp"}

    def test_that_changes_nothing_makes_no_version(self) -> None:
        mark = publish(publish(level("saas").mark))
        assert mark.versions.count() == 1

    def test_of_other_measures_makes_a_version(self) -> None:
        assert publish(level("saas").mark, least_px=32).versions.count() == 2

    def test_that_cannot_be_kept_does_not_happen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def failing(version: MarkVersion) -> None:
            raise RuntimeError

        monkeypatch.setattr(actions, "_checksums", failing)
        mark = level("saas").mark
        with pytest.raises(RuntimeError), transaction.atomic():
            publish(mark, least_px=32)

        assert Mark.objects.get(pk=mark.pk).least_px != 32
        assert mark.versions.count() == 1

    def test_of_a_draft_alone_keeps_nothing(self) -> None:
        mark = level("saas").mark
        mark.least_px = 32
        mark.save_revision()
        assert mark.versions.count() == 1


class TestTheDatabase:
    @pytest.mark.parametrize("table", guards.VERSIONS)
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_refuses_to_change_a_version_or_its_files(self, table: str, statement: str) -> None:
        assert MarkFile.objects.exists()
        with (
            pytest.raises(DatabaseError, match=guards.KEPT_FOR_GOOD),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    @pytest.mark.parametrize("name", [field.column for field in MarkVersion._meta.concrete_fields])
    def test_refuses_to_change_any_column_of_a_version(self, name: str) -> None:
        approver = make_user().pk
        value = {guards.APPROVER: str(approver)}.get(name, f'"{name}"')
        statement = f'UPDATE partner_directory_markversion SET "{name}" = {value}'  # noqa: S608 - our own names
        with (
            pytest.raises(DatabaseError, match=guards.KEPT_FOR_GOOD),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)

    def test_lets_an_account_go_and_keeps_what_it_approved(self) -> None:
        user = make_user()
        mark = publish(level("saas").mark, user, least_px=32)
        user.delete()
        assert mark.versions.first().approved_by is None
        assert mark.versions.count() == 2
