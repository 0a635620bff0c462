"""Found by words: in any case, form and alphabet, with one letter wrong, by ИНН, by city; by conditions and their sums.

Runs alike on SQLite and PostgreSQL: `make test-postgres` asks the other engine the same questions.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from partner_directory.directory import snapshot
from partner_directory.directory.asked import KINDS, Asked, read
from partner_directory.directory.finding import facets, find, ordered, ways_out
from partner_directory.directory.words import one_letter_off
from partner_directory.guards import LISTINGS
from partner_directory.models import Partner
from partner_directory.services import Service
from tests.factories.partners import make_membership, make_partner

pytestmark = pytest.mark.django_db


def asked(query: str = "") -> Asked:
    """The question of an address."""
    return read(QueryDict(query), snapshot.current(snapshot.terms_today()))


def found(query: str = "") -> list[int]:
    """The keys that a question finds, in their order."""
    return list(ordered(asked(query)))


def counts(kind: str, query: str = "") -> dict[str, int]:
    """The number of partners behind each option of a facet."""
    return {option.code: option.count for option in facets(asked(query), [kind])[kind]}


class TestWords:
    @pytest.fixture(autouse=True)
    def _partners(self, db: None) -> None:
        self.tree = make_partner(
            name_ru="Ёлка Консалтинг", name_en="Yolka Consulting", inn="7707083893", city="kazan", summary_ru="Обучаем"
        )
        self.other = make_partner(name_ru="Белая Берёза", name_en="White Birch", city="samara", summary_ru="Торговля")

    @pytest.mark.parametrize(
        "query",
        [
            *("консалтинг", "консалтинга", "консалтингом", "КОНСАЛТИНГ", "Консалтинг"),
            *("konsalting", "KONSALTING", "consulting", "Consulting"),
            *("елка", "ёлка", "Ёлки", "ЕЛКА", "elka"),
            *("ёлка консалтинг", "консалтинг елка", "  ёлка,консалтинг! "),
            *("конс", "konsalt"),  # the beginning of a word
            *("7707083893", "77070838"),
            *("Казань", "казани", "КАЗАНЬ", "kazan", "Kazan"),
            *("Татарстан", "tatarstan"),
            *("обучаете", "обучаю"),
            "ёлка казань",
        ],
    )
    def test_finds_the_partner(self, query: str) -> None:
        assert found(f"q={query}") == [self.tree.pk]

    @pytest.mark.parametrize("query", ["косалтинг", "консалтингг", "конслатинг", "консолтинг", "kosalting", "казнь"])
    def test_with_one_letter_wrong_it_is_found_and_what_was_meant_is_said(self, query: str) -> None:
        question = asked(f"q={query}")

        assert list(ordered(question)) == [self.tree.pk]
        assert question.selection.hits is not None
        assert list(question.selection.hits.meant) == [query]

    @pytest.mark.parametrize("query", ["нетникого", "ёлка самара", "консалтинг берёза", "zzz", "12", "кснлтнг"])
    def test_does_not_find_what_is_not_there(self, query: str) -> None:
        assert found(f"q={query}") == []

    @pytest.mark.parametrize("query", ["", "   ", "!!!", "«»", "%", "''", '"', "*", "--"])
    def test_a_question_without_a_word_leaves_nobody_out(self, query: str) -> None:
        assert set(found(f"q={query}")) == {self.tree.pk, self.other.pk}

    @pytest.mark.parametrize(
        "query",
        [
            *(
                "' OR 1=1 --",
                '" OR "',
                "елка*",
                "NEAR(елка)",
                "name_words : елка",
                "елка AND",
                "^елка",
                "елка & !береза",
            ),
            *("\x00", "елка\x00", "<script>", "(((", "a:*", "\\", "😀", "ﷺ"),
            "ё" * 5000,
            "слово " * 1000,
        ],
    )
    def test_signs_that_mean_something_to_a_database_mean_nothing_here(self, query: str) -> None:
        data = QueryDict(mutable=True)
        data["q"] = query

        question = read(data, snapshot.current(snapshot.terms_today()))

        assert question.selection.matched <= question.selection.snapshot.listed

    def test_whose_name_answers_stands_first(self) -> None:
        described = make_partner(name_ru="Другая", name_en="Another", summary_ru="Делаем консалтинг", city="samara")

        assert found("q=консалтинг") == [self.tree.pk, described.pk]

    @given(word=st.text("абвгдежзиклмнопрстуфхцчшщыэюя", min_size=4, max_size=12), place=st.integers(0, 11))
    def test_a_word_is_among_those_one_letter_off_each_of_its_own_slips(self, word: str, place: int) -> None:
        place = min(place, len(word) - 1)
        left_out = word[:place] + word[place + 1 :]

        assert word in one_letter_off(left_out)
        assert all(abs(len(other) - len(word)) <= 1 for other in one_letter_off(word))


class TestConditions:
    @pytest.fixture(autouse=True)
    def _partners(self, db: None) -> None:
        self.moscow = make_partner(
            level="retail", city="moscow", products=["asoft-crm"], languages=["ru"], regions=["50"]
        )
        self.kazan = make_partner(
            level="competency",
            city="kazan",
            products=["asoft-crm", "asoft-crm-bank"],
            services=["supply", "implementation"],
            languages=["ru", "en"],
            regions=["77"],
        )
        self.busy = make_partner(level="saas", city="kazan", services=list(Service.values), accepts_clients=False)

    def test_of_one_kind_any_suffices_of_different_kinds_each_must_hold(self) -> None:
        assert set(found("level=retail&level=competency")) == {self.moscow.pk, self.kazan.pk}
        assert found("level=retail&level=competency&product=asoft-crm-bank") == [self.kazan.pk]

    @pytest.mark.parametrize("query", ["region=77", "region=16&accepting=yes&region=77&level=retail&level=competency"])
    def test_a_region_is_where_one_has_an_office_or_works_with_clients(self, query: str) -> None:
        assert set(found(query)) == {self.moscow.pk, self.kazan.pk}

    def test_with_an_office_there_one_stands_before_those_who_only_work_there(self) -> None:
        assert found("region=77") == [self.moscow.pk, self.kazan.pk]

    def test_who_takes_new_clients_stands_first_and_can_be_asked_for_alone(self) -> None:
        assert found()[-1] == self.busy.pk
        assert set(found("accepting=yes")) == {self.moscow.pk, self.kazan.pk}

    def test_counts_respect_the_other_kinds_and_not_their_own(self) -> None:
        assert counts("level") == {"retail": 1, "competency": 1, "saas": 1}
        assert counts("level", "level=retail") == {"retail": 1, "competency": 1, "saas": 1}
        assert counts("level", "city=kazan") == {"competency": 1, "saas": 1}
        assert counts("language", "level=competency") == {"ru": 1, "en": 1}

    def test_a_chosen_condition_that_finds_nobody_stays_to_be_taken_off(self) -> None:
        assert counts("level", "city=kazan&level=retail") == {"retail": 0, "competency": 1, "saas": 1}

    def test_every_count_is_the_number_that_the_condition_finds(self) -> None:
        for base in ("", "level=retail", "q=партнёр", "city=kazan&accepting=yes"):
            for kind in KINDS:
                others = "&".join(pair for pair in base.split("&") if pair and not pair.startswith(f"{kind}="))
                for code, count in counts(kind, base).items():
                    assert count == len(found(f"{others}&{kind}={code}")), (base, kind, code)

    def test_r22_a_retail_partner_claims_no_implementation_whatever_its_profile_says(self) -> None:
        claims = make_partner(level="retail", services=list(Service.values))

        assert claims.pk not in found("service=implementation")
        assert claims.pk not in found("service=support")
        assert claims.pk in found("service=supply")

    def test_r35_only_saas_rents_out(self) -> None:
        assert found("service=renting") == [self.busy.pk]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            *(
                ("level=gold", "level"),
                ("region=999", "region"),
                ("city=atlantis", "city"),
                ("service=magic", "service"),
            ),
            *(
                ("sort=price", "sort"),
                ("view=globe", "view"),
                ("page=0", "page"),
                ("page=-1", "page"),
                ("page=x", "page"),
            ),
            *(
                ("near=Атлантида", "near"),
                ("sort=distance", "sort"),
                ("page=1000000000000", "page"),
                ("page=²", "page"),
            ),
        ],
    )
    def test_a_wrong_value_is_left_out_and_said(self, query: str, field: str) -> None:
        question = asked(query)

        assert list(question.problems) == [field]
        assert len(question.selection.matched) == 3

    def test_two_hundred_values_are_read_without_harm(self) -> None:
        regions = "&".join(f"region={number:02}" for number in range(200))

        assert len(asked(regions).codes["region"]) <= 100

    def test_near_a_city_the_nearest_office_stands_first(self) -> None:
        far = make_partner(city="vladivostok")
        nowhere = make_partner(city=None)

        assert found("near=Самара&sort=distance")[-3:] == [self.moscow.pk, far.pk, nowhere.pk]
        assert found("near=samara&sort=distance") == found("near=САМАРА&sort=distance")

    def test_by_name_and_by_day(self) -> None:
        names = [Partner.objects.get(pk=key).name_ru for key in found("sort=name")]

        assert names == sorted(names)
        assert found("sort=new")[0] == self.busy.pk

    def test_nobody_found_offers_what_to_drop_and_the_regions_around(self) -> None:
        ways = {way.query: way.count for way in ways_out(asked("region=63&level=competency"))}

        assert ways["level=competency"] == 1
        assert "region=63" not in ways
        assert all(len(found(query)) == count for query, count in ways.items())

    def test_the_page_after_the_last_is_the_last(self) -> None:
        page = find(asked("page=7"))

        assert (page.page.number, page.page.paginator.num_pages, len(page.keys)) == (1, 1, 3)
        assert page.asked.notices


class TestWhoIsListed:
    @pytest.mark.parametrize(("state", "listed"), [
        ("active", True), ("ends_soon", True), ("lapsed", False), ("suspended", False), ("ended", False),
        ("upcoming", False),
    ])  # fmt: skip
    def test_a11_by_the_state_of_its_membership(self, state: str, listed: bool) -> None:
        partner = make_partner(state=state)

        assert (partner.pk in found()) is listed

    def test_without_a_membership_nobody(self) -> None:
        assert make_partner(level=None).pk not in found()

    def test_a_draft_is_not(self) -> None:
        assert make_partner(published=False).pk not in found()

    def test_a11_at_midnight_in_moscow_the_directory_turns_the_year_by_itself(self) -> None:
        partner = make_partner()
        year = snapshot.current(snapshot.terms_today()).day.year

        with time_machine.travel(f"{year}-12-31T20:59:00+00:00", tick=False):
            assert partner.pk in found()
        with time_machine.travel(f"{year}-12-31T21:01:00+00:00", tick=False):
            assert partner.pk not in found()

    def test_r45_renewed_it_stays(self) -> None:
        partner = make_partner()
        make_membership(partner, state="upcoming")
        year = snapshot.current(snapshot.terms_today()).day.year

        with time_machine.travel(f"{year + 1}-01-01T09:00:00+03:00", tick=False):
            assert partner.pk in found()

    def test_unpublished_it_leaves_and_published_again_it_is_back(self) -> None:
        partner = make_partner()
        assert partner.pk in found()

        partner.unpublish()
        assert partner.pk not in found()

        partner.save_revision().publish()
        assert partner.pk in found()

    def test_deleted_it_leaves(self) -> None:
        partner = make_partner(level=None, specialists=2, references=[{}])
        make_partner()
        key = partner.pk
        partner.delete()

        assert key not in found()


class TestFairness:
    @pytest.fixture(autouse=True)
    def _partners(self, db: None) -> None:
        self.keys = [make_partner().pk for _number in range(12)]

    def orders(self, days: int) -> list[list[int]]:
        found_on = []
        for day in range(days):
            with time_machine.travel(date(2026, 3, 1).replace(day=1 + day), tick=False):
                found_on.append(found())
        return found_on

    def test_among_equals_the_order_is_the_same_all_day_and_another_the_next(self) -> None:
        assert found() == found()
        assert len({tuple(order) for order in self.orders(8)}) == 8

    def test_over_the_days_everybody_has_been_first_and_nobody_much_more_often(self) -> None:
        orders = []
        for month in range(1, 10):
            for day in range(1, 28):
                with time_machine.travel(date(2026, month, day), tick=False):
                    orders.append(found()[0])
        first = [orders.count(key) for key in self.keys]

        assert min(first) > 0
        assert max(first) < 3 * len(orders) / len(self.keys)

    def test_a_partner_that_joins_moves_nobody_else(self) -> None:
        before = found()
        new = make_partner().pk

        assert [key for key in found() if key != new] == before

    def test_level_names_and_slugs_give_no_advantage(self) -> None:
        renamed: dict[str, Any] = {"name_ru": "ААА", "slug": "aaa"}
        before = found()
        Partner.objects.filter(pk=self.keys[0]).update(**renamed)
        from partner_directory.directory.projection import refresh

        refresh([self.keys[0]])

        assert found() == before


class TestSnapshot:
    """What is brought up step by step is what would be read anew."""

    def state(self) -> dict[str, Any]:
        now = snapshot.current(snapshot.terms_today())
        return {
            "listed": list(now.listed),
            "order": list(now.order),
            "tokens": {token: list(keys) for token, keys in now.tokens.items() if keys},
        }

    def test_after_any_change_it_equals_a_snapshot_read_anew(self) -> None:
        from partner_directory.actions import memberships
        from program_pages.models import Level

        partners = [make_partner(level=level, city=city) for level in ("retail", "saas") for city in ("kazan", "omsk")]
        saas = Level.objects.get(slug="saas")
        changes = [
            lambda: partners[0].unpublish(),
            lambda: memberships.suspend(membership=partners[1].memberships.get(), actor=None, reason="…"),
            lambda: memberships.end(
                membership=partners[2].memberships.get(), how="withdrawn", actor=None, reason="…", on=date(2026, 1, 5)
            ),
            lambda: make_partner(city="moscow"),
            lambda: memberships.grant(partner=make_partner(level=None), level=saas, actor=None),
            lambda: memberships.resume(membership=partners[1].memberships.get(), actor=None),
            lambda: partners[0].save_revision().publish(),
        ]
        self.state()
        for change in changes:
            change()
            brought_up = self.state()
            snapshot.forget()
            assert self.state() == brought_up

    def test_while_nothing_changes_it_takes_one_query(self, django_assert_num_queries: Any) -> None:
        make_partner()
        terms = snapshot.terms_today()
        snapshot.current(terms)

        with django_assert_num_queries(1):
            snapshot.current(terms)

    def test_one_change_among_many_reads_that_one(self, django_assert_max_num_queries: Any) -> None:
        for _number in range(5):
            make_partner()
        terms = snapshot.terms_today()
        snapshot.current(terms)
        make_partner()

        with django_assert_max_num_queries(4):
            snapshot.current(terms)

    def test_a_new_name_of_a_region_is_shown(self) -> None:
        from partner_directory.models import Region

        make_partner(city="kazan")
        region = Region.objects.get(code="16")
        region.name_ru = "Татария"
        region.save()

        assert facets(asked(), ["region"])["region"][0].label == "Татария"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="asks PostgreSQL how it searched: make test-postgres")
def test_on_postgresql_no_word_reads_the_whole_table_however_many_hold_it() -> None:
    def scans() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = %s", [LISTINGS])
            return int(cursor.fetchone()[0])

    partner = make_partner(level="retail", name_ru="Ромашка")
    snapshot.current(snapshot.terms_today())
    before = scans()

    assert found("q=ромашка") == [partner.pk]
    assert found("q=р") == [partner.pk]
    assert found("q=рамашка") == [partner.pk]
    assert scans() == before
