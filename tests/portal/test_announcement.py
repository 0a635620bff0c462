"""The announcement of participation (R34, R41): hostile pages are read safely, evidence is dated, managers overrule."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partner_directory import site_checks
from partner_directory.actions import announcements as actions
from partner_directory.actions.facts import Overtaken
from partner_directory.announcements import (
    NO_MARK,
    OTHER_BADGE,
    REVOKED_BADGE,
    TROUBLES,
    UNKNOWN_BADGE,
    Marks,
    Seen,
    decoded,
    judged,
    look,
    named_in,
    visible,
)
from partner_directory.badges import embed
from partner_directory.badges.codes import check_sign, new_code, written
from partner_directory.badges.links import badge_code
from partner_directory.models import Partner
from partner_directory.models.facts import Announcement, AnnouncementCheck
from partner_directory.site_checks import Trouble, fetch
from partner_directory.standing import facts_of
from program_pages.models.edition import programme_day
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.records import make_check
from tests.factories.users import make_user
from tests.factories.verification import badge_of, taken_back

MARKS = Marks(frozenset({"programme.example"}), ("ASoft Partners Community", "ASoft CRM Competency"))
PAGE = b"<p>We take part in <b>ASoft</b> Partners Community</p>"

Answer = Callable[[BaseHTTPRequestHandler], None]


class Site:
    """A site on this machine; ``pages`` are what it does at each path."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.pages: dict[str, Answer] = {}
        self.hosts: list[str] = []

    def url(self, path: str = "/") -> str:
        return f"http://partner.example:{self.port}{path}"


