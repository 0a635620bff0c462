"""What the register of readings says on a day: to the terms page all of it, to a calculation what is undecided.

Reads the rows of ``models.reading`` in a constant number of queries; one where everything is decided. May not import
pages.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from program_pages.bilingual import paired, said
from program_pages.models.reading import Reading, ReadingDecision, switch_text
from program_pages.placeholders import Placeholders, placeholders_of
from program_pages.readings import StatedReading, stated_readings
from program_pages.rules.ranges import Setting, Undecided, reading_of
from program_pages.rules.terms import Terms, Text


@dataclass(frozen=True, slots=True)
class OpenReading:
    """A reading that nobody has decided on a day: its code, what it is about, and who decides.

    ``undecided`` is what the rules compute its range by, None where no number of a quote depends on it.
    """

    code: str
    title: Text
    authority: Text
    undecided: Undecided | None = None

    @property
    def anchor(self) -> str:
        """The fragment that links to it on the terms page."""
        return self.code.lower()


def open_readings(day: date) -> tuple[OpenReading, ...]:
    """The readings that were undecided on a day; one query where there are none, two otherwise."""
    rows = Reading.objects.undecided(day).prefetch_related("alternatives")
    return tuple(map(_open, sorted(rows, key=lambda row: row.number)))


def _open(row: Reading) -> OpenReading:
    values = tuple(each.value for each in row.alternatives.all())
    moves = row.setting in set(Setting)
    undecided = Undecided(row.code, Setting(row.setting), values) if moves else None
    return OpenReading(row.code, row.title, paired(row, "authority"), undecided)


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to read, and whether it is the one that was decided."""

    text: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """How a reading was decided: what, why, by whom, and on which day."""

    text: str
    reason: str
    authority: str
    day: date


@dataclass(frozen=True, slots=True)
class Entry:
    """A reading as the public sees it, in the current language.

    ``sentence`` is what the edition applies, empty where the reading has no setting and so is words alone. ``decision``
    is None while nobody has decided; ``is_ahead`` says that the edition still applies another reading than was decided.
    Without an entry in the register ``source`` is empty.
    """

    code: str
    title: str
    sentence: str
    clauses: tuple[str, ...]
    source: str = ""
    authority: str = ""
    alternatives: tuple[Alternative, ...] = ()
    decision: Decision | None = None
    is_registered: bool = False
    is_ahead: bool = False

    @property
    def is_undecided(self) -> bool:
        """Whether it stands in the register and nobody has decided."""
        return self.is_registered and self.decision is None


def entries(terms: Terms, day: date) -> list[Entry]:
    """Every reading of an edition as the register had it on a day; three queries.

    What the edition applies comes from its settings; a reading that the register does not have yet is stated alone.
    """
    stated = {each.code: each for each in stated_readings(terms)}
    rows = Reading.objects.filter(opened_on__lte=day).prefetch_related("alternatives", "decisions")
    placeholders = placeholders_of(terms)
    found = {code: _stated(each) for code, each in stated.items()}
    for row in rows:
        found[row.code] = _entry(row, stated.get(row.code), day, terms, placeholders)
    return sorted(found.values(), key=lambda entry: int(entry.code[1:]))


def _stated(each: StatedReading) -> Entry:
    return Entry(each.code, str(each.title), str(each.sentence), each.clauses)


def _entry(row: Reading, stated: StatedReading | None, day: date, terms: Terms, placeholders: Placeholders) -> Entry:
    def fill(text: Text) -> str:
        return said(placeholders.fill(text))

    decided = row.decision_on(day)
    entry = _stated(stated) if stated else Entry(row.code, "", "", ())
    return replace(
        entry,
        title=said(row.title),
        clauses=tuple(row.codes),
        source=fill(paired(row, "source")),
        authority=said(paired(row, "authority")),
        alternatives=tuple(
            Alternative(fill(each.text), decided is not None and _is_chosen(decided, each.text, each.value))
            for each in row.alternatives.all()
        ),
        decision=Decision(fill(decided.text), fill(decided.reason), said(decided.authority), decided.decided_on)
        if decided
        else None,
        is_registered=True,
        is_ahead=decided is not None and bool(decided.value) and decided.value != _applied(terms, row.setting),
    )


def _applied(terms: Terms, setting: str) -> str:
    """How the edition reads a setting, as an alternative writes it."""
    if setting in set(Setting):
        return reading_of(terms, Setting(setting))
    value = getattr(terms.readings, setting)
    return switch_text(value) if isinstance(value, bool) else str(value)


def _is_chosen(decided: ReadingDecision, text: Text, value: str) -> bool:
    """An alternative is known by its value; in words alone, by its words."""
    return decided.value == value if value else decided.text_ru == text.ru


# --- In a calculation ---


def undecided_of(readings: Iterable[OpenReading]) -> tuple[Undecided, ...]:
    """What the rules compute ranges by."""
    return tuple(each.undecided for each in readings if each.undecided is not None)
