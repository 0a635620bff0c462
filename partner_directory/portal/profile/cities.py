"""Cities by their names, for a form that works without a script: typed, suggested, and found. May not import views."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from partner_directory.enquiries.form import OneLine
from partner_directory.models.geography import City
from program_pages.bilingual import said


def label_of(city: City) -> str:
    """A city with its region: the name alone may be of several."""
    return f"{said(city.name)}, {said(city.region.name)}"


@dataclass(frozen=True)
class Cities:
    """All cities, read once a form."""

    cities: tuple[City, ...]

    @classmethod
    def read(cls) -> Cities:
        """Every city with its region; the largest first."""
        return cls(tuple(City.objects.select_related("region").order_by("-population", "name_ru")))

    @cached_property
    def labels(self) -> list[str]:
        """What is suggested as one types."""
        return [label_of(city) for city in self.cities]

    @cached_property
    def _by_name(self) -> dict[str, list[City]]:
        found: dict[str, list[City]] = defaultdict(list)
        for city in self.cities:
            for name in {city.name_ru, city.name_en, label_of(city)} - {""}:
                found[_folded(name)].append(city)
        return found

    @cached_property
    def _by_key(self) -> dict[int, City]:
        return {city.pk: city for city in self.cities}

    def of_key(self, key: int) -> City | None:
        """The city with this key."""
        return self._by_key.get(key)

    def named(self, text: str) -> City:
        """The one city of this name; raises ValidationError where there is none, or more than one."""
        found = self._by_name.get(_folded(text), [])
        if not found:
            raise ValidationError(_("Такого города в справочнике нет: выберите из подсказок."))
        if len(found) > 1:
            some = "; ".join(map(label_of, found))
            raise ValidationError(_("Таких городов несколько, уточните: %(cities)s.") % {"cities": some})
        return found[0]


def _folded(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").split())


class CityField(OneLine):
    """A city by its name."""

    cities: Cities

    def clean(self, value: Any) -> Any:
        """The city; raises ValidationError for what names none."""
        text = super().clean(value)
        return self.cities.named(text) if text else None
