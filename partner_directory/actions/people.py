"""People join a company, change what they may do in it, and leave; they consent, withdraw, and are forgotten.

Each action is one transaction with its audit row, which holds no address. That a company keeps an owner is decided
under a lock on the company: two owners who leave at once are one after the other. May not import views.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.second_factor import ENTER_ADMIN
from partner_directory.addresses import address
from partner_directory.messages import tell_partner, write_to
from partner_directory.models.enquiry import ConsentText
from partner_directory.models.membership import Membership
from partner_directory.models.message import Message
from partner_directory.models.partner import Partner
from partner_directory.models.people import AccountConsent, Invitation, Role, TeamMember
from partner_directory.sealed_links import hashed, invitation_secret
from partner_directory.trail_guards import NOBODY
from program_pages.models.edition import programme_day

INVITED = "partner_directory.people.invited"
JOINED = "partner_directory.people.joined"
REVOKED = "partner_directory.people.revoked"
ROLE_CHANGED = "partner_directory.people.role_changed"
REMOVED = "partner_directory.people.removed"
LEFT = "partner_directory.people.left"
CONSENTED = "partner_directory.people.consented"
WITHDREW = "partner_directory.people.withdrew"
ERASED = "partner_directory.people.erased"

INVITED_FOR = timedelta(days=14)
NONCE_BYTES = 32


class Overtaken(ValidationError):
    """Somebody has decided otherwise in the meantime: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Пока вы решали, это изменил кто-то другой. Откройте страницу заново."))


class LastOwner(ValidationError):
    """The company would be left without an owner: nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _("У компании должен остаться хотя бы один владелец. Сначала сделайте владельцем другого сотрудника.")
        )


class WouldLoseOwner(ValidationError):
    """Without these accounts a company would be left without an owner: nothing was written."""

    def __init__(self, company: Partner) -> None:
        super().__init__(
            _("%(company)s останется без владельца. Сначала владельцем должен стать другой человек.")
            % {"company": company}
        )


class NotInvited(ValidationError):
    """The invitation is for another address than those the person has confirmed: nothing was written."""

    def __init__(self) -> None:
        super().__init__(_("Приглашение отправлено на другую почту."))


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation, and the secret of its link, which only its letter holds."""

    invitation: Invitation
    secret: str


def addresses_of(user: User) -> set[str]:
    """The addresses that a person has confirmed, in small letters."""
    confirmed = EmailAddress.objects.filter(user=user, verified=True)
    return {email.lower() for email in confirmed.values_list("email", flat=True)}


# --- Into a company, and out of it ---


@transaction.atomic
def invite(*, partner: Partner, email: str, role: str, actor: User | None, language: str) -> Sent:
    """Invites the holder of an address for two weeks by a letter: a message of the same transaction.

    An earlier invitation of that address is replaced. Raises ValidationError for somebody who is there already.
    """
    _lock(partner)
    if TeamMember.objects.filter(_with_address("user", email), partner=partner).exists():
        raise ValidationError({"email": _("Этот человек уже работает в кабинете компании.")})
    now = timezone.now()
    _open_invitations(partner).filter(email__iexact=email).update(revoked_at=now)
    email, nonce = email.lower(), secrets.token_hex(NONCE_BYTES)
    secret = invitation_secret(nonce, email)
    invitation = Invitation.objects.create(
        partner=partner,
        email=email,
        role=role,
        secret_hash=hashed(secret),
        invited_by=actor,
        created_at=now,
        expires_at=now + INVITED_FOR,
    )
    log(instance=partner, action=INVITED, user=actor, data={"role": role})
    write_to(
        email=email,
        language=language,
        partner=partner,
        kind="people_invited",
        key=f"invitation:{invitation.pk}",
        about=nonce,
        facts={"role": Role(role).label, "until": invitation.expires_at},
    )
    return Sent(invitation, secret)


@transaction.atomic
def accept(*, invitation: Invitation, actor: User) -> TeamMember:
    """The invited person joins. Raises NotInvited for another person, Overtaken where it is no longer open."""
    if invitation.email.lower() not in addresses_of(actor):
        raise NotInvited
    partner = _lock(invitation.partner)
    now = timezone.now()
    if not Invitation.objects.open().filter(pk=invitation.pk).update(accepted_at=now, accepted_by=actor):
        raise Overtaken
    member, is_new = TeamMember.objects.get_or_create(partner=partner, user=actor, defaults={"role": invitation.role})
    if is_new:
        log(instance=partner, action=JOINED, user=actor, data={"role": member.role})
        key, url = f"invitation:{invitation.pk}:accepted", address("portal:people")
        tell_partner(partner=partner, kind="people_joined", key=key, facts={"person": str(actor)}, url=url)
    return member


