"""Reports on partners, and the check of their sites, which asks nobody but public hosts."""

from __future__ import annotations

import socket
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from partner_directory import site_checks
from partner_directory.models import Partner, SiteCheck
from partner_directory.site_checks import Trouble, check, public_address
from tests.admin.forms import said
from tests.admin.partners import stored_partner
from tests.admin.test_partners import address, queries

UNSEEN, DUPLICATES = "partner_reports:unseen", "partner_reports:duplicates"


@pytest.mark.django_db
def test_the_gaps_of_each_published_profile_are_listed(editor: Client) -> None:
    partner = stored_partner(name_ru="Пустоватый", summary_ru="Есть")
    stored_partner(name_ru="Черновик", live=False)
    html = editor.get(reverse(UNSEEN))
    text = said(html)
    assert "Пустоватый" in text
    assert "нет логотипа" in text
    assert "Черновик" not in text
    assert address("edit", partner.pk) in html.content.decode()
    assert "Пустоватый" in said(editor.get(reverse(UNSEEN), {"gap": "logo"}))
    assert "Пустоватый" not in said(editor.get(reverse(UNSEEN), {"gap": "summary_ru"}))


@pytest.mark.django_db
def test_the_report_costs_no_queries_a_row(partner_manager: Client) -> None:
    stored_partner()
    few = queries(partner_manager, reverse(UNSEEN))
    for _ in range(10):
        stored_partner()
    assert queries(partner_manager, reverse(UNSEEN)) <= few


@pytest.mark.django_db
def test_companies_that_look_alike_are_listed(partner_manager: Client) -> None:
    stored_partner(name_ru="ООО «Ромашка»")
    stored_partner(name_ru="Ромашка")
    stored_partner(name_ru="Иной", site_url="https://one.example.org")
    stored_partner(name_ru="Другой", site_url="http://www.one.example.org/x")
    stored_partner(name_ru="Одинокий", site_url="https://two.example.org")
    text = said(partner_manager.get(reverse(DUPLICATES)))
    for name in ("Ромашка", "Иной", "Другой"):
        assert name in text
    assert "Одинокий" not in text


@pytest.mark.django_db
@pytest.mark.parametrize("report", [UNSEEN, DUPLICATES])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_reports_are_exported_by_those_who_may(
    report: str, kind: str, partner_manager: Client, editor: Client, manager: Client, client: Client
) -> None:
    for _ in range(2):
        stored_partner(name_ru="=1+1")
    url = reverse(report) + f"?export={kind}"
    content = b"".join(partner_manager.get(url).streaming_content)  # type: ignore[attr-defined]
    assert kind == "xlsx" or "'=1+1" in content.decode("utf-8-sig")
    for other in (editor, manager):
        assert other.get(url)["Location"].startswith("/admin/")
    assert "/login/" in client.get(url)["Location"]


@pytest.mark.django_db
def test_broken_sites_are_found_stored_and_shown(partner_manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = stored_partner(name_ru="Сломанный", site_url="https://broken.example.org")
    stored_partner(name_ru="Целый", site_url="https://whole.example.org")
    monkeypatch.setattr(
        "partner_directory.actions.site_checks.check", lambda url: "no_answer" if "broken" in url else ""
    )
    out = StringIO()
    for _ in range(2):
        call_command("check_sites", stdout=out)
    assert SiteCheck.objects.count() == 2
    assert "2 asked, 1 broken" in out.getvalue()
    text = said(partner_manager.get(reverse(UNSEEN), {"gap": "broken_site"}))
    assert "Сломанный" in text
    assert "сайт не отвечает" in text
    assert "Целый" not in text
    Partner.objects.filter(pk=broken.pk).update(site_url="")
    call_command("check_sites", stdout=out)
    assert SiteCheck.objects.count() == 1


def resolving(*addresses: str) -> Any:
    def found(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    return found


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.168.0.1", "169.254.169.254", "172.16.0.1", "::", "::1", "fe80::1%eth0",
     "fd00::1", "::ffff:127.0.0.1", "100.64.0.1", "224.0.0.1", "0.0.0.7", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
     "2002:7f00:1::", "2002:a00:1::1", "2001:0:4136:e378:8000:63bf:3f57:fefe", "255.255.255.255", "2001:db8::1"],
)  # fmt: skip
def test_no_private_address_is_asked(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_checks.socket, "getaddrinfo", resolving("93.184.215.14", address))
    with pytest.raises(Trouble, match="not_public"):
        public_address("example.org", 443)


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/", "file:///etc/passwd", "https://user@example.org/", "https://example.org:8443/", "http://",
     "javascript:alert(1)", "http://127.0.0.1/", "http://[::1]/", "http://localhost/"],
)  # fmt: skip
def test_an_address_that_may_not_be_asked_is_not_public(url: str) -> None:
    assert check(url) in {"not_public", "no_such_host"}


def test_the_internet_is_public_by_whatever_way(monkeypatch: pytest.MonkeyPatch) -> None:
    for found in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"):
        monkeypatch.setattr(site_checks.socket, "getaddrinfo", resolving(found))
        assert public_address("example.org", 443) == found


def test_a_name_that_answers_otherwise_the_second_time_gains_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: the address that was checked is the one that is connected to."""
    answers = iter(["93.184.215.14", "127.0.0.1", "127.0.0.1"])
    asked: list[Any] = []

    def lookup(host: str, port: int, **_: Any) -> Any:
        return resolving(next(answers))(host, port)

    def connect(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(site_checks.socket, "getaddrinfo", lookup)
    monkeypatch.setattr(site_checks.socket, "create_connection", connect)
    assert check("http://rebinding.example.org/") == "no_answer"
    assert check("http://rebinding.example.org/") == "not_public"
    assert asked == [("93.184.215.14", 80)]


def test_redirects_are_checked_anew_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"/": (302, "http://10.0.0.1/secret"), "/round": (301, "/round"), "/gone": (404, ""), "/shy": (403, "")}

    class Answer:
        def __init__(self, status: int, location: str) -> None:
            self.status, self.headers = status, {"Location": location}

    asked: list[str] = []

    class Connection(site_checks._Pinned):
        def request(self, method: str, url: str, **_: Any) -> None:  # type: ignore[override]
            asked.append(self.address)
            self.path = url

        def getresponse(self) -> Any:
            return Answer(*answers[self.path])

    real = socket.getaddrinfo

    def lookup(host: str, port: int, **kwargs: Any) -> Any:
        if host == "example.org":
            return resolving("93.184.215.14")(host, port)
        return real(host, port, **kwargs)

    monkeypatch.setattr(site_checks, "_Pinned", Connection)
    monkeypatch.setattr(site_checks.socket, "getaddrinfo", lookup)
    assert check("http://example.org/") == "not_public"
    assert check("http://example.org/round") == "redirects"
    assert check("http://example.org/gone") == "error"
    assert check("http://example.org/shy") == ""
    assert set(asked) == {"93.184.215.14"}
