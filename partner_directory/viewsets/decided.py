"""Registers whose rows managers decide: each decision a page that asks, whose POST calls an action.

Rows are never edited or deleted there; what a decision may refuse is said on its page. May not import models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import registry as log_registry
from wagtail_modeladmin.views import InstanceSpecificView

from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RegisterInspectView,
    Trail,
)

LONGEST_REASON = 500


class NoForm(forms.Form):
    """Nothing has to be said beside yes."""


class ReasonForm(forms.Form):
    """A decision that must give its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме."),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to decide of a row: its words, its form, its action, and of which rows it makes sense."""

    label: str | Promise
    question: str | Promise
    done: str | Promise
    act: Callable[..., Any]
    makes_sense: Callable[[Any], bool]
    form_class: type[forms.Form] = NoForm
    is_serious: bool = False


def say_refusal(form: forms.Form, error: ValidationError) -> None:
    """An action's refusal beside the fields that it names; above the form where it names none of them."""
    for name, errors in getattr(error, "error_dict", {NON_FIELD_ERRORS: [error]}).items():
        form.add_error(name if name in form.fields else None, errors)


class DecidedPermissionHelper(PolicyPermissionHelper):
    """Rows are decided, never edited or deleted."""

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user decides on rows."""
        return bool(self.policy.user_has_permission(user, "change"))


class EditedPermissionHelper(PolicyPermissionHelper):
    """Rows are decided, and edited as well."""

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user decides on rows."""
        return bool(self.policy.user_has_permission(user, "change"))


class DecidedButtonHelper(RegisterButtonHelper):
    """A button for each decision that makes sense, where the row can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: Any, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if "inspect" not in (exclude or ()) or not self.permission_helper.user_can_decide(self.request.user):
            return buttons
        decisions: Mapping[str, Decision] = self.view.model_admin.decisions
        return buttons + [
            {
                "url": self.url_helper.get_action_url(name, quote(obj.pk)),
                "label": each.label,
                "classname": self.finalise_classname(
                    ["no" if each.is_serious else "button-secondary", *(classnames_add or [])], classnames_exclude
                ),
                "title": f"{each.label}: {obj}",
            }
            for name, each in decisions.items()
            if each.makes_sense(obj)
        ]


class DecidedInspectView(RegisterInspectView):
    """A row with its history, and what can be decided of it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = log_registry.get_logs_for_instance(self.instance).select_related("user").order_by("-timestamp")
        return super().get_context_data(**kwargs) | {"log_entries": entries}

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/membership.html"]


class DecisionView(Trail, InstanceSpecificView):
    """Asks before an action is called, and calls it by POST."""

    decision: ClassVar[Decision]
    argument: ClassVar[str]

    @property
    def trail_end(self) -> str:  # type: ignore[override]
        """The last step of the breadcrumbs."""
        return str(self.decision.label)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not self.check_action_permitted(request.user):
            raise PermissionDenied
        if not self.decision.makes_sense(self.instance):
            messages.warning(request, _("Сейчас с этой записью так поступить нельзя."))
            return redirect(self._row_url())
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user))

    def get_page_title(self) -> str:
        return str(self.decision.label)

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide_enquiry.html"]

    @cached_property
    def form(self) -> forms.Form:
        """What has to be said beside yes."""
        return self.decision.form_class(self.request.POST if self.request.method == "POST" else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"form": self.form, "decision": self.decision, "inspect_url": self._row_url()}
        return super().get_context_data(**shown | kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        if self.form.is_valid():
            given = {self.argument: self.instance, **self.form.cleaned_data}
            try:
                self.decision.act(**given, actor=request.user)
            except ValidationError as error:
                say_refusal(self.form, error)
            else:
                messages.success(request, self.decision.done)
                return redirect(self._row_url())
        messages.validation_error(request, _("Ничего не записано."), self.form)
        return self.render_to_response(self.get_context_data())

    def _row_url(self) -> str:
        return str(self.url_helper.get_action_url("inspect", self.pk_quoted))


class DecidedRegister(Register):
    """The base: ``decisions`` by the names of their addresses, ``argument`` is what their actions call the row."""

    decisions: Mapping[str, Decision] = {}
    argument = "fact"
    permission_helper_class = DecidedPermissionHelper
    button_helper_class = DecidedButtonHelper
    inspect_view_class = DecidedInspectView

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """With one address a decision."""
        decisions = tuple(
            re_path(
                self.url_helper.get_action_url_pattern(name),
                self._decision_view(decision),
                name=self.url_helper.get_action_url_name(name),
            )
            for name, decision in self.decisions.items()
        )
        return (*super().get_admin_urls_for_registration(), *decisions)

    def _decision_view(self, decision: Decision) -> Callable[..., HttpResponse]:
        view_class = type("View", (DecisionView,), {"decision": decision, "argument": self.argument})

        def view(request: HttpRequest, instance_pk: str) -> HttpResponse:
            return view_class.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]

        return view
