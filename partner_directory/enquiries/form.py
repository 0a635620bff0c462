"""The form of an enquiry: what may be written, and what is refused beside its field. May not import views."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.directory.snapshot import Snapshot
from partner_directory.directory.suitable import KINDS
from partner_directory.models.enquiry import LONGEST_NAME, LONGEST_TEXT, ConsentText
from partner_directory.models.geography import Region
from partner_directory.models.partner import Partner
from partner_directory.validators import written_phone
from program_pages.models.catalogue import Product

LONGEST_PHONE = 40
TURNS_TEXT = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # makes a text look like another


def _refuse_controls(value: str, *, but: str = "") -> None:
    if any((unicodedata.category(sign) == "Cc" and sign not in but) or sign in TURNS_TEXT for sign in value):
        raise ValidationError(_("Здесь есть знаки, которые не видны и не печатаются: уберите их."))


class OneLine(forms.CharField):
    """A text of one line: line breaks become spaces, other control characters are refused."""

    def to_python(self, value: Any) -> str:
        text = " ".join((super().to_python(value) or "").split())
        _refuse_controls(text)
        return text


class Lines(forms.CharField):
    """A text of many lines without other control characters."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        _refuse_controls(text, but="\n\t")
        return text


class Email(forms.EmailField):
    """An address; control characters are refused with a sentence that says so."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        _refuse_controls(text)
        return text


class EnquiryForm(forms.Form):
    """An enquiry to a chosen partner, or to any suitable one; a chosen one is asked only for what it offers."""

    use_required_attribute = False  # what is missing is said here, in words, beside the field

    name = OneLine(
        label=gettext_lazy("Как к вам обращаться"),
        max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Назовите себя: партнёр будет знать, к кому обращаться.")},
    )
    company = OneLine(
        label=gettext_lazy("Компания, если есть"),
        max_length=LONGEST_NAME,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    email = Email(
        label=gettext_lazy("Электронная почта"),
        help_text=gettext_lazy("Сюда придут копия обращения и ответ партнёра."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Укажите почту: без неё партнёр не сможет ответить.")},
    )
    phone = OneLine(
        label=gettext_lazy("Телефон, если удобнее звонок"),
        max_length=LONGEST_PHONE,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    region = forms.ChoiceField(label=gettext_lazy("Регион"), required=False)
    product = forms.ChoiceField(label=gettext_lazy("Продукт"), required=False)
    service = forms.ChoiceField(label=gettext_lazy("Услуга"), required=False)
    text = Lines(
        label=gettext_lazy("Ваш вопрос или задача"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 7}),
        error_messages={"required": gettext_lazy("Напишите, с чем вам нужна помощь.")},
    )
    consent = forms.BooleanField(
        label=gettext_lazy("Я согласен на обработку моих персональных данных"),
        error_messages={"required": gettext_lazy("Без согласия на обработку данных мы не можем передать обращение.")},
    )
    consent_text = forms.CharField(widget=forms.HiddenInput, required=False)
    partner = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        asked: Mapping[str, Any],
        snapshot: Snapshot,
        consent: ConsentText,
        partner: Partner | None,
    ) -> None:
        self.current_consent = consent
        super().__init__(data, initial={kind: asked.get(kind, "") for kind in KINDS})
        for kind in KINDS:
            self._offer(kind, snapshot, partner)
        self.initial["consent_text"] = str(consent.pk)
        self.initial["partner"] = partner.slug if partner else ""
        if data is not None:
            # What these two hold is decided by the page, not by what came back; a stale one is said by ``clean``.
            self.data = _with(data, consent_text=str(consent.pk), partner=self.initial["partner"])
        self.read_consent = data.get("consent_text") if data is not None else None

    def _offer(self, kind: str, snapshot: Snapshot, partner: Partner | None) -> None:
        codes = list(snapshot.names.codes(kind))
        if partner is not None and kind != "region":
            codes = [code for code in codes if partner.pk in snapshot.having(f"{kind}:{code}")]
        choices = [("", NO_MATTER[kind]), *((code, snapshot.names.label(kind, code)) for code in codes)]
        self.fields[kind].choices = choices  # type: ignore[attr-defined]
        if not codes:
            del self.fields[kind]
        elif self.initial[kind] not in codes:
            self.initial[kind] = ""

    def clean_phone(self) -> str:
        """A number as people write it internationally."""
        phone = self.cleaned_data["phone"]
        return written_phone(phone)[:LONGEST_PHONE] if phone else ""

    def clean(self) -> dict[str, Any]:
        """Refuses consent to a text that is no longer the one in force."""
        cleaned = super().clean() or {}
        if cleaned.get("consent") and self.read_consent != str(self.current_consent.pk):
            self.add_error("consent", _("Текст согласия изменился: прочитайте его и отметьте ещё раз."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        """What was written, as the action takes it."""
        cleaned = self.cleaned_data
        return {
            **{name: cleaned[name] for name in ("name", "company", "email", "phone", "text")},
            "region": Region.objects.filter(code=cleaned.get("region") or None).first(),
            "product": Product.objects.filter(slug=cleaned.get("product") or None).first(),
            "service": cleaned.get("service", ""),
        }


NO_MATTER: Mapping[str, str | Promise] = {
    "region": gettext_lazy("любой"),
    "product": gettext_lazy("любой"),
    "service": gettext_lazy("любая"),
}


def _with(data: Mapping[str, Any], **values: str) -> Any:
    copied = data.copy()  # type: ignore[attr-defined]
    for name, value in values.items():
        copied[name] = value
    return copied
