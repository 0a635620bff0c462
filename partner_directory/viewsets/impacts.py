"""Rehearsals of draft editions in the admin: all of them, and what one says that its draft would do to the partners.

Nothing here decides anything: a rehearsal is begun, read and exported (``actions.impacts``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.generic import View
from wagtail.admin import messages
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import HeaderButton
from wagtail.models import TaskState
from wagtail.permissions import policy_registry

from partner_directory.actions import impacts
from partner_directory.impact import drafts, runner, shown, tallies
from partner_directory.impact.records import year_before
from partner_directory.models.impact import Impact, ImpactRow
from partner_directory.viewsets.reports import PartnerReport, edit_url
from program_pages.bilingual import said
from program_pages.formats import money, number, percent
from program_pages.models.edition import TermsEdition
from program_pages.models.level import Level
from program_pages.terms import NoEdition

SEEN = "partner_directory.view_impact"
BEGUN = "partner_directory.add_impact"


def report_url(impact: Impact) -> str:
    """Where a rehearsal is read."""
    return reverse("impacts:report", args=[impact.pk])


# --- All rehearsals ---


class ImpactsReport(PartnerReport):
    """Every rehearsal that was ever made, the newest first."""

    page_title = gettext_lazy("Репетиции редакций")
    header_icon = "doc-full"
    model = rights_of = Impact
    permission_required = "view"
    index_url_name = "partner_reports:impacts"
    index_results_url_name = "partner_reports:impacts_results"
    export_filename = "rehearsals"
    headings = {
        "edition": gettext_lazy("Редакция"),
        "base": gettext_lazy("С чем сравнивается"),
        "started": gettext_lazy("Начата"),
        "who": gettext_lazy("Кто начал"),
        "touched": gettext_lazy("Затронуто"),
        "total": gettext_lazy("Итог для партнёров, ₽"),
    }
    columns = [
        TitleColumn("edition", label=headings["edition"], accessor="edition_name", get_url=report_url),
        Column("base", label=headings["base"], accessor="base_name"),
        DateColumn("started_at", label=headings["started"], accessor="started_at"),
        Column("who", label=headings["who"], accessor=lambda impact: impact.started_by or "—"),
        Column("touched", label=headings["touched"], accessor=lambda impact: _touched(impact)),
        Column("total", label=headings["total"], accessor=lambda impact: _total(impact)),
    ]

    def get_queryset(self) -> QuerySet[Impact]:
        kept = Impact.objects.filter(replaced_at__isnull=True).defer("content", "base_content", "groups")
        return kept.select_related("started_by")

    def cells(self, item: Impact) -> tuple[Any, ...]:
        started = item.started_at.isoformat()
        return item.edition_name, item.base_name, started, str(item.started_by or ""), _touched(item), _total(item)


def _touched(impact: Impact) -> str:
    if not impact.is_finished:
        return _("готово %(percent)s %%") % {"percent": impact.percent}
    touched = sum(each.touched for each in tallies.from_json(impact.tallies).values())
    return number(touched, get_language() or "ru")


def _total(impact: Impact) -> str:
    if not impact.is_finished:
        return ""
    return _money(sum((each.total for each in tallies.from_json(impact.tallies).values()), Decimal(0)))


def _money(amount: Decimal) -> str:
    return money(amount, get_language() or "ru")


# --- One rehearsal ---


class Direction(django_filters.ChoiceFilter):
    """Who gains, who loses, whom it costs nothing."""

    CHOICES = (
        ("loses", gettext_lazy("теряет")),
        ("gains", gettext_lazy("выигрывает")),
        ("even", gettext_lazy("деньги не меняются")),
    )
    ASKED = {"loses": Q(total__lt=0), "gains": Q(total__gt=0), "even": Q(total=0)}


class ImpactFilterSet(WagtailFilterSet):
    """By level, by what is newly missed, by who loses and gains, by the partner's name."""

    partner = django_filters.CharFilter(label=gettext_lazy("Партнёр"), method="by_name")
    level = django_filters.ModelMultipleChoiceFilter(
        label=gettext_lazy("Уровень"), queryset=Level.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    direction = Direction(
        label=gettext_lazy("Деньги"), choices=Direction.CHOICES, method="by_direction", widget=forms.RadioSelect
    )
    missed = django_filters.ChoiceFilter(
        label=gettext_lazy("Перестанет выполнять"), method="by_missed", widget=forms.RadioSelect
    )

    class Meta:
        model = ImpactRow
        fields = ["partner", "level", "direction", "missed"]

    def __init__(self, *args: Any, requirements: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["missed"].extra["choices"] = [("any", _("любое требование")), *requirements.items()]

    def by_name(self, rows: QuerySet[ImpactRow], _name: str, text: str) -> QuerySet[ImpactRow]:
        """Every word in the name, in letters of any case, ё as е."""
        for word in text.replace("\x00", "").split():
            pattern = re.sub("[её]", "[её]", re.escape(word), flags=re.IGNORECASE)
            rows = rows.filter(Q(partner__name_ru__iregex=pattern) | Q(partner__name_en__iregex=pattern))
        return rows

    def by_direction(self, rows: QuerySet[ImpactRow], _name: str, way: str) -> QuerySet[ImpactRow]:
        """Those who lose, gain, or neither."""
        return rows.filter(Direction.ASKED[way])

    def by_missed(self, rows: QuerySet[ImpactRow], _name: str, key: str) -> QuerySet[ImpactRow]:
        """Those who newly miss it; the list is JSON, and its keys are no part of each other in quotes."""
        return rows.exclude(missed=[]) if key == "any" else rows.filter(missed__icontains=f'"{key}"')


class ImpactReport(PartnerReport):
    """A rehearsal: its progress while it runs, then its totals, what they rest on, and every partner it touches."""

    page_title = gettext_lazy("Репетиция редакции")
    header_icon = "doc-full"
    model = ImpactRow
    rights_of = Impact
    permission_required = "view"
    template_name = "partner_directory/admin/impact.html"
    export_filename = "rehearsal"
    default_ordering = "total"
    headings = {
        "name": gettext_lazy("Партнёр"),
        "inn": gettext_lazy("ИНН"),
        "level": gettext_lazy("Уровень"),
        "missed": gettext_lazy("Перестанет выполнять"),
        "met": gettext_lazy("Больше не требуется или выполнено"),
        "discount": gettext_lazy("Скидка, %"),
        "bonus": gettext_lazy("Бонус, пунктов"),
        "support": gettext_lazy("Поддержка, %"),
        "sold": gettext_lazy("Продажи за 12 месяцев, ₽"),
        "licences": gettext_lazy("Скидка на лицензии, ₽"),
        "bonus_value": gettext_lazy("Бонусы, ₽"),
        "own_use": gettext_lazy("Лицензии для себя, ₽"),
        "support_cost": gettext_lazy("Поддержка клиентов, ₽"),
        "total": gettext_lazy("Итого партнёру, ₽"),
        "clients": gettext_lazy("Клиентам: обновления и расширенная поддержка, ₽"),
    }

    @cached_property
    def impact(self) -> Impact:
        """The rehearsal."""
        kept = Impact.objects.defer("content", "base_content", "groups").select_related("started_by", "edition")
        return get_object_or_404(kept, pk=self.kwargs["pk"])

    @cached_property
    def requirements(self) -> dict[str, str]:
        """What the requirements are called, by their keys."""
        return shown.every_title(drafts.comparison_of(self.impact))

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        by_money = [
            _MoneyColumn(name, label=self.headings[name], accessor=name, sort_key=name)
            for name in ("total", "licences", "bonus_value", "own_use", "support_cost", "sold")
        ]
        may_edit = self.request.user.has_perm("partner_directory.change_partner")
        return [
            TitleColumn(
                "partner",
                label=gettext_lazy("Партнёр"),
                accessor="partner",
                get_url=lambda row: edit_url(row.partner) if may_edit else None,
            ),
            Column("level", label=self.headings["level"], accessor=lambda row: said(row.level.short_name)),
            Column("missed", label=self.headings["missed"], accessor=lambda row: self.said(row.missed) or _gone(row)),
            Column("discount", label=self.headings["discount"], accessor=_discount),
            Column("bonus", label=self.headings["bonus"], accessor=_bonus),
            *by_money,
        ]

    def said(self, keys: list[str]) -> str:
        """Requirements in words."""
        return "; ".join(self.requirements.get(key, key) for key in keys)

    @cached_property
    def filters(self) -> ImpactFilterSet:
        return ImpactFilterSet(self.request.GET, request=self.request, requirements=self.requirements)

    def get_queryset(self) -> QuerySet[ImpactRow]:
        rows = ImpactRow.objects.filter(impact=self.impact).select_related("partner", "level")
        return self.order_queryset(rows)

    def order_queryset(self, queryset: Any) -> Any:
        return super().order_queryset(queryset) if self.ordering else queryset.order_by("total", "pk")

    def get_index_url(self) -> str:
        return report_url(self.impact)

    def get_index_results_url(self) -> str:
        return reverse("impacts:results", args=[self.impact.pk])

    def get_page_subtitle(self) -> str:
        return self.impact.edition_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        way = [{"url": reverse("partner_reports:impacts"), "label": ImpactsReport.page_title}]
        here = {"url": "", "label": self.page_title, "sublabel": self.impact.edition_name}
        return [*self.breadcrumbs_items, *way, here]

    @cached_property
    def header_buttons(self) -> list[HeaderButton]:
        if not self.impact.is_finished:
            return []
        return [HeaderButton(_("Что, если…"), reverse("impacts:what_if", args=[self.impact.pk]), icon_name="sliders")]

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        impact = self.impact
        context |= {"impact": impact, "may_begin": self.request.user.has_perm(BEGUN)}
        if impact.is_finished:
            comparison = drafts.comparison_of(impact)
            context["totals"] = shown.totals_of(tallies.from_json(impact.tallies), comparison)
            context |= grounds_of(impact)
        return context

    def cells(self, item: ImpactRow) -> tuple[Any, ...]:
        points = (
            _pair(before, after)
            for before, after in (
                (item.discount_before, item.discount_after),
                (item.bonus_before, item.bonus_after),
                (item.support_before, item.support_after),
            )
        )
        sums = (item.sold, item.licences, item.bonus_value, item.own_use, item.support_cost, item.total, item.clients)
        partner = item.partner
        missed, met = self.said(item.missed) or _gone(item), self.said(item.met)
        return str(partner), partner.inn, said(item.level.short_name), missed, met, *points, *sums


class _MoneyColumn(Column):
    """A sum, aligned as sums are."""

    cell_template_name = "partner_directory/admin/impact_money_cell.html"


def _gone(row: ImpactRow) -> str:
    return _("Уровня в редакции нет") if row.is_gone else ""


def _discount(row: ImpactRow) -> str:
    return _pair(row.discount_before, row.discount_after)


def _bonus(row: ImpactRow) -> str:
    return _pair(row.bonus_before, row.bonus_after)


def _pair(before: Decimal | None, after: Decimal | None) -> str:
    """«20 → 18 %», or the one number where it stays."""
    if before == after:
        return _points(before)
    return f"{_points(before)} → {_points(after)}"


def _points(value: Decimal | None) -> str:
    return _("по соглашению") if value is None else percent(value, get_language() or "ru")


def grounds_of(impact: Impact) -> dict[str, Any]:
    """What a rehearsal rests on, and which tasks of the workflow were about the same version, for its reader."""
    tasks = TaskState.objects.filter(revision=impact.revision_id) if impact.revision_id else TaskState.objects.none()
    return {
        "since": year_before(impact.day),
        "revision": impact.revision_id,
        "tasks": tasks.select_related("task", "finished_by").order_by("started_at", "pk"),
    }


# --- To begin one, and to watch it ---


class MayBegin(PermissionCheckedMixin):
    """For those who may make rehearsals."""

    permission_required = "add"

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Impact)


class StartView(MayBegin, View):
    """Begins a rehearsal of an edition's latest draft and goes to where it is watched."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = get_object_or_404(TermsEdition, pk=pk)
        try:
            impact = impacts.start(edition=edition, actor=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        except NoEdition:
            messages.error(request, _("Сравнивать не с чем: без черновика в этот день не действует ни одна редакция."))
        else:
            runner.wake(impact)
            return redirect(report_url(impact))
        return redirect(reverse(TermsEdition.snippet_viewset.get_url_name("edit"), args=[pk]))  # type: ignore[attr-defined]


class ResumeView(MayBegin, View):
    """Goes on with a rehearsal whose runner was interrupted."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        impact = get_object_or_404(Impact, pk=pk)
        if not impact.is_finished:
            runner.wake(impact)
        return redirect(report_url(impact))


class ProgressView(PermissionCheckedMixin, View):
    """How far a rehearsal has come, as JSON."""

    permission_required = "view"

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Impact)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        impact = get_object_or_404(Impact.objects.only("done", "total", "finished_at", "heard_at"), pk=pk)
        return JsonResponse(
            {
                "done": impact.done,
                "total": impact.total,
                "percent": impact.percent,
                "finished": impact.is_finished,
                "running": impact.is_running,
            }
        )
