"""The people of a company: invitations, roles, leaving, and that a company keeps an owner."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from bs4 import BeautifulSoup
from django.core import mail
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import ModelLogEntry

from partner_directory import sealed_links
from partner_directory.actions import people as actions
from partner_directory.demo import partners as demo_partners
from partner_directory.demo import people as demo_people
from partner_directory.models import Invitation, Message, Partner, TeamMember
from partner_directory.models.people import Role
from program_pages.demo.people import SAMPLE_PASSWORD, SamplesRefused
from program_pages.groups import EDITORS, PARTNER_MANAGERS
from tests.admin.conftest import member_of, signed_in
from tests.admin.forms import opened
from tests.factories.partners import make_partner
from tests.factories.portal import client_as, client_of, make_member, make_person
from tests.factories.users import make_superuser

pytestmark = pytest.mark.django_db

GUEST = "guest@example.org"


@pytest.fixture(autouse=True)
def _letters_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that rolls back never commits: what waits for that would wait for ever."""
    monkeypatch.setattr("accounts.mail.on_commit", lambda act, **_options: act())


@pytest.fixture
def partner() -> Partner:
    return make_partner(name_ru="Северный пирс", name_en="Northern Pier")


@pytest.fixture
def owner(partner: Partner) -> TeamMember:
    return make_member(partner, first_name="Ольга")


@pytest.fixture
def staff(partner: Partner, owner: TeamMember) -> TeamMember:
    return make_member(partner, role=Role.STAFF, first_name="Степан")


def invited(partner: Partner, email: str = GUEST, role: Role = Role.STAFF) -> actions.Sent:
    return actions.invite(partner=partner, email=email, role=role, actor=None, language="ru")


def link(sent: actions.Sent) -> str:
    return reverse("portal:invitation", args=[sent.secret])


def words(response: Any) -> str:
    return BeautifulSoup(response.content, "html.parser").get_text(" ", strip=True)


class TestTheTeam:
    def test_lists_people_and_invitations(self, partner: Partner, owner: TeamMember, staff: TeamMember) -> None:
        invited(partner)
        page = words(client_of(staff).get("/portal/people/"))
        for said in ("Ольга", "Степан", owner.user.email, GUEST, "владелец", "сотрудник"):
            assert said in page

    def test_shows_no_other_companys_people(self, owner: TeamMember) -> None:
        other = make_member(make_partner(), first_name="Чужой")
        invited(other.partner, "foreign@example.org")
        page = words(client_of(owner).get("/portal/people/"))
        assert "Чужой" not in page
        assert "foreign@example.org" not in page

    def test_is_said_in_english(self, owner: TeamMember) -> None:
        response = client_of(owner).get("/en/portal/people/")
        assert 'lang="en"' in response.content.decode()

    def test_takes_as_many_queries_for_one_as_for_many(self, owner: TeamMember) -> None:
        client = client_of(owner)
        client.get("/portal/people/")
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(connection) as captured:
                assert client.get("/portal/people/").status_code == 200
            counts.append(len(captured))
            for number in range(10):
                make_member(owner.partner, role=Role.STAFF)
                invited(owner.partner, f"guest{number}@example.org")
        assert counts[0] == counts[1]

    def test_staff_sees_no_deeds_of_owners(self, staff: TeamMember) -> None:
        page = BeautifulSoup(client_of(staff).get("/portal/people/").content, "html.parser")
        assert [form["action"] for form in page.select("main form")] == []

    def test_a_person_of_no_company_is_led_to_register_one(self, client: Client) -> None:
        from django.urls import NoReverseMatch

        try:
            register = reverse("portal:register")
        except NoReverseMatch:
            pytest.skip("there is no registration yet")
        assert client_as(make_person()).get("/portal/people/")["Location"] == register


OWNERS_POSTS = ["invite", "change_role", "remove_person", "revoke_invitation"]


def address(name: str, member: TeamMember, invitation: Invitation) -> str:
    keys = {"change_role": [member.pk], "remove_person": [member.pk], "revoke_invitation": [invitation.pk]}
    return reverse(f"portal:{name}", args=keys.get(name, []))


