"""What Wagtail's admin learns of the partners."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.models import Permission
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
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

from partner_directory.actions import enquiries, imports, level_changes, memberships, partners, year
from partner_directory.actions import messages as message_actions
from partner_directory.actions import (
    applications,
    companies,
    enquiries,
    imports,
    memberships,
    partners,
    specialists,
)
from partner_directory.models.application import JoiningStep
from partner_directory.actions import enquiries, imports, memberships, partners, people
from partner_directory.actions import bonuses, enquiries, imports, memberships, overlays, partners, plans, sales
from partner_directory.models.enquiry import ConsentText
from partner_directory.viewsets import reports, year_reports
from partner_directory.viewsets.bulk import BULK_ACTIONS
from partner_directory.viewsets.menu import partner_group, registers
from partner_directory.viewsets.messages import TroubledLettersPanel
from partner_directory.actions import (
    announcements,
    enquiries,
    facts,
    imports,
    memberships,
    partners,
    reviews,
    specialists,
)
from partner_directory.models.enquiry import ConsentText
from partner_directory.viewsets import fact_queue, reports
from partner_directory.viewsets.bulk import BULK_ACTIONS
from partner_directory.viewsets.menu import partner_group, queued, registers

register_snippet(partner_group)
for register in (*registers, *queued):
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
    year.LAPSED: gettext_lazy("Членство истекло"),
}
LEVEL_CHANGE_ACTIONS = {
    level_changes.ASKED: gettext_lazy("Попросить сменить уровень"),
    level_changes.GRANTED: gettext_lazy("Удовлетворить просьбу о смене уровня"),
    level_changes.REFUSED: gettext_lazy("Отклонить просьбу о смене уровня"),
    level_changes.CANCELLED: gettext_lazy("Отозвать просьбу о смене уровня"),
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


class LevelChangeFormatter(LogFormatter):
    """What became of a request for another level: from which to which, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        text = f"{self.label}: {data.get('before', '')} → {data.get('level', '')}"
        return f"{text}. {data['reason']}" if data.get("reason") else text


@hooks.register("register_log_actions")
def membership_log_actions(actions: Any) -> None:
    """How the audit log words decisions on memberships, and on requests for another level."""
    for labels, base in ((MEMBERSHIP_ACTIONS, MembershipFormatter), (LEVEL_CHANGE_ACTIONS, LevelChangeFormatter)):
        for action, label in labels.items():
            formatter = type("Formatter", (base,), {"label": label})
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


APPLICATION_ACTIONS = {
    applications.STARTED: gettext_lazy("Начать заявку"),
    applications.SAVED: gettext_lazy("Изменить заявку"),
    applications.SUBMITTED: gettext_lazy("Подать заявку"),
    applications.WITHDRAWN: gettext_lazy("Отозвать заявку"),
    applications.ACCEPTED: gettext_lazy("Принять заявку"),
    applications.RETURNED: gettext_lazy("Вернуть заявку с вопросами"),
    applications.REJECTED: gettext_lazy("Отклонить заявку"),
    applications.SIGNED: gettext_lazy("Загрузить подписанный договор"),
    applications.SIGNATURE_RETURNED: gettext_lazy("Вернуть подписанную копию"),
    applications.MARKED: gettext_lazy("Отметить подписание договора"),
    applications.JOINED: gettext_lazy("Присоединить компанию"),
}


class ApplicationFormatter(LogFormatter):
    """What became of an application: at which level, of which contract, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        step = dict(JoiningStep.Kind.choices).get(data.get("step"))
        about = ", ".join(str(each) for each in (data.get("level"), step) if each)
        text = f"{self.label}: {about}" if about else str(self.label)
        return f"{text}. {data['reason']}" if data.get("reason") else text


@hooks.register("register_log_actions")
def application_log_actions(actions: Any) -> None:
    """How the audit log words what becomes of applications, companies and claimed certificates."""
    for action, label in APPLICATION_ACTIONS.items():
        formatter = type("Formatter", (ApplicationFormatter,), {"label": label})
        actions.register_action(action)(formatter)
    actions.register_action(
        companies.REGISTERED, gettext_lazy("Зарегистрировать компанию"), gettext_lazy("Компания зарегистрирована")
    )
    actions.register_action(
        specialists.CLAIMED, gettext_lazy("Назвать специалиста"), gettext_lazy("Специалист назван, ждёт проверки")
    )
RECORD_ACTIONS = {
    facts.CLAIMED: gettext_lazy("Заявить запись"),
    facts.RECORDED: gettext_lazy("Записать и подтвердить"),
    facts.CONFIRMED: gettext_lazy("Подтвердить запись"),
    facts.REFUSED: gettext_lazy("Отклонить запись"),
    facts.REVOKED: gettext_lazy("Отменить подтверждение"),
    facts.WITHDRAWN: gettext_lazy("Отозвать запись"),
    specialists.CLAIMED: gettext_lazy("Заявить специалиста"),
    specialists.CONFIRMED: gettext_lazy("Подтвердить сертификат"),
    specialists.REFUSED: gettext_lazy("Отклонить сертификат"),
    specialists.LEFT: gettext_lazy("Записать уход"),
    specialists.NAME_SHOWN: gettext_lazy("Публиковать имя"),
    specialists.NAME_HIDDEN: gettext_lazy("Скрыть имя"),
    specialists.WITHDRAWN: gettext_lazy("Отозвать специалиста"),
    reviews.ASKED: gettext_lazy("Написать клиенту"),
    reviews.CLIENT_CONFIRMED: gettext_lazy("Клиент подтвердил отзыв"),
    reviews.CLIENT_DECLINED: gettext_lazy("Клиент отказался"),
    announcements.SET: gettext_lazy("Указать страницу"),
    announcements.CHECKED: gettext_lazy("Проверить страницу"),
    announcements.OVERRULED: gettext_lazy("Решить о странице"),
}


class RecordFormatter(LogFormatter):
    """What was done with a record, of what, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        said = [str(data[name]) for name in ("title", "url", "left_on", "reason") if data.get(name)]
        return f"{self.label}: {'. '.join(said)}" if said else str(self.label)


