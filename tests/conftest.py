"""The ground of every test: compiled translations, and a database that holds the published programme.

Each test database is migrated and loaded once, by the project's own commands. Plain database tests roll
back to that state. A test with real transactions empties its tables when it ends; the state is then
restored from a copy. Factories stand in tests/factories, the browser's tests in tests/e2e.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from io import StringIO
from typing import Any

import django.test.client
import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.signals import setting_changed
from django.db import connection
from django.test import Client, override_settings
from django.utils import translation
from pytest_django import DjangoDbBlocker

from config import catalogues

from . import kept_ground
from .databases import Copy, copy_of_default
from .factories.users import make_user

STORE = django.test.client.store_rendered_templates  # type: ignore[attr-defined]
OBJECTS_BETWEEN_LOOKS = 100_000  # made, and not yet let go
COPY = pytest.StashKey[tuple[Copy, DjangoDbBlocker]]()


def pytest_configure() -> None:
    """Pages are read in both languages: the catalogues are compiled before Django reads them."""
    catalogues.compile_all()
    django.test.client.store_rendered_templates = _store_the_first  # type: ignore[attr-defined]


def _store_the_first(store: dict[str, Any], *args: Any, **kwargs: Any) -> None:
    """What the client notes of an answer. Tests ask for the page's own context; the admin's forms have thousands."""
    if "context" not in store:
        STORE(store, *args, **kwargs)


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through it for garbage took a tenth of a run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_BETWEEN_LOOKS, *gc.get_threshold()[1:])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On a database that was asked for, only the tests that ask one: what others find cannot be otherwise there.

    ``FEW_CASES=4`` runs each test with four of its cases at most, the first and the last among them; ``SHARE=0/2``
    every second test, the first among them, ``SHARE=1/2`` the others.
    """
    kept = items
    if os.environ.get("DATABASE_URL"):
        kept = [item for item in items if {"db", "transactional_db", "django_db_setup"} & set(_fixtures_of(item))]
    if most := int(os.environ.get("FEW_CASES", "0")):
        kept = few_of_each(kept, most)
    if share := os.environ.get("SHARE"):
        kept = share_of(kept, *map(int, share.split("/")))
    chosen = set(kept)
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = kept


def few_of_each(items: list[pytest.Item], most: int) -> list[pytest.Item]:
    """Of each test as many cases as ``most`` (two or more), evenly from the first to the last, in their order."""
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    chosen = {of[round(place * (len(of) - 1) / max(most - 1, 1))] for of in cases.values() for place in range(most)}
    return [item for item in items if item in chosen]


def share_of(items: list[pytest.Item], turn: int, shares: int) -> list[pytest.Item]:
    """One of some shares of the tests, each with all its cases."""
    tests = list(dict.fromkeys(item.nodeid.partition("[")[0] for item in items))
    chosen = set(tests[turn::shares])
    return [item for item in items if item.nodeid.partition("[")[0] in chosen]


def _fixtures_of(item: pytest.Item) -> Iterable[str]:
    """The fixtures of a test, and what its mark asks for."""
    marked = ("db",) if item.get_closest_marker("django_db") else ()
    return (*getattr(item, "fixturenames", ()), *marked)


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A migrated database with the programme, its pages, its sample data, and the regions and cities."""
    kept, of_the_site = kept_ground.place(), connection.settings_dict["NAME"]
    is_kept = bool(kept and kept.exists())
    with kept_ground.without_migrating() if is_kept else nullcontext():
        request.getfixturevalue("django_db_setup")
    if connection.settings_dict["NAME"] == of_the_site:  # where no test is marked, there is no database for tests
        raise pytest.UsageError("What asks for a database without pytest.mark.django_db would get the site's own.")
    with django_db_blocker.unblock():
        if kept and is_kept:
            kept_ground.put_back(kept)
        else:
            _load_the_programme()
            if kept:
                kept_ground.keep(kept)
        copy = copy_of_default() if any(map(_empties_its_tables, request.session.items)) else None
    if copy is None:
        yield
        return
    request.config.stash[COPY] = (copy, django_db_blocker)
    yield
    with django_db_blocker.unblock():
        copy.discard()


def _load_the_programme() -> None:
    from program_pages.models import TermsEdition

    if not TermsEdition.objects.exists():  # --reuse-db may have kept them
        with override_settings(DEBUG=True):  # sample users are for development alone
            call_command("load_programme", stdout=StringIO())
    call_command("load_directory", no_samples=True, stdout=StringIO())  # tests make the partners they need


def _empties_its_tables(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    asked = {"transactional_db", "live_server", "django_db_reset_sequences"} & set(getattr(item, "fixturenames", ()))
    return bool(asked) or bool(marker and (marker.kwargs.get("transaction") or marker.kwargs.get("reset_sequences")))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Lets Django empty the tables of an edition in force and of the ledger, and puts the programme back."""
    stored = item.config.stash.get(COPY, None) if _empties_its_tables(item) else None
    if stored is None:
        return (yield)
    from partner_directory import guards
    from program_pages import immutability

    copy, blocker = stored
    with blocker.unblock():
        immutability.lift()
        guards.lift()
    result = yield
    if nextitem is not None:  # after the last test the copy is already discarded
        with blocker.unblock():
            copy.restore()
    return result


@pytest.fixture(autouse=True, scope="session")
def _storages_stay_the_ones_that_models_keep() -> Iterator[None]:
    """Settings of one test make every storage anew: after it, those are put back that the fields of models hold."""
    kept = {alias: storages[alias] for alias in ("default", "private")}

    def put_back(*, setting: str, enter: bool, **_: Any) -> None:
        if not enter and setting in {"STORAGES", "STATIC_ROOT", "STATIC_URL"}:
            storages._storages = dict(kept)

    setting_changed.connect(put_back)
    yield
    setting_changed.disconnect(put_back)


@pytest.fixture(autouse=True)
def _nothing_of_another_test() -> None:
    """A rolled-back edition, or directory, may share its key and its frozen clock with the next test's."""
    from partner_directory.directory import snapshot
    from partner_directory.impact import drafts
    from program_pages import terms

    drafts.forget()
    terms._approved_terms.cache_clear()
    snapshot.forget()
    translation.activate(settings.LANGUAGE_CODE)  # the API's middleware leaves the language it was asked for


Get = Callable[..., BeautifulSoup]
UserIn = Callable[..., object]


@pytest.fixture
def get(client: Client) -> Get:
    """Fetches a page in a language: ``get("/terms/", "en")`` reads ``/en/terms/``; asserts its status."""

    def fetch(url: str, language: str = settings.LANGUAGE_CODE, status: int = 200) -> BeautifulSoup:
        address = url if language == settings.LANGUAGE_CODE else f"/{language}{url}"
        response = client.get(address)
        assert response.status_code == status, f"{address}: {response.status_code}"
        return BeautifulSoup(response.content, "html.parser")

    return fetch


@pytest.fixture
def user_in(db: None) -> UserIn:
    """Makes a user of the named groups, the ones that the site itself has made: ``user_in("…")``."""

    def make(*names: str) -> object:
        user = make_user()
        user.groups.set([Group.objects.get(name=name) for name in names])
        return user

    return make
