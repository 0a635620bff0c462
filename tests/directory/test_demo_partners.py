"""Any number of invented partners: the same for a seed, valid, listed, and gone again without a trace."""

from __future__ import annotations

from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from stdnum.ru import inn, ogrn

from partner_directory.demo import crowd
from partner_directory.directory import projection
from partner_directory.directory.snapshot import current, terms_today
from partner_directory.models import (
    City,
    DirectoryVersion,
    Implementation,
    Listing,
    Membership,
    OverlayChange,
    Partner,
    Purchase,
    Sale,
    SalesPlan,
    Word,
)
from partner_directory.services import Service
from program_pages.terms import NoEdition

from ..factories.partners import make_partner

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> str:
    said = StringIO()
    call_command("demo_partners", *arguments, stdout=said)
    return said.getvalue()


def every_row() -> dict[str, Any]:
    """Everything that the apps of this project and Wagtail's index hold but for the vocabulary and the version."""
    models = [model for app in ("partner_directory", "wagtailcore", "wagtailsearch") for model in _models(app)]
    return {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}


def _models(app: str) -> list[Any]:
    found = apps.get_app_config(app).get_models(include_auto_created=True)
    return [model for model in found if model not in (Word, DirectoryVersion)]


def facts() -> list[tuple[Any, ...]]:
    """What the crowd is, without the keys that a database gives."""
    return [
        (
            *(getattr(partner, name) for name in ("slug", "name_ru", "name_en", "inn", "summary_ru", "services")),
            [(office.city.slug, office.address_ru, office.latitude) for office in partner.offices.all()],
            [product.slug for product in partner.products.all()],
            sorted(region.code for region in partner.regions.all()),
            [(each.level.slug, each.year, each.state) for each in partner.memberships.all()],
            [(each.certificate, each.name_ru) for each in partner.specialists.all()],
        )
        for partner in crowd.crowd().order_by("slug")
    ]


class TestAdding:
    def test_and_removing_leaves_what_was_there(self) -> None:
        make_partner(slug="demo-company")
        before = every_row()
        assert "Partner: 300 added" in demo("--count", "300")
        assert Partner.objects.count() == len(before["partner_directory.Partner"]) + 300
        assert "Partner: 300 removed" in demo("--remove")
        assert every_row() == before

    def test_with_records_writes_a_year_of_them_once_and_removing_takes_them_too(self) -> None:
        before = every_row()
        assert "60 with records" in demo("--count", "60", "--records")
        books = [list(model.objects.all()) for model in (Sale, Implementation, Purchase, SalesPlan, OverlayChange)]
        assert all(books)
        for row in (row for rows in books for row in rows):
            row.full_clean(exclude=["proposed_by"])  # nobody has
        written = {row for rows in books for row in rows}
        demo("--count", "1", "--records")
        newcomer = crowd.crowd().order_by("-slug").first()
        again = {row for model in (Sale, Implementation, Purchase) for row in model.objects.exclude(partner=newcomer)}
        assert again <= written
        demo("--remove")
        assert every_row() == before

    def test_with_the_same_seed_makes_the_same(self) -> None:
        demo("--count", "40", "--seed", "7")
        first = facts()
        demo("--remove")
        demo("--count", "40", "--seed", "7")
        assert facts() == first
        demo("--remove")
        demo("--count", "40", "--seed", "8")
        assert facts() != first

    def test_in_parts_makes_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        demo("--count", "40")
        whole = facts()
        demo("--remove")
        monkeypatch.setattr(crowd, "BATCH", 7)
        demo("--count", "15")
        assert "25 of 25" in demo("--count", "25")
        assert facts() == whole

    def test_again_adds_to_what_is_there(self) -> None:
        demo("--count", "20", "--seed", "1")
        demo("--count", "20", "--seed", "2")
        assert [crowd.crowd().count(), crowd.crowd().values("inn").distinct().count()] == [40, 40]
        assert crowd.crowd().order_by("-slug")[0].slug.startswith("demo-0000040-")

    def test_lists_them_with_all_they_have(self) -> None:
        before = len(current(terms_today()).listed)
        demo("--count", "200")
        snapshot = current(terms_today())
        lapsed = crowd.crowd().exclude(memberships__in=Membership.objects.in_force(snapshot.day)).count()
        assert 0 < lapsed < 40
        assert len(snapshot.listed) == before + 200 - lapsed
        assert not snapshot.tokens["service:renting"] - snapshot.tokens["level:saas"]

    def test_makes_rows_as_the_directory_would(self) -> None:
        demo("--count", "30")
        kept = Listing.objects.filter(partner__in=crowd.crowd()).order_by("pk")
        before = list(kept.values("words", "tokens", "card", "sort_ru", "gaps", "listed_at"))
        projection.refresh(crowd.crowd().values_list("pk", flat=True))
        assert list(kept.values("words", "tokens", "card", "sort_ru", "gaps", "listed_at")) == before

    def test_makes_partners_that_pass_every_check(self) -> None:
        demo("--count", "60")
        for partner in crowd.crowd():
            partner.full_clean()
            assert partner.is_sample
            assert inn.is_valid(partner.inn)
            assert ogrn.is_valid(partner.ogrn)
            for child in (*partner.offices.all(), *partner.specialists.all()):
                child.full_clean()

    def test_gives_retail_partners_supply_alone(self) -> None:
        demo("--count", "60")
        retail = crowd.crowd().filter(memberships__level__slug="retail").distinct()
        assert retail
        assert all(partner.services == [Service.SUPPLY] for partner in retail)

    def test_tells_every_process_to_read_all_again(self) -> None:
        before = DirectoryVersion.objects.filter(pk=1).values_list("whole", flat=True).first() or 0
        demo("--count", "1")
        assert DirectoryVersion.objects.get(pk=1).whole > before

    def test_that_is_interrupted_leaves_whole_partners(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crowd, "BATCH", 5)
        refresh = projection.refresh

        def fails_the_third_time(partners: Any, **options: Any) -> None:
            if crowd.crowd().count() > 10:
                raise KeyboardInterrupt
            refresh(partners, **options)

        monkeypatch.setattr(projection, "refresh", fails_the_third_time)
        with pytest.raises(KeyboardInterrupt):
            demo("--count", "20")
        assert crowd.crowd().count() == Listing.objects.filter(slug__startswith="demo-0").count() == 10


