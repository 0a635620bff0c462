"""The register of messages: who was told what, whether the letter left; and the one decision, to send it once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component

from partner_directory.actions import messages as actions
from partner_directory.models.message import Delivery, Message
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import DecidedRegister, Decision, DecisionView, NeverMadeHere
from partner_directory.wording import kind_label

TROUBLED = frozenset({Delivery.GIVEN_UP, Delivery.UNKNOWN})


class ResendView(DecisionView):
    """Asks before a letter is sent once more."""

    @property
    def question(self) -> str:
        """That the letter may arrive twice, where nobody knows whether it has left."""
        if self.instance.delivery == Delivery.UNKNOWN:
            return _("Неизвестно, ушло ли это письмо: адресат может получить его дважды. Отправить ещё раз?")
        return super().question


class DeliveryFilter(SimpleListFilter):
    """By where a letter is now."""

    title = gettext_lazy("письмо")
    parameter_name = "delivery"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Delivery.choices)

    def queryset(self, request: Any, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """The messages whose letter is there; all for a place that does not exist."""
        value = self.value()
        if value not in Delivery.values:
            return queryset
        return queryset.filter(pk__in=Message.objects.in_delivery(str(value), timezone.now()).values("pk"))


class KindFilter(SimpleListFilter):
    """By kind, of those that were ever sent."""

    title = gettext_lazy("вид")
    parameter_name = "kind"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, Any]]:
        kinds = Message.objects.order_by().values_list("kind", flat=True).distinct()
        return sorted(((kind, kind_label(kind)) for kind in kinds), key=lambda pair: pair[1])

    def queryset(self, request: Any, queryset: QuerySet[Message]) -> QuerySet[Message]:
        """The messages of the kind."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class MessageRegister(DecidedRegister):
    """Who was told what, when, and whether the letter has left."""

    model = Message
    menu_label = gettext_lazy("Сообщения")
    menu_item_name = "messages"
    menu_icon = "mail"
    decisions = {
        "resend": Decision(
            label=gettext_lazy("Отправить ещё раз"),
            question=gettext_lazy("Письмо не ушло. Отправить ещё раз?"),
            done=gettext_lazy("Письмо снова отправляется."),
            act=actions.resend,
            makes_sense=lambda message: message.delivery in TROUBLED,
        )
    }
    argument = "message"
    decision_view_class = ResendView
    permission_helper_class = NeverMadeHere
    list_display = ("shown_kind", "to", "created_at", "shown_delivery", "partner")
    list_filter = (DeliveryFilter, KindFilter, "created_at")
    list_select_related = ("partner", "user")
    search_fields = ("subject", "email", "partner__name_ru", "partner__name_en")
    inspect_view_fields = [
        "subject", "shown_kind", "to", "partner", "language", "shown_text", "url", "delivery_label", "created_at",
        "attempts", "next_attempt_at", "sent_at", "given_up_at", "trouble", "read_at",
    ]  # fmt: skip
    export_fields = (
        "created_at", "kind_name", "to", "partner", "language", "subject", "delivery_label", "attempts", "sent_at",
        "given_up_at", "trouble", "read_at",
    )  # fmt: skip
    export_filename = "messages"

    @display(description=gettext_lazy("вид"), ordering="kind")
    def shown_kind(self, message: Message) -> str:
        """When messages of its kind are sent."""
        return message.kind_label

    @display(description=gettext_lazy("вид"))
    def kind_name(self, message: Message) -> str:
        """The same, for the export."""
        return message.kind_label

    @display(description=gettext_lazy("кому"), ordering="email")
    def to(self, message: Message) -> str:
        """The address; the person where no letter goes."""
        return message.email or str(message.user or "")

    @display(description=gettext_lazy("письмо"))
    def shown_delivery(self, message: Message) -> SafeString:
        """Where the letter is, standing out where a manager has to decide."""
        return state_mark(message.delivery.label, is_primary=message.delivery in TROUBLED)

    @display(description=gettext_lazy("письмо"))
    def delivery_label(self, message: Message) -> str:
        """Where the letter is, in words."""
        return str(message.delivery.label)

    @display(description=gettext_lazy("текст"))
    def shown_text(self, message: Message) -> SafeString:
        """The words, line by line."""
        return format_html('<div class="enquiry-text">{}</div>', message.text)

    def get_extra_class_names_for_field_col(self, obj: Message, field_name: str) -> list[str]:
        return ["nowrap"] if field_name in ("to", "created_at") else []


message_register = MessageRegister()


class TroubledLettersPanel(Component):
    """On the dashboard of those who may send them once more: letters that have not left by themselves."""

    name = "troubled_letters"
    order = 60
    template_name = "partner_directory/admin/troubled_letters.html"

    def __init__(self, user: Any) -> None:
        self.user = user

    @cached_property
    def count(self) -> int:
        """How many there are; none for those who may not decide."""
        may_decide = self.user.has_perm("partner_directory.change_message")
        return Message.objects.troubled(timezone.now()).count() if may_decide else 0

    def get_context_data(self, parent_context: Mapping[str, Any] | None = None) -> dict[str, Any]:
        return {"count": self.count, "url": message_register.url_helper.index_url, "delivery": Delivery}
