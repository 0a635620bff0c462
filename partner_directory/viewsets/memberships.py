"""The register of memberships (R12, R44, R45, A7): found, inspected, exported, and decided by the actions alone.

A membership has no form to edit and nothing deletes it: each decision is a form of its own that calls its action.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy
from wagtail.admin.widgets import AdminDateInput

from partner_directory.actions import memberships as actions
from partner_directory.models.membership import STATUS_LABELS, Membership, Status
from partner_directory.models.partner import Partner
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.choosers import PartnerChooser
from partner_directory.viewsets.decided import DecidedRegister, Decision, DecisionForm, NewRowView
from partner_directory.viewsets.holdings import held, of_status, with_renewed
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.viewsets.register import RelatedFilter


def _reason(*, required: bool) -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("Причина"),
        required=required,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме."),
    )


class MayReasonForm(DecisionForm):
    """A decision that may give its reason."""

    reason = _reason(required=False)


class ReasonedForm(DecisionForm):
    """A decision that must give its reason, as long as it is."""

    reason = _reason(required=True)


class GrantForm(forms.Form):
    """Whom, which level, from when."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Партнёр"), queryset=Partner.objects.all(), widget=PartnerChooser
    )
    level = forms.ModelChoiceField(label=gettext_lazy("Уровень"), queryset=Level.objects.all())
    starts = forms.DateField(
        label=gettext_lazy("С"),
        widget=AdminDateInput,
        help_text=gettext_lazy("До 31 декабря того же года, когда бы ни началось (R44)."),
    )
    reason = _reason(required=False)


class DayForm(ReasonedForm):
    """A decision with its day (``on``, in the words of a subclass): today, where the membership has begun."""

    def __init__(self, *args: Any, row: Membership, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["on"].initial = max(programme_day(), row.starts)


class ChangeLevelForm(DayForm):
    """To which level, from which day."""

    level = forms.ModelChoiceField(label=gettext_lazy("Новый уровень"), queryset=Level.objects.none())
    on = forms.DateField(label=gettext_lazy("С какого дня"), widget=AdminDateInput)
    field_order = ["level", "on", "reason"]

    def __init__(self, *args: Any, row: Membership, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        others = Level.objects.filter(product_line=row.product_line_id).exclude(pk=row.level_id)
        self.fields["level"].queryset = others  # type: ignore[attr-defined]


class EndForm(DayForm):
    """How it ends, and on which day."""

    how = forms.ChoiceField(
        label=gettext_lazy("Как прекращено"),
        choices=[
            (ending.value, ending.label)
            for ending in (Membership.Ending.WITHDRAWN, Membership.Ending.TERMINATED)  # a level is changed elsewhere
        ],
    )
    on = forms.DateField(
        label=gettext_lazy("Последний день"),
        help_text=gettext_lazy("Значок станет серым, когда этот день кончится; вчерашний день прекращает сразу."),
        widget=AdminDateInput,
    )
    field_order = ["how", "on", "reason"]


def _status(membership: Membership) -> Status:
    return held(membership).status


def _runs(membership: Membership) -> bool:
    return _status(membership) in {Status.ACTIVE, Status.ENDS_SOON, Status.UPCOMING}


def _open(membership: Membership) -> bool:
    return membership.state != Membership.State.ENDED and _status(membership) != Status.LAPSED


def _renewable(membership: Membership) -> bool:
    never_renewed = not membership.is_renewed and membership.state == Membership.State.GRANTED  # type: ignore[attr-defined]
    status = _status(membership)
    return status == Status.ENDS_SOON or (never_renewed and status == Status.LAPSED)


_decision = partial(Decision, is_guarded=True)  # what the calendar makes senseless, the actions would do all the same

DECISIONS = {
    "renew": _decision(
        label=gettext_lazy("Продлить"),
        done=gettext_lazy("Продлено: %(it)s."),
        act=actions.renew,
        makes_sense=_renewable,
        form_class=MayReasonForm,
    ),
    "change_level": _decision(
        label=gettext_lazy("Сменить уровень"),
        done=gettext_lazy("Уровень сменён: %(it)s."),
        act=actions.change_level,
        makes_sense=lambda membership: _open(membership) and _runs(membership),
        form_class=ChangeLevelForm,
    ),
    "suspend": _decision(
        label=gettext_lazy("Приостановить"),
        done=gettext_lazy("Приостановлено: %(it)s."),
        act=actions.suspend,
        makes_sense=lambda membership: membership.state == Membership.State.GRANTED and _runs(membership),
        form_class=ReasonedForm,
        is_serious=True,
    ),
    "resume": _decision(
        label=gettext_lazy("Возобновить"),
        done=gettext_lazy("Возобновлено: %(it)s."),
        act=actions.resume,
        makes_sense=lambda membership: _status(membership) == Status.SUSPENDED,
        form_class=MayReasonForm,
    ),
    "end": _decision(
        label=gettext_lazy("Прекратить"),
        done=gettext_lazy("Прекращено: %(it)s."),
        act=actions.end,
        makes_sense=_open,
        form_class=EndForm,
        is_serious=True,
    ),
}


class GrantView(NewRowView):
    """A new membership."""

    decision = Decision(
        label=gettext_lazy("Присвоить уровень"),
        done=gettext_lazy("Присвоено: %(it)s."),
        act=actions.grant,
        form_class=GrantForm,
    )

    def get_initial(self) -> dict[str, Any]:
        return super().get_initial() | {"starts": programme_day()}


class StatusFilter(SimpleListFilter):
    """By where a membership is today."""

    title = gettext_lazy("состояние")
    parameter_name = "status"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(status), label) for status, label in STATUS_LABELS.items()]

    def queryset(self, request: Any, queryset: QuerySet[Membership]) -> QuerySet[Membership]:
        """The memberships of the status; all for one that does not exist."""
        value = self.value()
        return queryset.filter(pk__in=of_status(value).values("pk")) if value in set(Status) else queryset


