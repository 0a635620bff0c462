"""The price list register: found, filtered, read, and exported safely by those who may."""

from __future__ import annotations

import csv
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.test import Client
from openpyxl import load_workbook
from wagtail.permission_policies import BlanketPermissionPolicy
from wagtail.permissions import policy_registry

from program_pages.models import Price
from program_pages.viewsets.prices import PriceRegister
from program_pages.viewsets.register import safe_text
from tests.admin.conftest import Url, member_of, signed_in
from tests.admin.forms import said
from tests.factories.catalogue import make_price, make_product

FORMULA = '=HYPERLINK("http://example.org")'


def exported(client: Client, url: Url) -> list[dict[str, str]]:
    response = client.get(url("price", "index") + "?export=csv")
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def test_the_list_shows_prices_in_roubles_and_marks_samples(manager: Client, url: Url) -> None:
    real = make_price(list_price="1234567.5", product=make_product(name_ru="Настоящий"))
    page = BeautifulSoup(manager.get(url("price", "index")).content, "html.parser")
    rows = {row["data-object-pk"]: row for row in page.select("tr[data-object-pk]")}
    assert "1\u00a0234\u00a0567,50\u00a0₽" in rows[str(real.pk)].text
    assert "не назначена" in rows[str(real.pk)].text
    assert "образец" not in rows[str(real.pk)].text
    sample = Price.objects.filter(is_sample=True).first()
    assert sample is not None
    assert "образец" in rows[str(sample.pk)].text


@pytest.mark.parametrize("query", ["ИЗОЛЯЦ", "изоляц", "Изоляция"])
def test_search_knows_cyrillic_letters_of_both_cases(manager: Client, url: Url, query: str) -> None:
    page = BeautifulSoup(manager.get(url("price", "index"), {"q": query}).content, "html.parser")
    assert [row.a.text.strip() for row in page.select("tr[data-object-pk]")] == ["Изоляция"]


@pytest.mark.parametrize("query", ["[", "(", "\\", "\x00", "ё" * 500, "%", "' OR 1=1"])
def test_a_strange_query_finds_nothing_and_breaks_nothing(manager: Client, url: Url, query: str) -> None:
    assert manager.get(url("price", "index"), {"q": query}).status_code == 200


@pytest.mark.parametrize(
    "broken",
    [
        "is_sample__exact=x",
        "product__id__exact=none",
        "valid_from__year=abc",
        "nothing=1",
        "p=999",
        "p=x",
        "o=9.9",
        "product__slug__regex=(",
    ],
)
def test_a_broken_filter_gets_the_list_and_not_an_error(manager: Client, url: Url, broken: str) -> None:
    assert manager.get(f"{url('price', 'index')}?{broken}", follow=True).status_code == 200


@pytest.mark.parametrize(("filtered", "count"), [("is_sample__exact=1", 8), ("is_sample__exact=0", 1)])
def test_samples_are_filtered(manager: Client, url: Url, filtered: str, count: int) -> None:
    make_price()
    page = BeautifulSoup(manager.get(f"{url('price', 'index')}?{filtered}").content, "html.parser")
    assert len(page.select("tr[data-object-pk]")) == count


def test_the_export_escapes_formulas_and_says_values_in_words(admin: Client, url: Url) -> None:
    make_price(product=make_product(name_ru=FORMULA), list_price="10.50")
    rows = exported(admin, url)
    row = next(row for row in rows if "HYPERLINK" in row["Продукт"])
    assert row["Продукт"] == f"'{FORMULA}"
    assert Decimal(row["Цена по прайс-листу"]) == Decimal("10.50")
    assert (row["Минимальная цена"], row["Образец"]) == ("", "нет")
    assert len(rows) == Price.objects.count()


@pytest.mark.parametrize("start", list("=+-@\t\r\n"))
def test_whatever_a_spreadsheet_takes_for_a_formula_becomes_text(start: str) -> None:
    assert safe_text(f"{start}1") == f"'{start}1"
    assert safe_text(Decimal(-1)) == Decimal(-1)


