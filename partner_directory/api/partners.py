"""Partners, regions, and the files of both: what the public pages say, for programs (R11, R19, R55).

The parameters are those of the directory's page; what the page leaves out with a notice is refused here with status
422. Texts are in the language of ``Accept-Language``. Every answer may be kept for a minute and read from other sites.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from datetime import date
from functools import wraps
from itertools import islice
from typing import Any
from zlib import crc32

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from partner_directory.directory import snapshot
from partner_directory.directory.asked import Asked, read
from partner_directory.directory.cards import Card, cards
from partner_directory.directory.exports import as_csv, as_geojson
from partner_directory.directory.finding import facets, ordered
from partner_directory.directory.profile import profile_context
from partner_directory.models.directory_page import DirectoryPage
from partner_directory.models.partner import OldAddress, Partner
from program_pages.bilingual import said
from program_pages.problems import Problem, ProblemError
from program_pages.rules.terms import Readings

router = Router(tags=["partners"])

DEFAULT_LIMIT, MOST = 20, 100  # partners an answer
SECONDS_KEPT = 60


class ConditionsIn(Schema):
    """The directory's conditions: of one kind any value suffices, of different kinds each must hold."""

    q: str = Field("", description="Words in any form and alphabet, or an ИНН")
    level: list[str] = []
    region: list[str] = Field([], description="Codes of /regions/, such as 77")
    city: list[str] = []
    product: list[str] = []
    service: list[str] = []
    industry: list[str] = []
    language: list[str] = []
    accepting: str = Field("", description="yes: only those who take new clients")
    near: str = Field("", description="A city to measure distances from, by slug or name")
    sort: str = Field("", description="name, new or distance; otherwise whoever answers better stands first")


class PagingIn(Schema):
    """Which part of the answer; the cursor is the one that the answer before gave."""

    cursor: str = ""
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MOST)


class PartnerOut(Schema):
    """A partner in a list; the codes are those that the parameters take."""

    slug: str
    name: str
    summary: str
    levels: list[str]
    member_since: date | None = Field(description="The first day of membership without a break")
    cities: list[str]
    regions: list[str] = Field(description="Where it works, its offices' regions included")
    products: list[str]
    services: list[str] = Field(description="Those that its level allows (R22)")
    industries: list[str]
    languages: list[str]
    specialists: int = Field(description="How many certified people work there")
    accepts_clients: bool
    is_sample: bool = Field(description="An invented company")
    distance: int | None = Field(description="Kilometres from ``near`` to the nearest office")
    url: str | None


class OptionOut(Schema):
    """A further condition with the number of partners under all conditions of the other kinds."""

    code: str
    label: str
    count: int


class PartnersOut(Schema):
    """A part of the answer; ``next`` is the address of the following one, null at the end."""

    count: int
    facets: dict[str, list[OptionOut]]
    results: list[PartnerOut]
    cursor: str | None
    next: str | None


class OfficeOut(Schema):
    """Where a partner is."""

    city: str
    region: str
    address: str
    phone: str
    latitude: float
    longitude: float


class HoldingOut(Schema):
    """What a partner holds, from day to day."""

    level: str
    name: str
    since: date
    until: date


class ReferenceOut(Schema):
    """A project whose client has agreed to be named."""

    client: str
    product: str | None
    year: int | None
    text: str


class ProfileOut(Schema):
    """A partner's page as data."""

    slug: str
    name: str
    legal_name: str
    inn: str
    ogrn: str
    summary: str
    description: str = Field(description="HTML")
    holdings: list[HoldingOut]
    services: list[str]
    products: list[str]
    industries: list[str]
    languages: list[str]
    regions: list[str]
    offices: list[OfficeOut]
    phones: list[str]
    site: str
    specialists: int
    specialist_names: list[str] = Field(description="Of those who agreed")
    references: list[ReferenceOut]
    accepts_clients: bool
    is_sample: bool
    url: str | None


class TileOut(Schema):
    """A region's place on the map of tiles, from the north-west."""

    row: int
    column: int


class RegionOut(Schema):
    """A region and how many partners work there."""

    code: str
    name: str
    short_name: str
    tile: TileOut | None
    neighbours: list[str]
    partners: int


