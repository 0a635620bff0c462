"""Levels, product lines, products and events in the admin (R10, R12, R13, R74)."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn, Column
from wagtail.snippets.views.snippets import IndexView

from program_pages.models.catalogue import Product
from program_pages.models.event import Event
from program_pages.models.level import Level, ProductLine
from program_pages.viewsets.base import ProgrammeViewSet
from program_pages.viewsets.register import AnyCaseSearchHandler


def level_figure(level: Level) -> str:
    """A level as everywhere else: its shape in its colour."""
    return render_to_string("program_pages/admin/level_figure.html", {"level": level})


class SearchedIndexView(IndexView):
    """A listing whose search knows Cyrillic letters of both cases on every database."""

    def search_queryset(self, queryset: Any) -> Any:
        if not self.is_searching:
            return queryset
        return AnyCaseSearchHandler(self.search_fields).search_queryset(queryset, self.search_query)


class NamedViewSet(ProgrammeViewSet):
    """A snippet's views with an «add» label that declines."""

    add_item_label: str | Promise = ""
    index_view_class = SearchedIndexView

    def get_index_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_index_view_kwargs(**kwargs), "add_item_label": self.add_item_label}


class LevelViewSet(NamedViewSet):
    """Levels of participation (R12, R13, R84)."""

    model = Level
    icon = "group"
    add_item_label = _("Добавить уровень")
    menu_label = _("Уровни участия")
    list_display = [
        "__str__",
        Column("figure", label=_("Облик"), accessor=level_figure),
        "contract_code",
        "product_line",
        "mark_name",
        "order",
    ]
    copy_view_enabled = False

    def get_queryset(self, request: Any) -> Any:
        return Level.objects.select_related("product_line")


class ProductLineViewSet(NamedViewSet):
    """Product lines (R13)."""

    model = ProductLine
    icon = "folder-open-inverse"
    add_item_label = _("Добавить линейку")
    menu_label = _("Линейки продуктов")
    list_display = ["__str__", "slug"]
    copy_view_enabled = False


class ProductViewSet(NamedViewSet):
    """Products and modules (R10, R38)."""

    model = Product
    icon = "tag"
    add_item_label = _("Добавить продукт")
    menu_label = _("Продукты")
    list_display = ["__str__", "product_line", BooleanColumn("is_module", label=_("Модуль")), "on_sale", "order"]
    list_filter = ["product_line", "is_module", "on_sale"]
    search_fields = ["name_ru", "name_en"]
    copy_view_enabled = False

    def get_queryset(self, request: Any) -> Any:
        return Product.objects.select_related("product_line")


class EventViewSet(NamedViewSet):
    """The list of events (R21, R74)."""

    model = Event
    icon = "calendar-alt"
    add_item_label = _("Добавить мероприятие")
    menu_label = _("Мероприятия")
    list_display = ["__str__", "starts", "ends", Column("get_category_display", label=_("Категория")), "is_sample"]
    list_filter = ["category", "is_sample"]
    search_fields = ["title_ru", "title_en", "place_ru"]
