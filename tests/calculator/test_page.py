"""The calculator's page and its papers: one answer, four ways to print it, and a link that stays true."""

import csv
import io
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from pypdf import PdfReader
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from accounts.models import User
from program_pages import formats
from program_pages.models import CalculatorPage, Level, Price, Product, TermsEdition
from program_pages.models.edition import programme_day
from program_pages.paper import pdf_available
from program_pages.rules.deal import MAX_LINES, QuoteSection
from tests.factories.catalogue import make_price
from tests.factories.editions import publish_edition
from tests.factories.users import make_superuser
from tests.pages.reading import fetch, text_of

from .deals import FULL, URL, as_form, deal, deals, link_of, post

pytestmark = pytest.mark.django_db

needs_pango = pytest.mark.skipif(not pdf_available(), reason="PDF needs Pango: apt-get install libpango-1.0-0")
LANGUAGES = ["", "/en"]
HTMX = {"HX-Request": "true"}


def answer_of(client: Client, path: str) -> str:
    """The words of the answer on a page, and of what has changed since."""
    page = fetch(client, path)
    changed = page.find(class_="quote-change")
    return " ".join(text_of(part) for part in (changed, page.find(id="answer")) if part)


def printed(amount: str, language: str = "ru") -> str:
    """A sum of the API as pages print it, with plain spaces."""
    return formats.money(Decimal(amount), language).replace("\u00a0", " ")


def paper(client: Client, kind: str, link: str) -> str:
    """A paper of a link as text, with plain spaces."""
    path, _mark, query = link.partition("?")
    response = client.get(f"{path}{kind}/?{query}")
    assert response.status_code == 200
    if kind == "pdf":
        pages = PdfReader(io.BytesIO(response.content)).pages
        text = " ".join(page.extract_text() for page in pages)
    else:
        text = response.content.decode("utf-8-sig")
    return " ".join(text.replace("\u00a0", " ").split())


# --- One answer, four ways to print it ---


@pytest.mark.parametrize("prefix", LANGUAGES)
def test_nothing_asked_shows_an_example_that_can_be_indexed(client: Client, prefix: str) -> None:
    response = client.get(f"{prefix}/calculator/")
    page = fetch(client, f"{prefix}/calculator/")

    assert "X-Robots-Tag" not in response
    assert page.find("meta", attrs={"name": "robots"}) is None
    assert len(page.find_all("h1")) == 1
    assert printed(str(Price.objects.get(product__slug="asoft-crm").list_price * 10), prefix[1:] or "ru") in text_of(
        page.find(id="answer")
    )


def test_what_the_form_sends_leads_to_the_short_address_of_the_same_deal(client: Client) -> None:
    asked = FULL | {"level": "saas", "updates_share": ""}
    response = client.get(f"/calculator/?{as_form(asked)}")

    assert response.status_code == 302
    link = f"/calculator/{response['Location'].partition('#')[0]}"
    assert link == link_of(post(client, asked | {"updates_share": None}))
    assert len(link) < 300


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals)
def test_form_link_json_text_and_table_agree(client: Client, asked: dict[str, Any]) -> None:
    answer = post(client, asked)
    link = link_of(answer)

    form = client.get(f"/calculator/?{as_form(asked)}")
    assert f"/calculator/{form['Location'].partition('#')[0]}" == link
    assert client.get(f"{URL}?{link.partition('?')[2]}").json() == answer

    text, page = paper(client, "text", link), answer_of(client, link)
    table = client.get(link.replace("?", "csv/?")).content.decode("utf-8-sig")
    rows = {row[-1]: row for row in csv.reader(io.StringIO(table), delimiter=";") if len(row) > 2}
    for line in answer["lines"]:
        assert line["explanation"].replace("\u00a0", " ") in text
        assert line["explanation"].replace("\u00a0", " ") in page
        if line["amount"] is not None:
            assert rows[line["key"]][1] == line["amount"].replace(".", ",")
            assert printed(line["amount"]) in text
    for name in ("client_total", "partner_pays", "partner_margin", "partner_income"):
        assert printed(answer["totals"][name]) in text
        assert printed(answer["totals"][name]) in page


