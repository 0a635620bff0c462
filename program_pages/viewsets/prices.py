"""The price list in the admin (A12): a register, since prices are dated rows and nothing in it is drafted."""

from __future__ import annotations

from typing import Any

from django.contrib.admin import display
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from program_pages import formats
from program_pages.models.catalogue import Price
from program_pages.viewsets.register import Register, RelatedFilter


class PriceRegister(Register):
    """Dated prices per licence; samples stand out until they are replaced."""

    model = Price
    menu_label = _("Прайс-лист")
    menu_item_name = "prices"
    menu_icon = "list-ul"
    add_label = _("Добавить цену")
    list_display = ("product", "valid_from", "shown_list_price", "shown_minimum_price", "sample_mark")
    list_filter = ("is_sample", ("product", RelatedFilter), "valid_from")
    list_select_related = ("product",)
    search_fields = ("product__name_ru", "product__name_en", "product__slug")
    export_fields = ("product", "valid_from", "list_price", "minimum_price", "is_sample")
    export_filename = "price-list"
    inspect_view_fields = ["product", "valid_from", "shown_list_price", "shown_minimum_price", "is_sample"]

    @display(description=_("цена по прайс-листу"), ordering="list_price")
    def shown_list_price(self, price: Price) -> str:
        """The list price with its currency sign."""
        return formats.money(price.list_price, get_language() or "ru")

    @display(description=_("минимальная цена"), ordering="minimum_price", empty_value=_("не назначена"))  # type: ignore[call-overload, untyped-decorator, unused-ignore]
    def shown_minimum_price(self, price: Price) -> str | None:
        """The minimum price, or that there is none (A3)."""
        if price.minimum_price is None:
            return None
        return formats.money(price.minimum_price, get_language() or "ru")

    @display(description=_("образец"), ordering="is_sample")
    def sample_mark(self, price: Price) -> str:
        """A mark on sample prices (A12)."""
        return format_html('<span class="w-status">{}</span>', _("образец")) if price.is_sample else ""

    def get_extra_attrs_for_row(self, obj: Price, context: Any) -> dict[str, str]:
        return {"class": "price--sample"} if obj.is_sample else {}
