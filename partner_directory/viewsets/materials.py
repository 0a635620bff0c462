"""Materials in the admin: which documents partners get, at which levels, under which edition (R2, R20, R27)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column

from partner_directory.models.material import Material
from program_pages.bilingual import paired_panel, said
from program_pages.viewsets.base import ProgrammeViewSet


def levels_of(material: Material) -> str:
    """The levels it is for, in words."""
    names = [said(level.short_name) for level in material.levels.all()]
    return ", ".join(names) if names else str(_("все"))


class MaterialViewSet(ProgrammeViewSet):
    """Documents for partners; what is a material leaves the site by the partners' section alone."""

    model = Material
    icon = "doc-full"
    menu_label = _("Материалы")
    copy_view_enabled = False
    list_display = [
        "__str__",
        Column("kind", label=_("Вид"), accessor="get_kind_display", sort_key="kind"),
        Column("levels", label=_("Уровни"), accessor=levels_of),
        BooleanColumn("published", label=_("Опубликован"), sort_key="published"),
    ]
    list_filter = ["kind", "levels", "published"]
    search_fields = ["title_ru", "title_en"]
    ordering = ["kind", "-added_at", "-pk"]
    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("published")]),
        paired_panel("title", _("Название")),
        paired_panel("text", _("О чём")),
        FieldPanel("document"),
        MultiFieldPanel(
            [
                FieldPanel(
                    "levels",
                    widget=forms.CheckboxSelectMultiple,
                    classname="partner-boxes",
                    help_text=_("Не отмечен ни один — для всех уровней."),
                ),
                FieldPanel("edition", widget=forms.Select),
            ],
            heading=_("Для кого"),
        ),
        FieldPanel("is_sample"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Material] | Any:
        """With the levels of every row."""
        return Material.objects.prefetch_related("levels")
