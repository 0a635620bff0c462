"""Loads what the site ships with: groups, people, the programme, and its pages in both languages.

Safe to run again at any time: it adds what is missing and leaves alone what exists.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from wagtail.models import Site

from accounts.models import User
from program_pages import groups
from program_pages.demo import pages, people, programme, readings
from program_pages.models.settings import VendorSettings

VENDOR = {"organisation_en": "ASoft", "email": "partners@asoft.example"}  # the address is a sample


class Command(BaseCommand):
    """See the module's docstring."""

    help = (
        "Loads the groups, the programme and its pages in both languages; adds what is missing, changes nothing "
        "that exists. With DEBUG on it also makes sample users. On production: --groups-only, or --actor EMAIL."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--actor", metavar="EMAIL", help="load in the name of this user; no sample users are made")
        parser.add_argument("--groups-only", action="store_true", help="only the groups and the approval of editions")

    def handle(self, *args: Any, actor: str | None, groups_only: bool, **options: Any) -> None:
        """Everything in the order in which one thing needs another."""
        user = None if groups_only else self.check_actor(actor)
        groups.load(self.report)
        if groups_only:
            return
        user = user or people.load(self.report)
        try:
            programme.load(self.report, user)
            readings.load(self.report, user)
            made = pages.load(self.report, user)
        except (ValidationError, pages.MissingEnglish) as error:
            raise CommandError(str(error)) from error
        self.load_vendor()
        if made:
            self.index()
        if actor is None:
            self.say_logins()

    def check_actor(self, email: str | None) -> User | None:
        """The user named, or None where sample users are to be made; raises CommandError."""
        if email is None and not settings.DEBUG:
            raise CommandError(
                "DEBUG is off: sample users, whose password is public, are refused. "
                "Name an existing user with --actor EMAIL, or load only the groups with --groups-only."
            )
        if email is None:
            return None
        try:
            return User.objects.get_by_natural_key(email)
        except User.DoesNotExist as error:
            raise CommandError(f"There is no user {email}. Make one first with: manage.py createsuperuser") from error

    def load_vendor(self) -> None:
        """The vendor's contacts of the default site, unless it has any (R11)."""
        site = Site.objects.get(is_default_site=True)
        made = VendorSettings.objects.get_or_create(site=site, defaults=VENDOR)[1]
        self.report(f"Vendor settings: {'added' if made else 'kept'}")

    def index(self) -> None:
        """The search index as a whole, for rows that were stored without their signals."""
        call_command("update_index", verbosity=0)
        self.report("Search index: updated")

    def say_logins(self) -> None:
        """Where to sign in and as whom."""
        self.report("")
        self.report(f"Admin: {settings.WAGTAILADMIN_BASE_URL}{reverse('wagtailadmin_home')}")
        for sample in people.SAMPLES:
            self.report(f"  {sample.email}  {sample.group or 'superuser'}")
        self.report(f"Password of the sample users, unless you changed it: {people.SAMPLE_PASSWORD}")

    def report(self, line: str) -> None:
        """A line of progress, shown at once."""
        self.stdout.write(line)
        self.stdout.flush()
