"""The names of what partners are sorted by, as they are in the database: regions, cities, products, industries.

Read once for each state of the directory; services and languages are lists of the code itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import get_language, override

from partner_directory.distance import Point
from partner_directory.languages import CODES, language_name
from partner_directory.models.geography import City, Region
from partner_directory.models.industry import Industry
from partner_directory.services import Service
from program_pages.bilingual import said
from program_pages.models.catalogue import Product
from program_pages.models.level import Level
from program_pages.rules.terms import Text
from program_pages.words import Stem, search_words, stems


@dataclass(frozen=True, slots=True)
class Place:
    """A region on its tile (row and column, None where it has none), in a country (its code of ISO 3166-1)."""

    code: str
    country: str
    name: Text
    short_name: Text
    tile: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Town:
    """A city: where it is, and the region it lies in."""

    slug: str
    name: Text
    region: str
    point: Point
    population: int


@dataclass(frozen=True, eq=False)
class Taxonomy:
    """Everything by its code, in the order it is shown."""

    regions: Mapping[str, Place]
    cities: Mapping[str, Town]
    products: Mapping[str, Text]  # on sale
    all_products: Mapping[str, Text]
    industries: Mapping[str, Text]
    levels: Mapping[str, Level]
    words: tuple[tuple[str, str], ...]  # the normal form of a name, and the token it stands for
    stems: Mapping[str, Stem]  # of all names, by the stem in its own alphabet

    def tokens_named(self, forms: Iterable[str]) -> Iterator[str]:
        """The tokens of everything with a word in its name that begins like one of the forms."""
        starts = tuple(f" {form}" for form in forms)
        for words, token in self.words:
            if any(start in words for start in starts):
                yield token

    def label(self, kind: str, code: str) -> str:
        """A code in the language of the current reader; the code itself where it is not known."""
        return self.labels(kind).get(code, code)

    def labels(self, kind: str) -> Mapping[str, str]:
        """Every code of a kind in the language of the current reader, in the order it is shown."""
        return self._labels(kind, get_language() or "ru")

    @lru_cache(maxsize=64)  # noqa: B019 - a taxonomy lives as long as the directory does not change
    def _labels(self, kind: str, language: str) -> Mapping[str, str]:
        with override(language):
            return {code: self._label(kind, code) for code in self.codes(kind)}

    def _label(self, kind: str, code: str) -> str:
        if kind == "service":
            return str(Service(code).label)
        if kind == "language":
            return language_name(code)
        return said(self._name(kind, code))

    def _name(self, kind: str, code: str) -> Text:
        if kind == "region":
            return self.regions[code].name
        if kind == "city":
            return self.cities[code].name
        if kind == "level":
            return self.levels[code].short_name
        return self.products[code] if kind == "product" else self.industries[code]

    def codes(self, kind: str) -> Iterable[str]:
        """Every code of a kind, in the order it is shown."""
        kinds: dict[str, Iterable[str]] = {
            "level": self.levels,
            "region": self.regions,
            "city": self.cities,
            "product": self.products,
            "service": Service.values,
            "industry": self.industries,
            "language": CODES,
        }
        return kinds[kind]

    def neighbours(self, code: str) -> list[str]:
        """The codes of the regions whose tiles touch a region's, corners included."""
        tile = self.regions[code].tile if code in self.regions else None
        if tile is None:
            return []
        row, column = tile
        return [
            other.code
            for other in self.regions.values()
            if other.tile and other.code != code and abs(other.tile[0] - row) <= 1 and abs(other.tile[1] - column) <= 1
        ]


def taxonomy() -> Taxonomy:
    """All names, in five queries."""
    regions = {
        row.code: Place(
            row.code,
            row.country_id,
            row.name,
            row.short_name,
            None if row.tile_row is None or row.tile_column is None else (row.tile_row, row.tile_column),
        )
        for row in Region.objects.order_by("name_ru")
    }
    cities = {
        row.slug: Town(row.slug, row.name, row.region.code, row.point, row.population)
        for row in City.objects.select_related("region").order_by("name_ru")
    }
    catalogue = list(Product.objects.all())
    products = {row.slug: row.name for row in catalogue if row.on_sale}
    industries = {row.slug: row.name for row in Industry.objects.all()}
    levels = list(Level.objects.all())
    services = {service.value: _in_both_languages(service) for service in Service}
    named = [
        *(("region", code, place.name) for code, place in regions.items()),
        *(("city", slug, town.name) for slug, town in cities.items()),
        *(("product", slug, name) for slug, name in products.items()),
        *(("industry", slug, name) for slug, name in industries.items()),
        *(("service", slug, name) for slug, name in services.items()),
        *(("level", level.slug, level.name) for level in levels),
    ]
    return Taxonomy(
        regions=regions,
        cities=cities,
        products=products,
        all_products={row.slug: row.name for row in catalogue},
        industries=industries,
        levels={level.slug: level for level in levels},
        stems={stem.own: stem for _kind, _code, name in named for stem in stems(name.ru, name.en)},
        words=tuple((f" {search_words(name.ru, name.en)}", f"{kind}:{code}") for kind, code, name in named),
    )


def _in_both_languages(service: Service) -> Text:
    with override("ru"):
        russian = str(service.label)
    with override("en"):
        return Text(ru=russian, en=str(service.label))
