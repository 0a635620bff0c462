"""The register of readings in the admin: what may be read in more ways than one, decided and opened again (A1-A12)."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, StatusTagColumn
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from accounts.models import User
from program_pages.actions.readings import decide, reopen
from program_pages.bilingual import said
from program_pages.models.edition import programme_day
from program_pages.models.reading import Reading, ReadingAlternative, check_alternatives
from program_pages.rules.terms import Text
from program_pages.viewsets.catalogue import NamedViewSet


class ReadingForm(WagtailAdminModelForm):
    """A reading with its alternatives, which must be what its setting knows."""

    def is_valid(self) -> bool:
        """Whether the alternatives fit the setting as well."""
        if not super().is_valid():
            return False
        rows = self.formsets["alternatives"]
        kept = [
            form for form in rows.forms if form not in rows.deleted_forms and form.has_changed() | bool(form.initial)
        ]
        try:
            check_alternatives(self.instance, [form.instance for form in kept])
        except ValidationError as error:
            self.add_error("setting", error)
        return not self.errors


def state_of(reading: Reading) -> str:
    """How a reading is decided today, in words."""
    decision = reading.decision_on(programme_day())
    return said(decision.text) if decision else "—"


class ReadingEditView(snippets.EditView):
    """A reading's form; what is decided of it stands behind a button."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        if not self.permission_policy.user_has_permission(self.request.user, "decide"):
            return buttons
        decided = self.object.decision_on(programme_day()) is not None
        label = _("Открыть заново") if decided else _("Решить")
        url = reverse(self.object.snippet_viewset.get_url_name("decide"), args=[quote(self.object.pk)])
        return [*buttons, Button(label, url=url, icon_name="rotate" if decided else "check", priority=5)]


class DecisionForm(forms.Form):
    """What is decided, and why; of a decided reading only why it is opened again."""

    alternative = forms.ModelChoiceField(
        label=gettext_lazy("Как читать"), queryset=ReadingAlternative.objects.none(), widget=forms.RadioSelect
    )
    reason_ru = forms.CharField(label=gettext_lazy("Почему"), widget=forms.Textarea(attrs={"rows": 3}))
    reason_en = forms.CharField(
        label=gettext_lazy("Почему, по-английски"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )

    def __init__(self, *args: Any, reading: Reading, is_decided: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_decided:
            del self.fields["alternative"]
        else:
            choices = cast("forms.ModelChoiceField[ReadingAlternative]", self.fields["alternative"])
            choices.queryset = ReadingAlternative.objects.filter(reading=reading)
            choices.empty_label = None
            self.fields["reason_ru"].required = False


class ReadingDecideView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """Decides a reading, or opens it again; both are dated today and stay in its history."""

    model = Reading
    permission_required = "decide"
    header_icon = "check"
    template_name = "program_pages/admin/decide_reading.html"
    form_class = DecisionForm

    @cached_property
    def is_decided(self) -> bool:
        """Whether the reading is decided today."""
        return self.object.decision_on(programme_day()) is not None

    def get_page_title(self) -> str:
        return _("Открыть заново") if self.is_decided else _("Решить")

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        viewset = Reading.snippet_viewset  # type: ignore[attr-defined]
        return [
            *viewset.breadcrumbs_items,
            {"url": viewset.menu_url, "label": viewset.menu_label},
            {"url": self.edit_url, "label": str(self.object)},
            {"url": "", "label": self.get_page_title()},
        ]

    @property
    def edit_url(self) -> str:
        """The reading's form."""
        return reverse(self.object.snippet_viewset.get_url_name("edit"), args=[quote(self.object.pk)])

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"reading": self.object, "is_decided": self.is_decided}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        history = self.object.decisions.select_related("decided_by").order_by("-number")
        own = {
            "reading": self.object,
            "history": history,
            "is_decided": self.is_decided,
            "action_url": self.request.path,
            "submit_button_label": self.get_page_title(),
        }
        return super().get_context_data(**kwargs) | own

    def form_valid(self, form: DecisionForm) -> HttpResponse:
        """Decides or opens again; somebody else's decision in the meantime is said."""
        data = form.cleaned_data
        reason = Text(data["reason_ru"], data["reason_en"])
        actor = cast("User", self.request.user)  # the permission check has let this person in
        try:
            if self.is_decided:
                reopen(reading=self.object, reason=reason, actor=actor)
            else:
                decide(reading=self.object, alternative=data["alternative"], reason=reason, actor=actor)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        text = _("Прочтение %(code)s открыто заново.") if self.is_decided else _("О прочтении %(code)s решено.")
        messages.success(self.request, text % {"code": self.object.code})
        return redirect(self.edit_url)


class ReadingViewSet(NamedViewSet):
    """The register of readings."""

    model = Reading
    icon = "help"
    add_item_label = gettext_lazy("Добавить прочтение")
    menu_label = gettext_lazy("Прочтения")
    list_display = [
        "__str__",
        StatusTagColumn(
            "state",
            label=gettext_lazy("Состояние"),
            accessor=lambda reading: _("решено") if reading.decision_on(programme_day()) else _("не решено"),
            primary=lambda reading: reading.decision_on(programme_day()) is None,
        ),
        Column("decision", label=gettext_lazy("Как решено"), accessor=state_of),
        Column("authority_ru", label=gettext_lazy("Кто решает")),
    ]
    search_fields = ["code", "title_ru", "title_en"]
    edit_view_class = ReadingEditView
    copy_view_enabled = False
    edit_handler = ObjectList(Reading.panels, base_form_class=ReadingForm)

    def get_queryset(self, request: Any) -> Any:
        return Reading.objects.prefetch_related("decisions")

    def get_urlpatterns(self) -> list[Any]:
        """A page on which a reading is decided."""
        decides = path("decide/<str:pk>/", self.construct_view(ReadingDecideView), name="decide")
        return [*super().get_urlpatterns(), decides]
