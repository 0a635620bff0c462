"""The register of certified specialists (R29, R37, R68, R69): people, their certificates, and where they work."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from partner_directory.models.specialist import Specialist
from program_pages.models.edition import programme_day
from program_pages.viewsets.register import Register


class WorkingFilter(SimpleListFilter):
    """By whether the person works at the partner today."""

    title = _("работает сейчас")
    parameter_name = "working"

    def lookups(self, request: object, model_admin: object) -> list[tuple[str, Any]]:
        return [("yes", _("да")), ("no", _("нет"))]

    def queryset(self, request: object, queryset: QuerySet[Specialist]) -> QuerySet[Specialist]:
        """Those who do, or those who do not."""
        working = Specialist.objects.working(programme_day()).values("pk")
        return {"yes": queryset.filter(pk__in=working), "no": queryset.exclude(pk__in=working)}.get(
            self.value() or "", queryset
        )


class SpecialistRegister(Register):
    """One row a person and certificate."""

    model = Specialist
    menu_label = _("Специалисты")
    menu_item_name = "specialists"
    menu_icon = "user"
    add_label = _("Добавить специалиста")
    list_display = ("name_ru", "partner", "certificate", "certified_on", "left_on", "public_mark")
    list_filter = (WorkingFilter, "name_is_public", "certified_on")
    list_select_related = ("partner",)
    search_fields = ("name_ru", "name_en", "certificate", "partner__name_ru", "partner__name_en")
    export_fields = ("name_ru", "name_en", "partner", "certificate", "certified_on", "left_on", "name_is_public")
    export_filename = "specialists"
    inspect_view_fields = list(export_fields)
    panels = [
        FieldPanel("partner"),
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldPanel("certificate"),
        FieldRowPanel([FieldPanel("certified_on"), FieldPanel("left_on")]),
        FieldPanel("name_is_public"),
    ]

    @display(description=_("имя публикуется"), ordering="name_is_public")
    def public_mark(self, specialist: Specialist) -> object:
        """Whether the name may be published, in words."""
        return _("да") if specialist.name_is_public else _("нет")


specialist_register = SpecialistRegister()
