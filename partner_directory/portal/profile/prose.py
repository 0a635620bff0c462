"""The description of a company as plain text and back: paragraphs, headings («# »), lists («- », «1. »).

An editor's links and bold words live in HTML that a plain field cannot show, so an unchanged text is never converted
back. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from bs4 import BeautifulSoup
from bs4.element import Tag
from django.utils.html import escape

HEADING, BULLET, NUMBERED = re.compile(r"^#+\s+"), re.compile(r"^[-•–—*]\s+"), re.compile(r"^\d{1,3}[.)]\s+")
HEADINGS, LISTS = {"h2", "h3", "h4"}, {"ul", "ol"}


def to_plain(html: str) -> str:
    """HTML of the editor as text."""
    blocks = []
    for element in BeautifulSoup(html, "html.parser").children:
        text = _plain_block(element) if isinstance(element, Tag) else str(element).strip()
        if text:
            blocks.append(text)
    return "\n\n".join(blocks)


def _plain_block(element: Tag) -> str:
    if element.name in LISTS:
        items = element.find_all("li")
        return "\n".join(
            f"{f'{place}.' if element.name == 'ol' else '-'} {_line(item)}" for place, item in enumerate(items, 1)
        )
    for line_break in element.find_all("br"):
        line_break.replace_with("\n")
    text = "\n".join(" ".join(line.split(" ")).strip() for line in element.get_text().split("\n")).strip()
    return f"# {text}" if text and element.name in HEADINGS else text


def _line(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


def to_html(text: str) -> str:
    """Text as HTML of the editor; everything in it is text, and nothing a tag."""
    blocks = re.split(r"\n\s*\n", text.strip())
    return "".join(part for block in blocks for part in _html_parts(block) if part)


def _html_parts(block: str) -> Iterator[str]:
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    for kind, group in groupby(lines, _kind):
        found = list(group)
        if kind == "h3":
            yield from (f"<h3>{escape(HEADING.sub('', line))}</h3>" for line in found)
        elif kind in LISTS:
            mark = BULLET if kind == "ul" else NUMBERED
            items = "".join(f"<li>{escape(mark.sub('', line))}</li>" for line in found)
            yield f"<{kind}>{items}</{kind}>"
        else:
            yield f"<p>{'<br/>'.join(map(escape, found))}</p>"


def _kind(line: str) -> str:
    if HEADING.match(line):
        return "h3"
    if BULLET.match(line):
        return "ul"
    return "ol" if NUMBERED.match(line) else "p"
