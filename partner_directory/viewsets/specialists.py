"""The register of certified specialists (R29, R37, R68, R69): people, their certificates, and where they work."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from partner_directory.actions import specialists as actions
from partner_directory.models.facts import FactState
from partner_directory.models.specialist import Specialist
from partner_directory.viewsets.cells import file_link, state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, EditedPermissionHelper, ReasonForm
from program_pages.models.edition import programme_day


def _waits(specialist: Specialist) -> bool:
    return specialist.state == FactState.CLAIMED


DECISIONS = {
    "confirm": Decision(
        label=_("Подтвердить"),
        question=_("Сертификат настоящий, и специалист работает у партнёра?"),
        done=_("Подтверждено: специалист считается."),
        act=actions.confirm,
        makes_sense=_waits,
    ),
    "refuse": Decision(
        label=_("Отклонить"),
        question=_("Специалист не будет считаться, партнёр узнает почему."),
        done=_("Отклонено."),
        act=actions.refuse,
        makes_sense=_waits,
        form_class=ReasonForm,
        is_serious=True,
    ),
}


class WorkingFilter(SimpleListFilter):
    """By whether the person works at the partner today."""

    title = _("работает сейчас")
    parameter_name = "working"

    def lookups(self, request: object, model_admin: object) -> list[tuple[str, Any]]:
        return [("yes", _("да")), ("no", _("нет"))]

    def queryset(self, request: object, queryset: QuerySet[Specialist]) -> QuerySet[Specialist]:
        """Those who do, or those who do not."""
        working = Specialist.objects.working(programme_day()).values("pk")
        return {"yes": queryset.filter(pk__in=working), "no": queryset.exclude(pk__in=working)}.get(
            self.value() or "", queryset
        )


class SpecialistRegister(DecidedRegister):
    """One row a person and certificate; what a manager enters counts at once, what a partner claims is decided."""

    model = Specialist
    decisions = DECISIONS
    argument = "specialist"
    permission_helper_class = EditedPermissionHelper
    menu_label = _("Специалисты")
    menu_item_name = "specialists"
    menu_icon = "user"
    add_label = _("Добавить специалиста")
    list_display = ("name_ru", "partner", "certificate", "certified_on", "left_on", "shown_state", "public_mark")
    list_filter = (WorkingFilter, "state", "name_is_public", "certified_on")
    list_select_related = ("partner", "scan", "recorded_by", "decided_by")
    search_fields = ("name_ru", "name_en", "certificate", "partner__name_ru", "partner__name_en")
    export_fields = (
        "name_ru", "name_en", "partner", "certificate", "certified_on", "employed_since", "left_on", "name_is_public",
        "state", "decided_at", "decided_by", "decision_reason",
    )  # fmt: skip
    export_filename = "specialists"
    inspect_view_fields = [*export_fields, "scan_link", "recorded_by"]
    panels = [
        FieldPanel("partner"),
        FieldRowPanel([FieldPanel("name_ru"), FieldPanel("name_en")]),
        FieldPanel("certificate"),
        FieldRowPanel([FieldPanel("certified_on"), FieldPanel("employed_since"), FieldPanel("left_on")]),
        FieldPanel("name_is_public"),
    ]

    @display(description=_("состояние"), ordering="state")
    def shown_state(self, specialist: Specialist) -> str:
        """Its state, standing out while a manager has to look at it."""
        return state_mark(specialist.get_state_display(), is_primary=_waits(specialist))

    @display(description=_("скан сертификата"))
    def scan_link(self, specialist: Specialist) -> str:
        """The scan that the partner sent."""
        return file_link(specialist.scan)

    @display(description=_("имя публикуется"), ordering="name_is_public")
    def public_mark(self, specialist: Specialist) -> object:
        """Whether the name may be published, in words."""
        return _("да") if specialist.name_is_public else _("нет")


specialist_register = SpecialistRegister()
