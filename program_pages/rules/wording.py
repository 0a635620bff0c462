"""What changes in a text, word by word: what is kept, what is taken out, what is put in.

Pure Python: imports nothing of Django and nothing outside ``program_pages.rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

# A number with its sign is one word («2,5 %»), and so is each run of spaces.
TOKEN = re.compile(r"\d+(?:[.,]\d+)*(?:\u00a0?%)?|\w+|\s+|[^\w\s]")


class Kind(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text and what became of it."""

    kind: Kind
    text: str


def compared(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces that lead from one text to the other: kept and deleted are the old one, kept and inserted the new.

    What is deleted comes before what is inserted in its place, and no two pieces of a kind stand side by side.
    """
    return tuple(Piece(kind, text) for kind, text in _pieces(before, after) if text)


def old_text(pieces: Iterable[Piece]) -> str:
    """The text as it was."""
    return "".join(piece.text for piece in pieces if piece.kind is not Kind.INSERTED)


def new_text(pieces: Iterable[Piece]) -> str:
    """The text as it will be."""
    return "".join(piece.text for piece in pieces if piece.kind is not Kind.DELETED)


def _pieces(before: str, after: str) -> Iterator[tuple[Kind, str]]:
    """Spaces between two changed words change with them: a reader sees one phrase for another, not every word alone."""
    old, new = TOKEN.findall(before), TOKEN.findall(after)
    deleted = inserted = ""
    for tag, *bounds in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        was, will_be = "".join(old[slice(*bounds[:2])]), "".join(new[slice(*bounds[2:])])
        if tag == "equal" and not ((deleted or inserted) and was.isspace()):
            yield from ((Kind.DELETED, deleted), (Kind.INSERTED, inserted), (Kind.KEPT, was))
            deleted = inserted = ""
        else:
            deleted, inserted = deleted + was, inserted + will_be
    yield from ((Kind.DELETED, deleted), (Kind.INSERTED, inserted))
