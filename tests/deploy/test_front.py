"""What visitors get from the example deployment, and what they do not: nginx and gunicorn as deploy/ sets them up."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from ssl import TLSVersion
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client, override_settings
from pytest_django import DjangoDbBlocker

from library.models import SiteDocument
from partner_directory.models import PrivateFile
from tests.factories.files import kept
from tests.factories.partners import make_partner
from tests.factories.portal import make_member
from tests.public_site import NAME, SECRET_KEY, PublicSite, running
from tests.running_site import DATABASE, MEDIA, PRIVATE, STATIC

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="one deployment, on SQLite by the explicit word"),
]

PLAIN_MANIFEST = {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"}
OF_TLS_1_2 = {
    f"ECDHE-ECDSA-{cipher}" for cipher in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305")
}  # the certificate of the run has an elliptic key
EVIL = b"<script>document.title = 'taken over'</script>"


@pytest.fixture(scope="module")
def front(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[PublicSite]:
    """The deployment over what a test has prepared: two people of two companies, files, and uploads that are bad."""
    folder = tmp_path_factory.mktemp("d")
    _collect(folder / STATIC)
    with django_db_blocker.unblock():
        prepared = _prepared(folder)
    with running(folder) as started:
        started.prepared = prepared  # type: ignore[attr-defined]
        yield started


@pytest.fixture
def prepared(front: PublicSite) -> Any:
    return front.prepared  # type: ignore[attr-defined]


def _collect(folder: Path) -> None:
    """The static files of public pages, with checksums in their names; packing them would take a minute."""
    storages = {**settings.STORAGES, "staticfiles": PLAIN_MANIFEST}
    with override_settings(STORAGES=storages, STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=["wagtail*", "ninja", "admin"])


def _prepared(folder: Path) -> Any:
    """Puts into the folder a database with those people, signed in, and takes them out of the test's own again."""
    for name in ("evil.html", "evil.js", "evil.svg"):
        _write(folder / MEDIA / name, EVIL)
    with transaction.atomic(), override_settings(SECRET_KEY=SECRET_KEY):
        owner, rival = (make_member(make_partner()) for _company in range(2))
        file, document = kept(owner.partner), SiteDocument(title="Памятка")
        document.file.save("memo.txt", ContentFile(b"a memo"))
        _write(folder / PRIVATE / file.file.name, content := file.file.read())
        _write(folder / PRIVATE / document.file.name, b"a memo")
        found = SimpleNamespace(
            owner=_cookies(owner.user), rival=_cookies(rival.user), file=file, bytes=content, document=document
        )
        (folder / DATABASE).write_bytes(connection.connection.serialize())
        transaction.set_rollback(True)
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        database.execute("PRAGMA journal_mode = WAL")
    return found


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _cookies(user: Any) -> str:
    """What a signed-in browser sends, by either name that the settings may give the cookie."""
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"sessionid={key}; __Host-sessionid={key}"


