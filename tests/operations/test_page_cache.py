"""Strangers are answered from the page cache, and are shown what has been recorded: one event at a time."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import brotli
import pytest
import time_machine
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from wagtail.models import Locale

from operations.page_cache import middleware, version
from operations.page_cache.addresses import address_of
from operations.page_cache.answers import accepted
from operations.page_cache.middleware import PageCacheMiddleware
from operations.page_cache.store import Store
from operations.page_cache.version import Versions, is_shared, versions
from partner_directory.actions import memberships as actions
from partner_directory.models import Partner
from partner_directory.models.badge import Badge
from program_pages import kept
from program_pages.models import FaqPage, Level, TermsPage
from program_pages.models.edition import programme_day
from tests.factories.catalogue import make_price
from tests.factories.editions import publish_edition
from tests.factories.history import on
from tests.factories.partners import make_partner
from tests.factories.users import make_user
from tests.factories.verification import badge_of

from .conftest import Committed, SharedMemory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("page_cache")]

STATE = "X-Page-Cache"


@pytest.fixture
def visitor(client: Client) -> Callable[..., str]:
    """Asks for a page twice and gives its text: the second answer comes from the cache and is the same."""

    def ask(path: str, state: str | None = None) -> str:
        first = client.get(path)
        assert first.status_code == 200, path
        if state is not None:
            assert first.get(STATE) == state, (path, state)
        second = client.get(path)
        assert second[STATE] == "hit", path
        assert second.content == first.content
        return second.content.decode()

    return ask


Visitor = Callable[..., str]


class TestIsRightAfter:
    """Each page is in the cache before the event, and shows it to the first who asks afterwards."""

    def test_the_publication_of_a_page(self, visitor: Visitor, committed: Committed) -> None:
        assert "Новый заголовок" not in visitor("/faq/", "miss")
        page = FaqPage.objects.get(locale=Locale.get_default())
        with committed():
            page.title = "Новый заголовок"
            page.save_revision()
        assert "Новый заголовок" not in visitor("/faq/")
        with committed():
            page.get_latest_revision().publish()
        assert "Новый заголовок" in visitor("/faq/", "miss")

    def test_a_page_taken_down(self, client: Client, visitor: Visitor, committed: Committed) -> None:
        visitor("/faq/")
        with committed():
            FaqPage.objects.get(locale=Locale.get_default()).unpublish()
        assert client.get("/faq/").status_code == 404
        assert 'href="/faq/"' not in visitor("/contacts/")

    def test_the_publication_of_a_profile(self, visitor: Visitor, committed: Committed) -> None:
        partner = make_partner(name_ru="Ромашка", name_en="Daisy")
        address = f"/partners/{partner.slug}/"
        assert "Ромашка" in visitor(address)
        assert "Daisy" in visitor(f"/en{address}")
        assert "Ромашка" in visitor("/partners/")
        with committed():
            partner.name_ru = "Лютик"
            partner.save_revision().publish()
        assert "Лютик" in visitor(address, "miss")
        assert "Лютик" in visitor("/partners/", "miss")

    def test_an_update_that_no_signal_tells_of(self, visitor: Visitor, committed: Committed) -> None:
        partner = make_partner(name_ru="Ромашка")
        assert "+7 495 000-00-00" not in visitor(f"/partners/{partner.slug}/")
        with committed():
            Partner.objects.filter(pk=partner.pk).update(phones="+7 495 000-00-00")
        assert "+7 495 000-00-00" in visitor(f"/partners/{partner.slug}/")

    def test_a_membership_granted_suspended_and_ended(
        self, client: Client, visitor: Visitor, committed: Committed
    ) -> None:
        partner = make_partner(level=None, name_ru="Ромашка")
        assert "Ромашка" not in visitor("/partners/")
        with committed():
            membership = actions.grant(partner=partner, level=Level.objects.get(slug="retail"), actor=make_user())
        assert "Ромашка" in visitor("/partners/")
        verification = f"/verify/{Badge.objects.get(partner=partner).code}/"
        assert "verdict--good" in visitor(verification)
        with committed():
            actions.suspend(membership=membership, actor=None, reason="")
        assert "Ромашка" not in visitor("/partners/")
        assert "verdict--good" not in visitor(verification, "miss")
        with committed():
            actions.resume(membership=membership, actor=None)
        assert "verdict--good" in visitor(verification)

    def test_a_membership_lapsed_at_midnight_in_moscow(self, visitor: Visitor, client: Client) -> None:
        with on("2026-11-10"):
            partner = make_partner(level="competency", name_ru="Ромашка")
            code = badge_of(partner).code
        with time_machine.travel("2026-12-31T23:59:59+03:00", tick=False):
            assert "verdict--good" in visitor(f"/verify/{code}/")
            assert "Ромашка" in visitor("/partners/")
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            assert "verdict--good" not in visitor(f"/verify/{code}/", "miss")
            assert "Ромашка" not in visitor("/partners/", "miss")

    def test_an_edition_for_tomorrow_and_its_midnight(self, visitor: Visitor, committed: Committed) -> None:
        today, address = programme_day(), "/levels/retail/"
        with on(today):
            assert "/terms/changes/" not in visitor("/contacts/")
            assert "12,5" not in visitor(address)
            with committed():
                publish_edition(effective_from=today + timedelta(days=1), discounts={"retail": "12.5"})
            assert "/terms/changes/" in visitor("/contacts/", "miss")  # the line in the header of every page
        with on(today, hour=23):
            assert "12,5" not in visitor(address)
        with on(today + timedelta(days=1), hour=0):
            assert "12,5" in visitor(address, "miss")

    def test_the_colour_of_a_level(self, visitor: Visitor, committed: Committed) -> None:
        assert "#123456" not in visitor("/levels.css")
        with committed():
            Level.objects.filter(slug="retail").update(colour="#123456")
        assert "#123456" in visitor("/levels.css", "miss")

    def test_a_price(self, visitor: Visitor, committed: Committed) -> None:
        price = make_price(list_price="1234")
        assert "1\xa0234" in visitor("/products/")
        with committed():
            price.list_price = 4321
            price.save()
        assert "4\xa0321" in visitor("/products/", "miss")

    def test_something_that_was_kept_by_the_process_for_a_moment(
        self, visitor: Visitor, committed: Committed, settings: Any
    ) -> None:
        settings.GROUND_SECONDS = 60
        visitor("/contacts/")
        assert kept._kept
        with committed():
            FaqPage.objects.get(locale=Locale.get_default()).unpublish()
        assert 'href="/faq/"' not in visitor("/contacts/", "miss")


class TestIsTheSameFor:
    def test_each_language_by_itself(self, visitor: Visitor) -> None:
        assert '<html lang="ru"' in visitor("/faq/")
        assert '<html lang="en"' in visitor("/en/faq/", "miss")

    def test_the_api_in_each_language_asked_for(self, client: Client) -> None:
        asked = "/api/v1/regions/"
        russian, english = (client.get(asked, headers={"accept-language": language}) for language in ("ru", "en"))
        assert russian.content != english.content
        for language, expected in (("ru-RU,ru;q=0.9", russian), ("en-GB,en;q=0.8", english)):
            again = client.get(asked, headers={"accept-language": language})
            assert (again[STATE], again.content) == ("hit", expected.content)
            assert "Accept-Language" in again["Vary"]

    def test_a_page_does_not_vary_by_language_or_cookie(self, client: Client) -> None:
        client.get("/faq/")
        client.cookies["django_language"] = "en"
        response = client.get("/faq/", headers={"accept-language": "en"})
        assert (response[STATE], response["Vary"], response["Content-Language"]) == ("hit", "Accept-Encoding", "ru")

    def test_a_query_in_another_order_or_with_what_counts_visitors(self, client: Client) -> None:
        first = client.get("/partners/?utm_source=letter&region=77&level=retail")
        assert b"utm_source" not in first.content
        for query in ("level=retail&region=77", "region=77&level=retail&gclid=1", "region=77&&level=retail"):
            again = client.get(f"/partners/?{query}")
            assert (again[STATE], again.content) == ("hit", first.content)
        assert client.get("/partners/?region=16&level=retail")[STATE] == "miss"

    def test_of_one_name_the_values_keep_their_order(self) -> None:
        asked = RequestFactory().get("/partners/compare/?partner=b&a=1&partner=a")
        found = address_of(asked)
        assert found is not None
        assert found.query == "a=1&partner=b&partner=a"

    def test_head_finds_what_get_has_kept_and_keeps_nothing(self, client: Client) -> None:
        assert STATE not in client.head("/faq/")
        page = client.get("/faq/")
        assert page[STATE] == "miss"
        head = client.head("/faq/")
        assert (head[STATE], head.content, head["Content-Length"]) == ("hit", b"", str(len(page.content)))

    def test_whoever_asks_compressed_or_has_it_already(self, client: Client) -> None:
        plain = client.get("/faq/")
        unpacked = {"br": brotli.decompress, "gzip": gzip.decompress}
        for accept, encoding in (("gzip, deflate, br", "br"), ("gzip;q=0.8, br;q=0", "gzip")):
            packed = client.get("/faq/", headers={"accept-encoding": accept})
            assert (packed[STATE], packed["Content-Encoding"]) == ("hit", encoding)
            assert unpacked[encoding](packed.content) == plain.content
            assert int(packed["Content-Length"]) == len(packed.content) < len(plain.content)
        unchanged = client.get("/faq/", headers={"if-none-match": f'"other", {plain["ETag"]}'})
        assert (unchanged.status_code, unchanged.content) == (304, b"")
        assert unchanged["ETag"] == plain["ETag"]
        assert client.get("/faq/", headers={"if-none-match": '"other"'}).status_code == 200

    def test_a_condition_on_a_page_not_kept_yet_does_not_keep_it_from_being_kept(self, client: Client) -> None:
        response = client.get("/api/v1/regions/", headers={"if-none-match": '"other"'})
        etag = response["ETag"]
        versions.move_on()
        again = client.get("/api/v1/regions/", headers={"if-none-match": etag})
        assert (again.status_code, again[STATE]) == (304, "miss")

    def test_its_security_headers_are_those_of_the_page(self, client: Client) -> None:
        made, found = client.get("/faq/"), client.get("/faq/")
        assert "script-src 'self'" in found["Content-Security-Policy"]
        different = {name for name in {*made.headers, *found.headers} if made.get(name) != found.get(name)}
        assert different == {STATE, "X-Request-ID"}


class TestIsNobodysOwn:
    def test_who_is_signed_in_neither_finds_nor_fills_it(self, client: Client) -> None:
        client.get("/faq/")
        member = Client()
        member.force_login(make_user(is_superuser=True))
        for path in ("/faq/", "/contacts/"):
            page = member.get(path)
            assert STATE not in page
            assert b"wagtail-userbar" in page.content
        assert b"wagtail-userbar" not in client.get("/contacts/").content
        assert client.get("/contacts/")[STATE] == "hit"

    @pytest.mark.parametrize(
        "headers", [{"authorization": "Bearer x"}, {"hx-request": "true"}, {"cookie": "messages=x"}]
    )
    def test_whoever_may_be_answered_otherwise(self, client: Client, headers: dict[str, str]) -> None:
        client.get("/partners/")
        assert STATE not in client.get("/partners/", headers=headers)
        assert client.get("/partners/")[STATE] == "hit"

    @pytest.mark.parametrize("path", ["/verify/", "/partners/enquiry/", "/account/login/", "/admin/login/", "/portal/"])
    def test_a_form_with_its_token(self, client: Client, path: str) -> None:
        for _time in range(2):
            assert STATE not in client.get(path)
        assert not any(STATE in Client().get(path) for _time in range(2))

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/nothing-here/", 404),
            ("/partners/no-such/", 404),
            ("/verify/xyz/", 422),
            ("/faq", 301),
            ("/readyz", 200),
        ],
    )
    def test_what_is_no_page(self, client: Client, path: str, status: int) -> None:
        for _time in range(2):
            response = client.get(path)
            assert STATE not in response
            assert response.status_code == status
        assert client.get("/partners/")[STATE] == "miss"
        assert client.get("/partners/")[STATE] == "hit"

    def test_the_api_of_verification_counts_each_question(self, client: Client, settings: Any) -> None:
        settings.VERIFY_LIMITS = {**settings.VERIFY_LIMITS, "api": 2}
        code = badge_of(make_partner()).code
        found = [client.get(f"/api/v1/verify/{code}/").status_code for _time in range(3)]
        assert found == [200, 200, 429]

    @pytest.mark.parametrize(
        "change",
        [
            lambda response: response.set_cookie("a", "b"),
            lambda response: _say(response, {"Cache-Control": "private"}),
            lambda response: _say(response, {"Cache-Control": "max-age=0, no-store"}),
            lambda response: _say(response, {"Vary": "User-Agent"}),
            lambda response: _say(response, {"Content-Security-Policy": "script-src 'nonce-abc'"}),
            lambda response: setattr(response, "status_code", 500),
            lambda response: setattr(response, "content", b"x" * 2_000_000),
        ],
    )
    def test_what_says_so_itself(self, change: Callable[[HttpResponse], object]) -> None:
        made = [0]

        def view(request: HttpRequest) -> HttpResponse:
            made[0] += 1
            response = HttpResponse("page")
            change(response)
            return response

        site = PageCacheMiddleware(view)  # type: ignore[arg-type]
        for _time in range(3):
            assert STATE not in site(RequestFactory().get("/page/"))
        assert made == [3]


class TestMemory:
    def test_queries_that_nobody_knows_fill_neither_the_process_nor_the_shared_cache(self) -> None:
        store = Store(most_bytes=300_000)
        site = PageCacheMiddleware(lambda request: HttpResponse(b"x" * 10_000), store=store)
        factory = RequestFactory()
        site(factory.get("/page/"))
        shared = _shared()
        for number in range(200):
            site(factory.get(f"/page/?nonsense={number}"))
            site(factory.get("/page/"))
        assert store.bytes <= 300_000
        assert site(factory.get("/page/"))[STATE] == "hit"
        assert _shared() == shared

    def test_a_query_too_long_or_of_too_many_parts_is_not_kept(self) -> None:
        factory = RequestFactory()
        assert address_of(factory.get(f"/?q={'x' * 600}")) is None
        assert address_of(factory.get(f"/?{'&'.join(f'a{number}=1' for number in range(40))}")) is None
        assert address_of(factory.get("/?q=x")) is not None

    @pytest.mark.parametrize(
        ("accept", "encoding"),
        [("", ""), ("identity", ""), ("gzip", "gzip"), ("br, gzip", "br"), ("gzip, br;q=0.1", "br"), ("br;q=0", "")],
    )
    def test_what_a_reader_accepts(self, accept: str, encoding: str) -> None:
        assert accepted(accept) == encoding


def _say(response: HttpResponse, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        response[name] = value


def _shared() -> int:
    cache: Any = caches["pages"]
    return len(cache._cache)


class Counted:
    """A page that takes a while to make, and says the how manieth it is."""

    def __init__(self, seconds: float = 0.0, status: int = 200) -> None:
        self.seconds, self.status, self.made = seconds, status, 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.made += 1
        mine = self.made
        time.sleep(self.seconds)
        return HttpResponse(f"page {mine}", status=self.status)


def _crowd(site: PageCacheMiddleware, size: int = 20) -> list[tuple[str, bytes]]:
    """What so many get who ask in the same moment."""
    found: list[tuple[str, bytes]] = []
    at_once = threading.Barrier(size)

    def ask() -> None:
        at_once.wait()
        response: Any = site(RequestFactory().get("/page/"))
        found.append((response[STATE], response.content))

    threads = [threading.Thread(target=ask) for _number in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.fixture
def process() -> Callable[..., PageCacheMiddleware]:
    """Makes the page cache of another process: with nothing of its own, before the same shared cache."""

    def make(view: Callable[[HttpRequest], HttpResponse]) -> PageCacheMiddleware:
        return PageCacheMiddleware(view, versions=Versions(), store=Store())

    return make


Process = Callable[..., PageCacheMiddleware]


class TestACrowd:
    def test_after_a_change_one_makes_the_page_and_the_others_are_given_the_old(self, process: Process) -> None:
        page = Counted(0.5)
        site = process(page)
        site(RequestFactory().get("/page/"))
        site.versions.move_on()
        found = _crowd(site)
        assert page.made == 2
        assert found.count(("miss", b"page 2")) == 1
        assert found.count(("old", b"page 1")) > 10  # but for those that a busy machine lets ask too late

    def test_where_there_is_none_yet_the_others_wait_for_it(self, process: Process) -> None:
        page = Counted(0.1)
        found = _crowd(process(page))
        assert page.made == 1
        assert {body for _state, body in found} == {b"page 1"}

    def test_nobody_is_given_what_has_been_old_for_long(
        self, process: Process, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(middleware, "OLD_SECONDS", 0.0)
        page = Counted(0.1)
        site = process(page)
        site(RequestFactory().get("/page/"))
        site.versions.move_on()
        found = _crowd(site)
        assert page.made == 2
        assert {body for _state, body in found} == {b"page 2"}

    def test_of_two_processes_one_makes_the_page_for_both(self, process: Process) -> None:
        page = Counted(0.1)
        one, another = process(page), process(page)
        found: list[HttpResponse] = []
        threads = [
            threading.Thread(target=lambda site=site: found.append(site(RequestFactory().get("/page/"))))
            for site in (one, another)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert page.made == 1
        assert {response.content for response in found} == {b"page 1"}

    def test_whoever_makes_it_and_is_killed_is_forgotten(
        self, process: Process, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("operations.page_cache.store.LOCK_SECONDS", 1)
        page = Counted()
        killed, other = process(page), process(page)
        asked = RequestFactory().get("/page/")
        address = address_of(asked)
        assert address is not None
        assert killed.store.claim(address, killed.versions.current())
        started = time.monotonic()
        assert other(asked).content == b"page 1"  # type: ignore[attr-defined]
        assert 0.5 < time.monotonic() - started < 4.5

    def test_what_a_view_refuses_to_have_kept_holds_nobody_up(self, process: Process) -> None:
        def view(request: HttpRequest) -> HttpResponse:
            time.sleep(0.3)
            return HttpResponse("mine", headers={"Cache-Control": "private", STATE: ""})

        started = time.monotonic()
        _crowd(process(view))
        assert time.monotonic() - started < 3  # one after another would take six seconds


class TestOtherProcesses:
    def test_learn_of_what_is_recorded_and_find_what_another_has_made(self, process: Process) -> None:
        page = Counted()
        one, another = process(page), process(page)
        asked = RequestFactory().get("/page/")
        assert one(asked)[STATE] == "miss"
        assert (another(asked)[STATE], page.made) == ("hit", 1)
        one.versions.move_on()
        assert another(asked).content == b"page 2"  # type: ignore[attr-defined]
        assert (one(asked)[STATE], one(asked).content) == ("hit", b"page 2")  # type: ignore[attr-defined]

    def test_a_page_made_while_something_was_recorded_is_made_again(self, process: Process) -> None:
        sites: list[PageCacheMiddleware] = []
        made: list[str] = []

        def view(request: HttpRequest) -> HttpResponse:
            made.append("")
            if len(made) == 1:
                sites[0].versions.move_on()
            return HttpResponse(f"page {len(made)}")

        sites.append(process(view))
        asked = RequestFactory().get("/page/")
        assert sites[0](asked).content == b"page 1"  # type: ignore[attr-defined]
        assert sites[0](asked).content == b"page 2"  # type: ignore[attr-defined]

    def test_a_page_made_soon_after_a_change_is_made_once_more(
        self, process: Process, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("operations.page_cache.version.SETTLING_SECONDS", 0.6)
        page = Counted()
        site = process(page)
        asked = RequestFactory().get("/page/")
        assert (site(asked)[STATE], site(asked)[STATE], page.made) == ("miss", "hit", 1)
        time.sleep(0.65)
        assert (site(asked)[STATE], site(asked)[STATE], page.made) == ("miss", "hit", 2)
        time.sleep(0.65)
        assert (site(asked)[STATE], page.made) == ("hit", 2)

    def test_without_a_shared_cache_a_page_is_kept_for_a_moment_only(
        self, process: Process, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(version, "is_shared", is_shared)
        page = Counted()
        asked = RequestFactory().get("/page/")
        nothing_kept = process(page)
        assert (STATE in nothing_kept(asked), STATE in nothing_kept(asked), page.made) == (False, False, 2)
        settings.GROUND_SECONDS = 0.6
        site = process(page)
        assert (site(asked)[STATE], site(asked)[STATE], page.made) == ("miss", "hit", 3)
        time.sleep(0.65)
        assert (site(asked)[STATE], page.made) == ("miss", 4)

    def test_of_another_release_share_nothing(self, process: Process, settings: Any) -> None:
        page = Counted()
        asked = RequestFactory().get("/page/")
        for name, number in (("one", b"page 1"), ("two", b"page 2"), ("one", b"page 1")):
            settings.RELEASE = name
            assert process(page)(asked).content == number  # type: ignore[attr-defined]
        settings.RELEASE = ""
        assert process(page)(asked).content == b"page 3"  # type: ignore[attr-defined]

    def test_know_when_something_was_recorded_last(self, process: Process) -> None:
        one, another = process(Counted()), process(Counted())
        before = time.time()
        one.versions.move_on()
        another.versions.current()
        assert another.versions.recorded_at() == pytest.approx(before, abs=2)


def test_zero_turns_it_off(client: Client, settings: Any) -> None:
    settings.PAGE_CACHE_SECONDS = 0
    assert not any(STATE in client.get("/faq/") for _time in range(2))


@pytest.fixture
def broken_cache(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """A switch: while it is on, the shared cache of pages answers nobody."""
    is_down = [False]
    for name in ("get", "set", "add", "delete", "get_many", "incr"):
        answering = getattr(SharedMemory, name, None)

        def act(self: Any, *args: Any, answering: Any = answering, **kwargs: Any) -> Any:
            if is_down[0]:
                raise ConnectionError("The cache is down.")
            return answering(self, *args, **kwargs)

        monkeypatch.setattr(SharedMemory, name, act)
    yield is_down
    is_down[0] = False


class TestFaults:
    def test_without_the_cache_pages_come_and_what_was_recorded_meanwhile_is_told_later(
        self, process: Process, broken_cache: list[bool]
    ) -> None:
        page = Counted()
        one, another = process(page), process(page)
        asked = RequestFactory().get("/page/")
        one(asked), another(asked)
        broken_cache[0] = True
        assert one(asked).content == b"page 2"  # type: ignore[attr-defined]
        one.versions.move_on()
        assert another(asked).content == b"page 3"  # type: ignore[attr-defined]
        broken_cache[0] = False
        for site in (one, another, one, another):  # each takes all to be new, once
            latest: Any = site(asked)
        assert page.made == 5
        assert (latest[STATE], latest.content) == ("hit", b"page 5")

    def test_the_whole_site_answers_without_the_cache(self, client: Client, broken_cache: list[bool]) -> None:
        broken_cache[0] = True
        for _time in range(2):
            assert client.get("/faq/").status_code == 200

    def test_a_page_that_cannot_be_made_is_answered_as_it_was_while_nothing_has_been_recorded(
        self, process: Process, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("operations.page_cache.version.SETTLING_SECONDS", 0.1)
        page = Counted()
        site = process(page)
        asked = RequestFactory().get("/page/")
        site(asked)
        page.status = 503
        time.sleep(0.15)
        response: Any = site(asked)
        assert (response.status_code, response[STATE], response.content) == (200, "old", b"page 1")
        site.versions.move_on()
        assert site(asked).status_code == 503


def test_the_terms_page_is_still_asked_of_a_day(visitor: Visitor) -> None:
    """A day in the query is a page of its own."""
    assert TermsPage.objects.exists()
    assert visitor("/terms/") != visitor(f"/terms/?on={programme_day() - timedelta(days=1)}")
