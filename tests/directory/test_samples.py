"""The sample partners: believable, valid, in every state, and never loaded over what an editor has changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import phonenumbers
import pytest
from django.core.management import call_command
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from stdnum.ru import inn, ogrn
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import ModelLogEntry

from partner_directory.actions.badges import issue_missing
from partner_directory.demo import partners
from partner_directory.directory.snapshot import current, terms_today
from partner_directory.models import Industry, Listing, Material, Membership, OldAddress, Partner, Reference, Specialist
from partner_directory.models.badge import Badge
from partner_directory.models.membership import Status
from partner_directory.services import allowed_by
from program_pages.models.edition import programme_day
from program_pages.rules.calendar import is_renewal_open
from program_pages.terms import terms_on
from program_pages.words import search_words
from tests.factories.badges import forget_badges
from tests.factories.history import rewriting_the_trail

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _samples(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The samples are loaded for these tests alone, once."""
    with django_db_blocker.unblock():
        load()
    yield
    with django_db_blocker.unblock():
        forget_badges(Partner.objects.filter(is_sample=True))
        Membership.objects.all().delete()
        Partner.objects.filter(is_sample=True).delete()
        with rewriting_the_trail():
            ModelLogEntry.objects.filter(action__startswith="partner_directory.").delete()
        Material.objects.all().delete()
        get_document_model().objects.all().delete()
        get_image_model().objects.all().delete()


DATA = partners.partners_data()
NAMES = [row["slug"] for row in DATA]


def load(*arguments: str) -> str:
    said = StringIO()
    call_command("load_directory", *arguments, stdout=said)
    return said.getvalue()


def every_row() -> list[list[dict[str, Any]]]:
    models = (Partner, Membership, Listing, Reference, Specialist, Industry)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def forget(slug: str) -> None:
    """Takes a sample away with all that is its own."""
    partner = Partner.objects.get(slug=slug)
    forget_badges(Partner.objects.filter(pk=partner.pk))
    partner.memberships.all().delete()
    partner.specialists.all().delete()
    partner.delete()


def statuses(partner: Partner) -> set[Status]:
    today = programme_day()
    held = partner.memberships.all()
    years = {membership.year for membership in held}
    readings = terms_on(today).readings
    return {each.status_on(today, readings, renewed=each.year + 1 in years) for each in held}


