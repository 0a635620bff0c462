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

from partner_directory.actions import bonuses, enquiries, imports, memberships, overlays, partners, plans, sales
from partner_directory.models.enquiry import ConsentText
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


BONUS_ACTIONS = {
    sales.CLAIMED: gettext_lazy("Записать продажу"),
    sales.RECORDED: gettext_lazy("Внести продажу"),
    sales.CONFIRMED: gettext_lazy("Подтвердить продажу"),
    sales.REFUSED: gettext_lazy("Не подтвердить продажу"),
    plans.PROPOSED: gettext_lazy("Предложить план продаж"),
    plans.AGREED: gettext_lazy("Согласиться с планом продаж"),
    plans.CANCELLED: gettext_lazy("Отменить план продаж"),
    overlays.MADE: gettext_lazy("Записать особые условия"),
    overlays.ENDED: gettext_lazy("Закончить особые условия"),
    overlays.WITHDRAWN: gettext_lazy("Отозвать особые условия"),
    bonuses.ASKED: gettext_lazy("Запросить бонус"),
    bonuses.CREDITED: gettext_lazy("Начислить бонус"),
    bonuses.REFUSED: gettext_lazy("Отклонить запрос бонуса"),
    bonuses.SPENT: gettext_lazy("Потратить бонус"),
    bonuses.GIVEN_BACK: gettext_lazy("Вернуть потраченный бонус"),
    bonuses.EXPIRED: gettext_lazy("Погасить бонус"),
}


class BonusFormatter(LogFormatter):
    """What was done with sales, plans, bonuses and special terms: how much, until when, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        said = [data.get(name) for name in ("sale", "points", "target", "starts", "until", "reason")]
        about = " · ".join(str(each) for each in said if each)
        return f"{self.label}: {about}" if about else str(self.label)


@hooks.register("register_log_actions")
def bonus_log_actions(actions: Any) -> None:
    """How the audit log words sales, plans, bonuses and special terms."""
    for action, label in BONUS_ACTIONS.items():
        formatter = type("Formatter", (BonusFormatter,), {"label": label})
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
