"""One kind of message: its wording, and the facts that fill its placeholders. May not import models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from program_pages.rules.terms import Text

# What fills a placeholder: one text for everybody, or what each reader's language words: a Text, a lazy text, a day.
Fact = str | Promise | Text | date


@dataclass(frozen=True, slots=True)
class Kind:
    """``label`` tells managers when it is sent; ``subject`` and ``text`` are translatable, with {placeholders}.

    ``sample`` names every fact with a value to preview with; {company} and {link} are always there. A sentence
    whose placeholders are all empty is left out: «Причина: {reason}» where nobody gave one.
    ``link`` makes a link that is its reader's proof, whenever the letter is built, from what the message is about and
    the address that it goes to (``sealed_links``); other kinds say where to go on when they are told.
    """

    key: str
    label: str | Promise
    subject: str | Promise
    text: str | Promise
    sample: Mapping[str, Fact]
    link: Callable[[str, str], str] | None = None
