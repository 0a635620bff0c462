"""Terms editions in the admin: one form by tabs, a check before approval, and what an edition in force allows.

An edition in force is shown read-only; the way on is a copy (``program_pages.actions.editions``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.utils import quote
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets import AdminDateInput
from wagtail.admin.widgets.button import Button
from wagtail.snippets.views import snippets

from program_pages.actions.editions import copy_edition, proposed_day
from program_pages.completeness import problems
from program_pages.models.edition import TermsEdition
from program_pages.terms import with_rows
from program_pages.viewsets.base import ProgrammeViewSet
from program_pages.viewsets.edition_changes import EditionChangesView, changes_button
from program_pages.viewsets.edition_panels import edit_handler
from program_pages.viewsets.forms import EditionForm
from program_pages.viewsets.notes import notes_on
from program_pages.viewsets.states import state_of, with_state

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser

COPY_LABEL = gettext_lazy("Скопировать в новую редакцию")
NOT_APPROVED = gettext_lazy("Черновик сохранён, но редакция не утверждена.")
APPROVING = frozenset({"publish", "submit", "restart-workflow"})


def say_problems(request: HttpRequest, error: ValidationError, lead: Any = "") -> None:
    """Shows a refusal with each of its reasons on a line."""
    reasons = format_html("<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((reason,) for reason in error.messages)))
    messages.error(request, format_html("{} {}", lead, reasons) if lead else reasons)


def edit_url(edition: TermsEdition) -> str:
    """Where an edition is edited, or read once it is in force."""
    return reverse(edition.snippet_viewset.get_url_name("edit"), args=[quote(edition.pk)])  # type: ignore[attr-defined]


def changes_url(edition: TermsEdition) -> str:
    """Where editors read what an edition changes."""
    return reverse(edition.snippet_viewset.get_url_name("changes"), args=[quote(edition.pk)])  # type: ignore[attr-defined]


class CompleteBeforeApproval:
    """For the create and edit views: what goes to approval is whole; a draft may be anything the database can hold."""

    def is_valid(self, form: EditionForm) -> bool:
        """Whether the form may be saved; approving actions need an edition that lacks nothing."""
        if not super().is_valid(form):  # type: ignore[misc]
            return False
        approves = self.action == "workflow-action" and self.workflow_action == "approve"  # type: ignore[attr-defined]
        if self.action not in APPROVING and not approves:  # type: ignore[attr-defined]
            return True
        found = problems(form.save(commit=False))
        form.add_problems(found)
        if found:
            self.produced_error_code = "validation_error"
            self.produced_error_message = _("Редакция не готова к утверждению.")
        return not found

    def form_valid(self, form: EditionForm) -> HttpResponse:
        """Saves; where rows exchange codes that must differ, says so beside everything that was typed."""
        try:
            with transaction.atomic():
                return super().form_valid(form)  # type: ignore[misc, no-any-return]
        except IntegrityError:
            self.produced_error_code = "validation_error"
            self.produced_error_message = _(
                "Редакция не сохранена: две строки меняются кодами или номерами. Сделайте это в два приёма,"
                " через третий код."
            )
            return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]

    def run_action_method(self) -> HttpResponse | None:
        """Approves; a refusal that comes only now (another edition has taken the date) leaves the draft saved."""
        try:
            with transaction.atomic():
                return super().run_action_method()  # type: ignore[misc, no-any-return]
        except ValidationError as error:
            say_problems(self.request, error, NOT_APPROVED)  # type: ignore[attr-defined]
            return redirect(edit_url(self.object))  # type: ignore[attr-defined]


class EditionCreateView(CompleteBeforeApproval, snippets.CreateView):
    """A new edition from nothing; the usual way is a copy."""


class EditionEditView(CompleteBeforeApproval, snippets.EditView):
    """An edition's form; read-only once the edition is in force."""

    AUTOSAVE_INTERVAL = 3000  # ms; an edition is a thousand fields

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.autosave_interval = self.AUTOSAVE_INTERVAL
        if self.locked_for_user:
            self.autosave_enabled = False

    def get_object(self, queryset: Any = None) -> TermsEdition:
        """The latest draft; of an edition in force what is in force, whatever drafts were left beside it."""
        edition: TermsEdition = super().get_object(queryset)
        if self.live_object.is_in_force_or_past:
            return with_rows(TermsEdition.objects.all()).get(pk=edition.pk)
        return edition

    def get_form(self, form_class: Any = None) -> EditionForm:
        """The form; where the edition is locked, its fields take no change."""
        form: EditionForm = super().get_form(form_class)
        if self.locked_for_user:
            for each in [form, *(row for rows in form.formsets.values() for row in rows.forms)]:
                for field in each.fields.values():
                    field.disabled = True
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notes = [] if self.expects_json_response else notes_on(self.request, self.object)
        return super().get_context_data(**kwargs) | {"edition_notes": notes}

    @cached_property
    def can_delete(self) -> bool:
        return not self.object.is_in_force_or_past and super().can_delete

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        buttons: list[Button] = super().header_more_buttons
        copying = self.get_copy_url()
        copy_named = [_copy_button(copying) if copying and button.url == copying else button for button in buttons]
        return [changes_button(changes_url(self.object)), *copy_named]


