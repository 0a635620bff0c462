"""The catalogue: the products of the programme (R10) and their dated prices (A12).

The source has no prices: what ships is sample data, and says so until an editor replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django import forms
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.search import index

from program_pages.bilingual import paired, paired_panel, said
from program_pages.models.level import ProductLine
from program_pages.recorded import logged_since
from program_pages.rules.terms import Text


class Product(index.Indexed, models.Model):
    """A product partners sell (R10), or a functional module (R38)."""

    slug = models.SlugField(_("код"), unique=True, help_text=_("Не меняется: на нём держатся ссылки и API."))
    product_line = models.ForeignKey(
        ProductLine, on_delete=models.PROTECT, related_name="products", verbose_name=_("линейка продуктов")
    )
    name_ru = models.CharField(_("название"), max_length=100)
    name_en = models.CharField(_("название на английском"), max_length=100, blank=True)
    summary_ru = models.TextField(_("описание"), blank=True)
    summary_en = models.TextField(_("описание на английском"), blank=True)
    is_module = models.BooleanField(
        _("функциональный модуль"), default=False, help_text=_("Например, «Изоляция» (R38).")
    )
    on_sale = models.BooleanField(_("продаётся"), default=True, help_text=_("Снятый с продажи не показывается."))
    order = models.PositiveSmallIntegerField(_("порядок показа"), default=0)

    panels = [
        FieldRowPanel([FieldPanel("slug"), FieldPanel("product_line", widget=forms.Select)]),
        MultiFieldPanel([paired_panel("name"), paired_panel("summary")], heading=_("Тексты")),
        FieldRowPanel([FieldPanel("is_module"), FieldPanel("on_sale"), FieldPanel("order")]),
    ]

    search_fields = [
        index.SearchField("name_ru"),
        index.AutocompleteField("name_ru"),
        index.SearchField("name_en"),
        index.SearchField("summary_ru"),
        index.SearchField("summary_en"),
    ]

    class Meta:
        verbose_name = _("продукт")
        verbose_name_plural = _("продукты")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return said(self.name)

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return paired(self, "name")

    @property
    def summary(self) -> Text:
        """The description in both languages."""
        return paired(self, "summary")


ENTERED = "wagtail.create"  # what the audit log calls a manager's entry


class PriceQuerySet(models.QuerySet["Price"]):
    """Prices by their day."""

    def on(self, day: date, recorded_by: datetime | None = None) -> Self:
        """The one price of each product that holds on a day: the latest that has begun.

        Of those entered before a moment, where one is given: when a manager entered a price, the audit log knows; one
        that it does not know of was there from its day on.
        """
        of_product = Price.objects.filter(product=models.OuterRef("product"), valid_from__lte=day)
        if recorded_by is not None:
            of_product = of_product.filter(~logged_since(Price, [ENTERED], recorded_by))
        latest = of_product.order_by("-valid_from").values("pk")[:1]
        return self.filter(pk=models.Subquery(latest))

    def by_product(self, day: date, products: Iterable[Product]) -> dict[int, Price]:
        """The prices of a day by product id, in one query; of a day that is over those that it knew."""
        from program_pages.as_of import on_day  # it reads the editions

        prices = self.on(day, on_day(day).recorded_by)
        return {price.product_id: price for price in prices.filter(product__in=products)}


class Price(models.Model):
    """What a licence of a product costs from a day on, in the edition's currency, per licence."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="prices", verbose_name=_("продукт"))
    valid_from = models.DateField(_("действует с"))
    list_price = models.DecimalField(
        _("цена по прайс-листу"), max_digits=12, decimal_places=2, validators=[MinValueValidator(0)]
    )
    minimum_price = models.DecimalField(
        _("минимальная цена"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("Для лицензий партнёра себе (R48); пусто, если не назначена: тогда ответ — диапазон (A3)."),
    )
    is_sample = models.BooleanField(
        _("образец"),
        default=False,
        help_text=_("Условная цена: об этом говорит каждая страница и каждый расчёт (A12)."),
    )

    objects = PriceQuerySet.as_manager()

    panels = [
        FieldPanel("product", widget=forms.Select),
        FieldPanel("valid_from"),
        FieldRowPanel([FieldPanel("list_price"), FieldPanel("minimum_price")]),
        FieldPanel("is_sample"),
    ]

    class Meta:
        verbose_name = _("цена")
        verbose_name_plural = _("прайс-лист")
        ordering = ["-valid_from", "product__order", "pk"]
        permissions = [("export_price", "Может выгружать прайс-лист")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "valid_from"],
                name="one_price_per_product_and_day",
                violation_error_message=_("У этого продукта уже есть цена с этого дня."),
            ),
            models.CheckConstraint(
                condition=Q(list_price__gte=0),
                name="list_price_is_not_negative",
                violation_error_message=_("Цена не бывает отрицательной."),
            ),
            models.CheckConstraint(
                condition=Q(minimum_price__isnull=True) | Q(minimum_price__gte=0, minimum_price__lte=F("list_price")),
                name="minimum_price_is_within_the_list_price",
                violation_error_message=_("Минимальная цена — от нуля до цены по прайс-листу."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.valid_from:%d.%m.%Y}"
