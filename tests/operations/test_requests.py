"""Every request has an id, in its answer and in each line of its log; the log says how it was answered."""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
from contextvars import copy_context
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from operations.logs import WordsLine
from partner_directory.sealed_links import review_path
from tests.factories.portal import client_as, make_person
from tests.factories.users import make_superuser
from tracing import ids
from tracing.secrets import MASK, masked, masked_path

from .conftest import Lines

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.operations.failing_urls")]

GIVEN = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def hardy() -> Client:
    """A client to whom a failing view answers as to a visitor."""
    return Client(raise_request_exception=False)


class TestTheId:
    def test_stands_in_the_answer_and_in_every_line(self, client: Client, lines: Lines) -> None:
        answer = client.get("/logs/")
        given = answer["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", given)
        assert {line["request_id"] for line in lines("tests.views") + lines("access")} == {given}
        assert client.get("/logs/")["X-Request-ID"] != given

    @pytest.mark.parametrize(
        ("path", "route"), [("/healthz", "healthz"), ("/badges/ABC.svg", "live_badge"), ("/static/no", "static")]
    )
    def test_of_what_answers_early_too(
        self, client: Client, lines: Lines, settings: Any, path: str, route: str
    ) -> None:
        settings.ACCESS_LOG = "all"
        assert client.get(path)["X-Request-ID"]
        assert lines("access")[-1]["route"] == route

    def test_comes_from_a_proxy_of_our_own_alone(self, client: Client, settings: Any) -> None:
        settings.TRUSTED_PROXIES = 1
        assert client.get("/healthz", headers={"X-Request-ID": GIVEN})["X-Request-ID"] == GIVEN
        settings.TRUSTED_PROXIES = 0
        assert client.get("/healthz", headers={"X-Request-ID": GIVEN})["X-Request-ID"] != GIVEN

    @pytest.mark.parametrize("given", ["", "x", GIVEN + "0" * 9, "a b" + GIVEN[3:], "{" + GIVEN + "}", "é" * 32])
    def test_that_is_not_well_formed_is_not_taken(self, client: Client, settings: Any, given: str) -> None:
        settings.TRUSTED_PROXIES = 1
        answer = client.get("/healthz", headers={"X-Request-ID": given})
        assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-ID"])

    def test_goes_along_into_threads_beside_the_request(self, client: Client, lines: Lines) -> None:
        answer = client.get("/logs/")
        for thread in threading.enumerate():
            if thread.name == "an errand of the tests":
                thread.join()
        (beside,) = [line for line in lines("tests.views") if line["message"] == "done beside"]
        assert beside["request_id"] == answer["X-Request-ID"]

    def test_is_quoted_by_the_page_of_a_failure(self, hardy: Client, lines: Lines) -> None:
        answer = hardy.get("/fails/")
        assert answer.status_code == 500
        assert answer["X-Request-ID"] in answer.content.decode()

    def test_is_quoted_by_the_problem_of_a_failure_of_the_api(self, hardy: Client) -> None:
        answer = hardy.get("/api/fails/")
        assert answer["Content-Type"].startswith("application/problem+json")
        problem = json.loads(answer.content)
        assert (problem["status"], problem["request_id"]) == (500, answer["X-Request-ID"])
        assert "request_id" not in {
            name for name, value in client_problem().items() if value is not None
        }  # what the asker can mend is no failure of ours

    def test_of_a_command_is_one_for_the_whole_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str] = []
        monkeypatch.setattr("django.core.management.execute_from_command_line", lambda argv: seen.append(ids.current()))
        monkeypatch.setattr(sys, "path", [*sys.path])
        copy_context().run(import_module("manage").main)
        assert re.fullmatch("[0-9a-f]{32}", seen[0])


def client_problem() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Client().get("/api/v1/partners/nobody/").content)
    assert found["status"] == 404
    return found


