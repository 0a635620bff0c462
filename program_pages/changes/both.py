"""Two editions read side by side, by place. May not import models."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import get_language

from program_pages import formats
from program_pages.bilingual import said
from program_pages.changes.said import Version
from program_pages.rules.changes import NOTHING, Place, leaves
from program_pages.rules.terms import Terms, Text
from program_pages.rules.wording import compared


class Both:
    """Two editions, read by place."""

    def __init__(self, before: Terms, after: Terms, every_language: bool) -> None:
        self.before, self.after, self.every_language = before, after, every_language
        self.was, self.will_be = leaves(before), leaves(after)

    def pair(self, what: str, of: tuple[str, ...]) -> tuple[Any, Any]:
        """What stands at a place in each; NOTHING where there is no such place."""
        place = Place(what, of)
        return self.was.get(place, NOTHING), self.will_be.get(place, NOTHING)

    def title(self, table: str, of: tuple[str, ...]) -> str:
        """A row's title, as the newer edition that has the row says it."""
        was, will_be = self.pair(f"{table}.title", of)
        return said(was if will_be is NOTHING else will_be)

    def versions(self, before: Any, after: Any) -> tuple[Version, ...]:
        """A text word by word in the languages to be shown; one that is not there is empty."""
        was, will_be = (Text("") if text in {NOTHING, None} else text for text in (before, after))
        own = formats.language_of(get_language())
        codes = sorted((code for code, _label in settings.LANGUAGES), key=lambda code: code != own)
        found = [
            Version(code, compared(was.in_language(code), will_be.in_language(code)))
            for code in codes
            if was.in_language(code) != will_be.in_language(code)
        ]
        return tuple(found if self.every_language else found[:1])
