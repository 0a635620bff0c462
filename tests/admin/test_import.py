"""Partners come and go as spreadsheets: every row's fate is said before it is written, and no file does harm."""

from __future__ import annotations

import csv
import zipfile
from io import BytesIO, StringIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from partner_directory.models import City, Industry, Listing, Office, Partner, Region
from program_pages.models import Product
from tests.admin.forms import form_data, said
from tests.admin.partners import stored_partner
from tests.admin.test_partners import address, latest

pytestmark = pytest.mark.django_db
INN, OTHER_INN = "7707083893", "7736050003"


def as_csv(*rows: list[str], encoding: str = "utf-8-sig", delimiter: str = ";") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(*rows: list[Any]) -> bytes:
    book, out = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def upload(client: Client, content: bytes, name: str = "partners.csv") -> Any:
    return client.post(address("import"), {"file": SimpleUploadedFile(name, content)})


def confirm(client: Client, shown: Any) -> Any:
    return client.post(address("import"), form_data(shown.content, "confirm-form"))


def fates(response: Any) -> dict[str, str]:
    """What each row of the file comes to, by its number."""
    page = BeautifulSoup(response.content, "html.parser")
    rows = [row.find_all("td") for row in page.select(".import-report__rows tbody tr")]
    return {row[0].text.strip(): " ".join(row[2].text.split()) for row in rows}


def exported(client: Client, kind: str = "csv") -> bytes:
    response = client.get(address("list") + f"?export={kind}")
    return b"".join(response.streaming_content)  # type: ignore[attr-defined]


def full_partner(**facts: Any) -> Partner:
    partner = stored_partner(
        **{
            "name_ru": "Ромашка",
            "name_en": "Daisy",
            "inn": INN,
            "phones": "+7 495 123-45-67\n+7 812 123-45-67",
            "languages": ["ru", "en"],
            "services": ["supply", "support"],
            "description_ru": '<p data-block-key="a1">О <b>нас</b></p>',
            "summary_ru": "=HYPERLINK(1)",
        }
        | facts
    )
    partner.regions.set(Region.objects.filter(code__in=["77", "50"]))
    partner.products.set(Product.objects.all()[:2])
    partner.industries.set([Industry.objects.create(slug="banks", name_ru="Банки")])
    partner.offices.add(Office(city=City.objects.get(slug="kazan")))
    partner.save_revision().publish()
    return Partner.objects.get(pk=partner.pk)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_comes_back_unchanged(partner_manager: Client, kind: str) -> None:
    full_partner()
    stored_partner(live=False)
    response = upload(partner_manager, exported(partner_manager, kind), f"partners.{kind}")
    assert set(fates(response).values()) == {"без изменений"}
    assert "Записывать нечего" in said(response)


def test_no_formula_leaves(partner_manager: Client) -> None:
    full_partner()
    rows = list(csv.DictReader(StringIO(exported(partner_manager).decode("utf-8-sig"))))
    assert rows[0]["Кратко"] == "'=HYPERLINK(1)"
    assert rows[0]["Телефоны"].startswith("'+7")
    sheet = load_workbook(BytesIO(exported(partner_manager, "xlsx"))).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_an_edited_export_becomes_revisions_in_the_importers_name(partner_manager: Client) -> None:
    partner = full_partner()
    rows = list(csv.reader(StringIO(exported(partner_manager).decode("utf-8-sig"))))
    place = {heading: number for number, heading in enumerate(rows[0])}
    rows[1][place["Название"]] = "Лютик"
    rows[1][place["Регионы присутствия"]] = "16; Москва"
    shown = upload(partner_manager, as_csv(*rows, delimiter=","))
    assert fates(shown) == {"2": "изменён"}
    text = said(shown)
    assert "Ромашка → Лютик" in text
    assert Partner.objects.get(pk=partner.pk).name_ru == "Ромашка"
    done = confirm(partner_manager, shown)
    assert "Опубликовано" in said(done)
    stored = Partner.objects.get(pk=partner.pk)
    assert stored.name_ru == "Лютик"
    assert {region.code for region in stored.regions.all()} == {"16", "77"}
    assert stored.offices.get().city.slug == "kazan"
    assert Listing.objects.get(partner=partner).card["name"][0] == "Лютик"
    revision = stored.latest_revision
    assert revision is not None
    assert revision.user.last_name == "Менеджеры партнёров"
    assert "Загружено из таблицы" in said(partner_manager.get(address("history", partner.pk)))


