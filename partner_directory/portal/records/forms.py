"""What a company may say of itself, and what is refused beside its field. May not import views."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partner_directory.enquiries.form import Email, Lines, OneLine
from partner_directory.models.facts import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    Fact,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
)
from partner_directory.models.partner import Partner
from partner_directory.models.private_file import PrivateFile
from partner_directory.portal.fields import PrivateUploadField
from program_pages.models.catalogue import Product
from program_pages.models.edition import programme_day

EARLIEST = date(2000, 1, 1)  # nothing of the programme is older
LATEST = timedelta(days=3660)  # nothing is paid for longer ahead
LONGEST_NUMBER = 60
MOST_LICENCES = 1_000_000
LONGEST_URL = 200
MOST_CHOICES = 500  # implementations to choose from

FILE = gettext_lazy("Подтверждающий файл, если есть")


class DayField(forms.DateField):
    """A day as a browser or a person writes it, no earlier than the programme could be."""

    def __init__(self, *, may_come: bool = False, **kwargs: Any) -> None:
        self.may_come = may_come
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        defaults: dict[str, Any] = {
            "widget": widget,
            "input_formats": ["%Y-%m-%d", "%d.%m.%Y"],
            "error_messages": {"invalid": gettext_lazy("Это не дата: напишите, например, 2026-03-31.")},
        }
        super().__init__(**defaults | kwargs)

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day is None:
            return None
        if day < EARLIEST:
            raise ValidationError(_("Этот день слишком давно."))
        if not self.may_come and day > programme_day():
            raise ValidationError(_("Этот день ещё не наступил."))
        if day > programme_day() + LATEST:
            raise ValidationError(_("Этот день слишком далеко впереди."))
        return day


class WebAddress(forms.URLField):
    """An address of a page, which begins with http or https."""

    default_validators = [URLValidator(schemes=["http", "https"])]

    def __init__(self, **kwargs: Any) -> None:
        invalid = gettext_lazy("Это не адрес страницы: напишите его целиком, например https://example.ru/partners.")
        defaults: dict[str, Any] = {
            "max_length": LONGEST_URL,
            "assume_scheme": "https",
            "error_messages": {"invalid": invalid},
        }
        super().__init__(**defaults | kwargs)


class PortalForm(forms.Form):
    """A form of this part: of one company, without the browser's own words for what is missing."""

    use_required_attribute = False

    def __init__(self, data: Any = None, files: Any = None, *, partner: Partner, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.partner = partner


class FactForm(PortalForm):
    """The base of forms that claim a fact."""

    model: ClassVar[type[Fact]]
    not_said: ClassVar[frozenset[str]] = frozenset({"evidence", "whose"})  # by the fact's own fields

    evidence = PrivateUploadField(label=FILE, required=False)

    def fact(self, evidence: PrivateFile | None = None) -> Any:
        """What is claimed, with the file that shows it, and not yet stored."""
        said = {name: value for name, value in self.cleaned_data.items() if name not in self.not_said}
        return self.model(partner=self.partner, evidence=evidence, **said)


class ActivityForm(FactForm):
    """Something done to promote the CRM (R30)."""

    model = MarketingActivity

    title = OneLine(label=gettext_lazy("Что сделано"), max_length=LONGEST_TITLE)
    done_on = DayField(label=gettext_lazy("Когда"))
    url = WebAddress(label=gettext_lazy("Где это можно увидеть"), required=False)
    text = Lines(
        label=gettext_lazy("Подробности"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    field_order = ["title", "done_on", "url", "text", "evidence"]


class ImplementationForm(FactForm):
    """A CRM put to work at a client (R31, R71)."""

    model = Implementation

    client = OneLine(label=gettext_lazy("Клиент"), max_length=LONGEST_TITLE)
    product = forms.ModelChoiceField(
        label=gettext_lazy("Продукт"),
        queryset=Product.objects.all(),
        required=False,
        empty_label=gettext_lazy("другой"),
    )
    finished_on = DayField(label=gettext_lazy("Когда завершено"))
    with_asoft = forms.BooleanField(label=gettext_lazy("Внедряли вместе с ASoft"), required=False)
    field_order = ["client", "product", "finished_on", "with_asoft", "evidence"]


class PurchaseForm(FactForm):
    """What was bought to rent licences out (R38–R40); each kind asks for its own numbers."""

    model = Purchase

    kind = forms.ChoiceField(label=gettext_lazy("Что куплено"), choices=Purchase.Kind.choices)
    bought_on = DayField(label=gettext_lazy("Когда"))
    document_number = OneLine(label=gettext_lazy("Номер счёта или договора"), max_length=LONGEST_NUMBER, required=False)
    quantity = forms.IntegerField(
        label=gettext_lazy("Сколько лицензий куплено"),
        help_text=gettext_lazy("Для лицензий, сдаваемых в аренду."),
        min_value=1,
        max_value=MOST_LICENCES,
        required=False,
    )
    agreed = forms.IntegerField(
        label=gettext_lazy("О скольких договорились с ASoft"),
        help_text=gettext_lazy("Для лицензий, сдаваемых в аренду; пусто, если о числе не договаривались."),
        min_value=1,
        max_value=MOST_LICENCES,
        required=False,
    )
    until = DayField(
        label=gettext_lazy("По какой день оплачено"),
        help_text=gettext_lazy("Для поддержки — последний оплаченный день."),
        may_come=True,
        required=False,
    )
    field_order = ["kind", "bought_on", "document_number", "quantity", "agreed", "until", "evidence"]

    def clean(self) -> dict[str, Any]:
        """What a kind has to say, and drops what it has no use for."""
        cleaned = super().clean() or {}
        kind = cleaned.get("kind")
        if kind == Purchase.Kind.RENTED_LICENCES:
            self._ask_for("quantity", _("Напишите, сколько лицензий куплено."))
        else:
            cleaned["quantity"] = cleaned["agreed"] = None
        if kind == Purchase.Kind.EXTENDED_SUPPORT:
            self._ask_for("until", _("Напишите последний оплаченный день."))
        if kind == Purchase.Kind.MODULE:
            cleaned["until"] = None
        bought, until = cleaned.get("bought_on"), cleaned.get("until")
        if bought and until and until < bought:
            self.add_error("until", _("Этот день раньше дня покупки."))
        return cleaned

    def _ask_for(self, name: str, words: str) -> None:
        if self.cleaned_data.get(name) is None and name not in self.errors:
            self.add_error(name, words)


class ReviewForm(PortalForm):
    """Whom to ask for a review of which implementation (R31)."""

    implementation = forms.ModelChoiceField(
        label=gettext_lazy("Внедрение"),
        queryset=Implementation.objects.none(),
        empty_label=gettext_lazy("выберите"),
        error_messages={"invalid_choice": gettext_lazy("Выберите внедрение, по которому отзыва ещё нет.")},
    )
    contact = OneLine(label=gettext_lazy("Кто ответит от клиента"), max_length=120)
    email = Email(
        label=gettext_lazy("Почта клиента"),
        help_text=gettext_lazy(
            "Сюда придёт ссылка. Адрес увидят менеджеры программы; адреса вашей компании не подходят."
        ),
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Язык письма"), choices=[("ru", gettext_lazy("русский")), ("en", gettext_lazy("английский"))]
    )
    text = Lines(
        label=gettext_lazy("Текст отзыва, если уже есть"),
        help_text=gettext_lazy("Клиент сможет его исправить."),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["implementation"].queryset = without_review(self.partner)  # type: ignore[attr-defined]
        self.initial.setdefault("language", get_language() or "ru")


def without_review(partner: Partner) -> Any:
    """The company's implementations that nobody has been asked about, or whose review did not count."""
    asked = partner.clientreviews.exclude(state=FactState.REFUSED).values("implementation")
    rows = Implementation.objects.filter(partner=partner).exclude(state=FactState.REFUSED).exclude(pk__in=asked)
    return rows.order_by("-finished_on", "-pk")


class SpecialistForm(PortalForm):
    """A person with a certificate (R29, R37, R68)."""

    name_ru = OneLine(label=gettext_lazy("Имя и фамилия"), max_length=150)
    name_en = OneLine(label=gettext_lazy("Имя и фамилия на английском"), max_length=150, required=False)
    certificate = OneLine(label=gettext_lazy("Номер сертификата"), max_length=LONGEST_NUMBER)
    certified_on = DayField(label=gettext_lazy("Когда выдан"))
    employed_since = DayField(label=gettext_lazy("Работает у вас с"), required=False)
    scan = PrivateUploadField(
        label=gettext_lazy("Скан сертификата"),
        error_messages={"required": gettext_lazy("Приложите скан: по нему менеджер проверит сертификат.")},
    )

    def facts(self) -> dict[str, Any]:
        """What was said, without the scan."""
        names = ("name_ru", "name_en", "certificate", "certified_on", "employed_since")
        return {name: self.cleaned_data[name] for name in names}


class LeaveForm(PortalForm):
    """From which day a person works there no more."""

    left_on = DayField(label=gettext_lazy("Больше не работает с"), may_come=True)


class AnnouncementForm(PortalForm):
    """Where the company announces its participation (R34, R41)."""

    url = WebAddress(
        label=gettext_lazy("Адрес страницы"),
        help_text=gettext_lazy("Страница вашего сайта, на которой сказано об участии в программе."),
    )
