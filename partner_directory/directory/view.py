"""What the directory's pages show: the list with its facets, the map, a comparison, a frame. May not import pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from math import ceil
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from partner_directory.directory import snapshot
from partner_directory.directory.asked import KINDS, SORTS, VIEWS, Asked, read
from partner_directory.directory.cards import cards
from partner_directory.directory.finding import (
    Option,
    accepting_count,
    condition_label,
    facets,
    find,
    ways_out,
)
from partner_directory.models.listing import Listing
from partner_directory.models.partner import Partner
from program_pages import formats
from program_pages.bilingual import said
from program_pages.rules.terms import Readings
from program_pages.shown import shown_terms

OPEN_OPTIONS = 6  # of a facet that stand open; the rest unfold
# How many are listed: the other cities are found by words or by the field for a city, the other regions on the map.
MOST_LISTED = {"city": 12, "region": 30}
FRAME_SIZE = 10
MOST_TOWNS = 40  # that the field for a city suggests
INSTEAD_SIZE = 3
SHADES = 4  # of a map's tile, beside the empty one
HEADINGS = {
    "level": gettext_lazy("Уровень"),
    "region": gettext_lazy("Регион"),
    "city": gettext_lazy("Город офиса"),
    "product": gettext_lazy("Продукт"),
    "service": gettext_lazy("Услуга"),
    "industry": gettext_lazy("Отрасль клиента"),
    "language": gettext_lazy("Язык"),
}
UNFOLDED = frozenset({"level", "region", "service"})
BY_COUNT = frozenset({"region", "city", "industry"})  # the largest first; the others have an order of their own


@dataclass(frozen=True, slots=True)
class Facet:
    """A kind of condition: the options that stand open, those that unfold, and how many stand on the map alone."""

    kind: str
    title: str
    open: list[Option]
    more: list[Option]
    unfolded: bool
    left_out: int


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that is set, and the address without it."""

    label: str
    query: str


@dataclass(frozen=True, slots=True)
class Tile:
    """A region on the map: how many partners work there, and the address that asks for it or no longer does."""

    code: str
    name: str
    short: str
    row: int
    column: int
    count: int
    shade: int
    chosen: bool
    query: str


