"""Badges are issued with memberships, closed with them, issued anew and revoked; history stays (R5, R9, A7, A11)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import ModelLogEntry

from accounts.models import User
from partner_directory.actions import badges, memberships
from partner_directory.badges.checking import Reason, check_token
from partner_directory.badges.marks import approved_versions
from partner_directory.badges.verdict import Verdict, shown_on
from partner_directory.guards import HISTORY
from partner_directory.models import Membership, Partner
from partner_directory.models.badge import Badge, Credential, KitDownload
from partner_directory.models.message import Message
from program_pages.models import Level
from tests.factories.badges import make_credential, whole
from tests.factories.partners import make_membership, make_partner
from tests.factories.users import make_user

pytestmark = pytest.mark.django_db

Closing = Credential.Closing


@pytest.fixture(autouse=True)
def _in_november() -> Any:
    with time_machine.travel("2026-11-10T12:00:00+03:00", tick=False):
        yield


def level(slug: str) -> Level:
    return Level.objects.get(slug=slug)


def granted(slug: str = "competency", **given: Any) -> Membership:
    return memberships.grant(partner=make_partner(level=None), level=level(slug), actor=None, **given)


def state(membership: Membership) -> Reason:
    """What the last credential of a membership says."""
    credential = membership.credentials.first()
    assert credential is not None
    return check_token(credential.token).reason


class TestWithMemberships:
    def test_a_grant_issues_a_badge_and_a_credential(self) -> None:
        manager = make_user()
        membership = memberships.grant(partner=make_partner(level=None), level=level("saas"), actor=manager)
        badge = Badge.objects.get(partner=membership.partner)
        credential = badge.credentials.get()

        assert (badge.issued_by, badge.product_line) == (manager, membership.product_line)
        assert (credential.membership, credential.level, credential.closed_at) == (membership, level("saas"), None)
        assert check_token(credential.token).is_valid
        entry = ModelLogEntry.objects.get(action=badges.ISSUED)
        assert (entry.user, entry.object_id) == (manager, str(badge.pk))
        assert entry.data == {"code": badge.code, "level": "saas", "starts": "2026-11-10", "until": "2026-12-31"}

    def test_a_partner_without_a_published_profile_has_one_too(self) -> None:
        partner = make_partner(level=None, published=False)
        memberships.grant(partner=partner, level=level("retail"), actor=None)

        assert check_token(Credential.objects.get().token).is_valid

    def test_a_renewal_keeps_the_code_and_signs_the_next_year_at_once(self) -> None:
        membership = granted()
        renewed = memberships.renew(membership=membership, actor=None)
        badge = Badge.objects.get()

        assert [row.membership for row in badge.credentials.all()] == [renewed, membership]
        assert (state(membership), state(renewed)) == (Reason.VALID, Reason.NOT_YET)
        with time_machine.travel("2027-01-01T00:00:30+03:00", tick=False):
            assert (state(membership), state(renewed)) == (Reason.EXPIRED, Reason.VALID)

    def test_a7_another_level_keeps_the_code_and_closes_what_was_signed(self) -> None:
        before = granted("retail", starts=date(2026, 10, 1))
        after = memberships.change_level(membership=before, level=level("saas"), actor=None, reason="Выросли")

        assert Badge.objects.count() == 1
        assert before.credentials.get().closed_how == Closing.LEVEL_CHANGED
        assert (state(before), state(after)) == (Reason.REVOKED, Reason.VALID)

    @pytest.mark.parametrize("on", [None, date(2026, 12, 1)])
    def test_an_end_closes_and_counts_once_the_last_day_is_over(self, on: date | None) -> None:
        membership = granted()
        memberships.end(membership=membership, how=Membership.Ending.WITHDRAWN, actor=None, reason="Вышли", on=on)

        credential = membership.credentials.get()
        assert (credential.closed_how, credential.closed_at is not None) == (Closing.ENDED, True)
        assert state(membership) is Reason.VALID
        assert shown_on(whole(credential.badge)).verdict is Verdict.VALID
        with time_machine.travel("2026-12-02T00:00:30+03:00", tick=False):
            assert state(membership) is Reason.REVOKED
            assert shown_on(whole(credential.badge)).verdict is Verdict.ENDED

    def test_a_suspension_signs_nothing_and_is_over_when_resumed(self) -> None:
        membership = granted()
        memberships.suspend(membership=membership, actor=None, reason="Долг")
        assert state(membership) is Reason.SUSPENDED
        memberships.resume(membership=membership, actor=None)

        assert state(membership) is Reason.VALID
        assert Credential.objects.count() == 1

    def test_a11_a_lapse_needs_nobody(self) -> None:
        membership = granted()
        with time_machine.travel("2026-12-31T23:59:59+03:00", tick=False):
            assert state(membership) is Reason.VALID
        with time_machine.travel("2027-01-01T00:00:00+03:00", tick=False):
            assert state(membership) is Reason.EXPIRED

    def test_who_comes_back_has_the_code_it_had(self) -> None:
        membership = granted(starts=date(2026, 10, 1))
        end = {"how": Membership.Ending.WITHDRAWN, "reason": "Вышли", "on": date(2026, 11, 9)}
        memberships.end(membership=membership, actor=None, **end)
        again = memberships.grant(partner=membership.partner, level=level("saas"), actor=None)

        assert Badge.objects.count() == 1
        assert state(again) is Reason.VALID

    def test_what_is_undone_has_issued_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def breaks(**_given: Any) -> None:
            raise RuntimeError

        monkeypatch.setattr(badges, "log", breaks)
        with pytest.raises(RuntimeError):
            granted()
        assert (Badge.objects.count(), Credential.objects.count(), Membership.objects.count()) == (0, 0, 0)


class TestReissuing:
    def test_a_new_code_replaces_the_old_which_says_so(self) -> None:
        manager = make_user()
        membership = granted()
        renewed = memberships.renew(membership=membership, actor=None)
        old = Badge.objects.get()
        new = badges.reissue(badge=old, actor=manager, reason="Код на чужом сайте")
        old.refresh_from_db()

        assert (new.replaces, new.code != old.code, new.issued_by) == (old, True, manager)
        assert (old.revoked_by, old.reason) == (manager, "Код на чужом сайте")
        assert shown_on(whole(old)).verdict is Verdict.REVOKED
        assert shown_on(whole(new)).verdict is Verdict.VALID
        assert [row.membership for row in new.credentials.order_by("membership_id")] == [membership, renewed]
        assert {row.closed_how for row in old.credentials.all()} == {Closing.REISSUED}
        assert {check_token(row.token).reason for row in old.credentials.all()} == {Reason.REVOKED}
        assert [check_token(row.token).reason for row in new.credentials.order_by("membership_id")] == [
            Reason.VALID,
            Reason.NOT_YET,
        ]

    def test_it_is_recorded_and_the_partner_told_in_the_same_transaction(self) -> None:
        old = make_credential(make_partner()).badge
        new = badges.reissue(badge=old, actor=None, reason="Код на чужом сайте")

        entry = ModelLogEntry.objects.get(action=badges.REISSUED)
        assert (entry.object_id, entry.data["replaces"], entry.data["reason"]) == (
            str(new.pk),
            old.code,
            "Код на чужом сайте",
        )
        message = Message.objects.get(kind="badge_reissued")
        assert new.code[:5] in message.text
        assert old.code[:5] in message.text
        assert "Код на чужом сайте" in message.text

    def test_twice_or_from_a_page_opened_before_is_refused(self) -> None:
        old = make_credential(make_partner()).badge
        badges.reissue(badge=old, actor=None, reason="…")

        with pytest.raises(badges.Overtaken):
            badges.reissue(badge=old, actor=None, reason="…")  # as it was read before
        old.refresh_from_db()
        with pytest.raises(badges.Overtaken):
            badges.reissue(badge=old, actor=None, reason="…")
        assert Badge.objects.count() == 2


class TestRevoking:
    def test_a_revoked_code_says_so_with_all_that_was_signed_under_it(self) -> None:
        manager = make_user()
        credential = make_credential(make_partner())
        revoked = badges.revoke(badge=credential.badge, actor=manager, reason="Подделка сайта")

        assert (revoked.revoked_by, revoked.reason) == (manager, "Подделка сайта")
        assert shown_on(whole(revoked)).verdict is Verdict.REVOKED
        assert check_token(credential.token).reason is Reason.REVOKED
        assert ModelLogEntry.objects.filter(action=badges.REVOKED, user=manager).count() == 1
        assert "Подделка сайта" in Message.objects.get(kind="badge_revoked").text

    def test_it_stays_so_whatever_becomes_of_memberships(self) -> None:
        """A partner that renews by itself does not undo what a manager has decided."""
        membership = granted()
        badges.revoke(badge=Badge.objects.get(), actor=None, reason="…")
        memberships.renew(membership=membership, actor=None)
        call_command("issue_badges", stdout=StringIO())

        assert Badge.objects.count() == 1
        assert not Credential.objects.filter(closed_at__isnull=True).exists()

    def test_so_is_what_was_to_end_on_a_later_day(self) -> None:
        membership = granted()
        end = {"how": Membership.Ending.WITHDRAWN, "reason": "Вышли", "on": date(2026, 12, 1)}
        memberships.end(membership=membership, actor=None, **end)
        badges.revoke(badge=Badge.objects.get(), actor=None, reason="…")

        assert state(membership) is Reason.REVOKED

    def test_until_it_is_issued_anew(self) -> None:
        membership = granted()
        revoked = badges.revoke(badge=Badge.objects.get(), actor=None, reason="…")
        new = badges.reissue(badge=revoked, actor=None, reason="Разобрались")

        assert new.replaces == revoked
        assert state(membership) is Reason.VALID

    def test_twice_is_refused(self) -> None:
        badge = make_credential(make_partner()).badge
        badges.revoke(badge=badge, actor=None, reason="…")

        with pytest.raises(badges.Overtaken):
            badges.revoke(badge=badge, actor=None, reason="…")


class TestIssuingWhatIsMissing:
    def missing(self) -> list[Partner]:
        """Memberships from before there were badges: two in force, one to come; one that is over, one that ended."""
        return [make_partner(state=state) for state in ("active", "suspended", "upcoming", "lapsed", "ended")]

    def issue(self) -> str:
        said = StringIO()
        call_command("issue_badges", stdout=said)
        return said.getvalue()

    def test_for_every_membership_in_force_or_to_come(self) -> None:
        active, suspended, upcoming, _lapsed, _ended = self.missing()

        assert "3 issued" in self.issue()
        assert set(Badge.objects.values_list("partner", flat=True)) == {active.pk, suspended.pk, upcoming.pk}
        assert state(upcoming.memberships.get()) is Reason.NOT_YET
        assert state(suspended.memberships.get()) is Reason.SUSPENDED

    def test_again_it_does_nothing(self) -> None:
        self.missing()
        self.issue()
        before = list(Credential.objects.values()), list(Badge.objects.values())

        assert "0 issued" in self.issue()
        assert (list(Credential.objects.values()), list(Badge.objects.values())) == before

    def test_batch_by_batch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(badges, "BATCH", 2)
        for _place in range(5):
            make_partner()

        assert list(badges.issue_missing(actor=None)) == [2, 4, 5]

    def test_one_that_issues_beside_is_no_hindrance(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Between what was read and what is written another has issued for one of the batch."""
        partners = [make_partner() for _place in range(3)]
        signed = badges._signed
        quicker: list[Callable[[], object]] = [lambda: badges.issue_for(
            membership=partners[1].memberships.get(), actor=None
        )]  # fmt: skip

        def slowly(*given: Any) -> Any:
            if quicker:
                quicker.pop()()
            return signed(*given)

        monkeypatch.setattr(badges, "_signed", slowly)

        assert list(badges.issue_missing(actor=None)) == [3]
        assert Credential.objects.count() == 3

    def test_in_as_many_statements_whatever_the_size_but_for_the_audit_rows(self) -> None:
        def statements(count: int) -> int:
            rows = [make_partner().memberships.get() for _place in range(count)]
            with CaptureQueriesContext(connection) as captured:
                badges.issue_for_samples(memberships=rows)
            return len(captured)

        statements(1)
        assert statements(2) == statements(20)


