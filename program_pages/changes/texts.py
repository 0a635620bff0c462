"""The texts that another edition changes: clause by clause, word by word. May not import pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from program_pages.bilingual import said
from program_pages.changes.both import Both
from program_pages.changes.said import Fate, Renumbered, SaidText
from program_pages.changes.sayers import field_label, said_choice
from program_pages.models import edition_rows as rows
from program_pages.rules.terms import Clause, Terms


def said_texts(both: Both) -> tuple[tuple[SaidText, ...], tuple[Renumbered, ...]]:
    """The introduction, titles of sections, clauses in the order of the newer text, and the closing words."""
    texts = [*_own_text(both, "introduction", _("Вступление")), *_sections(both)]
    renumbered = []
    for was, will_be in _clause_pairs(both.before, both.after):
        said_clause = _clause(both, was, will_be)
        if said_clause:
            texts.append(said_clause)
        elif was and will_be and was.clause.number != will_be.clause.number:
            clause = will_be.clause
            renumbered.append(Renumbered(clause.code, was.clause.number, clause.number, clause.level))
    return (*texts, *_own_text(both, "closing", _("Заключение"))), tuple(renumbered)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A clause and the number of the section it stands in."""

    clause: Clause
    section: int


def _placed(terms: Terms) -> dict[str, _Placed]:
    return {clause.code: _Placed(clause, section.number) for section in terms.sections for clause in section.clauses}


def _clause_pairs(before: Terms, after: Terms) -> list[tuple[_Placed | None, _Placed | None]]:
    """Each clause in both editions, by section; what is gone stands last in its section."""
    was, will_be = _placed(before), _placed(after)
    pairs = [(was.get(code), will_be.get(code)) for code in dict.fromkeys([*will_be, *was])]
    return sorted(pairs, key=lambda pair: (pair[1] or pair[0]).section)  # type: ignore[union-attr]


def _own_text(both: Both, what: str, label: str) -> Iterator[SaidText]:
    was, will_be = both.pair(what, ())
    versions = both.versions(was, will_be)
    if versions:
        yield SaidText(_fate(was, will_be), label, versions)


def _sections(both: Both) -> Iterator[SaidText]:
    was, will_be = (
        {section.number: section.title for section in terms.sections} for terms in (both.before, both.after)
    )
    for number in sorted({**was, **will_be}):
        titles = was.get(number), will_be.get(number)
        versions = both.versions(*titles)
        if versions:
            yield SaidText(_fate(*titles), _("Раздел %(number)s, заголовок") % {"number": number}, versions)


def _clause(both: Both, was: _Placed | None, will_be: _Placed | None) -> SaidText | None:
    """A clause whose text or part changes, or that is new or gone; None where only its number does, or nothing."""
    old, new = (placed.clause if placed else None for placed in (was, will_be))
    shown = new or old
    assert shown is not None  # noqa: S101 - one edition has it
    versions = both.versions(old.text if old else None, new.text if new else None)
    notes = tuple(_notes(both, old, new)) if old and new else ()
    if not versions and not notes:
        return None
    if old and new and old.number != new.number:
        notes = (_("номер: %(before)s → %(after)s") % {"before": old.number, "after": new.number}, *notes)
    label = _("Пункт %(number)s") % {"number": shown.number}
    passes_on = old and new and old.level != new.level  # then it concerns both levels
    return SaidText(_fate(old, new), label, versions, shown.code, None if passes_on else shown.level, notes)


def _notes(both: Both, old: Clause, new: Clause) -> Iterator[str]:
    """What else a clause is: its part, the level whose it is, what it governs."""
    names = {level.slug: said(level.short_name) for level in (*both.before.levels, *both.after.levels)}
    said_by: dict[str, Callable[[Any], str]] = {
        "kind": said_choice(rows.Clause, "kind"),
        "level": lambda slug: names.get(slug, slug) if slug else _("нет"),
        "topic": said_choice(rows.Clause, "topic"),
    }
    for name, say in said_by.items():
        was, will_be = getattr(old, name), getattr(new, name)
        if was != will_be:
            yield f"{field_label(rows.Clause, name)}: {say(was)} → {say(will_be)}"


def _fate(was: Any, will_be: Any) -> Fate:
    if was and will_be:
        return Fate.CHANGED
    return Fate.NEW if will_be else Fate.GONE
