"""Loads Russia: its 89 federal subjects from ``regions.tsv`` and its larger cities from ``cities.tsv``.

Idempotent: never touches a row that exists, since an editor may have changed it. A region is missing when its code is.
Cities come to a region that has none: an editor who renames, moves or deletes one does not find it again.

Tiles: neighbours stand near each other, Kaliningrad alone. Short names in English are the codes of ISO 3166-2 where
there is one. Cities: where each region is governed from, and most from about 40 000 people on. Coordinates and
population are GeoNames' (geonames.org, CC BY 4.0); the names, and the place of Magas, were corrected by hand.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Container, Iterator
from pathlib import Path
from typing import Any

from django.db import models, transaction

from partner_directory.models.geography import City, Country, Region, city_slug

RUSSIA = {"code": "RU", "name_ru": "Россия", "name_en": "Russia"}

Row = dict[str, str]
Report = Callable[[str], None]


def rows(name: str) -> list[Row]:
    """The rows of a file beside this one; the first line names the fields."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, dialect="excel-tab"))


@transaction.atomic
def load(report: Report) -> None:
    """Load the country, the regions and the cities that are missing, in a handful of queries.

    ``report`` is called with one line for each kind of row.
    """
    _create_missing(report, Country, [RUSSIA], key="code", known=_values(Country, "code"))
    regions = [{"country_id": RUSSIA["code"], **row} for row in rows("regions.tsv")]
    _create_missing(report, Region, regions, key="code", known=_values(Region, "code"))
    ids = dict(Region.objects.values_list("code", "pk"))
    cities = [{"region_id": ids[code], "slug": slug, **row} for code, slug, row in _cities()]
    _create_missing(report, City, cities, key="region_id", known=_values(City, "region_id"))


def _cities() -> Iterator[tuple[str, str, Row]]:
    """Each city with its region's code and a slug that no other has."""
    taken = set(City.objects.values_list("slug", flat=True))
    known = _values(City, "region__code")
    for row in rows("cities.tsv"):
        code = row.pop("region")
        slug = city_slug(row["name_en"], code, taken)
        if code not in known:
            taken.add(slug)
        yield code, slug, row


def _values(model: type[models.Model], name: str) -> set[object]:
    return set(model._default_manager.order_by().values_list(name, flat=True).distinct())


def _create_missing(
    report: Report, model: type[models.Model], rows: list[dict[str, Any]], key: str, known: Container[object]
) -> None:
    missing = [model(**row) for row in rows if row[key] not in known]
    model._default_manager.bulk_create(missing)
    report(f"{model.__name__}: {len(missing)} added, {len(rows) - len(missing)} kept")
