"""The calculator's form: only what is shown of it. What its answers mean is read in ``reading``, for all alike.

May not import pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from program_pages.bilingual import said
from program_pages.calculator.answer import event_words
from program_pages.calculator.asked import FORM_RENTAL, NAMES, NO_PRICE, Asked, AskedLine
from program_pages.calculator.numerals import read_decimal
from program_pages.calculator.prices import PriceList
from program_pages.rules.deal import MAX_LINES, Events, Plan, QuoteSection
from program_pages.rules.terms import BonusMeasure, Terms

NUMBER = {"inputmode": "decimal", "autocomplete": "off"}
COUNT = {"inputmode": "numeric", "autocomplete": "off"}

# The name of a field in the API -> in the form.
FIELDS: Mapping[str, str] = {
    **NAMES,
    "bonus.reviews_share": "reviews",
    "bonus.plan": "plan",
    "bonus.extra_specialists": "specialists",
    "bonus.events": "events",
    "bonus.confirmed": "confirmed",
    "bonus.credit": "credit",
    "rental.seats": "rent_seats",
    "rental.monthly_fee": "rent_fee",
    "rental.months": "rent_months",
    "rental.product": "rent_product",
}
ROW_FIELDS: Mapping[str, str] = {"product": "product", "quantity": "quantity", "unit_price": "price"}


def _text(label: Any, attrs: Mapping[str, str], help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.TextInput(attrs=dict(attrs)))


class RowForm(forms.Form):
    """One product of the deal; the rows of a form share their names, and are told apart by their order."""

    use_required_attribute = False

    product = forms.ChoiceField(label=_("Продукт"), required=False)
    quantity = _text(_("Лицензий"), COUNT)
    price = _text(_("Своя цена"), NUMBER)

    def __init__(self, line: AskedLine, index: int, prices: PriceList, terms: Terms) -> None:
        data = {"product": line.product, "quantity": line.quantity, "price": line.unit_price}
        super().__init__(data, auto_id=f"id_line_{index}_%s")
        choices = [(product.slug, said(product.name)) for product in prices.on_offer]
        if line.product and line.product not in dict(choices):
            known = prices.products.get(line.product)
            choices.append((line.product, said(known.name) if known else line.product))
        nothing = _("добавить продукт") if index and not line.product else "—"
        self.fields["product"].choices = [("", nothing), *choices]  # type: ignore[attr-defined]
        self.errors.clear()  # what is wrong is said by the one reader, through ``CalculatorForm.refuse``
        self.index = index
        self.is_blank = not (line.product or line.quantity)
        self.list_price = _list_price(line, prices)
        self.currency = terms.currency


def _list_price(line: AskedLine, prices: PriceList) -> Decimal | None:
    """The list price that the row is computed with: the one a link has written down, else the day's."""
    if line.list_price == NO_PRICE:
        return None
    if line.list_price:
        with suppress(ValueError):
            return read_decimal(line.list_price, get_language() or "ru")
    priced = prices.products.get(line.product)
    return priced.list_price if priced else None


