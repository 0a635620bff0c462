"""People of companies, signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.test import Client

from partner_directory.actions import people as actions
from partner_directory.models import Partner, TeamMember
from partner_directory.models.people import Role
from partner_directory.portal.people.signup import text_in_force

from .users import make_user


def make_person(*, consents: bool = True, **fields: Any) -> Any:
    """A person with a confirmed address, who has agreed to the processing of their data."""
    user = make_user(**fields)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    text = text_in_force()
    if consents and text is not None:
        actions.give_consent(user=user, text=text)
    return user


def make_member(partner: Partner, *, role: Role = Role.OWNER, **fields: Any) -> TeamMember:
    """A person who acts for a company."""
    return TeamMember.objects.create(partner=partner, user=make_person(**fields), role=role)


def client_of(seat: TeamMember) -> Client:
    """A client signed in as that person."""
    return client_as(seat.user)


def client_as(user: Any) -> Client:
    """A client signed in as somebody."""
    client = Client()
    client.force_login(user)
    return client