class TestPermissions:
    @pytest.mark.parametrize("name", OWNERS_POSTS)
    def test_a_stranger_is_led_to_sign_in(self, client: Client, owner: TeamMember, name: str) -> None:
        url = address(name, owner, invited(owner.partner).invitation)
        assert client.post(url)["Location"] == f"/account/login/?next={url}"

    @pytest.mark.parametrize("name", OWNERS_POSTS)
    def test_staff_may_not(self, owner: TeamMember, staff: TeamMember, name: str) -> None:
        url = address(name, owner, invited(owner.partner).invitation)
        answer = client_of(staff).post(url, {"role": "staff", "email": "x@example.org"})
        assert answer.status_code == 403
        assert TeamMember.objects.get(pk=owner.pk).is_owner
        assert Invitation.objects.open().count() == 1

    @pytest.mark.parametrize("name", OWNERS_POSTS[1:])
    def test_another_companys_people_are_not_there(self, owner: TeamMember, name: str) -> None:
        foreign = make_member(make_partner(), role=Role.STAFF)
        url = address(name, foreign, invited(foreign.partner).invitation)
        assert client_of(owner).post(url, {"role": "owner"}).status_code == 404
        assert TeamMember.objects.get(pk=foreign.pk).role == Role.STAFF
        assert Invitation.objects.open().count() == 1

    @pytest.mark.parametrize("pk", [0, 99999999999999999999999])
    def test_numbers_that_nobody_has(self, owner: TeamMember, pk: int) -> None:
        assert client_of(owner).post(f"/portal/people/{pk}/role/", {"role": "owner"}).status_code == 404

    @pytest.mark.parametrize("name", ["invite", "change_role", "revoke_invitation"])
    def test_nothing_is_changed_by_a_link(self, owner: TeamMember, staff: TeamMember, name: str) -> None:
        url = address(name, staff, invited(owner.partner).invitation)
        assert client_of(owner).get(url).status_code == 405


