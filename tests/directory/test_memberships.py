"""What a partner holds: granted, renewed, changed, suspended, ended; and what the database refuses (R44, R45, A7)."""

from __future__ import annotations

import threading
from datetime import date
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from partner_directory.actions import memberships as actions
from partner_directory.models import Membership
from partner_directory.models.membership import Status
from program_pages.models import Level, ProductLine
from program_pages.rules.terms import Readings
from tests.factories.editions import publish_edition
from tests.factories.partners import make_membership, make_partner
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

State, Ending = Membership.State, Membership.Ending


def level(slug: str = "competency") -> Level:
    """A level of the programme."""
    return Level.objects.get(slug=slug)


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


class TestGranting:
    @pytest.mark.parametrize("starts", [date(2026, 1, 1), date(2026, 7, 15), date(2026, 12, 31)])
    def test_r44_ends_on_31_december_whenever_it_begins(self, starts: date) -> None:
        granted = actions.grant(partner=make_partner(level=None), level=level(), actor=None, starts=starts)

        assert (granted.starts, granted.until, granted.year) == (starts, date(2026, 12, 31), 2026)

    def test_begins_today_under_the_edition_in_force_in_the_actors_name(self) -> None:
        manager = make_user()
        granted = actions.grant(partner=make_partner(level=None), level=level(), actor=manager, reason="Вступили")

        assert granted.starts == date(2026, 11, 10)
        assert granted.edition.effective_from <= granted.starts
        assert granted.granted_by == manager
        entry = ModelLogEntry.objects.get(action=actions.GRANTED, object_id=str(granted.pk))
        assert (entry.user, entry.data["reason"], entry.data["level"]) == (manager, "Вступили", "competency")

    def test_a7_one_level_of_a_product_line_at_a_time(self) -> None:
        partner = make_partner(level="retail")

        with pytest.raises(ValidationError) as refused:
            actions.grant(partner=partner, level=level("saas"), actor=None)

        assert list(refused.value.message_dict) == ["level"]
        assert partner.memberships.count() == 1

    def test_a7_levels_of_two_product_lines_stand_side_by_side(self) -> None:
        other_line = ProductLine.objects.create(slug="other", name_ru="Другая")
        new = Level.objects.create(
            slug="cloud", contract_code=9, product_line=other_line, name_ru="Cloud", short_name_ru="Cloud",
            mark_name="Cloud", colour="#123456", shape="diamond",
        )  # fmt: skip
        publish_edition(effective_from=date(2026, 11, 10), change=lambda data: _add_level(data, new))
        partner = make_partner(level="retail")

        assert actions.grant(partner=partner, level=new, actor=None).state == State.GRANTED

    def test_a_level_that_the_edition_does_not_know_is_refused(self) -> None:
        gone = Level.objects.create(
            slug="gone", contract_code=8, product_line=ProductLine.objects.get(), name_ru="Gone", short_name_ru="Gone",
            mark_name="Gone", colour="#123456", shape="diamond",
        )  # fmt: skip

        with pytest.raises(ValidationError) as refused:
            actions.grant(partner=make_partner(level=None), level=gone, actor=None)

        assert list(refused.value.message_dict) == ["level"]

    def test_a_day_before_the_first_edition_is_refused(self) -> None:
        with pytest.raises(ValidationError) as refused:
            actions.grant(partner=make_partner(level=None), level=level(), actor=None, starts=date(1999, 1, 1))

        assert list(refused.value.message_dict) == ["starts"]


def _add_level(data: dict[str, Any], new: Level) -> None:
    terms = dict(data["level_terms"][0]) | {"level": new.slug}
    data["level_terms"].append(terms)


class TestRenewing:
    def test_r45_the_next_calendar_year_at_the_same_level(self) -> None:
        current = make_membership(make_partner(level=None), level="saas")
        renewed = actions.renew(membership=current, actor=None)

        assert (renewed.starts, renewed.until, renewed.level) == (date(2027, 1, 1), date(2027, 12, 31), current.level)

    def test_a11_not_before_the_renewal_opens(self) -> None:
        with time_machine.travel("2026-10-31T23:00:00+03:00", tick=False):
            current = make_membership(make_partner(level=None))
            with pytest.raises(ValidationError):
                actions.renew(membership=current, actor=None)
        with time_machine.travel("2026-11-01T00:30:00+03:00", tick=False):
            assert actions.renew(membership=current, actor=None).year == 2027

    def test_twice_is_refused(self) -> None:
        current = make_membership(make_partner(level=None))
        actions.renew(membership=current, actor=None)

        with pytest.raises(ValidationError):
            actions.renew(membership=current, actor=None)

    def test_of_a_lapsed_one_this_year_is_granted(self) -> None:
        lapsed = make_membership(make_partner(level=None), state="lapsed")

        assert actions.renew(membership=lapsed, actor=None).starts == date(2026, 1, 1)

    def test_one_that_ended_is_not_renewed(self) -> None:
        ended = make_membership(make_partner(level=None), state="ended")

        with pytest.raises(ValidationError):
            actions.renew(membership=ended, actor=None)


