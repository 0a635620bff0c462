"""Sample people for work on one's own machine: one for each kind of work in the admin.

Their password is public, so they are refused wherever DEBUG is off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from accounts.models import User
from program_pages.groups import EDITORS, PARTNER_MANAGERS, PROGRAMME_MANAGERS

SAMPLE_PASSWORD = "asoft-sample"  # noqa: S105 - public on purpose
ADMIN_LANGUAGE = "ru"

Report = Callable[[str], None]


class SamplesRefused(Exception):
    """Sample people were asked for where DEBUG is off."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A person to be made, with the group that gives the rights; without a group, a superuser."""

    email: str
    first_name: str
    last_name: str
    group: str | None = None


SAMPLES = (
    Sample("admin@asoft.example", "Анна", "Администратор"),
    Sample("editor@asoft.example", "Елена", "Редактор", EDITORS),
    Sample("manager@asoft.example", "Максим", "Менеджер", PROGRAMME_MANAGERS),
    Sample("partners@asoft.example", "Полина", "Менеджер партнёров", PARTNER_MANAGERS),
)


def load(report: Report) -> User:
    """Make the sample people that are missing, and return the administrator.

    The groups must exist. Raises SamplesRefused where DEBUG is off.
    """
    if not settings.DEBUG:
        raise SamplesRefused("Sample users have a public password and are made only where DEBUG is on.")
    missing = [sample for sample in SAMPLES if not User.objects.filter(email__iexact=sample.email).exists()]
    for sample in missing:
        _make(sample)
    confirm_addresses(sample.email for sample in SAMPLES)
    report(f"Sample users: {len(missing)} added, {len(SAMPLES) - len(missing)} kept")
    return User.objects.get_by_natural_key(SAMPLES[0].email)


def confirm_addresses(emails: Iterable[str]) -> None:
    """Notes that these people have confirmed their addresses, so that no code is asked when they sign in."""
    for user in User.objects.filter(email__in=list(emails)):
        confirmed = {"verified": True, "primary": True}
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults=confirmed)


def _make(sample: Sample) -> None:
    make = User.objects.create_user if sample.group else User.objects.create_superuser
    user = make(sample.email, SAMPLE_PASSWORD, first_name=sample.first_name, last_name=sample.last_name)
    if sample.group:
        user.groups.add(Group.objects.get(name=sample.group))
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": ADMIN_LANGUAGE})
