"""What is said of the difference of two editions: rows of numbers, texts word by word, by chapter and level.

May not import models.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from program_pages.rules.terms import Level, Terms
from program_pages.rules.wording import Piece

NONE = gettext_lazy("нет")  # where an edition has no such row at all


class Chapter(StrEnum):
    """The parts in which a difference of editions is told, in their order."""

    NUMBERS = "numbers"
    REQUIREMENTS = "requirements"
    BENEFITS = "benefits"
    BONUSES = "bonuses"
    READINGS = "readings"


TITLES: dict[Chapter, str | Promise] = {
    Chapter.NUMBERS: gettext_lazy("Числа и права"),
    Chapter.REQUIREMENTS: gettext_lazy("Требования"),
    Chapter.BENEFITS: gettext_lazy("Преимущества"),
    Chapter.BONUSES: gettext_lazy("Бонусы"),
    Chapter.READINGS: gettext_lazy("Как мы это читаем"),
}


@dataclass(frozen=True, slots=True)
class SaidChange:
    """One thing that changes, as it was and as it will be.

    ``level`` is the slug of the level whose it is, None where it is everybody's. Where it is a text, ``pieces`` say it
    word by word, in ``language``.
    """

    chapter: Chapter
    label: str
    before: str
    after: str
    level: str | None = None
    pieces: tuple[Piece, ...] = ()
    language: str = ""


class Fate(StrEnum):
    """What became of a text."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Version:
    """A changed text in a language, word by word."""

    language: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SaidText:
    """A clause, a section's title, the introduction or the closing words that are new, gone or changed.

    ``code`` names the clause ("R50"), empty for what is none; ``notes`` say what else of it changes.
    """

    fate: Fate
    label: str
    versions: tuple[Version, ...]
    code: str = ""
    level: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A clause whose number alone changes."""

    code: str
    before: str
    after: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one chapter for a level, or for everybody where ``level`` is None."""

    level: Level | None
    rows: tuple[SaidChange, ...]


@dataclass(frozen=True, slots=True)
class ChapterOfChanges:
    """A chapter with what changes in it."""

    key: str
    title: str
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        """How many things change."""
        return sum(len(group.rows) for group in self.groups)


@dataclass(frozen=True)
class SaidChanges:
    """The difference of two editions in the current language."""

    before: Terms
    after: Terms
    rows: tuple[SaidChange, ...]
    texts: tuple[SaidText, ...]
    renumbered: tuple[Renumbered, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.rows or self.texts or self.renumbered)

    def touching(self, level: str) -> SaidChanges:
        """What of it a partner of a level (slug) reads: the level's own, and everybody's."""
        own = {level, None}
        return SaidChanges(
            self.before,
            self.after,
            tuple(row for row in self.rows if row.level in own),
            tuple(text for text in self.texts if text.level in own),
            tuple(clause for clause in self.renumbered if clause.level in own),
        )

    @cached_property
    def levels(self) -> tuple[Level, ...]:
        """The levels of both editions, those that are gone last."""
        new = {level.slug for level in self.after.levels}
        return (*self.after.levels, *(level for level in self.before.levels if level.slug not in new))

    @property
    def levelled_texts(self) -> list[tuple[SaidText, Level | None]]:
        """The texts, each with the level whose it is."""
        by_slug = {level.slug: level for level in self.levels}
        return [(text, by_slug.get(text.level or "")) for text in self.texts]

    @property
    def text_count(self) -> int:
        """How many texts change, those whose number alone does among them."""
        return len(self.texts) + len(self.renumbered)

    @cached_property
    def chapters(self) -> list[ChapterOfChanges]:
        """The chapters in which something changes, each by level: everybody's first."""
        found = []
        for chapter in Chapter:
            of_chapter = [row for row in self.rows if row.chapter is chapter]
            if of_chapter:
                found.append(ChapterOfChanges(chapter.value, str(TITLES[chapter]), tuple(self._groups(of_chapter))))
        return found

    def _groups(self, of_chapter: list[SaidChange]) -> Iterator[Group]:
        by_slug: dict[str | None, Level | None] = {None: None, **{level.slug: level for level in self.levels}}
        for slug, level in by_slug.items():
            own = tuple(row for row in of_chapter if (row.level if row.level in by_slug else None) == slug)
            if own:
                yield Group(level, own)
