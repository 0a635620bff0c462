"""What editors and developers look at: every block has its preview, every component stands in the gallery."""

from pathlib import Path

import pytest
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from wagtail.models import Page

from accounts.models import User
from config.gallery import gallery
from program_pages.blocks import BodyBlock
from program_pages.models import ContentPage, HomePage

from .reading import fetch, text_of

pytestmark = pytest.mark.django_db

COMPONENTS = Path(__file__).resolve().parents[2] / "site" / "templates" / "components"
BLOCKS = dict(ContentPage.body.field.stream_block.child_blocks)


@pytest.mark.parametrize("name", BLOCKS)
def test_every_block_has_a_description_and_a_preview_with_words(admin_client: Client, name: str) -> None:
    block = BLOCKS[name]
    page = fetch(admin_client, f"{reverse('wagtailadmin_block_preview')}?id={block.definition_prefix}")

    assert str(block.get_description())
    assert page.find("link", href=lambda href: href and href.endswith("css/common.css"))
    assert text_of(page.main)


def test_the_preview_of_levels_shows_the_numbers_in_force(admin_client: Client) -> None:
    prefix = BLOCKS["levels"].definition_prefix
    page = fetch(admin_client, f"{reverse('wagtailadmin_block_preview')}?id={prefix}")

    assert "25 %" in text_of(page.main)


def test_a_page_of_every_block_is_served(client: Client) -> None:
    body = [(name, block.get_preview_value()) for name, block in BLOCKS.items() if name != "figure"]
    home = HomePage.objects.get(locale__language_code="ru")
    home.add_child(instance=ContentPage(title="Всё сразу", slug="vse", body=body))

    words = text_of(fetch(client, "/vse/").main)

    assert "Кому подходит программа" in words
    assert "«Мы предлагаем прозрачные и гибкие условия сотрудничества.»" in words
    assert "10 %" in words


def test_a_button_leads_to_the_page_in_the_readers_language(client: Client) -> None:
    join = Page.objects.get(slug="join", locale__language_code="ru")
    home = HomePage.objects.get(locale__language_code="en")
    link = BodyBlock().to_python([{"type": "link", "value": {"label": "Join", "page": join.pk, "url": ""}}])
    home.add_child(instance=ContentPage(title="Links", slug="links", locale=home.locale, body=link))

    assert fetch(client, "/en/links/").main.find("a", string="Join")["href"] == "/en/join/"


def test_the_gallery_shows_the_components(rf: RequestFactory, admin_user: User) -> None:
    request = rf.get("/gallery/")
    request.user = admin_user
    response = gallery(request)

    assert response.status_code == 200
    assert "benefits-table" in response.content.decode()


@pytest.mark.parametrize("component", sorted(path.stem for path in COMPONENTS.glob("portal_*.html")))
def test_the_gallery_shows_every_component_of_the_partners_section(component: str) -> None:
    shown = (COMPONENTS.parent / "gallery.html").read_text(encoding="utf-8")
    through = (COMPONENTS / "portal_nav.html").read_text(encoding="utf-8")

    assert f'"components/{component}.html"' in shown + through


def test_the_page_for_when_nothing_works_needs_nothing(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        html = get_template("500.html").render()

    assert "Ошибка на сервере" in html
