"""Where partners are: countries, their regions on a map of tiles, and cities found in both alphabets.

Russia ships with its 89 federal subjects and larger cities (``demo.geography``); other countries are added beside it.
"""

from __future__ import annotations

from collections.abc import Container
from functools import reduce
from operator import or_
from typing import Any, Self

from anyascii import anyascii
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from partner_directory.distance import Point
from partner_directory.models.fields import WordsField
from program_pages.bilingual import paired, said
from program_pages.rules.terms import Text
from program_pages.words import query_words

POLE, DATE_LINE = 90, 180  # degrees: the farthest north and the farthest east

validate_country_code = RegexValidator(r"^[A-Z]{2}\Z", _("Код страны — две прописные латинские буквы, например RU."))
validate_region_code = RegexValidator(
    r"^(\d{2}|[A-Z]{2}-[A-Z0-9]{1,3})\Z",
    _("Код региона — две цифры субъекта Российской Федерации, например 77, или код ISO 3166-2, например KZ-75."),
)


class Country(models.Model):
    """A country by its code of ISO 3166-1."""

    code = models.CharField(_("код"), max_length=2, primary_key=True, validators=[validate_country_code])
    name_ru = models.CharField(_("название"), max_length=100)
    name_en = models.CharField(_("название на английском"), max_length=100, blank=True)
    order = models.PositiveSmallIntegerField(_("порядок показа"), default=0)

    class Meta:
        verbose_name = _("страна")
        verbose_name_plural = _("страны")
        ordering = ["order", "name_ru"]

    def __str__(self) -> str:
        return said(self.name)

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return paired(self, "name")


class RegionQuerySet(models.QuerySet["Region"]):
    """Regions by their place on the map."""

    def next_to(self, region: Region) -> Self:
        """The regions whose tiles touch a region's, corners included; none for a region off the map."""
        if region.tile_row is None or region.tile_column is None:
            return self.none()
        return self.filter(
            tile_row__range=(region.tile_row - 1, region.tile_row + 1),
            tile_column__range=(region.tile_column - 1, region.tile_column + 1),
        ).exclude(pk=region.pk)


class Region(models.Model):
    """A federal subject of Russia, or a region of another country.

    A subject's code is the one of the tax service's list, with which every ИНН issued there begins: 77 is Moscow.
    Number plates say the same but for Chechnya (20 here) and most of the youngest subjects (90 to 95 here).
    """

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="regions", verbose_name=_("страна"))
    code = models.CharField(
        _("код"),
        max_length=6,
        unique=True,
        validators=[validate_region_code],
        help_text=_("Не меняется: на нём держатся ссылки и API."),
    )
    name_ru = models.CharField(_("название"), max_length=100)
    name_en = models.CharField(_("название на английском"), max_length=100, blank=True)
    short_name_ru = models.CharField(_("надпись на плитке"), max_length=5, blank=True)
    short_name_en = models.CharField(_("надпись на плитке на английском"), max_length=5, blank=True)
    tile_row = models.PositiveSmallIntegerField(
        _("ряд на карте"), null=True, blank=True, help_text=_("С севера на юг, от единицы; пусто, если на карте нет.")
    )
    tile_column = models.PositiveSmallIntegerField(
        _("столбец на карте"), null=True, blank=True, help_text=_("С запада на восток, от единицы.")
    )

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = _("регион")
        verbose_name_plural = _("регионы")
        ordering = ["name_ru"]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "name_ru"],
                name="one_region_per_country_and_name",
                violation_error_message=_("В этой стране уже есть регион с таким названием."),
            ),
            models.UniqueConstraint(
                fields=["tile_row", "tile_column"],
                name="one_region_per_tile",
                violation_error_message=_("Эта плитка карты уже занята."),
            ),
            models.CheckConstraint(
                condition=Q(tile_row__isnull=True, tile_column__isnull=True)
                | Q(tile_row__isnull=False, tile_column__isnull=False, tile_row__gte=1, tile_column__gte=1),
                name="tile_is_a_row_and_a_column_from_one",
                violation_error_message=_("Плитка — это и ряд, и столбец, считая от единицы."),
            ),
        ]

    def __str__(self) -> str:
        return said(self.name)

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return paired(self, "name")

    @property
    def short_name(self) -> Text:
        """What stands on the tile, in both languages."""
        return paired(self, "short_name")


def city_slug(name: str, region: str, taken: Container[str]) -> str:
    """A city's name in Latin letters; with its region's code where another city of the name has come first."""
    plain = slugify(anyascii(name))
    return f"{plain}-{region.lower()}" if plain in taken else plain


class CityQuerySet(models.QuerySet["City"]):
    """Cities by their names."""

    def named(self, query: str) -> Self:
        """The cities with a word that begins like each word of a query, in either alphabet; the largest first.

        An empty query names none.
        """
        words = query_words(query)
        if not words:
            return self.none()
        return self.filter(*map(_begins_like_any, words)).order_by("-population", "name_ru", "pk")


def _begins_like_any(forms: tuple[str, ...]) -> Q:
    return reduce(or_, (Q(words__startswith=form) | Q(words__contains=f" {form}") for form in forms))


class City(models.Model):
    """A city with its place on the globe; of the population only the order matters."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="cities", verbose_name=_("регион"))
    slug = models.SlugField(
        _("код в адресах"),
        unique=True,
        blank=True,
        help_text=_("Составляется из названия и больше не меняется: на нём держатся ссылки и API."),
    )
    name_ru = models.CharField(_("название"), max_length=100)
    name_en = models.CharField(_("название на английском"), max_length=100, blank=True)
    latitude = models.DecimalField(
        _("широта"),
        max_digits=7,
        decimal_places=5,
        validators=[MinValueValidator(-POLE), MaxValueValidator(POLE)],
        help_text=_("В градусах, на север от экватора."),
    )
    longitude = models.DecimalField(
        _("долгота"),
        max_digits=8,
        decimal_places=5,
        validators=[MinValueValidator(-DATE_LINE), MaxValueValidator(DATE_LINE)],
        help_text=_("В градусах, на восток от Гринвича."),
    )
    population = models.PositiveIntegerField(
        _("население"), default=0, help_text=_("Крупные города стоят в подсказках первыми.")
    )
    words = WordsField(_("слова для поиска"), of=["name_ru", "name_en"])

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("город")
        verbose_name_plural = _("города")
        ordering = ["name_ru"]
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name_ru"],
                name="one_city_per_region_and_name",
                violation_error_message=_("В этом регионе уже есть город с таким названием."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__gte=-POLE, latitude__lte=POLE),
                name="latitude_is_between_the_poles",
                violation_error_message=_("Широта — от −90 до 90 градусов."),
            ),
            models.CheckConstraint(
                condition=Q(longitude__gte=-DATE_LINE, longitude__lte=DATE_LINE),
                name="longitude_is_within_the_date_line",
                violation_error_message=_("Долгота — от −180 до 180 градусов."),
            ),
        ]

    def __str__(self) -> str:
        return said(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Gives a new city its slug."""
        if not self.slug:
            taken = set(City.objects.values_list("slug", flat=True))
            self.slug = city_slug(self.name_en or self.name_ru, self.region.code, taken)
        super().save(*args, **kwargs)

    @property
    def name(self) -> Text:
        """The name in both languages."""
        return paired(self, "name")

    @property
    def point(self) -> Point:
        """Its place, to measure distances from."""
        return Point(float(self.latitude), float(self.longitude))