class EditionIndexView(snippets.IndexView):
    """The listing: every edition with where it is in its life. There are too few to search."""

    add_item_label = gettext_lazy("Новая редакция с нуля")
    is_searchable = False

    def get_delete_url(self, instance: TermsEdition) -> str | None:
        return None if instance.is_in_force_or_past else super().get_delete_url(instance)

    def get_list_more_buttons(self, instance: TermsEdition) -> list[Any]:
        copying = self.get_copy_url(instance)
        buttons = super().get_list_more_buttons(instance)
        copy_named = [_copy_button(copying) if copying and button.url == copying else button for button in buttons]
        return [*copy_named, changes_button(changes_url(instance))]


def _copy_button(url: str) -> Button:
    return Button(COPY_LABEL, url=url, icon_name="copy", priority=10)


class SealedMixin:
    """Turns away from an operation that an edition in force does not allow, saying why."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.object.refuse_when_in_force()  # type: ignore[attr-defined]
        except ValidationError as error:
            say_problems(request, error)
            return redirect(edit_url(self.object))  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc, no-any-return]


class EditionDeleteView(SealedMixin, snippets.DeleteView):
    """Deletes a draft."""


class EditionUnpublishView(SealedMixin, snippets.UnpublishView):
    """Withdraws an approved edition before its day."""


class EditionWorkflowActionView(snippets.WorkflowActionView):
    """Approves or rejects from the dashboard; an edition that has become incomplete is refused with its reasons."""

    template_name = "program_pages/admin/edition_decision.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notes = notes_on(self.request, self.object.get_latest_revision_as_object(), is_short=True)
        return super().get_context_data(**kwargs) | {"edition_notes": notes}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().post(request, *args, **kwargs)  # type: ignore[no-any-return]
        except ValidationError as error:
            say_problems(request, error, _("Редакция не утверждена."))
        url = edit_url(self.object)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return self.render_modal_json(request, {"step": "success", "redirect": url})  # type: ignore[no-any-return]
        return redirect(url)


class CopyEditionForm(forms.Form):
    """From which day the copy shall take effect."""

    effective_from = forms.DateField(
        label=gettext_lazy("Действует с"),
        widget=AdminDateInput,
        help_text=gettext_lazy("С этого дня по московскому времени (R83). Дату можно изменить и позже, в черновике."),
    )

    def clean_effective_from(self) -> Any:
        """Refuses the day of another approved edition."""
        day = self.cleaned_data["effective_from"]
        other = TermsEdition.objects.published().filter(effective_from=day).first()
        if other:
            raise ValidationError(_("С этого дня уже действует другая редакция — «%(name)s».") % {"name": other})
        return day


class EditionCopyView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, FormView):
    """Asks for the day, copies, and opens the copy."""

    permission_required = "add"
    page_title = COPY_LABEL
    header_icon = "copy"
    template_name = "wagtailadmin/generic/form.html"
    form_class = CopyEditionForm
    index_url_name = ""
    copy_url_name = ""

    def get_initial(self) -> dict[str, Any]:
        return {"effective_from": proposed_day()}

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Редакции условий")},
            {"url": edit_url(self.object), "label": str(self.object)},
            {"url": "", "label": COPY_LABEL},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return context | {
            "action_url": reverse(self.copy_url_name, args=[quote(self.object.pk)]),
            "submit_button_label": _("Скопировать"),
            "submit_button_active_label": _("Копируем…"),
            "media": context["form"].media,
        }

    def form_valid(self, form: CopyEditionForm) -> HttpResponse:
        copied = copy_edition(
            edition=self.object,
            actor=cast("AbstractBaseUser", self.request.user),  # the permission check has let this person in
            effective_from=form.cleaned_data["effective_from"],
        )
        messages.success(
            self.request, _("Создан черновик «%(name)s»: меняйте его и отправьте на утверждение.") % {"name": copied}
        )
        return redirect(edit_url(copied))


class EditionViewSet(ProgrammeViewSet):
    """Terms editions (R83)."""

    model = TermsEdition
    icon = "doc-full"
    menu_label = gettext_lazy("Редакции условий")
    edit_handler = edit_handler
    list_display = [
        "__str__",
        StatusTagColumn(
            "state",
            label=gettext_lazy("Состояние"),
            accessor=lambda edition: state_of(edition).label,
            primary=lambda edition: state_of(edition).primary,
        ),
        Column("effective_from", label=gettext_lazy("Действует с"), sort_key="effective_from"),
        Column("approved_by", label=gettext_lazy("Утвердил")),
        DateColumn("approved_at", label=gettext_lazy("Утверждена"), sort_key="approved_at"),
    ]
    ordering = ["-effective_from", "-pk"]
    index_view_class = EditionIndexView
    add_view_class = EditionCreateView
    edit_view_class = EditionEditView
    edit_template_name = "program_pages/admin/edition_edit.html"
    copy_view_class = EditionCopyView
    delete_view_class = EditionDeleteView
    unpublish_view_class = EditionUnpublishView
    workflow_action_view_class = EditionWorkflowActionView

    @property
    def changes_view(self) -> Any:
        """What an edition changes."""
        return self.construct_view(
            EditionChangesView, index_url_name=self.get_url_name("list"), edit_url_name=self.get_url_name("edit")
        )

    def get_urlpatterns(self) -> list[Any]:
        """Wagtail's own, and what an edition changes."""
        own = path(f"changes/<{self.pk_path_converter}:pk>/", self.changes_view, name="changes")
        return [*super().get_urlpatterns(), own]

    def get_copy_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        """Nothing of the edition's own form: the copy asks for a day alone."""
        return kwargs

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_state(TermsEdition.objects.select_related("approved_by"))
