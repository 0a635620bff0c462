"""Partners at events, in the admin: confirmed or refused once the day has come (R74)."""

from __future__ import annotations

from django.contrib.admin import display
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from partner_directory.actions import events as actions
from partner_directory.models.facts import EventParticipation, FactState
from partner_directory.viewsets.answering import DecidedRegister, Decision, ReasonForm
from partner_directory.viewsets.requests import PartnerFilter
from program_pages.models.edition import programme_day


def _waits(row: EventParticipation) -> bool:
    return row.state == FactState.CLAIMED


class ParticipationRegister(DecidedRegister):
    """Who takes part in what, and who holds its own."""

    model = EventParticipation
    menu_label = _("Участие в мероприятиях")
    menu_item_name = "event-participations"
    menu_icon = "calendar-check"
    decisions = {
        "confirm": Decision(
            _("Подтвердить"),
            _("Партнёр был на мероприятии или провёл его? Это войдёт в расчёт бонуса (R74)."),
            _("Подтверждено, партнёру написано."),
            lambda row, actor: actions.confirm(participation=row, actor=actor),
            lambda row: _waits(row) and row.held_on <= programme_day(),
        ),
        "refuse": Decision(
            _("Не подтвердить"),
            _("Партнёр узнает об этом и о причине."),
            _("Отмечено: не подтверждено. Партнёру написано."),
            lambda row, actor, reason: actions.refuse(participation=row, actor=actor, reason=reason),
            _waits,
            ReasonForm,
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
        primary = " w-status--primary" if _waits(row) else ""
        return format_html('<span class="w-status{}">{}</span>', primary, row.get_state_display())

    @display(description=_("кто записал"))
    def who_recorded(self, row: EventParticipation) -> str:
        """The person of the company."""
        return str(row.recorded_by or "")

    @display(description=_("кто решил"))
    def who_decided(self, row: EventParticipation) -> str:
        """The manager."""
        return str(row.decided_by or "")


participation_register = ParticipationRegister()
