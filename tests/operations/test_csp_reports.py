"""Reports of browsers on the content policies: read, added up, bounded, shown; nothing of who sent them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import caches
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from operations import csp_reports
from operations.models import CspReport
from program_pages.groups import EDITORS
from tests.admin.conftest import member_of, signed_in
from tests.factories.users import make_superuser

pytestmark = pytest.mark.django_db

PUBLIC = "/csp-reports/public/"
SECRET = "b7d1e9"


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    caches["limits"].clear()


def old(path: str = "/", blocked: str = "https://evil.example/x.js?who=me", **body: Any) -> dict[str, Any]:
    """A report as `report-uri` has it."""
    page = f"http://testserver{path}"
    return {"csp-report": {"document-uri": page, "violated-directive": "img-src", "blocked-uri": blocked} | body}


def new(path: str = "/", blocked: str = "inline", kind: str = "csp-violation", **body: Any) -> dict[str, Any]:
    """One of the reports of `report-to`."""
    said = {"documentURL": f"http://testserver{path}", "effectiveDirective": "script-src-elem", "blockedURL": blocked}
    return {"type": kind, "age": 1, "url": f"http://testserver{path}", "user_agent": "Somebody/1", "body": said | body}


def send(client: Client, sent: Any, url: str = PUBLIC) -> None:
    content = sent if isinstance(sent, str | bytes) else json.dumps(sent)
    answer = client.post(url, content, content_type="application/csp-report")
    assert (answer.status_code, answer.content) == (204, b"")
    assert not answer.cookies


def rows() -> list[tuple[Any, ...]]:
    return list(CspReport.objects.order_by("pk").values_list("policy", "directive", "blocked", "page", "count"))


def test_both_formats_are_added_up_by_origin_and_page(client: Client) -> None:
    send(client, old("/programme/?secret=1"))
    send(client, old("/en/programme/", "https://evil.example/other.js"))
    send(client, [new(), new(), new("/admin/", "eval")], "/csp-reports/admin/")
    assert rows() == [
        ("public", "img-src", "https://evil.example", "/programme/", 2),
        ("admin", "script-src-elem", "inline", "/", 2),
        ("admin", "script-src-elem", "eval", "/admin/", 1),
    ]
    assert {row.day for row in CspReport.objects.all()} == {timezone.localdate()}


def test_no_secret_of_an_address_is_kept(client: Client) -> None:
    for path in (f"/portal/invitation/{SECRET}/", f"/client/review/{SECRET}/", f"/partners/{SECRET}/enquiry/",
                 f"/verify/{SECRET}/", f"/nowhere/{SECRET}.php"):  # fmt: skip
        send(client, old(path, f"https://{'evil.example'}/{SECRET}"))
    assert CspReport.objects.count() >= 4
    assert SECRET not in repr(rows())


@pytest.mark.parametrize(
    "sent",
    [
        b"", b"\xff\xfe\x00", "<html><script>alert(1)</script>", "null", "[]", "{}", "[" * 50_000, '{"a":' * 20_000,
        '"csp-report"', {"csp-report": "text"}, {"csp-report": [1]}, [1, None, "x", {"type": "csp-violation"}],
        old(**{"violated-directive": {"a": 1}}), old(**{"document-uri": 7}), old(**{"document-uri": "http://["}),
        old(**{"violated-directive": "=HYPERLINK(1)"}), old(**{"document-uri": "https://another.example/"}),
        new(kind="deprecation"), [new(kind="deprecation")], "9" * 5000,
        json.dumps(old()) + " " * csp_reports.MOST_BYTES,
    ],
    ids=range(21),
)  # fmt: skip
def test_what_is_no_report_of_a_page_of_ours_leaves_nothing(client: Client, sent: Any) -> None:
    send(client, sent)
    assert rows() == []


@pytest.mark.parametrize(
    ("blocked", "kept"),
    [
        ("=1+1", "?"), ("<b>", "?"), ("https://user:word@evil.example/", "?"), ("https://" + "a" * 300, "?"), ("", "?"),
        ("http://[", "?"), ("chrome-extension://abcdef/x.js", "chrome-extension:"), ("data", "data"),
        ("wss://evil.example:8443/s", "wss://evil.example:8443"),
    ],
)  # fmt: skip
def test_of_what_was_blocked_the_origin_alone_is_kept(client: Client, blocked: str, kept: str) -> None:
    send(client, old(blocked=blocked))
    assert [row[2] for row in rows()] == [kept]


def test_a_day_has_so_many_rows_and_no_more(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csp_reports, "MOST_ROWS", 3)
    for number in range(6):
        send(client, old(blocked=f"https://n{number}.example/"))
    send(client, old(blocked="https://n1.example/"))
    assert [row[2:] for row in rows()] == [
        ("https://n0.example", "/", 1), ("https://n1.example", "/", 2), ("https://n2.example", "/", 1), ("", "", 3)
    ]  # fmt: skip


def test_the_first_report_of_a_day_removes_the_old_ones(client: Client) -> None:
    today = timezone.localdate()
    for days in (csp_reports.DAYS_KEPT, csp_reports.DAYS_KEPT + 1):
        CspReport.objects.create(day=today - timedelta(days=days), policy="public", directive="img-src", count=1)
    send(client, old())
    kept = set(CspReport.objects.values_list("day", flat=True))
    assert kept == {today, today - timedelta(days=csp_reports.DAYS_KEPT)}


def test_one_sender_adds_so_many_a_minute_and_learns_nothing(client: Client, settings: Any) -> None:
    settings.CSP_REPORTS_LIMIT = 2
    for _ in range(4):
        send(client, old())
    assert [row[-1] for row in rows()] == [2]


def test_other_policies_other_methods_and_a_database_that_fails(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    send(client, old(), "/csp-reports/other/")
    assert client.get(PUBLIC).status_code == 405

    def fails(*_: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr("operations.csp_report_view.record", fails)
    send(client, old())
    assert rows() == []
    assert "could not be stored" in caplog.text


def test_administrators_read_and_export_them_and_others_do_not() -> None:
    CspReport.objects.create(day=date(2026, 5, 4), policy="public", directive="=1+1", blocked="@x", page="/", count=7)
    url = reverse("operations_reports:csp")
    admin, editor = signed_in(make_superuser()), signed_in(member_of(EDITORS))
    page = admin.get(url).content.decode()
    assert "04.05.2026" in page
    assert url in admin.get("/admin/").content.decode()
    content = b"".join(admin.get(f"{url}?export=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "2026-05-04,сайт,'=1+1,'@x,/,7" in content
    assert editor.get(url)["Location"] == "/admin/"
    assert url not in editor.get("/admin/").content.decode()
