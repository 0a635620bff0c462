"""Partners at events, in the admin: confirmed or refused once the day has come (R74)."""

from __future__ import annotations

from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from partner_directory.actions import events as actions
from partner_directory.models.facts import EventParticipation, FactState
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, ReasonForm
from partner_directory.viewsets.requests import PartnerFilter
from program_pages.models.edition import programme_day


def _waits(row: EventParticipation) -> bool:
    return row.state == FactState.CLAIMED


class ParticipationRegister(DecidedRegister):
    """Who takes part in what, and who holds its own."""

    model = EventParticipation
    argument = "participation"
    permission_helper_class = NeverMadeHere
    menu_label = _("Участие в мероприятиях")
    menu_item_name = "event-participations"
    menu_icon = "calendar-check"
    decisions = {
        "confirm": Decision(
            label=_("Подтвердить"),
            question=_("Партнёр был на мероприятии или провёл его? Это войдёт в расчёт бонуса (R74)."),
            done=_("Подтверждено, партнёру написано."),
            act=actions.confirm,
            makes_sense=lambda row: _waits(row) and row.held_on <= programme_day(),
        ),
        "refuse": Decision(
            label=_("Не подтвердить"),
            question=_("Партнёр узнает об этом и о причине."),
            done=_("Отмечено: не подтверждено. Партнёру написано."),
            act=actions.refuse,
            makes_sense=_waits,
            form_class=ReasonForm,
        ),
    }
    ordering = ("decided_at", "held_on")
    list_display = ("__str__", "partner", "kind", "held_on", "shown_state")
    list_filter = ("state", "kind", ("partner", PartnerFilter), "held_on")
    list_select_related = ("partner", "event", "recorded_by", "decided_by")
    search_fields = ("partner__name_ru", "partner__name_en", "event__title_ru", "title", "text")
    export_fields = ("partner", "kind", "event", "title", "held_on", "people", "state", "decided_at", "decision_reason")
    export_filename = "event-participations"
    inspect_view_fields = [*export_fields, "text", "who_recorded", "recorded_at", "who_decided"]

    @display(description=_("состояние"), ordering="state")
    def shown_state(self, row: EventParticipation) -> str:
        """Its state, standing out while the partner waits."""
        return state_mark(row.get_state_display(), is_primary=_waits(row))

    @display(description=_("кто записал"))
    def who_recorded(self, row: EventParticipation) -> str:
        """The person of the company."""
        return str(row.recorded_by or "")

    @display(description=_("кто решил"))
    def who_decided(self, row: EventParticipation) -> str:
        """The manager."""
        return str(row.decided_by or "")


participation_register = ParticipationRegister()
