"""Makes the directory's rows (``models.listing``) from profiles: the one writer of them.

What a partner holds is not in them: memberships begin and end by the calendar, and are read from their own rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.html import strip_tags

from partner_directory.completeness import completeness, gaps_of
from partner_directory.models.listing import DirectoryVersion, Listing, Word
from partner_directory.models.partner import Office, OldAddress, Partner, Reference
from partner_directory.models.specialist import Specialist
from program_pages.models.edition import programme_day
from program_pages.words import search_words, stems

BATCH = 1000  # rows made at once
LOGO = "max-240x120"
LONGEST_WORD = 60
QUOTES = "«»\"' "  # around a name, which is not sorted by them


def refresh(partners: Iterable[int], *, whole: bool = False) -> None:
    """Makes the rows of these partners (their keys) anew, in one transaction, and counts the change once.

    A published profile has a row; one that is not has none, or one that is not shown. ``whole`` tells processes to read
    everything again, which is quicker where very many have changed.
    """
    keys = list(partners)
    with transaction.atomic():
        version = DirectoryVersion.next(whole=whole)
        for start in range(0, len(keys), BATCH):
            _refresh_batch(_whole(Partner.objects.filter(pk__in=keys[start : start + BATCH])), version)


def refresh_all() -> Iterator[int]:
    """Makes every row anew, and yields how many are made after each batch."""
    keys = list(Partner.objects.published().order_by("pk").values_list("pk", flat=True))
    with transaction.atomic():
        version = DirectoryVersion.next(whole=True)
        Listing.objects.exclude(partner__live=True).update(shown=False)
        for start in range(0, len(keys), BATCH):
            batch = keys[start : start + BATCH]
            _refresh_batch(_whole(Partner.objects.filter(pk__in=batch)), version)
            yield start + len(batch)


def _whole(partners: QuerySet[Partner]) -> QuerySet[Partner]:
    """Partners with all that a row is made from, in a constant number of queries."""
    certified = Specialist.objects.certified(programme_day())
    return partners.select_related("logo").prefetch_related(
        Prefetch("offices", Office.objects.select_related("city__region")),
        "regions",
        "products",
        "industries",
        Prefetch("references", Reference.objects.select_related("product")),
        Prefetch("specialists", certified, to_attr="certified_specialists"),
    )


def _refresh_batch(partners: Iterable[Partner], version: int) -> None:
    partners = list(partners)
    before = dict(Listing.objects.filter(partner__in=partners).values_list("partner_id", "slug"))
    first_listed = dict(Listing.objects.filter(partner__in=partners).values_list("partner_id", "listed_at"))
    rows = [_row(partner, version, first_listed.get(partner.pk)) for partner in partners if partner.live]
    _keep_old_addresses(rows, before)
    Listing.objects.filter(partner__in=[partner for partner in partners if not partner.live]).update(
        shown=False, version=version
    )
    fields = [field.name for field in Listing._meta.concrete_fields if not field.primary_key]
    Listing.objects.bulk_create(rows, update_conflicts=True, update_fields=fields, unique_fields=["partner"])
    learn_words(rows)


def _keep_old_addresses(rows: Iterable[Listing], before: dict[int, str]) -> None:
    """An address that a published profile has had leads to it for ever (R19: what is printed stays true)."""
    moved = {row.partner_id: before[row.partner_id] for row in rows if before.get(row.partner_id, row.slug) != row.slug}
    if not moved:
        return
    OldAddress.objects.filter(slug__in=[row.slug for row in rows]).delete()
    OldAddress.objects.bulk_create(
        [OldAddress(partner_id=partner, slug=slug) for partner, slug in moved.items()], ignore_conflicts=True
    )


def _row(partner: Partner, version: int, listed_at: Any) -> Listing:
    gaps = gaps_of(partner)
    certified = _certified(partner)
    names = (partner.name_ru, partner.name_en)
    clients = [text for reference in public_references(partner) for text in (reference.client_ru, reference.client_en)]
    about = (
        partner.legal_name_ru,
        partner.legal_name_en,
        partner.inn,
        partner.summary_ru,
        partner.summary_en,
        strip_tags(partner.description_ru),
        strip_tags(partner.description_en),
        *clients,
    )
    return Listing(
        partner=partner,
        slug=partner.slug,
        words=" ".join(dict.fromkeys(search_words(*names, *about).split())),
        name_words=search_words(*names),
        tokens=" ".join(_tokens(partner)),
        card=card_of(partner, sum(person.certified_on <= programme_day() for person in certified)),
        profile=profile_of(partner, certified),
        sort_ru=_sort_key(partner.name_ru),
        sort_en=_sort_key(partner.name_en or partner.name_ru),
        listed_at=listed_at or partner.first_published_at or timezone.now(),
        shown=True,
        gaps=gaps,
        completeness=completeness(gaps),
        version=version,
    )


def _sort_key(name: str) -> str:
    return name.casefold().replace("ё", "е").strip(QUOTES)


def public_references(partner: Partner) -> list[Any]:
    """The projects whose clients have agreed to be named."""
    today = programme_day()
    return [reference for reference in partner.references.all() if reference.is_public(today)]


def _tokens(partner: Partner) -> Iterator[str]:
    offices = list(partner.offices.all())
    office_regions = {office.city.region.code for office in offices}
    for region in sorted(office_regions | {region.code for region in partner.regions.all()}):
        yield f"region:{region}"
    for region in sorted(office_regions):
        yield f"office:{region}"
    for city in sorted({office.city.slug for office in offices}):
        yield f"city:{city}"
    yield from (f"product:{product.slug}" for product in partner.products.all())
    yield from (f"industry:{industry.slug}" for industry in partner.industries.all())
    yield from (f"service:{service}" for service in partner.services)
    yield from (f"language:{language}" for language in partner.languages)
    if partner.accepts_clients:
        yield "accepting:yes"


def card_of(partner: Partner, specialists: int) -> dict[str, Any]:
    """What is shown of a profile, in codes: the names of cities, regions and products are read where they are kept."""
    offices = [
        {"city": office.city.slug, "region": office.city.region.code, "point": list(office.point)}
        for office in partner.offices.all()
    ]
    return {
        "name": [partner.name_ru, partner.name_en],
        "summary": [partner.summary_ru, partner.summary_en],
        "logo": logo_of(partner),
        "offices": offices,
        "regions": sorted({region.code for region in partner.regions.all()} | {office["region"] for office in offices}),
        "products": [product.slug for product in partner.products.all()],
        "services": list(partner.services),
        "industries": [industry.slug for industry in partner.industries.all()],
        "languages": list(partner.languages),
        "accepts": partner.accepts_clients,
        "specialists": specialists,
        "references": len(partner.references.all()),
        "sample": partner.is_sample,
    }


def profile_of(partner: Partner, specialists: Iterable[Specialist]) -> dict[str, Any]:
    """What a partner's own page shows besides, of each only what may be public on some day (with that day).

    A client is named from the day of its consent; of a specialist who does not agree to be named the days alone stand.
    """
    return {
        "offices": [
            {
                "city": office.city.slug,
                "address": [office.address_ru, office.address_en],
                "phone": office.phone,
                "point": list(office.point),
            }
            for office in partner.offices.all()
        ],
        "references": [
            {
                "client": [reference.client_ru, reference.client_en],
                "product": reference.product.slug if reference.product else None,
                "year": reference.year,
                "text": [reference.text_ru, reference.text_en],
                "from": reference.consent_on.isoformat(),
            }
            for reference in partner.references.all()
            if reference.consent_on
        ],
        "specialists": [
            {
                "name": [person.name_ru, person.name_en] if person.name_is_public else None,
                "from": person.certified_on.isoformat(),
                "left": person.left_on.isoformat() if person.left_on else None,
            }
            for person in specialists
        ],
    }


def profile_anew(key: int) -> dict[str, Any]:
    """What the page of a partner (its key) shows whose row an earlier version of the site has made."""
    partner = _whole(Partner.objects.filter(pk=key)).get()
    return profile_of(partner, _certified(partner))


def _certified(partner: Partner) -> list[Specialist]:
    return partner.certified_specialists  # type: ignore[attr-defined, no-any-return]


def logo_of(partner: Partner) -> dict[str, Any] | None:
    """The logo as lists show it; an image whose file is lost is no reason to lose the partner."""
    if partner.logo is None:
        return None
    try:
        spec = f"{LOGO}|preserve-svg" if partner.logo.is_svg() else f"{LOGO}|format-webp"
        with transaction.atomic():
            rendition = partner.logo.get_rendition(spec)
    except OSError:
        return None
    return {"src": rendition.url, "width": rendition.width, "height": rendition.height}


def learn_words(rows: Iterable[Listing]) -> None:
    """Adds to the vocabulary what these rows say; nothing is unlearned: a word that finds nothing does no harm."""
    texts = (text for row in rows for text in (*row.card["name"], *row.card["summary"]))
    known = {stem.own: stem for stem in stems(*texts) if len(stem.word) <= LONGEST_WORD}
    words = [Word(text=own, indexed=stem.indexed, word=stem.word) for own, stem in known.items()]
    Word.objects.bulk_create(words, ignore_conflicts=True, batch_size=BATCH)
