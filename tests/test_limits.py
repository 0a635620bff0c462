"""Limits hold for all processes together; while they cannot be counted, sign-ins stop and reading goes on."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal import auth
from django.core.cache import caches
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import tries
from config.settings import engines
from partner_directory import limits
from partner_directory.enquiries import proof
from tests.directory.test_enquiries import solved
from tests.factories.portal import client_as, make_person
from tests.servers import RedisServer, redis_server

LOCAL = "django.core.cache.backends.locmem.LocMemCache"
REDIS = "django.core.cache.backends.redis.RedisCache"
PASSWORD = "a-long-password-of-ours"
TRIES = {
    "account_login": {"login": "known@example.org", "password": PASSWORD},
    "account_signup": {"email": "new@example.org", "password1": PASSWORD},
    "account_reset_password": {"email": "known@example.org"},
    "mfa_authenticate": {"code": "123456"},
}


@pytest.fixture
def _counting_is_down(settings: Any) -> None:
    """The cache that counts is a server that is not there; the other cache forgets nothing."""
    settings.CACHES = {
        "default": {"BACKEND": LOCAL},
        "limits": {"BACKEND": REDIS, "LOCATION": "unix:///nowhere/redis.sock"},
    }


@pytest.fixture
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with redis_server(tmp_path_factory.mktemp("redis")) as server:
        yield server


def passed(results: Any, times: int, most: int) -> None:
    """How many of so many requests pass, in a process of its own."""
    count = 0
    for _ in range(times):
        with suppress(limits.TooOften):
            limits.count(RequestFactory().get("/"), "test", most)
            count += 1
    results.put(count)


def test_two_processes_count_together(redis: RedisServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = engines.caches(redis.url)
    monkeypatch.setattr(limits, "MINUTE", 3600)  # so that no minute ends in the middle
    forking = multiprocessing.get_context("fork")
    results = forking.Queue()
    processes = [forking.Process(target=passed, args=(results, 40, 50)) for _ in range(2)]
    for process in processes:
        process.start()
    counted = [results.get(timeout=30) for _ in processes]
    for process in processes:
        process.join(timeout=30)
    assert sum(counted) == 50


@pytest.mark.django_db
def test_tries_are_counted_where_all_processes_do(client: Client, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"},
        "limits": {"BACKEND": LOCAL, "LOCATION": "limits of a test"},
    }
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    try:
        found = [client.post(reverse("account_login"), TRIES["account_login"]).status_code for _ in range(3)]
    finally:
        caches["limits"].clear()
    assert found == [200, 200, 429]


@pytest.mark.django_db
def test_a_code_of_the_app_is_taken_once_however_far_its_clock_is_ahead() -> None:
    totp = auth.TOTP.activate(make_person(), auth.generate_totp_secret())
    *_earlier, counter = auth.yield_hotp_counters_from_time()
    code = str(auth.format_hotp_value(auth.hotp_value(auth.decrypt(totp.instance.data["secret"]), counter)))
    taken = []
    for seconds in (0, 10, 35):
        with time_machine.travel(time.time() + seconds, tick=False):
            assert auth.validate_totp_code(auth.decrypt(totp.instance.data["secret"]), code)
            taken.append(totp.validate_code(code))
    assert taken == [True, False, False]


@pytest.mark.django_db
@pytest.mark.usefixtures("_counting_is_down")
@pytest.mark.parametrize("name", TRIES)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_nothing_is_tried_while_tries_cannot_be_counted(
    name: str, language: str, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_person(email="known@example.org", password=PASSWORD)

    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("it was tried")

    for tried in ("django.contrib.auth.authenticate", "allauth.account.adapter.DefaultAccountAdapter.authenticate"):
        monkeypatch.setattr(tried, refuse)
    prefix = "" if language == "ru" else "/en"
    answer = client.post(prefix + reverse(name), TRIES[name])
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert ("Попробуйте чуть позже" if language == "ru" else "Try again in a moment") in answer.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
@pytest.mark.usefixtures("_counting_is_down")
def test_a_cache_that_goes_in_the_middle_of_a_try_ends_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([True, False])
    monkeypatch.setattr(tries, "can_be_counted", lambda: next(answers))
    client.raise_request_exception = False
    assert client.post(reverse("account_login"), TRIES["account_login"]).status_code == 503


@pytest.mark.django_db
@pytest.mark.usefixtures("_counting_is_down")
def test_reading_goes_on_and_whoever_is_in_may_leave(client: Client) -> None:
    for address in ("/", "/partners/", "/account/login/", "/api/v1/programme/", "/api/v1/quotes/?level=retail"):
        assert client.get(address).status_code in {200, 422}, address
    assert client.get("/api/v1/verify/ABCD-EFGH/").status_code in {404, 422}
    inside = client_as(make_person())
    assert inside.get("/portal/").status_code in {200, 302}
    assert inside.post(reverse("account_logout")).status_code == 302
    assert "_auth_user_id" not in inside.session


@pytest.mark.django_db
@pytest.mark.usefixtures("_counting_is_down")
def test_what_costs_us_and_proofs_of_work_are_refused(client: Client) -> None:
    answer = client.post("/verify/", {"page": "https://example.org/"})
    assert answer.status_code == 429
    assert not proof.spend(solved())
    assert client.post("/csp-reports/public/", b"{}", content_type="application/json").status_code == 204


@pytest.mark.django_db
def test_the_api_answers_one_visitor_so_often_a_minute(client: Client, settings: Any) -> None:
    settings.API_LIMIT = 2
    caches["limits"].clear()
    answers = [client.get("/api/v1/regions/", headers={"Accept-Language": "en"}) for _ in range(3)]
    other = client.get("/api/v1/regions/", REMOTE_ADDR="10.1.1.1")
    caches["limits"].clear()
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    refused = answers[-1]
    assert refused["Content-Type"].startswith("application/problem+json")
    assert refused.json()["detail"] == "Too many requests in a row: please wait."
    assert 0 < int(refused["Retry-After"]) <= 60
    assert other.status_code == 200