@needs_pango
@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize("level", ["retail", "competency", "saas"])
def test_the_paper_holds_the_same_lines_inputs_clauses_and_link(client: Client, prefix: str, level: str) -> None:
    language = prefix[1:] or "ru"
    asked = FULL | {"level": level, "updates_share": "50" if level == "competency" else None}
    answer = post(client, asked, language)
    link = link_of(answer)
    words = paper(client, "pdf", link)

    squeezed = re.sub(r"\s", "", words)
    for line in answer["lines"]:
        if line["amount"] is not None:
            assert re.sub(r"\s", "", printed(line["amount"], language)) in squeezed, line["key"]
    for name in ("client_total", "partner_pays", "partner_income"):
        assert re.sub(r"\s", "", printed(answer["totals"][name], language)) in squeezed
    assert "ASoft" in words
    assert formats.day(programme_day(), language).replace("\u00a0", " ") in words
    assert answer["edition"]["name"] in words
    assert link.partition("?")[2][:20] in squeezed


@needs_pango
@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deals)
def test_the_paper_agrees_with_the_api_whatever_the_deal(client: Client, asked: dict[str, Any]) -> None:
    answer = post(client, asked)
    words = re.sub(r"\s", "", paper(client, "pdf", link_of(answer)))

    amounts = [line[name] for line in answer["lines"] for name in ("amount", "low", "high", "base") if line[name]]
    for amount in [*amounts, answer["totals"]["client_total"], answer["totals"]["partner_income"]]:
        assert re.sub(r"\s", "", printed(amount)) in words


@needs_pango
def test_the_largest_deal_has_its_paper_too_without_a_code_that_no_phone_could_read(client: Client) -> None:
    lines = [("asoft-crm", number, "100.50") for number in range(1, MAX_LINES + 1)]
    link = link_of(post(client, deal(*lines)))

    words = paper(client, "pdf", link)

    assert "100 лицензий по 100,50 ₽" in words


@needs_pango
def test_the_paper_is_named_after_level_and_day_and_kept_from_search_engines(client: Client) -> None:
    response = client.get(link_of(post(client, deal(level="saas"))).replace("?", "pdf/?"))

    assert response["Content-Type"] == "application/pdf"
    assert f"asoft-quote-saas-{programme_day().isoformat()}.pdf" in response["Content-Disposition"]
    assert response["X-Robots-Tag"] == "noindex"


def test_where_pdf_cannot_be_made_the_page_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("program_pages.models.calculator.pdf_available", lambda: False)
    link = link_of(post(client, deal()))

    response = client.get(link.replace("?", "pdf/?"))

    assert response.status_code == 503
    assert "PDF" in response.content.decode()


def test_the_english_table_has_english_numbers_and_columns(client: Client) -> None:
    link = link_of(post(client, FULL, "en"))
    table = client.get(link.replace("?", "csv/?")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))

    columns = next(row for row in rows if len(row) > 3)
    assert columns[:7] == ["Line", "Amount", "From", "To", "Base", "Percent", "Clause"]
    assert any(row[1:2] == ["81600.00"] for row in rows)
    assert not re.search("[а-яА-Я]", table)


def test_a_product_named_like_a_formula_stays_a_text_in_the_table(client: Client) -> None:
    Product.objects.filter(slug="asoft-crm").update(name_ru='=HYPERLINK("http://example.org")')
    link = link_of(post(client, deal()))

    table = client.get(link.replace("?", "csv/?")).content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(table), delimiter=";") for cell in row]

    assert any("HYPERLINK" in cell for cell in cells)
    assert not any(cell.startswith("=") for cell in cells)


def test_every_clause_of_the_answer_leads_to_the_terms(client: Client) -> None:
    answer = post(client, FULL)
    page = fetch(client, link_of(answer)).find(id="answer")
    links = {a["href"].partition("#")[2] for a in page.find_all("a", href=re.compile("/terms/"))}

    assert links >= {line["clause"].lower() for line in answer["lines"] if line["clause"]}


def test_three_levels_stand_side_by_side_with_what_each_requires(client: Client) -> None:
    words = answer_of(client, link_of(post(client, deal(("asoft-crm", 1, "100000")))))

    for amount in ("90000", "80000", "75000"):
        assert printed(amount) in words
    for title in ("Отзывы клиентов", "Модуль «Изоляция»"):
        assert title in words


