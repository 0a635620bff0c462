"""Choosing a city or a partner in a form: labels in the reader's language, cities by name in either alphabet.

Wagtail words a chooser once, in the language of whatever comes first.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView
from wagtail.snippets.widgets import AdminSnippetChooser

from partner_directory.models.geography import City
from partner_directory.models.partner import Partner
from program_pages.viewsets.choosers import RightfulChooserViewSet


class CityChooser(AdminSnippetChooser):
    """A field for a city."""

    model = City

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choose_one_text = _("Выбрать город")
        self.choose_another_text = _("Выбрать другой город")
        self.link_to_chosen_text = _("Изменить этот город")


class PartnerChooser(AdminSnippetChooser):
    """A field for a partner."""

    model = Partner

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choose_one_text = _("Выбрать партнёра")
        self.choose_another_text = _("Выбрать другого партнёра")
        self.link_to_chosen_text = _("Изменить этого партнёра")


class CitySearchForm(BaseFilterForm):
    """Cities by the beginnings of their names."""

    q = forms.CharField(
        label=_("Название города"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Найти город")})
    )

    def filter(self, objects: QuerySet[City]) -> QuerySet[City]:
        """The cities named; without a query, all."""
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
        """Cities with their regions; the largest first."""
        return City.objects.select_related("region").order_by(*self.ordering)


class ChooseCityView(CitiesMixin, ChooseView):
    """The choice."""


class ChooseCityResultsView(CitiesMixin, ChooseResultsView):
    """Its results as one types."""


class CityChooserViewSet(RightfulChooserViewSet):
    """Cities to choose from."""

    base_widget_class = CityChooser
    choose_view_class = ChooseCityView
    choose_results_view_class = ChooseCityResultsView


class PartnerChooserViewSet(RightfulChooserViewSet):
    """Partners to choose from."""

    base_widget_class = PartnerChooser
