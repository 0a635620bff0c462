"""The queue «Факты на проверке»: every claim that a manager has to look at, of all kinds, on one screen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from partner_directory.models.specialist import Specialist
from partner_directory.viewsets.announcements import announcement_register
from partner_directory.viewsets.decided import DecidedRegister
from partner_directory.viewsets.facts import FactRegister, fact_registers
from partner_directory.viewsets.participations import participation_register
from partner_directory.viewsets.sales import sale_register
from partner_directory.viewsets.specialists import specialist_register

MOST_OF_A_KIND = 100
TITLE = _("Факты на проверке")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One claim: what, whose, since when, and where it is decided."""

    kind: str
    title: str
    partner: str
    since: datetime | None
    url: str

    @property
    def waits(self) -> str:
        """For how long."""
        return timesince(self.since, timezone.now(), depth=1) if self.since else ""


def queue(request: HttpRequest) -> HttpResponse:
    """The claims that the user may decide, those that wait longest first; a query a kind."""
    registers = decided_by(request)
    if not registers:
        raise PermissionDenied
    waiting = [row for register in registers for row in _waiting(register)]
    context = {
        "waiting": sorted(waiting, key=lambda row: row.since or timezone.now()),
        "registers": [
            {"label": register.get_menu_label(), "url": register.url_helper.index_url}
            for register in (*_every(), announcement_register)
            if _may_see(request, register)
        ],
        "most": MOST_OF_A_KIND,
        "page_title": TITLE,
        "header_icon": "clipboard-list",
        "breadcrumbs_items": [
            {"url": reverse("wagtailadmin_home"), "label": _("Главная")},
            {"url": "", "label": TITLE},
        ],
    }
    return TemplateResponse(request, "partner_directory/admin/fact_queue.html", context)


def decided_by(request: HttpRequest) -> list[DecidedRegister]:
    """The registers whose claims the user may look at here."""
    return [register for register in _decided() if _may_see(request, register)]


def waiting_rows(register: DecidedRegister) -> Any:
    """The claims of one kind that wait for a manager now."""
    return register.waiting() if isinstance(register, FactRegister) else Specialist.objects.waiting()


def _every() -> tuple[DecidedRegister, ...]:
    return (specialist_register, *fact_registers, sale_register, participation_register)


def _decided() -> tuple[DecidedRegister, ...]:
    return tuple(register for register in _every() if getattr(register, "waits_for_managers", True))


def _may_see(request: HttpRequest, register: DecidedRegister) -> bool:
    return bool(register.permission_helper.user_can_list(request.user))


def _waiting(register: DecidedRegister) -> Iterator[Waiting]:
    file = "scan" if register.model is Specialist else "evidence"
    rows = waiting_rows(register).select_related("partner", file).order_by("pk")
    kind = str(register.get_menu_label())
    for row in rows[:MOST_OF_A_KIND]:
        url = register.url_helper.get_action_url("inspect", row.pk)
        yield Waiting(kind, str(row), str(row.partner), _since(row), url)


def _since(row: Any) -> datetime | None:
    """When it was claimed; a specialist, when the scan came."""
    if isinstance(row, Specialist):
        return row.scan.uploaded_at if row.scan else None
    moment: datetime = row.recorded_at
    return moment


class QueueMenuItem(MenuItem):
    """The queue in the menu, for those who may see any of it."""

    def is_shown(self, request: HttpRequest) -> bool:
        return any(_may_see(request, register) for register in _decided())


def menu_item() -> QueueMenuItem:
    """The entry of the queue."""
    return QueueMenuItem(TITLE, reverse("partner_facts:queue"), name="facts", icon_name="clipboard-list")


urlpatterns = ([path("", queue, name="queue")], "partner_facts")