def test_each_row_has_its_fate_and_wrong_ones_are_left_out(partner_manager: Client) -> None:
    known = stored_partner(name_ru="Известный", inn=INN)
    drafted = stored_partner(name_ru="Начатый")
    drafted.name_en = "Begun"
    drafted.save_revision()
    shown = upload(
        partner_manager,
        as_csv(
            ["inn", "slug", "name_ru", "site_url"],
            [INN, "", "Известный", ""],
            [OTHER_INN, "", "Новый", "https://new.example.org"],
            ["7707083894", "", "Кривой", ""],
            ["", drafted.slug, "Начатый снова", ""],
            ["", "", "", ""],
            [OTHER_INN, "", "Новый ещё раз", ""],
            ["", "", "ООО «Известный»", "не адрес"],
        ),
    )
    assert fates(shown) == {
        "2": "без изменений", "3": "новый", "4": "ошибка", "5": "изменён", "7": "ошибка", "8": "ошибка",
    }  # fmt: skip
    text = said(shown)
    for said_of_rows in ("контрольная цифра", "уже есть в строке 3", "лягут в черновик"):
        assert said_of_rows in text
    confirm(partner_manager, shown)
    new = Partner.objects.get(inn=OTHER_INN)
    assert not new.live
    assert new.latest_revision_id
    assert Partner.objects.get(pk=drafted.pk).name_ru == "Начатый"
    assert (latest(drafted).name_ru, latest(drafted).name_en) == ("Начатый снова", "Begun")
    assert Partner.objects.count() == 3
    assert known.name_ru == "Известный"


def test_duplicates_are_flagged(partner_manager: Client) -> None:
    stored_partner(name_ru="Ромашка", site_url="https://www.daisy.example.org/ru")
    shown = upload(
        partner_manager,
        as_csv(
            ["name_ru", "site_url"],
            ["ООО «РОМАШКА»", ""],
            ["Лютик", "http://daisy.example.org"],
            ["Василёк", "http://x.example.org"],
        ),
    )
    assert said(shown).count("Похоже на уже известную компанию: Ромашка") == 2


def test_numbers_that_a_spreadsheet_has_spoilt_are_mended(partner_manager: Client) -> None:
    shown = upload(
        partner_manager,
        as_xlsx(["ИНН", "name_ru", "phones"], [7707083893.0, "Дробный", 74951234567], [105_017_530, "Нулевой", None]),
        "p.xlsx",
    )
    assert "Дробный" in said(shown)
    assert INN in said(shown)
    assert fates(shown)["2"] == "новый"


def test_a_text_that_begins_like_a_formula_stays_text(partner_manager: Client) -> None:
    shown = upload(partner_manager, as_csv(["name_ru", "summary_ru"], ["Новый", "'=1+1"], ["Ещё", "-5 лет на рынке"]))
    confirm(partner_manager, shown)
    assert set(Partner.objects.values_list("summary_ru", flat=True)) == {"=1+1", "-5 лет на рынке"}


def test_html_is_cut_down_to_what_the_editor_allows(partner_manager: Client) -> None:
    html = '<p onclick="x()">Текст <b>важный</b><script>alert(1)</script><img src=x onerror=y></p>'
    confirm(partner_manager, upload(partner_manager, as_csv(["name_ru", "description_ru"], ["Новый", html])))
    stored = Partner.objects.get(name_ru="Новый").description_ru
    assert "<b>важный</b>" in stored
    assert not [danger for danger in ("onclick", "script", "alert", "onerror", "<img") if danger in stored]


def test_services_beyond_the_level_are_refused(partner_manager: Client) -> None:
    stored_partner(level="retail", inn=INN)
    shown = upload(partner_manager, as_csv(["inn", "services"], [INN, "внедрение"]))
    assert "не разрешает: " in said(shown)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_the_usual_encodings_and_delimiters_are_read(partner_manager: Client, encoding: str, delimiter: str) -> None:
    content = as_csv(["Название", "ИНН"], ["Ромашка", INN], encoding=encoding, delimiter=delimiter)
    assert fates(upload(partner_manager, content)) == {"2": "новый"}


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (61 * 1024 * 1024))
    return out.getvalue()


