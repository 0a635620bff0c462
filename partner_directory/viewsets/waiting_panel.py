"""On the dashboard of those who decide: how much waits for them in each queue, and the way there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from wagtail.admin.ui.components import Component

from partner_directory.models.application import Application
from partner_directory.models.bonus import BonusRequest
from partner_directory.models.level_change import LevelChange
from partner_directory.models.material import RequestState
from partner_directory.models.talk import Talk
from partner_directory.viewsets import fact_queue
from partner_directory.viewsets.applications import application_register
from partner_directory.viewsets.bonuses import bonus_request_register
from partner_directory.viewsets.decided import DecidedRegister
from partner_directory.viewsets.level_changes import level_change_register
from partner_directory.viewsets.requests import help_register, licence_register, seat_register
from partner_directory.viewsets.talks import talk_register

# Each with the field and the value by which its rows wait for the vendor.
QUEUES: tuple[tuple[DecidedRegister, str, str], ...] = (
    (application_register, "ball", Application.Ball.VENDOR),
    (level_change_register, "state", LevelChange.State.ASKED),
    (bonus_request_register, "state", BonusRequest.State.ASKED),
    (talk_register, "state", Talk.State.OPEN),
    (licence_register, "state", RequestState.ASKED),
    (seat_register, "state", RequestState.ASKED),
    (help_register, "state", RequestState.ASKED),
)


@dataclass(frozen=True, slots=True)
class Queue:
    """How many rows wait, of what, and where they are."""

    label: str | Promise
    count: int
    url: str


class WaitingPanel(Component):
    """The queues in which something waits, in the menu's order; a query a queue."""

    name = "waiting"
    order = 50
    template_name = "partner_directory/admin/waiting_panel.html"

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def queues(self) -> list[Queue]:
        """Those that the user may decide, without the empty ones."""
        found = [self._queue(*queue) for queue in QUEUES if self._decides(queue[0])]
        facts = sum(fact_queue.waiting_rows(register).count() for register in fact_queue.decided_by(self.request))
        found.insert(1, Queue(fact_queue.TITLE, facts, reverse("partner_facts:queue")))
        return [queue for queue in found if queue.count]

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"queues": self.queues}

    def _decides(self, register: DecidedRegister) -> bool:
        helper = register.permission_helper
        return bool(helper.user_can_list(self.request.user) and helper.user_can_decide(self.request.user))

    def _queue(self, register: DecidedRegister, field: str, value: str) -> Queue:
        count = register.model._default_manager.filter(**{field: value}).count()
        return Queue(register.get_menu_label(), count, f"{register.url_helper.index_url}?{field}__exact={value}")
