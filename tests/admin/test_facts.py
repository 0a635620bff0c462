"""What partners say of themselves, in the admin: one queue, decisions by POST alone, managers' own entries, exports."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partner_directory.actions import announcements
from partner_directory.models import Partner, Specialist
from partner_directory.models.facts import (
    ClientReview,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
    RequirementConfirmation,
)
from program_pages.models import Event
from program_pages.models.edition import programme_day
from tests.admin.conftest import signed_in
from tests.admin.forms import said
from tests.factories.editions import publish_edition
from tests.factories.partners import make_partner
from tests.factories.records import (
    make_activity,
    make_check,
    make_implementation,
    make_participation,
    make_purchase,
    make_review,
    make_sale,
    make_specialist,
    scan,
)
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

QUEUE = "/admin/partners/facts/"
KINDS = ("marketingactivity", "implementation", "clientreview", "purchase", "requirementconfirmation")


def url(model: str, view: str, *args: Any) -> str:
    return reverse(f"partner_directory_{model}_modeladmin_{view}", args=args)


def client_with(*codenames: str) -> Client:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["access_admin", *codenames]))
    return signed_in(user)


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency", name_ru="Нева Логика")


def hrefs(response: Any) -> set[str]:
    return {link["href"] for link in BeautifulSoup(response.content, "html.parser").select("a[href]")}


class TestQueue:
    def test_shows_what_waits_of_every_kind_and_where_to_decide_it(
        self, partner_manager: Client, partner: Partner
    ) -> None:
        waiting = {
            "marketingactivity": make_activity(partner, state=FactState.CLAIMED),
            "implementation": make_implementation(partner, state=FactState.CLAIMED),
            "purchase": make_purchase(partner, state=FactState.CLAIMED),
            "specialist": make_specialist(partner, state=FactState.CLAIMED),
            "sale": make_sale(partner, "100", state=FactState.CLAIMED, decided_at=None),
            "eventparticipation": make_participation(partner, "hosted", state=FactState.CLAIMED, decided_at=None),
        }
        decided = make_activity(partner)
        too_early = make_participation(
            partner, "hosted", state=FactState.CLAIMED, decided_at=None, held_on=programme_day() + timedelta(days=1)
        )
        client_has_it = make_review(make_implementation(partner), state=FactState.CLAIMED)

        found = hrefs(partner_manager.get(QUEUE))

        for model, row in waiting.items():
            assert url(model, "inspect", row.pk) in found
        assert url("marketingactivity", "inspect", decided.pk) not in found
        assert url("clientreview", "inspect", client_has_it.pk) not in found
        assert url("eventparticipation", "inspect", too_early.pk) not in found

    def test_stands_in_the_menu_of_managers_alone(self, partner_manager: Client, editor: Client) -> None:
        assert QUEUE in partner_manager.get("/admin/").content.decode()
        assert QUEUE not in editor.get("/admin/").content.decode()

    def test_is_closed_to_others(self, editor: Client, client: Client) -> None:
        assert editor.get(QUEUE).status_code in {302, 403}
        assert "/login/" in client.get(QUEUE)["Location"]

    def test_says_so_when_nothing_waits(self, partner_manager: Client) -> None:
        assert "Проверять нечего" in said(partner_manager.get(QUEUE))

    def test_queries_do_not_grow(self, partner_manager: Client) -> None:
        def fill(times: int) -> None:
            for _ in range(times):
                of = make_partner()
                make_activity(of, state=FactState.CLAIMED)
                make_purchase(of, state=FactState.CLAIMED)
                make_specialist(of, state=FactState.CLAIMED)
                make_sale(of, "100", state=FactState.CLAIMED, decided_at=None)
                attended = Event.objects.create(title_ru="Встреча", starts=programme_day(), category="attend")
                make_participation(of, "attended", event=attended, state=FactState.CLAIMED, decided_at=None)

        fill(1)
        partner_manager.get(QUEUE)
        with CaptureQueriesContext(connection) as few:
            partner_manager.get(QUEUE)
        fill(10)
        with CaptureQueriesContext(connection) as many:
            partner_manager.get(QUEUE)
        assert len(many) == len(few)


class TestDeciding:
    @pytest.mark.parametrize(
        ("decision", "data", "state"),
        [("confirm", {}, FactState.CONFIRMED), ("refuse", {"reason": "Нет ссылки"}, FactState.REFUSED)],
    )
    def test_a_claim_is_asked_about_by_get_and_decided_by_post(
        self, partner_manager: Client, partner: Partner, decision: str, data: dict[str, str], state: str
    ) -> None:
        claimed = make_activity(partner, state=FactState.CLAIMED)
        address = url("marketingactivity", decision, claimed.pk)
        assert address in hrefs(partner_manager.get(url("marketingactivity", "inspect", claimed.pk)))
        assert partner_manager.get(address).status_code == 200
        claimed.refresh_from_db()
        assert claimed.state == FactState.CLAIMED

        answer = partner_manager.post(address, data)

        assert answer["Location"] == url("marketingactivity", "inspect", claimed.pk)
        claimed.refresh_from_db()
        assert (claimed.state, claimed.decided_by is not None) == (state, True)

    def test_a_refusal_without_a_reason_is_none(self, partner_manager: Client, partner: Partner) -> None:
        claimed = make_activity(partner, state=FactState.CLAIMED)
        page = partner_manager.post(url("marketingactivity", "refuse", claimed.pk), {"reason": " "})
        assert page.status_code == 200
        claimed.refresh_from_db()
        assert claimed.state == FactState.CLAIMED

    def test_what_was_decided_meanwhile_is_not_decided_again(self, partner_manager: Client, partner: Partner) -> None:
        claimed = make_activity(partner)
        partner_manager.post(url("marketingactivity", "refuse", claimed.pk), {"reason": "Нет"})
        claimed.refresh_from_db()
        assert claimed.state == FactState.CONFIRMED

    def test_a_confirmation_is_revoked(self, partner_manager: Client, partner: Partner) -> None:
        review = make_review(make_implementation(partner))
        partner_manager.post(url("clientreview", "revoke", review.pk), {"reason": "Адрес не клиента"})
        review.refresh_from_db()
        assert (review.state, review.decision_reason) == (FactState.REFUSED, "Адрес не клиента")

    @pytest.mark.parametrize("decision", ["confirm", "refuse"])
    def test_a_specialist_is_decided_alike(self, partner_manager: Client, partner: Partner, decision: str) -> None:
        claimed = make_specialist(partner, state=FactState.CLAIMED)
        address = url("specialist", decision, claimed.pk)
        assert address in hrefs(partner_manager.get(url("specialist", "inspect", claimed.pk)))
        partner_manager.post(address, {"reason": "Нет в реестре"})
        claimed.refresh_from_db()
        assert claimed.state == {"confirm": FactState.CONFIRMED, "refuse": FactState.REFUSED}[decision]

    def test_a_certificate_held_elsewhere_is_said_and_nothing_written(
        self, partner_manager: Client, partner: Partner
    ) -> None:
        make_specialist(make_partner(), certificate="A-1")
        claimed = make_specialist(partner, certificate="A-1", state=FactState.CLAIMED)
        page = partner_manager.post(url("specialist", "confirm", claimed.pk))
        assert "уже работает у партнёра" in said(page)
        claimed.refresh_from_db()
        assert claimed.state == FactState.CLAIMED

    def test_a_certificate_held_elsewhere_is_said_beside_its_field_of_the_form(
        self, partner_manager: Client, partner: Partner
    ) -> None:
        make_specialist(make_partner(), certificate="A-1")
        data = {"partner": partner.pk, "name_ru": "Анна", "certificate": "A-1", "certified_on": "2026-01-01"}
        page = partner_manager.post(url("specialist", "create"), data)
        assert page.status_code == 200
        assert "уже работает у партнёра" in said(page)
        assert Specialist.objects.count() == 1

    def test_rows_are_never_edited_or_deleted(self, admin: Client, partner: Partner) -> None:
        row = make_activity(partner)
        for view in ("edit", "delete"):
            assert admin.post(url("marketingactivity", view, row.pk)).status_code in {302, 403}
        assert MarketingActivity.objects.get(pk=row.pk).title == row.title

    def test_the_history_names_what_was_done(self, partner_manager: Client, partner: Partner) -> None:
        claimed = make_activity(partner, title="Вебинар", state=FactState.CLAIMED)
        partner_manager.post(url("marketingactivity", "refuse", claimed.pk), {"reason": "Нет ссылки"})
        text = said(partner_manager.get(url("marketingactivity", "inspect", claimed.pk)))
        assert "Отклонить запись: Вебинар. Нет ссылки" in text
        assert partner_manager.get(url("marketingactivity", "history", claimed.pk)).status_code == 200


class TestRecording:
    def test_a_managers_entry_counts_at_once_with_its_file(self, partner_manager: Client, partner: Partner) -> None:
        data = {"whose": partner.pk, "title": "Стенд", "done_on": "2026-01-10", "evidence": scan()}
        assert (
            'enctype="multipart/form-data"' in partner_manager.get(url("marketingactivity", "create")).content.decode()
        )
        answer = partner_manager.post(url("marketingactivity", "create"), data)
        row = MarketingActivity.objects.get()
        assert answer["Location"] == url("marketingactivity", "inspect", row.pk)
        assert (row.partner, row.state, row.evidence is not None) == (partner, FactState.CONFIRMED, True)
        assert row.recorded_by == row.decided_by != None  # noqa: E711 - the manager
        assert "сертификат.png" in said(partner_manager.get(answer["Location"]))

    @pytest.mark.parametrize("model", KINDS)
    def test_an_empty_form_writes_nothing(self, partner_manager: Client, model: str) -> None:
        assert partner_manager.get(url(model, "create")).status_code == 200
        assert partner_manager.post(url(model, "create"), {}).status_code == 200
        assert not MarketingActivity.objects.exists()

    def test_other_kinds(self, partner_manager: Client, partner: Partner) -> None:
        partner_manager.post(
            url("implementation", "create"), {"whose": partner.pk, "client": "Ромашка", "finished_on": "2026-02-01"}
        )
        partner_manager.post(
            url("purchase", "create"), {"whose": partner.pk, "kind": "module", "bought_on": "2026-02-01"}
        )
        assert Implementation.objects.get().state == Purchase.objects.get().state == FactState.CONFIRMED

    def test_a_review_on_paper_is_recorded_from_its_implementation(
        self, partner_manager: Client, partner: Partner
    ) -> None:
        implementation = make_implementation(partner)
        link = f"{url('clientreview', 'create')}?implementation={implementation.pk}"
        assert link in hrefs(partner_manager.get(url("implementation", "inspect", implementation.pk)))
        page = partner_manager.get(link)
        field = BeautifulSoup(page.content, "html.parser").find("input", {"name": "implementation"})
        assert field is not None
        assert field["value"] == str(implementation.pk)
        partner_manager.post(
            url("clientreview", "create"),
            {"implementation": implementation.pk, "contact": "Иван", "email": "ivan@client.example", "rating": "5",
             "text": "Довольны", "confirmed_on": "2026-02-01"},
        )  # fmt: skip
        review = ClientReview.objects.get()
        assert (review.state, review.partner, review.rating) == (FactState.CONFIRMED, partner, 5)
        assert review.client_confirmed_at is not None

    def test_r13_an_editors_own_requirement_is_confirmed_by_its_key(
        self, partner_manager: Client, partner: Partner
    ) -> None:
        def own(data: dict[str, Any]) -> None:
            data["requirements"].append(
                {"level": "retail", "key": "own-word", "kind": "other", "clause": "R23",
                 "title": {"ru": "Своё", "en": "Own"}, "description": {"ru": "Своё", "en": "Own"}}
            )  # fmt: skip

        publish_edition(effective_from=programme_day(), change=own)
        data = {"whose": partner.pk, "key": "own-word", "starts": "2026-01-01", "until": "2026-12-31"}
        assert partner_manager.post(url("requirementconfirmation", "create"), data).status_code == 302
        assert RequirementConfirmation.objects.get().key == "own-word"
        bad = data | {"until": "2025-12-31"}
        assert partner_manager.post(url("requirementconfirmation", "create"), bad).status_code == 200


class TestRights:
    @pytest.mark.parametrize("model", [*KINDS, "announcement"])
    def test_registers_open_for_managers_and_for_nobody_else(
        self, partner_manager: Client, editor: Client, client: Client, model: str
    ) -> None:
        assert partner_manager.get(url(model, "index")).status_code == 200
        assert editor.get(url(model, "index")).status_code in {302, 403}
        assert "/login/" in client.get(url(model, "index"))["Location"]

    def test_who_only_looks_decides_nothing_and_records_nothing(self, partner: Partner) -> None:
        looking = client_with("view_marketingactivity")
        claimed = make_activity(partner, state=FactState.CLAIMED)
        assert looking.get(url("marketingactivity", "inspect", claimed.pk)).status_code == 200
        for address in (url("marketingactivity", "confirm", claimed.pk), url("marketingactivity", "create")):
            assert looking.post(address).status_code in {302, 403}
        claimed.refresh_from_db()
        assert claimed.state == FactState.CLAIMED
        assert MarketingActivity.objects.count() == 1

    @pytest.mark.parametrize("model", [*KINDS, "specialist", "announcement"])
    def test_an_export_is_a_right_of_its_own(self, partner_manager: Client, partner: Partner, model: str) -> None:
        make_activity(partner, title="=1+1")
        make_specialist(partner, name_ru="=1+1")
        make_review(make_implementation(partner, client="=1+1"))
        make_purchase(partner, document_number="=1+1")
        announcements.set_page(partner=partner, url="https://partner.example/", actor=None)
        export = f"{url(model, 'index')}?export=csv"
        answer = partner_manager.get(export)
        content = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
        assert "\n=1+1" not in content
        assert ",=1+1" not in content
        assert client_with(f"view_{model}").get(export).status_code in {302, 403}

    @pytest.mark.parametrize("model", [*KINDS, "announcement"])
    def test_listings_cost_the_same_however_long(self, partner_manager: Client, model: str) -> None:
        def fill() -> None:
            of = make_partner()
            make_activity(of)
            make_review(make_implementation(of))
            make_purchase(of)
            make_check(of)
            announcements.set_page(partner=of, url="https://partner.example/", actor=None)

        fill()
        partner_manager.get(url(model, "index"))
        with CaptureQueriesContext(connection) as few:
            partner_manager.get(url(model, "index"))
        for _ in range(8):
            fill()
        with CaptureQueriesContext(connection) as many:
            partner_manager.get(url(model, "index"))
        assert len(many) == len(few)


class TestAnnouncements:
    def test_a_manager_overrules_with_a_reason(self, partner_manager: Client, partner: Partner) -> None:
        row = announcements.set_page(partner=partner, url="https://partner.example/", actor=None)
        make_check(partner, found=False, trouble="no_mark", url=row.url)
        inspect = url("announcement", "inspect", row.pk)
        assert "нет ни значка, ни ссылки на наш сайт" in said(partner_manager.get(inspect))
        for decision, found in (("accept", True), ("reject", False)):
            address = url("announcement", decision, row.pk)
            assert address in hrefs(partner_manager.get(inspect))
            assert partner_manager.post(address, {"reason": ""}).status_code == 200
            assert partner_manager.post(address, {"reason": "Посмотрел сам"})["Location"] == inspect
            last = announcements.last_check(partner)
            assert last is not None
            assert (last.found, last.reason, last.overruled_by is not None) == (found, "Посмотрел сам", True)
        assert "Посмотрел сам" in said(partner_manager.get(inspect))

    def test_a_manager_has_it_read_anew(
        self, partner_manager: Client, partner: Partner, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from partner_directory.announcements import Seen

        monkeypatch.setattr(announcements, "look", lambda _url, _marks: Seen(evidence="ASoft Partners Community"))
        row = announcements.set_page(partner=partner, url="https://partner.example/", actor=None)
        partner_manager.post(url("announcement", "check", row.pk))
        last = announcements.last_check(partner)
        assert last is not None
        assert last.found

    @pytest.mark.parametrize(("answer", "count"), [("yes", 1), ("no", 1), ("never", 1), ("nonsense", 3)])
    def test_pages_are_filtered_by_what_was_found(self, partner_manager: Client, answer: str, count: int) -> None:
        for found in (True, False, None):
            of = make_partner()
            announcements.set_page(partner=of, url="https://partner.example/", actor=None)
            if found is not None:
                make_check(of, found=found)
        page = partner_manager.get(f"{url('announcement', 'index')}?found={answer}")
        assert len(BeautifulSoup(page.content, "html.parser").select("tr[data-object-pk]")) == count
