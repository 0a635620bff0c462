"""The live badge: light, named, cached for less than five minutes, grey as soon as it is no longer earned (A11)."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
import time_machine
from defusedxml import ElementTree
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from partner_directory.actions import memberships as actions
from partner_directory.badges.codes import new_code
from partner_directory.badges.live import MOST_BYTES, SIZES, TYPES, Face, Ground, Look, drawn
from partner_directory.badges.live_view import SECONDS_KEPT
from partner_directory.badges.recognition import Kind, recognise
from partner_directory.models import Membership, Partner
from partner_directory.models.badge import Badge
from program_pages.models import Level
from tests.factories.partners import make_membership, make_partner
from tests.factories.verification import badge_of, taken_back

pytestmark = pytest.mark.django_db

FIVE_MINUTES = 300
VALID, GREY = "2026 · действует", "не действует"


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency", name_ru="Ромашка & <сыновья>", name_en="Daisy & Sons")


@pytest.fixture
def badge(partner: Partner) -> Badge:
    return badge_of(partner)


def title(client: Client, badge: Badge, query: str = "") -> str:
    """The accessible name of the drawing."""
    response = client.get(f"/badges/{badge.code}.svg{query}")
    assert response.status_code == 200
    root = ElementTree.fromstring(response.content)
    assert root.get("role") == "img"
    named = root.find("{http://www.w3.org/2000/svg}title")
    assert named is not None
    assert named.get("id") == root.get("aria-labelledby")
    return named.text or ""


class TestWhatItSays:
    def test_the_level_and_the_year_in_the_levels_colour_and_shape(self, client: Client, badge: Badge) -> None:
        assert title(client, badge) == f"Ромашка & <сыновья>: ASoft CRM Competency, {VALID}"
        assert title(client, badge, "?lang=en") == "Daisy & Sons: ASoft CRM Competency, 2026 · valid"

    def test_letters_are_outlines_and_nothing_is_asked_of_anybody(self, client: Client, badge: Badge) -> None:
        content = client.get(f"/badges/{badge.code}.svg").content.decode()
        assert "<text" not in content
        assert "font" not in content
        assert "style" not in content
        assert re.findall(r'href="(?!#)', content) == []

    def test_each_look_differs_and_is_light(self, client: Client, badge: Badge) -> None:
        seen = set()
        for suffix in TYPES:
            for size in SIZES:
                for ground in Ground:
                    for language in ("ru", "en"):
                        answer = client.get(
                            f"/badges/{badge.code}.{suffix}?size={size}&ground={ground}&lang={language}"
                        )
                        assert answer.status_code == 200
                        assert len(answer.content) <= 6_000
                        seen.add(answer.content)
        assert len(seen) == 24

    def test_a_png_has_twice_the_points_of_its_size(self, client: Client, badge: Badge) -> None:
        response = client.get(f"/badges/{badge.code}.png?size=s")
        with Image.open(BytesIO(response.content)) as picture:
            assert picture.size == (320, 88)
            assert picture.convert("RGBA").getpixel((0, 0))[3] == 0  # round corners
            assert picture.convert("RGBA").getpixel((20, 6))[3] == 255
        assert response["Content-Type"] == "image/png"

    def test_whatever_a_level_is_called_in_whatever_shape(self, client: Client, badge: Badge) -> None:
        longest = "ЖЩЮЭЫФДЦяабвгдёжзиклмнопрстуфхцчшщ🙂" * 2
        Level.objects.update(mark_name=longest, short_name_ru=longest[:40], shape="triangle", colour="#ffffff")
        for size in SIZES:
            response = client.get(f"/badges/{badge.code}.svg?size={size}")
            assert response.status_code == 200
            assert len(response.content) <= 6_000
            ElementTree.fromstring(response.content)

    @settings(max_examples=15, deadline=None)
    @given(st.text(max_size=100), st.text(max_size=40), st.text(max_size=300), st.booleans())
    def test_any_words_make_a_drawing_of_bearable_size(self, name: str, short: str, words: str, is_valid: bool) -> None:
        safe = "".join(sign for sign in words if sign.isprintable())
        drawing = drawn(Face(safe, name, short, "2026", "circle", "#0f766e", is_valid), Look(size="l"), new_code())
        ElementTree.fromstring(drawing)
        assert len(drawing) <= MOST_BYTES


class TestSavedFromAPage:
    @pytest.mark.parametrize("suffix", TYPES)
    def test_the_picture_leads_to_what_is_recorded_now_and_proves_nothing(
        self, client: Client, badge: Badge, suffix: str
    ) -> None:
        saved = client.get(f"/badges/{badge.code}.{suffix}").content
        taken_back(badge)
        found = recognise(saved)
        assert (found.kind, found.badge, found.is_authentic) == (Kind.LIVE, badge, False)
        page = client.post("/verify/", {"file": SimpleUploadedFile(f"badge.{suffix}", saved)}).content.decode()
        assert "ничего не доказывает" in page
        assert "не действует" in page

    def test_a_picture_that_points_at_no_code_of_ours_is_altered(self, client: Client, badge: Badge) -> None:
        saved = client.get(f"/badges/{badge.code}.svg").content
        assert recognise(saved.replace(badge.code.encode(), new_code().encode())).kind is Kind.ALTERED


class TestItsHeaders:
    def test_may_stand_on_any_page_and_does_nothing_there(self, client: Client, badge: Badge) -> None:
        response = client.get(f"/badges/{badge.code}.svg")
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
        assert response["Content-Language"] == "ru"
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    def test_is_kept_for_less_than_five_minutes(self, client: Client, badge: Badge) -> None:
        response = client.get(f"/badges/{badge.code}.svg")
        age = re.search(r"max-age=(\d+)", response["Cache-Control"])
        assert age is not None
        assert int(age[1]) == SECONDS_KEPT < FIVE_MINUTES

    def test_304_until_it_says_something_else(self, client: Client, partner: Partner, badge: Badge) -> None:
        address = f"/badges/{badge.code}.svg"
        etag = client.get(address)["ETag"]
        again = client.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content) == (304, b"")
        assert again["Cache-Control"]
        actions.suspend(membership=partner.memberships.get(), actor=None, reason="Проверка")
        changed = client.get(address, headers={"If-None-Match": etag})
        assert changed.status_code == 200
        assert changed["ETag"] != etag

    def test_the_same_words_have_the_same_etag(self, client: Client, badge: Badge) -> None:
        address = f"/badges/{badge.code}.png"
        assert client.get(address)["ETag"] == client.get(address)["ETag"]

    def test_head_and_nothing_that_writes(self, client: Client, badge: Badge) -> None:
        address = f"/badges/{badge.code}.svg"
        assert client.head(address).content == b""
        assert client.post(address).status_code == 405

    def test_takes_few_queries_whatever_the_partner_has_held(
        self, client: Client, partner: Partner, badge: Badge, django_assert_max_num_queries: Any
    ) -> None:
        for year in range(2015, 2026):
            make_membership(partner, level="retail", year=year, starts=f"{year}-01-01", until=f"{year}-12-31")
        with django_assert_max_num_queries(3):
            client.get(f"/badges/{badge.code}.svg")


class TestTurningGrey:
    """A11: within five minutes; what stands between is only what browsers keep."""

    def test_after_a_suspension_and_back(self, client: Client, partner: Partner, badge: Badge) -> None:
        membership = partner.memberships.get()
        actions.suspend(membership=membership, actor=None, reason="Проверка")
        assert title(client, badge).endswith(GREY)
        assert title(client, badge, "?lang=en").endswith("not current")
        actions.resume(membership=membership, actor=None)
        assert title(client, badge).endswith(VALID)

    def test_the_day_after_it_ended(self, client: Client, partner: Partner, badge: Badge) -> None:
        actions.end(
            membership=partner.memberships.get(), how=Membership.Ending.TERMINATED, actor=None, reason="Нарушения"
        )
        assert title(client, badge).endswith(VALID)  # its last day
        with time_machine.travel("2026-11-11T00:00:00+03:00", tick=False):
            assert title(client, badge).endswith(GREY)

    def test_at_midnight_in_moscow_with_nothing_run(self, client: Client, badge: Badge) -> None:
        with time_machine.travel("2026-12-31T23:59:59+03:00", tick=False):
            assert title(client, badge).endswith(VALID)
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            assert title(client, badge).endswith(GREY)

    def test_renewed_it_says_the_next_year(self, client: Client, partner: Partner, badge: Badge) -> None:
        actions.renew(membership=partner.memberships.get(), actor=None)
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            assert title(client, badge).endswith("2027 · действует")

    def test_a_change_of_level_is_shown_from_its_day_on(self, client: Client, partner: Partner, badge: Badge) -> None:
        saas = Level.objects.get(slug="saas")
        actions.change_level(membership=partner.memberships.get(), level=saas, actor=None, reason="Выросли")
        assert "ASoft SaaS Partner" in title(client, badge)
        assert title(client, badge).endswith(VALID)

    def test_a_code_taken_back(self, client: Client, badge: Badge) -> None:
        assert title(client, taken_back(badge)).endswith(GREY)

    def test_not_begun_yet(self, client: Client) -> None:
        badge = badge_of(make_partner(level="retail", state="upcoming"))
        assert title(client, badge).endswith(GREY)

    def test_a_grey_badge_has_no_colour_at_all(self, client: Client, badge: Badge) -> None:
        taken_back(badge)
        with Image.open(BytesIO(client.get(f"/badges/{badge.code}.png?size=l").content)) as picture:
            colours = [colour for _many, colour in picture.convert("RGBA").getcolors() or []]
        assert max(max(colour[:3]) - min(colour[:3]) for colour in colours if colour[3]) < 40


class TestWhatThereIsNot:
    @pytest.mark.parametrize("query", ["size=xl", "ground=pink", "lang=de", "size=s&ground=%00", "lang=ru/../en"])
    def test_a_look_that_there_is_not_is_named(self, client: Client, badge: Badge, query: str) -> None:
        response = client.get(f"/badges/{badge.code}.svg?{query}")
        assert response.status_code == 400
        assert "подойдёт" in response.content.decode()

    def test_the_refusal_is_in_the_language_asked_for(self, client: Client, badge: Badge) -> None:
        response = client.get(f"/badges/{badge.code}.svg?lang=en&size=xl")
        assert "s, m, l" in response.content.decode()
        assert not re.search("[а-яё]", response.content.decode())

    def test_a_code_that_nobody_has(self, client: Client) -> None:
        assert client.get(f"/badges/{new_code()}.svg").status_code == 404

    @pytest.mark.parametrize("code", ["none", "0000000000", "AAAAAAAAAAAAAAAAAAAAAAAAAAA", "%D0%9A"])
    def test_what_is_no_code(self, client: Client, code: str) -> None:
        assert client.get(f"/badges/{code}.svg").status_code == 404

    def test_written_otherwise_it_is_the_same_badge(self, client: Client, badge: Badge) -> None:
        grouped = f"{badge.code[:5]}-{badge.code[5:]}".lower()
        assert client.get(f"/badges/{grouped}.svg").content == client.get(f"/badges/{badge.code}.svg").content