class TestInviting:
    @pytest.mark.parametrize(("prefix", "subject"), [("", "Приглашение в компанию Северный пирс"), ("/en", None)])
    def test_an_owner_invites_by_a_letter_whose_secret_nothing_else_holds(
        self, owner: TeamMember, prefix: str, subject: str | None, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = client_of(owner)
        with django_capture_on_commit_callbacks(execute=True):
            answer = client.post(f"{prefix}/portal/people/invite/", {"email": "Guest@Example.org", "role": "staff"})
        assert answer["Location"] == f"{prefix}/portal/people/"
        (letter,) = mail.outbox
        found = re.search(rf"{prefix}/portal/invitation/(\S+)/", letter.body)
        assert found
        invitation = Invitation.objects.get()
        assert (letter.to, invitation.email, invitation.invited_by) == ([GUEST], GUEST, owner.user)
        assert invitation.secret_hash == sealed_links.hashed(found[1])
        assert found[1] not in str([*ModelLogEntry.objects.values_list("data", "label"), *Message.objects.values()])
        assert subject is None or letter.subject == subject
        assert ModelLogEntry.objects.filter(action=actions.INVITED, user=owner.user).count() == 1

    @pytest.mark.parametrize(
        "given",
        [{}, {"email": "x"}, {"email": GUEST}, {"email": GUEST, "role": "king"},
         {"email": "a\x00@b.org", "role": "staff"}, {"email": f"{'a' * 400}@example.org", "role": "staff"}],
    )  # fmt: skip
    def test_nonsense_is_refused_beside_its_field(self, owner: TeamMember, given: dict[str, str]) -> None:
        answer = client_of(owner).post("/portal/people/invite/", given)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
        assert not Invitation.objects.exists()
        assert not mail.outbox

    def test_somebody_of_the_company_is_not_invited(self, owner: TeamMember, staff: TeamMember) -> None:
        given = {"email": staff.user.email.upper(), "role": "owner"}
        assert "уже работает" in words(client_of(owner).post("/portal/people/invite/", given))
        assert not Invitation.objects.exists()

    def test_invited_again_the_first_link_ends(self, partner: Partner) -> None:
        first, second = invited(partner), invited(partner, GUEST.upper())
        assert Client().get(link(first)).status_code == 410
        assert Client().get(link(second)).status_code == 200

    def test_after_two_weeks_the_link_ends_and_another_can_be_sent(self, partner: Partner) -> None:
        with time_machine.travel(timezone.now() - timedelta(days=14, minutes=1)):
            old = invited(partner)
        assert Client().get(link(old)).status_code == 410
        invited(partner)
        assert Invitation.objects.open().count() == 1

    def test_is_taken_back_once(self, owner: TeamMember) -> None:
        sent = invited(owner.partner)
        client_of(owner).post(reverse("portal:revoke_invitation", args=[sent.invitation.pk]))
        assert Client().get(link(sent)).status_code == 410
        with pytest.raises(actions.Overtaken):
            actions.revoke(invitation=sent.invitation, actor=owner.user)


class TestAccepting:
    def test_a_stranger_is_led_to_sign_in_or_up_and_back(self, client: Client, partner: Partner) -> None:
        sent = invited(partner)
        page = BeautifulSoup(client.get(link(sent)).content, "html.parser")
        links = [anchor["href"] for anchor in page.select("main a")]
        assert f"/account/login/?next=%2Fportal%2Finvitation%2F{sent.secret}%2F" in links
        assert any(each.startswith("/account/signup/?next=") and "email=guest%40example.org" in each for each in links)

    def test_the_holder_of_the_address_joins_with_the_role_of_the_invitation(self, partner: Partner) -> None:
        guest = make_person(email=GUEST)
        client = client_as(guest)
        sent = invited(partner, role=Role.OWNER)
        assert "Северный пирс" in words(client.get(link(sent)))
        assert client.post(link(sent))["Location"] == "/portal/"
        assert TeamMember.objects.get(partner=partner, user=guest).role == Role.OWNER
        assert Invitation.objects.get().accepted_by == guest
        assert client.post(link(sent)).status_code == 410
        assert ModelLogEntry.objects.filter(action=actions.JOINED, user=guest).count() == 1

    def test_afterwards_the_person_acts_for_that_company(self, partner: Partner) -> None:
        first = make_member(make_partner(name_ru="Прежняя"), email=GUEST)
        client = client_of(first)
        client.post(link(invited(partner)))
        assert "Северный пирс" in words(client.get("/portal/people/"))

    def test_by_an_address_that_was_never_confirmed_nobody_joins(self, partner: Partner) -> None:
        guest = make_person(email=GUEST)
        EmailAddress.objects.filter(user=guest).update(verified=False)
        client = client_as(guest)
        assert "другую почту" in words(client.post(link(invited(partner))))
        assert not TeamMember.objects.exists()

    def test_another_person_is_told_why_not(self, partner: Partner) -> None:
        client = client_as(make_person(email="other@example.org"))
        page = words(client.post(link(invited(partner))))
        assert "Приглашение отправлено на другую почту" in page
        assert "other@example.org" in page
        assert GUEST not in page
        assert not TeamMember.objects.exists()
        assert Invitation.objects.open().exists()

    @pytest.mark.parametrize("secret", ["x", "%00", "a" * 500, "привет"])
    def test_a_made_up_link_leads_nowhere(self, client: Client, secret: str) -> None:
        assert client.get(f"/portal/invitation/{secret}/").status_code == 410

    def test_accepted_twice_is_accepted_once(self, partner: Partner) -> None:
        guest = make_person(email=GUEST)
        sent = invited(partner)
        actions.accept(invitation=sent.invitation, actor=guest)
        with pytest.raises(actions.Overtaken):
            actions.accept(invitation=sent.invitation, actor=guest)
        assert TeamMember.objects.filter(user=guest).count() == 1

    def test_taken_back_meanwhile_nobody_joins(self, partner: Partner) -> None:
        sent = invited(partner)
        actions.revoke(invitation=sent.invitation, actor=None)
        with pytest.raises(actions.Overtaken):
            actions.accept(invitation=sent.invitation, actor=make_person(email=GUEST))
        assert not TeamMember.objects.exists()

    def test_the_whole_way_of_somebody_new(self, client: Client, partner: Partner) -> None:
        from partner_directory.portal.people.signup import text_in_force

        sent = invited(partner)
        page = BeautifulSoup(client.get(link(sent)).content, "html.parser")
        signup = next(a["href"] for a in page.select("main a") if "signup" in a["href"])
        form = BeautifulSoup(client.get(signup).content, "html.parser")
        assert form.select_one("#id_email")["value"] == GUEST  # type: ignore[index]
        text = text_in_force()
        given = {"email": GUEST, "password1": "a-long-password-of-ours", "consent": "on", "next": link(sent)}
        client.post(signup, given | {"consent_text": str(text.pk)})  # type: ignore[union-attr]
        code = mail.outbox[-1].subject.rpartition(": ")[2]
        assert client.post("/account/confirm-email/", {"code": code})["Location"] == link(sent)
        client.post(link(sent))
        assert TeamMember.objects.get(partner=partner).user.email == GUEST
        assert client.get("/portal/people/").status_code == 200


class TestAnOwnerRemains:
    """An owner cannot lock the company out."""

    def test_the_last_owner_cannot_leave(self, owner: TeamMember, staff: TeamMember) -> None:
        client = client_of(owner)
        assert "хотя бы один владелец" in words(client.post("/portal/people/leave/", follow=True))
        with pytest.raises(actions.LastOwner):
            actions.leave(member=owner)
        assert TeamMember.objects.filter(pk=owner.pk).exists()

    def test_the_last_owner_cannot_become_staff(self, owner: TeamMember, staff: TeamMember) -> None:
        url = reverse("portal:change_role", args=[owner.pk])
        assert "хотя бы один владелец" in words(client_of(owner).post(url, {"role": "staff"}, follow=True))
        assert TeamMember.objects.get(pk=owner.pk).is_owner

    def test_the_last_owner_cannot_be_removed(self, owner: TeamMember) -> None:
        with pytest.raises(actions.LastOwner):
            actions.remove(member=owner, actor=None)

    def test_an_owner_whose_account_is_closed_does_not_count(self, owner: TeamMember) -> None:
        closed = make_member(owner.partner)
        closed.user.is_active = False
        closed.user.save()
        with pytest.raises(actions.LastOwner):
            actions.leave(member=owner)

    def test_of_two_owners_who_leave_from_the_same_page_one_remains(self, owner: TeamMember) -> None:
        other = make_member(owner.partner)
        seen = [TeamMember.objects.get(pk=seat.pk) for seat in (owner, other)]
        actions.leave(member=seen[0])
        with pytest.raises(actions.LastOwner):
            actions.leave(member=seen[1])
        assert TeamMember.objects.filter(partner=owner.partner, role=Role.OWNER).count() == 1

    def test_is_decided_while_the_company_is_held(self, owner: TeamMember) -> None:
        make_member(owner.partner)
        with CaptureQueriesContext(connection) as captured:
            actions.leave(member=owner)
        held = [place for place, query in enumerate(captured) if _holds_the_company(query["sql"])]
        counted = [
            place
            for place, query in enumerate(captured)
            if "is_active" in query["sql"] and "teammember" in query["sql"]
        ]
        assert held
        assert held[0] < counted[0]

    def test_with_another_owner_everything_is_open(self, owner: TeamMember) -> None:
        other = make_member(owner.partner)
        client_of(other).post(reverse("portal:change_role", args=[owner.pk]), {"role": "staff"})
        assert not TeamMember.objects.get(pk=owner.pk).is_owner
        assert client_of(owner).post("/portal/people/leave/").status_code == 302
        assert not TeamMember.objects.filter(pk=owner.pk).exists()
        actions_logged = set(
            ModelLogEntry.objects.filter(action__startswith="partner_directory.people").values_list("action", flat=True)
        )
        assert {actions.ROLE_CHANGED, actions.LEFT} <= actions_logged


class TestAnOwnerRemainsInTheAdmin:
    """Administrators who delete accounts, or put them out of use, are told which company that would lock out."""

    USERS = "/admin/users/"

    def refused(self, response: Any) -> None:
        assert "Северный пирс останется без владельца" in words(response)

    def bulk(self, client: Client, action: str, *seats: TeamMember, **data: str) -> Any:
        ids = "&".join(f"id={seat.user_id}" for seat in seats)
        return client.post(f"/admin/bulk/accounts/user/{action}/?{ids}&next={self.USERS}", data, follow=True)

    @pytest.fixture
    def admin(self) -> Client:
        return signed_in(make_superuser())

    def test_the_last_owner_is_not_deleted(self, admin: Client, owner: TeamMember) -> None:
        self.refused(admin.post(f"{self.USERS}delete/{owner.user_id}/", follow=True))
        self.refused(self.bulk(admin, "delete", owner))
        assert TeamMember.objects.filter(pk=owner.pk).exists()

    def test_the_last_owner_is_not_put_out_of_use(self, admin: Client, owner: TeamMember) -> None:
        edit = f"{self.USERS}edit/{owner.user_id}/"
        form = opened(admin, edit)
        form.pop("is_active")
        self.refused(admin.post(edit, form, follow=True))
        self.refused(self.bulk(admin, "set_active_state", owner, mark_as_active="False"))
        owner.user.refresh_from_db()
        assert owner.user.is_active

    def test_their_other_facts_may_change(self, admin: Client, owner: TeamMember) -> None:
        edit = f"{self.USERS}edit/{owner.user_id}/"
        admin.post(edit, opened(admin, edit) | {"first_name": "Оксана", "last_name": "Ильина"})
        owner.user.refresh_from_db()
        assert (owner.user.first_name, owner.user.is_active) == ("Оксана", True)

    def test_two_owners_are_not_deleted_at_once_but_one_is(self, admin: Client, owner: TeamMember) -> None:
        other = make_member(owner.partner)
        self.refused(self.bulk(admin, "delete", owner, other))
        self.refused(self.bulk(admin, "set_active_state", owner, other, mark_as_active="False"))
        assert TeamMember.objects.filter(partner=owner.partner, user__is_active=True).count() == 2

        self.bulk(admin, "delete", owner)
        assert list(TeamMember.objects.filter(partner=owner.partner)) == [other]

    def test_whoever_is_no_owner_may_go(self, admin: Client, staff: TeamMember) -> None:
        self.bulk(admin, "set_active_state", staff, mark_as_active="False")
        staff.user.refresh_from_db()
        assert not staff.user.is_active
        self.bulk(admin, "delete", staff)
        assert not TeamMember.objects.filter(pk=staff.pk).exists()

    def test_a_company_of_nobody_else_without_a_level_needs_no_owner(self, admin: Client) -> None:
        alone = make_member(make_partner(level=None))
        self.bulk(admin, "delete", alone)
        assert not TeamMember.objects.filter(pk=alone.pk).exists()

    def test_what_deletes_accounts_elsewhere_is_held_to_it_too(self, owner: TeamMember) -> None:
        with pytest.raises(actions.WouldLoseOwner), transaction.atomic():
            owner.user.delete()
        assert TeamMember.objects.filter(pk=owner.pk).exists()


def _holds_the_company(sql: str) -> bool:
    return sql.startswith("SELECT") and 'FROM "partner_directory_partner"' in sql


class TestRoles:
    def test_an_owner_makes_owners_and_staff(self, owner: TeamMember, staff: TeamMember) -> None:
        client = client_of(owner)
        url = reverse("portal:change_role", args=[staff.pk])
        client.post(url, {"role": "owner"})
        assert TeamMember.objects.get(pk=staff.pk).is_owner
        client.post(url, {"role": "staff"})
        assert not TeamMember.objects.get(pk=staff.pk).is_owner

    @pytest.mark.parametrize("role", ["", "king", "\x00"])
    def test_there_is_no_other_role(self, owner: TeamMember, staff: TeamMember, role: str) -> None:
        answer = client_of(owner).post(reverse("portal:change_role", args=[staff.pk]), {"role": role}, follow=True)
        assert "Такой роли нет" in words(answer)
        assert TeamMember.objects.get(pk=staff.pk).role == Role.STAFF

    def test_a_removed_person_is_out_at_once(self, owner: TeamMember, staff: TeamMember) -> None:
        url = reverse("portal:remove_person", args=[staff.pk])
        client = client_of(owner)
        assert "Убрать" in words(client.get(url))
        assert TeamMember.objects.filter(pk=staff.pk).exists()
        client.post(url)
        assert not TeamMember.objects.filter(pk=staff.pk).exists()
        assert client.post(url).status_code == 404

    def test_removed_twice_is_removed_once(self, owner: TeamMember, staff: TeamMember) -> None:
        actions.remove(member=staff, actor=owner.user)
        with pytest.raises(actions.Overtaken):
            actions.remove(member=staff, actor=owner.user)
        with pytest.raises(actions.Overtaken):
            actions.change_role(member=staff, role=Role.OWNER, actor=owner.user)

    def test_the_audit_log_names_nobody(self, owner: TeamMember, staff: TeamMember) -> None:
        invited(owner.partner)
        actions.change_role(member=staff, role=Role.OWNER, actor=owner.user)
        actions.remove(member=staff, actor=owner.user)
        told = str(list(ModelLogEntry.objects.filter(content_type__model="partner").values_list("label", "data")))
        assert "@" not in told
        assert "Степан" not in told


class TestInTheAdmin:
    def url(self, partner: Partner) -> str:
        return reverse(Partner.snippet_viewset.get_url_name("people"), args=[partner.pk])  # type: ignore[attr-defined]

    def test_a_partner_manager_invites_the_first_owner(
        self, partner: Partner, django_capture_on_commit_callbacks: Any
    ) -> None:
        client = signed_in(member_of(PARTNER_MANAGERS))
        edit = reverse(Partner.snippet_viewset.get_url_name("edit"), args=[partner.pk])  # type: ignore[attr-defined]
        assert self.url(partner) in client.get(edit).content.decode()
        page = words(client.get(self.url(partner)))
        assert "Северный пирс" in page
        assert "ещё нет никого" in page
        with django_capture_on_commit_callbacks(execute=True):
            client.post(self.url(partner), {"email": GUEST})
        assert Invitation.objects.get().role == Role.OWNER
        assert GUEST in words(client.get(self.url(partner)))
        assert mail.outbox[-1].to == [GUEST]

    @pytest.mark.parametrize("email", ["", "x", "\x00"])
    def test_nonsense_is_refused(self, partner: Partner, email: str) -> None:
        assert signed_in(member_of(PARTNER_MANAGERS)).post(self.url(partner), {"email": email}).status_code == 200
        assert not Invitation.objects.exists()

    def test_nobody_else_may(self, partner: Partner, owner: TeamMember) -> None:
        editor = signed_in(member_of(EDITORS))
        assert editor.get(self.url(partner)).status_code in {302, 403}
        assert editor.post(self.url(partner), {"email": GUEST}).status_code in {302, 403}
        assert Client().get(self.url(partner)).status_code == 302
        assert client_of(owner).post(self.url(partner), {"email": GUEST}).status_code == 302
        assert not Invitation.objects.exists()

    def test_the_history_of_a_partner_says_what_was_done(self, partner: Partner) -> None:
        invited(partner)
        client = signed_in(member_of(PARTNER_MANAGERS))
        history = reverse(Partner.snippet_viewset.get_url_name("history"), args=[partner.pk])  # type: ignore[attr-defined]
        assert "Отправлено приглашение" in words(client.get(history))


class TestTheHomePage:
    def test_hints_at_the_second_factor_then_at_colleagues(self, owner: TeamMember) -> None:
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        client = client_of(owner)
        assert "Защитите вход" in words(client.get("/portal/"))
        TOTP.activate(owner.user, generate_totp_secret())
        assert "Пригласите коллег" in words(client.get("/portal/"))
        invited(owner.partner)
        assert "Пригласите коллег" not in words(client.get("/portal/"))


class TestSamplePeople:
    def test_are_made_with_debug_alone_and_can_sign_in(self, settings: Any, client: Client) -> None:
        with pytest.raises(SamplesRefused):
            demo_people.load(lambda line: None)
        demo_partners.load(lambda line: None)
        settings.DEBUG = True
        said: list[str] = []
        demo_people.load(said.append)
        demo_people.load(said.append)
        settings.DEBUG = False
        assert "People of partners: 2 added, 0 kept" in said
        assert "People of partners: 0 added, 2 kept" in said
        given = {"login": "owner@partner.example", "password": SAMPLE_PASSWORD}
        assert client.post("/account/login/", given)["Location"] == "/portal/"
        assert client.get("/portal/people/").status_code == 200
        assert "Не выполнено" not in words(client.get("/portal/standing/"))

    def test_of_the_admin_can_sign_in_at_once(self, client: Client) -> None:
        given = {"login": "admin@asoft.example", "password": SAMPLE_PASSWORD}
        assert client.post("/account/login/", given)["Location"] == "/admin/"
