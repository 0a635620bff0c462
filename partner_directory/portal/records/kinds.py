"""The kinds of facts that a company lists, adds and withdraws in the same way. May not import views."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from partner_directory.models.facts import Fact, Implementation, MarketingActivity, Purchase
from partner_directory.portal.records.forms import ActivityForm, FactForm, ImplementationForm, PurchaseForm
from program_pages import formats
from program_pages.bilingual import said

Text = str | Promise


@dataclass(frozen=True, slots=True)
class FactKind:
    """How one kind of fact is named and shown; ``key`` is its place in the addresses."""

    key: str
    model: type[Fact]
    form_class: type[FactForm]
    title: Text
    lead: Text
    add: Text
    empty: Text
    columns: Sequence[tuple[Text, Callable[[Any], str]]]
    related: tuple[str, ...] = ()


def _day(value: Any) -> str:
    return formats.day(value, get_language() or "ru") if value else ""


def _how_many(purchase: Purchase) -> str:
    if purchase.quantity is None:
        return ""
    return f"{purchase.quantity} / {purchase.agreed}" if purchase.agreed else str(purchase.quantity)


KINDS: Mapping[str, FactKind] = {
    kind.key: kind
    for kind in (
        FactKind(
            "activities",
            MarketingActivity,
            ActivityForm,
            _("Маркетинговые активности"),
            _("Что вы сделали для продвижения CRM: статьи, вебинары, рассылки, выступления."),
            _("Добавить активность"),
            _("Активностей пока нет"),
            ((_("Когда"), lambda row: _day(row.done_on)),),
        ),
        FactKind(
            "implementations",
            Implementation,
            ImplementationForm,
            _("Внедрения"),
            _("Клиенты, у которых заработала CRM. От их числа считается доля отзывов."),
            _("Добавить внедрение"),
            _("Внедрений пока нет"),
            (
                (_("Продукт"), lambda row: said(row.product.name) if row.product else ""),
                (_("Завершено"), lambda row: _day(row.finished_on)),
                (_("Вместе с ASoft"), lambda row: str(_("да")) if row.with_asoft else str(_("нет"))),
            ),
            related=("product",),
        ),
        FactKind(
            "purchases",
            Purchase,
            PurchaseForm,
            _("Покупки"),
            _("Модуль «Изоляция», лицензии для сдачи в аренду и расширенная техническая поддержка."),
            _("Добавить покупку"),
            _("Покупок пока нет"),
            (
                (_("Когда"), lambda row: _day(row.bought_on)),
                (_("Куплено / договорились"), _how_many),
                (_("Оплачено по"), lambda row: _day(row.until)),
                (_("Документ"), lambda row: row.document_number),
            ),
        ),
    )
}
