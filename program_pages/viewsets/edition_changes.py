"""What an edition changes, for editors: a draft's latest revision, or what is published, beside a published edition."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import BaseObjectMixin, WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.widgets.button import Button

from program_pages.changes.page import in_words
from program_pages.changes.pairs import Listed, published_editions
from program_pages.changes.words import said_changes
from program_pages.models.edition import TermsEdition
from program_pages.rules.terms import Terms
from program_pages.terms import terms_of, terms_of_edition

CHANGES_LABEL = gettext_lazy("Что меняется")


class CompareWithForm(forms.Form):
    """With which published edition to compare; the name of the field stands in addresses."""

    old = forms.TypedChoiceField(label=gettext_lazy("Сравнить с редакцией"), coerce=int)

    def __init__(self, *args: Any, editions: list[Listed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old"].choices = [(edition.number, in_words(edition)) for edition in editions]  # type: ignore[attr-defined]


class EditionChangesView(PermissionCheckedMixin, BaseObjectMixin, WagtailAdminTemplateMixin, TemplateView):
    """The whole difference of an edition, as it would be published, to the one that it takes over from."""

    any_permission_required = ["add", "change", "publish", "delete", "view"]
    page_title = CHANGES_LABEL
    header_icon = "doc-full"
    template_name = "program_pages/admin/edition_changes.html"
    index_url_name = ""
    edit_url_name = ""

    def get_page_subtitle(self) -> str:
        return str(self.object)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": _("Редакции условий")},
            {"url": reverse(self.edit_url_name, args=[quote(self.object.pk)]), "label": str(self.object)},
            {"url": "", "label": CHANGES_LABEL},
        ]

    @cached_property
    def shown_terms(self) -> Terms:
        """What would be published now: the latest draft; of an edition in force what is in force."""
        edition: TermsEdition = self.object
        if edition.is_in_force_or_past:
            return terms_of_edition(edition.pk)
        return terms_of(edition.get_latest_revision_as_object())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        others = [edition for edition in published_editions() if edition.number != self.object.pk or self.is_redrafted]
        form = CompareWithForm(self.request.GET or None, editions=others)
        old = self._chosen(form, others)
        found = said_changes(terms_of_edition(old.number), self.shown_terms, every_language=True) if old else None
        if old and not form.is_bound:
            form.initial = {"old": old.number}
        return super().get_context_data(**kwargs) | {"form": form, "old": old, "found": found, "new": self.shown_terms}

    @property
    def is_redrafted(self) -> bool:
        """Published, with a later draft beside it: then it may be compared with itself."""
        edition: TermsEdition = self.object
        return edition.live and edition.has_unpublished_changes and not edition.is_in_force_or_past

    def _chosen(self, form: CompareWithForm, others: list[Listed]) -> Listed | None:
        """The edition asked for, or the one before this by date, or else the latest there is."""
        if form.is_bound and form.is_valid():
            return next(edition for edition in others if edition.number == form.cleaned_data["old"])
        day = self.shown_terms.effective_from
        before = (edition for edition in others if edition.effective_from < day and edition.number != self.object.pk)
        return next(before, others[0] if others else None)


def changes_button(url: str) -> Button:
    """Leads from an edition to what it changes."""
    return Button(CHANGES_LABEL, url=url, icon_name="list-ul", priority=5)
