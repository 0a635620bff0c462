"""Texts of letters: every kind is shown as its readers get it; managers' words hold no placeholder without a fact."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from partner_directory.models import LetterText, Message
from partner_directory.wording import KINDS, kind_label
from tests.admin.conftest import signed_in
from tests.admin.test_russian import english_in
from tests.factories.messages import KIND, tell
from tests.factories.partners import make_partner
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


def url(view: str, *args: Any) -> str:
    return reverse(f"wagtailsnippets_partner_directory_lettertext:{view}", args=args)


def add_url(kind: str = KIND) -> str:
    return f"{url('add')}?kind={kind}"


def given(**fields: str) -> dict[str, str]:
    return {"kind": KIND, "subject_ru": "", "subject_en": "", "text_ru": "", "text_en": ""} | fields


def soup_of(response: Any) -> BeautifulSoup:
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def test_every_kind_is_listed_whether_anybody_has_written_words_or_not(partner_manager: Client) -> None:
    LetterText.objects.create(kind=KIND, subject_ru="Наше письмо")

    rows = soup_of(partner_manager.get(url("list"))).select("table.letters tbody tr")

    assert [row.th.get_text() for row in rows if row.th] == sorted(map(kind_label, KINDS))
    [own] = [row for row in rows if row.select_one(".w-status--primary")]
    assert "Наше письмо" in own.get_text()
    assert LetterText.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_is_shown_in_both_languages_without_any_row(partner_manager: Client, kind: str) -> None:
    page = soup_of(partner_manager.get(url("words", kind)))

    frames = [str(frame["srcdoc"]) for frame in page.select("iframe")]
    assert ['<html lang="ru">' in frames[0], '<html lang="en">' in frames[1]] == [True, True]
    assert all("{" not in text.get_text() for text in page.select("pre"))
    assert not LetterText.objects.exists()


def test_words_are_written_beside_the_projects_own(partner_manager: Client) -> None:
    page = soup_of(partner_manager.get(add_url()))
    text = page.get_text()
    assert "{company}: присвоен уровень {level}" in text
    assert "{reason}" in text
    assert not LetterText.objects.exists()

    answer = partner_manager.post(add_url(), given(subject_ru="Ура, {company}!"))
    assert answer.status_code == 302
    row = LetterText.objects.get()
    assert (row.kind, row.subject_ru) == (KIND, "Ура, {company}!")
    assert ModelLogEntry.objects.filter(object_id=str(row.pk), action="wagtail.create").exists()
    assert partner_manager.get(add_url())["Location"] == url("edit", row.pk)
    tell(make_partner(name_ru="Ромашка"))
    assert Message.objects.get().subject == "Ура, Ромашка!"


@pytest.mark.parametrize("field", ["subject_ru", "subject_en", "text_ru", "text_en"])
@pytest.mark.parametrize("wrong", ["Здравствуйте, {nobody}", "{company", "company}", "{company.pk}", "{}"])
def test_a_wrong_placeholder_is_refused_beside_its_field(partner_manager: Client, field: str, wrong: str) -> None:
    page = soup_of(partner_manager.post(add_url(), given(**{field: wrong})))

    assert page.select_one(f"#panel-child-{field}-errors, [id$='{field}-errors']")
    assert not LetterText.objects.exists()


def test_an_edit_is_refused_alike_and_the_kind_stays(partner_manager: Client) -> None:
    row = LetterText.objects.create(kind=KIND, text_ru="{company}")
    soup_of(partner_manager.post(url("edit", row.pk), given(text_ru="{nobody}")))
    row.refresh_from_db()
    assert row.text_ru == "{company}"

    partner_manager.post(url("edit", row.pk), given(kind="membership_ended", text_ru="{level}"))
    row.refresh_from_db()
    assert (row.kind, row.text_ru) == (KIND, "{level}")


def test_an_unknown_kind_has_no_form_and_no_letter(partner_manager: Client) -> None:
    for address in (url("add"), add_url("nothing")):
        assert partner_manager.get(address)["Location"] == url("list")
        assert partner_manager.post(address, given(kind="nothing"))["Location"] == url("list")
    soup_of(partner_manager.post(add_url(), given(kind="nothing")))
    assert partner_manager.get(url("words", "nothing")).status_code == 404
    assert not LetterText.objects.exists()


def test_hostile_words_are_shown_as_text(partner_manager: Client) -> None:
    row = LetterText.objects.create(kind=KIND, subject_ru='"><script>x', text_ru="<script>alert(1)</script>")

    for address in (url("list"), url("words", KIND), url("edit", row.pk)):
        page = partner_manager.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<script>x" not in page
    preview = url("preview_on_edit", row.pk)
    partner_manager.post(preview, given(subject_ru=row.subject_ru, text_ru=row.text_ru))
    for mode in ("ru", "ru-text"):
        page = partner_manager.get(f"{preview}?mode={mode}").content.decode()
        assert "<script>" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("is_written", [True, False])
@pytest.mark.parametrize(
    ("mode", "said"),
    [("ru", '<html lang="ru">'), ("ru-text", "<pre>"), ("en", '<html lang="en">'), ("en-text", "<pre>")],
)
def test_a_preview_shows_what_is_typed_right_or_wrong(
    partner_manager: Client, is_written: bool, mode: str, said: str
) -> None:
    row = LetterText.objects.create(kind=KIND, subject_ru="Старое") if is_written else None
    address = url("preview_on_edit", row.pk) if row else url("preview_on_add")
    typed = given(subject_ru="Новое {nobody} {company}", subject_en="Newer {nobody} {company}")

    assert partner_manager.post(address, typed).json() == {"is_valid": True, "is_available": True}
    answer = partner_manager.get(f"{address}?mode={mode}")
    page = answer.content.decode()
    assert said in page
    assert "style-src 'unsafe-inline'" in answer["Content-Security-Policy"]
    assert f"{'Newer' if mode.startswith('en') else 'Новое'} {{nobody}} ООО «Образец»" in page
    assert LetterText.objects.count() == is_written


def test_everybody_opens_what_is_theirs(
    admin: Client, editor: Client, manager: Client, partner_manager: Client
) -> None:
    looker = make_user(is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", "view_lettertext"]))
    looking = signed_in(looker)
    row = LetterText.objects.create(kind=KIND, text_ru="{company}")
    clients = {"admin": admin, "editor": editor, "manager": manager, "keeper": partner_manager, "looking": looking}
    keepers = {"admin", "keeper"}
    may = {
        url("list"): keepers | {"looking"},
        url("words", KIND): keepers | {"looking"},
        add_url("membership_ended"): keepers,
        url("edit", row.pk): keepers,
        url("delete", row.pk): keepers,
    }
    for address, allowed in may.items():
        found = {name for name, client in clients.items() if client.get(address).status_code == 200}
        assert found == allowed, address
    assert "Изменить" not in soup_of(looking.get(url("list"))).get_text()


def test_the_pages_are_in_russian(partner_manager: Client) -> None:
    row = LetterText.objects.create(kind=KIND, text_ru="{company}")
    for address in (url("list"), url("words", KIND), add_url("membership_ended"), url("edit", row.pk)):
        assert english_in(partner_manager.get(address).content.decode()) == [], address
