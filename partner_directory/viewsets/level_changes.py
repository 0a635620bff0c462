"""Requests for another level in the admin (A7): a queue that partner managers decide, with how the partner stands.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin import display
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from partner_directory.actions import level_changes as actions
from partner_directory.models.level_change import LevelChange
from partner_directory.partner_terms import terms_for
from partner_directory.standing import standing_of
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, NeverMadeHere, ReasonForm
from partner_directory.year.renewal import Gap
from partner_directory.year.words import said_gap
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.rules.terms import UnknownLevel
from program_pages.viewsets.register import RelatedFilter

State = LevelChange.State


class GrantForm(ReasonForm):
    """From which day, and why where there is something to say."""

    on = forms.DateField(
        label=gettext_lazy("С какого дня"),
        widget=AdminDateInput,
        initial=programme_day,
        help_text=gettext_lazy("Нынешнее членство закроется накануне; новое продлится до 31 декабря (R44, A7)."),
    )
    field_order = ["on", "reason"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = False


def _waits(change: LevelChange) -> bool:
    return change.state == State.ASKED


DECISIONS = {
    "grant": Decision(
        label=gettext_lazy("Сменить уровень"),
        question=gettext_lazy("Нынешнее членство закроется, и с выбранного дня начнётся новое."),
        done=gettext_lazy("Уровень сменён."),
        form_class=GrantForm,
        makes_sense=_waits,
        act=actions.grant,
    ),
    "refuse": Decision(
        label=gettext_lazy("Отклонить"),
        question=gettext_lazy("Уровень останется прежним, компания узнает причину."),
        done=gettext_lazy("Запрос отклонён."),
        form_class=ReasonForm,
        makes_sense=_waits,
        act=actions.refuse,
    ),
}


class LevelChangeRegister(DecidedRegister):
    """The queue of requests: who asks for which level, since when, and what became of it."""

    model = LevelChange
    decisions = DECISIONS
    argument = "change"
    menu_label = gettext_lazy("Смена уровня")
    menu_item_name = "level-changes"
    menu_icon = "order"
    permission_helper_class = NeverMadeHere
    list_display = ("partner", "before", "after", "shown_state", "asked_at", "waiting")
    list_filter = ("state", ("level", RelatedFilter), "asked_at")
    list_select_related = ("membership__partner", "membership__level", "level", "asked_by", "decided_by")
    search_fields = ("membership__partner__name_ru", "membership__partner__name_en", "membership__partner__inn", "wish")
    inspect_view_fields = [
        "partner", "before", "after", "state", "wish", "standing", "asked_by", "asked_at", "decided_by", "decided_at",
        "reason",
    ]  # fmt: skip
    export_fields = ("partner", "before", "after", "state", "wish", "asked_at", "decided_at", "decided_by", "reason")
    export_filename = "level-changes"

    @display(description=gettext_lazy("партнёр"), ordering="membership__partner__name_ru")
    def partner(self, change: LevelChange) -> str:
        """Who asks."""
        return str(change.membership.partner)

    @display(description=gettext_lazy("нынешний уровень"), ordering="membership__level")
    def before(self, change: LevelChange) -> str:
        """The level of the membership."""
        return said(change.membership.level.short_name)

    @display(description=gettext_lazy("новый уровень"), ordering="level")
    def after(self, change: LevelChange) -> str:
        """The level asked for."""
        return said(change.level.short_name)

    @display(description=gettext_lazy("состояние"), ordering="state")
    def shown_state(self, change: LevelChange) -> str:
        """Its state, standing out while the company waits."""
        return state_mark(change.get_state_display(), is_primary=_waits(change))

    @display(description=gettext_lazy("ждёт"), ordering="asked_at")
    def waiting(self, change: LevelChange) -> str:
        """How long the company waits."""
        return timesince(change.asked_at, timezone.now(), depth=1) if _waits(change) else ""

    @display(description=gettext_lazy("чего не хватает для нового уровня"))
    def standing(self, change: LevelChange) -> str:
        """What the partner's records lack for the level asked for, today."""
        day, partner = programme_day(), change.membership.partner
        try:
            found = standing_of(partner, change.level.slug, terms_for(partner, day), day)
        except UnknownLevel:
            return _("В редакции условий этого дня такого уровня нет.")
        if found.is_met:
            return _("Все условия уровня выполнены.")
        gaps = ((said_gap(Gap(item, day), day),) for item in found.missing)
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", gaps))


level_change_register = LevelChangeRegister()
