"""The admin speaks Russian to people who have not chosen a language, to the last word."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup, Comment
from django.test import Client
from django.utils.translation import gettext, override
from wagtail.models import Page

from partner_directory.viewsets.menu import registers
from program_pages.models import Event, Level, Price, Product, Reading, TermsEdition
from program_pages.viewsets.register import Register
from tests.admin.conftest import Url

# Words of interfaces; names of products, levels and codes are Latin and rightly so.
ENGLISH = re.compile(
    r"\b(the|of|and|or|to|you|your|this|are|by|in|with|for|add|edit|save|saving|delete|history|publish|unpublish|draft|"
    r"search|filter|user|users|settings|home|menu|status|actions?|view|close|open|move|toggle|show|hide|select|choose|"
    r"page|pages|all|none|date|name|title|no|yes|submit|cancel|copy|usage|updated|created|locked|unlock|lock|"
    r"changed?|error|errors|success|warning|more|next|previous|item|items|comments?|sort|reorder|inspect|back|new)\b",
    re.IGNORECASE,
)
# Names, and the placeholders of texts: {each.name}.
NAMES = re.compile(r"ASoft Partners Community|ASoft [A-Za-z&+ ]+|Work&Education|\{[^}]*\}", re.IGNORECASE)


def interface(html: str) -> list[str]:
    """The texts, labels and hints of a page that are its interface: not what is typed into fields."""
    page = BeautifulSoup(html, "html.parser")
    for tag in page.find_all(["script", "style", "textarea", "svg", "option", "code", "kbd"]):
        tag.decompose()
    for tag in page.select("[lang=en], .user-data"):
        tag.decompose()
    texts = [str(text) for text in page.find_all(string=True) if not isinstance(text, Comment)]
    hints = [
        str(tag[name])
        for name in ("title", "aria-label", "placeholder", "alt", "data-w-progress-active-value")
        for tag in page.select(f"[{name}]")
    ]
    return [" ".join(text.split()) for text in [*texts, *hints] if text.strip()]


def english_in(html: str) -> list[str]:
    return [text for text in interface(html) if ENGLISH.search(NAMES.sub("", text))]


@pytest.mark.parametrize("register", registers, ids=lambda register: register.model.__name__)
def test_every_field_of_a_register_has_a_russian_name(register: Register) -> None:
    fields = {*register.get_inspect_view_fields(), *register.export_fields, *register.list_display}
    with override("ru"):
        labels = {field: register.label_of(field) for field in fields}
    assert {field: label for field, label in labels.items() if not re.search("[А-я]", label)} == {}


def addresses(url: Url, draft: TermsEdition) -> list[str]:
    price, level = Price.objects.first(), Level.objects.first()
    product, event = Product.objects.first(), Event.objects.first()
    reading = Reading.objects.get(code="A9")
    assert price
    assert level
    assert product
    assert event
    in_force = TermsEdition.objects.filter(live=True).first()
    assert in_force
    return [
        "/admin/",
        "/admin/pages/",
        "/admin/images/",
        "/admin/documents/",
        "/admin/account/",
        "/admin/reports/site-history/",
        url("termsedition", "list"),
        url("termsedition", "add"),
        url("termsedition", "edit", draft.pk),
        url("termsedition", "edit", in_force.pk),
        url("termsedition", "copy", in_force.pk),
        url("termsedition", "history", draft.pk),
        url("termsedition", "usage", draft.pk),
        url("termsedition", "delete", draft.pk),
        *(url("reading", view) for view in ("list", "add")),
        *(url("reading", view, reading.pk) for view in ("edit", "decide", "history", "delete")),
        url("level", "list"),
        url("level", "add"),
        url("level", "edit", level.pk),
        url("level", "usage", level.pk),
        url("productline", "list"),
        url("product", "list"),
        url("product", "edit", product.pk),
        url("event", "list"),
        url("event", "add"),
        url("event", "edit", event.pk),
        url("price", "index"),
        url("price", "create"),
        url("price", "edit", price.pk),
        url("price", "inspect", price.pk),
        url("price", "history", price.pk),
        url("price", "delete", price.pk),
    ]


def test_no_page_of_the_admin_says_an_english_word(admin: Client, draft: TermsEdition, url: Url) -> None:
    english_pages = set(Page.objects.filter(locale__language_code="en").values_list("title", flat=True))
    found = {address: english_in(admin.get(address).content.decode()) for address in addresses(url, draft)}
    assert {address: words for address, words in found.items() if set(words) - english_pages} == {}


def test_the_check_sees_an_english_word() -> None:
    assert english_in("<p>Save changes</p>") == ["Save changes"]
    assert english_in('<p title="Delete">ASoft CRM</p>') == ["Delete"]


def test_a_user_without_a_preference_sees_russian_whatever_the_browser_asks(manager: Client) -> None:
    response = manager.get("/admin/", headers={"accept-language": "en"})
    assert 'lang="ru"' in response.content.decode()


def test_signing_in_is_in_russian(db: None, client: Client) -> None:
    page = client.get("/admin/login/", follow=True).content.decode()
    assert "Войти с ключом доступа" in page
    assert english_in(page) == []


@pytest.mark.parametrize(
    "text", ["By %(filter_title)s", "View latest version", "A network error occurred", "Locked by"]
)
def test_gaps_in_other_packages_russian_are_filled(text: str) -> None:
    with override("ru"):
        assert gettext(text) != text