class TestStrangers:
    def test_get_pages_over_tls_and_nothing_without(self, front: PublicSite) -> None:
        answer = front.ask("/")
        assert (answer.status, b"<html" in answer.body) == (200, True)
        moved = front.ask_plainly("/levels/?on=2026-02-03")
        assert (moved.status, moved.headers["Location"]) == (301, f"https://{NAME}/levels/?on=2026-02-03")

    def test_get_no_api_without_tls_and_are_not_led_to_it(self, front: PublicSite) -> None:
        for path in ("/api/v1/programme/", "/.well-known/jwks.json", "/badges/status/revocation/"):
            answer = front.ask_plainly(path)
            assert (answer.status, answer.headers["Location"]) == (403, None)
        assert front.ask("/api/v1/programme/").status == 200

    @pytest.mark.parametrize(
        ("version", "works"),
        [(TLSVersion.TLSv1_1, False), (TLSVersion.TLSv1_2, True), (TLSVersion.TLSv1_3, True)],
    )
    def test_speak_tls_1_2_and_1_3_alone(self, front: PublicSite, version: TLSVersion, works: bool) -> None:
        assert bool(front.speaks(version)) is works

    @pytest.mark.parametrize("ciphers", ["AES128-SHA", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA384"])
    def test_speak_no_cipher_without_forward_secrecy_and_authentication(self, front: PublicSite, ciphers: str) -> None:
        assert front.speaks(TLSVersion.TLSv1_2, ciphers) is None
        assert front.speaks(TLSVersion.TLSv1_2) in OF_TLS_1_2

    def test_who_ask_for_another_name_get_nothing(self, front: PublicSite) -> None:
        with pytest.raises(OSError, match="closed|reset"):
            front.ask_plainly("/", name="elsewhere.example")

    def test_get_the_same_page_from_nginx_the_next_moment(self, front: PublicSite) -> None:
        answers = [front.ask("/levels/") for _time in range(8)]
        assert {answer.status for answer in answers} == {200}
        assert "HIT" in {answer.headers["X-Cache"] for answer in answers}
        assert len({answer.body for answer in answers}) == 1

    def test_get_what_lasts_in_browsers_from_the_site_itself(self, front: PublicSite) -> None:
        answers = [front.ask("/logos/preview/0/none.webp") for _time in range(2)]
        assert "HIT" not in {answer.headers["X-Cache"] for answer in answers}

    def test_keep_static_files_for_ever(self, front: PublicSite) -> None:
        page = front.ask("/").body.decode()
        path = next(part for part in page.split('"') if part.startswith("/static/css/") and part.endswith(".css"))
        answer = front.ask(path)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"

    @pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
    def test_learn_nothing_of_how_the_site_is(self, front: PublicSite, path: str) -> None:
        assert front.ask(path, source="127.0.0.2").status == 404

    def test_are_refused_bodies_that_no_form_of_theirs_sends(self, front: PublicSite) -> None:
        assert front.ask("/enquiry/", "POST", **{"Content-Length": str(64 * 1024 * 1024)}).status == 413
        assert front.ask("/levels/", "POST", **{"Content-Length": str(4 * 1024 * 1024)}).status == 413


class TestSomebodySignedIn:
    def test_is_never_answered_from_the_cache_nor_fills_it(self, front: PublicSite, prepared: Any) -> None:
        for path in ("/levels/", "/portal/"):
            answers = [front.ask(path, Cookie=prepared.owner) for _time in range(3)]
            assert {answer.status for answer in answers} == {200}
            assert {answer.headers.get("X-Cache", "BYPASS") for answer in answers} == {"BYPASS"}

    def test_gets_a_private_file_from_nginx(self, front: PublicSite, prepared: Any) -> None:
        path = _address(prepared.file)
        answer = front.ask(path, Cookie=prepared.owner)
        assert (answer.status, answer.body) == (200, prepared.bytes)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Accel-Redirect"] is None
        part = front.ask(path, Cookie=prepared.owner, Range="bytes=1-3")
        assert (part.status, part.body) == (206, prepared.bytes[1:4]), "which the site by itself would not do"

    def test_gets_no_file_of_another_company(self, front: PublicSite, prepared: Any) -> None:
        path = _address(prepared.file)
        assert front.ask(path, Cookie=prepared.rival).status == 404
        assert front.ask(path).status == 302
        assert front.ask(f"/private-files/{prepared.file.file.name}", Cookie=prepared.owner).status == 404

    def test_gets_documents_as_everybody_does(self, front: PublicSite, prepared: Any) -> None:
        answer = front.ask(prepared.document.url, Range="bytes=2-")
        assert (answer.status, answer.body) == (206, b"memo")


class TestTheLog:
    def test_of_the_web_processes_is_one_json_object_a_line_gunicorns_own_words_too(self, front: PublicSite) -> None:
        front.ask("/account/login/")
        lines = [json.loads(line) for line in (front.folder / "web.out.log").read_text().splitlines()]
        assert {"gunicorn.error", "access"} <= {line["logger"] for line in lines}
        assert all({"time", "level", "message"} <= line.keys() for line in lines)

    def test_of_nginx_is_too_and_holds_no_query(self, front: PublicSite) -> None:
        front.ask("/levels/?note=SECRET", **{"User-Agent": 'forged"\\x0a{}'})
        deadline = time.monotonic() + 10  # it is written every two seconds
        while '"/levels/"' not in (text := (front.folder / "partners.log").read_text()) and time.monotonic() < deadline:
            time.sleep(0.1)
        lines = [json.loads(line) for line in text.splitlines()]
        assert {"time", "address", "method", "path", "status", "request_id"} <= lines[-1].keys()
        assert "SECRET" not in text


class TestUploads:
    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("evil.html", "application/octet-stream"),
            ("evil.js", "application/octet-stream"),
            ("evil.svg", "image/svg+xml"),
        ],
    )
    def test_do_nothing_where_somebody_opens_them(self, front: PublicSite, name: str, kind: str) -> None:
        answer = front.ask(f"/media/{name}")
        assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        policy = answer.headers["Content-Security-Policy"]
        assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"


class TestTheSiteIsAway:
    """The last ones: they end it."""

    def test_a_reload_lets_requests_wait_and_fails_none(self, front: PublicSite) -> None:
        before, over = front.web_processes(), threading.Event()
        codes: Counter[int | str] = Counter()

        def visit() -> None:
            while not over.is_set():
                try:
                    codes[front.ask("/healthz").status] += 1
                except OSError as error:
                    codes[repr(error)] += 1

        visitors = [threading.Thread(target=visit) for _visitor in range(4)]
        enough = 2 * len(visitors)
        for visitor in visitors:
            visitor.start()
        front.reload()
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if front.web_processes() - before and not front.web_processes() & before and codes.total() > enough:
                break
            time.sleep(0.05)
        over.set()
        for visitor in visitors:
            visitor.join()
        assert not before & front.web_processes()
        assert set(codes) == {200}, codes
        assert codes[200] > enough

    def test_without_it_visitors_are_told_to_come_back_soon_and_what_is_kept_goes_on(self, front: PublicSite) -> None:
        front.ask("/levels/")
        front.stop_web()
        time.sleep(1.1)
        assert front.ask("/levels/").status == 200
        away = front.ask("/account/login/")
        assert (away.status, away.headers["Retry-After"]) == (503, "10")
        assert "Сейчас вернёмся" in away.body.decode()
        assert away.headers["Cache-Control"] == "no-store"


def _address(file: PrivateFile) -> str:
    return f"/portal/files/{file.pk}/"
