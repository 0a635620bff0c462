"""Finding partners by words: in any case, form and alphabet, with one letter wrong, by ИНН, by city.

The words of profiles are searched by the database's own full-text index (``guards``), the names of cities, regions,
products and industries in memory; both hold the same normal form (``program_pages.words``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connections, router
from pyroaring import BitMap

from partner_directory.directory.snapshot import Snapshot
from partner_directory.guards import HOLDING, WORDS
from partner_directory.models.listing import Listing, Word
from program_pages.words import Stem, query_stems

MOST_WORDS = 8  # of a query that are looked for
SHORTEST_MISSPELT = 4  # a shorter word with one letter wrong is another word
ALPHABETS = {"ru": "абвгдежзийклмнопрстуфхцчшщъыьэюя", "en": "abcdefghijklmnopqrstuvwxyz0123456789"}


@dataclass(frozen=True, slots=True)
class Hits:
    """Who matches every word of a query; ``named`` those with all of them in their name.

    ``meant`` says for a misspelt word which words were looked for in its stead.
    """

    partners: BitMap
    named: BitMap
    meant: dict[str, tuple[str, ...]]


def search(query: str, snapshot: Snapshot) -> Hits | None:
    """The listed partners that match a query, or None for a query without a word."""
    words = query_stems(query)[:MOST_WORDS]
    if not words:
        return None
    found, named = snapshot.listed, snapshot.listed
    meant: dict[str, tuple[str, ...]] = {}
    for stems in words:
        hits, in_names = _hits(stems, snapshot)
        if not hits and (similar := _similar(stems, snapshot)):
            hits, in_names = _hits(similar, snapshot)
            if hits:
                meant[stems[0].word] = tuple(dict.fromkeys(stem.word for stem in similar))
        found, named = found & hits, named & in_names
    return Hits(found, named & found, meant)


def _hits(stems: Iterable[Stem], snapshot: Snapshot) -> tuple[BitMap, BitMap]:
    """Who has a word that begins like one of the stems, anywhere and in the name."""
    forms = list(dict.fromkeys(stem.indexed for stem in stems))
    anywhere, in_names = _indexed("words", forms), _indexed("name_words", forms)
    of_things = (snapshot.having(token) for token in snapshot.names.tokens_named(forms))
    return BitMap.union(anywhere, *of_things), in_names


def _indexed(column: str, forms: list[str]) -> BitMap:
    """The keys of the listings with a word in a column that begins like one of the forms."""
    connection = connections[router.db_for_read(Listing)]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            query = " OR ".join(f'"{form}"*' for form in forms)
            cursor.execute(f"SELECT rowid FROM {WORDS} WHERE {WORDS} MATCH %s", [f"{column} : ({query})"])  # noqa: S608
            return BitMap([key for (key,) in cursor.fetchall()])
        cursor.execute(f"SELECT {HOLDING[column]}(%s)", [" | ".join(f"{form}:*" for form in forms)])
        return BitMap(cursor.fetchone()[0])


def _similar(stems: Iterable[Stem], snapshot: Snapshot) -> list[Stem]:
    """The known stems that differ from these by one letter: left out, added, replaced, exchanged with its neighbour."""
    candidates = {text for stem in stems if len(stem.own) >= SHORTEST_MISSPELT for text in one_letter_off(stem.own)}
    named = [snapshot.names.stems[text] for text in candidates if text in snapshot.names.stems]
    return [*named, *(_known(sorted(candidates)) if candidates else [])]


def _known(texts: list[str]) -> list[Stem]:
    """Those of some hundreds of stems that a listing holds."""
    connection = connections[router.db_for_read(Word)]
    if connection.vendor == "sqlite":
        rows = Word.objects.filter(text__in=texts).order_by("text").values_list("word", "text", "indexed")
        return [Stem(*row) for row in rows]
    with connection.cursor() as cursor:  # as one value: so many by themselves take longer to hand over than to find
        cursor.execute(
            f"SELECT word, text, indexed FROM {Word._meta.db_table}"  # noqa: S608 - our own name
            " WHERE text = ANY(%s) ORDER BY text",
            [texts],
        )
        return [Stem(*row) for row in cursor.fetchall()]


def one_letter_off(word: str) -> set[str]:
    """Every word at one slip of the pen from a word, in its alphabet."""
    letters = ALPHABETS["ru" if re.search("[а-я]", word) else "en"]
    halves = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    return {
        *(head + tail[1:] for head, tail in halves if tail),
        *(head + tail[1] + tail[0] + tail[2:] for head, tail in halves if len(tail) > 1),
        *(head + letter + tail[1:] for head, tail in halves if tail for letter in letters),
        *(head + letter + tail for head, tail in halves for letter in letters),
    } - {word}
