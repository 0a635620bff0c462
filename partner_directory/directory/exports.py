"""What is public of partners, for machines: a table and points on a map, of everybody found, in constant memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from partner_directory.directory.asked import Asked
from partner_directory.directory.cards import Card, cards
from partner_directory.directory.finding import ordered
from partner_directory.directory.snapshot import terms_today
from program_pages.formats import BYTE_ORDER_MARK, safe_text
from program_pages.rules.terms import Readings

BATCH = 500  # partners read at once


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def batches(keys: Iterable[int], asked: Asked, readings: Readings) -> Iterator[Card]:
    """The cards of these partners in this order, read a batch at a time."""
    left = iter(keys)
    while batch := list(islice(left, BATCH)):
        yield from cards(batch, asked, readings)


def as_csv(request: HttpRequest, asked: Asked, url: str) -> HttpResponse:
    """One line a partner."""
    return _streamed(_csv_lines, asked, url, "text/csv; charset=utf-8", "partners.csv")


def as_geojson(request: HttpRequest, asked: Asked, url: str) -> HttpResponse:
    """One feature an office (RFC 7946: longitude first)."""
    response = _streamed(_geojson_parts, asked, url, "application/geo+json", "partners.geojson")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _streamed(parts: Any, asked: Asked, url: str, content_type: str, name: str) -> HttpResponse:
    """The file as it is made; in the language of the request, which has passed by the time it is read."""
    language, terms = get_language() or "ru", terms_today()
    keys = list(ordered(asked))

    def said() -> Iterator[str]:
        made = parts(batches(keys, asked, terms.readings if terms else Readings()), asked, url)
        while True:
            with override(language):
                part = next(made, None)
            if part is None:
                return
            yield part

    response = StreamingHttpResponse(said(), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response  # type: ignore[return-value]


def _csv_lines(found: Iterator[Card], asked: Asked, url: str) -> Iterator[str]:
    names = asked.selection.snapshot.names
    writer = csv.writer(_Echo())
    yield BYTE_ORDER_MARK
    yield writer.writerow(
        [
            _("Партнёр"),
            _("Уровень"),
            _("Партнёр с"),
            _("Города"),
            _("Регионы"),
            _("Продукты"),
            _("Услуги"),
            _("Отрасли"),
            _("Языки"),
            _("Специалистов"),
            _("Берёт новых клиентов"),
            _("Страница"),
        ]
    )
    for card in found:
        cells = [
            card.name,
            ", ".join(str(holding.level) for holding in card.holdings),
            min((holding.member_since.isoformat() for holding in card.holdings), default=""),
            card.city_names,
            *(
                ", ".join(names.label(kind, code) for code in codes)
                for kind, codes in (
                    ("region", card.regions),
                    ("product", card.products),
                    ("service", card.services),
                    ("industry", card.industries),
                    ("language", card.languages),
                )
            ),
            card.specialists,
            _("да") if card.accepts else _("нет"),
            f"{url}{card.slug}/",
        ]
        yield writer.writerow([safe_text(cell) for cell in cells])


def _geojson_parts(found: Iterator[Card], asked: Asked, url: str) -> Iterator[str]:
    names = asked.selection.snapshot.names
    yield '{"type":"FeatureCollection","features":['
    separator = ""
    for card in found:
        for point, city in zip(card.points, card.office_cities, strict=True):
            feature = {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [point.longitude, point.latitude]},
                "properties": {
                    "slug": card.slug,
                    "name": card.name,
                    "levels": [holding.level.slug for holding in card.holdings],
                    "city": names.label("city", city),
                    "url": f"{url}{card.slug}/",
                },
            }
            yield separator + json.dumps(feature, ensure_ascii=False)
            separator = ","
    yield "]}"
