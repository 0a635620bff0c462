"""Sample people of a sample partner, for work on one's own machine: the partners' section at once, in both roles,
of a company that meets its level's requirements.

Their password is public, so they are refused wherever DEBUG is off. Idempotent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from partner_directory.actions import announcements, facts
from partner_directory.actions import people as actions
from partner_directory.models.enquiry import ConsentText
from partner_directory.models.facts import Announcement, MarketingActivity
from partner_directory.models.partner import Partner
from partner_directory.models.people import Role, TeamMember
from program_pages.demo.people import SAMPLE_PASSWORD, SamplesRefused, confirm_addresses
from program_pages.models.edition import programme_day

COMPANY = "northern-pier"  # a sample partner with a level of its own
MANAGER = "partners@asoft.example"  # who has looked at what it records


@dataclass(frozen=True, slots=True)
class Sample:
    """A person to be made."""

    email: str
    first_name: str
    last_name: str
    role: Role


SAMPLES = (
    Sample("owner@partner.example", "Ольга", "Владелец", Role.OWNER),
    Sample("staff@partner.example", "Степан", "Сотрудник", Role.STAFF),
)


@transaction.atomic
def load(report: Callable[[str], None]) -> None:
    """Makes the people that are missing, and says how to sign in as them. Raises SamplesRefused where DEBUG is off."""
    if not settings.DEBUG:
        raise SamplesRefused("Sample people have a public password and are made only where DEBUG is on.")
    partner = Partner.objects.filter(slug=COMPANY, is_sample=True).first()
    text = ConsentText.objects.in_force(programme_day(), ConsentText.Purpose.ACCOUNT)
    if partner is None or text is None:
        report("People of partners: the sample partner or the text of consent is not there.")
        return
    missing = [sample for sample in SAMPLES if not User.objects.filter(email__iexact=sample.email).exists()]
    for sample in missing:
        names = {"first_name": sample.first_name, "last_name": sample.last_name}
        user = User.objects.create_user(sample.email, SAMPLE_PASSWORD, **names)
        TeamMember.objects.create(partner=partner, user=user, role=sample.role)
        actions.give_consent(user=user, text=text)
    confirm_addresses(sample.email for sample in SAMPLES)
    _meet_requirements(partner)
    report(f"People of partners: {len(missing)} added, {len(SAMPLES) - len(missing)} kept")
    report("")
    report(f"Partners' section: {settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('portal:home')}")
    for sample in SAMPLES:
        report(f"  {sample.email}  {sample.role.value} of {partner.name.en}")
    report(f"Password of the sample users, unless you changed it: {SAMPLE_PASSWORD}")


def _meet_requirements(partner: Partner) -> None:
    """What the level still asks of the company (R30, R34), so that its logos can be taken; not where it has said so."""
    manager = User.objects.filter(email__iexact=MANAGER).first()
    if manager is None or Announcement.objects.filter(partner=partner).exists():
        return
    activity = MarketingActivity(partner=partner, title="Семинар о CRM для производителей", done_on=programme_day())
    facts.record(fact=activity, actor=manager)
    announcement = announcements.set_page(partner=partner, url=partner.site_url, actor=manager)
    reason = "Образец: такого сайта нет, и проверять нечего."
    announcements.overrule(announcement=announcement, found=True, actor=manager, reason=reason)