class TestRemoving:
    def test_takes_what_an_editor_has_added_to_them(self) -> None:
        before = every_row()
        demo("--count", "3")
        partner = crowd.crowd()[0]
        partner.save_revision().publish()
        demo("--remove")
        log = "wagtailcore.ModelLogEntry"  # what has been done stays on record
        assert {**every_row(), log: None} == {**before, log: None}

    def test_keeps_a_company_that_only_looks_like_one(self) -> None:
        real = make_partner(slug="demo-0000001-real")
        demo("--count", "3")
        demo("--remove")
        assert Partner.objects.filter(pk=real.pk).exists()

    def test_of_nothing_says_so(self) -> None:
        assert demo("--remove") == "Partner: 0 removed\n"


class TestRefusals:
    @pytest.mark.parametrize("count", ["0", "-1", "1000001", "99999999999999999999"])
    def test_name_the_counts_that_are_possible(self, count: str) -> None:
        with pytest.raises(CommandError, match="from 1 to 1000000"):
            demo(f"--count={count}")

    @pytest.mark.parametrize("count", ["many", "1.5", ""])
    def test_of_what_is_no_number(self, count: str) -> None:
        with pytest.raises(CommandError, match="invalid int value"):
            demo(f"--count={count}")

    def test_of_more_than_there_are_numbers_for(self) -> None:
        make_partner(slug="demo-0999999-last", is_sample=True, level=None)
        with pytest.raises(CommandError, match="999999 numbers are taken"):
            demo("--count", "2")

    def test_without_cities(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(City.objects, "select_related", lambda *_: City.objects.none())
        with pytest.raises(CommandError, match="load_directory"):
            demo()

    def test_without_terms(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(crowd, "terms_on", _no_terms)
        with pytest.raises(CommandError):
            demo()


def _no_terms(day: date) -> None:
    raise NoEdition(day)


def test_refreshing_makes_every_listing_anew() -> None:
    partner = make_partner(name_ru="Новое имя")
    Listing.objects.filter(pk=partner.pk).update(words="", card={}, shown=False)
    said = StringIO()
    call_command("refresh_directory", stdout=said)
    assert f"Listing: {Partner.objects.published().count()} made anew" in said.getvalue()
    assert Listing.objects.get(pk=partner.pk).card["name"][0] == "Новое имя"
