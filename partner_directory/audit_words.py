"""How the audit log words what is done with partners: one line for each action, with what it was about."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter

from partner_directory.actions import (
    announcements,
    applications,
    badges,
    bonuses,
    companies,
    edition_notices,
    enquiries,
    events,
    facts,
    impacts,
    imports,
    kits,
    level_changes,
    marks,
    memberships,
    messages,
    overlays,
    partners,
    people,
    plans,
    profiles,
    requests,
    reviews,
    sales,
    sessions,
    specialists,
    talks,
    trail,
    year,
)
from partner_directory.models.application import JoiningStep

MEMBERSHIP_ACTIONS = {
    memberships.GRANTED: gettext_lazy("Присвоить уровень"),
    memberships.RENEWED: gettext_lazy("Продлить членство"),
    memberships.LEVEL_CHANGED: gettext_lazy("Сменить уровень"),
    memberships.SUSPENDED: gettext_lazy("Приостановить членство"),
    memberships.RESUMED: gettext_lazy("Возобновить членство"),
    memberships.ENDED: gettext_lazy("Прекратить членство"),
    year.LAPSED: gettext_lazy("Членство истекло"),
}

BADGE_ACTIONS = {
    badges.ISSUED: gettext_lazy("Выдать свидетельство значка"),
    badges.CLOSED: gettext_lazy("Закрыть свидетельство значка"),
    badges.REISSUED: gettext_lazy("Выдать значок заново"),
    badges.REVOKED: gettext_lazy("Отозвать значок"),
}

LEVEL_CHANGE_ACTIONS = {
    level_changes.ASKED: gettext_lazy("Попросить сменить уровень"),
    level_changes.GRANTED: gettext_lazy("Удовлетворить просьбу о смене уровня"),
    level_changes.REFUSED: gettext_lazy("Отклонить просьбу о смене уровня"),
    level_changes.CANCELLED: gettext_lazy("Отозвать просьбу о смене уровня"),
}

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

RECORD_ACTIONS = {
    facts.CLAIMED: gettext_lazy("Заявить запись"),
    facts.ATTACHED: gettext_lazy("Приложить файл к записи"),
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

MARK_ACTIONS = {
    marks.APPROVED: gettext_lazy("Утвердить знак"),
    marks.DRAWN: gettext_lazy("Нарисовать образец знака"),
}

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

WHAT_PARTNERS_ASK = {
    requests.ASKED: gettext_lazy("Запросить"),
    requests.GRANTED: gettext_lazy("Одобрить запрос"),
    requests.REFUSED: gettext_lazy("Отказать в запросе"),
    requests.CANCELLED: gettext_lazy("Отозвать запрос"),
    events.CLAIMED: gettext_lazy("Сообщить о мероприятии"),
    events.ATTACHED: gettext_lazy("Приложить файл к мероприятию"),
    events.WITHDRAWN: gettext_lazy("Отозвать запись о мероприятии"),
    events.CONFIRMED: gettext_lazy("Подтвердить мероприятие"),
    events.REFUSED: gettext_lazy("Не подтвердить мероприятие"),
    profiles.SUBMITTED: gettext_lazy("Отправить профиль на проверку"),
    profiles.TAKEN_BACK: gettext_lazy("Отозвать профиль с проверки"),
    profiles.DISCARDED: gettext_lazy("Отбросить черновик профиля"),
}
PLAIN_ACTIONS: dict[str, tuple[str | Promise, str | Promise]] = {
    impacts.STARTED: (gettext_lazy("Начать репетицию редакции"), gettext_lazy("Начата репетиция редакции")),
    companies.REGISTERED: (gettext_lazy("Зарегистрировать компанию"), gettext_lazy("Компания зарегистрирована")),
    imports.IMPORTED: (gettext_lazy("Загрузить из таблицы"), gettext_lazy("Загружено из таблицы")),
    messages.RESENT: (gettext_lazy("Отправить письмо ещё раз"), gettext_lazy("Письмо отправлено ещё раз")),
    trail.EXPORTED: (gettext_lazy("Выгрузить журнал действий"), gettext_lazy("Журнал действий выгружен")),
    sessions.ENDED: (gettext_lazy("Завершить сеансы"), gettext_lazy("Сеансы завершены")),
    **PEOPLE_ACTIONS,
}


TERMS_ACTIONS = {
    edition_notices.ANNOUNCED: gettext_lazy("Оповестить партнёров о редакции"),
    edition_notices.TAKEN_BACK: gettext_lazy("Оповестить партнёров об отзыве редакции"),
    talks.OPENED: gettext_lazy("Не согласиться с пунктами"),
    talks.WRITTEN: gettext_lazy("Написать в разговоре об условиях"),
    talks.ANSWERED: gettext_lazy("Ответить в разговоре об условиях"),
    talks.CLOSED: gettext_lazy("Закрыть разговор об условиях ответом"),
    talks.AGREED: gettext_lazy("Закончить разговор об условиях соглашением"),
    talks.REOPENED: gettext_lazy("Продолжить разговор об условиях: соглашение отозвано"),
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


class BadgeFormatter(LogFormatter):
    """What was done with a badge: its code, of which membership, instead of which, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        said = [data.get("code"), data.get("level"), data.get("starts"), data.get("until")]
        about = " · ".join(filter(None, said))
        if data.get("replaces"):
            about = _("%(new)s вместо %(old)s") % {"new": about, "old": data["replaces"]}
        text = f"{self.label}: {about}"
        return f"{text}. {data['reason']}" if data.get("reason") else text


