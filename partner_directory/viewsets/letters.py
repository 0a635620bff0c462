"""The texts of letters in the admin: every kind with its words and a preview, and the form of managers' own words.

A row exists once managers have written something; nothing is written by looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.snippets.views import snippets

from partner_directory.letterhead import Letter, letter_of
from partner_directory.models.message import LetterText
from partner_directory.wording import KINDS, kind_label, mistakes_in, own_words, placeholders_of, sample_of
from program_pages.viewsets.base import ProgrammeViewSet

FIELDS = ("subject", "text")
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)


class LetterForm(WagtailAdminModelForm):
    """Managers' words of one kind, beside the project's own; a placeholder that nothing would fill is refused."""

    is_preview = False  # which shows a wrong placeholder as it is

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["kind"].disabled = True
        self.kind = self.instance.kind or str(self.data.get("kind", ""))
        names = " ".join(f"{{{name}}}" for name in placeholders_of(self.kind))
        self.fields["kind"].help_text = _("%(kind)s. Подстановки: %(names)s") % {
            "kind": kind_label(self.kind),
            "names": names,
        }
        for language in LANGUAGES:
            own = own_words(self.kind, language)
            for name in FIELDS:
                self.fields[f"{name}_{language}"].help_text = _help(getattr(own, name), language)

    def clean_kind(self) -> str:
        """One of the project's kinds."""
        kind: str = self.cleaned_data["kind"]
        if kind not in KINDS:
            raise ValidationError(_("Такого письма нет."))
        return kind

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        for name in (f"{name}_{language}" for name in FIELDS for language in LANGUAGES):
            mistakes = mistakes_in(self.kind, cleaned.get(name, ""))
            if mistakes and not self.is_preview:
                self.add_error(name, mistakes)
        return cleaned


def _help(own: str, language: str) -> SafeString:
    """The project's words, which hold while the field is empty."""
    return format_html('{}<span class="letter-own" lang="{}">{}</span>', _("Пока поле пусто:"), language, own)


@dataclass(frozen=True, slots=True)
class Row:
    """A kind in the list: when it is sent, its subject as it is now, whose words these are, where they are changed."""

    label: str
    subject: str
    is_own: bool
    edit_url: str
    words_url: str


class LetterIndexView(snippets.IndexView):
    """Every kind of letter, whether managers have written words for it or not."""

    header_buttons: ClassVar[list[Any]] = []  # a kind is made by the project

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {text.kind: text for text in LetterText.objects.all()}
        rows = [self._row(kind, texts.get(kind)) for kind in sorted(KINDS, key=kind_label)]
        return super().get_context_data(**kwargs) | {"rows": rows}

    def _row(self, kind: str, text: LetterText | None) -> Row:
        words = (text or LetterText(kind=kind)).words(settings.LANGUAGE_CODE)
        return Row(
            label=kind_label(kind),
            subject=words.subject,
            is_own=text is not None,
            edit_url=self._edit_url(kind, text),
            words_url=LetterText.snippet_viewset.words_url(kind),  # type: ignore[attr-defined]
        )

    def _edit_url(self, kind: str, text: LetterText | None) -> str:
        if text is not None:
            return str(self.get_edit_url(text) or "")
        return f"{self.get_add_url()}?{urlencode({'kind': kind})}" if self.get_add_url() else ""


class LetterAddView(snippets.CreateView):
    """The first words of managers for a kind; where there are some already, their form."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        kind = request.GET.get("kind", "")
        written = LetterText.objects.filter(kind=kind).first()
        if written is not None and request.method == "GET":
            return redirect(LetterText.snippet_viewset.get_url_name("edit"), written.pk)  # type: ignore[attr-defined]
        if kind not in KINDS:
            return redirect(self.index_url_name)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[no-any-return]

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": LetterText(kind=self.request.GET["kind"])}

    def get_page_subtitle(self) -> str:
        return kind_label(self.request.GET["kind"])

    def get_add_url(self) -> str:
        """The same address, for the form to be sent to."""
        return f"{super().get_add_url()}?{urlencode({'kind': self.request.GET['kind']})}"


class _ShowsMistakes:
    """A preview shows what is typed, right or wrong."""

    def validate_form(self, form: LetterForm) -> bool:
        form.is_preview = True
        return super().validate_form(form)  # type: ignore[misc, no-any-return]


class PreviewOnAdd(_ShowsMistakes, snippets.PreviewOnCreateView):
    """Beside the form of new words."""


class PreviewOnEdit(_ShowsMistakes, snippets.PreviewOnEditView):
    """Beside the form of words."""


class WordsView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """A kind of letter as its readers get it, filled with sample facts, in both languages."""

    model = LetterText
    any_permission_required = ["add", "change", "delete", "view"]
    template_name = "partner_directory/admin/letter.html"
    header_icon = "mail"
    page_title = gettext_lazy("Письмо")

    @cached_property
    def kind(self) -> str:
        """The kind that the address names; 404 for one that does not exist."""
        if self.kwargs["kind"] not in KINDS:
            raise Http404
        return str(self.kwargs["kind"])

    def get_page_subtitle(self) -> str:
        return kind_label(self.kind)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        """The way from the list."""
        viewset = LetterText.snippet_viewset  # type: ignore[attr-defined]
        return [*viewset.breadcrumbs_items, viewset.list_item, {"url": "", "label": kind_label(self.kind)}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = LetterText.objects.filter(kind=self.kind).first() or LetterText(kind=self.kind)
        letters = [(code, name, _sample_letter(text, code)) for code, name in settings.LANGUAGES]
        return super().get_context_data(**kwargs) | {"letters": letters}


def _sample_letter(text: LetterText, language: str) -> Letter:
    words, link = sample_of(text.kind, text.words(language), language)
    return letter_of(words, link=link, language=language)


class LetterTextViewSet(ProgrammeViewSet):
    """The words of letters: the project's, and what managers say instead."""

    model = LetterText
    icon = "mail"
    menu_label = gettext_lazy("Тексты писем")
    index_view_class = LetterIndexView
    index_template_name = "partner_directory/admin/letters.html"
    add_view_class = LetterAddView
    preview_on_add_view_class = PreviewOnAdd
    preview_on_edit_view_class = PreviewOnEdit
    copy_view_enabled = False
    edit_handler = ObjectList(
        [
            FieldPanel("kind", widget=forms.HiddenInput, heading=gettext_lazy("Когда")),
            *(FieldPanel(f"{name}_{language}") for language in LANGUAGES for name in FIELDS),
        ],
        base_form_class=LetterForm,
    )

    @property
    def list_item(self) -> dict[str, Any]:
        """The list among breadcrumbs."""
        return {"url": self.menu_url, "label": self.menu_label}

    def words_url(self, kind: str) -> str:
        """Where a kind is shown as a letter."""
        return reverse(self.get_url_name("words"), args=[kind])

    def get_urlpatterns(self) -> list[Any]:
        """A page for the letter of each kind."""
        words = path("words/<str:kind>/", self.construct_view(WordsView), name="words")
        return [*super().get_urlpatterns(), words]
