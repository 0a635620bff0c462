"""Invents a year of records for the invented partners: what rehearsals, standings and bonuses are computed from.

The same seed and partner always make the same records. Whoever has some is passed over; a batch is a transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.db import models, reset_queries, transaction
from django.utils import timezone

from partner_directory.demo.crowd import BATCH, crowd
from partner_directory.models.bonus import Sale, SalesPlan
from partner_directory.models.facts import (
    AnnouncementCheck,
    ClientReview,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
)
from partner_directory.models.membership import Membership
from partner_directory.models.overlay import Overlay, OverlayChange
from program_pages.models.edition import programme_day
from program_pages.models.level import Level
from program_pages.terms import terms_on

MOST_SALES, MOST_IMPLEMENTATIONS = 6, 4
DISCOUNTS_AGREED = ("12.5", "22.5", "27.5")
ONE_IN = 20  # has a discount of its own
CLIENTS = ("Альфа", "Бета", "Гамма", "Дельта", "Омега")


def write(seed: int) -> Iterator[int]:
    """Writes the records of everybody in the crowd who has none, and yields how many have them after each batch.

    Raises NoEdition.
    """
    today, done = programme_day(), 0
    able = {level.slug for level in terms_on(today).levels if level.may_implement}
    implementing = set(Level.objects.filter(slug__in=able).values_list("pk", flat=True))
    last = 0
    while keys := list(_bare(last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        held = dict(Membership.objects.filter(partner__in=keys, year=today.year).values_list("partner", "level"))
        with transaction.atomic():
            _store([_Book(seed, key, today, held.get(key)) for key in keys], implementing)
        reset_queries()  # which DEBUG keeps
        done, last = done + len(keys), keys[-1]
        yield done


def _bare(last: int) -> models.QuerySet[Any]:
    checks = AnnouncementCheck.objects.filter(partner=models.OuterRef("pk"))  # which every book has
    return crowd().filter(~models.Exists(checks), pk__gt=last)


class _Book:
    """One partner's records, not yet stored."""

    def __init__(self, seed: int, partner: int, today: date, level: int | None) -> None:
        self.partner, self.today, self.level = partner, today, level
        self.chance = Random(f"{seed}:{partner}")  # noqa: S311 - invented data

    def day(self) -> date:
        """Some day of this year up to today."""
        first = date(self.today.year, 1, 1)
        return first + timedelta(days=self.chance.randint(0, (self.today - first).days))

    def sales(self) -> Iterator[Sale]:
        for _each in range(self.chance.randint(0, MOST_SALES)):
            yield Sale(
                **_confirmed(self.partner),
                client=self.chance.choice(CLIENTS),
                sold_on=self.today - timedelta(days=self.chance.randint(0, 364)),
                licences=self.chance.randint(1, 50),
                list_total=Decimal(self.chance.randint(10_000_00, 900_000_00)) / 100,
                client_discount=Decimal(self.chance.choice((0, 0, 5, 12))),
            )

    def implementations(self) -> Iterator[Implementation]:
        for _each in range(self.chance.randint(0, MOST_IMPLEMENTATIONS)):
            client = self.chance.choice(CLIENTS)
            yield Implementation(**_confirmed(self.partner), client=client, finished_on=self.day())

    def review_of(self, implementation: Implementation) -> Iterator[ClientReview]:
        if self.chance.random() < 0.6:
            yield ClientReview(
                **_confirmed(self.partner),
                implementation=implementation,
                contact="Анна",
                email="client@example.org",
                client_confirmed_at=timezone.now(),
            )

    def activities(self) -> Iterator[MarketingActivity]:
        for _each in range(self.chance.randint(0, 2)):
            yield MarketingActivity(**_confirmed(self.partner), title="Вебинар", done_on=self.day())

    def checks(self) -> Iterator[AnnouncementCheck]:
        found = self.chance.random() < 0.8
        yield AnnouncementCheck(partner_id=self.partner, url="https://partner.example/", found=found)

    def purchases(self) -> Iterator[Purchase]:
        for kind in Purchase.Kind:
            if self.chance.random() < 0.7:
                until = self.today + timedelta(days=100) if kind == Purchase.Kind.EXTENDED_SUPPORT else None
                quantity = 10 if kind == Purchase.Kind.RENTED_LICENCES else None
                yield Purchase(
                    **_confirmed(self.partner), kind=kind, bought_on=self.day(), until=until, quantity=quantity
                )

    def plans(self) -> Iterator[SalesPlan]:
        if self.chance.random() < 0.3:
            now, year = timezone.now(), self.today.year
            yield SalesPlan(
                partner_id=self.partner,
                starts=date(year, 1, 1),
                until=date(year, 12, 31),
                target=Decimal(self.chance.randint(5, 20)) * 100_000,
                partner_agreed_at=now,
                vendor_agreed_at=now,
            )

    def overlays(self) -> Iterator[tuple[Overlay, OverlayChange]]:
        if self.level and not self.chance.randrange(ONE_IN):
            starts = self.day()
            until = self.chance.choice((None, starts + timedelta(days=120)))
            overlay = Overlay(
                partner_id=self.partner,
                kind=Overlay.Kind.PLAN_DISCOUNT,
                starts=starts,
                until=until,
                reason="Договорились о плане",
            )
            value = self.chance.choice(DISCOUNTS_AGREED)
            yield overlay, OverlayChange(overlay=overlay, level_id=self.level, name="discount", value=value)


def _confirmed(partner: int) -> dict[str, Any]:
    now: datetime = timezone.now()
    return {"partner_id": partner, "state": FactState.CONFIRMED, "decided_at": now, "recorded_at": now}


def _store(books: list[_Book], implementing: set[int]) -> None:
    Sale.objects.bulk_create(row for book in books for row in book.sales())
    by_partner = {book.partner: book for book in books}
    able = [book for book in books if book.level in implementing]
    made = Implementation.objects.bulk_create(row for book in able for row in book.implementations())
    ClientReview.objects.bulk_create(row for each in made for row in by_partner[each.partner_id].review_of(each))
    MarketingActivity.objects.bulk_create(row for book in books for row in book.activities())
    AnnouncementCheck.objects.bulk_create(row for book in books for row in book.checks())
    Purchase.objects.bulk_create(row for book in able for row in book.purchases())
    SalesPlan.objects.bulk_create(row for book in books for row in book.plans())
    pairs = [pair for book in books for pair in book.overlays()]
    Overlay.objects.bulk_create(overlay for overlay, _change in pairs)
    OverlayChange.objects.bulk_create(change for _overlay, change in pairs)
