"""The trail of what was done: nothing of it changes; managers search it, read it in words, take it away recorded."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from accounts.models import User
from partner_directory import trail_guards
from partner_directory.actions import people
from partner_directory.actions.trail import EXPORTED
from partner_directory.viewsets.trail import TRAIL
from program_pages.groups import EDITORS
from tests.admin.conftest import member_of, signed_in
from tests.admin.forms import said
from tests.admin.partners import stored_partner
from tests.admin.test_partners import queries
from tests.factories.history import moment, on
from tests.factories.partners import make_partner
from tests.factories.portal import make_person
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


def table(client: Client, **asked: str) -> str:
    """What the report lists, in words."""
    response = client.get(reverse("trail:results"), asked)
    assert response.status_code == 200
    return said(response)


def exported(client: Client, kind: str = "csv", **asked: str) -> bytes:
    response = client.get(reverse(TRAIL), asked | {"export": kind})
    assert response.status_code == 200
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def lines(client: Client, **asked: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(exported(client, **asked).decode("utf-8-sig"))))


@pytest.fixture
def anna() -> User:
    return make_user(first_name="Анна", last_name="Фёдорова")


def entry(action: str = "wagtail.edit", about: Any = None, by: User | None = None, **fields: Any) -> ModelLogEntry:
    return log(instance=about or make_partner(), action=action, user=by, **fields)


class TestTheDatabase:
    @pytest.mark.parametrize("model", [ModelLogEntry, PageLogEntry], ids=lambda model: model.__name__)
    def test_refuses_to_change_any_column_of_a_row(self, model: Any, anna: User) -> None:
        row = log(instance=Page.objects.last() if model is PageLogEntry else anna, action="wagtail.edit", user=anna)
        other = {"content_type_id": None, "data": '{"x": 1}', "uuid": None, "user_id": None, "revision_id": 7,
                 "content_changed": True, "deleted": True, "timestamp": moment("2001-01-01"), "object_id": "7",
                 "page_id": 7, "label": "Иначе", "action": "wagtail.create"}  # fmt: skip
        columns = {field.attname for field in model._meta.concrete_fields} - {"id"}
        assert columns <= set(other)
        for column in columns:
            row_now = model.objects.filter(pk=row.pk)
            if row_now.values_list(column, flat=True).get() == other[column]:
                continue  # nothing would change
            with pytest.raises(DatabaseError, match=trail_guards.NAME), transaction.atomic():
                row_now.update(**{column: other[column]})

    @pytest.mark.parametrize("table", list(trail_guards.TABLES))
    def test_refuses_to_delete_rows(self, table: str, anna: User) -> None:
        log(instance=anna, action="wagtail.edit", user=anna)
        log(instance=Page.objects.last(), action="wagtail.edit", user=anna)
        with (
            pytest.raises(DatabaseError, match=trail_guards.NAME),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - our own table

    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite knows no TRUNCATE")
    @pytest.mark.parametrize("table", list(trail_guards.TABLES))
    def test_refuses_to_empty_it(self, table: str) -> None:
        connection.check_constraints()
        with (
            pytest.raises(DatabaseError, match=trail_guards.NAME),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"TRUNCATE {table}")

    def test_knows_all_of_its_columns(self) -> None:
        for model in (ModelLogEntry, PageLogEntry):
            named = {*trail_guards.KEPT, trail_guards.TABLES[model._meta.db_table], "label"}
            assert named == {field.column for field in model._meta.concrete_fields}

    def test_lets_the_name_of_a_forgotten_person_go_and_nothing_else_of_the_row(self) -> None:
        person = make_person(first_name="Пётр", last_name="Забытый")
        row = log(instance=person, action="wagtail.edit", user=person)
        people.erase(user=person, actor=person)
        row.refresh_from_db()
        assert (row.label, row.action, row.user_id) == (
            f"erased-{person.pk}@{trail_guards.NOBODY}",
            "wagtail.edit",
            person.pk,
        )

    @pytest.mark.parametrize("about", ["a partner", "a person under another name"])
    def test_forgets_nobody_elses_name(self, about: str, anna: User) -> None:
        row = log(instance=make_partner() if about == "a partner" else anna, action="wagtail.edit", user=anna)
        label = f"erased-1@{trail_guards.NOBODY}" if about == "a partner" else "Кто-то"
        with pytest.raises(DatabaseError, match=trail_guards.NAME), transaction.atomic():
            ModelLogEntry.objects.filter(pk=row.pk).update(label=label)

    def test_keeps_what_people_did_when_they_and_their_objects_are_deleted(self, anna: User) -> None:
        partner, page = stored_partner(), Page.objects.filter(depth__gt=2).last()
        assert page is not None
        rows = [log(instance=about, action="wagtail.edit", user=anna) for about in (partner, page)]
        key = anna.pk
        page.delete()
        partner.delete()
        anna.delete()
        for row in rows:
            row.refresh_from_db()
            assert row.user_id == key

    def test_keeps_the_kind_of_thing_that_rows_are_about(self, anna: User) -> None:
        entry(about=anna, by=anna)
        with pytest.raises(DatabaseError, match=trail_guards.NAME), transaction.atomic():
            ContentType.objects.get_for_model(User).delete()


class TestTheReport:
    def test_says_in_words_who_did_what_to_what_in_both_logs(self, admin: Client, anna: User) -> None:
        entry(
            "partner_directory.membership.ended",
            make_partner(name_ru="Ромашка"),
            anna,
            data={"level": "Розничный", "starts": "2026-01-01", "until": "2026-12-31"},
        )
        page = Page.objects.filter(depth=3).first()
        assert page is not None
        log(instance=page, action="wagtail.lock", user=anna)
        text = table(admin)
        assert "Прекратить членство: Розничный, с 2026-01-01 по 2026-12-31" in text
        assert "Ромашка" in text
        assert page.title in text
        assert "Анна Фёдорова" in text

    def test_the_newest_stands_first(self, admin: Client) -> None:
        for day, name in (("2031-05-02", "Вторая"), ("2031-05-01", "Первая"), ("2031-05-03", "Третья")):
            with on(day):
                entry(about=make_partner(name_ru=name))
        text = table(admin)
        assert text.index("Третья") < text.index("Вторая") < text.index("Первая")

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"person": "федорова АННА"}, {"Ромашка"}),
            ({"person": "система"}, {"Василёк"}),
            ({"words": "василек"}, {"Василёк"}),
            ({"action": "wagtail.lock"}, {"Василёк"}),
            ({"period_from": "2031-05-02", "period_to": "2031-05-02"}, {"Василёк"}),
            ({"period_to": "2031-05-01", "period_from": "2031-05-01"}, {"Ромашка"}),
            ({"person": "никого такого"}, set()),
            ({"action": "no.such.action"}, set()),
            ({"address": "/nothing/here/"}, set()),
            ({"words": "\x00("}, set()),
        ],
        ids=str,
    )
    def test_is_searched(self, asked: dict[str, str], found: set[str], admin: Client, anna: User) -> None:
        with on("2031-05-01"):
            entry(about=make_partner(name_ru="Ромашка"), by=anna)
        with on("2031-05-02", 23):
            entry("wagtail.lock", make_partner(name_ru="Василёк"))
        text = table(admin, **asked)
        assert {name for name in ("Ромашка", "Василёк") if name in text} == found

    def test_is_searched_by_the_address_of_the_object(self, admin: Client) -> None:
        partner, other = stored_partner(name_ru="Ромашка"), stored_partner(name_ru="Василёк")
        page = Page.objects.filter(depth=3, live=True).first()
        assert page is not None
        for about in (partner, other, page):
            log(instance=about, action="wagtail.lock")
        form = reverse(type(partner).snippet_viewset.get_url_name("edit"), args=[partner.pk])
        for address in (form, f"https://partners.example.org/partners/{partner.slug}/?on=2031-01-01"):
            text = table(admin, address=address, action="wagtail.lock")
            assert "Ромашка" in text
            assert "Василёк" not in text
        for address in (page.get_url() or "", reverse("wagtailadmin_pages:edit", args=[page.pk])):
            text = table(admin, address=address, action="wagtail.lock")
            assert page.title in text
            assert "Ромашка" not in text

    def test_shows_what_was_before_and_after(self, admin: Client) -> None:
        page = Page.objects.filter(depth=3).first()
        log(instance=page, action="wagtail.rename", data={"title": {"old": "Старое", "new": "Новое"}})
        assert "Старое → Новое" in table(admin)

    def test_leads_to_the_comparison_of_what_was_edited(self, admin: Client) -> None:
        page = Page.objects.filter(depth=3).first()
        assert page is not None
        first, second = (page.specific.save_revision(log_action=True) for _ in range(2))
        html = admin.get(reverse(TRAIL)).content.decode()
        assert reverse("wagtailadmin_pages:revisions_compare", args=[page.pk, first.pk, second.pk]) in html

    def test_costs_no_queries_a_row(self, admin: Client) -> None:
        def edited(count: int) -> None:
            for _ in range(count):
                entry(about=stored_partner(), by=make_user())

        page = Page.objects.filter(depth=3).first()
        assert page is not None
        edited(3)
        log(instance=page, action="wagtail.lock")
        few = queries(admin, reverse(TRAIL))
        edited(30)
        for about in Page.objects.filter(depth__gte=3)[:10]:
            log(instance=about, action="wagtail.lock", user=make_user())
        assert queries(admin, reverse(TRAIL)) <= few

    def test_shows_each_reader_what_they_have_a_right_over(self, partner_manager: Client, manager: Client) -> None:
        entry(about=make_partner(name_ru="Ромашка"))
        assert "Ромашка" in table(partner_manager)
        assert "Ромашка" not in table(manager)

    def test_is_closed_to_those_without_the_right(self, editor: Client, client: Client) -> None:
        assert editor.get(reverse(TRAIL))["Location"] == "/admin/"
        assert "/login/" in client.get(reverse(TRAIL))["Location"]

    def test_takes_the_place_of_wagtails_own(self, editor: Client, admin: Client) -> None:
        for address in ("/admin/reports/site-history/", "/admin/reports/site-history/results/?export=csv"):
            assert editor.get(address, follow=True).redirect_chain[-1][0] == "/admin/"
        assert "site-history" not in admin.get("/admin/").content.decode()


class TestTheFile:
    def test_has_a_row_for_each_entry_in_the_programmes_time_without_formulas(
        self, admin: Client, anna: User, settings: Any
    ) -> None:
        settings.TIME_ZONE = "UTC"
        with on("2031-05-01", 23):
            entry(about=make_partner(name_ru="=1+1"), by=anna)
        found = lines(admin, period_from="2031-05-01", period_to="2031-05-03")
        assert found[0][0] == "Когда"
        assert [row[:4] for row in found[1:] if row[1] == "Анна Фёдорова"] == [
            ["2031-05-01 23:00:00", "Анна Фёдорова", "Партнёр", "'=1+1"]
        ]

    def test_is_a_sheet_as_well(self, admin: Client) -> None:
        entry(about=make_partner(name_ru="=HYPERLINK(1)"))
        sheet = openpyxl.load_workbook(io.BytesIO(exported(admin, "xlsx", words="HYPERLINK"))).active
        assert sheet is not None
        cells = [cell for row in sheet.iter_rows() for cell in row]
        assert [cell.value for cell in cells if "HYPERLINK" in str(cell.value)] == ["'=HYPERLINK(1)"]
        assert "f" not in {cell.data_type for cell in cells}

    def test_is_recorded_before_it_leaves(self, superuser: User, admin: Client) -> None:
        entry(about=make_partner(name_ru="Ромашка"))
        admin.get(reverse(TRAIL), {"export": "csv", "words": "Ромашка"})
        row = ModelLogEntry.objects.get(action=EXPORTED)
        assert (row.user, row.data["kind"], row.data["asked"]) == (superuser, "csv", {"words": "Ромашка"})
        assert row.data["rows"] >= 1

    def test_takes_a_right_of_its_own(self, partner_manager: Client) -> None:
        assert lines(partner_manager)
        reader = make_user()
        reader.user_permissions.set(_permissions("access_admin", "view_trail"))
        client = signed_in(reader)
        assert client.get(reverse(TRAIL)).status_code == 200
        assert client.get(reverse(TRAIL), {"export": "csv"})["Location"] == "/admin/"
        assert ModelLogEntry.objects.filter(action=EXPORTED, user=reader).count() == 0

    def test_is_read_chunk_by_chunk(self, admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("partner_directory.viewsets.trail.CHUNK", 2)
        names = [f"Компания {number}" for number in range(5)]
        for name in names:
            entry("wagtail.lock", make_partner(name_ru=name))
        assert [row[3] for row in lines(admin, action="wagtail.lock")[1:]] == names[::-1]


def _permissions(*codenames: str) -> Any:
    from django.contrib.auth.models import Permission

    return Permission.objects.filter(codename__in=codenames)


def test_editors_have_no_right_to_it() -> None:
    assert not member_of(EDITORS).has_perm("accounts.view_trail")
