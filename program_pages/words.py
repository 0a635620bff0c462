"""Words for search: one normal form for a text and for a query, in any case, form and alphabet.

Lower case, ё as е, stems of Russian and English words, each also in Latin letters. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from functools import lru_cache

import snowballstemmer
from anyascii import anyascii
from django.utils.html import strip_tags

WORD = re.compile(r"[^\W_]+")
LONGEST_QUERY = 200  # characters of a query that are read


# Latin letters back to Cyrillic, longest first: how a reader without a Russian keyboard writes a Russian word.
_CYRILLIC = {
    "shch": "щ", "sch": "щ",
    "yo": "е", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш", "yu": "ю", "ya": "я", "ye": "е", "iy": "ий",
    **dict(zip("abvgdezijklmnoprstufhcyqwx", "абвгдезийклмнопрстуфхцыквх", strict=True)),
}  # fmt: skip
_LATIN_SOUND = re.compile("|".join(_CYRILLIC))


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, snowballstemmer.stemmer]:
    return {"ru": snowballstemmer.stemmer("russian"), "en": snowballstemmer.stemmer("english")}


def _words(text: str) -> list[str]:
    return WORD.findall(strip_tags(text).lower().replace("ё", "е"))


def _stem(word: str, language: str) -> str:
    return anyascii(_stemmers()[language].stemWord(word)).lower()


def _as_russian(word: str) -> str:
    return _stem(_LATIN_SOUND.sub(lambda sound: _CYRILLIC[sound[0]], word), "ru")


def search_words(*texts: str) -> str:
    """The normal form of texts, to be indexed: a stem a word, in Latin letters."""
    words = (word for text in texts for word in _words(text or ""))
    return " ".join(_stem(word, "ru" if re.search("[а-я]", word) else "en") for word in words)


def query_words(query: str) -> list[tuple[str, ...]]:
    """For each word of a query the normal forms that may stand for it; what is too long is cut.

    «Обновлений» has one; "obnovleniy" two, since it may be an English word or a Russian one in Latin letters.
    """
    forms = (_forms(word) for word in _words(query[:LONGEST_QUERY]))
    return list(dict.fromkeys(forms))


def _forms(word: str) -> tuple[str, ...]:
    if re.search("[а-я]", word):
        return (_stem(word, "ru"),)
    return tuple(dict.fromkeys((_stem(word, "en"), _as_russian(word))))


def holds(words: Container[str], query: Iterable[tuple[str, ...]]) -> bool:
    """Whether the indexed words hold some form of every word of a query."""
    return all(any(form in words for form in forms) for forms in query)
