"""The queue of applications (R80, A8): found, read with all their evidence on one page, decided, exported.

Nothing is written here: each button leads to a page that asks, and its POST calls an action.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import display
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import re_path
from django.utils.formats import date_format
from django.utils.functional import Promise, cached_property
from django.utils.html import format_html
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin import messages
from wagtail.log_actions import registry as log_registry
from wagtail_modeladmin.views import InstanceSpecificView

from partner_directory.actions import applications as actions
from partner_directory.actions.imports import marks_of
from partner_directory.models.application import Application, JoiningStep
from partner_directory.models.partner import Partner
from partner_directory.standing import Standing, standing_of
from partner_directory.viewsets.memberships import say_refusal
from partner_directory.viewsets.reports import edit_url
from program_pages.models.edition import programme_day
from program_pages.rules.terms import UnknownLevel
from program_pages.terms import NoEdition, terms_on
from program_pages.viewsets.register import (
    PolicyPermissionHelper,
    Register,
    RegisterButtonHelper,
    RegisterInspectView,
    RelatedFilter,
    Trail,
)

State, Kind = Application.State, JoiningStep.Kind


class DecisionForm(forms.Form):
    """A decision that needs no words."""

    def __init__(self, *args: Any, step: JoiningStep | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if step is not None:  # what is decided is the copy that was looked at, not the one there is by now
            self.fields["signed"] = forms.UUIDField(widget=forms.HiddenInput, initial=step.signed_id)


class ReasonedForm(DecisionForm):
    """A decision that must say why; the company reads it in its letter."""

    reason = forms.CharField(
        label=gettext_lazy("Вопросы или причина"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
        help_text=gettext_lazy("Компания прочтёт это в письме и на странице заявки."),
    )


@dataclass(frozen=True, slots=True)
class Decision:
    """Something that a manager may decide: its words, its form, its action; ``step`` where it is about a contract."""

    label: str | Promise
    question: str | Promise
    done: str | Promise
    form_class: type[DecisionForm]
    act: Callable[..., Application]
    step: JoiningStep.Kind | None = None
    is_serious: bool = False

    def makes_sense(self, application: Application) -> bool:
        """Whether it can be decided now."""
        if self.step is None:
            return application.state == State.SUBMITTED
        step = step_of(application, self.step)
        return application.state == State.ACCEPTED and step is not None and step.is_to_mark


DECISIONS = {
    "accept": Decision(
        gettext_lazy("Принять"),
        gettext_lazy("Договоры составятся из заявки, и компания получит письмо с просьбой их подписать."),
        gettext_lazy("Заявка принята, договоры готовы."),
        DecisionForm,
        actions.accept,
    ),
    "send_back": Decision(
        gettext_lazy("Вернуть с вопросами"),
        gettext_lazy("Компания дополнит заявку и подаст её ещё раз."),
        gettext_lazy("Заявка возвращена с вопросами."),
        ReasonedForm,
        actions.send_back,
    ),
    "reject": Decision(
        gettext_lazy("Отклонить"),
        gettext_lazy("Заявка закроется. Компания сможет подать новую."),
        gettext_lazy("Заявка отклонена."),
        ReasonedForm,
        actions.reject,
        is_serious=True,
    ),
    "mark_accession": Decision(
        gettext_lazy("Договор присоединения подписан"),
        gettext_lazy("Копия подписана обеими сторонами как следует? Когда отмечены оба договора, начинается членство."),
        gettext_lazy("Подписание Договора присоединения отмечено."),
        DecisionForm,
        actions.mark_signed,
        Kind.ACCESSION,
    ),
    "mark_licence": Decision(
        gettext_lazy("Лицензионный договор подписан"),
        gettext_lazy("Копия подписана обеими сторонами как следует? Когда отмечены оба договора, начинается членство."),
        gettext_lazy("Подписание Лицензионного договора отмечено."),
        DecisionForm,
        actions.mark_signed,
        Kind.LICENCE,
    ),
    "return_accession": Decision(
        gettext_lazy("Вернуть копию Договора присоединения"),
        gettext_lazy("Компания загрузит другую копию."),
        gettext_lazy("Копия Договора присоединения возвращена."),
        ReasonedForm,
        actions.return_signed,
        Kind.ACCESSION,
    ),
    "return_licence": Decision(
        gettext_lazy("Вернуть копию Лицензионного договора"),
        gettext_lazy("Компания загрузит другую копию."),
        gettext_lazy("Копия Лицензионного договора возвращена."),
        ReasonedForm,
        actions.return_signed,
        Kind.LICENCE,
    ),
}


def step_of(application: Application, kind: JoiningStep.Kind) -> JoiningStep | None:
    """A step of joining; None before the application is accepted."""
    return next((step for step in application.steps.all() if step.kind == kind), None)


def whole(key: int) -> Application:
    """An application with what a decision hangs on."""
    rows = Application.objects.select_related("partner", "level__product_line", "edition", "membership")
    return rows.prefetch_related("steps__document", "steps__signed", "steps__edition", "steps__done_by").get(pk=key)


class ApplicationPermissionHelper(PolicyPermissionHelper):
    """Applications are made by companies and decided by actions: nobody creates, edits or deletes one here."""

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Any) -> bool:
        return False

    def user_can_decide(self, user: Any) -> bool:
        """Whether the user decides on applications."""
        return bool(user.has_perm("partner_directory.decide_application"))


class ApplicationButtonHelper(RegisterButtonHelper):
    """A button for each decision that is open, where the application can be read: not in the listing."""

    def get_buttons_for_obj(
        self, obj: Application, exclude: Any = None, classnames_add: Any = None, classnames_exclude: Any = None
    ) -> list[dict[str, Any]]:
        buttons: list[dict[str, Any]] = super().get_buttons_for_obj(obj, exclude, classnames_add, classnames_exclude)
        if "inspect" in (exclude or ()) and self.permission_helper.user_can_decide(self.request.user):
            buttons += [
                self._button(name, obj, classnames_add, classnames_exclude)
                for name, decision in DECISIONS.items()
                if decision.makes_sense(obj)
            ]
        return buttons

    def _button(self, name: str, application: Application, add: Any, exclude: Any) -> dict[str, Any]:
        decision = DECISIONS[name]
        look = ["no"] if decision.is_serious else ["button-secondary"]
        return {
            "url": self.url_helper.get_action_url(name, quote(application.pk)),
            "label": decision.label,
            "classname": self.finalise_classname([*look, *(add or [])], exclude),
            "title": f"{decision.label}: {application}",
        }


class DecisionView(Trail, InstanceSpecificView):
    """Asks before an action is called, and calls it by POST; its refusal stands beside what was typed."""

    decision: ClassVar[str] = ""
    instance: Application

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance = whole(self.instance.pk)

    @property
    def decided(self) -> Decision:
        """What is being decided."""
        return DECISIONS[self.decision]

    @property
    def trail_end(self) -> str:  # type: ignore[override]
        """The last step of the breadcrumbs."""
        return str(self.decided.label)

    @cached_property
    def step(self) -> JoiningStep | None:
        """The contract that the decision is about."""
        return step_of(self.instance, self.decided.step) if self.decided.step else None

    def check_action_permitted(self, user: Any) -> bool:
        return bool(self.permission_helper.user_can_decide(user))

    def get_page_title(self) -> str:
        return str(self.decided.label)

    def get_template_names(self) -> list[str]:
        return ["partner_directory/admin/decide_application.html"]

    @cached_property
    def form(self) -> DecisionForm:
        """What has to be said beside yes."""
        data = self.request.POST if self.request.method == "POST" else None
        return self.decided.form_class(data, step=self.step)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = {"form": self.form, "decision": self.decided, "step": self.step, "inspect_url": self._row_url()}
        return super().get_context_data(**shown | kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Asks; where there is nothing to decide any more, says so."""
        if not self.decided.makes_sense(self.instance):
            messages.warning(request, _("Сейчас с этой заявкой так поступить нельзя."))
            return redirect(self._row_url())
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Calls the action; a refusal leaves everything as it was."""
        if not self.form.is_valid():
            return self.render_to_response(self.get_context_data())
        try:
            self.decided.act(**self._about(), actor=request.user)
        except actions.Overtaken as error:
            messages.error(request, " ".join(error.messages))
        except ValidationError as error:
            say_refusal(self.form, error)
            return self.render_to_response(self.get_context_data())
        else:
            messages.success(request, self.decided.done)
        return redirect(self._row_url())

    def _about(self) -> dict[str, Any]:
        said = dict(self.form.cleaned_data)
        if self.decided.step is None:
            return {"application": self.instance, **said}
        if self.step is None:
            raise actions.Overtaken
        self.step.signed_id = said.pop("signed")
        return {"step": self.step, **said}


class ApplicationInspectView(RegisterInspectView):
    """All the evidence on one page, and what can be decided by it."""

    template_name = "partner_directory/admin/application.html"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance: Application = whole(self.instance.pk)

    def get_template_names(self) -> list[str]:
        return [self.template_name]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        partner = self.instance.partner
        entries = log_registry.get_logs_for_instance(self.instance).select_related("user").order_by("-timestamp", "-pk")
        return super().get_context_data(**kwargs) | {
            "partner": partner,
            "partner_url": edit_url(partner),
            "office": partner.offices.select_related("city__region").first(),
            "twins": [(twin, edit_url(twin)) for twin in twins_of(partner)],
            "standing": standing_now(self.instance),
            "specialists": partner.specialists.select_related("scan").order_by("name_ru", "pk"),
            "people": partner.team.select_related("user"),
            "log_entries": entries,
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


class ApplicationRegister(Register):
    """The queue: who asks for which level, who has the ball, and since when."""

    model = Application
    menu_label = gettext_lazy("Заявки")
    menu_item_name = "applications"
    menu_icon = "form"
    permission_helper_class = ApplicationPermissionHelper
    button_helper_class = ApplicationButtonHelper
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

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related(*self.list_select_related)

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
        primary = " w-status--primary" if application.ball == Application.Ball.VENDOR else ""
        return format_html('<span class="w-status{}">{}</span>', primary, application.get_ball_display())

    @display(description=gettext_lazy("ход с"), ordering="ball_since")
    def waiting(self, application: Application) -> str:
        """Since when."""
        if application.ball == Application.Ball.NOBODY:
            return ""
        day = date_format(application.ball_since, "SHORT_DATE_FORMAT")
        return f"{day} ({timesince(application.ball_since, depth=1)})"

    def get_extra_class_names_for_field_col(self, obj: Application, field_name: str) -> list[str]:
        return ["nowrap"] if field_name in ("shown_state", "waiting", "submitted_at") else []

    def get_admin_urls_for_registration(self) -> tuple[Any, ...]:
        """With one address a decision."""
        urls: tuple[Any, ...] = super().get_admin_urls_for_registration()
        return (
            *urls,
            *(
                re_path(
                    self.url_helper.get_action_url_pattern(name),
                    self.decide_view,
                    {"decision": name},
                    name=self.url_helper.get_action_url_name(name),
                )
                for name in DECISIONS
            ),
        )

    def decide_view(self, request: HttpRequest, instance_pk: str, decision: str) -> HttpResponse:
        """The page of one decision."""
        view = type("View", (DecisionView,), {"decision": decision})
        return view.as_view(model_admin=self, instance_pk=instance_pk)(request)  # type: ignore[attr-defined, no-any-return]


application_register = ApplicationRegister()
