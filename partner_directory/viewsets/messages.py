"""The register of messages: who was told what, whether the letter left; and the one decision, to send it once more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import re_path
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail_modeladmin.views import InstanceSpecificView

from partner_directory.actions import messages as actions
from partner_directory.models.message import Delivery, Message
from partner_directory.wording import kind_label
from program_pages.viewsets.register import PolicyPermissionHelper, Register, RegisterButtonHelper, Trail

RESEND = gettext_lazy("Отправить ещё раз")
TROUBLED = frozenset({Delivery.GIVEN_UP, Delivery.UNKNOWN})


class MessagePermissionHelper(PolicyPermissionHelper):
    """Messages are written by what happens: nobody creates, edits or deletes one here."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_resend(self, user: Any, message: Message) -> bool:
        """Whether the user may send a letter once more."""
        return bool(self.policy.user_has_permission_for_instance(user, "change", message))


class MessageButtonHelper(RegisterButtonHelper):
    """A button to send once more what has not left, where the message can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: Message, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        is_read = "inspect" in (exclude or ())
        if is_read and obj.delivery in TROUBLED and self.permission_helper.user_can_resend(self.request.user, obj):
            classes = self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude)
            url = self.url_helper.get_action_url("resend", quote(obj.pk))
            buttons.append({"url": url, "label": RESEND, "classname": classes, "title": f"{RESEND}: {obj}"})
        return buttons


class ResendView(Trail, InstanceSpecificView):
    """Asks before a letter is sent once more, and does it by POST."""

    instance: Message
    trail_end = RESEND

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_resend(user, self.instance))

    def get_page_title(self) -> str:
        return str(RESEND)

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide_enquiry.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_unknown = self.instance.delivery == Delivery.UNKNOWN
        question = _("Неизвестно, ушло ли это письмо: адресат может получить его дважды. Отправить ещё раз?")
        plain = _("Письмо не ушло. Отправить ещё раз?")
        decision = {"label": RESEND, "question": question if is_unknown else plain}
        return super().get_context_data(**{"form": forms.Form(), "decision": decision} | kwargs) | {
            "inspect_url": self._row_url()
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        try:
            actions.resend(message=self.instance, actor=request.user)  # type: ignore[arg-type]
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("Письмо снова отправляется."))
        return redirect(self._row_url())


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


class MessageRegister(Register):
    """Who was told what, when, and whether the letter has left."""

    model = Message
    menu_label = gettext_lazy("Сообщения")
    menu_item_name = "messages"
    menu_icon = "mail"
    permission_helper_class = MessagePermissionHelper
    button_helper_class = MessageButtonHelper
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

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.list_select_related)

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
        primary = " w-status--primary" if message.delivery in TROUBLED else ""
        return format_html('<span class="w-status{}">{}</span>', primary, message.delivery.label)

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

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """With the address that sends once more."""
        urls: tuple[Any, ...] = super().get_admin_urls_for_registration()
        pattern, name = self.url_helper.get_action_url_pattern, self.url_helper.get_action_url_name
        return (*urls, re_path(pattern("resend"), self.resend_view, name=name("resend")))

    def resend_view(self, request: HttpRequest, instance_pk: str) -> HttpResponse:
        """The page that asks."""
        return ResendView.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[no-any-return]


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