@transaction.atomic
def revoke(*, invitation: Invitation, actor: User | None) -> None:
    """The link leads nowhere from now on. Raises Overtaken where it was taken up or revoked already."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, revoked_at=None)
    if not waiting.update(revoked_at=timezone.now()):
        raise Overtaken
    log(instance=invitation.partner, action=REVOKED, user=actor, data={"role": invitation.role})


@transaction.atomic
def change_role(*, member: TeamMember, role: str, actor: User | None) -> TeamMember:
    """Another role. Raises LastOwner for the only owner, Overtaken for somebody who has left."""
    current = _held(member)
    if current.role == role:
        return current
    if current.is_owner:
        _refuse_last_owner(current)
    current.role = role
    current.save(update_fields=["role"])
    data = {"person": current.user_id, "role": role}
    log(instance=current.partner, action=ROLE_CHANGED, user=actor, data=data)
    return current


@transaction.atomic
def remove(*, member: TeamMember, actor: User | None) -> None:
    """Takes somebody out of a company. Raises LastOwner for the only owner, Overtaken for somebody who has left."""
    _take_out(member, actor, LEFT if actor and actor.pk == member.user_id else REMOVED)


def leave(*, member: TeamMember) -> None:
    """Somebody leaves by themselves; raises as ``remove`` does."""
    remove(member=member, actor=member.user)


def _take_out(member: TeamMember, actor: User | None, action: str) -> None:
    current = _held(member)
    if current.is_owner:
        _refuse_last_owner(current)
    _drop(current, actor, action)


def _drop(member: TeamMember, actor: User | None, action: str) -> None:
    data = {"person": member.user_id, "role": member.role}
    member.delete()
    log(instance=member.partner, action=action, user=actor, data=data)


def _lock(partner: Partner) -> Partner:
    """The company, held until the transaction is over: whoever decides on its people waits for their turn."""
    locked: Partner = Partner.objects.select_for_update().get(pk=partner.pk)
    return locked


def _held(member: TeamMember) -> TeamMember:
    """The seat as it is now, its company held. Raises Overtaken where it is gone."""
    _lock(member.partner)
    current = TeamMember.objects.select_related("partner", "user").filter(pk=member.pk).first()
    if current is None:
        raise Overtaken
    return current


def _others(member: TeamMember) -> Any:
    """The company's other people who can still sign in."""
    return TeamMember.objects.filter(partner=member.partner_id, user__is_active=True).exclude(pk=member.pk)


def _refuse_last_owner(member: TeamMember) -> None:
    if not _others(member).filter(role=Role.OWNER).exists():
        raise LastOwner


def _open_invitations(partner: Partner) -> Any:
    return Invitation.objects.filter(partner=partner, accepted_at=None, revoked_at=None)


def _with_address(prefix: str, email: str) -> Q:
    return Q(**{f"{prefix}__email__iexact": email}) | Q(**{f"{prefix}__emailaddress__email__iexact": email})


@transaction.atomic
def refuse_to_lose_owners(users: Collection[int]) -> None:
    """Before accounts, by their keys, are deleted or put out of use by administrators, all at once.

    Raises WouldLoseOwner for the first company that has other people or a running membership, and no other owner.
    """
    seats = TeamMember.objects.filter(user__in=users, user__is_active=True, role=Role.OWNER).select_related("partner")
    for seat in seats.order_by("partner_id"):
        _lock(seat.partner)
        if _needs_an_owner(seat, without=users):
            raise WouldLoseOwner(seat.partner)


# --- Consent ---


def consent_of(user: Any) -> AccountConsent | None:
    """The consent in force; None where none was given, or it was withdrawn."""
    return AccountConsent.objects.filter(user=user.pk, withdrawn_at=None).select_related("text").first()


@transaction.atomic
def give_consent(*, user: User, text: ConsentText) -> AccountConsent:
    """Stores that a person agreed to a text; a consent to an earlier text ends. Giving it twice is giving it once."""
    User.objects.select_for_update().get(pk=user.pk)
    present = consent_of(user)
    if present and present.text_id == text.pk:
        return present
    now = timezone.now()
    AccountConsent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=now)
    given = AccountConsent.objects.create(user=user, text=text, given_at=now)
    log(instance=user, action=CONSENTED, user=user, data={"text": text.pk})
    return given


@transaction.atomic
def withdraw_consent(*, user: User) -> None:
    """Ends the consent: the section is closed to the person until they consent again. Raises Overtaken without one."""
    if not AccountConsent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        raise Overtaken
    log(instance=user, action=WITHDREW, user=user)


# --- Erasure ---


@transaction.atomic
def erase(*, user: User, actor: User | None) -> None:
    """Forgets who a person is; what a contract or the law keeps stays in the name of nobody.

    The row stays, so that decisions keep an author, without address, name or password: every session ends with that.
    Raises ValidationError for people of the vendor, and LastOwner where a company would be locked out.
    """
    if user.has_perm(ENTER_ADMIN):
        raise ValidationError(_("Вы работаете в администрировании: такую учётную запись закрывает администратор."))
    seats = list(TeamMember.objects.filter(user=user).select_related("partner", "user").order_by("partner_id"))
    for seat in seats:
        _lock(seat.partner)
        if seat.is_owner and _needs_an_owner(seat):
            raise LastOwner
    for seat in seats:
        _drop(seat, actor, LEFT)
    _forget(user)
    told = ModelLogEntry.objects.for_instance(user)
    told.update(label=str(user))
    log(instance=user, action=ERASED, user=actor)


def _needs_an_owner(seat: TeamMember, *, without: Collection[int] = ()) -> bool:
    others = _others(seat).exclude(user__in=without)
    if others.filter(role=Role.OWNER).exists():
        return False
    holds = Membership.objects.running(programme_day()).filter(partner=seat.partner_id)
    return bool(others.exists() or holds.exists())


def _forget(user: User) -> None:
    emails = addresses_of(user) | {user.email.lower()}
    for email in emails:
        Invitation.objects.filter(email__iexact=email).delete()
        Message.objects.filter(user=None, email__iexact=email).delete()
    Message.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()
    UserSession.objects.filter(user=user).delete()
    UserProfile.objects.filter(user=user).delete()
    AccountConsent.objects.filter(user=user, withdrawn_at=None).update(withdrawn_at=timezone.now())
    user.email = f"erased-{user.pk}@{NOBODY}"
    user.first_name = user.last_name = ""
    user.is_active = user.is_staff = False
    user.set_unusable_password()
    user.save()
    user.groups.clear()
