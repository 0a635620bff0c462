"""A register whose rows somebody else writes and a manager decides: a button, a page that asks, an action.

Nothing is written here. May not import models.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail_modeladmin.views import InstanceSpecificView

from program_pages.viewsets.register import PolicyPermissionHelper, Register, RegisterButtonHelper, Trail

LONGEST_REASON = 500


class ReasonForm(forms.Form):
    """Why: the partner reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме и в своём разделе."),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to decide of a row: its words, what must be said beside yes, its action, and where it is open."""

    label: str | Promise
    question: str | Promise
    done: str | Promise
    act: Callable[..., Any]
    is_open: Callable[[Any], bool]
    form_class: type[forms.Form] = forms.Form


class DecidedPermissionHelper(PolicyPermissionHelper):
    """Rows are written by partners and decided by actions: nobody creates, edits or deletes one here."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any, row: Any) -> bool:
        """Whether the user may decide what becomes of a row."""
        return bool(self.policy.user_has_permission_for_instance(user, "change", row))


class DecidedButtonHelper(RegisterButtonHelper):
    """A button for each decision that is open, where the row can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: Any, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        is_read = "inspect" in (exclude or ())
        if is_read and self.permission_helper.user_can_decide(self.request.user, obj):
            classes = self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude)
            decisions = self.view.model_admin.decisions.items()
            buttons += [self._button(name, each, obj, classes) for name, each in decisions if each.is_open(obj)]
        return buttons

    def _button(self, name: str, decision: Decision, row: Any, classes: str) -> dict[str, Any]:
        url = self.url_helper.get_action_url(name, quote(row.pk))
        title = f"{decision.label}: {row}"
        return {"url": url, "label": decision.label, "classname": classes, "title": title}


class DecideView(Trail, InstanceSpecificView):
    """Asks before an action is called, and calls it by POST."""

    decision: ClassVar[str] = ""

    @property
    def decided(self) -> Decision:
        """What is being decided."""
        found: Decision = self.model_admin.decisions[self.decision]
        return found

    @property
    def trail_end(self) -> str:  # type: ignore[override]
        """The last step of the breadcrumbs."""
        return str(self.decided.label)

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user, self.instance))

    def get_page_title(self) -> str:
        return str(self.decided.label)

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide_enquiry.html"]

    @cached_property
    def form(self) -> forms.Form:
        """What has to be said beside yes."""
        return self.decided.form_class(self.request.POST if self.request.method == "POST" else None)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = {"form": self.form, "decision": self.decided, "inspect_url": self._row_url()} | kwargs
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())  # type: ignore[no-any-return]
        try:
            self.decided.act(self.instance, request.user, **self.form.cleaned_data)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, self.decided.done)
        return redirect(self._row_url())


class DecidedRegister(Register):
    """The base: ``decisions`` by the name that stands in their address."""

    decisions: ClassVar[Mapping[str, Decision]] = {}
    permission_helper_class = DecidedPermissionHelper
    button_helper_class = DecidedButtonHelper

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """With one address a decision."""
        urls: tuple[Any, ...] = super().get_admin_urls_for_registration()
        return (
            *urls,
            *(
                re_path(
                    self.url_helper.get_action_url_pattern(name),
                    self.decide_view,
                    {"decision": name},
                    name=self.url_helper.get_action_url_name(name),
                )
                for name in self.decisions
            ),
        )

    def decide_view(self, request: HttpRequest, instance_pk: str, decision: str) -> HttpResponse:
        """The page of one decision."""
        view = type("View", (DecideView,), {"decision": decision})
        return view.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]