Fact = Badge | Credential | KitDownload
OPEN = {"revoked_at", "revoked_by_id", "reason", "closed_at", "closed_how"}  # what is yet to be written
FACTS = [
    (model, field.attname, is_over)
    for model in (Badge, Credential, KitDownload)
    for field in model._meta.concrete_fields
    for is_over in (False, True)
    if is_over or field.attname not in OPEN
]


def refused(row: Fact) -> Any:
    """The database says no, for the reason that it has for rows of this kind."""
    return pytest.raises(DatabaseError, match=HISTORY[row._meta.db_table].name)


class TestHistory:
    """Whoever reaches the database itself rewrites nothing of what was issued, revoked, closed and taken."""

    def facts(self, *, is_over: bool = False, **given: Any) -> dict[type[Fact], Fact]:
        """A badge, what was signed under it, and a kit that was taken with it; revoked, where it is over."""
        partner, user = make_partner(**given), make_user()
        credential = badges.issue_for(membership=partner.memberships.get(), actor=user)
        assert credential is not None
        taken = KitDownload.objects.create(
            partner=partner, badge=credential.badge, version=approved_versions()[0], person=user, sha256="0" * 64
        )
        if is_over:
            badges.revoke(badge=credential.badge, actor=user, reason="Подделка сайта")
        return {Badge: credential.badge, Credential: credential, KitDownload: taken}

    @pytest.mark.parametrize(("model", "name", "is_over"), FACTS)
    def test_what_was_written_is_never_rewritten(self, model: type[Fact], name: str, is_over: bool) -> None:
        row = self.facts(is_over=is_over)[model]
        kind = model._meta.get_field(name).get_internal_type()
        value = {"DateTimeField": "2020-01-01T00:00:00Z", "CharField": "other", "TextField": "other"}.get(kind, 10**6)

        with refused(row), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**{name: value})

    @pytest.mark.parametrize(
        ("model", "emptied"),
        [(Badge, {"revoked_at": None, "reason": ""}), (Credential, {"closed_at": None, "closed_how": ""})],
    )
    def test_what_is_over_is_never_open_again(self, model: type[Fact], emptied: dict[str, Any]) -> None:
        row = self.facts(is_over=True)[model]

        with refused(row), transaction.atomic():
            model._default_manager.filter(pk=row.pk).update(**emptied)

    @pytest.mark.parametrize("model", [KitDownload, Credential, Badge])
    def test_nothing_is_deleted(self, model: type[Fact]) -> None:
        row = self.facts()[model]

        with refused(row), transaction.atomic():
            model._base_manager.filter(pk=row.pk)._raw_delete("default")

    def test_but_for_a_sample(self) -> None:
        kept, sample = self.facts(), self.facts(is_sample=True)
        for model in (KitDownload, Credential, Badge):
            model._default_manager.filter(pk=sample[model].pk).delete()
            assert list(model._default_manager.all()) == [kept[model]]

    def test_accounts_go_and_leave_what_they_did(self) -> None:
        rows = self.facts(is_over=True)
        User.objects.filter(pk=KitDownload.objects.get().person_id).delete()
        badge, taken = Badge.objects.get(), KitDownload.objects.get()

        assert (badge.issued_by, badge.revoked_by, badge.reason) == (None, None, "Подделка сайта")
        assert (taken.person, taken.pk) == (None, rows[KitDownload].pk)

    def test_a_badge_says_why_it_was_revoked_and_a_credential_how_it_was_closed(self) -> None:
        credential = make_credential(make_partner())
        now = credential.issued_at
        for row, values in ((credential.badge, {"revoked_at": now}), (credential, {"closed_at": now})):
            with pytest.raises(DatabaseError), transaction.atomic():
                type(row)._default_manager.filter(pk=row.pk).update(**values)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time")
