"""Verification by anybody: of a code on any day, of somebody's page, of a file; every refusal with its true reason."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st

from partner_directory.actions import memberships as actions
from partner_directory.badges import baking, embed, pages_of_others, recognition, stamps
from partner_directory.badges.codes import ALPHABET, NotACode, new_code, read_code, written
from partner_directory.badges.links import badge_code, here, live_url, verify_url
from partner_directory.badges.recognition import Kind, recognise
from partner_directory.models import Partner
from partner_directory.models.badge import Badge, KitDownload
from partner_directory.models.mark import Mark, MarkFile, MarkVersion
from partner_directory.site_checks import Page, Trouble
from program_pages.models import Level
from tests.conftest import Get
from tests.factories.badges import make_credential, make_version
from tests.factories.partners import make_membership, make_partner
from tests.factories.verification import badge_of, taken_back

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    cache.clear()
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield
    cache.clear()


@pytest.fixture
def partner() -> Partner:
    return make_partner(
        level="competency",
        name_ru="Ромашка",
        name_en="Daisy",
        site_url="https://www.romashka.example/",
        inn="7700000000",
    )


@pytest.fixture
def badge(partner: Partner) -> Badge:
    return badge_of(partner)


def said(page: BeautifulSoup) -> str:
    """The words of a page's main part."""
    assert page.main is not None
    return " ".join(page.main.get_text(" ").split())


def mistyped(code: str) -> str:
    """The code with one wrong sign."""
    return code[:-1] + next(sign for sign in ALPHABET if sign != code[-1])


