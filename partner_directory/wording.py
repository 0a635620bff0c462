"""What messages say: every kind with its words, and how facts fill their {placeholders}.

Words are a managers' text or the project's own; both hold placeholders by simple names alone, so that nothing in a text
is ever evaluated. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pkgutil import iter_modules

from django.conf import settings
from django.urls import translate_url
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from partner_directory import letters
from partner_directory.letters.kind import Fact, Kind
from program_pages import formats
from program_pages.rules.terms import Text

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
WITH_FULL_STOP = re.compile(PLACEHOLDER.pattern + r"(\.(?!\.))?")
BRACE = re.compile(r"[{}]")
BETWEEN_SENTENCES = re.compile(r"(?<=[.!?…]) +")
ALWAYS = ("company", "link")  # facts of every message
SAMPLE_COMPANY = "ООО «Образец»"
SAMPLE_URL = "/portal/"
LONGEST_SUBJECT = 200


def _collected() -> Iterator[tuple[str, Kind]]:
    """Every part's kinds: each module of ``letters`` that has any, in their alphabet's order."""
    for module in iter_modules(letters.__path__, f"{letters.__name__}."):
        for kind in getattr(import_module(module.name), "KINDS", ()):
            yield kind.key, kind


KINDS: Mapping[str, Kind] = dict(_collected())


@dataclass(frozen=True, slots=True)
class Words:
    """A subject and a text, of a message or of its kind with placeholders."""

    subject: str
    text: str


def kind_label(kind: str) -> str:
    """When messages of a kind are sent; its key where the project has no such kind any more."""
    found = KINDS.get(kind)
    return str(found.label) if found else kind


def own_words(kind: str, language: str) -> Words:
    """The project's own words of a kind in a language; empty ones for a kind that it has no more."""
    found = KINDS.get(kind)
    if found is None:
        return Words("", "")
    with override(language):
        return Words(str(found.subject), str(found.text))


def placeholders_of(kind: str) -> tuple[str, ...]:
    """The names that words of a kind may hold in braces."""
    found = KINDS.get(kind)
    return tuple(dict.fromkeys((*ALWAYS, *(found.sample if found else ()))))


def mistakes_in(kind: str, text: str) -> list[str]:
    """What is wrong with the placeholders of a text for a kind, in words; nothing where all of them will be filled."""
    known = placeholders_of(kind)
    unknown = [name for name in dict.fromkeys(PLACEHOLDER.findall(text)) if name not in known]
    mistakes = [_("Подстановки {%(name)s} у этого письма нет.") % {"name": name} for name in unknown]
    if BRACE.search(PLACEHOLDER.sub("", text)):
        mistakes.append(_("Фигурные скобки бывают только вокруг имени подстановки: {company}."))
    return mistakes


def filled(words: Words, facts: Mapping[str, Fact], language: str) -> Words:
    """The words with facts for placeholders; one without its fact stays as it is.

    The subject is one line whatever the facts hold. A sentence of the text, or a line, that has nothing but empty facts
    to say, such as a reason that nobody gave, is left out.
    """
    with override(language):
        said = {name: _said(fact, language) for name, fact in facts.items()}
    subject = " ".join(_fill(words.subject, said).split())
    lines = [_line(line, said) for line in words.text.splitlines() if not _is_empty(line, said)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return Words(subject[:LONGEST_SUBJECT], text)


def sample_of(kind: str, words: Words, language: str) -> tuple[Words, str]:
    """The words as a reader would get them, filled with the kind's sample facts; and their link."""
    found = KINDS.get(kind)
    link = absolute(SAMPLE_URL, language)
    facts: dict[str, Fact] = {"company": SAMPLE_COMPANY, "link": link, **(found.sample if found else {})}
    return filled(words, facts, language), link


def sealed_link(kind: str, about: str, email: str, language: str) -> str:
    """The link of a kind that proves who its reader is; empty where the project has no such kind any more."""
    found = KINDS.get(kind)
    return absolute(found.link(about, email), language) if found and found.link else ""


def in_language(url: str, language: str) -> str:
    """An address within the site, made in any language, for a reader of a language."""
    neutral = re.sub(rf"^/(?:{'|'.join(code for code, _name in settings.LANGUAGES)})(?=/)", "", url)
    with override(settings.LANGUAGE_CODE):  # whose addresses have no prefix
        return translate_url(neutral, language)


def absolute(url: str, language: str) -> str:
    """An address within the site with its host, for a reader of a language; empty where there is none."""
    return settings.WAGTAILADMIN_BASE_URL.rstrip("/") + in_language(url, language) if url else ""


def _said(fact: Fact, language: str) -> str:
    if isinstance(fact, Text):
        return fact.in_language(language)
    if isinstance(fact, datetime):
        fact = timezone.localdate(fact)
    if isinstance(fact, date):
        return formats.day(fact, language)
    return str(fact).replace("\x00", "")


def _fill(text: str, said: Mapping[str, str]) -> str:
    return WITH_FULL_STOP.sub(lambda match: _filled_in(match, said), text)


def _filled_in(match: re.Match[str], said: Mapping[str, str]) -> str:
    """The fact; a full stop after one that has its own is one too many: «до 31 декабря 2026 г.»."""
    fact, stop = said.get(match[1]), match[2] or ""
    if fact is None:
        return match[0]
    return fact if fact.endswith(".") else fact + stop


def _line(line: str, said: Mapping[str, str]) -> str:
    return _fill(" ".join(part for part in BETWEEN_SENTENCES.split(line) if not _is_empty(part, said)), said)


def _is_empty(line: str, said: Mapping[str, str]) -> bool:
    names = PLACEHOLDER.findall(line)
    return bool(names) and not any(said.get(name, "?").strip() for name in names)