class CalculatorForm(forms.Form):
    """Everything that can be asked beside the products."""

    use_required_attribute = False

    level = forms.ChoiceField(label=_("Уровень"), required=False, widget=forms.RadioSelect)
    discount = _text(
        _("Скидка клиенту, %"), NUMBER, _("Если согласована с ASoft: партнёрская считается от цены после неё.")
    )
    agreed = _text(
        _("Согласованная скидка партнёра, %"), NUMBER, _("Вместо скидки уровня, если согласованы планы продаж.")
    )
    credit = _text(_("Списать заработанный раньше бонус, %"), NUMBER, _("Бонус, заработанный до этой продажи."))
    reviews = _text(
        _("Отзывов от внедрений"),
        {"autocomplete": "off"},
        _("Доля в процентах или два числа: 8/10. Внедрений не было — оставьте пустым."),
    )
    plan = forms.ChoiceField(label=_("План продаж"), required=False)
    specialists = _text(_("Специалистов сверх требований"), COUNT)
    events = forms.ChoiceField(label=_("Мероприятия"), required=False)
    confirmed = forms.MultipleChoiceField(
        label=_("Подтверждено менеджером"), required=False, widget=forms.CheckboxSelectMultiple
    )
    updates = _text(
        _("Согласованная доля от обновлений, %"), NUMBER, _("Пусто — пока не согласована: ответом будет диапазон.")
    )
    own = _text(_("Внедрение силами партнёра"), NUMBER)
    asoft = _text(_("Внедрение силами ASoft"), NUMBER)
    rent_product = forms.ChoiceField(label=_("Что сдаётся в аренду"), required=False)
    rent_seats = _text(_("Мест в аренде"), COUNT)
    rent_fee = _text(_("Плата за место в месяц"), NUMBER)
    rent_months = _text(_("На сколько месяцев смотреть"), COUNT)

    def __init__(self, asked: Asked, terms: Terms, prices: PriceList) -> None:
        super().__init__(_data(asked), auto_id="id_%s")
        self.asked = asked
        self.rows = [RowForm(line, index, prices, terms) for index, line in enumerate(asked.lines[:MAX_LINES])]
        if len(self.rows) < MAX_LINES:
            self.rows.append(RowForm(AskedLine(), len(self.rows), prices, terms))
        self.line_errors: list[str] = []
        products = [(product.slug, said(product.name)) for product in prices.on_offer if not product.is_module]
        own = [(bonus.key, said(bonus.title)) for bonus in terms.bonuses if bonus.measure is BonusMeasure.OTHER]
        self._choose("level", [(level.slug, said(level.short_name)) for level in terms.levels])
        self._choose("plan", [("", _("не согласован")), (Plan.AGREED, _("согласован")), (Plan.MET, _("выполнен"))])
        self._choose("events", [("" if key is Events.NONE else key, word) for key, word in event_words().items()])
        self._choose("rent_product", [("", _("тот же продукт, что в сделке")), *products])
        self._choose("confirmed", own)
        if not own:
            del self.fields["confirmed"]
        self.errors.clear()  # what is wrong is said by the one reader, through ``refuse``

    def _choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def refuse(self, problems: Mapping[str, list[str]]) -> None:
        """Shows what the reader refused beside the fields it is about; what has no field here at the head."""
        for name, sentences in problems.items():
            for sentence in sentences:
                self._refuse(name, sentence)

    def _refuse(self, name: str, sentence: str) -> None:
        head, _dot, rest = name.partition(".")
        index, _dot, part = rest.partition(".")
        if head == "lines" and not rest:
            self.line_errors.append(sentence)
        elif head == "lines" and int(index) < len(self.rows) and part in ROW_FIELDS:
            self.rows[int(index)].add_error(ROW_FIELDS[part], sentence)
        else:
            field = FIELDS.get(name)
            if field not in self.fields and head == "lines":
                sentence = _("Цена в ссылке: %(problem)s") % {"problem": sentence}
            self.add_error(field if field in self.fields else None, sentence)

    @property
    def rows_have_errors(self) -> bool:
        """Whether something is wrong with a product."""
        return any(row.errors for row in self.rows)

    def groups(self, sections: frozenset[QuoteSection]) -> Iterator[Group]:
        """The fields beside products and level, in groups that fold; one that holds an answer or an error is open."""
        for key, section, title, names in GROUPS:
            fields = [self[name] for name in names if name in self.fields]
            if section is None or section in sections:
                is_open = any(field.value() or field.errors for field in fields)
                yield Group(key, title, fields, is_open)


@dataclass(frozen=True, slots=True)
class Group:
    """Some fields under a title; ``is_open`` where something stands in them."""

    key: str
    title: str | Promise
    fields: list[forms.BoundField]
    is_open: bool


GROUPS: tuple[tuple[str, QuoteSection | None, str | Promise, tuple[str, ...]], ...] = (
    ("bonus", QuoteSection.BONUS, _("Бонусы"), ("reviews", "plan", "specialists", "events", "confirmed")),
    ("implementation", QuoteSection.IMPLEMENTATION, _("Внедрение"), ("own", "asoft")),
    ("rental", QuoteSection.RENTAL, _("Аренда"), FORM_RENTAL),
    ("agreed", None, _("Договорённости"), ("agreed", "updates", "credit")),
)


def _data(asked: Asked) -> dict[str, Any]:
    rental = asked.rental
    return {
        **{name: getattr(asked, attribute) for attribute, name in NAMES.items()},
        "confirmed": list(asked.confirmed),
        "rent_seats": rental.seats,
        "rent_fee": rental.monthly_fee,
        "rent_months": rental.months,
        "rent_product": rental.product,
    }
