"""Russia as it ships: 89 subjects on a map of tiles, cities in both alphabets; loading; what the database refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.utils.translation import override

from partner_directory.demo import geography
from partner_directory.distance import kilometres
from partner_directory.models import City, Country, Office, Region

pytestmark = pytest.mark.django_db

ISLANDS = {"39"}  # Kaliningrad touches no other subject

# The tax service's list has no other codes: 80-82, 84, 85 and 88 are merged okrugs, 99 is Baikonur.
CODES = {f"{number:02}" for number in [*range(1, 80), 83, 86, 87, *range(89, 96)]}

CAPITALS = [
    # code of the subject, its capital, and where that is in whole degrees
    ("77", "Москва", 56, 38),
    ("78", "Санкт-Петербург", 60, 30),
    ("16", "Казань", 56, 49),
    ("02", "Уфа", 55, 56),
    ("12", "Йошкар-Ола", 57, 48),
    ("20", "Грозный", 43, 46),
    ("06", "Магас", 43, 45),
    ("04", "Горно-Алтайск", 52, 86),
    ("22", "Барнаул", 53, 84),
    ("14", "Якутск", 62, 130),
    ("27", "Хабаровск", 48, 135),
    ("39", "Калининград", 55, 21),
    ("41", "Петропавловск-Камчатский", 53, 159),
    ("47", "Гатчина", 60, 30),
    ("52", "Нижний Новгород", 56, 44),
    ("57", "Орёл", 53, 36),
    ("66", "Екатеринбург", 57, 61),
    ("79", "Биробиджан", 49, 133),
    ("83", "Нарьян-Мар", 68, 53),
    ("86", "Ханты-Мансийск", 61, 69),
    ("87", "Анадырь", 65, 178),
    ("89", "Салехард", 67, 67),
    ("91", "Симферополь", 45, 34),
    ("92", "Севастополь", 45, 34),
]

NEIGHBOURS = [
    ("77", "50"),  # Moscow and its region
    ("78", "47"),  # Saint Petersburg and its region
    ("16", "02"),
    ("16", "63"),
    ("52", "33"),
    ("54", "42"),
    ("54", "22"),
    ("23", "61"),
    ("23", "01"),
    ("27", "25"),
    ("91", "92"),
    ("14", "87"),
    ("66", "74"),
]


def load() -> str:
    said = StringIO()
    call_command("load_directory", stdout=said)
    return said.getvalue()


def region(code: str) -> Region:
    return Region.objects.get(code=code)


def every_row() -> list[list[dict[str, Any]]]:
    return [list(model._default_manager.order_by("pk").values()) for model in (Country, Region, City)]


def names(cities: Iterable[City]) -> list[str]:
    return [city.name_ru for city in cities]


class TestRegions:
    def test_are_the_89_federal_subjects_by_their_codes(self) -> None:
        assert len(CODES) == 89
        assert list(Region.objects.filter(code__in=CODES).values_list("country", flat=True)) == ["RU"] * 89
        assert set(Region.objects.values_list("code", flat=True)) == CODES

    @pytest.mark.parametrize("field", ["name_ru", "name_en", "short_name_ru", "short_name_en"])
    def test_have_names_of_their_own_in_both_languages(self, field: str) -> None:
        said = list(Region.objects.values_list(field, flat=True))
        assert len(set(said)) == 89
        assert all(said)
        foreign = re.compile("[а-яё]" if field.endswith("en") else "[a-z]", re.IGNORECASE)
        assert [name for name in said if foreign.search(name)] == []

    def test_are_said_in_the_readers_language(self) -> None:
        with override("en"):
            assert [str(region("77")), str(region("02").country)] == ["Moscow", "Russia"]
        with override("ru"):
            assert [str(region("77")), region("77").short_name.ru] == ["Москва", "Мск"]

    def test_stand_in_the_order_of_their_names(self) -> None:
        assert Region.objects.first() == region("01")


class TestTiles:
    def test_are_one_a_region(self) -> None:
        tiles = set(Region.objects.values_list("tile_row", "tile_column"))
        assert len(tiles) == 89
        assert min(row for row, _ in tiles) == min(column for _, column in tiles) == 1
        assert [max(row for row, _ in tiles), max(column for _, column in tiles)] == [12, 18]

    def test_have_a_neighbour_each_but_for_the_islands(self) -> None:
        alone = {each.code for each in Region.objects.all() if not Region.objects.next_to(each).exists()}
        assert alone == ISLANDS

    def test_are_one_land_but_for_the_islands(self) -> None:
        start = region("77")
        reached, edge = {start}, {start}
        while edge:
            edge = {each for here in edge for each in Region.objects.next_to(here)} - reached
            reached |= edge
        assert len(reached) == 89 - len(ISLANDS)

    @pytest.mark.parametrize(("here", "there"), NEIGHBOURS)
    def test_of_neighbours_touch(self, here: str, there: str) -> None:
        assert region(there) in Region.objects.next_to(region(here))
        assert region(here) in Region.objects.next_to(region(there))

    def test_lie_from_north_to_south_and_from_west_to_east(self) -> None:
        south = [region(code).tile_row for code in ("51", "10", "47", "53", "77", "71", "57", "46", "61", "26", "09")]
        east = [region(code).tile_column for code in ("39", "67", "77", "16", "66", "54", "24", "38", "28", "65")]
        assert south == sorted(south, key=int)
        assert east == sorted(east, key=int)

    def test_no_region_is_next_to_itself_or_to_one_off_the_map(self) -> None:
        abroad = Region.objects.create(
            country=Country.objects.create(code="KZ", name_ru="К"), code="KZ-75", name_ru="А"
        )
        assert region("77") not in Region.objects.next_to(region("77"))
        assert not Region.objects.next_to(abroad).exists()


class TestCities:
    def test_are_in_every_region(self) -> None:
        assert not Region.objects.filter(cities=None).exists()
        assert City.objects.count() == len(geography.rows("cities.tsv")) > 450

    @pytest.mark.parametrize(("code", "capital", "north", "east"), CAPITALS)
    def test_hold_the_capitals_where_they_are(self, code: str, capital: str, north: int, east: int) -> None:
        point = City.objects.get(region__code=code, name_ru=capital).point
        assert [round(point.latitude), round(point.longitude)] == [north, east]

    def test_have_names_in_both_languages(self) -> None:
        for city in City.objects.all():
            assert re.fullmatch(r"[А-ЯЁ][а-яё]+(?:[ -][А-ЯЁа-яё]+)*", city.name_ru), city.name_ru
            assert re.fullmatch(r"[A-Z][a-z]+(?:[ -][A-Za-z]+)*", city.name_en), city.name_en

    def test_are_some_way_apart(self) -> None:
        """No city stands twice under two names."""
        cities = list(City.objects.all())
        near = [
            (one.name_ru, other.name_ru)
            for place, one in enumerate(cities)
            for other in cities[:place]
            if abs(one.latitude - other.latitude) < Decimal("0.03") and kilometres(one.point, other.point) < 2
        ]
        assert near == []

    def test_of_moscow_and_kazan_are_720_km_apart(self) -> None:
        moscow, kazan = (City.objects.get(name_ru=name).point for name in ("Москва", "Казань"))
        assert kilometres(moscow, kazan) == pytest.approx(720, abs=5)

    def test_are_said_in_the_readers_language(self) -> None:
        with override("en"):
            assert str(City.objects.get(name_ru="Казань")) == "Kazan"


class TestSearch:
    @pytest.mark.parametrize(
        ("query", "city"),
        [
            ("казань", "Казань"),
            ("kazan", "Казань"),
            ("Казан", "Казань"),
            ("КАЗАНИ", "Казань"),
            ("каз", "Казань"),
            ("санкт-петербург", "Санкт-Петербург"),
            ("sankt-peterburg", "Санкт-Петербург"),
            ("saint petersburg", "Санкт-Петербург"),
            ("петербург", "Санкт-Петербург"),
            ("nizhny novgorod", "Нижний Новгород"),
            ("nizhniy novgorod", "Нижний Новгород"),
            ("новгород нижний", "Нижний Новгород"),
            ("орел", "Орёл"),
            ("орёл", "Орёл"),
            ("orel", "Орёл"),
            ("oryol", "Орёл"),
            ("moskva", "Москва"),
            ("moscow", "Москва"),
            ("ekaterinburg", "Екатеринбург"),
            ("yekaterinburg", "Екатеринбург"),
            ("королев", "Королёв"),
            ("йошкар", "Йошкар-Ола"),
            ("rostov na donu", "Ростов-на-Дону"),
        ],
    )
    def test_finds_a_city_in_either_alphabet(self, query: str, city: str) -> None:
        assert names(City.objects.named(query))[0] == city

    def test_finds_every_city_while_its_name_is_typed(self) -> None:
        for city in City.objects.filter(region__code__in=["47", "50", "77", "78"]):
            for name in (city.name_ru, city.name_en):
                for typed in range(3, len(name) + 1):
                    assert city in City.objects.named(name[:typed]), name[:typed]

    def test_puts_the_largest_first(self) -> None:
        found = City.objects.named("новгород")
        assert names(found) == ["Нижний Новгород", "Великий Новгород"]
        assert list(found) == sorted(found, key=lambda city: -city.population)

    def test_reads_the_starts_of_words_alone(self) -> None:
        assert names(City.objects.named("азань")) == []

    @pytest.mark.parametrize("query", ["", "   ", "%", "_", "'; --", "🙂", "казань%25 x", "\x00", "я" * 5000])
    def test_of_what_names_no_city_finds_none(self, query: str) -> None:
        assert names(City.objects.named(query)) == []

    def test_follows_a_city_that_is_renamed(self) -> None:
        city = City.objects.get(name_ru="Казань")
        city.name_ru, city.name_en = "Болгар", "Bolgar"
        city.save()
        assert names(City.objects.named("болга")) == names(City.objects.named("bolgar")) == ["Болгар"]
        assert not City.objects.named("казань").exists()


class TestLoading:
    def test_twice_changes_nothing(self) -> None:
        before = every_row()
        assert load().startswith("Country: 0 added, 1 kept\nRegion: 0 added, 89 kept\nCity: 0 added, 493 kept\n")
        assert every_row() == before

    def test_keeps_what_an_editor_changed(self) -> None:
        Country.objects.update(name_en="Russian Federation")
        Region.objects.filter(code="16").update(name_ru="Республика Татарстан", tile_row=50)
        City.objects.filter(name_ru="Казань").update(name_ru="Город Казань", population=1)
        City.objects.filter(name_ru="Чебаркуль").delete()
        before = every_row()
        load()
        assert every_row() == before

    def test_brings_back_a_region_with_its_cities(self) -> None:
        Office.objects.filter(city__region__code="16").delete()
        City.objects.filter(region__code="16").delete()
        Region.objects.filter(code="16").delete()
        assert "Region: 1 added, 88 kept\nCity: 10 added" in load()
        assert names(City.objects.named("казань")) == ["Казань"]

    def test_takes_as_many_queries_whatever_there_is(
        self, django_assert_num_queries: Any, django_assert_max_num_queries: Any
    ) -> None:
        with django_assert_num_queries(8):  # a savepoint and back, and six questions
            geography.load(str)
        Office.objects.all().delete()
        City.objects.all().delete()
        with django_assert_max_num_queries(16):  # the cities as well, which SQLite takes in batches
            geography.load(str)

    def test_reads_rows_that_forms_would_take_too(self) -> None:
        for row in [*Country.objects.all(), *Region.objects.select_related("country"), *City.objects.all()]:
            row.clean_fields()


def refused(name: str, row: models.Model) -> None:
    """The database refuses the row, whatever the forms say; SQLite names the columns of a unique rule, not the rule."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row._meta.model._default_manager.bulk_create([row])
    assert name in str(refusal.value) or "UNIQUE constraint failed" in str(refusal.value)
    with pytest.raises(ValidationError):
        row.validate_constraints()


