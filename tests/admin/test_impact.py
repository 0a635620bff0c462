"""A rehearsal before those who write and approve the terms: begun, read, filtered, exported, tried otherwise."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.actions import impacts
from partner_directory.impact import runner
from partner_directory.models import Impact
from program_pages.models import TermsEdition
from tests.admin.conftest import shortened
from tests.admin.forms import said
from tests.factories import records as made
from tests.factories.editions import draft_edition
from tests.factories.partners import make_partner

pytestmark = pytest.mark.django_db
NEXT_YEAR = date(2027, 1, 1)


@pytest.fixture(autouse=True)
def _a_day_in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def stricter(data: dict[str, Any]) -> None:
    shortened(data)
    for row in data["requirements"]:
        if row["kind"] == "certified_specialists":
            row["threshold"] = 3


@pytest.fixture
def draft() -> TermsEdition:
    return draft_edition(effective_from=NEXT_YEAR, discounts={"competency": "18", "retail": "11"}, change=stricter)


def with_sale(name: str, total: str, *, level: str = "competency", specialists: int = 2) -> None:
    made.make_sale(make_partner(level=level, name_ru=name, specialists=specialists), total)


def rehearsed(edition: TermsEdition) -> Impact:
    impact = impacts.start(edition=edition, actor=None)
    assert runner.finish(impact)
    return Impact.objects.get(pk=impact.pk)


@pytest.fixture
def impact(draft: TermsEdition) -> Impact:
    with_sale("Теряющий", "100000")
    with_sale("=1+1", "50000", specialists=3)  # whom the third no longer brings a bonus (R73)
    with_sale("Выигрывающий", "10000", level="retail")
    return rehearsed(draft)


def edit_url(edition: TermsEdition) -> str:
    return reverse("wagtailsnippets_program_pages_termsedition:edit", args=[edition.pk])


def url(name: str, impact: Impact) -> str:
    return reverse(f"impacts:{name}", args=[impact.pk])


def names(response: Any) -> list[str]:
    page = BeautifulSoup(response.content, "html.parser")
    return [cell.get_text(" ", strip=True) for cell in page.select(".listing td.title")]


class TestBesideTheEdition:
    def test_whoever_approves_is_warned_and_begins_one_with_a_button(
        self, manager: Client, draft: TermsEdition
    ) -> None:
        with_sale("Теряющий", "100000")
        response = manager.get(edit_url(draft))
        assert "Эту версию ещё не репетировали" in said(response)
        page = BeautifulSoup(response.content, "html.parser")
        form = page.find("form", action=reverse("impacts:start", args=[draft.pk]))
        assert form is not None
        assert form.find_parent("form") is None
        report = manager.post(form["action"], follow=True)
        assert "−2 000 ₽" in said(report)
        assert Impact.objects.get().started_by is not None

    def test_whoever_approves_sees_what_exactly_this_version_does(
        self, manager: Client, draft: TermsEdition, impact: Impact
    ) -> None:
        text = said(manager.get(edit_url(draft)))
        for words in ("Репетиция этой версии", "−4 150 ₽", "Перестанут выполнять требования: 1", "2 / 1"):
            assert words in text
        draft.ceiling = Decimal(39)
        draft.save_revision()
        changed = said(manager.get(edit_url(draft)))
        assert "Эту версию ещё не репетировали" in changed
        assert "Репетиция прежней версии" in changed

    def test_in_the_workflow_on_the_dashboard_and_in_the_window_of_the_decision(
        self, manager: Client, draft: TermsEdition, impact: Impact, superuser: Any
    ) -> None:
        state = draft.get_workflow().start(draft, superuser)
        assert "−4 150 ₽" in said(manager.get(reverse("wagtailadmin_home")))
        window = reverse(
            "wagtailsnippets_program_pages_termsedition:workflow_action",
            args=[draft.pk, "reject", state.current_task_state.pk],
        )
        assert "Задача «Утверждение менеджером программы»" in said(manager.get(url("report", impact)))
        html = manager.get(window).json()["html"]
        assert "−4 150 ₽" in " ".join(BeautifulSoup(html, "html.parser").get_text().split())

    def test_one_that_goes_on_says_how_far_it_is(self, manager: Client, draft: TermsEdition) -> None:
        make_partner()
        impacts.start(edition=draft, actor=None)
        assert "готово 0 %" in said(manager.get(edit_url(draft)))

    def test_an_edition_in_force_and_those_without_the_right_have_none(
        self, manager: Client, in_force: TermsEdition
    ) -> None:
        assert "Репетиц" not in said(manager.get(edit_url(in_force))).replace("Репетиции редакций", "")

    def test_what_cannot_be_rehearsed_is_said_on_the_editions_page(
        self, manager: Client, in_force: TermsEdition
    ) -> None:
        response = manager.post(reverse("impacts:start", args=[in_force.pk]), follow=True)
        assert "уже вступила в силу" in said(response)
        assert not Impact.objects.exists()


class TestReport:
    def test_says_totals_grounds_and_each_partner_the_greatest_loss_first(
        self, manager: Client, impact: Impact
    ) -> None:
        response = manager.get(url("report", impact))
        text = said(response)
        for words in ("−4 150 ₽", "Из чего это следует", "с 11 ноября 2025 г. по 10 ноября 2026 г.", "20 % → 18 %"):
            assert words in text
        assert names(response) == ["=1+1", "Теряющий", "Выигрывающий"]
        assert "sha" not in text
        assert impact.content_sha256[:12] in text

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ({"direction": "gains"}, ["Выигрывающий"]),
            ({"direction": "loses"}, ["=1+1", "Теряющий"]),
            ({"direction": "even"}, []),
            ({"missed": "any"}, ["Теряющий"]),
            ({"missed": "specialists"}, ["Теряющий"]),
            ({"partner": "ВЫИГРЫВАЮЩИЙ"}, ["Выигрывающий"]),
            ({"partner": "("}, []),
            ({"ordering": "-total"}, ["Выигрывающий", "Теряющий", "=1+1"]),
        ],
    )
    def test_is_filtered_and_sorted(
        self, asked: dict[str, str], found: list[str], manager: Client, impact: Impact
    ) -> None:
        keys = {key for row in impact.rows.all() for key in row.missed}
        asked = {name: next(iter(keys)) if value == "specialists" else value for name, value in asked.items()}
        for view in ("report", "results"):
            assert names(manager.get(url(view, impact), asked)) == found

    @pytest.mark.parametrize("bad", [{"level": "x"}, {"missed": "nothing"}, {"p": "0"}, {"ordering": "x"}])
    def test_a_filter_that_cannot_be_breaks_nothing(self, bad: dict[str, str], manager: Client, impact: Impact) -> None:
        assert manager.get(url("report", impact), bad).status_code in {200, 302, 404}

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_is_exported_without_formulas(self, kind: str, manager: Client, impact: Impact) -> None:
        response = manager.get(url("report", impact), {"export": kind})
        content = b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert kind == "xlsx" or "'=1+1" in content.decode("utf-8-sig")

    def test_one_that_was_interrupted_is_gone_on_with(self, manager: Client, draft: TermsEdition) -> None:
        with_sale("Теряющий", "100000")
        begun = impacts.start(edition=draft, actor=None)
        response = manager.get(url("report", begun))
        assert "Сейчас её никто не считает" in said(response)
        state = manager.get(url("progress", begun)).json()
        assert state == {"done": 0, "total": 1, "percent": 0, "finished": False, "running": False}
        assert "−2 000 ₽" in said(manager.post(url("resume", begun), follow=True))

    def test_all_that_were_made_are_kept_and_listed(self, manager: Client, draft: TermsEdition, impact: Impact) -> None:
        draft.ceiling = Decimal(39)
        draft.save_revision()
        rehearsed(TermsEdition.objects.get(pk=draft.pk))
        page = manager.get(reverse("partner_reports:impacts"))
        assert len(names(page)) == 2
        assert "−4 150 ₽" in said(page)

    def test_costs_the_same_queries_for_three_partners_and_for_thirty(
        self, manager: Client, draft: TermsEdition, impact: Impact
    ) -> None:
        def asked(found: Impact) -> int:
            manager.get(url("report", found))
            with CaptureQueriesContext(connection) as queries:
                manager.get(url("report", found))
            return len(queries)

        few = asked(impact)
        for number in range(27):
            with_sale(f"Ещё {number}", "1000")
        Impact.objects.all().delete()
        assert asked(rehearsed(draft)) == few


class TestWhatIf:
    def test_tries_the_drafts_numbers_and_saves_nothing(self, manager: Client, impact: Impact) -> None:
        page = manager.get(url("what_if", impact))
        assert "−4 150 ₽" in said(page)
        fields = BeautifulSoup(page.content, "html.parser").select("input[name]")
        names_of = {field["name"] for field in fields}
        assert {"discount:competency", "ceiling"} <= names_of
        assert any(name.startswith("requirement:competency:") for name in names_of)
        tried = manager.get(url("what_if_totals", impact), {"discount:competency": "20"}).json()
        assert (tried["total"], tried["problems"]) == ("-1150.00", {})
        assert "−1 150 ₽" in tried["html"].replace("\xa0", " ")
        impact.refresh_from_db()
        assert impact.rows.count() == 3

    def test_without_scripts_a_button_asks_the_same(self, manager: Client, impact: Impact) -> None:
        page = manager.get(url("what_if", impact), {"discount:competency": "20"})
        assert "−1 150 ₽" in said(page)
        field = BeautifulSoup(page.content, "html.parser").find("input", attrs={"name": "discount:competency"})
        assert field is not None
        assert (field["value"], field["data-own"]) == ("20", "18")

    @pytest.mark.parametrize(
        ("value", "sentence"),
        [
            ("101", "Не больше 100."),
            ("-1", "Не меньше 0."),
            ("много", "Нужно число"),
            ("", "Нужно число"),
            ("NaN", "Нужно"),
        ],
    )
    def test_says_beside_the_number_what_is_wrong(
        self, value: str, sentence: str, manager: Client, impact: Impact
    ) -> None:
        asked = {"discount:competency": value, "unknown": "1"}
        answer = manager.get(url("what_if_totals", impact), asked)
        assert answer.status_code == 400
        assert list(answer.json()["problems"]) == ["discount:competency"]
        assert sentence in answer.json()["problems"]["discount:competency"]
        page = BeautifulSoup(manager.get(url("what_if", impact), asked).content, "html.parser")
        place = page.find(id="problem-discount:competency")
        assert place is not None
        assert sentence in place.get_text()

    def test_is_there_once_the_rehearsal_is_finished(self, manager: Client, draft: TermsEdition) -> None:
        begun = impacts.start(edition=draft, actor=None)
        assert manager.get(url("what_if", begun)).status_code == 404


class TestRights:
    def test_managers_of_the_programme_and_of_partners_see_them_and_editors_of_pages_do_not(
        self, manager: Client, partner_manager: Client, editor: Client, client: Client, impact: Impact
    ) -> None:
        for view in ("report", "results", "progress", "what_if", "what_if_totals"):
            for person in (manager, partner_manager):
                assert person.get(url(view, impact)).status_code == 200, view
            assert editor.get(url(view, impact))["Location"].startswith("/admin/")
            assert "/login/" in client.get(url(view, impact))["Location"]
        for view in ("resume", "start"):
            assert manager.get(url(view, impact)).status_code == 405
        assert editor.post(url("resume", impact))["Location"].startswith("/admin/")
        assert reverse("partner_reports:impacts") in manager.get(reverse("wagtailadmin_home")).content.decode()
        assert reverse("partner_reports:impacts") not in editor.get(reverse("wagtailadmin_home")).content.decode()