def test_what_would_bring_more_is_said(client: Client) -> None:
    """R71: 75 of 100 reviews are not more than 75 %, one more makes 76 % and five points."""
    words = answer_of(client, "/calculator/?v=1&level=competency&line=asoft-crm:1:100000&reviews=75/100")

    assert "Ещё 1 отзыв клиента: доля вырастет с 75 % до 76 %." in words
    assert "+5 %" in words


# --- Links through time ---


def test_an_old_link_shows_its_own_numbers_and_what_is_different_today(client: Client) -> None:
    link = link_of(post(client, deal(("asoft-crm", 1, "100000"))))
    publish_edition(discounts={"competency": "22"})

    words = answer_of(client, link)

    assert printed("80000") in words
    assert printed("78000") in words  # today
    assert "−2 000 ₽" in words
    today = fetch(client, link).find("a", href=re.compile(r"^\?v=1(?!.*edition)"))
    assert printed("78000") in answer_of(client, f"/calculator/{today['href']}")


def test_a_link_of_the_same_morning_keeps_the_edition_it_was_made_under(client: Client) -> None:
    link = link_of(post(client, deal(("asoft-crm", 1, "100000"))))
    publish_edition(discounts={"competency": "23"})  # from today, too

    assert printed("80000") in answer_of(client, link)
    assert printed("77000") in answer_of(client, "/calculator/?v=1&level=competency&line=asoft-crm:1:100000")


def test_a_changed_price_list_is_said_and_does_not_change_the_link(client: Client) -> None:
    price = Price.objects.get(product__slug="asoft-crm")
    link = link_of(post(client, deal(("asoft-crm", 1))))
    make_price(price.product, list_price="99900", minimum_price="50000", valid_from=programme_day())

    words = answer_of(client, link)

    assert printed(str(price.list_price)) in words
    assert printed("79920") in words  # what a partner would pay today


def test_a_product_no_longer_sold_still_opens(client: Client) -> None:
    link = link_of(post(client, deal(("asoft-crm-lite", 2))))
    before = answer_of(client, link)
    Product.objects.filter(slug="asoft-crm-lite").update(on_sale=False)
    Price.objects.filter(product__slug="asoft-crm-lite").delete()

    after = answer_of(client, link)

    assert "ASoft CRM Lite, 2 лицензии по 12 900 ₽" in before
    assert "ASoft CRM Lite, 2 лицензии по 12 900 ₽" in after


def test_a_level_that_is_gone_today_still_opens_under_its_edition(client: Client) -> None:
    def without_saas(data: dict[str, Any]) -> None:
        data["level_terms"] = [row for row in data["level_terms"] if row["level"] != "saas"]
        data["requirements"] = [row for row in data["requirements"] if row["level"] != "saas"]
        data["clauses"] = [row for row in data["clauses"] if row.get("level") != "saas"]
        for row in data["benefits"]:
            row.get("cells", {}).pop("saas", None)
        for row in data["bonuses"]:
            row["points"].pop("saas", None)

    link = link_of(post(client, deal(("asoft-crm", 1, "100000"), level="saas")))
    publish_edition(change=without_saas)

    words = answer_of(client, link)

    assert printed("75000") in words
    assert "retail, competency" in words


def test_a_link_with_every_section_keeps_its_numbers_when_the_page_shows_fewer(client: Client) -> None:
    answer = post(client, deal(own_implementation="100000"))
    page = calculator()
    page.sections = [QuoteSection.LICENCES]
    page.save_revision().publish()

    assert printed(answer["totals"]["partner_income"]) in answer_of(client, link_of(answer))


def test_a_link_of_a_product_without_a_price_keeps_its_numbers_once_it_has_one(client: Client) -> None:
    Price.objects.filter(product__slug="asoft-crm").delete()
    answer = post(client, deal(("asoft-crm", 10, "5000")))
    make_price(Product.objects.get(slug="asoft-crm"), list_price="24900", minimum_price="17400")

    again = client.get(f"{URL}?{link_of(answer).partition('?')[2]}").json()

    assert again["lines"] == answer["lines"]


