"""The marks in the admin: masters by layout and ink, seen on their grounds, approved, kept by version (R6, R9).

A mark is never added or deleted here: every level has its own (``actions.marks.ensure_marks``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList, Panel, PublishingPanel
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy
from wagtail.snippets.views.snippets import EditView, InspectView

from partner_directory.actions.marks import with_samples
from partner_directory.badges.drawing import is_sample
from partner_directory.badges.previews import Variant, drawn_variants
from partner_directory.badges.svg import MOST_BYTES, clean_svg
from partner_directory.models.mark import DARK_GROUNDS, VARIANTS, Ink, Layout, Mark, MarkVersion
from program_pages.viewsets.base import ProgrammeViewSet

PREFIX = "master-"  # of the fields that take files


class MarkForm(WagtailAdminModelForm):
    """A mark with one file for each variant; what was left out of the files stands in ``removed``, by variant."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.removed: dict[str, tuple[str, ...]] = {}
        if self.instance.level_id and self.instance.is_sample:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = _("Пока это образец, надпись берётся из уровня.")
        for key, layout, ink in VARIANTS:
            self.fields[f"{PREFIX}{key}"] = forms.FileField(
                label=variant_label(layout, ink),
                required=False,
                widget=forms.FileInput(attrs={"accept": ".svg,image/svg+xml"}),
            )

    def clean(self) -> dict[str, Any]:
        """Takes in the files; true artwork is said to be so only where none of it is ours."""
        cleaned: dict[str, Any] = super().clean()
        uploaded = {key: drawing for key, _layout, _ink in VARIANTS if (drawing := self._drawing(key, cleaned))}
        self.instance.drawings = self.instance.drawings | uploaded
        if cleaned.get("is_sample"):
            self.instance.name = cleaned.get("name", self.instance.name)
            self.instance.drawings = with_samples(self.instance)
            return cleaned
        for key, _layout, _ink in VARIANTS:
            if is_sample(self.instance.drawings.get(key, "")) or key not in self.instance.drawings:
                self._say_missing(f"{PREFIX}{key}")
        return cleaned

    def _drawing(self, key: str, cleaned: dict[str, Any]) -> str | None:
        """The cleaned drawing of a file that was sent; says beside the field what is wrong with it."""
        field = f"{PREFIX}{key}"
        file = cleaned.pop(field, None)
        if file is None:
            return None
        try:
            content = file.read(MOST_BYTES + 1)
            _refuse_sample(content)
            done = clean_svg(content)
        except ValidationError as error:
            self.add_error(field, error)
            return None
        if done.removed:
            self.removed[field] = done.removed
        return done.svg

    def _say_missing(self, field: str) -> None:
        if field not in self.errors:
            self.add_error(
                field,
                ValidationError(_("Здесь ещё образец: загрузите подлинный файл или оставьте отметку «образец».")),
            )


def _refuse_sample(content: bytes) -> None:
    if is_sample(content.decode("utf-8", "replace")):
        raise ValidationError(_("Это образец, который нарисовал сам сайт: загрузите подлинный файл."))


def variant_label(layout: str, ink: str) -> str:
    """A variant in words: «горизонтальный, цветной на светлом»."""
    return f"{Layout(layout).label}, {Ink(ink).label}"


@dataclass(frozen=True, slots=True)
class Cell:
    """One variant in the form's grid: what it is now, whether that is ours, and the field for another."""

    variant: Variant | None
    sample: bool
    on_dark: bool
    ink: str
    field: BoundField


class MastersPanel(Panel):
    """The grid of variants: a row a layout, a column an ink, each with its drawing and a field for a file."""

    class BoundPanel(Panel.BoundPanel):
        """The grid of one mark."""

        template_name = "partner_directory/admin/mark_masters.html"

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            context: dict[str, Any] = super().get_context_data(parent_context)
            return context | {"rows": [(Layout(layout).label, list(self._row(layout))) for layout in Layout.values]}

        def _row(self, layout: str) -> Iterator[Cell]:
            shown = {variant.key: variant for variant in drawn_variants(self.instance)}
            for key, of_layout, ink in VARIANTS:
                if of_layout == layout:
                    sample = is_sample(self.instance.drawings.get(key, ""))
                    field = self.form[f"{PREFIX}{key}"]
                    yield Cell(shown.get(key), sample, ink in DARK_GROUNDS, str(Ink(ink).label), field)

        def get_comparison(self) -> list[Any]:
            return [partial(DrawingsComparison, key, layout, ink) for key, layout, ink in VARIANTS]


