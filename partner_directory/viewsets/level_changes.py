"""Requests for another level in the admin (A7): a queue that partner managers decide, with how the partner stands.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import display
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html, format_html_join
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.widgets import AdminDateInput
from wagtail_modeladmin.views import InstanceSpecificView

from partner_directory.actions import level_changes as actions
from partner_directory.models.level_change import LONGEST_REASON, LevelChange
from partner_directory.partner_terms import terms_for
from partner_directory.standing import standing_of
from partner_directory.year.renewal import Gap
from partner_directory.year.words import said_gap
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.rules.terms import UnknownLevel
from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RelatedFilter,
    Trail,
)

State = LevelChange.State


class GrantForm(forms.Form):
    """From which day."""

    on = forms.DateField(
        label=gettext_lazy("С какого дня"),
        widget=AdminDateInput,
        help_text=gettext_lazy("Нынешнее членство закроется накануне; новое продлится до 31 декабря (R44, A7)."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме."),
    )


class RefuseForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=gettext_lazy("Причина"),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Партнёр прочтёт её в письме."),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a manager may decide of a request."""

    label: str | Promise
    question: str | Promise
    done: str | Promise
    form_class: type[forms.Form]
    act: Callable[..., LevelChange]


DECISIONS = {
    "grant": Decision(
        gettext_lazy("Сменить уровень"),
        gettext_lazy("Нынешнее членство закроется, и с выбранного дня начнётся новое."),
        gettext_lazy("Уровень сменён."),
        GrantForm,
        actions.grant,
    ),
    "refuse": Decision(
        gettext_lazy("Отклонить"),
        gettext_lazy("Уровень останется прежним, компания узнает причину."),
        gettext_lazy("Запрос отклонён."),
        RefuseForm,
        actions.refuse,
    ),
}


class LevelChangePermissionHelper(PolicyPermissionHelper):
    """Requests are made by companies and decided by actions: nobody creates, edits or deletes one here."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user may decide what becomes of requests."""
        return bool(self.policy.user_has_permission(user, "change"))


class LevelChangeButtonHelper(RegisterButtonHelper):
    """A button for each decision, where the request can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: LevelChange, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        is_read, is_open = "inspect" in (exclude or ()), obj.state == State.ASKED
        if is_read and is_open and self.permission_helper.user_can_decide(self.request.user):
            classes = self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude)
            buttons += [self._button(name, obj, classes) for name in DECISIONS]
        return buttons

    def _button(self, name: str, change: LevelChange, classes: str) -> dict[str, Any]:
        label = DECISIONS[name].label
        url = self.url_helper.get_action_url(name, quote(change.pk))
        return {"url": url, "label": label, "classname": classes, "title": f"{label}: {change}"}


class DecisionView(Trail, InstanceSpecificView):
    """Asks before an action is called, and calls it by POST."""

    decision: ClassVar[str] = ""
    instance: LevelChange

    @property
    def decided(self) -> Decision:
        """What is being decided."""
        return DECISIONS[self.decision]

    @property
    def trail_end(self) -> str:  # type: ignore[override]
        """The last step of the breadcrumbs."""
        return str(self.decided.label)

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user))

    def get_page_title(self) -> str:
        return str(self.decided.label)

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide_enquiry.html"]

    @cached_property
    def form(self) -> forms.Form:
        """What has to be said beside yes."""
        data = self.request.POST if self.request.method == "POST" else None
        return self.decided.form_class(data, initial={"on": programme_day()})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = {"form": self.form, "decision": self.decided, "inspect_url": self._row_url()} | kwargs
        return super().get_context_data(**kwargs) | {"media": self.form.media}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            self.decided.act(change=self.instance, actor=request.user, **self.form.cleaned_data)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, self.decided.done)
        return redirect(self._row_url())


class LevelChangeRegister(Register):
    """The queue of requests: who asks for which level, since when, and what became of it."""

    model = LevelChange
    menu_label = gettext_lazy("Смена уровня")
    menu_item_name = "level-changes"
    menu_icon = "order"
    permission_helper_class = LevelChangePermissionHelper
    button_helper_class = LevelChangeButtonHelper
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

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.list_select_related)

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
        primary = " w-status--primary" if change.state == State.ASKED else ""
        return format_html('<span class="w-status{}">{}</span>', primary, change.get_state_display())

    @display(description=gettext_lazy("ждёт"), ordering="asked_at")
    def waiting(self, change: LevelChange) -> str:
        """How long the company waits."""
        return timesince(change.asked_at, timezone.now(), depth=1) if change.state == State.ASKED else ""

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
                for name in DECISIONS
            ),
        )

    def decide_view(self, request: HttpRequest, instance_pk: str, decision: str) -> HttpResponse:
        """The page of one decision."""
        view = type("View", (DecisionView,), {"decision": decision})
        return view.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]


level_change_register = LevelChangeRegister()
