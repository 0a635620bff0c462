"""Words for search: one normal form for a text and for a query, in any case, form and alphabet.

Lower case, ё as е, stems of Russian and English words, each also in Latin letters. May not import models.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import snowballstemmer
from anyascii import anyascii
from django.utils.html import strip_tags

WORD = re.compile(r"[^\W_]+")
LONGEST_QUERY = 200  # characters of a query that are read


@lru_cache(maxsize=1)
def _stemmers() -> dict[str, snowballstemmer.stemmer]:
    return {"ru": snowballstemmer.stemmer("russian"), "en": snowballstemmer.stemmer("english")}


def stems(text: str) -> Iterator[str]:
    """The stems of a text's words in order, in Latin letters: «Обновлений» and "obnovleniy" meet."""
    for word in WORD.findall(strip_tags(text).lower().replace("ё", "е")):
        language = "ru" if re.search("[а-я]", word) else "en"
        yield anyascii(_stemmers()[language].stemWord(word)).lower()


def search_words(*texts: str) -> str:
    """The normal form of texts, to be indexed."""
    return " ".join(stem for text in texts for stem in stems(text or ""))


def query_words(query: str) -> list[str]:
    """The normal form of a query, each stem once; what is too long is cut."""
    return list(dict.fromkeys(stems(query[:LONGEST_QUERY])))
