"""What a company reads of its application: what has happened, and what is next.

May not import views.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import ModelLogEntry

from partner_directory.actions import applications as actions
from partner_directory.models.application import Application, JoiningStep
from partner_directory.models.people import TeamMember

State = Application.State

HAPPENED: dict[str, str | Promise] = {
    actions.STARTED: gettext_lazy("Заявка начата"),
    actions.SUBMITTED: gettext_lazy("Заявка подана"),
    actions.WITHDRAWN: gettext_lazy("Заявка отозвана"),
    actions.ACCEPTED: gettext_lazy("Заявка принята, договоры готовы"),
    actions.RETURNED: gettext_lazy("Заявка возвращена с вопросами"),
    actions.REJECTED: gettext_lazy("Заявка отклонена"),
    actions.SIGNED: gettext_lazy("Загружен подписанный договор"),
    actions.SIGNATURE_RETURNED: gettext_lazy("Подписанная копия не подошла"),
    actions.MARKED: gettext_lazy("Подписание договора отмечено"),
    actions.JOINED: gettext_lazy("Компания присоединилась к программе"),
}

TONES = {
    State.DRAFT: "plain",
    State.SUBMITTED: "plain",
    State.RETURNED: "warn",
    State.ACCEPTED: "good",
    State.JOINED: "good",
    State.REJECTED: "bad",
    State.WITHDRAWN: "plain",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that has happened: what, about what, when, by whom, and why."""

    text: str
    moment: datetime
    who: str
    about: str = ""
    reason: str = ""


def story_of(application: Application) -> list[Happening]:
    """Everything that has happened, the last first; of the vendor's people it says no names."""
    entries = (
        ModelLogEntry.objects.for_instance(application)
        .filter(action__in=HAPPENED)
        .select_related("user")
        .order_by("-timestamp", "-pk")
    )
    own = set(TeamMember.objects.filter(partner=application.partner_id).values_list("user_id", flat=True))
    kinds = dict(JoiningStep.Kind.choices)
    return [
        Happening(
            text=str(HAPPENED[entry.action]),
            moment=entry.timestamp,
            who=str(entry.user) if entry.user_id in own and entry.user else "ASoft",
            about=str(kinds.get(entry.data.get("step"), "")),
            reason=entry.data.get("reason", ""),
        )
        for entry in entries
    ]


def next_of(application: Application, steps: Iterable[JoiningStep]) -> str:
    """What happens next, in a sentence or two for the company."""
    if application.state == State.ACCEPTED:
        contracts = [step for step in steps if step.kind in actions.CONTRACTS]
        if all(step.signed_id for step in contracts):
            return _("Менеджер ASoft проверит подписанные договоры и отметит их. После этого начнётся членство.")
        return _("Скачайте договоры, подпишите их и загрузите подписанные копии: это делает владелец компании.")
    return str(_NEXT[State(application.state)])


_NEXT: dict[Application.State, str | Promise] = {
    State.DRAFT: gettext_lazy(
        "Заполните страницы заявки в любом порядке и подайте её: черновик хранится сколько угодно."
    ),
    State.SUBMITTED: gettext_lazy(
        "Менеджер ASoft рассмотрит заявку: примет её, вернёт с вопросами или отклонит с причиной."
    ),
    State.RETURNED: gettext_lazy("Ответьте на вопросы, дополните заявку и подайте её ещё раз."),
    State.JOINED: gettext_lazy(
        "Компания — партнёр программы, профиль опубликован в каталоге. Делать больше ничего не нужно."
    ),
    State.REJECTED: gettext_lazy("По этой заявке всё решено. Если обстоятельства изменятся, подайте новую."),
    State.WITHDRAWN: gettext_lazy("Заявка отозвана. Новую можно подать в любой день."),
}