class TestTheAccessLine:
    def test_says_what_answered_and_how(self, lines: Lines) -> None:
        person = make_person()
        answer = client_as(person).get("/portal/account/?code=QUERY")
        (line,) = lines("access")
        assert line["event"] == line["message"] == "request"
        assert (line["method"], line["route"], line["status"]) == ("GET", "portal:account", 200)
        assert line["bytes"] == len(answer.content)
        assert line["user"] == person.pk
        assert line["queries"] > 1
        assert 0 < line["db_ms"] < line["ms"]
        assert "QUERY" not in json.dumps(line)

    def test_is_not_written_of_what_is_only_handed_out_unless_it_is_refused(
        self, client: Client, lines: Lines, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert client.get("/badges/ABC.svg").status_code == 404
        assert lines("access")[-1]["route"] == "live_badge"
        written = len(lines("access"))
        monkeypatch.setattr("partner_directory.badges.middleware.live_badge", lambda *_args, **_kwargs: HttpResponse())
        assert client.get("/badges/ABC.svg").status_code == 200
        assert len(lines("access")) == written

    def test_names_a_page_and_no_other_path(self, client: Client, lines: Lines) -> None:
        client.get("/levels/")
        client.get("/no/such/page/")
        client.get(review_path("1", "client@example.org"))
        found = lines("access")
        assert [line.get("page") for line in found] == ["/levels/", None, None]
        assert [line["route"] for line in found] == ["page", "page", "client_review"]

    def test_asks_the_database_nothing_of_its_own(self, client: Client, lines: Lines) -> None:
        client.get("/robots.txt")
        assert lines("access")[-1]["queries"] == 0
        assert "user" not in lines("access")[-1]

    @pytest.mark.parametrize(
        ("which", "routes"), [("all", ["static", "healthz"]), ("worked", ["healthz"]), ("off", [])]
    )
    def test_is_written_for_what_was_asked_for(
        self, client: Client, lines: Lines, settings: Any, which: str, routes: list[str]
    ) -> None:
        settings.ACCESS_LOG = which
        for path in ("/static/no", "/healthz"):
            assert client.get(path)["X-Request-ID"]
        assert [line["route"] for line in lines("access")] == routes

    def test_of_a_method_that_nobody_knows_is_no_word_of_the_sender(self, client: Client, lines: Lines) -> None:
        client.generic("PA$$WORD", "/healthz")
        assert lines("access")[-1]["method"] == "other"


class TestFailures:
    def test_are_logged_with_their_traceback_and_without_the_path(self, hardy: Client, lines: Lines) -> None:
        secret = "z" * 40  # which looks like no token: only that it stands in a path tells
        answer = hardy.get(f"/sealed/{secret}/?token=QUERY")
        (line,) = lines("django.request")
        assert (line["level"], line["request_id"]) == ("error", answer["X-Request-ID"])
        assert "RuntimeError: nobody expected this" in line["traceback"]
        assert "in fails" in line["traceback"]
        assert secret not in json.dumps(lines())
        assert "QUERY" not in json.dumps(lines())
        assert lines("access")[-1]["status"] == 500

    def test_of_the_page_that_says_so_are_none(self, hardy: Client) -> None:
        for address in ("/fails-in-words/", "/en/fails-in-words/"):
            assert "500" in hardy.get(address).content.decode()

    def test_what_is_refused_is_an_event_of_its_own(self, hardy: Client, lines: Lines) -> None:
        hardy.get("/refuses/")
        assert [(line["event"], line["route"]) for line in lines("security")] == [("permission.refused", "refuses")]

    def test_so_is_a_page_of_the_admin_that_is_not_for_everybody(self, user_in: Any, lines: Lines) -> None:
        editor = user_in("Редакторы")
        editors = client_as(editor)
        assert editors.get("/admin/users/")["Location"] == "/admin/"
        event = lines("security")[-1]
        assert (event["event"], event["user"]) == ("permission.refused", editor.pk)
        before = len(lines("security"))
        client_as(make_superuser()).get("/admin/users/")
        assert [line["event"] for line in lines("security")[before:]] == ["login.succeeded"]

    def test_a_forged_form_is_refused_without_telling_the_path(self, lines: Lines) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.post(f"/portal/invitation/{'a' * 64}/")
        assert lines("security")[-1]["event"] == "permission.refused"
        assert "a" * 64 not in json.dumps(lines())


class TestSlowQueries:
    def test_are_logged_without_what_they_ask_for(self, settings: Any, lines: Lines) -> None:
        settings.SLOW_QUERY_MS = 0.000001
        with connection.cursor() as cursor:
            cursor.execute("SELECT %s", ["somebody@example.org"])
        (line,) = lines("slow_queries")
        assert line["sql"] == "SELECT %s"
        assert line["database"] == "default"


class TestLines:
    def record(self, message: str, *args: Any, **extra: Any) -> logging.LogRecord:
        return logging.getLogger("x").makeRecord("x", logging.INFO, "", 1, message, args, None, extra=extra)

    def test_for_people_hold_the_same_and_stay_one_line(self) -> None:
        line = WordsLine().format(self.record("event", facts={"event": "event", "status": 200}))
        assert line.endswith("INFO x event status=200") or "INFO x event status=200 [" in line
        assert "\n" not in WordsLine().format(self.record("forged\nINFO x signed in"))

    @pytest.mark.parametrize(
        "secret",
        [
            "somebody@example.org",
            "postgres://site:hunter2@db/site",
            "Authorization: Bearer abcdefgh12345678",
            "password=hunter2hunter2",
            "{'password': 'hunter2 hunter2'}",
            "a" * 64,
            "WzEsImEiXQ:1tK9aZ:Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5",
            "1-d2x9ab-0123456789abcdef0123456789abcdef",
            "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
            "bm90LWEtc2VjcmV0LWEta2V5LWZvci10ZXN0cy1vbmw",
        ],
    )
    def test_mask_what_proves_something_or_names_somebody(self, secret: str) -> None:
        said = masked(f"It failed with {secret} in line 12")
        assert MASK in said
        assert said.startswith("It failed with ")
        for part in re.findall(r"[\w.+-]{7,}", secret):
            assert part in ("postgres", "Authorization", "password", "example.org") or part not in said

    @pytest.mark.parametrize(
        "innocent", ["Rehearsal 12 was not finished", "wagtailadmin_pages:edit", GIVEN, "/levels/"]
    )
    def test_leave_the_rest_alone(self, innocent: str) -> None:
        assert masked(innocent) == innocent

    def test_of_a_path_show_no_long_part(self) -> None:
        assert masked_path(f"/a/{'b' * 32}/c/") == f"/a/{MASK}/c/"
        assert masked_path("/partners/romashka/") == "/partners/romashka/"
        assert "\n" not in masked_path("/a\nb/")


def test_a_thread_takes_the_id_and_nothing_else() -> None:
    from django.utils import translation

    seen: list[str] = []
    with ids.using("outer"), translation.override("en"):
        work = ids.carried(lambda: seen.extend([ids.current(), translation.get_language() or ""]))
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    assert seen == ["outer", "ru"]
