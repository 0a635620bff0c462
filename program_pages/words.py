"""Words for search: one normal form for a text and for a query, in any case, form and alphabet.

Lower case, ё as е, stems of Russian and English words, each also in Latin letters. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer
from anyascii import anyascii
from django.utils.html import strip_tags

WORD = re.compile(r"[^\W_]+")
NOT_INDEXED = re.compile("[^a-z0-9]")  # one letter of some alphabets is written with several signs, or with none
LONGEST_QUERY = 200  # characters of a query that are read


# Latin letters back to Cyrillic, longest first: how a reader without a Russian keyboard writes a Russian word.
_CYRILLIC = {
    "shch": "щ", "sch": "щ",
    "yo": "е", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "ye": "е", "iy": "ий",
    **dict(zip("abvgdezijklmnoprstufhcyqwx", "абвгдезийклмнопрстуфхцыквх", strict=True)),
}  # fmt: skip
_LATIN_SOUND = re.compile("|".join(_CYRILLIC))
_STEMMERS = {"ru": "russian", "en": "english"}


def _stemmed(word: str, language: str) -> str:
    # A stemmer holds the word that it is at, so that threads may not share one; making one takes no time.
    stemmer = snowballstemmer.stemmer(_STEMMERS[language])
    return str(stemmer.stemWord(word))


def _words(text: str) -> list[str]:
    return WORD.findall(strip_tags(text).lower().replace("ё", "е"))


@lru_cache(maxsize=50_000)  # words repeat, and a stem takes long to find
def _stem(word: str, language: str) -> str:
    return NOT_INDEXED.sub("", anyascii(_stemmed(word, language)).lower())


def search_words(*texts: str) -> str:
    """The normal form of texts, to be indexed: a stem a word, in Latin letters."""
    words = (word for text in texts for word in _words(text or ""))
    return " ".join(filter(None, (_stem(word, _language(word)) for word in words)))


class Stem(NamedTuple):
    """A word as it was written, its stem in its own alphabet, and the stem as ``search_words`` writes it."""

    word: str
    own: str
    indexed: str


def stems(*texts: str) -> list[Stem]:
    """The stem of each word of some texts: what a misspelt word can be compared with."""
    return [_stem_of(word, _language(word)) for text in texts for word in _words(text or "")]


def query_words(query: str) -> list[tuple[str, ...]]:
    """For each word of a query the normal forms that may stand for it; what is too long is cut.

    «Обновлений» has one; "obnovleniy" two, since it may be an English word or a Russian one in Latin letters.
    """
    return list(dict.fromkeys(tuple(stem.indexed for stem in word) for word in query_stems(query)))


def query_stems(query: str) -> list[tuple[Stem, ...]]:
    """For each word of a query the stems that may stand for it; what is too long is cut."""
    words = (_readings(word) for word in _words(query[:LONGEST_QUERY]))
    found = (tuple({stem.indexed: stem for stem in readings if stem.indexed}.values()) for readings in words)
    return [readings for readings in found if readings]


def _readings(word: str) -> list[Stem]:
    if _language(word) == "ru":
        return [_stem_of(word, "ru")]
    return [_stem_of(word, "en"), _stem_of(_LATIN_SOUND.sub(lambda sound: _CYRILLIC[sound[0]], word), "ru")]


@lru_cache(maxsize=50_000)
def _stem_of(word: str, language: str) -> Stem:
    return Stem(word, _stemmed(word, language), _stem(word, language))


def _language(word: str) -> str:
    return "ru" if re.search("[а-я]", word) else "en"


def holds(words: Container[str], query: Iterable[tuple[str, ...]]) -> bool:
    """Whether the indexed words hold some form of every word of a query."""
    return all(any(form in words for form in forms) for forms in query)
