"""Loads the vendor's programme from ``programme.json``: levels, products, and the first terms edition.

Idempotent: creates what is missing by its natural key and never touches a row that exists, since an
editor may have changed it. Sample prices and events come only together with the edition, once: an
editor who renames, moves or deletes a sample does not find it again after the next run.

In the file a pair ``{"ru": ..., "en": ...}`` stands for two fields, a level or a product for its
slug, and every percent and price is a string, so that no number passes through a float.
May not import pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, transaction

from program_pages.models.catalogue import Price, Product
from program_pages.models.edition import TermsEdition
from program_pages.models.edition_rows import (
    Benefit,
    BenefitCell,
    Bonus,
    BonusPoints,
    Clause,
    GoldenCase,
    LevelTerms,
    Requirement,
    TermsSection,
)
from program_pages.models.event import Event
from program_pages.models.level import Level, ProductLine
from program_pages.rules.terms import CellKind

FILE = Path(__file__).with_name("programme.json")

REFERENCES: Mapping[str, type[models.Model]] = {
    "product_line": ProductLine,
    "product": Product,
    "level": Level,
}

LANGUAGES = {"ru", "en"}

Data = dict[str, Any]
Report = Callable[[str], None]


def programme_data() -> Data:
    """The whole file as it stands."""
    data: Data = json.loads(FILE.read_text(encoding="utf-8"))
    return data


@transaction.atomic
def load(report: Report, actor: AbstractBaseUser) -> None:
    """Load the programme and publish its edition in the actor's name (R10, R12, R46-R84).

    ``report`` is called with one line for each kind of row. Raises ValidationError where the file
    does not hold together; nothing is stored then.
    """
    data = programme_data()
    _create_missing(report, ProductLine, ["slug"], data["product_lines"])
    _create_missing(report, Level, ["slug"], data["levels"])
    _create_missing(report, Product, ["slug"], data["products"])
    if TermsEdition.objects.filter(effective_from=data["edition"]["effective_from"]).exists():
        report("TermsEdition, sample prices and events: kept")
        return
    _create_missing(report, Price, ["product", "valid_from"], data["prices"])
    _create_missing(report, Event, ["title_ru", "starts"], data["events"])
    edition = _publish(edition_from(data["edition"]), actor)
    report(f"TermsEdition of {edition.effective_from}: published with {edition.clauses.count()} clauses")


def edition_from(data: Data) -> TermsEdition:
    """The edition with all its rows in memory, checked row by row and not saved.

    The levels it names must be stored. Raises ValidationError, and Level.DoesNotExist.
    """
    data = dict(data)
    children = {
        "sections": _rows(TermsSection, data.pop("sections")),
        "clauses": _rows(Clause, data.pop("clauses")),
        "level_terms": _rows(LevelTerms, data.pop("level_terms")),
        "requirements": _rows(Requirement, data.pop("requirements")),
        "benefits": _rows(Benefit, data.pop("benefits"), cells=_cell),
        "bonuses": _rows(Bonus, data.pop("bonuses"), points=_points),
        "cases": _rows(GoldenCase, data.pop("cases", [])),
    }
    edition = TermsEdition(**_values(data), **children, live=False)
    edition.full_clean()
    return edition


def _publish(edition: TermsEdition, actor: AbstractBaseUser) -> TermsEdition:
    edition.save()
    # Whoever runs the loader holds the database itself; the actor is who the approval is recorded for.
    edition.save_revision(user=actor).publish(user=actor, skip_permission_checks=True)
    return TermsEdition.objects.get(pk=edition.pk)


def _create_missing(report: Report, model: type[models.Model], key: Iterable[str], rows: list[Data]) -> None:
    added = 0
    for values in map(_values, rows):
        if not model._default_manager.filter(**{name: values[name] for name in key}).exists():
            row = model(**values)
            row.full_clean()
            row.save()
            added += 1
    report(f"{model.__name__}: {added} added, {len(rows) - added} kept")


def _rows(
    model: type[models.Model],
    rows: list[Data],
    **grids: Callable[[str, Any], models.Model],
) -> list[models.Model]:
    """Rows of an edition in the file's order; a grid makes the children of a row from ``{level: cell}``."""
    return [_row(model, row, place, grids) for place, row in enumerate(rows)]


def _row(
    model: type[models.Model],
    row: Data,
    place: int,
    grids: Mapping[str, Callable[[str, Any], models.Model]],
) -> models.Model:
    row = dict(row)
    children = {name: [make(level, cell) for level, cell in row.pop(name, {}).items()] for name, make in grids.items()}
    return _checked(model(**_values(row), **children, sort_order=place), parent="edition")


def _cell(level: str, cell: str | dict[str, str]) -> models.Model:
    """A benefit at a level: "yes", "no", or a text in both languages."""
    said = {"kind": cell} if isinstance(cell, str) else {"kind": CellKind.VALUE.value, "value": cell}
    return _checked(BenefitCell(**_values({"level": level, **said})), parent="benefit")


def _points(level: str, points: str) -> models.Model:
    return _checked(BonusPoints(**_values({"level": level, "points": points})), parent="bonus")


def _checked(row: models.Model, parent: str) -> models.Model:
    """The row with its strings turned into decimals and dates; its parent is not saved yet."""
    row.clean_fields(exclude={parent})
    return row


def _values(row: Data) -> Data:
    """A row of the file as the model's fields: pairs by language, slugs as the rows they name."""
    values: Data = {}
    for name, value in row.items():
        if isinstance(value, dict) and value.keys() <= LANGUAGES:
            values |= {f"{name}_{language}": text for language, text in value.items()}
        elif name in REFERENCES:
            values[name] = REFERENCES[name]._default_manager.get(slug=value)
        else:
            values[name] = value
    return values