def test_a_product_deleted_since_still_opens_by_its_code(client: Client) -> None:
    answer = post(client, deal(("asoft-crm-bank", 2)))
    Product.objects.get(slug="asoft-crm-bank").delete()

    words = answer_of(client, link_of(answer))

    assert printed(answer["totals"]["partner_pays"]) in words
    assert "asoft-crm-bank, 2 лицензии" in words


@pytest.mark.parametrize("kind", ["", "text", "csv"])
def test_a_price_list_made_up_in_a_link_is_said_to_be_no_price_list(client: Client, kind: str) -> None:
    forged = "?v=1&level=saas&line=asoft-crm:10::1:1"
    true = link_of(post(client, deal()))
    said = "Цены названы в ссылке"

    assert said in client.get(f"/calculator/{kind and kind + '/'}{forged}").content.decode()
    assert said not in client.get(true.replace("?", f"{kind and kind + '/'}?")).content.decode()


def test_a_link_of_another_version_is_refused_and_not_read_as_this_one(client: Client) -> None:
    words = text_of(fetch(client, "/calculator/?v=2&level=saas&line=asoft-crm:1").main)

    assert "другой версией калькулятора" in words
    assert client.get(f"{URL}?v=2&level=saas&line=asoft-crm:1").json()["field"] == "v"


def test_the_table_says_currency_and_vat_as_every_quote_does(client: Client) -> None:
    """A10."""
    table = client.get(link_of(post(client, deal())).replace("?", "csv/?")).content.decode("utf-8-sig")

    assert "Валюта;RUB" in table
    assert "НДС;Цены без НДС." in table


def test_a_ceiling_of_bonuses_alone_is_said_to_be_one(client: Client) -> None:
    """A2."""
    publish_edition(ceiling_scope="bonuses_only")
    words = answer_of(client, "/calculator/?v=1&level=saas&line=asoft-crm:1:1000&agreed=35&reviews=80&plan=met")

    assert "вместе 45 %. Потолок бонусов — 40 %." in words


@pytest.mark.parametrize(
    ("reviews", "said"), [("75", "сейчас 75 %, а нужно больше 75 %"), ("30001/40001", "75,0006 %")]
)
def test_on_which_side_of_the_threshold_a_share_lies_is_seen(client: Client, reviews: str, said: str) -> None:
    assert said in answer_of(client, f"/calculator/?v=1&level=competency&line=asoft-crm:1&reviews={reviews}")


def test_the_order_of_lines_does_not_matter_for_what_is_rented_out(client: Client) -> None:
    lines = ["line=asoft-crm:1:100", "line=asoft-crm:1:50000"]
    costs = [
        client.get(f"{URL}?level=saas&{'&'.join(order)}&rent=5:100").json()["rental"]["first_year_cost"]
        for order in (lines, lines[::-1])
    ]

    assert costs[0] == costs[1]


def test_every_mistake_at_the_head_leads_to_its_field(client: Client) -> None:
    page = fetch(client, "/calculator/?level=nope&product=asoft-crm&quantity=0&price=&discount=x")
    links = [a["href"][1:] for a in page.find(class_="error-summary").find_all("a")]

    assert len(links) == 3
    assert all(page.find(id=name) for name in links)


def test_a_link_without_changes_since_says_nothing_about_them(client: Client) -> None:
    page = fetch(client, link_of(post(client, deal())))

    assert page.find(class_="edition-banner") is None
    assert page.find(class_="quote-change") is None


def test_a_day_chooses_the_edition(client: Client) -> None:
    tomorrow = programme_day() + timedelta(days=1)
    publish_edition(effective_from=tomorrow, discounts={"competency": "22"})

    assert "20 %" in answer_of(client, "/calculator/")
    assert "22 %" in answer_of(client, f"/calculator/?on={tomorrow.isoformat()}")


def test_an_edition_that_does_not_exist_shows_todays_and_says_so(client: Client) -> None:
    words = text_of(fetch(client, "/calculator/?v=1&level=retail&line=asoft-crm:1:1000&edition=999999").main)

    assert "900 ₽" in words
    assert "которую называет ссылка, нет" in words


@pytest.mark.parametrize("path", ["/calculator/?level=retail&line=asoft-crm:1", "/calculator/?line=asoft-crm:0"])
def test_a_calculation_is_kept_from_search_engines(client: Client, path: str) -> None:
    assert fetch(client, path).find("meta", attrs={"name": "robots", "content": "noindex"})


