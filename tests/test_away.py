"""While the database or the files are away readers are told when to come back; a mistake of our own stays a mistake."""

from __future__ import annotations

import errno
import socket
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest
from bs4 import BeautifulSoup
from django.db import OperationalError, ProgrammingError, connection, connections
from django.test import Client

from config.away import is_away

GONE = OperationalError("connection to server failed")


def raising(error: BaseException) -> Callable[..., NoReturn]:
    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise error

    return refuse


@pytest.fixture
def reader() -> Client:
    """Gets what a reader gets, whatever was raised."""
    return Client(raise_request_exception=False)


@pytest.fixture
def database_away(db: None) -> Iterator[None]:
    with connection.execute_wrapper(raising(GONE)):
        yield


@pytest.mark.usefixtures("database_away")
@pytest.mark.parametrize(
    ("path", "language", "title"),
    [
        ("/", "ru", "Скоро вернёмся"),
        ("/en/partners/?q=crm", "en", "Back soon"),
        ("/no/such/page/", "ru", "Скоро вернёмся"),  # the page of what is not there asks the database too
        ("/account/login/", "ru", "Скоро вернёмся"),
        ("/admin/", "ru", "Скоро вернёмся"),
    ],
)
def test_a_page_says_in_the_readers_language_that_the_site_is_back_soon(
    reader: Client, path: str, language: str, title: str
) -> None:
    reader.cookies["sessionid"] = "a" * 32  # as of somebody signed in
    answer = reader.get(path)
    page = BeautifulSoup(answer.content, "html.parser")

    assert answer.status_code == 503
    assert 0 < int(answer["Retry-After"]) <= 60
    assert "no-store" in answer["Cache-Control"]
    assert answer["Content-Language"] == language
    assert page.html is not None
    assert page.html["lang"] == language
    assert page.select_one("h1").get_text() == title
    assert page.select_one("a.button")["href"] == path
    assert "connection" not in answer.content.decode()


@pytest.mark.usefixtures("database_away")
@pytest.mark.parametrize(("language", "word"), [("ru", "повторите"), ("en", "repeat")])
def test_the_api_says_it_as_a_problem(reader: Client, language: str, word: str) -> None:
    answer = reader.get("/api/v1/programme/", headers={"accept-language": language})

    assert answer.status_code == 503
    assert answer["Content-Type"].startswith("application/problem+json")
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["status"] == 503
    assert word in answer.json()["detail"]


@pytest.mark.usefixtures("database_away")
def test_whoever_sent_a_form_is_told_to_look_before_sending_it_again(reader: Client) -> None:
    page = BeautifulSoup(reader.post("/partners/enquiry/", {"text": "CRM"}).content, "html.parser")

    assert "проверьте, прежде чем отправлять снова" in page.get_text()
    assert page.select_one("a.button") is None


@pytest.mark.django_db
def test_a_mistake_of_our_own_is_a_mistake(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("program_pages.views.TemplateResponse", raising(ValueError("ours")))

    assert reader.get("/search/").status_code == 500


@pytest.mark.django_db
def test_a_disk_that_is_full_is_said_too(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("program_pages.views.TemplateResponse", raising(OSError(errno.ENOSPC, "full")))

    assert reader.get("/search/").status_code == 503


def from_sqlite(path: Path, sql: str) -> OperationalError:
    """What Django raises for a statement on a SQLite file."""
    other = connections.create_connection("default")
    other.settings_dict = other.settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "OPTIONS": {"timeout": 0},
    }
    try:
        with pytest.raises(OperationalError) as caught, other.cursor() as cursor:
            cursor.execute(sql)
    finally:
        other.close()
    return caught.value


@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite itself")
@pytest.mark.django_db
def test_what_sqlite_says_is_told_apart(tmp_path: Path) -> None:
    missing = from_sqlite(tmp_path / "no" / "such.sqlite3", "SELECT 1")
    misspelt = from_sqlite(tmp_path / "some.sqlite3", "SELEC 1")
    other = sqlite3.connect(tmp_path / "some.sqlite3")
    other.execute("CREATE TABLE one (a)")
    other.execute("BEGIN EXCLUSIVE")
    locked = from_sqlite(tmp_path / "some.sqlite3", "INSERT INTO one VALUES (1)")
    other.close()

    assert [is_away(error) for error in (missing, locked, misspelt)] == [True, True, False]


def from_postgres(state: str | None) -> OperationalError:
    """What Django makes of an error that PostgreSQL, or its driver, raised with a state."""
    psycopg = pytest.importorskip("psycopg")
    cause = psycopg.OperationalError("said") if state is None else psycopg.errors.lookup(state)("said")
    error = OperationalError("said")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("state", "away"),
    [
        (None, True),  # nobody listens there
        ("08006", True),
        ("53100", True),  # its disk is full
        ("53300", True),  # too many connections
        ("57P01", True),  # an administrator ended it
        ("57014", False),  # a statement that took too long
        ("40P01", False),  # two that waited for each other
    ],
)
def test_what_postgresql_says_is_told_apart(state: str | None, away: bool) -> None:
    assert is_away(from_postgres(state)) is away


def test_a_server_where_nobody_listens_is_away() -> None:
    psycopg = pytest.importorskip("psycopg")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    error = OperationalError("refused")
    with pytest.raises(psycopg.OperationalError) as caught:
        psycopg.connect(host="127.0.0.1", port=port, dbname="x", user="x", connect_timeout=1)
    error.__cause__ = caught.value

    assert is_away(error)
    assert not is_away(ProgrammingError("no such table"))
