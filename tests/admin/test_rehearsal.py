"""The end of the year rehearsed: who would renew, who would fall and why, with nothing changed (R45, R69)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.apps import apps
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.actions import level_changes, memberships
from partner_directory.models import LevelChange, Membership, Specialist, StepRun
from partner_directory.viewsets.year_reports import RehearsalReport
from partner_directory.year import rehearsal, turn
from program_pages.groups import PARTNER_MANAGERS
from program_pages.models import Level
from program_pages.rules.requirements import RequirementFacts
from tests.admin.conftest import member_of
from tests.admin.forms import said
from tests.admin.test_partners import queries, register
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db

REHEARSAL, TURN = "partner_reports:rehearsal", "partner_reports:turn"
LAST_DAY = date(2026, 12, 31)


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def rehearsed(*options: str) -> str:
    out = StringIO()
    call_command("turn_of_day", "--rehearse", "2026-12-31", *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def everything() -> dict[str, list[Any]]:
    """Every row of the database."""
    return {
        model._meta.label: list(model._default_manager.order_by("pk").values_list())
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }


def some_of_each() -> None:
    make_partner(name_ru="Розница")
    make_partner(name_ru="Почти", level="competency", specialists=1)
    make_partner(name_ru="Приостановлен", state="suspended")
    renewed = make_partner(name_ru="Продлён")
    memberships.renew(membership=renewed.memberships.get(), actor=None)
    make_partner(name_ru="Ушёл", state="ended")
    make_partner(name_ru="Прошлый", state="lapsed")


class TestTheCommand:
    def test_prints_who_would_renew_who_would_fall_and_why(self) -> None:
        some_of_each()
        lines = {line.split("  ")[0]: line for line in rehearsed().splitlines()}
        assert "может продлить" in lines["Розница"]
        assert "выпадет" in lines["Почти"]
        assert "1 из 2, не хватает 1" in lines["Почти"]
        assert "Членство приостановлено" in lines["Приостановлен"]
        assert "уже продлено" in lines["Продлён"]
        assert not {"Ушёл", "Прошлый"} & set(lines)
        assert "выпадет: 2" in rehearsed()

    def test_changes_nothing_not_even_with_letters(self) -> None:
        some_of_each()
        member_of(PARTNER_MANAGERS)
        before = everything()
        rehearsed("--mail")
        assert everything() == before
        assert mail.outbox

    def test_writes_to_the_managers_and_to_nobody_else(self) -> None:
        some_of_each()
        manager, gone = member_of(PARTNER_MANAGERS), member_of(PARTNER_MANAGERS)
        gone.is_active = False
        gone.save()
        rehearsed("--mail")
        [letter] = [letter for letter in mail.outbox if letter.to == [manager.email]]
        assert not [letter for letter in mail.outbox if gone.email in letter.to]
        assert "Почти" in letter.body
        [(name, content, kind)] = letter.attachments
        assert (name, kind) == ("rehearsal-2026-12-31.csv", "text/csv")
        assert "Почти" in content

    def test_as_csv_it_is_read_by_a_spreadsheet_and_runs_no_formula(self) -> None:
        make_partner(name_ru="=1+1", inn="7707083893")
        [head, row] = csv.reader(StringIO(rehearsed("--format", "csv").strip()))
        assert head[0] == "Партнёр"
        assert row[:2] == ["'=1+1", "7707083893"]

    def test_r69_who_will_have_left_by_that_day_is_not_there(self) -> None:
        partner = make_partner(name_ru="Редеет", level="saas", specialists=2)
        Specialist.objects.filter(pk=partner.specialists.earliest("pk").pk).update(left_on=date(2026, 12, 1))
        [row] = rehearsal.rehearse(rehearsal.memberships_on(LAST_DAY), LAST_DAY)
        assert any("1 из 2" in reason for reason in row.reasons)

    @pytest.mark.parametrize("options", [["--rehearse", "вчера"], ["--rehearse", "2026-13-01"], ["--mail"]])
    def test_what_makes_no_sense_is_refused(self, options: list[str]) -> None:
        with pytest.raises(CommandError):
            call_command("turn_of_day", *options, stdout=StringIO())
        assert not StepRun.objects.exists()

    def test_of_a_day_without_memberships_is_empty(self) -> None:
        out = StringIO()
        call_command("turn_of_day", "--rehearse", "1999-12-31", stdout=out)
        assert "выпадет: 0" in out.getvalue()


class TestTheReport:
    def test_lists_the_last_day_of_this_year_unless_told(self, partner_manager: Client) -> None:
        some_of_each()
        text = said(partner_manager.get(reverse(REHEARSAL)))
        for words in (
            "Репетиция конца года",
            "31.12.2026",
            "Розница",
            "может продлить",
            "не хватает 1",
            "уже продлено",
        ):
            assert words in text
        assert "Ушёл" not in text

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"outcome": "falls"}, {"Почти", "Приостановлен"}),
            ({"outcome": "renews"}, {"Розница"}),
            ({"outcome": "renewed"}, {"Продлён"}),
            ({"on": "31.12.2027"}, {"Продлён"}),
            ({"on": "31.12.2025"}, {"Прошлый"}),
            ({"on": "вчера"}, {"Розница", "Почти", "Приостановлен", "Продлён"}),
        ],
        ids=["falls", "renews", "renewed", "the next year", "the last year", "no day"],
    )
    def test_is_narrowed(self, query: dict[str, str], found: set[str], partner_manager: Client) -> None:
        some_of_each()
        page = BeautifulSoup(partner_manager.get(reverse(REHEARSAL), query).content, "html.parser")
        names = {cell.get_text(strip=True) for cell in page.select("td.title")}
        assert names == found

    def test_by_level(self, partner_manager: Client) -> None:
        some_of_each()
        level = Level.objects.get(slug="competency")
        text = said(partner_manager.get(reverse(REHEARSAL), {"level": level.pk}))
        assert "Почти" in text
        assert "Розница" not in text

    def test_costs_no_queries_a_row(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def no_records(partners: Iterable[int], _day: date) -> dict[int, RequirementFacts]:
            return dict.fromkeys(partners, RequirementFacts())

        def asked() -> int:
            with CaptureQueriesContext(connection) as captured:
                rehearsal.rehearse(rehearsal.memberships_on(LAST_DAY), LAST_DAY)
            return len(captured)

        monkeypatch.setattr("partner_directory.year.renewal.facts_of_many", no_records)
        make_partner()
        asked()  # what a process looks up once
        few = asked()
        for _ in range(10):
            make_partner()
        assert asked() == few > 0

    def test_has_pages(self, partner_manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(RehearsalReport, "paginate_by", 2)
        for _ in range(3):
            make_partner()
        page = BeautifulSoup(partner_manager.get(reverse(REHEARSAL), {"p": 2}).content, "html.parser")
        assert len(page.select("td.title")) == 1

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    @pytest.mark.parametrize("report", [REHEARSAL, TURN])
    def test_is_exported_by_those_who_may(
        self, report: str, kind: str, partner_manager: Client, editor: Client
    ) -> None:
        make_partner(name_ru="=1+1")
        turn.turn(LAST_DAY, lambda line: None)
        url = f"{reverse(report)}?export={kind}"
        content = b"".join(partner_manager.get(url).streaming_content)  # type: ignore[attr-defined]
        assert kind == "xlsx" or ("'=1+1" if report == REHEARSAL else "напоминания") in content.decode("utf-8-sig")
        assert editor.get(url)["Location"].startswith("/admin/")

    def test_is_for_those_who_decide_on_memberships(self, editor: Client, manager: Client, client: Client) -> None:
        for report in (REHEARSAL, TURN):
            for other in (editor, manager):
                assert other.get(reverse(report))["Location"].startswith("/admin/")
            assert "/login/" in client.get(reverse(report))["Location"]
        assert reverse(REHEARSAL) not in editor.get(reverse("wagtailadmin_home")).content.decode()

    def test_the_last_turn_of_the_day_is_shown_with_its_trouble(
        self, partner_manager: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(_day: date) -> int:
            raise RuntimeError("нет места на диске")

        others = [step for step in turn.STEPS if step.name in {"open_renewal", "remind"}]
        monkeypatch.setattr(turn, "STEPS", (turn.Step("publish", "…", broken), *others))
        turn.turn(date(2026, 11, 10), lambda line: None)
        text = said(partner_manager.get(reverse(TURN)))
        for words in ("публикация по расписанию", "нет места на диске", "напоминания", "10.11.2026"):
            assert words in text


class TestRequestsForAnotherLevel:
    def view(self, name: str, *args: Any) -> str:
        return register("levelchange", name, *args)

    def asked(self, **fields: Any) -> LevelChange:
        partner = make_partner(**{"name_ru": "Растущий", "specialists": 1} | fields)
        return level_changes.ask(
            membership=partner.memberships.get(), level=Level.objects.get(slug="saas"), wish="Хотим аренду", actor=None
        )

    def test_a_manager_reads_who_asks_why_and_what_is_missing(self, partner_manager: Client) -> None:
        change = self.asked()
        assert "Растущий" in said(partner_manager.get(self.view("index")))
        text = said(partner_manager.get(self.view("inspect", change.pk)))
        for words in ("Растущий", "Хотим аренду", "1 из 2, не хватает 1", "на рассмотрении"):
            assert words in text
        assert self.view("grant", change.pk) in partner_manager.get(self.view("inspect", change.pk)).content.decode()

    def test_grants_it(self, partner_manager: Client) -> None:
        change = self.asked()
        url = self.view("grant", change.pk)
        assert "10.11.2026" in partner_manager.get(url).content.decode()
        response = partner_manager.post(url, {"on": "15.11.2026", "reason": "Договорились"}, follow=True)
        assert "Уровень сменён" in said(response)
        change.refresh_from_db()
        assert change.state == "granted"
        assert Membership.objects.latest("starts").starts == date(2026, 11, 15)

    def test_refuses_it_with_a_reason_alone(self, partner_manager: Client) -> None:
        change = self.asked()
        url = self.view("refuse", change.pk)
        partner_manager.post(url, {"reason": ""})
        change.refresh_from_db()
        assert change.state == "asked"
        partner_manager.post(url, {"reason": "Рано"})
        change.refresh_from_db()
        assert (change.state, change.reason) == ("refused", "Рано")

    def test_what_cannot_be_is_said_and_nothing_is_written(self, partner_manager: Client) -> None:
        change = self.asked()
        response = partner_manager.post(self.view("grant", change.pk), {"on": "01.05.2027"}, follow=True)
        assert "членство уже закончится" in said(response)
        change.refresh_from_db()
        assert change.state == "asked"
        assert partner_manager.post(self.view("grant", change.pk), {"on": "вчера"}).status_code == 200
        level_changes.cancel(change=change, actor=None)
        again = partner_manager.post(self.view("grant", change.pk), {"on": "15.11.2026"}, follow=True)
        assert "уже решён или отозван" in said(again)
        assert self.view("grant", change.pk) not in said(again)

    def test_nobody_else_decides(self, editor: Client, manager: Client, client: Client) -> None:
        change = self.asked()
        for other in (editor, manager, client):
            for name in ("index", "inspect", "grant", "refuse"):
                args = () if name == "index" else (change.pk,)
                assert other.post(self.view(name, *args), {"reason": "…"}).status_code == 302
        change.refresh_from_db()
        assert change.state == "asked"

    def test_the_queue_costs_no_queries_a_row_and_is_exported_safely(self, partner_manager: Client) -> None:
        self.asked(name_ru="=1+1")
        few = queries(partner_manager, self.view("index"))
        for _ in range(10):
            self.asked()
        assert queries(partner_manager, self.view("index")) <= few
        exported = partner_manager.get(self.view("index") + "?export=csv")
        assert "'=1+1" in b"".join(exported.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