class TestLoading:
    def test_twice_changes_nothing(self) -> None:
        before = every_row()
        assert f"Partner: 0 added, {len(DATA)} kept" in load()
        assert every_row() == before

    def test_keeps_what_an_editor_changed(self) -> None:
        Partner.objects.filter(slug="clean-sheet").update(name_ru="Чистая доска", accepts_clients=False)
        Partner.objects.filter(slug="don-pier").update(slug="don-pier-2")
        Industry.objects.filter(slug="retail").update(name_ru="Магазины")
        before = every_row()
        load()
        assert every_row() == before

    def test_does_not_bring_back_one_that_has_moved(self) -> None:
        partner = Partner.objects.get(slug="don-pier")
        OldAddress.objects.create(partner=partner, slug="don-pier")
        Partner.objects.filter(pk=partner.pk).update(slug="elsewhere", inn="")
        assert "Partner: 0 added" in load()

    def test_adds_what_is_missing_where_debug_is_off(self) -> None:
        forget("don-pier")
        with override_settings(DEBUG=False):
            assert f"Partner: 1 added, {len(DATA) - 1} kept" in load()
        assert Partner.objects.get(slug="don-pier").live

    def test_leaves_samples_out_when_told(self) -> None:
        assert "Partner" not in load("--no-samples")

    def test_waits_for_terms_in_force(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(partners, "terms_on", _no_terms)
        assert "no terms are in force yet" in load()

    def test_makes_do_without_a_place_for_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        forget("bay-soft")
        monkeypatch.setattr("django.core.files.storage.InMemoryStorage.save", _full)
        load()
        assert Partner.objects.get(slug="bay-soft").logo is None


def _no_terms(day: date) -> None:
    raise partners.NoEdition(day)


def _full(*_: object, **__: object) -> None:
    raise OSError("No space left on device")


class TestBadges:
    def test_each_that_holds_or_will_hold_a_level_has_one(self) -> None:
        """And nothing is missing that ``issue_badges`` would issue."""
        today = programme_day()
        held = Membership.objects.running(today).filter(partner__is_sample=True)
        assert set(Badge.objects.values_list("partner", flat=True)) >= set(held.values_list("partner", flat=True))
        assert list(issue_missing(actor=None)) in ([], [0])


class TestProfiles:
    @pytest.mark.parametrize("slug", NAMES)
    def test_pass_every_check_and_say_that_they_are_samples(self, slug: str) -> None:
        partner = Partner.objects.get(slug=slug)
        partner.full_clean()
        for child in (*partner.offices.all(), *partner.references.all(), *partner.specialists.all()):
            child.full_clean()
        assert partner.is_sample
        assert partner.live
        assert partner.latest_revision is not None

    def test_have_numbers_that_are_valid_and_fit_the_region(self) -> None:
        for partner in Partner.objects.filter(slug__in=NAMES).prefetch_related("offices__city__region"):
            region = partner.offices.all()[0].city.region.code
            assert inn.is_valid(partner.inn), partner
            assert ogrn.is_valid(partner.ogrn), partner
            assert [partner.inn[:2], partner.ogrn[3:5]] == [region, region]

    def test_have_numbers_and_addresses_of_their_own_that_are_nobodys(self) -> None:
        for field in ("slug", "inn", "ogrn", "name"):
            assert len({str(row[field]) for row in DATA}) == len(DATA)
        assert len({row["email"] for row in DATA if "email" in row}) == len([row for row in DATA if "email" in row])
        for row in DATA:
            assert row.get("site_url", "https://x.example/").endswith(".example/")
            assert row.get("email", "x@x.example").endswith(".example")
            for phone in row.get("phones", ()):
                number = phonenumbers.parse(phone, "RU")
                assert phonenumbers.is_possible_number(number)
                assert not phonenumbers.is_valid_number(number)

    def test_claim_no_service_that_their_level_does_not_allow(self) -> None:
        levels = {level.slug: level for level in terms_on(programme_day()).levels}
        for row in DATA:
            assert set(row.get("services", ())) <= allowed_by(levels[row["level"]]), row["slug"]

    def test_name_only_what_there_is(self) -> None:
        named = partners._Named()
        for row in DATA:
            assert set(row.get("products", ())) <= named.products.keys(), row["slug"]
            assert set(row.get("industries", ())) <= named.industries.keys(), row["slug"]
            assert set(row["regions"]) <= named.regions.keys(), row["slug"]
            assert {office["city"] for office in row["offices"]} <= named.cities.keys(), row["slug"]
            assert row.get("state", "active") in partners.STATES

    def test_reach_from_kaliningrad_to_sakhalin(self) -> None:
        codes = set(
            Listing.objects.filter(slug__in=NAMES).values_list("partner__offices__city__region__code", flat=True)
        )
        assert len(codes) >= 25
        assert codes >= {"77", "78", "50", "16", "66", "54", "63", "52", "23", "61", "74", "02", "25", "27", "39"}

    def test_exercise_the_design(self) -> None:
        sizes = [len(row["name"]["ru"]) for row in DATA]
        assert max(sizes) > 100
        assert [row["slug"] for row in DATA if "en" not in row["name"]] == ["polden"]
        assert Listing.objects.get(slug="kursk-sowing").completeness < 50
        assert Partner.objects.filter(slug__in=NAMES, accepts_clients=False).exists()

    def test_draw_their_logos_as_plain_shapes(self) -> None:
        files = sorted(partners.LOGOS.glob("*.svg"))
        assert {file.stem for file in files} <= set(NAMES)
        assert len(files) >= 10
        for file in files:
            text = file.read_text(encoding="utf-8")
            assert 'viewBox="0 0 240 120"' in text
            assert not any(word in text for word in ("<script", "<text", "href", "url(", "<style"))
            logo = Listing.objects.get(slug=file.stem).card["logo"]
            assert logo["src"].endswith(".svg")
            assert [logo["width"], logo["height"]] == [240, 120]


class TestStates:
    def test_are_all_there(self) -> None:
        found = Counter(status for slug in NAMES for status in statuses(Partner.objects.get(slug=slug)))
        wanted = {Status.ACTIVE, Status.LAPSED, Status.SUSPENDED, Status.ENDED}
        if is_renewal_open(programme_day(), terms_on(programme_day()).readings):
            wanted |= {Status.UPCOMING, Status.ENDS_SOON}
        assert wanted <= set(found)

    @pytest.mark.parametrize("level", ["retail", "competency", "saas"])
    def test_show_every_level_to_the_public(self, level: str) -> None:
        assert len(current(terms_today()).having(f"level:{level}")) >= 8

    def test_list_those_that_hold_a_level_today_and_no_others(self) -> None:
        listed = current(terms_today()).listed
        gone = {row["slug"] for row in DATA if row.get("state") in ("lapsed", "suspended", "withdrawn", "terminated")}
        shown = {slug for pk, slug in Partner.objects.values_list("pk", "slug") if pk in listed}
        assert shown & set(NAMES) == set(NAMES) - gone

    def test_keep_the_history_of_a_level_that_changed(self) -> None:
        partner = Partner.objects.get(slug="murmansk-polynya")
        held = list(partner.memberships.order_by("starts").values_list("level__slug", "ended_how"))
        assert held == [("retail", ""), ("retail", "level_changed"), ("competency", "")]


class TestReferences:
    def test_without_the_clients_consent_are_not_published(self) -> None:
        secret = Reference.objects.filter(partner__is_sample=True, consent_on=None).select_related("partner__listing")
        assert secret
        for reference in secret:
            words = search_words(reference.client_ru)
            assert words not in reference.partner.listing.words
            assert reference.client_ru not in str(reference.partner.listing.card)

    def test_with_consent_are_found(self) -> None:
        assert search_words("Шпангоут") not in Listing.objects.get(slug="northern-pier").words
        assert search_words("Створ") in Listing.objects.get(slug="northern-pier").words.split()