class LevelChangeFormatter(LogFormatter):
    """What became of a request for another level: from which to which, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        text = f"{self.label}: {data.get('before', '')} → {data.get('level', '')}"
        return f"{text}. {data['reason']}" if data.get("reason") else text


class EnquiryFormatter(LogFormatter):
    """What became of an enquiry, and whom it was with; never who wrote it."""

    def format_message(self, log_entry: Any) -> str:
        recipient = log_entry.data.get("recipient")
        return f"{self.label}: {recipient}" if recipient else str(self.label)


class ApplicationFormatter(LogFormatter):
    """What became of an application: at which level, of which contract, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        step = dict(JoiningStep.Kind.choices).get(data.get("step"))
        about = ", ".join(str(each) for each in (data.get("level"), step) if each)
        text = f"{self.label}: {about}" if about else str(self.label)
        return f"{text}. {data['reason']}" if data.get("reason") else text


class RecordFormatter(LogFormatter):
    """What was done with a record, of what, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        said = [str(data[name]) for name in ("title", "url", "left_on", "reason") if data.get(name)]
        return f"{self.label}: {'. '.join(said)}" if said else str(self.label)


class BonusFormatter(LogFormatter):
    """What was done with sales, plans, bonuses and special terms: how much, until when, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        said = [data.get(name) for name in ("sale", "points", "target", "starts", "until", "reason")]
        about = " · ".join(str(each) for each in said if each)
        return f"{self.label}: {about}" if about else str(self.label)


class AskFormatter(LogFormatter):
    """What a partner asks for or sends, what became of it, and why."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        parts = [str(self.label), data.get("what") or data.get("event"), data.get("price"), data.get("reason")]
        return ". ".join(filter(None, [*parts, data.get("note")]))


class TermsFormatter(LogFormatter):
    """How many were told of an edition; what became of a talk, about which clauses, with which agreement."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        said = [data.get(name) for name in ("clauses", "overlay", "told")]
        about = " · ".join(str(each) for each in said if each is not None)
        return f"{self.label}: {about}" if about else str(self.label)


class MarkFormatter(LogFormatter):
    """What became of a mark: of which version, and whether it is a sample still."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        version = _("версия %(number)s") % {"number": data["version"]} if data.get("version") else ""
        sample = _("образец") if data.get("sample") else ""
        said = ", ".join(str(each) for each in (data.get("name"), version, sample) if each)
        return f"{self.label}: {said}" if said else str(self.label)


class KitFormatter(LogFormatter):
    """Which mark was taken, in which version, under which code."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        return f"{self.label}: {data.get('mark', '')} · {data.get('version', '')} · {data.get('code', '')}"


class WrittenToFormatter(LogFormatter):
    """That a letter was written."""

    def format_message(self, log_entry: Any) -> str:
        return _("Написано письмо «%(subject)s»") % {"subject": log_entry.data.get("subject", "")}


WORDINGS: tuple[tuple[dict[str, Any], type[LogFormatter]], ...] = (
    (MEMBERSHIP_ACTIONS, MembershipFormatter),
    (BADGE_ACTIONS, BadgeFormatter),
    (LEVEL_CHANGE_ACTIONS, LevelChangeFormatter),
    (ENQUIRY_ACTIONS, EnquiryFormatter),
    (APPLICATION_ACTIONS, ApplicationFormatter),
    (RECORD_ACTIONS, RecordFormatter),
    (BONUS_ACTIONS, BonusFormatter),
    (WHAT_PARTNERS_ASK, AskFormatter),
    (TERMS_ACTIONS, TermsFormatter),
    (MARK_ACTIONS, MarkFormatter),
    ({kits.TAKEN: gettext_lazy("Взять комплект знака")}, KitFormatter),
    ({partners.WRITTEN_TO: gettext_lazy("Написать письмо")}, WrittenToFormatter),
)


def register_words(actions: Any) -> None:
    """Gives Wagtail's registry the words of every action."""
    for labels, base in WORDINGS:
        for action, label in labels.items():
            actions.register_action(action)(type(base.__name__, (base,), {"label": label}))
    for action, (label, message) in PLAIN_ACTIONS.items():
        actions.register_action(action, label, message)