def test_the_spreadsheet_holds_text_where_a_formula_was_typed(admin: Client, url: Url) -> None:
    make_price(product=make_product(name_ru=FORMULA))
    response = admin.get(url("price", "index") + "?export=xlsx")
    sheet = load_workbook(BytesIO(b"".join(response.streaming_content))).active  # type: ignore[attr-defined]
    cells = [row[0] for row in sheet.iter_rows() if "HYPERLINK" in str(row[0].value)]
    assert [cell.data_type for cell in cells] == ["s"]


def test_the_export_is_a_right_of_its_own(db: None, url: Url) -> None:
    from program_pages.groups import PROGRAMME_MANAGERS

    user = member_of(PROGRAMME_MANAGERS)
    address = url("price", "index")
    if not user.has_perm("program_pages.export_price"):
        client = signed_in(user)
        assert "export=csv" not in client.get(address).content.decode()
        assert client.get(f"{address}?export=csv").status_code == 302
        user.user_permissions.add(Permission.objects.get(codename="export_price"))
    client = signed_in(type(user).objects.get(pk=user.pk))
    assert "export=csv" in client.get(address).content.decode()
    assert exported(client, url)


def test_permissions_come_from_the_registered_policy(superuser: object, monkeypatch: pytest.MonkeyPatch) -> None:
    permissions = PriceRegister().permission_helper
    assert permissions.user_can_create(superuser)
    monkeypatch.setattr(policy_registry, "get_by_type", lambda _model: BlanketPermissionPolicy(None))
    monkeypatch.setattr(BlanketPermissionPolicy, "user_has_permission", lambda *_: False)
    assert not permissions.user_can_create(superuser)


def test_history_names_the_row_and_what_was_done(manager: Client, url: Url) -> None:
    price = Price.objects.filter(product__slug="asoft-crm").get()
    manager.post(
        url("price", "edit", price.pk),
        {"product": price.product_id, "valid_from": "2026-01-01", "list_price": "25000", "minimum_price": ""},
    )
    price.refresh_from_db()
    assert (price.list_price, price.is_sample) == (Decimal(25000), False)
    page = BeautifulSoup(manager.get(url("price", "history", price.pk)).content, "html.parser")
    assert f"История: {price}" in page.title.text  # type: ignore[union-attr]
    crumbs = [link["href"] for link in page.select("nav a, .w-breadcrumbs a") if link.get("href")]
    assert url("price", "index") in crumbs
    assert url("price", "edit", price.pk) in crumbs
    assert "Анна" in page.select_one("#listing-results, main").text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"list_price": "-1"}, "больше либо равно 0"),
        ({"list_price": "100", "minimum_price": "200"}, "Минимальная цена — от нуля до цены по прайс-листу"),
        ({"valid_from": "завтра"}, "Введите правильную дату"),
        ({"product": "0"}, "Выберите корректный вариант"),
    ],
)
def test_a_bad_price_is_refused_with_a_message(
    manager: Client, url: Url, changed: dict[str, str], complaint: str
) -> None:
    price = Price.objects.first()
    assert price is not None
    data = {"product": price.product_id, "valid_from": "2031-01-01", "list_price": "100", "minimum_price": ""}
    response = manager.post(url("price", "create"), data | changed)
    assert response.status_code == 200
    assert complaint in said(response)


def test_two_prices_of_a_product_on_a_day_are_refused(manager: Client, url: Url) -> None:
    price = Price.objects.first()
    assert price is not None
    data = {"product": price.product_id, "valid_from": price.valid_from.isoformat(), "list_price": "1"}
    assert "уже есть цена с этого дня" in said(manager.post(url("price", "create"), data))


def test_a_price_is_read_in_words(manager: Client, url: Url) -> None:
    price = Price.objects.filter(minimum_price__isnull=True).first()
    assert price is not None
    page = said(manager.get(url("price", "inspect", price.pk)))
    assert "не назначена" in page
    assert "Образец да" in page
