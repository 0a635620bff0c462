"""Partners: published, listed, with the membership that a test is about."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from partner_directory.directory import projection
from partner_directory.models import City, Industry, Membership, Office, Partner, Reference, Region, Specialist
from program_pages.models import Level, Product, TermsEdition
from program_pages.models.edition import programme_day

from .history import midnight

_numbers = count(1)


def make_partner(
    *,
    level: str | None = "retail",
    state: str = "active",
    city: str | None = "kazan",
    products: Iterable[str] = (),
    services: Iterable[str] = ("supply",),
    industries: Iterable[str] = (),
    regions: Iterable[str] = (),
    references: Iterable[dict[str, Any]] = (),
    specialists: int = 0,
    published: bool = True,
    **fields: Any,
) -> Partner:
    """A published partner that the directory knows, with an office in a city and a membership.

    Slugs and codes name things. ``state`` is what ``make_membership`` takes; without a level there is no membership.
    """
    number = next(_numbers)
    defaults = {
        "name_ru": f"Партнёр {number}",
        "name_en": f"Partner {number}",
        "slug": f"partner-{number}",
        "email": f"partner{number}@partner.example",
        "live": published,
        "first_published_at": timezone.now() if published else None,
    }
    partner = Partner(**defaults | fields, services=list(services))
    if city:
        partner.offices = [Office(city=City.objects.get(slug=city))]
    partner.references = [Reference(**{"client_ru": "Клиент"} | reference) for reference in references]
    partner.save()
    partner.products.set(Product.objects.filter(slug__in=products))
    partner.industries.set(Industry.objects.filter(slug__in=industries))
    partner.regions.set(Region.objects.filter(code__in=regions))
    partner.save()
    Specialist.objects.bulk_create(
        Specialist(
            partner=partner,
            name_ru=f"Специалист {number}-{place}",
            certificate=f"TEST-{number}-{place}",
            certified_on=programme_day() - timedelta(days=100),
        )
        for place in range(specialists)
    )
    if level:
        make_membership(partner, level=level, state=state, refresh=False)
    projection.refresh([partner.pk])
    return partner


def make_membership(
    partner: Partner, *, level: str = "retail", state: str = "active", refresh: bool = True, **fields: Any
) -> Membership:
    """One membership by the state it has today: active, ends_soon, suspended, upcoming, lapsed, ended.

    ``active`` and ``ends_soon`` are the same row, this whole year: which of them it is, the calendar says. It was
    recorded on its first day, or now where that is still to come.
    """
    held = Level.objects.get(slug=level)
    membership = Membership.objects.create(
        **{
            "partner": partner,
            "level": held,
            "product_line_id": held.product_line_id,
            "edition": TermsEdition.objects.published().earliest("effective_from"),
            **_days_and_state(state, programme_day()),
            **fields,
        }
    )
    recorded = min(midnight(membership.starts), membership.granted_at)
    Membership.objects.filter(pk=membership.pk).update(granted_at=recorded)
    membership.granted_at = recorded
    if refresh:
        projection.refresh([partner.pk])
    return membership


def _days_and_state(state: str, today: date) -> dict[str, Any]:
    yesterday = today - timedelta(days=1)
    year = {"upcoming": today.year + 1, "lapsed": today.year - 1, "ended": yesterday.year}.get(state, today.year)
    days = {"year": year, "starts": date(year, 1, 1), "until": date(year, 12, 31)}
    states: dict[str, dict[str, Any]] = {
        "active": {},
        "ends_soon": {},
        "upcoming": {},
        "lapsed": {},
        "suspended": {"state": Membership.State.SUSPENDED, "suspended_since": today},
        "ended": {
            "state": Membership.State.ENDED,
            "ended_how": Membership.Ending.WITHDRAWN,
            "until": yesterday,
        },
    }
    return days | states[state]
