"""«Состояние сайта»: every fact of ``state`` on one page, what is wrong on top. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from operations import state
from operations.models import JobRun

TITLE = _("Состояние сайта")
URL_NAME = "system_state"
ICON = "desktop"
DOCS = "docs/operations.md"


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm, and the facts that ring it: each has the same remedy."""

    alarm: state.Alarm
    facts: tuple[state.Fact, ...]

    @property
    def status(self) -> str:
        """How Wagtail's help block calls it."""
        return "critical" if self.facts[0].health is state.Health.FAILED else "warning"

    @property
    def advice(self) -> state.Words:
        """What to do first."""
        return self.facts[0].advice


def ringing(sections: Iterable[state.Section]) -> list[Ringing]:
    """What somebody has to look at, the worst first, each alarm once."""
    facts_of: dict[state.Alarm, list[state.Fact]] = {}
    for fact in state.wrong(sections):
        facts_of.setdefault(fact.alarm or state.Alarm.CHECK_FAILS, []).append(fact)
    return [Ringing(alarm, tuple(facts)) for alarm, facts in facts_of.items()]


class SystemView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):  # type: ignore[misc]
    """For administrators, and for whoever was given the right to see runs of jobs."""

    model = JobRun
    permission_required = "view"
    page_title = TITLE
    header_icon = ICON
    template_name = "operations/admin/system.html"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*WagtailAdminTemplateMixin.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        sections = state.gathered()
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "sections": sections,
            "ringing": ringing(sections),
            "docs": DOCS,
            "docs_url": settings.OPERATIONS_DOCS_URL,
        }


class SystemMenuItem(MenuItem):
    """In the menu of reports, for those who may see the page."""

    def __init__(self) -> None:
        super().__init__(TITLE, reverse(URL_NAME), icon_name=ICON, name=URL_NAME, order=10)

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("operations.view_jobrun"))
