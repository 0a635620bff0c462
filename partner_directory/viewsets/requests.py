"""What partners ask for, in the admin: licences and seats at trainings, granted or refused by the actions alone."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _

from partner_directory.actions import requests as actions
from partner_directory.models.material import HelpRequest, LicenceRequest, PartnerRequest, RequestState, TrainingSeat
from partner_directory.portal.materials.pricing import kept_price
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, ReasonForm
from program_pages.viewsets.register import RelatedFilter


def _waits(asked: PartnerRequest) -> bool:
    return asked.state == RequestState.ASKED


DECISIONS = {
    "grant": Decision(
        label=_("Одобрить"),
        question=_("Партнёр получит то, что просит?"),
        done=_("Запрос одобрен, партнёру написано."),
        act=actions.grant,
        makes_sense=_waits,
    ),
    "refuse": Decision(
        label=_("Отказать"),
        question=_("Партнёр узнает об отказе и его причине."),
        done=_("В запросе отказано, партнёру написано."),
        act=actions.refuse,
        makes_sense=_waits,
        form_class=ReasonForm,
    ),
}


class PartnerFilter(RelatedFilter):
    """Partners that have asked, not all there are."""

    def field_choices(self, field: Any, request: Any, model_admin: Any) -> list[Any]:
        used = model_admin.model.objects.order_by().values(field.name)
        found: list[Any] = field.get_choices(include_blank=False, limit_choices_to={"pk__in": used})
        return found


class RequestRegister(DecidedRegister):
    """The common part: who asked, and what became of it; what waits stands first."""

    decisions = DECISIONS
    argument = "asked"
    permission_helper_class = NeverMadeHere
    ordering = ("decided_at", "-asked_at")

    @display(description=_("состояние"), ordering="state")
    def shown_state(self, asked: PartnerRequest) -> str:
        """Its state, standing out while the partner waits."""
        return state_mark(asked.get_state_display(), is_primary=_waits(asked))

    @display(description=_("кто запросил"))
    def who_asked(self, asked: PartnerRequest) -> str:
        """The person of the company."""
        return str(asked.asked_by or "")

    @display(description=_("кто решил"))
    def who_decided(self, asked: PartnerRequest) -> str:
        """The manager, or the person who took it back."""
        return str(asked.decided_by or "")


class LicenceRegister(RequestRegister):
    """Requests for licences (R48, R49)."""

    model = LicenceRequest
    menu_label = _("Запросы лицензий")
    menu_item_name = "licence-requests"
    menu_icon = "key"
    list_display = ("__str__", "partner", "shown_price", "shown_state", "asked_at", "decided_at")
    list_filter = ("state", "kind", ("partner", PartnerFilter), "asked_at")
    list_select_related = ("partner", "product", "edition", "asked_by", "decided_by")
    search_fields = ("partner__name_ru", "partner__name_en", "product__name_ru", "note")
    export_fields = (
        "partner", "kind", "product", "quantity", "price", "price_most", "edition", "state", "asked_at", "decided_at",
        "reason", "note",
    )  # fmt: skip
    export_filename = "licence-requests"
    inspect_view_fields = [
        "partner", "kind", "product", "quantity", "shown_price", "edition", "state", "asked_at", "decided_at", "reason",
        "note", "who_asked", "who_decided",
    ]  # fmt: skip

    @display(description=_("цена при запросе"), ordering="price")
    def shown_price(self, asked: LicenceRequest) -> str:
        """What the partner was shown for its own use, and by which edition."""
        return kept_price(asked)


class SeatRegister(RequestRegister):
    """Requests for seats at trainings (R56, R68)."""

    model = TrainingSeat
    menu_label = _("Места на обучении")
    menu_item_name = "training-seats"
    menu_icon = "user"
    list_display = ("person", "partner", "year", "shown_state", "asked_at", "decided_at")
    list_filter = ("state", "year", ("partner", PartnerFilter), "asked_at")
    list_select_related = ("partner", "asked_by", "decided_by")
    search_fields = ("person", "partner__name_ru", "partner__name_en", "course", "note")
    export_fields = ("partner", "person", "course", "year", "state", "asked_at", "decided_at", "reason", "note")
    export_filename = "training-seats"
    inspect_view_fields = [*export_fields, "who_asked", "who_decided"]


class HelpRegister(RequestRegister):
    """Requests for joint projects, visits and seminars (R60, R61, R63)."""

    model = HelpRequest
    menu_label = _("Совместная работа")
    menu_item_name = "help-requests"
    menu_icon = "group"
    list_display = ("__str__", "partner", "shown_state", "asked_at", "decided_at")
    list_filter = ("state", "kind", ("partner", PartnerFilter), "asked_at")
    list_select_related = ("partner", "asked_by", "decided_by")
    search_fields = ("partner__name_ru", "partner__name_en", "note")
    export_fields = ("partner", "kind", "wished_on", "state", "asked_at", "decided_at", "reason", "note")
    export_filename = "help-requests"
    inspect_view_fields = [*export_fields, "who_asked", "who_decided"]


help_register = HelpRegister()
licence_register = LicenceRegister()
seat_register = SeatRegister()
