"""The queue of talks about clauses in the admin (R82): what both sides have said, and what a manager makes of it.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib.admin import display
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.actions import talks as actions
from partner_directory.models.overlay import Overlay
from partner_directory.models.talk import LONGEST_TEXT, Talk
from partner_directory.news import words
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import (
    DecidedButtonHelper,
    DecidedRegister,
    Decision,
    DecisionForm,
    NeverMadeHere,
)
from partner_directory.viewsets.overlays import overlay_register
from program_pages.bilingual import said
from program_pages.terms import NoEdition, terms_of_edition

State = Talk.State


class AnswerForm(DecisionForm):
    """What the partner will read."""

    text = forms.CharField(
        label=gettext_lazy("Ответ"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=gettext_lazy("Партнёр прочтёт его в разделе и в письме."),
    )


class AgreementForm(DecisionForm):
    """With which Additional Agreement it ended."""

    overlay = forms.ModelChoiceField(
        label=gettext_lazy("Дополнительное соглашение"),
        queryset=Overlay.objects.none(),
        help_text=gettext_lazy(
            "Соглашения с этим партнёром, записанные после начала разговора. Нужного нет — сначала запишите его."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["overlay"].queryset = actions.agreements_for(self.row)  # type: ignore[attr-defined]


def _goes_on(talk: Talk) -> bool:
    return talk.goes_on


DECISIONS = {
    "answer": Decision(
        label=gettext_lazy("Ответить"),
        question=gettext_lazy("Разговор продолжится: следующий ход за партнёром."),
        done=gettext_lazy("Ответ отправлен."),
        form_class=AnswerForm,
        makes_sense=_goes_on,
        act=actions.answer,
    ),
    "agree": Decision(
        label=gettext_lazy("Закончить соглашением"),
        question=gettext_lazy("Разговор закончится этим соглашением, партнёр узнает о нём."),
        done=gettext_lazy("Разговор закончен соглашением."),
        form_class=AgreementForm,
        makes_sense=_goes_on,
        act=actions.end_in_agreement,
    ),
    "close": Decision(
        label=gettext_lazy("Закрыть с ответом"),
        question=gettext_lazy("Условия для партнёра останутся такими, как в редакции; он прочтёт ответ."),
        done=gettext_lazy("Разговор закрыт."),
        form_class=AnswerForm,
        makes_sense=_goes_on,
        act=actions.close_with_answer,
        is_serious=True,
    ),
}


class TalkButtonHelper(DecidedButtonHelper):
    """With the way to a new agreement, filled in from the talk, for those who may record one."""

    def get_buttons_for_obj(
        self, obj: Any, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        may_make = overlay_register.permission_helper.user_can_create(self.request.user)
        if "inspect" not in (exclude or ()) or not obj.goes_on or not may_make:
            return buttons
        label = _("Записать соглашение")
        chosen = urlencode({"partner": obj.partner_id, "talk": obj.pk})
        return [
            *buttons,
            {
                "url": f"{overlay_register.url_helper.create_url}?{chosen}",
                "label": label,
                "classname": self.finalise_classname(["button-secondary", *(classnames_add or [])], classnames_exclude),
                "title": f"{label}: {obj}",
            },
        ]


class TalkRegister(DecidedRegister):
    """Who does not agree with which clauses, whose turn it is and since when, and how it ended."""

    model = Talk
    decisions = DECISIONS
    argument = "talk"
    menu_label = gettext_lazy("Разговоры об условиях")
    menu_item_name = "talks"
    menu_icon = "comment"
    permission_helper_class = NeverMadeHere
    button_helper_class = TalkButtonHelper
    list_display = ("partner", "codes", "edition", "shown_state", "opened_at", "waiting")
    list_filter = ("state", "opened_at")
    list_select_related = ("partner", "notice__release__edition", "notice__level", "opened_by", "closed_by", "overlay")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__inn", "entries__text")
    inspect_view_fields = [
        "partner", "edition", "shown_clauses", "told", "shown_state", "waiting", "said", "opened_by", "opened_at",
        "overlay", "answer", "closed_by", "closed_at",
    ]  # fmt: skip
    export_fields = (
        "partner", "codes", "edition", "state", "opened_at", "ball_since", "overlay", "answer", "closed_by",
        "closed_at",
    )  # fmt: skip
    export_filename = "talks"

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("entries__author").distinct()

    @display(description=gettext_lazy("пункты"))
    def codes(self, talk: Talk) -> str:
        """The clauses by number."""
        return talk.numbers

    @display(description=gettext_lazy("редакция"), ordering="notice__release__effective_from")
    def edition(self, talk: Talk) -> str:
        """The edition that they are of."""
        return str(talk.notice.release.edition)

    @display(description=gettext_lazy("состояние"), ordering="state")
    def shown_state(self, talk: Talk) -> SafeString:
        """Its state, standing out while the vendor has to answer."""
        return state_mark(talk.get_state_display(), is_primary=talk.state == State.OPEN)

    @display(description=gettext_lazy("ждёт"), ordering="ball_since")
    def waiting(self, talk: Talk) -> str:
        """How long whoever acts next has been waited for."""
        return timesince(talk.ball_since, timezone.now(), depth=1) if talk.goes_on else ""

    @display(description=gettext_lazy("пункты"))
    def shown_clauses(self, talk: Talk) -> SafeString:
        """The clauses with their words in the edition."""
        try:
            terms = terms_of_edition(talk.notice.release.edition_id)
            found = {code: terms.clause(code) for code in talk.codes}
        except NoEdition:
            found = dict.fromkeys(talk.codes)
        numbers = {each["code"]: each["number"] for each in talk.clauses}
        rows = ((numbers[code], code, said(clause.text) if clause else _("исключён")) for code, clause in found.items())
        return format_html_join("", "<div><strong>{}</strong> ({}) {}</div>", rows)

    @display(description=gettext_lazy("что меняется для партнёра"))
    def told(self, talk: Talk) -> SafeString:
        """What its notice told it."""
        found = words.differences_of(talk.notice.news)
        return format_html_join("", "<div>{}: {} → {}</div>", ((each.label, each.before, each.after) for each in found))

    @display(description=gettext_lazy("разговор"))
    def said(self, talk: Talk) -> SafeString:
        """What both sides have said, the first above."""
        return format_html_join(
            "",
            '<div><strong>{}</strong> · {} · {}</div><div class="enquiry-text">{}</div>',
            (
                (
                    entry.get_side_display(),
                    entry.author or "—",
                    f"{timezone.localtime(entry.at):%d.%m.%Y %H:%M}",
                    entry.text,
                )
                for entry in talk.entries.all()
            ),
        )


talk_register = TalkRegister()