class TestRaces:
    """Of two at the same moment one wins."""

    def test_two_who_issue_make_one_badge(self) -> None:
        membership = make_membership(make_partner(level=None))
        found = self.at_once(lambda: badges.issue_for(membership=membership, actor=None))

        assert Badge.objects.count() == Credential.objects.count() == 1
        assert {credential.pk for credential in found} == {Credential.objects.get().pk}

    def test_two_who_issue_anew_make_one_new_code(self) -> None:
        old = make_credential(make_partner()).badge
        found = self.at_once(lambda: badges.reissue(badge=Badge.objects.get(pk=old.pk), actor=None, reason="…"))

        assert [type(each) for each in found].count(badges.Overtaken) == 1
        assert Badge.objects.current().count() == 1

    def test_one_who_revokes_and_one_who_issues_anew(self) -> None:
        old = make_credential(make_partner()).badge
        both = iter((badges.reissue, badges.revoke))
        found = self.at_once(lambda: next(both)(badge=Badge.objects.get(pk=old.pk), actor=None, reason="…"))

        old.refresh_from_db()
        assert old.revoked_at is not None
        assert [type(each) for each in found].count(badges.Overtaken) <= 1
        assert not Credential.objects.filter(badge=old, closed_at__isnull=True).exists()

    @pytest.mark.parametrize("decide", [badges.revoke, badges.reissue], ids=["revoke", "reissue"])
    def test_a_renewal_beside_leaves_nothing_open_under_a_code_taken_back(self, decide: Callable[..., Badge]) -> None:
        membership = make_membership(make_partner(level=None))
        old = make_credential(membership.partner).badge
        both = iter(
            (
                lambda: memberships.renew(membership=membership, actor=None),
                lambda: decide(badge=Badge.objects.get(pk=old.pk), actor=None, reason="…"),
            )
        )
        self.at_once(lambda: next(both)())

        assert Membership.objects.count() == 2
        assert not Credential.objects.filter(badge=old, closed_at__isnull=True).exists()
        is_open = Credential.objects.filter(closed_at__isnull=True).count()
        assert is_open == (2 if decide is badges.reissue else 0)

    def at_once(self, act: Callable[[], Any]) -> list[Any]:
        """What two who act at the same moment get."""
        ready, found = threading.Barrier(2), []

        def run() -> None:
            ready.wait()
            try:
                found.append(act())
            except ValidationError as error:
                found.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=run) for _place in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found
