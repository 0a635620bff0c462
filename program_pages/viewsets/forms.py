"""The forms of a terms edition: a row with its level, and a row of a grid with one cell per level.

A grid's cells are children of its row (``BenefitCell``, ``BonusPoints``). The form offers one cell
for every level of the catalogue, so that a new level (R13) has its column the moment it exists, and
writes the cells into the row in memory, so that drafts and revisions keep them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm

from program_pages.models.edition_rows import BenefitCell, BonusPoints
from program_pages.models.level import Level
from program_pages.rules.terms import CellKind, ClauseKind


class LevelField(forms.ModelChoiceField):
    """A choice of level from rows already read: an edition has a hundred of these fields."""

    def __init__(self, levels: Iterable[Level], **kwargs: Any) -> None:
        super().__init__(queryset=Level.objects.all(), **kwargs)
        self.levels = {str(level.pk): level for level in levels}
        blank = [("", self.empty_label)] if self.empty_label is not None else []
        self.choices = [*blank, *((level.pk, str(level)) for level in self.levels.values())]

    def to_python(self, value: Any) -> Level | None:
        """The level with this key; raises ValidationError for any other."""
        if value in self.empty_values:
            return None
        key = str(value.pk if isinstance(value, Level) else value)
        if key not in self.levels:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return self.levels[key]


class RowForm(WagtailAdminModelForm):
    """A row of an edition; its level, if it has one, is chosen from the levels the edition's form has read."""

    def __init__(self, *args: Any, levels: Iterable[Level] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.levels = list(levels)
        if offered := self.fields.get("level"):
            self.fields["level"] = LevelField(self.levels, label=offered.label, required=offered.required)


class ClauseForm(RowForm):
    """A clause; one that speaks for a level names it."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("kind") not in (None, "", ClauseKind.TEXT.value) and not data.get("level"):
            self.add_error("level", _("У пункта с такой ролью должен быть уровень."))
        return data


class ClauseFormSet(BaseChildFormSet):
    """The clauses of an edition: a topic has one clause for all levels and at most one for each."""

    def clean(self, *args: Any, **kwargs: Any) -> None:
        super().clean(*args, **kwargs)
        seen: set[tuple[str, Level | None]] = set()
        for form in self.forms:
            topic = form.cleaned_data.get("topic") if form.is_valid() else None
            if not topic or form in self.deleted_forms:
                continue
            found = (topic, form.cleaned_data.get("level"))
            if found in seen:
                form.add_error("topic", _("Эта отметка уже стоит у другого пункта."))
            seen.add(found)


@dataclass(frozen=True)
class GridCell:
    """What the template draws under a level: its fields, and the level for its colour."""

    level: Level
    fields: tuple[forms.BoundField, ...]


class GridForm(RowForm):
    """A row with one cell for every level. ``relation`` names the cells, ``cell_model`` makes them."""

    relation: ClassVar[str]
    cell_model: ClassVar[type[models.Model]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for level in self.levels:
            for part, field in self.cell_fields(level).items():
                name = self.cell_name(level, part)
                self.fields[name] = field
                self.initial.setdefault(name, self._stored_value(level, part))

    @cached_property
    def stored(self) -> dict[int, models.Model]:
        """The cells the row has, by level."""
        return {cell.level_id: cell for cell in getattr(self.instance, self.relation).all()}

    @property
    def cells(self) -> Iterator[GridCell]:
        """The cells in the order of the levels, for the template."""
        for level in self.levels:
            parts = self.cell_fields(level)
            yield GridCell(level, tuple(self[self.cell_name(level, part)] for part in parts))

    @staticmethod
    def cell_name(level: Level, part: str) -> str:
        """The name of a cell's field in the form."""
        return f"level_{level.pk}_{part}"

    def cell_fields(self, level: Level) -> dict[str, forms.Field]:
        """New form fields for a level, by the name of the cell's model field."""
        raise NotImplementedError

    @staticmethod
    def said(cell: Any) -> str:
        """What a cell says, for the comparison of revisions."""
        raise NotImplementedError

    def is_empty(self, values: dict[str, Any]) -> bool:
        """Whether these values say nothing, so that no cell is kept."""
        raise NotImplementedError

    def save(self, commit: bool = True) -> models.Model:
        """Saves the row with its cells; in memory only where ``commit`` is false."""
        row = super().save(commit=False)
        getattr(row, self.relation).set(list(self._cells_to_keep()))
        if commit:
            row.save()
        return row

    def _stored_value(self, level: Level, part: str) -> Any:
        cell = self.stored.get(level.pk) or self.cell_model()
        value = getattr(cell, part)
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    def _cells_to_keep(self) -> Iterator[models.Model]:
        for level in self.levels:
            values = {part: self.cleaned_data.get(self.cell_name(level, part)) for part in self.cell_fields(level)}
            if self.is_empty(values):
                continue
            cell = self.stored.get(level.pk) or self.cell_model()
            setattr(cell, "level", level)  # noqa: B010 - any cell model; the level already read, so that sorting asks nothing
            for part, value in values.items():
                setattr(cell, part, value)
            yield cell

    def _cell_field(self, level: Level, part: str, **kwargs: Any) -> forms.Field:
        """The model's own field for a cell, named for those who do not see the table."""
        stored: Any = self.cell_model._meta.get_field(part)
        field: Any = stored.formfield(**kwargs)
        # The row's own validation does not reach its cells.
        field.validators = [*field.validators, *(rule for rule in stored.validators if rule not in field.validators)]
        field.label = f"{level}: {field.label}"
        field.help_text = ""
        made: forms.Field = field
        return made


class BenefitForm(GridForm):
    """A benefit with yes, no or a value for every level (R55-R67)."""

    relation = "cells"
    cell_model = BenefitCell

    def cell_fields(self, level: Level) -> dict[str, forms.Field]:
        return {
            "kind": self._cell_field(level, "kind"),
            "value_ru": self._cell_field(level, "value_ru", widget=_hinted("по-русски")),
            "value_en": self._cell_field(
                level, "value_en", widget=_hinted("по-английски"), label=_("значение на английском")
            ),
        }

    @staticmethod
    def said(cell: Any) -> str:
        return str(cell.value_ru or cell.get_kind_display())

    def is_empty(self, values: dict[str, Any]) -> bool:
        return values["kind"] == CellKind.NO.value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        for level in self.levels:
            said = data.get(self.cell_name(level, "value_ru"))
            if data.get(self.cell_name(level, "kind")) == CellKind.VALUE.value and not said:
                self.add_error(self.cell_name(level, "value_ru"), _("Впишите значение или выберите «есть» либо «нет»."))
        return data


class BonusForm(GridForm):
    """A bonus with its points for every level; none where it brings nothing (R70-R75)."""

    relation = "points"
    cell_model = BonusPoints

    def cell_fields(self, level: Level) -> dict[str, forms.Field]:
        return {"points": self._cell_field(level, "points", widget=forms.NumberInput(attrs={"placeholder": "—"}))}

    @staticmethod
    def said(cell: Any) -> str:
        return f"+{cell.points}"

    def is_empty(self, values: dict[str, Any]) -> bool:
        return values["points"] is None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        if data.get("highest_of_group") and not data.get("group"):
            self.add_error("group", _("Назовите группу, из которой действует высший бонус."))
        return data


class EditionForm(WagtailAdminModelForm):
    """A terms edition whole; reads the levels once for all its rows."""

    @cached_property
    def levels(self) -> list[Level]:
        """Every level of the catalogue, in the order of display."""
        return list(Level.objects.all())

    def add_problems(self, problems: Iterable[Any]) -> None:
        """Puts what ``completeness.problems`` found beside the fields it names, and all of it on top."""
        by_row = {id(form.instance): form for rows in self.formsets.values() for form in rows.forms}
        for problem in problems:
            self.add_error(None, str(problem))
            form = self if problem.row is self.instance else by_row.get(id(problem.row))
            if form is not None and problem.field in form.fields:
                form.add_error(problem.field, problem.what)


def _hinted(language: str) -> forms.TextInput:
    return forms.TextInput(attrs={"placeholder": language})
