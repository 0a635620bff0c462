"""Kits that were taken, in the admin: a register to read, and a report of their use by mark and partner (R5, R8)."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.admin import display
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from partner_directory.badges import codes
from partner_directory.models.badge import KitDownload
from partner_directory.models.mark import Mark
from partner_directory.models.membership import Membership
from partner_directory.models.partner import Partner
from partner_directory.viewsets.bonuses import ReadOnly
from partner_directory.viewsets.decided import DecidedRegister
from partner_directory.viewsets.reports import PartnerReport, edit_url
from partner_directory.viewsets.requests import PartnerFilter
from program_pages.viewsets.register import RelatedFilter


class KitRegister(DecidedRegister):
    """Who took which mark in which version, when."""

    model = KitDownload
    permission_helper_class = ReadOnly
    menu_label = gettext_lazy("Взятые комплекты")
    menu_item_name = "kit-downloads"
    menu_icon = "download"
    list_display = ("partner", "version", "person", "taken_at")
    list_filter = (("version__mark", RelatedFilter), ("partner", PartnerFilter), "taken_at")
    list_select_related = ("partner", "version", "badge", "person")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn", "badge__code", "version__name", "sha256")
    inspect_view_fields = ["partner", "version", "code", "person", "taken_at", "sha256"]
    export_fields = ("taken_at", "partner", "version", "code", "person", "sha256")
    export_filename = "kit-downloads"

    @display(description=gettext_lazy("код значка"))
    def code(self, taken: KitDownload) -> str:
        """The code that its files are stamped with."""
        return codes.written(taken.badge.code)


kit_register = KitRegister()


class UseFilterSet(WagtailFilterSet):
    """Of which mark, and when."""

    mark = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Знак"), queryset=Mark.objects.all(), field_name="version__mark"
    )
    taken_at = django_filters.DateFromToRangeFilter(label=gettext_lazy("Когда взяли"), widget=DateRangePickerWidget)

    class Meta:
        model = KitDownload
        fields = ["mark", "taken_at"]


class UseReport(PartnerReport):
    """How often each partner took each mark, by how many people, and when last; the most used first."""

    page_title = gettext_lazy("Использование знаков")
    header_icon = "download"
    model = KitDownload
    rights_of = Membership
    filterset_class = UseFilterSet
    index_url_name = "partner_reports:marks"
    index_results_url_name = "partner_reports:marks_results"
    export_filename = "use-of-marks"
    list_export = ["partner", "mark", "taken", "people", "last"]
    headings = {
        "partner": gettext_lazy("Партнёр"),
        "mark": gettext_lazy("Знак"),
        "taken": gettext_lazy("Взято раз"),
        "people": gettext_lazy("Сколько людей"),
        "last": gettext_lazy("Последний раз"),
    }
    columns = [
        TitleColumn(
            "partner",
            label=gettext_lazy("Партнёр"),
            accessor=lambda row: str(_partner(row)),
            width="240",
            get_url=lambda row: edit_url(_partner(row)),
        ),
        Column("mark", label=gettext_lazy("Знак"), accessor=lambda row: row["version__mark__name"]),
        Column("taken", label=gettext_lazy("Взято раз"), accessor=lambda row: row["taken"]),
        Column("people", label=gettext_lazy("Сколько людей"), accessor=lambda row: row["people"]),
        DateColumn("last", label=gettext_lazy("Последний раз"), accessor=lambda row: row["last"]),
    ]

    def get_queryset(self) -> QuerySet[KitDownload]:
        return KitDownload.objects.all()

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset).order_by()
        names = ("partner", "partner__name_ru", "partner__name_en", "version__mark", "version__mark__name")
        uses = {"taken": Count("pk"), "people": Count("person", distinct=True), "last": Max("taken_at")}
        return rows.values(*names).annotate(**uses).order_by("-taken", "partner__name_ru", "version__mark")

    def cells(self, item: dict[str, Any]) -> tuple[Any, ...]:
        last = item["last"].date().isoformat()
        return str(_partner(item)), item["version__mark__name"], item["taken"], item["people"], last


def _partner(row: dict[str, Any]) -> Partner:
    """The partner of a row, as far as a row names it."""
    return Partner(pk=row["partner"], name_ru=row["partner__name_ru"], name_en=row["partner__name_en"])