# --- As you type ---


def test_a_partial_update_brings_the_calculator_alone_and_its_address(client: Client) -> None:
    response = client.get(f"/calculator/?{as_form(FULL)}", headers=HTMX)
    html = response.content.decode()

    assert response.status_code == 200
    assert "<html" not in html
    assert 'id="answer"' in html
    assert response["HX-Replace-Url"] == link_of(post(client, FULL)).removeprefix("/calculator/")
    assert "HX-Request" in response["Vary"]


def test_a_partial_update_of_a_wrong_deal_leaves_the_address_alone(client: Client) -> None:
    response = client.get("/calculator/?level=retail&product=asoft-crm&quantity=0&price=", headers=HTMX)

    assert "HX-Replace-Url" not in response
    assert 'aria-invalid="true"' in response.content.decode()


# --- Bad input ---


@pytest.mark.parametrize("prefix", LANGUAGES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("product=asoft-crm&quantity=0&price=", "id_line_0_quantity"),
        ("product=asoft-crm&quantity=-5&price=", "id_line_0_quantity"),
        ("product=asoft-crm&quantity=1,5&price=", "id_line_0_quantity"),
        ("product=asoft-crm&quantity=1&price=1000000000000000", "id_line_0_price"),
        ("product=asoft-crm&quantity=1&price=NaN", "id_line_0_price"),
        ("product=asoft-crm&quantity=1&price=-1", "id_line_0_price"),
        ("product=zzz&quantity=1&price=", "id_line_0_product"),
        ("product=&quantity=1&price=5", "id_line_0_product"),
        ("product=asoft-crm&quantity=1&price=&discount=101+%25", "id_discount"),
        ("product=asoft-crm&quantity=1&price=&discount=a", "id_discount"),
        ("product=asoft-crm&quantity=1&price=&reviews=8/x", "id_reviews"),
        ("product=asoft-crm&quantity=1&price=&reviews=101", "id_reviews"),
        ("product=asoft-crm&quantity=1&price=&plan=x", "id_plan"),
        ("product=asoft-crm&quantity=1&price=&rent_seats=5&rent_fee=", "id_rent_fee"),
        ("product=asoft-crm&quantity=1&price=&rent_seats=x&rent_fee=1", "id_rent_seats"),
        ("product=asoft-crm&quantity=1&price=&own=1e15", "id_own"),
    ],
)
def test_a_wrong_answer_is_named_beside_its_field_and_kept_in_it(
    client: Client, prefix: str, query: str, field: str
) -> None:
    page = fetch(client, f"{prefix}/calculator/?level=competency&{query}")
    control = page.find(id=field)
    message = page.find(id=f"{field}_error")

    assert control["aria-invalid"] == "true"
    assert f"{field}_error" in control["aria-describedby"]
    assert bool(re.search("[а-яё]", text_of(message))) is (prefix == "")


@pytest.mark.parametrize(
    "query",
    [
        "line=" + "&line=".join(["asoft-crm:1"] * 9_000),
        "line=",
        "line=:::::::::",
        "line=" + "9" * 5_000,
        "line=asoft-crm:1&edition=" + "9" * 400,
        "line=asoft-crm:1&rent=::::::::",
        "line=asoft-crm:1&show=x,y,z",
        "line=asoft-crm:1&confirmed=x",
        "line=asoft-crm:1&on=2026-02-31",
        "line=asoft-crm:1&v=999",
        "line=asoft-crm:1:1::::::",
        "level=%00&line=%00",
        "product=a&drop=x",
    ],
)
@pytest.mark.parametrize("path", ["/calculator/", "/calculator/text/", "/calculator/csv/", "/en/calculator/"])
def test_a_hostile_query_is_answered_calmly(client: Client, path: str, query: str) -> None:
    assert client.get(f"{path}?level=retail&{query}").status_code in {200, 302, 422}


def test_too_many_lines_are_refused_with_the_limit(client: Client) -> None:
    words = text_of(fetch(client, "/calculator/?level=retail&line=" + "&line=".join(["asoft-crm:1"] * 101)).main)

    assert "Не больше 100 строк." in words


