"""The forms of sales, plans and spending: what may be written, and what is refused beside its field.

May not import views.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partner_directory.enquiries.form import OneLine
from partner_directory.ledger import Way
from partner_directory.models.bonus import Sale
from partner_directory.models.facts import LONGEST_TITLE
from partner_directory.portal.fields import PrivateUploadField
from partner_directory.portal.records.forms import LONGEST_NUMBER, MOST_LICENCES, DayField, FactForm
from program_pages.calculator.numerals import decimals_of, read_decimal
from program_pages.models.catalogue import Product
from program_pages.rules.money import NOTHING

CHOOSE = gettext_lazy("выберите")
LONGEST_REASON = 500
LARGEST = Decimal("999999999999.99")
TWO = 2


class Number(forms.CharField):
    """A number as people write it: «100 000,50»; two decimals at the most."""

    def __init__(self, *, limit: Decimal, **kwargs: Any) -> None:
        super().__init__(
            max_length=40, widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}), **kwargs
        )
        self.limit = limit

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = read_decimal(text, get_language() or "ru")
        except ValueError:
            raise ValidationError(_("Нужно число.")) from None
        if number < 0 or number > self.limit:
            raise ValidationError(_("Слишком много.") if number > 0 else _("Число не бывает отрицательным."))
        if decimals_of(number) > TWO:
            raise ValidationError(_("Не больше двух знаков после запятой."))
        return number


class Day(forms.DateField):
    """A day, chosen in the browser's own calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class SectionForm(forms.Form):
    """A form of the section: what is missing is said here, in words, beside the field."""

    use_required_attribute = False


class SaleForm(FactForm):
    """A sale to an end client."""

    model = Sale

    client = OneLine(label=gettext_lazy("Клиент"), max_length=LONGEST_TITLE)
    product = forms.ModelChoiceField(
        label=gettext_lazy("Продукт"), queryset=Product.objects.filter(on_sale=True), empty_label=CHOOSE
    )
    sold_on = DayField(label=gettext_lazy("Когда продано"))
    licences = forms.IntegerField(
        label=gettext_lazy("Лицензий"),
        min_value=1,
        max_value=MOST_LICENCES,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )
    list_total = Number(
        label=gettext_lazy("Сумма по прайс-листу, ₽"),
        help_text=gettext_lazy("За все лицензии, до скидки клиенту."),
        limit=LARGEST,
    )
    client_discount = Number(
        label=gettext_lazy("Скидка клиенту, %"),
        required=False,
        help_text=gettext_lazy("Если согласована с ASoft; пусто — без скидки."),
        limit=Decimal(100),
    )
    document_number = OneLine(label=gettext_lazy("Номер договора или счёта"), max_length=LONGEST_NUMBER, required=False)
    evidence = PrivateUploadField(label=gettext_lazy("Подтверждающий документ: договор, счёт, акт"), required=False)
    field_order = [
        "client", "product", "sold_on", "licences", "list_total", "client_discount", "document_number", "evidence",
    ]  # fmt: skip

    def clean_client_discount(self) -> Decimal:
        """Nothing where nothing was agreed."""
        return self.cleaned_data["client_discount"] or NOTHING


class PlanForm(SectionForm):
    """A plan to be proposed."""

    starts = Day(label=gettext_lazy("С"))
    until = Day(label=gettext_lazy("По"), help_text=gettext_lazy("Последний день плана."))
    target = Number(
        label=gettext_lazy("Сумма продаж, ₽"),
        help_text=gettext_lazy("По окончательной цене для клиентов: после скидок им."),
        limit=LARGEST,
    )


class ReasonForm(SectionForm):
    """Why."""

    reason = OneLine(label=gettext_lazy("Почему"), max_length=LONGEST_REASON)


class SaleChoice(forms.ModelChoiceField):  # type: ignore[type-arg] # not generic when it runs
    """One of the partner's sales."""

    def label_from_instance(self, obj: Sale) -> str:  # type: ignore[override]
        day: date = obj.sold_on
        return f"{obj.client} · {day:%d.%m.%Y}"


class SpendForm(SectionForm):
    """On which sale, how, and how many points."""

    sale = SaleChoice(label=gettext_lazy("На какую продажу"), queryset=Sale.objects.none(), empty_label=CHOOSE)
    way = forms.ChoiceField(
        label=gettext_lazy("Как вернуть"),
        choices=[
            (Way.DISCOUNT.value, gettext_lazy("дополнительной скидкой на эту продажу")),
            (Way.LICENCES.value, gettext_lazy("лицензиями без оплаты")),
        ],
    )
    points = Number(
        label=gettext_lazy("Пунктов"),
        help_text=gettext_lazy("Пункт — процент окончательной цены для клиента."),
        limit=Decimal(100),
    )

    def __init__(self, *args: Any, sales: list[Sale], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sale"]
        field.queryset = Sale.objects.filter(pk__in=[sale.pk for sale in sales])  # type: ignore[attr-defined]
