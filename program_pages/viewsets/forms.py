"""The forms of a terms edition: a row with its level, and a row of a grid with one cell per level.

A grid's cells are children of its row (``BenefitCell``, ``BonusPoints``). The form offers one cell
for every level of the catalogue, so that a new level (R13) has its column the moment it exists, and
writes the cells into the row in memory, so that drafts and revisions keep them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.fields import InvalidJSONInput
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modelcluster.forms import BaseChildFormSet
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminAutoHeightTextInput

from program_pages.as_of import read_day
from program_pages.calculator.asked import from_query
from program_pages.calculator.case_json import validate_expected, validate_request
from program_pages.calculator.prices import price_list
from program_pages.calculator.reading import Refused
from program_pages.cases import computed, refusal, request_of
from program_pages.models.edition import programme_day
from program_pages.models.edition_rows import BenefitCell, BonusPoints
from program_pages.models.level import Level
from program_pages.rules.terms import CellKind, ClauseKind, Terms
from program_pages.terms import unfilled_terms_of


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


class ReadableJSONField(forms.JSONField):
    """JSON as people read it: indented, in its own letters."""

    widget = AdminAutoHeightTextInput

    def prepare_value(self, value: Any) -> Any:
        """The text to edit; what was typed wrong stays as it was typed."""
        if isinstance(value, InvalidJSONInput):
            return value
        return json.dumps(value, ensure_ascii=False, indent=2) if value else ""


class CaseForm(RowForm):
    """A golden case; the request may come from a calculator's link, what is expected from the draft itself.

    ``EditionForm`` does both, since they take the whole draft.
    """

    link = forms.CharField(
        label=gettext_lazy("Ссылка калькулятора"),
        required=False,
        help_text=gettext_lazy("Адрес готового расчёта: при сохранении он станет запросом, со всеми ценами."),
    )
    fill = forms.BooleanField(
        label=gettext_lazy("Посчитать ожидаемое по этому черновику"),
        required=False,
        help_text=gettext_lazy("При сохранении заменит ожидаемое; отметку о проверке человек ставит заново."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, shape in (("request", validate_request), ("expected", validate_expected)):
            shown = self.fields[name]
            self.fields[name] = ReadableJSONField(
                label=shown.label, help_text=shown.help_text, required=False, validators=[shape]
            )

    @property
    def is_filled_in(self) -> bool:
        """Whether something of it is still to come from a link or from the draft."""
        return bool(self.cleaned_data.get("link") or self.cleaned_data.get("fill"))

    def clean_link(self) -> str:
        """The query of a calculator's address. Refuses what is none."""
        link: str = self.cleaned_data["link"].strip()
        query = urlsplit(link).query or link
        if link and not from_query(QueryDict(query)).lines:
            raise ValidationError(_("Это не ссылка на расчёт: в ней нет ни одного продукта."))
        return query if link else ""

    def clean(self) -> dict[str, Any]:
        """Asks for the request and for what is expected, unless they are still to come."""
        data: dict[str, Any] = super().clean()
        if not data.get("request") and not data.get("link") and "request" not in self.errors:
            self.add_error("request", _("Нужен запрос или ссылка калькулятора."))
        if not data.get("expected") and not self.is_filled_in and "expected" not in self.errors:
            self.add_error("expected", _("Назовите ожидаемое или посчитайте его по черновику."))
        for name in ("request", "expected"):
            data[name] = data.get(name) or {}
        return data

    def fill_in(self, terms: Terms) -> None:
        """Takes the request from the link and what is expected from the terms; says beside a field why it cannot."""
        link, row = self.cleaned_data.get("link"), self.instance
        try:
            if link:
                asked = from_query(QueryDict(link))
                day = (read_day(asked.on) if asked.on else None) or programme_day()
                row.request = request_of(asked, terms, price_list(day))
                validate_request(row.request)
            row.expected = computed(row.request, terms)
        except ValidationError as error:
            self.add_error("link", error)
        except Refused as error:
            self.add_error("link" if link else "request", refusal(error))
        row.confirmed = False


class EditionForm(WagtailAdminModelForm):
    """A terms edition whole; reads the levels once for all its rows."""

    def is_valid(self) -> bool:
        """Whether it may be saved; golden cases that are to be filled in are, from the draft as it stands here."""
        return bool(super().is_valid()) and self._fill_cases()

    def _fill_cases(self) -> bool:
        rows = self.formsets.get("cases")
        to_fill = [form for form in rows.forms if form not in rows.deleted_forms and form.is_filled_in] if rows else []
        if not to_fill:
            return True
        draft = self.save(commit=False)
        if any(row.discount is None for row in draft.level_terms.all()):
            for form in to_fill:
                form.add_error("fill", _("Сначала у каждого уровня нужна скидка."))
        else:
            terms = unfilled_terms_of(draft)
            for form in to_fill:
                form.fill_in(terms)
        return not any(form.errors for form in to_fill)

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
