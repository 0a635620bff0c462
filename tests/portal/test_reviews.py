"""A client's review: asked for by the partner, confirmed or declined by the client alone, through a link (R31, R71)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from wagtail.models import ModelLogEntry

from partner_directory.actions import facts
from partner_directory.actions import reviews as actions
from partner_directory.models import Partner
from partner_directory.models.facts import ClientReview, FactState, Implementation
from partner_directory.reviews.independence import is_own
from partner_directory.sealed_links import review_path
from partner_directory.standing import facts_of
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.records import make_implementation, make_review

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 10)
ANSWER = {"rating": "4", "text": "Внедрили за месяц."}


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency", email="info@partner.example", site_url="https://www.partner-site.example/")


@pytest.fixture
def implementation(partner: Partner) -> Implementation:
    return make_implementation(partner, client="ООО «Ромашка»")


def asked(implementation: Implementation, **values: Any) -> ClientReview:
    given = {"contact": "Иван", "email": "ivan@romashka.example", "text": "Предложено", "language": "ru", "actor": None}
    return actions.ask(implementation=implementation, **given | values)


def address_of(review: ClientReview) -> str:
    """The link without its host."""
    return review_path(str(review.pk), review.email)


def said(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").main.get_text(" ").split())  # type: ignore[union-attr]


class TestAsking:
    def form(self, implementation: Implementation, **values: str) -> dict[str, str]:
        given = {"contact": "Иван", "email": "ivan@romashka.example", "language": "ru", "text": ""}
        return {"implementation": str(implementation.pk), **given, **values}

    def test_the_client_gets_a_letter_with_the_link(
        self, partner: Partner, implementation: Implementation, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = client_of(make_member(partner))
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(reverse("portal:reviews_new"), self.form(implementation))

        assert answer["Location"] == reverse("portal:reviews")
        review = ClientReview.objects.get()
        assert (review.state, review.asked_at is not None) == (FactState.CLAIMED, True)
        [letter] = mail.outbox
        assert letter.to == ["ivan@romashka.example"]
        assert address_of(review) in letter.body
        assert "ООО «Ромашка»" in letter.body

    def test_the_letter_speaks_the_clients_language(
        self, implementation: Implementation, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            asked(implementation, language="en")
        assert "/en/client/review/" in mail.outbox[0].body

    def test_a_fictional_company_writes_to_nobody(self, django_capture_on_commit_callbacks: Any) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            asked(make_implementation(make_partner(is_sample=True)))
        assert mail.outbox == []

    def test_twice_the_button_is_one_letter(
        self, implementation: Implementation, django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            assert asked(implementation).pk == asked(implementation).pk
        assert len(mail.outbox) == 1

    @pytest.mark.parametrize(
        "own",
        ["info@partner.example", "Boss@PARTNER.example", "x@mail.partner.example", "x@partner-site.example",
         "owner+client@people.example", "colleague@people.example"],
    )  # fmt: skip
    def test_nobody_confirms_for_oneself(self, partner: Partner, implementation: Implementation, own: str) -> None:
        seat = make_member(partner, email="owner@people.example")
        page = client_of(seat).post(reverse("portal:reviews_new"), self.form(implementation, email=own))
        assert list(page.context["form"].errors) == ["email"]
        assert not ClientReview.objects.exists()

    def test_a_public_mail_service_is_nobodys_domain(self, partner: Partner) -> None:
        make_member(partner, email="boss@gmail.com")
        assert is_own("boss+crm@gmail.com", partner)
        assert not is_own("client@gmail.com", partner)
        assert not is_own("x@notpartner.example", partner)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("email", "никому"), ("email", ""), ("contact", ""), ("contact", "x" * 121), ("implementation", "0"),
         ("implementation", "1" * 40), ("language", "fr"), ("text", "x" * 2001), ("contact", "a\x00b")],
    )  # fmt: skip
    def test_bad_input_is_said_beside_its_field(
        self, partner: Partner, implementation: Implementation, field: str, value: str
    ) -> None:
        client = client_of(make_member(partner))
        page = client.post(reverse("portal:reviews_new"), self.form(implementation) | {field: value})
        assert list(page.context["form"].errors) == [field]
        assert not ClientReview.objects.exists()

    def test_one_review_per_implementation(self, implementation: Implementation) -> None:
        asked(implementation)
        with pytest.raises(ValidationError) as refused:
            asked(implementation, email="other@romashka.example")
        assert list(refused.value.message_dict) == ["implementation"]

    def test_the_letter_is_repeated_a_day_later_at_the_earliest(
        self, partner: Partner, implementation: Implementation, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = client_of(make_member(partner))
        with django_capture_on_commit_callbacks(execute=True):
            url = reverse("portal:reviews_ask", args=[asked(implementation).pk])
            client.post(url)
        assert len(mail.outbox) == 1
        with (
            time_machine.travel("2026-11-11T12:01:00+03:00", tick=False),
            django_capture_on_commit_callbacks(execute=True),
        ):
            client.post(url)
        assert len(mail.outbox) == 2

    def test_a_company_writes_to_so_many_clients_a_day(self, partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(actions, "MOST_LETTERS_A_DAY", 2)
        for _ in range(2):
            asked(make_implementation(partner))
        with pytest.raises(ValidationError, match="слишком много"):
            asked(make_implementation(partner))

    def test_a_client_who_declined_is_not_written_to_again(self, implementation: Implementation) -> None:
        actions.decline_by_client(review=asked(implementation))
        with pytest.raises(ValidationError) as refused:
            asked(implementation, email="IVAN@romashka.example")
        assert list(refused.value.message_dict) == ["email"]
        assert asked(implementation, email="other@romashka.example").state == FactState.CLAIMED


class TestTheClientsPage:
    def test_shows_who_asks_about_what_and_may_not_be_indexed(
        self, client: Client, implementation: Implementation
    ) -> None:
        page = client.get(address_of(asked(implementation)))

        text = said(page)
        assert str(implementation.partner) in text
        assert "ООО «Ромашка»" in text
        assert "Предложено" in text
        assert page["X-Robots-Tag"].startswith("noindex")
        assert "no-store" in page["Cache-Control"]
        assert BeautifulSoup(page.content, "html.parser").find("meta", {"name": "robots", "content": "noindex"})

    def test_a_scanner_that_follows_the_link_changes_nothing(
        self, client: Client, implementation: Implementation
    ) -> None:
        review = asked(implementation)
        for method in (client.get, client.head):
            assert method(address_of(review)).status_code == 200
        review.refresh_from_db()
        assert review.state == FactState.CLAIMED
        assert client.put(address_of(review)).status_code == 405

    def test_the_clients_word_counts_at_once_in_the_clients_words(
        self, client: Client, implementation: Implementation
    ) -> None:
        review = asked(implementation)
        answer = client.post(address_of(review), ANSWER)

        assert answer["Location"] == address_of(review)
        review.refresh_from_db()
        assert (review.state, review.rating, review.text) == (FactState.CONFIRMED, 4, "Внедрили за месяц.")
        assert (review.decided_by, review.client_confirmed_at is not None) == (None, True)
        assert facts_of(implementation.partner, TODAY).reviews == 1
        assert "отзыв подтверждён" in said(client.get(address_of(review)))
        assert ModelLogEntry.objects.filter(action=actions.CLIENT_CONFIRMED).count() == 1

    def test_no_is_an_answer_too_and_final(self, client: Client, implementation: Implementation) -> None:
        review = asked(implementation)
        client.post(address_of(review), {"decline": "1"})
        client.post(address_of(review), ANSWER)
        review.refresh_from_db()
        assert (review.state, review.client_confirmed_at) == (FactState.REFUSED, None)
        assert review.client_declined_at is not None
        assert "уже закрыт" in said(client.get(address_of(review)))

    def test_the_first_answer_holds(self, implementation: Implementation) -> None:
        review = asked(implementation)
        actions.confirm_by_client(review=review, rating=5, text="Да")
        for again in (
            lambda: actions.confirm_by_client(review=review, rating=1, text="Нет"),
            lambda: actions.decline_by_client(review=review),
            lambda: actions.ask_again(review=review, language="ru", actor=None),
        ):
            with pytest.raises(facts.Overtaken):
                again()
        review.refresh_from_db()
        assert (review.state, review.rating) == (FactState.CONFIRMED, 5)

    def test_a_manager_may_revoke_it_with_a_reason(self, implementation: Implementation) -> None:
        review = make_review(implementation)
        assert facts.revoke(fact=review, actor=None, reason="Адрес не клиента").state == FactState.REFUSED
        assert facts_of(implementation.partner, TODAY).reviews == 0

    @pytest.mark.parametrize(
        ("field", "value"),
        [("rating", ""), ("rating", "0"), ("rating", "6"), ("rating", "9" * 40), ("rating", "пять"), ("text", ""),
         ("text", "x" * 2001), ("text", "a\x00b")],
    )  # fmt: skip
    def test_bad_input_is_said_beside_its_field(
        self, client: Client, implementation: Implementation, field: str, value: str
    ) -> None:
        review = asked(implementation)
        page = client.post(address_of(review), ANSWER | {field: value})
        assert page.status_code == 200
        assert list(page.context["form"].errors) == [field]
        review.refresh_from_db()
        assert review.state == FactState.CLAIMED

    def test_an_empty_answer_is_no_answer(self, client: Client, implementation: Implementation) -> None:
        review = asked(implementation)
        assert set(client.post(address_of(review)).context["form"].errors) == {"rating", "text"}

    @pytest.mark.parametrize("broken", ["x", "1:2:3", "%00", "../../admin"])
    def test_a_link_that_is_not_ours_leads_nowhere(self, client: Client, broken: str) -> None:
        answer = client.post(f"/client/review/{broken}/", ANSWER)
        assert answer.status_code == 404

    def test_a_link_of_another_key_or_an_old_one_leads_nowhere(
        self, client: Client, implementation: Implementation
    ) -> None:
        review = asked(implementation)
        url = address_of(review)
        assert client.get(url[:-2] + ("a/" if url[-2] != "a" else "b/")).status_code == 404
        with time_machine.travel("2026-12-10T12:00:01+03:00", tick=False):
            assert client.post(url, ANSWER).status_code == 404
        review.refresh_from_db()
        assert review.state == FactState.CLAIMED

    def test_a_withdrawn_request_leads_nowhere(self, client: Client, implementation: Implementation) -> None:
        review = asked(implementation)
        url = address_of(review)
        facts.withdraw(fact=review, actor=None)
        assert client.get(url).status_code == 404

    def test_the_partners_people_may_not_answer_for_the_client(
        self, partner: Partner, implementation: Implementation
    ) -> None:
        review = asked(implementation)
        answer = client_of(make_member(partner)).post(address_of(review), ANSWER)
        assert answer.status_code == 403
        review.refresh_from_db()
        assert review.state == FactState.CLAIMED

    def test_without_login_in_both_languages_and_safe(self, client: Client, implementation: Implementation) -> None:
        review = asked(implementation, text="<script>alert(1)</script>")
        for language in ("", "/en"):
            page = client.get(language + address_of(review))
            assert page.status_code == 200
            assert b"<script>alert" not in page.content
