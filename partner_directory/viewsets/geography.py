"""Industries, regions and cities in the admin, and a choice of cities that finds them by name in either alphabet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet

from partner_directory.models.geography import City, Region
from partner_directory.models.industry import Industry
from program_pages.bilingual import paired_panel
from program_pages.viewsets.catalogue import NamedViewSet


class CitySearchForm(BaseFilterForm):
    """Cities by the beginnings of their names."""

    q = forms.CharField(
        label=_("Название города"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Найти город")})
    )

    def filter(self, objects: QuerySet[City]) -> QuerySet[City]:
        """The cities named, the largest first; without a query, all."""
        self.search_query = self.cleaned_data.get("q", "")
        self.is_searching = bool(self.search_query)
        if not self.search_query:
            return objects
        return objects.filter(pk__in=City.objects.named(self.search_query).values("pk"))


class CitiesMixin:
    """For the two views of the choice."""

    filter_form_class = CitySearchForm
    ordering = ["-population", "name_ru"]

    @property
    def columns(self) -> list[Any]:
        """The city with its region: the name alone may be of several."""
        return [*super().columns, Column("region", label=_("Регион"), accessor="region")]  # type: ignore[misc]

    def get_object_list(self) -> QuerySet[City]:
        """Cities with their regions."""
        return City.objects.select_related("region").order_by(*self.ordering)


class ChooseCityView(CitiesMixin, ChooseView):
    """The choice."""


class ChooseCityResultsView(CitiesMixin, ChooseResultsView):
    """Its results as one types."""


class CityChooserViewSet(SnippetChooserViewSet):
    """Cities to choose from."""

    choose_view_class = ChooseCityView
    choose_results_view_class = ChooseCityResultsView


class IndustryViewSet(NamedViewSet):
    """Industries whose clients partners know."""

    model = Industry
    icon = "tag"
    menu_label = _("Отрасли")
    add_item_label = _("Добавить отрасль")
    list_display = ["__str__", "slug", "order"]
    search_fields = ["name_ru", "name_en"]
    copy_view_enabled = False


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
