"""Enquiries in the admin: a queue that partner managers look after, and the texts that visitors agree to.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any

from django import forms
from django.contrib.admin import display
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views import snippets

from partner_directory.actions import enquiries as actions
from partner_directory.directory.suitable import Wish, in_turn
from partner_directory.models.enquiry import ConsentText, Enquiry
from partner_directory.models.partner import Partner
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, DecisionForm, NeverMadeHere
from program_pages.bilingual import said
from program_pages.viewsets.base import ProgrammeViewSet
from program_pages.viewsets.register import RelatedFilter

MOST_PARTNERS = 100  # that a manager chooses from when an enquiry is handed on

State = Enquiry.State


class HandOnForm(DecisionForm):
    """To whom an enquiry is handed on: whoever's turn it is, unless a manager names another."""

    to = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        required=False,
        label=gettext_lazy("Кому"),
        empty_label=gettext_lazy("чья очередь"),
        help_text=gettext_lazy("Подходящие партнёры; первым стоит тот, кто ждёт дольше всех."),
    )

    def __init__(self, *args: Any, row: Enquiry, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        wish = Wish(
            row.region.code if row.region else "",
            row.product.slug if row.product else "",
            row.service,
        )
        suitable = list(islice(in_turn(wish, without=[row.recipient_id]), MOST_PARTNERS))
        field = self.fields["to"]
        field.queryset = Partner.objects.filter(pk__in=[partner.pk for partner in suitable])  # type: ignore[attr-defined]
        field.choices = [("", field.empty_label), *((partner.pk, str(partner)) for partner in suitable)]  # type: ignore[attr-defined]


def _is(*states: Enquiry.State) -> Callable[[Enquiry], bool]:
    return lambda enquiry: enquiry.state in states


DECISIONS = {
    "answered": Decision(
        label=gettext_lazy("Отвечено"),
        question=gettext_lazy("Партнёр ответил клиенту?"),
        done=gettext_lazy("Отмечено: партнёр ответил."),
        makes_sense=_is(State.SENT),
        act=actions.answered,
    ),
    "hand_on": Decision(
        label=gettext_lazy("Передать другому"),
        question=gettext_lazy("Обращение уйдёт другому партнёру, клиент получит письмо об этом."),
        done=gettext_lazy("Обращение передано."),
        makes_sense=_is(State.SENT),
        act=actions.hand_on,
        form_class=HandOnForm,
    ),
    "close": Decision(
        label=gettext_lazy("Закрыть"),
        question=gettext_lazy("Больше с этим обращением ничего делать не нужно?"),
        done=gettext_lazy("Обращение закрыто."),
        makes_sense=_is(State.SENT, State.ANSWERED),
        act=actions.close,
    ),
    "spam": Decision(
        label=gettext_lazy("Спам"),
        question=gettext_lazy("Это спам, и отвечать на него не нужно?"),
        done=gettext_lazy("Обращение отмечено как спам."),
        makes_sense=_is(State.WAITING, State.SENT, State.ANSWERED),
        act=actions.mark_as_spam,
    ),
}


class RecipientFilter(RelatedFilter):
    """Partners that have got an enquiry, not all there are."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> list[Any]:
        used = Enquiry.objects.exclude(**{field.name: None}).order_by().values(field.name)
        found: list[Any] = field.get_choices(include_blank=False, limit_choices_to={"pk__in": used})
        return found


class EnquiryRegister(DecidedRegister):
    """The queue of enquiries: who waits, for how long, and what became of it."""

    model = Enquiry
    decisions = DECISIONS
    argument = "enquiry"
    menu_label = gettext_lazy("Обращения")
    menu_item_name = "enquiries"
    menu_icon = "mail"
    permission_helper_class = NeverMadeHere
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
        return state_mark(enquiry.get_state_display(), is_primary=enquiry.state == State.SENT)

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