class DrawingsComparison:
    """A variant before and after, for the comparison of revisions."""

    is_field = True
    is_child_relation = False

    def __init__(self, key: str, layout: str, ink: str, before: Mark, after: Mark) -> None:
        self.layout, self.ink = layout, ink
        self.before, self.after = (
            next((variant for variant in drawn_variants(mark) if variant.key == key), None) for mark in (before, after)
        )

    def field_label(self) -> str:
        """Which variant."""
        return variant_label(self.layout, self.ink)

    def htmldiff(self) -> SafeString:
        """Both drawings, the one that is gone first."""
        context = {"before": self.before, "after": self.after, "changed": self.has_changed()}
        return render_to_string("partner_directory/admin/mark_comparison.html", context)

    def has_changed(self) -> bool:
        """Whether the drawing is another one."""
        return self.before != self.after


edit_handler = ObjectList(
    [
        FieldPanel("name"),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("clear_space"), FieldPanel("least_px"), FieldPanel("least_mm")])],
            heading=gettext_lazy("Поле и наименьший размер"),
        ),
        MastersPanel(heading=gettext_lazy("Рисунки")),
        FieldPanel("is_sample"),
        PublishingPanel(),
    ],
    base_form_class=MarkForm,
)


class MarkPolicy(ModelPermissionPolicy):
    """Nobody adds or deletes a mark by hand: there is one for each level, for good."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in {"add", "delete"} and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return bool(super().user_has_any_permission(user, set(actions) - {"add", "delete"}))


register_permission_policy(Mark, MarkPolicy(Mark))


class MarkEditView(EditView):
    """The form; says what was left out of the files that were sent."""

    def form_valid(self, form: MarkForm) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        if not self.expects_json_response:
            for field, removed in form.removed.items():
                text = _("Из файла «%(variant)s» убрано: %(removed)s. Показан очищенный рисунок.")
                said = {"variant": form.fields[field].label, "removed": ", ".join(removed)}
                messages.warning(self.request, text % said)
        return response


class MarkInspectView(InspectView):
    """A mark as it is public, and every version there was with its files' checksums (R6)."""

    template_name = "partner_directory/admin/mark_inspect.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"variants": drawn_variants(self.object), "versions": self.versions}

    @cached_property
    def versions(self) -> QuerySet[MarkVersion]:
        """The newest first, with their files."""
        return self.object.versions.select_related("approved_by").prefetch_related("files")  # type: ignore[no-any-return]


def mark_figure(mark: Mark) -> str:
    """The mark itself, small, as it is public."""
    variant = next(iter(drawn_variants(mark)), None)
    return render_to_string("partner_directory/admin/mark_figure.html", {"variant": variant})


def artwork(mark: Mark) -> str:
    """Whether its artwork is ours."""
    return _("образец") if mark.is_sample else _("подлинный")


def newest_number(mark: Mark) -> str:
    """The number of the version that is approved now."""
    versions = list(mark.versions.all())
    return str(versions[0].number) if versions else ""


class MarkViewSet(ProgrammeViewSet):
    """The marks (R9): drafted, previewed, approved, published."""

    model = Mark
    icon = "image"
    menu_label = gettext_lazy("Знаки")
    edit_handler = edit_handler
    edit_view_class = MarkEditView
    inspect_view_class = MarkInspectView
    inspect_view_enabled = True
    inspect_template_name = MarkInspectView.template_name
    inspect_view_fields = ["name", "level", "slug", "clear_space", "least_px", "least_mm"]
    copy_view_enabled = False
    list_display = [
        "name",
        Column("figure", label=gettext_lazy("Облик"), accessor=mark_figure),
        "level",
        StatusTagColumn(
            "artwork", label=gettext_lazy("Рисунок"), accessor=artwork, primary=lambda mark: not mark.is_sample
        ),
        Column("version", label=gettext_lazy("Версия"), accessor=newest_number),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mark]:
        versions = MarkVersion.objects.only("mark", "number")
        return Mark.objects.select_related("level").prefetch_related(Prefetch("versions", versions))
