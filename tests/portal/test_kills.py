"""kill -9 between any two steps of an action leaves all of it or nothing; a run that was killed goes on when run again.

A letter's leaving is no part of the action: its row in the outbox is, and ``send_messages`` goes on from there. A kill
while it sends leaves no letter that leaves twice by itself, and none that is lost and nobody knows of.
"""

from __future__ import annotations

import inspect
import json
import pkgutil
import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.urls import get_resolver
from django.utils import timezone

import partner_directory.actions
import program_pages.actions
from partner_directory import contracts, messages, outbox
from partner_directory.actions import announcements, applications, site_checks
from partner_directory.announcements import NO_MARK, Seen
from partner_directory.models.message import Delivery, Message
from tests.factories.files import pdf
from tests.factories.messages import make_message
from tests.factories.partners import make_partner
from tests.portal.kill_cases import ALL, CASES, NO_CASE, RUNS, Case
from tests.portal.kills import Ground, chosen

on_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="what a kill leaves is read from SQLite's file")


@pytest.fixture(autouse=True)
def _nobody_outside(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Other sites and the drawing of contracts answer at once, the moment stands still, letters wait for their turn."""
    settings.JOBS_RUN = "worker"
    monkeypatch.setattr(announcements, "look", lambda *_: Seen(trouble=NO_MARK))
    monkeypatch.setattr(site_checks, "check", lambda *_: "")
    monkeypatch.setattr(applications, "pdf_available", lambda: True)
    monkeypatch.setattr(contracts, "draw_contract", lambda *_: pdf())
    get_resolver()._populate()  # once here, and not in each child
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def done(case: Case, given: dict[str, Any]) -> Callable[[], object]:
    """The action as a call, taken to its end where it answers one by one."""

    def act() -> None:
        answer = case.action(**given)
        if isinstance(answer, Iterator):
            list(answer)

    return act


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("case", [case for case in ALL if case.action not in RUNS], ids=str)
def test_a_kill_leaves_all_or_nothing(case: Case, tmp_path: Path) -> None:
    act = done(case, case.prepare())
    left = list(Ground(tmp_path).kills(act))
    assert [each for each in left if each not in {"nothing", "all"}] == []
    assert left == sorted(left, reverse=True), "once it is done, it stays done"
    assert set(left) == {"nothing", "all"}


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize("case", [case for case in ALL if case.action in RUNS], ids=str)
def test_a_run_that_was_killed_is_finished_by_the_next(case: Case, tmp_path: Path) -> None:
    act = done(case, case.prepare())
    assert [each for each in Ground(tmp_path).resumed(act) if each != "all"] == []


@on_sqlite
@pytest.mark.django_db
def test_what_is_half_done_is_seen(tmp_path: Path) -> None:
    partner, other = make_partner(), make_partner()

    def act() -> None:
        for each in (partner, other):
            messages.tell_partner(partner=each, kind="facts_wait", key="half", url="/")

    first, *between, last = Ground(tmp_path).kills(act)
    assert (first, last) == ("nothing", "all")
    half = [left for left in between if left not in {"nothing", "all"}]
    assert half
    assert all(partner.email in left and other.email not in left for left in half)


@on_sqlite
@pytest.mark.django_db
def test_a_letter_killed_on_its_way_never_leaves_twice_and_a_manager_is_shown_it(tmp_path: Path, settings: Any) -> None:
    """Wherever the sender is killed: later runs have sent each letter once, or a manager sees that nobody knows."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    letters = tmp_path / "letters"
    settings.EMAIL_FILE_PATH = str(letters)
    keys = [make_message(make_partner()).pk for _each in range(2)]
    ground, found = Ground(tmp_path), tmp_path / "found"

    def send_again_and_look() -> None:
        with time_machine.travel("2026-11-11T12:00:00+03:00", tick=False):
            outbox.send_due()
            rows = Message.objects.filter(pk__in=keys)
            found.write_text(json.dumps([[row.pk, row.delivery] for row in rows.order_by("pk")]))
            assert {row.pk for row in Message.objects.troubled(timezone.now())} == {
                row.pk for row in rows if row.delivery == Delivery.UNKNOWN
            }

    _whole, steps = ground.undisturbed(outbox.send_due)
    seen = set()
    for step in chosen(steps):
        shutil.rmtree(letters, ignore_errors=True)
        ground.reset()
        ground.run(outbox.send_due, step)
        ground.run(send_again_and_look)
        left = "".join(file.read_text() for file in letters.glob("*"))
        seen |= {
            (delivery, left.count(f"Message-ID: <message.{key}.")) for key, delivery in json.loads(found.read_text())
        }
    assert seen == {(Delivery.SENT, 1), (Delivery.UNKNOWN, 0), (Delivery.UNKNOWN, 1)}


def modules(package: ModuleType) -> list[ModuleType]:
    return [import_module(f"{package.__name__}.{each.name}") for each in pkgutil.iter_modules(package.__path__)]


def test_every_action_has_a_case_or_a_reason_to_have_none() -> None:
    public = {
        function
        for module in [*modules(partner_directory.actions), *modules(program_pages.actions)]
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and function.__module__ == module.__name__
    }
    told = {*CASES, *NO_CASE}
    assert {f"{each.__module__}.{each.__name__}" for each in public ^ told} == set()
    assert not CASES.keys() & NO_CASE.keys()