@hooks.register("register_log_actions")
def record_log_actions(actions: Any) -> None:
    """How the audit log words what is done with facts, specialists, reviews and announcements."""
    for action, label in RECORD_ACTIONS.items():
        actions.register_action(action)(type("Formatter", (RecordFormatter,), {"label": label}))
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


@hooks.register("register_log_actions")
def message_log_actions(actions: Any) -> None:
    """How the audit log words what managers do with messages."""
    actions.register_action(
        message_actions.RESENT, gettext_lazy("Отправить письмо ещё раз"), gettext_lazy("Письмо отправлено ещё раз")
    )


@hooks.register("construct_homepage_panels")
def troubled_letters(request: HttpRequest, panels: list[Any]) -> None:
    """Letters that have not left, before those who may send them once more."""
    panel = TroubledLettersPanel(request.user)
    if panel.count:
        panels.append(panel)


PEOPLE_ACTIONS = {
    people.INVITED: (gettext_lazy("Пригласить человека"), gettext_lazy("Отправлено приглашение")),
    people.JOINED: (gettext_lazy("Принять приглашение"), gettext_lazy("Приглашение принято")),
    people.REVOKED: (gettext_lazy("Отозвать приглашение"), gettext_lazy("Приглашение отозвано")),
    people.ROLE_CHANGED: (gettext_lazy("Изменить роль"), gettext_lazy("Роль изменена")),
    people.REMOVED: (gettext_lazy("Убрать из команды"), gettext_lazy("Человек убран из команды")),
    people.LEFT: (gettext_lazy("Уйти из команды"), gettext_lazy("Человек ушёл из команды")),
    people.CONSENTED: (gettext_lazy("Дать согласие на обработку данных"), gettext_lazy("Согласие дано")),
    people.WITHDREW: (gettext_lazy("Отозвать согласие"), gettext_lazy("Согласие отозвано")),
    people.ERASED: (gettext_lazy("Удалить учётную запись"), gettext_lazy("Учётная запись удалена")),
}


@hooks.register("register_log_actions")
def people_log_actions(actions: Any) -> None:
    """How the audit log words what becomes of people."""
    for action, (label, message) in PEOPLE_ACTIONS.items():
        actions.register_action(action, label, message)


@hooks.register("register_permissions")
def people_permissions() -> QuerySet[Permission]:
    """The rights over people of companies, for the form of a group."""
    return Permission.objects.filter(
        content_type__app_label="partner_directory",
        codename__in=["add_invitation", "view_invitation", "view_teammember"],
    )


@hooks.register("insert_global_admin_css")
def partner_admin_css() -> SafeString:
    """The look of our own panels."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin/partners.css"))


REPORTS = {
    **reports.REPORTS,
    "rehearsal": year_reports.RehearsalReport,
    "turn": year_reports.TurnReport,
}


@hooks.register("register_admin_urls")
def report_urls() -> list[Any]:
    """The addresses of the reports."""
    return [path("reports/partners/", include((reports.routes(REPORTS), "partner_reports")))]
    """The addresses of the reports and of the queue of facts."""
    return [
        path("reports/partners/", include((reports.urlpatterns, "partner_reports"))),
        path("partners/facts/", include(fact_queue.urlpatterns)),
    ]


for place, (name, view) in enumerate(REPORTS.items(), 10):
    hooks.register("register_reports_menu_item", partial(reports.menu_item, name, view, place * 10))


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
