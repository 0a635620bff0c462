"""The forms of joining: what may be written, and what is refused beside its field. May not import views."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partner_directory.actions.companies import CompanyFacts, inn_is_taken, taken_inn
from partner_directory.applying import HOME_COUNTRY
from partner_directory.enquiries.form import Email, Lines, OneLine
from partner_directory.models.application import LONGEST_ANSWER
from partner_directory.models.geography import City
from partner_directory.models.partner import Partner
from partner_directory.portal.fields import PrivateUploadField
from partner_directory.validators import validate_inn, validate_ogrn, written_phone
from program_pages.models.edition import programme_day
from program_pages.rules.terms import Level

MOST_SUGGESTED = 5  # cities named where what was written fits several
EARLIEST = date(1990, 1, 1)  # before it nobody was certified


class PlainForm(forms.Form):
    """What is missing is said here, in words, beside the field."""

    use_required_attribute = False


class CityField(OneLine):
    """A city by its name in either language, with its region where there are several: «Киров, Калужская область»."""

    def clean(self, value: Any) -> City | None:
        """Raises ValidationError for a city that is not on the list, or that could be several."""
        text = super().clean(value)
        if not text:
            return None
        named, _comma, region = text.partition(",")
        found = [city for city in City.objects.named(named).select_related("region") if _fits(city, named, region)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(_("Такого города в списке нет: укажите ближайший город покрупнее."))
        suggested = "; ".join(f"{city}, {city.region}" for city in found[:MOST_SUGGESTED])
        raise ValidationError(
            _("Городов с таким названием несколько, допишите регион: %(cities)s.") % {"cities": suggested}
        )


def _fits(city: City, name: str, region: str) -> bool:
    same = _plain(name) in {_plain(city.name_ru), _plain(city.name_en)}
    regions = (_plain(city.region.name_ru), _plain(city.region.name_en))
    return same and (not region.strip() or any(each.startswith(_plain(region)) for each in regions))


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


class CompanyForm(PlainForm):
    """What a company says of itself; its ИНН is no other company's."""

    legal_name = OneLine(
        label=gettext_lazy("Юридическое название"),
        max_length=200,
        help_text=gettext_lazy("Как в договорах: ООО «Ромашка»."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": gettext_lazy("Укажите юридическое название: оно встанет в договоры.")},
    )
    name = OneLine(
        label=gettext_lazy("Название для клиентов"),
        max_length=150,
        help_text=gettext_lazy("Так компанию покажет каталог партнёров."),
        error_messages={"required": gettext_lazy("Укажите название, под которым вас знают клиенты.")},
    )
    name_en = OneLine(label=gettext_lazy("Название на английском, если есть"), max_length=150, required=False)
    inn = OneLine(
        label=gettext_lazy("ИНН"),
        required=False,
        help_text=gettext_lazy("10 цифр у компании, 12 у предпринимателя. Пусто у компаний других стран."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        validators=[validate_inn],
    )
    ogrn = OneLine(
        label=gettext_lazy("ОГРН или ОГРНИП"),
        required=False,
        help_text=gettext_lazy("13 цифр у компании, 15 у предпринимателя. Пусто у компаний других стран."),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        validators=[validate_ogrn],
    )
    city = CityField(
        label=gettext_lazy("Город"),
        max_length=150,
        help_text=gettext_lazy("Где главный офис."),
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
        error_messages={"required": gettext_lazy("Укажите город: по нему клиенты ищут партнёров.")},
    )
    phone = OneLine(
        label=gettext_lazy("Телефон"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Укажите телефон компании.")},
    )
    email = Email(
        label=gettext_lazy("Почта компании"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": gettext_lazy("Укажите почту компании.")},
    )
    site_url = forms.URLField(
        label=gettext_lazy("Сайт, если есть"),
        max_length=200,
        required=False,
        widget=forms.URLInput(attrs={"autocomplete": "url", "placeholder": "https://"}),
    )

    def __init__(self, *args: Any, partner: Partner | None = None, **kwargs: Any) -> None:
        self.partner = partner
        super().__init__(*args, **{"initial": facts_shown(partner) if partner else None, **kwargs})

    def clean_phone(self) -> str:
        """A number as people write it internationally."""
        return written_phone(self.cleaned_data["phone"])

    def clean_inn(self) -> str:
        """Says whom to ask where the company is known already."""
        inn: str = self.cleaned_data["inn"]
        if inn_is_taken(inn, but=self.partner.pk if self.partner else None):
            raise taken_inn()
        return inn

    def clean(self) -> dict[str, Any]:
        """A company of this country names both its numbers."""
        cleaned = super().clean() or {}
        city = cleaned.get("city")
        if city is not None and city.region.country_id == HOME_COUNTRY:
            for name, text in (("inn", _("Укажите ИНН компании.")), ("ogrn", _("Укажите ОГРН компании."))):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, text)
        return cleaned

    def facts(self) -> CompanyFacts:
        """What was written, as the actions take it."""
        return CompanyFacts(**self.cleaned_data)


def facts_shown(partner: Partner) -> dict[str, Any]:
    """The facts of a company as its form shows them."""
    office = partner.offices.first()
    city = office.city if office else None
    return {
        "legal_name": partner.legal_name_ru,
        "name": partner.name_ru,
        "name_en": partner.name_en,
        "inn": partner.inn,
        "ogrn": partner.ogrn,
        "city": f"{city}, {city.region}" if city else "",
        "phone": next(iter(partner.phones.splitlines()), ""),
        "email": partner.email,
        "site_url": partner.site_url,
    }


class LevelForm(PlainForm):
    """Which level, out of those of the terms in force (R12): any that the company may ask for."""

    level = forms.ChoiceField(
        label=gettext_lazy("Уровень"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Выберите уровень."),
            "invalid_choice": gettext_lazy("Выберите уровень из списка."),
        },
    )

    def __init__(self, *args: Any, levels: Iterable[Level], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level.slug, level.slug) for level in levels]  # type: ignore[attr-defined]


def _answer(label: Any, help_text: Any) -> Lines:
    return Lines(
        label=label,
        help_text=help_text,
        max_length=LONGEST_ANSWER,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class BaseForm(PlainForm):
    """The technical base and the training (R4); may be left unfinished."""

    technical_base = _answer(
        gettext_lazy("Техническая база"),
        gettext_lazy("Чем располагает компания: серверы, рабочие места, каналы связи, системы, с которыми работаете."),
    )
    training = _answer(
        gettext_lazy("Обучение специалистов"),
        gettext_lazy("Кто и чему обучен, какое обучение запланировано и когда."),
    )


class SchemeForm(PlainForm):
    """How licences would be rented out: to be talked over (R42)."""

    talk_wanted = forms.BooleanField(
        label=gettext_lazy("Прошу обсудить схему: пусть сотрудник ASoft свяжется с нами"), required=False
    )
    saas_scheme = _answer(
        gettext_lazy("Что хочется обсудить"),
        gettext_lazy("Сколько клиентов и мест ожидаете, где будет работать система, как клиенты платят."),
    )


class SpecialistForm(PlainForm):
    """A certified specialist with the scan of the certificate (R29, R37, R68)."""

    name_ru = OneLine(
        label=gettext_lazy("Имя и фамилия"),
        max_length=150,
        error_messages={"required": gettext_lazy("Укажите, на чьё имя выдан сертификат.")},
    )
    certificate = OneLine(
        label=gettext_lazy("Номер сертификата"),
        max_length=60,
        error_messages={"required": gettext_lazy("Укажите номер сертификата.")},
    )
    certified_on = forms.DateField(
        label=gettext_lazy("Дата выдачи"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d.%m.%Y"],
        error_messages={
            "required": gettext_lazy("Укажите, когда выдан сертификат."),
            "invalid": gettext_lazy("Такой даты нет; например, 15.03.2026."),
        },
    )
    scan = PrivateUploadField(
        label=gettext_lazy("Скан сертификата"),
        error_messages={"required": gettext_lazy("Приложите скан: по нему менеджер подтвердит сертификат.")},
    )

    def clean_certified_on(self) -> date:
        """Neither of the future nor of a time before there were certificates."""
        day: date = self.cleaned_data["certified_on"]
        if not EARLIEST <= day <= programme_day():
            raise ValidationError(_("Проверьте дату: такой у сертификата быть не может."))
        return day


class SignedForm(PlainForm):
    """The signed copy of a contract."""

    signed = PrivateUploadField(
        label=gettext_lazy("Подписанная копия"),
        error_messages={"required": gettext_lazy("Приложите скан подписанного договора.")},
    )
