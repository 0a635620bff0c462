"""Reports on the year: its end rehearsed, and how the turn of the day went last."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.widgets import AdminDateInput

from partner_directory.models.membership import Membership
from partner_directory.models.year import StepRun
from partner_directory.viewsets.reports import PartnerReport, partner_column
from partner_directory.year import rehearsal
from partner_directory.year.turn import LABELS
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.rules.calendar import membership_ends


class RehearsalFilterSet(WagtailFilterSet):
    """On which day, at which level, with which outcome; the day and the outcome are the report's own to read."""

    on = django_filters.DateFilter(
        label=gettext_lazy("На какой день"),
        widget=AdminDateInput,
        method="as_it_is",
        help_text=gettext_lazy("Пусто — 31 декабря этого года."),
    )
    outcome = django_filters.ChoiceFilter(
        label=gettext_lazy("Исход"),
        choices=[(outcome.value, label) for outcome, label in rehearsal.OUTCOMES.items()],
        method="as_it_is",
        widget=forms.RadioSelect,
    )
    level = django_filters.ModelChoiceFilter(label=gettext_lazy("Уровень"), queryset=Level.objects.all())

    class Meta:
        model = Membership
        fields = ["on", "outcome", "level"]

    def as_it_is(self, memberships: QuerySet[Membership], _name: str, _value: Any) -> QuerySet[Membership]:
        """What is not asked of the database."""
        return memberships


class RehearsalReport(PartnerReport):
    """Who would renew on a day, who would fall, and why; nothing is changed."""

    page_title = gettext_lazy("Репетиция конца года")
    header_icon = "calendar-alt"
    model = rights_of = Membership
    filterset_class = RehearsalFilterSet
    index_url_name = "partner_reports:rehearsal"
    index_results_url_name = "partner_reports:rehearsal_results"
    export_filename = "rehearsal"
    headings = {
        "name": gettext_lazy("Партнёр"),
        "inn": gettext_lazy("ИНН"),
        "level": gettext_lazy("Уровень"),
        "outcome": gettext_lazy("Исход"),
        "why": gettext_lazy("Почему"),
    }
    columns = [
        partner_column(lambda row: row.membership.partner),
        Column("level", label=headings["level"], accessor=lambda row: said(row.membership.level.short_name)),
        Column("outcome", label=headings["outcome"], accessor="outcome_label"),
        Column("why", label=headings["why"], accessor=lambda row: "; ".join(row.reasons)),
    ]

    @cached_property
    def asked(self) -> dict[str, Any]:
        """What the filters ask for; nothing where they are broken."""
        return self.filters.form.cleaned_data if self.filters and self.filters.is_valid() else {}

    @cached_property
    def day(self) -> date:
        """The day rehearsed."""
        return self.asked.get("on") or membership_ends(programme_day())

    def get_page_subtitle(self) -> str:
        return self.day.strftime("%d.%m.%Y")

    def get_queryset(self) -> QuerySet[Membership]:
        return rehearsal.memberships_on(self.day)

    def filter_queryset(self, queryset: Any) -> list[rehearsal.Row]:
        rows = rehearsal.rehearse(super().filter_queryset(queryset), self.day)
        outcome = self.asked.get("outcome")
        return [row for row in rows if not outcome or row.outcome == outcome]

    def cells(self, item: rehearsal.Row) -> tuple[Any, ...]:
        return tuple(item.cells)


class TurnReport(PartnerReport):
    """How each step of the turn of the day went last."""

    page_title = gettext_lazy("Смена дня")
    header_icon = "history"
    model = StepRun
    rights_of = Membership
    index_url_name = "partner_reports:turn"
    index_results_url_name = "partner_reports:turn_results"
    export_filename = "turn-of-day"
    headings = {
        "step": gettext_lazy("Шаг"),
        "day": gettext_lazy("День"),
        "finished": gettext_lazy("Закончен"),
        "done": gettext_lazy("Сделано"),
        "trouble": gettext_lazy("Что не так"),
    }
    columns = [
        Column("step", label=headings["step"], accessor=lambda run: _named(run)),
        Column("day", label=headings["day"], accessor=lambda run: _written(run.day)),
        DateColumn("finished_at", label=headings["finished"], accessor="finished_at"),
        Column("done", label=headings["done"], accessor="done"),
        Column("trouble", label=headings["trouble"], accessor=lambda run: _trouble(run)),
    ]

    def get_queryset(self) -> QuerySet[StepRun]:
        return StepRun.objects.order_by("pk")

    def cells(self, item: StepRun) -> tuple[Any, ...]:
        finished = item.finished_at.isoformat() if item.finished_at else ""
        return _named(item), _written(item.day), finished, item.done, _trouble(item)


def _named(run: StepRun) -> str:
    return str(LABELS.get(run.step, run.step))


def _written(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""


def _trouble(run: StepRun) -> str:
    return run.trouble or (_("идёт сейчас") if run.running_since else "")
