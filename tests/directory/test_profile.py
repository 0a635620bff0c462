"""A partner's page is read from its listing: by the calendar, by today's names, and nothing private stands there."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partner_directory.directory.projection import refresh
from partner_directory.models import City, Listing, Office, Partner, Specialist
from program_pages.models import Product
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db

TODAY = date(2026, 5, 12)
TOMORROW = TODAY + timedelta(days=1)
NOON = {day: datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Europe/Moscow")) for day in (TODAY, TOMORROW)}


def shown(partner: Partner, path: str = "/partners/{}/") -> str:
    return Client().get(path.format(partner.slug)).content.decode()


def make_specialist(partner: Partner, name: str, **fields: Any) -> None:
    given = {"certificate": f"TEST-{name}", "certified_on": TODAY - timedelta(days=30), "name_is_public": True}
    Specialist.objects.create(partner=partner, name_ru=name, **given | fields)


@time_machine.travel(NOON[TODAY], tick=False)
def test_a_client_is_named_from_the_day_of_its_consent_and_nobody_has_to_do_anything() -> None:
    partner = make_partner(references=[{"client_ru": "Завод «Завтра»", "consent_on": TOMORROW}])

    assert "Завод «Завтра»" not in shown(partner)
    with time_machine.travel(NOON[TOMORROW], tick=False):
        assert "Завод «Завтра»" in shown(partner)


@time_machine.travel(NOON[TODAY], tick=False)
def test_specialists_come_and_go_by_the_calendar() -> None:
    """R69: employed until the day before she or he left, counted from the day of the certificate."""
    partner = make_partner()
    make_specialist(partner, "Уходящая Анна", left_on=TOMORROW)
    make_specialist(partner, "Новый Борис", certified_on=TOMORROW)

    today = shown(partner)
    assert "Уходящая Анна" in today
    assert "Новый Борис" not in today
    with time_machine.travel(NOON[TOMORROW], tick=False):
        tomorrow = shown(partner)
    assert "Уходящая Анна" not in tomorrow
    assert "Новый Борис" in tomorrow


def test_what_may_not_be_named_is_not_kept_for_the_page_either() -> None:
    partner = make_partner(references=[{"client_ru": "Тайный завод"}])
    make_specialist(partner, "Скромная Вера", name_is_public=False)

    kept = str(Listing.objects.get(pk=partner.pk).profile)
    assert "Тайный завод" not in kept
    assert "Скромная Вера" not in kept


def test_a_city_and_a_product_are_called_as_they_are_called_now() -> None:
    product = Product.objects.filter(is_module=False).earliest("pk")
    partner = make_partner(
        city="kazan",
        references=[{"client_ru": "Завод", "product": product, "consent_on": date(2025, 1, 1)}],
    )
    shown(partner)
    for row, name in ((City.objects.get(slug="kazan"), "Новая Казань"), (product, "Новое имя продукта")):
        row.name_ru = name
        row.save()

    assert "Новая Казань" in shown(partner)
    assert "Новое имя продукта" in shown(partner)


def test_a_product_that_is_sold_no_more_is_still_named_in_a_project() -> None:
    product = Product.objects.filter(is_module=False).earliest("pk")
    partner = make_partner(references=[{"client_ru": "Завод", "product": product, "consent_on": date(2025, 1, 1)}])
    product.on_sale = False
    product.save()

    assert product.name_ru in shown(partner)


def test_a_row_of_an_earlier_version_shows_the_same_page_in_as_many_queries_whatever_stands_on_it() -> None:
    product = Product.objects.filter(is_module=False).earliest("pk")

    def partner_with(count: int) -> Partner:
        references = [
            {"client_ru": f"Завод {n}", "product": product, "consent_on": date(2025, 1, 1)} for n in range(count)
        ]
        partner = make_partner(references=references, specialists=count)
        Office.objects.bulk_create(
            Office(partner=partner, city=city, sort_order=place)
            for place, city in enumerate(City.objects.exclude(slug="kazan")[: count - 1], 1)
        )
        refresh([partner.pk])
        return partner

    def queries(partner: Partner) -> int:
        with CaptureQueriesContext(connection) as captured:
            shown(partner)
        return len(captured)

    few, many = partner_with(1), partner_with(9)
    pages = {partner.pk: shown(partner) for partner in (few, many)}
    answers = {partner.pk: shown(partner, "/api/v1/partners/{}/") for partner in (few, many)}
    kept = queries(many)
    Listing.objects.filter(pk__in=pages).update(profile=None)

    assert {partner.pk: shown(partner) for partner in (few, many)} == pages
    assert {partner.pk: shown(partner, "/api/v1/partners/{}/") for partner in (few, many)} == answers
    assert queries(few) == queries(many) > kept