def sends(content: bytes, status: int = 200, **headers: str) -> Answer:
    """An answer with a body."""

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        given = {"Content-Type": "text/html; charset=utf-8"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        for name, value in given.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(content)

    return answer


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The one host whose address is let through stands on this machine; every other is checked as ever."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.hosts.append(self.headers["Host"])
            answer = found.pages.get(self.path.partition("?")[0])
            with suppress(OSError):  # the reader went away, as it should
                answer(self) if answer else self.send_error(404)

        def log_message(self, *_args: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Site(server.server_port)
    real = site_checks.public_address
    monkeypatch.setattr(site_checks, "PORTS", {"http": found.port, "https": 443})
    monkeypatch.setattr(
        site_checks, "public_address", lambda host, port: "127.0.0.1" if host == "partner.example" else real(host, port)
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


class TestReading:
    def test_a_page_with_its_charset(self, site: Site) -> None:
        site.pages["/"] = sends(PAGE)
        page = fetch(site.url())
        assert (page.content, page.charset, page.url) == (PAGE, "utf-8", site.url())

    @pytest.mark.parametrize(
        ("packing", "packed"),
        [("gzip", gzip.compress(PAGE)), ("deflate", zlib.compress(PAGE)), ("identity", PAGE)],
        ids=["gzip", "deflate", "identity"],  # a packed page names the second it was packed in
    )
    def test_a_packed_page_is_unpacked(self, site: Site, packing: str, packed: bytes) -> None:
        site.pages["/"] = sends(packed, Content_Encoding=packing)
        assert fetch(site.url()).content == PAGE

    @pytest.mark.parametrize(
        ("answer", "trouble"),
        [
            (sends(b"x" * (site_checks.MOST_BYTES + 1)), "too_big"),
            (sends(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip"), "too_big"),
            (sends(b"not gzip", Content_Encoding="gzip"), "packed"),
            (sends(PAGE, Content_Encoding="br"), "packed"),
            (sends(PAGE, Content_Encoding="gzip, gzip"), "packed"),
            (sends(PAGE, Content_Type="application/pdf"), "not_a_page"),
            (sends(PAGE, Content_Type="image/svg+xml"), "not_a_page"),
            (sends(PAGE, status=404), "error"),
            (sends(PAGE, status=401), "error"),
            (sends(PAGE, status=206), "error"),
            (sends(b"", status=302, Location="http://10.0.0.1/"), "not_public"),
            (sends(b"", status=302, Location="http://169.254.169.254/latest/meta-data"), "not_public"),
            (sends(b"", status=302, Location="file:///etc/passwd"), "not_public"),
            (sends(b"", status=302, Location="//localhost/"), "not_public"),
            (sends(b"", status=302, Location="/"), "redirects"),
            (sends(b"", status=302, Location="http://[broken/"), "no_answer"),
        ],
    )
    def test_what_may_not_be_read_is_named(self, site: Site, answer: Answer, trouble: str) -> None:
        site.pages["/"] = answer
        with pytest.raises(Trouble, match=f"^{trouble}$"):
            fetch(site.url())

    def test_a_redirect_to_a_page_is_followed(self, site: Site) -> None:
        site.pages |= {
            "/": sends(b"", status=301, Location="/о-нас/".encode().decode("latin-1")),
            "/%D0%BE-%D0%BD%D0%B0%D1%81/": sends(PAGE),
        }
        assert fetch(site.url()).content == PAGE
        assert site.hosts == ["partner.example"] * 2  # by its name, whatever address was connected to

    @pytest.mark.parametrize("part", ["head", "body"])
    def test_a_site_that_drips_is_cut_off_at_the_deadline(
        self, site: Site, monkeypatch: pytest.MonkeyPatch, part: str
    ) -> None:
        monkeypatch.setattr(site_checks, "MOST_SECONDS", 0.5)

        def drip(request: BaseHTTPRequestHandler) -> None:
            if part == "body":
                sends(PAGE)(request)
            for _ in range(100):
                request.wfile.write(b"x")
                request.wfile.flush()
                time.sleep(0.1)

        site.pages["/"] = drip
        started = time.monotonic()
        with pytest.raises(Trouble, match="^too_slow$"):
            fetch(site.url())
        assert time.monotonic() - started < 3

    def test_a_site_that_hangs_up_or_talks_nonsense_gives_no_answer(self, site: Site) -> None:
        site.pages["/"] = lambda request: request.wfile.write(b"\x00\x01nonsense\r\n\r\n") and None
        with pytest.raises(Trouble, match="^no_answer$"):
            fetch(site.url())

    @pytest.mark.parametrize(
        "url", ["ftp://partner.example/", "http://user@partner.example/", "http://partner.example:22/", "nonsense", ""]
    )
    def test_an_address_that_may_not_be_asked(self, site: Site, url: str) -> None:
        with pytest.raises(Trouble, match="^not_public$"):
            fetch(url)
        assert site.hosts == []


class TestMarks:
    @pytest.mark.parametrize(
        "html",
        [
            '<a class=x href="https://programme.example/verify/17">Партнёр</a>',
            "<A HREF='//programme.example/'>x</A>",
            "<a href=https://programme.example>x</a>",
            "<p>Участник <b>ASOFT</b>\n Partners&nbsp;Community</p>",
            "<p>\u0410Soft partners community</p>",  # with a Cyrillic letter, as the source itself writes it
            "<p>asoft crm competency</p>",
            "<!-- x --><div>Мы в ASoft Partners Community!</div>",
        ],
    )
    def test_an_announcement_is_found_with_its_evidence(self, html: str) -> None:
        assert judged(html, "https://partner.example/", MARKS)[0] == ""

    @pytest.mark.parametrize(
        "html",
        [
            "",
            "<p>Мы партнёры ASoft</p>",
            "<p>ASoft Partners</p><p>Комьюнити</p>",
            "<!-- ASoft Partners Community -->",
            "<script>'ASoft Partners Community'</script>",
            "<style>ASoft Partners Community</style>",
            '<a href="https://programme.example.evil.example/">x</a>',
            '<a href="https://evil.example/?programme.example">x</a>',
            '<a href="http://[broken">x</a>',
            "<script>ASoft Partners Community",
            '<img alt="ASoft Partners Community">',
        ],
    )
    def test_what_is_none(self, html: str) -> None:
        assert judged(html, "https://partner.example/", MARKS) == (NO_MARK, "")

    def test_the_evidence_is_the_words_around_it(self) -> None:
        text = "слово " * 100 + "участник ASoft Partners Community с 2026 года " + "слово " * 100
        evidence = named_in(text, MARKS.names)
        assert "участник ASoft Partners Community с 2026 года" in evidence
        assert len(evidence) < 350

    @pytest.mark.parametrize(
        ("content", "charset"),
        [
            ("Участник".encode("cp1251"), "windows-1251"),
            (b'<meta charset="windows-1251">' + "Участник".encode("cp1251"), ""),
            ("Участник".encode(), "no-such-charset"),
            ("Участник".encode(), "rot13"),
            ("Участник".encode(), "punycode"),
            ("Участник".encode("koi8-r"), "KOI8-R"),
        ],
    )
    def test_pages_in_old_charsets_are_read(self, content: bytes, charset: str) -> None:
        assert decoded(content, charset).endswith("Участник")

    @pytest.mark.parametrize(
        "piece",
        [
            "<",
            "<a ",
            "<a href=",
            "<!--",
            "<script>",
            "</",
            "<b>",
            "&",
            "&#",
            "<a href='",
            '<a href="',
            "a" * 99,
            '<img src="',
        ],
    )
    def test_a_page_made_to_take_for_ever_takes_a_moment(self, piece: str) -> None:
        hostile = piece * (site_checks.MOST_BYTES // len(piece))
        started = time.perf_counter()
        judged(hostile, "https://partner.example/", MARKS)
        assert time.perf_counter() - started < 10

    def test_what_a_reader_sees(self) -> None:
        seen = visible('<p>А &lt;b&gt; <a href="/x?a=1&amp;b=2">Б</a><script>В</script> Г<img src=/y srcset="/z 2x">')
        assert seen.text.split() == ["А", "b>", "Б", "Г"]
        assert seen.links == ["/x?a=1&b=2"]
        assert seen.pictures[:2] == ["/y", "/z"]

    def test_look_says_all_of_it_and_raises_nothing(self, site: Site) -> None:
        site.pages |= {"/": sends(PAGE), "/none": sends(b"<p>Nothing</p>")}
        assert look(site.url(), MARKS).found
        assert len(look(site.url(), MARKS).sha256) == 64
        assert look(site.url("/none"), MARKS).trouble == NO_MARK
        assert look("http://10.0.0.1/", MARKS).trouble == "not_public"


class TestBadgesOnAPage:
    """A badge counts for the partner that it belongs to, and for nobody else (R34, R41)."""

    own, other = "7K3QW9XM2" + check_sign("7K3QW9XM2"), "0Z1Y2X3W4" + check_sign("0Z1Y2X3W4")
    marks = replace(MARKS, badges=frozenset({own}))
    base = "https://partner.example/"

    @pytest.mark.parametrize(
        "html",
        [
            '<img src="https://programme.example/badges/{own}.svg">',
            '<a href="https://programme.example/verify/{own}">x</a>',
            '<a href="//PROGRAMME.example/en/verify/{own}/?on=2026-01-01">x</a>',
            '<picture><source srcset="https://programme.example/badges/{own}.svg?size=s 2x"></picture>',
            '<img src="https://programme.example/badges/{other}.svg"><img src="https://programme.example/badges/{own}.png">',
        ],
    )
    def test_its_own_badge_is_evidence(self, html: str) -> None:
        trouble, evidence = judged(html.format(own=self.own, other=self.other), self.base, self.marks)
        assert trouble == ""
        assert badge_code(evidence, self.marks.hosts) == self.own

    def test_only_another_partners_badge_is_none(self) -> None:
        html = f'<a href="https://programme.example/verify/{self.other}/"><img alt="ASoft Partners Community"></a>'
        trouble, evidence = judged(html, self.base, self.marks)
        assert trouble == OTHER_BADGE
        assert self.other in evidence

    def test_the_programmes_name_or_another_link_counts_beside_it(self) -> None:
        badge = f'<img src="https://programme.example/badges/{self.other}.svg">'
        assert judged(badge + "ASoft Partners Community", self.base, self.marks)[0] == ""
        assert judged(badge + '<a href="https://programme.example/levels/">x</a>', self.base, self.marks)[0] == ""

    def test_the_same_code_on_another_host_is_none(self) -> None:
        html = f'<img src="https://evil.example/badges/{self.own}.svg">'
        assert judged(html, self.base, self.marks) == (NO_MARK, "")


@pytest.mark.django_db
class TestBadgesThatAreChecked:
    """What is stored says why: another partner's badge, one taken back, one that was never issued."""

    @pytest.fixture(autouse=True)
    def _host(self, settings: Any) -> None:
        settings.WAGTAILADMIN_BASE_URL = "https://programme.example"

    def check(self, site: Site, partner: Partner, html: str) -> AnnouncementCheck:
        site.pages["/"] = sends(html.encode())
        Announcement.objects.filter(partner=partner).delete()
        AnnouncementCheck.objects.filter(partner=partner).delete()
        announcement = Announcement.objects.create(partner=partner, url=site.url())
        return actions.check(announcement=announcement, actor=None)

    def test_its_own_badge_counts_and_the_section_says_so(self, site: Site, partner: Partner) -> None:
        badge = badge_of(partner)
        row = self.check(site, partner, embed.snippets_for(badge)[1].html)
        assert (row.found, row.trouble) == (True, "")
        assert facts_of(partner, programme_day()).announced
        page = client_of(make_member(partner)).get("/portal/announcement/").content.decode()
        assert f"ваш значок {written(badge.code)}" in page

    def test_true_reasons(self, site: Site, partner: Partner) -> None:
        other, own = badge_of(make_partner(level="saas")), taken_back(badge_of(partner))
        for code, trouble in (
            (other.code, OTHER_BADGE),
            (own.code, REVOKED_BADGE),
            (new_code(), UNKNOWN_BADGE),
        ):
            row = self.check(site, partner, f'<a href="https://programme.example/verify/{code}/">x</a>')
            assert (row.found, row.trouble) == (False, trouble)
            assert not facts_of(partner, programme_day()).announced
            assert TROUBLES[trouble]

    def test_each_page_of_the_weekly_run_is_judged_by_its_own_partners_badges(
        self, site: Site, partner: Partner
    ) -> None:
        other = make_partner(level="saas")
        site.pages["/"] = sends(embed.snippets_for(badge_of(partner))[0].html.encode())
        for each in (partner, other):
            Announcement.objects.create(partner=each, url=site.url())
        assert {row.partner_id: row.trouble for row in actions.check_due()} == {
            partner.pk: "",
            other.pk: OTHER_BADGE,
        }


# --- What is stored ---


@pytest.fixture
def partner(db: None) -> Partner:
    return make_partner(level="competency")


@pytest.fixture
def announcement(partner: Partner) -> Announcement:
    return actions.set_page(partner=partner, url="https://partner.example/about", actor=None)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Seen]:
    """What is on each page; nothing elsewhere."""
    pages: dict[str, Seen] = {}
    nothing = Seen(trouble="no_answer")
    monkeypatch.setattr(actions, "look", lambda url, _marks: pages.get(url, nothing))
    return pages


FOUND = Seen(evidence="ASoft Partners Community", sha256="0" * 64)


@pytest.mark.django_db
class TestChecking:
    def test_what_was_found_is_dated_evidence_and_counts(
        self, announcement: Announcement, seen: dict[str, Seen]
    ) -> None:
        seen[announcement.url] = FOUND
        row = actions.check(announcement=announcement, actor=None)
        assert (row.url, row.found, row.evidence) == (announcement.url, True, "ASoft Partners Community")
        assert facts_of(announcement.partner, programme_day()).announced

    def test_an_announcement_that_is_gone_no_longer_counts(
        self, announcement: Announcement, seen: dict[str, Seen]
    ) -> None:
        make_check(announcement.partner, checked_at=timezone.now() - timedelta(days=8))
        actions.check(announcement=announcement, actor=None)
        assert not facts_of(announcement.partner, programme_day()).announced
        assert AnnouncementCheck.objects.count() == 2

    def test_one_look_a_minute(self, announcement: Announcement, seen: dict[str, Seen]) -> None:
        actions.check(announcement=announcement, actor=None)
        with pytest.raises(ValidationError, match="только что"):
            actions.check(announcement=announcement, actor=None)

    def test_an_address_changed_meanwhile_stores_nothing(
        self, announcement: Announcement, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def meanwhile(_url: str, _marks: Marks) -> Seen:
            actions.set_page(partner=announcement.partner, url="https://other.example/", actor=None)
            return FOUND

        monkeypatch.setattr(actions, "look", meanwhile)
        with pytest.raises(Overtaken):
            actions.check(announcement=announcement, actor=None)
        assert not AnnouncementCheck.objects.exists()

    def test_a_managers_word_stands_for_the_year_and_the_address(
        self, announcement: Announcement, seen: dict[str, Seen]
    ) -> None:
        with time_machine.travel("2026-06-01T12:00:00+03:00", tick=False) as traveller:
            with pytest.raises(ValidationError) as refused:
                actions.overrule(announcement=announcement, found=True, actor=make_user(), reason=" ")
            assert list(refused.value.message_dict) == ["reason"]
            actions.overrule(announcement=announcement, found=True, actor=make_user(), reason="Логотип на картинке")
            assert facts_of(announcement.partner, programme_day()).announced
            traveller.shift(timedelta(days=30))
            with pytest.raises(ValidationError, match="Менеджер"):
                actions.check(announcement=announcement, actor=None)
            assert list(actions.check_due()) == []
            traveller.shift(timedelta(days=200))  # the next year
            assert [row.found for row in actions.check_due()] == [False]
            assert not facts_of(announcement.partner, programme_day()).announced

    def test_another_address_is_looked_at_whatever_was_said_of_the_first(
        self, announcement: Announcement, seen: dict[str, Seen]
    ) -> None:
        actions.overrule(announcement=announcement, found=False, actor=make_user(), reason="Подделка")
        other = actions.set_page(partner=announcement.partner, url="https://partner.example/new", actor=None)
        seen[other.url] = FOUND
        assert actions.check(announcement=other, actor=None).found

    def test_a_manager_may_look_anew(self, announcement: Announcement, seen: dict[str, Seen]) -> None:
        actions.overrule(announcement=announcement, found=True, actor=make_user(), reason="Вижу")
        assert not actions.check(announcement=announcement, actor=None, overrides=True).found

    def test_the_command_looks_once_a_week_however_often_it_runs(
        self, announcement: Announcement, seen: dict[str, Seen]
    ) -> None:
        seen[announcement.url] = FOUND
        broken = actions.set_page(partner=make_partner(), url="https://broken.example/", actor=None)
        out = StringIO()
        for _ in range(2):
            call_command("check_announcements", stdout=out)
        assert f"{broken.url}: no_answer" in out.getvalue()
        assert "2 read, 1 not found" in out.getvalue()
        assert AnnouncementCheck.objects.count() == 2
        with time_machine.travel(timezone.now() + timedelta(days=20), tick=False):
            call_command("check_announcements", stdout=out)
        assert AnnouncementCheck.objects.count() == 4

    def test_marks_are_this_site_and_the_programmes_names(self) -> None:
        found = actions.marks()
        assert "ASoft Partners Community" in found.names
        assert "ASoft CRM Competency" in found.names
        assert found.hosts


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_page_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    partner = make_partner(level="competency")
    open_ones: list[bool] = []

    def watched(_url: str, _marks: Marks) -> Seen:
        open_ones.append(connection.in_atomic_block)
        return FOUND

    monkeypatch.setattr(actions, "look", watched)
    client = client_of(make_member(partner))
    client.post(reverse("portal:announcement"), {"url": "https://partner.example/"})
    assert open_ones == [False]
    assert AnnouncementCheck.objects.count() == 1


@pytest.mark.django_db
class TestPage:
    url = "/portal/announcement/"

    def said(self, response: Any) -> str:
        return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]

    def test_an_address_is_set_and_looked_at_at_once(self, partner: Partner, seen: dict[str, Seen]) -> None:
        client = client_of(make_member(partner))
        seen["https://partner.example/crm"] = FOUND
        assert client.post(self.url, {"url": "partner.example/crm"})["Location"] == self.url
        text = self.said(client.get(self.url))
        assert "найдено" in text
        assert "ASoft Partners Community" in text

    @pytest.mark.parametrize("url", ["", "javascript:alert(1)", "ftp://partner.example/", "x" * 300, "http://a\x00b/"])
    def test_what_is_no_address_is_said_beside_the_field(self, partner: Partner, url: str) -> None:
        page = client_of(make_member(partner)).post(self.url, {"url": url})
        assert list(page.context["form"].errors) == ["url"]
        assert not Announcement.objects.exists()

    def test_checking_now_needs_a_page_and_is_no_get(self, partner: Partner, seen: dict[str, Seen]) -> None:
        client = client_of(make_member(partner))
        check = reverse("portal:announcement_check")
        assert client.get(check).status_code == 405
        assert client.post(check).status_code == 404
        actions.set_page(partner=partner, url="https://partner.example/", actor=None)
        assert client.post(check)["Location"] == self.url
        assert AnnouncementCheck.objects.get().trouble == "no_answer"

    def test_a_managers_word_takes_the_button_away(self, announcement: Announcement) -> None:
        actions.overrule(announcement=announcement, found=False, actor=make_user(), reason="Подделка")
        page = client_of(make_member(announcement.partner)).get(self.url)
        assert reverse("portal:announcement_check") not in page.content.decode()
        assert "Подделка" in self.said(page)

    def test_in_english_with_history(self, announcement: Announcement) -> None:
        for _ in range(25):
            make_check(announcement.partner)
        client: Client = client_of(make_member(announcement.partner))
        page = client.get(f"/en{self.url}")
        assert page.status_code == 200
        assert len(BeautifulSoup(page.content, "html.parser").select("tbody tr")) == 20
