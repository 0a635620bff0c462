"""Forms of the public pages: a first quote. May not import page models."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from program_pages.calculator.numerals import read_decimal
from program_pages.models.catalogue import Price, Product
from program_pages.rules.deal import MAX_QUANTITY, QuoteRequest, QuoteSection, RequestLine
from program_pages.rules.money import WHOLE


class ReaderDecimalField(forms.DecimalField):
    """A number as Russians or the English write it: «12,5», "12.5", with or without a percent sign."""

    widget = forms.TextInput

    def to_python(self, value: object) -> Decimal | None:  # type: ignore[override] # the stubs follow IntegerField
        if value in self.empty_values:
            return None
        try:
            return read_decimal(str(value), get_language() or "ru")
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class FirstQuoteForm(forms.Form):
    """A product, a number of licences and the client's discount: enough for a first quote (R46, R50)."""

    product = forms.ChoiceField(
        label=_("Продукт"), error_messages={"invalid_choice": _("Такого продукта нет в прайс-листе.")}
    )
    quantity = forms.IntegerField(
        label=_("Лицензий"),
        # A number input would throw away what cannot be read; the reader must see it beside the message.
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        min_value=1,
        max_value=MAX_QUANTITY,
        error_messages={
            "required": _("Сколько лицензий?"),
            "invalid": _("Нужно целое число."),
            "min_value": _("Хотя бы одна лицензия."),
            "max_value": _("Не больше %(limit_value)s лицензий."),
        },
    )
    client_discount = ReaderDecimalField(
        label=_("Скидка клиенту, %"),
        required=False,
        decimal_places=2,
        validators=[
            MinValueValidator(0, _("Скидка не бывает отрицательной.")),
            MaxValueValidator(WHOLE, _("Скидка не бывает больше %(limit_value)s %%.")),
        ],
        error_messages={
            "invalid": _("Нужно число, например 12,5."),
            "max_decimal_places": _("Не больше двух знаков после запятой."),
        },
        help_text=_("Если согласована с ASoft."),
    )

    def __init__(self, data: object, priced: Sequence[tuple[Product, Price]]) -> None:
        super().__init__(data or None, initial={"quantity": 5})  # type: ignore[arg-type]
        self.priced = {product.slug: (product, price) for product, price in priced}
        choices = [(product.slug, str(product)) for product, _price in priced]
        self.fields["product"].choices = choices  # type: ignore[attr-defined]
        if choices:
            self.fields["product"].initial = choices[0][0]

    @property
    def chosen(self) -> tuple[Product, Price]:
        """The product asked for and its price of the day; only after validation."""
        return self.priced[self.cleaned_data["product"]]

    def quote_request(self, level: str) -> QuoteRequest:
        """What the rules are asked, at a level (slug); only after validation."""
        product, price = self.chosen
        line = RequestLine(product.slug, self.cleaned_data["quantity"], price.list_price)
        client_discount = self.cleaned_data["client_discount"] or Decimal(0)
        return QuoteRequest(level, (line,), client_discount, sections=frozenset({QuoteSection.LICENCES}))


def asked_for_a_quote(query: object) -> bool:
    """Whether a query string holds any field of the first quote."""
    return any(name in FirstQuoteForm.base_fields for name in query)  # type: ignore[attr-defined]


def priced_products(day: date) -> list[tuple[Product, Price]]:
    """The products on sale with their price of the day, those without one left out; two queries."""
    products = list(Product.objects.filter(on_sale=True))
    prices = Price.objects.by_product(day, products)
    return [(product, prices[product.pk]) for product in products if product.pk in prices]
