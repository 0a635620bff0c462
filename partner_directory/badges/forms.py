"""What a visitor may ask of a verification: a code or its link, a page, a file, a day. May not import views."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.badges.codes import NotACode, read_code
from partner_directory.badges.links import LONGEST, code_named, own_hosts
from program_pages.as_of import NotADay, read_as_of


def sentence_of(error: NotACode) -> str:
    """What is wrong with something typed for a code."""
    if error.misspelt:
        return _("В коде опечатка: одна из букв или цифр неверна. Сверьте его со значком.")
    return _("Это не код: в нём десять букв и цифр, например %(example)s.") % {"example": "7K3QW-9XM24"}


class Plain(forms.Form):
    """A form that says itself, in words, what is missing."""

    use_required_attribute = False


class CodeForm(Plain):
    """A code as it was read from somewhere, or the address that a badge or its QR code leads to."""

    code = forms.CharField(
        label=gettext_lazy("Код значка или ссылка на него"),
        help_text=gettext_lazy("Код напечатан под QR-кодом; регистр, пробелы и дефис не важны."),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Введите код или вставьте ссылку.")},
    )

    def __init__(self, data: Any = None, *, hosts: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.hosts = own_hosts(*hosts)

    def clean_code(self) -> str:
        """The code itself; an address of another site is no code, and may be read below."""
        typed: str = self.cleaned_data["code"]
        named = code_named(typed if "//" in typed else f"https://{typed}", self.hosts)
        if named is None and "//" in typed:
            host = _host(typed)
            raise ValidationError(
                _("Это адрес сайта %(host)s, а не нашей проверки: проверьте страницу в поле ниже.") % {"host": host}
            )
        try:
            return read_code(named or typed)
        except NotACode as error:
            raise ValidationError(sentence_of(error)) from error


class PageForm(Plain):
    """A page on which somebody shows a badge."""

    page = forms.URLField(
        label=gettext_lazy("Адрес страницы"),
        help_text=gettext_lazy("Мы прочитаем её, найдём значки и скажем, стоят ли они на сайте своего партнёра."),
        max_length=LONGEST,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={
            "required": gettext_lazy("Вставьте адрес страницы."),
            "invalid": gettext_lazy(
                "Это не адрес страницы: напишите его целиком, например https://example.ru/partners."
            ),
        },
    )
    page.validators = [URLValidator(schemes=["http", "https"]), *page.validators[1:]]


class FileForm(Plain):
    """A file that somebody was given as a mark or a badge."""

    file = forms.FileField(
        label=gettext_lazy("Файл логотипа или значка"),
        help_text=gettext_lazy("SVG, PNG, WebP, PDF или архив комплекта. Мы не сохраняем файл."),
        widget=forms.FileInput(attrs={"accept": ".svg,.png,.webp,.pdf,.zip"}),
        error_messages={
            "required": gettext_lazy("Выберите файл."),
            "empty": gettext_lazy("Файл пуст."),
            "max_length": gettext_lazy("У файла слишком длинное имя."),
        },
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refuses what is larger than any file of ours."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > settings.VERIFY_MOST_BYTES:
            most = filesizeformat(settings.VERIFY_MOST_BYTES)
            raise ValidationError(_("Файл больше %(size)s: таких среди наших нет.") % {"size": most})
        return file


class DayForm(Plain):
    """The day that a page is asked about."""

    to_come = True  # whether a day to come can be asked about

    on = forms.CharField(
        label=gettext_lazy("На день"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "min": "2000-01-01"}),
    )

    def clean_on(self) -> date | None:
        """The day, None for today."""
        typed = self.cleaned_data["on"]
        try:
            return read_as_of(typed, to_come=self.to_come).day if typed else None
        except NotADay as error:
            self.fields["on"].widget.input_type = "text"  # a field for days shows nothing that is none
            raise ValidationError(str(error)) from error


def _host(typed: str) -> str:
    try:
        return urlsplit(typed.strip()).hostname or typed
    except ValueError:
        return typed
