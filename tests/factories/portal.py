"""People of companies, signed in."""

from __future__ import annotations

from typing import Any

from django.test import Client

from partner_directory.models import Partner, TeamMember
from partner_directory.models.people import Role

from .users import make_user


def make_member(partner: Partner, *, role: Role = Role.OWNER, **fields: Any) -> TeamMember:
    """A person who acts for a company."""
    return TeamMember.objects.create(partner=partner, user=make_user(**fields), role=role)


def client_of(seat: TeamMember) -> Client:
    """A client signed in as that person."""
    client = Client()
    client.force_login(seat.user)
    return client
