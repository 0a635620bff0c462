"""Registers whose rows are decided, never edited: each decision is a page that asks, and its POST calls an action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.edit import FormMixin
from wagtail.admin import messages
from wagtail.log_actions import registry as log_registry
from wagtail_modeladmin.views import InstanceSpecificView, WMABaseView

from partner_directory.viewsets.memberships import say_refusal
from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RegisterInspectView,
    Trail,
)


class NothingForm(forms.Form):
    """A decision that needs no more words."""

    def __init__(self, *args: Any, row: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class ReasonForm(NothingForm):
    """A decision that gives its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме."),
    )


@dataclass(frozen=True)
class Decision:
    """Something to decide on a row: its words, its form, and where it makes sense.

    ``act`` is called with the row, what the form says, and the actor; it gives the row to show next, None for the list.
    """

    name: str
    label: str | Promise
    done: str | Promise
    act: Callable[[Any, dict[str, Any], Any], Model | None]
    makes_sense: Callable[[Any], bool]
    form_class: type[NothingForm] = NothingForm
    is_serious: bool = False


class AskingView(Trail, FormMixin, WMABaseView):
    """A form that calls an action, and shows its refusal beside what was typed."""

    template_name = "partner_directory/admin/decision.html"
    instance: Any = None
    decision: ClassVar[Decision]

    @property
    def trail_end(self) -> str | Promise:  # type: ignore[override]
        """The decision."""
        return self.decision.label

    def get_page_title(self) -> str:
        return str(self.decision.label)

    def get_form_class(self) -> type[NothingForm]:
        return self.decision.form_class

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.instance}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form = context.setdefault("form", self.get_form())
        return context | {"media": form.media, "decision": self.decision}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.get_form()
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            done = self.decision.act(self.instance, form.cleaned_data, request.user)
        except ValidationError as error:
            say_refusal(form, error)
            return self.form_invalid(form)
        messages.success(request, self.decision.done)
        return redirect(self.url_helper.get_action_url("inspect", done.pk) if done else self.index_url)

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        messages.validation_error(self.request, _("Ничего не записано."), form)
        return self.render_to_response(self.get_context_data(form=form))


class DecisionView(AskingView, InstanceSpecificView):
    """A decision on one row; only where it makes sense now."""

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not self.check_action_permitted(request.user):
            raise PermissionDenied
        if request.user.is_authenticated and not self.decision.makes_sense(self.instance):
            messages.warning(request, _("Сейчас так решить нельзя."))
            return redirect(self.url_helper.get_action_url("inspect", self.pk_quoted))
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]


class NewRowView(AskingView):
    """A new row by an action; the partner may be named in the address."""

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_create(user))

    def get_initial(self) -> dict[str, Any]:
        partner = self.request.GET.get("partner", "")
        return {"partner": int(partner) if partner.isdecimal() and len(partner) < 10 else None}


class DecidedPermissionHelper(PolicyPermissionHelper):
    """Rows are decided, never edited or deleted."""

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user decides on rows."""
        return bool(self.policy.user_has_permission(user, "change"))


class NeverMadeHere(DecidedPermissionHelper):
    """The same, where rows come from partners alone."""

    def user_can_create(self, user: Any) -> bool:
        return False


class DecidedButtonHelper(RegisterButtonHelper):
    """A button for each decision that makes sense, where the row can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: Any, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        is_read = "inspect" in (exclude or ())
        if not is_read or not self.permission_helper.user_can_decide(self.request.user):
            return buttons
        return [
            *buttons,
            *(
                self._button(decision, obj, classnames_add, classnames_exclude)
                for decision in self.view.model_admin.decisions
                if decision.makes_sense(obj)
            ),
        ]

    def _button(self, decision: Decision, row: Any, classnames_add: Any, classnames_exclude: Any) -> dict[str, Any]:
        look = ["no"] if decision.is_serious else ["button-secondary"]
        return {
            "url": self.url_helper.get_action_url(decision.name, row.pk),
            "label": decision.label,
            "classname": self.finalise_classname([*look, *(classnames_add or [])], classnames_exclude),
            "title": f"{decision.label}: {row}",
        }


class DecidedInspectView(RegisterInspectView):
    """A row with its history, and what can be decided on it."""

    template_name = "partner_directory/admin/membership.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        entries = log_registry.get_logs_for_instance(self.instance).select_related("user").order_by("-timestamp")
        return context | {"log_entries": entries}

    def get_template_names(self) -> list[str]:
        return [self.template_name]


class DecidedRegister(Register):
    """A register with a page for each of its ``decisions``; ``make`` is how a new row comes about, if one may."""

    decisions: tuple[Decision, ...] = ()
    permission_helper_class = DecidedPermissionHelper
    button_helper_class = DecidedButtonHelper
    inspect_view_class = DecidedInspectView

    def get_queryset(self, request: Any) -> Any:
        related = self.list_select_related
        found = super().get_queryset(request)
        return found.select_related(*related) if related else found

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """A view for each decision, beside those of every register."""
        return (
            *super().get_admin_urls_for_registration(),
            *(
                re_path(
                    self.url_helper.get_action_url_pattern(decision.name),
                    self._view_of(decision),
                    name=self.url_helper.get_action_url_name(decision.name),
                )
                for decision in self.decisions
            ),
        )

    def _view_of(self, decision: Decision) -> Callable[..., HttpResponse]:
        view_class = type("View", (DecisionView,), {"decision": decision})

        def view(request: HttpRequest, instance_pk: str) -> HttpResponse:
            return view_class.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]

        return view
