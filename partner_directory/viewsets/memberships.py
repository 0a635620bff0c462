"""The register of memberships (R12, R44, R45, A7): found, inspected, exported, and decided by the actions alone.

A membership has no form to edit and nothing deletes it: each decision is a form of its own that calls its action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import re_path
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormMixin
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail.log_actions import registry as log_registry
from wagtail_modeladmin.views import InstanceSpecificView, WMABaseView

from partner_directory.actions import memberships as actions
from partner_directory.models.membership import STATUS_LABELS, Membership, Status
from partner_directory.models.partner import Partner
from partner_directory.viewsets.choosers import PartnerChooser
from partner_directory.viewsets.holdings import held, of_status, with_renewed
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RegisterInspectView,
    RelatedFilter,
    Trail,
)

REASON = gettext_lazy("Партнёр прочтёт её в письме.")


class DecisionForm(forms.Form):
    """A decision with its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Причина"), required=False, widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON
    )

    def __init__(self, *args: Any, membership: Membership | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership


class ReasonedForm(DecisionForm):
    """A decision that must give its reason."""

    reason = forms.CharField(label=gettext_lazy("Причина"), widget=forms.Textarea(attrs={"rows": 3}), help_text=REASON)


class GrantForm(DecisionForm):
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
    field_order = ["partner", "level", "starts", "reason"]


class ChangeLevelForm(ReasonedForm):
    """To which level, from which day."""

    level = forms.ModelChoiceField(label=gettext_lazy("Новый уровень"), queryset=Level.objects.none())
    on = forms.DateField(label=gettext_lazy("С какого дня"), widget=AdminDateInput)
    field_order = ["level", "on", "reason"]

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, membership=membership, **kwargs)
        others = Level.objects.filter(product_line=membership.product_line_id).exclude(pk=membership.level_id)
        self.fields["level"].queryset = others  # type: ignore[attr-defined]


class EndForm(ReasonedForm):
    """How it ends, and on which day."""

    how = forms.ChoiceField(
        label=gettext_lazy("Как прекращено"),
        choices=[
            (ending.value, ending.label)
            for ending in (Membership.Ending.WITHDRAWN, Membership.Ending.TERMINATED)  # a level is changed elsewhere
        ],
    )
    on = forms.DateField(label=gettext_lazy("Последний день"), widget=AdminDateInput)
    field_order = ["how", "on", "reason"]


@dataclass(frozen=True)
class Decision:
    """Something to decide on a membership: its words, its form, its action, and where it makes sense."""

    name: str
    label: str | Promise
    done: str | Promise
    form_class: type[DecisionForm]
    act: Callable[..., Membership]
    makes_sense: Callable[[Membership, Status], bool]
    is_serious: bool = False


def _runs(_membership: Membership, status: Status) -> bool:
    return status in {Status.ACTIVE, Status.ENDS_SOON, Status.UPCOMING}


def _open(membership: Membership, status: Status) -> bool:
    return membership.state != Membership.State.ENDED and status != Status.LAPSED


def _renewable(membership: Membership, status: Status) -> bool:
    never_renewed = not membership.is_renewed and membership.state == Membership.State.GRANTED  # type: ignore[attr-defined]
    return status == Status.ENDS_SOON or (never_renewed and status == Status.LAPSED)


DECISIONS = (
    Decision(
        "renew", gettext_lazy("Продлить"), gettext_lazy("Продлено: %(it)s."), DecisionForm, actions.renew, _renewable
    ),
    Decision(
        "change_level",
        gettext_lazy("Сменить уровень"),
        gettext_lazy("Уровень сменён: %(it)s."),
        ChangeLevelForm,
        actions.change_level,
        lambda membership, status: _open(membership, status) and _runs(membership, status),
    ),
    Decision(
        "suspend",
        gettext_lazy("Приостановить"),
        gettext_lazy("Приостановлено: %(it)s."),
        ReasonedForm,
        actions.suspend,
        lambda membership, status: membership.state == Membership.State.GRANTED and _runs(membership, status),
        is_serious=True,
    ),
    Decision(
        "resume",
        gettext_lazy("Возобновить"),
        gettext_lazy("Возобновлено: %(it)s."),
        DecisionForm,
        actions.resume,
        lambda _membership, status: status == Status.SUSPENDED,
    ),
    Decision(
        "end",
        gettext_lazy("Прекратить"),
        gettext_lazy("Прекращено: %(it)s."),
        EndForm,
        actions.end,
        _open,
        is_serious=True,
    ),
)


def say_refusal(form: forms.Form, error: ValidationError) -> None:
    """An action's refusal beside the fields that it names; above the form where it names none of them."""
    fields = getattr(error, "error_dict", {NON_FIELD_ERRORS: [error]})
    for name, errors in fields.items():
        form.add_error(name if name in form.fields else None, errors)


class DecisionView(Trail, FormMixin, WMABaseView):
    """A form that calls an action, and shows its refusal beside what was typed."""

    template_name = "partner_directory/admin/decision.html"
    decision: ClassVar[Decision]

    def get_page_title(self) -> str:
        return str(self.decision.label)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context.setdefault("form", self.get_form())
        return context | {"media": form.media, "decision": self.decision}

    def get_form_class(self) -> type[DecisionForm]:
        return self.decision.form_class

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            done = self.decision.act(**self.get_action_kwargs(form), actor=request.user)
        except ValidationError as error:
            say_refusal(form, error)
            return self.form_invalid(form)
        messages.success(request, self.decision.done % {"it": done})
        return redirect(self.url_helper.get_action_url("inspect", done.pk))

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        messages.validation_error(self.request, _("Ничего не записано."), form)
        return self.render_to_response(self.get_context_data(form=form))

    def get_action_kwargs(self, form: forms.Form) -> dict[str, Any]:
        """What the action is called with, beside the actor."""
        return form.cleaned_data


