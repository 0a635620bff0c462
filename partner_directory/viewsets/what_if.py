"""What if a draft said otherwise: its numbers, tried on what a rehearsal has found, in the admin. Saves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.permissions import policy_registry

from partner_directory.impact import drafts, shown
from partner_directory.models.impact import Impact
from partner_directory.viewsets.impacts import ImpactsReport, report_url
from program_pages.calculator.reading import refusal
from program_pages.rules import whatif
from program_pages.rules.money import BadValue, Reason


class WhatIfView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """The draft's numbers to be tried, and the rehearsal's totals under them; nothing is saved."""

    page_title = gettext_lazy("Что, если…")
    header_icon = "sliders"
    permission_required = "view"
    template_name = "partner_directory/admin/what_if.html"

    @cached_property
    def permission_policy(self) -> Any:
        return policy_registry.get_by_type(Impact)

    @cached_property
    def impact(self) -> Impact:
        """The rehearsal whose partners are looked at; a finished one."""
        return get_object_or_404(Impact.objects.finished().defer("content", "base_content"), pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.impact.edition_name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        way = [
            {"url": reverse("partner_reports:impacts"), "label": ImpactsReport.page_title},
            {"url": report_url(self.impact), "label": self.impact.edition_name},
        ]
        return [*self.breadcrumbs_items, *way, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        terms = drafts.comparison_of(self.impact).after.terms
        tried = tried_numbers(self.impact, self.request.GET)
        groups = shown.number_groups(terms, whatif.numbers_of(terms))
        fields = [(group, [_Field(*each, tried) for each in group.numbers]) for group in groups]
        return context | {
            "impact": self.impact,
            "groups": fields,
            "totals": tried.totals,
            "problems": tried.problems,
            "totals_url": reverse("impacts:what_if_totals", args=[self.impact.pk]),
        }


class WhatIfTotalsView(WhatIfView):
    """The totals alone: as HTML within JSON, with what is wrong beside each number (400)."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tried = tried_numbers(self.impact, request.GET)
        if tried.totals is None:
            return JsonResponse({"problems": tried.problems}, status=400)
        html = render_to_string("partner_directory/admin/impact_totals.html", {"totals": tried.totals}, request)
        return JsonResponse({"html": html, "total": str(tried.totals.everybody.total), "problems": {}})


class _Field:
    """A number of the draft with what was typed for it, and what is wrong with that."""

    def __init__(self, number: whatif.Number, label: str, tried: Tried) -> None:
        self.number, self.label = number, label
        self.own = _plain(number.value)
        self.text = tried.texts.get(number.name, self.own)
        self.problem = tried.problems.get(number.name, "")
        self.most, self.step = _plain(number.most), _plain(number.step)


class Tried:
    """What was asked to be tried: the texts as they came, what is wrong with them, the totals where nothing is."""

    def __init__(self, texts: dict[str, str], problems: dict[str, str], totals: shown.Totals | None) -> None:
        self.texts, self.problems, self.totals = texts, problems, totals


def tried_numbers(impact: Impact, asked: Mapping[str, str]) -> Tried:
    """A rehearsal's totals with other numbers in its draft."""
    comparison = drafts.comparison_of(impact)
    known = {number.name: number for number in whatif.numbers_of(comparison.after.terms)}
    texts = {name: asked[name] for name in known if name in asked}
    problems: dict[str, str] = {}
    values: dict[str, Decimal] = {}
    for name, text in texts.items():
        try:
            values[name] = _read(known[name], text)
        except BadValue as error:
            problems[name] = refusal(error)
    if problems:
        return Tried(texts, problems, None)
    groups = drafts.groups_of(impact)
    tuned = drafts.tuned_comparison(comparison, values)
    found = whatif.reckoned(groups, tuned)
    return Tried(texts, {}, shown.totals_of(found, tuned, is_exact=False))


def _read(number: whatif.Number, text: str) -> Decimal:
    try:
        value = Decimal(text.strip().replace(",", "."))
    except InvalidOperation:
        raise BadValue(number.name, Reason.NOT_A_NUMBER) from None
    fault = whatif.fault_of(number, value)
    if fault:
        raise BadValue(number.name, *fault)
    return value


def _plain(value: Decimal) -> str:
    """A number as a field takes it."""
    return f"{value.normalize():f}"