def index(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """The directory as it was asked for."""
    found = find(asked)
    asked = found.asked
    counted = facets(asked)
    tiles = _tiles(asked, counted["region"]) if asked.view == "map" else []
    return {
        "asked": asked,
        "found": found,
        "cards": cards(found.keys, asked, _readings(request)),
        "facets": [_facet(kind, counted[kind]) for kind in KINDS],
        "accepting_count": accepting_count(asked),
        "chips": _chips(asked),
        "ways_out": ways_out(asked) if not found.count else [],
        "sorts": [(code, label, code == asked.sort) for code, label in SORTS.items()],
        "views": [
            (code, label, asked.query(view="" if code == "list" else code), code == asked.view)
            for code, label in VIEWS.items()
        ],
        "tiles": tiles,
        "regions": sorted((tile for tile in tiles if tile.count), key=lambda tile: (-tile.count, tile.name)),
        "towns": [option.label for option in _largest(counted["city"])],
        "order_text": order_text(asked),
        "query": asked.query(),
        "map_query": asked.query(view="map"),
        "canonical_query": asked.query() if _is_one_condition(asked) else "",
        "noindex": shown_terms(request).notice is not None or (bool(request.GET) and not _is_one_condition(asked)),
        "asks_day": {"kept": [pair for pair in asked.parameters if pair[0] != "on"]},
    }


def of_a_day(asked: Asked, day: date) -> Asked:
    """The question about a day that is over, and what its answer is made of."""
    remark = _(
        "Уровни и состав каталога — на %(day)s, как было записано в тот день; названия и сведения — сегодняшние."
    )
    said_day = formats.day(day, get_language() or "ru")
    return replace(asked, on=day, remarks=(*asked.remarks, remark % {"day": said_day}))


def order_text(asked: Asked) -> str:
    """The order in one sentence, the same that the cards' reasons follow."""
    if asked.sort == "name":
        return _("Порядок: по алфавиту.")
    if asked.sort == "new":
        return _("Порядок: сначала те, кто появился в каталоге позже.")
    if asked.sort == "distance":
        return _("Порядок: по расстоянию до ближайшего офиса; среди равных — жребий дня. Место купить нельзя.")
    better = [_("сначала те, чьё название отвечает на запрос")] if asked.q else []
    better += [_("сначала те, у кого офис в выбранном регионе")] if asked.codes.get("region") else []
    better += [_("сначала те, кто берёт новых клиентов")]
    better += [_("ближе — выше")] if asked.near else []
    text = _("Порядок: %(better)s; среди равных — жребий, новый каждый день. Место купить нельзя.")
    return text % {"better": ", ".join(better)}


def _largest(options: Iterable[Option]) -> list[Option]:
    return sorted(options, key=lambda option: -option.count)[:MOST_TOWNS]


def _is_one_condition(asked: Asked) -> bool:
    """Whether the address is a list worth a place of its own in a search engine: one region, level or product."""
    return len(asked.parameters) == 1 and asked.parameters[0][0] in {"region", "level", "product"}


def _facet(kind: str, found: Iterable[Option]) -> Facet:
    options = list(found)
    if kind in BY_COUNT:
        options = sorted(options, key=lambda option: (not option.chosen, -option.count, option.label))
    shown = max(OPEN_OPTIONS, sum(option.chosen for option in options)) if kind in BY_COUNT else len(options)
    most = MOST_LISTED.get(kind, len(options))
    more = options[shown:most]
    if len(more) == 1:  # one more line takes no more room than the words "show 1 more"
        shown, more = len(options), []
    left_out = max(0, len(options) - most) if kind == "region" else 0
    unfolded = kind in UNFOLDED or any(option.chosen for option in options)
    return Facet(kind, str(HEADINGS[kind]), options[:shown], more, unfolded, left_out)


def _chips(asked: Asked) -> list[Chip]:
    names = asked.selection.snapshot
    chips = [Chip(f"«{asked.q}»", asked.query(q=""))] if asked.q else []
    chips += [
        Chip(condition_label(names, kind, code), asked.query(without=[(kind, code)]))
        for kind in KINDS
        for code in asked.codes.get(kind, ())
    ]
    if asked.accepting:
        chips.append(Chip(_("берут новых клиентов"), asked.query(accepting="")))
    return chips


def _tiles(asked: Asked, options: Iterable[Option]) -> list[Tile]:
    counts = {option.code: option.count for option in options}
    most = max(counts.values(), default=0)
    chosen = asked.codes.get("region", ())
    names = asked.selection.snapshot.names
    tiles = []
    for place in names.regions.values():
        if place.tile is None:
            continue
        count, is_chosen = counts.get(place.code, 0), place.code in chosen
        without = asked.query(without=[("region", place.code)])
        query = without if is_chosen else "&".join(filter(None, [asked.query(), f"region={place.code}"]))
        tiles.append(
            Tile(
                code=place.code,
                name=names.label("region", place.code),
                short=said(place.short_name),
                row=place.tile[0],
                column=place.tile[1],
                count=count,
                shade=_shade(count, most),
                chosen=is_chosen,
                query=query,
            )
        )
    return sorted(tiles, key=lambda tile: (tile.row, tile.column))


def _shade(count: int, most: int) -> int:
    """0 for none, then by the share of the largest count."""
    if not count:
        return 0
    return ceil(SHADES * count / most)


def compare(request: HttpRequest, slugs: Iterable[str], most: int) -> dict[str, Any]:
    """Partners side by side; whatever is not listed is left out and said."""
    now = snapshot.current(snapshot.terms_today())
    asked = read(QueryDict(""), now)
    wanted = list(dict.fromkeys(slug for slug in slugs if slug))
    keys = dict(Listing.objects.filter(slug__in=wanted[:most], shown=True).values_list("slug", "pk"))
    there = [slug for slug in wanted[:most] if slug in keys and keys[slug] in now.listed]
    notices = []
    if len(wanted) > most:
        notices.append(_("Рядом помещаются трое: остальные не показаны."))
    if len(there) < len(wanted[:most]):
        notices.append(_("Кого-то из выбранных в каталоге уже нет."))
    compared = cards([keys[slug] for slug in there], asked, _readings(request))
    names = now.names
    rows = [
        (_("Отрасли"), [[names.label("industry", code) for code in card.industries] for card in compared]),
        (_("Продукты"), [[names.label("product", code) for code in card.products] for card in compared]),
        (_("Услуги"), [[names.label("service", code) for code in card.services] for card in compared]),
        (_("Регионы"), [[names.label("region", code) for code in card.regions] for card in compared]),
        (_("Языки"), [[names.label("language", code) for code in card.languages] for card in compared]),
    ]
    return {
        "compared": compared,
        "rows": rows,
        "notices": notices,
        "noindex": True,
        "columns": [(card, _all_but(card.slug, there)) for card in compared],
    }


def _all_but(slug: str, slugs: Iterable[str]) -> str:
    return "&".join(f"partner={other}" for other in slugs if other != slug)


def frame(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    """A short list for a frame."""
    found = find(asked, size=FRAME_SIZE)
    return {
        "asked": asked,
        "found": found,
        "cards": cards(found.keys, asked, _readings(request)),
        "query": asked.query(),
        "noindex": True,
    }


def instead_of(request: HttpRequest, partner: Partner) -> dict[str, Any]:
    """Whom to turn to instead of a partner that is listed no more: those who work in its regions."""
    now = snapshot.current(snapshot.terms_today())
    regions = [office.city.region.code for office in partner.offices.select_related("city__region")]
    query = "&".join(f"region={code}" for code in dict.fromkeys(regions))
    asked = read(QueryDict(query), now)
    if not asked.selection.matched:
        asked = read(QueryDict(""), now)
    found = find(asked, size=INSTEAD_SIZE)
    return {"cards": cards(found.keys, asked, _readings(request)), "asked": asked, "query": asked.query()}


def _readings(request: HttpRequest) -> Readings:
    terms = shown_terms(request).terms
    return terms.readings if terms else Readings()
