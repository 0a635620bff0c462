"""What Wagtail's admin learns of the partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from partner_directory.actions import enquiries, memberships
from partner_directory.models.enquiry import ConsentText
from partner_directory.viewsets.enquiries import ConsentTextViewSet, enquiry_register

enquiry_register.register_with_wagtail()
register_snippet(ConsentTextViewSet)

MEMBERSHIP_ACTIONS = {
    memberships.GRANTED: gettext_lazy("Присвоить уровень"),
    memberships.RENEWED: gettext_lazy("Продлить членство"),
    memberships.LEVEL_CHANGED: gettext_lazy("Сменить уровень"),
    memberships.SUSPENDED: gettext_lazy("Приостановить членство"),
    memberships.RESUMED: gettext_lazy("Возобновить членство"),
    memberships.ENDED: gettext_lazy("Прекратить членство"),
}


class MembershipFormatter(LogFormatter):
    """A decision on a membership: what, at which level, until when, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        text = _("%(action)s: %(level)s, с %(starts)s по %(until)s") % {
            "action": self.label,
            "level": data.get("level", ""),
            "starts": data.get("starts", ""),
            "until": data.get("until", ""),
        }
        return f"{text}. {data['reason']}" if data.get("reason") else text


@hooks.register("register_log_actions")
def membership_log_actions(actions: Any) -> None:
    """How the audit log words decisions on memberships."""
    for action, label in MEMBERSHIP_ACTIONS.items():
        formatter = type("Formatter", (MembershipFormatter,), {"label": label})
        actions.register_action(action)(formatter)


ENQUIRY_ACTIONS = {
    enquiries.RECEIVED: gettext_lazy("Принять обращение"),
    enquiries.SENT: gettext_lazy("Передать обращение партнёру"),
    enquiries.CONFIRMED: gettext_lazy("Подтвердить обращение"),
    enquiries.HANDED_ON: gettext_lazy("Передать обращение другому партнёру"),
    enquiries.ANSWERED: gettext_lazy("Отметить ответ"),
    enquiries.CLOSED: gettext_lazy("Закрыть обращение"),
    enquiries.SPAM: gettext_lazy("Отметить спам"),
    enquiries.FORGOTTEN: gettext_lazy("Обезличить обращение"),
}


class EnquiryFormatter(LogFormatter):
    """What became of an enquiry, and whom it was with; never who wrote it."""

    def format_message(self, log_entry: Any) -> str:
        recipient = log_entry.data.get("recipient")
        return f"{self.label}: {recipient}" if recipient else str(self.label)


@hooks.register("register_log_actions")
def enquiry_log_actions(actions: Any) -> None:
    """How the audit log words what becomes of enquiries."""
    for action, label in ENQUIRY_ACTIONS.items():
        formatter = type("Formatter", (EnquiryFormatter,), {"label": label})
        actions.register_action(action)(formatter)


@hooks.register("register_admin_menu_item")
def enquiries_in_the_menu() -> MenuItem:
    """The queue; a group of the partners may show it instead."""
    return enquiry_register.get_menu_item()


@hooks.register("before_delete_snippet")
def keep_used_consents(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """Says why a text that somebody has agreed to cannot go, one or many at once."""
    for instance in instances:
        if request.method != "POST" or not isinstance(instance, ConsentText):
            continue
        try:
            instance.refuse_when_used()
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(reverse(ConsentText.snippet_viewset.get_url_name("list")))  # type: ignore[attr-defined]
    return None
