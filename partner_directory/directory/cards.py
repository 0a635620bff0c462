"""What a list shows of partners, in the reader's language, and why each stands where it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import get_language, gettext_lazy, ngettext, override
from django.utils.translation import gettext as _

from partner_directory.directory.asked import Asked
from partner_directory.directory.holdings import Holding, holdings_of
from partner_directory.directory.snapshot import Snapshot
from partner_directory.distance import Point, kilometres
from partner_directory.models.listing import Listing
from program_pages import formats
from program_pages.bilingual import of_pair, said
from program_pages.rules.terms import Readings

INITIALS = 2
# What cards say again and again; said once a language, since each takes a while to look up.
SAID = {
    "sample": gettext_lazy("образец"),
    "since": gettext_lazy("партнёр с %(year)s года"),
    "by_name": gettext_lazy("по алфавиту"),
    "newest": gettext_lazy("по дню первой публикации"),
    "words_in_name": gettext_lazy("слова запроса есть в названии"),
    "words_elsewhere": gettext_lazy("слова запроса есть в профиле"),
    "office_there": gettext_lazy("офис в выбранном регионе"),
    "works_there": gettext_lazy("работает в выбранном регионе"),
    "accepts": gettext_lazy("берёт новых клиентов"),
    "lot": gettext_lazy("среди равных — жребий дня"),
}


@lru_cache(maxsize=8)
def _words(language: str) -> Mapping[str, str]:
    with override(language):
        return {key: str(text) for key, text in SAID.items()}


@dataclass(frozen=True, slots=True)
class Card:
    """A partner in a list. ``distance`` is in whole kilometres from the city asked for; ``why`` explains its place."""

    key: int
    slug: str
    name: str
    initials: str
    summary: str
    logo: dict[str, Any] | None
    holdings: Sequence[Holding]
    member_since: date | None
    cities: Sequence[str]
    regions: Sequence[str]
    products: Sequence[str]
    services: Sequence[str]
    services_text: str
    industries: Sequence[str]
    languages: Sequence[str]
    specialists: int
    accepts: bool
    is_sample: bool
    sample_mark: str
    points: Sequence[Point]
    office_cities: Sequence[str]
    distance: int | None
    facts: Sequence[str]
    why: Sequence[str]

    @property
    def city_names(self) -> str:
        """Where its offices are."""
        return ", ".join(self.cities)


def cards(keys: Iterable[int], asked: Asked, readings: Readings) -> list[Card]:
    """The cards of these partners (keys) in this order, in two queries."""
    keys = list(keys)
    snapshot = asked.selection.snapshot
    rows = Listing.objects.only("slug", "card").in_bulk(keys)
    held = holdings_of(keys, snapshot.day, readings, snapshot.names.levels.values())
    language = get_language() or "ru"
    return [_card(rows[key], held.get(key, []), asked, language) for key in keys if key in rows]


def _card(row: Listing, holdings: list[Holding], asked: Asked, language: str) -> Card:
    names, card = asked.selection.snapshot.names, row.card
    offices = card["offices"]
    points = [Point(*office["point"]) for office in offices]
    distance = round(min(kilometres(asked.near.point, point) for point in points)) if asked.near and points else None
    name = of_pair(card["name"]).in_language(language)
    words = _words(language)
    listed = [holding for holding in holdings if holding.is_listed]
    member_since = min((holding.member_since for holding in listed), default=None)
    services = allowed_services(row.pk, card["services"], asked.selection.snapshot)
    cities = [names.label("city", city) for city in dict.fromkeys(office["city"] for office in offices)]
    return Card(
        key=row.pk,
        slug=row.slug,
        name=name,
        initials=initials_of(name),
        summary=of_pair(card["summary"]).in_language(language),
        logo=card["logo"],
        holdings=listed,
        member_since=member_since,
        cities=cities,
        regions=card["regions"],
        products=card["products"],
        services=services,
        services_text=" · ".join(names.label("service", service) for service in services),
        industries=card["industries"],
        languages=card["languages"],
        specialists=card["specialists"],
        accepts=card["accepts"],
        is_sample=card["sample"],
        sample_mark=words["sample"] if card["sample"] else "",
        points=points,
        office_cities=[office["city"] for office in offices],
        distance=distance,
        facts=list(_facts(words, cities, distance, member_since, card["specialists"])),
        why=list(_why(words, row, asked, distance)),
    )


def _facts(
    words: Mapping[str, str], cities: list[str], distance: int | None, since: date | None, specialists: int
) -> Iterator[str]:
    """What is told of a partner in passing."""
    if cities:
        where = ", ".join(cities)
        yield f"{where} · {_far(distance)}" if distance else where
    if since:
        yield words["since"] % {"year": since.year}
    if specialists:
        text = ngettext(
            "%(number)s сертифицированный специалист", "%(number)s сертифицированных специалистов", specialists
        )
        yield text % {"number": specialists}


def _far(distance: int) -> str:
    return _("%(number)s км") % {"number": formats.number(distance, get_language() or "ru")}


def allowed_services(key: int, claimed: Iterable[str], snapshot: Snapshot) -> list[str]:
    """Of the services that a partner claims those that a level of its allows today (R22)."""
    return [service for service in claimed if key in snapshot.having(f"service:{service}")]


def initials_of(name: str) -> str:
    """What stands where there is no logo: the first letters of the first words."""
    words = [word for word in "".join(sign if sign.isalnum() else " " for sign in name).split() if word]
    return "".join(word[0] for word in words[:INITIALS]).upper()


def _why(words: Mapping[str, str], row: Listing, asked: Asked, distance: int | None) -> Iterator[str]:
    """Why a partner stands where it does, the weightiest reason first; what decides among equals last."""
    if asked.sort == "name":
        yield words["by_name"]
        return
    if asked.sort == "new":
        yield words["newest"]
        return
    if asked.sort != "distance":
        yield from _better(words, row, asked)
    if distance is not None and asked.near:
        yield _distance(distance, said(asked.near.name))
    yield words["lot"]


def _better(words: Mapping[str, str], row: Listing, asked: Asked) -> Iterator[str]:
    selection = asked.selection
    if selection.hits:
        named = row.pk in selection.hits.named
        yield words["words_in_name" if named else "words_elsewhere"]
    regions = asked.codes.get("region", ())
    if regions:
        office = any(row.pk in selection.snapshot.having(f"office:{code}") for code in regions)
        yield words["office_there" if office else "works_there"]
    if row.card["accepts"]:
        yield words["accepts"]


def _distance(kilometres_: int, city: str) -> str:
    if kilometres_ == 0:
        return _("офис в городе %(city)s") % {"city": city}
    return _("%(far)s от города %(city)s") % {"far": _far(kilometres_), "city": city}
