"""Any number of invented partners in the database, to see the directory at its size; and all of them gone again.

They are marked: samples whose slug is ``demo-`` and seven digits. Each batch is a transaction of its own with its
listings, so an interrupted load leaves whole partners alone, and the next one goes on behind them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.contrib.contenttypes.fields import GenericRelation
from django.contrib.contenttypes.models import ContentType
from django.db import models, reset_queries, router, transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import ReferenceIndex

from partner_directory.actions.badges import issue_for_samples
from partner_directory.demo.invented import Ground, Holding, Invented, Offer, Place, invent
from partner_directory.demo.numbers import inn_of, ogrn_of
from partner_directory.directory import projection
from partner_directory.models.badge import Credential
from partner_directory.models.geography import City
from partner_directory.models.industry import Industry
from partner_directory.models.listing import DirectoryVersion
from partner_directory.models.membership import Membership, Suspension
from partner_directory.models.overlay import OverlayChange
from partner_directory.models.partner import Office, Partner
from partner_directory.models.specialist import Specialist
from partner_directory.services import Service, allowed_by
from program_pages.models.catalogue import Product
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.rules.calendar import is_renewal_open, membership_ends
from program_pages.rules.terms import Terms
from program_pages.terms import terms_on

BATCH = 1000
FIRST_SERIAL = 8_000_000  # of their tax numbers (``numbers``)
MOST = 1_000_000  # in all: the slugs have seven digits, and so have the serials
MARK = r"^demo-[0-9]{7}-"
WEIGHTS = {"retail": 50, "competency": 33, "saas": 17}
OTHER_WEIGHT = 10  # of a level that editors have added


class NoGround(Exception):
    """There is nothing to make partners from: no cities, or no terms in force."""


def crowd() -> models.QuerySet[Partner]:
    """The partners that were made here."""
    return Partner.objects.filter(is_sample=True, slug__regex=MARK)


def add(count: int, seed: int) -> Iterator[int]:
    """Adds so many partners behind those that are there, and yields how many are done after each batch.

    Raises NoGround, NoEdition, and ValueError where there would be more than ``MOST``.
    """
    last = crowd().order_by("-slug").values_list("slug", flat=True).first()
    first = int(last.split("-")[1]) + 1 if last else 1
    if first + count - 1 > MOST:
        raise ValueError(f"There can be {MOST} invented partners; {first - 1} numbers are taken.")
    terms = terms_on(programme_day())
    ground = _ground(terms)
    for start in range(first, first + count, BATCH):
        ordinals = range(start, min(start + BATCH, first + count))
        _store([invent(seed, ordinal, ground) for ordinal in ordinals], terms)
        reset_queries()  # which DEBUG keeps
        yield ordinals.stop - first


def remove() -> Iterator[int]:
    """Removes them with everything that refers to them, and yields how many are gone after each batch."""
    gone = 0
    while keys := list(crowd().order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            _delete(keys)
            DirectoryVersion.next(whole=True)
        reset_queries()
        gone += len(keys)
        yield gone


def _ground(terms: Terms) -> Ground:
    cities = City.objects.select_related("region").order_by("region__code", "slug")
    places = [Place(city.pk, city.region_id, city.region.code, *_degrees(city), city.population) for city in cities]
    if not places:
        raise NoGround("There are no cities. Load them first with: manage.py load_directory")
    lines = dict(Level.objects.values_list("slug", "product_line_id"))
    keys = dict(Level.objects.values_list("slug", "pk"))
    levels = [
        Holding(
            keys[level.slug],
            lines[level.slug],
            tuple(service for service in Service.values if service in allowed_by(level)),
            WEIGHTS.get(level.slug, OTHER_WEIGHT),
        )
        for level in terms.levels
    ]
    products = Product.objects.filter(is_module=False).order_by("slug")
    return Ground(places, _offers(products), _offers(Industry.objects.order_by("slug")), levels)


def _degrees(city: City) -> tuple[float, float]:
    return float(city.latitude), float(city.longitude)


def _offers(rows: Iterable[Any]) -> list[Offer]:
    return [Offer(row.pk, (row.name_ru, row.name_en or row.name_ru)) for row in rows]


@transaction.atomic
def _store(batch: list[Invented], terms: Terms) -> None:
    now = timezone.now()
    partners = Partner.objects.bulk_create(
        [Partner(**_profile(invented), first_published_at=now, last_published_at=now) for invented in batch]
    )
    pairs = list(zip(partners, batch, strict=True))
    Office.objects.bulk_create([office for pair in pairs for office in _offices(*pair)])
    _relate(Partner.regions.through, "region_id", ((p.pk, key) for p, i in pairs for key in sorted(i.regions)))
    _relate(Partner.products.through, "product_id", ((p.pk, offer.key) for p, i in pairs for offer in i.products))
    _relate(Partner.industries.through, "industry_id", ((p.pk, offer.key) for p, i in pairs for offer in i.industries))
    held = Membership.objects.bulk_create([row for pair in pairs for row in _memberships(*pair, terms)])
    issue_for_samples(memberships=held)
    Specialist.objects.bulk_create([row for pair in pairs for row in _specialists(*pair)])
    projection.refresh([partner.pk for partner in partners], whole=True)


def _profile(invented: Invented) -> dict[str, Any]:
    number = f"{invented.ordinal:07}"
    region = invented.offices[0][0].code
    serial = FIRST_SERIAL + invented.ordinal
    texts = {
        f"{field}_{language}": text
        for field in ("name", "legal_name", "summary", "description")
        for language, text in zip(("ru", "en"), getattr(invented, field), strict=True)
    }
    return texts | {
        "inn": inn_of(region, serial),
        "ogrn": ogrn_of(region, serial, invented.founded),
        "slug": f"demo-{number}-{slugify(invented.name[1])}",
        "site_url": f"https://demo-{number}.example/",
        "email": f"info@demo-{number}.example",
        "phones": f"+7 000 {number[:3]}-{number[3:5]}-{number[5:]}",
        "languages": list(invented.languages),
        "services": list(invented.services),
        "accepts_clients": invented.accepts_clients,
        "is_sample": True,
    }


def _offices(partner: Partner, invented: Invented) -> Iterator[Office]:
    for order, (place, address, latitude, longitude) in enumerate(invented.offices):
        yield Office(
            partner=partner,
            city_id=place.city,
            address_ru=address[0],
            address_en=address[1],
            latitude=f"{latitude:.5f}",
            longitude=f"{longitude:.5f}",
            sort_order=order,
        )


def _relate(through: type[models.Model], name: str, pairs: Iterable[tuple[int, int]]) -> None:
    through._default_manager.bulk_create([through(partner_id=partner, **{name: key}) for partner, key in pairs])


def _memberships(partner: Partner, invented: Invented, terms: Terms) -> Iterator[Membership]:
    """This year's, or last year's alone; where the renewal is open, for some the next year's too."""
    today = programme_day()
    year = today.year - 1 if invented.state == "lapsed" else today.year
    suspended = invented.state == "suspended"
    yield _membership(
        partner,
        invented.level,
        terms,
        year,
        state=Membership.State.SUSPENDED if suspended else Membership.State.GRANTED,
        suspended_since=today if suspended else None,
    )
    if invented.state == "active" and invented.renewed and is_renewal_open(today, terms.readings):
        yield _membership(partner, invented.level, terms, year + 1)