def test_a_paper_of_a_wrong_deal_says_what_is_wrong(client: Client) -> None:
    response = client.get("/calculator/csv/?level=retail&line=asoft-crm:0")

    assert response.status_code == 422
    assert "Не меньше 1." in response.content.decode()


def test_a_text_typed_in_is_never_markup(client: Client) -> None:
    html = client.get("/calculator/?level=retail&line=asoft-crm:1&discount=<script>alert(1)</script>").content.decode()

    assert "<script>alert" not in html


def test_without_any_edition_the_page_says_so(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("program_pages.shown._terms", lambda day: None)

    assert client.get("/calculator/").status_code == 503


# --- What an editor chooses ---


def calculator(language: str = "ru") -> CalculatorPage:
    """The calculator's page in a language."""
    page: CalculatorPage = CalculatorPage.objects.get(locale__language_code=language)
    return page


def test_an_editor_chooses_level_products_and_sections(client: Client) -> None:
    page = calculator()
    page.default_level = Level.objects.get(slug="saas")
    page.default_lines = [("line", {"product": "asoft-crm-bank", "quantity": 3})]
    page.sections = [QuoteSection.LICENCES, QuoteSection.OWN_USE]
    page.save_revision().publish()

    found = fetch(client, "/calculator/")
    words = text_of(found.find(id="answer"))

    assert "ASoft CRM Bank, 3 лицензии" in words
    assert "25 %" in words
    assert "Обновления для клиента" not in words
    assert found.find(id="id_rent_seats") is None


def test_a_link_brings_its_own_sections(client: Client) -> None:
    link = link_of(post(client, deal(sections=["licences", "updates"])))
    page = calculator()
    page.sections = [QuoteSection.LICENCES]
    page.save_revision().publish()

    assert "Обновления для клиента" in answer_of(client, link)
    assert "Обновления для клиента" not in answer_of(client, "/calculator/")


def test_an_edition_without_the_default_level_starts_with_its_first(client: Client) -> None:
    page = calculator()
    page.default_level = None
    page.save_revision().publish()

    assert "10 %" in answer_of(client, "/calculator/")


def test_default_products_no_longer_sold_give_way(client: Client) -> None:
    Product.objects.filter(slug="asoft-crm").update(on_sale=False)
    Price.objects.filter(product__slug="asoft-crm").delete()

    assert fetch(client, "/calculator/").find(attrs={"aria-invalid": "true"}) is None


def test_an_editor_places_it_once_and_its_form_offers_every_section(
    client: Client, user_in: Any, django_user_model: type[User]
) -> None:
    client.force_login(user_in("Редакторы"))
    home = Page.objects.get(slug="home", locale__language_code="ru")
    add = reverse("wagtailadmin_pages:add_subpage", args=[home.pk])
    assert "calculatorpage" not in client.get(add).content.decode()

    form = fetch(client, reverse("wagtailadmin_pages:edit", args=[calculator().pk]))

    boxes = form.find_all("input", attrs={"name": "sections"})
    assert {box["value"] for box in boxes if box.has_attr("checked")} == {*QuoteSection}


def test_what_the_editor_ticks_is_saved_and_at_least_one_section_is_asked_for() -> None:
    form_class = CalculatorPage.get_edit_handler().get_form_class()
    page = calculator()
    line = {"product": "asoft-crm-lite", "quantity": "4"}
    data = nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "introduction": rich_text(page.introduction),
            "body": streamfield([]),
            "default_level": "",
            "default_lines": streamfield([("line", line)]),
            "comments": inline_formset([]),
        }
    )

    data["sections"] = ["licences", "bonus"]

    form = form_class(data, instance=page, for_user=make_superuser())
    assert form.is_valid(), form.errors
    saved = form.save(commit=False)
    assert (saved.sections, saved.defaults.lines) == (["licences", "bonus"], (("asoft-crm-lite", 4),))

    refused = form_class(data | {"sections": []}, instance=calculator(), for_user=make_superuser())
    assert "sections" in refused.errors


def test_a_draft_is_previewed_with_its_own_choices(client: Client) -> None:
    page = calculator()
    page.default_lines = [("line", {"product": "asoft-crm-bank", "quantity": 3})]

    response = page.make_preview_request(preview_mode=page.default_preview_mode)

    assert response.status_code == 200
    assert "ASoft CRM Bank, 3 лицензии" in response.rendered_content.replace("\u00a0", " ")