class TestOfACode:
    def test_whose_which_level_since_and_until(self, get: Get, badge: Badge) -> None:
        text = said(get(f"/verify/{badge.code}/"))
        for part in ("Ромашка", "ASoft CRM Competency", "1 января 2026", "31 декабря 2026", "действует", "7700000000"):
            assert part in text
        english = said(get(f"/verify/{badge.code}/", "en"))
        assert "Daisy" in english
        assert "31 December 2026" in english

    def test_is_not_listed_by_search_engines_and_leads_to_itself_by_a_qr_code(
        self, client: Client, badge: Badge
    ) -> None:
        response = client.get(f"/verify/{badge.code}/")
        assert response["X-Robots-Tag"] == "noindex"
        page = BeautifulSoup(response.content, "html.parser")
        assert page.select_one(".verification__qr svg") is not None
        assert verify_url(badge.code) in said(page)
        assert not response.cookies

    def test_suspended_lapsed_ended_and_upcoming_say_why_and_are_never_404(self, get: Get, partner: Partner) -> None:
        reasons = {
            "suspended": "Участие приостановлено с 10 ноября 2026",
            "lapsed": "Срок истёк 31 декабря 2025",
            "ended": "последний день — 9 ноября 2026",
            "upcoming": "Участие ещё не началось",
        }
        for state, reason in reasons.items():
            text = said(get(f"/verify/{badge_of(make_partner(level='saas', state=state)).code}/"))
            assert reason in text, state

    def test_a11_at_midnight_in_moscow(self, get: Get, badge: Badge) -> None:
        with time_machine.travel("2026-12-31T23:59:59+03:00", tick=False):
            assert "Срок истёк" not in said(get(f"/verify/{badge.code}/"))
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            assert "Срок истёк 31 декабря 2026" in said(get(f"/verify/{badge.code}/"))

    def test_on_a_day_within_a_suspension_that_is_over(self, get: Get, partner: Partner, badge: Badge) -> None:
        membership = partner.memberships.get()
        with time_machine.travel("2026-03-10T12:00:00+03:00", tick=False):
            actions.suspend(membership=membership, actor=None, reason="Тайная причина")
        with time_machine.travel("2026-03-20T12:00:00+03:00", tick=False):
            actions.resume(membership=membership, actor=None)
        days = {"2026-03-09": True, "2026-03-10": False, "2026-03-19": False, "2026-03-20": True}
        for day, is_valid in days.items():
            page = get(f"/verify/{badge.code}/?on={day}")
            assert (page.select_one(".verdict--good") is not None) is is_valid, day
            assert "Тайная" not in said(page)
        assert "приостановлено с 10 марта 2026" in said(get(f"/verify/{badge.code}/?on=2026-03-15"))

    def test_on_a_past_day_at_another_level(self, get: Get, partner: Partner, badge: Badge) -> None:
        make_membership(partner, level="retail", year=2025, starts="2025-01-01", until="2025-12-31")
        text = said(get(f"/verify/{badge.code}/?on=2025-06-01"))
        assert "На 1 июня 2025" in text
        assert "ASoft Retail Partner" in text
        history = said(get(f"/verify/{badge.code}/"))
        assert "2025 Retail с 1 января 2025" in history
        assert "год окончен" in history

    def test_a_day_to_come_says_that_it_is_as_recorded_now(self, get: Get, badge: Badge) -> None:
        assert "день ещё не наступил" in said(get(f"/verify/{badge.code}/?on=2026-12-01"))
        assert "Срок истёк" in said(get(f"/verify/{badge.code}/?on=2027-01-01"))

    @pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "0000-00-00", "٢٠٢٦-٠١-٠١x", "2026-01-01" * 9, "%00"])
    def test_a_day_that_is_none_is_said_beside_the_field(self, get: Get, badge: Badge, day: str) -> None:
        page = get(f"/verify/{badge.code}/?on={day}", status=422)
        assert "ГГГГ-ММ-ДД" in page.select_one("#id_on_error").get_text()  # type: ignore[union-attr]
        assert "Ромашка" in said(page)

    def test_a_code_taken_back_says_when_not_why_and_what_replaced_it(self, get: Get, badge: Badge) -> None:
        taken_back(badge)
        assert "Код отозван: 10 ноября 2026" in said(get(f"/verify/{badge.code}/"))
        new = badge_of(badge.partner, replaces=badge)
        page = get(f"/verify/{badge.code}/")
        assert "Код попал к чужим" not in str(page)
        assert page.select_one(f"main a[href='/verify/{new.code}/']") is not None
        assert page.select_one(".verdict--bad") is not None
        assert get(f"/verify/{badge.code}/?on=2026-11-09").select_one(".verdict--good") is not None

    def test_a_replacement_that_was_taken_back_too_is_not_named(self, get: Get, badge: Badge) -> None:
        taken_back(badge)
        new = taken_back(badge_of(badge.partner, replaces=badge))
        assert new.code not in str(get(f"/verify/{badge.code}/"))

    def test_the_number_of_queries_does_not_grow(self, client: Client, partner: Partner, badge: Badge) -> None:
        def count() -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"/verify/{badge.code}/").status_code == 200
            return len(queries)

        count()
        before = count()
        for year in range(2015, 2026):
            make_membership(partner, level="retail", year=year, starts=f"{year}-01-01", until=f"{year}-12-31")
            badge_of(make_partner(level="saas"))
        assert count() == before


