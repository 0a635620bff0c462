"""The trail of what was done, in the admin: searched, read and exported by those who may; an export is part of it.

Nothing here changes it, and the database itself refuses to (``trail_guards``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import islice
from tempfile import TemporaryFile
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.coreutils import get_content_type_label
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, Page, Site

from partner_directory import trail
from partner_directory.actions.trail import record_export
from partner_directory.viewsets.reports import PartnerReport

TRAIL = "trail:list"
MOMENT = "SHORT_DATETIME_FORMAT"
CHUNK = 500  # rows of a file that are read at once
MOST_ROWS_OF_XLSX = 1_000_000  # a sheet holds few more


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the page: the entry, what it is about, and the ways from there."""

    entry: Any
    url: str
    compare_url: str


class TrailFilterSet(WagtailFilterSet):
    """Who, what, which action, when, at which address."""

    person = django_filters.CharFilter(
        label=gettext_lazy("Кто"), help_text=gettext_lazy("Имя или почта; «система» — само собой, без человека.")
    )
    words = django_filters.CharFilter(label=gettext_lazy("О чём"))
    address = django_filters.CharFilter(
        label=gettext_lazy("Адрес объекта"), help_text=gettext_lazy("Адрес страницы сайта или формы администрирования.")
    )
    action = django_filters.ChoiceFilter(label=gettext_lazy("Действие"))
    period = django_filters.DateFromToRangeFilter(label=gettext_lazy("Когда"), widget=DateRangePickerWidget)

    class Meta:
        model = ModelLogEntry
        fields = ["person", "words", "address", "action", "period"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {name: str(label) for name, label in registry.get_choices()}
        self.filters["action"].extra["choices"] = sorted(labels.items(), key=lambda choice: choice[1].casefold())

    @property
    def asked(self) -> trail.Asked | None:
        """What is looked for; None where nothing can fit."""
        if not self.form.is_valid():
            return None
        given = self.form.cleaned_data
        about = None
        if given["address"]:
            about = trail.object_at(given["address"], Site.find_for_request(self.request))
            if about is None:
                return None
        period = given["period"]
        return trail.Asked(
            person=given["person"].strip(),
            words=given["words"],
            action=given["action"],
            since=period.start if period else None,
            until=period.stop if period else None,
            about=about,
        )


class TrailReport(PartnerReport):
    """Everything that was done, the newest first."""

    page_title = gettext_lazy("Журнал действий")
    header_icon = "history"
    model = ModelLogEntry
    permission_required = "view"
    permission_policy = None  # the right is nobody's model
    filterset_class = TrailFilterSet
    index_url_name = TRAIL
    index_results_url_name = "trail:results"
    export_filename = "trail"
    headings = {
        "when": gettext_lazy("Когда"),
        "who": gettext_lazy("Кто"),
        "kind": gettext_lazy("Что за объект"),
        "object": gettext_lazy("Объект"),
        "number": gettext_lazy("Номер объекта"),
        "done": gettext_lazy("Что сделано"),
        "changed": gettext_lazy("Было → стало"),
    }
    columns = [
        TitleColumn(
            "object", label=headings["object"], accessor="entry.label", get_url=lambda row: row.url, width="280"
        ),
        Column("kind", label=headings["kind"], accessor=lambda row: _kind(row.entry)),
        Column("done", label=headings["done"], accessor=lambda row: trail.said(row.entry)),
        Column("changed", label=headings["changed"], accessor=lambda row: _changed(row)),
        Column("who", label=headings["who"], accessor="entry.user_display_name"),
        Column("when", label=headings["when"], accessor=lambda row: date_format(_moment(row.entry), MOMENT)),
    ]

    @classmethod
    def right_to(cls, action: str) -> str:
        return f"accounts.{action}_trail"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(self.right_to("view")):
            raise PermissionDenied
        self.language = get_language() or settings.LANGUAGE_CODE
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """What is looked for, the newest first; nothing where nothing can fit."""
        asked = self.filters.asked
        if asked is None:
            return trail.entries(self.request.user, trail.Asked(about=(Page, "0")))  # type: ignore[arg-type]
        return trail.entries(self.request.user, asked)  # type: ignore[arg-type]

    def get_filtered_queryset(self) -> QuerySet[Any]:
        return self.rows

    def get_table(self, object_list: Any) -> Any:
        """The rows of this page, read all at once."""
        return super().get_table(self._rows(object_list))

    def _rows(self, object_list: Any) -> list[Row]:
        found = trail.with_instances(object_list)
        before = trail.revisions_before(entry for entry, _instance in found)
        finder = AdminURLFinder(self.request.user)
        return [_row(entry, instance, finder, before) for entry, instance in found]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the file: recorded before its first byte leaves."""
        if not self.is_export:
            return super().get(request, *args, **kwargs)  # type: ignore[return-value]
        count, kind = self.rows.count(), request.GET["export"]
        if kind == self.FORMAT_XLSX and count > MOST_ROWS_OF_XLSX:
            messages.warning(request, _("Столько строк не помещается в XLSX: сузьте отбор или возьмите CSV."))
            return redirect(TRAIL)
        asked = {name: value for name, value in request.GET.items() if value and name != "export"}
        record_export(actor=request.user, kind=kind, rows=count, asked=asked)  # type: ignore[arg-type]
        return self.as_spreadsheet(self._entries(), kind)  # type: ignore[no-any-return]

    def _entries(self) -> Iterator[Any]:
        """The entries chunk by chunk: a file of any length takes as much memory as a short one."""
        keys = self.rows.iterator(chunk_size=CHUNK)
        while chunk := list(islice(keys, CHUNK)):
            yield from (entry for entry, _instance in trail.with_instances(chunk))

    def cells(self, item: Any) -> tuple[Any, ...]:
        when = _moment(item).replace(tzinfo=None, microsecond=0)
        who, done = str(item.user_display_name), trail.said(item)
        return when, who, _kind(item), item.label, str(item.object_id), done, trail.changes(item)

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """Line by line, in the reader's language: the admin's has been put away by then."""
        lines = super().stream_csv(queryset)
        while True:
            with override(self.language):
                line = next(lines, None)
            if line is None:
                return
            yield line

    def write_xlsx_response(self, queryset: Any) -> FileResponse:
        """By way of a file of its own, not of memory."""
        file = TemporaryFile()  # noqa: SIM115 - the response closes it
        self.write_xlsx(queryset, file)
        file.seek(0)
        return FileResponse(file, as_attachment=True, filename=f"{self.get_filename()}.xlsx")


def _kind(entry: Any) -> str:
    return str(get_content_type_label(entry.content_type))


def _moment(entry: Any) -> datetime:
    return localtime(entry.timestamp, ZoneInfo(settings.PROGRAMME_TIME_ZONE))


def _changed(row: Row) -> str:
    """What was and is, or the way to a comparison; empty where nothing is known of it."""
    changes = trail.changes(row.entry)
    if not row.compare_url:
        return changes
    return format_html('<a href="{}">{}</a>', row.compare_url, changes or _("сравнить"))


def _row(entry: Any, instance: Any, finder: AdminURLFinder, before: dict[int, int]) -> Row:
    url = (finder.get_edit_url(instance) if instance is not None else None) or ""
    earlier = before.get(entry.revision_id)
    return Row(entry, url, _compared(instance, earlier, entry.revision_id) if url and earlier else "")


def _compared(instance: Any, earlier: int, later: int) -> str:
    """Where two revisions are compared; empty for what has no such page."""
    viewset = getattr(instance, "snippet_viewset", None)
    name = viewset.get_url_name("revisions_compare") if viewset else "wagtailadmin_pages:revisions_compare"
    try:
        return reverse(name, args=[instance.pk, earlier, later])
    except NoReverseMatch:
        return ""


urlpatterns = [
    path("", TrailReport.as_view(), name="list"),
    path("results/", TrailReport.as_view(results_only=True), name="results"),
]
