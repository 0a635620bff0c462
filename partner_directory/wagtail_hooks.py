"""What Wagtail's admin learns of the partners."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.log_actions import LogFormatter
from wagtail.snippets.models import register_snippet

from partner_directory.actions import enquiries, events, imports, memberships, partners, profiles, requests
from partner_directory.models.enquiry import ConsentText
from partner_directory.portal.materials.hook import guard_materials
from partner_directory.viewsets import reports
from partner_directory.viewsets.bulk import BULK_ACTIONS
from partner_directory.viewsets.menu import partner_group, registers

register_snippet(partner_group)
for register in registers:
    register.register_with_wagtail()
for bulk_action in BULK_ACTIONS:
    hooks.register("register_bulk_action", bulk_action)

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


@hooks.register("register_log_actions")
def partner_log_actions(actions: Any) -> None:
    """How the audit log words what is done with profiles outside their form."""
    actions.register_action(
        imports.IMPORTED, gettext_lazy("Загрузить из таблицы"), gettext_lazy("Загружено из таблицы")
    )

    @actions.register_action(partners.WRITTEN_TO)
    class WrittenToFormatter(LogFormatter):
        label = gettext_lazy("Написать письмо")

        def format_message(self, log_entry: Any) -> str:
            return _("Отправлено письмо «%(subject)s»") % {"subject": log_entry.data.get("subject", "")}


hooks.register("before_serve_document", guard_materials, order=-1)  # before Wagtail's own restrictions

WHAT_PARTNERS_ASK = {
    requests.ASKED: gettext_lazy("Запросить"),
    requests.GRANTED: gettext_lazy("Одобрить запрос"),
    requests.REFUSED: gettext_lazy("Отказать в запросе"),
    requests.CANCELLED: gettext_lazy("Отозвать запрос"),
    events.CLAIMED: gettext_lazy("Сообщить о мероприятии"),
    events.WITHDRAWN: gettext_lazy("Отозвать запись о мероприятии"),
    events.CONFIRMED: gettext_lazy("Подтвердить мероприятие"),
    events.REFUSED: gettext_lazy("Не подтвердить мероприятие"),
    profiles.SUBMITTED: gettext_lazy("Отправить профиль на проверку"),
    profiles.TAKEN_BACK: gettext_lazy("Отозвать профиль с проверки"),
}


class AskFormatter(LogFormatter):
    """What a partner asks for or sends, what became of it, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        parts = [str(self.label), data.get("what") or data.get("event"), data.get("price"), data.get("reason")]
        return ". ".join(filter(None, [*parts, data.get("note")]))


@hooks.register("register_log_actions")
def what_partners_ask_log_actions(actions: Any) -> None:
    """How the audit log words what partners ask for in their section."""
    for action, label in WHAT_PARTNERS_ASK.items():
        formatter = type("Formatter", (AskFormatter,), {"label": label})
        actions.register_action(action)(formatter)


@hooks.register("insert_global_admin_css")
def partner_admin_css() -> SafeString:
    """The look of our own panels."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/partners.css"))


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    """The addresses of the reports."""
    return [path("reports/partners/", include((reports.urlpatterns, "partner_reports")))]


@hooks.register("register_reports_menu_item")
def unseen_menu_item() -> reports.ReportMenuItem:
    """What the public does not see, among the reports."""
    return reports.menu_item("unseen", 100)


@hooks.register("register_reports_menu_item")
def duplicates_menu_item() -> reports.ReportMenuItem:
    """Partners that look alike, among the reports."""
    return reports.menu_item("duplicates", 110)


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
