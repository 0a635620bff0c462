"""The registers of what partners were told of editions, and the queue of talks, in the admin (R82, R83)."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partner_directory.actions import talks
from partner_directory.models import EditionNotice, EditionRelease, Message, Overlay, Partner, Talk
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from program_pages.models import TermsEdition
from program_pages.models.edition import programme_day
from tests.admin.conftest import member_of, signed_in
from tests.factories.bonuses import make_overlay, make_sale
from tests.factories.news import announced, make_talk, notice_of, withdraw
from tests.factories.partners import make_partner
from tests.factories.portal import make_member

pytestmark = pytest.mark.django_db

RELEASES, NOTICES, TALKS = (f"/admin/partner_directory/{name}/" for name in ("editionrelease", "editionnotice", "talk"))


@pytest.fixture(autouse=True)
def _letters_stay_in_the_outbox(settings: Any) -> None:
    settings.JOBS_RUN = "worker"


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency", name_ru="ООО «Ромашка»")


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


class TestTheRegisters:
    def test_of_publications_counts_the_told_and_the_read(self, partner: Partner, partner_manager: Client) -> None:
        make_partner(level="competency"), make_partner(level="retail"), make_partner(level="retail")
        edition = announced()
        EditionNotice.objects.filter(partner=partner).update(read_at=timezone.now())
        found = page(partner_manager, RELEASES)
        assert "Новые условия" in found
        assert "25 %" in found
        release = EditionRelease.objects.get(edition=edition)
        assert f"?release={release.pk}" in page(partner_manager, f"{RELEASES}inspect/{release.pk}/")

    def test_of_notices_shows_delivery_reading_and_the_news(self, partner: Partner, partner_manager: Client) -> None:
        make_sale(partner)
        seat, notice = make_member(partner), notice_of(partner)
        Message.objects.filter(key=notice.key).update(sent_at=timezone.now())
        EditionNotice.objects.filter(pk=notice.pk).update(read_at=timezone.now(), read_by=seat.user)
        found = page(partner_manager, NOTICES)
        assert "отправлено" in found
        assert "Извещений: 1, прочитано: 1 (100 %)" in found
        inspected = page(partner_manager, f"{NOTICES}inspect/{notice.pk}/")
        assert "Скидка на лицензии: 20\xa0% → 21,5\xa0%" in inspected
        assert "Вы платите за лицензии" in inspected
        assert seat.user.email in inspected

    @pytest.mark.parametrize(
        ("query", "is_found"),
        [
            ("delivery=sent", False), ("delivery=waiting", True), ("read=no", True), ("read=yes", False),
            ("touches__exact=1", True), ("touches__exact=0", False), ("release=999", False), ("release=x", True),
            ("delivery=nowhere", True),
        ],
    )  # fmt: skip
    def test_of_notices_is_narrowed_by_facets(
        self, partner: Partner, partner_manager: Client, query: str, is_found: bool
    ) -> None:
        notice_of(partner)
        assert ("Ромашка" in page(partner_manager, f"{NOTICES}?{query}")) is is_found

    def test_of_notices_is_exported_with_words(self, partner: Partner, partner_manager: Client) -> None:
        notice_of(partner)
        response = partner_manager.get(f"{NOTICES}?export=csv")
        rows = list(csv.reader(StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
        assert "ждёт отправки" in rows[1]
        assert "да" in rows[1]

    def test_ask_as_often_for_many_partners_as_for_few(self, partner: Partner, partner_manager: Client) -> None:
        def asked() -> list[int]:
            found = []
            for address in (RELEASES, NOTICES, TALKS):
                partner_manager.get(address)
                with CaptureQueriesContext(connection) as queries:
                    page(partner_manager, address)
                found.append(len(queries))
            return found

        others = [make_partner(level="competency") for _each in range(2)]
        edition = announced()
        make_talk(others[0], notice=notice_of(others[0], edition))
        few = asked()
        for _each in range(8):
            other = make_partner(level="competency")
            announced(effective_from=programme_day() + timedelta(days=20 + _each))
            make_talk(other, notice=EditionNotice.objects.filter(partner=other).latest("pk"))
        assert asked() == few

    def test_are_closed_to_editors(self, partner: Partner) -> None:
        client, notice = signed_in(member_of(EDITORS)), notice_of(partner)
        for address in (RELEASES, NOTICES, TALKS, f"{NOTICES}inspect/{notice.pk}/"):
            assert client.get(address).status_code == 302


def test_an_edition_that_partners_were_told_of_is_kept_though_withdrawn(admin: Client, partner: Partner) -> None:
    edition = notice_of(partner).release.edition
    withdraw(edition)
    address = reverse("wagtailsnippets_program_pages_termsedition:delete", args=[edition.pk])
    response = admin.post(address, follow=True)
    assert "уже написали партнёрам" in response.content.decode()
    assert TermsEdition.objects.filter(pk=edition.pk).exists()


class TestTheQueueOfTalks:
    def test_shows_everything_on_one_screen(self, partner: Partner, partner_manager: Client) -> None:
        talk = make_talk(partner, clauses=("R25",), text="Нам нужно <b>больше</b>")
        found = page(partner_manager, f"{TALKS}inspect/{talk.pk}/")
        assert "Нам нужно &lt;b&gt;больше&lt;/b&gt;" in found
        assert "Скидка на лицензии: 20\xa0% → 21,5\xa0%" in found
        for name in ("answer", "agree", "close"):
            assert f"{TALKS}{name}/{talk.pk}/" in found
        assert f"/admin/partner_directory/overlay/create/?partner={partner.pk}&amp;talk={talk.pk}" in found

    def test_an_answer_is_sent_and_the_partner_is_next(self, partner: Partner, partner_manager: Client) -> None:
        talk = make_talk(partner)
        partner_manager.post(f"{TALKS}answer/{talk.pk}/", {"text": "Почему?"})
        talk.refresh_from_db()
        assert talk.state == Talk.State.ANSWERED
        assert Message.objects.filter(partner=partner, kind="talk_answered").exists()

    def test_is_not_closed_without_an_answer(self, partner: Partner, partner_manager: Client) -> None:
        talk = make_talk(partner)
        response = partner_manager.post(f"{TALKS}close/{talk.pk}/", {"text": " "})
        assert response.status_code == 200
        talk.refresh_from_db()
        assert talk.goes_on
        partner_manager.post(f"{TALKS}close/{talk.pk}/", {"text": "Остаётся так"})
        talk.refresh_from_db()
        assert (talk.state, talk.answer) == (Talk.State.CLOSED, "Остаётся так")

    def test_leads_to_an_agreement_filled_in_and_ends_in_it(self, partner: Partner, partner_manager: Client) -> None:
        talk = make_talk(partner)
        form = partner_manager.get(f"/admin/partner_directory/overlay/create/?partner={partner.pk}&talk={talk.pk}")
        initial = form.context_data["form"].initial
        assert initial["partner"] == partner.pk
        assert initial["kind"] == Overlay.Kind.AGREEMENT
        assert initial["starts"] == talk.notice.release.effective_from
        assert talk.numbers in initial["reason"]
        made, others = make_overlay(partner), make_overlay(make_partner(level="competency"))
        response = partner_manager.post(f"{TALKS}agree/{talk.pk}/", {"overlay": others.pk})
        assert response.status_code == 200
        partner_manager.post(f"{TALKS}agree/{talk.pk}/", {"overlay": made.pk})
        talk.refresh_from_db()
        assert (talk.state, talk.overlay) == (Talk.State.AGREED, made)

    def test_says_so_where_another_manager_was_faster(self, partner: Partner, partner_manager: Client) -> None:
        talk = make_talk(partner)
        talks.close_with_answer(talk=talk, text="Нет", actor=None)
        response = partner_manager.post(f"{TALKS}answer/{talk.pk}/", {"text": "Да"})
        assert "уже закончен" in response.content.decode()

    def test_waits_on_the_dashboard_of_those_who_decide(self, partner: Partner) -> None:
        client = signed_in(member_of(PARTNER_MANAGERS))
        assert "Разговоры об условиях</a>" not in page(client, "/admin/")
        make_talk(partner)
        assert f"{TALKS}?state__exact=open" in page(client, "/admin/")
