"""The queue of applications (R80, A8): found, read with all their evidence on one page, decided, exported.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.admin import display
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy

from partner_directory.actions import applications as actions
from partner_directory.actions.imports import marks_of
from partner_directory.models.application import Application, JoiningStep
from partner_directory.models.partner import Partner
from partner_directory.standing import Standing, standing_of
from partner_directory.viewsets.cells import state_mark
from partner_directory.viewsets.decided import (
    UNNAMED,
    DecidedInspectView,
    DecidedRegister,
    Decision,
    DecisionForm,
    DecisionView,
    NeverMadeHere,
)
from partner_directory.viewsets.reports import edit_url
from program_pages.models.edition import programme_day
from program_pages.rules.terms import UnknownLevel
from program_pages.terms import NoEdition, terms_on
from program_pages.viewsets.register import (
    RelatedFilter,
)

State, Kind = Application.State, JoiningStep.Kind


class ReasonedForm(DecisionForm):
    """A decision that must say why; the company reads it in its letter."""

    reason = forms.CharField(
        label=gettext_lazy("Вопросы или причина"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=gettext_lazy("Компания прочтёт это в письме и на странице заявки."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDecision(Decision):
    """A decision about a contract: about the signed copy that was looked at, not the one there is by now."""

    step: JoiningStep.Kind


def step_of(application: Application, kind: JoiningStep.Kind) -> JoiningStep | None:
    """A step of joining; None before the application is accepted."""
    return next((step for step in application.steps.all() if step.kind == kind), None)


def _is_submitted(application: Application) -> bool:
    return application.state == State.SUBMITTED


def _of_step(kind: JoiningStep.Kind) -> Callable[[Application], bool]:
    def is_to_mark(application: Application) -> bool:
        step = step_of(application, kind)
        return application.state == State.ACCEPTED and step is not None and step.is_to_mark

    return is_to_mark


def _mark(step: JoiningStep.Kind, *, label: Promise, done: Promise) -> StepDecision:
    """A contract is signed by both."""
    return StepDecision(
        label=label,
        question=gettext_lazy(
            "Копия подписана обеими сторонами как следует? Когда отмечены оба договора, начинается членство."
        ),
        done=done,
        act=actions.mark_signed,
        makes_sense=_of_step(step),
        step=step,
    )


def _return(step: JoiningStep.Kind, *, label: Promise, done: Promise) -> StepDecision:
    """The signed copy of a contract is not good, and says why."""
    return StepDecision(
        label=label,
        question=gettext_lazy("Компания загрузит другую копию."),
        done=done,
        form_class=ReasonedForm,
        act=actions.return_signed,
        makes_sense=_of_step(step),
        step=step,
    )


DECISIONS = {
    "accept": Decision(
        label=gettext_lazy("Принять"),
        question=gettext_lazy("Договоры составятся из заявки, и компания получит письмо с просьбой их подписать."),
        done=gettext_lazy("Заявка принята, договоры готовы."),
        act=actions.accept,
        makes_sense=_is_submitted,
    ),
    "send_back": Decision(
        label=gettext_lazy("Вернуть с вопросами"),
        question=gettext_lazy("Компания дополнит заявку и подаст её ещё раз."),
        done=gettext_lazy("Заявка возвращена с вопросами."),
        form_class=ReasonedForm,
        act=actions.send_back,
        makes_sense=_is_submitted,
    ),
    "reject": Decision(
        label=gettext_lazy("Отклонить"),
        question=gettext_lazy("Заявка закроется. Компания сможет подать новую."),
        done=gettext_lazy("Заявка отклонена."),
        form_class=ReasonedForm,
        act=actions.reject,
        makes_sense=_is_submitted,
        is_serious=True,
    ),
    "mark_accession": _mark(
        Kind.ACCESSION,
        label=gettext_lazy("Договор присоединения подписан"),
        done=gettext_lazy("Подписание Договора присоединения отмечено."),
    ),
    "mark_licence": _mark(
        Kind.LICENCE,
        label=gettext_lazy("Лицензионный договор подписан"),
        done=gettext_lazy("Подписание Лицензионного договора отмечено."),
    ),
    "return_accession": _return(
        Kind.ACCESSION,
        label=gettext_lazy("Вернуть копию Договора присоединения"),
        done=gettext_lazy("Копия Договора присоединения возвращена."),
    ),
    "return_licence": _return(
        Kind.LICENCE,
        label=gettext_lazy("Вернуть копию Лицензионного договора"),
        done=gettext_lazy("Копия Лицензионного договора возвращена."),
    ),
}


class ApplicationPermissionHelper(NeverMadeHere):
    """Applications are made by companies, and decided by those who hold a right of its own."""

    def user_can_decide(self, user: Any) -> bool:
        return bool(user.has_perm("partner_directory.decide_application"))


class ApplicationDecisionView(DecisionView):
    """Asks with the company, and with the signed copy where the decision is about one."""

    @cached_property
    def step(self) -> JoiningStep | None:
        """The contract that the decision is about."""
        return step_of(self.instance, self.decision.step) if isinstance(self.decision, StepDecision) else None

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide_application.html"]

    def get_form(self, form_class: Any = None) -> forms.Form:
        """Knows the copy that was looked at."""
        form: forms.Form = super().get_form(form_class)
        if self.step is not None:
            form.fields["signed"] = forms.UUIDField(widget=forms.HiddenInput, initial=self.step.signed_id)
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"step": self.step}

    def act(self, said: dict[str, Any]) -> Any:
        if not isinstance(self.decision, StepDecision):
            return super().act(said)
        if self.step is None:
            raise actions.Overtaken
        looked_at = copy(self.step)
        looked_at.signed_id = said.pop("signed")
        return self.decision.act(step=looked_at, **said, actor=self.request.user)


class ApplicationInspectView(DecidedInspectView):
    """All the evidence on one page, and what can be decided by it."""

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/application.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partner = self.instance.partner
        return super().get_context_data(**kwargs) | {
            "partner": partner,
            "partner_url": edit_url(partner),
            "office": partner.offices.select_related("city__region").first(),
            "twins": [(twin, edit_url(twin)) for twin in twins_of(partner)],
            "standing": standing_now(self.instance),
            "specialists": partner.specialists.select_related("scan").order_by("name_ru", "pk"),
            "people": partner.team.select_related("user"),
        }


def twins_of(partner: Partner) -> list[Partner]:
    """Other profiles that look like the same company: by the host of the site, by the name without its legal form."""
    own = marks_of(partner.site_url, partner.name_ru, partner.name_en, partner.legal_name_ru)
    names = ("name_ru", "name_en", "legal_name_ru")
    others = Partner.objects.exclude(pk=partner.pk).only("pk", "site_url", "inn", *names).order_by("name_ru", "pk")
    return [other for other in others if own & marks_of(other.site_url, *(getattr(other, name) for name in names))]


def standing_now(application: Application) -> Standing | None:
    """Where the company stands at the level that it asks for; None where the terms of today have no such level."""
    try:
        day = programme_day()
        return standing_of(application.partner, application.level.slug, terms_on(day), day)
    except (NoEdition, UnknownLevel):
        return None


class ApplicationRegister(DecidedRegister):
    """The queue: who asks for which level, who has the ball, and since when."""

    model = Application
    decisions = DECISIONS
    argument = "application"
    labels = UNNAMED | {"partner": gettext_lazy("компания")}
    menu_label = gettext_lazy("Заявки")
    menu_item_name = "applications"
    menu_icon = "form"
    permission_helper_class = ApplicationPermissionHelper
    decision_view_class = ApplicationDecisionView
    inspect_view_class = ApplicationInspectView
    list_display = ("title", "level_figure", "shown_state", "shown_ball", "waiting", "submitted_at")
    list_filter = ("state", "ball", ("level", RelatedFilter), ("product_line", RelatedFilter), "submitted_at")
    list_select_related = ("partner", "level", "product_line", "edition")
    search_fields = ("partner__name_ru", "partner__name_en", "partner__legal_name_ru", "partner__inn")
    inspect_view_fields = ["title"]
    export_fields = (
        "number", "partner", "inn", "level", "product_line", "state", "ball", "ball_since", "talk_wanted", "edition",
        "created_at", "submitted_at", "decided_at", "reason",
    )  # fmt: skip
    export_filename = "applications"

    def whole_rows(self) -> Any:
        """With what a decision hangs on: the membership, and the steps of joining."""
        steps = ("steps__document", "steps__signed", "steps__edition", "steps__done_by")
        return super().whole_rows().select_related("membership").prefetch_related(*steps)

    @display(description=gettext_lazy("заявка"), ordering="pk")
    def title(self, application: Application) -> str:
        """Its number, and the company."""
        return f"{application} · {application.partner}"

    @display(description=gettext_lazy("номер"), ordering="pk")
    def number(self, application: Application) -> int:
        """Its number alone."""
        return application.pk

    @display(description=gettext_lazy("ИНН"))
    def inn(self, application: Application) -> str:
        """The company's."""
        return application.partner.inn

    @display(description=gettext_lazy("уровень"), ordering="level")
    def level_figure(self, application: Application) -> str:
        """Its shape and its name."""
        return render_to_string("partner_directory/admin/level_name.html", {"level": application.level})

    @display(description=gettext_lazy("состояние"), ordering="state")
    def shown_state(self, application: Application) -> str:
        """How far it has come."""
        return str(application.get_state_display())

    @display(description=gettext_lazy("ход за"), ordering="ball")
    def shown_ball(self, application: Application) -> str:
        """Who acts next, standing out where that is the vendor."""
        return state_mark(application.get_ball_display(), is_primary=application.ball == Application.Ball.VENDOR)

    @display(description=gettext_lazy("ход с"), ordering="ball_since")
    def waiting(self, application: Application) -> str:
        """Since when."""
        if application.ball == Application.Ball.NOBODY:
            return ""
        day = date_format(localtime(application.ball_since), "SHORT_DATE_FORMAT")
        return f"{day} ({timesince(application.ball_since, depth=1)})"

    def get_extra_class_names_for_field_col(self, obj: Application, field_name: str) -> list[str]:
        return ["nowrap"] if field_name in ("shown_state", "waiting", "submitted_at") else []


application_register = ApplicationRegister()
