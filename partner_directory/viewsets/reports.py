"""Reports on partners: what the public does not see of them, and which of them look like one company."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import policy_registry

from partner_directory.actions.imports import marks_of
from partner_directory.completeness import LABELS
from partner_directory.models.listing import Listing
from partner_directory.models.partner import Partner
from program_pages.formats import BYTE_ORDER_MARK, safe_text

BROKEN_SITE = "broken_site"


def edit_url(partner: Partner) -> str:
    """Where a partner is edited."""
    return reverse(Partner.snippet_viewset.get_url_name("edit"), args=[partner.pk])  # type: ignore[attr-defined]


def right_over(model: type[Model], action: str) -> str:
    """The name of a right over the rows of a model."""
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"


def site_trouble(listing: Listing) -> str:
    """Why the site that the profile names did not answer, where it was asked."""
    check = getattr(listing.partner, "site_check", None)
    if check is None or check.ok or check.url != listing.partner.site_url:
        return ""
    return str(check.get_why_display())


def gaps_in_words(listing: Listing) -> str:
    """What is missing, and what is wrong."""
    gaps = [str(LABELS[gap]) for gap in listing.gaps if gap in LABELS]
    trouble = site_trouble(listing)
    return "; ".join([*gaps, *([trouble] if trouble else [])])


class GapFilterSet(WagtailFilterSet):
    """By one thing that is missing."""

    gap = django_filters.ChoiceFilter(
        label=gettext_lazy("Чего не хватает"),
        choices=[*LABELS.items(), (BROKEN_SITE, gettext_lazy("сайт не отвечает"))],
        method="by_gap",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Listing
        fields = ["gap"]

    def by_gap(self, listings: QuerySet[Listing], _name: str, gap: str) -> QuerySet[Listing]:
        """The profiles that lack it; the list is JSON, and its keys are no part of each other in quotes."""
        if gap == BROKEN_SITE:
            return listings.filter(partner__site_check__ok=False)
        return listings.filter(gaps__icontains=f'"{gap}"')


class PartnerReport(ReportView):
    """The base: for those who keep partners, exported by those who may export them, without formulas."""

    model: type[Model] = Partner
    rights_of: ClassVar[type[Model]] = Partner  # whose rights open the report and export it
    permission_required = "change"
    header_icon = "group"
    export_filename = "partners-report"
    headings: ClassVar[dict[str, str | Promise]] = {}  # of the export, in its order

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.is_export and not self.show_export_buttons:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(self.rights_of)

    @classmethod
    def right_to(cls, action: str) -> str:
        """The permission that reading or exporting takes."""
        return right_over(cls.rights_of, action)

    @cached_property
    def show_export_buttons(self) -> bool:
        return bool(self.request.user.has_perm(self.right_to("export")))

    @property
    def list_export(self) -> list[str]:  # type: ignore[override]
        return list(self.headings)

    def get_heading(self, queryset: Any, field: str) -> str:
        return str(self.headings[field])

    def to_row_dict(self, item: Any) -> OrderedDict[str, Any]:
        return OrderedDict(zip(self.list_export, map(safe_text, self.cells(item)), strict=True))

    def cells(self, item: Any) -> tuple[Any, ...]:
        """A row of the export, under the headings."""
        raise NotImplementedError

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        """Line by line; by the mark spreadsheets know that the file is UTF-8."""
        yield BYTE_ORDER_MARK.encode()
        yield from super().stream_csv(queryset)


def partner_column(partner: Callable[[Any], Partner]) -> TitleColumn:
    """The column of the partner that a row is about, which leads to where it is edited."""
    return TitleColumn(
        "partner",
        label=gettext_lazy("Партнёр"),
        accessor=partner,
        width="240",
        get_url=lambda row: edit_url(partner(row)),
    )


class UnseenReport(PartnerReport):
    """Published profiles with what the public misses in each, the emptiest first."""

    page_title = gettext_lazy("Что не видит публика")
    header_icon = "view"
    model = Partner
    filterset_class = GapFilterSet
    index_url_name = "partner_reports:unseen"
    index_results_url_name = "partner_reports:unseen_results"
    headings = {
        "name": gettext_lazy("Партнёр"),
        "completeness": gettext_lazy("Заполнено, %"),
        "gaps": gettext_lazy("Чего не хватает"),
        "site": gettext_lazy("Сайт"),
        "checked": gettext_lazy("Сайт проверен"),
    }
    columns = [
        partner_column(lambda listing: listing.partner),
        Column("completeness", label=headings["completeness"], accessor="completeness"),
        Column("gaps", label=headings["gaps"], accessor=gaps_in_words),
        DateColumn("checked", label=headings["checked"], accessor=lambda row: _checked_at(row)),
    ]

    def get_queryset(self) -> QuerySet[Listing]:
        rows = Listing.objects.filter(shown=True).select_related("partner__site_check")
        return rows.order_by("completeness", "sort_ru", "pk")

    def cells(self, item: Listing) -> tuple[Any, ...]:
        checked = _checked_at(item)
        day = localdate(checked).isoformat() if checked else ""
        return str(item.partner), item.completeness, gaps_in_words(item), item.partner.site_url, day


def _checked_at(listing: Listing) -> Any:
    check = getattr(listing.partner, "site_check", None)
    return check.checked_at if check else None


class DuplicatesReport(PartnerReport):
    """Partners whose site or name is another's too."""

    page_title = gettext_lazy("Похожие партнёры")
    header_icon = "copy"
    index_url_name = "partner_reports:duplicates"
    index_results_url_name = "partner_reports:duplicates_results"
    headings = {
        "name": gettext_lazy("Партнёр"),
        "inn": gettext_lazy("ИНН"),
        "same": gettext_lazy("Что совпадает"),
        "others": gettext_lazy("С кем"),
    }
    columns = [
        partner_column(lambda row: row["partner"]),
        Column("inn", label=headings["inn"], accessor="inn"),
        Column("same", label=headings["same"], accessor="same"),
        Column("others", label=headings["others"], accessor="others"),
    ]

    def get_queryset(self) -> list[dict[str, Any]]:  # type: ignore[override]
        return list(duplicates())

    def filter_queryset(self, queryset: Any) -> Any:
        return queryset

    def cells(self, item: dict[str, Any]) -> tuple[Any, ...]:
        return str(item["partner"]), item["inn"], item["same"], item["others"]


