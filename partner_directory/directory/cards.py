"""What a list shows of partners, in the reader's language, and why each stands where it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from partner_directory.directory.asked import Asked
from partner_directory.directory.holdings import Holding, holdings_of
from partner_directory.directory.snapshot import Snapshot
from partner_directory.distance import Point, kilometres
from partner_directory.models.listing import Listing
from program_pages import formats
from program_pages.bilingual import said
from program_pages.rules.terms import Readings, Text

INITIALS = 2


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
    name = _text(card["name"]).in_language(language)
    listed = [holding for holding in holdings if holding.is_listed]
    member_since = min((holding.member_since for holding in listed), default=None)
    services = allowed_services(row.pk, card["services"], asked.selection.snapshot)
    cities = [names.label("city", city) for city in dict.fromkeys(office["city"] for office in offices)]
    return Card(
        key=row.pk,
        slug=row.slug,
        name=name,
        initials=initials_of(name),
        summary=_text(card["summary"]).in_language(language),
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
        points=points,
        office_cities=[office["city"] for office in offices],
        distance=distance,
        facts=list(_facts(cities, distance, member_since, card["specialists"])),
        why=list(_why(row, asked, distance)),
    )


def _facts(cities: list[str], distance: int | None, since: date | None, specialists: int) -> Iterator[str]:
    """What is told of a partner in passing."""
    if cities:
        where = ", ".join(cities)
        yield f"{where} · {_far(distance)}" if distance else where
    if since:
        yield _("партнёр с %(year)s года") % {"year": since.year}
    if specialists:
        text = ngettext(
            "%(number)s сертифицированный специалист", "%(number)s сертифицированных специалистов", specialists
        )
        yield text % {"number": specialists}


def _far(distance: int) -> str:
    return _("%(number)s км") % {"number": formats.number(distance, get_language() or "ru")}


def _text(pair: list[str]) -> Text:
    return Text(ru=pair[0], en=pair[1])


def allowed_services(key: int, claimed: Iterable[str], snapshot: Snapshot) -> list[str]:
    """Of the services that a partner claims those that a level of its allows today (R22)."""
    return [service for service in claimed if key in snapshot.having(f"service:{service}")]


def initials_of(name: str) -> str:
    """What stands where there is no logo: the first letters of the first words."""
    words = [word for word in "".join(sign if sign.isalnum() else " " for sign in name).split() if word]
    return "".join(word[0] for word in words[:INITIALS]).upper()


def _why(row: Listing, asked: Asked, distance: int | None) -> Iterator[str]:
    """Why a partner stands where it does, the weightiest reason first; what decides among equals last."""
    if asked.sort == "name":
        yield _("по алфавиту")
        return
    if asked.sort == "new":
        yield _("по дню первой публикации")
        return
    if asked.sort != "distance":
        yield from _better(row, asked)
    if distance is not None and asked.near:
        yield _distance(distance, said(asked.near.name))
    yield _("среди равных — жребий дня")


def _better(row: Listing, asked: Asked) -> Iterator[str]:
    selection = asked.selection
    if selection.hits:
        named = row.pk in selection.hits.named
        yield _("слова запроса есть в названии") if named else _("слова запроса есть в профиле")
    regions = asked.codes.get("region", ())
    if regions:
        office = any(row.pk in selection.snapshot.having(f"office:{code}") for code in regions)
        yield _("офис в выбранном регионе") if office else _("работает в выбранном регионе")
    if row.card["accepts"]:
        yield _("берёт новых клиентов")


def _distance(kilometres_: int, city: str) -> str:
    if kilometres_ == 0:
        return _("офис в городе %(city)s") % {"city": city}
    return _("%(far)s от города %(city)s") % {"far": _far(kilometres_), "city": city}