class TestChangingTheLevel:
    def test_a7_one_membership_closes_and_the_next_opens_the_day_after(self) -> None:
        before = make_membership(make_partner(level=None), level="retail")
        after = actions.change_level(membership=before, level=level("saas"), actor=None, reason="Выросли")
        before.refresh_from_db()

        assert (before.until, before.state, before.ended_how) == (date(2026, 11, 9), State.ENDED, Ending.LEVEL_CHANGED)
        assert (after.starts, after.until, after.level.slug) == (date(2026, 11, 10), date(2026, 12, 31), "saas")

    def test_begun_only_today_it_changes_from_tomorrow(self) -> None:
        before = actions.grant(partner=make_partner(level=None), level=level("retail"), actor=None)
        after = actions.change_level(membership=before, level=level("saas"), actor=None, reason="…")

        assert after.starts == date(2026, 11, 11)

    @pytest.mark.parametrize("to", ["retail", "other"])
    def test_to_the_same_level_or_another_product_line_is_refused(self, to: str) -> None:
        Level.objects.create(
            slug="other", contract_code=9, product_line=ProductLine.objects.create(slug="other", name_ru="Другая"),
            name_ru="Other", short_name_ru="Other", mark_name="Other", colour="#123456", shape="diamond",
        )  # fmt: skip
        current = make_membership(make_partner(level=None), level="retail")

        with pytest.raises(ValidationError):
            actions.change_level(membership=current, level=level(to), actor=None, reason="…")
        current.refresh_from_db()
        assert current.state == State.GRANTED

    def test_a_change_that_fails_half_way_leaves_everything_as_it_was(self) -> None:
        current = make_membership(make_partner(level=None), level="retail")
        unknown = Level.objects.create(
            slug="gone", contract_code=8, product_line=current.product_line, name_ru="Gone", short_name_ru="Gone",
            mark_name="Gone", colour="#123456", shape="diamond",
        )  # fmt: skip

        with pytest.raises(ValidationError):
            actions.change_level(membership=current, level=unknown, actor=None, reason="…")

        current.refresh_from_db()
        assert (current.state, current.until) == (State.GRANTED, date(2026, 12, 31))


class TestSuspendingAndEnding:
    def test_suspended_it_says_since_when_and_resumed_it_holds_again(self) -> None:
        current = make_membership(make_partner(level=None))
        suspended = actions.suspend(membership=current, actor=None, reason="Нет отчёта")
        assert (suspended.state, suspended.suspended_since) == (State.SUSPENDED, date(2026, 11, 10))

        resumed = actions.resume(membership=current, actor=None)
        assert (resumed.state, resumed.suspended_since) == (State.GRANTED, None)

    @pytest.mark.parametrize(
        "decide",
        [
            lambda membership: actions.suspend(membership=membership, actor=None, reason="…"),
            lambda membership: actions.end(membership=membership, how=Ending.WITHDRAWN, actor=None, reason="…"),
        ],
    )
    def test_a_decision_that_another_has_overtaken_is_refused(self, decide: Any) -> None:
        seen = make_membership(make_partner(level=None))
        actions.end(membership=seen, how=Ending.TERMINATED, actor=None, reason="Первое решение")

        with pytest.raises(actions.Overtaken):
            decide(seen)
        seen.refresh_from_db()
        assert seen.ended_how == Ending.TERMINATED

    def test_resuming_what_is_not_suspended_is_refused(self) -> None:
        with pytest.raises(actions.Overtaken):
            actions.resume(membership=make_membership(make_partner(level=None)), actor=None)

    def test_ended_it_keeps_its_last_day_and_how(self) -> None:
        ended = actions.end(
            membership=make_membership(make_partner(level=None)), how=Ending.WITHDRAWN, actor=None, reason="Ушли"
        )

        assert (ended.until, ended.state, ended.ended_how) == (date(2026, 11, 10), State.ENDED, "withdrawn")

    def test_after_its_year_there_is_nothing_to_end(self) -> None:
        lapsed = make_membership(make_partner(level=None), state="lapsed")

        with pytest.raises(ValidationError):
            actions.end(membership=lapsed, how=Ending.WITHDRAWN, actor=None, reason="…")