class TestSpelling:
    def test_without_the_slash_at_its_end_and_however_written_it_leads_to_one_address(
        self, client: Client, badge: Badge
    ) -> None:
        own = f"/verify/{badge.code}/"
        code = badge.code
        for typed in (code, code.lower(), f"{code.lower()}/", f"{written(code)}/", f" {code}/"):
            response = client.get(f"/verify/{typed}?on=2026-01-02")
            assert (response.status_code, response["Location"]) == (301, f"{own}?on=2026-01-02"), typed
        assert client.get(f"/en/verify/{code}")["Location"] == f"/en{own}"

    def test_lookalikes_of_both_alphabets_are_folded(self, client: Client, partner: Partner) -> None:
        found = next(code for code in iter(new_code, "") if set("0CAE1") & set(code))
        badge_of(partner, code=found)
        alike = found.translate(str.maketrans("0CAE1", "ОСАЕl"))
        assert client.get(f"/verify/{alike}/")["Location"] == f"/verify/{found}/"

    def test_mistyped_is_said_and_what_was_typed_stays(self, get: Get, badge: Badge) -> None:
        wrong = mistyped(badge.code)
        page = get(f"/verify/{wrong}/", status=422)
        assert "опечатка" in page.select_one("#id_code_error").get_text()  # type: ignore[union-attr]
        assert page.select_one("#id_code")["value"] == wrong  # type: ignore[index]
        assert "mistyped" in said(get(f"/verify/{wrong}/", "en", status=422))

    @pytest.mark.parametrize("typed", ["x", "hello-you", "a" * 400, "<script>", "%D0%AE%D0%AE"])
    def test_what_is_no_code_is_said(self, get: Get, typed: str) -> None:
        assert "Это не код" in said(get(f"/verify/{typed}/", status=422))

    def test_a_code_that_nobody_has_is_404_with_help(self, client: Client, get: Get) -> None:
        code = new_code()
        assert "никому не выдавали" in said(get(f"/verify/{code}/", status=404))
        assert client.get(f"/verify/{code}/")["X-Robots-Tag"] == "noindex"

    @given(st.text(max_size=40))
    def test_whatever_is_typed_is_a_code_or_is_refused(self, typed: str) -> None:
        try:
            code = read_code(typed)
        except NotACode:
            return
        assert len(code) == 10
        assert set(code) <= set(ALPHABET)
        assert read_code(code) == code

    @given(st.integers(min_value=0), st.integers(0, 8))
    def test_a_code_survives_case_groups_and_lookalikes_and_no_swap_of_neighbours(self, seed: int, place: int) -> None:
        code = new_code()
        assert read_code(f" {written(code).lower()} ") == code
        assert read_code(code.translate(str.maketrans("ABCEHKMOPTXY0", "АВСЕНКМОРТХУО"))) == code
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        if swapped != code:
            with pytest.raises(NotACode) as refused:
                read_code(swapped)
            assert refused.value.misspelt


class TestTheForms:
    def test_a_code_leads_to_its_page(self, client: Client, badge: Badge) -> None:
        for typed in (
            badge.code.lower(),
            written(badge.code),
            verify_url(badge.code),
            live_url(badge.code, "png", size="s"),
            f"testserver/en/verify/{badge.code}",
            f"http://testserver/badges/{badge.code}/credential.json?index=1",
        ):
            response = client.get("/verify/", {"code": typed})
            assert response["Location"] == f"/verify/{badge.code}/", typed

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("", "Введите код"),
            ("12345", "Это не код"),
            ("https://other.example/verify/7K3QW9XM2D/", "other.example"),
            ("https://testserver/partners/", "testserver"),
            ("http://[broken", "адрес сайта"),
            ("x" * 600, "символов"),
        ],
    )
    def test_what_cannot_be_read_is_said_beside_the_field(self, client: Client, typed: str, words: str) -> None:
        response = client.get("/verify/", {"code": typed})
        assert response.status_code == 422
        page = BeautifulSoup(response.content, "html.parser")
        assert words in page.select_one("#id_code_error").get_text()  # type: ignore[union-attr]

    def test_another_sites_address_is_put_into_the_field_for_pages(self, client: Client) -> None:
        page = BeautifulSoup(client.get("/verify/", {"code": "https://other.example/a"}).content, "html.parser")
        assert page.select_one("#id_page")["value"] == "https://other.example/a"  # type: ignore[index]

    def test_posts_are_guarded(self, badge: Badge) -> None:
        strict = Client(enforce_csrf_checks=True)
        assert strict.post("/verify/", {"page": "https://other.example/"}).status_code == 403

    def test_the_scanner_is_hidden_until_a_script_shows_it(self, get: Get) -> None:
        page = get("/verify/")
        assert page.select_one("[data-scan]").has_attr("hidden")  # type: ignore[union-attr]
        assert page.select_one("script[src*='scan']") is not None

    def test_the_page_says_all_in_english(self, get: Get) -> None:
        text = said(get("/verify/", "en"))
        assert not any("а" <= sign <= "я" for sign in text.lower())