class TestTheDatabase:
    @pytest.mark.parametrize(
        ("constraint", "values"),
        [
            ("one_region_per_tile", {"tile_row": 5, "tile_column": 4}),
            ("one_region_per_country_and_name", {"name_ru": "Москва"}),
            ("tile_is_a_row_and_a_column_from_one", {"tile_row": 1}),
            ("tile_is_a_row_and_a_column_from_one", {"tile_column": 1}),
            ("tile_is_a_row_and_a_column_from_one", {"tile_row": 0, "tile_column": 1}),
            ("tile_is_a_row_and_a_column_from_one", {"tile_row": 1, "tile_column": 0}),
        ],
    )
    def test_refuses_a_region(self, constraint: str, values: dict[str, Any]) -> None:
        refused(constraint, Region(**{"country_id": "RU", "code": "00", "name_ru": "Новый", **values}))

    def test_refuses_a_second_region_of_a_code(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            Region.objects.create(country_id="RU", code="77", name_ru="Вторая Москва")

    @pytest.mark.parametrize(
        ("constraint", "values"),
        [
            ("one_city_per_region_and_name", {"name_ru": "Москва"}),
            ("latitude_is_between_the_poles", {"latitude": Decimal("90.00001")}),
            ("latitude_is_between_the_poles", {"latitude": Decimal("-90.00001")}),
            ("longitude_is_within_the_date_line", {"longitude": Decimal("180.00001")}),
            ("longitude_is_within_the_date_line", {"longitude": Decimal("-180.00001")}),
        ],
    )
    def test_refuses_a_city(self, constraint: str, values: dict[str, Any]) -> None:
        good: dict[str, Any] = {"name_ru": "Новый", "latitude": Decimal(55), "longitude": Decimal(37)}
        refused(constraint, City(region=region("77"), **{**good, **values}))

    def test_takes_a_place_at_the_very_edge(self) -> None:
        edge = City(region=region("87"), name_ru="Край", latitude=Decimal(90), longitude=Decimal(-180))
        edge.full_clean()
        edge.save()
        assert edge.words == "kra"

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            (Country(code="ru", name_ru="Россия"), "code"),
            (Region(country_id="RU", code="7", name_ru="Новый"), "code"),
            (Region(country_id="RU", code="77\n", name_ru="Новый"), "code"),
            (City(name_ru="Новый", latitude=Decimal(91), longitude=Decimal(0)), "latitude"),
        ],
    )
    def test_forms_say_which_field_is_wrong(self, row: models.Model, field: str) -> None:
        with pytest.raises(ValidationError) as refusal:
            row.clean_fields()
        assert field in refusal.value.message_dict

    def test_keeps_a_region_that_has_cities(self) -> None:
        with pytest.raises(models.ProtectedError):
            region("77").delete()
