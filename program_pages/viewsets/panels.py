"""Admin panels of a terms edition: its rows in a compact table, with a column per level where they have cells.

Rows are added, deleted and reordered by Wagtail's own InlinePanel script; the table is only another template.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from django.forms import Media
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.translation import gettext
from modelcluster.forms import BaseChildFormSet
from wagtail.admin import compare
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.admin.panels.base import get_form_for_model
from wagtail.admin.telepath import register as register_telepath_adapter
from wagtail.admin.widgets import AdminAutoHeightTextInput

from program_pages.viewsets.forms import GridForm, RowForm


class OneParagraph(AdminAutoHeightTextInput):
    """A line that grows so that all of it is seen; what is typed stays one line."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return " ".join(value.splitlines()) if isinstance(value, str) else value


class RowsPanel(InlinePanel):
    """An InlinePanel whose rows have a form class of their own and share the levels read once."""

    def __init__(
        self,
        relation_name: str,
        *args: Any,
        form_class: type[RowForm] = RowForm,
        formset_class: type[BaseChildFormSet] = BaseChildFormSet,
        **kwargs: Any,
    ) -> None:
        super().__init__(relation_name, *args, **kwargs)
        self.form_class = form_class
        self.formset_class = formset_class

    def clone_kwargs(self) -> dict[str, Any]:
        return super().clone_kwargs() | {"form_class": self.form_class, "formset_class": self.formset_class}

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        deferred = self.child_edit_handler.get_form_options().get("defer_required_on_fields", [])
        options["formsets"][self.relation_name] |= {
            "form": get_form_for_model(
                self.db_field.related_model, form_class=self.form_class, defer_required_on_fields=deferred
            ),
            "formset": self.formset_class,
            "inherit_kwargs": ["levels"],
        }
        return options

    @register_telepath_adapter
    class BoundPanel(InlinePanel.BoundPanel):
        template_name = "program_pages/admin/rows_panel.html"


class TablePanel(RowsPanel):
    """Rows as a table: ``lead`` fields, a ``pair`` of languages, ``settings`` that fold away, a column per level."""

    def __init__(
        self,
        relation_name: str,
        *args: Any,
        pair: str = "title",
        lead: Sequence[str] = (),
        settings: Sequence[str] = (),
        row_heading: str | Promise = "",
        **kwargs: Any,
    ) -> None:
        kwargs.pop("panels", None)
        widget = None if pair == "text" else OneParagraph
        pairs = [FieldPanel(f"{pair}_{language}", widget=widget) for language in ("ru", "en")]
        panels = [*map(FieldPanel, lead), *pairs, *map(FieldPanel, settings)]
        super().__init__(relation_name, *args, panels=panels, **kwargs)
        self.pair, self.lead, self.settings, self.row_heading = pair, lead, settings, row_heading

    def clone_kwargs(self) -> dict[str, Any]:
        own = {"pair": self.pair, "lead": self.lead, "settings": self.settings, "row_heading": self.row_heading}
        return super().clone_kwargs() | own

    @register_telepath_adapter
    class BoundPanel(RowsPanel.BoundPanel):
        template_name = "program_pages/admin/table_panel.html"

        @property
        def media(self) -> Media:
            return super().media + Media(js=["js/admin/terms_grid.js"])

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            rows = [self._row(child.form) for child in self.children]
            context |= {"rows": rows, "empty_row": self._row(self.empty_child.form)}
            grid = issubclass(self.panel.form_class, GridForm)
            return context | {"levels": self.form.levels if grid else []}

        def _row(self, form: RowForm) -> dict[str, Any]:
            panel = self.panel
            settings = [form[name] for name in panel.settings]
            return {
                "form": form,
                "lead": [form[name] for name in panel.lead],
                "pair": [form[f"{panel.pair}_ru"], form[f"{panel.pair}_en"]],
                "settings": settings,
                "summary": self._summary(form),
                "cells": list(getattr(form, "cells", [])),
                # What is wrong, or not yet written, must not hide.
                "open": not (form.instance.pk or form.initial.get("key")) or any(field.errors for field in settings),
            }

        def _summary(self, form: RowForm) -> str:
            said = [form[name].value() for name in ("clause", "key") if name in self.panel.settings]
            return " · ".join(str(value) for value in said if value)

        def get_comparison(self) -> list[Any]:
            comparisons = super().get_comparison()
            if not issubclass(self.panel.form_class, GridForm):
                return comparisons  # type: ignore[no-any-return]
            rows = comparisons[0]
            cells = functools.partial(CellsComparison, self.panel.form_class)
            return [functools.partial(rows.func, rows.args[0], [*rows.args[1], cells], **rows.keywords)]


class CellsComparison:
    """The cells of a grid's row before and after, for the comparison of revisions."""

    is_field = True
    is_child_relation = False

    def __init__(self, form_class: type[GridForm], row_a: Any, row_b: Any) -> None:
        self.before, self.after = (
            "; ".join(f"{cell.level}: {form_class.said(cell)}" for cell in getattr(row, form_class.relation).all())
            for row in (row_a, row_b)
        )

    def field_label(self) -> str:
        """What the comparison is about."""
        return gettext("По уровням")

    def htmldiff(self) -> str:
        """Both texts with what is gone and what is new marked."""
        return compare.diff_text(self.before, self.after).to_html() if self.has_changed() else escape(self.before)

    def has_changed(self) -> bool:
        """Whether the cells differ."""
        return self.before != self.after