def _membership(partner: Partner, level: Holding, terms: Terms, year: int, **fields: Any) -> Membership:
    return Membership(
        partner=partner,
        level_id=level.level,
        product_line_id=level.line,
        year=year,
        starts=date(year, 1, 1),
        until=membership_ends(date(year, 1, 1)),
        edition_id=terms.edition,
        **fields,
    )


def _specialists(partner: Partner, invented: Invented) -> Iterator[Specialist]:
    certified = programme_day() - timedelta(days=200)
    for place, (name, is_public) in enumerate(invented.specialists, 1):
        yield Specialist(
            partner=partner,
            name_ru=name[0],
            name_en=name[1],
            certificate=f"ASoft-DEMO-{invented.ordinal:07}-{place}",
            certified_on=certified,
            name_is_public=is_public,
        )


def _delete(keys: list[int]) -> None:
    """Without signals, which would count a change for each row; whatever model refers to partners is seen to."""
    using = router.db_for_write(Partner)
    for model in (Credential, Suspension):  # which hang on their memberships
        model._base_manager.filter(membership__partner__in=keys)._raw_delete(using)
    OverlayChange._base_manager.filter(overlay__partner__in=keys)._raw_delete(using)
    for field in Partner._meta.get_fields(include_hidden=True):
        if isinstance(field, models.ManyToOneRel):  # one-to-one and the tables of many-to-many too
            rows = field.related_model._base_manager.filter(**{f"{field.field.name}__in": keys})
            if field.on_delete is models.SET_NULL:
                rows.update(**{field.field.name: None})
            else:
                rows._raw_delete(using)
    Partner.objects.filter(pk__in=keys)._raw_delete(using)
    kind = ContentType.objects.get_for_model(Partner)
    ReferenceIndex.objects.filter(base_content_type=kind, object_id__in=list(map(str, keys)))._raw_delete(using)
    for field in Partner._meta.private_fields:
        if isinstance(field, GenericRelation):  # revisions, workflows, entries of the search index
            names = {field.content_type_field_name: kind, f"{field.object_id_field_name}__in": list(map(str, keys))}
            field.related_model._base_manager.filter(**names).delete()