class OneMembership:
    """For the views of one membership: its row knows what its status hangs on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = with_renewed(Membership.objects.select_related("partner", "level", "edition"))
        self.instance: Membership = rows.get(pk=self.instance.pk)


class MembershipView(OneMembership, DecisionView, InstanceSpecificView):
    """A decision on one membership; only where it makes sense today."""

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not self.check_action_permitted(request.user):
            raise PermissionDenied
        if not self.decision.makes_sense(self.instance, held(self.instance).status):
            messages.warning(request, _("Сейчас с этим членством так поступить нельзя."))
            return redirect(self.url_helper.get_action_url("inspect", self.pk_quoted))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    @property
    def trail_end(self) -> str | Promise:  # type: ignore[override]
        """The decision."""
        return self.decision.label

    def get_initial(self) -> dict[str, Any]:
        return {"on": max(programme_day(), self.instance.starts)}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"membership": self.instance}

    def get_action_kwargs(self, form: forms.Form) -> dict[str, Any]:
        return {**form.cleaned_data, "membership": self.instance}


GRANT = Decision(
    "grant",
    gettext_lazy("Присвоить уровень"),
    gettext_lazy("Присвоено: %(it)s."),
    GrantForm,
    actions.grant,
    lambda _membership, _status: True,
)


class GrantView(DecisionView):
    """A new membership; the partner may be named in the address."""

    decision = GRANT
    trail_end = GRANT.label

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_create(user))

    def get_initial(self) -> dict[str, Any]:
        partner = self.request.GET.get("partner", "")
        return {
            "starts": programme_day(),
            "partner": int(partner) if partner.isdecimal() and len(partner) < 10 else None,
        }


class MembershipInspectView(OneMembership, RegisterInspectView):
    """A membership with its history, and what can be decided on it."""

    template_name = "partner_directory/admin/membership.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = log_registry.get_logs_for_instance(self.instance).select_related("user").order_by("-timestamp")
        return context | {"log_entries": entries}

    def get_template_names(self) -> list[str]:
        return [self.template_name]


class MembershipPermissionHelper(PolicyPermissionHelper):
    """Memberships are decided, never edited or deleted."""

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user decides on memberships."""
        return bool(self.policy.user_has_permission(user, "change"))


class MembershipButtonHelper(RegisterButtonHelper):
    """A button for each decision that makes sense for a row."""

    def get_buttons_for_obj(
        self, obj: Any, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        return [*buttons, *self.decision_buttons(obj, classnames_add, classnames_exclude)]

    def decision_buttons(
        self, membership: Membership, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        """What can be decided on a membership that knows whether it is renewed."""
        if not self.permission_helper.user_can_decide(self.request.user):
            return []
        status = held(membership).status
        return [
            self._decision_button(decision, membership, classnames_add, classnames_exclude)
            for decision in DECISIONS
            if decision.makes_sense(membership, status)
        ]

    def _decision_button(
        self, decision: Decision, membership: Membership, classnames_add: Any, classnames_exclude: Any
    ) -> dict[str, Any]:
        look = ["no"] if decision.is_serious else ["button-secondary"]
        return {
            "url": self.url_helper.get_action_url(decision.name, membership.pk),
            "label": decision.label,
            "classname": self.finalise_classname([*look, *(classnames_add or [])], classnames_exclude),
            "title": f"{decision.label}: {membership}",
        }


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


class MembershipRegister(Register):
    """Who holds which level, of which year, and how it ended."""

    model = Membership
    menu_label = gettext_lazy("Членства")
    menu_item_name = "memberships"
    menu_icon = "tick-inverse"
    add_label = gettext_lazy("Присвоить уровень")
    list_display = ("partner", "level_figure", "year", "starts", "until", "status", "edition", "ended_how")
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
    permission_helper_class = MembershipPermissionHelper
    button_helper_class = MembershipButtonHelper
    create_view_class = GrantView
    inspect_view_class = MembershipInspectView

    def get_queryset(self, request: Any) -> QuerySet[Membership]:
        return with_renewed(super().get_queryset(request))

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """A view for each decision, beside those of every register."""
        decisions = tuple(
            re_path(
                self.url_helper.get_action_url_pattern(decision.name),
                self._decision_view(decision),
                name=self.url_helper.get_action_url_name(decision.name),
            )
            for decision in DECISIONS
        )
        return (*super().get_admin_urls_for_registration(), *decisions)

    def _decision_view(self, decision: Decision) -> Callable[..., HttpResponse]:
        view_class = type("DecisionView", (MembershipView,), {"decision": decision})

        def view(request: HttpRequest, instance_pk: str) -> HttpResponse:
            return view_class.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]

        return view

    @display(description=gettext_lazy("уровень"), ordering="level")
    def level_figure(self, membership: Membership) -> str:
        """Its shape and its name."""
        return render_to_string("partner_directory/admin/level_name.html", {"level": membership.level})

    @display(description=gettext_lazy("состояние"))
    def status(self, membership: Membership) -> SafeString:
        """Where it is today."""
        known = held(membership)
        return format_html(
            '<span class="w-status{}">{}</span>', " w-status--primary" if known.is_primary else "", known.label
        )

    @display(description=gettext_lazy("состояние"))
    def status_label(self, membership: Membership) -> str:
        """Where it is today, in words."""
        return held(membership).label

    @display(description=gettext_lazy("ИНН"))
    def inn(self, membership: Membership) -> str:
        """The partner's."""
        return membership.partner.inn


membership_register = MembershipRegister()