def _etag(request: HttpRequest, *args: Any, **kwargs: Any) -> str:
    """Names all that an answer depends on: the directory, the day, the edition, the language, the address."""
    terms = snapshot.terms_today()
    now = snapshot.current(terms)
    asked = f"{request.get_full_path()} {request.get_host()} {get_language()}"
    edition = terms.edition if terms else 0
    return f'W/"{now.profiles.version}-{now.day.isoformat()}-{edition}-{crc32(asked.encode()):08x}"'


def _open(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Lets other sites read an answer, and whoever passes it on keep it for a minute."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        patch_cache_control(response, public=True, max_age=SECONDS_KEPT)
        return response

    return answered


def _file(content_type: str, kind: str) -> dict[str, Any]:
    """How the documentation describes an answer that is a file."""
    return {"responses": {200: {"content": {content_type: {"schema": {"type": kind}}}}}}


kept = decorate_view(_open, condition(etag_func=_etag))


@router.get("/partners/", response={200: PartnersOut, 422: Problem}, summary="Partners by the directory's conditions")
@kept
def partners(request: HttpRequest, conditions: Query[ConditionsIn], paging: Query[PagingIn]) -> PartnersOut:
    """Of the same kind any value suffices, of different kinds each must hold; facets count every further condition."""
    asked = _asked(request)
    start, limit = _start(paging.cursor, asked), paging.limit
    found = list(islice(ordered(asked, skip=start), limit + 1))
    keys, more = found[:limit], len(found) > limit
    url = _page_url(request)
    following = _cursor(start + limit, keys[-1]) if more else None
    return PartnersOut(
        count=len(asked.selection.matched),
        facets={
            kind: [OptionOut(code=option.code, label=option.label, count=option.count) for option in options]
            for kind, options in facets(asked).items()
        },
        results=[_partner(card, url) for card in cards(keys, asked, _readings())],
        cursor=following,
        next=_next(request, following) if following else None,
    )


@router.get(
    "/partners.csv",
    response={200: None, 422: Problem},
    summary="The same partners as a table",
    openapi_extra=_file("text/csv", "string"),
)
@kept
def partners_csv(request: HttpRequest, conditions: Query[ConditionsIn]) -> HttpResponse:
    """Everybody found by the parameters of /partners/, one line each; what a spreadsheet would compute is disarmed."""
    return as_csv(request, _asked(request), _page_url(request) or "")


@router.get(
    "/partners.geojson",
    response={200: None, 422: Problem},
    summary="Their offices as points",
    openapi_extra=_file("application/geo+json", "object"),
)
@kept
def partners_geojson(request: HttpRequest, conditions: Query[ConditionsIn]) -> HttpResponse:
    """The offices of everybody found by the parameters of /partners/ (RFC 7946)."""
    return as_geojson(request, _asked(request), _page_url(request) or "")


@router.get("/partners/{slug}/", response={200: ProfileOut, 404: Problem, 410: Problem}, summary="One partner")
@kept
def partner(request: HttpRequest, slug: str) -> ProfileOut:
    """What a partner's page says; 410 for one that is listed no more. An earlier slug finds its partner, too."""
    found = Partner.objects.published().with_listing().filter(slug=slug).first() or _moved(slug)
    if found is None:
        raise ProblemError(404, _("Такого партнёра нет."), field="slug")
    context = profile_context(request, found, found.listing)
    if not context["listed"]:
        raise ProblemError(410, _("Этой компании сейчас нет в каталоге партнёров."), field="slug")
    url = _page_url(request)
    return _profile(found, context, f"{url}{found.slug}/" if url else None)


@router.get("/regions/", response=list[RegionOut], summary="Regions with the number of partners")
@kept
def regions(request: HttpRequest) -> list[RegionOut]:
    """Every region in the order of its name, with its tile on the map."""
    now = snapshot.current(snapshot.terms_today())
    return [
        RegionOut(
            code=place.code,
            name=said(place.name),
            short_name=said(place.short_name),
            tile=TileOut(row=place.tile[0], column=place.tile[1]) if place.tile else None,
            neighbours=now.names.neighbours(place.code),
            partners=len(now.having(f"region:{place.code}")),
        )
        for place in now.names.regions.values()
    ]


def _asked(request: HttpRequest) -> Asked:
    """The question; raises ProblemError, naming every parameter that cannot be read."""
    asked = read(request.GET, snapshot.current(snapshot.terms_today()))
    if asked.problems:
        field, sentence = next(iter(asked.problems.items()))
        raise ProblemError(422, sentence, field=field, errors={name: [text] for name, text in asked.problems.items()})
    return asked


def _readings() -> Readings:
    terms = snapshot.terms_today()
    return terms.readings if terms else Readings()


def _moved(slug: str) -> Partner | None:
    old = OldAddress.objects.select_related("partner__listing").filter(slug=slug, partner__live=True).first()
    return old.partner if old else None


def _cursor(place: int, key: int) -> str:
    return base64.urlsafe_b64encode(f"{place}.{key}".encode()).decode().rstrip("=")


def _start(cursor: str, asked: Asked) -> int:
    """The place that a cursor leads to: after the partner it names, wherever that one stands by now."""
    if not cursor:
        return 0
    try:
        place, key = map(int, base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode().split("."))
    except ValueError as error:
        raise ProblemError(422, _("Такого указателя (cursor) нет: возьмите его из ответа."), field="cursor") from error
    place = min(max(place, 0), len(asked.selection.matched))
    if place and next(ordered(asked, skip=place - 1), None) == key:
        return place
    if key not in asked.selection.matched:
        return max(place - 1, 0)
    return next(number for number, other in enumerate(ordered(asked), 1) if other == key)


def _next(request: HttpRequest, cursor: str) -> str:
    parameters = request.GET.copy()
    parameters["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def _page_url(request: HttpRequest) -> str | None:
    """Where the directory stands in the reader's language; None while editors have no page for it."""
    page = DirectoryPage.objects.live().filter(locale__language_code=get_language()).first()
    return page.get_full_url(request) if page else None


def _partner(card: Card, url: str | None) -> PartnerOut:
    return PartnerOut(
        slug=card.slug,
        name=card.name,
        summary=card.summary,
        levels=[holding.level.slug for holding in card.holdings],
        member_since=card.member_since,
        cities=list(dict.fromkeys(card.office_cities)),
        regions=list(card.regions),
        products=list(card.products),
        services=list(card.services),
        industries=list(card.industries),
        languages=list(card.languages),
        specialists=card.specialists,
        accepts_clients=card.accepts,
        is_sample=card.is_sample,
        distance=card.distance,
        url=f"{url}{card.slug}/" if url else None,
    )


def _profile(found: Partner, context: dict[str, Any], url: str | None) -> ProfileOut:
    return ProfileOut(
        slug=found.slug,
        name=context["name"],
        legal_name=context["legal_name"],
        inn=found.inn,
        ogrn=found.ogrn,
        summary=said(found.summary),
        description=said(found.description),
        holdings=[
            HoldingOut(level=held.level.slug, name=said(held.level.name), since=held.since, until=held.until)
            for held in context["listed"]
        ],
        services=[service.code for service in context["services"]],
        products=[product.code for product in context["products"]],
        industries=[industry.code for industry in context["industries"]],
        languages=list(found.languages),
        regions=[region.code for region in context["regions"]],
        offices=list(_offices(context)),
        phones=found.phone_list,
        site=found.site_url,
        specialists=context["specialists"],
        specialist_names=[said(name) for name in context["named_specialists"]],
        references=[
            ReferenceOut(
                client=said(reference.client),
                product=reference.product,
                year=reference.year,
                text=said(reference.text),
            )
            for reference in context["references"]
        ],
        accepts_clients=found.accepts_clients,
        is_sample=found.is_sample,
        url=url,
    )


def _offices(context: dict[str, Any]) -> Iterator[OfficeOut]:
    for office in context["offices"]:
        yield OfficeOut(
            city=office.city,
            region=office.region,
            address=said(office.address),
            phone=office.phone,
            latitude=office.point.latitude,
            longitude=office.point.longitude,
        )
