"""A message as a letter: the words with where to go on, as plain text and as HTML that needs nothing from elsewhere.

May not import models.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
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
    with override(language):
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
        text = render_to_string("partner_directory/mail/letter.txt", context)
        html = render_to_string("partner_directory/mail/letter.html", context)
    return Letter(words.subject, text.strip() + "\n", html.strip() + "\n")


def paragraphs_of(text: str, link: str, to: str = "") -> list[list[SafeString]]:
    """A text as paragraphs of lines, which show the link in words, not as an address.

    Lines that say the link alone are left out: a button says it better. ``to`` is where the link leads instead.
    """
    blocks = ([line.strip() for line in block.splitlines()] for block in text.split("\n\n"))
    paragraphs = ([_linked(line, link, to or link) for line in lines if line and line != link] for lines in blocks)
    return [lines for lines in paragraphs if lines]


def _linked(line: str, link: str, to: str) -> SafeString:
    """The line, safe, with an anchor for the link within it."""
    if not link or link not in line:
        return format_html("{}", line)
    anchor = format_html('<a href="{}">{}</a>', to, _("открыть на сайте"))
    return format_html_join(anchor, "{}", ((part,) for part in line.split(link)))


def plain_page(letter: Letter) -> str:
    """The letter's plain text as a page, for managers to look at."""
    return format_html(
        '<!doctype html><meta charset="utf-8"><title>{}</title><pre>{}</pre>', letter.subject, letter.text
    )
