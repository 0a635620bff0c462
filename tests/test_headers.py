"""What every answer says to browsers: pages, files, data, refusals and redirects."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config.middleware import HeadersMiddleware
from config.tls import OF_PROGRAMS
from partner_directory.actions import badges
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.users import make_superuser

ROOT = Path(__file__).resolve().parents[1]
PROMISED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
MACHINES = (
    "/healthz", "/robots.txt", "/sitemap.xml", "/levels.css", "/api/v1/programme/", "/api/v1/partners/",
    "/api/v1/openapi.json", "/api/v1/docs", "/.well-known/jwks.json", "/partners/feed/", "/partners/export/csv/",
)  # fmt: skip
PEOPLE = (
    "/account/login/", "/account/signup/", "/account/password/reset/", "/search/?q=скидка", "/verify/", "/not-there/",
    "/partners/not-there/", "/portal/", "/admin/", "/admin/login/", "/badges/AAAA.svg", "/api/v1/nothing/",
)  # fmt: skip


def directives(response: HttpResponse) -> dict[str, str]:
    """The policy of an answer: what each directive allows."""
    parts = (part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";"))
    return {name: value for name, _space, value in parts}


def broken(response: HttpResponse) -> list[str]:
    """Which promises an answer does not keep."""
    found = [name for name, value in PROMISED.items() if response.get(name) != value]
    found += [name for name in ("Permissions-Policy", "Cross-Origin-Resource-Policy") if name not in response]
    if "geolocation=()" not in response.get("Permissions-Policy", ""):
        found.append("geolocation")
    if response.status_code < 300 or response.status_code >= 400:
        policy = response.get("Content-Security-Policy", "")
        found += ["policy"] * ("default-src 'none'" not in policy or "unsafe" in policy)
    return found


def addresses(client: Client) -> Iterator[str]:
    """Every public page, what machines read, and what answers with a refusal."""
    named = re.findall(r"(?:<loc>|href=\")https?://[^/]+(/[^<\"]*)", client.get("/sitemap.xml").content.decode())
    yield from sorted(path for path in {*named} if not path.startswith("/en/"))
    yield from ("/en/", *MACHINES, *PEOPLE)


@pytest.mark.django_db
def test_every_address_keeps_every_promise(client: Client) -> None:
    client.raise_request_exception = False
    asked = list(addresses(client))
    found = {address: broken(client.get(address)) for address in asked}
    assert len(asked) > len(MACHINES + PEOPLE) + 15
    assert {address: names for address, names in found.items() if names} == {}


@pytest.mark.django_db
def test_the_partners_section_has_the_strict_policy_and_the_admin_one_without_eval() -> None:
    member = client_of(make_member(make_partner()))
    pages = ("/portal/", "/portal/people/", "/account/password/change/")
    assert {page: broken(member.get(page)) for page in pages} == {page: [] for page in pages}
    admin = Client()
    admin.force_login(make_superuser())
    policy = directives(admin.get("/admin/"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self' 'unsafe-inline'"
    assert policy["frame-ancestors"] == policy["form-action"] == "'self'"
    assert policy["report-uri"] == "/csp-reports/admin/"


@pytest.mark.django_db
def test_reports_go_to_this_site_and_what_a_page_names_is_asked_for_by_tls(client: Client) -> None:
    plain, secured = client.get("/"), client.get("/", secure=True)
    assert directives(plain)["report-uri"] == "/csp-reports/public/"
    assert plain["Reporting-Endpoints"] == f'{directives(plain)["report-to"]}="/csp-reports/public/"'
    assert "upgrade-insecure-requests" not in directives(plain)
    assert "upgrade-insecure-requests" in directives(secured)


@pytest.mark.django_db
def test_other_sites_may_show_badges_and_the_frame_and_read_open_data_and_nothing_else(client: Client) -> None:
    partner = make_partner(level="competency")
    badges.issue_for(membership=partner.memberships.get(), actor=None)
    badge = partner.badges.get()
    shared = (f"/badges/{badge.code}.svg", "/partners/frame/", "/api/v1/partners/")
    own = ("/", f"/verify/{badge.code}/", "/account/login/", reverse("level_colours"))
    found = {url: client.get(url)["Cross-Origin-Resource-Policy"] for url in (*shared, *own)}
    assert found == dict.fromkeys(shared, "cross-origin") | dict.fromkeys(own, "same-origin")
    assert directives(client.get("/partners/frame/"))["frame-ancestors"] == "*"


@pytest.mark.parametrize(
    ("path", "readers", "policy"),
    [
        ("/static/js/theme.js", "same-origin", "default-src 'none'; frame-ancestors 'none'"),
        ("/media/images/mark.svg", "cross-origin", None),
        ("/logos/preview/1/full.webp", "cross-origin", None),
    ],
)
def test_files_say_who_may_show_them(path: str, readers: str, policy: str | None) -> None:
    def file(_request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    answer = HeadersMiddleware(file)(RequestFactory().get(path))
    assert answer["Cross-Origin-Resource-Policy"] == readers
    assert answer.headers.get("Content-Security-Policy") == policy


@pytest.mark.django_db
def test_cookies_are_named_by_the_settings_alone(client: Client, settings: object) -> None:
    settings.SESSION_COOKIE_NAME = "__Host-sessionid"  # type: ignore[attr-defined]
    client.force_login(make_superuser())
    page = client.get("/").content.decode()
    assert "wagtail-userbar" in page
    client.logout()
    client.get("/account/login/")
    assert client.cookies["csrftoken"]["httponly"]
    assert client.cookies["csrftoken"]["samesite"] == "Lax"


def test_productions_cookies_belong_to_this_host_and_to_tls_alone(tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text("{}")  # as if they were collected
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SESSION_COOKIE_HTTPONLY"
    names += " SESSION_COOKIE_DOMAIN CSRF_COOKIE_DOMAIN SESSION_COOKIE_PATH"
    code = "from django.conf import settings as s; import sys; print(*[getattr(s, name) for name in sys.argv[1:]])"
    environment = {
        **os.environ,
        "PYTHONPATH": f"site{os.pathsep}.",
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "BADGE_KEY": secrets.token_urlsafe(32),
        "STATIC_ROOT": str(tmp_path),
        "PRIVATE_ROOT": str(tmp_path),
        "ALLOWED_HOSTS": "partners.example.org",
        "BASE_URL": "https://partners.example.org",
        "ALLOW_SQLITE": "true",
        "ALLOW_LOCAL_CACHE": "true",
        "DEFAULT_FROM_EMAIL": "partners@example.org",
    }
    command = [sys.executable, "-c", code, *names.split()]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "True", "None", "None", "/"]


PROGRAMS = (
    "/api/v1/programme/", "/api/v1/quotes/", "/api", "/.well-known/jwks.json", "/badges/status/revocation/",
    "/badges/7K3QW9XM24/credential.json",
)  # fmt: skip
PEOPLES = ("/levels/", "/badges/7K3QW9XM24/badge.svg", "/portal/", "/verify/", "/apiary/")


@pytest.mark.django_db
def test_without_tls_people_are_led_over_and_programs_refused(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT, settings.SECURE_REDIRECT_EXEMPT = True, [OF_PROGRAMS]
    for path in PEOPLES:
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (301, f"https://testserver{path}"), path
    for path in PROGRAMS:
        for answer in (client.get(path, headers={"Accept-Language": "en"}), client.post(path, {})):
            assert (answer.status_code, answer.json()["status"]) == (403, 403), path
            assert answer["Content-Type"].startswith("application/problem+json")
            assert "Location" not in answer
    assert client.get("/api/v1/programme/", secure=True).status_code == 200


def test_nginx_refuses_the_same_programs() -> None:
    conf = (ROOT / "deploy" / "nginx" / "partners.conf").read_text(encoding="utf-8")
    assert f'location ~ "{OF_PROGRAMS.replace("^", "^/", 1)}" {{\n        return 403;' in conf


INLINE = re.compile(
    r"<style\b|\sstyle=|<script(?![^>]*\b(?:src=|application/(?:ld\+)?json))|\son[a-z]+=", re.IGNORECASE
)
NO_PAGES = re.compile(
    r"/(?:admin|mail|kit|wagtailadmin)/"
)  # the admin's own policy; letters; files that are taken away


def test_no_page_holds_a_style_or_a_script_of_its_own() -> None:
    templates = [
        path for top in ("site", "program_pages", "partner_directory") for path in (ROOT / top).rglob("*.html")
    ]
    pages = [path for path in templates if not NO_PAGES.search(path.as_posix())]
    assert len(pages) > 100
    assert [path.name for path in pages if INLINE.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "planted", ['<p style="x">', "<style>", "<script>", '<script type="module">', '<a onclick="x()">']
)
def test_a_planted_style_or_script_is_found(planted: str) -> None:
    assert INLINE.search(planted)
    assert not INLINE.search('<script src="x.js" defer></script><p class="style">')
