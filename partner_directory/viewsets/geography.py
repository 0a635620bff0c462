"""Industries, countries, regions and cities in the admin: the lists that profiles choose from."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from partner_directory.models.geography import City, Country, Region
from partner_directory.models.industry import Industry
from partner_directory.viewsets.choosers import CityChooserViewSet
from program_pages.bilingual import paired_panel
from program_pages.viewsets.catalogue import NamedViewSet


class IndustryViewSet(NamedViewSet):
    """Industries whose clients partners know."""

    model = Industry
    icon = "tag"
    menu_label = _("Отрасли")
    add_item_label = _("Добавить отрасль")
    list_display = ["__str__", "slug", "order"]
    search_fields = ["name_ru", "name_en"]
    copy_view_enabled = False


class CountryViewSet(NamedViewSet):
    """Countries: Russia ships; another one is added with its regions and cities."""

    model = Country
    icon = "globe"
    menu_label = _("Страны")
    add_item_label = _("Добавить страну")
    list_display = ["name_ru", "code", "order"]
    search_fields = ["name_ru", "name_en", "code"]
    copy_view_enabled = False
    panels = [FieldPanel("code"), paired_panel("name", _("Название")), FieldPanel("order")]


class RegionViewSet(NamedViewSet):
    """Federal subjects of Russia, and regions of other countries."""

    model = Region
    icon = "site"
    menu_label = _("Регионы")
    add_item_label = _("Добавить регион")
    list_display = ["name_ru", "code", "country", "short_name_ru", "tile_row", "tile_column"]
    list_filter = ["country"]
    search_fields = ["name_ru", "name_en", "code"]
    copy_view_enabled = False
    panels = [
        FieldRowPanel([FieldPanel("country", widget=forms.Select), FieldPanel("code")]),
        paired_panel("name", _("Название")),
        paired_panel("short_name", _("Надпись на плитке")),
        FieldRowPanel([FieldPanel("tile_row"), FieldPanel("tile_column")], heading=_("Место на карте")),
    ]

    def get_queryset(self, request: Any) -> QuerySet[Region]:
        return Region.objects.select_related("country")


class CityViewSet(NamedViewSet):
    """Cities, found in both alphabets."""

    model = City
    icon = "home"
    menu_label = _("Города")
    add_item_label = _("Добавить город")
    list_display = ["name_ru", "name_en", "region", "population"]
    list_filter = ["region"]
    search_fields = ["name_ru", "name_en", "slug"]
    chooser_viewset_class = CityChooserViewSet
    chooser_per_page = 15
    copy_view_enabled = False
    panels = [
        paired_panel("name", _("Название")),
        FieldPanel("region", widget=forms.Select),
        FieldPanel("slug"),
        FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude"), FieldPanel("population")]),
    ]

    def get_queryset(self, request: Any) -> QuerySet[City]:
        return City.objects.select_related("region")