class TestOfAPage:
    """Another partner's badge on a page is refused with its true reason."""

    @pytest.fixture
    def pages(self, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        found: dict[str, str] = {}

        def fetch(url: str, seconds: float | None = None) -> Page:
            if url not in found:
                raise Trouble("no_such_host")
            return Page(url, found[url].encode(), "utf-8")

        monkeypatch.setattr(pages_of_others.site_checks, "fetch", fetch)
        return found

    def read(self, client: Client, url: str, status: int = 200) -> BeautifulSoup:
        response = client.post("/verify/", {"page": url})
        assert response.status_code == status
        return BeautifulSoup(response.content, "html.parser")

    def snippet(self, badge: Badge) -> str:
        return f'<a href="{verify_url(badge.code)}"><img src="{live_url(badge.code, "svg")}"></a>'

    def test_on_its_own_site(self, client: Client, badge: Badge, pages: dict[str, str]) -> None:
        for url in ("https://romashka.example/about", "https://shop.romashka.example/", "http://www.romashka.example/"):
            pages[url] = self.snippet(badge)
            page = self.read(client, url)
            assert page.select_one(".verdict--good") is not None
            assert "на своём месте и действует" in said(page)

    def test_on_another_site(self, client: Client, badge: Badge, pages: dict[str, str]) -> None:
        for host in ("thief.example", "romashka.example.thief.example", "notromashka.example"):
            url = f"https://{host}/"
            pages[url] = self.snippet(badge)
            page = self.read(client, url)
            assert f"«Ромашка», чей сайт — romashka.example; эта страница — на {host}" in said(page)
            assert page.select_one(".verdict--good") is None

    def test_on_a_host_that_many_sites_share(self, client: Client, pages: dict[str, str]) -> None:
        badge = badge_of(make_partner(level="saas", name_ru="Север", site_url="https://social.example/Severny"))
        for path, tone in {
            "/severny": "good",
            "/severny/about": "good",
            "/forger": "plain",
            "/severny2": "plain",
        }.items():
            pages[f"https://social.example{path}"] = self.snippet(badge)
            page = self.read(client, f"https://social.example{path}")
            assert page.select_one(f".verdict--{tone}") is not None, path
        assert "он может быть чужим" in said(page)

    def test_a_way_up_or_a_host_below_leads_out_of_a_shared_hosts_part(self) -> None:
        site = "https://social.example/severny/"
        for page in ("https://social.example/severny/../forger", "https://social.example/severny/%2e%2E/forger",
                     "https://m.social.example/severny", "https://social.example/"):  # fmt: skip
            assert pages_of_others.place_of(page, site) is pages_of_others.Place.OTHER_PART, page
        assert (
            pages_of_others.place_of("https://m.romashka.example/", "https://romashka.example")
            is pages_of_others.Place.OWN_SITE
        )

    def test_on_its_own_site_after_it_was_taken_back(self, client: Client, badge: Badge, pages: dict[str, str]) -> None:
        pages["https://romashka.example/"] = self.snippet(taken_back(badge))
        assert "но не действует" in said(self.read(client, "https://romashka.example/"))

    def test_a_picture_alone_is_enough_and_a_comment_is_not(
        self, client: Client, badge: Badge, pages: dict[str, str]
    ) -> None:
        pages["https://romashka.example/"] = f'<picture><source srcset="{live_url(badge.code, "svg")} 2x"></picture>'
        assert "действует" in said(self.read(client, "https://romashka.example/"))
        pages["https://romashka.example/"] = f"<!-- {self.snippet(badge)} -->"
        assert "Значков на странице нет" in said(self.read(client, "https://romashka.example/"))

    def test_a_code_that_we_have_not_issued(self, client: Client, pages: dict[str, str], db: None) -> None:
        code = new_code()
        pages["https://romashka.example/"] = f'<a href="{verify_url(code)}">x</a>'
        assert f"Кода {code} мы никому не выдавали" in said(self.read(client, "https://romashka.example/"))

    def test_a_partner_without_a_site_cannot_be_judged(self, client: Client, pages: dict[str, str]) -> None:
        badge = badge_of(make_partner(level="saas"))
        pages["https://somewhere.example/"] = self.snippet(badge)
        page = self.read(client, "https://somewhere.example/")
        assert "не записан" in said(page)
        assert page.select_one(".verdict--good") is None

    def test_an_internationalised_host(self, client: Client, pages: dict[str, str]) -> None:
        badge = badge_of(make_partner(level="saas", site_url="https://ромашка.рф/"))
        pages["https://xn--80aa1anhig.xn--p1ai/"] = self.snippet(badge)
        text = said(self.read(client, "https://xn--80aa1anhig.xn--p1ai/"))
        assert "ромашка.рф" in text or "чужой" in text

    def test_many_badges_take_no_more_queries(self, client: Client, pages: dict[str, str], badge: Badge) -> None:
        others = [badge_of(make_partner(level="saas")) for _ in range(15)]
        pages["https://romashka.example/"] = self.snippet(badge)
        pages["https://romashka.example/all"] = "".join(map(self.snippet, [badge, *others]))
        self.read(client, "https://romashka.example/")
        with CaptureQueriesContext(connection) as few:
            self.read(client, "https://romashka.example/")
        with CaptureQueriesContext(connection) as many:
            page = self.read(client, "https://romashka.example/all")
        assert len(page.select(".verdict")) == 16
        assert len(many) == len(few)

    def test_why_a_page_cannot_be_read(self, client: Client) -> None:
        page = self.read(client, "http://10.0.0.1/", 422)
        assert "адрес не публичный" in page.select_one("#id_page_error").get_text()  # type: ignore[union-attr]

    @pytest.mark.parametrize("url", ["", "ftp://a.example/", "javascript:alert(1)", "file:///etc/passwd", "http://"])
    def test_what_is_no_address(self, client: Client, url: str) -> None:
        assert self.read(client, url, 422).select_one("#id_page_error") is not None

    def test_our_own_address_leads_to_its_code(self, client: Client, badge: Badge) -> None:
        assert client.post("/verify/", {"page": verify_url(badge.code)})["Location"] == f"/verify/{badge.code}/"

    def test_so_many_a_minute(self, client: Client, pages: dict[str, str], settings: Any) -> None:
        settings.VERIFY_LIMITS = {**settings.VERIFY_LIMITS, "pages": 2}
        pages["https://a.example/"] = ""
        self.read(client, "https://a.example/")
        self.read(client, "https://a.example/")
        response = client.post("/verify/", {"page": "https://a.example/"})
        assert response.status_code == 429
        assert 1 <= int(response["Retry-After"]) <= 60
        assert "Подождите минуту" in response.content.decode()
        with time_machine.travel(timezone.now() + timedelta(minutes=1), tick=False):
            self.read(client, "https://a.example/")

    def test_while_others_are_read_it_says_so(self, client: Client, pages: dict[str, str]) -> None:
        held = [pages_of_others.AT_ONCE.acquire(blocking=False) for _ in range(2)]
        try:
            response = client.post("/verify/", {"page": "https://a.example/"})
        finally:
            for _ in held:
                pages_of_others.AT_ONCE.release()
        assert response.status_code == 503
        assert response["Retry-After"]


class TestOfAFile:
    SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'

    @pytest.fixture
    def version(self) -> MarkVersion:
        look = {"clear_space": "0.25", "least_px": 24, "least_mm": 8}
        level = Level.objects.get(slug="competency")
        mark = Mark.objects.filter(level=level).first() or Mark.objects.create(
            level=level, slug="asoft-competency-test", name="ASoft CRM Competency", **look
        )
        number = mark.versions.count() + 1
        version = MarkVersion.objects.create(mark=mark, number=number, name=mark.name, **look)
        MarkFile.objects.create(
            version=version, name="x.svg", size=len(self.SVG), sha256=recognition._checksum(self.SVG)
        )
        return version

    def sent(self, client: Client, content: bytes, name: str = "logo.svg", status: int = 200) -> str:
        response = client.post("/verify/", {"file": SimpleUploadedFile(name, content)})
        assert response.status_code == status
        return said(BeautifulSoup(response.content, "html.parser"))

    def test_an_original_which_mark_and_which_version(self, client: Client, version: MarkVersion) -> None:
        text = self.sent(client, self.SVG)
        assert "Подлинный файл знака" in text
        assert f"ASoft CRM Competency, версия {version.number} (нынешняя)" in text

    def test_of_an_earlier_version(self, client: Client, version: MarkVersion) -> None:
        MarkVersion.objects.create(
            mark=version.mark, number=version.number + 1, name="x", clear_space="0.2", least_px=2, least_mm=2
        )
        assert "прежняя: есть новее" in self.sent(client, self.SVG)

    def test_stamped_whose(self, client: Client, version: MarkVersion, badge: Badge) -> None:
        stamped = stamps.stamp(self.SVG, "svg", stamps.signed_text(badge.code, self.SVG))
        text = self.sent(client, stamped)
        assert "из комплекта партнёра" in text
        assert "Ромашка" in text
        assert "действует" in text

    def test_a_stamp_of_another_code_is_forged(self, client: Client, version: MarkVersion, badge: Badge) -> None:
        other = badge_of(make_partner(level="saas"))
        text = stamps.signed_text(badge.code, self.SVG).replace(badge.code, other.code)
        forged = recognise(stamps.stamp(self.SVG, "svg", text))
        assert (forged.kind, forged.badge) == (Kind.ALTERED, None)
        assert "отметка о партнёре в нём подделана" in str(forged.reason)

    def test_a_drawing_changed_under_its_stamp(self, client: Client, version: MarkVersion, badge: Badge) -> None:
        stamped = stamps.stamp(self.SVG, "svg", stamps.signed_text(badge.code, self.SVG))
        text = self.sent(client, stamped.replace(b"h9", b"h8"))
        assert "Файл изменён" in text
        assert "после того, как его взяли" in text
        assert "Ромашка" not in text

    @pytest.mark.parametrize("suffix", [baking.SVG, baking.PNG])
    def test_a_signed_badge_which_mark_of_which_year_and_whose(self, client: Client, suffix: str) -> None:
        make_version("retail")
        credential = make_credential(make_partner(level="retail", name_ru="Ромашка"))
        text = self.sent(client, baking.baked(credential, suffix) or b"", f"badge.{suffix}")
        assert "Значок с подписанным свидетельством" in text
        assert f"Знак {credential.level.mark_name}, {credential.membership.year}" in text
        assert "Чей Ромашка" in text

    def test_a_kit_whose(self, client: Client, version: MarkVersion, badge: Badge) -> None:
        kit = b"PK\x03\x04 a kit"
        KitDownload.objects.create(
            partner=badge.partner, badge=badge, version=version, sha256=recognition._checksum(kit)
        )
        assert "комплект партнёра" in self.sent(client, kit, "kit.zip")
        assert "не знаем" in self.sent(client, kit + b"!", "kit.zip")

    @pytest.mark.parametrize(
        "content",
        [
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG\r\n\x1a\n" + b"\x00" * 400,
            b"RIFF\x00\x00\x00\x00WEBPVP8L",
            b"%PDF-1.7 broken",
            b"<svg",
            b'<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><svg>&b;</svg>',
            b"<svg xmlns:openbadges='https://purl.imsglobal.org/ob/v3p0'><openbadges:credential verify='x'/></svg>",
            b"PK\x03\x04",
        ],
        ids=["gif", "png-head", "png-junk", "webp", "pdf", "svg-cut", "entities", "token-junk", "zip"],
    )
    def test_whatever_is_sent_is_answered(self, client: Client, content: bytes) -> None:
        assert "Подлинный" not in self.sent(client, content)

    @given(st.binary(max_size=300), st.sampled_from([b"", b"<svg", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"RIFF0000WEBP"]))
    def test_no_bytes_are_taken_for_ours(self, content: bytes, head: bytes) -> None:
        assert not recognise(head + content).is_authentic

    def test_too_large_empty_and_none_are_said_beside_the_field(self, client: Client, settings: Any) -> None:
        settings.VERIFY_MOST_BYTES = 100
        assert "больше" in self.sent(client, b"x" * 101, status=422)
        assert "Файл пуст" in self.sent(client, b"", status=422)
        assert "Выберите файл" in said(BeautifulSoup(client.post("/verify/").content, "html.parser"))

    def test_so_many_a_minute(self, client: Client, settings: Any) -> None:
        settings.VERIFY_LIMITS = {**settings.VERIFY_LIMITS, "files": 1}
        self.sent(client, b"x")
        self.sent(client, b"x", status=429)


class TestForPrograms:
    def ask(self, client: Client, code: str, query: str = "", **headers: str) -> Any:
        return client.get(f"/api/v1/verify/{code}/{query}", headers=headers)

    def test_the_same_facts_as_the_page(self, client: Client, badge: Badge) -> None:
        response = self.ask(client, badge.code)
        found = response.json()
        assert response.status_code == 200
        assert found["valid"] is True
        assert found["verdict"] == "valid"
        assert (found["level"], found["year"], found["since"], found["until"]) == (
            "competency", 2026, "2026-01-01", "2026-12-31"
        )  # fmt: skip
        assert found["partner"]["name"] == "Ромашка"
        assert found["url"] == verify_url(badge.code)
        assert found["on"] == "2026-11-10"
        assert [period["year"] for period in found["history"]] == [2026]
        assert response["Access-Control-Allow-Origin"] == "*"

    def test_in_the_language_asked_for(self, client: Client, badge: Badge) -> None:
        assert self.ask(client, badge.code, **{"Accept-Language": "en"}).json()["partner"]["name"] == "Daisy"

    def test_lapsed_and_revoked_are_answered(self, client: Client, badge: Badge) -> None:
        assert self.ask(client, badge.code, "?on=2027-01-01").json()["verdict"] == "lapsed"
        assert self.ask(client, badge.code, "?on=2025-01-01").json()["verdict"] == "upcoming"
        taken_back(badge)
        found = self.ask(client, badge.code).json()
        assert (found["verdict"], found["valid"], found["revoked_on"]) == ("revoked", False, "2026-11-10")
        assert "чужим" not in str(found)

    def test_written_otherwise(self, client: Client, badge: Badge) -> None:
        assert self.ask(client, written(badge.code).lower()).json()["code"] == badge.code

    def test_unknown_malformed_and_a_bad_day_name_the_field(self, client: Client, badge: Badge) -> None:
        for code, query, status, field in (
            (new_code(), "", 404, "code"),
            ("xyz", "", 422, "code"),
            (mistyped(badge.code), "", 422, "code"),
            (badge.code, "?on=soon", 422, "on"),
        ):
            response = self.ask(client, code, query)
            assert (response.status_code, response.json()["field"]) == (status, field)
            assert response["Content-Type"].startswith("application/problem+json")

    def test_so_many_a_minute(self, client: Client, badge: Badge, settings: Any) -> None:
        settings.VERIFY_LIMITS = {**settings.VERIFY_LIMITS, "api": 3}
        assert [self.ask(client, badge.code).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = self.ask(client, badge.code)
        assert 1 <= int(refused["Retry-After"]) <= 60
        assert refused.json()["status"] == 429
        assert client.get(f"/api/v1/verify/{badge.code}/", REMOTE_ADDR="203.0.113.9").status_code == 200

    def test_takes_few_queries(self, client: Client, badge: Badge, django_assert_max_num_queries: Any) -> None:
        with django_assert_max_num_queries(4):
            self.ask(client, badge.code)


class TestEmbedding:
    def test_each_way_is_a_link_with_a_picture_and_no_script(self, badge: Badge) -> None:
        ways = embed.snippets_for(badge)
        assert [way.key for way in ways] == ["plain", "responsive", "png"]
        sources = BeautifulSoup(ways[1].html, "html.parser").select("a > picture > source[srcset]")
        sizes = [(source["width"], source["height"]) for source in sources]
        assert sizes == [("160", "44"), ("264", "64"), ("160", "44")]  # each takes its own room on the page
        assert all(way.on_light.startswith("/badges/") for way in ways)
        for way in ways:
            html = BeautifulSoup(way.html, "html.parser")
            assert html.a["href"] == verify_url(badge.code)  # type: ignore[index]
            assert html.img["alt"]  # type: ignore[index]
            assert html.img["width"] and html.img["height"]  # type: ignore[index]  # noqa: PT018
            assert not html.find("script")

    def test_every_address_in_it_answers(self, client: Client, badge: Badge) -> None:
        for language in ("ru", "en"):
            with translation.override(language):
                ways = embed.snippets_for(badge)
            for way in ways:
                html = BeautifulSoup(way.html, "html.parser")
                addresses = [each["srcset"] for each in html.find_all("source")] + [html.img["src"]]  # type: ignore[index]
                for address in [*addresses, way.on_light, way.on_dark]:
                    response = client.get(here(str(address)))
                    assert response.status_code == 200
                    assert response["Content-Language"] == language

    def test_the_announcement_check_knows_it(self, badge: Badge) -> None:
        for way in embed.snippets_for(badge):
            html = BeautifulSoup(way.html, "html.parser")
            hosts = {"127.0.0.1"}
            assert badge_code(html.a["href"], hosts) == badge.code  # type: ignore[index, arg-type]
            assert badge_code(html.img["src"], hosts) == badge.code  # type: ignore[index, arg-type]

    def test_nothing_of_a_name_becomes_html(self, badge: Badge) -> None:
        badge.partner.name_ru = '"><script>alert(1)</script>'
        assert "<script>" not in embed.snippets_for(badge)[0].html

    def test_the_component_shows_what_is_to_be_copied(self, badge: Badge) -> None:
        ways = embed.snippets_for(badge)
        page = BeautifulSoup(
            render_to_string("components/badge_embed.html", {"badge": badge, "snippets": ways}), "html.parser"
        )
        assert [area.get_text() for area in page.find_all("textarea")] == [way.html for way in ways]
        assert all(button.has_attr("hidden") for button in page.find_all("button"))


class TestOnAPartnersPage:
    def test_the_verification_link_stands_with_the_badges(self, get: Get, badge: Badge) -> None:
        link = get(f"/partners/{badge.partner.slug}/").select_one(".partner-head a[href^='/verify/']")
        assert link is not None
        assert link["href"] == reverse("verify_code", args=[badge.code])

    def test_a_code_taken_back_is_not_shown(self, get: Get, badge: Badge) -> None:
        taken_back(badge)
        assert badge.code not in str(get(f"/partners/{badge.partner.slug}/"))
