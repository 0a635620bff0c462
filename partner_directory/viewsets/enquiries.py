"""Enquiries in the admin: a queue that partner managers look after, and the texts that visitors agree to.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
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
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views import snippets
from wagtail_modeladmin.views import InstanceSpecificView

from partner_directory.actions import enquiries as actions
from partner_directory.directory.suitable import Wish, in_turn
from partner_directory.models.enquiry import ConsentText, Enquiry
from partner_directory.models.partner import Partner
from program_pages.bilingual import said
from program_pages.viewsets.base import ProgrammeViewSet
from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RelatedFilter,
    Trail,
)

MOST_PARTNERS = 100  # that a manager chooses from when an enquiry is handed on

State = Enquiry.State


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a manager may decide of an enquiry: in which states, and what it does."""

    label: str | Promise
    question: str | Promise
    done: str | Promise
    states: frozenset[Enquiry.State]
    act: Callable[..., Enquiry]


DECISIONS = {
    "answered": Decision(
        gettext_lazy("Отвечено"),
        gettext_lazy("Партнёр ответил клиенту?"),
        gettext_lazy("Отмечено: партнёр ответил."),
        frozenset({State.SENT}),
        actions.answered,
    ),
    "hand_on": Decision(
        gettext_lazy("Передать другому"),
        gettext_lazy("Обращение уйдёт другому партнёру, клиент получит письмо об этом."),
        gettext_lazy("Обращение передано."),
        frozenset({State.SENT}),
        actions.hand_on,
    ),
    "close": Decision(
        gettext_lazy("Закрыть"),
        gettext_lazy("Больше с этим обращением ничего делать не нужно?"),
        gettext_lazy("Обращение закрыто."),
        frozenset({State.SENT, State.ANSWERED}),
        actions.close,
    ),
    "spam": Decision(
        gettext_lazy("Спам"),
        gettext_lazy("Это спам, и отвечать на него не нужно?"),
        gettext_lazy("Обращение отмечено как спам."),
        frozenset({State.WAITING, State.SENT, State.ANSWERED}),
        actions.mark_as_spam,
    ),
}


class EnquiryPermissionHelper(PolicyPermissionHelper):
    """Enquiries are written by visitors and decided by actions: nobody creates, edits or deletes one here."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any, enquiry: Enquiry) -> bool:
        """Whether the user may decide what becomes of an enquiry."""
        return bool(self.policy.user_has_permission_for_instance(user, "change", enquiry))


class EnquiryButtonHelper(RegisterButtonHelper):
    """A button for each decision that is open, where the enquiry can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: Enquiry, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        is_read = "inspect" in (exclude or ())
        if is_read and self.permission_helper.user_can_decide(self.request.user, obj):
            classes = self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude)
            buttons += [
                self._button(name, obj, classes) for name, each in DECISIONS.items() if obj.state in each.states
            ]
        return buttons

    def _button(self, name: str, enquiry: Enquiry, classes: str) -> dict[str, Any]:
        label = DECISIONS[name].label
        title = f"{label}: {enquiry}"
        url = self.url_helper.get_action_url(name, quote(enquiry.pk))
        return {"url": url, "label": label, "classname": classes, "title": title}


