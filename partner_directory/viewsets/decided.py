"""Registers whose rows managers decide: a button where a row is read, a page that asks, and an action, called by POST.

A register names its ``decisions`` and what their actions call the row (``argument``). Nothing is written here, and what
an action refuses is said beside the fields of its page. May not import models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
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

from partner_directory.refusals import say_refusal
from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RegisterInspectView,
    Trail,
)

LONGEST_REASON = 500


class DecisionForm(forms.Form):
    """What has to be said of a row beside yes: nothing more."""

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row


class ReasonForm(DecisionForm):
    """A decision that must give its reason."""

    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме."),
    )


def always(_row: Any) -> bool:
    """A decision that makes sense of every row."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """Something to decide: its words, its action, of which rows it makes sense, and what has to be said beside yes.

    ``done`` may name the row that came of it (``%(it)s``). Senseless decisions are not offered; what reaches the action
    all the same is for the action to refuse, unless it would not (``is_guarded``).
    """

    label: str | Promise
    question: str | Promise = ""
    done: str | Promise
    act: Callable[..., Any]
    makes_sense: Callable[[Any], bool] = always
    form_class: type[forms.Form] = DecisionForm
    is_serious: bool = False
    is_guarded: bool = False


class EditedPermissionHelper(PolicyPermissionHelper):
    """Rows are decided, and edited as well."""

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user decides on rows."""
        return bool(self.policy.user_has_permission(user, "change"))


class DecidedPermissionHelper(EditedPermissionHelper):
    """Rows are decided, never edited or deleted."""

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False


class NeverMadeHere(DecidedPermissionHelper):
    """The same, where rows come from elsewhere alone."""

    def user_can_create(self, user: Any) -> bool:
        return False


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


class AskingView(Trail, FormMixin, WMABaseView):
    """Asks before an action is called, and calls it by POST; its refusal stands beside what was typed."""

    decision: ClassVar[Decision]
    instance: Any = None

    @property
    def trail_end(self) -> str:  # type: ignore[override]
        """The last step of the breadcrumbs."""
        return self.get_page_title()

    @property
    def question(self) -> str:
        """What is asked."""
        return str(self.decision.question)

    @property
    def back_url(self) -> str:
        """Where nothing is decided."""
        return str(self.index_url)

    def get_page_title(self) -> str:
        return str(self.decision.label)

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide.html"]

    def get_form_class(self) -> type[forms.Form]:
        return self.decision.form_class

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {"media": context["form"].media, "decision": self.decision}

    def act(self, said: dict[str, Any]) -> Any:
        """Calls the action with what the form says; raises ValidationError where it refuses."""
        return self.decision.act(**said, actor=self.request.user)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        form = self.get_form()
        if form.is_valid():
            try:
                done = self.act(form.cleaned_data)
            except ValidationError as error:
                say_refusal(form, error)
            else:
                row = done if isinstance(done, self.model) else self.instance
                messages.success(request, self.decision.done % {"it": row})
                return redirect(self._url_of(row))
        messages.error(request, _("Ничего не записано."))
        return self.render_to_response(self.get_context_data(form=form))

    def _url_of(self, row: Model) -> str:
        """Where a row is read; the list for one that is no more."""
        exists = self.model._default_manager.filter(pk=row.pk).exists()
        return str(self.url_helper.get_action_url("inspect", quote(row.pk)) if exists else self.index_url)


class NewRowView(AskingView):
    """A new row by an action; the address may choose for the fields of ``chosen``, by the names of its parameters."""

    chosen: ClassVar[Mapping[str, str]] = {"partner": "partner"}

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_create(user))

    def get_initial(self) -> dict[str, Any]:
        given = {field: self.request.GET.get(name, "") for field, name in self.chosen.items()}
        return {field: int(key) for field, key in given.items() if key.isdecimal() and len(key) < 10}


class WholeRow:
    """For the views of one row: it knows all that its page and its decisions hang on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance: Any = self.model_admin.whole_rows().get(pk=self.instance.pk)  # type: ignore[attr-defined, has-type]


class DecisionView(WholeRow, AskingView, InstanceSpecificView):
    """Asks before a row is decided; only where the decision makes sense now."""

    argument: ClassVar[str]

    @property
    def back_url(self) -> str:
        return self._row_url()

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"row": self.instance}

    def act(self, said: dict[str, Any]) -> Any:
        return super().act({self.argument: self.instance, **said})

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Asks; says so where there is nothing to decide any more."""
        if not self.decision.makes_sense(self.instance):
            return self._turned_away()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action."""
        if self.decision.is_guarded and not self.decision.makes_sense(self.instance):
            return self._turned_away()
        return super().post(request, *args, **kwargs)

    def _turned_away(self) -> HttpResponse:
        messages.warning(self.request, _("Сейчас с этой записью так поступить нельзя."))
        return redirect(self.back_url)

    def _row_url(self) -> str:
        return str(self.url_helper.get_action_url("inspect", self.pk_quoted))


class DecidedInspectView(WholeRow, RegisterInspectView):
    """A row with its history, and what can be decided of it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        entries = log_registry.get_logs_for_instance(self.instance).select_related("user").order_by("-timestamp", "-pk")
        return super().get_context_data(**kwargs) | {"log_entries": entries}

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decided.html"]


UNNAMED: dict[str, str | Promise] = {
    "actor": gettext_lazy("кто"),
    "asked_by": gettext_lazy("кто попросил"),
    "decided_by": gettext_lazy("кто решил"),
    "made_by": gettext_lazy("кто записал"),
    "proposed_by": gettext_lazy("кто предложил"),
    "recorded_by": gettext_lazy("кто записал"),
    "set_by": gettext_lazy("кто указал"),
    "key": gettext_lazy("ключ"),
    "partner": gettext_lazy("партнёр"),
}


class DecidedRegister(Register):
    """The base: ``decisions`` by the names of their addresses, ``argument`` is what their actions call the row."""

    decisions: ClassVar[Mapping[str, Decision]] = {}
    argument: ClassVar[str] = ""
    labels = UNNAMED
    decision_view_class: ClassVar[type[DecisionView]] = DecisionView
    permission_helper_class = DecidedPermissionHelper
    button_helper_class = DecidedButtonHelper
    inspect_view_class = DecidedInspectView

    def get_queryset(self, request: HttpRequest | None) -> Any:
        rows = super().get_queryset(request)
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def whole_rows(self) -> Any:
        """Rows as their pages and decisions need them."""
        return self.get_queryset(None)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """With one address a decision."""
        decisions = tuple(
            re_path(
                self.url_helper.get_action_url_pattern(name),
                self._view_of(decision),
                name=self.url_helper.get_action_url_name(name),
            )
            for name, decision in self.decisions.items()
        )
        return (*super().get_admin_urls_for_registration(), *decisions)

    def _view_of(self, decision: Decision) -> Callable[..., HttpResponse]:
        words = {"decision": decision, "argument": self.argument}
        view_class = type("View", (self.decision_view_class,), words)

        def view(request: HttpRequest, instance_pk: str) -> HttpResponse:
            return view_class.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]

        return view
