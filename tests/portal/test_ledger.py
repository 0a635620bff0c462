"""R70, R75-R77 and R79: what is credited is spent once, on a next sale, and everything adds up."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from partner_directory.actions import bonuses, sales
from partner_directory.ledger import Way, balance_of, disagreements, room_of, spendable_sales, spending
from partner_directory.models import Balance, BonusRequest, LedgerEntry, LedgerTransaction, Partner, Sale
from partner_directory.models.bonus import Unit
from program_pages.models.edition import programme_day
from program_pages.rules.overlay import Change
from tests.factories.bonuses import make_overlay, make_request, make_sale, with_balance
from tests.factories.editions import publish_edition
from tests.factories.partners import make_membership, make_partner
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db


def spend(sale: Sale, points: str = "5", way: Way = Way.DISCOUNT) -> LedgerTransaction:
    return bonuses.spend(sale=sale, way=way, points=Decimal(points), actor=None)


def refusal(act: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        act()
    return refused.value.message_dict if hasattr(refused.value, "error_dict") else {"": refused.value.messages}


def sides(entered: LedgerTransaction) -> dict[tuple[str, str], Decimal]:
    return {(entry.account, entry.unit): entry.amount for entry in entered.entries.all()}


@pytest.fixture
def partner() -> Partner:
    """A competency partner with ten points."""
    return with_balance(make_partner(level="competency"))


class TestACredit:
    def test_adds_to_the_balance_and_balances_itself(self) -> None:
        partner = make_partner(level="competency")
        actor = make_user()

        done = bonuses.confirm(request=make_request(partner.memberships.get(), "7.5"), actor=actor)

        assert (done.state, done.credited, done.decided_by) == ("credited", Decimal("7.5"), actor)
        assert balance_of(partner) == Decimal("7.5")
        [entered] = LedgerTransaction.objects.filter(partner=partner)
        assert sides(entered) == {("vendor", "points"): Decimal("-7.5"), ("partner", "points"): Decimal("7.5")}
        assert list(disagreements()) == []

    @pytest.mark.parametrize("again", ["confirm", "correct", "refuse"])
    def test_is_decided_once(self, again: str) -> None:
        asked = make_request(make_partner(level="competency").memberships.get())
        bonuses.confirm(request=asked, actor=None)
        more = {"correct": {"points": Decimal(3), "reason": "нет"}, "refuse": {"reason": "нет"}}.get(again, {})

        with pytest.raises(bonuses.Overtaken):
            getattr(bonuses, again)(request=asked, actor=None, **more)

        assert balance_of(asked.membership.partner) == 10

    def test_may_be_corrected_with_a_reason_up_to_what_the_ceiling_leaves(self) -> None:
        asked = make_request(make_partner(level="competency").memberships.get())

        for points in ("0", "-1", "20.01", "0.001", "NaN", "Infinity", "1000000"):
            assert "points" in refusal(
                lambda points=points: bonuses.correct(request=asked, points=Decimal(points), reason="да", actor=None)
            )
        assert "reason" in refusal(lambda: bonuses.correct(request=asked, points=Decimal(20), reason="  ", actor=None))
        bonuses.correct(request=asked, points=Decimal(20), reason="Учтён план", actor=None)

        assert balance_of(asked.membership.partner) == 20

    def test_that_is_refused_leaves_the_term_open(self) -> None:
        asked = make_request(make_partner(level="competency").memberships.get(), state="refused")

        assert balance_of(asked.membership.partner) == 0
        assert not LedgerTransaction.objects.exists()
        make_request(asked.membership)


class TestSpending:
    def test_as_a_discount_takes_points_and_gives_roubles_of_the_final_price(self, partner: Partner) -> None:
        entered = spend(make_sale(partner, list_total=Decimal(100_000), client_discount=Decimal(15)), "5")

        assert sides(entered) == {
            ("partner", "points"): Decimal(-5),
            ("used", "points"): Decimal(5),
            ("vendor", "roubles"): Decimal(-4250),
            ("used", "roubles"): Decimal(4250),
        }
        assert balance_of(partner) == 5
        assert list(disagreements()) == []

    def test_as_licences_takes_only_the_points_that_whole_licences_need(self, partner: Partner) -> None:
        entered = spend(make_sale(partner), "10", Way.LICENCES)  # 10 000 roubles; a licence costs the partner 8 000

        assert sides(entered) == {
            ("partner", "points"): Decimal(-8),
            ("used", "points"): Decimal(8),
            ("vendor", "licences"): Decimal(-1),
            ("used", "licences"): Decimal(1),
        }
        assert balance_of(partner) == 2

    def test_what_does_not_make_a_licence_is_not_taken(self, partner: Partner) -> None:
        assert "points" in refusal(lambda: spend(make_sale(partner), "7.99", Way.LICENCES))
        assert balance_of(partner) == 10

    def test_in_parts_leaves_the_rest(self, partner: Partner) -> None:
        spend(make_sale(partner), "2.5")
        spend(make_sale(partner), "7.5")

        assert balance_of(partner) == 0
        assert "sale" in refusal(lambda: spend(make_sale(partner), "0.01"))

    def test_on_one_sale_happens_once(self, partner: Partner) -> None:
        sale = make_sale(partner)
        assert sale in spendable_sales(partner)
        spend(sale, "2")

        assert "sale" in refusal(lambda: spend(sale, "2"))
        assert "sale" in refusal(lambda: spend(sale, "8", Way.LICENCES))
        assert balance_of(partner) == 8
        assert sale not in spendable_sales(partner)

    def test_r77_never_goes_on_a_sale_of_the_days_before_the_request_or_of_that_day(self, partner: Partner) -> None:
        asked = timezone.now() - timedelta(days=30)

        for days in (0, 1, 100):
            sale = make_sale(partner, sold_on=timezone.localdate(asked) - timedelta(days=days))
            assert "sale" in refusal(lambda sale=sale: spend(sale))
        spend(make_sale(partner, sold_on=timezone.localdate(asked) + timedelta(days=1)))

    def test_r77_points_earned_later_stay_for_later_sales(self) -> None:
        partner = make_partner(level=None)
        now = timezone.now()
        for year, points, days in ((2025, "4", 60), (2026, "6", 10)):
            term = make_membership(partner, level="competency", year=year,
                                   starts=f"{year}-01-01", until=f"{year}-12-31")  # fmt: skip
            term.refresh_from_db()
            make_request(term, points, state="credited", asked_at=now - timedelta(days=days))
        between = make_sale(partner, sold_on=programme_day() - timedelta(days=30))

        assert "points" in refusal(lambda: spend(between, "4.01"))
        spend(between, "4")
        assert "sale" in refusal(lambda: spend(make_sale(partner, sold_on=between.sold_on), "1"))
        spend(make_sale(partner), "6")

        assert balance_of(partner) == 0

    def test_r75_stops_at_what_the_ceiling_leaves_beside_the_discount(self, partner: Partner) -> None:
        make_overlay(partner, Change("discount", Decimal(36), "competency"))

        assert "points" in refusal(lambda: spend(make_sale(partner), "4.01"))
        spend(make_sale(partner), "4")

    def test_r82_is_worth_what_the_partners_own_terms_say(self, partner: Partner) -> None:
        make_overlay(partner, Change("discount", Decimal(30), "competency"))
        room = room_of(Sale.objects.select_related("product").get(pk=make_sale(partner).pk), balance_of(partner))

        assert room is not None
        assert (room.discount, room.licence) == (Decimal(30), Decimal(7000))
        assert spending(room, Way.LICENCES, Decimal(10)).licences == 1

    @pytest.mark.parametrize("points", ["0", "-5", "10.01", "0.001", "NaN", "99999999"])
    def test_of_points_that_cannot_be_is_refused(self, partner: Partner, points: str) -> None:
        assert "points" in refusal(lambda: spend(make_sale(partner), points))
        assert balance_of(partner) == 10

    def test_needs_a_level_on_the_sales_day(self, partner: Partner) -> None:
        partner.memberships.update(starts=programme_day())

        assert "sale" in refusal(lambda: spend(make_sale(partner, sold_on=programme_day() - timedelta(days=1))))

    def test_on_a_sale_that_was_refused_is_refused(self, partner: Partner) -> None:
        sale = make_sale(partner, confirmed=False)
        sales.refuse(sale=sale, actor=None, reason="Не было")

        assert "sale" in refusal(lambda: spend(sale))

    def test_comes_back_once_when_its_sale_turns_out_to_be_none(self, partner: Partner) -> None:
        sale = make_sale(partner, confirmed=False)
        spend(sale)
        sales.refuse(sale=sale, actor=None, reason="Не было")

        assert balance_of(partner) == 10
        assert list(disagreements()) == []
        with pytest.raises(bonuses.Overtaken):
            bonuses.give_back(sale=sale, actor=None)
        assert balance_of(partner) == 10

    def test_somebody_faster_leaves_nothing_written(self, partner: Partner, monkeypatch: Any) -> None:
        sale = make_sale(partner)
        found = bonuses.spending_of(sale, Way.DISCOUNT, Decimal(10))
        spend(make_sale(partner), "1")
        monkeypatch.setattr(bonuses, "spending_of", lambda *_args: found)

        with pytest.raises(bonuses.Overtaken):
            spend(sale, "10")

        assert balance_of(partner) == 9
        assert LedgerTransaction.objects.filter(sale__isnull=False).count() == 1

    def test_a_failure_half_way_leaves_nothing(self, partner: Partner, monkeypatch: Any) -> None:
        sale = make_sale(partner)
        monkeypatch.setattr(bonuses, "_recorded_spending", lambda *_args: 1 / 0)

        with pytest.raises(ZeroDivisionError), transaction.atomic():
            spend(sale)

        assert balance_of(partner) == 10
        assert sale in spendable_sales(partner)


class TestTheEnd:
    def test_r79_what_is_left_expires_after_the_promotions_last_day_once(self, partner: Partner) -> None:
        last = programme_day() + timedelta(days=3)
        publish_edition(effective_from=programme_day() + timedelta(days=1), bonuses_until=last)

        assert bonuses.end_expired(programme_day()) == 0
        assert bonuses.end_expired(last) == 0
        assert bonuses.end_expired(last + timedelta(days=7)) == 1
        assert bonuses.end_expired(last + timedelta(days=8)) == 0

        assert balance_of(partner) == 0
        assert LedgerEntry.objects.get(account="expired").amount == 10
        assert list(disagreements()) == []

    def test_r79_without_a_last_day_nothing_expires(self, partner: Partner) -> None:
        assert bonuses.end_expired(programme_day() + timedelta(days=3650)) == 0
        assert balance_of(partner) == 10

    def test_before_any_edition_nothing_expires(self) -> None:
        assert bonuses.end_expired(programme_day().replace(year=1990)) == 0

    def test_r79_after_the_last_day_nothing_is_asked_for_or_spent(self, partner: Partner) -> None:
        today = programme_day()
        publish_edition(effective_from=today + timedelta(days=1), bonuses_until=today + timedelta(days=1))

        with time_machine.travel(timezone.now() + timedelta(days=2)):
            assert "закончилась" in str(refusal(lambda: spend(make_sale(partner))))
            assert "закончилась" in str(refusal(lambda: bonuses.reckoned(partner.memberships.get())))


class TestTheDatabase:
    @pytest.mark.parametrize("table", ["partner_directory_ledgertransaction", "partner_directory_ledgerentry"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
    def test_refuses_to_change_what_was_entered(self, partner: Partner, table: str, statement: str) -> None:
        with (
            pytest.raises(DatabaseError, match="ledger_is_append_only"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

        assert LedgerTransaction.objects.filter(partner=partner).count() == 1

    def test_refuses_a_balance_below_nothing(self, partner: Partner) -> None:
        with pytest.raises(DatabaseError, match="nothing_is_spent_twice"), transaction.atomic():
            Balance.objects.filter(partner=partner).update(amount=Decimal("-0.01"))

    def test_refuses_one_happening_twice(self, partner: Partner) -> None:
        key = LedgerTransaction.objects.get(partner=partner).key
        with pytest.raises(DatabaseError), transaction.atomic():
            LedgerTransaction.objects.create(partner=partner, kind="credit", key=key)

    def test_entries_that_do_not_add_up_are_a_mistake_of_ours(self, partner: Partner) -> None:
        with pytest.raises(ValueError, match="do not add up"):
            bonuses._enter(partner, "correction", "odd", None, {("partner", "points"): Decimal(1)})


class TestTheCheck:
    def run(self) -> str:
        said = StringIO()
        call_command("check_ledger", stdout=said, stderr=said)
        return said.getvalue()

    def test_is_content_where_everything_adds_up(self, partner: Partner) -> None:
        spend(make_sale(partner))
        assert "adds up" in self.run()
        total = LedgerEntry.objects.filter(unit=Unit.POINTS).aggregate(total=Sum("amount"))["total"]
        assert total == 0

    def test_finds_a_balance_that_differs(self, partner: Partner) -> None:
        Balance.objects.filter(partner=partner).update(amount=11)
        with pytest.raises(CommandError):
            self.run()
        assert [f"partner {partner.pk}" in line for line in disagreements()] == [True]

    def test_finds_entries_out_of_nothing_and_transactions_without_any(self, partner: Partner) -> None:
        made = LedgerTransaction.objects.create(partner=partner, kind="correction", key="odd")
        assert list(disagreements()) == [f"transaction {made.pk}: without entries"]
        LedgerEntry.objects.create(transaction=made, account="used", unit="points", amount=1)
        assert [line.split(":")[0] for line in disagreements()] == [f"transaction {made.pk}"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
@pytest.mark.parametrize("same_sale", [True, False])
def test_of_two_who_spend_at_once_exactly_one_does(same_sale: bool) -> None:
    partner = with_balance(make_partner(level="competency"))
    first = make_sale(partner)
    second = first if same_sale else make_sale(partner)
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def run(sale: Sale) -> None:
        ready.wait()
        try:
            spend(sale, "10")
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(sale,)) for sale in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert balance_of(partner) == 0
    assert LedgerTransaction.objects.filter(partner=partner, sale__isnull=False).count() == 1
    assert list(disagreements()) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_of_two_managers_who_credit_at_once_exactly_one_does() -> None:
    asked = make_request(make_partner(level="competency").memberships.get())
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def run() -> None:
        ready.wait()
        try:
            bonuses.confirm(request=BonusRequest.objects.get(pk=asked.pk), actor=None)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(refused) == 1
    assert balance_of(asked.membership.partner) == 10