class TestLetters:
    def test_the_partner_is_told_once_it_is_committed(self, django_capture_on_commit_callbacks: Any) -> None:
        partner = make_partner(level=None, email="office@partner.example")
        with django_capture_on_commit_callbacks(execute=True):
            actions.grant(partner=partner, level=level(), actor=None, reason="Договор подписан")

        [letter] = mail.outbox
        assert letter.to == ["office@partner.example"]
        assert "31 декабря 2026" in " ".join(letter.body.split())
        assert "Договор подписан" in letter.body

    @pytest.mark.parametrize("facts", [{"email": ""}, {"is_sample": True}])
    def test_nobody_writes_to_the_invented_or_the_unreachable(
        self, facts: dict[str, Any], django_capture_on_commit_callbacks: Any
    ) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            actions.grant(partner=make_partner(level=None, **facts), level=level(), actor=None)

        assert mail.outbox == []


class TestTheDatabase:
    """What it refuses, whoever asks and however."""

    def row(self, **facts: Any) -> Membership:
        return make_membership(make_partner(level=None), **facts)

    @pytest.mark.parametrize(
        ("starts", "until"),
        [
            (date(2026, 1, 1), date(2026, 12, 31)),
            (date(2026, 12, 31), date(2026, 12, 31)),
            (date(2026, 1, 1), date(2026, 1, 1)),
            (date(2026, 6, 1), date(2026, 6, 30)),
        ],
    )
    def test_a7_two_rows_never_overlap(self, starts: date, until: date) -> None:
        held = self.row()

        with pytest.raises(IntegrityError, match="one_level_per_product_line_at_a_time"), transaction.atomic():
            make_membership(held.partner, level="saas", starts=starts, until=until)
        later = make_membership(held.partner, state="upcoming")
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=later.pk).update(year=2026, starts=starts, until=until)

    @pytest.mark.parametrize(
        "days",
        [
            {"starts": date(2025, 12, 31)},
            {"until": date(2027, 1, 1)},
            {"year": 2025},
        ],
    )
    def test_r44_none_leaves_its_year(self, days: dict[str, Any]) -> None:
        with pytest.raises(IntegrityError, match="membership_stays_within_its_year"), transaction.atomic():
            self.row(**days)

    @pytest.mark.parametrize(
        ("facts", "rule"),
        [
            ({"starts": date(2026, 5, 1), "until": date(2026, 4, 1)}, "membership_starts_before_it_ends"),
            ({"state": State.ENDED, "ended_how": ""}, "membership_that_ended_says_how"),
            ({"state": State.GRANTED, "ended_how": Ending.WITHDRAWN}, "membership_that_ended_says_how"),
        ],
    )
    def test_half_a_fact_is_refused(self, facts: dict[str, Any], rule: str) -> None:
        row = self.row()

        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            Membership.objects.filter(pk=row.pk).update(**facts)

    def test_a_suspension_without_its_day_is_refused(self) -> None:
        row = self.row()

        with pytest.raises(IntegrityError, match="membership_that_is_suspended"), transaction.atomic():
            Membership.objects.filter(pk=row.pk).update(state=State.SUSPENDED)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
def test_two_managers_who_grant_at_once_make_one_membership() -> None:
    partner = make_partner(level=None)
    refused: list[Exception] = []
    ready = threading.Barrier(2)

    def grant(slug: str) -> None:
        held = level(slug)
        ready.wait()
        try:
            actions.grant(partner=partner, level=held, actor=None)
        except ValidationError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=grant, args=(slug,)) for slug in ("retail", "saas")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert partner.memberships.count() == 1
    assert len(refused) == 1


@pytest.mark.parametrize(
    ("state", "day", "renewed", "status"),
    [
        ("active", date(2026, 10, 31), False, Status.ACTIVE),
        ("active", date(2026, 11, 1), False, Status.ENDS_SOON),
        ("active", date(2026, 11, 1), True, Status.ACTIVE),
        ("active", date(2026, 12, 31), False, Status.ENDS_SOON),
        ("active", date(2027, 1, 1), False, Status.LAPSED),
        ("active", date(2025, 12, 31), False, Status.UPCOMING),
        ("suspended", date(2026, 11, 10), False, Status.SUSPENDED),
        ("suspended", date(2027, 1, 1), False, Status.LAPSED),
        ("ended", date(2026, 11, 9), False, Status.ACTIVE),
        ("ended", date(2026, 11, 10), False, Status.ENDED),
    ],
)
def test_a11_the_status_follows_from_the_day(state: str, day: date, renewed: bool, status: Status) -> None:
    membership = make_membership(make_partner(level=None), state=state)

    assert membership.status_on(day, Readings(), renewed=renewed) is status


def test_a11_days_of_grace_are_data_of_the_edition() -> None:
    edition = publish_edition(effective_from=date(2026, 11, 10), grace_days=5)
    membership = make_membership(make_partner(level=None), edition=edition)

    for day, running in ((date(2027, 1, 5), True), (date(2027, 1, 6), False)):
        assert Membership.objects.running(day).filter(pk=membership.pk).exists() is running
        lapsed = membership.status_on(day, Readings(grace_days=5)) is Status.LAPSED
        assert lapsed is not running