class MembershipRegister(DecidedRegister):
    """Who holds which level, of which year, and how it ended."""

    model = Membership
    decisions = DECISIONS
    argument = "membership"
    menu_label = gettext_lazy("Членства")
    menu_item_name = "memberships"
    menu_icon = "tick-inverse"
    add_label = gettext_lazy("Присвоить уровень")
    list_display = ("partner", "level_figure", "year", "starts", "until", "status", "ended_how")
    list_filter = (("level", RelatedFilter), "year", StatusFilter, "ended_how")
    list_select_related = ("partner", "level", "edition")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn", "partner__slug")
    export_fields = (
        "partner", "inn", "level", "year", "starts", "until", "status_label", "edition", "ended_how", "reason",
    )  # fmt: skip
    export_filename = "memberships"
    inspect_view_fields = [
        "partner", "level", "year", "starts", "until", "status_label", "edition", "ended_how", "reason", "granted_by",
        "granted_at",
    ]  # fmt: skip
    create_view_class = GrantView

    def get_queryset(self, request: Any) -> QuerySet[Membership]:
        return with_renewed(super().get_queryset(request))

    @display(description=gettext_lazy("уровень"), ordering="level")
    def level_figure(self, membership: Membership) -> str:
        """Its shape and its name."""
        return render_to_string("partner_directory/admin/level_name.html", {"level": membership.level})

    @display(description=gettext_lazy("состояние"))
    def status(self, membership: Membership) -> str:
        """Where it is today."""
        known = held(membership)
        return state_mark(known.label, is_primary=known.is_primary)

    @display(description=gettext_lazy("состояние"))
    def status_label(self, membership: Membership) -> str:
        """Where it is today, in words."""
        return held(membership).label

    @display(description=gettext_lazy("ИНН"))
    def inn(self, membership: Membership) -> str:
        """The partner's."""
        return membership.partner.inn


membership_register = MembershipRegister()