def duplicates() -> Iterator[dict[str, Any]]:
    """Every partner that shares the host of its site, or its name without the legal form, with another."""
    partners = list(Partner.objects.only("pk", "name_ru", "name_en", "inn", "site_url").order_by("name_ru", "pk"))
    sharing: dict[str, list[Partner]] = defaultdict(list)
    for partner in partners:
        for mark in marks_of(partner.site_url, partner.name_ru, partner.name_en):
            sharing[mark].append(partner)
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for mark, members in sharing.items():
        for partner in members if len(members) > 1 else ():
            others = [str(other) for other in members if other.pk != partner.pk]
            found[partner.pk][mark.split(":", 1)[0]] += others
    labels: dict[str, str | Promise] = {"site": _("сайт"), "name": _("название")}
    for partner in partners:
        if partner.pk in found:
            kinds = found[partner.pk]
            yield {
                "partner": partner,
                "inn": partner.inn,
                "same": ", ".join(str(labels[kind]) for kind in sorted(kinds)),
                "others": ", ".join(dict.fromkeys(name for names in kinds.values() for name in names)),
            }


REPORTS: dict[str, type[PartnerReport]] = {"unseen": UnseenReport, "duplicates": DuplicatesReport}


def routes(reports: Mapping[str, type[PartnerReport]]) -> list[URLPattern]:
    """Two addresses a report: the page, and its results alone."""
    return [
        route
        for name, view in reports.items()
        for route in (
            path(f"{name}/", view.as_view(), name=name),
            path(f"{name}/results/", view.as_view(results_only=True), name=f"{name}_results"),
        )
    ]


class ReportMenuItem(MenuItem):
    """Shown to those who keep what the report is on."""

    right = ""

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(self.right))


def menu_item(address: str, view: type[PartnerReport], order: int) -> ReportMenuItem:
    """A report in the menu of reports."""
    item = ReportMenuItem(
        view.page_title,
        reverse(address),
        name=address.rpartition(":")[2],
        icon_name=view.header_icon,
        order=order,
    )
    item.right = view.right_to(view.permission_required)
    return item
