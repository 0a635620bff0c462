"""Products, their prices, and events."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from program_pages.models import Event, Price, Product, ProductLine
from program_pages.models.edition import programme_day

_numbers = count(1)


def make_product(**fields: Any) -> Product:
    """A product on sale."""
    number = next(_numbers)
    line = fields.pop("product_line", None) or ProductLine.objects.first()
    names = {"name_ru": f"Продукт {number}", "name_en": f"Product {number}"}
    return Product.objects.create(product_line=line, **{"slug": f"product-{number}"} | names | fields)


def make_price(product: Product | None = None, *, list_price: Decimal | str = "1000", **fields: Any) -> Price:
    """A price from today, in roubles, without a minimum price; of a new product unless told."""
    day: date = fields.pop("valid_from", None) or programme_day()
    return Price.objects.create(
        product=product or make_product(), valid_from=day, list_price=Decimal(list_price), **fields
    )


def make_event(*, starts_in_days: int = 10, **fields: Any) -> Event:
    """An event that partners take part in, so many days from today (before today: a past one)."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "title_ru": f"Встреча {number}",
        "title_en": f"Meeting {number}",
        "starts": programme_day() + timedelta(days=starts_in_days),
        "category": Event.Category.ATTEND,
    }
    return Event.objects.create(**defaults | fields)
