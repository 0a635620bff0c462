"""The site's search finds pages and clauses in any form, case and alphabet, and bears any query."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import Client

from program_pages import words
from program_pages.words import holds, query_words, search_words

from .reading import fetch, text_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "forms",
    [
        ("обновлений", "ОБНОВЛЕНИЯ", "обновление", "obnovleniy"),
        ("консалтинга", "КОНСАЛТИНГ", "konsalting"),
        ("ёлка", "елка", "ЁЛКИ"),
        ("licences", "Licence", "LICENCE"),
    ],
)
def test_forms_cases_and_alphabets_of_a_word_meet(forms: tuple[str, ...]) -> None:
    alphabet = forms[0].isascii()
    for written in (form for form in forms if form.isascii() is alphabet):
        for asked in forms:
            assert holds(search_words(written).split(), query_words(asked)), (written, asked)


@pytest.mark.parametrize("query", ["обновлений", "ОБНОВЛЕНИЕ", "obnovleniy"])
def test_a_clause_is_found_by_any_form_of_its_words(client: Client, query: str) -> None:
    links = [link["href"] for link in fetch(client, f"/search/?q={query}").main.find_all("a", href=True)]

    assert "/terms/#r53" in links


def test_readers_who_search_at_once_do_not_mix_their_words_up(at_once: None) -> None:
    texts = [f"{beginning}ированными {beginning}ившимися {beginning}ations" for beginning in ("автомат", "рег", "прод")]
    alone = [search_words(text) for text in texts]
    with ThreadPoolExecutor(8) as readers:
        for _time in range(20):
            words._stem.cache_clear()
            assert list(readers.map(search_words, texts * 8)) == alone * 8


@pytest.fixture
def at_once() -> Iterator[None]:
    """Threads take turns after a few steps each."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def test_a_page_is_found_by_its_words_in_its_language(client: Client) -> None:
    russian = [link["href"] for link in fetch(client, "/search/?q=присоединиться").main.find_all("a", href=True)]
    english = [link["href"] for link in fetch(client, "/en/search/?q=join").main.find_all("a", href=True)]

    assert "/join/" in russian
    assert "/en/join/" in english


def test_a_clause_is_found_by_its_code(client: Client) -> None:
    links = [link["href"] for link in fetch(client, "/search/?q=R50").main.find_all("a", href=True)]

    assert links.count("/terms/#r50") == 1


def test_nothing_found_says_so_and_shows_a_way_out(client: Client) -> None:
    page = fetch(client, "/search/?q=абракадабра")

    assert "абракадабра" in text_of(page.main)
    assert page.main.find("a", href=True)


@pytest.mark.parametrize(
    "query", ["", " ", "%00", "'\";--", "<script>alert(1)</script>", "и" * 5000, '"*" OR NEAR(', "%F0%9F%98%80"]
)
def test_any_query_is_answered(client: Client, query: str) -> None:
    response = client.get(f"/search/?q={query}")

    assert response.status_code == 200
    assert b"<script>alert" not in response.content
