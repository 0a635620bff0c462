"""Sales, plans and bonuses in the partners' section (R47, R70-R77): by those concerned, from what is recorded."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from partner_directory.actions import bonuses, plans, sales
from partner_directory.bonus_facts import bonus_facts_of
from partner_directory.ledger import balance_of
from partner_directory.models import BonusRequest, LedgerTransaction, Membership, Partner, Sale, SalesPlan
from partner_directory.models.people import Role
from partner_directory.partner_terms import terms_for
from partner_directory.reckoning import reckon
from partner_directory.sales import final_price, progress
from program_pages.models.edition import programme_day
from program_pages.rules.deal import Events, Plan
from program_pages.rules.overlay import Change
from program_pages.rules.terms import Rounding
from tests.factories.bonuses import (
    make_implementation,
    make_overlay,
    make_participation,
    make_plan,
    make_request,
    make_sale,
    unsaved_sale,
    with_balance,
)
from tests.factories.editions import publish_edition
from tests.factories.files import upload
from tests.factories.partners import make_partner
from tests.factories.portal import client_of, make_member
from tests.factories.readings import opened_again

pytestmark = pytest.mark.django_db

ONE_DAY = timedelta(days=1)
SALE = {
    "client": "ООО «Ромашка»",
    "sold_on": "",
    "licences": "10",
    "list_total": "100 000,50",
    "client_discount": "15",
    "document_number": "Д-1",
}


@pytest.fixture
def partner() -> Partner:
    return make_partner(level="competency", specialists=3)


@pytest.fixture
def owner(partner: Partner) -> Client:
    return client_of(make_member(partner))


@pytest.fixture
def staff(partner: Partner) -> Client:
    return client_of(make_member(partner, role=Role.STAFF))


def held_by(partner: Partner) -> Membership:
    return partner.memberships.select_related("partner", "level").get()


def refused_fields(act: Callable[[], Any]) -> set[str]:
    with pytest.raises(ValidationError) as refused:
        act()
    return set(getattr(refused.value, "error_dict", {"": None}))


def read(response: Any) -> str:
    return " ".join(BeautifulSoup(response.content, "html.parser").get_text(" ").split())


def sale_form(**fields: Any) -> dict[str, Any]:
    from program_pages.models import Product

    product = Product.objects.get(slug="asoft-crm").pk
    return SALE | {"product": product, "sold_on": programme_day().isoformat()} | fields


# --- The facts of a term ---


class TestTheFactsOfATerm:
    def facts(self, partner: Partner, until: date | None = None) -> Any:
        day = until or programme_day()
        return bonus_facts_of(partner, "competency", terms_for(partner, day), date(day.year, 1, 1), day)

    def test_r71_reviews_are_a_share_of_the_terms_implementations(self, partner: Partner) -> None:
        assert self.facts(partner).reviews_share is None
        for reviewed in (True, True, False):
            make_implementation(partner, reviewed=reviewed)
        make_implementation(partner, reviewed=True, finished_on=date(programme_day().year - 1, 12, 31))
        make_implementation(make_partner(), reviewed=True)
        make_implementation(partner, state="claimed", decided_at=None)

        assert self.facts(partner).reviews_share == Decimal(200) / 3

    def test_r72_a_plan_counts_once_agreed_and_is_met_by_confirmed_sales(self, partner: Partner) -> None:
        plan = make_plan(partner, agreed=False, target=Decimal(170_000))
        assert self.facts(partner).plan is Plan.NONE
        plans.agree_as_vendor(plan=plan, actor=None)
        make_sale(partner, client_discount=Decimal(15))
        make_sale(partner, client_discount=Decimal(15), confirmed=False)
        make_sale(partner, sold_on=plan.starts - ONE_DAY)
        assert self.facts(partner).plan is Plan.AGREED

        make_sale(partner, client_discount=Decimal(15))

        assert self.facts(partner).plan is Plan.MET

    def test_r72_of_several_plans_all_that_have_begun_must_be_met(self, partner: Partner) -> None:
        today = programme_day()
        make_plan(partner, starts=today - ONE_DAY, until=today, target=Decimal(1))
        make_plan(partner, starts=today + ONE_DAY, until=today + 2 * ONE_DAY, target=Decimal(1))
        make_sale(partner)
        assert self.facts(partner).plan is Plan.MET

        assert self.facts(partner, today + ONE_DAY).plan is Plan.AGREED

    def test_r71_a_review_counts_with_its_implementation_however_late_its_client_confirms(
        self, partner: Partner
    ) -> None:
        last = date(programme_day().year, 12, 31)
        with time_machine.travel(timezone.now().replace(year=last.year + 1, month=1, day=20)):
            make_implementation(partner, reviewed=True, finished_on=last)

            assert self.facts(partner, last).reviews_share == 100
            assert self.facts(partner).reviews_share is None

    def test_r72_a_plan_over_two_years_is_rewarded_in_the_second_alone(self, partner: Partner) -> None:
        today = programme_day()
        make_plan(partner, starts=today, until=date(today.year + 1, 1, 31), target=Decimal(1))
        make_sale(partner)

        assert self.facts(partner).plan is Plan.NONE
        assert self.facts(partner, date(today.year + 1, 1, 1)).plan is Plan.MET

    def test_r73_a_person_with_two_certificates_is_one(self, partner: Partner) -> None:
        twin = partner.specialists.first()
        assert twin is not None
        twin.pk, twin.certificate = None, "TWIN-1"
        twin.save(force_insert=True)

        assert self.facts(partner).extra_specialists == 1

    def test_a_term_is_the_memberships_own_days(self, partner: Partner) -> None:
        today = programme_day()
        make_participation(partner, "hosted", held_on=today - ONE_DAY)
        Membership.objects.filter(partner=partner).update(starts=today)

        [events] = [line for line in reckon(held_by(partner)).lines if line["key"] == "events"]

        assert (events["status"], events["evidence"]) == ("does_not_apply", [])

    def test_r73_specialists_beyond_the_levels_requirement(self, partner: Partner) -> None:
        assert self.facts(partner).extra_specialists == 1
        partner.specialists.update(left_on=programme_day())
        assert self.facts(partner).extra_specialists == 0

    def test_r74_events_attended_and_hosted(self, partner: Partner) -> None:
        assert self.facts(partner).events is Events.NONE
        make_participation(partner, "attended", state="claimed", decided_at=None)
        assert self.facts(partner).events is Events.NONE
        make_participation(partner, "hosted")
        assert self.facts(partner).events is Events.HOSTED
        make_participation(partner, "attended")
        assert self.facts(partner).events is Events.BOTH


# --- Requests ---


class TestARequest:
    def test_r76_keeps_each_line_with_its_points_words_clause_and_records(self, partner: Partner) -> None:
        for _ in range(4):
            make_implementation(partner, reviewed=True)
        make_participation(partner, "hosted", title="Наш семинар")

        asked = bonuses.ask(membership=held_by(partner), actor=None)

        lines = {line["clause"]: line for line in asked.lines}
        assert asked.computed == sum(Decimal(line["points"]) for line in asked.lines)
        assert lines["R71"]["status"] == "applies"
        assert "100" in lines["R71"]["sentence"]["ru"]
        assert lines["R71"]["sentence"]["en"] != lines["R71"]["sentence"]["ru"]
        assert len(lines["R71"]["evidence"]) == 8
        assert lines["R72"]["status"] == "not_applicable"
        assert [row["text"] for row in lines["R74"]["evidence"]] == ["Наш семинар"]
        assert asked.edition_id == terms_for(partner, programme_day()).edition
        assert (asked.starts, asked.until) == (held_by(partner).starts, programme_day())

    def test_r75_the_ceiling_cuts_and_says_so(self, partner: Partner) -> None:
        make_participation(partner, "hosted")
        make_overlay(partner, Change("discount", Decimal(36), "competency"))

        asked = bonuses.ask(membership=held_by(partner), actor=None)

        assert asked.computed == 4
        assert asked.lines[-1]["key"] == "ceiling"
        assert Decimal(asked.lines[-1]["points"]) == -1

    def test_is_made_once_a_term(self, partner: Partner) -> None:
        bonuses.ask(membership=held_by(partner), actor=None)
        with pytest.raises(ValidationError, match="уже запрошены"):
            bonuses.ask(membership=held_by(partner), actor=None)
        assert BonusRequest.objects.count() == 1

    def test_with_nothing_to_credit_is_not_made(self) -> None:
        with pytest.raises(ValidationError, match="пока нет"):
            bonuses.ask(membership=held_by(make_partner(level="retail")), actor=None)

    @pytest.mark.parametrize("state", ["suspended", "upcoming"])
    def test_is_of_a_term_that_runs_or_ran(self, state: str) -> None:
        with pytest.raises(ValidationError):
            bonuses.reckoned(held_by(make_partner(level="competency", state=state, specialists=3)))

    def test_of_a_finished_term_counts_to_its_last_day(self) -> None:
        partner = make_partner(level="competency", state="active", specialists=3)
        with time_machine.travel(timezone.now().replace(year=programme_day().year + 1, month=2, day=1)):
            found = bonuses.reckoned(held_by(partner))
        assert found.until == held_by(partner).until

    def test_is_never_computed_anew(self, partner: Partner) -> None:
        asked = bonuses.ask(membership=held_by(partner), actor=None)
        partner.specialists.all().delete()
        asked.refresh_from_db()
        assert asked.computed > 0


class TestTheBonusPages:
    def test_an_owner_sees_what_a_term_comes_to_before_asking(self, owner: Client, partner: Partner) -> None:
        address = f"/portal/bonuses/ask/{held_by(partner).pk}/"
        page = read(owner.get(address))
        assert "Специалисты сверх требований" in page
        assert "+2,5\u00a0%".replace("\u00a0", " ") in page
        assert not BonusRequest.objects.exists()

        response = owner.post(address, follow=True)

        asked = BonusRequest.objects.get()
        assert response.redirect_chain[-1][0] == f"/portal/bonuses/{asked.pk}/"
        assert "на проверке" in read(response)
        assert "уже запрошены" in read(owner.post(address, follow=True))

    def test_staff_reads_and_an_owner_decides(self, staff: Client, partner: Partner) -> None:
        for address in ("/portal/bonuses/", "/portal/bonuses/statement/", "/portal/sales/", "/portal/plans/",
                        "/portal/conditions/", "/portal/calculator/", "/portal/sales/new/"):  # fmt: skip
            assert staff.get(address).status_code == 200
        plan = make_plan(partner, agreed=False)
        for address in (f"/portal/bonuses/ask/{held_by(partner).pk}/", "/portal/bonuses/spend/", "/portal/plans/new/",
                        f"/portal/plans/{plan.pk}/cancel/"):  # fmt: skip
            assert staff.get(address).status_code == 403
            assert staff.post(address).status_code == 403
        assert staff.post(f"/portal/plans/{plan.pk}/agree/").status_code == 403

    @pytest.mark.parametrize(
        "address",
        ["sales/", "sales/new/", "plans/", "plans/new/", "plans/1/cancel/", "bonuses/", "bonuses/1/", "bonuses/ask/1/",
         "bonuses/statement/", "bonuses/spend/", "conditions/", "calculator/", "calculator/csv/"],
    )  # fmt: skip
    def test_strangers_are_led_to_sign_in(self, client: Client, address: str) -> None:
        response = client.get(f"/portal/{address}")
        assert response.status_code == 302
        assert "login" in response.headers["Location"]

    def test_nothing_of_another_company_is_reachable(self, owner: Client) -> None:
        other = make_partner(level="competency", specialists=3)
        asked, plan = make_request(held_by(other)), make_plan(other, agreed=False)

        for address in (f"bonuses/{asked.pk}/", f"bonuses/ask/{held_by(other).pk}/", f"plans/{plan.pk}/cancel/"):
            assert owner.get(f"/portal/{address}").status_code == 404
        for address in (f"bonuses/ask/{held_by(other).pk}/", f"plans/{plan.pk}/cancel/", f"plans/{plan.pk}/agree/"):
            assert owner.post(f"/portal/{address}").status_code == 404

    @pytest.mark.parametrize("address", ["bonuses/", "sales/", "plans/", "bonuses/statement/", "conditions/"])
    def test_both_languages(self, owner: Client, partner: Partner, address: str) -> None:
        with_balance(partner)
        make_sale(partner)
        make_plan(partner)
        for prefix in ("", "/en"):
            assert owner.get(f"{prefix}/portal/{address}").status_code == 200

    @pytest.mark.parametrize("address", ["bonuses/", "sales/", "plans/", "bonuses/statement/", ""])
    def test_as_many_queries_for_many_rows_as_for_few(self, owner: Client, partner: Partner, address: str) -> None:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with_balance(partner, "20")
        today = programme_day()

        def more(times: int) -> None:
            for number in range(times):
                bonuses.spend(sale=make_sale(partner), way=bonuses.Way.DISCOUNT, points=Decimal("0.5"), actor=None)
                start = date(today.year + 1, 1, 1) + 2 * SalesPlan.objects.count() * ONE_DAY
                plan = make_plan(partner, starts=start, until=start + ONE_DAY, agreed=bool(number % 2))
                assert plan.pk

        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as found:
                assert owner.get(f"/portal/{address}").status_code == 200
            return len(found)

        more(2)
        queries()
        few = queries()
        more(8)

        assert queries() == few

    def test_the_home_page_puts_a_proposed_plan_first(self, owner: Client, partner: Partner) -> None:
        days = {"starts": programme_day(), "until": programme_day(), "target": Decimal(1)}
        plan = plans.propose(partner=partner, side=plans.Side.VENDOR, actor=None, **days)
        waiting = BeautifulSoup(owner.get("/portal/").content, "html.parser").select(".portal-panel:has(a.button)")
        assert any("ASoft предлагает план продаж" in panel.get_text() for panel in waiting)
        owner.post(f"/portal/plans/{plan.pk}/agree/")
        page = read(owner.get("/portal/"))
        assert "План: 0 ₽ из 1 ₽" in page


class TestSpendingByTheForm:
    def test_shows_what_it_brings_and_then_does_it_once(self, owner: Client, partner: Partner) -> None:
        with_balance(partner)
        sale = make_sale(partner)
        asked = {"sale": sale.pk, "way": "discount", "points": "5"}

        page = read(owner.get("/portal/bonuses/spend/", asked))
        assert "Вы платите сейчас 80 000 ₽" in page.replace("\u00a0", " ")
        assert "Заплатите с бонусом 75 000 ₽" in page.replace("\u00a0", " ")
        assert balance_of(partner) == 10

        first = owner.post("/portal/bonuses/spend/", asked)
        second = owner.post("/portal/bonuses/spend/", asked)

        assert (first.status_code, second.status_code) == (302, 422)
        assert balance_of(partner) == 5
        assert "-5" in read(owner.get("/portal/bonuses/statement/")).replace("−", "-")

    def test_as_licences_says_how_many(self, owner: Client, partner: Partner) -> None:
        with_balance(partner)
        asked = {"sale": make_sale(partner).pk, "way": "licences", "points": "10"}
        page = read(owner.get("/portal/bonuses/spend/", asked))
        assert "Лицензий без оплаты 1" in page
        assert "Спишется пунктов 8" in page

    @pytest.mark.parametrize(
        "wrong",
        [
            {"points": ""}, {"points": "десять"}, {"points": "-1"}, {"points": "0"}, {"points": "1e9"},
            {"points": "99999999999999999999"}, {"points": "0,001"}, {"points": "5\x00"}, {"points": "11"},
            {"way": "cash"}, {"way": ""}, {"sale": "999999"}, {"sale": "x"}, {"sale": ""}, {"sale": "9" * 40},
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said_beside_its_field(
        self, owner: Client, partner: Partner, wrong: dict[str, str]
    ) -> None:
        with_balance(partner)
        asked = {"sale": str(make_sale(partner).pk), "way": "discount", "points": "5"} | wrong

        for response in (owner.get("/portal/bonuses/spend/", asked), owner.post("/portal/bonuses/spend/", asked)):
            assert response.status_code == 422
            [field] = wrong
            assert BeautifulSoup(response.content, "html.parser").select_one(f"#id_{field}_error")
        assert balance_of(partner) == 10

    def test_never_on_anothers_sale(self, owner: Client, partner: Partner) -> None:
        with_balance(partner)
        other = make_sale(make_partner(level="competency"))
        asked = {"sale": other.pk, "way": "discount", "points": "5"}
        assert owner.post("/portal/bonuses/spend/", asked).status_code == 422
        assert not LedgerTransaction.objects.filter(sale=other).exists()


class TestTheCalculatorOpensPrefilled:
    def test_with_level_facts_and_credit(self, owner: Client, partner: Partner) -> None:
        with_balance(partner, "7.5")
        for reviewed in (True, False):
            make_implementation(partner, reviewed=reviewed)
        make_participation(partner, "hosted")
        make_plan(partner)

        page = BeautifulSoup(owner.get("/portal/calculator/").content, "html.parser")

        values = {name: page.select_one(f"[name={name}]") for name in ("reviews", "specialists", "credit")}
        assert {name: field["value"] for name, field in values.items() if field} == {
            "reviews": "1/2",
            "specialists": "1",
            "credit": "7.5",
        }
        chosen = {name: page.select_one(f"select[name={name}] option[selected]") for name in ("plan", "events")}
        assert {name: option["value"] for name, option in chosen.items() if option} == {
            "plan": "agreed",
            "events": "hosted",
        }
        level = page.select_one("[name=level][checked]")
        assert level is not None
        assert level["value"] == "competency"

    def test_for_a_partner_without_a_level_it_opens_all_the_same(self) -> None:
        response = client_of(make_member(make_partner(level=None))).get("/portal/calculator/")
        assert response.status_code == 200

    def test_what_is_undecided_is_shown_as_a_range(self, owner: Client) -> None:
        opened_again("A9")
        address = "/portal/calculator/?level=competency&product=asoft-crm&quantity=3&discount=15"
        page = BeautifulSoup(owner.get(address, follow=True).content, "html.parser")
        shown = page.select_one(".quote-undecided")
        assert shown is not None
        assert "Менеджер программы ASoft" in shown.get_text()
        assert [link["href"] for link in shown.select("a")] == [f"/terms/?on={programme_day()}#a9"]

    def test_as_one_types_only_the_calculator_is_sent(self, owner: Client) -> None:
        response = owner.get(
            "/portal/calculator/?level=retail&product=asoft-crm&quantity=3", headers={"HX-Request": "true"}
        )
        assert b"<html" not in response.content
        assert "v=1" in response.headers["HX-Replace-Url"]


# --- Sales ---


class TestSales:
    def test_a_recorded_sale_waits_for_a_manager(self, owner: Client, partner: Partner) -> None:
        response = owner.post("/portal/sales/new/", sale_form(), follow=True)

        sale = Sale.objects.get()
        assert (sale.partner, sale.state, sale.list_total) == (partner, "claimed", Decimal("100000.50"))
        assert final_price(sale, Rounding.HALF_UP) == Decimal("85000.43")
        assert "ждёт проверки" in read(response)

    def test_a_document_is_kept_with_it(self, owner: Client, partner: Partner) -> None:
        owner.post("/portal/sales/new/", sale_form(evidence=upload(name="Счёт.pdf")))
        file = Sale.objects.get().evidence
        assert file is not None
        assert (file.name, file.partner) == ("Счёт.pdf", partner)

    def test_what_is_no_document_is_refused_beside_its_field(self, owner: Client) -> None:
        page = owner.post("/portal/sales/new/", sale_form(evidence=upload(b"MZ", "a.exe")))
        field = BeautifulSoup(page.content, "html.parser").select_one("#id_evidence_error")
        assert field is not None
        assert "Подойдут только PDF" in field.text
        assert not Sale.objects.exists()

    @pytest.mark.parametrize(("prefix", "words"), [("", "выберите"), ("/en", "choose")])
    def test_a_choice_not_made_yet_is_said_in_words(self, owner: Client, prefix: str, words: str) -> None:
        page = owner.get(f"{prefix}/portal/sales/new/")
        option = BeautifulSoup(page.content, "html.parser").select_one("#id_product option[value='']")
        assert option is not None
        assert option.text == words
        assert "-----" not in read(page)

    @pytest.mark.parametrize(("rounding", "price"), [("half_up", "50 000,01"), ("half_even", "50 000")])
    def test_a10_its_price_is_rounded_as_the_edition_says(
        self, owner: Client, partner: Partner, rounding: str, price: str
    ) -> None:
        publish_edition(rounding=rounding)
        make_plan(partner)
        make_sale(partner, list_total=Decimal("100000.01"), client_discount=Decimal(50))
        page = read(owner.get("/portal/sales/")).replace("\u00a0", " ")
        assert len(re.findall(rf"(?<!\d){price} ₽", page)) == 2, "the sale, and what of the plan is sold"

    def test_sent_twice_it_is_one(self, owner: Client) -> None:
        owner.post("/portal/sales/new/", sale_form())
        owner.post("/portal/sales/new/", sale_form())
        assert Sale.objects.count() == 1

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("client", ""), ("client", "\x00"), ("client", "а" * 201), ("product", "999999"), ("product", ""),
            ("sold_on", ""), ("sold_on", "вчера"), ("sold_on", "9999-12-31"), ("sold_on", "0001-01-01"),
            ("licences", "0"), ("licences", "-1"), ("licences", "99999999999999"), ("licences", "1.5"),
            ("list_total", "0"), ("list_total", "-5"), ("list_total", "1e20"), ("list_total", "9" * 30),
            ("list_total", "1,234567"), ("client_discount", "100"), ("client_discount", "101"),
            ("client_discount", "NaN"), ("document_number", "x" * 61),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_said_beside_its_field(self, owner: Client, field: str, value: str) -> None:
        response = owner.post("/portal/sales/new/", sale_form(**{field: value}))

        assert response.status_code == 422
        assert BeautifulSoup(response.content, "html.parser").select_one(f"#id_{field}_error")
        assert not Sale.objects.exists()

    def test_a_document_that_may_not_be_sent_is_refused_beside_its_field(
        self, owner: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(**_fields: Any) -> None:
            raise ValidationError("Такое не принимаем")

        monkeypatch.setattr("partner_directory.uploads.keep_upload", refuse)

        response = owner.post("/portal/sales/new/", sale_form(evidence=upload()))

        field = BeautifulSoup(response.content, "html.parser").select_one("#id_evidence_error")
        assert field is not None
        assert "Такое не принимаем" in field.text
        assert not Sale.objects.exists()

    def test_an_empty_form_is_refused_whole(self, owner: Client) -> None:
        assert owner.post("/portal/sales/new/", {}).status_code == 422

    def test_is_decided_once(self, partner: Partner) -> None:
        sale = make_sale(partner)
        with pytest.raises(sales.Overtaken):
            sales.confirm(sale=sale, actor=None)
        with pytest.raises(sales.Overtaken):
            sales.refuse(sale=sale, actor=None, reason="нет")
        sale.refresh_from_db()
        assert sale.state == "confirmed"

    def test_a_managers_own_entry_counts_at_once(self, partner: Partner) -> None:
        assert sales.record(sale=unsaved_sale(partner), actor=None).state == "confirmed"

    def test_a_refusal_says_why(self, partner: Partner) -> None:
        sale = make_sale(partner, confirmed=False)
        assert refused_fields(lambda: sales.refuse(sale=sale, actor=None, reason=" ")) == {"reason"}


# --- Plans ---


class TestPlans:
    def test_r72_counts_once_both_have_agreed(self, owner: Client, partner: Partner) -> None:
        today = programme_day()
        data = {"starts": today.isoformat(), "until": today.isoformat(), "target": "1 000 000"}
        page = owner.post("/portal/plans/new/", data, follow=True)
        plan = SalesPlan.objects.get()
        assert "ждёт ASoft" in read(page)
        assert not plan.is_agreed

        plans.agree_as_vendor(plan=plan, actor=None)

        plan.refresh_from_db()
        assert plan.is_agreed

    def test_each_side_agrees_once(self, partner: Partner) -> None:
        plan = make_plan(partner)
        for agree in (plans.agree_as_vendor, plans.agree_as_partner):
            with pytest.raises(plans.Overtaken):
                agree(plan=plan, actor=None)

    def test_two_plans_never_share_a_day(self, partner: Partner) -> None:
        plan = make_plan(partner)
        assert refused_fields(lambda: make_plan(partner, starts=programme_day())) == {"starts"}
        plans.cancel(plan=plan, side=plans.Side.VENDOR, actor=None, reason="Иначе")
        make_plan(partner)
        make_plan(make_partner())

    def test_an_owner_takes_back_only_what_is_not_agreed(self, owner: Client, partner: Partner) -> None:
        proposed = make_plan(partner, agreed=False)
        assert owner.post(f"/portal/plans/{proposed.pk}/cancel/", {"reason": ""}).status_code == 422
        owner.post(f"/portal/plans/{proposed.pk}/cancel/", {"reason": "Передумали"})
        proposed.refresh_from_db()
        assert proposed.reason == "Передумали"

        agreed = make_plan(partner)
        assert owner.post(f"/portal/plans/{agreed.pk}/cancel/", {"reason": "Передумали"}).status_code == 422
        agreed.refresh_from_db()
        assert agreed.is_agreed

    def test_a_plan_that_is_over_is_agreed_no_more(self, partner: Partner) -> None:
        plan = make_plan(partner, agreed=False)
        with time_machine.travel(timezone.now().replace(year=programme_day().year + 1)), pytest.raises(plans.Overtaken):
            plans.agree_as_vendor(plan=plan, actor=None)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("starts", ""), ("starts", "1999-01-01"), ("until", "2001-01-01"), ("until", "9999-12-31"), ("until", "x"),
         ("target", "0"), ("target", "-1"), ("target", "много"), ("target", "9999999999999")],
    )  # fmt: skip
    def test_what_cannot_be_is_said_beside_its_field(self, owner: Client, field: str, value: str) -> None:
        today = programme_day().isoformat()
        response = owner.post("/portal/plans/new/", {"starts": today, "until": today, "target": "5"} | {field: value})

        assert response.status_code == 422
        assert BeautifulSoup(response.content, "html.parser").select_one(f"#id_{field}_error")
        assert not SalesPlan.objects.exists()

    def test_progress_never_says_all_before_it_is(self, partner: Partner) -> None:
        plan = make_plan(partner, target=Decimal("100000.01"))
        make_sale(partner)
        make_sale(partner, confirmed=False)

        [found] = progress(partner, [plan])

        assert (found.points, found.is_met, found.missing) == (99, False, Decimal("0.01"))
        assert found.waiting == 100_000
