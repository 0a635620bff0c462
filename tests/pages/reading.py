"""Reads published pages as a visitor does: text with its spaces mended, by anchor, row and cell."""

from bs4 import BeautifulSoup, Tag
from django.test import Client


def fetch(client: Client, path: str, status: int = 200) -> BeautifulSoup:
    """A page as a tree; asserts its status."""
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return BeautifulSoup(response.content, "html.parser")


def text_of(tag: Tag | None) -> str:
    """The visible words of a part of a page, each run of spaces (no-break ones too) as one."""
    assert tag is not None
    return " ".join(tag.get_text(" ").replace("\u00a0", " ").replace("\u202f", " ").split())


def main_of(client: Client, path: str) -> str:
    """The words of a page's main content."""
    return text_of(fetch(client, path).main)
