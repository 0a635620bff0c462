"""The report on the content policies: what they have kept from pages, by day."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column

from operations.models import CspReport
from partner_directory.viewsets.reports import PartnerReport


class CspReportFilterSet(WagtailFilterSet):
    """By policy, directive and day."""

    day = django_filters.DateFromToRangeFilter(label=_("День"), widget=DateRangePickerWidget)

    class Meta:
        model = CspReport
        fields = ["policy", "directive"]


class CspReportsReport(PartnerReport):
    """What browsers have reported, the latest days first."""

    page_title = _("Политика содержимого")
    header_icon = "lock"
    model = rights_of = CspReport
    permission_required = "view"
    filterset_class = CspReportFilterSet
    index_url_name = "operations_reports:csp"
    index_results_url_name = "operations_reports:csp_results"
    export_filename = "csp-reports"
    headings = {
        "day": _("День"),
        "policy": _("Политика"),
        "directive": _("Директива"),
        "blocked": _("Что не пропущено"),
        "page": _("Страница"),
        "count": _("Сколько раз"),
    }
    columns = [
        Column("day", label=headings["day"], accessor=lambda row: row.day.strftime("%d.%m.%Y")),
        Column("policy", label=headings["policy"], accessor="get_policy_display"),
        Column("directive", label=headings["directive"], accessor="directive"),
        Column("blocked", label=headings["blocked"], accessor="blocked"),
        Column("page", label=headings["page"], accessor="page"),
        Column("count", label=headings["count"], accessor="count"),
    ]

    def get_queryset(self) -> QuerySet[CspReport]:
        return CspReport.objects.all()

    def cells(self, item: CspReport) -> tuple[Any, ...]:
        policy = str(item.get_policy_display())
        return item.day.isoformat(), policy, item.directive, item.blocked, item.page, item.count


REPORTS: dict[str, type[PartnerReport]] = {"csp": CspReportsReport}
