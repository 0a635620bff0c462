"""A message as a letter: the words with where to go on, as plain text and as HTML that needs nothing from elsewhere.

May not import models.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import override

from partner_directory.wording import Words


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter ready to be sent; plain strings, so that a page that shows one escapes it."""

    subject: str
    text: str
    html: str


def letter_of(words: Words, *, link: str, language: str) -> Letter:
    """The letter of a message in its reader's language; ``link`` (absolute, or empty) is where the reader goes on."""
    context = {
        "subject": words.subject,
        "text": words.text,
        "paragraphs": paragraphs_of(words.text, link),
        "link": link,
        "link_is_said": link and link in words.text,
        "language": language,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": settings.WAGTAILADMIN_BASE_URL,
    }
    with override(language):
        text = render_to_string("partner_directory/mail/letter.txt", context)
        html = render_to_string("partner_directory/mail/letter.html", context)
    return Letter(words.subject, text.strip() + "\n", html.strip() + "\n")


def paragraphs_of(text: str, link: str) -> list[list[str]]:
    """A text as paragraphs of lines, without the lines that say the link alone: a button says it better."""
    blocks = ([line.strip() for line in block.splitlines()] for block in text.split("\n\n"))
    paragraphs = ([line for line in lines if line and line != link] for lines in blocks)
    return [lines for lines in paragraphs if lines]


def plain_page(letter: Letter) -> str:
    """The letter's plain text as a page, for managers to look at."""
    return format_html(
        '<!doctype html><meta charset="utf-8"><title>{}</title><pre>{}</pre>', letter.subject, letter.text
    )