def test_the_english_page_follows_the_russian_ones_choices(client: Client) -> None:
    russian, english = calculator(), calculator("en")

    assert english.default_level == russian.default_level
    assert [block.value["product"] for block in english.default_lines] == ["asoft-crm"]
    assert english.sections == russian.sections


def test_the_calculator_is_in_the_menu_of_both_languages(client: Client) -> None:
    for prefix in LANGUAGES:
        assert fetch(client, f"{prefix}/").find("nav").find("a", href=f"{prefix}/calculator/")


@pytest.mark.parametrize(("page", "count"), [("/levels/saas/", 1), ("/", 1), ("/products/", 1)])
def test_other_pages_lead_to_the_calculator(client: Client, page: str, count: int) -> None:
    links = fetch(client, page).main.find_all("a", href=re.compile(r"^/calculator/"))

    assert len(links) >= count
    for link in links:
        assert client.get(link["href"]).status_code in {200, 302}


def test_numbers_of_another_edition_show_everywhere_in_the_answer(client: Client) -> None:
    """No percentage stands in code: other numbers in the edition, other numbers in each line."""

    def change(data: dict[str, Any]) -> None:
        data["updates_percent"], data["extended_support_percent"], data["own_use_cap"] = "21", "31", "55"
        for row in data["level_terms"]:
            if row["level"] == "competency":
                row |= {"support_percent": "12", "updates_share": "60", "asoft_implementation_share": "14"}
        for row in data["bonuses"]:
            if row["key"] == "reviews":
                row["points"]["competency"] = "6"

    publish_edition(discounts={"competency": "22"}, change=change)
    deal_line = ("asoft-crm", 1, "1000")
    asked = deal(deal_line, bonus={"reviews_share": "80"}, updates_share="60", asoft_implementation="100")
    lines = {line["key"]: line for line in post(client, asked)["lines"]}

    percents = {key: line["percent"] for key, line in lines.items()}
    assert percents["licences:asoft-crm"] == "22.00"
    assert percents["updates"] == "21.00"
    assert percents["updates_share"] == "60.00"
    assert percents["support"] == "12.00"
    assert percents["extended_support"] == "31.00"
    assert percents["asoft_implementation"] == "14.00"
    assert percents["bonus:reviews"] == "6.00"
    assert TermsEdition.objects.published().count() == 2
    assert site_settings.GROUND_SECONDS == 0


# --- R79: the bonuses end ---


def test_r79_a_deal_after_the_last_day_of_the_bonuses_has_none_and_says_so(client: Client) -> None:
    first = programme_day() + timedelta(days=1)
    publish_edition(effective_from=first, bonuses_until=first)

    def answer_on(day: str) -> Any:
        return post(client, deal(("asoft-crm", 10, "10000"), on=day, bonus={"plan": "met", "credit": "5"}))

    during, after = (answer_on((first + timedelta(days=days)).isoformat()) for days in (0, 1))

    assert during["totals"]["bonus_points"] == "10.00"
    assert after["totals"]["bonus_points"] == "0.00"
    lines = {line["key"]: line for line in after["lines"]}
    assert (lines["bonus:sales_plan"]["kind"], lines["bonus:sales_plan"]["status"]) == (
        "not_available",
        "not_applicable",
    )
    last = formats.day(first, "ru")
    assert lines["bonus:sales_plan"]["explanation"] == f"Последний день акции с бонусами — {last}: она закончилась."
    assert last in lines["bonus_credit"]["explanation"]
    assert lines["bonus_credit"]["amount"] is None


def test_r79_a_link_of_a_day_with_bonuses_says_later_that_they_are_over(client: Client) -> None:
    today = programme_day()
    publish_edition(effective_from=today, bonuses_until=today)
    link = link_of(post(client, deal(("asoft-crm", 10, "10000"), bonus={"plan": "met"})))
    assert "quote-change" not in client.get(link).content.decode()

    with time_machine.travel(timezone.now() + timedelta(days=1)):
        page = answer_of(client, link)

    assert "Акция с бонусами закончилась" in page
    assert "Бонус на следующую продажу" in page
