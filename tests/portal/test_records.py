"""What a company records of itself: claimed, decided, withdrawn; its people; and who may not touch it."""

from __future__ import annotations

import errno
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from partner_directory.actions import facts, specialists
from partner_directory.models import Partner, Specialist
from partner_directory.models.facts import (
    ClientReview,
    EventParticipation,
    FactState,
    Implementation,
    MarketingActivity,
    Purchase,
)
from partner_directory.models.listing import Listing
from partner_directory.models.people import Role
from partner_directory.models.private_file import PrivateFile
from partner_directory.standing import facts_of
from partner_directory.uploads import keep_generated
from program_pages.models import Product
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.records import (
    make_activity,
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

TODAY = date(2026, 11, 10)
LISTS = ("activities", "implementations", "purchases", "reviews", "specialists")


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency")


@pytest.fixture
def signed_in(partner: Partner) -> Client:
    return client_of(make_member(partner, role=Role.STAFF))


class FullDisk(FileSystemStorage):
    """Takes ten bytes of a file, and no more."""

    written = 0

    def _save(self, name: str, content: Any) -> str:
        saved = super()._save(name, ContentFile(content.read()[:10]))
        self.written = self.size(saved)
        raise OSError(errno.ENOSPC, "No space left on device")


def said(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    found: dict[str, list[str]] = response.context["form"].errors
    return found


def activity(partner: Partner, **fields: Any) -> MarketingActivity:
    return MarketingActivity(**{"partner": partner, "title": "Статья", "done_on": TODAY} | fields)


class TestDeciding:
    def test_a_claim_counts_once_a_manager_has_confirmed_it(self, partner: Partner) -> None:
        manager = make_user()
        claimed = facts.claim(fact=activity(partner), actor=None)
        assert facts_of(partner, TODAY).marketing_activities == 0

        confirmed = facts.confirm(fact=claimed, actor=manager)

        assert facts_of(partner, TODAY).marketing_activities == 1
        assert (confirmed.state, confirmed.decided_by) == (FactState.CONFIRMED, manager)
        entry = ModelLogEntry.objects.get(action=facts.CONFIRMED, object_id=str(claimed.pk))
        assert (entry.user, entry.data["title"]) == (manager, "Статья")

    def test_a_refusal_says_why(self, partner: Partner) -> None:
        claimed = facts.claim(fact=activity(partner), actor=None)
        with pytest.raises(ValidationError) as refused:
            facts.refuse(fact=claimed, actor=None, reason="  ")
        assert list(refused.value.message_dict) == ["reason"]

        assert facts.refuse(fact=claimed, actor=None, reason="Ссылка не открывается").state == FactState.REFUSED
        assert ModelLogEntry.objects.get(action=facts.REFUSED).data["reason"] == "Ссылка не открывается"

    @pytest.mark.parametrize("first", ["confirm", "refuse", "withdraw"])
    @pytest.mark.parametrize("second", ["confirm", "refuse", "withdraw"])
    def test_of_two_decisions_on_one_claim_exactly_one_holds(self, partner: Partner, first: str, second: str) -> None:
        claimed = facts.claim(fact=activity(partner), actor=None)
        seen_by_another = MarketingActivity.objects.get(pk=claimed.pk)

        def decide(how: str, fact: MarketingActivity) -> Any:
            reason = {"reason": "Нет"} if how == "refuse" else {}
            return getattr(facts, how)(fact=fact, actor=None, **reason)

        decide(first, claimed)
        with pytest.raises(facts.Overtaken):
            decide(second, seen_by_another)
        left = MarketingActivity.objects.filter(pk=claimed.pk).values_list("state", flat=True).first()
        assert left == {"confirm": FactState.CONFIRMED, "refuse": FactState.REFUSED, "withdraw": None}[first]

    def test_a_confirmation_is_revoked_with_a_reason_once(self, partner: Partner) -> None:
        recorded = facts.record(fact=activity(partner), actor=None)
        assert facts.revoke(fact=recorded, actor=None, reason="Ошибка").state == FactState.REFUSED
        assert facts_of(partner, TODAY).marketing_activities == 0
        with pytest.raises(facts.Overtaken):
            facts.revoke(fact=recorded, actor=None, reason="Ошибка")

    def test_a_managers_own_entry_counts_at_once(self, partner: Partner) -> None:
        manager = make_user()
        recorded = facts.record(fact=activity(partner), actor=manager)
        assert (recorded.state, recorded.recorded_by, recorded.decided_by) == (FactState.CONFIRMED, manager, manager)
        assert facts_of(partner, TODAY).marketing_activities == 1

    def test_the_same_words_twice_are_one_claim_and_later_another(self, partner: Partner) -> None:
        first = facts.claim(fact=activity(partner), actor=None)
        assert facts.claim(fact=activity(partner), actor=None).pk == first.pk
        with time_machine.travel("2026-11-10T12:11:00+03:00", tick=False):
            assert facts.claim(fact=activity(partner), actor=None).pk != first.pk

    def test_every_kind_of_fact_is_decided_alike(self, partner: Partner) -> None:
        rows = [
            Implementation(partner=partner, client="Ромашка", finished_on=TODAY),
            Purchase(partner=partner, kind=Purchase.Kind.MODULE, bought_on=TODAY),
            EventParticipation(partner=partner, kind="hosted", title="Семинар", held_on=TODAY),
        ]
        for row in rows:
            claimed: Any = facts.claim(fact=row, actor=None)
            assert facts.confirm(fact=claimed, actor=None).state == FactState.CONFIRMED
        sale: Any = make_sale(partner, "5", state=FactState.CLAIMED, decided_at=None)
        assert facts.confirm(fact=sale, actor=None).state == FactState.CONFIRMED

    def test_a_review_is_never_confirmed_in_the_clients_stead(self, partner: Partner) -> None:
        review = make_review(make_implementation(partner), state=FactState.CLAIMED)
        with pytest.raises(ValidationError):
            facts.confirm(fact=review, actor=None)
        review.refresh_from_db()
        assert review.state == FactState.CLAIMED

    def test_a_file_of_another_company_is_refused(self, partner: Partner) -> None:
        file = keep_generated(
            partner=make_partner(), name="a.pdf", content=b"%PDF", content_type="application/pdf", actor=None
        )
        with pytest.raises(ValidationError) as refused:
            facts.claim(fact=activity(partner, evidence=file), actor=None)
        assert list(refused.value.message_dict) == ["evidence"]

    def test_a_withdrawn_claim_takes_its_file_along(
        self, partner: Partner, django_capture_on_commit_callbacks: Any
    ) -> None:
        file = keep_generated(
            partner=partner, name="a.pdf", content=b"%PDF", content_type="application/pdf", actor=None
        )
        storage, name = file.file.storage, file.file.name
        claimed = facts.claim(fact=activity(partner, evidence=file), actor=None)
        with django_capture_on_commit_callbacks(execute=True):
            facts.withdraw(fact=claimed, actor=None)
        assert not PrivateFile.objects.exists()
        assert not storage.exists(name)


POSTED: dict[str, dict[str, Any]] = {
    "activities": {"title": "Вебинар", "done_on": "2026-11-01", "url": "https://example.ru/webinar"},
    "implementations": {"client": "ООО «Ромашка»", "finished_on": "01.11.2026", "with_asoft": "on"},
    "purchases": {"kind": "rented_licences", "bought_on": "2026-11-01", "quantity": "10", "agreed": "20"},
}


class TestClaimingInTheSection:
    @pytest.mark.parametrize("kind", list(POSTED))
    def test_a_claim_is_sent_and_listed_as_waiting(self, signed_in: Client, partner: Partner, kind: str) -> None:
        answer = signed_in.post(reverse(f"portal:{kind}_new"), POSTED[kind] | {"evidence": scan()})

        assert answer["Location"] == reverse(f"portal:{kind}")
        page = signed_in.get(reverse(f"portal:{kind}"))
        assert "ждёт проверки" in said(page)
        assert "сертификат.png" in said(page)
        [file] = PrivateFile.objects.filter(partner=partner)
        assert reverse("portal:file", args=[file.pk]) in page.content.decode()

    def test_the_row_holds_what_was_said(self, signed_in: Client, partner: Partner) -> None:
        product = Product.objects.first()
        assert product is not None
        signed_in.post(reverse("portal:implementations_new"), POSTED["implementations"] | {"product": str(product.pk)})
        row = Implementation.objects.get(partner=partner)
        assert (row.client, row.product, row.finished_on, row.with_asoft, row.state) == (
            "ООО «Ромашка»", product, date(2026, 11, 1), True, FactState.CLAIMED,
        )  # fmt: skip

    @pytest.mark.parametrize("kind", list(POSTED))
    def test_an_empty_form_says_what_is_missing(self, signed_in: Client, kind: str) -> None:
        assert errors_of(signed_in.post(reverse(f"portal:{kind}_new"), {}))

    @pytest.mark.parametrize(
        ("kind", "field", "value"),
        [
            ("activities", "done_on", "2026-11-11"),  # tomorrow
            ("activities", "done_on", "0001-01-01"),
            ("activities", "done_on", "99999-01-01"),
            ("activities", "done_on", "вчера"),
            ("activities", "done_on", "2026-02-29"),
            ("activities", "title", "x" * 201),
            ("activities", "title", "тут\x00нуль"),
            ("activities", "url", "javascript:alert(1)"),
            ("activities", "text", "x" * 2001),
            ("implementations", "product", "99999999999999999999"),
            ("implementations", "product", "\x00"),
            ("purchases", "kind", "gift"),
            ("purchases", "quantity", "0"),
            ("purchases", "quantity", "99999999999999999999999"),
            ("purchases", "quantity", ""),
            ("purchases", "agreed", "-1"),
        ],
    )
    def test_bad_input_is_said_beside_its_field_and_writes_nothing(
        self, signed_in: Client, kind: str, field: str, value: str
    ) -> None:
        page = signed_in.post(reverse(f"portal:{kind}_new"), POSTED[kind] | {field: value})
        assert list(errors_of(page)) == [field]
        assert not MarketingActivity.objects.exists()
        assert not Implementation.objects.exists()
        assert not Purchase.objects.exists()

    def test_r40_support_says_until_when(self, signed_in: Client) -> None:
        url = reverse("portal:purchases_new")
        support = {"kind": "extended_support", "bought_on": "2026-11-01"}
        assert list(errors_of(signed_in.post(url, support))) == ["until"]
        assert list(errors_of(signed_in.post(url, support | {"until": "2026-10-31"}))) == ["until"]
        assert list(errors_of(signed_in.post(url, support | {"until": "2100-01-01"}))) == ["until"]
        assert signed_in.post(url, support | {"until": "2027-10-31", "quantity": "5"}).status_code == 302
        assert Purchase.objects.get().quantity is None

    def test_what_is_no_document_or_picture_is_refused(self, signed_in: Client) -> None:
        bad = scan("virus.exe")
        bad.file.write(b"MZ" * 100)
        bad.file.seek(0)
        bad.file.truncate(0)
        bad.file.write(b"MZ\x90\x00" * 100)
        bad.file.seek(0)
        page = signed_in.post(reverse("portal:activities_new"), POSTED["activities"] | {"evidence": bad})
        assert list(errors_of(page)) == ["evidence"]
        assert not PrivateFile.objects.exists()

    def test_a_file_that_a_full_disk_cut_short_leaves_nothing(
        self, signed_in: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = FullDisk(tmp_path)
        monkeypatch.setattr(PrivateFile._meta.get_field("file"), "storage", full)
        monkeypatch.setattr("partner_directory.uploads.private_storage", lambda: full)

        page = signed_in.post(reverse("portal:activities_new"), POSTED["activities"] | {"evidence": scan()})

        assert errors_of(page)["evidence"] == [
            "Файл не сохранён: хранилище сейчас недоступно. Попробуйте через минуту."
        ]
        assert full.written == 10
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        assert not PrivateFile.objects.exists()
        assert not MarketingActivity.objects.exists()

    def test_hostile_words_are_shown_as_text(self, signed_in: Client, partner: Partner) -> None:
        make_activity(partner, title="<script>alert(1)</script>")
        assert "<script>alert" not in signed_in.get(reverse("portal:activities")).content.decode()

    def test_a_claim_is_withdrawn_and_a_decided_one_is_not(self, signed_in: Client, partner: Partner) -> None:
        waiting, counted = make_activity(partner, state=FactState.CLAIMED), make_activity(partner)
        for row in (waiting, counted):
            signed_in.post(reverse("portal:activities_withdraw", args=[row.pk]))
        assert list(MarketingActivity.objects.all()) == [counted]


class TestWhoMay:
    def urls(self, partner: Partner) -> list[tuple[str, str]]:
        """Every address that names a row of a company."""
        person = make_specialist(partner)
        rows = {
            "activities_withdraw": make_activity(partner, state=FactState.CLAIMED),
            "implementations_withdraw": make_implementation(partner, state=FactState.CLAIMED),
            "purchases_withdraw": make_purchase(partner, state=FactState.CLAIMED),
            "reviews_withdraw": make_review(make_implementation(partner), state=FactState.CLAIMED),
            "reviews_ask": make_review(make_implementation(partner), state=FactState.CLAIMED),
            "specialists_withdraw": make_specialist(partner, state=FactState.CLAIMED),
            "specialists_name": person,
        }
        posts = [("post", reverse(f"portal:{name}", args=[row.pk])) for name, row in rows.items()]
        leave = reverse("portal:specialists_leave", args=[person.pk])
        return [*posts, ("get", leave), ("post", leave)]

    def test_another_companys_rows_are_not_there(self, signed_in: Client) -> None:
        for method, url in self.urls(make_partner()):
            assert getattr(signed_in, method)(url).status_code == 404, url

    def test_a_stranger_is_sent_to_sign_in(self, client: Client, partner: Partner) -> None:
        pages = [reverse(f"portal:{name}") for name in LISTS]
        pages += [reverse(f"portal:{name}_new") for name in LISTS] + [reverse("portal:announcement")]
        for method, url in [*(("get", page) for page in pages), *self.urls(partner)]:
            answer = getattr(client, method)(url)
            assert (answer.status_code, "next=" in answer["Location"]) == (302, True), url

    def test_what_writes_is_never_done_by_get(self, signed_in: Client, partner: Partner) -> None:
        for method, url in self.urls(partner):
            if method == "post" and not url.endswith("/leave/"):
                assert signed_in.get(url).status_code == 405, url

    def test_a_key_that_no_database_holds_is_not_found(self, signed_in: Client) -> None:
        for url in (f"/portal/activities/{10**30}/withdraw/", f"/portal/specialists/{10**30}/leave/"):
            assert signed_in.post(url).status_code == 404

    def test_another_companys_records_are_not_listed(self, signed_in: Client) -> None:
        other = make_partner()
        make_activity(other, title="Чужая")
        make_specialist(other, name_ru="Чужой Человек")
        assert "Чужая" not in said(signed_in.get(reverse("portal:activities")))
        assert "Чужой" not in said(signed_in.get(reverse("portal:specialists")))


class TestLists:
    @pytest.mark.parametrize("language", ["", "/en"])
    @pytest.mark.parametrize("name", LISTS)
    def test_empty_and_full_in_both_languages(
        self, signed_in: Client, partner: Partner, name: str, language: str
    ) -> None:
        url = f"{language}/portal/{name}/"
        assert signed_in.get(url).status_code == 200
        fill(partner)
        page = signed_in.get(url)
        assert page.status_code == 200
        assert page.content.count(b'scope="row"') >= 3
        assert signed_in.get(f"{url}new/").status_code == 200

    @pytest.mark.parametrize("name", LISTS)
    def test_queries_do_not_grow(self, signed_in: Client, partner: Partner, name: str) -> None:
        url = reverse(f"portal:{name}")
        fill(partner)
        signed_in.get(url)
        with CaptureQueriesContext(connection) as few:
            signed_in.get(url)
        for _ in range(5):
            fill(partner)
        with CaptureQueriesContext(connection) as many:
            signed_in.get(url)
        assert len(many) == len(few)

    def test_long_lists_have_pages(self, signed_in: Client, partner: Partner) -> None:
        for _ in range(51):
            make_activity(partner)
        assert "Страница 1 из 2" in said(signed_in.get(reverse("portal:activities")))
        assert "Страница 2 из 2" in said(signed_in.get(reverse("portal:activities") + "?page=999999999999"))


def fill(partner: Partner) -> None:
    """Rows of every kind in every state."""
    product = Product.objects.first()
    for state in FactState.values:
        file = keep_generated(
            partner=partner, name="a.pdf", content=b"%PDF", content_type="application/pdf", actor=None
        )
        make_activity(partner, state=state, evidence=file, url="https://example.ru/")
        make_purchase(partner, Purchase.Kind.RENTED_LICENCES, state=state, evidence=file)
        make_specialist(partner, state=state, scan=file, decision_reason="Нет в реестре")
        make_participation(partner, "hosted")
        make_review(make_implementation(partner, product=product, evidence=file), state=state)


SPECIALIST: dict[str, Any] = {"name_ru": "Анна Петрова", "certificate": "A-17", "certified_on": "2026-01-10"}


class TestSpecialists:
    def test_a_specialist_is_claimed_with_the_scan_and_counts_once_confirmed(
        self, signed_in: Client, partner: Partner
    ) -> None:
        answer = signed_in.post(reverse("portal:specialists_new"), SPECIALIST | {"scan": scan()})
        assert answer["Location"] == reverse("portal:specialists")
        claimed = Specialist.objects.get(partner=partner)
        assert claimed.scan is not None
        assert facts_of(partner, TODAY).certified_specialists == 0

        specialists.confirm(specialist=claimed, actor=None)

        assert facts_of(partner, TODAY).certified_specialists == 1

    def test_the_directory_counts_along(self, partner: Partner) -> None:
        def counted() -> Any:
            return Listing.objects.get(partner=partner).card

        claimed = specialists.claim(
            partner=partner, name_ru="Анна", certificate="A-1", certified_on=TODAY, scan=None, actor=None
        )
        before = counted()
        specialists.confirm(specialist=claimed, actor=None)
        with_her = counted()
        assert with_her != before
        specialists.depart(specialist=claimed, left_on=TODAY + timedelta(days=1), actor=None)
        with time_machine.travel("2026-11-12T12:00:00+03:00", tick=False):
            from partner_directory.directory.upkeep import partners_changed

            partners_changed([partner.pk])
            assert counted() != with_her

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name_ru", ""),
            ("certificate", "x" * 61),
            ("certified_on", "2026-11-11"),
            ("certified_on", "1999-12-31"),
            ("employed_since", "2027-01-01"),
            ("scan", ""),
        ],
    )
    def test_bad_input_is_said_beside_its_field(self, signed_in: Client, field: str, value: str) -> None:
        page = signed_in.post(reverse("portal:specialists_new"), SPECIALIST | {"scan": scan()} | {field: value})
        assert list(errors_of(page)) == [field]
        assert not Specialist.objects.exists()

    def test_one_certificate_is_claimed_once_by_a_company(self, signed_in: Client, partner: Partner) -> None:
        make_specialist(partner, certificate="a-17")
        page = signed_in.post(reverse("portal:specialists_new"), SPECIALIST | {"scan": scan()})
        assert list(errors_of(page)) == ["certificate"]
        assert not PrivateFile.objects.exists()

    def test_one_holder_works_with_a_certificate_at_one_partner(self, partner: Partner) -> None:
        make_specialist(make_partner(), certificate="A-1")
        claimed = specialists.claim(
            partner=partner, name_ru="Анна", certificate="A-1", certified_on=TODAY, scan=None, actor=None
        )
        with pytest.raises(ValidationError, match="уже работает"):
            specialists.confirm(specialist=claimed, actor=None)
        claimed.refresh_from_db()
        assert claimed.state == FactState.CLAIMED

    def test_who_has_left_may_come_to_another_partner(self, partner: Partner) -> None:
        earlier = make_specialist(make_partner(), certificate="A-1")
        specialists.depart(specialist=earlier, left_on=TODAY, actor=None)
        claimed = specialists.claim(
            partner=partner, name_ru="Анна", certificate="A-1", certified_on=TODAY, scan=None, actor=None
        )
        assert specialists.confirm(specialist=claimed, actor=None).state == FactState.CONFIRMED

    @pytest.mark.parametrize("how", ["confirm", "refuse", "withdraw"])
    def test_of_two_decisions_exactly_one_holds(self, partner: Partner, how: str) -> None:
        claimed = make_specialist(partner, state=FactState.CLAIMED)
        specialists.refuse(specialist=claimed, actor=None, reason="Нет в реестре")
        reason = {"reason": "Нет"} if how == "refuse" else {}
        with pytest.raises(facts.Overtaken):
            getattr(specialists, how)(specialist=claimed, actor=None, **reason)
        claimed.refresh_from_db()
        assert (claimed.state, claimed.decision_reason) == (FactState.REFUSED, "Нет в реестре")

    def test_a_name_is_public_by_a_step_of_its_own(self, signed_in: Client, partner: Partner) -> None:
        person = make_specialist(partner)
        url = reverse("portal:specialists_name", args=[person.pk])
        for value, is_public in (("1", True), ("", False)):
            signed_in.post(url, {"value": value})
            person.refresh_from_db()
            assert person.name_is_public is is_public
        assert ModelLogEntry.objects.filter(action=specialists.NAME_SHOWN).count() == 1


class TestLeaving:
    def leave(self, person: Specialist) -> str:
        return reverse("portal:specialists_leave", args=[person.pk])

    def test_r69_what_would_change_is_shown_before_anything_is_written(
        self, signed_in: Client, partner: Partner
    ) -> None:
        make_activity(partner)
        make_implementation(partner, state=FactState.CLAIMED)
        from tests.factories.records import make_check

        make_check(partner)
        person = make_specialist(partner)
        make_specialist(partner)

        text = said(signed_in.get(self.leave(person)))

        assert "сейчас 2 из 2, станет 1 из 2" in text
        assert "продлить членство" in text
        person.refresh_from_db()
        assert person.left_on is None

    def test_r73_the_points_that_it_costs_are_said(self, signed_in: Client, partner: Partner) -> None:
        people = [make_specialist(partner) for _ in range(3)]
        text = said(signed_in.get(self.leave(people[0]))).replace("\xa0", " ")
        assert "Бонусы этого года: \u22122,5 % (сейчас 2,5 %, станет 0 %)." in text

    def test_the_button_writes_the_day(self, signed_in: Client, partner: Partner) -> None:
        person = make_specialist(partner)
        answer = signed_in.post(self.leave(person), {"left_on": "2026-11-30"})
        assert answer["Location"] == reverse("portal:specialists")
        person.refresh_from_db()
        assert person.left_on == date(2026, 11, 30)
        assert ModelLogEntry.objects.get(action=specialists.LEFT).data["left_on"] == "2026-11-30"

    def test_every_certificate_of_the_person_goes(self, partner: Partner) -> None:
        one, other = (make_specialist(partner, name_ru=name) for name in ("Анна Петрова", "анна  петрова"))
        stays = make_specialist(partner)
        specialists.depart(specialist=one, left_on=TODAY, actor=None)
        for row in (other, stays):
            row.refresh_from_db()
        assert (other.left_on, stays.left_on) == (TODAY, None)

    @pytest.mark.parametrize("day", ["", "2026-01-01", "2030-01-01", "31.02.2026", "9" * 30])
    def test_an_impossible_day_is_said_beside_the_field(self, signed_in: Client, partner: Partner, day: str) -> None:
        person = make_specialist(partner, certified_on=date(2026, 1, 1))
        assert list(errors_of(signed_in.post(self.leave(person), {"left_on": day}))) == ["left_on"]
        person.refresh_from_db()
        assert person.left_on is None

    def test_nobody_leaves_twice(self, signed_in: Client, partner: Partner) -> None:
        person = make_specialist(partner)
        specialists.depart(specialist=person, left_on=TODAY, actor=None)
        with pytest.raises(facts.Overtaken):
            specialists.depart(specialist=person, left_on=TODAY + timedelta(days=5), actor=None)
        assert signed_in.get(self.leave(person))["Location"] == reverse("portal:specialists")

    def test_a_company_without_a_level_may_say_it_too(self) -> None:
        partner = make_partner(level=None)
        person = make_specialist(partner)
        client = client_of(make_member(partner))
        assert client.get(self.leave(person)).status_code == 200
        assert client.post(self.leave(person), {"left_on": "2026-11-10"}).status_code == 302

    def test_queries_do_not_grow(self, signed_in: Client, partner: Partner) -> None:
        person = make_specialist(partner)
        signed_in.get(self.leave(person))
        with CaptureQueriesContext(connection) as few:
            signed_in.get(self.leave(person))
        for _ in range(5):
            fill(partner)
        with CaptureQueriesContext(connection) as many:
            signed_in.get(self.leave(person))
        assert len(many) == len(few)


def test_reviews_of_another_company_cannot_be_asked_for(signed_in: Client) -> None:
    foreign = make_implementation(make_partner())
    page = signed_in.post(
        reverse("portal:reviews_new"),
        {"implementation": foreign.pk, "contact": "Кто", "email": "a@client.example", "language": "ru", "text": ""},
    )
    assert list(errors_of(page)) == ["implementation"]
    assert not ClientReview.objects.exists()