class HandOnForm(forms.Form):
    """To whom an enquiry is handed on: whoever's turn it is, unless a manager names another."""

    to = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        required=False,
        label=gettext_lazy("Кому"),
        empty_label=gettext_lazy("чья очередь"),
        help_text=gettext_lazy("Подходящие партнёры; первым стоит тот, кто ждёт дольше всех."),
    )

    def __init__(self, *args: Any, enquiry: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wish = Wish(
            enquiry.region.code if enquiry.region else "",
            enquiry.product.slug if enquiry.product else "",
            enquiry.service,
        )
        suitable = list(islice(in_turn(wish, without=[enquiry.recipient_id]), MOST_PARTNERS))
        field = self.fields["to"]
        field.queryset = Partner.objects.filter(pk__in=[partner.pk for partner in suitable])  # type: ignore[attr-defined]
        field.choices = [("", field.empty_label), *((partner.pk, str(partner)) for partner in suitable)]  # type: ignore[attr-defined]


class DecisionView(Trail, InstanceSpecificView):
    """Asks before an action is called, and calls it by POST."""

    decision: ClassVar[str] = ""
    instance: Enquiry

    @property
    def decided(self) -> Decision:
        """What is being decided."""
        return DECISIONS[self.decision]

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
        data = self.request.POST if self.request.method == "POST" else None
        return HandOnForm(data, enquiry=self.instance) if self.decision == "hand_on" else forms.Form(data)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = {"form": self.form, "decision": self.decided, "inspect_url": self._row_url()} | kwargs
        return super().get_context_data(**kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            self.decided.act(enquiry=self.instance, actor=request.user, **self.form.cleaned_data)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, self.decided.done)
        return redirect(self._row_url())


class RecipientFilter(RelatedFilter):
    """Partners that have got an enquiry, not all there are."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        used = Enquiry.objects.exclude(**{field.name: None}).order_by().values(field.name)
        found: list[Any] = field.get_choices(include_blank=False, limit_choices_to={"pk__in": used})
        return found


class EnquiryRegister(Register):
    """The queue of enquiries: who waits, for how long, and what became of it."""

    model = Enquiry
    menu_label = gettext_lazy("Обращения")
    menu_item_name = "enquiries"
    menu_icon = "mail"
    permission_helper_class = EnquiryPermissionHelper
    button_helper_class = EnquiryButtonHelper
    list_display = ("title", "shown_state", "shown_recipient", "region", "created_at", "waiting")
    list_filter = ("state", ("recipient", RecipientFilter), ("region", RecipientFilter), "created_at")
    list_select_related = ("recipient", "partner", "region", "product")
    search_fields = ("name", "company", "email", "text", "recipient__name_ru", "recipient__name_en")
    inspect_view_fields = [
        "title",
        "state",
        "waiting",
        "shown_partner",
        "shown_recipient",
        "region",
        "product",
        "shown_service",
        "name",
        "company",
        "email",
        "phone",
        "shown_text",
        "language",
        "consent",
        "consent_at",
        "created_at",
        "sent_at",
        "answered_at",
        "closed_at",
        "forgotten_at",
    ]
    export_fields = (
        "number",
        "created_at",
        "state",
        "partner",
        "recipient",
        "region",
        "product",
        "service",
        "name",
        "company",
        "email",
        "phone",
        "text",
        "language",
        "sent_at",
        "answered_at",
        "answer_hours",
        "closed_at",
    )
    export_filename = "enquiries"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.list_select_related)

    @display(description=gettext_lazy("обращение"), ordering="pk")
    def title(self, enquiry: Enquiry) -> str:
        """Its number, and who wrote."""
        return " · ".join(filter(None, [str(enquiry), enquiry.name, enquiry.company]))

    @display(description=gettext_lazy("номер"), ordering="pk")
    def number(self, enquiry: Enquiry) -> int:
        """Its number alone."""
        return enquiry.pk

    @display(description=gettext_lazy("состояние"), ordering="state")
    def shown_state(self, enquiry: Enquiry) -> str:
        """Its state, standing out while somebody waits for an answer."""
        primary = " w-status--primary" if enquiry.state == State.SENT else ""
        return format_html('<span class="w-status{}">{}</span>', primary, enquiry.get_state_display())

    @display(description=gettext_lazy("выбранный партнёр"), empty_value=gettext_lazy("любой подходящий"))  # type: ignore[call-overload, untyped-decorator, unused-ignore]
    def shown_partner(self, enquiry: Enquiry) -> str | None:
        """Whom the visitor chose."""
        return _named(enquiry.partner)

    @display(description=gettext_lazy("получатель"), ordering="recipient__name_ru")
    def shown_recipient(self, enquiry: Enquiry) -> str | None:
        """Who has it."""
        return _named(enquiry.recipient)

    @display(description=gettext_lazy("услуга"))
    def shown_service(self, enquiry: Enquiry) -> str:
        """What is to be done."""
        return str(enquiry.get_service_display())

    @display(description=gettext_lazy("обращение"))
    def shown_text(self, enquiry: Enquiry) -> str:
        """The words, line by line."""
        return format_html('<div class="enquiry-text">{}</div>', enquiry.text) if enquiry.text else ""

    @display(description=gettext_lazy("ответ"), ordering="sent_at")
    def waiting(self, enquiry: Enquiry) -> str:
        """How long the client waits, or waited for the answer."""
        if enquiry.sent_at is None:
            return ""
        if enquiry.answered_at is not None:
            return _("через %(time)s") % {"time": _between(enquiry.sent_at, enquiry.answered_at)}
        if enquiry.closed_at is not None:
            return _("без ответа")
        return _("ждёт %(time)s") % {"time": _between(enquiry.sent_at, timezone.now())}

    @display(description=gettext_lazy("ответ, часов"))
    def answer_hours(self, enquiry: Enquiry) -> float | None:
        """Hours from being handed over to the answer."""
        return enquiry.answer_hours

    def get_extra_class_names_for_field_col(self, obj: Enquiry, field_name: str) -> list[str]:
        return ["nowrap"] if field_name in ("created_at", "waiting") else []

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


def _named(partner: Partner | None) -> str | None:
    if partner is None:
        return None
    name = said(partner.name)
    return f"{name} ({_('образец')})" if partner.is_sample else name


def _between(one: datetime, other: datetime) -> str:
    return timesince(one, other, depth=1)


class ConsentEditView(snippets.EditView):
    """A text's form; read-only once anybody has agreed to it."""

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        if self.object.is_used:
            for field in form.fields.values():
                field.disabled = True
        return form


class ConsentTextViewSet(ProgrammeViewSet):
    """The texts that people agree to, each for a purpose and from its day on."""

    model = ConsentText
    icon = "check"
    menu_label = gettext_lazy("Тексты согласия")
    list_display = [
        "__str__",
        Column("purpose", label=gettext_lazy("Для чего"), accessor="get_purpose_display"),
        "is_sample",
    ]
    list_filter = ["purpose"]
    ordering = ["-effective_from", "purpose"]
    edit_view_class = ConsentEditView
    copy_view_enabled = False


enquiry_register = EnquiryRegister()
