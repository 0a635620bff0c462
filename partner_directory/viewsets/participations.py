"""Partners at events, in the admin: confirmed or refused once the day has come (R74)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from partner_directory.actions import events as actions
from partner_directory.models.facts import EventParticipation
from partner_directory.viewsets.decided import NeverMadeHere
from partner_directory.viewsets.facts import CONFIRM, REFUSE, FactRegister
from partner_directory.viewsets.requests import PartnerFilter
from program_pages.models.edition import programme_day


class ParticipationRegister(FactRegister):
    """Who takes part in what, and who holds its own."""

    model = EventParticipation
    argument = "participation"
    permission_helper_class = NeverMadeHere
    menu_label = _("Участие в мероприятиях")
    menu_item_name = "event-participations"
    menu_icon = "calendar-check"
    decisions = {
        "confirm": replace(
            CONFIRM,
            question=_("Партнёр был на мероприятии или провёл его? Это войдёт в расчёт бонуса."),
            done=_("Подтверждено, партнёру написано."),
            act=actions.confirm,
            makes_sense=lambda row: CONFIRM.makes_sense(row) and row.held_on <= programme_day(),
        ),
        "refuse": replace(
            REFUSE,
            label=_("Не подтвердить"),
            question=_("Партнёр узнает об этом и о причине."),
            done=_("Отмечено: не подтверждено. Партнёру написано."),
            act=actions.refuse,
            is_serious=False,
        ),
    }
    ordering = ("decided_at", "held_on")
    own = ("kind", "held_on", "people", "text")
    listed = ("kind", "held_on")
    list_filter = ("state", "kind", ("partner", PartnerFilter), "held_on")
    list_select_related = (*FactRegister.list_select_related, "event")
    search_fields = ("partner__name_ru", "partner__name_en", "event__title_ru", "title", "text")
    export_filename = "event-participations"

    def waiting(self) -> Any:
        """Those whose day has come."""
        return super().waiting().filter(held_on__lte=programme_day()).select_related("event")


participation_register = ParticipationRegister()