def dense() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (10 * 1024 * 1024))
    return out.getvalue()


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "not a spreadsheet")
    return out.getvalue()


HOSTILE = {
    "empty": (lambda: b"", "пуст"),
    "blank": (lambda: b" \n ", "Файл пуст"),
    "binary": (lambda: b"\x89PNG\0\0\0\0", "не таблица"),
    "old excel": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 600, "старого Excel"),
    "bomb": (bomb, "огромное"),
    "dense": (dense, "огромное"),
    "zip": (zipped, "повреждён или это не таблица"),
    "cut": (lambda: as_xlsx(["name_ru"], ["x"])[:300], "повреждён"),
    "header": (lambda: as_csv(["name_ru", "password"], ["x", "y"]), "Таких колонок у партнёра нет: «password»"),
    "no header": (lambda: as_csv(["Ромашка", INN]), "нет названий колонок"),
    "twice": (lambda: as_csv(["name_ru", "Название"], ["x", "y"]), "дважды"),
    "quotes": (lambda: b'name_ru\n"x', "устроен неверно"),
    "rows": (lambda: as_csv(["name_ru"], *[["x"]] * 2001), "Строк больше"),
    "columns": (lambda: as_csv(["name_ru", *map(str, range(61))]), "Колонок больше"),
    "bytes": (lambda: b"name_ru\n" + b"x" * (5 * 1024 * 1024), "больше 5 МБ"),
    "cell": (lambda: as_csv(["name_ru"], ["x" * 40_000]), "слишком длинный текст"),
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_file_is_refused_in_words(partner_manager: Client, name: str) -> None:
    make, message = HOSTILE[name]
    response = upload(partner_manager, make())
    assert response.status_code == 200
    assert message in said(response)
    assert not Partner.objects.exists()


def test_formula_cells_are_never_run(partner_manager: Client) -> None:
    response = upload(partner_manager, as_xlsx(["name_ru", "summary_ru"], ["Новый", "=1+1"]), "p.xlsx")
    assert fates(response) == {"2": "новый"}
    assert "=1+1" not in said(response)


def test_the_token_is_one_persons_and_works_once(partner_manager: Client, admin: Client) -> None:
    shown = upload(partner_manager, as_csv(["name_ru"], ["Новый"]))
    assert "устарела" in said(confirm(admin, shown))
    assert not Partner.objects.exists()
    confirm(partner_manager, shown)
    assert "устарела" in said(confirm(partner_manager, shown))
    assert Partner.objects.count() == 1
    forged = partner_manager.post(address("import"), {"token": Session.objects.values_list("pk", flat=True)[0]})
    assert "устарела" in said(forged)


def test_what_has_changed_since_is_shown_again(partner_manager: Client) -> None:
    partner = stored_partner(name_ru="Было", inn=INN)
    shown = upload(partner_manager, as_csv(["inn", "name_ru"], [INN, "Станет"]))
    partner.name_ru = "Иное"
    partner.save_revision().publish()
    again = confirm(partner_manager, shown)
    assert "данные изменились" in said(again)
    assert "Иное → Станет" in said(again)
    assert Partner.objects.get().name_ru == "Иное"
    confirm(partner_manager, again)
    assert Partner.objects.get().name_ru == "Станет"


def test_a_locked_profile_is_left_alone(partner_manager: Client, superuser: Any) -> None:
    partner = stored_partner(inn=INN)
    partner.locked, partner.locked_by = True, superuser
    partner.save()
    shown = upload(partner_manager, as_csv(["inn", "name_ru"], [INN, "Новое имя"]))
    assert "заблокирован" in said(shown)


def test_nothing_is_written_when_one_row_fails(partner_manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from partner_directory.actions import imports

    shown = upload(partner_manager, as_csv(["name_ru"], ["Первый"], ["Второй"]))
    real, calls = imports.save_change, []

    def fails_second(**kwargs: Any) -> bool:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return real(**kwargs)

    monkeypatch.setattr(imports, "save_change", fails_second)
    with pytest.raises(RuntimeError):
        confirm(partner_manager, shown)
    assert not Partner.objects.exists()
